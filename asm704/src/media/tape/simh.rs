//! SIMH's `.tap`, and E11's format, which differs only in having no pad byte.
//!
//! Words have 32 bits, lowest byte first. A record: length n, n bytes, a pad byte if n is odd, the length again. A bad record
//! of which nothing was read is one word, or two, with only the error bit. The other classes of words are [notes](super::Note).

use super::frames::eighth_bit;
use super::note::Class;
use super::store::View;
use super::{Item, Note, Record, TapeError};

const MARK: u32 = 0;
const END_OF_MEDIUM: u32 = 0xffff_ffff;
/// The bytes that end the medium.
pub(super) const END: [u8; 4] = END_OF_MEDIUM.to_le_bytes();
const GAP: u32 = 0xffff_fffe;
/// The remains of a gap whose first half was overwritten, as seen from the front.
const HALF_GAP: u32 = 0xfffe_ffff;
const ERROR: u32 = 0x8000_0000;
const LONGEST: u32 = 0x00ff_ffff;

type Found = Result<Option<(Item, u64)>, TapeError>;

pub(super) fn forward(store: &mut View<'_>, at: u64, padded: bool) -> Found {
    let header = match store.array::<4>(at)? {
        Ok(bytes) => u32::from_le_bytes(bytes),
        Err(0) => return Ok(None),
        Err(n) => {
            let expected = String::from("a length of 4 bytes");
            return Err(TapeError::Truncated { offset: at, expected, found: format!("{n} bytes") });
        }
    };
    if header >> 24 == 0xff && header < GAP && is_torn(store, at, header, padded)? {
        return Ok(None);
    }
    match (header, Class::of(header)) {
        (MARK, _) => Ok(Some((Item::Mark, at + 4))),
        (GAP | HALF_GAP, _) => gap_forward(store, at).map(Some),
        (END_OF_MEDIUM, _) => Ok(None),
        // nothing of the record was read; its one word is written twice, like any length, or once
        (ERROR, _) => {
            let twice = store.array::<4>(at + 4)?.map(u32::from_le_bytes) == Ok(ERROR);
            Ok(Some((nothing(), at + if twice { 8 } else { 4 })))
        }
        (_, Some(Class::Marker)) => Ok(Some((Item::Note(Note::Marker(header)), at + 4))),
        (_, Some(Class::Bytes { class, length })) => {
            let (bytes, next) = span(store, at, header, length, padded)?;
            Ok(Some((Item::Note(Note::from_bytes(class, bytes)), next)))
        }
        (_, None) => {
            let (bytes, next) = record_span(store, at, header, padded)?;
            let record = Record { frames: bytes, error: header & ERROR != 0 };
            Ok(Some((Item::Record(record), next)))
        }
    }
}

/// A bad record of which nothing was read.
fn nothing() -> Item {
    Item::Record(Record { frames: Vec::new(), error: true })
}

/// Detects a length that was being written over the end of the medium when the process ended: the last bytes of the store are the
/// same length, and at the distance that it gives.
fn is_torn(store: &mut View<'_>, at: u64, header: u32, padded: bool) -> Result<bool, TapeError> {
    let len = store.len()?;
    let Some(last) = len.checked_sub(4).filter(|&last| last > at) else { return Ok(false) };
    let Ok(bytes) = store.array::<4>(last)? else { return Ok(false) };
    let length = u32::from_le_bytes(bytes);
    let n = length & !ERROR;
    let written = header.to_le_bytes().iter().zip(bytes).all(|(&torn, whole)| torn == whole || torn == 0xff);
    let end = at + 8 + u64::from(n) + u64::from(padded && n % 2 == 1);
    Ok(written && n > 0 && n <= LONGEST && end == len)
}

/// The characters of the record whose length is at `at`, and the offset after its second length.
fn record_span(
    store: &mut View<'_>,
    at: u64,
    header: u32,
    padded: bool,
) -> Result<(Vec<u8>, u64), TapeError> {
    let n = header & !ERROR;
    if n > LONGEST {
        let expected = String::from("the length of a record, a mark or a gap");
        return Err(TapeError::Damaged { offset: at, expected, found: format!("0x{header:08x}") });
    }
    let (frames, next) = span(store, at, header, n, padded)?;
    seven_bits(&frames, at + 4)?;
    Ok((frames, next))
}

