//! Characters, their parity, and the words that they make.

use super::{Item, Note, Record, TapeError, TapeFormat};
use crate::{Word, chars};

/// Track C of a character.
pub const PARITY_BIT: u8 = 0o100;

/// The character of a file mark: 8-4-2-1 without C.
pub const MARK_FRAME: u8 = 0o017;

/// In which of its two ways a unit is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Odd parity, six bits as they are.
    Binary,
    /// Even parity, characters translated (see [`chars`]).
    Bcd,
}

impl Mode {
    /// The parity of every good character.
    pub const fn parity(self) -> Parity {
        match self {
            Mode::Binary => Parity::Odd,
            Mode::Bcd => Parity::Even,
        }
    }
}

/// Of the seven bits of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// As binary mode writes.
    Odd,
    /// As BCD mode writes.
    Even,
}

/// The parities that the characters of a record have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordParity {
    /// All odd: a binary record.
    Odd,
    /// All even: a BCD record.
    Even,
    /// Some of both: a record that was damaged.
    Mixed {
        /// How many are odd.
        odd: usize,
        /// How many are even.
        even: usize,
    },
}

/// The parity of a character's seven bits.
pub const fn parity(frame: u8) -> Parity {
    if (frame & 0o177).count_ones() % 2 == 1 { Parity::Odd } else { Parity::Even }
}

/// The character of six bits, with the parity bit that the mode wants. The six bits are the tape code.
pub const fn frame(tape_code: u8, mode: Mode) -> u8 {
    let code = tape_code & 0o77;
    match (parity(code), mode.parity()) {
        (Parity::Odd, Parity::Odd) | (Parity::Even, Parity::Even) => code,
        _ => code | PARITY_BIT,
    }
}

/// The record that a program writes with these words.
pub fn record_from_words(words: &[Word], mode: Mode) -> Record {
    let code = |core| match mode {
        Mode::Binary => core,
        Mode::Bcd => chars::core_to_tape(core),
    };
    Record::new(words.iter().flat_map(|word| word.characters().map(|core| frame(code(core), mode))).collect())
}

/// The words that a program reads from a record, whatever its parity. Characters that do not fill the last word are
/// delivered left-justified, with zeros behind them (UNVERIFIED: a guess; see docs/ for the other rules).
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

    /// The mode that most characters were written in; binary when as many were written in either.
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

    /// Places, from 0, of the characters whose parity is not the mode's.
    pub fn wrong_parity(&self, mode: Mode) -> impl Iterator<Item = usize> + '_ {
        let bad = move |&(_, &frame): &(usize, &u8)| parity(frame) != mode.parity();
        self.frames.iter().enumerate().filter(bad).map(|(place, _)| place)
    }

    /// The longitudinal check character: makes every track even. Images do not hold it.
    pub fn check_character(&self) -> u8 {
        self.frames.iter().fold(0, |check, frame| check ^ (frame & 0o177))
    }
}

/// One character 017, in either parity, and nothing else is a file mark (units wrote both); so is a mark of several such
/// characters, as one peer has it, unless they make whole words.
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

/// A note that no word begins.
pub(super) fn check_note(note: &Note, format: TapeFormat) -> Result<(), TapeError> {
    match note.word() {
        Some(_) => Ok(()),
        None => {
            Err(TapeError::Unrepresentable { format, what: format!("{note}, which has no word of its own") })
        }
    }
}

/// What no image, or not this form, can hold.
pub(super) fn check_writable(record: &Record, format: TapeFormat) -> Result<(), TapeError> {
    let no = |what: String| Err(TapeError::Unrepresentable { format, what });
    let longest = format.row().longest;
    if record.frames.is_empty() && !(record.error && format.has_error_bit()) {
        return no(String::from("a record without characters"));
    }
    if record.frames.len() > longest {
        return no(format!("a record of {} characters (at most {longest})", record.frames.len()));
    }
    if let Some(place) = record.frames.iter().position(|&frame| frame > 0o177) {
        return no(format!(
            "character {place}, {:#05o}, which has more than seven bits",
            record.frames[place]
        ));
    }
    Ok(())
}
