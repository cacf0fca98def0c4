//! The storage register, and the paths through it.
//!
//! Every word between core and the arithmetic registers passes through it, and the lights show the last one. Cycle by
//! cycle (GATE):
//!
//! | cycle | new contents of SR |
//! |---|---|
//! | I | the instruction; the IR takes its operation part |
//! | E, reading | the operand. The sign line can invert its sign (CLS, SUB, FSB, UFS) or force it (ADM, SBM) on the way |
//! | E, writing a word | the bus: AC, MQ or zero, OR-ed with core for ORS |
//! | E, writing fields | the whole bus, OR-ed with the fields that core keeps. Core takes its fields from the bus alone |
//! | ER of ANA, ANS | AC complemented, while AC takes the operand complemented: AND is made from OR. ANS then restores AC from it |
//! | ER of FAD, FSB, UFA, UFS | AC, if its characteristic is the larger one: SR and AC are interchanged |
//! | ER of FMP, UFM | the characteristic of MQ, into positions 1-8, before MQ takes the product |
//! | ER of TLQ | MQ, which is compared from here |
//! | ER of TSX | the location, into an otherwise empty decrement, from which the index registers take its complement |
//! | ER of PAX | AC, from whose address the index registers are set |
//! | E of a trap | only a plus sign |
//!
//! Everything else leaves SR alone. So the contents of SR after an instruction never depend on its earlier contents.
//!
//! The bus has a sign line. AC puts P on it, or S if bit 1 of the operation code is on ([`Line`]).
//!
//! While bits 10 and 4 of the operation code are both one, the tag positions of SR are [held](Hold).

use asm704::Word;
use asm704::isa::is_indexable;

use super::{Ac, Cpu, MINUS, signed};

/// Positions 18-20 of a word.
const TAG: u64 = 0o000000700000;

/// The tag positions of SR while an instruction is executed. With bits 10 and 4 of the operation code on, they keep the
/// tag of the instruction, whatever else comes in, because they select an index register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hold {
    held: u64,
    tag: u64,
}

impl Hold {
    /// Nothing is held.
    pub(crate) const NONE: Hold = Hold { held: 0, tag: 0 };

    /// The positions that an instruction holds.
    #[inline]
    pub(crate) const fn of(instruction: Word) -> Hold {
        let type_b = matches!(instruction.prefix(), 0 | 4);
        if type_b && !is_indexable(instruction) {
            Hold { held: TAG, tag: instruction.bits() & TAG }
        } else {
            Hold::NONE
        }
    }

    /// The contents of SR when a word comes in.
    #[inline]
    pub(crate) const fn passes(self, word: Word) -> Word {
        Word::new(word.bits() & !self.held | self.tag)
    }
}

/// The part of AC that goes on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Nothing.
    None,
    /// S,1-35.
    Signed,
    /// P,1-35.
    Logical,
}

impl Line {
    /// The line for an operation code. Bits 1 and 2 both put AC on the bus; bit 1 keeps P off the sign line.
    pub(crate) const fn of(code: u16) -> Line {
        match code & 3 {
            0 => Line::None,
            2 => Line::Logical,
            _ => Line::Signed,
        }
    }
}

/// A word as it comes from core.
#[inline(always)]
pub(crate) const fn straight(word: Word) -> Word {
    word
}

/// A word with the sign line forcing plus.
#[inline(always)]
pub(crate) const fn plus(word: Word) -> Word {
    Word::new(word.magnitude())
}

/// A word with the sign line forcing minus.
#[inline(always)]
pub(crate) fn minus(word: Word) -> Word {
    word | MINUS
}

/// A word with its sign inverted by the sign line.
#[inline(always)]
pub(crate) fn inverted(word: Word) -> Word {
    word ^ MINUS
}

impl Cpu {
    /// I cycle: the instruction.
    #[inline(always)]
    pub(crate) fn fetched(&mut self, instruction: Word) {
        self.ir = instruction;
        self.sr = instruction;
    }

    /// AC on the bus.
    pub(crate) const fn ac_on_bus(&self, line: Line) -> Word {
        match line {
            Line::None => Word::ZERO,
            Line::Signed => self.ac.word(),
            Line::Logical => self.ac.logical(),
        }
    }

