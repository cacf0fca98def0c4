//! Which words are data by their cards.

use asm704::chars::{Graphics, to_ascii};
use asm704::source::{self, Columns, VARIABLE};

use super::Symbols;

/// Characters of a variable field that are shown; the rest is `...`.
const SHOWN: usize = 30;

/// Characters of a word.
const CHARACTERS: usize = 6;

impl Symbols {
    /// The operation and the variable field of the card that made a word, such as `DEC 2`, when it is DEC, OCT or BCD; long
    /// ones are cut.
    pub fn data(&self, address: u16) -> Option<String> {
        let text = self.card(address)?;
        let in_library = self.line(address).is_some_and(|(routine, _)| routine.is_some());
        let read = if self.free && !in_library { source::free::read } else { source::read };
        let card = read(text, Columns::Tape).0.into_iter().next()?;
        let characters = |codes: &[u8]| -> String {
            codes.iter().map(|&code| to_ascii(code, Graphics::default())).collect()
        };
        let operation = characters(card.columns.get(7..10)?);
        let end = match operation.as_str() {
            "DEC" | "OCT" => card.variable_end(),
            "BCD" => {
                let count = characters(&card.columns[VARIABLE..=VARIABLE]).parse().unwrap_or(10);
                VARIABLE + 1 + count * CHARACTERS
            }
            _ => return None,
        };
        let field = characters(card.columns.get(VARIABLE..end)?);
        let field = field.trim_end();
        Some(match field.char_indices().nth(SHOWN) {
            Some((cut, _)) => format!("{operation} {}...", &field[..cut]),
            None => format!("{operation} {field}").trim_end().to_owned(),
        })
    }
}
