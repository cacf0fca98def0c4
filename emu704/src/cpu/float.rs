//! Floating point: sign, characteristic 1-8 (exponent + 128), fraction 9-35.
//!
//! Characteristics run in ten bits Q,P,1-8 of the AC and are never clamped: the indicators and P, Q show a spill.
//! Measured on the netlist (3,000 additions, 2,400 products and quotients without a difference in these rules).
//!
//! The fractions of AC and MQ together are kept in the highest 54 places of a number of 64 bits: there a carry is that of the
//! host, and the sign bit tells whether a result is normalized. The tests compare all with the machine's way, place by place.

#[cfg(test)]
mod tests;

use std::num::NonZeroU64;

use asm704::Word;
use asm704::isa::Op;

use super::regs::{Beside, Indicator};
use super::storage::{Hold, Line};
use super::{Ac, Cpu, Regs, longer_by_check, signed};

const FRACTION: u64 = (1 << 27) - 1;
const CHARACTERISTIC: u64 = 0o377;

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

/// The operations of the plain interpreter, as far as they differ from those of the fast loop.
impl Cpu {
    /// FAD and FSB (`normalize`), UFA and UFS: adds the number in SR to AC. With `line` signed, P of AC does not make it minus when
    /// AC and SR are interchanged; `hold` is held in SR. Returns the machine cycles.
    #[inline(never)]
    pub(crate) fn float_add(&mut self, normalize: bool, line: Line, hold: Hold) -> u64 {
        let operand = self.sr;
        let negative = self.ac.negative || line == Line::Logical && self.ac.p();
        let on_bus = hold.passes(signed(negative, self.ac.magnitude));
        let mut sr = operand;
        let to_sr = |_| {
            sr = on_bus;
            on_bus
        };
        let cycles = if normalize {
            7 + self.regs(|r| r.longer(|r| r.add_float::<true>(operand, to_sr)))
        } else {
            5 + self.regs(|r| r.longer(|r| r.add_float::<false>(operand, to_sr)))
        };
        self.sr = sr;
        cycles as u64
    }

    /// The machine cycles that FAD of an operand would take. FSB is FAD of the operand with the other sign.
    pub(crate) fn cycles_of_add(&self, operand: Word) -> u64 {
        Cpu { sr: operand, ..self.clone() }.float_add(true, Line::Logical, Hold::NONE)
    }

    /// FMP. `fraction_in_mq`: where only the MQ part of the product is not zero, its highest seven bits appear in
    /// positions 1-7 of MQ as well (netlist).
    #[inline(never)]
    pub(crate) fn float_multiply(&mut self, operand: Word, fraction_in_mq: bool) {
        let product = fractions(self.mq, operand) << 1 & FRACTION;
        let negative = (self.mq ^ operand).is_negative();
        if !self.regs(|r| r.fmp(operand)) {
            // As the manual says.
            self.ac = Ac { negative, magnitude: 0 };
            let copied = if fraction_in_mq { (product >> 20) << 28 } else { 0 };
            self.mq = signed(negative, product | copied);
        }
    }

    /// UFM.
    #[inline(never)]
    pub(crate) fn float_multiply_unnormalized(&mut self, operand: Word) {
        self.regs(|r| r.ufm(operand));
    }

    /// FDP and FDH; `halts` is true for FDH, whose stop does not change AC overflow.
    #[inline(never)]
    pub(crate) fn float_divide(&mut self, operand: Word, halts: bool) -> Division {
        self.regs(|r| r.divide_float(operand, halts))
    }

    /// True if FMP would leave zero in AC and a nonzero MQ.
    #[inline]
    pub(crate) const fn only_low_product(&self, operand: Word) -> bool {
        let product = fractions(self.mq, operand);
        // 27 places, minus the one that FMP shifts
        product != 0 && product < 1 << 26
    }
}

/// The product of two fractions, 54 places.
const fn fractions(a: Word, b: Word) -> u64 {
    (a.bits() & FRACTION) * (b.bits() & FRACTION)
}

impl<B: Beside> Regs<B> {
    /// FAD, and FSB with the other sign.
    #[inline(always)]
    pub(crate) fn fad(&mut self, operand: Word) {
        self.add_float::<true>(operand, |ac| ac);
    }

    /// UFA, and UFS with the other sign.
    #[inline(always)]
    pub(crate) fn ufa(&mut self, operand: Word) {
        self.add_float::<false>(operand, |ac| ac);
    }

    /// FMP. Returns false and changes nothing if it would leave zero in AC and a nonzero MQ, whose characteristic depends on
    /// the configuration.
    #[inline(always)]
    pub(crate) fn fmp(&mut self, operand: Word) -> bool {
        let mut product = fractions(self.mq(), operand) << 10;
        let mut c = self.characteristic_of_product(operand);
        if product >> 63 == 0 {
            product <<= 1;
            c = c.wrapping_sub(1);
            if product >> 37 == 0 {
                if product != 0 {
                    return false;
                }
                self.sign = self.mq().bits() ^ operand.bits();
                self.magnitude = 0;
                self.put_mq(Word::new(self.sign & Word::SIGN));
                return true;
            }
        }
        self.put_product(operand, c, product);
        true
    }

