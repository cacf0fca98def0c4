//! Source for a deck or core image that assembles to exactly the same cards.
//!
//! Words that the program can reach from its transfer addresses are written as instructions with labels, the others
//! as OCT. Absolute, relocatable and full cards are distinguished by their control words and checksums. A card that is neither
//! absolute nor relocatable is written as a full card, which can hold anything.

mod card;
mod flow;
mod reel;
mod word;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::Word;
use crate::isa::later;
use card::{Content, Loaded};
pub use reel::{ReelError, disassemble_reel};
use word::Style;

/// One word as operation and variable field; `address` writes an address of core, which may have a symbol. A word that
/// is not an instruction is written as OCT.
pub fn instruction(word: Word, address: impl Fn(u16) -> String) -> (&'static str, String) {
    word::text(word, Style::Instruction, address)
}

/// One word as in [`instruction`], for a person at the machine: all numbers are octal, including tags, decrements and counts of
/// places. The assembler would read it differently.
///
/// ```
/// let word = "202622477174".parse()?;
/// let octal = |address: u16| format!("{address:o}");
/// assert_eq!(asm704::disassemble::octal_instruction(word, octal), ("TIX", "77174,4,2622".to_owned()));
/// # Ok::<(), asm704::WordParseError>(())
/// ```
pub fn octal_instruction(word: Word, address: impl Fn(u16) -> String) -> (&'static str, String) {
    word::octal(word, address)
}

/// Disassembles a deck.
pub fn disassemble(cards: &[[Word; 24]]) -> String {
    disassemble_from(cards, &[])
}

/// Disassembles a deck as [`disassemble`] does, with additional entry points.
fn disassemble_from(cards: &[[Word; 24]], more_entries: &[u16]) -> String {
    let contents: Vec<Content> = cards.iter().map(card::recognise).collect();
    let mut image = BTreeMap::new();
    let mut entries = more_entries.to_vec();
    for content in &contents {
        match content {
            Content::Absolute { load, words } => {
                for (n, &word) in words.iter().enumerate() {
                    image.insert(load.wrapping_add(n as u16) & 0o77777, word);
                }
            }
            Content::Transfer { address, .. } => entries.push(*address),
            Content::Relocatable { .. } | Content::Full(_) => {}
        }
    }
    let reached = flow::reached(&image, &entries);
    let mut writer = Writer {
        labels: flow::labels(&image, &reached, &entries),
        reached,
        image,
        defined: BTreeSet::new(),
        text: String::new(),
        mode: Mode::Absolute,
        next: None,
        has_base: false,
    };
    let last = contents.len().wrapping_sub(1);
    for (n, content) in contents.iter().enumerate() {
        writer.card(content, n == last);
    }
    if !matches!(contents.last(), Some(Content::Transfer { .. })) {
        // END punches a transfer card; BOS sends it to a tape, so that the deck has none
        writer.line("", "BOS", "1                NO TRANSFER CARD");
        writer.line("", "END", "0");
    }
    writer.text
}

/// Disassembles a core image with its start.
pub fn disassemble_image(image: &BTreeMap<u16, Word>, start: Option<u16>) -> String {
    disassemble_core(image, start, &[])
}

/// Disassembles a core image as [`disassemble_image`] does, for a program stopped while it ran. It takes additional entry points,
/// such as those that the index registers lead back to.
pub fn disassemble_core(image: &BTreeMap<u16, Word>, start: Option<u16>, more_entries: &[u16]) -> String {
    let mut cards = Vec::new();
    let mut run: Vec<Word> = Vec::new();
    let mut load = 0;
    let flush = |run: &mut Vec<Word>, load: u16, cards: &mut Vec<[Word; 24]>| {
        if !run.is_empty() {
            cards.push(card::absolute(load, run));
            run.clear();
        }
    };
    for (&address, &word) in image {
        if usize::from(load) + run.len() != usize::from(address) || run.len() == 22 {
            flush(&mut run, load, &mut cards);
            load = address;
        }
        run.push(word);
    }
    flush(&mut run, load, &mut cards);
    let mut end = [Word::ZERO; 24];
    end[0] = Word::new(start.unwrap_or(0).into());
    cards.push(end);
    disassemble_from(&cards, more_entries)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Absolute,
    Relocatable,
    /// True when transfer cards have prefix 2, because REL came before.
    Full(bool),
}

