//! Who looks on while the fast loop runs.

use super::super::condition::Question;
use super::super::seen::Seen;

/// Somebody, or nobody. The loop exists for each of them.
pub(in crate::machine) trait Onlook {
    /// Asks something at some locations, and leaves the loop only if all of it holds.
    const ASKS: bool = false;
    /// Sees each instruction. There are no sequences then, and the budget is looked at before each.
    const SEES: bool = false;
    /// Looks at the words that instructions read and write, and leaves those that are watched to the plain interpreter.
    const OPERANDS: bool = false;
    /// Looks at index registers when they change, which is rarer than their use: the loop ends when one has a value with which
    /// some instruction comes to a watched word. Instructions that come to one without an index register are not decoded for it.
    const INDEXES: bool = false;
    /// Words may be watched. The budget is looked at before each instruction or sequence.
    const WATCHES: bool = Self::OPERANDS || Self::INDEXES;

    /// The question of a number.
    #[inline(always)]
    fn question(&self, _number: usize) -> Option<&Question> {
        None
    }

    /// Sees the machine before an instruction.
    #[inline(always)]
    fn see(&mut self, _seen: &Seen) {}

    /// The instruction that was seen last is left to the plain interpreter.
    #[inline(always)]
    fn leaves_seen(&mut self) {}
}

/// Nobody.
pub(in crate::machine) struct Nobody;

impl Onlook for Nobody {}

/// Watches words by their readers and writers. It is also for the time before an event when nothing is watched, since the budget is
/// looked at more often.
pub(in crate::machine) struct Operands;

impl Onlook for Operands {
    const OPERANDS: bool = true;
}

/// Watches words by the index registers with which instructions come to them.
pub(super) struct Indexes;

impl Onlook for Indexes {
    const INDEXES: bool = true;
}

/// The questions, by their numbers in the marks of core.
pub(super) struct Asks<'a>(pub(super) &'a [Question]);

impl Onlook for Asks<'_> {
    const ASKS: bool = true;

    #[inline(always)]
    fn question(&self, number: usize) -> Option<&Question> {
        self.0.get(number)
    }
}

/// Sees each instruction.
pub(super) struct Sees<'a> {
    pub(super) look: &'a mut dyn FnMut(&Seen),
    /// The instruction at IC was seen, and was not done.
    pub(super) has_seen_next: &'a mut bool,
}

impl Onlook for Sees<'_> {
    const SEES: bool = true;

    #[inline(always)]
    fn see(&mut self, seen: &Seen) {
        (self.look)(seen);
    }

    #[inline(always)]
    fn leaves_seen(&mut self) {
        *self.has_seen_next = true;
    }
}
