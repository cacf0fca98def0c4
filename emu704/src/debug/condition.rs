//! What a breakpoint asks for beside its place: comparisons of registers and words.

use std::fmt;

use asm704::Word;

use super::DebugError;
use crate::machine::Machine;
use crate::room::Room;

/// Something that has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// The accumulator, all 38 bits.
    Ac,
    /// MQ.
    Mq,
    /// The storage register.
    Sr,
    /// The instruction counter.
    Ic,
    /// Index register 0, 1, 2 for A, B, C.
    Xr(u8),
    /// A word of core.
    Core(u16),
    /// The word at the effective address of the instruction at IC.
    Operand,
    /// The effective address of the instruction at IC.
    EffectiveAddress,
    /// This number.
    Constant(Word),
}

impl Value {
    /// Sign and magnitude.
    #[inline]
    fn of(self, machine: &Machine) -> (bool, u64) {
        let cpu = &machine.cpu;
        let word = |word: Word| (word.is_negative(), word.magnitude());
        let y = || machine.effective(machine.core.peek(cpu.ic));
        match self {
            Value::Ac => (cpu.ac.negative, cpu.ac.magnitude),
            Value::Mq => word(cpu.mq),
            Value::Sr => word(cpu.sr),
            Value::Ic => (false, cpu.ic.into()),
            Value::Xr(n) => (false, cpu.xr[usize::from(n % 3)].into()),
            Value::Core(address) => word(machine.core.peek(address)),
            Value::Operand => word(machine.core.peek(y())),
            Value::EffectiveAddress => (false, y().into()),
            Value::Constant(constant) => word(constant),
        }
    }

    /// As CAS has it: -0 is less than +0.
    #[inline]
    fn rank(self, machine: &Machine) -> i64 {
        let (negative, magnitude) = self.of(machine);
        let magnitude = magnitude as i64;
        if negative { -magnitude - 1 } else { magnitude }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Ac => f.write_str("AC"),
            Value::Mq => f.write_str("MQ"),
            Value::Sr => f.write_str("SR"),
            Value::Ic => f.write_str("IC"),
            Value::Xr(n) => write!(f, "XR{}", char::from(b'A' + n)),
            Value::Core(address) => write!(f, "[{address:05o}]"),
            Value::Operand => f.write_str("OPERAND"),
            Value::EffectiveAddress => f.write_str("EA"),
            Value::Constant(word) => write!(f, "{word}"),
        }
    }
}

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `=`: every bit.
    Equal,
    /// `!=`
    Unequal,
    /// `<`, as CAS compares.
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// Longer signs first.
const RELATIONS: [(&str, Relation); 6] = [
    ("!=", Relation::Unequal),
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("=", Relation::Equal),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

/// One comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    left: Value,
    relation: Relation,
    right: Value,
}

impl Condition {
    /// It is so.
    pub fn holds(&self, machine: &Machine) -> bool {
        let (left, right) = (self.left.rank(machine), self.right.rank(machine));
        match self.relation {
            Relation::Equal => left == right,
            Relation::Unequal => left != right,
            Relation::Less => left < right,
            Relation::AtMost => left <= right,
            Relation::Greater => left > right,
            Relation::AtLeast => left >= right,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = RELATIONS.iter().find(|(_, relation)| *relation == self.relation).map_or("", |(s, _)| s);
        write!(f, "{} {sign} {}", self.left, self.right)
    }
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
