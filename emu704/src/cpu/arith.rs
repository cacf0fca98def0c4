//! Fixed point arithmetic (manual as quoted; measured on the netlist).

use std::cmp::Ordering;

use asm704::Word;
use asm704::isa::Op;

use super::regs::{Beside, Indicator};
use super::{Ac, Regs, longer_by_check};

impl<B: Beside> Regs<B> {
    /// ADD, and SUB, ADM, SBM with another sign: adds a signed magnitude of 35 bits. AC overflow comes on if there is a carry
    /// from 1 into P, for like signs only.
    #[inline(always)]
    pub(crate) fn add(&mut self, word: Word) {
        let a = self.magnitude;
        let operand = word.magnitude();
        if (word.bits() ^ self.sign) & Word::SIGN == 0 {
            let sum = a + operand;
            // With a carry into P, P differs from the sum of the P bits; the operand has no P.
            if (sum ^ a) & Ac::P != 0 {
                self.beside.turn_on(Indicator::AcOverflow);
            }
            // The carry out of Q is lost.
            self.magnitude = sum & !(Ac::Q << 1);
        } else if a >= operand {
            self.magnitude = a - operand;
        } else {
            self.magnitude = operand - a;
            self.sign ^= Word::SIGN;
        }
    }

    /// ACL, CAD: adds into P,1-35; the carry out of P goes to 35. Q and S do not change.
    #[inline(always)]
    pub(crate) const fn add_logical(&mut self, word: Word) {
        let sum = Word::new(self.magnitude).add_logical(word);
        self.magnitude = (self.magnitude & Ac::Q) | sum.bits();
    }

    /// RND: adds one in position 35 if MQ 1 is one; overflow on a carry from 1 into P.
    #[inline(always)]
    pub(crate) fn round(&mut self) {
        if self.mq().bits() & (1 << 34) != 0 {
            let sum = self.magnitude + 1;
            if (sum ^ self.magnitude) & Ac::P != 0 {
                self.beside.turn_on(Indicator::AcOverflow);
            }
            self.magnitude = sum & Ac::MASK;
        }
    }

    /// MPY: 35 by 35 bits; both signs become that of the product, even if it is zero.
    #[inline(always)]
    pub(crate) fn multiply(&mut self, word: Word) {
        // 29 places higher, the parts of the product are at the limits of a number of 64 bits.
        let product = (self.mq().magnitude() << 29) as u128 * word.magnitude() as u128;
        self.sign = (self.mq().bits() ^ word.bits()) & Word::SIGN;
        self.magnitude = (product >> 64) as u64;
        self.put_mq(Word::new((product as u64 >> 29) | self.sign));
    }

    /// MPR: the product is rounded. It has no carry into P.
    #[inline(always)]
    pub(crate) fn multiply_and_round(&mut self, word: Word) {
        self.multiply(word);
        self.round();
    }

    /// DVH for the fast loop. False if divide check would come on; then nothing changes.
    #[inline(always)]
    pub(crate) fn dvh(&mut self, word: Word) -> bool {
        let divisor = word.magnitude();
        if divisor <= self.magnitude {
            return false;
        }
        let (quotient, remainder) = divide_long(self.magnitude, self.mq().magnitude(), divisor);
        self.put_mq(Word::new((quotient & Word::MAGNITUDE) | (self.sign ^ word.bits()) & Word::SIGN));
        self.magnitude = remainder;
        true
    }

    /// DVP for the fast loop.
    #[inline(always)]
    pub(crate) fn dvp(&mut self, word: Word) {
        if !self.divide(word) {
            self.beside.take_longer(const { longer_by_check(Op::Dvp) });
        }
    }

    /// DVH and DVP: true if the division was done, false if divide check came on. In both cases the sign of MQ
    /// is that of the quotient.
    #[inline(always)]
    pub(crate) fn divide(&mut self, word: Word) -> bool {
        let done = self.dvh(word);
        if !done {
            self.beside.turn_on(Indicator::DivideCheck);
            self.put_mq(Word::new(self.mq().magnitude() | (self.sign ^ word.bits()) & Word::SIGN));
        }
        done
    }

    /// CAS: compares AC with a word, all 37 bits of magnitude; +0 is above -0.
    #[inline(always)]
    pub(crate) fn compare(&self, word: Word) -> Ordering {
        compare(self.is_minus(), self.magnitude, word.is_negative(), word.magnitude())
    }

    /// TLQ: true if MQ is less than AC.
    #[inline(always)]
    pub(crate) fn low_mq(&self) -> bool {
        compare(self.mq().is_negative(), self.mq().magnitude(), self.is_minus(), self.magnitude)
            == Ordering::Less
    }
}

/// Divides 70 bits, in halves of 35, by a divisor of 35 bits that is greater than the upper half: quotient and remainder. If
/// the dividend has more than the 64 bits of a host, there are first 18 places of the quotient, then 17.
#[inline(always)]
const fn divide_long(upper: u64, lower: u64, divisor: u64) -> (u64, u64) {
    let quotient = if upper >> 29 == 0 {
        (upper << 35 | lower) / divisor
    } else {
        let first = upper << 18 | lower >> 17;
        let second = ((first % divisor) << 17) | (lower & ((1 << 17) - 1));
        ((first / divisor) << 17) | (second / divisor)
    };
    // The remainder is below the divisor, so that its lower 35 bits are all of it.
    (quotient, lower.wrapping_sub(quotient.wrapping_mul(divisor)) & Word::MAGNITUDE)
}

