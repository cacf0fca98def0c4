//! Warnings about common mistakes that the assembler accepts silently, and suggestions for near misses.

use std::ops::Range;

use super::Report;
use super::operations::{Operation, operation_of};
use super::symbols::SymbolTable;
use crate::chars::BLANK;
use crate::chars::{from_ascii, graphic};
use crate::diag::{Code, Diagnostic};
use crate::isa;
use crate::library;
use crate::source::{Card, VARIABLE};
use crate::syntax::expr::{self, Field, Key, RemarkKind};
use crate::syntax::pseudo::{PSEUDO, Pseudo};

const STAR: u8 = 0o54;
const SLASH: u8 = 0o61;

/// The graphics of a range of columns, counted from 0.
pub(super) fn text(card: &Card, columns: Range<usize>) -> String {
    card.columns.get(columns).unwrap_or_default().iter().map(|&code| graphic(code)).collect()
}

/// A warning that needs only the card itself.
pub(super) fn card(card: &Card, report: &mut Report) {
    let operation = operation_of(card);
    let mark = match card.columns[..2] {
        [STAR, _] => Some("an asterisk in column 1 does not make a remark"),
        [SLASH, SLASH] => Some("two slashes do not make a remark"),
        _ => None,
    };
    if let Some(message) = mark.filter(|_| operation != Operation::Pseudo(Pseudo::Rem)) {
        report.add(
            Diagnostic::new(Code::AsteriskCard, card.line, 0..1, message.to_owned())
                .label("this card is assembled")
                .help("a remark has REM in columns 8 to 10"),
        );
    }
    let takes_symbol = !matches!(
        operation,
        Operation::Pseudo(
            Pseudo::Rem
                | Pseudo::Hed
                | Pseudo::Rep
                | Pseudo::Def
                | Pseudo::Tcd
                | Pseudo::End
                | Pseudo::Opd
                | Pseudo::Lib
                | Pseudo::Ct
        )
    );
    if takes_symbol && card.has_location() && expr::is_integer(card.squeezed()) {
        let value = expr::integer_value(card.squeezed());
        report.add(
            Diagnostic::new(
                Code::NumberAsLocation,
                card.line,
                card.location_span(),
                "a number in the location field sets the location counter".to_owned(),
            )
            .label(format!("decimal {value} is octal {:05o}", value & 0o77777)),
        );
    }
}

/// Warnings about the terms of a field. The caller reports undefined symbols.
pub(super) fn field(card: &Card, field: &Field, symbols: &SymbolTable, report: &mut Report) {
    for remark in &field.remarks {
        match remark.kind {
            RemarkKind::Undefined(_) => {}
            RemarkKind::Multiple(key) => {
                let used = symbols.find(key).map_or(0, |entry| entry.value);
                report.add(
                    multiply_defined(card, remark.at.clone(), key, symbols)
                        .label(format!("the value {used:05o} is used")),
                );
            }
            RemarkKind::Cut(kept) => {
                let kept: String = crate::Word::new(kept).characters().map(graphic).iter().collect();
                report.add(
                    Diagnostic::new(
                        Code::SymbolCut,
                        card.line,
                        remark.at.clone(),
                        "only the last six characters count".to_owned(),
                    )
                    .label(format!("read as `{kept}`")),
                );
            }
            RemarkKind::LeadingZero(value) => {
                report.add(
                    Diagnostic::new(
                        Code::DecimalNotOctal,
                        card.line,
                        remark.at.clone(),
                        "numbers in the variable field are decimal".to_owned(),
                    )
                    .label(format!("this is octal {value:o}")),
                );
            }
        }
    }
}

/// The diagnostic for a symbol with several definitions; it lists where they are.
pub(super) fn multiply_defined(card: &Card, at: Range<usize>, key: Key, symbols: &SymbolTable) -> Diagnostic {
    let name = text(card, at.clone()).replace(' ', "");
    let (lines, more) = symbols.defining_lines(key);
    let more = if more { ", ..." } else { "" };
    let lines: Vec<String> = lines
        .iter()
        .map(|&line| if line == 0 { "a symbol table".to_owned() } else { format!("line {line}") })
        .collect();
    Diagnostic::new(Code::MultiplyDefined, card.line, at, format!("`{name}` is defined more than once"))
        .help(format!("defined by {}{more}", lines.join(", ")))
        .symbol(name)
}

