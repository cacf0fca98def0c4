//! A whole word of a tape record in one step: what its six characters and the CPY that waits for it come to, where nothing
//! else can happen meanwhile. Most words of most records are such; all others take the long way, which decides.

use asm704::Word;

use super::super::{Direction, Io, NEAR, Operation};
use super::read::Phase;
use super::write::WritePhase;
use crate::time::{TICKS_PER_CYCLE, Ticks};

/// Characters of a word.
const CHARACTERS: usize = 6;

/// A word that a CPY has copied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole {
    /// The cycle after the CPY.
    pub(crate) end: u64,
    /// The word that was read; `None` if MQ was written, and takes the next word from core.
    pub(crate) read: Option<Word>,
}

impl Io {
    /// Copies a word for the CPY of a location that begins at cycle `now`, `character` being the time of one character.
    /// `None`, and nothing is done, if it takes the long way: also when the CPY would not end before cycle `limit`.
    #[inline(always)]
    pub(crate) fn copy_whole_word(
        &mut self,
        now: u64,
        limit: u64,
        character: Ticks,
        location: u16,
        mq: Word,
    ) -> Option<Whole> {
        let unit = self.selected?;
        if self.ready || self.end_of_file || self.end_of_record {
            return None;
        }
        let first_er = Ticks::cycles(now + 1);
        let at = Ticks(self.next_event.0.checked_add((CHARACTERS as u64 - 1) * character.0)?);
        let least = at.0.checked_sub(first_er.0)?;
        let end = at.0.div_ceil(TICKS_PER_CYCLE).max(now + 2) + 1;
        if least < NEAR.0 || end >= limit {
            return None;
        }
        let (read, direction) = match &mut self.operation {
            Operation::TapeRead(reading) => {
                let Phase::Character(first) = reading.phase else { return None };
                let behind = first + CHARACTERS;
                let is_whole = (first as u32).is_multiple_of(CHARACTERS as u32)
                    && behind < reading.characters.len()
                    && reading.connected
                    && reading.first_bad.is_none_or(|bad| bad >= behind);
                if !is_whole {
                    return None;
                }
                let word = reading.characters.get(first..)?.first_chunk::<CHARACTERS>()?;
                let word = word.iter().fold(0, |word, &character| word << 6 | u64::from(character));
                reading.phase = Phase::Character(behind);
                (Some(Word::new(word)), Direction::Read)
            }
            Operation::TapeWrite(writing) => {
                let is_whole = writing.phase == WritePhase::Ring
                    && writing.shifted == 0
                    && ((writing.frames.len() + CHARACTERS) as u64) < writing.left;
                if !is_whole {
                    return None;
                }
                writing.write_word(mq);
                (None, Direction::Write)
            }
            _ => return None,
        };
        self.next_event = at + character;
        self.copy_at = location;
        self.direction = direction;
        self.words += 1;
        self.slack.count(location, unit, Ticks(least));
        Some(Whole { end, read })
    }
}
