//! Broken parts of a machine, and their effects.

use asm704::Word;
use asm704::media::tape::{Item, Record, TapeError};
use serde::{Deserialize, Serialize};

use super::surface::Speck;
use super::{Fault, TimedFault};
use crate::machine::{Flow, Machine};
use crate::media::{Media, Reel};
use crate::random::Random;

/// Present and pending faults, except for stuck bits, which are stored with core.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Faults {
    /// Faults in the order they were requested.
    pending: Vec<TimedFault>,
    parity: Vec<BadSpot>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) specks: Vec<Speck>,
    not_ready: [bool; 10],
    noise: Option<Noise>,
}

/// A record that is read wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct BadSpot {
    unit: u8,
    record: u64,
    left: Option<u64>,
    /// Where the last count ended: a place on the reel, and the number of records before it.
    counted: (u64, u64),
}

/// Random inversion of bits in core.
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
    /// True if nothing is broken or pending.
    pub(crate) fn is_none(&self) -> bool {
        *self == Faults::default()
    }

    /// True if no fault makes the tape unit, 1 to 10, not ready.
    pub(crate) fn is_ready(&self, unit: u8) -> bool {
        !self.not_ready[usize::from(unit) - 1]
    }

    /// Notes that a unit has written: its record counts become invalid.
    pub(crate) fn written(&mut self, unit: u8) {
        for spot in self.parity.iter_mut().filter(|spot| spot.unit == unit) {
            spot.counted = (0, 0);
        }
    }

    /// Applies faults to a record that was read at a place, as the head sees it.
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
}

impl Machine {
    /// The present and pending faults, in the words that request them.
    pub fn faults(&self) -> Vec<String> {
        let faults = &self.faults;
        let mut list: Vec<String> = faults
            .parity
            .iter()
            .map(|spot| Fault::Parity { unit: spot.unit, record: spot.record, times: spot.left }.to_string())
            .collect();
        list.extend(faults.specks.iter().map(|speck| speck.fault().to_string()));
        let units = (1..=10).filter(|unit| !faults.is_ready(*unit));
        list.extend(units.map(|unit| Fault::NotReady(unit).to_string()));
        if let Some(noise) = faults.noise {
            list.push(Fault::Noise { mean: noise.mean, seed: noise.seed }.to_string());
        }
        let (zeros, ones) = self.core.stuck();
        for (bits, one) in [(zeros, false), (ones, true)] {
            let stuck = (0..36).filter(|bit| bits.bits() >> (35 - bit) & 1 != 0);
            list.extend(stuck.map(|bit| Fault::Tube { bit, one }.to_string()));
        }
        list.extend(faults.pending.iter().map(ToString::to_string));
        list
    }

    /// Adds a fault, which comes by itself when the machine runs. If its time has passed, it comes before the next
    /// instruction. A power failure is never in the past.
    pub fn add_fault(&mut self, fault: TimedFault) {
        let at = if fault.fault == Fault::PowerOff { fault.at.max(self.cycle) } else { fault.at };
        self.faults.pending.push(TimedFault { at, ..fault });
    }

    /// Removes all present and pending faults. Lost data stays lost.
    pub fn clear_faults(&mut self) {
        self.faults = Faults::default();
        self.core.set_stuck(Word::ZERO, Word::ZERO);
    }

    /// The machine cycle of the next fault; the largest number if there is none.
    pub fn next_fault(&self) -> u64 {
        let pending = self.faults.pending.iter().map(|timed| timed.at).min();
        let noise = self.faults.noise.map(|noise| noise.next);
        pending.into_iter().chain(noise).min().unwrap_or(u64::MAX)
    }

    /// Applies every fault that is due and comes before cycle `before`, in the order of their times.
    ///
    /// # Errors
    /// The stop of a machine that loses its power, or of a unit before that.
    pub(crate) fn do_faults(&mut self, media: &mut dyn Media, before: u64) -> Flow {
        loop {
            let next = self.next_fault();
            if next > self.cycle || next >= before {
                return Ok(());
            }
            self.advance_io(media, self.now())?;
            let Some(TimedFault { at, fault }) = self.due_fault() else { return Ok(()) };
            let ended = if fault == Fault::PowerOff {
                self.power_off_at(media, at).map_err(Box::new).and_then(|()| Err(self.no_power()))
            } else {
                Ok(())
            };
            self.faults_done.push(TimedFault { at: self.cycle, fault });
            ended?;
        }
    }

    /// Drops a power failure that was due by now, because the power is already off.
    pub(crate) fn forget_power_off(&mut self) {
        let now = self.cycle;
        self.faults.pending.retain(|timed| timed.fault != Fault::PowerOff || timed.at >= now);
    }

    /// Applies the first fault that is due and returns it. [`Fault::PowerOff`] is only returned.
    fn due_fault(&mut self) -> Option<TimedFault> {
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

    /// Applies a fault now, except for a power failure, which [`Machine::power_off`] handles.
    pub(crate) fn apply_fault(&mut self, fault: Fault) {
        let now = self.cycle;
        match fault {
            Fault::Parity { unit, record, times } => {
                self.faults.parity.push(BadSpot { unit, record, left: times, counted: (0, 0) });
            }
            Fault::Speck { unit, feet, times } => {
                self.faults.specks.push(Speck::new(unit, feet, times));
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
                let (zeros, ones) = self.core.stuck();
                let mut stuck = [zeros, ones].map(|bits| bits.bits() & !bit);
                stuck[usize::from(one)] |= bit;
                self.core.set_stuck(Word::new(stuck[0]), Word::new(stuck[1]));
            }
            Fault::Repair => {
                self.faults.noise = None;
                self.core.set_stuck(Word::ZERO, Word::ZERO);
            }
            Fault::PowerOff => {}
        }
    }
}
