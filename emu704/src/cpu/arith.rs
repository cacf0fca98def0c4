//! Fixed point arithmetic (manual as quoted; measured on the netlist).

use std::cmp::Ordering;

use asm704::Word;

use super::{Ac, Regs};

impl Regs<'_> {
    /// ADD, and SUB, ADM, SBM with another sign: adds a signed magnitude of 35 bits. AC overflow comes on if there is a carry
    /// from 1 into P, for like signs only.
    #[inline(always)]
    pub(crate) const fn add(&mut self, word: Word) {
        let a = self.magnitude;
        let operand = word.magnitude();
        if (word.bits() ^ self.sign) & Word::SIGN == 0 {
            let sum = a + operand;
            // With a carry into P, P differs from the sum of the P bits; the operand has no P.
            if (sum ^ a) & Ac::P != 0 {
                *self.ac_overflow = true;
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
    pub(crate) const fn round(&mut self) {
        if self.mq.bits() & (1 << 34) != 0 {
            let sum = self.magnitude + 1;
            if (sum ^ self.magnitude) & Ac::P != 0 {
                *self.ac_overflow = true;
            }
            self.magnitude = sum & Ac::MASK;
        }
    }

    /// MPY: 35 by 35 bits; both signs become that of the product, even if it is zero.
    #[inline(always)]
    pub(crate) const fn multiply(&mut self, word: Word) {
        let product = self.mq.magnitude() as u128 * word.magnitude() as u128;
        self.sign = (self.mq.bits() ^ word.bits()) & Word::SIGN;
        self.magnitude = (product >> 35) as u64;
        self.mq = Word::new((product as u64 & Word::MAGNITUDE) | self.sign);
    }

    /// MPR: the product is rounded. It has no carry into P.
    #[inline(always)]
    pub(crate) const fn multiply_and_round(&mut self, word: Word) {
        self.multiply(word);
        self.round();
    }

    /// DVH and DVP without a divide check. False if divide check would come on; then nothing changes.
    #[inline(always)]
    pub(crate) const fn divide_without_check(&mut self, word: Word) -> bool {
        let divisor = word.magnitude();
        if divisor <= self.magnitude {
            return false;
        }
        let (quotient, remainder) = divide_long(self.magnitude, self.mq.magnitude(), divisor);
        self.mq = Word::new((quotient & Word::MAGNITUDE) | (self.sign ^ word.bits()) & Word::SIGN);
        self.magnitude = remainder;
        true
    }

    /// DVH and DVP: true if the division was done, false if divide check came on. In both cases the sign of MQ
    /// is that of the quotient.
    #[inline(always)]
    pub(crate) const fn divide(&mut self, word: Word) -> bool {
        let done = self.divide_without_check(word);
        if !done {
            *self.divide_check = true;
            self.mq = Word::new(self.mq.magnitude() | (self.sign ^ word.bits()) & Word::SIGN);
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
        compare(self.mq.is_negative(), self.mq.magnitude(), self.is_minus(), self.magnitude) == Ordering::Less
    }
}

/// Divides 70 bits, in halves of 35, by a divisor of 35 bits that is greater than the upper half: first 18 places of
/// the quotient, then 17, which suits the division of a host.
#[inline(always)]
const fn divide_long(upper: u64, lower: u64, divisor: u64) -> (u64, u64) {
    let first = upper << 18 | lower >> 17;
    let second = ((first % divisor) << 17) | (lower & ((1 << 17) - 1));
    (((first / divisor) << 17) | (second / divisor), second % divisor)
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

    #[test]
    fn long_division_in_two_steps_is_the_division() {
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
