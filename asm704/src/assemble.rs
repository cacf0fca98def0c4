//! The SHARE assembler, UA SAP 3-7: two passes over the cards of each assembly of a source (sap.md).
//!
//! The result is data; nothing here reads or writes a file. Where the original has an accident, so has this.

mod hints;
mod library;
mod location;
mod operations;
mod pass1;
mod pass2;
mod punch;
mod references;
mod symbols;
mod tables;
mod tail;
mod undefined;

use std::collections::HashSet;
use std::ops::Range;

pub use library::{Library, Routine};
pub use references::{Reference, Usage};

use crate::Word;
use crate::deck::DeckCard;
use crate::diag::{Code, Diagnostic, Severity};
use crate::listing::ListingCard;
use crate::source::{self, Card, Columns};
pub use crate::syntax::pseudo::{PSEUDO, Pseudo, PseudoRow};
use tables::Tables;

/// Warnings of symbols that are never used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unused {
    /// None.
    #[default]
    Silent,
    /// One for an assembly, with all that its own cards define; those of library routines are left out. Programs of the time
    /// have many labels that only speak to the reader.
    Together,
    /// One for each symbol.
    Each,
}

/// How to assemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How far right cards are read.
    pub columns: Columns,
    /// The source is free-form, as [`crate::source::free`] says; library routines are in columns all the same.
    pub free: bool,
    /// Make the listing.
    pub listing: bool,
    /// How to warn of symbols that are never used.
    pub unused_symbols: Unused,
    /// Warn of words that an assembly puts where it has put one before.
    pub overlaps: bool,
    /// Keep where symbols are referred to: [`Assembly::references`].
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
            references: false,
        }
    }
}

/// A word of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramWord {
    /// Where the deck loads it, 0 to 77777.
    pub address: u16,
    /// The location counter of its card, which LOC makes differ from `address`.
    pub location: u16,
    /// The word.
    pub word: Word,
    /// Line of its card in the source, from 1.
    pub line: usize,
}

/// A definition of a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name; `H$NAME` under a heading.
    pub name: String,
    /// The value.
    pub value: u16,
    /// It moves with the program; symbols of EQU do not.
    pub relocatable: bool,
    /// It is one of several definitions of the name.
    pub multiple: bool,
    /// The definition that references use.
    pub effective: bool,
    /// Line of the defining card; 0 when a symbol table brought it.
    pub line: usize,
    /// Its columns in that line, tabs expanded, counted from 0.
    pub columns: Range<usize>,
    /// Its columns on the card; those of the line unless that is free-form.
    pub card_columns: Range<usize>,
}

/// One assembly: the cards up to an END.
#[derive(Debug, Clone, Default)]
pub struct Assembly {
    /// Its first line in the source, from 1.
    pub first_line: usize,
    /// The line of its END.
    pub last_line: usize,
    /// The deck, transfer cards included.
    pub cards: Vec<DeckCard>,
    /// The listing, a line an item, trailing blanks cut.
    pub listing: Vec<String>,
    /// For each line of the listing the card that it is about.
    pub listing_cards: Vec<ListingCard>,
    /// What is to be said, by line.
    pub diagnostics: Vec<Diagnostic>,
    /// The symbol table, sorted as the original sorts it.
    pub symbols: Vec<Symbol>,
    /// Where symbols are referred to, in order; only when asked for.
    pub references: Vec<Reference>,
    /// The words, in the order of emission.
    pub words: Vec<ProgramWord>,
    /// The operand of END; `None` when it is blank or undefined.
    pub start: Option<u16>,
}

/// The assemblies of a source.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// In order.
    pub assemblies: Vec<Assembly>,
    /// What is to be said of cards outside of any assembly.
    pub stray: Vec<Diagnostic>,
    /// The line of the listing behind the last assembly: FIN, as the first card of one more, is printed.
    pub last_line: Option<String>,
    /// The library routines that LIB cards took in. Their lines are counted on from the last line of the source.
    pub routines: Vec<Routine>,
}

impl Output {
    /// Where a line is as assemblies count it: the library routine, `None` for the source itself, and the line there.
    pub fn place(&self, line: usize) -> (Option<&str>, usize) {
        match self.routines.iter().rev().find(|routine| routine.first_line <= line) {
            Some(routine) => (Some(routine.name.as_str()), line + 1 - routine.first_line),
            None => (None, line),
        }
    }

