//! The AWS format: before each block a header of three 16-bit words, lowest byte first: the length of this block, that of
//! the block before, and the type, bytes a0 00 for data and 40 00 for a file mark; a block in segments has 80 00 on the first, 20 00
//! on the last and 00 00 between. Reading backward counts from the load
//! point, because the last block has no header after it.

use super::simh::seven_bits;
use super::store::View;
use super::{Item, Record, TapeError};

const DATA: u16 = 0x00a0;
/// The segments of a block that is divided.
const BEGINS: u16 = 0x0080;
const GOES_ON: u16 = 0x0000;
const ENDS: u16 = 0x0020;
const MARK: u16 = 0x0040;
/// The largest number of characters of a block in segments.
const LONGEST: usize = 0x00ff_ffff;
const HEADER: u64 = 6;

/// The header at an offset.
struct Header {
    length: u64,
    previous: u64,
    kind: u16,
}

impl Header {
    fn at(store: &mut View<'_>, at: u64) -> Result<Result<Header, usize>, TapeError> {
        let word = |low, high| u16::from_le_bytes([low, high]);
        Ok(store.array::<6>(at)?.map(|b| Header {
            length: u64::from(word(b[0], b[1])),
            previous: u64::from(word(b[2], b[3])),
            kind: word(b[4], b[5]),
        }))
    }

    /// The header at `at`, if it is one and all its characters are there.
    fn good(store: &mut View<'_>, at: u64) -> Result<Option<Header>, TapeError> {
        let Ok(header) = Self::at(store, at)? else { return Ok(None) };
        let known = match header.kind {
            MARK => header.length == 0,
            DATA | BEGINS | GOES_ON | ENDS => header.length > 0,
            _ => false,
        };
        if !known || at + HEADER + header.length > store.len()? {
            return Ok(None);
        }
        let frames = store.read_up_to(at + HEADER, header.length as usize)?;
        Ok(seven_bits(&frames, at).is_ok().then_some(header))
    }
}

pub(super) fn forward(store: &mut View<'_>, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
    let mut record = Vec::new();
    let mut next = at;
    loop {
        let header = match Header::at(store, next)? {
            Ok(header) => header,
            Err(0) if next == at => return Ok(None),
            Err(n) => {
                let (expected, found) = (String::from("a header of 6 bytes"), format!("{n} bytes"));
                let expected = if next == at {
                    expected
                } else {
                    format!("{expected}, of another segment of the block")
                };
                return Err(TapeError::Truncated { offset: at, expected, found });
            }
        };
        let Header { length, kind, .. } = header;
        let damaged = |offset: u64, expected: &str, found: String| TapeError::Damaged {
            offset,
            expected: String::from(expected),
            found,
        };
        let bytes = {
            let [low, high] = kind.to_le_bytes();
            format!("{low:02x} {high:02x}")
        };
        match (kind, next == at, length) {
            (MARK, true, 0) => return Ok(Some((Item::Mark, at + HEADER))),
            (MARK, true, _) => return Err(damaged(at, "length 0 of a file mark", length.to_string())),
            (DATA | BEGINS, true, 0) | (GOES_ON | ENDS, false, 0) => {
                return Err(damaged(next, "the length of a record", String::from("0")));
            }
            (DATA | BEGINS, true, _) | (GOES_ON | ENDS, false, _) => {}
            (_, true, _) => {
                let expected = "the type of a whole block, bytes a0 00, of a first segment, 80 00, or of a file mark, 40 00";
                return Err(damaged(next + 4, expected, bytes));
            }
            (_, false, _) => {
                let expected = format!(
                    "the type of another segment, bytes 00 00, or of the last, 20 00, of the block at offset {at}"
                );
                return Err(damaged(next + 4, &expected, bytes));
            }
        }
        let there = store.len()?.saturating_sub(next + HEADER);
        if there < length {
            let found = format!("{there} bytes to the end of the image");
            let expected = format!("{length} bytes of a record");
            return Err(TapeError::Truncated { offset: next, expected, found });
        }
        let frames = store.read_up_to(next + HEADER, length as usize)?;
        seven_bits(&frames, next + HEADER)?;
        record.extend_from_slice(&frames);
        next += HEADER + length;
        if matches!(kind, DATA | ENDS) {
            break;
        }
        if record.len() > LONGEST {
            return Err(damaged(at, "a block of at most 16777215 characters", String::from("a longer one")));
        }
    }
    // where no header follows: is it the length here that is wrong?
    if next < store.len()? && Header::good(store, next)?.is_none() {
        let rest = next_plausible(store, at + HEADER)?;
        if let Some(rest) = rest
            && (rest < next
                || Header::at(store, rest)?.is_ok_and(|header| at + HEADER + header.previous == rest))
        {
            return Err(TapeError::Damaged {
                offset: at,
                expected: format!("a length with another header after it, as at offset {rest}"),
                found: record.len().to_string(),
            });
        }
    }
    Ok(Some((Item::Record(Record::new(record)), next)))
}

