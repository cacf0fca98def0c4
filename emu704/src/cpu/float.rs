//! Floating point: sign, characteristic 1-8 (exponent + 128), fraction 9-35.
//!
//! Characteristics run in ten bits Q,P,1-8 of the AC and are never clamped: the indicators and P, Q show a spill.
//! Measured on the netlist (3,000 additions, 2,400 products and quotients without a difference in these rules).

use asm704::Word;

use super::storage::{Hold, inverted};
use super::{Ac, Cpu, signed};

const FRACTION: u64 = (1 << 27) - 1;
const CHARACTERISTIC: u64 = 0o1777;
#[cfg(test)]
const POSITION_9: u64 = 1 << 26;

/// What the floating additions differ in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FloatAdd {
    /// FAD, FSB: the result is normalized.
    pub(crate) normalize: bool,
    /// P of AC makes it minus when AC and SR are interchanged; bit 1 of the code keeps it from that.
    pub(crate) p_on_sign_line: bool,
    /// What is held in SR.
    pub(crate) hold: Hold,
}

impl FloatAdd {
    const FAD: FloatAdd = FloatAdd { normalize: true, p_on_sign_line: true, hold: Hold::NONE };
    const UFA: FloatAdd = FloatAdd { normalize: false, ..FloatAdd::FAD };
}

/// How a floating division ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Division {
    /// Done: 18 cycles.
    Done,
    /// The dividend fraction is zero: the quotient is zero, 3 cycles.
    ZeroDividend,
    /// Divide check: 3 cycles.
    Check,
}

impl Cpu {
    pub(crate) fn fad(&mut self, operand: Word) -> u64 {
        self.sr = operand;
        self.float_add(FloatAdd::FAD)
    }

    pub(crate) fn fsb(&mut self, operand: Word) -> u64 {
        self.fad(inverted(operand))
    }

    pub(crate) fn ufa(&mut self, operand: Word) -> u64 {
        self.sr = operand;
        self.float_add(FloatAdd::UFA)
    }

    pub(crate) fn ufs(&mut self, operand: Word) -> u64 {
        self.ufa(inverted(operand))
    }

    /// Adds the number in SR to AC. Returns the machine cycles.
    pub(crate) fn float_add(&mut self, how: FloatAdd) -> u64 {
        if self.sr.magnitude() >> 27 < self.ac.magnitude >> 27 {
            self.interchange(how.p_on_sign_line, how.hold);
        }
        let sr_negative = self.sr.is_negative();
        let sr_char = self.sr.magnitude() >> 27;
        let sr = self.sr.magnitude() & FRACTION;
        let mut negative = self.ac.negative;
        let characteristic = self.ac.magnitude >> 27;
        let mut fraction = self.ac.magnitude & FRACTION;
        let mq_negative = negative;
        let d = sr_char.wrapping_sub(characteristic) & 0o377;
        let shifted = if d < 54 { (fraction << 27) >> d } else { 0 };
        fraction = shifted >> 27;
        let mut mq = shifted & FRACTION;
        let mut c = sr_char;
        if negative == sr_negative {
            fraction += sr;
            if fraction > FRACTION {
                mq = mq >> 1 | (fraction & 1) << 26;
                fraction >>= 1;
                c += 1;
            }
        } else if fraction >= sr {
            fraction -= sr;
        } else {
            fraction = sr - fraction;
            negative = sr_negative;
        }
        let aligned = d / 12;
        if !how.normalize {
            self.set_float(negative, c, fraction, mq_negative, c.wrapping_sub(27), mq);
            return 5 + aligned;
        }
        if fraction == 0 {
            // The machine does not look at the MQ: what is only there is lost to the AC. No indicator changes.
            self.ac = Ac { negative, magnitude: 0 };
            self.mq = signed(mq_negative, mq);
            return 6 + aligned;
        }
        let unlike = negative != mq_negative;
        if unlike {
            fraction -= 1;
        }
        let k;
        (fraction, mq, k) = normalize(fraction, mq, unlike);
        c = c.wrapping_sub(k);
        let mq_char = c.wrapping_sub(27);
        if unlike {
            fraction += 1;
            if fraction > FRACTION {
                fraction >>= 1;
                c = c.wrapping_add(1);
            }
        }
        self.set_float(negative, c, fraction, mq_negative, mq_char, mq);
        7 + aligned + k / 4
    }

