//! The visible state of a tape unit at a moment: the position of its tape, and what it is doing.
//!
//! A unit stores the position of its tape between motions. During a motion the position is computed from the time left, so
//! looking costs the machine nothing.

use serde::{Deserialize, Serialize};

use super::motion::TapeMotion;
use super::read::Reading;
use super::write::{WritePhase, Writing};
use super::{Cut, TapeUnit, feet};
use crate::config::figures::TapeFigures;
use crate::io::{Operation, Unit};
use crate::machine::Machine;
use crate::time::Ticks;

/// What a tape unit is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TapeDoes {
    /// Its tape is at rest.
    #[default]
    Stands,
    /// It was selected for reading, and no character has passed yet: the start, the load point, erased tape, or a file mark.
    Searches,
    /// A record passes the read head.
    Reads,
    /// A record passes the write head, or the tape starts for it.
    Writes,
    /// It writes a file mark: WEF.
    WritesMark,
    /// It backspaces: BST.
    Backspaces,
    /// It rewinds: REW.
    Rewinds,
}

impl TapeDoes {
    /// The activity as a phrase for a line of text.
    pub const fn word(self) -> &'static str {
        match self {
            TapeDoes::Stands => "stands",
            TapeDoes::Searches => "searches",
            TapeDoes::Reads => "reads",
            TapeDoes::Writes => "writes",
            TapeDoes::WritesMark => "writes a file mark",
            TapeDoes::Backspaces => "backspaces",
            TapeDoes::Rewinds => "rewinds",
        }
    }

    /// True if the tape moves.
    pub fn moves(self) -> bool {
        self != TapeDoes::Stands
    }
}

/// A tape unit at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TapeSeen {
    /// Tape between load point and head, as time at 75 inches a second.
    pub distance: Ticks,
    /// The activity.
    pub does: TapeDoes,
    /// Words of the record under the head that have passed completely. 0 if there is no record.
    pub words: u64,
    /// True if the record under the read head has not passed completely, though the unit counts its place as after it.
    pub in_record: bool,
    /// True if the power failed while the tape moved, and the tape has not moved since.
    pub cut: bool,
}

/// The lights of a tape unit: those above its columns, and the load point, which its photocell detects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TapeLights {
    /// SELECT: the computer has selected it, and it moves its tape or takes copies.
    pub select: bool,
    /// READY: loaded and not rewinding.
    pub ready: bool,
    /// FILE PROT ON: there is no ring in the reel, or it is rewinding.
    pub protect: bool,
    /// TAPE IND ON: the spot before the end of the reel has passed.
    pub indicator: bool,
    /// The tape is at its load point.
    pub load_point: bool,
}

impl TapeSeen {
    fn new(distance: Ticks, does: TapeDoes) -> TapeSeen {
        TapeSeen { distance, does, words: 0, in_record: false, cut: false }
    }

    /// Feet of tape between load point and head.
    pub fn feet(&self) -> f64 {
        feet(self.distance)
    }
}

/// The time that a number of characters take.
fn characters(n: u64, figures: &TapeFigures) -> Ticks {
    Ticks(n.saturating_mul(figures.character.0))
}

/// A fraction of a length: `of` out of `whole`.
fn share(length: Ticks, of: Ticks, whole: Ticks) -> Ticks {
    let part = u128::from(length.0) * u128::from(of.0) / u128::from(whole.0.max(1));
    Ticks(u64::try_from(part).unwrap_or(u64::MAX))
}

impl Machine {
    /// The visible state of the tape unit with a number, 1 to 10, at this moment.
    pub fn tape_seen(&self, number: u8) -> TapeSeen {
        let unit = self.tape_unit(number);
        let figures = &self.config.figures.tape;
        if let Some(cut) = unit.cut
            && !(self.has_power() && self.io.operation.moves_tape(number))
        {
            return TapeSeen {
                cut: true,
                in_record: cut.in_record,
                ..TapeSeen::new(cut.distance, TapeDoes::Stands)
            };
        }
        // 0 if nothing is due any more
        let ahead =
            if self.io.next_event == Ticks::NEVER { Ticks(0) } else { self.io.next_event - self.now() };
        let seen = match &self.io.operation {
            Operation::TapeRead(reading) if reading.number == number => {
                reading.seen(unit, figures, self.now())
            }
            Operation::TapeWrite(writing) if writing.number == number || writing.also.contains(&number) => {
                writing.seen(unit, figures, ahead)
            }
            Operation::TapeMotion(moving) if moving.number == number => {
                unit.seen_moving(moving.motion, figures, ahead)
            }
            _ => unit.seen_alone(figures, self.now()),
        };
        // a unit no longer does what it was doing when the power failed
        if self.has_power() || seen.does == TapeDoes::Rewinds {
            seen
        } else {
            TapeSeen { words: 0, does: TapeDoes::Stands, ..seen }
        }
    }

    /// Stops the tapes where they are, as the power has failed.
    pub(super) fn stop_tapes(&mut self) {
        for number in 1..=10 {
            if self.io.operation.moves_tape(number) {
                let seen = self.tape_seen(number);
                let cut = Cut { distance: seen.distance, in_record: seen.in_record };
                let unit = self.unit_mut(number);
                unit.cut = (cut.distance != unit.distance).then_some(cut);
            }
        }
    }

