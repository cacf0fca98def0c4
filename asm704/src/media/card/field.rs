//! Words of a card and their fields, by name: `9L`, `8RD=221`.

use std::fmt;
use std::str::FromStr;

use super::EditError;
use crate::Word;

/// The rows in the order of the card machines.
const ROWS: [&str; 12] = ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "11", "12"];

/// A word of a card: row 9, 8, ... 0, 11, 12 and the left or right half of columns 1-72.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardWord(u8);

impl CardWord {
    /// 9 right, which holds the checksum.
    pub const CHECKSUM: CardWord = CardWord(1);

    /// All words, in the order of the card machines.
    pub const ALL: [CardWord; 24] = {
        let mut all = [CardWord(0); 24];
        let mut n = 0;
        while n < all.len() {
            all[n] = CardWord(n as u8);
            n += 1;
        }
        all
    };

    /// Its index among the 24 words of a card, 0 to 23.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The word at the start of a text, and the rest of the text.
    fn split(text: &str) -> Option<(CardWord, &str)> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let row = ROWS.iter().position(|row| *row == &text[..digits])?;
        let half = match text[digits..].chars().next()?.to_ascii_uppercase() {
            'L' => 0,
            'R' => 1,
            _ => return None,
        };
        Some((CardWord((2 * row + half) as u8), &text[digits + 1..]))
    }
}

impl fmt::Display for CardWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", ROWS[self.index() / 2], if self.0.is_multiple_of(2) { "L" } else { "R" })
    }
}

/// A field of a word, or the whole word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Word,
    Prefix,
    Decrement,
    Tag,
    Address,
    Sign,
    Magnitude,
}

impl Field {
    /// Letter, number of bits to the right of the field, its width in bits, its name with an article.
    const fn row(self) -> (&'static str, u32, u32, &'static str) {
        match self {
            Field::Word => ("", 0, 36, "a word"),
            Field::Prefix => ("P", 33, 3, "a prefix"),
            Field::Decrement => ("D", 18, 15, "a decrement"),
            Field::Tag => ("T", 15, 3, "a tag"),
            Field::Address => ("A", 0, 15, "an address"),
            Field::Sign => ("S", 35, 1, "a sign"),
            Field::Magnitude => ("M", 0, 35, "a magnitude"),
        }
    }

    const ALL: [Field; 7] = [
        Field::Word,
        Field::Prefix,
        Field::Decrement,
        Field::Tag,
        Field::Address,
        Field::Sign,
        Field::Magnitude,
    ];
}

/// A new value for a word of a card or for one of its fields.
///
/// The text is the word, `9L`, `9R`, `8L` ... `0R`, `11L`, `11R`, `12L`, `12R`; then a letter for a field: `P` prefix, `D`
/// decrement, `T` tag, `A` address, `S` sign, `M` magnitude (bits 1-35), no letter for the whole word; then `=` and the value in
/// octal. A whole word can have a sign: `-5` is `400000000005`.
///
/// ```
/// use asm704::Word;
/// use asm704::media::card::SetWord;
///
/// let set: SetWord = "8RD=221".parse()?;
/// assert_eq!(set.to_string(), "8RD=221");
/// assert_eq!(set.word().index(), 3);
/// assert_eq!(set.apply(Word::new(0o500001000002)).to_string(), "500221000002");
/// assert_eq!(
///     "9LP=10".parse::<SetWord>().unwrap_err().to_string(),
///     "`9LP=10`: 10 is too large for a prefix: expected octal 0 to 7"
/// );
/// # Ok::<(), asm704::media::card::EditError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetWord {
    word: CardWord,
    field: Field,
    value: u64,
}

impl SetWord {
    /// The word to change.
    pub fn word(self) -> CardWord {
        self.word
    }

    /// The given word with the new value in it.
    #[must_use]
    pub fn apply(self, old: Word) -> Word {
        let (_, behind, bits, _) = self.field.row();
        let mask = ((1 << bits) - 1) << behind;
        Word::new(old.bits() & !mask | self.value << behind)
    }
}

impl FromStr for SetWord {
    type Err = EditError;

    fn from_str(text: &str) -> Result<SetWord, EditError> {
        let bad = |why: String| EditError::Field { text: text.to_owned(), why };
        let Some((place, value)) = text.split_once('=') else {
            return Err(bad("expected WORD=VALUE, such as 9LP=4 or 8R=000001000100".to_owned()));
        };
        let (place, value) = (place.trim(), value.trim());
        let (word, letter) = CardWord::split(place).ok_or_else(|| {
            bad(format!("{place} is not a word of a card: expected 9L, 9R, 8L, ... 0R, 11L, 11R, 12L, 12R"))
        })?;
        let field = Field::ALL.into_iter().find(|field| field.row().0.eq_ignore_ascii_case(letter));
        let field = field.ok_or_else(|| {
            bad(format!(
                "{letter} is not a field of a word: expected P prefix, D decrement, T tag, A address, S sign, M magnitude"
            ))
        })?;
        if field == Field::Word {
            let value = value.parse::<Word>().map_err(|error| bad(error.to_string()))?;
            return Ok(SetWord { word, field, value: value.bits() });
        }
        let octal = !value.is_empty() && value.bytes().all(|b| (b'0'..=b'7').contains(&b));
        if !octal {
            return Err(bad(format!("{value} is not octal")));
        }
        let (_, _, bits, name) = field.row();
        let most = (1 << bits) - 1;
        match u64::from_str_radix(value, 8) {
            Ok(value) if value <= most => Ok(SetWord { word, field, value }),
            _ => Err(bad(format!("{value} is too large for {name}: expected octal 0 to {most:o}"))),
        }
    }
}

impl fmt::Display for SetWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}={:o}", self.word, self.field.row().0, self.value)
    }
}
