//! The first pass: it steps the location counter over the cards and gives symbols their values.

use super::operations::{Operation, operation_of};
use super::symbols::{Entry, SymbolTable};
use super::tables::Tables;
use super::{Options, Report, hints};
use crate::Word;
use crate::diag::{Code, Diagnostic};
use crate::listing::{self, ListingCard};
use crate::source::{Card, VARIABLE};
use crate::syntax::expr::{self, Field, Place};
use crate::syntax::pseudo::Pseudo;
use crate::syntax::{decimal, octal};

/// A location counter: 15 bits, and whether the location moves with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counter {
    pub(super) value: u16,
    pub(super) relocatable: bool,
}

impl Counter {
    pub(super) const START: Counter = Counter { value: 0, relocatable: true };

    pub(super) fn advance(&mut self, words: u64) {
        self.value = ((u64::from(self.value) + words) & 0o77777) as u16;
    }

    pub(super) const fn place(self, heading: u8) -> Place {
        Place { location: self.value, relocatable: self.relocatable, heading }
    }
}

/// The results of the first pass, for the second.
pub(super) struct FirstPass<'a> {
    /// The cards for the second pass.
    pub(super) cards: Vec<&'a Card>,
    pub(super) symbols: SymbolTable,
    /// Definitions of OPD: names and words.
    pub(super) operations: Vec<(u64, Word)>,
    pub(super) listing: Vec<String>,
    /// The card of each line of the listing.
    pub(super) listing_cards: Vec<ListingCard>,
    /// True when there was a PST card.
    pub(super) punch_table: bool,
}

struct Pass<'a, 'b> {
    first: FirstPass<'a>,
    counter: Counter,
    /// The value given to a symbol in the location field.
    location: Counter,
    heading: u8,
    tables: &'b mut Tables,
    report: &'b mut Report,
    options: Options,
}

pub(super) fn run<'a>(
    cards: &'a [Card],
    options: Options,
    tables: &mut Tables,
    report: &mut Report,
) -> FirstPass<'a> {
    let first = FirstPass {
        cards: Vec::with_capacity(cards.len()),
        symbols: SymbolTable::default(),
        operations: Vec::new(),
        listing: Vec::new(),
        listing_cards: Vec::new(),
        punch_table: false,
    };
    let counter = Counter::START;
    let mut pass = Pass { first, counter, location: counter, heading: 0, tables, report, options };
    if let Some(card) = cards.first()
        && options.listing
    {
        pass.first.listing.push(listing::first_pass_line('9', ' ', card));
        pass.first.listing_cards.push(ListingCard { line: card.line, card_at: Some(6) });
    }
    for card in cards {
        pass.card(card);
    }
    pass.first.symbols.sort(true);
    pass.first
}

