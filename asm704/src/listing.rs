//! Lines of the listing as the assembler prints them (sap.md 6.9).
//!
//! Columns of a line: 1 carriage control, 2 to 6 flags, 8 to 12 location, 14 to 29 the word, 31 to 114 the card.

pub mod html;

use crate::Word;
use crate::chars::graphic;
pub use crate::diag::Flags;
use crate::source::Card;

/// The card shown on a line of the listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingCard {
    /// Its line in the source, from 1; 0 for the tables after END.
    pub line: usize,
    /// The position of the card's column 1 in the line, counted from 0; `None` if only words are listed.
    pub card_at: Option<usize>,
}

/// How much of a decrement is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decrement {
    Blank,
    /// Only the digits of the operation code.
    Three,
    Five,
}

/// The contents of columns 14 to 29.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Blank,
    /// A value in columns 25 to 29.
    Value(u16),
    /// An instruction with its defined fields.
    Instruction {
        word: Word,
        prefix: bool,
        decrement: Decrement,
        tag: bool,
        address: bool,
    },
    /// OCT and DEC: sign and magnitude.
    Signed(Word),
    /// BCD: twelve digits.
    Logical(Word),
}

/// The fields of a line before it becomes text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) carriage: u8,
    pub(crate) flags: Flags,
    pub(crate) location: Option<u16>,
    pub(crate) body: Body,
    pub(crate) card: Option<&'a Card>,
    /// True when the location field was deleted (REP).
    pub(crate) no_symbol: bool,
    /// True when columns 7 to 11 are blanked (REM, C/T).
    pub(crate) remark: bool,
}

struct Text([u8; 114]);

impl Text {
    /// Writes octal digits, the last one in column `last` (from 1).
    fn octal(&mut self, last: usize, digits: usize, mut value: u64) {
        for column in (last - digits..last).rev() {
            self.0[column] = b'0' + (value & 7) as u8;
            value >>= 3;
        }
    }
}

impl Line<'_> {
    pub(crate) fn text(&self) -> String {
        let mut text = Text([b' '; 114]);
        text.0[0] = graphic(self.carriage) as u8;
        for (column, letter) in (1..6).zip(self.flags.letters()) {
            text.0[column] = letter as u8;
        }
        if let Some(location) = self.location {
            text.octal(12, 5, location.into());
        }
        self.put_body(&mut text);
        if let Some(card) = self.card {
            for (column, &code) in card.columns.iter().enumerate() {
                let blanked = (self.no_symbol && column < 6) || (self.remark && (6..11).contains(&column));
                if !blanked {
                    text.0[30 + column] = graphic(code) as u8;
                }
            }
        }
        trimmed(&text.0)
    }

    fn put_body(&self, text: &mut Text) {
        match self.body {
            Body::Blank => {}
            Body::Value(value) => text.octal(29, 5, value.into()),
            Body::Instruction { word, prefix, decrement, tag, address } => {
                if prefix {
                    text.0[13] = if word.is_negative() { b'-' } else { b' ' };
                    text.octal(15, 1, u64::from(word.prefix() & 3));
                }
                let digits = u64::from(word.decrement());
                match decrement {
                    Decrement::Blank => {}
                    Decrement::Three => text.octal(19, 3, digits >> 6),
                    Decrement::Five => text.octal(21, 5, digits),
                }
                if tag {
                    text.octal(23, 1, word.tag().into());
                }
                if address {
                    text.octal(29, 5, word.address().into());
                }
            }
            Body::Signed(word) => {
                text.0[13] = if word.is_negative() { b'-' } else { b'+' };
                text.octal(26, 12, word.magnitude());
            }
            Body::Logical(word) => text.octal(26, 12, word.bits()),
        }
    }
}

fn trimmed(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned()
}

/// A line printed during the first pass: carriage control, a flag, and the card from column 7 on.
pub(crate) fn first_pass_line(carriage: char, flag: char, card: &Card) -> String {
    let mut text = vec![b' '; 6];
    text[0] = carriage as u8;
    text[1] = flag as u8;
    text.extend(card.columns.iter().map(|&code| graphic(code) as u8));
    trimmed(&text)
}

/// The six characters of a symbol in the tables after END: the heading, then the name, with leading zeros blank.
pub(crate) fn table_symbol(key: u64) -> String {
    let characters = Word::new(key).characters();
    let mut text = String::from(graphic(characters[0]));
    let mut leading = true;
    for code in &characters[1..] {
        leading &= *code == 0;
        text.push(if leading { ' ' } else { graphic(*code) });
    }
    text
}
