//! The operator's panel: its switches and keys, and what each does (GATE, MAN).
//!
//! [`Machine::press`] is a key; a key that is ineffective in the present position of the AUTOMATIC-MANUAL switch does
//! nothing. A key that sets the machine going says so: the caller then calls [`Machine::run`].

use std::fmt;
use std::str::FromStr;

use asm704::Word;
use asm704::isa::{Op, decode_major};
use serde::{Deserialize, Serialize};

use crate::machine::{Halted, LoadKey, Machine, Stop, StopKind};
use crate::media::Media;
use crate::time::Ticks;

/// How long the switch to MANUAL waits for the selected unit, in machine cycles: a minute. The longest record that a
/// program can want, 32,768 words, takes 13 seconds.
pub const MANUAL_WAITS: u64 = 5_000_000;

/// Switches, keys and the lights that are not registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Console {
    /// Sense switches 1 to 6; true is down.
    pub sense_switches: [bool; 6],
    /// The 36 entry keys.
    pub keys: Word,
    /// The AUTOMATIC-MANUAL switch stands on AUTOMATIC.
    pub automatic: bool,
    /// PROGRAM STOP light: a HTR or HPR has stopped the machine.
    pub program_stop: bool,
    /// The row of INDEX lights: the index register that was displayed last.
    pub index_lights: u16,
}

impl Default for Console {
    fn default() -> Console {
        Console {
            sense_switches: [false; 6],
            keys: Word::ZERO,
            automatic: true,
            program_stop: false,
            index_lights: 0,
        }
    }
}

/// A key of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// START.
    Start,
    /// RESET: registers and indicators, not core.
    Reset,
    /// CLEAR: RESET, and core to zeros.
    Clear,
    /// LOAD CARDS, LOAD TAPE, LOAD DRUM.
    Load(LoadKey),
    /// ENTER MQ: the entry keys go to MQ.
    EnterMq,
    /// ENTER INSTRUCTION: the entry keys are executed once.
    EnterInstruction,
    /// DISPLAY STORAGE: the word at the address in the keys, in the storage register.
    DisplayStorage,
    /// DISPLAY EFFECTIVE ADDRESS: of the word in the storage register.
    DisplayEffectiveAddress,
    /// DISPLAY A, B, C: index register 0, 1, 2 in the index lights.
    DisplayIndex(u8),
    /// SINGLE STEP: one whole instruction.
    SingleStep,
    /// MULTIPLE STEP: instructions at a slow rate while it is held; each call is one of them.
    MultipleStep,
}

/// The keys by the names that people type.
const KEYS: [(&str, Key); 15] = [
    ("start", Key::Start),
    ("reset", Key::Reset),
    ("clear", Key::Clear),
    ("load-cards", Key::Load(LoadKey::Cards)),
    ("load-tape", Key::Load(LoadKey::Tape)),
    ("load-drum", Key::Load(LoadKey::Drum)),
    ("enter-mq", Key::EnterMq),
    ("enter-instruction", Key::EnterInstruction),
    ("display-storage", Key::DisplayStorage),
    ("display-effective-address", Key::DisplayEffectiveAddress),
    ("display-a", Key::DisplayIndex(0)),
    ("display-b", Key::DisplayIndex(1)),
    ("display-c", Key::DisplayIndex(2)),
    ("single-step", Key::SingleStep),
    ("multiple-step", Key::MultipleStep),
];

impl FromStr for Key {
    type Err = ();

    /// A key by its legend, in small or capital letters, with hyphens or blanks.
    fn from_str(text: &str) -> Result<Key, ()> {
        let name = text.to_ascii_lowercase().replace(' ', "-");
        KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key).ok_or(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KEYS.iter().find(|(_, key)| key == self).map_or("key", |(name, _)| name))
    }
}

/// What a key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// Nothing: it is ineffective as the AUTOMATIC-MANUAL switch or the lights stand.
    Ineffective,
    /// Its work.
    Done,
    /// The machine goes: [`Machine::run`] follows.
    Runs,
    /// An instruction that it executed stopped the machine.
    Stopped(Stop),
}

/// Steps of MULTIPLE STEP follow each other after this time: two single shots of 50 ms (GATE).
pub const MULTIPLE_STEP: Ticks = Ticks::millis(100);

