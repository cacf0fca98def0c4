//! Faster versions of the usual floating operations, in which no indicator can come on.
//!
//! Each one leaves the machine's result in AC and MQ, or changes nothing and reports that; then [`super`] handles the
//! case.

use asm704::Word;

use super::{FRACTION, FloatAdd, Regs, only_low_product};

impl Regs<'_> {
    /// FAD as [`Regs::float_add`] does it, without SR. Returns the machine cycles.
    #[inline(always)]
    pub(crate) fn fad(&mut self, operand: Word) -> u64 {
        match quick_sum(self.sign & Word::SIGN, self.magnitude, operand.bits()) {
            Some((sum, cycles)) => {
                self.set(sum);
                cycles
            }
            None => self.aside(|r| r.float_add(&mut { operand }, FloatAdd::FAD)),
        }
    }

    /// FMP as [`Regs::float_multiply`] does it. Returns false and changes nothing if the MQ depends on the
    /// configuration.
    #[inline(always)]
    pub(crate) fn fmp(&mut self, operand: Word) -> bool {
        match quick_product(self.mq.bits(), operand.bits()) {
            Some(product) => self.set(product),
            None if only_low_product(self.mq, operand) => return false,
            None => self.aside(|r| r.float_multiply(operand, true)),
        }
        true
    }

    /// FDP and FDH as [`Regs::float_divide`] does them. Returns false and changes nothing if the division may not be done, or an
    /// indicator may come on.
    #[inline(always)]
    pub(crate) fn fdp(&mut self, operand: Word) -> bool {
        let quotient = quick_quotient(self.sign & Word::SIGN, self.magnitude, operand.bits());
        if let Some(quotient) = quotient {
            self.set(quotient);
        }
        quotient.is_some()
    }

    #[inline(always)]
    const fn set(&mut self, float: Float) {
        self.sign = float.sign;
        self.magnitude = float.magnitude;
        self.mq = float.mq;
    }
}

/// The values for the registers: the sign of AC in its place of a word, its magnitude, and MQ.
#[derive(Clone, Copy)]
struct Float {
    sign: u64,
    magnitude: u64,
    mq: Word,
}

/// The sum of AC and an operand, with the sign of AC in its place of a word; and the cycles. `None` in
/// the rarer cases: AC has Q or P, characteristics far apart, an indicator that may come on, a sum of zero.
#[inline(always)]
fn quick_sum(sign: u64, magnitude: u64, operand: u64) -> Option<(Float, u64)> {
    let operand_sign = operand & Word::SIGN;
    let operand = operand & Word::MAGNITUDE;
    let d = (operand >> 27).wrapping_sub(magnitude >> 27);
    // With P or Q, d is far below zero.
    if d < 64 {
        add_in_order(sign, magnitude, operand_sign, operand, d)
    } else if d.wrapping_neg() < 64 && magnitude <= Word::MAGNITUDE {
        add_in_order(operand_sign, operand, sign, magnitude, d.wrapping_neg())
    } else {
        None
    }
}

/// The sum as from [`quick_sum`], if the second characteristic is larger by `d`, less than 64.
#[inline(always)]
fn add_in_order(small_sign: u64, small: u64, large_sign: u64, large: u64, d: u64) -> Option<(Float, u64)> {
    let mut c = large >> 27;
    // 27 places of AC, 27 of MQ: the characteristics are shifted out at the left.
    let shifted = (small << 37 >> 10) >> d;
    let large = large << 37 >> 10;
    let (sign, both, k);
    if small_sign == large_sign {
        let sum = shifted + large;
        let carry = sum >> 54;
        let sum = sum >> carry;
        if sum >> 27 == 0 {
            return None;
        }
        k = u64::from((sum << 10 | 1).leading_zeros());
        c += carry;
        (sign, both) = (small_sign, sum << k);
    } else {
        let difference = (shifted as i64) - (large as i64);
        if difference >= 1 << 27 {
            let rest = difference as u64;
            k = u64::from((rest << 10 | 1).leading_zeros());
            (sign, both) = (small_sign, rest << k);
        } else if difference >= 0 {
            return None;
        } else {
            // One less than the fraction, and the complement of MQ after it, followed by ones.
            let rest = !difference as u64;
            k = u64::from((rest << 10 | 0o1777).leading_zeros());
            let fraction = !((difference as u64) << k) >> 27;
            if fraction == FRACTION {
                // The last carry makes the fraction one place longer.
                return None;
            }
            (sign, both) = (large_sign, (fraction + 1) << 27 | (shifted & FRACTION) << k & FRACTION);
        }
    }
    let mq_char = c.wrapping_sub(27 + k);
    if mq_char > 255 - 27 {
        return None;
    }
    let mq = Word::new(small_sign | mq_char << 27 | both & FRACTION);
    let magnitude = (mq_char + 27) << 27 | both >> 27;
    // d / 12 below 64
    Some((Float { sign, magnitude, mq }, 7 + ((d * 43) >> 9) + k / 4))
}

