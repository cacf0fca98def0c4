//! Reading: a record passes the read head, and the MQ is filled six bits at a time. If no CPY is executing when a
//! word is complete, it is late, and the unit is disconnected.

use asm704::Word;
use asm704::chars;
use asm704::media::tape::{Item, Mode, Record};
use serde::{Deserialize, Serialize};

use super::super::Operation;
use crate::audit::Doubt;
use crate::config::options::PartialWord;
use crate::machine::{Flow, Machine};
use crate::media::Media;
use crate::time::Ticks;

/// The next event while a record passes the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Phase {
    /// The character with this number.
    Character(usize),
    /// The last word is incomplete: it is delivered as it is.
    PartialWord,
    EndOfRecord,
    EndOfFile,
    Check,
    Release,
    /// A word was complete and no CPY was executing; a tolerance is allowed.
    Grace,
}

/// A record under the read head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    pub(in crate::io) number: u8,
    /// Core codes in the mode of the select.
    pub(super) characters: Vec<u8>,
    /// The first character with wrong parity.
    pub(super) first_bad: Option<usize>,
    /// True if the longitudinal check will be wrong.
    pub(super) error: bool,
    pub(super) phase: Phase,
    /// When the last character passes.
    pub(super) last: Ticks,
    /// True if no CPY was late so far.
    pub(super) connected: bool,
    /// The phase after [`Phase::Grace`], and its time.
    pub(super) after_grace: (Phase, Ticks),
    /// The time of its first character, if more of the record will come by a wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) coming: Option<Ticks>,
    /// Tape that passes the head from the select to the stop in the gap after the record.
    #[serde(default)]
    pub(super) passes: Ticks,
    /// The mode of the select, for characters still to come.
    #[serde(default = "binary", skip_serializing_if = "is_binary")]
    pub(super) mode: Mode,
}

