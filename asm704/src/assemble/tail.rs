//! The part of a listing after END: the tables of undefined and multiply defined symbols, and the symbols as data.

use std::collections::{HashMap, HashSet};

use super::symbols::{Entry, SymbolTable};
use super::{ProgramWord, Report, Symbol};
use crate::Word;
use crate::chars::graphic;
use crate::diag::{Code, Diagnostic};
use crate::listing::{Body, Flags, Line, table_symbol};
use crate::syntax::expr::Key;

/// How many values of a multiply defined symbol fit on a line: columns 37 to 114.
const VALUES_PER_LINE: usize = 13;

/// Adds the tables to a listing; `carriage` is the carriage control of the first line.
pub(super) fn list(
    listing: &mut Vec<String>,
    undefined: &[(Key, Option<u16>)],
    symbols: &SymbolTable,
    carriage: u8,
) {
    let mut carriage = carriage;
    let mut line = |body, rest: &str| {
        let empty = Line {
            carriage,
            flags: Flags::NONE,
            location: None,
            body,
            card: None,
            no_symbol: false,
            remark: false,
        };
        carriage = crate::chars::BLANK;
        listing.push(format!("{:30}{rest}", empty.text()).trim_end().to_owned());
    };
    for &(key, value) in undefined {
        if let Some(value) = value {
            line(Body::Value(value), &table_symbol(key));
        }
    }
    let unplaced = undefined.iter().filter(|(_, value)| value.is_none());
    for (n, &(key, _)) in unplaced.enumerate() {
        line(Body::Value((n + 1) as u16 & 0o77777), &table_symbol(key));
    }
    for group in symbols.entries().chunk_by(|a, b| a.key == b.key).filter(|group| group.len() > 1) {
        for (n, values) in group.chunks(VALUES_PER_LINE).enumerate() {
            let name = if n == 0 { table_symbol(group[0].key) } else { " ".repeat(6) };
            let values: Vec<String> = values.iter().map(|entry| format!("{:05o}", entry.value)).collect();
            line(Body::Blank, &format!("{name} {}", values.join(",")));
        }
    }
}

/// The name of a symbol for people.
pub(super) fn name(entry: &Entry) -> String {
    name_of(entry.key, entry.heading)
}

/// The name of a symbol with the heading added to it.
pub(super) fn name_of(key: Key, heading: u8) -> String {
    let body = if heading == 0 { key } else { key & 0o7777777777 };
    let text: String =
        Word::new(body).characters().into_iter().skip_while(|&code| code == 0).map(graphic).collect();
    match heading {
        0 => text,
        heading => format!("{}${text}", graphic(heading)),
    }
}

/// The symbol table as data.
pub(super) fn symbols(table: &SymbolTable) -> Vec<Symbol> {
    table
        .entries()
        .iter()
        .map(|entry| Symbol {
            name: name(entry),
            value: entry.value,
            relocatable: entry.relocatable,
            multiple: table.is_multiple(entry.key),
            effective: table.find(entry.key).is_some_and(|found| std::ptr::eq(found, entry)),
            line: entry.line,
            columns: entry.at[0].into()..entry.at[1].into(),
            card_columns: entry.at[0].into()..entry.at[1].into(),
        })
        .collect()
}

/// Warns about symbols without a reference.
pub(super) fn unused(table: &SymbolTable, used: &HashSet<Key>, report: &mut Report) {
    for entry in table.entries().iter().filter(|entry| entry.line != 0 && !used.contains(&entry.key)) {
        let name = name(entry);
        let columns = entry.at[0].into()..entry.at[1].into();
        let message = format!("`{name}` is never used");
        report.add(Diagnostic::new(Code::UnusedSymbol, entry.line, columns, message).symbol(name));
    }
}

/// Warns about cards that put a second word in a location.
pub(super) fn overlaps(words: &[ProgramWord], report: &mut Report) {
    let mut lines: HashMap<u16, usize> = HashMap::new();
    for word in words {
        if let Some(line) = lines.insert(word.address, word.line)
            && line != word.line
        {
            report.add(
                Diagnostic::new(
                    Code::StorageOverlap,
                    word.line,
                    7..10,
                    format!("location {:05o} already has a word", word.address),
                )
                .label(format!("line {line} put one there")),
            );
        }
    }
}
