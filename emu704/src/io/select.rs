//! The instructions that wait for the interlock: RDS, WRS, BST, WEF, REW, and the select of a LOAD key.

use super::{Operation, TapeMotion, Unit};
use crate::audit::Doubt;
use crate::machine::{Flow, InProgress, Machine, Stop, StopKind};
use crate::media::Media;
use crate::time::Ticks;

/// The end of a wait in ER cycles.
pub(crate) enum Wait {
    /// The wait is over; the ER cycle in which it ended began at this time.
    Over(Ticks),
    /// The limit of the run came first.
    Suspended,
}

impl Machine {
    /// Begins the ER cycles of an instruction that may wait, after its I cycle; `None` if the limit of the run
    /// falls into the I cycle, which is then not begun.
    pub(crate) fn begin_er(&mut self) -> Option<Ticks> {
        if let Some(InProgress { first_er }) = self.in_progress.take() {
            return Some(first_er);
        }
        if self.cycle + 1 > self.limit {
            // Nothing of the instruction has happened; time still goes up to the limit, which is now.
            return None;
        }
        Some(Ticks::cycles(self.cycle + 1))
    }

    /// Leaves an instruction in the middle of its wait at the limit of the run.
    pub(crate) fn suspend(&mut self, first_er: Ticks) {
        self.in_progress = Some(InProgress { first_er });
        self.cycle = self.cycle.max(self.limit);
    }

    /// Waits in ER cycles until the interlock is off and `unit` can be used.
    fn wait_interlock(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        unit: Unit,
    ) -> Result<Wait, Box<Stop>> {
        let resumed = self.in_progress.is_some();
        let Some(first_er) = self.begin_er() else { return Ok(Wait::Suspended) };
        let mut er = first_er.max(self.now());
        let tape = matches!(self.io.operation, Operation::TapeRead(_) | Operation::TapeWrite(_));
        loop {
            self.advance_io(media, er)?;
            let busy = !matches!(self.io.operation, Operation::Free);
            let until = if busy { self.lets_go(er) } else { self.ready_at(unit) };
            if !busy && until <= er {
                if tape && er > first_er {
                    self.note_since(Doubt::Disconnect, first_er);
                }
                return Ok(Wait::Over(er));
            }
            if busy && matches!(self.io.operation, Operation::Free) {
                continue;
            }
            if until == Ticks::NEVER {
                let former =
                    self.io.selected.map_or_else(|| "the former unit".to_owned(), |unit| unit.to_string());
                let message = format!(
                    "the select of {unit} at {location:05o} waits for {former}, which waits for its first CPY and never disconnects"
                );
                return Err(self.stop(StopKind::Waiting, location, Some(message)));
            }
            if !busy && !resumed {
                self.note(Doubt::RewindLow);
            }
            let next = until.up_to_cycle();
            if next.whole_cycles() > self.limit {
                self.suspend(first_er);
                return Ok(Wait::Suspended);
            }
            er = next;
        }
    }

    /// When to check again whether the unit that holds the interlock has disconnected. A drum or a CRT that waits for a
    /// CPY disconnects here, because something else is selected.
    fn lets_go(&mut self, now: Ticks) -> Ticks {
        if self.io.next_event != Ticks::NEVER {
            return self.io.next_event;
        }
        let free = match self.io.operation {
            Operation::Plot(_) if self.io.words > 0 => self.io.crt.busy_until(),
            Operation::Drum(_) | Operation::Plot(_) if self.config.devices.idle_units_let_go => now,
            _ => Ticks::NEVER,
        };
        if free <= now {
            if self.io.words == 0 {
                self.note(Doubt::IdleUnit);
            }
            self.io.release();
        }
        free
    }

    /// The time from which a unit that is not connected can be used.
    fn ready_at(&self, unit: Unit) -> Ticks {
        match unit {
            Unit::Tape { number, .. } => self.io.tapes[usize::from(number) - 1].ready_at,
            _ => Ticks(0),
        }
    }

    /// RDS and WRS.
    pub(crate) fn select_instruction(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        address: u16,
        write: bool,
    ) -> Flow {
        let unit = Unit::from_address(address, write);
        if let Unit::SimultaneousTape(number) = unit
            && self.tape_write_too(media, location, number)?
        {
            self.in_progress = None;
            self.note(Doubt::Wts);
            self.cycle += 1;
            self.end_instruction(location);
            return Ok(());
        }
        let er = match self.wait_interlock(media, location, unit)? {
            Wait::Over(er) => er,
            Wait::Suspended => return Ok(()),
        };
        self.wire_select(media, location, unit, write, er)?;
        self.cycle = er.whole_cycles();
        self.accept_select(media, location, unit, write)?;
        self.end_instruction(location);
        Ok(())
    }

