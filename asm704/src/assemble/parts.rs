//! The cards of a source, divided into assemblies: END closes one, FIN ends the run.

use super::operations::pseudo_of;
use super::{Assembly, Report};
use crate::chars::BLANK;
use crate::diag::{Code, Diagnostic};
use crate::listing;
use crate::source::Card;
use crate::syntax::pseudo::Pseudo;

/// The cards of one assembly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// At least one card, END included.
    pub(super) cards: &'a [Card],
    /// True when its last card is END.
    pub(super) has_end: bool,
}

impl Part<'_> {
    /// Reports an assembly without END. The original punches nothing for one.
    pub(super) fn drop_without_end(&self, assembly: &mut Assembly, report: &mut Report) {
        if self.has_end {
            return;
        }
        let last =
            self.cards.iter().rev().find(|card| is_text(card)).unwrap_or(&self.cards[self.cards.len() - 1]);
        report.add(
            Diagnostic::new(
                Code::EndMissing,
                last.line,
                0..last.columns.iter().rposition(|&code| code != BLANK).map_or(1, |n| n + 1),
                "END missing: nothing is punched for this assembly".to_owned(),
            )
            .label("this is the last card")
            .help("end the assembly with a card END, in columns 8 to 10"),
        );
        assembly.cards.clear();
        assembly.words.clear();
        assembly.start = None;
    }
}

/// A source divided into assemblies, and the remaining cards.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    /// The assemblies, in order.
    pub(super) assemblies: Vec<Part<'a>>,
    /// FIN and the cards after it.
    behind: Option<&'a [Card]>,
    /// The first card between the last END and FIN, or FIN itself, if these cards do not make an assembly.
    left_over: Option<&'a Card>,
}

impl<'a> Parts<'a> {
    /// Divides the cards into assemblies.
    pub(super) fn of(cards: &'a [Card]) -> Parts<'a> {
        let fin = cards.iter().position(|card| pseudo_of(card) == Some(Pseudo::Fin));
        let (cards, behind) = cards.split_at(fin.unwrap_or(cards.len()));
        let is_end = |card: &Card| pseudo_of(card) == Some(Pseudo::End);
        let mut assemblies: Vec<Part> = cards
            .split_inclusive(is_end)
            .map(|cards| Part { cards, has_end: cards.last().is_some_and(is_end) })
            .collect();
        // blank lines at the end of a file do not make an assembly
        let rest = assemblies.pop_if(|part| !part.has_end && !part.cards.iter().any(is_text));
        let left_over = match (rest, assemblies.last()) {
            (Some(rest), _) => rest.cards.first(),
            (None, Some(part)) if !part.has_end => None,
            (None, _) => behind.first(),
        };
        Parts { assemblies, behind: fin.map(|_| behind), left_over }
    }

    /// FIN begins another assembly, of which only the first card is listed. Cards before FIN belong to that assembly.
    pub(super) fn last_line(&self) -> Option<String> {
        self.behind?;
        Some(listing::first_pass_line('9', ' ', self.left_over?))
    }

    /// Diagnostics about the cards after FIN.
    pub(super) fn cut_off(&self) -> Option<Diagnostic> {
        let card = self.behind?.iter().skip(1).find(|card| is_text(card))?;
        let columns = 0..card.variable_end();
        let message = "cards after FIN are not assembled".to_owned();
        Some(Diagnostic::new(Code::AfterFin, card.line, columns, message))
    }
}

/// True for a card that is neither blank nor a remark.
fn is_text(card: &Card) -> bool {
    pseudo_of(card) != Some(Pseudo::Rem) && card.columns.iter().any(|&code| code != BLANK)
}
