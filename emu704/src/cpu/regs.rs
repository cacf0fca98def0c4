//! AC, MQ and their indicators: every operation on them is written here once, for both interpreters.
//!
//! The plain interpreter takes AC out of [`Cpu`] for one operation ([`Cpu::regs`]) and handles the storage register
//! itself. The fast loop holds AC while it runs. Where each has the rest is its own business: [`Beside`]. This module knows no core
//! and no storage register. Loads, tests and sense operations are in this file, the rest is in [`super::arith`],
//! [`super::shift`] and [`super::float`].
//!
//! The methods are inlined, so that the fields become registers of the host: a pointer to the struct would keep all of it in
//! memory.

use std::hint::black_box;

use asm704::Word;

use super::{Ac, Cpu};

/// AC in hand, and with it all that an operation changes.
pub(crate) struct Regs<B> {
    /// The sign of AC in the sign position of a word, so that no operation has to move it. Every use looks at this bit alone, so
    /// that no operation needs to clear the others.
    pub(super) sign: u64,
    /// Positions Q, P, 1-35 of AC.
    pub(super) magnitude: u64,
    /// The rest.
    pub(crate) beside: B,
}

/// An indicator that an operation may turn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Indicator {
    AcOverflow,
    MqOverflow,
    DivideCheck,
}

/// MQ, the indicators and the time, wherever an interpreter has them.
pub(crate) trait Beside {
    /// MQ.
    fn mq(&self) -> Word;

    /// Replaces MQ.
    fn put_mq(&mut self, word: Word);

    /// Turns an indicator on.
    fn turn_on(&mut self, indicator: Indicator);

    /// Turns an indicator off; true if it was on.
    fn take(&mut self, indicator: Indicator) -> bool;

    /// The operation takes so many cycles more than its row in the instruction table says, because of its operands; below zero,
    /// less.
    fn take_longer(&mut self, cycles: i64);
}

/// They are in a [`Cpu`].
pub(crate) struct InCpu<'a> {
    mq: &'a mut Word,
    ac_overflow: &'a mut bool,
    mq_overflow: &'a mut bool,
    divide_check: &'a mut bool,
    /// The cycles of [`Beside::take_longer`].
    longer: i64,
}

impl InCpu<'_> {
    #[inline(always)]
    const fn of(&mut self, indicator: Indicator) -> &mut bool {
        match indicator {
            Indicator::AcOverflow => self.ac_overflow,
            Indicator::MqOverflow => self.mq_overflow,
            Indicator::DivideCheck => self.divide_check,
        }
    }
}

impl Beside for InCpu<'_> {
    #[inline(always)]
    fn mq(&self) -> Word {
        *self.mq
    }

    #[inline(always)]
    fn put_mq(&mut self, word: Word) {
        *self.mq = word;
    }

    #[inline(always)]
    fn turn_on(&mut self, indicator: Indicator) {
        *self.of(indicator) = true;
    }

    #[inline(always)]
    fn take(&mut self, indicator: Indicator) -> bool {
        std::mem::take(self.of(indicator))
    }

    #[inline(always)]
    fn take_longer(&mut self, cycles: i64) {
        self.longer += cycles;
    }
}

impl Cpu {
    /// Takes AC out: a copy, for [`Cpu::put_back`].
    #[inline(always)]
    pub(crate) const fn in_hand(&mut self) -> Regs<InCpu<'_>> {
        Regs {
            sign: if self.ac.negative { Word::SIGN } else { 0 },
            magnitude: self.ac.magnitude,
            beside: InCpu {
                mq: &mut self.mq,
                ac_overflow: &mut self.ac_overflow,
                mq_overflow: &mut self.mq_overflow,
                divide_check: &mut self.divide_check,
                longer: 0,
            },
        }
    }

    /// Puts back AC.
    #[inline(always)]
    pub(crate) const fn put_back(&mut self, ac: Ac) {
        self.ac = ac;
    }

    /// Applies an operation to the registers.
    #[inline(always)]
    pub(crate) fn regs<R>(&mut self, operation: impl FnOnce(&mut Regs<InCpu<'_>>) -> R) -> R {
        let mut regs = self.in_hand();
        let result = operation(&mut regs);
        let left = regs.ac();
        self.put_back(left);
        result
    }
}

impl Regs<InCpu<'_>> {
    /// Applies an operation, and returns the cycles of [`Beside::take_longer`].
    #[inline(always)]
    pub(super) fn longer(&mut self, operation: impl FnOnce(&mut Self)) -> i64 {
        operation(self);
        self.beside.longer
    }
}

impl<B> Regs<B> {
    /// The same AC with the rest elsewhere.
    #[inline(always)]
    pub(crate) fn with_beside<C>(&self, beside: C) -> Regs<C> {
        Regs { sign: self.sign, magnitude: self.magnitude, beside }
    }
}

impl<B: Beside> Regs<B> {
    /// AC as the machine has it.
    #[inline(always)]
    pub(crate) const fn ac(&self) -> Ac {
        Ac { negative: self.is_minus(), magnitude: self.magnitude }
    }

    /// Keeps a compiler from working out ahead of an instruction, from these values, what many others would need.
    #[inline(always)]
    pub(crate) fn hide(&mut self) {
        self.sign = black_box(self.sign);
        self.magnitude = black_box(self.magnitude);
        let mq = black_box(self.mq());
        self.beside.put_mq(mq);
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
    pub(crate) fn mq(&self) -> Word {
        self.beside.mq()
    }

    /// Replaces MQ.
    #[inline(always)]
    pub(super) fn put_mq(&mut self, word: Word) {
        self.beside.put_mq(word);
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
    pub(crate) fn load_mq(&mut self, word: Word) {
        self.put_mq(word);
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
    pub(crate) fn take_ac_overflow(&mut self) -> bool {
        self.beside.take(Indicator::AcOverflow)
    }

    /// TQO: MQ overflow; it is turned off.
    #[inline(always)]
    pub(crate) fn take_mq_overflow(&mut self) -> bool {
        self.beside.take(Indicator::MqOverflow)
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