/// The `n` bytes after the word at `at`; the same word must follow them.
fn span(
    store: &mut View<'_>,
    at: u64,
    header: u32,
    n: u32,
    padded: bool,
) -> Result<(Vec<u8>, u64), TapeError> {
    let padding = u64::from(padded && n % 2 == 1);
    let trailer = at + 4 + u64::from(n) + padding;
    let len = store.len()?;
    if trailer + 4 > len {
        let expected = format!("{n} characters and their length again");
        let found = format!("{} bytes to the end of the image", len - at - 4);
        return Err(TapeError::Truncated { offset: at, expected, found });
    }
    let again = match store.array::<4>(trailer)? {
        Ok(bytes) => u32::from_le_bytes(bytes),
        Err(_) => 0,
    };
    if again != header {
        let expected = format!("0x{header:08x}, the length at offset {at}, again");
        return Err(TapeError::Damaged { offset: trailer, expected, found: format!("0x{again:08x}") });
    }
    Ok((store.read_up_to(at + 4, n as usize)?, trailer + 4))
}

pub(super) fn seven_bits(frames: &[u8], at: u64) -> Result<(), TapeError> {
    match eighth_bit(frames) {
        None => Ok(()),
        Some(place) => Err(TapeError::Damaged {
            offset: at + place as u64,
            expected: String::from("a character of seven tracks"),
            found: format!("0x{:02x}, which has eight bits", frames[place]),
        }),
    }
}

/// Combines a run of gap marks into one stretch.
fn gap_forward(store: &mut View<'_>, start: u64) -> Result<(Item, u64), TapeError> {
    let mut at = start;
    while let Ok(bytes) = store.array::<4>(at)? {
        at += match u32::from_le_bytes(bytes) {
            GAP => 4,
            HALF_GAP => 2,
            _ => break,
        };
    }
    Ok((gap_of(at - start), at))
}

fn gap_of(characters: u64) -> Item {
    Item::Gap(u32::try_from(characters).unwrap_or(u32::MAX))
}

/// The word before `at`.
fn last(store: &mut View<'_>, at: u64) -> Result<Option<u32>, TapeError> {
    let Some(offset) = at.checked_sub(4) else { return Ok(None) };
    Ok(store.array::<4>(offset)?.ok().map(u32::from_le_bytes))
}

pub(super) fn backward(store: &mut View<'_>, at: u64, padded: bool) -> Result<(Item, u64), TapeError> {
    if last(store, at)? != Some(GAP) {
        return before(store, at, padded);
    }
    let mut start = at;
    loop {
        start -= match last(store, start)? {
            Some(GAP) => 4,
            // the last two bytes of a gap whose first half was overwritten, unless only a marker fits
            Some(word)
                if word >> 16 == 0xffff
                    && word & 0xffff < 0xfffe
                    && !matches!(
                        before(store, start - 2, padded),
                        Err(_) | Ok((Item::Note(Note::Marker(_)), _))
                    ) =>
            {
                2
            }
            _ => break,
        };
    }
    Ok((gap_of(at - start), start))
}

/// The item that ends at `at`, if it is not a gap.
fn before(store: &mut View<'_>, at: u64, padded: bool) -> Result<(Item, u64), TapeError> {
    let Some(trailer) = last(store, at)? else {
        let expected = String::from("a length of 4 bytes");
        return Err(TapeError::Truncated {
            offset: 0,
            expected,
            found: format!("{at} bytes before offset {at}"),
        });
    };
    match trailer {
        MARK => Ok((Item::Mark, at - 4)),
        ERROR => {
            let mut words = 1;
            while last(store, at - 4 * words)? == Some(ERROR) {
                words += 1;
            }
            // they form pairs from the front; without a partner, the last is single
            Ok((nothing(), at - if words % 2 == 0 { 8 } else { 4 }))
        }
        _ => {
            let class = Class::of(trailer);
            if class == Some(Class::Marker) {
                return Ok((Item::Note(Note::Marker(trailer)), at - 4));
            }
            let n = match class {
                Some(Class::Bytes { length, .. }) => u64::from(length),
                _ => u64::from(trailer & !ERROR),
            };
            let span = 8 + n + u64::from(padded && n % 2 == 1);
            let damaged = |expected: String| TapeError::Damaged {
                offset: at - 4,
                expected,
                found: format!("0x{trailer:08x}"),
            };
            if class.is_none() && n > u64::from(LONGEST) {
                return Err(damaged(String::from("the length of the record before it, a mark or a gap")));
            }
            let Some(start) = at.checked_sub(span) else {
                return Err(damaged(format!("a length of at most {}, the bytes before it", at - 4)));
            };
            let (bytes, _) = match class {
                Some(_) => self::span(store, start, trailer, n as u32, padded)?,
                None => record_span(store, start, trailer, padded)?,
            };
            let header = store.array::<4>(start)?.map(u32::from_le_bytes);
            if header != Ok(trailer) {
                let found = format!("0x{:08x}", header.unwrap_or(0));
                let expected = format!("0x{trailer:08x}, the length at offset {}, here too", at - 4);
                return Err(TapeError::Damaged { offset: start, expected, found });
            }
            Ok(match class {
                Some(Class::Bytes { class, .. }) => (Item::Note(Note::from_bytes(class, bytes)), start),
                _ => (Item::Record(Record { frames: bytes, error: trailer & ERROR != 0 }), start),
            })
        }
    }
}

