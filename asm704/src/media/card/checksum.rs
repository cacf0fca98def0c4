//! The checksum of binary cards: 9 right is the logical sum of 9 left and the words behind it.

use super::Card;
use crate::Word;

/// Which words a checksum covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Summed {
    /// 9 left and as many words behind 9 right as its decrement says; this is what loaders add.
    Counted,
    /// 9 left and all words behind 9 right; this is the same sum when the rest of the card is blank.
    All,
}

/// Prefixes of relocatable cards: two words of relocation bits stand before the words counted.
const RELOCATABLE: [u8; 2] = [2, 3];

impl Card {
    /// The words that the checksum in 9 right is right for; `None` when the card has no right checksum.
    ///
    /// ```
    /// use asm704::Word;
    /// use asm704::media::card::{Card, Summed};
    ///
    /// let mut words = [Word::ZERO; 24];
    /// // 1 word for location 100
    /// words[0] = Word::new(0o000001000100);
    /// words[2] = Word::new(0o000000000005);
    /// words[1] = Word::new(0o000001000105);
    /// assert_eq!(Card::from_words(&words).checksum(), Some(Summed::Counted));
    /// words[1] = Word::new(0o000001000106);
    /// assert_eq!(Card::from_words(&words).checksum(), None);
    /// ```
    pub fn checksum(&self) -> Option<Summed> {
        let words = self.words();
        if counted(words[0]).is_some_and(|behind| sum(&words, behind) == words[1]) {
            return Some(Summed::Counted);
        }
        let some_behind = words[2..].iter().any(|&word| word != Word::ZERO);
        (some_behind && sum(&words, 24) == words[1]).then_some(Summed::All)
    }

    /// The checksum that belongs in 9 right. A card whose first word has no count gets the sum of all words.
    pub fn sum(&self, of: Summed) -> Word {
        let words = self.words();
        match (of, counted(words[0])) {
            (Summed::Counted, Some(behind)) => sum(&words, behind),
            _ => sum(&words, 24),
        }
    }

    /// Punches 24 words over columns 1-72; columns 73-80 stay as they are.
    pub fn set_words(&mut self, words: &[Word; 24]) {
        let identification = self.columns;
        *self = Card::from_words(words);
        self.columns[super::COLUMNS_OF_704..].copy_from_slice(&identification[super::COLUMNS_OF_704..]);
    }
}

/// Index of the word behind the last one that a control word counts; `None` without a count that fits on a card.
fn counted(control: Word) -> Option<usize> {
    let count = usize::from(control.decrement());
    let behind = 2 + count + if RELOCATABLE.contains(&control.prefix()) { 2 } else { 0 };
    (count > 0 && behind <= 24).then_some(behind)
}

/// The logical sum of the first word and of those from the third to `behind`.
pub(super) fn sum(words: &[Word; 24], behind: usize) -> Word {
    words[2..behind].iter().fold(words[0], |sum, &word| sum.add_logical(word))
}
