//! Many steps, with somebody who sees each of them.

use super::{Flow, Machine, Stop};
use crate::media::Media;
use crate::time::TICKS_PER_CYCLE;

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
        while self.cycle < limit {
            if !self.is_waiting() {
                self.do_faults(media, limit).map_err(|stop| *stop)?;
                look(self);
            }
            self.step(media, limit)?;
            let ended = self.steps_between_events(media, limit, look);
            self.limit = limit;
            self.io.rescheduled = false;
            ended.map_err(|stop| *stop)?;
        }
        Ok(())
    }

    /// Steps before which no unit and no fault is due, so that an instruction is all that there is to do.
    fn steps_between_events(
        &mut self,
        media: &mut dyn Media,
        limit: u64,
        look: &mut dyn FnMut(&Machine),
    ) -> Flow {
        if self.io.audit.on || self.is_waiting() {
            return Ok(());
        }
        self.limit = limit.min(self.next_fault()).min(self.wire_until);
        let due = self.io.next_event.0.div_ceil(TICKS_PER_CYCLE).min(self.limit);
        while self.cycle < due {
            look(self);
            self.one_instruction(media)?;
            if self.io.rescheduled || self.is_waiting() {
                break;
            }
        }
        if self.cycle >= limit { self.do_faults(media, limit) } else { Ok(()) }
    }

    /// The instruction at IC, for callers of which none needs it in its own loop.
    #[inline(never)]
    pub(super) fn one_instruction(&mut self, media: &mut dyn Media) -> Flow {
        self.instruction(media)
    }
}
