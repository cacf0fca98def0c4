//! `asm704 ops`: the instruction table.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::args::{Ops, TableFormat};
use super::files;
use crate::assemble::{PSEUDO, Pseudo};
use crate::isa::{self, ALIASES, Access, Form, Needs, ROWS, Row};

pub(super) fn run(args: &Ops) -> Result<ExitCode> {
    let text = match (&args.name, args.format) {
        (Some(name), format) => one(name, format)?,
        (None, TableFormat::Text) => text(),
        (None, TableFormat::Markdown) => markdown(),
        (None, TableFormat::Json) => serde_json::to_string_pretty(&document())? + "\n",
    };
    files::write(Path::new("-"), text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// One operation, in text or JSON.
fn one(name: &str, format: TableFormat) -> Result<String> {
    let upper = name.to_ascii_uppercase();
    let found = about(&upper).with_context(|| {
        format!("`{}` is not an operation: `asm704 ops` lists them", crate::visible::clean(name))
    })?;
    if format != TableFormat::Json {
        return Ok(found);
    }
    let mut document = document();
    for list in ["operations", "aliases", "pseudo_operations"] {
        if let Some(rows) = document[list].as_array_mut() {
            rows.retain(|row| row["name"] == upper.as_str());
        }
    }
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// A description of an operation, taken from the table, a few lines long; empty for an unknown name.
pub(super) fn about(name: &str) -> Option<String> {
    if let Some(row) = PSEUDO.iter().find(|row| row.name == name && row.op != Pseudo::Swt) {
        return Some(format!(
            "{name}: {}\n\nA pseudo-operation of the assembler.\nwrite     {name} {}\n",
            row.summary, row.operands
        ));
    }
    let named = isa::lookup(name).filter(|_| !name.is_empty())?;
    let row = named.op.row();
    let mut text = format!("{name}: {}\n\n", named.summary);
    if named.name != row.name {
        let _ = writeln!(text, "operation {}: {}", row.name, row.summary);
    }
    let _ = writeln!(text, "word      {} ({})", named.word, code(row));
    let wants: Vec<&str> = [
        (named.needs.address(), "an address"),
        (named.needs.tag(), "a tag"),
        (named.needs.decrement(), "a decrement"),
    ]
    .into_iter()
    .filter_map(|(wanted, what)| wanted.then_some(what))
    .collect();
    let wants = if wants.is_empty() { "nothing".to_owned() } else { wants.join(", ") };
    let write = format!("{name} {}", row.form.fields());
    let _ = writeln!(text, "write     {} (the assembler needs {wants})", write.trim_end());
    let _ = writeln!(text, "cycles    {}, of 12 microseconds", row.cycles);
    let _ = writeln!(text, "core      {}", core(row.access));
    let _ = writeln!(text, "source    {}", row.source);
    Some(text)
}

/// What an operation does with the word at its address.
fn core(access: Access) -> &'static str {
    match access {
        Access::None => "reads and writes no word of core",
        Access::Transfers(_) => "continues at its address, always or on a condition",
        Access::Reads(_) => "reads the word at its address",
        Access::Writes(_) => "writes the word at its address, or a field of it",
        Access::Modifies(_) => "reads the word at its address, changes it and writes it back",
        Access::Copies(_) => "copies a word between the unit and its address",
    }
}

/// The operation part as people write it: sign and code, or the prefix.
pub(super) fn code(row: &Row) -> String {
    let sign = if row.word.is_negative() { '-' } else { '+' };
    let magnitude = row.word.magnitude();
    match row.form {
        Form::TypeA => format!("{sign}{:o}000", magnitude >> 33),
        Form::Micro | Form::MicroUnit(_) => {
            format!("{sign}{:04o} {:04o}", magnitude >> 24, magnitude & 0o7777)
        }
        _ => format!("{sign}{:04o}", magnitude >> 24),
    }
}

pub(super) fn cycles(row: &Row) -> String {
    row.cycles.to_string()
}

fn needs(needs: Needs) -> String {
    [(needs.address(), 'A'), (needs.tag(), 'T'), (needs.decrement(), 'D')]
        .into_iter()
        .filter_map(|(wanted, letter)| wanted.then_some(letter))
        .collect()
}

/// The tables as rows of cells; the first row is the heading.
fn tables() -> [(&'static str, Vec<Vec<String>>); 3] {
    let heading = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
    let mut operations = vec![heading(&["name", "code", "fields", "wanted", "cycles", "meaning"])];
    operations.extend(ROWS.iter().map(|row| {
        let fields = row.form.fields().to_owned();
        vec![row.name.to_owned(), code(row), fields, needs(row.needs), cycles(row), row.summary.to_owned()]
    }));
    let mut aliases = vec![heading(&["name", "word", "wanted", "operation", "meaning"])];
    aliases.extend(ALIASES.iter().map(|alias| {
        let name = if alias.name.is_empty() { "(blank)" } else { alias.name };
        let operation = alias.op.name().to_owned();
        vec![name.to_owned(), alias.word.to_string(), needs(alias.needs), operation, alias.summary.to_owned()]
    }));
    let mut pseudo = vec![heading(&["name", "operands", "meaning"])];
    pseudo.extend(
        PSEUDO.iter().map(|row| vec![row.name.to_owned(), row.operands.to_owned(), row.summary.to_owned()]),
    );
    [("Operations of the machine", operations), ("Further names", aliases), ("Pseudo-operations", pseudo)]
}

fn text() -> String {
    let mut text = String::new();
    for (title, rows) in tables() {
        let widths: Vec<usize> = (0..rows[0].len())
            .map(|n| rows.iter().map(|row| row[n].chars().count()).max().unwrap_or(0))
            .collect();
        let _ = writeln!(text, "{}{title}\n", if text.is_empty() { "" } else { "\n" });
        for row in rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}")).collect();
            let _ = writeln!(text, "{}", cells.join("  ").trim_end());
        }
    }
    text
}

fn markdown() -> String {
    let mut text = String::new();
    for (title, rows) in tables() {
        let _ = writeln!(text, "{}## {title}\n", if text.is_empty() { "" } else { "\n" });
        for (n, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
            if n == 0 {
                let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
            }
        }
    }
    text
}

fn document() -> Value {
    let operations: Vec<Value> = ROWS
        .iter()
        .map(|row| {
            json!({
                "name": row.name, "code": code(row), "word": row.word, "fields": row.form.fields(),
                "wanted": needs(row.needs), "cycles": cycles(row), "least_cycles": row.cycles.least(),
                "source": row.source, "meaning": row.summary,
            })
        })
        .collect();
    let aliases: Vec<Value> = ALIASES
        .iter()
        .map(|alias| {
            json!({
                "name": alias.name, "word": alias.word, "wanted": needs(alias.needs),
                "operation": alias.op.name(), "meaning": alias.summary,
            })
        })
        .collect();
    let pseudo: Vec<Value> = PSEUDO
        .iter()
        .map(|row| json!({ "name": row.name, "operands": row.operands, "meaning": row.summary }))
        .collect();
    json!({ "version": 1, "operations": operations, "aliases": aliases, "pseudo_operations": pseudo })
}
