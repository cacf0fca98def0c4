//! Whole words of a tape record, one CPY after the other: what six characters and the CPY that waits for them come to, where
//! nothing else can happen meanwhile. Most words of most records are such; all others take the long way, which decides.

use std::slice;

use asm704::Word;

use super::super::slack::{Slack, Slacks};
use super::super::{Direction, Io, NEAR, Operation, Unit};
use super::read::Phase;
use super::write::{WritePhase, Writing};
use crate::time::{TICKS_PER_CYCLE, Ticks};

/// Characters of a word.
const CHARACTERS: usize = 6;

/// The record under the head, taken apart so that a word costs little. Nothing else can look at the unit before
/// [`WholeWords::put_back`] has brought it up to date.
pub(crate) struct WholeWords<'a> {
    record: Record<'a>,
    /// How many more words can be copied here, and how many could at first.
    left: u64,
    most: u64,
    /// When the last character of the next word has passed.
    due: RoundedUp,
    /// The time of a word, and of the five characters before its last.
    word: RoundedUp,
    five: Ticks,
    /// The CPY that copies now; what was left at its first word; the least slack of its words.
    at: u16,
    left_at_first: u64,
    least: Ticks,
    unit: Unit,
    next_event: &'a mut Ticks,
    copy_at: &'a mut u16,
    direction: &'a mut Direction,
    words: &'a mut u64,
    slack: &'a mut Slacks,
}

enum Record<'a> {
    /// The words to come, and the phase that counts the characters passed.
    Read(slice::Iter<'a, [u8; CHARACTERS]>, &'a mut Phase),
    Write(&'a mut Writing),
}

/// A time in cycles, and the ticks by which it was rounded up, less than a cycle: nothing has to be divided for the next one.
#[derive(Clone, Copy)]
struct RoundedUp {
    cycle: u64,
    by: u64,
}

impl RoundedUp {
    fn of(time: Ticks) -> RoundedUp {
        let cycle = time.0.div_ceil(TICKS_PER_CYCLE);
        RoundedUp { cycle, by: cycle * TICKS_PER_CYCLE - time.0 }
    }

    fn exact(self) -> Ticks {
        Ticks(self.cycle * TICKS_PER_CYCLE - self.by)
    }

    #[inline(always)]
    fn and(self, more: RoundedUp) -> RoundedUp {
        let (cycle, by) = (self.cycle + more.cycle, self.by + more.by);
        if by < TICKS_PER_CYCLE {
            RoundedUp { cycle, by }
        } else {
            RoundedUp { cycle: cycle - 1, by: by - TICKS_PER_CYCLE }
        }
    }
}

impl Io {
    /// The record under the head of the selected tape, `character` being the time of one character. A word counts if another
    /// could still follow it before cycle `limit`. `None` if the next word does not count, is not whole, or comes another way.
    pub(crate) fn whole_words(&mut self, character: Ticks, limit: u64) -> Option<WholeWords<'_>> {
        let unit = self.selected?;
        if self.ready || self.end_of_file || self.end_of_record || self.next_event == Ticks::NEVER {
            return None;
        }
        let (record, left) = match &mut self.operation {
            Operation::TapeRead(reading) => {
                let Phase::Character(first) = reading.phase else { return None };
                if !first.is_multiple_of(CHARACTERS) || !reading.connected {
                    return None;
                }
                let characters = reading.characters.get(first..)?;
                // the last word, and one with a wrong character, go the long way
                let behind = characters.len().saturating_sub(1);
                let good = reading.first_bad.map_or(behind, |bad| bad.saturating_sub(first).min(behind));
                (Record::Read(characters.as_chunks().0.iter(), &mut reading.phase), good / CHARACTERS)
            }
            Operation::TapeWrite(writing) => {
                if writing.phase != WritePhase::Ring || writing.shifted != 0 {
                    return None;
                }
                let room = writing.left.saturating_sub(writing.frames.len() as u64 + 1);
                (Record::Write(writing), room as usize / CHARACTERS)
            }
            _ => return None,
        };
        let word = RoundedUp::of(Ticks(character.0.checked_mul(CHARACTERS as u64)?));
        let five = Ticks(character.0 * (CHARACTERS as u64 - 1));
        let due = RoundedUp::of(Ticks(self.next_event.0.checked_add(five.0)?));
        let in_time = limit.saturating_sub(due.cycle + 1) / word.cycle.max(1);
        let left = in_time.min(left as u64);
        let (next_event, copy_at, direction) = (&mut self.next_event, &mut self.copy_at, &mut self.direction);
        let (words, slack) = (&mut self.words, &mut self.slack);
        (left > 0).then_some(WholeWords {
            record,
            left,
            most: left,
            due,
            word,
            five,
            at: 0,
            left_at_first: left,
            least: Ticks::NEVER,
            unit,
            next_event,
            copy_at,
            direction,
            words,
            slack,
        })
    }
}

impl WholeWords<'_> {
    /// The cycles of a word, rounded up.
    pub(crate) fn cycles(&self) -> u64 {
        self.word.cycle
    }

    /// The cycle at which the last character of the next word has passed.
    #[inline(always)]
    pub(crate) fn due(&self) -> u64 {
        self.due.cycle
    }

    /// Copies the next word for the CPY of a location that begins at cycle `now`: its E cycle is the one after
    /// [`WholeWords::due`]. `None`, and nothing is done, if the CPY takes the long way.
    #[inline(always)]
    pub(crate) fn copy(&mut self, now: u64, location: u16, mq: Word) -> Option<WholeWord> {
        // from the first ER cycle
        let cycles = self.due.cycle.wrapping_sub(now + 1).cast_signed();
        let least = cycles * Ticks::CYCLE.0.cast_signed() - self.due.by.cast_signed();
        if self.left == 0 || least < NEAR.0.cast_signed() {
            return None;
        }
        let copied = match &mut self.record {
            Record::Read(words, _) => {
                let word = words.next()?.iter().fold(0, |word, &character| word << 6 | u64::from(character));
                WholeWord::Read(Word::new(word))
            }
            Record::Write(writing) => {
                writing.write_word(mq);
                WholeWord::Written
            }
        };
        if location != self.at {
            self.copies_from(location);
        }
        let least = Ticks(least.cast_unsigned());
        if least < self.least {
            self.least = least;
        }
        self.left -= 1;
        self.due = self.due.and(self.word);
        Some(copied)
    }

    /// Counts the words of the CPY before; the next one comes from `location`.
    #[inline(never)]
    fn copies_from(&mut self, location: u16) {
        let words = self.left_at_first - self.left;
        if words > 0 {
            self.slack.count(self.at, Slack { unit: self.unit, words, least: self.least });
        }
        (self.at, self.left_at_first, self.least) = (location, self.left, Ticks::NEVER);
    }

    /// Brings the unit up to date.
    pub(crate) fn put_back(mut self) {
        let copied = self.most - self.left;
        if copied == 0 {
            return;
        }
        *self.copy_at = self.at;
        self.copies_from(0);
        *self.words += copied;
        *self.next_event = self.due.exact() - self.five;
        *self.direction = match self.record {
            Record::Read(_, phase) => {
                if let Phase::Character(first) = phase {
                    *first += CHARACTERS * copied as usize;
                }
                Direction::Read
            }
            Record::Write(_) => Direction::Write,
        };
    }
}

/// A word that a CPY has copied.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WholeWord {
    /// From the tape.
    Read(Word),
    /// From MQ, which takes the next word from core.
    Written,
}
