//! Floating point: sign, characteristic 1-8 (exponent + 128), fraction 9-35.
//!
//! Characteristics run in ten bits Q,P,1-8 of the AC and are never clamped: the indicators and P, Q show a spill.
//! Measured on the netlist (3,000 additions, 2,400 products and quotients without a difference in these rules).

use asm704::Word;

use super::{Ac, Cpu, signed};

const FRACTION: u64 = (1 << 27) - 1;
const CHARACTERISTIC: u64 = 0o1777;
const POSITION_9: u64 = 1 << 26;

/// What the floating add and subtract instructions differ in.
#[derive(Debug, Clone, Copy)]
pub struct FloatAdd {
    /// FSB, UFS: the sign of the operand is inverted.
    pub subtract: bool,
    /// FAD, FSB: the result is normalized.
    pub normalize: bool,
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
    /// FAD, FSB, UFA, UFS. Returns the machine cycles.
    pub fn float_add(&mut self, operand: Word, how: FloatAdd) -> u64 {
        let mut sr_negative = operand.is_negative() != how.subtract;
        let mut sr_char = operand.magnitude() >> 27;
        let mut sr = operand.magnitude() & FRACTION;
        let mut negative = self.ac.negative;
        let mut characteristic = self.ac.magnitude >> 27;
        let mut fraction = self.ac.magnitude & FRACTION;
        if sr_char < characteristic {
            // Q and P are lost in the exchange, but P travels on the sign line.
            let p = characteristic & 0o400 != 0;
            (sr_negative, negative) = (negative || p, sr_negative);
            (sr_char, characteristic) = (characteristic & 0o377, sr_char);
            (sr, fraction) = (fraction, sr);
        }
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
        let mut k = 0;
        while fraction & POSITION_9 == 0 {
            let entering = (mq >> 26 & 1) ^ u64::from(unlike);
            fraction = fraction << 1 | entering;
            mq = mq << 1 & FRACTION;
            c = c.wrapping_sub(1);
            k += 1;
        }
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
                // The manual clears MQ 1-8; the netlist leaves product bits there (docs/fidelity).
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
