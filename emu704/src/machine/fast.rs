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
//! 3. [`steps`] has a step for each row;
//! 4. [`dispatch`] is the loop, whose arms are made of the table;
//! 5. `core_store/decoded/fusion.rs` has the sequences of instructions that are done at once.

mod dispatch;
mod memory;
mod onlooker;
mod shapes;
mod steps;
mod words;

use asm704::isa::{Cycles, Op};

use self::dispatch::run;
use self::onlooker::{Asks, Indexes, Onlook, Sees};
pub(super) use self::onlooker::{Nobody, Operands};
use self::steps::most_cycles_of_all;
use self::words::TapeWords;
use super::Machine;
use super::condition::Question;
use super::seen::Seen;
use crate::core_store::decoded::fusion::{STRETCH, TABLE};
use crate::core_store::decoded::{CYCLES, Decoded, Tag};

/// More cycles than any instruction or sequence, so that the next one still begins before an event.
const MARGIN: u64 = {
    let mut margin = 0;
    let mut n = 0;
    while n < TABLE.len() {
        let most = most_cycles_of_all(&TABLE[n].kinds);
        margin = if most < margin { margin } else { most + 1 };
        n += 1;
    }
    margin
};
/// The same for one instruction that leaves MQ alone: AND to storage, or a shift of 35 places.
const SMALL_MARGIN: u64 = 12;
/// The most cycles of an instruction behind which the loop may go on without a look at the budget.
const SHORT: u64 = 5;
/// More cycles than the loop may take between two looks, when it does not look before each.
const STRETCH_CYCLES: u64 = 2 * STRETCH as u64 * SHORT + MARGIN;
/// For how many cycles the loop looks at operands, before it is content again with the index registers.
const SHORT_PAUSE: u64 = 128;
/// The same where they have been no better several times.
const LONG_PAUSE: u64 = 1 << 14;
/// The most cycles in one go: the number of instructions, at least two cycles each, fits below the cycles, even when the budget is
/// exceeded.
const MOST: u64 = (2 << CYCLES) - STRETCH_CYCLES;

/// What an instruction takes from the budget: itself, and the cycles that its row gives. Cycles that depend on the operands are
/// taken separately, and the cost of a shift is in its entry.
const fn cost_of(op: Op) -> i32 {
    match (op.row().cycles, op.row().cycles.full()) {
        (Cycles::Shift, _) => 0,
        (_, Some(cycles)) | (Cycles::FloatAdd { base: cycles }, None) => 1 + of_cycles(cycles as u64),
        (_, None) => 1,
    }
}

/// The most cycles that an operation may take.
const fn most_cycles_of(op: Op) -> u64 {
    match op.row().cycles {
        // the places of a shift are at most 35, of alignment 255, of normalizing 54
        Cycles::Shift => 2 + (35 + 2) / 12,
        Cycles::FloatAdd { base } => base as u64 + 255 / 12 + 54 / 4,
        cycles => match cycles.full() {
            Some(full) => full as u64,
            None => 0,
        },
    }
}

/// Cycles as the budget has them.
const fn of_cycles(cycles: u64) -> i32 {
    (cycles << CYCLES) as i32
}

/// A page in a browser is small first: the copies of the loop for conditions and traces would be 15 kB more to load before the
/// first lamp. There the plain interpreter does their work, and the loop that looks at operands that of [`Indexes`].
const SMALL: bool = cfg!(target_arch = "wasm32");

impl Machine {
    /// Executes instructions as long as they are of the CPU alone and begin well before cycle `due`. At least one
    /// plain instruction must follow before anybody looks at the machine.
    #[inline]
    pub(super) fn fast(&mut self, due: u64) {
        if !self.can_be_fast() {
            return;
        }
        while self.cycle + STRETCH_CYCLES < due {
            if !self.go::<false, _>(due, STRETCH_CYCLES, Nobody) {
                return;
            }
        }
        // The loop that looks at operands looks at the budget more often: it comes closer to an event.
        if self.cycle + MARGIN < due {
            self.go::<false, _>(due, MARGIN, Operands);
        }
    }

    /// [`Machine::fast`] while the characters of a tape pass through MQ. They are brought up to date afterwards: the loop leaves
    /// what has to do with MQ to the plain interpreter, too. A CPY that copies a word of that tape is done here, and moves `due` on
    /// to the next word.
    #[inline]
    pub(super) fn fast_copying<O: Onlook>(&mut self, due: u64, onlooker: O) {
        if self.can_be_fast() {
            // A CPY may be next, which takes the time up to its word.
            self.go::<true, _>(due, 0, onlooker);
        }
    }