    /// The lights of the tape unit with a number, 1 to 10; `ring` is true if the file-protect ring is in its reel.
    pub fn tape_lights(&self, number: u8, ring: bool) -> TapeLights {
        let seen = self.tape_seen(number);
        let figures = &self.config.figures.tape;
        let rewinds = seen.does == TapeDoes::Rewinds;
        let with = |unit: Option<Unit>| match unit {
            Some(Unit::Tape { number: n, .. }) => n == number,
            _ => false,
        };
        TapeLights {
            select: self.has_power()
                && (with(self.tape_active()) || with(self.io.selected()) || seen.does.moves() && !rewinds),
            ready: self.has_power() && !rewinds && self.faults.is_ready(number),
            protect: self.has_power() && (!ring || rewinds),
            indicator: self.has_power() && seen.distance > figures.reel - figures.end_of_reel_spot,
            load_point: seen.distance == Ticks(0) && !seen.does.moves(),
        }
    }
}

impl Operation {
    /// True if the tape of this unit moves for it.
    fn moves_tape(&self, number: u8) -> bool {
        match self {
            Operation::TapeRead(reading) => reading.number == number,
            Operation::TapeWrite(writing) => writing.number == number || writing.also.contains(&number),
            Operation::TapeMotion(moving) => moving.number == number,
            _ => false,
        }
    }
}

impl TapeUnit {
    /// The state of a unit that the interlock is not held for.
    fn seen_alone(&self, figures: &TapeFigures, now: Ticks) -> TapeSeen {
        let left = self.ready_at - now;
        if left == Ticks(0) || self.distance != Ticks(0) {
            return TapeSeen::new(self.distance, TapeDoes::Stands);
        }
        // at 500 inches a second, and near the load point at 75
        let low = left.min(figures.rewind_low);
        TapeSeen::new(low + share(left - low, Ticks(500), Ticks(75)), TapeDoes::Rewinds)
    }

    /// The state during BST, which the unit counts as done, or WEF, which it does not; `left` is the time left.
    fn seen_moving(&self, motion: TapeMotion, figures: &TapeFigures, left: Ticks) -> TapeSeen {
        let load_point = if self.distance == Ticks(0) { figures.load_point } else { Ticks(0) };
        match motion {
            TapeMotion::WriteEndOfFile => {
                let whole = figures.end_of_file_gap + figures.check_character + figures.disconnect;
                let passes = figures.end_of_file_gap + figures.record_gap + load_point;
                TapeSeen::new(self.distance + share(passes, whole - left, whole), TapeDoes::WritesMark)
            }
            TapeMotion::Backspace | TapeMotion::Rewind => {
                let way = left - figures.backspace;
                // it stops while it reverses, and at the load point it reaches the spot
                let near = share(load_point, left - way, figures.backspace);
                TapeSeen::new(self.distance + way + near, TapeDoes::Backspaces)
            }
        }
    }
}

impl Reading {
    /// The state during reading. The unit counts all of the record as passed from the select on.
    fn seen(&self, unit: &TapeUnit, figures: &TapeFigures, now: Ticks) -> TapeSeen {
        let n = self.characters.len() as u64;
        let (to_last, length) = match n {
            0 => (figures.end_of_file_gap, figures.end_of_file_gap),
            // an incomplete last word takes the time of a whole one
            n => (characters(n.next_multiple_of(6) - 1, figures), characters(n, figures)),
        };
        let first = self.last - to_last;
        let body = length + figures.record_gap;
        let in_front = self.passes - body;
        if now < first {
            // the tape is at full speed when the first character comes
            let passed = in_front - (first - now - figures.start);
            let distance = unit.distance - (self.passes - passed);
            return TapeSeen { in_record: n > 0, ..TapeSeen::new(distance, TapeDoes::Searches) };
        }
        let since = now - first;
        let passed = (in_front + since.min(body)).min(self.passes);
        let gone = (since.0 / figures.character.0.max(1) + 1).min(n);
        TapeSeen {
            distance: unit.distance - (self.passes - passed),
            // a file mark has no words, and neither has blank tape
            does: if n > 0 { TapeDoes::Reads } else { TapeDoes::Searches },
            words: if gone == n { n.div_ceil(6) } else { gone / 6 },
            in_record: gone < n,
            cut: false,
        }
    }
}

impl Writing {
    /// The state during writing. The unit counts nothing of the record as passed before it is done.
    fn seen(&self, unit: &TapeUnit, figures: &TapeFigures, ahead: Ticks) -> TapeSeen {
        let n = self.frames.len() as u64;
        let load_point = if unit.distance == Ticks(0) { figures.load_point } else { Ticks(0) };
        let record = load_point + characters(n, figures);
        let behind = figures.check_character + figures.disconnect;
        let passed = match self.phase {
            WritePhase::Ring | WritePhase::Grace if n == 0 => load_point - (ahead - figures.start),
            WritePhase::Ring | WritePhase::Grace => record,
            WritePhase::Check => record + (behind - ahead - figures.disconnect).min(figures.record_gap),
            WritePhase::Release => record + (behind - ahead).min(figures.record_gap),
        };
        TapeSeen { words: n / 6, ..TapeSeen::new(unit.distance + passed, TapeDoes::Writes) }
    }
}
