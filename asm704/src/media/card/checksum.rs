//! The checksum of binary cards: 9 right is the logical sum of 9 left and the words after 9 right.

use std::fmt;

use super::Card;
use crate::Word;

/// The words that a checksum covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Summed {
    /// 9 left and the words after 9 right, as many as its decrement says. This is the sum that loaders check.
    Counted,
    /// 9 left and all words after 9 right. The sum is the same if the rest of the card is blank.
    All,
}

/// What 9 right says of a card with a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardSum {
    /// It is the correct checksum.
    Right,
    /// It is zero, and the sum is not: the card was made without a checksum.
    Absent,
    /// It is not the correct checksum.
    Wrong,
}

impl CardSum {
    /// The sum found in 9 right, beside the one that the words have.
    pub(super) fn of(words: &[Word; 24], behind: usize) -> CardSum {
        if sum(words, behind) == words[1] {
            CardSum::Right
        } else if words[1] == Word::ZERO {
            CardSum::Absent
        } else {
            CardSum::Wrong
        }
    }
}

impl fmt::Display for CardSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CardSum::Right => "checksum right",
            CardSum::Absent => "no checksum",
            CardSum::Wrong => "checksum WRONG",
        })
    }
}

/// Prefixes of relocatable cards: two words of relocation bits come before the words counted.
const RELOCATABLE: [u8; 2] = [2, 3];

impl Card {
    /// The words for which the checksum in 9 right is correct; `None` if it is correct for neither.
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

    /// The correct checksum for 9 right. A card whose first word has no count gets the sum of all words.
    pub fn sum(&self, of: Summed) -> Word {
        let words = self.words();
        match (of, counted(words[0])) {
            (Summed::Counted, Some(behind)) => sum(&words, behind),
            _ => sum(&words, 24),
        }
    }

    /// Punches 24 words in columns 1-72; columns 73-80 do not change.
    pub fn set_words(&mut self, words: &[Word; 24]) {
        let identification = self.columns;
        *self = Card::from_words(words);
        self.columns[super::COLUMNS_OF_704..].copy_from_slice(&identification[super::COLUMNS_OF_704..]);
    }
}

/// Index one past the last word that a control word counts; `None` if there is no count that fits on a card.
fn counted(control: Word) -> Option<usize> {
    let count = usize::from(control.decrement());
    let behind = 2 + count + if RELOCATABLE.contains(&control.prefix()) { 2 } else { 0 };
    (count > 0 && behind <= 24).then_some(behind)
}

/// The logical sum of the first word and of those from the third up to, not including, `behind`.
pub(super) fn sum(words: &[Word; 24], behind: usize) -> Word {
    words[2..behind].iter().fold(words[0], |sum, &word| sum.add_logical(word))
}
