//! Symbol tables that WST writes for RST and AST in later assemblies (sap.md 3, 6.8).

use std::collections::HashMap;

use super::symbols::{Entry, SymbolTable};
use crate::Word;

/// The tables by tape and by number, from 1.
#[derive(Debug, Default)]
pub(super) struct Tables(HashMap<(u16, u16), Vec<Entry>>);

impl Tables {
    /// Handles WST: writes the table after skipping `number - 1` tables. The tables that followed are lost, because WST writes an
    /// end of file.
    pub(super) fn write(&mut self, tape: u16, number: u16, entries: &[Entry]) {
        self.0.retain(|&(t, n), _| t != tape || n < number);
        let entries = entries.iter().map(|entry| Entry { line: 0, ..*entry }).collect();
        self.0.insert((tape, number), entries);
    }

    /// The table that RST or AST reads.
    pub(super) fn read(&self, tape: u16, number: u16) -> Option<&[Entry]> {
        self.0.get(&(tape, number)).map(Vec::as_slice)
    }
}

/// The address of the original's table, where cards of PST and FST load: 1900 decimal.
pub(super) const TABLE_ADDRESS: u16 = 1900;

/// A symbol table as it is in core: size word, checksum, then symbol and value in turn. `entries` are those of the
/// table, sorted, followed by any that DEF placed.
pub(super) fn core_form(table: &SymbolTable, placed: &[(u64, u16)], flagged: bool) -> Vec<Word> {
    let mut pairs: Vec<(u64, u64)> = Vec::new();
    for entry in table.entries() {
        let mut value = u64::from(entry.value);
        if entry.relocatable {
            value |= 2 << 15;
        }
        if flagged && table.is_multiple(entry.key) {
            value |= Word::SIGN;
        }
        pairs.push((entry.key, value));
    }
    pairs.extend(placed.iter().map(|&(key, value)| (key, u64::from(value) | 2 << 15)));
    let n = pairs.len() as u64;
    let bits = if n == 0 { 0 } else { u64::from(u64::BITS - (2 * n - 1).leading_zeros()) };
    let size = ((0o100000u64.wrapping_sub(2 * n) & 0o77777) << 18) | (2 * bits);
    let mut words = vec![Word::new(size), Word::ZERO];
    let mut sum = Word::ZERO;
    for (key, value) in pairs {
        let pair = [Word::new(key), Word::new(value)];
        sum = sum.add_logical(pair[0]).add_logical(pair[1]);
        words.extend(pair);
    }
    words[1] = sum;
    words
}
