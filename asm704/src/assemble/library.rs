//! LIB with a library: the cards of a routine replace the LIB card.

use super::Output;
use super::operations;
use crate::Word;
use crate::chars::graphic;
use crate::source::{self, Card, Columns};
use crate::syntax::pseudo::Pseudo;

/// A routine from a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// Its name for people, such as its file name.
    pub name: String,
    /// Its cards.
    pub text: String,
    /// The line number of its first card in diagnostics and words.
    pub first_line: usize,
}

/// How LIB finds a routine: given the name in the location field, returns a name for people and the cards.
pub type Library<'a> = dyn FnMut(&str) -> Option<(String, String)> + 'a;

/// Replaces LIB cards with the cards of their routines. Line numbers of routines continue after the last line of the
/// source.
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
    // what the present LIB card of the source has included, with the LIB cards of its routines: an END in a routine begins
    // another assembly, but a routine never includes itself again
    let mut brought: Vec<String> = Vec::new();
    // cards not yet processed, the next one last
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
