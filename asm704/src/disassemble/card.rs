//! Classification of cards.

use crate::Word;
use crate::syntax::expr::Relocation;

/// A word of a relocatable card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loaded {
    pub(super) word: Word,
    pub(super) decrement: Relocation,
    pub(super) address: Relocation,
}

/// The content of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Absolute { load: u16, words: Vec<Word> },
    Relocatable { load: u16, words: Vec<Loaded> },
    Full([Word; 24]),
    Transfer { address: u16, relocatable: bool },
}

/// True for prefix 2.
const RELOCATABLE: u64 = 1 << 34;

/// An absolute card.
pub(super) fn absolute(load: u16, data: &[Word]) -> [Word; 24] {
    let mut words = [Word::ZERO; 24];
    words[0] = Word::from_fields(0, data.len() as u16, 0, load);
    words[1] = data.iter().fold(words[0], |sum, &word| sum.add_logical(word));
    words[2..2 + data.len()].copy_from_slice(data);
    words
}

/// Classifies a card: the first of transfer, absolute and relocatable that it matches to the bit, otherwise full.
pub(super) fn recognise(words: &[Word; 24]) -> Content {
    let control = words[0];
    let count = usize::from(control.decrement());
    let load = control.address();
    if control.tag() == 0 && (control.prefix() == 0 || control.prefix() == 2) {
        let relocatable = control.prefix() == 2;
        if count == 0 && words[1..].iter().all(|&word| word == Word::ZERO) {
            return Content::Transfer { address: load, relocatable };
        }
        if !relocatable && (1..=22).contains(&count) && *words == absolute(load, &words[2..2 + count]) {
            return Content::Absolute { load, words: words[2..2 + count].to_vec() };
        }
        if relocatable
            && (1..=20).contains(&count)
            && let Some(loaded) = relocated(words, count)
        {
            return Content::Relocatable { load, words: loaded };
        }
    }
    Content::Full(*words)
}

/// The words of a relocatable card, if its checksum and relocation bits are exactly those the assembler makes.
fn relocated(words: &[Word; 24], count: usize) -> Option<Vec<Loaded>> {
    let sum = words[2..].iter().fold(words[0], |sum, &word| sum.add_logical(word));
    if sum != words[1] || words[4 + count..].iter().any(|&word| word != Word::ZERO) {
        return None;
    }
    debug_assert!(words[0].bits() & RELOCATABLE != 0);
    let bits = (u128::from(words[2].bits()) << 36) | u128::from(words[3].bits());
    let mut used = 0;
    let mut next = || {
        let bit = |at: u32| at < 72 && bits >> (71 - at) & 1 != 0;
        let relocation = match (bit(used), bit(used + 1)) {
            (false, _) => Relocation::Absolute,
            (true, false) => Relocation::Relocatable,
            (true, true) => Relocation::Complement,
        };
        used += if relocation == Relocation::Absolute { 1 } else { 2 };
        (relocation, used)
    };
    let mut loaded = Vec::new();
    for (n, &word) in words[4..4 + count].iter().enumerate() {
        let (decrement, _) = next();
        let (address, used) = next();
        // the card would have ended earlier
        if used > 72 || (used > 68 && n + 1 < count) {
            return None;
        }
        loaded.push(Loaded { word, decrement, address });
    }
    let (_, used) = next();
    let rest = bits << (used - 1).min(127) & ((1 << 72) - 1);
    (used > 72 || rest == 0).then_some(loaded)
}