    /// UFM.
    #[inline(always)]
    pub(crate) fn ufm(&mut self, operand: Word) {
        let product = fractions(self.mq(), operand) << 10;
        self.put_product(operand, self.characteristic_of_product(operand), product);
    }

    /// FDP.
    #[inline(always)]
    pub(crate) fn fdp(&mut self, operand: Word) {
        if self.divide_float(operand, false) != Division::Done {
            self.beside.take_longer(const { longer_by_check(Op::Fdp) });
        }
    }

    /// FDH. False, and nothing is changed, if divide check would come on.
    #[inline(always)]
    pub(crate) fn fdh(&mut self, operand: Word) -> bool {
        let divides = self.divides_float(operand);
        if divides {
            self.fdp(operand);
        }
        divides
    }

    /// Adds an operand to AC. `to_sr` has the word that comes into SR where AC and SR are interchanged. On its way Q is lost, and so
    /// is P, except that it makes the number minus.
    #[inline(always)]
    fn add_float<const NORMALIZE: bool>(&mut self, operand: Word, to_sr: impl FnOnce(Word) -> Word) {
        let c = operand.magnitude() >> 27;
        let d = c as i64 - (self.magnitude >> 27) as i64;
        if d >= 0 {
            self.add_in_order::<NORMALIZE>(
                self.sign,
                self.magnitude,
                operand.bits(),
                operand.bits(),
                c,
                d as u64,
            );
        } else {
            let c = self.magnitude >> 27 & CHARACTERISTIC;
            // P is in the place of the sign.
            let sr = to_sr(Word::new(self.sign & Word::SIGN | self.magnitude)).bits();
            self.add_in_order::<NORMALIZE>(operand.bits(), operand.bits(), sr, sr, c, d.unsigned_abs());
        }
    }

    /// A fraction at the highest places, moved by twelve places or more, modulo 256.
    #[inline(always)]
    fn align(&mut self, small: u64, d: u64) -> u64 {
        // d / 12
        let cycles = |d: u64| ((d * 171) >> 11) as i64;
        if d <= 27 {
            self.beside.take_longer(cycles(d));
            return small << 37 >> d;
        }
        let d = d & CHARACTERISTIC;
        self.beside.take_longer(cycles(d));
        // What leaves the 27 places of MQ is lost.
        if d < 54 { small << 37 >> 10 >> d << 10 } else { 0 }
    }

    /// The sum of two numbers, of which the second has the characteristic `c`, larger by `d`, modulo 256. They are what is in
    /// AC and SR after the interchange. Of the signs only the sign position counts, of the numbers only the fraction.
    #[inline(always)]
    fn add_in_order<const NORMALIZE: bool>(
        &mut self,
        small_sign: u64,
        small: u64,
        large_sign: u64,
        large: u64,
        c: u64,
        d: u64,
    ) {
        let large = large << 37;
        let small = if d < 12 { small << 37 >> d } else { self.align(small, d) };
        if (small_sign ^ large_sign) & Word::SIGN == 0 {
            let (sum, carry) = small.overflowing_add(large);
            if carry {
                // The carry, below it the highest place, which is a one, and the rest.
                let magnitude = (2 * c + 3) << 26 | sum >> 38;
                self.put(small_sign, magnitude, small_sign, (c + 1).wrapping_sub(27), sum >> 1);
                return;
            }
            self.put_sum::<NORMALIZE>(small_sign, c, sum);
            return;
        }
        if small >= large {
            self.put_sum::<NORMALIZE>(small_sign, c, small - large);
            return;
        }
        if !NORMALIZE {
            let fraction = (large >> 37) - (small >> 37);
            self.put(large_sign, c << 27 | fraction, small_sign, c.wrapping_sub(27), small);
            return;
        }
        // The machine subtracts one from the fraction and shifts, from MQ the complement enters, and ones follow; then it
        // adds one again. All that is the complement of the difference.
        let difference = small.wrapping_sub(large);
        let k = u64::from((!difference | 0o1777).leading_zeros());
        let difference = difference << k;
        let c = c.wrapping_sub(k);
        let mut magnitude = (c << 27 | !difference >> 37).wrapping_add(1);
        if magnitude & FRACTION == 0 {
            // The last carry goes out of position 9, perhaps into P.
            magnitude |= 1 << 26;
            if c == CHARACTERISTIC {
                self.beside.turn_on(Indicator::AcOverflow);
            }
        }
        self.put(large_sign, magnitude, small_sign, c.wrapping_sub(27), difference);
        self.beside.take_longer((k / 4) as i64);
    }

