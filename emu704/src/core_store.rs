//! Magnetic core storage: 4,096, 8,192 or 32,768 words.

use std::fmt;
use std::str::FromStr;

use asm704::Word;
use serde::{Deserialize, Serialize};

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
    /// Number of words.
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

/// The words of core. Addresses are taken modulo the size: the machine does not look at higher bits (GATE).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CoreStore {
    size: CoreSize,
    mask: usize,
    words: Vec<Word>,
}

impl CoreStore {
    /// Core of zeros.
    pub fn new(size: CoreSize) -> CoreStore {
        CoreStore { size, mask: usize::from(size.mask()), words: vec![Word::ZERO; size.words()] }
    }

    /// The size.
    pub fn size(&self) -> CoreSize {
        self.size
    }

    /// The word at an address, taken modulo the size.
    #[inline(always)]
    pub fn peek(&self, address: u16) -> Word {
        self.words[usize::from(address) & self.mask]
    }

    /// Replaces the word at an address, taken modulo the size.
    #[inline(always)]
    pub fn poke(&mut self, address: u16, word: Word) {
        self.words[usize::from(address) & self.mask] = word;
    }

    /// The parts fit each other; a store that was read from a file may lie.
    pub(crate) fn is_sound(&self) -> bool {
        self.words.len() == self.size.words() && self.mask == usize::from(self.size.mask())
    }

    /// All words, from address 0.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Puts zeros everywhere, as the CLEAR key does.
    pub fn clear(&mut self) {
        self.words.fill(Word::ZERO);
    }
}

impl fmt::Debug for CoreStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoreStore({})", self.size)
    }
}