    /// FMP (`normalize`) and UFM.
    pub fn float_multiply(&mut self, operand: Word, normalize: bool) {
        let negative = self.mq.is_negative() != operand.is_negative();
        let mut c = (self.mq.magnitude() >> 27).wrapping_add(operand.magnitude() >> 27).wrapping_sub(128);
        let mut product = (self.mq.bits() & FRACTION) * (operand.bits() & FRACTION);
        if normalize {
            if product & (1 << 53) == 0 {
                product <<= 1;
                c = c.wrapping_sub(1);
            }
            if product >> 27 == 0 {
                // As the manual says; `only_low_product` tells the caller where the netlist differs.
                self.ac = Ac { negative, magnitude: 0 };
                self.mq = signed(negative, product & FRACTION);
                return;
            }
        }
        self.set_float(
            negative,
            c,
            product >> 27 & FRACTION,
            negative,
            c.wrapping_sub(27),
            product & FRACTION,
        );
    }

    /// The machine cycles that FAD of an operand would take; FSB is the FAD of the operand with the other sign.
    pub(crate) fn cycles_of_add(&self, operand: Word) -> u64 {
        let mut cpu = self.clone();
        cpu.sr = operand;
        cpu.float_add(FloatAdd::FAD)
    }

    /// FMP would leave zero in AC, and in MQ what is not zero.
    #[inline]
    pub(crate) const fn only_low_product(&self, operand: Word) -> bool {
        let product = (self.mq.bits() & FRACTION) * (operand.bits() & FRACTION);
        // 27 places, less the one that FMP shifts
        product != 0 && product < 1 << 26
    }

    /// What the netlist has in MQ then: the highest seven bits of the fraction in 1-7 as well.
    pub(crate) fn fraction_to_characteristic_of_mq(&mut self) {
        self.mq = Word::new(self.mq.bits() | (self.mq.bits() >> 20 & 0o177) << 28);
    }

    /// FDP and FDH; `halts` is FDH, whose stop leaves AC overflow alone.
    pub fn float_divide(&mut self, operand: Word, halts: bool) -> Division {
        let mq_negative = self.ac.negative != operand.is_negative();
        let f = self.ac.magnitude & FRACTION;
        let g = operand.bits() & FRACTION;
        if f == 0 {
            // UNVERIFIED: the sign of the cleared AC; the netlist has a labelled line that makes it plus.
            self.ac = Ac::default();
            self.mq = signed(mq_negative, 0);
            if g == 0 {
                self.divide_check = true;
                return Division::Check;
            }
            return Division::ZeroDividend;
        }
        if f >= 2 * g {
            self.divide_check = true;
            // UNVERIFIED: MQ 8 keeps AC 35, left over from the trial shift (netlist).
            self.mq = signed(mq_negative, (f & 1) << 27);
            if self.ac.p() && !halts {
                self.ac_overflow = true;
            }
            return Division::Check;
        }
        let mut c = self.ac.magnitude >> 27;
        let dividend = if f >= g {
            c += 1;
            f << 26
        } else {
            f << 27
        };
        let mq_char = c.wrapping_sub(operand.magnitude() >> 27).wrapping_add(128);
        self.set_float(
            self.ac.negative,
            c.wrapping_sub(27),
            dividend % g,
            mq_negative,
            mq_char,
            dividend / g,
        );
        Division::Done
    }

    /// Puts a result into AC and MQ and sets the overflow indicators: AC by P of its characteristic, MQ by bit 8 of
    /// the nine-bit value that its characteristic would need.
    fn set_float(&mut self, negative: bool, c: u64, fraction: u64, mq_negative: bool, mq_char: u64, mq: u64) {
        self.ac = Ac { negative, magnitude: (c & CHARACTERISTIC) << 27 | fraction };
        self.mq = signed(mq_negative, (mq_char & 0o377) << 27 | mq & FRACTION);
        if self.ac.p() {
            self.ac_overflow = true;
        }
        if mq_char & 0o400 != 0 {
            self.mq_overflow = true;
        }
    }
}

/// What a quick way puts into the registers: the sign of AC in its place of a word, its magnitude, and MQ.
pub(crate) struct Float {
    pub(crate) sign: u64,
    pub(crate) magnitude: u64,
    pub(crate) mq: Word,
}

