//! Comparisons of registers and words, which an onlooker makes before an instruction.

use std::fmt;

use asm704::Word;

use super::Machine;
use super::seen::Seen;
use crate::cpu::Ac;

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
    /// As CAS has it: -0 is less than +0.
    #[inline]
    fn rank(self, seen: &Seen) -> i64 {
        match self {
            Value::Ac => rank_of_ac(seen.ac),
            Value::Mq => rank_of(seen.mq),
            // no condition on it is asked where the machine is not seen
            Value::Sr => seen.machine.map_or(0, |machine| rank_of(machine.cpu.sr)),
            Value::Ic => seen.ic.into(),
            Value::Xr(n) => seen.xr[1 << (n % 3)].into(),
            Value::Core(address) => rank_of(seen.peek(address)),
            Value::Operand => rank_of(seen.peek(seen.effective(seen.word()))),
            Value::EffectiveAddress => seen.effective(seen.word()).into(),
            Value::Constant(constant) => rank_of(constant),
        }
    }
}

/// The rank of a word among all values.
#[inline(always)]
pub(super) fn rank_of(word: Word) -> i64 {
    rank(word.is_negative(), word.magnitude())
}

#[inline(always)]
pub(super) fn rank_of_ac(ac: Ac) -> i64 {
    rank(ac.negative, ac.magnitude)
}

/// +0 has rank 0, -0 is one below it.
#[inline(always)]
fn rank(negative: bool, magnitude: u64) -> i64 {
    magnitude as i64 ^ -i64::from(negative)
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

/// The signs of the relations, longer ones first.
pub(crate) const RELATIONS: [(&str, Relation); 6] = [
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
    pub(crate) left: Value,
    pub(crate) relation: Relation,
    pub(crate) right: Value,
}

impl Condition {
    /// It is so.
    pub fn holds(&self, machine: &Machine) -> bool {
        self.holds_in(&machine.seen())
    }

    #[inline]
    pub(crate) fn holds_in(&self, seen: &Seen) -> bool {
        let (left, right) = (self.left.rank(seen), self.right.rank(seen));
        match self.relation {
            Relation::Equal => left == right,
            Relation::Unequal => left != right,
            Relation::Less => left < right,
            Relation::AtMost => left <= right,
            Relation::Greater => left > right,
            Relation::AtLeast => left >= right,
        }
    }

    /// It needs the storage register, which only the plain interpreter keeps.
    pub(crate) fn needs_sr(&self) -> bool {
        [self.left, self.right].contains(&Value::Sr)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = RELATIONS.iter().find(|(_, relation)| *relation == self.relation).map_or("", |(s, _)| s);
        write!(f, "{} {sign} {}", self.left, self.right)
    }
}

/// A value that the fast loop has in its registers, or a word of core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Ac,
    Mq,
    /// The index register of a tag.
    Xr(u8),
    Core(u16),
    /// Any other: a test of it is always true.
    Other,
}

/// A condition as the fast loop asks it: whether the rank of a value is in a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Test {
    pub(super) held: Held,
    from: i64,
    /// The last rank of the range, counted from the first.
    span: u64,
    /// True if it must be in the range, false if outside.
    inside: bool,
}

impl Test {
    /// One that any value passes.
    const ANY: Test = Test { held: Held::Other, from: i64::MIN, span: u64::MAX, inside: true };

    /// The comparison of a register or word with a number; `None` for any other.
    fn of(condition: &Condition, mask: u16) -> Option<Test> {
        let Value::Constant(number) = condition.right else { return None };
        let held = match condition.left {
            Value::Ac => Held::Ac,
            Value::Mq => Held::Mq,
            Value::Xr(n) => Held::Xr(1 << (n % 3)),
            Value::Core(address) => Held::Core(address & mask),
            _ => return None,
        };
        let rank = rank_of(number);
        let (from, to) = match condition.relation {
            Relation::Equal | Relation::Unequal => (rank, rank),
            Relation::Less => (i64::MIN, rank - 1),
            Relation::AtMost => (i64::MIN, rank),
            Relation::Greater => (rank + 1, i64::MAX),
            Relation::AtLeast => (rank, i64::MAX),
        };
        let inside = condition.relation != Relation::Unequal;
        Some(Test { held, from, span: to.wrapping_sub(from) as u64, inside })
    }

