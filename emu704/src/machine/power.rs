//! The power of the machine. Without it nothing runs, no key works, and only the clock goes on.

use super::{Flow, Machine, Stop, StopKind};
use crate::audit::Doubt;
use crate::media::Media;

/// What a snapshot that does not tell means.
pub(super) const fn on() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the encoder needs it")]
pub(super) const fn is_on(power: &bool) -> bool {
    *power
}

impl Machine {
    /// The power is on.
    pub fn has_power(&self) -> bool {
        self.power
    }

    /// The power fails at the present cycle: the part of a record that had passed the write head stays on the reel, without
    /// a check character or a gap. From now on the machine does nothing. Core is not lost by this call: make a new
    /// machine with [`Machine::power_on`]. Nothing happens when the power is off already.
    ///
    /// # Errors
    /// What has reached the reel cannot be written there. The power is off nevertheless.
    pub fn power_off(&mut self, media: &mut dyn Media) -> Result<(), Stop> {
        if !std::mem::take(&mut self.power) {
            return Ok(());
        }
        let now = self.now();
        let moved = self.advance_io(media, now);
        if self.characters_written() > 0 {
            self.note(Doubt::PowerCut);
        }
        moved.and_then(|()| self.cut_tape(media, now)).map_err(|stop| *stop)
    }

    /// [`Machine::power_off`] at a cycle that may fall into the last instruction: that is not finished, and the clock
    /// stands at the cycle.
    ///
    /// # Errors
    /// As of [`Machine::power_off`].
    pub fn power_off_at(&mut self, media: &mut dyn Media, cycle: u64) -> Result<(), Stop> {
        if self.power {
            self.cycle = self.cycle.min(cycle);
        }
        self.power_off(media)
    }

    /// The stop of a machine without power.
    #[cold]
    pub(crate) fn no_power(&self) -> Box<Stop> {
        self.stop(StopKind::PowerOff, self.cpu.ic, Some("the power is off".to_owned()))
    }

    /// That stop, when there is no power.
    pub(super) fn needs_power(&self) -> Flow {
        if self.power { Ok(()) } else { Err(self.no_power()) }
    }
}

impl Machine {
    /// Power on after a loss of power: core, registers and indicators are arbitrary by `seed`. The clock and the counts
    /// continue, so that a run can be told as one story. The console keeps its switches, the units keep their media, and
    /// what is broken stays broken.
    pub fn power_on_again(&mut self, seed: u64) {
        let fresh = Machine::power_on(self.config.clone(), seed);
        let old = std::mem::replace(self, fresh);
        self.cycle = old.cycle;
        self.instructions = old.instructions;
        self.console = old.console;
        self.faults = old.faults;
        self.forget_power_off();
        self.faults_done = old.faults_done;
        let (zeros, ones) = old.core.stuck();
        self.core.set_stuck(zeros, ones);
        self.io.keep_media(old.io);
    }
}
