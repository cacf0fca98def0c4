//! The word of the 704: 36 bits, numbered S, 1 to 35 from the left; numbers are sign and magnitude.

use std::fmt;
use std::ops::{BitAnd, BitOr, BitXor, Not};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One 36-bit word. Bit S is the highest of the 36; the 28 bits above it are always zero.
///
/// Source of the layout: reference manual of the machine (type A word: prefix S,1,2, decrement 3-17,
/// tag 18-20, address 21-35).
///
/// It is printed as 12 octal digits, and read from them:
///
/// ```
/// use asm704::Word;
///
/// let word: Word = "050000100144".parse()?; // CLA 100,1
/// assert_eq!((word.tag(), word.address()), (1, 0o144));
/// assert_eq!(Word::from_fields(0, 0o50000, 1, 100), word);
/// // sign and magnitude: -1 is a sign and a 1
/// assert_eq!(Word::from_i64(-1).map(|word| word.to_string()).as_deref(), Some("400000000001"));
/// # Ok::<(), asm704::WordParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Word(u64);

impl Word {
    /// All 36 bits.
    pub const MASK: u64 = 0o777777777777;
    /// Bit S.
    pub const SIGN: u64 = 0o400000000000;
    /// Bits 1 to 35.
    pub const MAGNITUDE: u64 = 0o377777777777;
    /// The word of all zeros, +0.
    pub const ZERO: Word = Word(0);

    /// The low 36 bits of `bits`.
    #[inline(always)]
    pub const fn new(bits: u64) -> Word {
        Word(bits & Self::MASK)
    }

    /// A signed number as sign and magnitude; `None` if the magnitude needs more than 35 bits.
    pub fn from_i64(value: i64) -> Option<Word> {
        let magnitude = value.unsigned_abs();
        (magnitude <= Self::MAGNITUDE).then_some(Word(magnitude | if value < 0 { Self::SIGN } else { 0 }))
    }

    /// Builds a type A word from its prefix (3 bits), decrement (15), tag (3) and address (15); excess bits are dropped.
    pub const fn from_fields(prefix: u8, decrement: u16, tag: u8, address: u16) -> Word {
        Word(
            ((prefix as u64 & 7) << 33)
                | ((decrement as u64 & 0o77777) << 18)
                | ((tag as u64 & 7) << 15)
                | (address as u64 & 0o77777),
        )
    }

    /// The 36 bits, right-justified.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// True when bit S is one (minus).
    #[inline(always)]
    pub const fn is_negative(self) -> bool {
        self.0 & Self::SIGN != 0
    }

    /// Bits 1 to 35.
    #[inline(always)]
    pub const fn magnitude(self) -> u64 {
        self.0 & Self::MAGNITUDE
    }

    /// The value as a signed number; both zeros give 0.
    pub const fn to_i64(self) -> i64 {
        let magnitude = self.magnitude() as i64;
        if self.is_negative() { -magnitude } else { magnitude }
    }

    /// Bits S, 1, 2.
    #[inline(always)]
    pub const fn prefix(self) -> u8 {
        (self.0 >> 33) as u8
    }

    /// Bits 3 to 17.
    #[inline(always)]
    pub const fn decrement(self) -> u16 {
        (self.0 >> 18) as u16 & 0o77777
    }

    /// Bits 18 to 20.
    #[inline(always)]
    pub const fn tag(self) -> u8 {
        (self.0 >> 15) as u8 & 7
    }

    /// Bits 21 to 35.
    #[inline(always)]
    pub const fn address(self) -> u16 {
        self.0 as u16 & 0o77777
    }

    /// This word with bits 21 to 35 replaced.
    #[must_use]
    pub const fn with_address(self, address: u16) -> Word {
        Word((self.0 & !0o77777) | (address as u64 & 0o77777))
    }

    /// This word with bits 3 to 17 replaced.
    #[must_use]
    pub const fn with_decrement(self, decrement: u16) -> Word {
        Word((self.0 & !0o077777000000) | ((decrement as u64 & 0o77777) << 18))
    }

    /// The six characters of the word, left to right, 6 bits each.
    pub const fn characters(self) -> [u8; 6] {
        let w = self.0;
        [
            (w >> 30) as u8 & 0o77,
            (w >> 24) as u8 & 0o77,
            (w >> 18) as u8 & 0o77,
            (w >> 12) as u8 & 0o77,
            (w >> 6) as u8 & 0o77,
            w as u8 & 0o77,
        ]
    }

