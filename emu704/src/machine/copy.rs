//! CPY and CAD.
//!
//! Reading: I, then ER until the unit has the word, then E stores MQ. Writing to tape: I, ER until the character
//! ring is free, then E takes the word. Writing to card machines, drums and the CRT: I, ER, E takes the word, then ER
//! until the row, the address or the beam.
//! A CPY with nothing selected waits in ER while the interlock is on; when it is off, that is a copy check: the machine
//! stops (GATE).

use super::{Flow, Machine, StopKind};
use crate::audit::Doubt;
use crate::io::{Direction, NEAR, Operation, Unit, WholeWord};
use crate::media::Media;
use crate::time::{TICKS_PER_CYCLE, Ticks};

/// How a copy ended.
pub(crate) enum Copied {
    /// A word went.
    Word,
    /// End of file: skip one.
    EndOfFile,
    /// End of record: skip two.
    EndOfRecord,
    /// The limit of the run came first.
    Suspended,
}

impl Machine {
    pub(crate) fn copy_instruction(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        address: u16,
        add: bool,
    ) -> Flow {
        let skip = match self.copy(media, location, address)? {
            Copied::Suspended => return Ok(()),
            Copied::Word => {
                if add {
                    // The addition is overlapped with the next I cycle (GATE).
                    let word = self.core.peek(address);
                    self.cpu.regs(|r| r.add_logical(word));
                }
                0
            }
            Copied::EndOfFile => 1,
            Copied::EndOfRecord => 2,
        };
        self.instructions += 1;
        self.cpu.ic = (location + 1 + skip) & self.core.size().mask();
        Ok(())
    }

    /// The copy proper; time goes on to its end.
    pub(crate) fn copy(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        address: u16,
    ) -> Result<Copied, Box<super::Stop>> {
        if self.copy_whole_word(location, address) {
            return Ok(Copied::Word);
        }
        let resumed = self.in_progress.is_some();
        let Some(first_er) = self.begin_er() else { return Ok(Copied::Suspended) };
        if !resumed {
            // What was due before the first ER cycle found no CPY; what is due at its very beginning does.
            self.advance_io(media, Ticks(first_er.0 - 1))?;
        }
        if self.io.selected.is_none() {
            return self.copy_of_nothing(media, first_er, first_er + Ticks::CYCLE, location);
        }
        self.io.copying = Some(first_er);
        self.io.copy_at = location;
        if !resumed {
            if self.io.end_of_record && self.tape_active().is_some() {
                self.note(Doubt::LateEndOfRecord);
            }
            self.io.direction = self.copy_direction();
            self.copy_begins(first_er);
        }
        let ended = self.copy_wait(media, first_er, location, address);
        if !matches!(ended, Ok(Copied::Suspended)) {
            self.io.copying = None;
            self.io.rescheduled = true;
        }
        ended
    }

    /// A word of a tape record before which nothing comes but its own characters: what the waiting below does, at once.
    /// False when it is another case.
    #[inline]
    fn copy_whole_word(&mut self, location: u16, address: u16) -> bool {
        if self.each_character || self.in_progress.is_some() {
            return false;
        }
        let character = self.config.figures.tape.character;
        let Some(mut words) = self.io.whole_words(character, self.limit) else { return false };
        let end = words.due() + 1;
        let Some(copied) = words.copy(self.cycle, location, self.cpu.mq) else { return false };
        words.put_back();
        match copied {
            WholeWord::Read(word) => {
                self.cpu.mq = word;
                self.cpu.sr = word;
                self.core.poke(address, word);
            }
            WholeWord::Written => self.take_word(address),
        }
        self.io.rescheduled = true;
        self.cycle = end;
        true
    }