    /// The end of an addition in which nothing was carried or borrowed.
    #[inline(always)]
    fn put_sum<const NORMALIZE: bool>(&mut self, sign: u64, c: u64, sum: u64) {
        if !NORMALIZE || sum >> 63 != 0 {
            self.put(sign, c << 27 | sum >> 37, sign, c.wrapping_sub(27), sum);
            return;
        }
        let Some(fraction) = NonZeroU64::new(sum >> 37) else {
            // The machine ignores the MQ here: what is only in MQ is lost to AC. No indicator changes.
            self.sign = sign;
            self.magnitude = 0;
            self.put_mq(Word::new(sign & Word::SIGN | sum >> 10));
            self.beside.take_longer(-1);
            return;
        };
        let k = u64::from(fraction.leading_zeros()) - 37;
        let (c, sum) = (c.wrapping_sub(k), sum << k);
        self.put(sign, c << 27 | sum >> 37, sign, c.wrapping_sub(27), sum);
        self.beside.take_longer((k / 4) as i64);
    }

    /// The characteristic of the product of MQ and an operand, before it is shifted.
    #[inline(always)]
    fn characteristic_of_product(&self, operand: Word) -> u64 {
        ((self.mq().magnitude() >> 27) + (operand.magnitude() >> 27)).wrapping_sub(128)
    }

    /// Puts a product, which is in the highest 54 places, into AC and MQ.
    #[inline(always)]
    fn put_product(&mut self, operand: Word, c: u64, product: u64) {
        let sign = self.mq().bits() ^ operand.bits();
        self.put(sign, c << 27 | product >> 37, sign, c.wrapping_sub(27), product);
    }

    /// True if there is a quotient, even if it is that of a zero dividend.
    #[inline(always)]
    const fn divides_float(&self, operand: Word) -> bool {
        self.magnitude & FRACTION < 2 * (operand.bits() & FRACTION)
    }

    /// FDP and FDH; `halts` is true for FDH, whose stop does not change AC overflow.
    #[inline(always)]
    fn divide_float(&mut self, operand: Word, halts: bool) -> Division {
        let mq_sign = (self.sign ^ operand.bits()) & Word::SIGN;
        let f = self.magnitude & FRACTION;
        let g = operand.bits() & FRACTION;
        if f == 0 {
            // UNVERIFIED: the sign of the cleared AC; the netlist has a labelled line that makes it plus.
            self.sign = 0;
            self.magnitude = 0;
            self.put_mq(Word::new(mq_sign));
            if g == 0 {
                self.beside.turn_on(Indicator::DivideCheck);
                return Division::Check;
            }
            return Division::ZeroDividend;
        }
        if !self.divides_float(operand) {
            self.beside.turn_on(Indicator::DivideCheck);
            // UNVERIFIED: MQ 8 keeps AC 35, left over from the trial shift (netlist).
            self.put_mq(Word::new(mq_sign | (f & 1) << 27));
            if self.p() && !halts {
                self.beside.turn_on(Indicator::AcOverflow);
            }
            return Division::Check;
        }
        let dividend = f << 26;
        let dividend = if f < g { 2 * dividend } else { dividend };
        let c = (self.magnitude >> 27) + u64::from(f >= g);
        let mq_char = (c + 128).wrapping_sub(operand.magnitude() >> 27);
        let c = c.wrapping_sub(27);
        let (quotient, remainder) = (dividend / g, dividend % g);
        if c | mq_char <= CHARACTERISTIC {
            self.magnitude = c << 27 | remainder;
            // The quotient has 27 places, since the dividend is below twice the divisor.
            self.put_mq(Word::new(mq_sign | mq_char << 27 | quotient));
            return Division::Done;
        }
        self.magnitude = (c << 27 | remainder) & Ac::MASK;
        self.put_mq(Word::new(mq_sign | (mq_char & CHARACTERISTIC) << 27 | quotient & FRACTION));
        if self.p() {
            self.beside.turn_on(Indicator::AcOverflow);
        }
        // Bit 8 of the nine-bit value that the characteristic would need.
        if mq_char & (CHARACTERISTIC + 1) != 0 {
            self.beside.turn_on(Indicator::MqOverflow);
        }
        Division::Done
    }

    /// Puts a result into AC and MQ; of the signs only the sign position counts, and `both` has the fraction of MQ after that
    /// of AC. `mq_char` is the characteristic of MQ without a limit, above -256; that of AC is 27 above it. The
    /// indicators: AC overflow by P, MQ overflow by what a characteristic has above its eight places.
    #[inline(always)]
    fn put(&mut self, sign: u64, magnitude: u64, mq_sign: u64, mq_char: u64, both: u64) {
        self.sign = sign;
        if mq_char <= CHARACTERISTIC - 27 {
            self.magnitude = magnitude;
            // Turned around, for compilers to see one shift of two numbers.
            self.put_mq(Word::new(mq_sign & Word::SIGN | (mq_char << 27 | both.rotate_left(27) >> 37)));
            return;
        }
        self.magnitude = magnitude & Ac::MASK;
        self.put_mq(Word::new(
            mq_sign & Word::SIGN | (mq_char & CHARACTERISTIC) << 27 | both >> 10 & FRACTION,
        ));
        if self.p() {
            self.beside.turn_on(Indicator::AcOverflow);
        }
        if mq_char > CHARACTERISTIC {
            self.beside.turn_on(Indicator::MqOverflow);
        }
    }
}
