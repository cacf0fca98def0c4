//! Shifts by n places, n taken modulo 256 by the caller, without saturation (GATE).
//!
//! A step of at most [`MOST`] places is one shift of the host. More places take several steps. A shift of 36 gives the
//! same result as one of 35 and one of 1, including indicators, because the machine itself shifts place by place.

use asm704::Word;

use super::regs::{Beside, Indicator};
use super::{Ac, Regs};

/// The most places in one step. The fast loop has no longer shifts.
pub(crate) const MOST: u8 = 35;

/// Cycles of a shift of n places: the first ten places fit into the two cycles that every instruction has.
#[inline(always)]
pub(crate) const fn cycles(n: u8) -> u64 {
    2 + (n as u64 + 2) / 12
}

impl<B: Beside> Regs<B> {
    /// Shifts any number of places, by steps of at most [`MOST`].
    #[inline(always)]
    pub(crate) fn shift(&mut self, mut n: u8, step: impl Fn(&mut Regs<B>, u8)) {
        while n > MOST {
            step(self, MOST);
            n -= MOST;
        }
        step(self, n);
    }

    /// ALS, at most [`MOST`] places: Q,P,1-35 to the left; overflow if a one goes from 1 into P.
    #[inline(always)]
    pub(crate) fn left(&mut self, n: u8) {
        self.overflow_on_way_left(n);
        self.magnitude = self.magnitude << (n & 63) & Ac::MASK;
    }

    /// ARS, at most [`MOST`] places: Q,P,1-35 to the right.
    #[inline(always)]
    pub(crate) const fn right(&mut self, n: u8) {
        self.magnitude >>= n & 63;
    }

    /// LLS, at most [`MOST`] places: Q,P,1-35 of AC and 1-35 of MQ to the left; the sign of MQ goes to AC, even for 0
    /// places.
    #[inline(always)]
    pub(crate) fn long_left(&mut self, n: u8) {
        self.overflow_on_way_left(n);
        let entering = self.mq().magnitude() >> (35_u8.wrapping_sub(n) & 63);
        self.sign = self.mq().bits() & Word::SIGN;
        self.magnitude = (self.magnitude << (n & 63) | entering) & Ac::MASK;
        self.put_mq(Word::new((self.mq().bits() << (n & 63) & Word::MAGNITUDE) | self.sign));
    }

    /// LRS, at most [`MOST`] places: the same to the right; the sign of AC goes to MQ, even for 0 places.
    #[inline(always)]
    pub(crate) fn long_right(&mut self, n: u8) {
        let entering = self.magnitude << (35_u8.wrapping_sub(n) & 63);
        self.magnitude >>= n & 63;
        let low = (self.mq().magnitude() >> (n & 63) | entering) & Word::MAGNITUDE;
        self.put_mq(Word::new(low | self.sign & Word::SIGN));
    }

    /// LGL, at most [`MOST`] places: Q,P,1-35 of AC and S,1-35 of MQ to the left; the sign of AC does not change.
    #[inline(always)]
    pub(crate) fn logical_left(&mut self, n: u8) {
        self.overflow_on_way_left(n);
        let entering = self.mq().bits() >> (36_u8.wrapping_sub(n) & 63);
        self.magnitude = (self.magnitude << (n & 63) | entering) & Ac::MASK;
        self.put_mq(Word::new(self.mq().bits() << (n & 63)));
    }

    /// RQL, at most [`MOST`] places: MQ S,1-35 around to the left.
    #[inline(always)]
    pub(crate) fn rotate_mq(&mut self, n: u8) {
        let bits = self.mq().bits();
        self.put_mq(Word::new(bits << (n & 63) | bits >> (36_u8.wrapping_sub(n) & 63)));
    }

    /// AC overflow comes on if there is a one among the n places below P: all of them pass P on the way to the left.
    #[inline(always)]
    fn overflow_on_way_left(&mut self, n: u8) {
        if (self.magnitude & Word::MAGNITUDE) >> (35_u8.wrapping_sub(n) & 63) != 0 {
            self.beside.turn_on(Indicator::AcOverflow);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::Cpu;
    use crate::cpu::regs::InCpu;

    /// Registers as rows of bits, the highest first, shifted one place at a time.
    fn place_by_place(cpu: &mut Cpu, n: u8, step: fn(&mut Regs<InCpu>, u8)) {
        for _ in 0..n {
            cpu.regs(|r| step(r, 1));
        }
    }

    #[test]
    fn many_places_at_once_are_one_place_many_times() {
        let shifts: [fn(&mut Regs<InCpu>, u8); 6] = [
            |r, n| r.left(n),
            |r, n| r.right(n),
            |r, n| r.long_left(n),
            |r, n| r.long_right(n),
            |r, n| r.logical_left(n),
            |r, n| r.rotate_mq(n),
        ];
        let mut random = crate::random::Random(11);
        for _ in 0..20 {
            // Only a few ones, so that overflow does not always come on.
            let mut sparse = || random.next() & random.next() & random.next();
            let before = Cpu { ac: Ac::from_bits(sparse()), mq: Word::new(sparse()), ..Cpu::default() };
            for step in shifts {
                for n in 1..=255 {
                    let (mut once, mut many) = (before.clone(), before.clone());
                    once.regs(|r| r.shift(n, step));
                    place_by_place(&mut many, n, step);
                    assert_eq!(once, many, "{n} places");
                }
            }
        }
    }
}
