//! One word in the different ways a person may want to read it.
//!
//! A word does not show what it is. The card that made it does: [`crate::assemble::ProgramWord::view`].
//!
//! ```
//! use asm704::Word;
//! use asm704::views::View;
//!
//! let word: Word = "202622077174".parse()?;
//! assert_eq!(View::Octal.text(word), "202622077174");
//! assert_eq!(View::Integer.text(word), "17553718908");
//! assert_eq!(View::Floating.text(word), "3.14159");
//! assert_eq!(View::Characters.text(word), "+FB7Z(");
//! assert_eq!(View::Instruction.text(word), "TIX 77174,0,2622");
//! assert_eq!(View::from_name("float"), Some(View::Floating));
//! # Ok::<(), asm704::WordParseError>(())
//! ```

mod floating;

use serde::{Deserialize, Serialize};

use crate::Word;
use crate::chars::graphic;
use crate::disassemble;

/// A way to read a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// Twelve octal digits; the sign is the 4 bit of the first.
    #[default]
    Octal,
    /// A decimal integer with the binary point after bit 35: sign and magnitude, so `-0` exists.
    Integer,
    /// A floating-point number.
    Floating,
    /// Six characters of BCD in their core codes.
    Characters,
    /// Operation, address, tag and decrement, all numbers in octal.
    Instruction,
}

impl View {
    /// All views.
    pub const ALL: [View; 5] =
        [View::Octal, View::Integer, View::Floating, View::Characters, View::Instruction];

    /// Its name in commands and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            View::Octal => "octal",
            View::Integer => "integer",
            View::Floating => "floating",
            View::Characters => "characters",
            View::Instruction => "instruction",
        }
    }

    /// The view for a letter: `o` octal, `d` decimal integer, `f` floating point, `c` characters, `m` instruction. The letters are
    /// those of SIMH, and `f` in addition.
    pub const fn from_letter(letter: char) -> Option<View> {
        match letter {
            'o' => Some(View::Octal),
            'd' => Some(View::Integer),
            'f' => Some(View::Floating),
            'c' => Some(View::Characters),
            'm' => Some(View::Instruction),
            _ => None,
        }
    }

    /// Its letter for [`View::from_letter`].
    pub const fn letter(self) -> char {
        match self {
            View::Octal => 'o',
            View::Integer => 'd',
            View::Floating => 'f',
            View::Characters => 'c',
            View::Instruction => 'm',
        }
    }

    /// The view for a name, in upper or lower case: `octal`, `integer` or `decimal`, `floating` or
    /// `float`, `characters` or `bcd`, `instruction`, and the letters of [`View::from_letter`].
    pub fn from_name(name: &str) -> Option<View> {
        match name.to_ascii_lowercase().as_str() {
            "octal" | "oct" => Some(View::Octal),
            "integer" | "decimal" | "int" | "dec" => Some(View::Integer),
            "floating" | "float" => Some(View::Floating),
            "characters" | "chars" | "bcd" | "text" => Some(View::Characters),
            "instruction" | "operation" => Some(View::Instruction),
            letter => {
                let mut letters = letter.chars();
                letters.next().filter(|_| letters.as_str().is_empty()).and_then(View::from_letter)
            }
        }
    }

    /// The word as text: one line of ASCII without terminal control characters. Addresses of instructions are octal.
    pub fn text(self, word: Word) -> String {
        self.text_with(word, |address| format!("{address:o}"))
    }

    /// The text as from [`View::text`]; `address` writes the address of an instruction, which may have a symbol.
    pub fn text_with(self, word: Word, address: impl Fn(u16) -> String) -> String {
        match self {
            View::Octal => word.to_string(),
            View::Integer => integer(word),
            View::Floating => floating::text(word),
            View::Characters => characters(word),
            View::Instruction => {
                let (operation, fields) = disassemble::octal_instruction(word, address);
                format!("{operation:3} {fields}").trim_end().to_owned()
            }
        }
    }

    /// The text as from [`View::text`], but showing its type: characters in quotes, which make blanks visible, and a plain
    /// octal word as in an `OCT` card.
    ///
    /// ```
    /// use asm704::{Word, views::View};
    ///
    /// let word: Word = "302321606060".parse()?;
    /// assert_eq!(View::Characters.quoted(word), "\"HCA   \"");
    /// # Ok::<(), asm704::WordParseError>(())
    /// ```
    pub fn quoted(self, word: Word) -> String {
        match self {
            View::Characters => format!("\"{}\"", self.text(word)),
            View::Octal | View::Integer | View::Floating | View::Instruction => self.text(word),
        }
    }
}

/// Sign and magnitude; minus zero is `-0`.
fn integer(word: Word) -> String {
    let sign = if word.is_negative() { "-" } else { "" };
    format!("{sign}{}", word.magnitude())
}

/// The six characters; every core code has a graphic.
fn characters(word: Word) -> String {
    word.characters().into_iter().map(graphic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        text.parse().unwrap()
    }

    #[test]
    fn minus_zero_is_told_from_zero() {
        assert_eq!(View::Integer.text(word("-0")), "-0");
        assert_eq!(View::Integer.text(word("0")), "0");
        assert_eq!(View::Integer.text(word("-12")), "-10");
        assert_eq!(View::Floating.text(word("-0")), "-0.0");
        assert_eq!(View::Floating.text(word("0")), "0.0");
    }

    #[test]
    fn every_code_is_a_character_that_can_be_seen() {
        for code in 0..64 {
            let text = View::Characters.text(Word::from_characters([code; 6]));
            assert_eq!(text.len(), 6);
            assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{code:o}: {text:?}");
        }
        // H is 30, blank 60 (the table of the codes)
        assert_eq!(View::Characters.text(word("302543434660")), "HELLO ");
    }

    #[test]
    fn an_instruction_is_octal_through_and_through() {
        // TIX 77174,4,2622: prefix 2, decrement 02622, tag 4
        assert_eq!(View::Instruction.text(word("202622477174")), "TIX 77174,4,2622");
        // a count of places (ALS 18) is octal as well
        assert_eq!(View::Instruction.text(word("076700000022")), "ALS 22");
        // a small number counted down stays the octal number in the word
        assert_eq!(View::Instruction.text(word("177776100010")), "TXI 10,1,77776");
        let named = View::Instruction.text_with(word("050000000144"), |address| format!("<{address}>"));
        assert_eq!(named, "CLA <100>");
    }

    #[test]
    fn names_and_letters_lead_back() {
        for view in View::ALL {
            assert_eq!(View::from_letter(view.letter()), Some(view));
            assert_eq!(View::from_name(view.name()), Some(view));
            #[cfg(feature = "cli")]
            assert_eq!(serde_json::to_string(&view).unwrap(), format!("\"{}\"", view.name()));
        }
        assert_eq!(View::from_name("BCD"), Some(View::Characters));
        assert_eq!(View::from_name(""), None);
        assert_eq!(View::from_name("od"), None);
    }
}
