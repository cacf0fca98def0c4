//! Many steps, with somebody who sees each of them.

use super::seen::Seen;
use super::{Flow, Machine, Stop};
use crate::media::Media;
use crate::time::TICKS_PER_CYCLE;

/// Somebody who looks on.
trait Looks {
    /// Sees the machine before an instruction.
    fn look(&mut self, machine: &Machine);

    /// Sees instructions that the fast loop executes well before a cycle; true if it has seen the next one, too.
    fn fast(&mut self, _machine: &mut Machine, _due: u64) -> bool {
        false
    }
}

/// Sees the whole machine, which only the plain interpreter keeps.
struct Whole<'a>(&'a mut dyn FnMut(&Machine));

impl Looks for Whole<'_> {
    fn look(&mut self, machine: &Machine) {
        (self.0)(machine);
    }
}

/// Sees registers and core.
struct Part<'a>(&'a mut dyn FnMut(&Seen));

impl Looks for Part<'_> {
    fn look(&mut self, machine: &Machine) {
        (self.0)(&machine.seen());
    }

    fn fast(&mut self, machine: &mut Machine, due: u64) -> bool {
        machine.fast_seen(due, self.0)
    }
}

impl Machine {
    /// [`Machine::step`] until cycle `limit`. `look` sees the machine before each instruction, with the faults that come
    /// before it, but not again in the middle of a wait.
    ///
    /// # Errors
    /// As those of a step.
    pub(crate) fn step_each(
        &mut self,
        media: &mut dyn Media,
        limit: u64,
        look: &mut dyn FnMut(&Machine),
    ) -> Result<(), Stop> {
        self.step_with(media, limit, &mut Whole(look))
    }

    /// [`Machine::step_each`] for somebody to whom registers and core are enough: most instructions are those of the fast loop.
    ///
    /// # Errors
    /// As those of a step.
    pub(crate) fn step_seen(
        &mut self,
        media: &mut dyn Media,
        limit: u64,
        look: &mut dyn FnMut(&Seen),
    ) -> Result<(), Stop> {
        self.step_with(media, limit, &mut Part(look))
    }

    fn step_with(&mut self, media: &mut dyn Media, limit: u64, looks: &mut impl Looks) -> Result<(), Stop> {
        self.core.watch_nothing();
        while self.cycle < limit {
            if !self.is_waiting() {
                self.do_faults(media, limit).map_err(|stop| *stop)?;
                looks.look(self);
            }
            self.step(media, limit)?;
            let ended = self.steps_between_events(media, limit, looks);
            self.limit = limit;
            self.io.rescheduled = false;
            ended.map_err(|stop| *stop)?;
        }
        Ok(())
    }

    /// Steps before which no unit and no fault is due, so that an instruction is all that there is to do.
    fn steps_between_events(&mut self, media: &mut dyn Media, limit: u64, looks: &mut impl Looks) -> Flow {
        if self.io.audit.on || self.is_waiting() {
            return Ok(());
        }
        self.limit = limit.min(self.next_fault()).min(self.wire_until);
        let due = self.io.next_event.0.div_ceil(TICKS_PER_CYCLE).min(self.limit);
        while self.cycle < due {
            if !looks.fast(self, due) {
                looks.look(self);
            }
            self.one_instruction(media)?;
            if self.io.rescheduled || self.is_waiting() {
                break;
            }
        }
        self.behind_instruction(media, limit)
    }

    /// The instruction at IC, for callers of which none needs it in its own loop.
    #[inline(never)]
    pub(super) fn one_instruction(&mut self, media: &mut dyn Media) -> Flow {
        self.instruction(media)
    }
}
