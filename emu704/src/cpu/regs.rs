//! AC, MQ and their indicators as local values: every operation on them is written here once, for both interpreters.
//!
//! The plain interpreter takes them out of [`Cpu`] for one operation ([`Cpu::regs`]) and handles the storage register
//! itself. The fast loop holds them while it runs. This module knows no core, no time and no storage register.
//! Loads, tests and sense operations are in this file, the rest is in [`super::arith`], [`super::shift`] and
//! [`super::float`].
//!
//! The methods are inlined, so that the fields become registers of the host: a pointer to the struct would keep all of it in
//! memory.

use std::hint::black_box;

use asm704::Word;

use super::{Ac, Cpu};

/// AC and MQ, and references to the indicators of a [`Cpu`]. An indicator comes on so rarely that it stays in place: in a register
/// of the host it would only take up room.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Regs<'a> {
    /// The sign of AC in the sign position of a word, so that no operation has to move it. Every use looks at this bit alone, so
    /// that no operation needs to clear the others.
    pub(super) sign: u64,
    /// Positions Q, P, 1-35 of AC.
    pub(super) magnitude: u64,
    pub(super) mq: Word,
    pub(super) ac_overflow: &'a mut bool,
    pub(super) mq_overflow: &'a mut bool,
    pub(super) divide_check: &'a mut bool,
}

impl Cpu {
    /// Takes the registers out. AC and MQ are copies, for [`Cpu::put_back`].
    #[inline(always)]
    pub(crate) const fn in_hand(&mut self) -> Regs<'_> {
        Regs {
            sign: if self.ac.negative { Word::SIGN } else { 0 },
            magnitude: self.ac.magnitude,
            mq: self.mq,
            ac_overflow: &mut self.ac_overflow,
            mq_overflow: &mut self.mq_overflow,
            divide_check: &mut self.divide_check,
        }
    }

    /// Puts back AC and MQ.
    #[inline(always)]
    pub(crate) const fn put_back(&mut self, (ac, mq): (Ac, Word)) {
        self.ac = ac;
        self.mq = mq;
    }

    /// Applies an operation to the registers.
    #[inline(always)]
    pub(crate) fn regs<R>(&mut self, operation: impl FnOnce(&mut Regs) -> R) -> R {
        let mut regs = self.in_hand();
        let result = operation(&mut regs);
        let left = regs.ac_and_mq();
        self.put_back(left);
        result
    }
}

impl Regs<'_> {
    /// AC and MQ as the machine has them.
    #[inline(always)]
    pub(crate) const fn ac_and_mq(&self) -> (Ac, Word) {
        (Ac { negative: self.is_minus(), magnitude: self.magnitude }, self.mq)
    }

    /// Keeps a compiler from working out ahead of an instruction, from these values, what many others would need.
    #[inline(always)]
    pub(crate) fn hide(&mut self) {
        self.sign = black_box(self.sign);
        self.magnitude = black_box(self.magnitude);
        self.mq = black_box(self.mq);
    }

    /// True if the sign of AC is minus.
    #[inline(always)]
    pub(crate) const fn is_minus(&self) -> bool {
        self.sign & Word::SIGN != 0
    }

    /// STO: S,1-35 of AC.
    #[inline(always)]
    pub(crate) const fn word(&self) -> Word {
        Word::new((self.magnitude & Word::MAGNITUDE) | self.sign & Word::SIGN)
    }

    /// SLW, STP, STD, STA, PAX: P,1-35 of AC.
    #[inline(always)]
    pub(crate) const fn logical(&self) -> Word {
        Word::new(self.magnitude)
    }

    /// STQ, SLQ: MQ.
    #[inline(always)]
    pub(crate) const fn mq(&self) -> Word {
        self.mq
    }

    /// CLA: S and 1-35 of a word, Q and P zero.
    #[inline(always)]
    pub(crate) const fn clear_add(&mut self, word: Word) {
        self.magnitude = word.magnitude();
        self.sign = word.bits() & Word::SIGN;
    }

    /// CAL, PXD: S of the word goes into P; sign plus, Q zero.
    #[inline(always)]
    pub(crate) const fn clear_add_logical(&mut self, word: Word) {
        self.magnitude = word.bits();
        self.sign = 0;
    }

    /// LDQ.
    #[inline(always)]
    pub(crate) const fn load_mq(&mut self, word: Word) {
        self.mq = word;
    }

    /// ORA: ORs the word into P,1-35.
    #[inline(always)]
    pub(crate) const fn or(&mut self, word: Word) {
        self.magnitude |= word.bits();
    }

    /// ANA: ANDs P,1-35 with the word; S and Q are cleared.
    #[inline(always)]
    pub(crate) const fn and(&mut self, word: Word) {
        self.clear_add_logical(Word::new(self.magnitude & word.bits()));
    }

    /// TZE, TNZ: true if all 37 places of AC are zero.
    #[inline(always)]
    pub(crate) const fn is_zero(&self) -> bool {
        self.magnitude == 0
    }

    /// TOV, TNO: AC overflow; it is turned off.
    #[inline(always)]
    pub(crate) const fn take_ac_overflow(&mut self) -> bool {
        std::mem::replace(self.ac_overflow, false)
    }

    /// TQO: MQ overflow; it is turned off.
    #[inline(always)]
    pub(crate) const fn take_mq_overflow(&mut self) -> bool {
        std::mem::replace(self.mq_overflow, false)
    }

    /// CLM.
    #[inline(always)]
    pub(crate) const fn clear_magnitude(&mut self) {
        self.magnitude = 0;
    }

    /// COM: complements Q, P and 1-35.
    #[inline(always)]
    pub(crate) const fn complement_magnitude(&mut self) {
        self.magnitude ^= Ac::MASK;
    }

    /// CHS.
    #[inline(always)]
    pub(crate) const fn change_sign(&mut self) {
        self.sign ^= Word::SIGN;
    }

    /// SSP.
    #[inline(always)]
    pub(crate) const fn set_sign_plus(&mut self) {
        self.sign = 0;
    }

    /// SSM.
    #[inline(always)]
    pub(crate) const fn set_sign_minus(&mut self) {
        self.sign = Word::SIGN;
    }

    /// LBT: true if position 35 of AC is a one.
    #[inline(always)]
    pub(crate) const fn low_bit(&self) -> bool {
        self.magnitude & 1 != 0
    }

    /// PBT: true if position P is a one.
    #[inline(always)]
    pub(crate) const fn p(&self) -> bool {
        self.magnitude & Ac::P != 0
    }
}
