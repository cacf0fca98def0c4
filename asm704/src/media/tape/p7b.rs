//! The P7B format: one byte per character, bit 7 set on the first of each record, no lengths.
//!
//! Writing puts the first character of a record last, so an unfinished record begins with a zero byte. A zero byte is a
//! character if any later byte has bit 7, and ends the medium if none has; a last byte 0200 is the end mark. So a
//! record with zeros in it is followed by that mark while it is the last.

use super::end::{End, EndMark};
use super::frames::{MARK_FRAME, mark_or};
use super::store::View;
use super::{Item, Record, TapeError};

/// Set on the first character of a record.
const FIRST: u8 = 0x80;
/// The byte that ends the medium if no record begins after it.
pub(super) const END: [u8; 1] = [0];

/// The item at `at`, in a reel that ends at `end`. Every zero before `end` is a character, or blank tape at the load point.
pub(super) fn forward(store: &mut View<'_>, at: u64, end: u64) -> Result<Option<(Item, u64)>, TapeError> {
    let first = match store.piece(at)?.first() {
        None => return Ok(None),
        Some(0) => {
            let next = run(store, at, end, |byte| byte == 0, |_| {})?;
            return Ok(Some((Item::Gap(u32::try_from(next - at).unwrap_or(u32::MAX)), next)));
        }
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
    let next =
        run(store, at + 1, end, |byte| byte & FIRST == 0, |more: &[u8]| frames.extend_from_slice(more))?;
    Ok(Some((Item::Record(Record::new(frames)), next)))
}

/// Takes bytes while a condition holds, up to `end`; returns the offset after them.
fn run(
    store: &mut View<'_>,
    mut at: u64,
    end: u64,
    wanted: impl Fn(u8) -> bool,
    mut take: impl FnMut(&[u8]),
) -> Result<u64, TapeError> {
    while at < end {
        let piece = store.piece(at)?;
        let piece = &piece[..piece.len().min(usize::try_from(end - at).unwrap_or(usize::MAX))];
        let n = piece.iter().position(|&byte| !wanted(byte));
        let more = &piece[..n.unwrap_or(piece.len())];
        take(more);
        at += more.len() as u64;
        if n.is_some() || piece.is_empty() {
            break;
        }
    }
    Ok(at)
}

pub(super) fn backward(store: &mut View<'_>, at: u64) -> Result<(Item, u64), TapeError> {
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
            // blank tape at the load point
            if run(store, 0, at, |byte| byte == 0, |_| {})? == at {
                return Ok((Item::Gap(u32::try_from(at).unwrap_or(u32::MAX)), 0));
            }
            return Err(TapeError::Damaged {
                offset: 0,
                expected: String::from("the first character of a record, with bit 7"),
                found: format!("none in {at} bytes"),
            });
        }
        end = start;
    }
}

/// Where the reel ends, if it ends before the bytes do.
pub(super) fn find_end(store: &mut View<'_>) -> Result<Option<End>, TapeError> {
    let len = store.len()?;
    let mut before = len;
    // the last byte that begins a record
    let last = loop {
        let (start, piece) = store.piece_before(before)?;
        if let Some(place) = piece.iter().rposition(|&byte| byte & FIRST != 0) {
            break Some((start + place as u64, piece[place]));
        }
        if piece.is_empty() || start == 0 {
            break None;
        }
        before = start;
    };
    let Some((last, byte)) = last else {
        if store.piece(0)?.first() != Some(&0) {
            return Ok(None);
        }
        let zeros = run(store, 0, len, |byte| byte == 0, |_| {})? == len;
        return Ok(Some(End { at: 0, why: if zeros { EndMark::Zeros } else { EndMark::Unfinished } }));
    };
    if byte == FIRST {
        let zeros = run(store, last + 1, len, |byte| byte == 0, |_| {})?;
        if zeros == len {
            let why = if last + 1 == len { EndMark::Mark } else { EndMark::Zeros };
            return Ok(Some(End { at: last, why }));
        }
    }
    let zero = run(store, last + 1, len, |byte| byte != 0, |_| {})?;
    if zero < len {
        let zeros = run(store, zero, len, |byte| byte == 0, |_| {})? == len;
        return Ok(Some(End { at: zero, why: if zeros { EndMark::Zeros } else { EndMark::Unfinished } }));
    }
    if last + 1 == len && is_stray(store, len, byte)? {
        return Ok(Some(End { at: last, why: EndMark::Stray }));
    }
    Ok(None)
}

/// True if the last byte repeats the first character of the record before it. A second file mark does not count:
/// two marks at the end of a reel are common and look the same.
fn is_stray(store: &mut View<'_>, len: u64, last: u8) -> Result<bool, TapeError> {
    if len < 3 || last & 0o77 == MARK_FRAME {
        return Ok(false);
    }
    match backward(store, len - 1).map(|(item, _)| mark_or(item)) {
        Ok(Item::Record(record)) => Ok(record.frames.len() > 1 && record.frames[0] | FIRST == last),
        Err(error @ TapeError::Io { .. }) => Err(error),
        _ => Ok(false),
    }
}

pub(super) fn write(store: &mut View<'_>, at: u64, item: &Item) -> Result<u64, TapeError> {
    match item {
        Item::Gap(_) | Item::Note(_) => Ok(at),
        Item::Mark => {
            store.write(at, &[FIRST | MARK_FRAME])?;
            Ok(at + 1)
        }
        Item::Record(record) => {
            let Some((&first, rest)) = record.frames.split_first() else { return Ok(at) };
            let next = at + record.frames.len() as u64;
            if rest.contains(&0) || (first, rest.len()) == (0, 0) {
                // only the end mark turns the zeros into characters; written in one step, so the zeros are never there without it
                store.write(at, &[&[FIRST | first], rest, &[FIRST]].concat())?;
                return Ok(next);
            }
            if !rest.is_empty() {
                store.write(at + 1, rest)?;
            }
            store.write(at, &[FIRST | first])?;
            // it would be taken for the byte that one peer leaves at the end
            if rest.is_empty() && is_stray(store, next, FIRST | first)? {
                store.write(next, &[FIRST])?;
            }
            Ok(next)
        }
    }
}

/// The next byte from `at` on with bit 7.
pub(super) fn next_plausible(store: &mut View<'_>, at: u64) -> Result<Option<u64>, TapeError> {
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