    #[inline(always)]
    pub(super) fn passes(&self, rank: i64) -> bool {
        (rank.wrapping_sub(self.from) as u64 <= self.span) == self.inside
    }
}

/// Conditions that must all hold at a location, made ready for the fast loop.
#[derive(Debug)]
pub(super) struct Question {
    /// One of them, or [`Test::ANY`]. Most looks end here.
    pub(super) first: Test,
    /// The others.
    rest: Vec<Condition>,
}

impl Question {
    pub(super) fn of(conditions: &[Condition], mask: u16) -> Question {
        let mut rest = conditions.to_vec();
        let found = rest.iter().enumerate().find_map(|(n, condition)| Some((n, Test::of(condition, mask)?)));
        let first = match found {
            Some((n, test)) => {
                rest.remove(n);
                test
            }
            None => Test::ANY,
        };
        Question { first, rest }
    }

    /// The others hold, too.
    #[inline(never)]
    pub(super) fn rest_holds(&self, seen: &Seen) -> bool {
        self.rest.iter().all(|condition| condition.holds_in(seen))
    }

    /// There are others.
    #[inline(always)]
    pub(super) fn has_rest(&self) -> bool {
        !self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use crate::core_store::CoreSize;
    use crate::random::Random;

    /// What the fast loop asks is what the condition says, near the number where it changes and far from it.
    #[test]
    fn a_test_passes_where_its_condition_holds() {
        const MASK: u16 = CoreSize::K4.mask();
        let mut machine = Machine::new(Config::with_core(CoreSize::K4));
        let mut random = Random(704);
        let mut held = 0;
        for n in 0..20_000 {
            let number = Word::new(if n % 2 == 0 { random.next() } else { random.next() & Word::SIGN | 1 });
            let near = |bits: u64, random: &mut Random| match random.next() % 4 {
                0 => random.next() & Word::MASK,
                1 => bits.wrapping_sub(1) & Word::MASK,
                2 => (bits + 1) & Word::MASK,
                _ => bits,
            };
            let bits = near(number.bits(), &mut random);
            machine.cpu.ac = Ac { negative: bits & Word::SIGN != 0, magnitude: bits & Word::MAGNITUDE };
            machine.cpu.ac.magnitude |= if n % 5 == 0 { Ac::P } else { 0 };
            machine.cpu.mq = Word::new(near(number.bits(), &mut random));
            machine.cpu.xr = std::array::from_fn(|_| near(number.bits(), &mut random) as u16 & MASK);
            machine.core.poke(5, Word::new(near(number.bits(), &mut random)));
            for (_, relation) in RELATIONS {
                for left in [Value::Ac, Value::Mq, Value::Xr(0), Value::Xr(1), Value::Xr(2), Value::Core(5)] {
                    let condition = Condition { left, relation, right: Value::Constant(number) };
                    let test = Test::of(&condition, MASK).expect("it compares with a number");
                    let rank = match test.held {
                        Held::Ac => rank_of_ac(machine.cpu.ac),
                        Held::Mq => rank_of(machine.cpu.mq),
                        Held::Xr(tag) => machine.cpu.index(tag).into(),
                        Held::Core(address) => rank_of(machine.core.peek(address)),
                        Held::Other => panic!("{condition}: any value passes"),
                    };
                    assert_eq!(test.passes(rank), condition.holds(&machine), "{condition}");
                    held += u32::from(condition.holds(&machine));
                }
            }
        }
        assert!(held > 100_000, "{held}");
    }
}
