//! Notes of open questions, made whenever one of them affects a unit.

use asm704::chars;
use asm704::isa::Op;

use super::Operation;
use crate::audit::Doubt;
use crate::config::options::Exit;
use crate::machine::Machine;
use crate::time::Ticks;

/// Characters whose graphics depended on the installation.
const GRAPHICS: [u8; 4] = [0o13, 0o14, 0o34, 0o74];

/// Columns for which the second half of a line has wheels.
const RIGHT_COLUMNS: usize = 48;

impl Machine {
    /// Looks at the next event of the unit.
    #[cold]
    pub(super) fn look_at_event(&mut self) {
        if let Operation::TapeRead(reading) = &self.io.operation
            && let Some(doubt) = reading.doubt()
        {
            self.note_event(doubt, self.io.next_event);
        }
    }

    /// Looks at an accepted select of a tape.
    pub(super) fn look_at_tape_select(&mut self, number: u8, at: Ticks) {
        if self.tape_unit(number).has_let_go_within(self.config.figures.tape.start, at) {
            self.note(Doubt::KeepMoving);
        }
    }

    /// Looks at a failed write: did a tape run off its reel?
    #[cold]
    pub(super) fn look_at_reel_ends(&mut self, at: Ticks) {
        let figures = &self.config.figures.tape;
        let end = figures.reel + figures.beyond_reel;
        if self.io.tapes.iter().any(|tape| tape.distance > end) {
            self.note_event(Doubt::BeyondReel, at);
        }
    }

    /// Looks at a sense instruction of a unit.
    pub(super) fn look_at_sense(&mut self, micro: Op, address: u16) {
        let doubt = match micro {
            Op::Spr if matches!(address & 0o17, 3 | 6 | 8 | 10) => Doubt::SenseExits,
            Op::Spt => Doubt::Spt,
            Op::Spu => Doubt::Spu,
            _ => return,
        };
        self.note(doubt);
    }

    /// Looks at a printed line; a column is `None` if its holes are not a character.
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
