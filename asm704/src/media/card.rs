//! Cards, and decks in files.
//!
//! A [`Card`] has 80 columns of 12 rows. The card machines of the 704 see 72 of them as 24 words, two per row; the rows go
//! from 9 to 12. docs/formats.md describes the file formats (source: CARD).

mod binary;
mod checksum;
mod deck;
mod edit;
mod field;
mod kind;
mod later;
mod loose;
mod pieces;
mod program;
mod relocation;
mod select;
mod text;
mod words;

use crate::Word;
use crate::chars::{self, Graphics, Punches};

pub use checksum::{CardSum, Summed};
pub use deck::{CardFormat, Deck, DeckError, DeckItem, read_deck, recognise, write_deck};
pub(in crate::media) use deck::{damaged_form, recognise_form};
pub use edit::{Change, Edit, EditError, InsertAt, SumRule};
pub use field::{CardWord, SetWord};
pub use kind::CardKind;
pub use later::{later_loader, later_operations};
pub use pieces::{Piece, PieceEnd, pieces};
pub use program::ProgramCard;
pub use relocation::RelocatedFields;
pub use select::CardList;
pub use text::stand_ins;
pub use words::deck_of_words;

/// Columns of a card.
pub const COLUMNS: usize = 80;

/// Columns that the 704 reads and punches: 1 to 72.
pub const COLUMNS_OF_704: usize = 72;

/// One card: the punches of its columns. Column 1 is `columns[0]`; row 12 is 0o4000, row 9 is 0o0001.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Card {
    /// Twelve bits per column; the other bits are zero.
    pub columns: [Punches; COLUMNS],
}

impl Card {
    /// A card without a hole.
    pub const BLANK: Card = Card { columns: [0; COLUMNS] };

    /// The card made of 24 words, in the order of the card machines: row 9 columns 1-36, row 9 columns 37-72, row 8, ...,
    /// row 1, row 0, row 11, row 12. Bit S is column 1 or 37. Columns 73-80 stay blank.
    pub fn from_words(words: &[Word; 24]) -> Card {
        let mut card = Card::BLANK;
        for (n, word) in words.iter().enumerate() {
            for bit in 0..36 {
                if word.bits() >> (35 - bit) & 1 == 1 {
                    card.columns[n % 2 * 36 + bit] |= 1 << (n / 2);
                }
            }
        }
        card
    }

    /// The 24 words of columns 1-72, in the order of the card machines.
    pub fn words(&self) -> [Word; 24] {
        std::array::from_fn(|n| {
            let half = &self.columns[n % 2 * 36..][..36];
            Word::new(half.iter().fold(0, |bits, column| bits << 1 | u64::from(column >> (n / 2) & 1)))
        })
    }

    /// Punches a line of text from column 1 on, as a keypunch does.
    ///
    /// # Errors
    /// The column, from 1, and the character that the 704 does not have or that lies beyond column 80.
    pub fn from_text(text: &str) -> Result<Card, (usize, char)> {
        let mut card = Card::BLANK;
        for (n, c) in text.chars().enumerate() {
            match (card.columns.get_mut(n), chars::from_ascii(c)) {
                (Some(column), Some(core)) => *column = chars::to_punches(core),
                (None, Some(chars::BLANK)) => {}
                _ => return Err((n + 1, c)),
            }
        }
        Ok(card)
    }

    /// The characters of the columns, without trailing blanks; `None` if a column has punches that are not a character.
    pub fn to_text(&self, graphics: Graphics) -> Option<String> {
        let text: Option<String> = self
            .columns
            .iter()
            .map(|&column| chars::from_punches(column).map(|core| chars::to_ascii(core, graphics)))
            .collect();
        text.map(|text| text.trim_end().to_owned())
    }

    /// True for a card without a hole.
    pub fn is_blank(&self) -> bool {
        *self == Card::BLANK
    }

    /// True if columns 73-80, which the 704 does not see, have punches.
    pub fn has_identification(&self) -> bool {
        self.columns[COLUMNS_OF_704..].iter().any(|&column| column != 0)
    }
}

impl Default for Card {
    fn default() -> Self {
        Card::BLANK
    }
}
