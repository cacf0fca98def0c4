//! Input-output: the interlock, the triggers, and the units as state machines over machine time.
//!
//! One selection at a time. Two flags rule it (rulings): SELECTED, a unit takes CPYs, and INTERLOCK, the unit is
//! still busy, for which selects and IOD wait. Units do nothing between their events; every event is handled at its
//! own scheduled time, so nothing depends on how often anybody looks.

mod audit;
pub mod crt;
pub mod drum;
pub mod printer;
pub mod punch;
pub mod reader;
mod sense;
pub mod tape;
mod unit;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::audit::{Audit, Doubt};
use crate::machine::{Direction, Flow, InProgress, Machine, StopKind};
use crate::media::Media;
use crate::time::Ticks;

pub use crate::config::{figures, options};
pub(crate) use tape::TapeMotion;
pub use unit::Unit;

/// What the interlock is held for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) enum Operation {
    /// Nothing: a select is taken at once.
    #[default]
    Free,
    TapeRead(tape::Reading),
    TapeWrite(tape::Writing),
    TapeMotion(tape::Moving),
    Print(printer::Printing),
    ReadCard(reader::Reading),
    Punch(punch::Punching),
    Drum(drum::Turning),
    Plot(crt::Plotting),
}

/// When a resting clutch that is asked at `at` engages. UNVERIFIED: at fixed times, one `clutch` apart.
pub(crate) fn clutch(at: Ticks, phase: Ticks, clutch: Ticks) -> Ticks {
    let clutch = clutch.0.max(1);
    at + Ticks(clutch - (at.0 + phase.0) % clutch)
}

/// A CPY for the right half of a row that the machine took although it began later behind the left half than the
/// 540 us that the manual of the 701 allows: a real machine out of adjustment might not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateRightHalf {
    /// The unit.
    pub unit: Unit,
    /// Where the CPY stands.
    pub at: u16,
    /// From the pulse of the left half to the first ER cycle of the CPY.
    pub after: Ticks,
}

/// A CPY that is nearer than this to the moment at which it would be late, or was, is noted for the audit.
pub(crate) const NEAR: Ticks = Ticks::cycles(4);

/// How near the CPYs at one location came to being late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slack {
    /// The unit.
    pub unit: Unit,
    /// Words copied.
    pub words: u64,
    /// The least time between the first ER cycle of the CPY and the moment at which the unit needed it.
    pub least: Ticks,
}

/// A unit that let go because no CPY was executing when it needed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// The unit.
    pub unit: Unit,
    /// When the word was due.
    pub due: Ticks,
    /// Words that had been copied since the select.
    pub words: u64,
}

/// The input-output side of the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Io {
    /// SELECTED: the unit that takes CPYs.
    pub(crate) selected: Option<Unit>,
    /// INTERLOCK: what it is held for.
    pub(crate) operation: Operation,
    /// End of record trigger.
    pub(crate) end_of_record: bool,
    /// End of file trigger.
    pub(crate) end_of_file: bool,
    /// A CPY is in its ER cycles since this time.
    pub(crate) copying: Option<Ticks>,
    /// Where that CPY stands.
    pub(crate) copy_at: u16,
    /// Which way its word goes: the unit decides.
    pub(crate) direction: Direction,
    /// The unit and the waiting CPY have met: the E cycle can follow.
    pub(crate) ready: bool,
    /// The next thing that the active unit does.
    pub(crate) next_event: Ticks,
    /// An instruction changed `next_event`.
    #[serde(skip)]
    pub(crate) rescheduled: bool,
    /// Words copied since the select.
    pub(crate) words: u64,
    /// The last unit that was not served in time.
    pub(crate) late: Option<Late>,
    /// The latest right half that was still taken.
    late_right_half: Option<LateRightHalf>,
    slack: BTreeMap<u16, Slack>,
    /// Open questions that were met.
    #[serde(skip)]
    pub(crate) audit: Audit,
    pub(crate) tapes: [tape::TapeUnit; 10],
    /// The line printer.
    pub printer: printer::Printer,
    pub(crate) reader: reader::CardReader,
    pub(crate) punch: punch::CardPunch,
    pub(crate) drums: drum::Drums,
    pub(crate) crt: crt::Crt,
}

impl Io {
    pub(crate) fn new() -> Io {
        Io {
            selected: None,
            operation: Operation::Free,
            end_of_record: false,
            end_of_file: false,
            copying: None,
            copy_at: 0,
            direction: Direction::Read,
            ready: false,
            next_event: Ticks::NEVER,
            rescheduled: false,
            words: 0,
            late: None,
            late_right_half: None,
            slack: BTreeMap::new(),
            audit: Audit::default(),
            tapes: Default::default(),
            printer: printer::Printer::default(),
            reader: reader::CardReader::default(),
            punch: punch::CardPunch::default(),
            drums: drum::Drums::default(),
            crt: crt::Crt::default(),
        }
    }