/// The next offset from `at` on with a header that begins a block, followed by another header or the end.
pub(super) fn next_plausible(store: &mut View<'_>, at: u64) -> Result<Option<u64>, TapeError> {
    let len = store.len()?;
    for offset in at..len.saturating_sub(HEADER - 1) {
        let Ok([kind, 0]) = store.array::<2>(offset + 4)? else { continue };
        if !matches!(u16::from(kind), DATA | BEGINS | MARK) {
            continue;
        }
        let Some(header) = Header::good(store, offset)? else { continue };
        let next = offset + HEADER + header.length;
        let sure =
            next == len || Header::good(store, next)?.is_some_and(|next| next.previous == header.length);
        if sure {
            return Ok(Some(offset));
        }
    }
    Ok(None)
}

/// The characters of a block that cannot be read as a whole, across the headers of its segments.
pub(super) fn remains(store: &mut View<'_>, at: u64, limit: u64) -> Result<Option<Record>, TapeError> {
    let mut frames = Vec::new();
    let mut next = at;
    while let Ok(header) = Header::at(store, next)? {
        let wanted = matches!((header.kind, next == at), (DATA | BEGINS, true) | (GOES_ON | ENDS, false));
        if !wanted || next + HEADER >= limit || frames.len() > LONGEST {
            break;
        }
        // the length of a block of its own is wrong
        let end = if header.kind == DATA { limit } else { (next + HEADER + header.length).min(limit) };
        let more = store.read_up_to(next + HEADER, (end - next - HEADER) as usize)?;
        let good = more.iter().position(|&frame| frame > 0o177).unwrap_or(more.len());
        frames.extend_from_slice(&more[..good]);
        if good < more.len() || header.length == 0 {
            break;
        }
        next = end;
    }
    frames.truncate(LONGEST);
    Ok((!frames.is_empty()).then_some(Record { frames, error: true }))
}

/// Writes a block; `previous` is the offset of the block before.
pub(super) fn write(store: &mut View<'_>, at: u64, item: &Item, previous: u64) -> Result<u64, TapeError> {
    let before = if at == 0 { [0; 2] } else { store.array::<2>(previous)?.unwrap_or_default() };
    let (kind, frames) = match item {
        Item::Gap(_) | Item::Note(_) => return Ok(at),
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

/// The length of the last block from `from` to `to`. If their headers do not lead there, they count as one block.
pub(super) fn last_length(store: &mut View<'_>, from: u64, to: u64) -> Result<usize, TapeError> {
    let mut next = from;
    let mut last = 0;
    while next < to {
        let Ok(header) = Header::at(store, next)? else { break };
        last = header.length;
        next += HEADER + header.length;
    }
    let one = (to - from).saturating_sub(HEADER).min(u64::from(u16::MAX));
    Ok(if next == to { last } else { one } as usize)
}