    /// ANA: ANDs AC with the operand in SR; S and Q are cleared first.
    pub(crate) fn and_to_ac(&mut self, line: Line, hold: Hold) {
        self.ac.negative = false;
        let both = self.and(line, hold);
        self.ac = Ac::from_logical(both);
    }

    /// ANS: the AND of AC and the operand in SR, as it goes to core. AC is restored from SR: with S on the sign
    /// line, P comes back as the complement of S.
    pub(crate) fn and_to_core(&mut self, line: Line, hold: Hold) -> Word {
        let both = self.and(line, hold);
        self.ac.magnitude = self.ac.magnitude & Ac::Q | !self.sr.bits() & Word::MASK;
        match line {
            Line::Signed => signed(self.ac.negative, both.magnitude()),
            Line::None | Line::Logical => both,
        }
    }

    /// Puts the complement of AC into SR and that of the operand into AC; OR-ed and complemented again they are the AND.
    fn and(&mut self, line: Line, hold: Hold) -> Word {
        let operand = self.sr;
        let mut complement = !self.ac.magnitude & Word::MASK;
        if line == Line::Signed {
            complement = signed(self.ac.negative, complement).bits();
        }
        self.sr = hold.passes(Word::new(complement));
        Word::new(operand.bits() & !self.sr.bits())
    }

    /// FMP and UFM: the characteristic of MQ replaces that of the operand.
    #[inline]
    pub(crate) fn characteristic_of_mq_to_sr(&mut self) {
        const CHARACTERISTIC: u64 = 0o377 << 27;
        self.sr = Word::new(self.sr.bits() & !CHARACTERISTIC | self.mq.bits() & CHARACTERISTIC);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(octal: u64) -> Word {
        Word::new(octal)
    }

    #[test]
    fn the_tag_is_held_by_two_bits_of_the_code_and_in_type_b_alone() {
        let all = word(0o777777777777);
        // LXA with tag 2, CLA with tag 2, and TXI, whose decrement has these bits
        assert_eq!(Hold::of(word(0o053400200100)).passes(all), word(0o777777277777));
        assert_eq!(Hold::of(word(0o050000200100)), Hold::NONE);
        assert_eq!(Hold::of(word(0o101400200100)), Hold::NONE);
    }

    #[test]
    fn and_is_made_of_complements() {
        let ac = Ac { negative: true, magnitude: Ac::Q | 0o314631463146 };
        let with = |sr| Cpu { ac, sr: word(sr), ..Cpu::default() };

        let mut cpu = with(0o700707070707);
        cpu.and_to_ac(Line::Logical, Hold::NONE);
        assert_eq!((cpu.ac, cpu.sr), (Ac::from_bits(0o300601060106), word(0o463146314631)));

        let mut cpu = with(0o700707070707);
        assert_eq!(cpu.and_to_core(Line::Logical, Hold::NONE), word(0o300601060106));
        assert_eq!((cpu.ac, cpu.sr), (ac, word(0o463146314631)));

        // S on the sign line: the stored word has the sign of AC, and P of AC is not S.
        let mut cpu = with(0o300707070707);
        assert_eq!(cpu.and_to_core(Line::Signed, Hold::NONE), word(0o700601060106));
        assert_eq!((cpu.ac, cpu.sr), (ac, word(0o463146314631)));
        let mut cpu = with(0o300707070707);
        cpu.ac.negative = false;
        assert_eq!(cpu.and_to_core(Line::Signed, Hold::NONE), word(0o300601060106));
        assert_eq!((cpu.ac.p(), cpu.sr), (true, word(0o063146314631)));
    }

    #[test]
    fn a_held_tag_makes_a_tag_of_zero() {
        let hold = Hold::of(word(0o033400500000));
        let mut cpu = Cpu { ac: Ac::from_bits(0o777777777777), ..Cpu::default() };
        cpu.sr = hold.passes(word(0o777777777777));
        assert_eq!(cpu.and_to_core(Line::Logical, hold), word(0o777777077777));
        // AC 18-20 get the complement of the tag
        assert_eq!((cpu.ac.magnitude, cpu.sr), (0o777777277777, word(0o000000500000)));
    }
}