struct Writer {
    image: BTreeMap<u16, Word>,
    reached: BTreeSet<u16>,
    labels: BTreeSet<u16>,
    defined: BTreeSet<u16>,
    text: String,
    mode: Mode,
    /// The location of the next word if the next card continues the same stretch.
    next: Option<u16>,
    /// True when the symbol for relocatable zero is defined.
    has_base: bool,
}

/// The name of relocatable zero.
const BASE: &str = "BASE";

impl Writer {
    fn line(&mut self, location: &str, op: &str, field: &str) {
        let line = format!("{location:6} {op:3} {field}");
        let _ = writeln!(self.text, "{}", line.trim_end());
    }

    fn set_mode(&mut self, mode: Mode) {
        if self.mode != mode {
            let op = match mode {
                Mode::Absolute => "ABS",
                Mode::Relocatable => "REL",
                Mode::Full(_) => "FUL",
            };
            self.line("", op, "");
            self.mode = mode;
            self.next = None;
        }
    }

    fn origin(&mut self, load: u16) {
        if self.next != Some(load) {
            self.line("", "ORG", &load.to_string());
        }
    }

    fn card(&mut self, content: &Content, is_last: bool) {
        match content {
            Content::Absolute { load, words } => {
                self.set_mode(Mode::Absolute);
                self.origin(*load);
                for (n, &word) in words.iter().enumerate() {
                    self.absolute_word(load.wrapping_add(n as u16) & 0o77777, word);
                }
                self.next = (words.len() == 22).then_some(load.wrapping_add(22) & 0o77777);
            }
            Content::Relocatable { load, words } => {
                self.set_mode(Mode::Relocatable);
                if !self.has_base {
                    self.line(BASE, "SYN", "0");
                    self.has_base = true;
                }
                self.line("", "ORG", &load.to_string());
                for word in words {
                    self.relocatable_word(word);
                }
                self.next = None;
            }
            Content::Full(words) => {
                let prefixed = self.mode == Mode::Relocatable || self.mode == Mode::Full(true);
                self.set_mode(Mode::Full(prefixed));
                for word in words {
                    self.line("", "OCT", &word.to_string());
                }
                self.next = None;
            }
            Content::Transfer { address, relocatable } => {
                let prefixed = matches!(self.mode, Mode::Relocatable | Mode::Full(true));
                if prefixed != *relocatable {
                    self.set_mode(if *relocatable { Mode::Relocatable } else { Mode::Absolute });
                }
                let operand = self.address(*address, !relocatable);
                self.line("", if is_last { "END" } else { "TCD" }, &operand);
                self.next = None;
            }
        }
    }

    /// An address as a label, or as a number.
    fn address(&self, address: u16, may_be_label: bool) -> String {
        if may_be_label && self.labels.contains(&address) { label(address) } else { address.to_string() }
    }

    fn absolute_word(&mut self, address: u16, word: Word) {
        // a second word at the same location cannot have the label again
        let is_label = self.labels.contains(&address) && self.defined.insert(address);
        let location = if is_label { label(address) } else { String::new() };
        // another card may change the word that is reached there
        let style = if self.reached.contains(&address) && self.image.get(&address) == Some(&word) {
            Style::Instruction
        } else {
            Style::Data
        };
        let (op, mut field) = word::text(word, style, |address| self.address(address, true));
        if style == Style::Instruction
            && let Some(later) = later::decode(word)
        {
            field = format!("{field}  {} ON A {}", later.name, later.machine.name());
        }
        self.line(&location, op, &field);
    }

    fn relocatable_word(&mut self, loaded: &Loaded) {
        let (op, field) = word::relocatable(loaded, BASE);
        self.line("", op, &field);
    }
}

fn label(address: u16) -> String {
    format!("L{address:05o}")
}
