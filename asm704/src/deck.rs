//! Decks: the cards that the assembler punches, and their text forms (sap.md 6).
//!
//! ```
//! use asm704::assemble::{assemble, Options};
//! use asm704::deck::{self, CardKind};
//!
//! let output = assemble("       ORG 8\n       HTR 8\n       END 8\n", &Options::default());
//! let cards: Vec<_> = output.cards().collect();
//! assert_eq!(cards.iter().map(|card| card.kind).collect::<Vec<_>>(), [CardKind::Absolute, CardKind::Transfer]);
//! // 9 left: 1 word for location 10; 9 right: the checksum; then the word
//! assert!(deck::to_words(cards.iter().copied()).starts_with("000001000010 000001000020 000000000010 0000"));
//! assert_eq!(deck::to_cbn(cards).len(), 2 * 160);
//! assert_eq!(deck::to_oct(output.core_image(), output.start()), "# start 00010\n00010 000000000010\n");
//! ```

use std::fmt::Write as _;

use crate::Word;
use crate::media::card::{Card, CardFormat, DeckItem, write_deck};

/// The kind of a punched card.
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
    /// The blank card after a symbol table.
    Blank,
}

/// A binary card: 24 words in the order 9 left, 9 right, 8 left, ... 12 right; columns 73 to 80 are not punched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeckCard {
    /// The 24 words.
    pub words: [Word; 24],
    /// Its kind.
    pub kind: CardKind,
}

impl DeckCard {
    /// The 24 words as 12 octal digits each, separated by blanks.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(24 * 13);
        for (n, word) in self.words.iter().enumerate() {
            let _ = write!(text, "{}{word}", if n == 0 { "" } else { " " });
        }
        text
    }
}

/// The deck in column binary, 160 bytes per card (sap.md 7.3).
pub fn to_cbn<'a>(cards: impl IntoIterator<Item = &'a DeckCard>) -> Vec<u8> {
    let deck: Vec<DeckItem> =
        cards.into_iter().map(|card| DeckItem::Card(Card::from_words(&card.words))).collect();
    // column binary can hold any card
    write_deck(&deck, CardFormat::Cbn).unwrap_or_default()
}

/// The deck as text: one line of 24 words per card.
pub fn to_words<'a>(cards: impl IntoIterator<Item = &'a DeckCard>) -> String {
    let mut text = String::new();
    for card in cards {
        text.push_str(&card.text());
        text.push('\n');
    }
    text
}

/// A core image as `ADDRESS WORD` lines, after a line `# start NNNNN` if there is a start.
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
