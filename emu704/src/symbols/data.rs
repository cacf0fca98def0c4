//! Recognition of data words by their cards.

use asm704::views::View;

use super::Symbols;

/// How many characters of a variable field are shown; `...` replaces the rest.
const SHOWN: usize = 34;

impl Symbols {
    /// The operation and the variable field of the card that made a word, such as `DEC 2`, if it is DEC, OCT or BCD; long
    /// ones are cut.
    pub fn data(&self, address: u16) -> Option<String> {
        let origin = self.words.get(&address)?;
        let of_card =
            ["DEC ", "OCT ", "BCD "].iter().any(|operation| origin.statement.starts_with(operation));
        let statement = match origin.view {
            View::Characters if !of_card => format!("BCD {}", origin.statement),
            _ if of_card => origin.statement.clone(),
            _ => return None,
        };
        Some(match statement.char_indices().nth(SHOWN) {
            Some((cut, _)) => format!("{}...", &statement[..cut]),
            None => statement,
        })
    }
}
