//! The remains of an older recording after the place where a newer one is written.
//!
//! Tape is counted in characters, 1/200 inch each. A record takes its characters and the gap after it; a file mark takes the
//! long gap before it, its character and a gap; an erased stretch takes itself.

use std::sync::Arc;

use super::frames::{MARK_FRAME, PARITY_BIT, parity};
use super::{Item, Record, TapeFormat};

/// True for the remains of an older recording whose beginning was overwritten: in formats with erase gaps and an error
/// bit, a bad record with a gap before it. (One that was cut by a power failure has no gap before it.)
pub fn is_left_over(item: &Item, behind_gap: bool) -> bool {
    behind_gap && matches!(item, Item::Record(record) if record.error)
}

/// The spacing of a unit's recording, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spacing {
    /// From the last character of a record to the first of the next; the check character is in this gap.
    pub gap: u64,
    /// The stretch erased before the character of a file mark.
    pub mark_gap: u64,
    /// From the last character of a record to its check character.
    pub check: u64,
    /// How far the erase head reaches beyond the write head.
    pub ahead: u64,
}

/// An older recording, from the place where the next record would be written. It is cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Old {
    /// Blank tape before the first item.
    blank: u64,
    first: Option<Arc<Node>>,
}

/// A mark whose long gap is no longer whole is kept as a record of its one character, without the error.
#[derive(Debug)]
struct Node {
    item: Item,
    /// The approximate number of characters from here on.
    size: u64,
    next: Option<Arc<Node>>,
}

impl Drop for Node {
    /// A loop, not recursion: a reel has more records than a stack has room for.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut node) = next.and_then(Arc::into_inner) {
            next = node.next.take();
        }
    }
}

/// The approximate size of an item beyond its characters.
const ITEM: u64 = 8;

impl Old {
    /// True if nothing remains.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// The approximate number of bytes it takes in an image.
    pub fn size(&self) -> u64 {
        self.first.as_ref().map_or(0, |node| node.size)
    }

    /// These items followed by the present ones.
    #[must_use]
    pub fn behind(mut self, items: Vec<Item>) -> Old {
        if self.first.is_some() && self.blank > 0 && !items.is_empty() {
            self.push(Item::Gap(u32::try_from(self.blank).unwrap_or(u32::MAX)));
            self.blank = 0;
        }
        items.into_iter().rev().for_each(|item| self.push(item));
        self.skip_blank();
        self
    }

    fn push(&mut self, item: Item) {
        let next = self.first.take();
        let size = next.as_ref().map_or(0, |node| node.size) + ITEM + characters(&item);
        self.first = Some(Arc::new(Node { item, size, next }));
    }

    fn pop(&mut self) -> Option<Item> {
        let node = self.first.take()?;
        self.first.clone_from(&node.next);
        Some(match Arc::try_unwrap(node) {
            Ok(mut node) => std::mem::replace(&mut node.item, Item::Mark),
            Err(shared) => shared.item.clone(),
        })
    }

    /// Treats erased stretches at the beginning as blank tape.
    fn skip_blank(&mut self) {
        while let Some(Item::Gap(n)) = self.first.as_ref().map(|node| &node.item) {
            self.blank += u64::from(*n);
            self.pop();
        }
    }

    /// Notes that an item was written: everything at its place is gone.
    pub fn write(&mut self, item: &Item, spacing: &Spacing) {
        let length = match item {
            Item::Record(record) => record.frames.len() as u64 + spacing.gap,
            Item::Mark => spacing.mark_gap + 1 + spacing.gap,
            Item::Gap(n) => u64::from(*n),
            Item::Note(_) => 0,
        };
        self.advance(length, spacing);
    }

