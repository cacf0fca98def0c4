//! The punch: it gathers words into blocks of several cards, as the original does (sap.md 6).

use crate::Word;
use crate::deck::{CardKind, DeckCard};
use crate::syntax::expr::Relocation;

/// The format in which words are punched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    #[default]
    Absolute,
    Relocatable,
    Full,
}

/// Prefix 2, in the control word of a relocatable card.
const RELOCATABLE: u64 = 1 << 34;

#[derive(Debug, Default)]
pub(super) struct Punch {
    format: Format,
    /// True when control words have prefix 2: REL sets it, ABS clears it, FUL leaves it alone.
    prefix: u64,
    /// Words of the block, including relocation words.
    block: Vec<Word>,
    /// The load address of the block's first word.
    load: u16,
    /// Program words of the block.
    n_words: u16,
    /// For relocatable cards: words that still fit on the card, and relocation bits already used.
    room: u32,
    n_bits: u32,
    /// Index of the card's relocation words in the block.
    bits_at: usize,
    pub(super) cards: Vec<DeckCard>,
}

/// Words in a block: five absolute or relocatable cards, four full ones.
const BLOCK: usize = 110;
const FULL_BLOCK: usize = 96;

impl Punch {
    /// Changes the format. The caller has ended the block.
    pub(super) fn set_format(&mut self, format: Format) {
        self.format = format;
        match format {
            Format::Absolute => self.prefix = 0,
            Format::Relocatable => self.prefix = RELOCATABLE,
            Format::Full => {}
        }
    }

    /// Adds a word; `counter` is the location counter after it. Returns the address where the word loads.
    pub(super) fn store(
        &mut self,
        word: Word,
        decrement: Relocation,
        address: Relocation,
        counter: u16,
    ) -> u16 {
        if self.format == Format::Relocatable && self.room == 0 {
            self.room = 20;
            self.n_bits = 0;
            self.bits_at = self.block.len();
            self.block.extend([Word::ZERO, Word::ZERO]);
        }
        let loads_at = self.load.wrapping_add(self.n_words) & 0o77777;
        self.block.push(word);
        self.n_words += 1;
        let mut full = BLOCK;
        match self.format {
            Format::Absolute => {}
            Format::Full => full = FULL_BLOCK,
            Format::Relocatable => {
                self.room -= 1;
                self.relocate(decrement);
                self.relocate(address);
                if self.n_bits > 68 {
                    self.flush(counter);
                    return loads_at;
                }
            }
        }
        if self.block.len() >= full {
            self.flush(counter);
        }
        loads_at
    }

    fn relocate(&mut self, relocation: Relocation) {
        let (bits, n) = match relocation {
            Relocation::Absolute => (0u128, 1),
            Relocation::Relocatable => (0b10, 2),
            Relocation::Complement => (0b11, 2),
        };
        self.n_bits += n;
        let pair = bits << (72 - self.n_bits);
        let words = &mut self.block[self.bits_at..self.bits_at + 2];
        words[0] = words[0] | Word::new((pair >> 36) as u64);
        words[1] = words[1] | Word::new(pair as u64);
    }

    /// Ends the block: punches its cards. The next block loads at the location counter.
    pub(super) fn flush(&mut self, counter: u16) {
        let block = std::mem::take(&mut self.block);
        let (per_card, kind) = match self.format {
            Format::Absolute => (22, CardKind::Absolute),
            Format::Relocatable => (22, CardKind::Relocatable),
            Format::Full => (24, CardKind::Full),
        };
        let mut load = self.load;
        for data in block.chunks(per_card) {
            let mut words = [Word::ZERO; 24];
            if kind == CardKind::Full {
                words[..data.len()].copy_from_slice(data);
            } else {
                let count = data.len() as u16 - if kind == CardKind::Relocatable { 2 } else { 0 };
                words[..data.len() + 2]
                    .copy_from_slice(&binary_card(self.prefix, load, count, data)[..data.len() + 2]);
                load = load.wrapping_add(count) & 0o77777;
            }
            self.cards.push(DeckCard { words, kind });
        }
        self.load = counter;
        self.n_words = 0;
        self.room = 0;
    }

    /// Punches a transfer card; only its first word is punched.
    pub(super) fn transfer(&mut self, address: u16) {
        let mut words = [Word::ZERO; 24];
        words[0] = Word::new(self.prefix | u64::from(address));
        self.cards.push(DeckCard { words, kind: CardKind::Transfer });
    }

    /// Punches words on absolute cards from an address on, then a blank card.
    pub(super) fn table(&mut self, load: u16, words: &[Word]) {
        for (n, data) in words.chunks(22).enumerate() {
            let card = binary_card(0, load + 22 * n as u16, data.len() as u16, data);
            self.cards.push(DeckCard { words: card, kind: CardKind::SymbolTable });
        }
        self.cards.push(DeckCard { words: [Word::ZERO; 24], kind: CardKind::Blank });
    }
}

/// A card of control word, checksum and data.
fn binary_card(prefix: u64, load: u16, count: u16, data: &[Word]) -> [Word; 24] {
    let mut words = [Word::ZERO; 24];
    words[0] = Word::new(prefix | (u64::from(count) << 18) | u64::from(load & 0o77777));
    words[1] = data.iter().fold(words[0], |sum, &word| sum.add_logical(word));
    words[2..2 + data.len()].copy_from_slice(data);
    words
}
