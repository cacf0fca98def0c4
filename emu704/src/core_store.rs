//! Magnetic core storage: 4,096, 8,192 or 32,768 words.

pub(crate) mod decoded;
mod locations;

use std::fmt;
use std::str::FromStr;

use asm704::Word;
use serde::{Deserialize, Serialize};

use self::decoded::{Decoded, boxed};

pub use locations::Locations;

/// The sizes of core that were sold; addresses and index registers have 12, 13 or 15 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoreSize {
    /// 4,096 words.
    #[serde(rename = "4k")]
    K4,
    /// 8,192 words.
    #[serde(rename = "8k")]
    K8,
    /// 32,768 words.
    #[serde(rename = "32k")]
    K32,
}

impl CoreSize {
    /// The number of words.
    pub const fn words(self) -> usize {
        match self {
            CoreSize::K4 => 4096,
            CoreSize::K8 => 8192,
            CoreSize::K32 => 32768,
        }
    }

    /// The largest address, which is also the mask of addresses and index registers.
    pub const fn mask(self) -> u16 {
        (self.words() - 1) as u16
    }
}

impl fmt::Display for CoreSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CoreSize::K4 => "4k",
            CoreSize::K8 => "8k",
            CoreSize::K32 => "32k",
        })
    }
}

impl FromStr for CoreSize {
    type Err = String;

    fn from_str(text: &str) -> Result<CoreSize, String> {
        match text.to_ascii_lowercase().as_str() {
            "4k" | "4096" => Ok(CoreSize::K4),
            "8k" | "8192" => Ok(CoreSize::K8),
            "32k" | "32768" => Ok(CoreSize::K32),
            _ => Err(format!("`{text}` is not a core size: expected 4k, 8k or 32k")),
        }
    }
}

/// As many words as a 16-bit number can address, so that no range check is needed.
pub(crate) const PLACES: usize = 1 << 16;

/// The words of core. Addresses are taken modulo the size: the machine ignores higher bits (GATE).
#[derive(Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct CoreStore {
    size: CoreSize,
    mask: u16,
    /// Words beyond the size are never used.
    words: Box<[Word; PLACES]>,
    /// Created when the fast loop is entered for the first time.
    decoded: Option<Decoded>,
    stuck: Stuck,
}

/// Bits of every word that cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stuck {
    /// A mask with zeros for the bits that are stuck at zero.
    keep: Word,
    /// A mask with ones for the bits that are stuck at one.
    ones: Word,
    /// True if any bit is stuck.
    any: bool,
}

impl Stuck {
    const NONE: Stuck = Stuck { keep: Word::new(Word::MASK), ones: Word::ZERO, any: false };

    /// The value that is stored when a word is written.
    #[inline(always)]
    fn hold(self, word: Word) -> Word {
        word & self.keep | self.ones
    }
}

/// Core in a snapshot.
#[derive(Serialize, Deserialize)]
struct Saved {
    size: CoreSize,
    mask: u16,
    words: Vec<Word>,
    #[serde(default, skip_serializing_if = "is_zero")]
    zeros: Word,
    #[serde(default, skip_serializing_if = "is_zero")]
    ones: Word,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the encoder needs it; where pointers are short it is no lint"
)]
fn is_zero(word: &Word) -> bool {
    *word == Word::ZERO
}

impl TryFrom<Saved> for CoreStore {
    type Error = String;

    fn try_from(saved: Saved) -> Result<CoreStore, String> {
        let Saved { size, mask, words, zeros, ones } = saved;
        if words.len() != size.words() || mask != size.mask() {
            return Err(format!("core of {size} has {} words and the mask {mask:o}", words.len()));
        }
        let mut core = CoreStore::new(size);
        core.words[..size.words()].copy_from_slice(&words);
        core.set_stuck(zeros, ones);
        Ok(core)
    }
}

impl From<CoreStore> for Saved {
    fn from(core: CoreStore) -> Saved {
        let (zeros, ones) = core.stuck();
        Saved { size: core.size, mask: core.mask, words: core.words().to_vec(), zeros, ones }
    }
}

impl Clone for CoreStore {
    /// The copy decodes its words again, if it runs at all.
    fn clone(&self) -> CoreStore {
        CoreStore { words: self.words.clone(), decoded: None, ..*self }
    }
}

