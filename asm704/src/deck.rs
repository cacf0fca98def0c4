//! Decks: the cards that the assembler punches, and their text forms (sap.md 6).

use std::fmt::Write as _;

use crate::Word;
use crate::chars::Punches;

/// What a punched card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// Absolute binary, up to 22 words (ABS).
    Absolute,
    /// Relocatable binary, up to 20 words (REL).
    Relocatable,
    /// 24 words without a control word (FUL).
    Full,
    /// A transfer card (TCD, END): one word, no checksum; blank for a transfer to 0.
    Transfer,
    /// A card of a symbol table (PST, FST, WST).
    SymbolTable,
    /// The blank card behind a symbol table.
    Blank,
}

/// A binary card: 24 words in the order 9 left, 9 right, 8 left, ... 12 right; columns 73 to 80 are not punched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeckCard {
    /// The 24 words.
    pub words: [Word; 24],
    /// What it is.
    pub kind: CardKind,
}

/// Rows of a card in the order of the words, as the bit of a column.
const ROWS: [Punches; 12] =
    [0o0001, 0o0002, 0o0004, 0o0010, 0o0020, 0o0040, 0o0100, 0o0200, 0o0400, 0o1000, 0o2000, 0o4000];

impl DeckCard {
    /// The punches of the 80 columns.
    pub fn columns(&self) -> [Punches; 80] {
        let mut columns = [0; 80];
        for (row, &punch) in ROWS.iter().enumerate() {
            for (half, word) in self.words[2 * row..2 * row + 2].iter().enumerate() {
                for bit in 0..36 {
                    if word.bits() >> (35 - bit) & 1 != 0 {
                        columns[36 * half + bit] |= punch;
                    }
                }
            }
        }
        columns
    }

    /// The 24 words of 12 octal digits, separated by blanks.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(24 * 13);
        for (n, word) in self.words.iter().enumerate() {
            let _ = write!(text, "{}{word}", if n == 0 { "" } else { " " });
        }
        text
    }
}

/// Column binary: 160 bytes a card, two a column, odd parity in bit 6, bit 7 in the first byte of each card
/// (sap.md 7.3).
pub fn to_cbn<'a>(cards: impl IntoIterator<Item = &'a DeckCard>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for card in cards {
        let start = bytes.len();
        for column in card.columns() {
            for half in [column >> 6, column & 0o77] {
                let byte = half as u8;
                let parity = if byte.count_ones().is_multiple_of(2) { 0o100 } else { 0 };
                bytes.push(byte | parity);
            }
        }
        bytes[start] |= 0o200;
    }
    bytes
}

/// A line a card, 24 words each.
pub fn to_words<'a>(cards: impl IntoIterator<Item = &'a DeckCard>) -> String {
    let mut text = String::new();
    for card in cards {
        text.push_str(&card.text());
        text.push('\n');
    }
    text
}

/// A core image as `ADDRESS WORD` lines, headed by `# start NNNNN` when there is a start.
pub fn to_oct(image: impl IntoIterator<Item = (u16, Word)>, start: Option<u16>) -> String {
    let mut text = String::new();
    if let Some(start) = start {
        let _ = writeln!(text, "# start {start:05o}");
    }
    for (address, word) in image {
        let _ = writeln!(text, "{address:05o} {word}");
    }
    text
}