    /// Performs the select itself, in the ER cycle that begins now.
    pub(crate) fn accept_select(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        unit: Unit,
        write: bool,
    ) -> Flow {
        let at = self.now() + Ticks::CYCLE;
        if let Unit::Tape { number, .. } = unit {
            self.look_at_tape_select(number, at);
        }
        let io = &mut self.io;
        io.end_of_record = false;
        io.end_of_file = false;
        io.ready = false;
        io.words = 0;
        io.late = None;
        match unit {
            Unit::Delay => {}
            Unit::Tape { number, mode } if write => {
                self.tape_select_write(media, location, number, mode, at)?;
            }
            Unit::Tape { number, mode } => {
                let stood = self.tape_unit(number).place;
                self.tape_select_read(media, location, number, mode, at)?;
                if self.tape_unit(number).place == stood {
                    self.note(Doubt::BlankTape);
                }
            }
            Unit::Printer => self.printer_select(at, !write),
            Unit::CardReader if !write => self.reader_select(location, at)?,
            Unit::Punch if write => self.punch_select(at),
            Unit::Drum(number) => self.drum_select(location, number, write)?,
            Unit::Crt if write => self.crt_select(),
            Unit::CardReader | Unit::Punch | Unit::Crt | Unit::SimultaneousTape(_) | Unit::Nothing(_) => {
                let verb = if write { "WRS" } else { "RDS" };
                let message = match unit {
                    Unit::Nothing(_) => {
                        format!("{verb} of {unit} at {location:05o}: no unit of the 704 has this address")
                    }
                    Unit::SimultaneousTape(n) => format!(
                        "WTS {n} at {location:05o}: no tape is selected for writing that waits for its first CPY"
                    ),
                    _ => format!(
                        "{verb} of {unit} at {location:05o}: it cannot be {}",
                        if write { "written" } else { "read" }
                    ),
                };
                return Err(self.stop(StopKind::Waiting, location, Some(message)));
            }
        }
        if unit != Unit::Delay {
            self.io.selected = Some(unit);
        }
        Ok(())
    }

    /// The select of a LOAD key; false if the limit of the run came first.
    pub(crate) fn select_for_load(&mut self, media: &mut dyn Media, unit: Unit) -> Result<bool, Box<Stop>> {
        let er = match self.wait_interlock(media, 0, unit)? {
            Wait::Over(er) => er,
            Wait::Suspended => return Ok(false),
        };
        self.wire_select(media, 0, unit, false, er)?;
        self.cycle = er.whole_cycles();
        self.accept_select(media, 0, unit, false)?;
        self.cycle += 1;
        Ok(true)
    }

    /// BST, WEF and REW.
    pub(crate) fn motion_instruction(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        address: u16,
        motion: TapeMotion,
    ) -> Flow {
        let unit = Unit::from_address(address, true);
        let er = match self.wait_interlock(media, location, unit)? {
            Wait::Over(er) => er,
            Wait::Suspended => return Ok(()),
        };
        self.cycle = er.whole_cycles();
        let Unit::Tape { number, mode } = unit else {
            let message = format!("{} at {location:05o}: {unit} is not a tape unit", motion.name());
            return Err(self.stop(StopKind::Waiting, location, Some(message)));
        };
        let at = self.now() + Ticks::CYCLE;
        self.tape_motion(media, location, number, mode, motion, at)?;
        if motion == TapeMotion::Backspace && self.tape_active().is_some() {
            self.note(Doubt::Backspace);
        }
        self.end_instruction(location);
        Ok(())
    }

    /// Ends an instruction whose last ER cycle begins now.
    fn end_instruction(&mut self, location: u16) {
        self.cycle += 1;
        self.instructions += 1;
        self.cpu.ic = (location + 1) & self.core.size().mask();
    }

    /// The interlock reset of START, LOAD and RESET: the unit is disconnected and the triggers are turned off. A record that was
    /// being written ends there.
    pub(crate) fn reset_interlock(&mut self, media: &mut dyn Media) {
        if self.io.operation.ends_what_it_writes() {
            self.note(Doubt::ResetWriting);
            // The unit finds no CPY: it finishes the record, line or card in its usual way, and nothing waits for it.
            self.io.selected = None;
            self.io.copying = None;
            let mut guard = 0;
            while !matches!(self.io.operation, Operation::Free) && guard < 64 {
                let at = self.io.next_event;
                if self.advance_io(media, at).is_err() {
                    break;
                }
                guard += 1;
            }
        }
        self.io.end_of_record = false;
        self.io.end_of_file = false;
        self.io.copying = None;
        self.io.ready = false;
        self.in_progress = None;
        self.io.release();
    }
}
