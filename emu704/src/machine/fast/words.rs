//! Words of a tape record that are copied without leaving the loop.

use asm704::Word;

use super::{CYCLES, MOST, SMALL_MARGIN, of_cycles};
use crate::io::{Io, WholeWord, WholeWords};
use crate::time::Ticks;

/// The time of the machine, and the tape whose characters pass through MQ meanwhile.
pub(super) struct TapeWords<'a> {
    words: Option<WholeWords<'a>>,
    /// The cycle at which the budget began, and the instructions until then.
    cycle: u64,
    instructions: u64,
    /// The budget until the next word is due.
    pub(super) budget: i32,
}

impl<'a> TapeWords<'a> {
    /// With no tape, and so many cycles for the budget.
    pub(super) fn none(cycle: u64, instructions: u64, cycles: u64) -> Self {
        TapeWords { words: None, cycle, instructions, budget: of_cycles(cycles.min(MOST)) }
    }

    /// With the tape of the units, `character` being the time of a character. The next word is due at cycle `due`, and the run
    /// ends at cycle `limit`.
    pub(super) fn of(
        io: &'a mut Io,
        character: Ticks,
        limit: u64,
        cycle: u64,
        instructions: u64,
        due: u64,
    ) -> Self {
        let words = io.whole_words(character, limit).filter(|words| words.cycles() < MOST);
        TapeWords { words, cycle, instructions, budget: budget(cycle, due) }
    }

    /// The machine cycle when so much was spent of the budget.
    #[inline(always)]
    pub(super) fn cycle_after(&self, spent: i32) -> u64 {
        self.cycle.wrapping_add_signed(i64::from(spent >> CYCLES))
    }

    /// Adds to the time of the machine what was spent of the budget.
    fn spend(&mut self, spent: i32) {
        self.cycle = self.cycle_after(spent);
        self.instructions += (spent & ((1 << CYCLES) - 1)) as u64;
    }

    /// The CPY of a location; a new budget begins behind it. `None`, and nothing is done, if it is not for the loop.
    #[inline(never)]
    pub(super) fn copy(&mut self, spent: i32, location: u16, mq: Word) -> Option<WholeWord> {
        let now = self.cycle_after(spent);
        let words = self.words.as_mut()?;
        let end = words.due() + 1;
        let copied = words.copy(now, location, mq)?;
        // less than the most in one go, as the cycles of a word are
        self.budget = of_cycles((words.due() - end).wrapping_sub(SMALL_MARGIN));
        self.spend(spent + 1);
        self.cycle = end;
        Some(copied)
    }

    /// Brings the tape up to date; the time of the machine when so much was spent of the last budget.
    pub(super) fn end(mut self, spent: i32) -> (u64, u64) {
        self.spend(spent);
        if let Some(words) = self.words {
            words.put_back();
        }
        (self.cycle, self.instructions)
    }
}

/// The budget from one cycle to another, and a margin before it: less than nothing when that is past.
#[inline(always)]
fn budget(cycle: u64, due: u64) -> i32 {
    let cycles = due as i64 - cycle as i64 - SMALL_MARGIN as i64;
    of_cycles(cycles.min(MOST as i64) as u64)
}