fn binary() -> Mode {
    Mode::Binary
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_binary(mode: &Mode) -> bool {
    *mode == Mode::Binary
}

impl Reading {
    /// A record without characters so far; the first one passes at `first`.
    pub(super) fn of(number: u8, first: Ticks) -> Reading {
        Reading {
            number,
            characters: Vec::new(),
            first_bad: None,
            error: false,
            phase: Phase::EndOfFile,
            last: first,
            connected: true,
            after_grace: (Phase::Release, Ticks::NEVER),
            coming: None,
            passes: Ticks(0),
            mode: Mode::Binary,
        }
    }

    /// The open question that the next event decides, if any.
    pub(in crate::io) fn doubt(&self) -> Option<Doubt> {
        match self.phase {
            Phase::PartialWord => Some(Doubt::PartialWord),
            Phase::Check if !self.connected && (self.error || self.first_bad.is_some()) => {
                Some(Doubt::Unchecked)
            }
            _ => None,
        }
    }

    /// Characters between the next event and the one that completes a word; `None` if none will be
    /// completed.
    #[inline(always)]
    pub(in crate::io) fn characters_ahead(&self) -> Option<u64> {
        let Phase::Character(i) = self.phase else { return None };
        let to_the_word = 5 - i as u32 % 6;
        let to_the_end = self.characters.len().saturating_sub(1 + i) as u32;
        (to_the_word <= to_the_end).then_some(u64::from(to_the_word))
    }

    /// True if the last word has all of its characters.
    #[inline(always)]
    fn is_whole(&self) -> bool {
        (self.characters.len() as u32).is_multiple_of(6)
    }

    fn set_record(&mut self, record: &Record, mode: Mode) {
        self.error = record.error;
        let frames = record.frames.iter();
        self.characters = match mode {
            Mode::Bcd => frames.map(|&f| chars::tape_to_core(f & 0o77)).collect(),
            Mode::Binary => frames.map(|&f| f & 0o77).collect(),
        };
        self.first_bad = first_bad(&record.frames, u8::from(mode == Mode::Binary));
    }
}

/// The first frame whose number of ones is not odd (1) or even (0). Most records have none, and that is found without
/// testing each frame separately.
pub(super) fn first_bad(frames: &[u8], odd: u8) -> Option<usize> {
    let wrong = |&frame: &u8| {
        let four = frame & 0o177;
        let four = four ^ four >> 4;
        let two = four ^ four >> 2;
        (two ^ two >> 1 ^ odd) & 1
    };
    let any = frames.iter().map(wrong).fold(0, |any, wrong| any | wrong);
    if any == 0 { None } else { frames.iter().position(|frame| wrong(frame) != 0) }
}

impl Machine {
    pub(in crate::io) fn tape_select_read(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
        mode: Mode,
        at: Ticks,
    ) -> Flow {
        self.need_ready(location, "RDS", number)?;
        if media.wire(number).is_some() {
            self.wire_select_read(number, mode, at);
            return Ok(());
        }
        let Some(reel) = media.reel(number) else { return Err(self.no_reel(location, "RDS", number)) };
        let figures = self.config.figures.tape.clone();
        let mut place = self.tape_unit(number).place;
        let stands = self.tape_unit(number).distance;
        let stands = if stands == Ticks(0) { figures.load_point } else { stands };
        let mut erased = Ticks(0);
        let item = loop {
            let begins = place;
            match reel.read_forward(place) {
                Ok(Some((Item::Gap(n), behind))) => {
                    erased += Ticks(u64::from(n) * figures.character.0);
                    place = behind;
                }
                // not on the tape
                Ok(Some((Item::Note(_), behind))) => place = behind,
                Ok(Some((mut item, behind))) => {
                    place = behind;
                    if let Item::Record(record) = &mut item {
                        if let Err(error) = self.faults.as_read(reel, number, begins, record) {
                            let label = reel.label();
                            return Err(self.bad_reel(location, &label, &error));
                        }
                        self.faults.surface(number, stands + erased, &figures, record);
                    }
                    break Some(item);
                }
                Ok(None) => break None,
                Err(error) => {
                    let label = reel.label();
                    return Err(self.bad_reel(location, &label, &error));
                }
            }
        };
        let first = self.forward_start(number, at) + erased;
        let unit = self.unit_mut(number);
        let was_at_load_point = unit.distance == Ticks(0);
        let mut passed = erased + if was_at_load_point { figures.load_point } else { Ticks(0) };
        let mut reading = Reading::of(number, first);
        let next = match item {
            Some(Item::Record(record)) => {
                unit.place = place;
                let n = record.frames.len() as u64;
                passed += Ticks(n * figures.character.0) + figures.record_gap;
                reading.set_record(&record, mode);
                // An incomplete last word is due when a whole one would be: loops that depend on the
                // word time must get it.
                let places = n.next_multiple_of(6);
                reading.last = first + Ticks(places.saturating_sub(1) * figures.character.0);
                reading.phase = if n == 0 { Phase::EndOfRecord } else { Phase::Character(0) };
                first
            }
            Some(_) => {
                unit.place = place;
                passed += figures.end_of_file_gap + figures.record_gap;
                reading.last = first + figures.end_of_file_gap;
                reading.last
            }
            None => {
                // Blank tape: the end of file skip, and the tape stays where it is (rulings).
                passed = Ticks(0);
                reading.last = first + figures.end_of_file_gap;
                reading.last
            }
        };
        unit.distance += passed;
        reading.passes = passed;
        self.io.operation = Operation::TapeRead(reading);
        self.io.schedule(next);
        Ok(())
    }

    /// Handles the event at `at`, and the further characters of the word that are due up to `until`.
    pub(crate) fn tape_read_event(&mut self, mut at: Ticks, until: Ticks) {
        let figures = &self.config.figures.tape;
        let Operation::TapeRead(reading) = &mut self.io.operation else { return };
        match reading.phase {
            Phase::Character(first) => {
                let ahead = reading.characters_ahead().unwrap_or(0);
                let mut i = first + ahead as usize;
                let word_at = at + Ticks(ahead * figures.character.0);
                if word_at <= until {
                    at = word_at;
                } else {
                    i = first;
                    while at + figures.character <= until {
                        at += figures.character;
                        i += 1;
                    }
                }
                let passed = &reading.characters[first..=i];
                let shift_in = |mq: u64, character: &u8| mq << 6 | u64::from(*character);
                let mq = match passed.first_chunk::<6>() {
                    Some(word) => word.iter().fold(0, shift_in),
                    None => passed.iter().fold(self.cpu.mq.bits(), shift_in),
                };
                if reading.connected {
                    self.cpu.mq = Word::new(mq);
                }
                if reading.connected && reading.first_bad.is_some_and(|bad| (first..=i).contains(&bad)) {
                    self.cpu.tape_check = true;
                }
                let n = reading.characters.len();
                let (phase, next) = if i + 1 < n {
                    (Phase::Character(i + 1), at + figures.character)
                } else if !reading.connected {
                    // a record that was still coming when its CPY was late has passed
                    (Phase::Check, reading.last + figures.check_character)
                } else if !reading.is_whole() {
                    (Phase::PartialWord, reading.last)
                } else {
                    (Phase::EndOfRecord, at + figures.end_of_record)
                };
                reading.phase = phase;
                self.io.next_event = next;
                let connected = reading.connected;
                if i as u32 % 6 == 5 && connected {
                    self.tape_word(at);
                }
            }
            Phase::Grace => {
                let (phase, next) = reading.after_grace;
                let due = at - figures.tolerance;
                reading.phase = phase;
                self.io.next_event = next;
                self.tape_word_due(due);
            }
            Phase::PartialWord if self.config.devices.tape.partial_word == PartialWord::Drop => {
                // the ring does not complete: no word comes, and the check detects it
                reading.error = true;
                reading.phase = Phase::EndOfRecord;
                self.io.next_event = reading.last + figures.end_of_record;
            }
            Phase::PartialWord => {
                let missing = 6 - reading.characters.len() % 6;
                self.cpu.mq = Word::new(self.cpu.mq.bits() << (6 * missing));
                reading.phase = Phase::EndOfRecord;
                self.io.next_event = reading.last + figures.end_of_record;
                self.tape_word(at);
            }
            Phase::EndOfRecord => {
                self.io.end_of_record = true;
                reading.phase = Phase::Check;
                self.io.next_event = reading.last + figures.check_character;
            }
            Phase::EndOfFile => {
                self.io.end_of_file = true;
                reading.phase = Phase::Check;
                self.io.next_event = reading.last + figures.check_character;
            }
            Phase::Check => {
                // UNVERIFIED: a record that the program abandoned is not checked.
                if reading.error && reading.connected {
                    self.cpu.tape_check = true;
                }
                reading.phase = Phase::Release;
                self.io.next_event = at + figures.disconnect;
            }
            Phase::Release => {
                let (number, last) = (reading.number, reading.last);
                self.stopped_forward(number, last, at);
            }
        }
    }

    /// Handles a complete word: a CPY is executing, or it is late once the tolerance has passed.
    fn tape_word(&mut self, at: Ticks) {
        let tolerance = self.config.figures.tape.tolerance;
        if self.io.copying.is_none() && tolerance > Ticks(0) {
            if let Operation::TapeRead(reading) = &mut self.io.operation {
                reading.after_grace = (reading.phase, self.io.next_event);
                reading.phase = Phase::Grace;
                self.io.next_event = at + tolerance;
            }
            return;
        }
        self.tape_word_due(at);
    }

    fn tape_word_due(&mut self, at: Ticks) {
        if !self.io.meet(at) {
            // The tape runs on to the gap; nothing more goes into the MQ.
            let figures = &self.config.figures.tape;
            if let Operation::TapeRead(reading) = &mut self.io.operation {
                reading.connected = false;
                // if its end is not known yet, it continues to pass
                if !reading.is_coming() {
                    reading.phase = Phase::Check;
                    self.io.next_event = reading.last + figures.check_character;
                }
            }
        }
    }
}
