//! Conditions of breakpoints as text: comparisons of registers and words.

use super::DebugError;
use crate::machine::condition::RELATIONS;
use crate::room::Room;

pub use crate::machine::condition::{Condition, Relation, Value};

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
        let text = words.concat();
        let found = text.char_indices().find_map(|(at, _)| {
            let (sign, relation) = RELATIONS.iter().find(|(sign, _)| text[at..].starts_with(sign))?;
            Some((&text[..at], *relation, &text[at + sign.len()..]))
        });
        let Some((left, relation, right)) = found else {
            return Err(DebugError::NoComparison(words.join(" ")));
        };
        Ok(Condition {
            left: Value::parse(left, room, false)?,
            relation,
            right: Value::parse(right, room, true)?,
        })
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
                if let Some(inner) = upper.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
                    Value::Core(address(inner)?)
                } else if let (true, Ok(word)) = (numbers, upper.parse()) {
                    Value::Constant(word)
                } else {
                    Value::Core(address(text)?)
                }
            }
        })
    }
}
