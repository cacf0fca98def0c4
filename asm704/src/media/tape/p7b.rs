//! The P7B form: a byte a character, bit 7 set on the first of each record, no lengths.
//!
//! Writing puts the first character of a record last, so an unfinished record begins with a zero byte. Such a byte is
//! blank tape, which no record contains behind its first character: reading takes it as the end of the medium.

use super::frames::{MARK_FRAME, mark_or};
use super::store::Window;
use super::{Item, Record, Store, TapeError};

/// Set on the first character of a record.
const FIRST: u8 = 0x80;
/// The byte that ends the medium.
pub(super) const END: [u8; 1] = [0];

pub(super) fn forward<S: Store>(
    store: &mut Window<S>,
    at: u64,
    end: u64,
) -> Result<Option<(Item, u64)>, TapeError> {
    let first = match store.piece(at)?.first() {
        None | Some(0) => return Ok(None),
        Some(&first) => first,
    };
    if first & FIRST == 0 {
        return Err(TapeError::Damaged {
            offset: at,
            expected: String::from("the first character of a record, with bit 7"),
            found: format!("0x{first:02x}"),
        });
    }
    let mut frames = vec![first & !FIRST];
    let mut next = at + 1;
    while next < end {
        let piece = store.piece(next)?;
        let piece = &piece[..piece.len().min(usize::try_from(end - next).unwrap_or(usize::MAX))];
        let n = piece.iter().position(|&byte| byte == 0 || byte & FIRST != 0);
        let more = &piece[..n.unwrap_or(piece.len())];
        frames.extend_from_slice(more);
        next += more.len() as u64;
        if n.is_some() || piece.is_empty() {
            break;
        }
    }
    Ok(Some((Item::Record(Record::new(frames)), next)))
}

pub(super) fn backward<S: Store>(store: &mut Window<S>, at: u64) -> Result<(Item, u64), TapeError> {
    let mut end = at;
    loop {
        let (start, piece) = store.piece_before(end)?;
        if let Some(place) = piece.iter().rposition(|&byte| byte & FIRST != 0) {
            let start = start + place as u64;
            return match forward(store, start, at)? {
                Some((item, next)) if next == at => Ok((item, start)),
                _ => Err(TapeError::NotAnItem { at }),
            };
        }
        if piece.is_empty() || start == 0 {
            return Err(TapeError::Damaged {
                offset: 0,
                expected: String::from("the first character of a record, with bit 7"),
                found: format!("none in {at} bytes"),
            });
        }
        end = start;
    }
}

/// The last byte, when it repeats the first character of the record before it. A second file mark is not taken for one:
/// two marks at the end of a reel are common and cannot be told from it.
pub(super) fn stray_byte<S: Store>(store: &mut Window<S>) -> Result<Option<u64>, TapeError> {
    let len = store.len()?;
    if len < 3 {
        return Ok(None);
    }
    let last = match store.piece(len - 1)?.first() {
        Some(&last) if last & FIRST != 0 && last & 0o77 != MARK_FRAME => last,
        _ => return Ok(None),
    };
    match backward(store, len - 1).map(|(item, start)| (mark_or(item), start)) {
        Ok((Item::Record(record), _)) if record.frames.len() > 1 && record.frames[0] | FIRST == last => {
            Ok(Some(len - 1))
        }
        Err(TapeError::Io { offset, source }) => Err(TapeError::Io { offset, source }),
        _ => Ok(None),
    }
}

pub(super) fn write<S: Store>(store: &mut Window<S>, at: u64, item: &Item) -> Result<u64, TapeError> {
    match item {
        Item::Gap(_) => Ok(at),
        Item::Mark => {
            store.write(at, &[FIRST | MARK_FRAME])?;
            Ok(at + 1)
        }
        Item::Record(record) => {
            let Some((&first, rest)) = record.frames.split_first() else { return Ok(at) };
            if !rest.is_empty() {
                store.write(at + 1, rest)?;
            }
            store.write(at, &[FIRST | first])?;
            Ok(at + record.frames.len() as u64)
        }
    }
}

/// The next byte from `at` on with bit 7.
pub(super) fn next_plausible<S: Store>(store: &mut Window<S>, at: u64) -> Result<Option<u64>, TapeError> {
    let mut at = at;
    loop {
        let piece = store.piece(at)?;
        if piece.is_empty() {
            return Ok(None);
        }
        match piece.iter().position(|&byte| byte & FIRST != 0) {
            Some(place) => return Ok(Some(at + place as u64)),
            None => at += piece.len() as u64,
        }
    }
}
