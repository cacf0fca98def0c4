//! A word as a person reads it: the ways, and which of them is the usual one for a place.

use asm704::Word;
use asm704::chars::{self, Graphics};
use asm704::isa;
use asm704::source::{self, BUFFER, Card, Columns, VARIABLE};
use asm704::syntax::decimal::decimal_list;

use super::wire::Refusal;
use crate::debug::Debugger;

/// A way to read a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Octal,
    Integer,
    Floating,
    Bcd,
    Instruction,
}

/// All of them, with their names.
pub(super) const ALL: [(View, &str); 5] = [
    (View::Octal, "octal"),
    (View::Integer, "integer"),
    (View::Floating, "floating"),
    (View::Bcd, "BCD"),
    (View::Instruction, "instruction"),
];

impl View {
    /// By its name.
    pub(super) fn named(name: &str) -> Option<View> {
        ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name.trim())).map(|(view, _)| *view)
    }

    /// A word in this view.
    pub(super) fn show(self, word: Word, debugger: &Debugger) -> String {
        let sign = if word.is_negative() { "-" } else { "" };
        match self {
            View::Octal => word.to_string(),
            View::Integer => format!("{sign}{}", word.magnitude()),
            View::Floating => {
                let fraction = (word.magnitude() & 0o777777777) as f64 / f64::from(1 << 27);
                let characteristic = (word.magnitude() >> 27) as i32;
                let value = fraction * f64::powi(2.0, characteristic - 128);
                // 27 bits are somewhat more than eight decimal digits
                let short = format!("{value:.8e}").parse().unwrap_or(value);
                format!("{sign}{short:?}")
            }
            View::Bcd => {
                let graphics = word.characters().map(|code| chars::to_ascii(code, Graphics::default()));
                format!("'{}'", graphics.iter().collect::<String>())
            }
            View::Instruction => debugger.disassembled(word),
        }
    }

    /// The word that a text in this view means.
    ///
    /// # Errors
    /// It means none.
    pub(super) fn read(self, text: &str) -> Result<Word, Refusal> {
        let text = text.trim();
        let wrong = |expected: &str| Refusal::new(format!("`{text}`: expected {expected}"));
        match self {
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
                match (self, is_floating) {
                    (View::Integer, true) => Err(wrong("an integer")),
                    (View::Floating, false) => Err(wrong("a number with a point or an exponent")),
                    _ => Ok(number),
                }
            }
            View::Bcd => {
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

/// The view that the card of a word suggests, as far as the word is known by a card: instructions, DEC with a point or an
/// exponent or without, BCD. Everything else is octal.
pub(super) fn usual(debugger: &Debugger, address: u16) -> View {
    card(debugger, address).map_or(View::Octal, |(_, view)| view)
}

/// A word of core in its usual view. An instruction that is as its card made it is shown with the card's own field.
pub(super) fn show(debugger: &Debugger, address: u16) -> String {
    let word = debugger.room.machine.core.peek(address);
    match card(debugger, address) {
        Some((card, View::Instruction)) if debugger.room.symbols.word(address) == Some(word) => {
            let text = |columns: &[u8]| -> String {
                columns.iter().map(|code| chars::to_ascii(*code, Graphics::default())).collect()
            };
            let field = card.columns.get(VARIABLE..card.variable_end()).unwrap_or_default();
            format!("{} {}", text(&card.columns[7..10]), text(field)).trim_end().to_owned()
        }
        Some((_, view)) => view.show(word, debugger),
        None => View::Octal.show(word, debugger),
    }
}

/// The card of a word, in whichever form it is written, and the view that it suggests.
fn card(debugger: &Debugger, address: u16) -> Option<(Card, View)> {
    let symbols = &debugger.room.symbols;
    let text = symbols.card(address)?;
    let line = symbols.line(address);
    // which item of its card the word is
    let former = (0..address).rev().take_while(|before| symbols.line(*before) == line).count();
    [source::read, source::free::read].iter().find_map(|read| {
        let card = read(text, Columns::Tape).0.into_iter().next()?;
        let view = of_card(&card, former)?;
        Some((card, view))
    })
}

/// `None` for a card without an operation, which may be read in another form.
fn of_card(card: &Card, item: usize) -> Option<View> {
    let letters = card.columns[7..10].iter().map(|code| chars::to_ascii(*code, Graphics::default()));
    let operation: String = letters.collect::<String>().trim_end().to_owned();
    match operation.as_str() {
        "DEC" => {
            let (items, _) = decimal_list(&card.columns);
            let written = card.columns.get(items.get(item)?.at.clone())?;
            let has = |graphic: char| chars::from_ascii(graphic).is_some_and(|code| written.contains(&code));
            Some(match (has('B'), has('.') || has('E')) {
                (true, _) => View::Octal,
                (false, true) => View::Floating,
                (false, false) => View::Integer,
            })
        }
        "BCD" => Some(View::Bcd),
        "OCT" => Some(View::Octal),
        "SWT" => Some(View::Instruction),
        name => isa::lookup(name).map(|_| View::Instruction),
    }
}
