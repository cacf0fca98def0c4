//! Decks in files: recognising the format, reading and writing.

use std::fmt;

use super::{Card, binary, loose, text};
use crate::media::file_kind::{FileKind, Place, Slice, what_is};

/// The formats of deck files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CardFormat {
    /// Column binary, `.cbn`: 160 bytes per card with odd parity, bit 7 on the first.
    #[default]
    Cbn,
    /// SIMH's binary form, often `.dck`: 160 bytes per card, 4 and 8 rows.
    SimhBinary,
    /// SIMH's BCD form: one byte per column with even parity, bit 7 on the first.
    SimhBcd,
    /// Text, one line per card.
    Text,
}

impl CardFormat {
    /// All formats.
    pub const ALL: [CardFormat; 4] =
        [CardFormat::Cbn, CardFormat::SimhBinary, CardFormat::SimhBcd, CardFormat::Text];

    /// The word for the format in commands.
    pub const fn keyword(self) -> &'static str {
        match self {
            CardFormat::Cbn => "cbn",
            CardFormat::SimhBinary => "bin",
            CardFormat::SimhBcd => "bcd",
            CardFormat::Text => "text",
        }
    }

    /// The format that an ending, without the dot, asks for in a new file. (The format of an existing file never depends on it.)
    pub fn from_extension(extension: &str) -> Option<CardFormat> {
        match extension.to_ascii_lowercase().as_str() {
            "cbn" => Some(CardFormat::Cbn),
            "bin" | "dck" => Some(CardFormat::SimhBinary),
            "bcd" => Some(CardFormat::SimhBcd),
            "txt" | "text" | "crd" | "sap" => Some(CardFormat::Text),
            _ => None,
        }
    }
}

impl fmt::Display for CardFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CardFormat::Cbn => "column binary (.cbn)",
            CardFormat::SimhBinary => "SIMH binary",
            CardFormat::SimhBcd => "SIMH BCD",
            CardFormat::Text => "text",
        })
    }
}

/// One item in a hopper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeckItem {
    /// A card.
    Card(Card),
    /// The deck ends here for the program: the reader signals an end of file.
    EndOfFile,
}

/// The largest number of cards in a deck: as many as fit in a file of [`crate::media::file_kind::LARGEST_DECK`] bytes in column
/// binary. Every card takes the same memory, even if its line is short.
pub(super) const MOST_CARDS: usize = 419_430;

/// The contents of a hopper, in the order they are read.
pub type Deck = Vec<DeckItem>;

/// A defect in the bytes of a deck. Offsets are in bytes; cards, lines and columns are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeckError {
    /// The file has no bytes.
    #[error("the file is empty: expected a deck of at least one card")]
    Empty,
    /// The file matches no format.
    #[error("not a deck of cards: {reason}")]
    NotADeck {
        /// The reason.
        reason: String,
    },
    /// There are too many cards.
    #[error("expected at most {MOST_CARDS} cards, found more")]
    TooMany,
    /// A card is damaged.
    #[error("card {card} at offset {offset}: expected {expected}, found {found}")]
    Damaged {
        /// The card.
        card: usize,
        /// The offset of the card, or of its wrong byte.
        offset: usize,
        /// The expected bytes.
        expected: String,
        /// The bytes found.
        found: String,
    },
    /// A line of a text deck is not a card.
    #[error("line {line}, column {column}: expected {expected}, found {found}")]
    Line {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The expected text.
        expected: &'static str,
        /// The text found.
        found: String,
    },
    /// The format cannot hold an item of the deck.
    #[error("card {card}: {format} cannot hold {what}")]
    Unrepresentable {
        /// The number of the item in the deck.
        card: usize,
        /// The format.
        format: CardFormat,
        /// What it cannot hold.
        what: String,
    },
}

/// A format and how it was recognised.
pub(in crate::media) struct Found {
    pub(in crate::media) form: CardFormat,
    pub(in crate::media) how: &'static str,
    /// A warning for the user.
    pub(in crate::media) warning: Option<String>,
}

/// The format of a deck, decided only by its bytes, and a phrase that says how it was recognised.
///
/// # Errors
/// The first defect of a damaged deck; [`DeckError::NotADeck`] says what the file is instead.
pub fn recognise(bytes: &[u8]) -> Result<(CardFormat, &'static str), DeckError> {
    match recognise_form(bytes) {
        Ok(found) => Ok((found.form, found.how)),
        Err(DeckError::NotADeck { reason }) => {
            let found = what_is(&mut Slice(bytes), Place::Hopper, None);
            let named = found.ok().filter(|found| found.kind != FileKind::Unknown);
            let named = named.and_then(|found| found.refusal(Place::Hopper));
            Err(DeckError::NotADeck { reason: named.unwrap_or(reason) })
        }
        Err(error) => Err(error),
    }
}

