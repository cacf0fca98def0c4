//! How long a search in the past may take: until somebody has enough of it.

use super::{DebugError, Debugger};

/// Instructions of a search between two questions whether it shall end: some milliseconds.
const BETWEEN: u32 = 1 << 15;

/// Machine cycles that a machine runs on its way into the past between two such questions.
pub(super) const SLICE: u64 = 1_000_000;

/// Whether a search shall end before it has found something.
#[derive(Default)]
pub(super) struct Patience {
    enough: Option<Box<dyn Fn() -> bool>>,
}

impl Patience {
    /// Somebody has asked for the end.
    ///
    /// # Errors
    /// [`DebugError::Interrupted`].
    pub(super) fn check(&self) -> Result<(), DebugError> {
        match &self.enough {
            Some(enough) if enough() => Err(DebugError::Interrupted),
            _ => Ok(()),
        }
    }

    /// As [`Patience::check`], now and then only; `n` counts the instructions.
    pub(super) fn check_sometimes(&self, n: &mut u32) -> Result<(), DebugError> {
        *n = n.wrapping_add(1);
        if n.is_multiple_of(BETWEEN) { self.check() } else { Ok(()) }
    }
}

impl Debugger {
    /// Long searches in the past, and long rows of steps, ask this now and then, and end with [`DebugError::Interrupted`]
    /// when it is true. A search that has ended so has changed nothing.
    pub fn set_patience(&mut self, enough: Box<dyn Fn() -> bool>) {
        self.patience = Patience { enough: Some(enough) };
    }

    /// Whether a row of steps shall end.
    ///
    /// # Errors
    /// [`DebugError::Interrupted`].
    pub(crate) fn check_patience(&self) -> Result<(), DebugError> {
        self.patience.check()
    }
}
