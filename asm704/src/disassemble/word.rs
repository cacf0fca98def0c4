//! A word as an operation and a variable field that assemble to it.

use super::card::Loaded;
use crate::Word;
use crate::isa::{self, Form, Named, Needs, Op};
use crate::syntax::expr::Relocation;

/// How to write a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Instruction,
    Data,
}

/// How to write numbers that are not addresses of core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Radix {
    /// As the assembler reads them.
    Decimal,
    Octal,
}

/// Prefixes that require no field.
const PREFIXES: [&str; 8] = ["PZE", "PON", "PTW", "PTH", "MZE", "MON", "MTW", "MTH"];

/// The operation and variable field; `address` writes an address that may have a label.
pub(super) fn text(word: Word, style: Style, address: impl Fn(u16) -> String) -> (&'static str, String) {
    if style == Style::Instruction
        && let Some(found) = instruction(word, &address, Radix::Decimal)
    {
        return found;
    }
    ("OCT", word.to_string())
}

/// The word as an instruction with octal numbers, otherwise as OCT.
pub(super) fn octal(word: Word, address: impl Fn(u16) -> String) -> (&'static str, String) {
    instruction(word, &address, Radix::Octal).unwrap_or_else(|| ("OCT", word.to_string()))
}

fn instruction(word: Word, address: &impl Fn(u16) -> String, radix: Radix) -> Option<(&'static str, String)> {
    let op = isa::decode(word)?;
    let named = name(word, op)?;
    let rest = Word::new(word.bits() ^ named.word.bits());
    let takes_label = matches!(op.row().form, Form::TypeA | Form::Core | Form::IndexCore);
    let shown = match radix {
        _ if takes_label => address(rest.address()),
        Radix::Decimal => rest.address().to_string(),
        Radix::Octal => format!("{:o}", rest.address()),
    };
    Some((named.name, fields(&shown, rest, named.needs, radix)))
}

/// Address, tag and decrement, if they are not zero or are required.
fn fields(address: &str, rest: Word, needs: Needs, radix: Radix) -> String {
    let decrement = match (radix, rest.decrement()) {
        (Radix::Octal, d) => format!("{d:o}"),
        // counts down by small numbers are more common than large ones
        (Radix::Decimal, d @ 0o77700..) => format!("-{}", 0o100000 - u32::from(d)),
        (Radix::Decimal, d) => d.to_string(),
    };
    if rest.decrement() != 0 || needs.decrement() {
        format!("{address},{},{decrement}", rest.tag())
    } else if rest.tag() != 0 || needs.tag() {
        format!("{address},{}", rest.tag())
    } else if rest.address() != 0 || needs.address() {
        address.to_owned()
    } else {
        String::new()
    }
}

/// The name whose word, ORed with fields, gives a word.
fn name(word: Word, op: Op) -> Option<Named> {
    let fits = |named: &Named| {
        let rest = word.bits() ^ named.word.bits();
        let type_a = named.op.row().form == Form::TypeA;
        let fields = if type_a { 0o077777777777 } else { 0o000077777777 };
        // the assembler makes the minus form from SWT 7 and more
        let is_switch = named.op != Op::Swt || rest & 0o77777 <= 6;
        is_switch && named.word.bits() & rest == 0 && rest & !fields == 0
    };
    let row = isa::lookup(op.name());
    let units = |named: &Named| {
        let rest = word.address() ^ named.word.address();
        named.op == op && rest < 0o20 && named.word.address() != 0
    };
    let alias = match op.row().form {
        // device classes; the tag of an indexed select would not be recognised as one
        Form::Unit if word.tag() == 0 => isa::names()
            .filter(|n| fits(n) && units(n))
            .min_by_key(|n| (word.address() ^ n.word.address(), n.needs.0)),
        _ => None,
    };
    alias.into_iter().chain(row).chain(isa::lookup(generic(op, word))).find(fits)
}

/// The name that accepts any address, for an operation that is selected by its address.
fn generic(op: Op, word: Word) -> &'static str {
    match op.row().form {
        Form::Micro | Form::MicroUnit(_) => {
            if word.is_negative() {
                "MSE"
            } else {
                "PSE"
            }
        }
        Form::TypeA => PREFIXES[usize::from(word.prefix())],
        _ if word.prefix() == 4 => "MZE",
        _ => "PZE",
    }
}

/// A word of a relocatable card: fields that move with the program are written relative to relocatable zero.
pub(super) fn relocatable(loaded: &Loaded, base: &str) -> (&'static str, String) {
    let Loaded { word, decrement, address } = *loaded;
    if decrement == Relocation::Absolute && address == Relocation::Absolute {
        return ("OCT", word.to_string());
    }
    let moving = |value: u16, relocation| match relocation {
        Relocation::Absolute => value.to_string(),
        Relocation::Relocatable => format!("{base}+{value}"),
        Relocation::Complement => format!("{value}-{base}"),
    };
    let shown = moving(word.address(), address);
    if decrement == Relocation::Absolute
        && let Some(found) = instruction(word, &|_| shown.clone(), Radix::Decimal)
        && found.1.starts_with(&shown)
    {
        return found;
    }
    let op = PREFIXES[usize::from(word.prefix())];
    (op, format!("{shown},{},{}", word.tag(), moving(word.decrement(), decrement)))
}
