//! Floating point: sign, characteristic 1-8 (exponent + 128), fraction 9-35.
//!
//! Characteristics run in ten bits Q,P,1-8 of the AC and are never clamped: the indicators and P, Q show a spill.
//! Measured on the netlist (3,000 additions, 2,400 products and quotients without a difference in these rules).
//!
//! This module handles all cases as the machine does. [`quick`] has faster versions for the usual cases, which the fast loop
//! uses; a test checks them against these.

mod quick;

use asm704::Word;

use super::storage::Hold;
use super::{Cpu, Regs, signed};

const FRACTION: u64 = (1 << 27) - 1;
const CHARACTERISTIC: u64 = 0o1777;
#[cfg(test)]
const POSITION_9: u64 = 1 << 26;

/// The differences between the floating additions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FloatAdd {
    /// FAD, FSB: the result is normalized.
    pub(crate) normalize: bool,
    /// True if P of AC makes it minus when AC and SR are interchanged; bit 1 of the code prevents that.
    pub(crate) p_on_sign_line: bool,
    /// The bits held in SR.
    pub(crate) hold: Hold,
}

impl FloatAdd {
    const FAD: FloatAdd = FloatAdd { normalize: true, p_on_sign_line: true, hold: Hold::NONE };
    const UFA: FloatAdd = FloatAdd { normalize: false, ..FloatAdd::FAD };
}

/// The end of a floating division.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Division {
    /// Done: 18 cycles.
    Done,
    /// The dividend fraction is zero: the quotient is zero, 3 cycles.
    ZeroDividend,
    /// Divide check: 3 cycles.
    Check,
}

impl Cpu {
    /// The machine cycles that FAD of an operand would take. FSB is FAD of the operand with the other sign.
    pub(crate) fn cycles_of_add(&self, operand: Word) -> u64 {
        self.clone().in_hand().float_add(&mut { operand }, FloatAdd::FAD)
    }

    /// True if FMP would leave zero in AC and a nonzero MQ.
    #[inline]
    pub(crate) const fn only_low_product(&self, operand: Word) -> bool {
        only_low_product(self.mq, operand)
    }
}

impl Regs<'_> {
    /// UFA for the fast loop, which keeps no SR. Returns the machine cycles.
    #[inline(always)]
    pub(crate) fn ufa(&mut self, operand: Word) -> u64 {
        self.aside(|r| r.float_add(&mut { operand }, FloatAdd::UFA))
    }

    /// UFM for the fast loop.
    #[inline(always)]
    pub(crate) fn ufm(&mut self, operand: Word) {
        self.aside(|r| r.float_multiply(operand, false));
    }

    /// Interchanges AC and SR for FAD and its variants. Q is lost, and so is P, except that it makes the number minus on its way if
    /// it is allowed on the sign line.
    fn interchange(&mut self, sr: &mut Word, how: FloatAdd) {
        let negative = self.is_minus() || how.p_on_sign_line && self.p();
        let operand = std::mem::replace(sr, how.hold.passes(signed(negative, self.magnitude)));
        self.clear_add(operand);
    }

    /// FAD, FSB, UFA and UFS: adds the number in SR to AC. Returns the machine cycles.
    #[inline(never)]
    pub(crate) fn float_add(&mut self, sr: &mut Word, how: FloatAdd) -> u64 {
        if sr.magnitude() >> 27 < self.magnitude >> 27 {
            self.interchange(sr, how);
        }
        let sr_negative = sr.is_negative();
        let sr_char = sr.magnitude() >> 27;
        let sr = sr.magnitude() & FRACTION;
        let mut negative = self.is_minus();
        let characteristic = self.magnitude >> 27;
        let mut fraction = self.magnitude & FRACTION;
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
            // The machine ignores the MQ here: what is only in MQ is lost to AC. No indicator changes.
            self.set_ac(negative, 0);
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
    #[inline(never)]
    pub(crate) fn float_multiply(&mut self, operand: Word, normalize: bool) {
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
                self.set_ac(negative, 0);
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

    /// The MQ of the netlist in that case: the highest seven bits of the fraction appear in 1-7 as well.
    pub(crate) fn fraction_to_characteristic_of_mq(&mut self) {
        self.mq = Word::new(self.mq.bits() | (self.mq.bits() >> 20 & 0o177) << 28);
    }

    /// FDP and FDH; `halts` is true for FDH, whose stop does not change AC overflow.
    #[inline(never)]
    pub(crate) fn float_divide(&mut self, operand: Word, halts: bool) -> Division {
        let mq_negative = self.is_minus() != operand.is_negative();
        let f = self.magnitude & FRACTION;
        let g = operand.bits() & FRACTION;
        if f == 0 {
            // UNVERIFIED: the sign of the cleared AC; the netlist has a labelled line that makes it plus.
            self.set_ac(false, 0);
            self.mq = signed(mq_negative, 0);
            if g == 0 {
                *self.divide_check = true;
                return Division::Check;
            }
            return Division::ZeroDividend;
        }
        if f >= 2 * g {
            *self.divide_check = true;
            // UNVERIFIED: MQ 8 keeps AC 35, left over from the trial shift (netlist).
            self.mq = signed(mq_negative, (f & 1) << 27);
            if self.p() && !halts {
                *self.ac_overflow = true;
            }
            return Division::Check;
        }
        let mut c = self.magnitude >> 27;
        let dividend = if f >= g {
            c += 1;
            f << 26
        } else {
            f << 27
        };
        let mq_char = c.wrapping_sub(operand.magnitude() >> 27).wrapping_add(128);
        self.set_float(self.is_minus(), c.wrapping_sub(27), dividend % g, mq_negative, mq_char, dividend / g);
        Division::Done
    }

    /// Puts a result into AC and MQ and sets the overflow indicators: AC by P of its characteristic, MQ by bit 8 of
    /// the nine-bit value that its characteristic would need.
    fn set_float(&mut self, negative: bool, c: u64, fraction: u64, mq_negative: bool, mq_char: u64, mq: u64) {
        self.set_ac(negative, (c & CHARACTERISTIC) << 27 | fraction);
        self.mq = signed(mq_negative, (mq_char & 0o377) << 27 | mq & FRACTION);
        if self.p() {
            *self.ac_overflow = true;
        }
        if mq_char & 0o400 != 0 {
            *self.mq_overflow = true;
        }
    }

    const fn set_ac(&mut self, negative: bool, magnitude: u64) {
        self.sign = if negative { Word::SIGN } else { 0 };
        self.magnitude = magnitude;
    }
}

/// True if FMP of MQ and an operand would leave zero in AC and a nonzero MQ.
#[inline(always)]
const fn only_low_product(mq: Word, operand: Word) -> bool {
    let product = (mq.bits() & FRACTION) * (operand.bits() & FRACTION);
    // 27 places, minus the one that FMP shifts
    product != 0 && product < 1 << 26
}

/// Shifts 27 places of AC and 27 of MQ left until position 9 of AC is a one, and counts the places. With `unlike`
/// signs the complement of the bits leaving MQ enters AC: ones follow the last place of MQ.
#[inline(always)]
fn normalize(fraction: u64, mq: u64, unlike: bool) -> (u64, u64, u64) {
    // AC is in the highest 27 places, MQ in the next 27.
    let (entering, filling) = if unlike { ((1 << 37) - 1, u64::MAX) } else { (0, 0) };
    let both = (fraction << 37 | mq << 10) ^ entering;
    let k = u64::from(both.leading_zeros());
    let shifted = ((both ^ filling) << k) ^ filling;
    (shifted >> 37, mq << k & FRACTION, k)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same operation as the machine does it, place by place.
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