/// The format as from [`recognise`]; an error does not say what else the file is.
pub(in crate::media) fn recognise_form(bytes: &[u8]) -> Result<Found, DeckError> {
    let found = |form, how| Ok(Found { form, how, warning: None });
    if bytes.is_empty() {
        return Err(DeckError::Empty);
    }
    if text::looks_like(bytes) {
        return found(CardFormat::Text, "lines of text");
    }
    if binary::read_cbn(bytes).is_ok() {
        return found(CardFormat::Cbn, "160 bytes a card, odd parity everywhere, bit 7 on the first of each");
    }
    if binary::read_bcd(bytes).is_ok() {
        let how = "at most 80 bytes a card, even parity everywhere, bit 7 on the first of each";
        return found(CardFormat::SimhBcd, how);
    }
    if binary::read_simh(bytes).is_ok() {
        return found(CardFormat::SimhBinary, "160 bytes a card, the low four bits of every other byte zero");
    }
    if let Some((_, wrong)) = loose::read(bytes) {
        let how = "160 bytes a card, though parity or bit 7 of the first is wrong";
        let warning = Some(format!("{wrong}: read anyway"));
        return Ok(Found { form: CardFormat::Cbn, how, warning });
    }
    // a damaged deck is reported by its first defect
    match damaged_form(bytes) {
        Some(CardFormat::Cbn) => _ = binary::read_cbn(bytes)?,
        Some(CardFormat::SimhBcd) => _ = binary::read_bcd(bytes)?,
        Some(CardFormat::SimhBinary) => _ = binary::read_simh(bytes)?,
        Some(CardFormat::Text) | None => {}
    }
    let start: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let n = bytes.len();
    let reason = format!(
        "expected text, or cards of 160 bytes with odd parity (.cbn) or in SIMH's binary or BCD form, found {n} bytes that begin {}",
        start.join(" ")
    );
    Err(DeckError::NotADeck { reason })
}

/// The format that fits most bytes of a damaged deck.
pub(in crate::media) fn damaged_form(bytes: &[u8]) -> Option<CardFormat> {
    if bytes.first()? & 0x80 != 0 {
        let odd = bytes.iter().filter(|byte| (*byte & 0x7f).count_ones() % 2 == 1).count();
        if odd * 8 >= bytes.len() * 7 {
            return Some(CardFormat::Cbn);
        }
        if (bytes.len() - odd) * 8 >= bytes.len() * 7 {
            return Some(CardFormat::SimhBcd);
        }
    }
    let nibbles = bytes.iter().step_by(2).filter(|byte| byte.trailing_zeros() >= 4).count();
    (bytes.len() > 16 && nibbles * 16 >= bytes.len() * 7).then_some(CardFormat::SimhBinary)
}

/// Reads a deck, in the given format or in the one that its bytes show.
pub fn read_deck(bytes: &[u8], form: Option<CardFormat>) -> Result<Deck, DeckError> {
    if bytes.is_empty() {
        return Err(DeckError::Empty);
    }
    let form = match form {
        Some(form) => form,
        None => recognise(bytes)?.0,
    };
    match form {
        CardFormat::Cbn => {
            binary::read_cbn(bytes).or_else(|error| loose::read(bytes).map(|(deck, _)| deck).ok_or(error))
        }
        CardFormat::SimhBinary => binary::read_simh(bytes),
        CardFormat::SimhBcd => binary::read_bcd(bytes),
        CardFormat::Text => text::read(bytes),
    }
}

/// Writes a deck as bytes.
///
/// # Errors
/// [`DeckError::Unrepresentable`]: an end of file in SIMH's binary form, or a column in its BCD form that is not a character.
pub fn write_deck(deck: &[DeckItem], form: CardFormat) -> Result<Vec<u8>, DeckError> {
    let mut bytes = Vec::new();
    for (n, item) in deck.iter().enumerate() {
        let no = |what: String| DeckError::Unrepresentable { card: n + 1, format: form, what };
        match (form, item) {
            (CardFormat::Cbn, DeckItem::Card(card)) => bytes.extend(binary::cbn(card)),
            (CardFormat::SimhBinary, DeckItem::Card(card)) => bytes.extend(binary::simh(card)),
            (CardFormat::SimhBinary, DeckItem::EndOfFile) => return Err(no(String::from("an end of file"))),
            (CardFormat::SimhBcd, DeckItem::Card(card)) => {
                let column = |at| no(format!("the punches of column {at}, which are not a character"));
                bytes.extend(binary::bcd(card).map_err(column)?);
            }
            (CardFormat::Cbn | CardFormat::SimhBcd, DeckItem::EndOfFile) => bytes.push(binary::END_OF_FILE),
            (CardFormat::Text, item) => bytes.extend(text::line(item).bytes()),
        }
    }
    Ok(bytes)
}
