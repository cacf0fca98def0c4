//! Pseudo-operations (sap.md 3); lists of words are in [`super::data`].

use super::emit::Origin;
use super::{
    BLANK, Body, Card, Code, Counter, Diagnostic, Format, Pass, Pseudo, Relocation, VARIABLE, Word, hints,
};
use crate::views::View;

impl<'a> Pass<'a, '_> {
    pub(super) fn pseudo(&mut self, pseudo: Pseudo, card: &'a Card) {
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
                    self.break_deck(card);
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
                if pseudo == Pseudo::Tcd {
                    self.break_deck(card);
                }
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

    fn format(&mut self, format: Format) {
        self.punch.flush(self.counter.value);
        self.punch.set_format(format);
    }

    fn define(&mut self, card: &'a Card) {
        let first = self.field(card, VARIABLE);
        // so far the value does not yet apply to the second subfield
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
        self.store(
            card,
            word,
            (Relocation::Absolute, Relocation::Absolute),
            &Origin::whole(card, View::Octal),
        );
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

    /// Begins a piece of the deck after the cards punched so far.
    fn break_deck(&mut self, card: &Card) {
        // cards that go to a tape are not in the deck
        if self.diverted.is_none() {
            self.breaks.push((self.punch.cards.len(), card.line));
        }
    }

    /// Drops the cards and words that went to a tape.
    pub(super) fn end_diversion(&mut self) {
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
}
