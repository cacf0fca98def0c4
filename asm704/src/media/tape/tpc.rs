//! The TPC format: a length of 16 bits, lowest byte first, before each record, whose characters are padded to an even
//! number. Length 0 is a file mark, 0xffff the end of the medium. It cannot be read backward directly: that counts from the
//! load point.

use super::simh::seven_bits;
use super::store::View;
use super::{Item, Record, RecordParity, TapeError, parity};

pub(super) fn forward(store: &mut View<'_>, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
    let found = item_at(store, at)?;
    let Some((item, next)) = &found else { return Ok(None) };
    let bad = |rest: u64| TapeError::Damaged {
        offset: at,
        expected: format!("a length with another record after it, as at offset {rest}"),
        found: if let Item::Record(record) = item {
            format!("{}", record.frames.len())
        } else {
            String::from("0, a file mark")
        },
    };
    if goes_on(store, *next)? {
        // it may lead past other records, which then seem to be part of this one, with their lengths
        if let Item::Record(record) = item
            && matches!(record.parity_mode(), RecordParity::Mixed { .. })
            && let Some(rest) = plausible_before(store, at + 2, *next)?
            && leads_to(store, rest, *next)?
        {
            return Err(bad(rest));
        }
        return Ok(found);
    }
    // nothing plausible follows: is it the length here that is wrong, or the next one?
    match plausible_within(store, at + 2, at + 2 + LONGEST)? {
        Some(rest) if rest < *next || rest > *next && is_wrong(store, at, item, *next, rest)? => {
            Err(bad(rest))
        }
        _ => Ok(found),
    }
}

/// The largest distance from one length to the next.
const LONGEST: u64 = 0x1_0002;

/// How many lengths in a row must lead from one to the next.
const CHAIN: usize = 3;

/// True if the lengths continue correctly from here, or the reel ends here.
fn goes_on(store: &mut View<'_>, at: u64) -> Result<bool, TapeError> {
    let mut at = at;
    for _ in 0..CHAIN {
        match item_at(store, at) {
            Ok(Some((_, next))) => at = next,
            Ok(None) => return Ok(true),
            Err(error @ TapeError::Io { .. }) => return Err(error),
            Err(_) => return Ok(false),
        }
    }
    Ok(true)
}

/// True if the length at `at` is wrong rather than that at `next`: the record that resumes at `rest` is as long as the one here
/// should be, or all bytes up to there have one parity.
fn is_wrong(store: &mut View<'_>, at: u64, item: &Item, next: u64, rest: u64) -> Result<bool, TapeError> {
    let length = match store.array::<2>(rest)? {
        Ok(bytes) => u64::from(u16::from_le_bytes(bytes)),
        Err(_) => 0,
    };
    let length = length + length % 2;
    if length > 0 && rest - next == length + 2 {
        return Ok(false);
    }
    if length > 0 && rest - at == length + 2 {
        return Ok(true);
    }
    let Item::Record(record) = item else { return Ok(false) };
    // another record of the same length fits there, or both are whole words
    let own = record.frames.len() as u64;
    let there = (rest - next).saturating_sub(2);
    if there == own + own % 2 || own.is_multiple_of(6) && there > 0 && there.is_multiple_of(6) {
        return Ok(false);
    }
    // one record, if there is no length between its characters
    let mut characters = store.read_up_to(at + 2, (rest - at - 2).min(0xffff) as usize)?;
    if characters.last() == Some(&0) {
        characters.pop();
    }
    let Some(&first) = characters.first() else { return Ok(false) };
    Ok(characters.iter().all(|&frame| (1..0o200).contains(&frame) && parity(frame) == parity(first)))
}

/// The next offset from `at` on where a record begins, followed by another record or the end. All characters of a record have one
/// parity, and none is blank; a length read out of step covers characters that fail this.
pub(super) fn next_plausible(store: &mut View<'_>, at: u64) -> Result<Option<u64>, TapeError> {
    plausible_within(store, at, u64::MAX)
}

