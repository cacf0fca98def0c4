//! 727 tape units behind their control.
//!
//! The MQ is the tape's character ring: while a record is read it is filled six bits at a time, while one is written
//! it rotates left six bits a character. A CPY that is not executing when a word is complete (reading) or when the
//! ring is free (writing) is late, and the unit is disconnected.

use asm704::Word;
use asm704::chars;
use asm704::media::tape::{Item, Mode, Record, TapeError, overlay, with_error_as_parity};
use serde::{Deserialize, Serialize};

use super::{Operation, Unit};
use crate::config::options::PartialWord;
use crate::machine::{Flow, Machine, StopKind};
use crate::media::Media;
use crate::time::Ticks;

/// One tape unit: where its reel stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TapeUnit {
    /// The place on the reel, as the image counts; 0 is the load point.
    pub(crate) place: u64,
    /// Tape between the load point and the head, as time at 75 inches a second.
    pub(crate) distance: Ticks,
    /// Rewinding until then.
    pub(crate) ready_at: Ticks,
    /// When the interlock went off after the last forward motion, and its last character.
    stopped: Ticks,
    last_character: Ticks,
}

impl TapeUnit {
    /// The place on the reel, as its image counts; 0 is the load point.
    pub fn place(&self) -> u64 {
        self.place
    }

    /// Feet of tape between the load point and the head.
    pub fn feet(&self) -> f64 {
        feet(self.distance)
    }
}

/// Tape that passes in a time at 75 inches a second.
fn feet(time: Ticks) -> f64 {
    time.seconds() * 75.0 / 12.0
}

/// A motion that copies nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TapeMotion {
    Backspace,
    WriteEndOfFile,
    Rewind,
}

impl TapeMotion {
    pub(crate) fn name(self) -> &'static str {
        match self {
            TapeMotion::Backspace => "BST",
            TapeMotion::WriteEndOfFile => "WEF",
            TapeMotion::Rewind => "REW",
        }
    }
}

/// What comes next while a record passes the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    /// The character of this number.
    Character(usize),
    /// The last word is short of characters: it is delivered as it is.
    PartialWord,
    EndOfRecord,
    EndOfFile,
    Check,
    Release,
    /// A word was complete and no CPY executing; a tolerance is allowed.
    Grace,
}

/// A record under the read head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    number: u8,
    /// Core codes in the mode of the select.
    characters: Vec<u8>,
    /// The first character of wrong parity.
    first_bad: Option<usize>,
    /// The longitudinal check will be wrong.
    error: bool,
    phase: Phase,
    /// When the last character passes.
    last: Ticks,
    /// No CPY was late so far.
    connected: bool,
    /// What comes behind [`Phase::Grace`], and when.
    after_grace: (Phase, Ticks),
}

/// A record under the write head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Writing {
    number: u8,
    binary: bool,
    /// Frames that have passed the head.
    frames: Vec<u8>,
    /// Characters of the present word that have passed; 6 is a free ring.
    shifted: u8,
    phase: WritePhase,
    /// Units that write the same record: WTS.
    also: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum WritePhase {
    Ring,
    /// The ring was free and no CPY executing; a tolerance is allowed.
    Grace,
    Check,
    Release,
}

/// BST or WEF on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Moving {
    number: u8,
    motion: TapeMotion,
}

impl Reading {
    /// Characters between the next event and the one with which a word is complete; `None` where that is not what
    /// comes.
    #[inline(always)]
    pub(super) fn characters_ahead(&self) -> Option<u64> {
        let Phase::Character(i) = self.phase else { return None };
        let to_the_word = 5 - i as u32 % 6;
        let to_the_end = self.characters.len().saturating_sub(1 + i) as u32;
        (to_the_word <= to_the_end).then_some(u64::from(to_the_word))
    }

    /// The last word has all of its characters.
    #[inline(always)]
    fn is_whole(&self) -> bool {
        (self.characters.len() as u32).is_multiple_of(6)
    }
}

impl Writing {
    /// Characters between the next event and the one with which the ring is free; `None` where that is not what
    /// comes.
    #[inline(always)]
    pub(super) fn characters_ahead(&self) -> Option<u64> {
        (self.phase == WritePhase::Ring).then(|| u64::from(5_u8.saturating_sub(self.shifted)))
    }
}

