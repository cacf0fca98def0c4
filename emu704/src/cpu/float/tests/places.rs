//! Floating point as the machine does it: one place at a time, and one indicator after the other.

use asm704::Word;

use crate::cpu::float::Division;
use crate::cpu::storage::{Hold, Line};
use crate::cpu::{Ac, Cpu, signed};

const FRACTION: u64 = (1 << 27) - 1;
const POSITION_9: u64 = 1 << 26;

/// Interchanges AC and SR.
fn interchange(cpu: &mut Cpu, line: Line, hold: Hold) {
    let negative = cpu.ac.negative || line == Line::Logical && cpu.ac.p();
    let operand = std::mem::replace(&mut cpu.sr, hold.passes(signed(negative, cpu.ac.magnitude)));
    cpu.ac = Ac::from_word(operand);
}

/// FAD, FSB, UFA and UFS of the operand in SR. Returns the machine cycles.
pub(super) fn add(cpu: &mut Cpu, normalize: bool, line: Line, hold: Hold) -> u64 {
    if cpu.sr.magnitude() >> 27 < cpu.ac.magnitude >> 27 {
        interchange(cpu, line, hold);
    }
    let sr_negative = cpu.sr.is_negative();
    let sr = cpu.sr.magnitude() & FRACTION;
    let mut c = cpu.sr.magnitude() >> 27;
    let mut negative = cpu.ac.negative;
    let mq_negative = negative;
    let mut fraction = cpu.ac.magnitude & FRACTION;
    let mut mq = 0;
    let d = c.wrapping_sub(cpu.ac.magnitude >> 27) & 0o377;
    for _ in 0..d {
        mq = mq >> 1 | (fraction & 1) << 26;
        fraction >>= 1;
    }
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
    if !normalize {
        put(cpu, negative, c, fraction, mq_negative, c.wrapping_sub(27), mq);
        return 5 + d / 12;
    }
    if fraction == 0 {
        cpu.ac = Ac { negative, magnitude: 0 };
        cpu.mq = signed(mq_negative, mq);
        return 6 + d / 12;
    }
    let unlike = negative != mq_negative;
    if unlike {
        fraction -= 1;
    }
    let mut k = 0;
    while fraction & POSITION_9 == 0 {
        let entering = (mq >> 26) ^ u64::from(unlike);
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
    put(cpu, negative, c, fraction, mq_negative, mq_char, mq);
    7 + d / 12 + k / 4
}

/// FMP (`normalize`) and UFM. With `fraction_in_mq`, where only MQ is not zero, its highest seven bits are in 1-7 as well.
pub(super) fn multiply(cpu: &mut Cpu, operand: Word, normalize: bool, fraction_in_mq: bool) {
    let negative = cpu.mq.is_negative() != operand.is_negative();
    let mut c = (cpu.mq.magnitude() >> 27).wrapping_add(operand.magnitude() >> 27).wrapping_sub(128);
    let (mut multiplier, multiplicand) = (cpu.mq.bits() & FRACTION, operand.bits() & FRACTION);
    let (mut fraction, mut mq) = (0, 0);
    for _ in 0..27 {
        if multiplier & 1 != 0 {
            fraction += multiplicand;
        }
        multiplier >>= 1;
        mq = mq >> 1 | (fraction & 1) << 26;
        fraction >>= 1;
    }
    if normalize {
        if fraction & POSITION_9 == 0 {
            fraction = fraction << 1 | mq >> 26;
            mq = mq << 1 & FRACTION;
            c = c.wrapping_sub(1);
        }
        if fraction == 0 {
            cpu.ac = Ac { negative, magnitude: 0 };
            cpu.mq = signed(negative, mq | if fraction_in_mq { (mq >> 20) << 28 } else { 0 });
            return;
        }
    }
    put(cpu, negative, c, fraction, negative, c.wrapping_sub(27), mq);
}

/// FDP and FDH; `halts` is true for FDH.
pub(super) fn divide(cpu: &mut Cpu, operand: Word, halts: bool) -> Division {
    let mq_negative = cpu.ac.negative != operand.is_negative();
    let mut f = cpu.ac.magnitude & FRACTION;
    let g = operand.bits() & FRACTION;
    if f == 0 {
        cpu.ac = Ac::default();
        cpu.mq = signed(mq_negative, 0);
        if g == 0 {
            cpu.divide_check = true;
            return Division::Check;
        }
        return Division::ZeroDividend;
    }
    if f >= 2 * g {
        cpu.divide_check = true;
        cpu.mq = signed(mq_negative, (f & 1) << 27);
        if cpu.ac.p() && !halts {
            cpu.ac_overflow = true;
        }
        return Division::Check;
    }
    let mut c = cpu.ac.magnitude >> 27;
    let mut mq = 0;
    if f >= g {
        mq = (f & 1) << 26;
        f >>= 1;
        c += 1;
    }
    let mq_char = c.wrapping_sub(operand.magnitude() >> 27).wrapping_add(128);
    // The quotient enters MQ behind what is left of the dividend.
    for _ in 0..27 {
        f = f << 1 | mq >> 26;
        mq = mq << 1 & FRACTION;
        if f >= g {
            f -= g;
            mq |= 1;
        }
    }
    put(cpu, cpu.ac.negative, c.wrapping_sub(27), f, mq_negative, mq_char, mq);
    Division::Done
}

/// A result, and the overflow indicators.
fn put(cpu: &mut Cpu, negative: bool, c: u64, fraction: u64, mq_negative: bool, mq_char: u64, mq: u64) {
    cpu.ac = Ac { negative, magnitude: (c & 0o1777) << 27 | fraction };
    cpu.mq = signed(mq_negative, (mq_char & 0o377) << 27 | mq);
    cpu.ac_overflow |= cpu.ac.p();
    cpu.mq_overflow |= mq_char & 0o400 != 0;
}
