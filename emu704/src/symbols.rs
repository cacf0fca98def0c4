//! Information about an assembled program: its symbols, and the card of each word.

mod data;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use asm704::Word;
use asm704::assemble::Output;
use asm704::syntax::pseudo::Pseudo;
use asm704::views::View;

use statement::Cards;

/// Symbols and cards; empty for a program that comes from a deck or a reel.
///
/// ```
/// use asm704::assemble::{assemble, Options};
/// use asm704::views::View;
/// use emu704::symbols::Symbols;
///
/// let source = "       ORG 64\nSTART  ADD DATA+1,1   the next\nDATA   DEC 3.5,-2\nSUM    BSS 1\n       END START\n";
/// let output = assemble(source, &Options::default());
/// let symbols = Symbols::new(source, &output);
/// let add = output.assemblies[0].words[0].word;
/// assert_eq!(symbols.statement(0o100, add), Some("ADD DATA+1,1"));
/// // another word is there now: its card does not describe it
/// assert_eq!(symbols.statement(0o100, asm704::Word::ZERO), None);
/// assert_eq!(symbols.view(0o101), Some(View::Floating));
/// assert_eq!(symbols.view(0o102), Some(View::Integer));
/// assert_eq!(symbols.view(0o103), None); // BSS does not say
/// ```
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    values: BTreeMap<String, u16>,
    names: BTreeMap<u16, String>,
    words: BTreeMap<u16, Origin>,
    /// An identity: clones have the same one, and other symbols a different one.
    identity: Arc<()>,
}

/// The source's information about a word.
#[derive(Debug, Clone)]
struct Origin {
    word: Word,
    view: View,
    /// The line as written.
    card: String,
    statement: String,
    comment: String,
    /// The library routine; `None` for the source itself.
    routine: Option<Arc<str>>,
    line: usize,
}

impl Symbols {
    /// Makes the symbols from a source text and the output of the assembler.
    pub fn new(text: &str, output: &Output) -> Symbols {
        let mut symbols = Symbols::default();
        let cards = Cards::new(text, output);
        let routines: BTreeMap<&str, Arc<str>> = output
            .routines
            .iter()
            .map(|routine| (routine.name.as_str(), Arc::from(&*routine.name)))
            .collect();
        for assembly in &output.assemblies {
            for symbol in assembly.symbols.iter().filter(|symbol| symbol.effective) {
                symbols.values.insert(symbol.name.clone(), symbol.value);
                // The name of a number is not the name of a place.
                let is_number = cards.is(symbol.line, Pseudo::Equ) || cards.is(symbol.line, Pseudo::Syn);
                if symbol.line > 0 && !is_number {
                    symbols.names.entry(symbol.value).or_insert_with(|| symbol.name.clone());
                }
            }
            for word in &assembly.words {
                let (routine, line) = output.place(word.line);
                let origin = Origin {
                    word: word.word,
                    view: word.view,
                    card: cards.line(word.line).to_owned(),
                    statement: cards.statement(word),
                    comment: cards.comment(word),
                    routine: routine.and_then(|name| routines.get(name).cloned()),
                    line,
                };
                symbols.words.insert(word.address, origin);
            }
        }
        symbols
    }

    /// True if these are the symbols that an identity came from.
    pub(crate) fn are(&self, identity: &Arc<()>) -> bool {
        Arc::ptr_eq(&self.identity, identity)
    }

    /// The identity of these symbols, for callers that cache results.
    pub(crate) fn identity(&self) -> Arc<()> {
        Arc::clone(&self.identity)
    }

    /// True if the source of the program is known.
    pub fn is_known(&self) -> bool {
        !self.words.is_empty()
    }

    /// The value of a symbol.
    pub fn value(&self, name: &str) -> Option<u16> {
        self.values.get(name).copied()
    }

    /// The symbol of a location of the program.
    pub fn name(&self, address: u16) -> Option<&str> {
        self.names.get(&address).map(String::as_str)
    }

    /// The card that made the word at an address, as written.
    pub fn card(&self, address: u16) -> Option<&str> {
        self.words.get(&address).map(|origin| origin.card.as_str())
    }

    /// The type of the word at an address according to its card; `None` if no card made a word, as for BSS. The program may have put
    /// another word there, but it is probably of the same type.
    pub fn view(&self, address: u16) -> Option<View> {
        self.words.get(&address).map(|origin| origin.view)
    }

    /// Operation and variable field of the card, if `word` at `address` is still the assembled one: `ADD DATA+10,1`. For a list
    /// only the item of this word: `DEC 3.14159`. The first word of a BCD card shows all of its text, the others their six
    /// characters in quotes. The text has only characters of the 704, none of which control a terminal.
    pub fn statement(&self, address: u16, word: Word) -> Option<&str> {
        let origin = self.words.get(&address)?;
        (origin.word == word).then_some(origin.statement.as_str())
    }

    /// The comment on the card of an address, with terminal control characters made visible; empty if
    /// there is none, and for the further words of a card.
    pub fn comment(&self, address: u16) -> &str {
        self.words.get(&address).map_or("", |origin| &origin.comment)
    }

    /// The word that this card made, whatever core holds there now.
    pub fn word(&self, address: u16) -> Option<Word> {
        self.words.get(&address).map(|origin| origin.word)
    }

    /// The line of that card, from 1, and the library routine that it is in; `None` for the source itself.
    pub fn line(&self, address: u16) -> Option<(Option<&str>, usize)> {
        self.words.get(&address).map(|origin| (origin.routine.as_deref(), origin.line))
    }

    /// The words that have a card, by address: the routine and the line of the card, as from [`Symbols::line`].
    pub fn lines(&self) -> impl Iterator<Item = (u16, Option<&str>, usize)> {
        self.words.iter().map(|(address, origin)| (*address, origin.routine.as_deref(), origin.line))
    }

    /// All symbols with their values, by name.
    pub fn symbols(&self) -> impl Iterator<Item = (&str, u16)> {
        self.values.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The symbol of a place, or a symbol and a small octal distance; `None` if there is none near.
    pub fn place(&self, address: u16) -> Option<String> {
        Some(self.address(address)).filter(|place| *place != format!("{address:05o}"))
    }

    /// An address for people: a symbol, a symbol and a small octal distance, or five octal digits.
    pub fn address(&self, address: u16) -> String {
        match self.names.range(..=address).next_back() {
            Some((value, name)) if *value == address => name.clone(),
            Some((value, name)) if address - value < 0o20 && self.words.contains_key(&address) => {
                format!("{name}+{:o}", address - value)
            }
            _ => format!("{address:05o}"),
        }
    }
}