    /// Moves the place forward by this many characters; everything on them is gone.
    pub fn advance(&mut self, characters: u64, spacing: &Spacing) {
        let mut left = characters;
        loop {
            if self.blank >= left {
                self.blank -= left;
                return;
            }
            left -= std::mem::take(&mut self.blank);
            let Some(item) = self.pop() else { return };
            match item {
                Item::Gap(n) => self.blank = u64::from(n),
                // it belonged to the part that is gone
                Item::Note(_) => {}
                Item::Mark if left <= spacing.mark_gap => {
                    self.push(Item::Record(Record::new(vec![MARK_FRAME])));
                    self.blank = spacing.mark_gap;
                }
                Item::Mark => {
                    left -= spacing.mark_gap + 1;
                    self.blank = spacing.gap;
                }
                Item::Record(record) => match usize::try_from(left) {
                    Ok(gone) if gone < record.frames.len() => {
                        let frames = record.frames[gone..].to_vec();
                        self.push(Item::Record(Record { frames, error: true }));
                        return;
                    }
                    _ => {
                        left -= record.frames.len() as u64;
                        self.blank = spacing.gap;
                    }
                },
            }
        }
    }

    /// Erases this many characters; the place does not move.
    pub fn erase(&mut self, characters: u64, spacing: &Spacing) {
        self.advance(characters, spacing);
        self.blank += characters;
    }

    /// The characters that follow directly at this place, if part of an old record was overwritten up to here.
    pub fn take_rest(&mut self, spacing: &Spacing) -> Option<Vec<u8>> {
        let rest = |node: &Arc<Node>| matches!(&node.item, Item::Record(_));
        if self.blank > 0 || !self.first.as_ref().is_some_and(rest) {
            return None;
        }
        let Some(Item::Record(record)) = self.pop() else { return None };
        self.blank = spacing.gap;
        Some(record.frames)
    }

    /// The state after a record that has no gap of its own, where an image counts one.
    pub fn without_gap(&mut self, spacing: &Spacing) {
        if !self.begins_with_remnant() {
            self.blank = self.blank.saturating_sub(spacing.gap);
        }
    }

    fn begins_with_remnant(&self) -> bool {
        self.first.as_ref().is_some_and(|node| matches!(&node.item, Item::Record(record) if record.error))
    }

    /// Moves it to places that a format can express. Erase gaps are counted in units of four characters: an item that lost its
    /// beginning loses up to three more characters, or four if no gap is left before it; any other moves up to three characters on.
    /// In a format without gaps, blank tape is dropped.
    pub fn round(&mut self, format: TapeFormat, spacing: &Spacing) {
        const UNIT: u64 = 4;
        self.skip_blank();
        if !format.has_error_bit() {
            self.blank = 0;
            return;
        }
        while self.begins_with_remnant() && (self.blank == 0 || !self.blank.is_multiple_of(UNIT)) {
            self.erase(self.blank + 1, spacing);
            self.skip_blank();
        }
        let bare = |node: &Arc<Node>| matches!(&node.item, Item::Record(record) if is_bare_mark(record));
        // an image counts the whole gap of a mark
        let counted = if self.first.as_ref().is_some_and(bare) { spacing.mark_gap } else { 0 };
        self.blank = counted + self.blank.saturating_sub(counted).next_multiple_of(UNIT);
    }

    /// The items of an image after the place, in a format; none if only blank tape is left.
    pub fn items(&self, format: TapeFormat, spacing: &Spacing) -> Vec<Item> {
        let mut old = self.clone();
        old.round(format, spacing);
        let mut items = Vec::new();
        let mut blank = old.blank;
        let mut next = old.first.as_ref();
        while let Some(node) = next {
            next = node.next.as_ref();
            let item = match &node.item {
                Item::Gap(n) => {
                    blank += u64::from(*n);
                    continue;
                }
                Item::Record(record) if is_bare_mark(record) => {
                    blank = blank.saturating_sub(spacing.mark_gap);
                    Item::Mark
                }
                Item::Record(record) if record.error && !format.has_error_bit() => {
                    Item::Record(with_wrong_beginning(record))
                }
                Item::Note(note) => {
                    if format.has_notes() {
                        items.push(Item::Note(note.clone()));
                    }
                    continue;
                }
                item => item.clone(),
            };
            if blank > 0 && format.has_error_bit() {
                items.push(Item::Gap(u32::try_from(blank).unwrap_or(u32::MAX)));
            }
            items.push(item);
            blank = 0;
        }
        items
    }
}

fn is_bare_mark(record: &Record) -> bool {
    !record.error && record.frames == [MARK_FRAME]
}

