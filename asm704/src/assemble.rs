//! The SHARE assembler, UA SAP 3-7: two passes over the cards of each assembly in a source (sap.md).
//!
//! The result is data; nothing here reads or writes a file. Quirks of the original are kept.

mod free_form;
mod habits;
mod hints;
mod library;
mod operations;
mod output;
mod parts;
mod pass1;
mod pass2;
mod punch;
mod references;
mod report;
mod symbols;
mod tables;
mod tail;
mod undefined;

pub use library::{Library, Routine};
pub use output::{Assembly, DeckPiece, Output, ProgramWord, Symbol};
pub use references::{Reference, Usage};

use crate::diag::Diagnostic;
use crate::source::{self, Card, Columns};
pub use crate::syntax::pseudo::{PSEUDO, Pseudo, PseudoRow};
use parts::{Part, Parts};
use pass2::RepeatBudget;
use report::Report;
use tables::Tables;

/// Which warnings to give about symbols that are never used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unused {
    /// No warnings.
    #[default]
    Silent,
    /// One warning per assembly, naming all unused symbols that its own cards define but not those of library routines. Programs
    /// of the time have many labels that only explain the code to the reader.
    Together,
    /// One warning per symbol.
    Each,
}

/// Options of the assembler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The last column that is read of each card.
    pub columns: Columns,
    /// The source is in free form, as described in [`crate::source::free`]. Library routines are always in columns.
    pub free: bool,
    /// Make the listing.
    pub listing: bool,
    /// How to warn about symbols that are never used.
    pub unused_symbols: Unused,
    /// Warn when an assembly puts a second word in a location.
    pub overlaps: bool,
    /// Question cards that are legal but often a mistake: numbers as addresses, a blank in the variable field, no ORG.
    pub questions: bool,
    /// Record where symbols are referred to: [`Assembly::references`].
    pub references: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            columns: Columns::default(),
            free: false,
            listing: true,
            unused_symbols: Unused::Silent,
            overlaps: false,
            questions: false,
            references: false,
        }
    }
}

/// Assembles a source of any number of assemblies. It never fails: errors are reported as diagnostics, and flagged cards are
/// still assembled.
///
/// ```
/// use asm704::assemble::{assemble, Options};
///
/// let source = "       ORG 64
/// START  CLA TWO
///        ADD THREE
///        HTR START
/// TWO    DEC 2
/// THREE  DEC 3
///        END START
/// ";
/// let output = assemble(source, &Options::default());
/// assert!(!output.is_flagged());
/// assert_eq!(output.start(), Some(0o100));
/// let core: Vec<(u16, String)> = output.core_image().map(|(at, word)| (at, word.to_string())).collect();
/// assert_eq!(core[0], (0o100, "050000000103".to_owned())); // CLA 103
///
/// let wrong = assemble("       CLA NOBODY\n       END 0\n", &Options::default());
/// let diagnostic = wrong.diagnostics().next().expect("one symbol is not defined");
/// assert_eq!((diagnostic.line, diagnostic.symbol.as_deref()), (1, Some("NOBODY")));
/// ```
pub fn assemble(source: &str, options: &Options) -> Output {
    assemble_with(source, options, &mut |_| None)
}

/// Assembles a source as [`assemble`] does, with a library. The cards of a routine replace the LIB card that names it. A
/// routine may ask for other routines; each one is included once per assembly.
pub fn assemble_with(source: &str, options: &Options, library: &mut Library<'_>) -> Output {
    let mut output = Output { free: options.free, columns: options.columns, ..Output::default() };
    let (cards, mut foreign) = read(source, *options);
    let cards = library::take_in(cards, options.columns, library, &mut output);
    let parts = Parts::of(&cards);

    let mut tables = Tables::default();
    let mut repeats = RepeatBudget::default();
    for part in &parts.assemblies {
        output.assemblies.push(one(*part, *options, &mut tables, &mut repeats));
    }
    output.last_line = parts.last_line().filter(|_| options.listing);
    output.stray.extend(parts.cut_off());

    if options.free {
        report::to_lines(&mut output, source, options.columns);
    }
    output.stray.append(&mut foreign);
    if options.questions {
        output.stray.extend(free_form::question(source, *options, library, &output));
    }
    report::distribute(&mut output);
    if options.unused_symbols == Unused::Together {
        report::unused_together(&mut output);
    }
    output
}

/// The cards of a source, and the problems with its characters.
fn read(source: &str, options: Options) -> (Vec<Card>, Vec<Diagnostic>) {
    if options.free {
        source::free::read(source, options.columns)
    } else {
        source::read(source, options.columns)
    }
}

/// Runs both passes over the cards of one assembly.
fn one(part: Part<'_>, options: Options, tables: &mut Tables, repeats: &mut RepeatBudget) -> Assembly {
    let mut report = Report::default();
    let first = pass1::run(part.cards, options, tables, &mut report);
    let mut assembly = pass2::run(first, options, &mut report, repeats);
    if options.questions {
        habits::look(part.cards, &assembly, &mut report);
    }
    part.drop_without_end(&mut assembly, &mut report);
    assembly.first_line = part.cards.first().map_or(0, |card| card.line);
    assembly.last_line = part.cards.last().map_or(0, |card| card.line);
    assembly.diagnostics = report.diagnostics;
    assembly
}
