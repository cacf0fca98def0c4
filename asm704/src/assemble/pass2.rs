//! The second pass: words, cards, listing.

mod data;
mod instruction;

use std::collections::HashSet;

use super::location::{has_location, location_span, squeezed};
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

/// Cards that REP may repeat in one source: far beyond any core, but not without end.
#[derive(Debug)]
pub(super) struct RepeatBudget(u64);

impl Default for RepeatBudget {
    fn default() -> RepeatBudget {
        RepeatBudget(1_000_000)
    }
}

/// What an assembly is in the second pass.
struct Pass<'a, 'b> {
    symbols: SymbolTable,
    undefined: UndefinedList,
    defined: Option<Defined>,
    punch: Punch,
    /// Cards that BOS sent to a tape.
    diverted: Option<usize>,
    kept: Vec<DeckCard>,
    counter: Counter,
    /// The value of the location symbol, else the counter.
    location: Counter,
    heading: u8,
    flags: Flags,
    /// The next instruction is looked at for STO behind a division.
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
    /// For each line of the listing its card.
    listing_cards: Vec<ListingCard>,
    suggestions: usize,
    report: &'b mut Report,
    options: Options,
    cards: &'a [&'a Card],
}

/// Suggestions for undefined symbols and operations of an assembly: each is a search of all names.
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

    fn pseudo(&mut self, pseudo: Pseudo, card: &'a Card) {
        match pseudo {
            Pseudo::Rem => self.list(card, Body::Blank, true),
            Pseudo::Opd => self.list(card, Body::Blank, false),
            Pseudo::Hed => {
                self.heading = card.columns[0];
                self.list(card, Body::Blank, false);
            }
            Pseudo::Swt => {
                self.location_field(card);
                self.sense_switch(card);
            }
            Pseudo::Oct => {
                self.location_field(card);
                self.octal(card);
            }
            Pseudo::Dec => {
                self.location_field(card);
                self.decimal(card);
            }
            Pseudo::Bcd => {
                self.location_field(card);
                self.characters(card);
            }
            Pseudo::Equ | Pseudo::Syn => {
                self.location_field(card);
                let field = self.operand(card);
                self.list_value(card, &field, field.value);
            }
            Pseudo::Org | Pseudo::Loc => {
                self.location_field(card);
                let field = self.operand(card);
                self.counter = Counter { value: field.value, relocatable: true };
                if pseudo == Pseudo::Org {
                    self.punch.flush(self.counter.value);
                }
                self.list_value(card, &field, field.value);
            }
            Pseudo::Bss | Pseudo::Bes => {
                self.location_field(card);
                let field = self.operand(card);
                self.counter.advance(field.value.into());
                if pseudo == Pseudo::Bes {
                    self.location.value = self.counter.value;
                }
                self.punch.flush(self.counter.value);
                self.list_value(card, &field, self.location.value);
            }
            Pseudo::Tcd | Pseudo::End => {
                let field = self.operand(card);
                self.punch.flush(self.counter.value);
                self.punch.transfer(field.value);
                if pseudo == Pseudo::End && field.present && !field.undefined {
                    self.start = Some(field.value);
                }
                self.list_value(card, &field, field.value);
            }
            Pseudo::Abs => self.format(Format::Absolute),
            Pseudo::Rel => self.format(Format::Relocatable),
            Pseudo::Ful => self.format(Format::Full),
            Pseudo::Def => self.define(card),
            Pseudo::Ct => self.correction(card),
            Pseudo::Spc => {
                let field = self.field(card, VARIABLE);
                self.spacing = if field.present && !field.undefined && field.value == 2 { 0 } else { BLANK };
                self.carriage = self.spacing;
            }
            Pseudo::Skp => self.carriage = card.columns[VARIABLE],
            Pseudo::Fst => self.table_behind = true,
            Pseudo::Bos => self.output_select(card),
            Pseudo::Plb | Pseudo::Plr => self.unsupported(card, "has no effect here"),
            Pseudo::Rep
            | Pseudo::Wst
            | Pseudo::Rst
            | Pseudo::Ast
            | Pseudo::Pst
            | Pseudo::Lib
            | Pseudo::Fin => {}
        }
    }

    /// The location field of cards that take a symbol: a number sets the counter, a symbol gives the location that the
    /// card should have.
    fn location_field(&mut self, card: &Card) {
        if self.repeating || !has_location(card) {
            return;
        }
        let symbol = squeezed(card);
        if expr::is_integer(symbol) {
            let value = (expr::integer_value(symbol) & 0o77777) as u16;
            self.counter = Counter { value, relocatable: false };
            self.location = self.counter;
            self.punch.flush(self.counter.value);
            return;
        }
        if expr::is_counter(symbol) {
            return;
        }
        match self.lookup(expr::headed(symbol, self.heading)) {
            Lookup::Defined { multiple: true, .. } => {
                self.flags.set(Flags::M);
                let key = expr::headed(symbol, self.heading);
                let diagnostic = hints::multiply_defined(card, location_span(card), key, &self.symbols);
                self.report.add(diagnostic.label("one of the definitions"));
            }
            Lookup::Defined { value, relocatable, .. } => self.location = Counter { value, relocatable },
            Lookup::Undefined => {
                self.flags.set(Flags::U);
                self.location = Counter { value: 0, relocatable: false };
                self.undefined_symbol(card, location_span(card));
            }
        }
    }

    /// A symbol in the tables: the sorted one, then that of the undefined.
    fn lookup(&mut self, key: Key) -> Lookup {
        match self.symbols.lookup(key) {
            Lookup::Undefined => self.undefined.lookup(key),
            found @ Lookup::Defined { .. } => found,
        }
    }

    /// Evaluates a field and says what there is to say of it; flags M and U are set.
    fn field(&mut self, card: &Card, start: usize) -> Field {
        self.field_used(card, start, Usage::Value)
    }

    /// As [`Pass::field`], for a field that is used in a certain way.
    fn field_used(&mut self, card: &Card, start: usize, usage: Usage) -> Field {
        let place = self.counter.place(self.heading);
        let (symbols, undefined, used) = (&self.symbols, &mut self.undefined, &mut self.used);
        let unused_symbols = self.options.unused_symbols != Unused::Silent;
        // what REP repeats refers to nothing new
        let mut references = (self.options.references && !self.repeating).then_some(&mut self.references);
        let field = expr::evaluate(&card.columns, start, place, |term| {
            if unused_symbols {
                used.insert(term.key);
            }
            if let Some(references) = &mut references {
                references.push((term.clone(), references::of(card, term, usage)));
            }
            match symbols.lookup(term.key) {
                Lookup::Undefined => undefined.lookup(term.key),
                found @ Lookup::Defined { .. } => found,
            }
        });
        if field.multiple {
            self.flags.set(Flags::M);
        }
        if field.undefined {
            self.flags.set(Flags::U);
        }
        if !field.remarks.is_empty() {
            hints::field(card, &field, &self.symbols, self.report);
            for remark in &field.remarks {
                if let RemarkKind::Undefined(_) = remark.kind {
                    self.undefined_symbol(card, remark.at.clone());
                }
            }
        }
        field
    }

    fn undefined_symbol(&mut self, card: &Card, at: std::ops::Range<usize>) {
        // the first pass has said it
        if self.report.said.contains(&(card.line, Code::UsedBeforeDefined, at.start)) {
            return;
        }
        let name = hints::text(card, at.clone()).replace(' ', "");
        let mut diagnostic =
            Diagnostic::new(Code::UndefinedSymbol, card.line, at, format!("`{name}` is not defined"))
                .label("not found in any location field")
                .symbol(name.clone());
        if self.suggestions < MAX_SUGGESTIONS {
            self.suggestions += 1;
            let names: Vec<String> = self.symbols.entries().iter().map(tail::name).collect();
            if let Some(near) = hints::similar_symbol(&name, names.iter().map(String::as_str)) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
        }
        self.report.add(diagnostic);
    }

    /// The one operand of ORG, EQU and the like; missing, it is 0 and flag A.
    fn operand(&mut self, card: &Card) -> Field {
        let field = self.field(card, VARIABLE);
        if !field.present {
            self.flags.set(Flags::A);
            // END and TCD without an operand punch a transfer card to 0, which is common
            let (at, help) = hints::missing_operand(card);
            let mut diagnostic = Diagnostic::new(
                Code::AddressMissing,
                card.line,
                at,
                format!("{} has no operand", hints::text(card, 7..10)),
            )
            .label("taken as 0");
            diagnostic.help = help;
            self.report.add(diagnostic);
        }
        field
    }

    fn format(&mut self, format: Format) {
        self.punch.flush(self.counter.value);
        self.punch.set_format(format);
    }

    fn define(&mut self, card: &'a Card) {
        let first = self.field(card, VARIABLE);
        // so far the value is not yet in force for the second subfield
        self.undefined.next = Some(first.value);
        let mut shown = Body::Blank;
        self.undefined.left = 0o77777;
        if let Some(start) = first.next {
            let count = self.field(card, start);
            if count.present {
                self.undefined.left = count.value;
                if !count.undefined {
                    shown = Body::Value(first.value);
                }
            }
        }
        self.list(card, shown, false);
    }

    fn correction(&mut self, card: &'a Card) {
        let address = self.operand(card);
        let tag = address.next.map(|start| self.field(card, start)).unwrap_or_default();
        let word = Word::from_fields(0, 0, (tag.value & 7) as u8, address.value);
        if word.tag() == 0 {
            self.counter.value = address.value;
            self.location.value = address.value;
        }
        self.store(card, word, Relocation::Absolute, Relocation::Absolute);
        let body = Body::Instruction {
            word,
            prefix: false,
            decrement: crate::listing::Decrement::Blank,
            tag: tag.present && !tag.undefined,
            address: !address.undefined,
        };
        self.list(card, body, true);
    }

    fn output_select(&mut self, card: &'a Card) {
        self.punch.flush(self.counter.value);
        let tape = self.field(card, VARIABLE);
        self.end_diversion();
        if tape.value != 0 {
            self.diverted = Some(self.words.len());
            self.kept = std::mem::take(&mut self.punch.cards);
            self.unsupported(card, "sends what follows to a tape: it is not in the deck");
        }
    }

    /// Cards and words that went to a tape are dropped.
    fn end_diversion(&mut self) {
        if let Some(n_words) = self.diverted.take() {
            self.punch.cards = std::mem::take(&mut self.kept);
            self.words.truncate(n_words);
        }
    }

    fn unsupported(&mut self, card: &Card, what: &str) {
        self.report.add(Diagnostic::new(
            Code::Unsupported,
            card.line,
            7..10,
            format!("{} {what}", hints::text(card, 7..10)),
        ));
    }

    /// REP at card `at`: the cards before it are read again. Missing or undefined operands have no effect.
    fn repeat(&mut self, at: usize, budget: &mut RepeatBudget) {
        let card = self.cards[at];
        self.flags = Flags::NONE;
        let first = self.field(card, VARIABLE);
        let times = match first.next {
            Some(start) if !first.undefined => self.field(card, start),
            _ => Field::default(),
        };
        if !first.present || !times.present || first.undefined || times.undefined {
            self.list(card, Body::Blank, false);
            return;
        }
        // the tape is backspaced over one card at least, and read once at least
        let n_cards = usize::from(first.value.max(1)).min(at);
        let n_times = u64::from(times.value.max(1));
        let Some(left) = budget.0.checked_sub(n_cards as u64 * n_times) else {
            self.report.add(
                Diagnostic::new(
                    Code::BadRepeat,
                    card.line,
                    first.at.start..times.at.end,
                    "REP repeats far more cards than core has words".to_owned(),
                )
                .label("not repeated"),
            );
            return;
        };
        budget.0 = left;
        self.repeating = true;
        for _ in 0..n_times {
            for n in at - n_cards..at {
                let again = self.cards[n];
                if operation_of(again) == Operation::Pseudo(Pseudo::Rep) {
                    self.report.add(
                        Diagnostic::new(
                            Code::BadRepeat,
                            card.line,
                            7..10,
                            "there is a REP among the repeated cards".to_owned(),
                        )
                        .label(format!("the REP of line {} is left out", again.line)),
                    );
                } else {
                    self.card(again);
                }
            }
        }
        self.repeating = false;
    }

    /// Puts a word on the card and in the program.
    fn store(&mut self, card: &Card, word: Word, decrement: Relocation, address: Relocation) {
        let location = self.location.value;
        let loads_at = self.punch.store(word, decrement, address, self.counter.value);
        self.words.push(ProgramWord { address: loads_at, location, word, line: card.line });
    }

    /// A word at the location counter: phase check, advance, store, list.
    fn emit(
        &mut self,
        card: &'a Card,
        word: Word,
        relocations: (Relocation, Relocation),
        body: Body,
        first: bool,
    ) {
        if self.counter != self.location {
            self.flags.set(Flags::P);
            let text = if self.flags.has(Flags::U) {
                format!("the location is {:05o}, but its symbol has no value", self.counter.value)
            } else {
                let (now, then) = (self.counter.value, self.location.value);
                format!("the location is {now:05o}, in the first pass it was {then:05o}")
            };
            self.report.add(
                Diagnostic::new(Code::Phase, card.line, location_span(card), text)
                    .label("the counter is set back to the symbol's value"),
            );
            self.counter = self.location;
            self.punch.flush(self.counter.value);
        }
        let location = self.location.value;
        self.counter.advance(1);
        self.store(card, word, relocations.0, relocations.1);
        self.location.value = self.counter.value;
        self.line(
            card.line,
            Line {
                carriage: self.carriage,
                flags: self.flags,
                location: Some(location),
                body,
                card: first.then_some(card),
                no_symbol: self.repeating,
                remark: false,
            },
        );
    }

    fn list_value(&mut self, card: &'a Card, field: &Field, value: u16) {
        let body = if field.undefined { Body::Blank } else { Body::Value(value) };
        self.list(card, body, false);
    }

    /// Lists a card without a location.
    fn list(&mut self, card: &'a Card, body: Body, remark: bool) {
        // REP deletes the location field of those cards only whose symbol is looked at
        let symbol = !matches!(
            operation_of(card),
            Operation::Pseudo(
                Pseudo::Rem
                    | Pseudo::Hed
                    | Pseudo::Opd
                    | Pseudo::Def
                    | Pseudo::Tcd
                    | Pseudo::End
                    | Pseudo::Ct
                    | Pseudo::Rep
            )
        );
        self.line(
            card.line,
            Line {
                carriage: self.carriage,
                flags: self.flags,
                location: None,
                body,
                card: Some(card),
                no_symbol: self.repeating && symbol,
                remark,
            },
        );
    }

    fn line(&mut self, source_line: usize, line: Line<'_>) {
        if self.options.listing {
            self.listing_cards.push(ListingCard { line: source_line, card_at: line.card.map(|_| 30) });
            self.listing.push(line.text());
        }
        self.carriage = self.spacing;
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
