//! Sense instructions of the units, and the first CPY after a select.

use asm704::isa::Op;

use super::Operation;
use crate::machine::Machine;
use crate::time::Ticks;

impl Machine {
    /// Executes a sense instruction of a unit; true to skip the next instruction.
    pub(crate) fn sense_unit(&mut self, micro: Op, address: u16) -> bool {
        self.look_at_sense(micro, address);
        match micro {
            Op::Spr => self.io.printer.sense_exit(address & 0o17),
            Op::Spt => return self.io.printer.sense_entry(&self.config.devices.printer),
            Op::Spu => self.io.punch.sense_exit(address & 0o17),
            Op::Cff => self.advance_film(),
            _ => {}
        }
        false
    }

    /// Handles a CPY that begins its ER cycles at `first_er`: units that wait for it begin here.
    pub(crate) fn copy_begins(&mut self, first_er: Ticks) {
        match self.io.operation {
            Operation::Drum(_) => self.drum_copy_begins(first_er),
            Operation::Plot(_) => self.crt_copy_begins(first_er),
            _ => {}
        }
    }
}
