//! What is broken in a machine, and how it works so.

use asm704::Word;
use asm704::media::tape::{Item, Record, TapeError};
use serde::{Deserialize, Serialize};

use super::{Fault, TimedFault};
use crate::machine::{Machine, Random, Stop, StopKind};
use crate::media::{Media, Reel};

/// What is broken, and what will be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    /// In the order of their asking.
    pending: Vec<TimedFault>,
    parity: Vec<BadSpot>,
    not_ready: [bool; 10],
    noise: Option<Noise>,
    /// Bits of every word of core that are stuck at zero, and at one.
    zeros: u64,
    ones: u64,
}

/// A record that reads wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct BadSpot {
    unit: u8,
    record: u64,
    left: Option<u64>,
    /// A place of the reel, and the records before it: where the last count ended.
    counted: (u64, u64),
}

/// Bits of core that turn over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Noise {
    mean: u64,
    seed: u64,
    state: u64,
    next: u64,
}

impl Noise {
    fn draw(&mut self) -> u64 {
        let mut random = Random(self.state);
        let drawn = random.next();
        self.state = random.0;
        drawn
    }

    fn wait(&mut self) {
        let drawn = self.draw();
        self.next = self.next.saturating_add(1 + drawn % self.mean.saturating_mul(2).max(1));
    }
}

impl Faults {
    /// Nothing is broken, and nothing will be.
    pub fn is_none(&self) -> bool {
        *self == Faults::default()
    }

    /// What is broken and what will be, in the words by which it was asked for.
    pub fn list(&self) -> Vec<String> {
        let mut list: Vec<String> = self
            .parity
            .iter()
            .map(|spot| Fault::Parity { unit: spot.unit, record: spot.record, times: spot.left }.to_string())
            .collect();
        let units = (1..=10).filter(|unit| !self.is_ready(*unit));
        list.extend(units.map(|unit| Fault::NotReady(unit).to_string()));
        if let Some(noise) = self.noise {
            list.push(Fault::Noise { mean: noise.mean, seed: noise.seed }.to_string());
        }
        for (bits, one) in [(self.zeros, false), (self.ones, true)] {
            let stuck = (0..36).filter(|bit| bits >> (35 - bit) & 1 != 0);
            list.extend(stuck.map(|bit| Fault::Tube { bit, one }.to_string()));
        }
        list.extend(self.pending.iter().map(ToString::to_string));
        list
    }

    /// The tape unit, 1 to 10, is ready as far as faults go.
    pub(crate) fn is_ready(&self, unit: u8) -> bool {
        !self.not_ready[usize::from(unit) - 1]
    }

    /// Something was written on a unit: counts of its records are void.
    pub(crate) fn written(&mut self, unit: u8) {
        for spot in self.parity.iter_mut().filter(|spot| spot.unit == unit) {
            spot.counted = (0, 0);
        }
    }

    /// A record that was read at a place, as the head sees it.
    pub(crate) fn as_read(
        &mut self,
        reel: &mut dyn Reel,
        unit: u8,
        place: u64,
        record: &mut Record,
    ) -> Result<(), TapeError> {
        for spot in self.parity.iter_mut().filter(|spot| spot.unit == unit && spot.left != Some(0)) {
            if spot.counted.0 > place {
                spot.counted = (0, 0);
            }
            let (mut at, mut records) = spot.counted;
            while at < place {
                let Some((item, behind)) = reel.read_forward(at)? else { break };
                records += u64::from(matches!(item, Item::Record(_)));
                at = behind;
            }
            spot.counted = (at, records);
            if records + 1 == spot.record {
                // one track of the character in the middle
                let middle = record.frames.len() / 2;
                if let Some(frame) = record.frames.get_mut(middle) {
                    *frame ^= 1;
                }
                spot.left = spot.left.map(|left| left - 1);
            }
        }
        Ok(())
    }

    fn stuck(&self, word: Word) -> Word {
        Word::new(word.bits() & !self.zeros | self.ones)
    }

    fn has_stuck(&self) -> bool {
        self.zeros | self.ones != 0
    }
}

impl Machine {
    /// A fault that comes at its time; at once when that has gone by, and then the next call of
    /// [`Machine::due_fault`] does it.
    pub fn add_fault(&mut self, fault: TimedFault) {
        self.faults.pending.push(fault);
    }

    /// Nothing is broken any more, and nothing will be. What was lost stays lost.
    pub fn clear_faults(&mut self) {
        self.faults = Faults::default();
    }

    /// The machine cycle at which [`Machine::due_fault`] must be called; the largest number when never.
    pub fn next_fault(&self) -> u64 {
        let pending = self.faults.pending.iter().map(|timed| timed.at).min();
        let noise = self.faults.noise.map(|noise| noise.next);
        pending.into_iter().chain(noise).min().unwrap_or(u64::MAX)
    }

