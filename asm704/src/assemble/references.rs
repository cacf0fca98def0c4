//! References to symbols, and how each one uses the symbol.

use std::ops::Range;

use super::symbols::SymbolTable;
use super::tail;
use super::undefined::UndefinedList;
use crate::Word;
use crate::chars::graphic;
use crate::isa::{self, Form, Op};
use crate::source::Card;
use crate::syntax::expr::Term;

/// The purpose of a reference, as far as the operation shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Usage {
    /// The word at the address is read.
    Read,
    /// The word at the address is written.
    Write,
    /// Part of the word is written, or it is combined with the value written.
    Modify,
    /// CPY, CAD: the word is read or written, depending on the selected unit.
    Copy,
    /// A transfer of control to the address.
    Transfer,
    /// A number: a tag, a count, a decrement, a unit, a constant, an operand of a pseudo-operation.
    Value,
}

impl Usage {
    /// Its letter in tables: blank for a value.
    pub const fn letter(self) -> char {
        match self {
            Usage::Read => 'R',
            Usage::Write => 'W',
            Usage::Modify => 'M',
            Usage::Copy => 'C',
            Usage::Transfer => 'T',
            Usage::Value => ' ',
        }
    }
}

/// A reference to a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The name, as [`super::Symbol::name`].
    pub name: String,
    /// The value used, which may come from DEF; `None` if the symbol is undefined.
    pub value: Option<u16>,
    /// The line of the card.
    pub line: usize,
    /// Columns of that line, tabs expanded, counted from 0.
    pub columns: Range<usize>,
    /// Columns of the card. They differ from those of the line only in free form.
    pub card_columns: Range<usize>,
    /// Its purpose.
    pub usage: Usage,
}

/// How an instruction uses its address. `base` is the word of the operation.
pub(super) fn usage(card: &Card, base: Word) -> Usage {
    let name: String = card.columns[7..10].iter().map(|&code| graphic(code)).collect();
    // PZE, PON and the like make constants out of words that are also instructions
    if let Some(alias) = isa::ALIASES.iter().find(|alias| alias.name == name.trim_end())
        && matches!(alias.op.row().form, Form::TypeA | Form::Core)
        && alias.op != Op::Cad
    {
        return Usage::Value;
    }
    let Some(op) = isa::decode_major(base) else { return Usage::Value };
    match op {
        Op::Stq | Op::Sto | Op::Slw | Op::Stz => Usage::Write,
        Op::Slq | Op::Stp | Op::Std | Op::Sta | Op::Sxd | Op::Ans | Op::Ors => Usage::Modify,
        Op::Cpy | Op::Cad => Usage::Copy,
        Op::Ttr => Usage::Transfer,
        // its address is not used
        Op::Hpr => Usage::Value,
        op if op.is_trapped() => Usage::Transfer,
        op if matches!(op.row().form, Form::Core | Form::IndexCore) => Usage::Read,
        _ => Usage::Value,
    }
}

/// A reference whose name and state are filled in later.
pub(super) fn of(card: &Card, term: &Term, usage: Usage) -> Reference {
    Reference {
        name: String::new(),
        value: None,
        line: card.line,
        columns: term.at.clone(),
        card_columns: term.at.clone(),
        usage,
    }
}

/// The references with their names, by line.
pub(super) fn named(
    references: Vec<(Term, Reference)>,
    symbols: &SymbolTable,
    undefined: &UndefinedList,
) -> Vec<Reference> {
    let mut references: Vec<Reference> = references
        .into_iter()
        .map(|(term, reference)| {
            let entry = symbols.find(term.key);
            let name = entry.map_or_else(|| tail::name_of(term.key, term.heading), tail::name);
            let value = entry.map(|entry| entry.value).or_else(|| undefined.placed(term.key));
            Reference { name, value, ..reference }
        })
        .collect();
    references.sort_by_key(|reference| (reference.line, reference.columns.start));
    references.dedup();
    references
}
