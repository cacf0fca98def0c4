//! Conditions of breakpoints as text: comparisons of registers and words.

use super::DebugError;
use crate::machine::condition::RELATIONS;
use crate::room::Room;

pub use crate::machine::condition::{Condition, Relation, Value};

const AND_ONLY: &str = "comparisons are joined by `and` only";

/// It joins comparisons in other languages.
fn is_other_joint(word: &str) -> bool {
    ["or", "||", "|", "xor", "&&", "&"].contains(&word.to_ascii_lowercase().as_str())
}

impl Condition {
    /// Comparisons with `and` between them: `ac = 5 and SUM >= [200]`.
    ///
    /// # Errors
    /// One of them is none.
    pub fn parse_all(words: &[&str], room: &Room) -> Result<Vec<Condition>, DebugError> {
        words
            .split(|word| word.eq_ignore_ascii_case("and"))
            .map(|words| Condition::parse(words, room))
            .collect()
    }

    fn parse(words: &[&str], room: &Room) -> Result<Condition, DebugError> {
        let whole = words.join(" ");
        let wrong = |what: &str| DebugError::Comparison(format!("`{whole}`: {what}"));
        if words.is_empty() {
            return Err(DebugError::Comparison(
                "expected a comparison before and after each `and`".to_owned(),
            ));
        }
        let text = words.concat();
        let found = text.char_indices().find_map(|(at, _)| {
            let (sign, relation) = RELATIONS.iter().find(|(sign, _)| text[at..].starts_with(sign))?;
            Some((&text[..at], (*sign, *relation), &text[at + sign.len()..]))
        });
        let Some((left, (sign, relation), right)) = found else {
            return Err(DebugError::NoComparison(whole));
        };
        if right.starts_with(['=', '<', '>', '!']) {
            return Err(wrong("the relations are =, !=, <, <=, > and >="));
        }
        if RELATIONS.iter().any(|(sign, _)| right.contains(sign)) {
            return Err(wrong(AND_ONLY));
        }
        if left.is_empty() {
            return Err(wrong(&format!("a value is missing before `{sign}`")));
        }
        if right.is_empty() {
            return Err(wrong(&format!("a value is missing after `{sign}`")));
        }
        let value = |text: &str, numbers| match Value::parse(text, room, numbers) {
            Err(_) if words.iter().any(|word| is_other_joint(word)) => Err(wrong(AND_ONLY)),
            value => value,
        };
        let (left, right) = (value(left, false)?, value(right, true)?);
        if let (Value::Ic | Value::Xr(_) | Value::EffectiveAddress, Value::Constant(number)) = (left, right) {
            let most = room.machine.core.size().mask();
            if number.bits() > most.into() {
                return Err(wrong(&format!("expected a number that {left} can hold, 0 to {most:o}")));
            }
        }
        Ok(Condition { left, relation, right })
    }
}

impl Value {
    /// A number is an address on the left, itself on the right; a symbol is always the word at its place, and so is
    /// what stands in brackets.
    fn parse(text: &str, room: &Room, numbers: bool) -> Result<Value, DebugError> {
        let address = |text: &str| room.address(text).map_err(DebugError::Address);
        Ok(match text.to_ascii_uppercase().as_str() {
            "AC" => Value::Ac,
            "MQ" => Value::Mq,
            "SR" => Value::Sr,
            "IC" => Value::Ic,
            "XRA" | "XR1" => Value::Xr(0),
            "XRB" | "XR2" => Value::Xr(1),
            "XRC" | "XR4" => Value::Xr(2),
            "OPERAND" => Value::Operand,
            "EA" => Value::EffectiveAddress,
            upper => {
                if upper == "[]" {
                    return Err(DebugError::Comparison("an address is missing in `[]`".to_owned()));
                }
                if let Some(inner) = upper.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
                    Value::Core(address(inner)?)
                } else if let (true, Ok(word)) = (numbers, upper.parse()) {
                    Value::Constant(word)
                } else {
                    let digits = upper.strip_prefix(['+', '-']).unwrap_or(upper);
                    let is_number =
                        numbers && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                    match address(text) {
                        // the error says which numbers are words
                        Err(_) if is_number => Value::Constant(upper.parse()?),
                        found => Value::Core(found?),
                    }
                }
            }
        })
    }
}
