//! Decks and reels that load themselves: two cards or records of loader come first, so that LOAD CARDS or LOAD TAPE alone
//! loads and starts the program.
//!
//! The first card fills core from 0 and reads the second, which is the actual loader, into a place that the program
//! leaves free. The loader reads absolute cards, verifies their checksums and ends with a transfer card. If a
//! checksum is wrong, or the cards end too early, the machine stops; START continues with the next card. On a reel a
//! record replaces a card and can have any length.
//!
//! A program that fills its core and leaves no room for that loader gets a short one that verifies nothing.

mod short;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Word;
use crate::assemble::{Options, assemble};
use crate::deck::{CardKind, DeckCard};
use crate::media::tape::{Item, Mode, record_from_words};

/// Why a self-loading deck cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SelfLoadingError {
    /// END has no operand.
    #[error("the program has no start: END must have an operand")]
    NoStart,
    /// There is no room for any loader.
    #[error(
        "the program leaves no {needed} words in a row free in a core of {core}: even the short loader takes them"
    )]
    NoRoom {
        /// Words that the short loader takes.
        needed: u16,
        /// Words of the smallest core that holds the program.
        core: u32,
    },
}

/// The loader for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loader {
    /// The loader that verifies checksums; it takes 27 words.
    Checked,
    /// The short loader, if the program does not leave 27 words free.
    Short,
}

/// The loader that [`deck`] and [`reel`] choose for a program.
pub fn loader_for(image: &BTreeMap<u16, Word>) -> Loader {
    if free_place(image, FIRST_FREE, LOADER_WORDS).is_some() { Loader::Checked } else { Loader::Short }
}

/// Words of the smallest core that holds a program.
fn core_of(image: &BTreeMap<u16, Word>) -> u32 {
    let end = image.keys().next_back().map_or(0, |&last| u32::from(last) + 1);
    [1 << 12, 1 << 13, 1 << 15].into_iter().find(|&words| end <= words).unwrap_or(1 << 15)
}

/// Words that the loader and its three work locations take.
const LOADER_WORDS: u16 = 27;

/// The first card runs in locations 0 to 9 while the loader is read.
const FIRST_FREE: u16 = 10;

/// The first card. LXA, CPY and TXI step up from 0 until the end of record, at location 4. The loop
/// begins at location 1, so that it also works in trapping mode, which the LOAD key leaves on.
const FIRST: &str = "
       LXA 0,4
       CPY 2,4
       TXI 1,4,-1
       HTR 24
       LTM
       SELECT
       LXA 3,1
       CPY LOADER+24,1
       TIX 7,1,1
       TRA LOADER
";

/// The loader: control word and checksum, then words and their logical sum.
const LOADER: &str = "
NEXT   SELECT
       CPY CARD
       TRA *+2
       HTR NEXT
       CPY SUM
       LXD CARD,1
       TXL START,1,0
       CAL CARD
       ARS 18
       ADD CARD
       STA READ
       STA *+3
       CAL CARD
READ   CPY **,1
       ACL **,1
       TIX READ,1,1
       SLW WORK
       CLA WORK
       SUB SUM
       TZE NEXT
       HTR NEXT
START  CLA CARD
       STA *+1
       TRA **
CARD   BSS 1
SUM    BSS 1
WORK   BSS 1
";

/// A self-loading deck of a core image.
pub fn deck(image: &BTreeMap<u16, Word>, start: Option<u16>) -> Result<Vec<DeckCard>, SelfLoadingError> {
    let start = start.ok_or(SelfLoadingError::NoStart)?;
    let Some(place) = free_place(image, FIRST_FREE, LOADER_WORDS) else {
        return short::deck(image, start);
    };
    let mut cards = Vec::new();
    for part in loader(place, "RCD") {
        let mut words = [Word::ZERO; 24];
        words[..part.len()].copy_from_slice(&part);
        cards.push(DeckCard { words, kind: CardKind::Full });
    }
    cards.extend(program(image, start));
    Ok(cards)
}

/// A self-loading reel of a core image, for tape unit 1: binary records.
pub fn reel(image: &BTreeMap<u16, Word>, start: Option<u16>) -> Result<Vec<Item>, SelfLoadingError> {
    let start = start.ok_or(SelfLoadingError::NoStart)?;
    let Some(place) = free_place(image, FIRST_FREE, LOADER_WORDS) else {
        return Ok(vec![binary(&short::record(image, start)?)]);
    };
    let mut records = Vec::from(loader(place, "RTB 1"));
    let mut run: Vec<Word> = Vec::new();
    let mut load = 0;
    for (&address, &word) in image {
        if !run.is_empty() && usize::from(load) + run.len() != usize::from(address) {
            records.push(record(load, &run));
            run.clear();
        }
        if run.is_empty() {
            load = address;
        }
        run.push(word);
    }
    if !run.is_empty() {
        records.push(record(load, &run));
    }
    records.push(vec![Word::new(start.into()), Word::ZERO]);
    Ok(records.iter().map(|words| binary(words)).collect())
}

fn binary(words: &[Word]) -> Item {
    Item::Record(record_from_words(words, Mode::Binary))
}

/// Control word, checksum and words, as on a card.
fn record(load: u16, data: &[Word]) -> Vec<Word> {
    let control = Word::from_fields(0, data.len() as u16, 0, load);
    let sum = data.iter().fold(control, |sum, &word| sum.add_logical(word));
    [&[control, sum], data].concat()
}

/// The two parts of the loader, with the select that reads the next card or record.
fn loader(place: u16, select: &str) -> [Vec<Word>; 2] {
    [format!("LOADER EQU {place}{FIRST}       END 0\n"), format!("       ORG {place}{LOADER}       END 0\n")]
        .map(|source| assembled(&source.replace("SELECT", select)))
}

/// The assembled words of a piece of source.
fn assembled(source: &str) -> Vec<Word> {
    let output = assemble(source, &Options { listing: false, ..Options::default() });
    output.core_image().map(|(_, word)| word).collect()
}

/// The lowest place from `first` on where the program leaves this many words free, within the smallest core that
/// holds the program.
fn free_place(image: &BTreeMap<u16, Word>, first: u16, words: u16) -> Option<u16> {
    let mut place = first;
    for &address in image.keys().filter(|&&address| address >= first) {
        if address - place >= words {
            return Some(place);
        }
        place = address + 1;
    }
    (u32::from(place) + u32::from(words) <= core_of(image)).then_some(place)
}

/// The image as absolute cards and a transfer card, made by the assembler itself.
fn program(image: &BTreeMap<u16, Word>, start: u16) -> Vec<DeckCard> {
    let mut source = String::new();
    let mut next = None;
    for (&address, word) in image {
        if next != Some(address) {
            let _ = writeln!(source, "       ORG {address}");
        }
        let _ = writeln!(source, "       OCT {word}");
        next = Some(address + 1);
    }
    let _ = writeln!(source, "       END {start}");
    let output = assemble(&source, &Options { listing: false, ..Options::default() });
    output.cards().cloned().collect()
}
