//! Undefined symbols.

use std::collections::HashMap;

use crate::syntax::expr::{Key, Lookup};

/// Undefined symbols in the order of their first use, with the values from DEF.
#[derive(Debug, Default)]
pub(super) struct UndefinedList {
    pub(super) symbols: Vec<(Key, Option<u16>)>,
    index: HashMap<Key, usize>,
    /// The next value to give out (DEF).
    pub(super) next: Option<u16>,
    /// How many values are left; 0 means no limit.
    pub(super) left: u16,
}

impl UndefinedList {
    /// The value that DEF gave to a symbol.
    pub(super) fn placed(&self, key: Key) -> Option<u16> {
        self.index.get(&key).and_then(|&at| self.symbols[at].1)
    }

    /// The value of a symbol, or `None`. A symbol used for the first time gets the next value.
    pub(super) fn lookup(&mut self, key: Key) -> Lookup {
        let next = &mut self.next;
        let left = &mut self.left;
        let symbols = &mut self.symbols;
        let at = *self.index.entry(key).or_insert_with(|| {
            symbols.push((key, *next));
            if let Some(value) = next {
                *value = (*value + 1) & 0o77777;
                match *left {
                    0 => {}
                    1 => (*next, *left) = (None, 0),
                    _ => *left -= 1,
                }
            }
            symbols.len() - 1
        });
        match self.symbols[at].1 {
            Some(value) => Lookup::Defined { value, relocatable: true, multiple: false },
            None => Lookup::Undefined,
        }
    }
}