impl Machine {
    /// A key of the panel.
    pub fn press(&mut self, key: Key, media: &mut dyn Media) -> Pressed {
        let automatic = self.console.automatic;
        match key {
            _ if !self.has_power() => Pressed::Ineffective,
            Key::Start if !automatic => {
                self.console.program_stop = false;
                Pressed::Done
            }
            Key::Start => {
                self.start(media);
                Pressed::Runs
            }
            Key::Reset => {
                self.reset(media);
                Pressed::Done
            }
            Key::Clear if automatic => {
                self.clear(media);
                Pressed::Done
            }
            Key::Load(load) if automatic => {
                self.load(media, load);
                Pressed::Runs
            }
            Key::EnterMq if !automatic => {
                self.cpu.sr = self.console.keys;
                self.cpu.mq = self.console.keys;
                Pressed::Done
            }
            Key::EnterInstruction if !automatic => stopped(self.enter_instruction(media)),
            Key::DisplayStorage if !automatic => {
                self.cpu.sr = self.core.peek(self.console.keys.address());
                self.cpu.ir = Word::ZERO;
                Pressed::Done
            }
            Key::DisplayEffectiveAddress if !automatic => {
                // For any word, type A too; what else stood in the storage register is lost.
                let y = self.effective(self.cpu.sr);
                self.cpu.sr = Word::ZERO.with_address(y);
                Pressed::Done
            }
            Key::DisplayIndex(n @ 0..=2) if !automatic => {
                self.console.index_lights = self.cpu.xr[usize::from(n)];
                Pressed::Done
            }
            Key::SingleStep | Key::MultipleStep if !automatic && !self.console.program_stop => {
                stopped(self.single_step(media))
            }
            // With PROGRAM STOP lit nothing steps until START has put it out (GATE).
            _ => Pressed::Ineffective,
        }
    }

    /// The AUTOMATIC-MANUAL switch goes to MANUAL: the machine stops after the present instruction, or, while a unit
    /// is selected, only after that has disconnected. A program that selects again and again never lets it: then the
    /// machine stops after [`MANUAL_WAITS`], and says so.
    ///
    /// # Errors
    /// The stop of an instruction that was executed meanwhile.
    pub fn to_manual(&mut self, media: &mut dyn Media) -> Result<(), Stop> {
        self.console.automatic = false;
        self.let_go_of_wire();
        let end = self.cycle.saturating_add(MANUAL_WAITS);
        while self.io.selected().is_some() || self.is_waiting() {
            if self.cycle >= end {
                let unit = self.io.selected().map_or_else(|| "a unit".to_owned(), |unit| unit.to_string());
                let message = format!(
                    "the switch went to MANUAL, but the program kept {unit} selected for a minute: press RESET"
                );
                return Err(*self.stop(StopKind::Waiting, self.cpu.ic, Some(message)));
            }
            match self.step(media, end) {
                // it waits for another machine, for which nobody waits here
                Err(stop) if stop.kind == StopKind::Limit => break,
                stepped => stepped?,
            }
        }
        Ok(())
    }

    /// The AUTOMATIC-MANUAL switch goes to AUTOMATIC. The machine is stopped until START.
    pub fn to_automatic(&mut self) {
        self.console.automatic = true;
    }

    /// The 18 lights of the instruction register, S the highest: the operation part in S,1-9, and in 10-17 the shift
    /// counter, which counts in complement and stands at all ones after an instruction (GATE).
    pub fn instruction_register(&self) -> u32 {
        let word = self.cpu.ir;
        if word == Word::ZERO {
            return 0;
        }
        let sign = u32::from(word.is_negative()) << 17;
        let operation = match word.prefix() & 3 {
            0 => (word.bits() >> 24) as u32 & 0o777,
            // type A: bits 1 and 2 go to 8 and 9
            prefix => u32::from(prefix),
        };
        sign | operation << 8 | 0o377
    }

    fn single_step(&mut self, media: &mut dyn Media) -> Result<(), Stop> {
        if self.is_halted() {
            self.start(media);
        }
        self.step(media, u64::MAX)
    }

    /// Executes the word in the keys. IC is not advanced, but a transfer that is taken sets it. After a HTR its
    /// address goes into IC first.
    fn enter_instruction(&mut self, media: &mut dyn Media) -> Result<(), Stop> {
        if let Some(Halted::Transfer(address)) = self.halted {
            self.cpu.ic = address;
            self.halted = None;
        }
        let word = self.console.keys;
        let Some(op) = decode_major(word) else {
            return self.enter(word, media);
        };
        let location = self.cpu.ic;
        let taken = (op.is_trapped() || op == Op::Ttr) && self.takes(word, media);
        let halted = self.halted.take();
        let result = self.enter(word, media);
        if !taken {
            self.cpu.ic = location;
            // a halt that nothing has led away from is still the one at which it stands
            if self.halted.is_none() {
                self.halted = halted;
            }
        }
        result
    }

    fn enter(&mut self, word: Word, media: &mut dyn Media) -> Result<(), Stop> {
        let location = self.cpu.ic;
        self.limit = u64::MAX;
        self.execute_word(word, location, media).map_err(|stop| *stop)
    }

    /// Would this transfer be taken? Tried on a copy whose target cannot be the next location.
    fn takes(&self, word: Word, media: &mut dyn Media) -> bool {
        let mut copy = self.clone();
        let next = (copy.cpu.ic + 1) & copy.core.size().mask();
        let elsewhere =
            if copy.operand_address(word) == next { word.with_address(word.address() ^ 4) } else { word };
        copy.enter(elsewhere, media).is_ok() && copy.cpu.ic != next
    }
}

fn stopped(result: Result<(), Stop>) -> Pressed {
    match result {
        Ok(()) => Pressed::Done,
        Err(stop) => Pressed::Stopped(stop),
    }
}
