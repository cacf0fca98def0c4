//! The central processing unit: registers, indicators and arithmetic. Time is added by the machine.

mod arith;
pub(crate) mod float;
pub(crate) mod index;
mod regs;
pub(crate) mod shift;
pub(crate) mod storage;

use asm704::Word;
use asm704::isa::Op;
use serde::{Deserialize, Serialize};

pub(crate) use self::regs::{Beside, Indicator, Regs};

/// The accumulator: a sign and 37 bits of magnitude, Q, P, 1 to 35.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ac {
    /// Bit S: minus.
    pub negative: bool,
    /// Bits Q, P, 1-35: 37 bits, Q the highest.
    pub magnitude: u64,
}

impl Ac {
    /// Position Q in the magnitude.
    pub const Q: u64 = 1 << 36;
    /// Position P in the magnitude.
    pub const P: u64 = 1 << 35;
    /// Positions Q, P, 1-35.
    pub const MASK: u64 = (1 << 37) - 1;

    /// The accumulator after CLA: S and 1-35 of a word, Q and P zero.
    #[inline(always)]
    pub const fn from_word(word: Word) -> Ac {
        Ac { negative: word.is_negative(), magnitude: word.magnitude() }
    }

    /// The accumulator after CAL: S of the word in P, sign plus.
    #[inline(always)]
    pub const fn from_logical(word: Word) -> Ac {
        Ac { negative: false, magnitude: word.bits() }
    }

    /// S,1-35, as STO writes it.
    #[inline(always)]
    pub const fn word(self) -> Word {
        Word::new((self.magnitude & Word::MAGNITUDE) | if self.negative { Word::SIGN } else { 0 })
    }

    /// P,1-35, as SLW writes it.
    #[inline(always)]
    pub const fn logical(self) -> Word {
        Word::new(self.magnitude)
    }

    /// Position Q.
    pub const fn q(self) -> bool {
        self.magnitude & Self::Q != 0
    }

    /// Position P.
    pub const fn p(self) -> bool {
        self.magnitude & Self::P != 0
    }

    /// The 38 bits in the order S, Q, P, 1-35.
    pub const fn bits(self) -> u64 {
        self.magnitude | (self.negative as u64) << 37
    }

    /// The accumulator made of the 38 bits in the order S, Q, P, 1-35.
    pub const fn from_bits(bits: u64) -> Ac {
        Ac { negative: bits >> 37 & 1 != 0, magnitude: bits & Self::MASK }
    }
}

impl std::fmt::Debug for Ac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.negative { '-' } else { '+' };
        write!(
            f,
            "{sign}{}{} {:012o}",
            u8::from(self.q()),
            u8::from(self.p()),
            self.magnitude & Word::MAGNITUDE
        )
    }
}

/// Registers and indicators. The RESET key sets them to zero and off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cpu {
    /// Accumulator.
    pub ac: Ac,
    /// Multiplier-quotient register.
    pub mq: Word,
    /// Storage register, shown on the panel: the last word that passed through it.
    pub sr: Word,
    /// The word whose operation part is in the instruction register.
    pub ir: Word,
    /// Instruction location counter, within the core size.
    pub ic: u16,
    /// Index registers A, B, C (tags 1, 2, 4), within the core size.
    pub xr: [u16; 3],
    /// AC overflow indicator.
    pub ac_overflow: bool,
    /// MQ overflow indicator, floating point only.
    pub mq_overflow: bool,
    /// Divide check indicator.
    pub divide_check: bool,
    /// Tape check indicator, tested by RTT.
    pub tape_check: bool,
    /// Tape indicator (end of tape), tested by ETT.
    pub end_of_tape: bool,
    /// Read-write check light: a CPY found no unit selected.
    pub read_write_check: bool,
    /// Trapping mode.
    pub trapping: bool,
    /// Sense lights 1 to 4.
    pub sense_lights: [bool; 4],
}

impl Cpu {
    /// The OR of the index registers named by a tag (GATE).
    #[inline(always)]
    pub fn index(&self, tag: u8) -> u16 {
        match tag {
            0 => 0,
            1 => self.xr[0],
            2 => self.xr[1],
            4 => self.xr[2],
            _ => self.index_several(tag),
        }
    }

    #[cold]
    fn index_several(&self, tag: u8) -> u16 {
        (0..3).filter(|i| tag >> i & 1 != 0).fold(0, |or, i| or | self.xr[i])
    }

    /// Puts a value into every index register named by a tag.
    #[inline(always)]
    pub fn set_index(&mut self, tag: u8, value: u16) {
        for (i, xr) in self.xr.iter_mut().enumerate() {
            if tag >> i & 1 != 0 {
                *xr = value;
            }
        }
    }

    /// True if the sign of MQ is minus.
    #[inline(always)]
    pub const fn mq_negative(&self) -> bool {
        self.mq.is_negative()
    }
}

/// The cycles by which a division that its first step ends differs from its row in the instruction table.
const fn longer_by_check(op: Op) -> i64 {
    let cycles = op.row().cycles;
    match cycles.full() {
        Some(full) => cycles.least() as i64 - full as i64,
        None => panic!("not a division"),
    }
}

/// The sign position of a word.
const MINUS: Word = Word::new(Word::SIGN);

/// A word made of a sign and a magnitude of 35 bits.
#[inline(always)]
pub(crate) const fn signed(negative: bool, magnitude: u64) -> Word {
    Word::new((magnitude & Word::MAGNITUDE) | if negative { Word::SIGN } else { 0 })
}
