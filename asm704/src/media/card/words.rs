//! A deck as words: one line per card with 24 words of twelve octal digits, as `asm704 --format words` writes it.

use super::{Card, Deck, DeckError, DeckItem};
use crate::Word;

/// Reads a deck as words; empty lines are skipped.
///
/// # Errors
/// The line and column of anything else.
///
/// ```
/// use asm704::media::card::{deck_of_words, DeckItem};
///
/// let line = ["000000000144"; 24].join(" ");
/// let deck = deck_of_words(&line)?;
/// let [DeckItem::Card(card)] = &deck[..] else { panic!("a card") };
/// assert_eq!(card.words()[0].to_string(), "000000000144");
/// assert!(deck_of_words("000000000144\n").is_err());
/// # Ok::<(), asm704::media::card::DeckError>(())
/// ```
pub fn deck_of_words(text: &str) -> Result<Deck, DeckError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches('\u{1a}');
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let deck: Result<Deck, DeckError> =
        lines.map(|(n, line)| Ok(DeckItem::Card(card(n + 1, line)?))).collect();
    deck.and_then(|deck| if deck.is_empty() { Err(DeckError::Empty) } else { Ok(deck) })
}

fn card(line: usize, text: &str) -> Result<Card, DeckError> {
    let mut words = [Word::ZERO; 24];
    let mut fields = text.split_whitespace();
    let column = |field: &str| text[..field.as_ptr() as usize - text.as_ptr() as usize].chars().count() + 1;
    for (n, word) in words.iter_mut().enumerate() {
        let expected = "24 words of twelve octal digits, a card";
        let Some(field) = fields.next() else {
            let column = text.trim_end().chars().count() + 1;
            return Err(DeckError::Line { line, column, expected, found: format!("{n} words") });
        };
        *word = field.parse().map_err(|_| DeckError::Line {
            line,
            column: column(field),
            expected,
            found: format!("`{field}`"),
        })?;
    }
    match fields.next() {
        None => Ok(Card::from_words(&words)),
        Some(field) => Err(DeckError::Line {
            line,
            column: column(field),
            expected: "the end of the line after 24 words",
            found: format!("`{field}`"),
        }),
    }
}
