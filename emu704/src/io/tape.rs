//! 727 tape units and their control.
//!
//! The MQ is the tape's character ring: during reading it is filled six bits at a time; during writing
//! it rotates left six bits per character. If no CPY is executing when a word is complete (reading) or when the
//! ring is free (writing), it is late, and the unit is disconnected.

mod motion;
mod power;
mod read;
pub mod seen;
mod whole;
mod wire;
mod write;

use asm704::media::tape::{Mode, TapeError};
use serde::{Deserialize, Serialize};

pub(crate) use self::motion::{Moving, TapeMotion};
pub(crate) use self::read::Reading;
pub use self::seen::{TapeDoes, TapeLights, TapeSeen};
pub(crate) use self::whole::{WholeWord, WholeWords};
pub(crate) use self::write::Writing;
use super::{Operation, Unit};
use crate::machine::{Flow, Machine, StopKind};
use crate::media::Media;
use crate::time::Ticks;

/// The state of one tape unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TapeUnit {
    /// The place on the reel, as the image counts; 0 is the load point.
    pub(crate) place: u64,
    /// Tape between the load point and the head, as time at 75 inches a second.
    pub(crate) distance: Ticks,
    /// The end of a rewind, before which the unit is not ready.
    pub(crate) ready_at: Ticks,
    /// When the interlock went off after the last forward motion, and its last character.
    stopped: Ticks,
    last_character: Ticks,
    /// Where the tape stopped if the power failed while it moved, until it moves again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<Cut>,
}

/// A tape that the loss of power has stopped. Its place is the one before the motion, or the one after a record that was being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Cut {
    /// Tape between the load point and the head, as time at 75 inches a second.
    distance: Ticks,
    /// The place is after a record that has not passed whole.
    in_record: bool,
}

impl TapeUnit {
    /// The place on the reel, as its image counts; 0 is the load point.
    pub fn place(&self) -> u64 {
        self.place
    }

    /// True if the unit has disconnected within this time.
    pub(super) fn has_let_go_within(&self, time: Ticks, at: Ticks) -> bool {
        self.stopped != Ticks(0) && at - self.stopped <= time
    }

    /// Feet of tape between the load point and the head.
    pub fn feet(&self) -> f64 {
        feet(self.distance)
    }
}

/// The length of tape, in feet, that passes in a time at 75 inches a second.
pub(crate) fn feet(time: Ticks) -> f64 {
    time.seconds() * 75.0 / 12.0
}

impl Machine {
    /// The tape unit of a number, 1 to 10.
    pub fn tape_unit(&self, number: u8) -> &TapeUnit {
        &self.io.tapes[usize::from(number) - 1]
    }

    /// Notes that a reel was taken off or put on: it is at the load point.
    pub fn mount_at_load_point(&mut self, number: u8) {
        self.io.tapes[usize::from(number) - 1] = TapeUnit { ready_at: self.now(), ..TapeUnit::default() };
        self.faults.reel_gone(number);
    }

    fn unit_mut(&mut self, number: u8) -> &mut TapeUnit {
        let unit = &mut self.io.tapes[usize::from(number) - 1];
        unit.cut = None;
        unit
    }

    fn no_reel(&self, location: u16, what: &str, number: u8) -> Box<crate::machine::Stop> {
        let message = format!("{what} at {location:05o}: no reel is mounted on tape {number}");
        self.stop(StopKind::Waiting, location, Some(message))
    }

    /// Stops unless the unit is ready; only a fault makes it not ready.
    fn need_ready(&self, location: u16, what: &str, number: u8) -> Flow {
        if self.faults.is_ready(number) {
            return Ok(());
        }
        let message = format!("{what} at {location:05o}: tape {number} is not ready");
        Err(self.stop(StopKind::Waiting, location, Some(message)))
    }

    fn bad_reel(&self, location: u16, label: &str, error: &TapeError) -> Box<crate::machine::Stop> {
        let kind = if error.is_medium() { StopKind::Medium } else { StopKind::Host };
        self.stop(kind, location, Some(format!("{label}: {error}")))
    }

    /// The time from an accepted select until the first character, or until the ring is first free.
    fn forward_start(&self, number: u8, at: Ticks) -> Ticks {
        let figures = &self.config.figures.tape;
        let unit = self.tape_unit(number);
        if unit.distance == Ticks(0) {
            return at + figures.load_point + figures.start;
        }
        if unit.stopped != Ticks(0) && at - unit.stopped <= figures.keep_moving {
            return at.max(unit.last_character + figures.record_gap);
        }
        at + figures.start
    }

    fn stopped_forward(&mut self, number: u8, last_character: Ticks, at: Ticks) {
        let unit = self.unit_mut(number);
        unit.stopped = at;
        unit.last_character = last_character;
        self.io.release();
    }

    fn need_ring(&self, media: &mut dyn Media, location: u16, what: &str, number: u8) -> Flow {
        self.need_ready(location, what, number)?;
        let Some(reel) = media.reel(number) else { return Err(self.no_reel(location, what, number)) };
        if reel.ring() {
            return Ok(());
        }
        let message = format!(
            "{what} at {location:05o}: the file-protect ring is out of {} on tape {number}",
            reel.label()
        );
        Err(self.stop(StopKind::Waiting, location, Some(message)))
    }

    /// Stops if the tape has left the reel.
    fn check_reel_end(&mut self, number: u8) -> Flow {
        let end = self.config.figures.tape.reel + self.config.figures.tape.beyond_reel;
        if self.tape_unit(number).distance > end {
            let location = self.cpu.ic;
            let message = format!(
                "tape {number} has run off its reel at {:.0} feet; the figure tape reel is its length, as with --figure tape.reel=3600ft",
                feet(end)
            );
            return Err(self.stop(StopKind::Waiting, location, Some(message)));
        }
        Ok(())
    }

    /// True while a tape unit moves under the interlock.
    pub fn tape_active(&self) -> Option<Unit> {
        let (number, mode) = match &self.io.operation {
            Operation::TapeRead(r) => (r.number, Mode::Binary),
            Operation::TapeWrite(w) => (w.number, if w.binary { Mode::Binary } else { Mode::Bcd }),
            Operation::TapeMotion(m) => (m.number, Mode::Binary),
            _ => return None,
        };
        Some(Unit::Tape { number, mode })
    }
}