    /// The unit that is selected: the READ-WRITE SELECT light.
    pub fn selected(&self) -> Option<Unit> {
        self.selected
    }

    /// The least slack of each CPY of the program, by its location.
    pub fn slack(&self) -> &BTreeMap<u16, Slack> {
        &self.slack
    }

    /// The last unit that let go because no CPY came in time.
    pub fn late(&self) -> Option<Late> {
        self.late
    }

    /// Puts the phases of what turns while it rests to arbitrary values.
    pub(crate) fn set_phases(&mut self, mut random: impl FnMut() -> u64) {
        self.printer.set_phase(random());
        self.reader.set_phase(random());
        self.punch.set_phase(random());
        self.drums.set_phases(random);
    }

    /// The latest CPY for a right half that was taken although it was beyond the 701 manual's 540 us.
    pub fn late_right_half(&self) -> Option<LateRightHalf> {
        self.late_right_half
    }

    /// Takes over what no loss of power changes: reels where they stand, cards, paper, film, and what the drums hold.
    pub(crate) fn keep_media(&mut self, old: Io) {
        self.audit = old.audit;
        self.tapes = old.tapes;
        self.printer = old.printer;
        self.reader = old.reader;
        self.punch = old.punch;
        self.crt = old.crt;
        self.drums.keep_words(old.drums);
    }

    pub(crate) fn schedule(&mut self, at: Ticks) {
        self.next_event = at;
        self.rescheduled = true;
    }

    /// The interlock goes off: the unit is done.
    pub(crate) fn release(&mut self) {
        self.operation = Operation::Free;
        self.selected = None;
        self.schedule(Ticks::NEVER);
    }

    /// The read-write pulse of a half row of a card machine begins; for a right half, with what it comes behind the left
    /// one. True when a CPY is executing: then its word moves when the pulse ends ([`Io::pulse_ends`]). Otherwise the
    /// unit is disconnected.
    ///
    /// UNVERIFIED: the unit does not find a CPY whose first ER cycle it falls into, as seen once on the netlist: that CPY
    /// then finds the selection gone ([`Machine::copy`]).
    pub(crate) fn pulse_begins(&mut self, due: Ticks, right_half: Option<Ticks>) -> bool {
        if let (Some(since), Some(unit)) = (self.copying, self.selected)
            && due < since + Ticks::CYCLE
        {
            self.late = Some(Late { unit, due, words: self.words });
            self.selected = None;
            return false;
        }
        if let (Some(behind), Some(since), Some(unit)) = (right_half, self.copying, self.selected) {
            let after = since - (due - behind);
            if after > Ticks::micros(540) && self.late_right_half.is_none_or(|worst| worst.after < after) {
                self.late_right_half = Some(LateRightHalf { unit, at: self.copy_at, after });
            }
        }
        let met = self.meet(due);
        self.ready = false;
        met
    }

    /// A read-write pulse ends: true when the CPY that it found when it began takes or gives its word now.
    pub(crate) fn pulse_ends(&mut self) -> bool {
        self.ready = self.selected.is_some() && self.copying.is_some();
        self.ready
    }

    /// A unit needs a CPY at `due`. True when one is executing: then it is ready to go on. Otherwise the unit is
    /// disconnected.
    pub(crate) fn meet(&mut self, due: Ticks) -> bool {
        let Some(unit) = self.selected else { return false };
        let Some(since) = self.copying else { return self.lets_go_late(unit, due) };
        self.ready = true;
        self.words += 1;
        let least = due - since;
        if least < NEAR {
            return self.near_deadline(unit, since, least);
        }
        self.count_word(unit, least);
        true
    }

    /// A word went, so much before it would have been late.
    #[inline(always)]
    fn count_word(&mut self, unit: Unit, least: Ticks) {
        self.slack
            .entry(self.copy_at)
            .and_modify(|s| {
                s.words += 1;
                if least < s.least {
                    s.least = least;
                    s.unit = unit;
                }
            })
            .or_insert(Slack { unit, words: 1, least });
    }

    /// Nobody has asked: the unit is disconnected.
    #[cold]
    fn lets_go_late(&mut self, unit: Unit, due: Ticks) -> bool {
        if self.words == 0 && matches!(self.operation, Operation::TapeWrite(_)) {
            self.audit.note(Doubt::ErasedGap, self.copy_at, due.whole_cycles());
        }
        self.late = Some(Late { unit, due, words: self.words });
        self.selected = None;
        false
    }

