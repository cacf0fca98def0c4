//! A word as a person reads it: the ways, and which of them is the usual one for a place.

use asm704::Word;
use asm704::chars::{self, Graphics};

use super::wire::Refusal;
use crate::debug::Debugger;

/// A way to read a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Octal,
    Integer,
    Floating,
    Bcd,
    Instruction,
}

/// All of them, with their names.
pub(super) const ALL: [(View, &str); 5] = [
    (View::Octal, "octal"),
    (View::Integer, "integer"),
    (View::Floating, "floating"),
    (View::Bcd, "BCD"),
    (View::Instruction, "instruction"),
];

impl View {
    /// By its name.
    pub(super) fn named(name: &str) -> Option<View> {
        ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name.trim())).map(|(view, _)| *view)
    }

    /// A word in this view.
    pub(super) fn show(self, word: Word, debugger: &Debugger) -> String {
        let sign = if word.is_negative() { "-" } else { "" };
        match self {
            View::Octal => word.to_string(),
            View::Integer => format!("{sign}{}", word.magnitude()),
            View::Floating => {
                let fraction = (word.magnitude() & 0o777777777) as f64 / f64::from(1 << 27);
                let characteristic = (word.magnitude() >> 27) as i32;
                format!("{sign}{}", fraction * f64::powi(2.0, characteristic - 128))
            }
            View::Bcd => {
                let graphics = word.characters().map(|code| chars::to_ascii(code, Graphics::default()));
                format!("'{}'", graphics.iter().collect::<String>())
            }
            View::Instruction => debugger.disassembled(word),
        }
    }

    /// The word that a text in this view means.
    ///
    /// # Errors
    /// It means none.
    pub(super) fn read(self, text: &str) -> Result<Word, Refusal> {
        let text = text.trim();
        let wrong = |expected: &str| Refusal::new(format!("`{text}`: expected {expected}"));
        match self {
            View::Octal => Ok(text.parse()?),
            View::Integer => {
                let zero = text.starts_with('-').then_some(Word::new(1 << 35));
                let value = text.parse::<i64>().ok().and_then(Word::from_i64);
                let value = value.ok_or_else(|| wrong("a decimal integer of at most 35 bits"))?;
                Ok(if value.magnitude() == 0 { zero.unwrap_or(value) } else { value })
            }
            View::Bcd => {
                let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
                let codes = chars::encode(text).map_err(|_| wrong("characters of the 704"))?;
                if codes.len() > 6 {
                    return Err(wrong("at most 6 characters"));
                }
                let mut six = [chars::from_ascii(' ').unwrap_or_default(); 6];
                six[..codes.len()].copy_from_slice(&codes);
                Ok(Word::from_characters(six))
            }
            View::Floating | View::Instruction => {
                Err(Refusal::new("a word is set as octal, as an integer or as BCD text"))
            }
        }
    }
}

/// The word at an address in the view that its card suggests.
pub(super) fn usual(debugger: &Debugger, address: u16) -> String {
    debugger.room.machine.core.peek(address).to_string()
}
