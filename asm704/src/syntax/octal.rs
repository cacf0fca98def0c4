//! OCT lists and BCD text (sap.md 3.1, 3.2).

use std::ops::Range;

use crate::Word;
use crate::chars::BLANK;
use crate::source::{BUFFER, VARIABLE};

/// The items of an OCT list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OctalList {
    /// One word per item, and the columns of the item (counted from 0).
    pub items: Vec<(Word, Range<usize>)>,
    /// The column of the character that ended the list; [`BUFFER`] at the end of the card.
    pub end: usize,
}

const PLUS: u8 = 0o20;
const MINUS: u8 = 0o40;
const COMMA: u8 = 0o73;

/// Reads a list: digits 0 to 7 shift in, `+` does nothing, `-` sets the sign bit, a comma ends a word, and any other
/// character ends the list. The sign bit, once set, stays.
pub fn octal_list(columns: &[u8; BUFFER]) -> OctalList {
    let mut items = Vec::new();
    let mut word = 0u64;
    let mut start = VARIABLE;
    let mut end = BUFFER;
    for (column, &code) in columns.iter().enumerate().skip(VARIABLE) {
        match code {
            0..=7 => {
                let shifted = ((word & Word::MAGNITUDE) << 3) | u64::from(code);
                word = (word & Word::SIGN) | (shifted & Word::MASK);
            }
            PLUS => {}
            MINUS => word |= Word::SIGN,
            COMMA => {
                items.push((Word::new(word), start..column));
                word = 0;
                start = column + 1;
            }
            _ => {
                end = column;
                break;
            }
        }
    }
    items.push((Word::new(word), start..end));
    OctalList { items, end }
}

/// The number of words a BCD card makes: the code in column 12 if it is 0 to 10, otherwise 10.
pub fn bcd_count(columns: &[u8; BUFFER]) -> usize {
    match columns[VARIABLE] {
        count @ 0..=10 => usize::from(count),
        _ => 10,
    }
}

/// The words of a BCD card: text from column 13, never beyond column 72, six columns per word.
pub fn bcd_words(columns: &[u8; BUFFER]) -> Vec<Word> {
    (0..bcd_count(columns))
        .map(|n| {
            let first = VARIABLE + 1 + 6 * n;
            Word::from_characters(std::array::from_fn(|i| {
                let column = first + i;
                if column < 72 { columns[column] } else { BLANK }
            }))
        })
        .collect()
}
