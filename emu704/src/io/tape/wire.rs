//! A unit with a wire to another machine instead of a reel: the characters of a record come in, and go out, as they pass the heads.
//!
//! A select waits until the other machine is ready for it, and that takes no time on this one. While a record comes in, the
//! machine runs no further than the characters received so far.

use asm704::chars;
use asm704::media::tape::Mode;

use super::super::{Operation, Unit};
use super::read::{Phase, Reading};
use crate::machine::{Flow, InProgress, Machine, StopKind};
use crate::media::Media;
use crate::media::wire::{Arrival, WireError};
use crate::time::{TICKS_PER_CYCLE, Ticks};

/// How many characters must have come beyond the one that is due: two words, for a CPY that waits for one.
const AHEAD: usize = 12;

/// The most machine cycles between two looks at a wire while a record passes: about 120 words.
const LOOK: u64 = 4_000;

impl Machine {
    /// Whether the select of a unit with a wire can proceed now. If not, it is left in the middle of its wait, and the run ends with
    /// [`StopKind::Limit`] at once.
    pub(in crate::io) fn wire_select(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        unit: Unit,
        write: bool,
        er: Ticks,
    ) -> Flow {
        let Unit::Tape { number, .. } = unit else { return Ok(()) };
        if media.wire(number).is_none() {
            return Ok(());
        }
        let what = if write { "WRS" } else { "RDS" };
        self.need_ready(location, what, number)?;
        let Some(wire) = media.wire(number) else { return Ok(()) };
        let ready = if write { wire.is_wanted() } else { wire.begins() };
        match ready {
            Ok(true) => {
                // no part of the record is here yet
                self.wire_until = er.whole_cycles();
                self.limit = self.limit.min(self.wire_until);
                Ok(())
            }
            Ok(false) => {
                self.cycle = self.cycle.max(er.whole_cycles());
                self.in_progress = Some(InProgress { first_er: er });
                self.io.wire_waits = Some(number);
                Err(self.stop(StopKind::Limit, location, None))
            }
            Err(error) => {
                // where a machine stops that has waited for the other one
                self.cycle = self.cycle.max(er.whole_cycles());
                Err(self.no_wire(media, location, what, number, &error))
            }
        }
    }

    /// The stop for an operation that a wire cannot do.
    pub(super) fn no_wire(
        &self,
        media: &mut dyn Media,
        location: u16,
        what: &str,
        number: u8,
        error: &WireError,
    ) -> Box<crate::machine::Stop> {
        let name = media.wire(number).map_or_else(|| "the wire".to_owned(), |wire| wire.name());
        let message = format!("{what} at {location:05o}: {name} on tape {number}: {error}");
        self.stop(StopKind::Waiting, location, Some(message))
    }

    /// The unit whose select waits because the other machine is not ready. The call clears it.
    pub(crate) fn take_wire_wait(&mut self) -> Option<u8> {
        self.io.wire_waits.take()
    }

    /// Begins to receive a record.
    pub(super) fn wire_select_read(&mut self, number: u8, mode: Mode, at: Ticks) {
        let first = self.forward_start(number, at);
        let load_point = self.config.figures.tape.load_point;
        let unit = self.unit_mut(number);
        unit.place += 1;
        // there is no end of the reel, however much passes
        unit.distance = load_point;
        self.io.operation = Operation::TapeRead(Reading::coming(number, mode, first));
        self.io.schedule(first);
    }

    /// Passes characters between the wire and the unit that reads or writes on it, and returns the cycle up to which the machine
    /// may run before the next call; the largest number if nothing passes on a wire.
    pub(crate) fn pass_on_wire(&mut self, media: &mut dyn Media) -> u64 {
        self.wire_until = self.wire_horizon(media).unwrap_or(u64::MAX);
        self.wire_until
    }

    fn wire_horizon(&mut self, media: &mut dyn Media) -> Option<u64> {
        match &self.io.operation {
            Operation::TapeWrite(writing) => {
                let wire = media.wire(writing.number)?;
                wire.pass(&writing.frames);
                Some(if wire.is_full() { 0 } else { self.cycle + LOOK })
            }
            Operation::TapeRead(reading) if reading.is_coming() => {
                let number = reading.number;
                let mut frames = Vec::new();
                let arrival = match media.wire(number) {
                    Some(wire) => wire.arrived(&mut frames),
                    // the wire was taken off
                    None => Arrival::Cut,
                };
                self.more_of_record(&frames, arrival)
            }
            _ => None,
        }
    }

    /// Adds characters to the record that is being received.
    fn more_of_record(&mut self, frames: &[u8], arrival: Arrival) -> Option<u64> {
        let character = self.config.figures.tape.character;
        let next_event = self.io.next_event;
        let Operation::TapeRead(reading) = &mut self.io.operation else { return None };
        reading.add(frames);
        if arrival == Arrival::Going {
            let spare = reading.ahead()?.checked_sub(AHEAD);
            return Some(
                spare.map_or(0, |spare| (next_event.0 + spare as u64 * character.0) / TICKS_PER_CYCLE),
            );
        }
        reading.ends(arrival == Arrival::Cut, character);
        None
    }

    /// Stops receiving a record: it ends where it is, as a cut one.
    pub(crate) fn let_go_of_wire(&mut self) {
        self.wire_until = u64::MAX;
        if matches!(&self.io.operation, Operation::TapeRead(reading) if reading.is_coming()) {
            self.more_of_record(&[], Arrival::Cut);
        }
    }
}

impl Reading {
    /// A record of which no character has come.
    fn coming(number: u8, mode: Mode, first: Ticks) -> Reading {
        Reading { coming: Some(first), mode, phase: Phase::Character(0), ..Reading::of(number, first) }
    }

    /// True if more of it will come.
    pub(super) fn is_coming(&self) -> bool {
        self.coming.is_some()
    }

    fn add(&mut self, frames: &[u8]) {
        let odd = u8::from(self.mode == Mode::Binary);
        let before = self.characters.len();
        if self.first_bad.is_none() {
            self.first_bad = super::read::first_bad(frames, odd).map(|at| before + at);
        }
        let character = |&frame: &u8| match self.mode {
            Mode::Bcd => chars::tape_to_core(frame & 0o77),
            Mode::Binary => frame & 0o77,
        };
        self.characters.extend(frames.iter().map(character));
    }

    /// The number of characters that have come, starting with the one that is due.
    fn ahead(&self) -> Option<usize> {
        let due = |phase| match phase {
            Phase::Character(i) => Some(i),
            _ => None,
        };
        let i = due(self.phase).or_else(|| due(self.after_grace.0))?;
        Some(self.characters.len().saturating_sub(i))
    }

    /// Notes that the record is complete.
    fn ends(&mut self, cut: bool, character: Ticks) {
        let Some(first) = self.coming.take() else { return };
        self.error |= cut;
        let places = (self.characters.len() as u64).next_multiple_of(6);
        self.last = first + Ticks(places.saturating_sub(1) * character.0);
        if self.characters.is_empty() {
            self.phase = Phase::EndOfRecord;
        }
    }
}