impl<'a> Pass<'a, '_> {
    fn card(&mut self, card: &'a Card) {
        self.location = self.counter;
        hints::card(card, self.report);
        let operation = operation_of(card);
        // a LIB card whose routine is not found is not copied for the second pass
        if operation != Operation::Pseudo(Pseudo::Lib) {
            self.first.cards.push(card);
        }
        match operation {
            Operation::Pseudo(pseudo) => self.pseudo(pseudo, card),
            Operation::Machine(_) | Operation::Unknown => {
                self.counter.advance(1);
                self.enter(card);
            }
        }
    }

    fn pseudo(&mut self, pseudo: Pseudo, card: &'a Card) {
        match pseudo {
            Pseudo::Swt => {
                self.counter.advance(1);
                self.enter(card);
            }
            Pseudo::Oct => {
                self.counter.advance(octal::octal_list(&card.columns).items.len() as u64);
                self.enter(card);
            }
            Pseudo::Dec => {
                self.counter.advance(decimal::decimal_count(&card.columns) as u64);
                self.enter(card);
            }
            Pseudo::Bcd => {
                self.counter.advance(octal::bcd_count(&card.columns) as u64);
                self.enter(card);
            }
            Pseudo::Equ | Pseudo::Syn => {
                if let Some(field) = self.operand(card, VARIABLE) {
                    self.location = Counter { value: field.value, relocatable: pseudo == Pseudo::Syn };
                    self.enter(card);
                }
            }
            Pseudo::Org | Pseudo::Loc => {
                if let Some(field) = self.operand(card, VARIABLE) {
                    self.counter = Counter { value: field.value, relocatable: true };
                    self.location = self.counter;
                    self.enter(card);
                }
            }
            Pseudo::Bss | Pseudo::Bes => {
                if let Some(field) = self.operand(card, VARIABLE) {
                    self.counter.advance(field.value.into());
                    if pseudo == Pseudo::Bes {
                        self.location.value = self.counter.value;
                    }
                    self.enter(card);
                }
            }
            Pseudo::Ct => self.correction(card),
            Pseudo::Rep => self.repeat(card),
            Pseudo::Hed => self.heading = card.columns[0],
            Pseudo::Opd => {
                let word = octal::octal_list(&card.columns).items[0].0;
                self.first.operations.push((card.squeezed(), word));
            }
            Pseudo::Lib => {
                self.listing_undefined(card);
                self.report.add(hints::no_routine(card));
            }
            Pseudo::Wst | Pseudo::Rst | Pseudo::Ast => self.table(pseudo, card),
            Pseudo::Pst => self.first.punch_table = true,
            Pseudo::Tcd
            | Pseudo::Spc
            | Pseudo::Skp
            | Pseudo::Rem
            | Pseudo::Rel
            | Pseudo::Plr
            | Pseudo::Plb
            | Pseudo::Ful
            | Pseudo::Fst
            | Pseudo::Fin
            | Pseudo::End
            | Pseudo::Def
            | Pseudo::Bos
            | Pseudo::Abs => {}
        }
    }

    fn evaluate(&self, card: &Card, start: usize) -> Field {
        let symbols = &self.first.symbols;
        expr::evaluate(&card.columns, start, self.counter.place(self.heading), |term| {
            symbols.lookup(term.key)
        })
    }

    /// An operand needed in this pass; `None` if it has a symbol that is not defined yet.
    fn operand(&mut self, card: &Card, start: usize) -> Option<Field> {
        let field = self.evaluate(card, start);
        if field.undefined {
            self.undefined(card, &field);
            return None;
        }
        Some(field)
    }

    fn listing_undefined(&mut self, card: &Card) {
        if self.options.listing {
            self.first.listing.push(listing::first_pass_line(' ', 'U', card));
            self.first.listing_cards.push(ListingCard { line: card.line, card_at: Some(6) });
        }
    }

    fn undefined(&mut self, card: &Card, field: &Field) {
        self.listing_undefined(card);
        for remark in &field.remarks {
            if let expr::RemarkKind::Undefined(_) = remark.kind {
                let name = hints::text(card, remark.at.clone());
                self.report.add(
                    Diagnostic::new(
                        Code::UsedBeforeDefined,
                        card.line,
                        remark.at.clone(),
                        format!("`{name}` is not defined before this card"),
                    )
                    .label("needed in the first pass")
                    .help("move the card that defines it before this one")
                    .symbol(name),
                );
            }
        }
    }

    fn correction(&mut self, card: &Card) {
        let Some(address) = self.operand(card, VARIABLE) else { return };
        let tag = address.next.map(|start| self.evaluate(card, start)).unwrap_or_default();
        if tag.value == 0 {
            self.counter.value = address.value;
        }
    }

    fn repeat(&mut self, card: &Card) {
        let Some(cards) = self.operand(card, VARIABLE) else { return };
        let times = match cards.next {
            Some(start) => {
                let Some(times) = self.operand(card, start) else { return };
                times
            }
            None => Field::default(),
        };
        if cards.present && times.present {
            self.counter.advance(u64::from(cards.value) * u64::from(times.value));
        } else {
            self.listing_undefined(card);
            self.report.add(
                Diagnostic::new(
                    Code::BadRepeat,
                    card.line,
                    VARIABLE..card.variable_end().max(VARIABLE + 1),
                    "REP needs two operands".to_owned(),
                )
                .help("REP m,n repeats the m cards before it n times more"),
            );
        }
    }

    fn table(&mut self, pseudo: Pseudo, card: &Card) {
        let tape = self.evaluate(card, VARIABLE);
        let number = tape.next.map(|start| self.evaluate(card, start)).unwrap_or_default();
        let number_value = number.value.max(1);
        if pseudo == Pseudo::Wst {
            self.first.symbols.sort(false);
            self.tables.write(tape.value, number_value, self.first.symbols.entries());
            return;
        }
        let found = if tape.value == 0 { None } else { self.tables.read(tape.value, number_value) };
        if let Some(entries) = found {
            if pseudo == Pseudo::Rst {
                self.first.symbols.clear();
            }
            for entry in entries {
                self.first.symbols.enter(*entry);
            }
            return;
        }
        let message = if tape.value == 0 {
            "symbol tables on cards are not read".to_owned()
        } else {
            format!("no WST before this card has written table {number_value} of tape {}", tape.value)
        };
        self.report.add(Diagnostic::new(
            Code::UnknownTable,
            card.line,
            VARIABLE..card.variable_end().max(VARIABLE + 1),
            message,
        ));
    }

    /// Enters the symbol of the location field. A number there sets the location counter.
    fn enter(&mut self, card: &Card) {
        if !card.has_location() {
            return;
        }
        let symbol = card.squeezed();
        if expr::is_integer(symbol) {
            let value = i64::from(self.counter.value) - i64::from(self.location.value)
                + expr::integer_value(symbol) as i64;
            self.counter = Counter {
                value: value.rem_euclid(1 << 15) as u16,
                relocatable: self.counter.relocatable && !self.location.relocatable,
            };
            return;
        }
        let key = expr::headed(symbol, self.heading);
        let heading = if symbol >> 30 == 0 { self.heading } else { 0 };
        let Counter { value, relocatable } = self.location;
        let span = card.location_span();
        let at = [span.start as u8, span.end as u8];
        self.first.symbols.enter(Entry { key, value, relocatable, line: card.line, heading, at });
    }
}
