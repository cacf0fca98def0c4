//! The short loaders, for a program that leaves no room for the one with checksums.
//!
//! Both begin like a card that is executed while it is read: `CPY 2` in 1 takes the next word to 2, where
//! it is executed, and `TTR 1` in 3 goes back for another. LTM comes first, as the LOAD key leaves trapping mode on.
//!
//! No program can be loaded over every word of core and then started anywhere: the last instructions before its start
//! must each put a word of the program over themselves, so the instruction that transfers to the first of them is left over. So
//! a few words must be free.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{SelfLoadingError, assembled, core_of, free_place};
use crate::Word;
use crate::deck::{CardKind, DeckCard};

/// The words 0 to 3 are in use until the last words are read.
const FIRST_FREE: u16 = 4;

/// The way into the record: XR1 becomes 7, the address part of the LTM, and 0 and 1 the loop that goes down from the last word
/// of the program. The last word of the loop replaces its TXI, and is executed.
const FIRST_OF_RECORD: &str = "
       LTM
       CPY 2
       CPY 3
       TTR 1
       LXA 0,1
       CPY 0
       CPY LAST+8,1
       CPY 1
       TXI 0,1,1
";

/// The loader of cards; `CARDS` is 24 times their number, modulo 2^15. It goes up from 0, so that XR1 is zero after the last
/// card, whatever the width of the index registers.
const LOADER_OF_CARDS: &str = "
LOADER RCD
       CPY CARDS,1
       TXI LOADER+1,1,-1
       HTR LOADER
       TXH LOADER,1,0
       TTR START
";
const LOADER_WORDS: u16 = 6;

/// The reel's one record: the words of core from the last down to 2, then the end of the loop, then 0 and 1.
pub(super) fn record(image: &BTreeMap<u16, Word>, start: u16) -> Result<Vec<Word>, SelfLoadingError> {
    let low: Vec<u16> = (0..=1).filter(|address| image.contains_key(address)).collect();
    let needed = low.len() as u16 + 1;
    let (end, closing) = if low.is_empty() {
        (start, Vec::new())
    } else {
        let place = place(image, needed)?;
        let mut source = format!("       ORG {place}\n");
        for address in &low {
            let _ = writeln!(source, "       CPY {address}");
        }
        let _ = writeln!(source, "       TTR {start}\n       END 0");
        (place, (place..).zip(assembled(&source)).collect())
    };
    let whole = with(image, closing);
    let last = whole.keys().next_back().copied().unwrap_or(2).max(2);
    let mut words = assembled(&format!("LAST   EQU {last}{FIRST_OF_RECORD}       END 0\n"));
    words.extend((2..=last).rev().map(|address| whole.get(&address).copied().unwrap_or_default()));
    words.extend(assembled(&format!("       TTR {end}\n       END 0\n")));
    words.extend(low.iter().map(|address| image[address]));
    Ok(words)
}

/// The card with the loader, and core from 0 up, 24 words per card.
pub(super) fn deck(image: &BTreeMap<u16, Word>, start: u16) -> Result<Vec<DeckCard>, SelfLoadingError> {
    let place = place(image, LOADER_WORDS)?;
    let core = core_of(image);
    // the loader reads its own words as well, so the cards cover both the loader and the program
    let end = image.keys().next_back().map_or(0, |&last| last + 1).max(place + LOADER_WORDS);
    let n_cards = end.div_ceil(24);
    let source = LOADER_OF_CARDS.replace("CARDS", &((n_cards * 24) & 0o77777).to_string());
    let source = source.replace("TTR START", &format!("TTR {start}"));
    let loader = assembled(&format!("       ORG {place}{source}       END 0\n"));

    let mut first = assembled("       LTM\n       CPY 2\n       CPY 3\n       TTR 1\n       END 0\n");
    for (address, &word) in (place..).zip(&loader) {
        first.extend(assembled(&format!("       CPY {address}\n       END 0\n")));
        first.push(word);
    }
    first.extend(assembled(&format!("       LXA {},1\n       TTR {place}\n       END 0\n", place + 1)));

    let whole = with(image, (place..).zip(loader).collect());
    // words past the last wrap around to 0 in the smallest core, and overwrite words with the same values
    let words = (0..u32::from(n_cards) * 24).map(|n| (n % core) as u16);
    let words: Vec<Word> = words.map(|address| whole.get(&address).copied().unwrap_or_default()).collect();
    let cards = std::iter::once(&first[..]).chain(words.chunks(24)).map(|part| {
        let mut words = [Word::ZERO; 24];
        words[..part.len()].copy_from_slice(part);
        DeckCard { words, kind: CardKind::Full }
    });
    Ok(cards.collect())
}

fn place(image: &BTreeMap<u16, Word>, needed: u16) -> Result<u16, SelfLoadingError> {
    free_place(image, FIRST_FREE, needed)
        .ok_or_else(|| SelfLoadingError::NoRoom { needed, core: core_of(image) })
}

fn with(image: &BTreeMap<u16, Word>, more: Vec<(u16, Word)>) -> BTreeMap<u16, Word> {
    image.iter().map(|(&address, &word)| (address, word)).chain(more).collect()
}
