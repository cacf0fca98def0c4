//! Lookup of the operation field.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::symbols::{binary_search, shaker_sort};
use crate::Word;
use crate::isa::{self, Needs};
use crate::source::Card;
use crate::syntax::pseudo::{PSEUDO, Pseudo, operation_key};

/// An operation of the table: its word and the fields it requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) word: Word,
    pub(super) needs: Needs,
}

/// The meaning of an operation field before OPD definitions are consulted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Pseudo(Pseudo),
    Machine(Machine),
    Unknown,
}

static TABLE: LazyLock<HashMap<u32, Operation>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for named in isa::names() {
        let machine = Machine { word: named.word, needs: named.needs };
        table.insert(operation_key(named.name), Operation::Machine(machine));
    }
    // the original looks these up first, so OPD cannot override them
    for row in &PSEUDO {
        table.insert(operation_key(row.name), Operation::Pseudo(row.op));
    }
    table
});

/// Looks up an operation field.
pub(super) fn operation_of(card: &Card) -> Operation {
    TABLE.get(&card.operation()).copied().unwrap_or(Operation::Unknown)
}

/// The pseudo-operation of a card.
pub(super) fn pseudo_of(card: &Card) -> Option<Pseudo> {
    match operation_of(card) {
        Operation::Pseudo(pseudo) => Some(pseudo),
        _ => None,
    }
}

/// Bits in the table's tag field that mark required fields.
const NEEDS_SHIFT: u32 = 15;

/// The operation table with the additions of OPD, sorted and searched as the original does it. That decides which of two
/// definitions of a name wins (sap.md 3, OPD).
#[derive(Debug)]
pub(super) struct Defined(Vec<(i64, Machine)>);

impl Defined {
    /// Names (right-justified, up to six characters) and words defined by OPD, in order.
    pub(super) fn new(added: &[(u64, Word)]) -> Defined {
        let mut table: Vec<(i64, Machine)> = TABLE
            .iter()
            .filter_map(|(&key, &operation)| match operation {
                Operation::Machine(machine) => Some((i64::from(key), machine)),
                _ => None,
            })
            .collect();
        // the built-in order is by character code
        table.sort_unstable_by_key(|&(key, _)| key);
        for &(key, word) in added {
            let needs = Needs((word.bits() >> NEEDS_SHIFT & 7) as u8);
            let word = Word::new(word.bits() & !(7 << NEEDS_SHIFT));
            table.push((ordered(key), Machine { word, needs }));
        }
        shaker_sort(&mut table);
        Defined(table)
    }

    /// The operation of a card, never a pseudo-operation.
    pub(super) fn find(&self, card: &Card) -> Option<Machine> {
        binary_search(&self.0, i64::from(card.operation())).map(|at| self.0[at].1)
    }
}

fn ordered(key: u64) -> i64 {
    super::symbols::ordered(key)
}
