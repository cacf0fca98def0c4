//! The second pass: it makes words, cards and the listing.

mod data;
mod emit;
mod fields;
mod instruction;
mod pseudo;
mod repeat;

pub(super) use repeat::RepeatBudget;

use std::collections::HashSet;

use super::operations::{Defined, Machine, Operation, operation_of};
use super::pass1::{Counter, FirstPass};
use super::punch::{Format, Punch};
use super::symbols::SymbolTable;
use super::undefined::UndefinedList;
use super::{
    Assembly, Options, ProgramWord, Reference, Report, Unused, Usage, hints, references, tables, tail,
};
use crate::Word;
use crate::chars::BLANK;
use crate::deck::DeckCard;
use crate::diag::{Code, Diagnostic};
use crate::listing::{Body, Flags, Line, ListingCard};
use crate::source::{Card, VARIABLE};
use crate::syntax::expr::{self, Field, Key, Lookup, Relocation, RemarkKind};
use crate::syntax::pseudo::Pseudo;

/// The state of an assembly in the second pass.
struct Pass<'a, 'b> {
    symbols: SymbolTable,
    undefined: UndefinedList,
    defined: Option<Defined>,
    punch: Punch,
    /// Cards that BOS sent to a tape.
    diverted: Option<usize>,
    kept: Vec<DeckCard>,
    breaks: Vec<(usize, usize)>,
    counter: Counter,
    /// The value of the location symbol, or the counter if there is none.
    location: Counter,
    heading: u8,
    flags: Flags,
    /// True when the next instruction is checked for a STO after a division.
    after_divide: bool,
    repeating: bool,
    carriage: u8,
    spacing: u8,
    words: Vec<ProgramWord>,
    listing: Vec<String>,
    start: Option<u16>,
    table_behind: bool,
    used: HashSet<Key>,
    references: Vec<(expr::Term, Reference)>,
    /// The card of each line of the listing.
    listing_cards: Vec<ListingCard>,
    suggestions: usize,
    report: &'b mut Report,
    options: Options,
    cards: &'a [&'a Card],
}

/// The limit of suggestions for undefined symbols and operations in an assembly: each one needs a search of all names.
const MAX_SUGGESTIONS: usize = 50;

pub(super) fn run(
    first: FirstPass<'_>,
    options: Options,
    report: &mut Report,
    repeats: &mut RepeatBudget,
) -> Assembly {
    let FirstPass { cards, symbols, operations, listing, listing_cards: first_cards, punch_table } = first;
    let mut pass = Pass {
        defined: (!operations.is_empty()).then(|| Defined::new(&operations)),
        symbols,
        undefined: UndefinedList::default(),
        punch: Punch::default(),
        diverted: None,
        kept: Vec::new(),
        breaks: Vec::new(),
        counter: Counter::START,
        location: Counter::START,
        heading: 0,
        flags: Flags::NONE,
        after_divide: false,
        repeating: false,
        carriage: 1,
        spacing: BLANK,
        words: Vec::new(),
        listing,
        start: None,
        table_behind: false,
        used: HashSet::new(),
        references: Vec::new(),
        listing_cards: first_cards,
        suggestions: 0,
        report,
        options,
        cards: &cards,
    };
    if punch_table {
        pass.punch.table(tables::TABLE_ADDRESS, &tables::core_form(&pass.symbols, &[], false));
    }
    for (n, &card) in cards.iter().enumerate() {
        pass.card(card);
        if operation_of(card) == Operation::Pseudo(Pseudo::Rep) {
            pass.repeat(n, repeats);
        }
    }
    pass.finish()
}

impl<'a> Pass<'a, '_> {
    fn card(&mut self, card: &'a Card) {
        self.location = self.counter;
        self.flags = Flags::NONE;
        match operation_of(card) {
            Operation::Pseudo(pseudo) => self.pseudo(pseudo, card),
            Operation::Machine(machine) if self.defined.is_none() => {
                self.location_field(card);
                self.instruction(card, Some(machine));
            }
            _ => {
                self.location_field(card);
                let machine = self.defined.as_ref().and_then(|defined| defined.find(card));
                self.instruction(card, machine);
            }
        }
    }

    fn finish(mut self) -> Assembly {
        self.punch.flush(self.counter.value);
        self.end_diversion();
        self.spacing = BLANK;
        if self.options.listing {
            tail::list(&mut self.listing, &self.undefined.symbols, &self.symbols, self.carriage);
            self.listing_cards.resize(self.listing.len(), ListingCard { line: 0, card_at: None });
        }
        if self.table_behind {
            let placed: Vec<(Key, u16)> =
                self.undefined.symbols.iter().filter_map(|&(key, value)| Some((key, value?))).collect();
            self.punch.table(tables::TABLE_ADDRESS, &tables::core_form(&self.symbols, &placed, true));
        }
        if self.options.overlaps {
            tail::overlaps(&self.words, self.report);
        }
        if self.options.unused_symbols != Unused::Silent {
            tail::unused(&self.symbols, &self.used, self.report);
        }
        Assembly {
            cards: self.punch.cards,
            breaks: self.breaks,
            references: references::named(self.references, &self.symbols, &self.undefined),
            listing: self.listing,
            listing_cards: self.listing_cards,
            symbols: tail::symbols(&self.symbols),
            words: self.words,
            start: self.start,
            ..Assembly::default()
        }
    }
}