    /// A CPY was in time, and nearly late.
    #[cold]
    fn near_deadline(&mut self, unit: Unit, since: Ticks, least: Ticks) -> bool {
        self.audit.note(Doubt::NearDeadline, self.copy_at, since.whole_cycles() - 1);
        self.count_word(unit, least);
        true
    }
}

/// How a wait in ER cycles ended.
pub(crate) enum Wait {
    /// It is over; the ER cycle in which it ended began at this time.
    Over(Ticks),
    /// The limit of the run came first.
    Suspended,
}

impl Machine {
    /// Lets the units do all that is due up to `until`, that moment included.
    #[inline(always)]
    pub(crate) fn advance_io(&mut self, media: &mut dyn Media, until: Ticks) -> Flow {
        if self.io.next_event <= until { self.do_events(media, until) } else { Ok(()) }
    }

    #[inline(never)]
    fn do_events(&mut self, media: &mut dyn Media, until: Ticks) -> Flow {
        while self.io.next_event <= until {
            let at = self.io.next_event;
            match self.io.operation {
                Operation::Free => self.io.next_event = Ticks::NEVER,
                Operation::TapeRead(_) => {
                    if self.io.audit.on {
                        self.look_at_event();
                    }
                    self.tape_read_event(at, if self.each_character { at } else { until });
                }
                Operation::TapeWrite(_) => {
                    let written =
                        self.tape_write_event(media, at, if self.each_character { at } else { until });
                    written.inspect_err(|_| self.look_at_reel_ends(at))?;
                }
                Operation::TapeMotion(_) => {
                    self.tape_motion_event(media).inspect_err(|_| self.look_at_reel_ends(at))?;
                }
                Operation::Print(_) => self.print_event(at),
                Operation::ReadCard(_) => self.reader_event(at),
                Operation::Punch(_) => self.punch_event(at),
                Operation::Drum(_) => self.drum_event(at),
                Operation::Plot(_) => self.crt_event(at),
            }
        }
        Ok(())
    }

    /// A word of a tape record is under way: the time from its next character to the last one, before which nothing
    /// else happens, and which way it goes.
    #[inline(always)]
    pub(crate) fn word_under_way(&self) -> Option<(Ticks, Direction)> {
        let (characters, direction) = match &self.io.operation {
            Operation::TapeRead(reading) => (reading.characters_ahead()?, Direction::Read),
            Operation::TapeWrite(writing) => (writing.characters_ahead()?, Direction::Write),
            _ => return None,
        };
        Some((Ticks(characters * self.config.figures.tape.character.0), direction))
    }

    /// From the next event to the one that does more than to pass a character of a tape word through MQ.
    #[inline(always)]
    pub(crate) fn characters_ahead(&self) -> Ticks {
        self.word_under_way().map_or(Ticks(0), |(ahead, _)| ahead)
    }

    /// The next event that matters to a CPY that waits: the characters before it only fill or empty MQ.
    #[inline(always)]
    pub(crate) fn event_of_copy(&self) -> Ticks {
        if self.each_character {
            return self.io.next_event;
        }
        let event = self.io.next_event + self.characters_ahead();
        // The run ends before it: go on character by character.
        if event.up_to_cycle().whole_cycles() > self.limit { self.io.next_event } else { event }
    }

    /// Begins the ER cycles of an instruction that may wait, after its I cycle; `None` when the limit of the run
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
    ) -> Result<Wait, Box<crate::machine::Stop>> {
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
                    "the select of {unit} at {location:05o} waits for {former}, which waits for its first CPY and never lets go"
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

    /// When to look again whether the unit that holds the interlock has let go. A drum or a CRT that waits for a
    /// CPY lets go here, as something else is selected.
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

    /// When a unit that is not connected can be used.
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
        self.cycle = er.whole_cycles();
        self.accept_select(media, location, unit, write)?;
        self.end_instruction(location);
        Ok(())
    }

    /// The select proper, in the ER cycle that begins now.
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
            _ => {
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

    /// The select of a LOAD key; false when the limit of the run came first.
    pub(crate) fn select_for_load(
        &mut self,
        media: &mut dyn Media,
        unit: Unit,
    ) -> Result<bool, Box<crate::machine::Stop>> {
        let er = match self.wait_interlock(media, 0, unit)? {
            Wait::Over(er) => er,
            Wait::Suspended => return Ok(false),
        };
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

    /// The interlock reset of START, LOAD and RESET: the unit is dropped and the triggers go off. A record that was
    /// being written ends there.
    pub(crate) fn reset_interlock(&mut self, media: &mut dyn Media) {
        if matches!(self.io.operation, Operation::TapeWrite(_) | Operation::Print(_) | Operation::Punch(_)) {
            self.note(Doubt::ResetWriting);
            // The unit finds no CPY: it ends the record, line or card in its usual way, without anybody waiting for it.
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
