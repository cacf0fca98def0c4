//! Words of a tape record that are copied without leaving the loop.

use asm704::Word;

use super::{CYCLES, MOST, SMALL_MARGIN, of_cycles};
use crate::io::Io;
use crate::time::{TICKS_PER_CYCLE, Ticks};

/// The tape whose characters pass through MQ meanwhile, and the time of the machine.
pub(super) struct TapeWords<'a> {
    pub(super) io: &'a mut Io,
    /// The time of a character.
    pub(super) character: Ticks,
    /// The run ends at this cycle.
    pub(super) limit: u64,
    /// The cycle at which the budget began, and the instructions until then.
    pub(super) cycle: u64,
    pub(super) instructions: u64,
}

/// A copied word.
pub(super) struct Copied {
    /// The word that was read; `None` if the tape takes the word from core.
    pub(super) read: Option<Word>,
    /// The budget until the next word is due.
    pub(super) budget: i64,
}

impl TapeWords<'_> {
    /// Adds to the time of the machine what was spent of the budget.
    pub(super) fn spend(&mut self, spent: i64) {
        self.cycle = self.cycle.wrapping_add_signed(spent >> CYCLES);
        self.instructions += (spent & ((1 << CYCLES) - 1)) as u64;
    }

    /// The budget up to cycle `due`, and a margin before it: less than nothing when that is past.
    pub(super) fn budget(&self, due: u64) -> i64 {
        let cycles = due as i64 - self.cycle as i64 - SMALL_MARGIN as i64;
        of_cycles(cycles.min(MOST as i64) as u64)
    }

    /// The CPY of a location. A new budget begins behind it. `None`, and nothing is done, if it is not for the loop.
    #[inline(never)]
    pub(super) fn copy(&mut self, spent: i64, location: u16, mq: Word) -> Option<Copied> {
        let now = self.cycle.wrapping_add_signed(spent >> CYCLES);
        let copied = self.io.copy_whole_word(now, self.limit, self.character, location, mq)?;
        self.spend(spent + 1);
        self.cycle = copied.end;
        let due = (self.io.next_event.0 + 5 * self.character.0).div_ceil(TICKS_PER_CYCLE);
        Some(Copied { read: copied.read, budget: self.budget(due.min(self.limit)) })
    }
}
