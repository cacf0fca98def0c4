//! The cross-reference table: symbols, their values, where they are defined, where and how they are used.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::assemble::{Assembly, Output, Usage};

/// A definition of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// The value.
    pub value: u16,
    /// The line of the card; 0 if the definition comes from a symbol table.
    pub line: usize,
    /// True for the definition that references use.
    pub effective: bool,
    /// True if the value moves with the program.
    pub relocatable: bool,
}

/// A use of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// The line of the card.
    pub line: usize,
    /// Its purpose.
    pub usage: Usage,
}

/// A symbol in the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The name, `H$NAME` under a heading.
    pub name: String,
    /// The value that references use; `None` if it is undefined.
    pub value: Option<u16>,
    /// Its definitions, by line.
    pub definitions: Vec<Definition>,
    /// Its uses, by line.
    pub references: Vec<Use>,
    /// True if DEF gave it a value.
    pub placed: bool,
}

impl Row {
    /// True if it has several definitions.
    pub fn is_multiple(&self) -> bool {
        self.definitions.len() > 1
    }

    /// True if a card of the assembly defines it and none uses it.
    pub fn is_unused(&self) -> bool {
        self.references.is_empty()
    }

    /// True if it is used but not defined.
    pub fn is_undefined(&self) -> bool {
        self.definitions.is_empty() && !self.placed
    }
}

/// The table of an assembly that was made with its references, by name. Symbols that come from a symbol table and
/// are not used are left out.
pub fn table(assembly: &Assembly) -> Vec<Row> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for symbol in &assembly.symbols {
        let row = rows.entry(&symbol.name).or_default();
        row.definitions.push(Definition {
            value: symbol.value,
            line: symbol.line,
            effective: symbol.effective,
            relocatable: symbol.relocatable,
        });
        if symbol.effective {
            row.value = Some(symbol.value);
        }
    }
    for reference in &assembly.references {
        let row = rows.entry(&reference.name).or_default();
        row.references.push(Use { line: reference.line, usage: reference.usage });
        if row.definitions.is_empty() {
            row.value = reference.value;
            row.placed = reference.value.is_some();
        }
    }
    rows.into_iter()
        .map(|(name, mut row)| {
            name.clone_into(&mut row.name);
            row.definitions.sort_by_key(|definition| definition.line);
            row
        })
        .filter(|row| !row.is_unused() || row.definitions.iter().any(|definition| definition.line != 0))
        .collect()
}

const LEGEND: &str =
    "R read, W written, M changed in part, C copied, T transferred to; no letter: its value\n";

/// How many columns the references of a line take.
const WIDTH: usize = 72;

/// The tables of all assemblies as text.
pub fn text(output: &Output) -> String {
    let mut text = String::new();
    let place = |line: usize| match output.place(line) {
        _ if line == 0 => "table".to_owned(),
        (None, line) => line.to_string(),
        (Some(routine), line) => format!("{routine}:{line}"),
    };
    for assembly in &output.assemblies {
        let blank = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(
            text,
            "{blank}Cross reference of lines {} to {}\n{LEGEND}\nsymbol    value  defined     used",
            assembly.first_line,
            output.place(assembly.last_line).1
        );
        for row in table(assembly) {
            let value = row.value.map_or_else(|| "-".to_owned(), |value| format!("{value:05o}"));
            let lines = |row: &Row| -> Vec<String> {
                row.definitions.iter().map(|definition| place(definition.line)).collect()
            };
            let defined = if row.definitions.is_empty() { "-".to_owned() } else { lines(&row).join(",") };
            let mut line = format!("{:8}  {value:5}  {defined:10}", row.name);
            for reference in &row.references {
                let item = format!("  {}{}", place(reference.line), reference.usage.letter());
                let item = item.trim_end();
                let used = line.rsplit('\n').next().map_or(0, |last| last.chars().count());
                if used + item.len() > WIDTH + 29 {
                    let _ = write!(line, "\n{:27}", "");
                }
                line.push_str(item);
            }
            for (applies, what) in [
                (row.is_multiple(), "multiply defined"),
                (row.is_undefined(), "undefined"),
                (row.placed, "placed by DEF"),
                (row.is_unused(), "unused"),
            ] {
                if applies {
                    let _ = write!(line, "  ** {what}");
                }
            }
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
