//! Characters, their parity, and the words they make.

use super::{Item, Note, Record, TapeError, TapeFormat};
use crate::{Word, chars};

/// Track C of a character.
pub const PARITY_BIT: u8 = 0o100;

/// The character of a file mark: 8-4-2-1 without C.
pub const MARK_FRAME: u8 = 0o017;

/// The mode in which a unit is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Odd parity, the six bits unchanged.
    Binary,
    /// Even parity, characters translated (see [`chars`]).
    Bcd,
}

impl Mode {
    /// The parity of every correct character.
    pub const fn parity(self) -> Parity {
        match self {
            Mode::Binary => Parity::Odd,
            Mode::Bcd => Parity::Even,
        }
    }
}

/// The parity of the seven bits of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// Odd, as in binary mode.
    Odd,
    /// Even, as in BCD mode.
    Even,
}

/// The parities of the characters in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordParity {
    /// All odd: a binary record.
    Odd,
    /// All even: a BCD record.
    Even,
    /// Some of both: a damaged record.
    Mixed {
        /// The number of odd characters.
        odd: usize,
        /// The number of even characters.
        even: usize,
    },
}

/// The parity of a character's seven bits.
pub const fn parity(frame: u8) -> Parity {
    if (frame & 0o177).count_ones() % 2 == 1 { Parity::Odd } else { Parity::Even }
}

/// The character for six bits, with the parity bit of the mode. The six bits are the tape code.
pub const fn frame(tape_code: u8, mode: Mode) -> u8 {
    let code = tape_code & 0o77;
    match (parity(code), mode.parity()) {
        (Parity::Odd, Parity::Odd) | (Parity::Even, Parity::Even) => code,
        _ => code | PARITY_BIT,
    }
}

/// The record that a program writes from these words.
pub fn record_from_words(words: &[Word], mode: Mode) -> Record {
    let code = |core| match mode {
        Mode::Binary => core,
        Mode::Bcd => chars::core_to_tape(core),
    };
    Record::new(words.iter().flat_map(|word| word.characters().map(|core| frame(code(core), mode))).collect())
}

/// The words that a program reads from a record, whatever its parity. If characters do not fill the last word, they are
/// left-justified and followed by zeros (UNVERIFIED: a guess; see docs/ for the other rules).
pub fn words_of(record: &Record, mode: Mode) -> Vec<Word> {
    let code = |frame: u8| match mode {
        Mode::Binary => frame & 0o77,
        Mode::Bcd => chars::tape_to_core(frame & 0o77),
    };
    let word = |frames: &[u8]| {
        let mut characters = [0; 6];
        for (to, &from) in characters.iter_mut().zip(frames) {
            *to = code(from);
        }
        Word::from_characters(characters)
    };
    record.frames.chunks(6).map(word).collect()
}

impl Record {
    /// The parities of the characters. A record without characters counts as odd.
    pub fn parity_mode(&self) -> RecordParity {
        let odd = self.frames.iter().filter(|&&frame| parity(frame) == Parity::Odd).count();
        match (odd, self.frames.len() - odd) {
            (_, 0) => RecordParity::Odd,
            (0, _) => RecordParity::Even,
            (odd, even) => RecordParity::Mixed { odd, even },
        }
    }

    /// The mode in which most characters were written; binary if there are as many of each.
    pub fn likely_mode(&self) -> Mode {
        match self.parity_mode() {
            RecordParity::Odd => Mode::Binary,
            RecordParity::Even => Mode::Bcd,
            RecordParity::Mixed { odd, even } => {
                if even > odd {
                    Mode::Bcd
                } else {
                    Mode::Binary
                }
            }
        }
    }

    /// Positions, from 0, of the characters whose parity is not the mode's.
    pub fn wrong_parity(&self, mode: Mode) -> impl Iterator<Item = usize> + '_ {
        let bad = move |&(_, &frame): &(usize, &u8)| parity(frame) != mode.parity();
        self.frames.iter().enumerate().filter(bad).map(|(place, _)| place)
    }

    /// The longitudinal check character, which makes every track even. Images do not contain it.
    pub fn check_character(&self) -> u8 {
        self.frames.iter().fold(0, |check, frame| check ^ (frame & 0o177))
    }
}

/// Turns a record that is a file mark into [`Item::Mark`]: exactly one character 017, in either parity (units wrote both), or
/// several such characters, as one peer writes it, unless they make whole words.
pub(super) fn mark_or(item: Item) -> Item {
    match item {
        Item::Record(Record { frames, error: false }) if is_mark(&frames) => Item::Mark,
        item => item,
    }
}

fn is_mark(frames: &[u8]) -> bool {
    match frames {
        [one] => one & 0o77 == MARK_FRAME,
        [] => false,
        many => many.len() < 6 && many.iter().all(|&frame| frame == MARK_FRAME),
    }
}

/// Rejects a note that no word begins.
pub(super) fn check_note(note: &Note, format: TapeFormat) -> Result<(), TapeError> {
    match note.word() {
        Some(_) => Ok(()),
        None => {
            Err(TapeError::Unrepresentable { format, what: format!("{note}, which has no word of its own") })
        }
    }
}

/// Rejects records that no image, or not this format, can hold.
pub(super) fn check_writable(record: &Record, format: TapeFormat) -> Result<(), TapeError> {
    let no = |what: String| Err(TapeError::Unrepresentable { format, what });
    let longest = format.row().longest;
    if record.frames.is_empty() && !(record.error && format.has_error_bit()) {
        return no(String::from("a record without characters"));
    }
    if record.frames.len() > longest {
        return no(format!("a record of {} characters (at most {longest})", record.frames.len()));
    }
    if let Some(place) = eighth_bit(&record.frames) {
        return no(format!(
            "character {place}, {:#05o}, which has more than seven bits",
            record.frames[place]
        ));
    }
    Ok(())
}

/// The first character with more than seven bits. Most records have none, and that is found without testing each one separately.
pub(super) fn eighth_bit(frames: &[u8]) -> Option<usize> {
    let any = frames.iter().fold(0, |any, frame| any | frame);
    if any > 0o177 { frames.iter().position(|&frame| frame > 0o177) } else { None }
}
