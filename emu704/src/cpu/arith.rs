//! Fixed point arithmetic (manual as quoted; measured on the netlist).

use std::cmp::Ordering;

use asm704::Word;

use super::{Ac, Cpu, signed};

impl Cpu {
    /// ADD, SUB, ADM, SBM: adds a signed magnitude of 35 bits. AC overflow comes on with a carry from 1 into P, for
    /// like signs only.
    #[inline(always)]
    pub fn add(&mut self, negative: bool, operand: u64) {
        let a = self.ac.magnitude;
        if negative == self.ac.negative {
            let sum = a + operand;
            // The carry into P is what makes P differ from the sum of the P bits; the operand has none.
            if (sum ^ a) & Ac::P != 0 {
                self.ac_overflow = true;
            }
            self.ac.magnitude = sum & Ac::MASK;
        } else if a >= operand {
            self.ac.magnitude = a - operand;
        } else {
            self.ac = Ac { negative, magnitude: operand - a };
        }
    }

    /// ACL: adds into P,1-35 with the carry out of P going to 35; Q and S stay.
    #[inline(always)]
    pub fn add_logical(&mut self, word: Word) {
        let sum = Word::new(self.ac.magnitude).add_logical(word);
        self.ac.magnitude = (self.ac.magnitude & Ac::Q) | sum.bits();
    }

    /// RND: one into position 35 when MQ 1 is one; overflow on a carry from 1 into P.
    pub fn round(&mut self) {
        if self.mq.bits() & (1 << 34) != 0 {
            let sum = self.ac.magnitude + 1;
            if (sum ^ self.ac.magnitude) & Ac::P != 0 {
                self.ac_overflow = true;
            }
            self.ac.magnitude = sum & Ac::MASK;
        }
    }

    /// MPY and MPR: 35 by 35 bits; both signs become that of the product, also of a zero.
    pub fn multiply(&mut self, operand: Word, round: bool) {
        let negative = self.mq.is_negative() != operand.is_negative();
        let product = u128::from(self.mq.magnitude()) * u128::from(operand.magnitude());
        let mut high = (product >> 35) as u64;
        let low = product as u64 & Word::MAGNITUDE;
        if round && low & (1 << 34) != 0 {
            high += 1;
        }
        self.ac = Ac { negative, magnitude: high };
        self.mq = signed(negative, low);
    }

    /// DVH and DVP: true when the division was done, false when divide check came on. In both cases the sign of MQ
    /// is that of the quotient.
    pub fn divide(&mut self, operand: Word) -> bool {
        let negative = self.ac.negative != operand.is_negative();
        let divisor = operand.magnitude();
        if divisor <= self.ac.magnitude {
            self.divide_check = true;
            self.mq = signed(negative, self.mq.magnitude());
            return false;
        }
        let (quotient, remainder) = divide_long(self.ac.magnitude, self.mq.magnitude(), divisor);
        self.mq = signed(negative, quotient);
        self.ac.magnitude = remainder;
        true
    }

    /// CAS: AC against a word, all 37 bits of magnitude; +0 is above -0.
    #[inline(always)]
    pub fn compare(&self, word: Word) -> Ordering {
        compare(self.ac.negative, self.ac.magnitude, word.is_negative(), word.magnitude())
    }

    /// TLQ: MQ is less than AC.
    #[inline(always)]
    pub fn low_mq(&self) -> bool {
        compare(self.mq.is_negative(), self.mq.magnitude(), self.ac.negative, self.ac.magnitude)
            == Ordering::Less
    }
}

/// Quotient and remainder of 70 bits, in halves of 35, by a divisor of 35 that is above the upper half: 18 places of
/// the quotient, then 17, which fits the division of a host.
#[inline(always)]
pub(crate) const fn divide_long(upper: u64, lower: u64, divisor: u64) -> (u64, u64) {
    let first = upper << 18 | lower >> 17;
    let second = ((first % divisor) << 17) | (lower & ((1 << 17) - 1));
    (((first / divisor) << 17) | (second / divisor), second % divisor)
}

/// A signed magnitude against another, as CAS and TLQ do it.
#[inline(always)]
pub(crate) fn compare(a_negative: bool, a: u64, b_negative: bool, b: u64) -> Ordering {
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
            // all lengths of divisors
            let divisor = (random.next() & Word::MAGNITUDE) >> (n % 35) | 1;
            let (upper, lower) = (random.next() % divisor, random.next() & Word::MAGNITUDE);
            let dividend = u128::from(upper) << 35 | u128::from(lower);
            let (quotient, remainder) = divide_long(upper, lower, divisor);
            assert_eq!(u128::from(quotient), dividend / u128::from(divisor));
            assert_eq!(u128::from(remainder), dividend % u128::from(divisor));
        }
    }
}
