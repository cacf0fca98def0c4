//! A word as a person reads it and sets it in an editor: the views, and which of them is the usual one for a place.

use asm704::Word;
use asm704::chars;
use asm704::source::{BUFFER, VARIABLE};
use asm704::syntax::decimal::decimal_list;
use asm704::views::View;

use super::wire::Refusal;
use crate::debug::Debugger;

/// The views with the names that an editor shows.
pub(super) const ALL: [(View, &str); 5] = [
    (View::Octal, "octal"),
    (View::Integer, "integer"),
    (View::Floating, "floating"),
    (View::Characters, "BCD"),
    (View::Instruction, "instruction"),
];

/// A view by its name.
pub(super) fn named(name: &str) -> Option<View> {
    ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name.trim())).map(|(view, _)| *view)
}

/// A word in a view. Characters are in quotes, as they are set.
pub(super) fn text(view: View, word: Word, debugger: &Debugger) -> String {
    match view {
        View::Characters => format!("'{}'", view.text(word)),
        View::Instruction => debugger.disassembled(word),
        View::Octal | View::Integer | View::Floating => view.text(word),
    }
}

/// The word that a text in this view means.
///
/// # Errors
/// It means none.
pub(super) fn read(view: View, text: &str) -> Result<Word, Refusal> {
    let text = text.trim();
    let wrong = |expected: &str| Refusal::new(format!("`{text}`: expected {expected}"));
    match view {
        View::Integer | View::Floating => {
            let number = decimal(text).ok_or_else(|| wrong("a decimal number that a word can hold"))?;
            let is_floating = text.contains(['.', 'e', 'E']);
            // the assembler keeps what fits of a longer one, as it did on a card
            let sign = |c| matches!(c, '+' | '-');
            let digits = text.trim_start_matches(sign);
            if digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse().map_or(true, |number: u64| number >> 35 != 0)
            {
                return Err(wrong("an integer up to 34359738367"));
            }
            match (view, is_floating) {
                (View::Integer, true) => Err(wrong("an integer")),
                (View::Floating, false) => Err(wrong("a number with a point or an exponent")),
                _ => Ok(number),
            }
        }
        View::Characters => {
            let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
            let codes = chars::encode(text).map_err(|_| wrong("characters of the 704"))?;
            if codes.len() > 6 {
                return Err(wrong("at most 6 characters"));
            }
            let mut six = [chars::from_ascii(' ').unwrap_or_default(); 6];
            six[..codes.len()].copy_from_slice(&codes);
            Ok(Word::from_characters(six))
        }
        View::Octal | View::Instruction => Ok(text.parse()?),
    }
}

/// A number as a card DEC has it, by the assembler's own conversion.
fn decimal(text: &str) -> Option<Word> {
    let codes = chars::encode(&text.to_ascii_uppercase()).ok()?;
    let mut columns = [chars::from_ascii(' ')?; BUFFER];
    let field = VARIABLE..VARIABLE + codes.len();
    columns.get_mut(field.clone())?.copy_from_slice(&codes);
    let (items, end) = decimal_list(&columns);
    match items.as_slice() {
        [item] if end == field.end && !codes.is_empty() => item.word,
        _ => None,
    }
}

/// The view that the card of a word suggests; octal where no card does.
pub(super) fn usual(debugger: &Debugger, address: u16) -> View {
    debugger.room.symbols.view(address).unwrap_or_default()
}

/// A word of core in its usual view. An instruction that is as its card made it is shown with the card's own field.
pub(super) fn show(debugger: &Debugger, address: u16) -> String {
    let word = debugger.room.machine.core.peek(address);
    let view = usual(debugger, address);
    match debugger.room.symbols.statement(address, word) {
        Some(statement) if view == View::Instruction => statement.to_owned(),
        _ => text(view, word, debugger),
    }
}
