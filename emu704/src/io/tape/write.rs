//! Writing: the MQ rotates left six bits per character, and the record reaches the reel when it is complete. If no CPY is
//! executing when the ring is free, it is late, and that ends the record.

use asm704::Word;
use asm704::chars;
use asm704::media::tape::{Item, Mode, Record, Spacing};
use serde::{Deserialize, Serialize};

use super::super::Operation;
use crate::audit::Doubt;
use crate::machine::{Flow, Machine};
use crate::media::wire::WireError;
use crate::media::{Media, Overwriting};
use crate::time::Ticks;

/// Room for the frames of a short record from the beginning.
const USUAL: usize = 256;

/// A record under the write head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Writing {
    pub(in crate::io) number: u8,
    pub(super) binary: bool,
    /// Frames that have passed the head.
    pub(super) frames: Vec<u8>,
    /// Characters of the present word that have passed; at 6 the ring is free.
    pub(super) shifted: u8,
    pub(super) phase: WritePhase,
    /// Other units that write the same record: WTS.
    pub(in crate::io) also: Vec<u8>,
    /// Characters until the tape runs off its reel, give or take a word.
    #[serde(default = "anything")]
    pub(super) left: u64,
}

fn anything() -> u64 {
    u64::MAX
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum WritePhase {
    Ring,
    /// The ring was free and no CPY was executing; a tolerance is allowed.
    Grace,
    Check,
    Release,
}

impl Writing {
    /// Characters between the next event and the one at which the ring is free; `None` if it will not be
    /// free.
    #[inline(always)]
    pub(in crate::io) fn characters_ahead(&self) -> Option<u64> {
        (self.phase == WritePhase::Ring).then(|| u64::from(5_u8.saturating_sub(self.shifted)))
    }

    /// All characters of a word: the ring goes round once, and MQ is what it was.
    #[inline(always)]
    pub(super) fn write_word(&mut self, mq: Word) {
        let frames = if self.binary {
            binary_frames(mq)
        } else {
            [0, 1, 2, 3, 4, 5].map(|n| FRAMES[0][(mq.bits() >> (30 - 6 * n)) as usize & 63])
        };
        self.frames.extend_from_slice(&frames);
    }
}

impl Machine {
    pub(in crate::io) fn tape_select_write(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
        mode: Mode,
        at: Ticks,
    ) -> Flow {
        if media.wire(number).is_none() {
            self.need_ring(media, location, "WRS", number)?;
        }
        let free = self.forward_start(number, at);
        self.io.operation = Operation::TapeWrite(Writing {
            number,
            binary: mode == Mode::Binary,
            frames: Vec::with_capacity(USUAL),
            shifted: 6,
            phase: WritePhase::Ring,
            also: Vec::new(),
            left: self.characters_left(number),
        });
        self.io.schedule(free);
        Ok(())
    }

    /// How many characters a record can have before the tape runs off its reel.
    fn characters_left(&mut self, number: u8) -> u64 {
        let figures = &self.config.figures.tape;
        let (end, character) = (figures.reel + figures.beyond_reel, figures.character.0.max(1));
        let distance = self.tape_unit(number).distance;
        end.0.saturating_sub(distance.0) / character + 1
    }

    /// WTS: another tape writes the record of the unit selected before. False unless a tape is selected for
    /// writing and waits for its first CPY.
    ///
    /// UNVERIFIED: all of it; only the name, write tape simultaneously, and the addresses are known.
    pub(in crate::io) fn tape_write_too(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
    ) -> Result<bool, Box<crate::machine::Stop>> {
        if media.wire(number).is_some() {
            let refused = WireError::Refused("it writes no record of another unit");
            return Err(self.no_wire(media, location, "WTS", number, &refused));
        }
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
        let left = self.characters_left(number);
        if let Operation::TapeWrite(writing) = &mut self.io.operation {
            writing.left = writing.left.min(left);
            writing.also.push(number);
        }
        self.io.schedule(next.max(free));
        Ok(true)
    }

    /// Handles the event at `at`, and the further characters of the word that are due up to `until`.
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
                        writing.write_word(self.cpu.mq);
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
                let runs_off = writing.frames.len() as u64 >= writing.left;
                if runs_off {
                    // no more of the record reaches the tape
                    self.io.selected = None;
                }
                if !runs_off && self.io.meet(due) {
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

    /// Completes the record: it reaches the reel.
    fn finish_record(&mut self, media: &mut dyn Media, writing: Writing, at: Ticks) -> Flow {
        let figures = self.config.figures.tape.clone();
        let number = writing.number;
        let n = writing.frames.len() as u64;
        let (item, passed) = if n == 0 {
            // A select without a CPY: tape was erased while it ran. UNVERIFIED: how much; here it is the time it moved.
            let passed = figures.start + figures.disconnect;
            (Item::Gap((passed.0 / figures.character.0) as u32), passed)
        } else {
            let passed = Ticks(n * figures.character.0) + figures.record_gap;
            (Item::Record(Record { frames: writing.frames, error: false }), passed)
        };
        let last = at - figures.disconnect - figures.check_character;
        for &number in &writing.also {
            self.record_item(media, number, &item, passed)?;
        }
        let recorded = self.record_item(media, number, &item, passed);
        if media.wire(number).is_none() {
            recorded.clone()?;
        }
        // the record is on the reel, or has passed on the wire: it must not be written again
        self.stopped_forward(number, last, at);
        recorded?;
        writing.also.iter().chain([&number]).try_for_each(|&number| self.check_reel_end(number))
    }

    /// How this machine's units write over an old recording.
    pub(super) fn overwriting(&self) -> Overwriting {
        let figures = &self.config.figures.tape;
        let characters = |length: Ticks| length.0 / figures.character.0.max(1);
        let spacing = Spacing {
            gap: characters(figures.record_gap),
            mark_gap: characters(figures.end_of_file_gap),
            check: characters(figures.check_character),
            ahead: characters(figures.erase_ahead),
        };
        Overwriting { spacing, old: self.config.old_recording }
    }

    /// Writes an item at the reel's place; the recording that it covers is lost. The reel is then after it.
    pub(super) fn record_item(
        &mut self,
        media: &mut dyn Media,
        number: u8,
        item: &Item,
        passed: Ticks,
    ) -> Flow {
        let location = self.cpu.ic;
        if let Some(wire) = media.wire(number) {
            let ended = match item {
                Item::Record(record) => wire.end(&record.frames, true),
                _ => wire.end(&[], true),
            };
            let load_point = self.config.figures.tape.load_point;
            let unit = self.unit_mut(number);
            unit.place += 1;
            // there is no end of the reel
            unit.distance = load_point;
            return ended.map_err(|error| self.no_wire(media, location, "WRS", number, &error));
        }
        let place = self.tape_unit(number).place;
        let over = self.overwriting();
        let Some(reel) = media.reel(number) else { return Err(self.no_reel(location, "writing", number)) };
        let written = match reel.write_over(place, std::slice::from_ref(item), &over) {
            Ok(written) => written,
            Err(error) => {
                let label = reel.label();
                return Err(self.bad_reel(location, &label, &error));
            }
        };
        if written.old_behind {
            self.note(Doubt::EraseAhead);
        }
        self.faults.written(number);
        let figures = &self.config.figures.tape;
        let spot = figures.reel - figures.end_of_reel_spot;
        let load_point = figures.load_point;
        let unit = self.unit_mut(number);
        if unit.distance == Ticks(0) {
            unit.distance += load_point;
        }
        unit.distance += passed;
        unit.place = written.behind;
        if unit.distance > spot {
            self.cpu.end_of_tape = true;
        }
        Ok(())
    }

    /// How many characters of the record under the write head have passed it; 0 if nothing is being written.
    pub fn characters_written(&self) -> usize {
        match &self.io.operation {
            Operation::TapeWrite(writing) => writing.frames.len(),
            _ => 0,
        }
    }
}

/// The frames of a word in binary, all at once: each with the bit that makes the number of its ones odd.
#[inline(always)]
fn binary_frames(word: Word) -> [u8; 6] {
    /// The lowest bit of each frame.
    const EACH: u64 = 0x0101_0101_0101;
    let halves = word.bits() & 0o777_777 | word.bits() >> 18 << 24;
    let frames = halves & 0x3f00_003f | (halves & 0xf_c000_0fc0) << 2 | (halves & 0x3f0_0003_f000) << 4;
    // bits of the frame before come in above the lowest three, where nobody looks
    let threes = frames ^ frames >> 3;
    let even = !(threes ^ threes >> 1 ^ threes >> 2) & EACH;
    let [_, _, frames @ ..] = (frames | even << 6).to_be_bytes();
    frames
}

/// The seven bits on tape for a character from the ring: in BCD, and in binary.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_binary_is_six_frames_of_the_table() {
        for shift in 0..36 {
            for character in 0..64_u64 {
                let word =
                    Word::new(character << shift | character >> (36 - shift).min(63) | 0o123 << (35 - shift));
                let expected =
                    [30, 24, 18, 12, 6, 0].map(|place| FRAMES[1][(word.bits() >> place) as usize & 63]);
                assert_eq!(binary_frames(word), expected, "{word:?}");
            }
        }
    }
}
