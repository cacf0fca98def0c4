//! Source for a reel: one that loads itself, as made by the assembler, or cards on tape.

use std::collections::BTreeMap;

use super::{disassemble, disassemble_image};
use crate::Word;
use crate::media::tape::{Item, Mode, words_of};
use crate::self_loading;

/// Why a reel cannot be turned into source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReelError {
    /// There is no record before the first file mark.
    #[error("the reel has no records in its first file")]
    Empty,
    /// The record has characters for a printer, or symbolic cards.
    #[error("record {record} was written in BCD: it is text, not a program")]
    Text {
        /// From 1.
        record: usize,
    },
    /// The records are binary, in some other form.
    #[error(
        "record {record} has {words} words: expected a self-loading reel of asm704, or records of 24 words, a card each"
    )]
    Unknown {
        /// From 1.
        record: usize,
        /// Its number of words.
        words: usize,
    },
}

/// The source of the first file of a reel. If the reel loads itself as those of [`crate::self_loading::reel`] do, the source
/// assembles to the reel; if each record is a card, it assembles to the deck.
///
/// # Errors
/// The error says what the reel holds instead.
pub fn disassemble_reel(items: &[Item]) -> Result<String, ReelError> {
    let mut records = Vec::new();
    for item in items.iter().take_while(|item| **item != Item::Mark) {
        if let Item::Record(record) = item {
            if record.likely_mode() == Mode::Bcd {
                return Err(ReelError::Text { record: records.len() + 1 });
            }
            records.push(words_of(record, Mode::Binary));
        }
    }
    if records.is_empty() {
        return Err(ReelError::Empty);
    }
    for program in [checked(&records), short(&records)].into_iter().flatten() {
        let (image, start) = program;
        let made = self_loading::reel(&image, Some(start)).unwrap_or_default();
        if made.iter().eq(items.iter().take_while(|item| **item != Item::Mark)) {
            return Ok(disassemble_image(&image, Some(start)));
        }
    }
    let cards: Result<Vec<[Word; 24]>, _> = records.iter().map(|words| words[..].try_into()).collect();
    cards.map(|cards| disassemble(&cards)).map_err(|_| {
        let (n, words) =
            records.iter().enumerate().find(|(_, words)| words.len() != 24).unwrap_or((0, &records[0]));
        ReelError::Unknown { record: n + 1, words: words.len() }
    })
}

type Program = (BTreeMap<u16, Word>, u16);

/// The program after the loader with checksums.
fn checked(records: &[Vec<Word>]) -> Option<Program> {
    let (last, data) = records.get(2..)?.split_last()?;
    let mut image = BTreeMap::new();
    for record in data {
        let (control, words) = (record.first()?, record.get(2..)?);
        if usize::from(control.address()) + words.len() > 1 << 15 {
            return None;
        }
        image.extend((control.address()..).zip(words.iter().copied()));
    }
    Some((image, last.first()?.address()))
}

/// The program of the short loader: core from the last word down to 2, then the end of the loop, then 0 and 1.
///
/// The loader's own instructions are recognised only by their code; the program may have the same words.
fn short(records: &[Vec<Word>]) -> Option<Program> {
    const WORDS_IN_FRONT: usize = 9;
    let [record] = records else { return None };
    let last = record.get(6)?.address().wrapping_sub(8) & 0o77777;
    let end = WORDS_IN_FRONT + usize::from(last).checked_sub(1)?;
    let down = record.get(WORDS_IN_FRONT..end)?;
    let mut image: BTreeMap<u16, Word> = (2..=last).rev().zip(down.iter().copied()).collect();
    let to = record.get(end)?.address();
    let mut at = to;
    for &word in &record[end + 1..] {
        let low = image.remove(&at)?.address();
        image.insert(low, word);
        at += 1;
    }
    if at == to {
        return Some((image, to));
    }
    let start = image.remove(&at)?.address();
    Some((image, start))
}
