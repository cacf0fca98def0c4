//! The symbol table: in order of entry in pass 1, with the original's sort and search in pass 2 (sap.md 2.12, 2.13).

use std::collections::HashMap;

use crate::Word;
use crate::syntax::expr::{Key, Lookup};

/// A definition of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The symbol including its heading.
    pub(super) key: Key,
    /// The value.
    pub(super) value: u16,
    /// True when it moves with the program. Symbols of EQU do not.
    pub(super) relocatable: bool,
    /// The line of the defining card; 0 when it comes from another assembly.
    pub(super) line: usize,
    /// The heading added to it; 0 for none.
    pub(super) heading: u8,
    /// Its columns in the location field, first and one past the last, counted from 0.
    pub(super) at: [u8; 2],
}

/// All symbol definitions of an assembly.
#[derive(Debug, Clone, Default)]
pub(super) struct SymbolTable {
    entries: Vec<Entry>,
    /// The entry that a reference finds, and the number of definitions.
    index: HashMap<Key, (u32, u32)>,
    has_duplicates: bool,
    /// Where symbols with several definitions are defined: the first lines, and whether there are more. Filled in when the table
    /// is sorted.
    lines: HashMap<Key, (Vec<usize>, bool)>,
}

/// The most symbols the original has room for in 32,768 words. Beyond that there is no original order to follow.
const CAPACITY: usize = (32_768 - 1_902) / 2;
/// The most definitions of a symbol that are listed.
const NAMED: usize = 5;

/// A key as the machine compares it: sign and magnitude, with minus zero below plus zero.
pub(super) const fn ordered(key: Key) -> i64 {
    let magnitude = (key & Word::MAGNITUDE) as i64;
    if key & Word::SIGN != 0 { -magnitude - 1 } else { magnitude }
}

impl SymbolTable {
    /// Enters a definition. Until the table is sorted, the first definition of a symbol wins.
    pub(super) fn enter(&mut self, entry: Entry) {
        let at = self.entries.len() as u32;
        self.entries.push(entry);
        let (_, count) = self.index.entry(entry.key).or_insert((at, 0));
        *count += 1;
        self.has_duplicates |= *count > 1;
    }

    /// The entry that a reference finds.
    pub(super) fn find(&self, key: Key) -> Option<&Entry> {
        self.index.get(&key).map(|&(at, _)| &self.entries[at as usize])
    }

    /// True if the symbol has several definitions.
    pub(super) fn is_multiple(&self, key: Key) -> bool {
        self.has_duplicates && self.index.get(&key).is_some_and(|&(_, count)| count > 1)
    }

    /// The value of a symbol in an expression.
    pub(super) fn lookup(&self, key: Key) -> Lookup {
        match self.index.get(&key) {
            None => Lookup::Undefined,
            Some(&(at, count)) => {
                let entry = &self.entries[at as usize];
                Lookup::Defined { value: entry.value, relocatable: entry.relocatable, multiple: count > 1 }
            }
        }
    }

    /// The definitions, in their present order.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The lines, at most five, that define a symbol with several definitions, and whether there are more. The table must be
    /// sorted.
    pub(super) fn defining_lines(&self, key: Key) -> (&[usize], bool) {
        self.lines.get(&key).map_or((&[], false), |(lines, more)| (lines.as_slice(), *more))
    }

    /// Records where symbols with several definitions are defined.
    fn note_lines(&mut self) {
        self.lines.clear();
        for run in self.entries.chunk_by(|a, b| a.key == b.key).filter(|run| run.len() > 1) {
            let mut lines: Vec<usize> = run.iter().map(|entry| entry.line).collect();
            lines.sort_unstable();
            let more = lines.len() > NAMED;
            lines.truncate(NAMED);
            self.lines.insert(run[0].key, (lines, more));
        }
    }

    /// Removes all definitions.
    pub(super) fn clear(&mut self) {
        *self = SymbolTable::default();
    }

    /// Sorts the table as the original does, which decides which of several definitions counts: in pass 2 the one
    /// that the binary search meets first (`searched`), in pass 1 the first one in the table.
    pub(super) fn sort(&mut self, searched: bool) {
        if !self.has_duplicates {
            self.entries.sort_unstable_by_key(|entry| ordered(entry.key));
            for (at, entry) in self.entries.iter().enumerate() {
                self.index.insert(entry.key, (at as u32, 1));
            }
            return;
        }
        let mut keyed: Vec<(i64, Entry)> =
            self.entries.iter().map(|entry| (ordered(entry.key), *entry)).collect();
        if keyed.len() > CAPACITY {
            keyed.sort_by_key(|&(key, _)| key);
        } else {
            shaker_sort(&mut keyed);
        }
        self.entries = keyed.iter().map(|&(_, entry)| entry).collect();
        let mut counts: HashMap<Key, (u32, u32)> = HashMap::with_capacity(self.index.len());
        for (at, entry) in self.entries.iter().enumerate() {
            counts.entry(entry.key).or_insert((at as u32, 0)).1 += 1;
        }
        if searched {
            for (key, (at, count)) in &mut counts {
                if *count > 1
                    && let Some(found) = binary_search(&keyed, ordered(*key))
                {
                    *at = found as u32;
                }
            }
        }
        self.index = counts;
        self.note_lines();
    }
}

/// The original's sort: passes forward and backward over a shrinking range, which swap equal keys as well.
pub(super) fn shaker_sort<T>(table: &mut [(i64, T)]) {
    let n = table.len();
    if n < 2 {
        return;
    }
    let (mut start, mut limit) = (1, n);
    loop {
        let mut last = start;
        let mut k = start;
        loop {
            if table[k].0 <= table[k - 1].0 {
                table.swap(k, k - 1);
                last = k;
            }
            k += 1;
            if k >= limit {
                break;
            }
        }
        if last == start {
            return;
        }
        let low = start + 1;
        limit = last;
        for k in (low..=last).rev() {
            if table[k - 1].0 <= table[k - 2].0 {
                table.swap(k - 1, k - 2);
                start = k;
            }
        }
    }
}

/// The original's search in a sorted table: among equal keys, the one it meets first counts.
pub(super) fn binary_search<T>(table: &[(i64, T)], key: i64) -> Option<usize> {
    let n = table.len();
    let first = table.first()?.0;
    if key == first {
        return Some(0);
    }
    if key < first || n == 1 {
        return None;
    }
    let bits = usize::BITS - (2 * n - 1).leading_zeros();
    let mut step = 1usize << (bits - 2);
    let mut k = step;
    loop {
        let down = match table.get(k) {
            None => true,
            Some((found, _)) if *found == key => return Some(k),
            Some((found, _)) => key < *found,
        };
        step /= 2;
        if step < 1 {
            return None;
        }
        k = if down { k - step } else { k + step };
    }
}
