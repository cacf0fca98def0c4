//! Words as a teacher writes them: whole numbers, numbers with a point, octal words, places of the program.

use asm704::Word;
use serde::Deserialize;

/// Two floating-point numbers are the same when they differ by less than this part of the larger one: the 704 keeps 27 bits, and the
/// order of the operations decides on the last ones.
const NEAR: f64 = 1e-6;

/// A word.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number, as DEC makes it.
    Whole(i64),
    /// A floating-point number. Compared, it need only be near.
    Real(f64),
    /// Octal digits, or a symbol of the program, whose address is meant.
    Text(String),
}

/// A word, or words that lie one behind the other.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Values {
    /// A word.
    One(Value),
    /// Words.
    Many(Vec<Value>),
}

impl Values {
    /// The words, in order.
    pub fn list(&self) -> &[Value] {
        match self {
            Values::One(value) => std::slice::from_ref(value),
            Values::Many(values) => values,
        }
    }
}

impl Value {
    /// The word. `place` finds symbols.
    ///
    /// # Errors
    /// It does not fit into a word, or is neither an octal word nor a symbol.
    pub fn word(&self, place: &dyn Fn(&str) -> Result<u16, String>) -> Result<Word, String> {
        match self {
            Value::Whole(value) => {
                Word::from_i64(*value).ok_or_else(|| format!("{value} does not fit into 35 bits"))
            }
            Value::Real(value) => {
                to_word(*value).ok_or_else(|| format!("{value:?} is no number that the 704 has"))
            }
            Value::Text(text) => match text.parse() {
                Ok(word) => Ok(word),
                Err(_) => place(text).map(|address| Word::new(address.into())),
            },
        }
    }

    /// A word of the machine is the one that is meant.
    pub(super) fn is(&self, expected: Word, found: Word) -> bool {
        let Value::Real(value) = self else { return expected == found };
        let (value, found) = (*value, from_word(found));
        (value - found).abs() <= NEAR * value.abs().max(found.abs())
    }

    /// A word in the manner of this one: decimal where this is decimal.
    pub(super) fn show(&self, word: Word) -> String {
        match self {
            Value::Whole(_) if word.is_negative() && word.magnitude() == 0 => "-0 (400000000000)".to_owned(),
            Value::Whole(_) => format!("{} ({word})", word.to_i64()),
            Value::Real(_) => format!("{} ({word})", short(from_word(word))),
            Value::Text(_) => word.to_string(),
        }
    }
}

/// At most eight figures: a word has no more.
fn short(value: f64) -> String {
    if value == 0.0 || (1e-3..1e8).contains(&value.abs()) {
        let text = format!("{value:.8}");
        let text = text.trim_end_matches('0');
        return if text.ends_with('.') { format!("{text}0") } else { text.to_owned() };
    }
    format!("{value:.7e}")
}

/// The value of a floating-point word: the fraction in bits 9-35, the characteristic less 128 the exponent of 2.
fn from_word(word: Word) -> f64 {
    let fraction = (word.magnitude() & 0o777_777_777) as f64;
    let characteristic = (word.magnitude() >> 27) as i32;
    let value = fraction * 2f64.powi(characteristic - 128 - 27);
    if word.is_negative() { -value } else { value }
}

fn to_word(value: f64) -> Option<Word> {
    if value == 0.0 {
        return Some(Word::ZERO);
    }
    if !value.is_finite() {
        return None;
    }
    let mut exponent = value.abs().log2().floor() as i32 + 1;
    let mut fraction = (value.abs() * 2f64.powi(27 - exponent)).round() as u64;
    if fraction >> 27 != 0 {
        fraction >>= 1;
        exponent += 1;
    }
    let characteristic = u64::try_from(exponent + 128).ok().filter(|it| *it < 256)?;
    let sign = if value < 0.0 { 1 << 35 } else { 0 };
    Some(Word::new(sign | characteristic << 27 | fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floating_point_words_are_those_of_lesson_5() {
        // 34 is characteristic 206 and fraction .42
        assert_eq!(to_word(34.0), Some("206420000000".parse().unwrap()));
        assert_eq!(to_word(-0.5), Some("600400000000".parse().unwrap()));
        assert_eq!(short(from_word("204622077324".parse().unwrap())), "12.56637049");
        assert_eq!(to_word(1e60), None);
    }

    #[test]
    fn the_last_bits_of_a_floating_point_number_do_not_count() {
        let four = Value::Real(12.566_37);
        assert!(four.is(Word::ZERO, "204622077324".parse().unwrap()));
        assert!(!four.is(Word::ZERO, "204622177324".parse().unwrap()));
        // a whole number is exact
        assert!(!Value::Whole(3).is(Word::new(3), Word::new(4)));
        assert_eq!(Value::Whole(3).show("400000000001".parse().unwrap()), "-1 (400000000001)");
    }
}
