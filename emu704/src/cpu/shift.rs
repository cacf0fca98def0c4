//! Shifts: n places, n taken modulo 256 by the caller, without saturation (GATE).

use asm704::Word;

use super::{Ac, Cpu, signed};

/// Cycles of a shift of n places: the first ten places fit into the two cycles that every instruction has.
#[inline(always)]
pub const fn cycles(n: u8) -> u64 {
    2 + (n as u64 + 2) / 12
}

impl Cpu {
    /// ALS: Q,P,1-35 to the left; overflow when a one goes from 1 into P.
    pub fn shift_ac_left(&mut self, n: u8) {
        let m = self.ac.magnitude;
        if passes_p(m, n, 35) {
            self.ac_overflow = true;
        }
        self.ac.magnitude = if n < 37 { m << n & Ac::MASK } else { 0 };
    }

    /// ARS: Q,P,1-35 to the right.
    pub fn shift_ac_right(&mut self, n: u8) {
        self.ac.magnitude = if n < 37 { self.ac.magnitude >> n } else { 0 };
    }

    /// LLS: Q,P,1-35 of AC and 1-35 of MQ to the left; the sign of MQ goes to AC, also for no places.
    pub fn long_left(&mut self, n: u8) {
        let both = u128::from(self.ac.magnitude) << 35 | u128::from(self.mq.magnitude());
        if passes_p_long(both, n, 70) {
            self.ac_overflow = true;
        }
        let both = if n < 72 { both << n } else { 0 };
        self.ac = Ac { negative: self.mq.is_negative(), magnitude: (both >> 35) as u64 & Ac::MASK };
        self.mq = signed(self.mq.is_negative(), both as u64);
    }

    /// LRS: the same to the right; the sign of AC goes to MQ, also for no places.
    pub fn long_right(&mut self, n: u8) {
        let both = u128::from(self.ac.magnitude) << 35 | u128::from(self.mq.magnitude());
        let both = if n < 72 { both >> n } else { 0 };
        self.ac.magnitude = (both >> 35) as u64;
        self.mq = signed(self.ac.negative, both as u64);
    }

    /// LGL: Q,P,1-35 of AC and S,1-35 of MQ to the left; the sign of AC stays.
    pub fn logical_left(&mut self, n: u8) {
        let both = u128::from(self.ac.magnitude) << 36 | u128::from(self.mq.bits());
        if passes_p_long(both, n, 71) {
            self.ac_overflow = true;
        }
        let both = if n < 73 { both << n } else { 0 };
        self.ac.magnitude = (both >> 36) as u64 & Ac::MASK;
        self.mq = Word::new(both as u64);
    }

    /// RQL: MQ S,1-35 around to the left.
    pub fn rotate_mq(&mut self, n: u8) {
        let n = u32::from(n) % 36;
        let bits = self.mq.bits();
        self.mq = Word::new(bits << n | bits >> (36 - n));
    }
}

/// True when one of the `n` bits below position P (weight 2^p) is a one: each of them moves into P at some step.
fn passes_p(bits: u64, n: u8, p: u32) -> bool {
    passes_p_long(u128::from(bits), n, p)
}

fn passes_p_long(bits: u128, n: u8, p: u32) -> bool {
    let below = bits & ((1 << p) - 1);
    let n = u32::from(n).min(p);
    below >> (p - n) != 0
}
