//! What of the machine and its media can be seen.

use asm704::media::tape::Item;

use super::{Operator, Pause};
use crate::host::{Mounts, ReelsThen};
use crate::machine::StopKind;
use crate::media::Media as _;
use crate::panel::{Readings, TapeView};

impl Operator {
    /// The AUTOMATIC lamp rather than READY: the machine goes, or waits for ever for a unit.
    pub fn goes_or_hangs(&self) -> bool {
        self.running || matches!(&self.pause, Pause::Stopped(stop) if stop.kind == StopKind::Waiting)
    }

    /// The power is on.
    pub fn has_power(&self) -> bool {
        self.pause != Pause::NoPower
    }

    /// The tape units that have a reel.
    pub fn tape_views(&mut self) -> Vec<TapeView> {
        let now = self.machine.now();
        let active = self.machine.tape_active().or(self.machine.io.selected());
        (1..=10)
            .filter_map(|unit| {
                let place = self.machine.tape_unit(unit).clone();
                let records = self.counts.records(&mut self.mounts, unit, place.place());
                let reel = self.mounts.reel(unit)?;
                Some(TapeView {
                    unit,
                    label: reel.label(),
                    ring: reel.ring(),
                    feet: place.feet(),
                    place: place.place(),
                    records,
                    selected: matches!(active, Some(crate::io::Unit::Tape { number, .. }) if number == unit),
                    rewinding: place.ready_at > now && place.place() == 0 && place.ready_at.0 > 0,
                })
            })
            .collect()
    }

    /// The registers as octal.
    pub fn readings(&self) -> Readings {
        let cpu = &self.machine.cpu;
        let sign = if cpu.ac.negative { '-' } else { '+' };
        Readings {
            storage: cpu.sr.to_string(),
            accumulator: format!(
                "{sign}{}{:012o}",
                cpu.ac.magnitude >> 35,
                cpu.ac.magnitude & 0o377777777777
            ),
            mq: cpu.mq.to_string(),
            index: cpu.xr.map(|xr| format!("{xr:05o}")),
            counter: format!("{:05o}", cpu.ic),
            instruction: format!("{:06o}", self.machine.instruction_register()),
        }
    }
}

/// Records between load point and head, counted from where the last count ended.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// What was on the reels then.
    then: Option<ReelsThen>,
    /// Place and records.
    ended: [(u64, u64); 10],
}

impl Counts {
    fn records(&mut self, mounts: &mut Mounts, unit: u8, place: u64) -> u64 {
        let now = mounts.now();
        if self.then.as_ref() != Some(&now) {
            // another reel, or something was written: what was counted may be gone
            self.ended = [(0, 0); 10];
            self.then = Some(now);
        }
        let ended = &mut self.ended[usize::from(unit) - 1];
        if ended.0 > place {
            *ended = (0, 0);
        }
        let Some(reel) = mounts.reel(unit) else { return 0 };
        while ended.0 < place {
            match reel.read_forward(ended.0) {
                Ok(Some((item, behind))) => {
                    *ended = (behind, ended.1 + u64::from(matches!(item, Item::Record(_))));
                }
                _ => break,
            }
        }
        ended.1
    }
}
