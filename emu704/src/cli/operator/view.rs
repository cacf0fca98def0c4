//! What of the machine and its media can be seen.

use super::{Operator, Pause};
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
                let reel = self.mounts.reel(unit)?;
                let place = self.machine.tape_unit(unit);
                Some(TapeView {
                    unit,
                    label: reel.label(),
                    ring: reel.ring(),
                    feet: place.feet(),
                    place: place.place(),
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
