//! The fast loop: instructions of the CPU alone, from words decoded ahead, with the registers in hand.
//!
//! It is entered where no unit is due for a while and left before one is, and it leaves to the plain interpreter
//! whatever waits, stops, asks the console or is rare. What the plain interpreter does on every instruction and this
//! loop does not: it does not look at trapping mode, nor at stuck bits of core (it is not entered with them, and
//! nothing here turns them on), and it keeps neither instruction register nor storage register. The instruction behind
//! it is always a plain one, which sets both; nobody sees them before.
//!
//! Here is the way in and out, and the budget of cycles. To read on:
//!
//! 1. `core_store/decoded/kinds.rs` is the table: a row says which words are of a kind, and what the loop does;
//! 2. [`shapes`] has what the rows call: how an operand comes, a word is stored, a transfer is done;
//! 3. [`dispatch`] is the loop, whose arms are made of the table;
//! 4. `core_store/decoded/fusion.rs` has the pairs of instructions that are done at once.

mod dispatch;
mod shapes;
mod words;

use asm704::isa::Op;

use self::dispatch::run;
use self::words::TapeWords;
use super::Machine;

/// More cycles than any three instructions that go on without a look at the budget, so that the next one still begins
/// before an event.
const MARGIN: u64 = 100;
/// The same for one instruction that leaves MQ alone: AND to storage, or a shift of 35 places.
const SMALL_MARGIN: u64 = 12;
/// The most cycles in one go: the number of instructions, at least two cycles each, fits below the cycles.
const MOST: u64 = 1 << CYCLES;
/// The place of cycles in the budget; instructions are counted in the places below.
const CYCLES: u32 = 15;

/// What an instruction takes from the budget: itself, and the cycles of a complete execution. Where operands or places
/// decide on the cycles, they are taken apart, by [`of_cycles`].
const fn cost_of(op: Op) -> i32 {
    1 + match op.row().cycles.full() {
        Some(cycles) => of_cycles(cycles as u64),
        None => 0,
    }
}

/// Cycles as the budget has them.
const fn of_cycles(cycles: u64) -> i32 {
    (cycles << CYCLES) as i32
}

impl Machine {
    /// Executes instructions as long as they are of the CPU alone and begin well before cycle `due`. At least one
    /// plain instruction must follow before anybody looks at the machine.
    ///
    /// With `HIDE` the characters of a tape pass through MQ meanwhile, and are brought up to date afterwards: the loop
    /// leaves what has to do with MQ to the plain interpreter, too. A CPY that copies a word of that tape is done here,
    /// and moves `due` on to the next word.
    ///
    /// With `WORDS` it leaves to the plain interpreter what reads or writes a word that is watched.
    #[inline]
    pub(super) fn fast<const HIDE: bool, const WORDS: bool>(&mut self, due: u64) {
        let left = due.saturating_sub(self.cycle);
        // A CPY may be next, which takes the time up to its word.
        if !HIDE && left <= MARGIN
            || self.cpu.trapping
            || self.core.has_stuck()
            || self.in_progress.is_some()
            || self.cpu.ic > self.core.size().mask()
        {
            return;
        }
        let (cycle, instructions) = (self.cycle, self.instructions);
        let mut tape = if HIDE {
            let character = self.config.figures.tape.character;
            TapeWords::of(&mut self.io, character, self.limit, cycle, instructions, due)
        } else {
            TapeWords::none(cycle, instructions, left - MARGIN)
        };
        let size = self.core.size();
        let (words, decoded) = self.core.with_decoded();
        let cpu = &mut self.cpu;
        let spent = run::<HIDE, WORDS>(cpu, size.mask(), words, decoded, &mut tape);
        (self.cycle, self.instructions) = tape.end(spent);
    }
}