    /// [`Machine::fast`] that leaves to the plain interpreter what reads or writes a word that is watched.
    #[inline(never)]
    pub(super) fn fast_watching(&mut self, due: u64) {
        if !self.can_be_fast() {
            return;
        }
        let mut pause = SHORT_PAUSE;
        while self.cycle + MARGIN < due {
            if SMALL || !self.core.guards_indexes() {
                self.go::<false, _>(due, MARGIN, Operands);
                return;
            }
            if self.has_guarded_index() {
                pause = (2 * pause).min(LONG_PAUSE);
            } else {
                if self.go::<false, _>(due, MARGIN, Indexes) {
                    continue;
                }
                if !self.is_next_done() {
                    return;
                }
                pause = SHORT_PAUSE;
            }
            // With what an index register has now some instruction comes to a watched word: not always one of those that follow.
            let until = due.min(self.cycle + MARGIN + pause);
            if !self.go::<false, _>(until, MARGIN, Operands) {
                return;
            }
        }
    }

    /// The loop does the next instruction itself.
    fn is_next_done(&mut self) -> bool {
        let ic = usize::from(self.cpu.ic);
        self.core.with_decoded().1.entries[ic].kinds[1].is_done()
    }

    /// An index register has a value with which some instruction comes to a watched word.
    fn has_guarded_index(&mut self) -> bool {
        let [a, b, c] = self.cpu.xr;
        let entries = &self.core.with_decoded().1.entries;
        let is_guarded = |(tag, x): (Tag, u16)| entries[usize::from(x)].mark.is_guarded(tag);
        [(Tag::A, a), (Tag::B, b), (Tag::C, c)].into_iter().any(is_guarded)
    }

    /// [`Machine::fast`] that asks questions at some locations: it leaves there if all conditions hold.
    #[inline]
    pub(super) fn fast_asking(&mut self, due: u64, questions: &[Question]) {
        if SMALL {
            // it leaves at these locations, whatever holds
            return self.fast(due);
        }
        if !self.can_be_fast() {
            return;
        }
        while self.cycle + STRETCH_CYCLES < due {
            if !self.go::<false, _>(due, STRETCH_CYCLES, Asks(questions)) {
                return;
            }
        }
        // Near an event it leaves at these locations, whatever holds.
        if self.cycle + MARGIN < due {
            self.go::<false, _>(due, MARGIN, Operands);
        }
    }

    /// [`Machine::fast`] by single instructions, before each of which `look` sees the machine. True if it has seen the
    /// next one, too, which is for the plain interpreter.
    #[inline]
    pub(super) fn fast_seen(&mut self, due: u64, look: &mut dyn FnMut(&Seen)) -> bool {
        let mut has_seen_next = false;
        if !SMALL && self.can_be_fast() {
            while self.cycle + MARGIN < due {
                let sees = Sees { look: &mut *look, has_seen_next: &mut has_seen_next };
                if !self.go::<false, _>(due, MARGIN, sees) {
                    break;
                }
            }
        }
        has_seen_next
    }

    /// The fast loop may begin.
    #[inline(always)]
    fn can_be_fast(&self) -> bool {
        !self.cpu.trapping
            && !self.core.has_stuck()
            && self.in_progress.is_none()
            && self.cpu.ic <= self.core.size().mask()
    }

    /// Goes up to a margin before cycle `due`. With `HIDE` the characters of a tape pass through MQ. True if it came there, or has taken [`MOST`] cycles; false if an instruction is
    /// for the plain interpreter.
    #[inline]
    fn go<const HIDE: bool, O: Onlook>(&mut self, due: u64, margin: u64, onlooker: O) -> bool {
        let (cycle, instructions) = (self.cycle, self.instructions);
        let mut tape = if HIDE {
            let character = self.config.figures.tape.character;
            TapeWords::of(&mut self.io, character, self.limit, cycle, instructions, due)
        } else {
            TapeWords::none(cycle, instructions, due - margin - cycle)
        };
        let size = self.core.size();
        let (words, Decoded { entries, marks }) = self.core.with_decoded();
        let spent = run::<HIDE, O>(&mut self.cpu, size.mask(), words, entries, &mut tape, marks, onlooker);
        let is_spent = spent > tape.budget;
        (self.cycle, self.instructions) = tape.end(spent);
        is_spent
    }
}
