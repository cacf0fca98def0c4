//! The TPC form: a length of 16 bits, lowest byte first, before each record, whose characters are padded to an even
//! number. Length 0 is a file mark, 0xffff the end of the medium. It has no way back: reading backward counts from the
//! load point.

use super::simh::seven_bits;
use super::store::Window;
use super::{Item, Record, Store, TapeError};

pub(super) fn forward<S: Store>(store: &mut Window<S>, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
    let truncated = |expected: String, found: String| TapeError::Truncated { offset: at, expected, found };
    let n = match store.array::<2>(at)? {
        Ok(bytes) => u16::from_le_bytes(bytes),
        Err(0) => return Ok(None),
        Err(n) => return Err(truncated(String::from("a length of 2 bytes"), format!("{n} byte"))),
    };
    if n == 0xffff {
        return Ok(None);
    }
    if n == 0 {
        return Ok(Some((Item::Mark, at + 2)));
    }
    let padded = u64::from(n) + u64::from(n % 2);
    let there = store.len()?.saturating_sub(at + 2);
    if there < padded {
        let found = format!("{there} bytes to the end of the image");
        return Err(truncated(format!("{padded} bytes of a record"), found));
    }
    let frames = store.read_up_to(at + 2, usize::from(n))?;
    seven_bits(&frames, at + 2)?;
    Ok(Some((Item::Record(Record::new(frames)), at + 2 + padded)))
}

pub(super) fn write<S: Store>(store: &mut Window<S>, at: u64, item: &Item) -> Result<u64, TapeError> {
    let mut bytes = Vec::new();
    match item {
        Item::Gap(_) => {}
        Item::Mark => bytes.extend_from_slice(&[0, 0]),
        Item::Record(record) => {
            bytes.extend_from_slice(&(record.frames.len() as u16).to_le_bytes());
            bytes.extend_from_slice(&record.frames);
            if record.frames.len() % 2 == 1 {
                bytes.push(0);
            }
        }
    }
    store.write(at, &bytes)?;
    Ok(at + bytes.len() as u64)
}