impl PartialEq for CoreStore {
    fn eq(&self, other: &CoreStore) -> bool {
        self.words() == other.words() && self.stuck == other.stuck
    }
}

impl CoreStore {
    /// Core of zeros.
    pub fn new(size: CoreSize) -> CoreStore {
        CoreStore { size, mask: size.mask(), words: boxed(Word::ZERO), decoded: None, stuck: Stuck::NONE }
    }

    /// Its size.
    pub fn size(&self) -> CoreSize {
        self.size
    }

    /// The word at an address, taken modulo the size.
    #[inline(always)]
    pub fn peek(&self, address: u16) -> Word {
        self.words[usize::from(address & self.mask)]
    }

    /// Replaces the word at an address, taken modulo the size. Stuck bits do not change.
    #[inline(always)]
    pub fn poke(&mut self, address: u16, word: Word) {
        let address = usize::from(address & self.mask);
        self.words[address] = self.stuck.hold(word);
        if let Some(decoded) = &mut self.decoded {
            decoded.forget(address);
        }
    }

    /// All words, from address 0.
    pub fn words(&self) -> &[Word] {
        &self.words[..self.size.words()]
    }

    /// All words, with places beyond the size that are never used.
    #[inline(always)]
    pub(crate) fn places(&self) -> &[Word; PLACES] {
        &self.words
    }

    /// Sets all words to zero, as the CLEAR key does. Bits that are stuck at one remain ones.
    pub fn clear(&mut self) {
        self.words.fill(self.stuck.ones);
        self.all_changed();
    }

    /// Makes these bits of every word stuck at zero and at one (a bit in both is stuck at one), and releases all
    /// others. Existing words change at once, and so does every word that is written later.
    pub fn set_stuck(&mut self, zeros: Word, ones: Word) {
        let keep = Word::new(!zeros.bits() | ones.bits());
        let stuck = Stuck { keep, ones, any: false };
        self.stuck = Stuck { any: stuck != Stuck::NONE, ..stuck };
        if self.stuck.any {
            for word in &mut self.words[..self.size.words()] {
                *word = stuck.hold(*word);
            }
            self.all_changed();
        }
    }

    /// The bits that are stuck at zero, and at one.
    pub fn stuck(&self) -> (Word, Word) {
        (Word::new(!self.stuck.keep.bits()), self.stuck.ones)
    }

    /// True if bits are stuck.
    #[inline(always)]
    pub fn has_stuck(&self) -> bool {
        self.stuck.any
    }

    fn all_changed(&mut self) {
        if let Some(decoded) = &mut self.decoded {
            decoded.forget_all(self.size.words());
        }
    }

    /// The words, and their decoded entries. A caller that changes a word must invalidate its entry.
    #[inline]
    pub(crate) fn with_decoded(&mut self) -> (&mut [Word; PLACES], &mut Decoded) {
        let decoded = self.decoded.get_or_insert_with(|| Decoded::new(self.size.words()));
        (&mut self.words, decoded)
    }

    /// Makes the fast loop leave these locations to the plain interpreter; replaces the previous set. `asked` are those of
    /// them where its onlooker, if there is one, is asked instead.
    pub(crate) fn set_breaks(&mut self, breaks: &Locations, asked: &[u16]) {
        let size = self.size;
        self.with_decoded().1.set_breaks(breaks, asked, size.words());
    }

    /// Makes the watched fast loop leave to the plain interpreter what reads or writes these words; replaces the previous set.
    pub(crate) fn set_watched(&mut self, words: &Locations) {
        let size = self.size;
        self.with_decoded().1.set_watched(words, size.words());
    }

    /// The entries say which values of index registers lead to watched words.
    pub(crate) fn guards_indexes(&self) -> bool {
        self.decoded.as_ref().is_some_and(Decoded::guards_indexes)
    }

    /// Ends [`CoreStore::set_watched`].
    #[inline]
    pub(crate) fn watch_nothing(&mut self) {
        if self.decoded.as_ref().is_some_and(Decoded::watches) {
            self.set_watched(&Locations::default());
        }
    }
}

impl fmt::Debug for CoreStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoreStore({})", self.size)
    }
}