    /// All diagnostics, by line.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.assemblies.iter().flat_map(|assembly| &assembly.diagnostics).chain(&self.stray)
    }

    /// True when there is an error: a flag in the listing, or a card that could not be read.
    pub fn is_flagged(&self) -> bool {
        self.diagnostics().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// True when there is an error, or a warning of what is surely a mistake.
    pub fn is_mistaken(&self) -> bool {
        self.is_flagged() || self.diagnostics().any(|diagnostic| diagnostic.code.is_strict())
    }

    /// The words of all assemblies in the order of emission, at the addresses where the deck loads them.
    pub fn core_image(&self) -> impl Iterator<Item = (u16, Word)> + '_ {
        self.assemblies.iter().flat_map(|assembly| &assembly.words).map(|word| (word.address, word.word))
    }

    /// Where the program starts: the operand of the last END that has one.
    pub fn start(&self) -> Option<u16> {
        self.assemblies.iter().rev().find_map(|assembly| assembly.start)
    }

    /// The deck of all assemblies.
    pub fn cards(&self) -> impl Iterator<Item = &DeckCard> {
        self.assemblies.iter().flat_map(|assembly| &assembly.cards)
    }

    /// The listing of all assemblies.
    pub fn listing(&self) -> impl Iterator<Item = &str> {
        self.assemblies
            .iter()
            .flat_map(|assembly| &assembly.listing)
            .chain(&self.last_line)
            .map(String::as_str)
    }
}

/// What one pass says, each thing once.
#[derive(Debug, Default)]
struct Report {
    diagnostics: Vec<Diagnostic>,
    said: HashSet<(usize, Code, usize)>,
}

