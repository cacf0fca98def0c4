//! Program cards of FORTRAN II, which describe the relocatable cards after them to the BSS loader.
//!
//! Source: the control cards of the library in the source of FORTRAN II (SIN, EXP, ATAN, TANH). They are assembled as
//! absolute cards with a length, a common break and pairs of a name and an entry; their prefix is then set to 4.

use std::fmt;

use crate::Word;
use crate::chars::{self, Graphics};

use super::checksum::CardSum;

/// The description of the program that follows a program card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramCard {
    /// Words of the program (8 left, address).
    pub length: u16,
    /// Words of its transfer vector (8 left, decrement).
    ///
    /// UNVERIFIED: as on the 709; the cards of the library, whose routines call no others, have 0.
    pub vector: u16,
    /// The common break (8 right, address): COMMON reaches from the top of core down to it.
    pub common: u16,
    /// At most ten names, and their entries in the program. A main program has an empty name.
    pub entries: Vec<(String, u16)>,
    /// The checksum on the card.
    pub checksum: CardSum,
}

/// Reads a program card; `None` if the words cannot be one.
pub(super) fn program_card(words: &[Word; 24]) -> Option<ProgramCard> {
    let first = words[0];
    let count = usize::from(first.decrement());
    // UNVERIFIED: with prefix 5 the loader ignores the checksum, as prefixes 1 and 3 do on other cards
    let is_one = matches!(first.prefix(), 4 | 5) && first.tag() == 0 && first.address() == 0;
    if !is_one || !(2..=22).contains(&count) || !count.is_multiple_of(2) {
        return None;
    }
    let only_address = |word: Word| Word::new(word.address().into()) == word;
    let rest_is_blank = words[2 + count..].iter().all(|&word| word == Word::ZERO);
    let lengths = words[2].prefix() == 0 && words[2].tag() == 0 && only_address(words[3]);
    let pairs = words[4..2 + count].chunks_exact(2);
    if !rest_is_blank || !lengths || !pairs.clone().all(|pair| only_address(pair[1])) {
        return None;
    }
    Some(ProgramCard {
        length: words[2].address(),
        vector: words[2].decrement(),
        common: words[3].address(),
        entries: pairs.map(|pair| (name(pair[0]), pair[1].address())).collect(),
        checksum: CardSum::of(words, 2 + count),
    })
}

fn name(word: Word) -> String {
    // a word of zeros is not a name
    if word == Word::ZERO {
        return String::new();
    }
    let text: String =
        word.characters().iter().map(|&core| chars::to_ascii(core, Graphics::Fortran)).collect();
    text.trim().to_owned()
}

impl fmt::Display for ProgramCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} word{}", self.length, if self.length == 1 { "" } else { "s" })?;
        if self.vector > 0 {
            write!(f, ", transfer vector of {}", self.vector)?;
        }
        write!(f, ", common break {:05o}", self.common)?;
        for (n, (name, entry)) in self.entries.iter().enumerate() {
            let name = if name.is_empty() { "(no name)" } else { name };
            write!(f, "{} {name} at {entry:05o}", if n == 0 { ", enters" } else { "," })?;
        }
        Ok(())
    }
}