    /// Does the first fault whose time has come and tells it. [`Fault::PowerOff`] is only told: the caller calls
    /// [`Machine::power_off_at`] with its cycle.
    pub fn due_fault(&mut self) -> Option<TimedFault> {
        let now = self.cycle;
        let noisy = self.faults.noise.filter(|noise| noise.next <= now).map(|noise| noise.next);
        let due = self.faults.pending.iter().enumerate().filter(|(_, timed)| timed.at <= now);
        let due = due.min_by_key(|(n, timed)| (timed.at, *n)).map(|(n, timed)| (n, timed.at));
        if let Some((n, at)) = due
            && noisy.is_none_or(|noisy| at <= noisy)
        {
            let timed = self.faults.pending.remove(n);
            self.apply_fault(timed.fault);
            return Some(timed);
        }
        let noise = self.faults.noise.as_mut().filter(|noise| noise.next <= now)?;
        let at = noise.next;
        let drawn = noise.draw();
        noise.wait();
        let fault = Fault::Flip {
            address: (drawn >> 8) as u16 & self.core.size().mask(),
            bit: (drawn & 0xff) as u8 % 36,
        };
        self.apply_fault(fault);
        Some(TimedFault { at, fault })
    }

    /// Does a fault now.
    pub(crate) fn apply_fault(&mut self, fault: Fault) {
        let now = self.cycle;
        match fault {
            Fault::Parity { unit, record, times } => {
                self.faults.parity.push(BadSpot { unit, record, left: times, counted: (0, 0) });
            }
            Fault::NotReady(unit) => self.faults.not_ready[usize::from(unit) - 1] = true,
            Fault::Ready(unit) => self.faults.not_ready[usize::from(unit) - 1] = false,
            Fault::Flip { address, bit } => {
                let word = self.core.peek(address);
                self.core.poke(address, Word::new(word.bits() ^ 1 << (35 - bit)));
            }
            Fault::Noise { mean, seed } => {
                let mut noise = Noise { mean, seed, state: seed, next: now };
                noise.wait();
                self.faults.noise = Some(noise);
            }
            Fault::Tube { bit, one } => {
                let bit = 1 << (35 - bit);
                self.faults.zeros &= !bit;
                self.faults.ones &= !bit;
                *(if one { &mut self.faults.ones } else { &mut self.faults.zeros }) |= bit;
            }
            Fault::Repair => {
                self.faults.noise = None;
                self.faults.zeros = 0;
                self.faults.ones = 0;
            }
            Fault::PowerOff => {}
        }
        self.hold_stuck_bits();
    }

    /// Every word of core has its stuck bits; for after anybody but an instruction has changed core.
    pub(crate) fn hold_stuck_bits(&mut self) {
        if self.faults.has_stuck() {
            for address in 0..=self.core.size().mask() {
                self.hold_stuck_bits_at(address);
            }
        }
    }

    fn hold_stuck_bits_at(&mut self, address: u16) {
        let word = self.core.peek(address);
        let stuck = self.faults.stuck(word);
        if stuck != word {
            self.core.poke(address, stuck);
        }
    }

    /// Bits of core are stuck: the machine is to be run by [`Machine::step_faulty`] or [`Machine::run_faulty`].
    pub fn has_stuck_bits(&self) -> bool {
        self.faults.has_stuck()
    }

    /// [`Machine::step`] of a machine that may have bits of core stuck.
    pub fn step_faulty(&mut self, media: &mut dyn Media, limit: u64) -> Result<(), Stop> {
        if !self.faults.has_stuck() {
            return self.step(media, limit);
        }
        let word = self.core.peek(self.cpu.ic);
        let written = [self.effective(word), word.address(), 0, 1];
        let stepped = self.step(media, limit);
        // an operand, indexed or not; what trapping mode and the LOAD keys write
        for address in written {
            self.hold_stuck_bits_at(address);
        }
        stepped
    }

    /// [`Machine::run`] of a machine that may have bits of core stuck; then it goes instruction by instruction.
    pub fn run_faulty(&mut self, media: &mut dyn Media, limit: u64) -> Stop {
        if !self.faults.has_stuck() {
            return self.run(media, limit);
        }
        while self.cycle < limit {
            if let Err(stop) = self.step_faulty(media, limit) {
                return stop;
            }
        }
        Stop { kind: StopKind::Limit, at: self.cpu.ic, message: None }
    }

    /// [`Machine::power_off`] at a cycle that may fall into the last instruction: that is not finished, and the clock
    /// stands at the cycle.
    ///
    /// # Errors
    /// As of [`Machine::power_off`].
    pub fn power_off_at(&mut self, media: &mut dyn Media, cycle: u64) -> Result<(), Stop> {
        self.cycle = self.cycle.min(cycle);
        self.power_off(media)
    }
}