impl Machine {
    /// The tape unit of a number, 1 to 10.
    pub fn tape_unit(&self, number: u8) -> &TapeUnit {
        &self.io.tapes[usize::from(number) - 1]
    }

    /// A reel was taken off or put on: it stands at the load point.
    pub fn mount_at_load_point(&mut self, number: u8) {
        self.io.tapes[usize::from(number) - 1] = TapeUnit { ready_at: self.now(), ..TapeUnit::default() };
    }

    fn unit_mut(&mut self, number: u8) -> &mut TapeUnit {
        &mut self.io.tapes[usize::from(number) - 1]
    }

    fn no_reel(&self, location: u16, what: &str, number: u8) -> Box<crate::machine::Stop> {
        let message = format!("{what} at {location:05o}: no reel is mounted on tape {number}");
        self.stop(StopKind::Waiting, location, Some(message))
    }

    /// The unit is ready, unless a fault was asked for.
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

    /// From an accepted select until the first character, or until the ring is first free.
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

    pub(super) fn tape_select_read(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
        mode: Mode,
        at: Ticks,
    ) -> Flow {
        self.need_ready(location, "RDS", number)?;
        let Some(reel) = media.reel(number) else { return Err(self.no_reel(location, "RDS", number)) };
        let figures = self.config.figures.tape.clone();
        let mut place = self.tape_unit(number).place;
        let mut erased = Ticks(0);
        let item = loop {
            let begins = place;
            match reel.read_forward(place) {
                Ok(Some((Item::Gap(n), behind))) => {
                    erased += Ticks(u64::from(n) * figures.character.0);
                    place = behind;
                }
                Ok(Some((mut item, behind))) => {
                    place = behind;
                    if let Item::Record(record) = &mut item
                        && let Err(error) = self.faults.as_read(reel, number, begins, record)
                    {
                        let label = reel.label();
                        return Err(self.bad_reel(location, &label, &error));
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
        let mut reading = Reading {
            number,
            characters: Vec::new(),
            first_bad: None,
            error: false,
            phase: Phase::EndOfFile,
            last: first,
            connected: true,
            after_grace: (Phase::Release, Ticks::NEVER),
        };
        let next = match item {
            Some(Item::Record(record)) => {
                unit.place = place;
                let n = record.frames.len() as u64;
                passed += Ticks(n * figures.character.0) + figures.record_gap;
                reading.set_record(&record, mode);
                // A last word that is short of characters is due when a whole one would be: loops that keep the
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
        self.io.operation = Operation::TapeRead(reading);
        self.io.schedule(next);
        Ok(())
    }

    /// The event at `at`, and with it the further characters of the word that are due up to `until`.
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
                self.cpu.mq = Word::new(mq);
                if reading.first_bad.is_some_and(|bad| (first..=i).contains(&bad)) {
                    self.cpu.tape_check = true;
                }
                let n = reading.characters.len();
                let (phase, next) = if i + 1 < n {
                    (Phase::Character(i + 1), at + figures.character)
                } else if !reading.is_whole() {
                    (Phase::PartialWord, reading.last)
                } else {
                    (Phase::EndOfRecord, at + figures.end_of_record)
                };
                reading.phase = phase;
                self.io.next_event = next;
                if i as u32 % 6 == 5 {
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
                // the ring does not complete: no word comes, and the check finds it
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
                // UNVERIFIED: a record that the program let go is not checked.
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

    /// A word of a record is complete: a CPY is executing, or it is late once the tolerance has passed.
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
            // The tape runs on to the gap; nothing more comes into the MQ.
            let figures = &self.config.figures.tape;
            if let Operation::TapeRead(reading) = &mut self.io.operation {
                reading.connected = false;
                reading.phase = Phase::Check;
                self.io.next_event = reading.last + figures.check_character;
            }
        }
    }

    fn stopped_forward(&mut self, number: u8, last_character: Ticks, at: Ticks) {
        let unit = self.unit_mut(number);
        unit.stopped = at;
        unit.last_character = last_character;
        self.io.release();
    }

    pub(super) fn tape_select_write(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
        mode: Mode,
        at: Ticks,
    ) -> Flow {
        self.need_ring(media, location, "WRS", number)?;
        let free = self.forward_start(number, at);
        self.io.operation = Operation::TapeWrite(Writing {
            number,
            binary: mode == Mode::Binary,
            frames: Vec::new(),
            shifted: 6,
            phase: WritePhase::Ring,
            also: Vec::new(),
        });
        self.io.schedule(free);
        Ok(())
    }

    /// WTS: a tape that writes the record of the unit selected before, too. False when no tape is selected for
    /// writing that waits for its first CPY.
    ///
    /// UNVERIFIED: all of it; only the name, write tape simultaneously, and the addresses are known.
    pub(super) fn tape_write_too(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
    ) -> Result<bool, Box<crate::machine::Stop>> {
        let (next, words, at) = (self.io.next_event, self.io.words, self.now() + Ticks::CYCLE + Ticks::CYCLE);
        let Operation::TapeWrite(writing) = &self.io.operation else { return Ok(false) };
        if words > 0
            || writing.phase != WritePhase::Ring
            || writing.number == number
            || self.tape_unit(number).ready_at > at
        {
            return Ok(false);
        }
        self.need_ring(media, location, "WTS", number)?;
        let free = self.forward_start(number, at);
        if let Operation::TapeWrite(writing) = &mut self.io.operation {
            writing.also.push(number);
        }
        self.io.schedule(next.max(free));
        Ok(true)
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

    /// The event at `at`, and with it the further characters of the word that are due up to `until`.
    pub(crate) fn tape_write_event(&mut self, media: &mut dyn Media, mut at: Ticks, until: Ticks) -> Flow {
        let figures = &self.config.figures.tape;
        let Operation::TapeWrite(writing) = &mut self.io.operation else { return Ok(()) };
        match writing.phase {
            WritePhase::Ring | WritePhase::Grace => {
                if writing.shifted < 6 {
                    let codes = &FRAMES[usize::from(writing.binary)];
                    let ring = self.cpu.mq.bits();
                    let place = |n: u32| codes[(ring >> (30 - 6 * n)) as usize & 63];
                    let left = u32::from(6 - writing.shifted);
                    let free_at = at + Ticks(u64::from(left - 1) * figures.character.0);
                    let mut n = 1;
                    if free_at <= until {
                        at = free_at;
                        n = left;
                    } else {
                        while at + figures.character <= until {
                            at += figures.character;
                            n += 1;
                        }
                    }
                    if n == 6 {
                        // the ring has gone round
                        writing.frames.extend_from_slice(&[
                            place(0),
                            place(1),
                            place(2),
                            place(3),
                            place(4),
                            place(5),
                        ]);
                    } else {
                        writing.frames.extend((0..n).map(place));
                        self.cpu.mq = Word::new(ring << (6 * n) | ring >> (36 - 6 * n));
                    }
                    writing.shifted += n as u8;
                    if n < left {
                        self.io.next_event = at + figures.character;
                        return Ok(());
                    }
                }
                let empty = writing.frames.is_empty();
                let grace = writing.phase == WritePhase::Grace;
                if !grace && self.io.copying.is_none() && figures.tolerance > Ticks(0) {
                    writing.phase = WritePhase::Grace;
                    self.io.next_event = at + figures.tolerance;
                    return Ok(());
                }
                let due = if grace { at - figures.tolerance } else { at };
                if self.io.meet(due) {
                    if let Operation::TapeWrite(writing) = &mut self.io.operation {
                        writing.shifted = 0;
                        writing.phase = WritePhase::Ring;
                    }
                    self.io.next_event = due + figures.character;
                } else {
                    let (phase, next) = if empty {
                        (WritePhase::Release, at + figures.disconnect)
                    } else {
                        (WritePhase::Check, at + figures.check_character)
                    };
                    if let Operation::TapeWrite(writing) = &mut self.io.operation {
                        writing.phase = phase;
                    }
                    self.io.next_event = next;
                }
                Ok(())
            }
            WritePhase::Check => {
                writing.phase = WritePhase::Release;
                self.io.next_event = at + figures.disconnect;
                Ok(())
            }
            WritePhase::Release => {
                let writing = writing.clone();
                self.finish_record(media, writing, at)
            }
        }
    }

    /// The record is complete: it reaches the reel.
    fn finish_record(&mut self, media: &mut dyn Media, writing: Writing, at: Ticks) -> Flow {
        let figures = self.config.figures.tape.clone();
        let number = writing.number;
        let n = writing.frames.len() as u64;
        let item = if n == 0 {
            // A select without a CPY: tape was erased while it ran. UNVERIFIED: how much; the time it moved.
            Item::Gap(((figures.start + figures.disconnect).0 / figures.character.0) as u32)
        } else {
            Item::Record(Record { frames: writing.frames, error: false })
        };
        let passed = Ticks(n * figures.character.0) + figures.record_gap;
        let last = at - figures.disconnect - figures.check_character;
        for &number in &writing.also {
            self.record_item(media, number, &item, passed)?;
        }
        self.record_item(media, number, &item, passed)?;
        // the record is on the reel: whatever comes next, it is not written again
        self.stopped_forward(number, last, at);
        writing.also.iter().chain([&number]).try_for_each(|&number| self.check_reel_end(number))
    }

    /// Puts an item on the reel where it stands; what followed is gone. The reel stands behind it.
    fn record_item(&mut self, media: &mut dyn Media, number: u8, item: &Item, passed: Ticks) -> Flow {
        let location = self.cpu.ic;
        let place = self.tape_unit(number).place;
        let Some(reel) = media.reel(number) else { return Err(self.no_reel(location, "writing", number)) };
        let behind = match reel.write(place, std::slice::from_ref(item)) {
            Ok(behind) => behind,
            Err(error) => {
                let label = reel.label();
                return Err(self.bad_reel(location, &label, &error));
            }
        };
        self.faults.written(number);
        let figures = &self.config.figures.tape;
        let spot = figures.reel - figures.end_of_reel_spot;
        let load_point = figures.load_point;
        let unit = self.unit_mut(number);
        if unit.distance == Ticks(0) {
            unit.distance += load_point;
        }
        unit.distance += passed;
        unit.place = behind;
        if unit.distance > spot {
            self.cpu.end_of_tape = true;
        }
        Ok(())
    }

    /// The tape has not left the reel.
    fn check_reel_end(&mut self, number: u8) -> Flow {
        let end = self.config.figures.tape.reel + self.config.figures.tape.beyond_reel;
        if self.tape_unit(number).distance > end {
            let location = self.cpu.ic;
            let message = format!("tape {number} has run off its reel at {:.0} feet", feet(end));
            return Err(self.stop(StopKind::Waiting, location, Some(message)));
        }
        Ok(())
    }

    pub(super) fn tape_motion(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
        _mode: Mode,
        motion: TapeMotion,
        at: Ticks,
    ) -> Flow {
        let figures = self.config.figures.tape.clone();
        match motion {
            TapeMotion::Rewind => {
                self.need_ready(location, "REW", number)?;
                if media.reel(number).is_none() {
                    return Err(self.no_reel(location, "REW", number));
                }
                let unit = self.unit_mut(number);
                let low = unit.distance.min(figures.rewind_low);
                // 500 inches a second beyond that, against 75.
                let high = Ticks((unit.distance - low).0 * 75 / 500);
                *unit = TapeUnit { ready_at: at + low + high, ..TapeUnit::default() };
                Ok(())
            }
            TapeMotion::WriteEndOfFile => {
                self.need_ring(media, location, "WEF", number)?;
                self.io.operation = Operation::TapeMotion(Moving { number, motion });
                self.io.schedule(at + figures.end_of_file_gap + figures.check_character + figures.disconnect);
                Ok(())
            }
            TapeMotion::Backspace => {
                self.need_ready(location, "BST", number)?;
                let place = self.tape_unit(number).place;
                let Some(reel) = media.reel(number) else {
                    return Err(self.no_reel(location, "BST", number));
                };
                let mut before = place;
                let mut passed = Ticks(0);
                loop {
                    match reel.read_backward(before) {
                        Ok(Some((item, start))) => {
                            before = start;
                            match item {
                                Item::Gap(n) => {
                                    passed += Ticks(u64::from(n) * figures.character.0);
                                    continue;
                                }
                                Item::Mark => passed += figures.end_of_file_gap + figures.record_gap,
                                Item::Record(r) => {
                                    passed += Ticks(r.frames.len() as u64 * figures.character.0)
                                        + figures.record_gap;
                                }
                            }
                            break;
                        }
                        Ok(None) => break,
                        Err(error) => {
                            let label = reel.label();
                            return Err(self.bad_reel(location, &label, &error));
                        }
                    }
                }
                if before == place {
                    // At the load point: no motion, ends at once.
                    return Ok(());
                }
                let unit = self.unit_mut(number);
                unit.place = before;
                unit.distance = if before == 0 { Ticks(0) } else { unit.distance - passed };
                unit.stopped = Ticks(0);
                self.io.operation = Operation::TapeMotion(Moving { number, motion });
                self.io.schedule(at + figures.backspace + passed);
                Ok(())
            }
        }
    }

    pub(super) fn tape_motion_event(&mut self, media: &mut dyn Media) -> Flow {
        let Operation::TapeMotion(moving) = &self.io.operation else { return Ok(()) };
        let (number, motion) = (moving.number, moving.motion);
        self.io.release();
        if motion == TapeMotion::WriteEndOfFile {
            let figures = &self.config.figures.tape;
            let passed = figures.end_of_file_gap + figures.record_gap;
            self.record_item(media, number, &Item::Mark, passed)?;
            self.check_reel_end(number)?;
        }
        Ok(())
    }

    /// The power fails while a record is written: what has passed the head stays, without check character or gap,
    /// and behind it what the old recording left (rulings).
    pub(crate) fn cut_tape(&mut self, media: &mut dyn Media, _at: Ticks) -> Flow {
        let Operation::TapeWrite(writing) = &self.io.operation else { return Ok(()) };
        if writing.frames.is_empty() {
            return Ok(());
        }
        let units: Vec<u8> = writing.also.iter().copied().chain([writing.number]).collect();
        for number in units {
            self.cut_reel(media, number)?;
        }
        Ok(())
    }

    /// [`Machine::cut_tape`] for one of the units that write the record.
    fn cut_reel(&mut self, media: &mut dyn Media, number: u8) -> Flow {
        let Operation::TapeWrite(writing) = &self.io.operation else { return Ok(()) };
        let frames = writing.frames.clone();
        // Past the check character the record is whole; only the gap is missing.
        let whole = writing.phase == WritePhase::Release;
        let place = self.tape_unit(number).place;
        let Some(reel) = media.reel(number) else { return Ok(()) };
        let cut = (|| {
            let mut old = Vec::new();
            let mut at = place;
            while let Some((item, behind)) = reel.read_forward(at)? {
                old.push(item);
                at = behind;
            }
            let items = if whole {
                vec![Item::Record(Record { frames, error: false })]
            } else {
                let mut items = overlay(&old, &frames);
                if !reel.has_error_bit()
                    && let Some(Item::Record(record)) = items.first_mut()
                {
                    *record = with_error_as_parity(record, frames.len());
                }
                items
            };
            reel.write(place, &items)
        })();
        match cut {
            Ok(_) => Ok(()),
            Err(error) => {
                let label = reel.label();
                Err(self.bad_reel(self.cpu.ic, &label, &error))
            }
        }
    }

    /// Characters of the record now under the write head that have passed it; 0 when nothing is written.
    pub fn characters_written(&self) -> usize {
        match &self.io.operation {
            Operation::TapeWrite(writing) => writing.frames.len(),
            _ => 0,
        }
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

impl Reading {
    fn set_record(&mut self, record: &Record, mode: Mode) {
        self.error = record.error;
        self.characters = record
            .frames
            .iter()
            .map(|&f| if mode == Mode::Bcd { chars::tape_to_core(f & 0o77) } else { f & 0o77 })
            .collect();
        let odd = mode == Mode::Binary;
        self.first_bad = record.frames.iter().position(|f| ((f & 0o177).count_ones() % 2 == 1) != odd);
    }
}

/// The seven bits on tape of a character from the ring: in BCD, and in binary.
static FRAMES: [[u8; 64]; 2] = {
    let mut frames = [[0; 64]; 2];
    let mut character = 0;
    while character < 64 {
        let bcd = chars::core_to_tape(character as u8);
        frames[0][character] = bcd | if bcd.count_ones() % 2 == 1 { 0o100 } else { 0 };
        let binary = character as u8;
        frames[1][character] = binary | if binary.count_ones() % 2 == 1 { 0 } else { 0o100 };
        character += 1;
    }
    frames
};