/// FAD as [`Cpu::float_add`] does it, the sign of AC being in its place of a word; the sum, and the cycles. `None` in
/// the rarer cases: AC has Q or P, characteristics far from each other, an indicator that may come on, a sum of zero.
#[inline(always)]
pub(crate) fn fast_add(sign: u64, magnitude: u64, operand: u64) -> Option<(Float, u64)> {
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

/// [`fast_add`], the second characteristic being larger by `d`, less than 64.
#[inline(always)]
fn add_in_order(small_sign: u64, small: u64, large_sign: u64, large: u64, d: u64) -> Option<(Float, u64)> {
    let mut c = large >> 27;
    // 27 places of AC, 27 of MQ: the characteristics leave at the left.
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
            // One less than the fraction, and the complement of MQ behind it, which is followed by ones.
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

/// FMP as [`Cpu::float_multiply`] does it. `None` where an indicator may come on, or the upper half is zero.
#[inline(always)]
pub(crate) fn fast_multiply(mq: u64, operand: u64) -> Option<Float> {
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

/// FDP, the sign of AC being in its place of a word; the remainder in AC. `None` where an indicator may come on, and
/// where [`Cpu::float_divide`] does not divide.
#[inline(always)]
pub(crate) fn fast_divide(sign: u64, magnitude: u64, operand: u64) -> Option<Float> {
    let f = magnitude & FRACTION;
    let g = operand & FRACTION;
    // A dividend of zero, and a divisor of zero, are left to the other way.
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

/// Shifts 27 places of AC and 27 of MQ left until position 9 of AC is a one, and counts the places. With `unlike`
/// signs the complement of what leaves MQ enters AC: ones behind the last place of MQ.
#[inline(always)]
fn normalize(fraction: u64, mq: u64, unlike: bool) -> (u64, u64, u64) {
    // AC stands in the highest 27 places, MQ in the next 27.
    let (entering, filling) = if unlike { ((1 << 37) - 1, u64::MAX) } else { (0, 0) };
    let both = (fraction << 37 | mq << 10) ^ entering;
    let k = u64::from(both.leading_zeros());
    let shifted = ((both ^ filling) << k) ^ filling;
    (shifted >> 37, mq << k & FRACTION, k)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the machine does it, place by place.
    fn normalize_by_places(mut fraction: u64, mut mq: u64, unlike: bool) -> (u64, u64, u64) {
        let mut k = 0;
        while fraction & POSITION_9 == 0 {
            let entering = (mq >> 26 & 1) ^ u64::from(unlike);
            fraction = fraction << 1 | entering;
            mq = mq << 1 & FRACTION;
            k += 1;
        }
        (fraction, mq, k)
    }

    #[test]
    fn the_quick_ways_are_the_slow_ones() {
        let mut random = crate::random::Random(3);
        let mut quick = 0;
        for n in 0..300_000_u64 {
            // Characteristics near each other, near the ends, or anywhere; fractions of all lengths.
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
            let result = |float: &Float| Cpu {
                ac: Ac { negative: float.sign != 0, magnitude: float.magnitude },
                mq: float.mq,
                ..before.clone()
            };
            let mut cpu = before.clone();
            if let Some((float, cycles)) = fast_add(sign, before.ac.magnitude, operand.bits()) {
                assert_eq!(cycles, cpu.fad(operand), "{before:?} {operand}");
                // which the quick ways do not keep
                cpu.sr = before.sr;
                assert_eq!(result(&float), cpu, "{before:?} + {operand}");
                quick += 1;
            }
            let mut cpu = before.clone();
            if let Some(float) = fast_multiply(mq.bits(), operand.bits()) {
                cpu.float_multiply(operand, true);
                assert_eq!(result(&float), cpu, "{before:?} x {operand}");
                quick += 1;
            }
            let mut cpu = before.clone();
            if let Some(float) = fast_divide(sign, before.ac.magnitude, operand.bits()) {
                assert_eq!(cpu.float_divide(operand, false), Division::Done);
                assert_eq!(result(&float), cpu, "{before:?} / {operand}");
                quick += 1;
            }
        }
        assert!(quick > 300_000, "{quick}");
    }

    #[test]
    fn normalizing_at_once_is_normalizing_place_by_place() {
        let mut random = crate::random::Random(9);
        let check = |fraction: u64, mq: u64, unlike| {
            assert_eq!(
                normalize(fraction, mq, unlike),
                normalize_by_places(fraction, mq, unlike),
                "{fraction:09o} {mq:09o} {unlike}"
            );
        };
        for mq in [0, 1, FRACTION - 1, FRACTION, POSITION_9, POSITION_9 - 1] {
            check(0, mq, true);
            for place in 0..27 {
                check(1 << place, mq, true);
                check(1 << place, mq, false);
            }
        }
        for n in 0..200_000 {
            let bits = random.next();
            let fraction = ((bits & FRACTION) >> (n % 28)).max(1);
            let mq = (bits >> 30 & FRACTION) >> (n / 28 % 28);
            check(fraction, mq, bits >> 63 != 0);
        }
    }
}
