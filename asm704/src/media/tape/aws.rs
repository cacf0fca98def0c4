//! The AWS form: before each block a header of three 16-bit words, lowest byte first: the length of this block, that of
//! the block before, and the type, bytes a0 00 for data and 40 00 for a file mark. Reading backward counts from the load
//! point, because the last block has no header behind it.

use super::simh::seven_bits;
use super::store::Window;
use super::{Item, Record, Store, TapeError};

const DATA: u16 = 0x00a0;
const MARK: u16 = 0x0040;
const HEADER: u64 = 6;

pub(super) fn forward<S: Store>(store: &mut Window<S>, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
    let truncated = |expected: String, found: String| TapeError::Truncated { offset: at, expected, found };
    let damaged = |offset: u64, expected: &str, found: String| TapeError::Damaged {
        offset,
        expected: String::from(expected),
        found,
    };
    let header = match store.array::<6>(at)? {
        Ok(bytes) => bytes,
        Err(0) => return Ok(None),
        Err(n) => return Err(truncated(String::from("a header of 6 bytes"), format!("{n} bytes"))),
    };
    let n = u16::from_le_bytes([header[0], header[1]]);
    match (u16::from_le_bytes([header[4], header[5]]), n) {
        (MARK, 0) => Ok(Some((Item::Mark, at + HEADER))),
        (MARK, _) => Err(damaged(at, "length 0 of a file mark", format!("{n}"))),
        (DATA, 0) => Err(damaged(at, "the length of a record", String::from("0"))),
        (DATA, _) => {
            let there = store.len()?.saturating_sub(at + HEADER);
            if there < u64::from(n) {
                let found = format!("{there} bytes to the end of the image");
                return Err(truncated(format!("{n} bytes of a record"), found));
            }
            let frames = store.read_up_to(at + HEADER, usize::from(n))?;
            seven_bits(&frames, at + HEADER)?;
            Ok(Some((Item::Record(Record::new(frames)), at + HEADER + u64::from(n))))
        }
        (kind, _) => {
            let expected = "the type of a whole block, bytes a0 00, or of a file mark, 40 00";
            let [low, high] = kind.to_le_bytes();
            Err(damaged(at + 4, expected, format!("{low:02x} {high:02x}")))
        }
    }
}

/// `previous` is the offset of the block before.
pub(super) fn write<S: Store>(
    store: &mut Window<S>,
    at: u64,
    item: &Item,
    previous: u64,
) -> Result<u64, TapeError> {
    let before = if at == 0 { [0; 2] } else { store.array::<2>(previous)?.unwrap_or_default() };
    let (kind, frames) = match item {
        Item::Gap(_) => return Ok(at),
        Item::Mark => (MARK, &[][..]),
        Item::Record(record) => (DATA, &record.frames[..]),
    };
    let mut bytes = Vec::with_capacity(frames.len() + 6);
    bytes.extend_from_slice(&(frames.len() as u16).to_le_bytes());
    bytes.extend_from_slice(&before);
    bytes.extend_from_slice(&kind.to_le_bytes());
    bytes.extend_from_slice(frames);
    store.write(at, &bytes)?;
    Ok(at + bytes.len() as u64)
}