/// Finds an offset as [`next_plausible`] does, but only before `limit`.
fn plausible_within(store: &mut View<'_>, at: u64, limit: u64) -> Result<Option<u64>, TapeError> {
    let len = store.len()?;
    if let Some(record) = plausible_before(store, at, len.min(limit))? {
        return Ok(Some(record));
    }
    // file marks, and nothing else up to the end
    let mut marks = None;
    let mut end = len;
    if end >= at + 2 && store.array::<2>(end - 2)? == Ok([0xff; 2]) {
        end -= 2;
    }
    while end >= at + 2 && store.array::<2>(end - 2)? == Ok([0; 2]) {
        end -= 2;
        marks = Some(end);
    }
    Ok(marks)
}

/// True if the lengths from `at` on lead to `to`.
fn leads_to(store: &mut View<'_>, at: u64, to: u64) -> Result<bool, TapeError> {
    let mut at = at;
    while at < to {
        match item_at(store, at) {
            Ok(Some((_, next))) => at = next,
            Err(error @ TapeError::Io { .. }) => return Err(error),
            _ => return Ok(false),
        }
    }
    Ok(at == to)
}

/// Finds an offset as [`next_plausible`] does, before `limit`.
fn plausible_before(store: &mut View<'_>, at: u64, limit: u64) -> Result<Option<u64>, TapeError> {
    let len = store.len()?;
    for offset in at..limit.min(len.saturating_sub(2)) {
        let Some(next) = good_record(store, offset, len)? else { continue };
        let sure = match store.array::<2>(next)?.map(u16::from_le_bytes) {
            Err(n) => n == 0,
            Ok(0 | 0xffff) => true,
            Ok(_) => good_record(store, next, len)?.is_some(),
        };
        if sure {
            return Ok(Some(offset));
        }
    }
    Ok(None)
}

/// The offset after the record at `at`, if it is certainly one.
fn good_record(store: &mut View<'_>, at: u64, len: u64) -> Result<Option<u64>, TapeError> {
    let Ok(bytes) = store.array::<2>(at)? else { return Ok(None) };
    let n = u64::from(u16::from_le_bytes(bytes));
    let end = at + 2 + n;
    let next = end + n % 2;
    if n == 0 || n == 0xffff || next > len {
        return Ok(None);
    }
    let mut place = at + 2;
    let mut mode = None;
    while place < end {
        let piece = store.piece(place)?;
        let piece = &piece[..piece.len().min((end - place) as usize)];
        let good =
            |&frame: &u8| (1..0o200).contains(&frame) && *mode.get_or_insert(parity(frame)) == parity(frame);
        if piece.is_empty() || !piece.iter().all(good) {
            return Ok(None);
        }
        place += piece.len() as u64;
    }
    let pad = if next > end { store.piece(end)?.first().copied() } else { Some(0) };
    Ok((pad == Some(0)).then_some(next))
}

/// The characters after a wrong length, up to where a record is known to begin.
pub(super) fn remains(store: &mut View<'_>, at: u64, limit: u64) -> Result<Option<Record>, TapeError> {
    let there = limit.saturating_sub(at + 2).min(0xfffe);
    let mut frames = store.read_up_to(at + 2, there as usize)?;
    let good = frames.iter().position(|&frame| frame > 0o177).unwrap_or(frames.len());
    frames.truncate(good);
    // the pad byte
    if good as u64 == there && frames.last() == Some(&0) {
        frames.pop();
    }
    Ok((!frames.is_empty()).then_some(Record { frames, error: true }))
}

/// The record that a length claims, whatever follows.
fn item_at(store: &mut View<'_>, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
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

pub(super) fn write(store: &mut View<'_>, at: u64, item: &Item) -> Result<u64, TapeError> {
    let mut bytes = Vec::new();
    match item {
        Item::Gap(_) | Item::Note(_) => {}
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
