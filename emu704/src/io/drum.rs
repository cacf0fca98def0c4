//! 733 drums: eight logical drums of 2,048 words, one word per 96 microseconds once the address has come round.
//!
//! A drum has no end of record and no end of file: it disconnects if no CPY is executing when a word passes.

use asm704::Word;
use asm704::media::drum::{DRUM_WORDS, DRUMS, DrumError};
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::audit::Doubt;
use crate::machine::{Flow, Machine, StopKind};
use crate::time::Ticks;

/// Sectors in a revolution: consecutive addresses are a sector apart, and each sector has eight (709 manual).
const SECTORS: u64 = 256;

/// All drums.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Drums {
    /// The words; none for a drum that was never mounted or written.
    words: [Option<Vec<Word>>; DRUMS as usize],
    written: [bool; DRUMS as usize],
    /// The position of each physical drum, of two logical ones, at power on.
    phases: [Ticks; DRUMS as usize / 2],
}

/// A drum that is selected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Turning {
    number: u8,
    write: bool,
    address: u16,
    /// No CPY since the select or the LDA: the drum is not yet seeking the address.
    pub(super) idle: bool,
}

impl Turning {
    /// A drum of this machine, and an address on it.
    pub(super) fn is_sound(&self) -> bool {
        (1..=DRUMS).contains(&self.number) && usize::from(self.address) < DRUM_WORDS
    }

    pub(crate) fn is_write(&self) -> bool {
        self.write
    }
}

impl Drums {
    /// True if each drum has all its words or was never written.
    pub(super) fn is_sound(&self) -> bool {
        self.words.iter().flatten().all(|words| words.len() == DRUM_WORDS)
    }

    pub(crate) fn set_phases(&mut self, mut random: impl FnMut() -> u64) {
        self.phases = std::array::from_fn(|_| Ticks(random() % (SECTORS * 288)));
    }

    /// Takes over the contents of another machine's drums, but not their positions.
    pub(crate) fn keep_words(&mut self, old: Drums) {
        self.words = old.words;
        self.written = old.written;
    }

    fn read(&self, number: u8, address: u16) -> Word {
        self.words[usize::from(number) - 1].as_ref().map_or(Word::ZERO, |words| words[usize::from(address)])
    }

    fn write(&mut self, number: u8, address: u16, word: Word) {
        let drum = usize::from(number) - 1;
        self.written[drum] = true;
        self.words[drum].get_or_insert_with(|| vec![Word::ZERO; DRUM_WORDS])[usize::from(address)] = word;
    }
}

impl Machine {
    /// The words of logical drum `number`, 1 to 8; `None` for one that was never mounted or written, whose words
    /// are zeros.
    ///
    /// # Errors
    /// The drum does not exist.
    pub fn drum(&self, number: u8) -> Result<Option<&[Word]>, DrumError> {
        Ok(self.io.drums.words[index(number)?].as_deref())
    }

    /// True if the program has written on this drum since [`Machine::set_drum`].
    ///
    /// # Errors
    /// The drum does not exist.
    pub fn drum_written(&self, number: u8) -> Result<bool, DrumError> {
        Ok(self.io.drums.written[index(number)?])
    }

    /// Sets the contents of a logical drum; missing words are zeros, words after the first 2,048 are ignored.
    ///
    /// # Errors
    /// The drum does not exist.
    pub fn set_drum(&mut self, number: u8, words: &[Word]) -> Result<(), DrumError> {
        let drum = index(number)?;
        let mut words = words.to_vec();
        words.resize(DRUM_WORDS, Word::ZERO);
        self.io.drums.words[drum] = Some(words);
        self.io.drums.written[drum] = false;
        Ok(())
    }

    /// Stops if the machine does not have this drum, which never responds.
    pub(super) fn drum_select(&mut self, location: u16, number: u8, write: bool) -> Flow {
        let drums = self.config.drums.get();
        if number > drums {
            let verb = if write { "WRS" } else { "RDS" };
            let has = match drums {
                0 => String::from("no drums"),
                1 => String::from("drum 1 only"),
                _ => format!("drums 1 to {drums}"),
            };
            let message = format!("{verb} of drum {number} at {location:05o}: the machine has {has}");
            return Err(self.stop(StopKind::Waiting, location, Some(message)));
        }
        // Without LDA the address is 0: LOAD DRUM relies on it.
        self.io.operation = Operation::Drum(Turning { number, write, address: 0, idle: true });
        self.io.schedule(Ticks::NEVER);
        Ok(())
    }

    /// LDA: the address at which the selected drum will be read or written.
    pub(crate) fn locate_drum(&mut self, word: Word) {
        let known = matches!(&self.io.operation, Operation::Drum(turning) if turning.idle);
        if !known || word.address() >= DRUM_WORDS as u16 {
            self.note(Doubt::LdaUse);
        }
        // UNVERIFIED: the low 11 bits of the address part; LDA with no drum selected does nothing, and one
        // among the CPYs makes the drum seek again.
        if let Operation::Drum(turning) = &mut self.io.operation {
            turning.address = word.address() & (DRUM_WORDS as u16 - 1);
            turning.idle = true;
            self.io.schedule(Ticks::NEVER);
        }
    }

    /// Handles a CPY that begins its ER cycles at `first_er`: a drum that waited for it seeks its address.
    pub(super) fn drum_copy_begins(&mut self, first_er: Ticks) {
        let Operation::Drum(turning) = &mut self.io.operation else { return };
        if !turning.idle {
            return;
        }
        turning.idle = false;
        for doubt in [Doubt::DrumPlaces, Doubt::DrumPhase] {
            self.io.audit.note(doubt, self.io.copy_at, self.cycle);
        }
        let figures = &self.config.figures.drum;
        let phase = self.io.drums.phases[usize::from(turning.number - 1) / 2] + figures.phase;
        let passes = next_passage(turning.address, first_er, phase, figures.word.0.max(1));
        self.io.schedule(passes);
    }

    /// Handles a word that passes the heads.
    pub(super) fn drum_event(&mut self, at: Ticks) {
        let Operation::Drum(turning) = &self.io.operation else { return };
        let (number, write, address) = (turning.number, turning.write, turning.address);
        if !self.io.meet(at) {
            self.io.release();
            return;
        }
        if write {
            self.io.drums.write(number, address, self.cpu.mq);
        } else {
            self.cpu.mq = self.io.drums.read(number, address);
        }
        if let Operation::Drum(turning) = &mut self.io.operation {
            turning.address = (address + 1) & (DRUM_WORDS as u16 - 1);
        }
        self.io.next_event = at + self.config.figures.drum.word.max(Ticks(1));
    }
}

/// The first time from `from` on at which an address passes the heads.
///
/// UNVERIFIED: that addresses of the same sector pass together. Which of a sector's eight places an address has is
/// not known; it is only known that consecutive addresses are a sector apart.
fn next_passage(address: u16, from: Ticks, phase: Ticks, word: u64) -> Ticks {
    let revolution = SECTORS * word;
    let wanted = u64::from(address) % SECTORS * word;
    let angle = (from.0 + phase.0) % revolution;
    from + Ticks((wanted + revolution - angle) % revolution)
}

fn index(number: u8) -> Result<usize, DrumError> {
    if (1..=DRUMS).contains(&number) { Ok(usize::from(number) - 1) } else { Err(DrumError::Number(number)) }
}
