//! OCT, DEC and BCD: lists of words.

use super::emit::Origin;
use super::{BLANK, Body, Card, Code, Diagnostic, Flags, Pass, Relocation, VARIABLE, Word, hints};
use crate::source::BUFFER;
use crate::syntax::{decimal, octal};
use crate::views::View;

const ABSOLUTE: (Relocation, Relocation) = (Relocation::Absolute, Relocation::Absolute);

impl<'a> Pass<'a, '_> {
    pub(super) fn octal(&mut self, card: &'a Card) {
        let list = octal::octal_list(&card.columns);
        self.list_end(card, list.end, Code::OctalEnds, "digits 0 to 7");
        for (n, (word, columns)) in list.items.into_iter().enumerate() {
            self.emit(
                card,
                word,
                ABSOLUTE,
                Body::Signed(word),
                &Origin { view: View::Octal, columns, first: n == 0 },
            );
        }
    }

    pub(super) fn decimal(&mut self, card: &'a Card) {
        let (items, end) = decimal::decimal_list(&card.columns);
        self.list_end(card, end, Code::DecimalEnds, "digits, `.`, B and E");
        for (n, item) in items.into_iter().enumerate() {
            let body = item.word.map_or(Body::Blank, Body::Signed);
            if item.word.is_none() {
                self.flags.set(Flags::U);
                let number = hints::text(card, item.at.clone());
                self.report.add(
                    Diagnostic::new(
                        Code::IllegalDecimal,
                        card.line,
                        item.at.clone(),
                        format!("`{number}` cannot be converted"),
                    )
                    .label("the word is zero"),
                );
            }
            let origin = Origin { view: item.view, columns: item.at, first: n == 0 };
            self.emit(card, item.word.unwrap_or(Word::ZERO), ABSOLUTE, body, &origin);
            // flags of the card are on the first line; the flag of an item is on its own line
            self.flags = Flags::NONE;
        }
    }

    pub(super) fn characters(&mut self, card: &'a Card) {
        let words = octal::bcd_words(&card.columns);
        if words.is_empty() {
            self.list(card, Body::Blank, false);
        }
        for (n, word) in words.into_iter().enumerate() {
            // after the count; columns past 72 are blank
            let at = |n: usize| (VARIABLE + 1 + 6 * n).min(72);
            let origin = Origin { view: View::Characters, columns: at(n)..at(n + 1), first: n == 0 };
            self.emit(card, word, ABSOLUTE, Body::Logical(word), &origin);
        }
    }

    fn list_end(&mut self, card: &Card, end: usize, code: Code, wanted: &str) {
        if end < BUFFER && card.columns[end] != BLANK {
            self.report.add(
                Diagnostic::new(
                    code,
                    card.line,
                    end..card.variable_end().max(end + 1),
                    format!("the list ends at `{}`", hints::text(card, end..end + 1)),
                )
                .label(format!("not read: only {wanted}, signs and commas count"))
                .help(format!("the list begins in column {}; a blank ends it", VARIABLE + 1)),
            );
        }
    }
}
