//! What the units depend on that nobody knows, noted where it decides something.

use asm704::chars;
use asm704::isa::Op;

use super::Operation;
use crate::audit::Doubt;
use crate::config::options::Exit;
use crate::machine::Machine;
use crate::time::Ticks;

/// Characters whose graphics were the installation's choice.
const GRAPHICS: [u8; 4] = [0o13, 0o14, 0o34, 0o74];

/// Columns for which there are wheels in the second half of a line.
const RIGHT_COLUMNS: usize = 48;

impl Machine {
    /// The next event of the unit.
    #[cold]
    pub(super) fn look_at_event(&mut self) {
        if let Operation::TapeRead(reading) = &self.io.operation
            && let Some(doubt) = reading.doubt()
        {
            self.note_event(doubt, self.io.next_event);
        }
    }

    /// A select of a tape is accepted.
    pub(super) fn look_at_tape_select(&mut self, number: u8, at: Ticks) {
        if self.tape_unit(number).has_let_go_within(self.config.figures.tape.start, at) {
            self.note(Doubt::KeepMoving);
        }
    }

    /// Writing has failed: because a tape has run off?
    #[cold]
    pub(super) fn look_at_reel_ends(&mut self, at: Ticks) {
        let figures = &self.config.figures.tape;
        let end = figures.reel + figures.beyond_reel;
        if self.io.tapes.iter().any(|tape| tape.distance > end) {
            self.note_event(Doubt::BeyondReel, at);
        }
    }

    /// A sense instruction of a unit.
    pub(super) fn look_at_sense(&mut self, micro: Op, address: u16) {
        let doubt = match micro {
            Op::Spr if matches!(address & 0o17, 3 | 6 | 8 | 10) => Doubt::SenseExits,
            Op::Spt => Doubt::Spt,
            Op::Spu => Doubt::Spu,
            _ => return,
        };
        self.note(doubt);
    }

    /// A line is printed; a column is `None` where the holes are no character.
    pub(super) fn look_at_line(&mut self, at: Ticks, columns: &[Option<u8>], exits: &[Exit]) {
        if columns.contains(&None) {
            self.note_event(Doubt::NoCharacter, at);
        }
        if columns.iter().flatten().any(|character| GRAPHICS.contains(character)) {
            self.note_event(Doubt::Graphics, at);
        }
        let right = exits.iter().any(|exit| matches!(exit, Exit::SecondHalf | Exit::RightWheels));
        if right && columns.iter().skip(RIGHT_COLUMNS).any(|&c| c.is_some_and(|c| c != chars::BLANK)) {
            self.note_event(Doubt::SecondHalf, at);
        }
    }
}
