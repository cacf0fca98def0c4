//! Operation codes that the manual does not give, as the partial decoding of the machine takes them.

use asm704::Word;

use super::{Flow, Machine, StopKind};

impl Machine {
    /// Executes a code without an operation of its own.
    pub(crate) fn partial(&mut self, word: Word, location: u16) -> Flow {
        let message = format!("{word} at {location:05o}: the partial decoding of this code is not known");
        Err(self.stop(StopKind::UndefinedOperation, location, Some(message)))
    }
}
