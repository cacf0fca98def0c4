//! 711 card reader: 24 words per card, 9 left, 9 right, 8 left, ... 12 right, each at the time of its row.
//!
//! A CPY must be executing when the read-write pulse of a half row begins, or the reader is disconnected and the rest of
//! the card passes unread. The word comes when the pulse ends. After the 12 row comes the end of record; the reader disconnects
//! soon after it, whether the program asks or not.

use std::collections::VecDeque;

use asm704::Word;
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::audit::Doubt;
use crate::config::options::EmptyHopper;
use crate::machine::{Flow, Machine, StopKind};
use crate::time::Ticks;

/// How many instructions after an end of file a program has shown whether it tests for one: a loader takes the words of a
/// card at once, and a program that knows the end of the deck has continued with its next work. A choice of this emulator.
pub const NO_CARD_CAME: u64 = 100;

/// An item in the hopper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Item {
    Card(Vec<Word>),
    EndOfFile,
}

/// The card reader and its hopper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CardReader {
    /// Time at which a resting clutch could engage.
    phase: Ticks,
    hopper: VecDeque<Item>,
    /// True if cards were read since the last end of file: running empty then gives one.
    runs_out: bool,
    /// When the last cycle began and when it disconnected.
    last_cycle: Option<(Ticks, Ticks)>,
    cards: u64,
    /// Instructions executed when the reader gave its last end of file, if no card was read since.
    #[serde(default)]
    ended: Option<u64>,
}

/// The next action of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    /// The pulse of this half row, 0 to 23, begins.
    HalfRow(u8),
    /// The pulse ends, and the word goes to a CPY that was executing.
    Word(u8),
    EndOfRecord,
    EndOfFile,
    Release,
}

/// A card being read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    words: Vec<Word>,
    /// The start of the cycle.
    cycle: Ticks,
    phase: Phase,
}

impl CardReader {
    pub(crate) fn set_phase(&mut self, random: u64) {
        self.phase = Ticks(random % 720_000);
    }

    /// The number of cards in the hopper.
    pub fn in_hopper(&self) -> usize {
        self.hopper.iter().filter(|item| matches!(item, Item::Card(_))).count()
    }

    /// Cards read since power on.
    pub fn cards(&self) -> u64 {
        self.cards
    }
}

impl Machine {
    /// Adds cards after those in the hopper. A card is the 24 words of its columns 1-72, in the order of
    /// [`asm704::media::card::Card::words`].
    pub fn put_cards(&mut self, cards: impl IntoIterator<Item = [Word; 24]>) {
        self.io.reader.hopper.extend(cards.into_iter().map(|card| Item::Card(card.to_vec())));
    }

    /// Adds an end of file after the cards in the hopper, as when the operator lets the reader run empty there.
    pub fn put_end_of_file(&mut self) {
        self.io.reader.hopper.push_back(Item::EndOfFile);
    }

    /// The card reader.
    pub fn card_reader(&self) -> &CardReader {
        &self.io.reader
    }

    /// True if the reader has given its end of file, and the program has executed at most [`NO_CARD_CAME`] instructions since. A
    /// program that does not test for the end of file runs on into whatever follows.
    pub fn has_just_run_out(&self) -> bool {
        let behind = self.io.reader.ended.and_then(|ended| self.instructions.checked_sub(ended));
        behind.is_some_and(|behind| behind <= NO_CARD_CAME)
    }

    pub(super) fn reader_select(&mut self, location: u16, at: Ticks) -> Flow {
        let figures = &self.config.figures.card_reader;
        let reader = &mut self.io.reader;
        if reader.hopper.is_empty() {
            self.io.audit.note(Doubt::EmptyHopper, location, self.cycle);
        }
        let item = match reader.hopper.pop_front() {
            Some(item) => item,
            None if reader.runs_out && self.config.devices.empty_hopper == EmptyHopper::EndOfFile => {
                Item::EndOfFile
            }
            None => {
                let message = format!(
                    "RDS at {location:05o} waits for the card reader: its hopper is empty after {} cards; put cards in",
                    reader.cards
                );
                return Err(self.stop(StopKind::ReaderEmpty, location, Some(message)));
            }
        };
        let running =
            reader.last_cycle.filter(|&(_, disconnected)| at - disconnected <= figures.keep_running);
        let rests = running.is_none();
        let cycle = match running.or(reader.last_cycle) {
            Some((cycle, _)) if !rests => cycle + figures.cycle,
            Some((cycle, _)) => super::clutch(at.max(cycle + figures.cycle), reader.phase, figures.clutch),
            None => super::clutch(at, reader.phase, figures.clutch),
        };
        reader.runs_out = matches!(item, Item::Card(_));
        reader.ended = (!reader.runs_out && reader.hopper.is_empty()).then_some(self.instructions);
        let (words, phase) = match item {
            Item::Card(words) => {
                reader.cards += 1;
                (words, Phase::HalfRow(0))
            }
            Item::EndOfFile => (Vec::new(), Phase::EndOfFile),
        };
        if rests {
            self.io.audit.note(Doubt::Clutch, location, self.cycle);
        }
        let first = cycle + figures.first_row;
        self.io.operation = Operation::ReadCard(Reading { words, cycle, phase });
        self.io.schedule(first);
        Ok(())
    }

    pub(super) fn reader_event(&mut self, at: Ticks) {
        let figures = &self.config.figures.card_reader;
        let Operation::ReadCard(reading) = &mut self.io.operation else { return };
        let cycle = reading.cycle;
        let row = |r: u64| cycle + figures.first_row + Ticks(r * figures.row.0);
        let end = row(11) + figures.end_of_record;
        match reading.phase {
            Phase::HalfRow(n) => {
                let (right_half, pulse) = (figures.right_half, figures.pulse);
                let disconnected = end + figures.disconnect;
                if self.io.pulse_begins(at, (n % 2 == 1).then_some(right_half)) {
                    self.reader_next(Phase::Word(n), at + pulse);
                } else {
                    self.reader_next(Phase::Release, disconnected);
                }
            }
            Phase::Word(n) => {
                let word = reading.words.get(usize::from(n)).copied().unwrap_or_default();
                let next = u64::from(n) + 1;
                let (phase, time) = match next {
                    24 => (Phase::EndOfRecord, end),
                    _ if n % 2 == 1 => (Phase::HalfRow(n + 1), row(next / 2)),
                    _ => (Phase::HalfRow(n + 1), at - figures.pulse + figures.right_half),
                };
                if self.io.pulse_ends() {
                    self.cpu.mq = word;
                }
                self.reader_next(phase, time);
            }
            Phase::EndOfRecord => {
                self.io.end_of_record = true;
                self.reader_next(Phase::Release, at + figures.disconnect);
            }
            Phase::EndOfFile => {
                self.io.end_of_file = true;
                self.reader_next(Phase::Release, at + figures.disconnect);
            }
            Phase::Release => {
                self.io.reader.last_cycle = Some((cycle, at));
                self.io.release();
            }
        }
    }

    fn reader_next(&mut self, phase: Phase, at: Ticks) {
        if let Operation::ReadCard(reading) = &mut self.io.operation {
            reading.phase = phase;
        }
        self.io.next_event = at;
    }
}