/// The product of MQ and an operand. `None` if an indicator may come on, or the upper half is zero.
#[inline(always)]
fn quick_product(mq: u64, operand: u64) -> Option<Float> {
    let product = (mq & FRACTION) * (operand & FRACTION);
    let short = u64::from(product >> 53 == 0);
    let product = product << short;
    let c = ((mq & Word::MAGNITUDE) >> 27) + ((operand & Word::MAGNITUDE) >> 27);
    let mq_char = c.wrapping_sub(128 + 27 + short);
    if mq_char > 255 - 27 || product >> 27 == 0 {
        return None;
    }
    let sign = (mq ^ operand) & Word::SIGN;
    let mq = Word::new(sign | mq_char << 27 | product & FRACTION);
    Some(Float { sign, magnitude: (mq_char + 27) << 27 | product >> 27, mq })
}

/// The quotient of AC and an operand, with the sign of AC in its place of a word; the remainder is in AC. `None` if an
/// indicator may come on, and if [`Regs::float_divide`] does not divide.
#[inline(always)]
fn quick_quotient(sign: u64, magnitude: u64, operand: u64) -> Option<Float> {
    let f = magnitude & FRACTION;
    let g = operand & FRACTION;
    // A dividend or a divisor of zero is left to the general version.
    if f == 0 || g == 0 || f >= 2 * g {
        return None;
    }
    let long = u64::from(f >= g);
    let dividend = f << (27 - long);
    let c = (magnitude >> 27) + long;
    let mq_char = (c + 128).wrapping_sub((operand & Word::MAGNITUDE) >> 27);
    let c = c.wrapping_sub(27);
    if mq_char | c > 255 {
        return None;
    }
    let mq = Word::new((sign ^ operand) & Word::SIGN | mq_char << 27 | (dividend / g) & FRACTION);
    Some(Float { sign, magnitude: (c << 27) | (dividend % g), mq })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::float::Division;
    use crate::cpu::{Ac, Cpu};

    #[test]
    fn the_quick_ways_are_the_slow_ones() {
        let mut random = crate::random::Random(3);
        let mut quick = 0;
        for n in 0..300_000_u64 {
            // Characteristics close together, near the ends, or anywhere; fractions of all lengths.
            let mut word = |by: u64| {
                let bits = random.next();
                let c = match n % 4 {
                    0 => bits >> 40,
                    1 => 120 + (bits >> 40) % 16,
                    2 => (bits >> 40) % 64,
                    _ => 200 + (bits >> 40) % 56,
                };
                let fraction = (bits & FRACTION) >> (n / by % 28) << (n / 3 % 5);
                Word::new((bits >> 63) << 35 | (c & 0o377) << 27 | fraction & FRACTION)
            };
            let (ac, operand, mq) = (word(7), word(11), word(5));
            let q = if n % 16 == 0 { n << 31 & (Ac::P | Ac::Q) } else { 0 };
            let before = Cpu {
                ac: Ac { negative: ac.is_negative(), magnitude: ac.magnitude() | q },
                mq,
                ..Cpu::default()
            };
            let sign = ac.bits() & Word::SIGN;
            let result = |float: Float| {
                let mut quick = before.clone();
                quick.regs(|r| r.set(float));
                quick
            };
            let mut slow = before.clone();
            if let Some((sum, cycles)) = quick_sum(sign, before.ac.magnitude, operand.bits()) {
                let expected = slow.regs(|r| r.float_add(&mut { operand }, FloatAdd::FAD));
                assert_eq!(cycles, expected, "{before:?} {operand}");
                assert_eq!(result(sum), slow, "{before:?} + {operand}");
                quick += 1;
            }
            let mut slow = before.clone();
            if let Some(product) = quick_product(mq.bits(), operand.bits()) {
                slow.regs(|r| r.float_multiply(operand, true));
                assert_eq!(result(product), slow, "{before:?} x {operand}");
                quick += 1;
            }
            let mut slow = before.clone();
            if let Some(quotient) = quick_quotient(sign, before.ac.magnitude, operand.bits()) {
                assert_eq!(slow.regs(|r| r.float_divide(operand, false)), Division::Done);
                assert_eq!(result(quotient), slow, "{before:?} / {operand}");
                quick += 1;
            }
        }
        assert!(quick > 300_000, "{quick}");
    }
}