    fn copy_wait(
        &mut self,
        media: &mut dyn Media,
        first_er: Ticks,
        location: u16,
        address: u16,
    ) -> Result<Copied, Box<super::Stop>> {
        let mut end = first_er + Ticks::CYCLE;
        let direction = self.io.direction;
        if direction == Direction::WriteAhead && !self.io.ready {
            // The E cycle comes before the wait; then at least one ER.
            self.take_word(address);
            end += Ticks::CYCLE + Ticks::CYCLE;
        }
        let resumed_at = self.now();
        loop {
            self.advance_io(media, first_er.max(resumed_at))?;
            if self.io.ready || self.io.end_of_file || self.io.end_of_record {
                break;
            }
            if self.io.selected.is_none() {
                // The unit has let go. In the first ER cycle the CPY takes that for a write: an E cycle follows (GATE).
                if self.io.late.is_some_and(|late| late.due >= first_er) {
                    self.note_since(Doubt::Hazard, first_er);
                    self.take_word(address);
                    end = end.max(first_er + Ticks::cycles(3));
                }
                return self.copy_of_nothing(media, first_er, end, location);
            }
            let event = self.io.next_event;
            if event == Ticks::NEVER {
                let unit = self.io.selected.map_or_else(|| "a unit".to_owned(), |unit| unit.to_string());
                let message = format!("CPY at {location:05o} waits for {unit}, which never answers");
                return Err(self.stop(StopKind::Waiting, location, Some(message)));
            }
            let event = self.event_of_copy();
            let boundary = event.up_to_cycle();
            if boundary.whole_cycles() > self.limit {
                self.suspend(first_er);
                return Ok(Copied::Suspended);
            }
            self.advance_io(media, event)?;
            end = end.max(boundary);
        }
        if self.io.ready {
            self.io.ready = false;
            match direction {
                Direction::Read => {
                    let word = self.cpu.mq;
                    self.cpu.sr = word;
                    self.core.poke(address, word);
                    end += Ticks::CYCLE;
                }
                Direction::Write => {
                    self.take_word(address);
                    end += Ticks::CYCLE;
                }
                Direction::WriteAhead => {}
            }
            self.cycle = end.whole_cycles();
            return Ok(Copied::Word);
        }
        let copied = if self.io.end_of_file { Copied::EndOfFile } else { Copied::EndOfRecord };
        if self.io.end_of_record && self.tape_active().is_some() {
            self.note_since(Doubt::EndOfRecord, first_er);
        }
        self.io.end_of_file = false;
        self.io.end_of_record = false;
        self.io.selected = None;
        self.cycle = end.whole_cycles();
        Ok(copied)
    }

    /// Nothing is selected, or no longer at `end`: ER cycles until the interlock is off, and then a copy check.
    #[cold]
    fn copy_of_nothing(
        &mut self,
        media: &mut dyn Media,
        first_er: Ticks,
        mut end: Ticks,
        location: u16,
    ) -> Result<Copied, Box<super::Stop>> {
        self.io.copying = None;
        self.advance_io(media, end.max(self.now()) - Ticks(1))?;
        while !matches!(self.io.operation, Operation::Free) && self.io.next_event != Ticks::NEVER {
            let event = self.io.next_event;
            let boundary = event.up_to_cycle();
            if boundary.whole_cycles() > self.limit {
                self.suspend(first_er);
                return Ok(Copied::Suspended);
            }
            self.advance_io(media, event)?;
            end = end.max(boundary);
        }
        Err(self.copy_check(first_er, end, location))
    }

    fn take_word(&mut self, address: u16) {
        let word = self.core.peek(address);
        self.cpu.sr = word;
        self.cpu.mq = word;
    }

    pub(crate) fn copy_direction(&self) -> Direction {
        match self.io.operation {
            Operation::TapeWrite(_) => Direction::Write,
            Operation::Print(ref printing) if printing.next_is_echo() => Direction::Read,
            Operation::Print(_) | Operation::Punch(_) | Operation::Plot(_) => Direction::WriteAhead,
            Operation::Drum(ref turning) if turning.is_write() => Direction::WriteAhead,
            Operation::Free
            | Operation::TapeRead(_)
            | Operation::TapeMotion(_)
            | Operation::ReadCard(_)
            | Operation::Drum(_) => Direction::Read,
        }
    }

    /// Nothing is selected, and the interlock is off at `end`: READ-WRITE CHECK comes on and the machine stops after the
    /// ER cycle, IC on the next.
    fn copy_check(&mut self, first_er: Ticks, end: Ticks, location: u16) -> Box<super::Stop> {
        if let Some(late) = self.io.late {
            let by = first_er - late.due;
            if by < NEAR {
                self.note_since(Doubt::NearDeadline, first_er);
            }
            if matches!(late.unit, Unit::Tape { .. }) && by < self.config.figures.tape.character {
                self.note_since(Doubt::LateCopy, first_er);
            }
        }
        self.cpu.read_write_check = true;
        self.cycle = end.whole_cycles();
        self.instructions += 1;
        let next = (location + 1) & self.core.size().mask();
        self.cpu.ic = next;
        let message = match self.io.late {
            Some(late) => format!(
                "CPY at {location:05o} found nothing selected: {} had let go, as no CPY was executing when word {} was due; this one came {:.1} cycles late",
                late.unit,
                late.words + 1,
                first_er.0.saturating_sub(late.due.0) as f64 / TICKS_PER_CYCLE as f64,
            ),
            None => format!("CPY at {location:05o} found nothing selected"),
        };
        self.stop(StopKind::ReadWriteCheck, next, Some(message))
    }
}