    /// The word made of six 6-bit characters, left to right.
    pub fn from_characters(characters: [u8; 6]) -> Word {
        Word(characters.iter().fold(0, |w, &c| (w << 6) | u64::from(c & 0o77)))
    }

    /// Logical addition with end-around carry, as ACL does on bits P,1-35: the checksum of binary cards.
    #[must_use]
    pub const fn add_logical(self, other: Word) -> Word {
        let sum = self.0 + other.0;
        Word((sum & Self::MASK) + (sum >> 36))
    }
}

impl BitAnd for Word {
    type Output = Word;
    fn bitand(self, rhs: Word) -> Word {
        Word(self.0 & rhs.0)
    }
}

impl BitOr for Word {
    type Output = Word;
    fn bitor(self, rhs: Word) -> Word {
        Word(self.0 | rhs.0)
    }
}

impl BitXor for Word {
    type Output = Word;
    fn bitxor(self, rhs: Word) -> Word {
        Word(self.0 ^ rhs.0)
    }
}

impl Not for Word {
    type Output = Word;
    fn not(self) -> Word {
        Word(!self.0 & Self::MASK)
    }
}

/// Twelve octal digits; the sign is the 4 bit of the first.
impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012o}", self.0)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error for text that is not a word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a word: expected up to 12 octal digits, with an optional sign before up to 12 digits of which the first is 0 to 3"
)]
pub struct WordParseError(pub String);

/// The error for text that is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address: expected octal 0 to 77777")]
pub struct AddressError(pub String);

/// Up to twelve octal digits (`500000000012`), or a sign and a magnitude (`-100000000012`).
impl FromStr for Word {
    type Err = WordParseError;

    fn from_str(text: &str) -> Result<Word, WordParseError> {
        let error = || WordParseError(text.to_owned());
        let (sign, digits) = match text.as_bytes().first() {
            Some(b'-') => (Some(Self::SIGN), &text[1..]),
            Some(b'+') => (Some(0), &text[1..]),
            _ => (None, text),
        };
        if digits.is_empty() || digits.len() > 12 || !digits.bytes().all(|b| (b'0'..=b'7').contains(&b)) {
            return Err(error());
        }
        let bits = u64::from_str_radix(digits, 8).map_err(|_| error())?;
        match sign {
            None => Ok(Word(bits)),
            Some(sign) if bits <= Self::MAGNITUDE => Ok(Word(bits | sign)),
            Some(_) => Err(error()),
        }
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Reads an octal address of at most five digits, 0 to 77777.
pub fn parse_address(text: &str) -> Result<u16, AddressError> {
    let error = || AddressError(text.to_owned());
    if text.is_empty() || text.len() > 6 || !text.bytes().all(|b| (b'0'..=b'7').contains(&b)) {
        return Err(error());
    }
    match u16::from_str_radix(text, 8) {
        Ok(address) if address <= 0o77777 => Ok(address),
        _ => Err(error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_take_the_word_apart_and_build_it() {
        let w: Word = "200001400144".parse().unwrap();
        assert_eq!((w.prefix(), w.decrement(), w.tag(), w.address()), (2, 1, 4, 0o144));
        assert_eq!(Word::from_fields(2, 1, 4, 0o144), w);
        assert_eq!(w.with_decrement(0o77777).with_address(0), "277777400000".parse().unwrap());
    }

    #[test]
    fn signs_are_the_first_digit() {
        assert_eq!("-100000000000".parse::<Word>().unwrap().to_string(), "500000000000");
        assert_eq!(Word::from_i64(-3).unwrap().to_string(), "400000000003");
        assert_eq!("-0".parse::<Word>().unwrap().to_i64(), 0);
        assert!("-400000000000".parse::<Word>().is_err());
        assert!("8".parse::<Word>().is_err());
        assert!("".parse::<Word>().is_err());
        assert!("-".parse::<Word>().is_err());
        assert!("0000000000000".parse::<Word>().is_err());
    }

    #[test]
    fn logical_sum_carries_around() {
        let ones = Word::new(Word::MASK);
        assert_eq!(ones.add_logical(Word::new(1)), Word::new(1));
        assert_eq!(ones.add_logical(ones), ones);
    }

    #[test]
    fn characters_go_left_to_right() {
        let w: Word = "010203040506".parse().unwrap();
        assert_eq!(w.characters(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(Word::from_characters(w.characters()), w);
    }
}
