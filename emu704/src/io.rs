//! Input-output: the interlock, the triggers, and the units as state machines over machine time.
//!
//! One selection at a time. Two flags rule it (rulings): SELECTED, a unit takes CPYs, and INTERLOCK, the unit is
//! still busy, so selects and IOD wait. Units do nothing between their events; every event is handled at its
//! own scheduled time, so nothing depends on how often the caller looks.

mod audit;
pub mod crt;
mod deadline;
pub mod drum;
pub mod printer;
pub mod punch;
pub mod reader;
mod select;
mod sense;
mod slack;
pub mod tape;
mod unit;

use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::machine::{Flow, Machine};
use crate::media::Media;
use crate::time::Ticks;

pub use crate::config::{figures, options};
pub(crate) use deadline::NEAR;
pub use deadline::{Late, LateRightHalf};
pub use slack::{Slack, Slacks};
pub(crate) use tape::{TapeMotion, WholeWord, WholeWords};
pub(crate) use unit::Direction;
pub use unit::Unit;

/// The reason why the interlock is held.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) enum Operation {
    /// Not held: a select is accepted at once.
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

impl Operation {
    /// True if a reset does not cut it off: the unit finishes the record, line or card that it is writing.
    fn ends_what_it_writes(&self) -> bool {
        match self {
            Operation::TapeWrite(_) | Operation::Print(_) | Operation::Punch(_) => true,
            Operation::Free
            | Operation::TapeRead(_)
            | Operation::TapeMotion(_)
            | Operation::ReadCard(_)
            | Operation::Drum(_)
            | Operation::Plot(_) => false,
        }
    }
}

impl Io {
    /// True if the printer is in the middle of a cycle: the line is struck at its end.
    pub(crate) fn is_printing(&self) -> bool {
        matches!(self.operation, Operation::Print(_))
    }
}

/// When a resting clutch requested at `at` engages. UNVERIFIED: at fixed times, one `clutch` apart.
pub(crate) fn clutch(at: Ticks, phase: Ticks, clutch: Ticks) -> Ticks {
    let clutch = clutch.0.max(1);
    at + Ticks(clutch - (at.0 + phase.0) % clutch)
}