/// Help for an operation that only later machines have, such as `ENB`, or `TCOA`, of which three columns are read.
pub(super) fn later_operation(card: &Card) -> Option<String> {
    let field = text(card, 7..15);
    let name = field.split(' ').next().unwrap_or("");
    if name.is_empty() || !isa::later::is_later_name(name) {
        return None;
    }
    let machines = isa::later::lookup(name).map_or("the 709 and 7090", |row| match row.machine {
        isa::later::Machine::M709 => "the 709 and 7090",
        isa::later::Machine::M7090 => "the 7090",
        isa::later::Machine::M7094 => "the 7094",
    });
    Some(format!("`{name}` is one of {machines}: a 704 does not have it"))
}

/// A suggestion of the operation that was probably meant.
pub(super) fn similar_operation(card: &Card) -> Option<String> {
    if card.columns[0] == STAR || card.columns[..2] == [SLASH, SLASH] {
        return None;
    }
    let found = text(card, 7..10);
    let near = text(card, 6..12);
    // `;` and `#` begin a comment in other assemblers, and have codes here
    if [';', '#'].iter().any(|&mark| from_ascii(mark) == Some(card.columns[0])) {
        return Some("if this is a remark, put REM in columns 8 to 10".to_owned());
    }
    // a label that runs into the operation: columns 1 to 8 have no blank
    if card.columns[..8].iter().all(|&code| code != BLANK) {
        let label: String = text(card, 0..card.columns.len()).chars().take_while(|c| *c != ' ').collect();
        return Some(format!("`{label}` is longer than a symbol can be, six characters in columns 1 to 6"));
    }
    let name = text(card, 7..11);
    if let Some(help) = super::habits::today(name.split(' ').next().unwrap_or("")) {
        return Some(help);
    }
    let names =
        || isa::names().map(|n| n.name).chain(PSEUDO.iter().map(|p| p.name)).filter(|n| !n.is_empty());
    if let Some(name) = names().find(|name| near.split_whitespace().next() == Some(name)) {
        let tab = if card.columns[7] == BLANK { " (a tab leads to column 9)" } else { "" };
        return Some(format!("`{name}` must be in columns 8 to 10{tab}"));
    }
    let best = names().min_by_key(|name| strsim::damerau_levenshtein(name, &found))?;
    (strsim::damerau_levenshtein(best, &found) <= 1).then(|| format!("did you mean `{best}`?"))
}

/// The name most similar to a symbol, at most two changes away.
pub(super) fn similar_symbol<'n>(found: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let limit = if found.len() > 3 { 2 } else { 1 };
    names
        .map(|name| (strsim::damerau_levenshtein(name, found), name))
        .filter(|&(distance, _)| distance > 0 && distance <= limit && distance < found.len())
        .min()
        .map(|(_, name)| name)
}

/// The columns to point at when the variable field is empty: those of an operand too far to the right, if there is one.
pub(super) fn missing_operand(card: &Card) -> (Range<usize>, Option<String>) {
    if card.columns[VARIABLE] == BLANK
        && let Some(at) = card.columns[VARIABLE..VARIABLE + 5].iter().position(|&code| code != BLANK)
    {
        let start = VARIABLE + at;
        let end = card.columns[start..]
            .iter()
            .position(|&code| code == BLANK)
            .map_or(card.columns.len(), |n| start + n);
        let help = format!("the variable field begins in column 12; this is column {}", start + 1);
        return (start..end, Some(help));
    }
    (7..10, None)
}

/// The help for a LIB card whose routine is not found: the routines that exist.
pub(super) fn no_routine(card: &Card) -> Diagnostic {
    let name = text(card, 0..6);
    let message = match name.trim() {
        "" => "LIB needs the name of a routine in its location field".to_owned(),
        name => format!("there is no library routine `{name}`"),
    };
    let own: Vec<String> = library::own_names().map(str::to_ascii_uppercase).collect();
    Diagnostic::new(Code::NoLibrary, card.line, card.location_span(), message).help(format!(
        "built into asm704: {}; others are files, such as sqrt.sap, in a folder lib next to the source or in the folder of --library",
        own.join(", ")
    ))
}