/// Writes at the end of the store, in an order that never leaves half a record: the length comes last.
pub(super) fn write(store: &mut View<'_>, at: u64, item: &Item, padded: bool) -> Result<u64, TapeError> {
    match item {
        Item::Mark => {
            store.write(at, &MARK.to_le_bytes())?;
            Ok(at + 4)
        }
        Item::Gap(characters) => {
            let mut left = characters.div_ceil(4) as usize;
            let mut at = at;
            while left > 0 {
                let now = left.min(4096);
                store.write(at, &GAP.to_le_bytes().repeat(now))?;
                at += 4 * now as u64;
                left -= now;
            }
            Ok(at)
        }
        Item::Note(Note::Marker(word)) => {
            store.write(at, &word.to_le_bytes())?;
            Ok(at + 4)
        }
        Item::Record(_) | Item::Note(_) => {
            let (length, bytes) = match item {
                Item::Record(record) => {
                    (record.frames.len() as u32 | if record.error { ERROR } else { 0 }, &record.frames[..])
                }
                Item::Note(note) => (note.word().unwrap_or(MARK), note.bytes()),
                Item::Mark | Item::Gap(_) => return Ok(at),
            };
            let length = length.to_le_bytes();
            let mut body = Vec::with_capacity(bytes.len() + 5);
            body.extend_from_slice(bytes);
            if padded && body.len() % 2 == 1 {
                body.push(0);
            }
            body.extend_from_slice(&length);
            store.write(at, &END_OF_MEDIUM.to_le_bytes())?;
            store.write(at + 4, &body)?;
            store.write(at, &length)?;
            Ok(at + 4 + body.len() as u64)
        }
    }
}

/// The next offset from `at` on that has the length of at least one character, repeated where it should be.
pub(super) fn next_plausible(store: &mut View<'_>, at: u64, padded: bool) -> Result<Option<u64>, TapeError> {
    let len = store.len()?;
    for offset in at..len.saturating_sub(8) {
        let Ok(bytes) = store.array::<4>(offset)? else { break };
        let header = u32::from_le_bytes(bytes);
        let n = u64::from(header & !ERROR);
        if n == 0 || n > u64::from(LONGEST) || n + 8 > len - offset {
            continue;
        }
        match record_span(store, offset, header, padded) {
            Ok(_) => return Ok(Some(offset)),
            Err(error @ TapeError::Io { .. }) => return Err(error),
            Err(_) => {}
        }
    }
    Ok(None)
}

/// The characters after a length that is not repeated where it should be, as long as they are valid.
pub(super) fn remains(store: &mut View<'_>, at: u64, limit: u64) -> Result<Option<Record>, TapeError> {
    let Ok(bytes) = store.array::<4>(at)? else { return Ok(None) };
    let n = u32::from_le_bytes(bytes) & !ERROR;
    let there = limit.saturating_sub(at + 4).min(u64::from(n));
    if n > LONGEST || there == 0 {
        return Ok(None);
    }
    let mut frames = store.read_up_to(at + 4, there as usize)?;
    let good = frames.iter().position(|&frame| frame > 0o177).unwrap_or(frames.len());
    frames.truncate(good);
    Ok((good > 0).then_some(Record { frames, error: true }))
}
