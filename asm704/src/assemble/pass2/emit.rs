//! Output: words go to the card and the program, lines to the listing.

use std::ops::Range;

use super::{
    Body, Card, Code, Diagnostic, Field, Flags, Line, ListingCard, Operation, Pass, ProgramWord, Pseudo,
    Relocation, VARIABLE, Word, operation_of,
};
use crate::views::View;

/// The place on its card that a word comes from, and its type.
pub(super) struct Origin {
    pub(super) view: View,
    /// The columns, counted from 0.
    pub(super) columns: Range<usize>,
    /// True for the first word of its card.
    pub(super) first: bool,
}

impl Origin {
    /// The place of a card's only word: the whole variable field.
    pub(super) fn whole(card: &Card, view: View) -> Origin {
        Origin { view, columns: VARIABLE..card.variable_end(), first: true }
    }
}

impl<'a> Pass<'a, '_> {
    /// Adds a word to the card and to the program.
    pub(super) fn store(
        &mut self,
        card: &Card,
        word: Word,
        relocations: (Relocation, Relocation),
        origin: &Origin,
    ) {
        let (decrement, address) = relocations;
        let location = self.location.value;
        let loads_at = self.punch.store(word, decrement, address, self.counter.value);
        self.words.push(ProgramWord {
            address: loads_at,
            location,
            word,
            line: card.line,
            view: origin.view,
            columns: (origin.columns.start as u8, origin.columns.end as u8),
        });
    }

    /// Handles a word at the location counter: checks the phase, advances, stores and lists.
    pub(super) fn emit(
        &mut self,
        card: &'a Card,
        word: Word,
        relocations: (Relocation, Relocation),
        body: Body,
        origin: &Origin,
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
                Diagnostic::new(Code::Phase, card.line, card.location_span(), text)
                    .label("the counter is set back to the symbol's value"),
            );
            self.counter = self.location;
            self.punch.flush(self.counter.value);
        }
        let location = self.location.value;
        self.counter.advance(1);
        self.store(card, word, relocations, origin);
        self.location.value = self.counter.value;
        self.line(
            card.line,
            Line {
                carriage: self.carriage,
                flags: self.flags,
                location: Some(location),
                body,
                card: origin.first.then_some(card),
                no_symbol: self.repeating,
                remark: false,
            },
        );
    }

    pub(super) fn list_value(&mut self, card: &'a Card, field: &Field, value: u16) {
        let body = if field.undefined { Body::Blank } else { Body::Value(value) };
        self.list(card, body, false);
    }

    /// Lists a card without a location.
    pub(super) fn list(&mut self, card: &'a Card, body: Body, remark: bool) {
        // REP deletes the location field only on cards whose symbol it looks up
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
}
