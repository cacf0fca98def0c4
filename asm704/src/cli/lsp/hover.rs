//! The hover text for an operation or a symbol.

use std::fmt::Write as _;

use super::super::ops;
use crate::assemble::{Assembly, PSEUDO, Symbol};
use crate::isa::{self, Row};
use crate::views::View;

/// The text for an operation: code, form, cycles and meaning.
pub(super) fn operation(name: &str) -> Option<String> {
    if let Some(row) = PSEUDO.iter().find(|row| row.name == name) {
        return Some(format!("**{name}** {}  \npseudo-operation\n\n{}", row.operands, row.summary));
    }
    let named = isa::lookup(name)?;
    let row = named.op.row();
    if row.name == name {
        return Some(machine(row));
    }
    let shown = if name.is_empty() { "(blank)" } else { name };
    Some(format!("**{shown}** word `{}`\n\n{}\n\n---\n\n{}", named.word, named.summary, machine(row)))
}

fn machine(row: &Row) -> String {
    let (fields, cycles) = (row.form.fields(), ops::cycles(row));
    let code = ops::code(row);
    format!("**{}** {fields}  \ncode `{code}`, cycles {cycles}\n\n{}", row.name, row.summary)
}

/// The text for a symbol: its value, its definitions and how often it is used.
pub(super) fn symbol(name: &str, assembly: &Assembly, place: impl Fn(usize) -> String) -> String {
    let definitions: Vec<&Symbol> = assembly.symbols.iter().filter(|symbol| symbol.name == name).collect();
    let uses: Vec<_> = assembly.references.iter().filter(|reference| reference.name == name).collect();
    let mut text = format!("**{name}**");
    for symbol in &definitions {
        let moves = if symbol.relocatable { "" } else { ", absolute" };
        let used = if symbol.multiple && symbol.effective { ", the one that is used" } else { "" };
        let at = if symbol.line == 0 { "a symbol table".to_owned() } else { place(symbol.line) };
        let _ = write!(text, "  \n= `{:05o}` ({}{moves}), {at}{used}", symbol.value, symbol.value);
        let made =
            assembly.words.iter().find(|word| word.address == symbol.value && word.line == symbol.line);
        if let Some(made) = made {
            let _ = write!(text, "  \nholds `{}`", made.word);
            if made.view != View::Octal {
                let _ = write!(text, ", `{}`", made.view.text(made.word));
            }
        }
    }
    if definitions.is_empty() {
        match uses.iter().find_map(|reference| reference.value) {
            Some(value) => {
                let _ = write!(text, "  \n= `{value:05o}`, by DEF");
            }
            None => text.push_str("  \nnot defined"),
        }
    }
    let _ = write!(
        text,
        "\n\nused {}",
        if uses.len() == 1 { "once".to_owned() } else { format!("{} times", uses.len()) }
    );
    text
}