impl Report {
    fn add(&mut self, diagnostic: Diagnostic) {
        if self.said.insert((diagnostic.line, diagnostic.code, diagnostic.columns.start)) {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Assembles a source of any number of assemblies. Never fails: what is wrong is said in the diagnostics, and flagged
/// cards are assembled all the same.
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

/// As [`assemble`], with a library. A LIB card whose routine is found is replaced by its cards; a routine may ask for
/// others, and each is taken once in an assembly.
pub fn assemble_with(source: &str, options: &Options, library: &mut Library<'_>) -> Output {
    let (cards, mut foreign) = if options.free {
        source::free::read(source, options.columns)
    } else {
        source::read(source, options.columns)
    };
    let mut output = Output::default();
    let cards = library::take_in(cards, options.columns, library, &mut output);
    let mut tables = Tables::default();
    let mut repeats = pass2::RepeatBudget::default();
    let mut first = 0;
    let mut fin = None;
    for (n, card) in cards.iter().enumerate() {
        match operations::pseudo_of(card) {
            Some(Pseudo::End) => {
                output.assemblies.push(one(&cards[first..=n], true, *options, &mut tables, &mut repeats));
                first = n + 1;
            }
            Some(Pseudo::Fin) => {
                fin = Some(n);
                break;
            }
            _ => {}
        }
    }
    let rest = &cards[first..fin.unwrap_or(cards.len())];
    if rest.iter().any(is_text) {
        output.assemblies.push(one(rest, false, *options, &mut tables, &mut repeats));
    }
    if let Some(fin) = fin
        && options.listing
        && !rest.iter().any(is_text)
    {
        let card = rest.first().unwrap_or(&cards[fin]);
        output.last_line = Some(crate::listing::first_pass_line('9', ' ', card));
    }
    if let Some(fin) = fin
        && let Some(card) = cards[fin + 1..].iter().find(|card| is_text(card))
    {
        output.stray.push(Diagnostic::new(
            Code::AfterFin,
            card.line,
            0..card.variable_end(),
            "cards behind FIN are not assembled".to_owned(),
        ));
    }
    if options.free {
        free_columns(&mut output, source, options.columns);
    }
    output.stray.append(&mut foreign);
    distribute(&mut output);
    if options.unused_symbols == Unused::Together {
        unused_together(&mut output);
    }
    output
}

/// True for a card that is neither blank nor a remark: trailing blank lines of a file are no assembly.
fn is_text(card: &Card) -> bool {
    operations::pseudo_of(card) != Some(Pseudo::Rem)
        && card.columns.iter().any(|&code| code != crate::chars::BLANK)
}

fn one(
    cards: &[Card],
    has_end: bool,
    options: Options,
    tables: &mut Tables,
    repeats: &mut pass2::RepeatBudget,
) -> Assembly {
    let mut report = Report::default();
    let first = pass1::run(cards, options, tables, &mut report);
    let mut assembly = pass2::run(first, options, &mut report, repeats);
    assembly.first_line = cards.first().map_or(0, |card| card.line);
    assembly.last_line = cards.last().map_or(0, |card| card.line);
    if !has_end {
        let last = cards.iter().rev().find(|card| is_text(card)).unwrap_or(&cards[cards.len() - 1]);
        report.add(
            Diagnostic::new(
                Code::EndMissing,
                last.line,
                0..last.columns.iter().rposition(|&code| code != crate::chars::BLANK).map_or(1, |n| n + 1),
                "END missing: nothing is punched for this assembly".to_owned(),
            )
            .label("this is the last card")
            .help("end the assembly with a card END, in columns 8 to 10"),
        );
        assembly.cards.clear();
        assembly.words.clear();
        assembly.start = None;
    }
    assembly.diagnostics = report.diagnostics;
    assembly
}

/// Turns columns of cards into those of the lines of a free-form source; lines behind its last are those of routines.
fn free_columns(output: &mut Output, source: &str, columns: Columns) {
    let lines: Vec<&str> = source.strip_prefix('\u{feff}').unwrap_or(source).split('\n').collect();
    let turn = |line: usize, range: &mut Range<usize>| -> bool {
        let Some(text) = line.checked_sub(1).and_then(|line| lines.get(line)) else { return false };
        *range = source::free::line_columns(text, columns, range);
        true
    };
    let diagnostics = output.assemblies.iter_mut().flat_map(|assembly| &mut assembly.diagnostics);
    for diagnostic in diagnostics.chain(&mut output.stray) {
        if turn(diagnostic.line, &mut diagnostic.columns)
            && matches!(diagnostic.code, Code::OctalEnds | Code::DecimalEnds)
        {
            diagnostic.help = Some("the list ends at the first blank; what follows is a comment".to_owned());
        }
    }
    for assembly in &mut output.assemblies {
        for symbol in &mut assembly.symbols {
            turn(symbol.line, &mut symbol.columns);
        }
        for reference in &mut assembly.references {
            turn(reference.line, &mut reference.columns);
        }
    }
}

/// Makes one warning of all that are about symbols without use, at the first of them.
fn unused_together(output: &mut Output) {
    let behind_source = output.routines.iter().map(|routine| routine.first_line).min().unwrap_or(usize::MAX);
    for assembly in &mut output.assemblies {
        let mut names: Vec<String> = Vec::new();
        assembly.diagnostics.retain(|diagnostic| {
            if diagnostic.code != Code::UnusedSymbol {
                return true;
            }
            if diagnostic.line >= behind_source {
                return false;
            }
            names.extend(diagnostic.symbol.clone());
            names.len() == 1
        });
        if names.len() > 1
            && let Some(warning) = assembly.diagnostics.iter_mut().find(|d| d.code == Code::UnusedSymbol)
        {
            let shown = names.iter().take(MOST_UNUSED_SHOWN).map(|name| format!("`{name}`"));
            let mut list = shown.collect::<Vec<_>>().join(", ");
            if names.len() > MOST_UNUSED_SHOWN {
                list.push_str(", ...");
            }
            warning.message = format!("{} symbols are never used: {list}", names.len());
            warning.symbol = None;
            warning.help = Some("`--unused` shows the place of each".to_owned());
        }
    }
}

/// Names in a warning of several.
const MOST_UNUSED_SHOWN: usize = 12;

/// Gives what was said of a line to the assembly that has it, and sorts.
fn distribute(output: &mut Output) {
    for diagnostic in std::mem::take(&mut output.stray) {
        let at = output.assemblies.partition_point(|assembly| assembly.last_line < diagnostic.line);
        match output.assemblies.get_mut(at) {
            Some(assembly) if assembly.first_line <= diagnostic.line => assembly.diagnostics.push(diagnostic),
            _ => output.stray.push(diagnostic),
        }
    }
    for assembly in &mut output.assemblies {
        assembly.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.columns.start));
    }
}