/// Compares one signed magnitude with another, as CAS and TLQ do.
#[inline(always)]
fn compare(a_negative: bool, a: u64, b_negative: bool, b: u64) -> Ordering {
    match (a_negative, b_negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => a.cmp(&b),
        (true, true) => b.cmp(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::{Cpu, signed};

    /// The magnitudes in which a carry or a borrow goes far, and zero.
    const MAGNITUDES: [u64; 8] =
        [0, 1, 2, (1 << 34) - 1, 1 << 34, (1 << 34) + 1, Word::MAGNITUDE - 1, Word::MAGNITUDE];

    /// MPY and MPR place by place, with the multiplier in MQ.
    fn multiply_by_places(cpu: &mut Cpu, word: Word, round: bool) {
        let negative = cpu.mq.is_negative() != word.is_negative();
        let (mut upper, mut lower) = (0, cpu.mq.magnitude());
        for _ in 0..35 {
            if lower & 1 != 0 {
                upper += word.magnitude();
            }
            lower = lower >> 1 | (upper & 1) << 34;
            upper >>= 1;
        }
        if round {
            upper += lower >> 34;
        }
        cpu.ac = Ac { negative, magnitude: upper };
        cpu.mq = signed(negative, lower);
    }

    /// DVH and DVP place by place. False if divide check comes on.
    fn divide_by_places(cpu: &mut Cpu, word: Word) -> bool {
        let negative = cpu.ac.negative != word.is_negative();
        let (mut upper, mut lower) = (cpu.ac.magnitude, cpu.mq.magnitude());
        let done = upper < word.magnitude();
        if done {
            for _ in 0..35 {
                upper = upper << 1 | lower >> 34;
                lower = lower << 1 & Word::MAGNITUDE;
                if upper >= word.magnitude() {
                    upper -= word.magnitude();
                    lower |= 1;
                }
            }
            cpu.ac.magnitude = upper;
        }
        cpu.divide_check |= !done;
        cpu.mq = signed(negative, lower);
        done
    }

    fn products_and_quotients(before: &Cpu, word: Word) {
        let run = |operation: &dyn Fn(&mut Cpu)| {
            let mut cpu = before.clone();
            operation(&mut cpu);
            cpu
        };
        let by_places = |round| run(&|cpu| multiply_by_places(cpu, word, round));
        assert_eq!(run(&|cpu| cpu.regs(|r| r.multiply(word))), by_places(false), "MPY {before:?} {word}");
        let rounded = run(&|cpu| cpu.regs(|r| r.multiply_and_round(word)));
        assert_eq!(rounded, by_places(true), "MPR {before:?} {word}");
        let mut divided = before.clone();
        let done = divide_by_places(&mut divided, word);
        assert_eq!(
            run(&|cpu| assert_eq!(cpu.regs(|r| r.divide(word)), done)),
            divided,
            "DVP {before:?} {word}"
        );
        let longer = if done { 0 } else { -17 };
        assert_eq!(
            run(&|cpu| assert_eq!(cpu.regs(|r| r.longer(|r| r.dvp(word))), longer)),
            divided,
            "DVP {before:?} {word}"
        );
        let left = if done { &divided } else { before };
        assert_eq!(run(&|cpu| assert_eq!(cpu.regs(|r| r.dvh(word)), done)), *left, "DVH {before:?} {word}");
    }

    #[test]
    fn products_and_quotients_are_those_of_the_machine() {
        for (n, &upper) in MAGNITUDES.iter().enumerate() {
            for lower in MAGNITUDES {
                for magnitude in MAGNITUDES {
                    for signs in 0..8 {
                        let ac = Ac { negative: signs & 4 != 0, magnitude: upper };
                        let before = Cpu { ac, mq: signed(signs & 2 != 0, lower), ..Cpu::default() };
                        products_and_quotients(&before, signed(signs & 1 != 0, magnitude));
                    }
                    let beyond = Ac { negative: false, magnitude: upper | [Ac::P, Ac::Q][n % 2] };
                    let before = Cpu { ac: beyond, mq: signed(true, lower), ..Cpu::default() };
                    products_and_quotients(&before, signed(false, magnitude));
                }
            }
        }
        let mut random = crate::random::Random(7);
        for n in 0..100_000 {
            let mut word = || random.next() & Word::MASK;
            let (upper, lower, divisor) = (word() >> (n % 37), word(), word());
            let ac = Ac { negative: n & 1 != 0, magnitude: upper };
            products_and_quotients(&Cpu { ac, mq: Word::new(lower), ..Cpu::default() }, Word::new(divisor));
        }
    }

    #[test]
    fn long_division_in_one_step_or_two_is_the_division() {
        let mut random = crate::random::Random(5);
        for n in 0..100_000 {
            // divisors of all lengths
            let divisor = (random.next() & Word::MAGNITUDE) >> (n % 35) | 1;
            let (upper, lower) = (random.next() % divisor, random.next() & Word::MAGNITUDE);
            let dividend = u128::from(upper) << 35 | u128::from(lower);
            let (quotient, remainder) = divide_long(upper, lower, divisor);
            assert_eq!(u128::from(quotient), dividend / u128::from(divisor));
            assert_eq!(u128::from(remainder), dividend % u128::from(divisor));
        }
    }
}
