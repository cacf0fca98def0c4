//! Where symbols are referred to, and how.

use std::ops::Range;

use super::symbols::SymbolTable;
use super::tail;
use super::undefined::UndefinedList;
use crate::Word;
use crate::chars::graphic;
use crate::isa::{self, Form, Op};
use crate::source::Card;
use crate::syntax::expr::Term;

/// What a reference to a symbol is for, as far as the operation tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Usage {
    /// The word there is read.
    Read,
    /// The word there is written.
    Write,
    /// A part of the word is written, or the word is combined with what is written.
    Modify,
    /// CPY, CAD: read or written, as the unit was selected.
    Copy,
    /// Control goes there.
    Transfer,
    /// A number: a tag, a count, a decrement, a unit, a constant, an operand of a pseudo-operation.
    Value,
}

impl Usage {
    /// The letter in tables: blank for a value.
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
    /// The value that is used, which DEF may have given; `None` when the symbol is undefined.
    pub value: Option<u16>,
    /// Line of the card.
    pub line: usize,
    /// Columns of that line, tabs expanded, counted from 0.
    pub columns: Range<usize>,
    /// Columns of the card; those of the line unless that is free-form.
    pub card_columns: Range<usize>,
    /// What it is for.
    pub usage: Usage,
}

/// How the address of an instruction is used. `base` is the word of the operation.
pub(super) fn usage(card: &Card, base: Word) -> Usage {
    let name: String = card.columns[7..10].iter().map(|&code| graphic(code)).collect();
    // PZE, PON and the like make constants of words that are also instructions
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
        // its address goes nowhere
        Op::Hpr => Usage::Value,
        op if op.is_trapped() => Usage::Transfer,
        op if matches!(op.row().form, Form::Core | Form::IndexCore) => Usage::Read,
        _ => Usage::Value,
    }
}

/// A reference whose name and state are found later.
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

/// References with their names, by line.
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
