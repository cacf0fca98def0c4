//! REP: reads cards again.

use super::{Body, Code, Diagnostic, Field, Flags, Operation, Pass, Pseudo, VARIABLE, operation_of};

/// The limit of cards that REP may repeat in one source: far more than any core holds, but finite.
#[derive(Debug)]
pub(in crate::assemble) struct RepeatBudget(u64);

impl Default for RepeatBudget {
    fn default() -> RepeatBudget {
        RepeatBudget(1_000_000)
    }
}

impl Pass<'_, '_> {
    /// Handles REP at card `at`: reads the cards before it again. With a missing or undefined operand it has no effect.
    pub(super) fn repeat(&mut self, at: usize, budget: &mut RepeatBudget) {
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
        // the original backspaces the tape over at least one card, and reads at least once
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
}
