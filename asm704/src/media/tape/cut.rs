//! The contents of a reel when power fails during a write.

use super::frames::{MARK_FRAME, PARITY_BIT, RecordParity};
use super::{Item, Record};

/// The gap after a record, 3/4 inch, in characters (source: TAPE).
pub const GAP_PLACES: usize = 150;

/// The gap before a file mark, 54 ms at speed or 4.05 inches, in characters (source: TAPE).
pub const MARK_GAP_PLACES: usize = 810;

/// The items at a place where the first `new_prefix` characters of a record were written over an old recording, and nothing more:
/// no check character and no gap. The rest of the old recording follows at its old place.
///
/// The first item is the cut record, with its error set. If the cut is inside a record of the old recording, the
/// remaining characters of that record follow directly and belong to the same record. With no character written, nothing changes.
pub fn overlay(old: &[Item], new_prefix: &[u8]) -> Vec<Item> {
    if new_prefix.is_empty() {
        return old.to_vec();
    }
    let cut = new_prefix.len();
    let mut frames = new_prefix.to_vec();
    let mut rest = Vec::new();
    // places from the beginning of the new record
    let mut place = 0;
    for (n, item) in old.iter().enumerate() {
        if place > cut {
            rest = old[n..].to_vec();
            break;
        }
        let mark = [MARK_FRAME];
        let (start, characters): (usize, &[u8]) = match item {
            Item::Record(record) => (place, &record.frames),
            Item::Mark => (place + MARK_GAP_PLACES, &mark),
            Item::Gap(n) => (place + *n as usize, &[]),
            Item::Note(_) => (place, &[]),
        };
        let end = start + characters.len();
        if cut < start {
            rest = old[n..].to_vec();
            break;
        }
        if cut < end {
            frames.extend_from_slice(&characters[cut - start..]);
            rest = old[n + 1..].to_vec();
            break;
        }
        place = if characters.is_empty() { end } else { end + GAP_PLACES };
    }
    let mut items = vec![Item::Record(Record { frames, error: true })];
    items.append(&mut rest);
    items
}

/// A cut record for a format without an error bit: the last character that passed the head, number `passed` from 1, has its
/// parity bit inverted. If that would leave a character without any bit, which is blank tape, the nearest character
/// before it is changed instead; changing the first is always possible.
pub fn with_error_as_parity(record: &Record, passed: usize) -> Record {
    let mut frames = record.frames.clone();
    let passed = passed.min(frames.len());
    let place = frames[..passed].iter().rposition(|&frame| frame != PARITY_BIT).unwrap_or(0);
    if let Some(frame) = frames.get_mut(place) {
        *frame ^= PARITY_BIT;
    }
    Record { frames, error: false }
}

/// A bad record for a format without an error bit; one that already has a parity error keeps its characters.
pub(super) fn as_parity_error(record: &Record) -> Record {
    match record.parity_mode() {
        RecordParity::Mixed { .. } => Record { frames: record.frames.clone(), error: false },
        RecordParity::Odd | RecordParity::Even => with_error_as_parity(record, record.frames.len()),
    }
}