/// A record without a start of its own, for a format without an error bit: its first character has wrong parity.
pub fn with_wrong_beginning(record: &Record) -> Record {
    let mut frames = record.frames.clone();
    let mode = record.likely_mode();
    if let Some(first) = frames.first_mut()
        && parity(*first) == mode.parity()
    {
        *first ^= PARITY_BIT;
    }
    Record::new(frames)
}

fn characters(item: &Item) -> u64 {
    match item {
        Item::Record(record) => record.frames.len() as u64,
        Item::Mark => 1,
        Item::Gap(n) => u64::from(*n),
        Item::Note(note) => note.bytes().len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACING: Spacing = Spacing { gap: 150, mark_gap: 810, check: 4, ahead: 0 };

    fn record(character: u8, n: usize) -> Item {
        Item::Record(Record::new(vec![character; n]))
    }

    fn remnant(character: u8, n: usize) -> Item {
        Item::Record(Record { frames: vec![character; n], error: true })
    }

    fn left(old: &[Item], new: &[Item], ahead: u64) -> Vec<Item> {
        let mut left = Old::default().behind(old.to_vec());
        for item in new {
            left.write(item, &SPACING);
        }
        left.erase(ahead, &SPACING);
        left.items(TapeFormat::Simh, &SPACING)
    }

    #[test]
    fn a_record_covered_in_part_keeps_its_end() {
        // 100 new characters and their gap end at 250; the second old record is at 250 to 299
        let old = [record(1, 100), record(2, 50), record(3, 20)];
        assert_eq!(left(&old, &[record(9, 100)], 0), old[1..]);
        assert_eq!(left(&old, &[record(9, 100)], 20), [Item::Gap(20), remnant(2, 30), record(3, 20)]);
        // to 270: four characters make room for a gap that marks a remnant
        assert_eq!(left(&old, &[record(9, 120)], 0), [Item::Gap(4), remnant(2, 26), record(3, 20)]);
        // to 270, erased to 283, which the form counts as 286
        assert_eq!(left(&old, &[record(9, 120)], 13), [Item::Gap(16), remnant(2, 14), record(3, 20)]);
        // to 300, the gap from 300 to 450
        assert_eq!(left(&old, &[record(9, 150)], 0), [Item::Gap(152), record(3, 20)]);
        // erased into the third
        assert_eq!(left(&old, &[record(9, 150)], 152), [Item::Gap(152), remnant(3, 18)]);
        assert_eq!(left(&old, &[record(9, 150)], 170), []);
        // the result is the same in two steps
        let two = [record(9, 12), record(9, 8)];
        assert_eq!(left(&old, &two, 0), left(&old, &[record(9, 170)], 0));
    }

    #[test]
    fn a_mark_stays_a_mark_while_its_character_stays() {
        // the mark's gap is 160 to 969, its character at 970, the next record at 1121
        let old = [record(1, 10), Item::Mark, record(2, 30)];
        assert_eq!(left(&old, &[record(9, 820)], 0), [Item::Mark, record(2, 30)]);
        assert_eq!(left(&old, &[record(9, 821)], 0), [Item::Gap(152), record(2, 30)]);
        assert_eq!(left(&old, &[record(9, 971)], 10), [Item::Gap(12), remnant(2, 18)]);
        // its gap before it is blank where it is longer than required
        assert_eq!(left(&old, &[Item::Gap(100)], 0), [Item::Gap(60), Item::Mark, record(2, 30)]);
        assert_eq!(left(&old, &[Item::Mark], 0), [Item::Mark, record(2, 30)]);
    }

    #[test]
    fn a_form_without_gaps_has_the_remnant_at_once_and_its_first_character_wrong() {
        let mut old = Old::default().behind(vec![record(1, 10), record(0o102, 8)]);
        old.write(&record(9, 12), &SPACING);
        old.erase(3, &SPACING);
        let frames = [0o002, 0o102, 0o102];
        assert_eq!(old.items(TapeFormat::P7b, &SPACING), [Item::Record(Record::new(frames.to_vec()))]);
    }

    #[test]
    fn a_long_recording_goes_without_a_deep_stack() {
        let old = Old::default().behind(vec![record(1, 1); 1_000_000]);
        let copy = old.clone();
        assert_eq!(copy.size(), 9_000_000);
        drop(old);
        assert!(!copy.is_empty());
    }
}
