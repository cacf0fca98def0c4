//! LIB with a library: the cards of routines take the place of the LIB cards.

use super::Output;
use super::operations;
use crate::Word;
use crate::chars::graphic;
use crate::source::{self, Card, Columns};
use crate::syntax::pseudo::Pseudo;

/// A routine from a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// What a person calls it, such as its file.
    pub name: String,
    /// Its cards.
    pub text: String,
    /// The line of its first card, as diagnostics and words count it.
    pub first_line: usize,
}

/// Where LIB finds routines: by the name in the location field, a name for people and the cards.
pub type Library<'a> = dyn FnMut(&str) -> Option<(String, String)> + 'a;

/// Puts the cards of routines in the places of their LIB cards. The lines of routines are counted on from the last
/// line of the source.
pub(super) fn take_in(
    cards: Vec<Card>,
    columns: Columns,
    library: &mut Library<'_>,
    output: &mut Output,
) -> Vec<Card> {
    if !cards.iter().any(|card| operations::pseudo_of(card) == Some(Pseudo::Lib)) {
        return cards;
    }
    let mut line = cards.last().map_or(0, |card| card.line);
    let mut all = Vec::with_capacity(cards.len());
    let last_of_source = line;
    let mut taken: Vec<String> = Vec::new();
    // what the present LIB card of the source has brought in, its routines' own LIB cards included: an END in a routine
    // begins another assembly, but no routine brings itself in again
    let mut brought: Vec<String> = Vec::new();
    // cards still to be looked at, the next one last
    let mut waiting: Vec<Card> = cards.into_iter().rev().collect();
    while let Some(card) = waiting.pop() {
        match operations::pseudo_of(&card) {
            Some(Pseudo::End) => taken.clear(),
            Some(Pseudo::Lib) => {
                let name = routine_name(&card);
                if taken.contains(&name) {
                    continue;
                }
                if card.line <= last_of_source {
                    brought.clear();
                }
                if !brought.contains(&name)
                    && let Some((shown, text)) = library(&name)
                {
                    brought.push(name.clone());
                    taken.push(name);
                    let (mut routine, mut foreign) = source::read(&text, columns);
                    for card in &mut routine {
                        card.line += line;
                    }
                    for diagnostic in &mut foreign {
                        diagnostic.line += line;
                    }
                    output.stray.append(&mut foreign);
                    output.routines.push(Routine { name: shown, text, first_line: line + 1 });
                    line += routine.len();
                    waiting.extend(routine.into_iter().rev());
                    continue;
                }
            }
            _ => {}
        }
        all.push(card);
    }
    all
}

fn routine_name(card: &Card) -> String {
    Word::new(card.squeezed()).characters().into_iter().skip_while(|&code| code == 0).map(graphic).collect()
}
