//! What is known of a program that was assembled: its symbols, and the card of each word.

mod data;

use std::collections::BTreeMap;
use std::sync::Arc;

use asm704::Word;
use asm704::assemble::Output;

/// Symbols and cards. Empty for a program that came from a deck or a reel.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    values: BTreeMap<String, u16>,
    names: BTreeMap<u16, String>,
    cards: BTreeMap<u16, String>,
    words: BTreeMap<u16, Word>,
    /// Routine of a library, `None` for the source itself, and line.
    lines: BTreeMap<u16, (Option<Arc<str>>, usize)>,
    /// The source is written in free form.
    free: bool,
    /// Clones have the same, and others another.
    identity: Arc<()>,
}

impl Symbols {
    /// From a source text and what the assembler made of it.
    pub fn new(text: &str, output: &Output) -> Symbols {
        let mut symbols = Symbols::default();
        let lines: Vec<&str> = text.lines().collect();
        let card_of = |line: usize| -> &str {
            let routine = output.routines.iter().rfind(|routine| routine.first_line <= line);
            let card = match routine {
                Some(routine) => routine.text.lines().nth(line - routine.first_line),
                None => lines.get(line.wrapping_sub(1)).copied(),
            };
            card.unwrap_or_default().trim_end()
        };
        let routines: BTreeMap<&str, Arc<str>> = output
            .routines
            .iter()
            .map(|routine| (routine.name.as_str(), Arc::from(&*routine.name)))
            .collect();
        for assembly in &output.assemblies {
            for symbol in assembly.symbols.iter().filter(|symbol| symbol.effective) {
                symbols.values.insert(symbol.name.clone(), symbol.value);
                // The name of a number is not the name of a place.
                let operation: String = card_of(symbol.line).chars().skip(7).take(3).collect();
                if symbol.line > 0 && !matches!(operation.as_str(), "EQU" | "SYN") {
                    symbols.names.entry(symbol.value).or_insert_with(|| symbol.name.clone());
                }
            }
            for word in &assembly.words {
                symbols.cards.insert(word.address, card_of(word.line).to_owned());
                symbols.words.insert(word.address, word.word);
                let (routine, line) = output.place(word.line);
                let routine = routine.and_then(|name| routines.get(name).cloned());
                symbols.lines.insert(word.address, (routine, line));
            }
        }
        symbols
    }

    /// The same, of a source whose cards are in free form or in columns. Library routines are in columns all the same.
    #[must_use]
    pub fn in_free_form(mut self, free: bool) -> Symbols {
        self.free = free;
        self
    }

    /// They are the same symbols as those from which an identity came.
    pub(crate) fn are(&self, identity: &Arc<()>) -> bool {
        Arc::ptr_eq(&self.identity, identity)
    }

    /// What tells these symbols from others, for one who keeps what they said.
    pub(crate) fn identity(&self) -> Arc<()> {
        Arc::clone(&self.identity)
    }

    /// The source of the program is known.
    pub fn is_known(&self) -> bool {
        !self.cards.is_empty()
    }

    /// The value of a symbol.
    pub fn value(&self, name: &str) -> Option<u16> {
        self.values.get(name).copied()
    }

    /// The symbol of a location of the program.
    pub fn name(&self, address: u16) -> Option<&str> {
        self.names.get(&address).map(String::as_str)
    }

    /// The card that made the word at an address.
    pub fn card(&self, address: u16) -> Option<&str> {
        self.cards.get(&address).map(String::as_str)
    }

    /// The word that this card made, whatever core holds there now.
    pub fn word(&self, address: u16) -> Option<Word> {
        self.words.get(&address).copied()
    }

    /// The line of that card, from 1, and the library routine that it is in; `None` for the source itself.
    pub fn line(&self, address: u16) -> Option<(Option<&str>, usize)> {
        self.lines.get(&address).map(|(routine, line)| (routine.as_deref(), *line))
    }

    /// The words that have a card, by address: the routine and the line of the card, as of [`Symbols::line`].
    pub fn lines(&self) -> impl Iterator<Item = (u16, Option<&str>, usize)> {
        self.lines.iter().map(|(address, (routine, line))| (*address, routine.as_deref(), *line))
    }

    /// All symbols with their values, by name.
    pub fn symbols(&self) -> impl Iterator<Item = (&str, u16)> {
        self.values.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The symbol of a place, or a symbol and a small octal distance; `None` where none is near.
    pub fn place(&self, address: u16) -> Option<String> {
        Some(self.address(address)).filter(|place| *place != format!("{address:05o}"))
    }

    /// An address as a person reads it: a symbol, a symbol and a small octal distance, or five octal digits.
    pub fn address(&self, address: u16) -> String {
        match self.names.range(..=address).next_back() {
            Some((value, name)) if *value == address => name.clone(),
            Some((value, name)) if address - value < 0o20 && self.cards.contains_key(&address) => {
                format!("{name}+{:o}", address - value)
            }
            _ => format!("{address:05o}"),
        }
    }
}
