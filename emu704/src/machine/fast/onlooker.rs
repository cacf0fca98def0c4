//! Who looks on while the fast loop runs.

use super::super::condition::Question;
use super::super::seen::Seen;

/// Somebody, or nobody. The loop exists for each of them.
pub(super) trait Onlook {
    /// Asks something at some locations, and leaves the loop only if all of it holds.
    const ASKS: bool = false;
    /// Sees each instruction. There are no sequences then, and the budget is looked at before each.
    const SEES: bool = false;

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
pub(super) struct Nobody;

impl Onlook for Nobody {}

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
