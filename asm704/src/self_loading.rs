//! Decks that load themselves: two cards of loader in front, so that LOAD CARDS alone loads and starts the program.
//!
//! The first card fills core from 0 and reads the second, which is the loader proper, into a place that the program
//! leaves free. The loader reads absolute cards, verifies their checksums and ends with a transfer card. When a
//! checksum is wrong, or the cards end too early, the machine stops; START goes on with the next card.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Word;
use crate::assemble::{Options, assemble};
use crate::deck::{CardKind, DeckCard};

/// Why there is no self-loading deck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SelfLoadingError {
    /// END has no operand.
    #[error("the program has no start: END must have an operand")]
    NoStart,
    /// No place for the loader.
    #[error("the program leaves no {LOADER_WORDS} words in a row free for the loader")]
    NoRoom,
}

/// Words that the loader and its three work locations take.
const LOADER_WORDS: u16 = 27;

/// The first card is at work in locations 0 to 9 while the loader is read.
const FIRST_FREE: u16 = 10;

/// The first card. LXA, CPY and TXI are the way up from 0 that ends with the end of record, at location 4. The loop
/// begins at location 1, so that it works in trapping mode as well, which the LOAD key leaves on.
const FIRST: &str = "
       LXA 0,4
       CPY 2,4
       TXI 1,4,-1
       HTR 24
       LTM
       RCD
       LXA 3,1
       CPY LOADER+24,1
       TIX 7,1,1
       TRA LOADER
";

/// The loader: control word and checksum, then words and their logical sum.
const LOADER: &str = "
NEXT   RCD
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
    let loader = free_place(image).ok_or(SelfLoadingError::NoRoom)?;
    let first = format!("       FUL\nLOADER EQU {loader}{FIRST}       END 0\n");
    let second = format!("       FUL\n       ORG {loader}{LOADER}       END 0\n");
    let mut cards = Vec::new();
    for source in [first, second] {
        let output = assemble(&source, &Options { listing: false, ..Options::default() });
        cards.extend(output.cards().filter(|card| card.kind == CardKind::Full).cloned());
    }
    cards.extend(program(image, start));
    Ok(cards)
}

/// The lowest place that the program leaves free.
fn free_place(image: &BTreeMap<u16, Word>) -> Option<u16> {
    let mut place = FIRST_FREE;
    for &address in image.keys().filter(|&&address| address >= FIRST_FREE) {
        if address - place >= LOADER_WORDS {
            return Some(place);
        }
        place = address + 1;
    }
    (place + LOADER_WORDS <= 0o100000).then_some(place)
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