/// The input-output side of the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Io {
    /// SELECTED: the unit that takes CPYs.
    pub(crate) selected: Option<Unit>,
    /// INTERLOCK: the reason why it is held.
    pub(crate) operation: Operation,
    /// End of record trigger.
    pub(crate) end_of_record: bool,
    /// End of file trigger.
    pub(crate) end_of_file: bool,
    /// The time since which a CPY is in its ER cycles.
    pub(crate) copying: Option<Ticks>,
    /// The location of that CPY.
    pub(crate) copy_at: u16,
    /// The direction of its word, which the unit decides.
    pub(crate) direction: Direction,
    /// True if the unit and the waiting CPY have met: the E cycle can follow.
    pub(crate) ready: bool,
    /// The time of the active unit's next event.
    pub(crate) next_event: Ticks,
    /// True if an instruction changed `next_event`.
    #[serde(skip)]
    pub(crate) rescheduled: bool,
    /// Words copied since the select.
    pub(crate) words: u64,
    /// The last unit that no CPY served in time.
    pub(crate) late: Option<Late>,
    /// The latest right half that was still accepted.
    late_right_half: Option<LateRightHalf>,
    slack: Slacks,
    /// Open questions that this run has met.
    #[serde(skip)]
    pub(crate) audit: Audit,
    pub(crate) tapes: [tape::TapeUnit; 10],
    /// The unit whose select waits for the other end of its wire.
    #[serde(skip)]
    pub(crate) wire_waits: Option<u8>,
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
            slack: Slacks::default(),
            audit: Audit::default(),
            tapes: Default::default(),
            wire_waits: None,
            printer: printer::Printer::default(),
            reader: reader::CardReader::default(),
            punch: punch::CardPunch::default(),
            drums: drum::Drums::default(),
            crt: crt::Crt::default(),
        }
    }

    /// The selected unit: the READ-WRITE SELECT light.
    pub fn selected(&self) -> Option<Unit> {
        self.selected
    }

    /// Sets the phases of everything that turns while idle to random values.
    pub(crate) fn set_phases(&mut self, mut random: impl FnMut() -> u64) {
        self.printer.set_phase(random());
        self.reader.set_phase(random());
        self.punch.set_phase(random());
        self.drums.set_phases(random);
    }

    /// Takes over what survives a power failure: reels in place, cards, paper, film, and the contents of the drums.
    pub(crate) fn keep_media(&mut self, old: Io) {
        // each field is named, so that a new unit cannot be forgotten here
        let Io {
            audit,
            tapes,
            printer,
            reader,
            punch,
            drums,
            crt,
            selected: _,
            operation: _,
            end_of_record: _,
            end_of_file: _,
            copying: _,
            copy_at: _,
            direction: _,
            ready: _,
            next_event: _,
            rescheduled: _,
            words: _,
            late: _,
            late_right_half: _,
            slack: _,
            wire_waits: _,
        } = old;
        self.audit = audit;
        self.tapes = tapes;
        self.printer = printer;
        self.reader = reader;
        self.punch = punch;
        self.crt = crt;
        self.drums.keep_words(drums);
    }

    pub(crate) fn schedule(&mut self, at: Ticks) {
        self.next_event = at;
        self.rescheduled = true;
    }

    /// Checks that the units and their states are valid; a machine read from a file may be forged.
    pub(crate) fn is_sound(&self, now: Ticks) -> bool {
        // no action of a unit takes longer than the largest figure
        let soon = now + figures::LONGEST + figures::LONGEST;
        let unit = |number: u8| (1..=10).contains(&number);
        let operates = match &self.operation {
            Operation::TapeRead(reading) => unit(reading.number),
            Operation::TapeWrite(writing) => {
                unit(writing.number) && writing.also.iter().all(|&number| unit(number))
            }
            Operation::TapeMotion(moving) => unit(moving.number),
            Operation::Drum(turning) => turning.is_sound(),
            Operation::Free
            | Operation::Print(_)
            | Operation::ReadCard(_)
            | Operation::Punch(_)
            | Operation::Plot(_) => true,
        };
        let selects = match self.selected {
            Some(Unit::Tape { number, .. } | Unit::SimultaneousTape(number)) => unit(number),
            _ => true,
        };
        let times = (self.next_event <= soon || self.next_event == Ticks::NEVER)
            && self.copying.is_none_or(|since| since <= now + Ticks::CYCLE)
            && self.tapes.iter().all(|unit| unit.ready_at <= soon);
        operates
            && selects
            && times
            && self.words < 1 << 60
            && self.slack.values().all(|slack| slack.words < 1 << 60)
            && self.drums.is_sound()
    }

    /// Ends the executing CPY: the unit that waits for one will not find it.
    pub(crate) fn drop_copy(&mut self) {
        if self.copying.take().is_some() {
            self.ready = false;
            self.rescheduled = true;
        }
    }

    /// Turns the interlock off: the unit is done.
    pub(crate) fn release(&mut self) {
        self.operation = Operation::Free;
        self.selected = None;
        self.schedule(Ticks::NEVER);
    }
}

impl Machine {
    /// Lets the units do everything that is due up to and including `until`.
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

    /// For a tape word in progress, the time from its next character to its last one, before which nothing
    /// else happens, and its direction.
    #[inline(always)]
    pub(crate) fn word_under_way(&self) -> Option<(Ticks, Direction)> {
        let (characters, direction) = match &self.io.operation {
            Operation::TapeRead(reading) => (reading.characters_ahead()?, Direction::Read),
            Operation::TapeWrite(writing) => (writing.characters_ahead()?, Direction::Write),
            _ => return None,
        };
        Some((Ticks(characters * self.config.figures.tape.character.0), direction))
    }

    /// The time from the next event to the one that does more than pass a character of a tape word through MQ.
    #[inline(always)]
    pub(crate) fn characters_ahead(&self) -> Ticks {
        self.word_under_way().map_or(Ticks(0), |(ahead, _)| ahead)
    }

    /// The next event that matters to a waiting CPY: the characters before it only fill or empty MQ.
    #[inline(always)]
    pub(crate) fn event_of_copy(&self) -> Ticks {
        if self.each_character {
            return self.io.next_event;
        }
        let event = self.io.next_event + self.characters_ahead();
        // The run ends before it: continue character by character.
        if event.up_to_cycle().whole_cycles() > self.limit { self.io.next_event } else { event }
    }
}
