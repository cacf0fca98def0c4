//! What an operator does, as data: jobs, tests and panels use the same words.

use std::fmt;
use std::str::FromStr;

use crate::config::Config;
use crate::fault::Fault;
use crate::machine::{LoadKey, Machine};
use crate::media::Media;

/// One act of the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `sense N down` or `sense N up`: a sense switch, 1 to 6.
    Sense {
        /// 1 to 6.
        switch: u8,
        /// Down is on.
        down: bool,
    },
    /// `load tape`, `load cards`, `load drum`.
    Load(LoadKey),
    /// `start`.
    Start,
    /// `reset`.
    Reset,
    /// `clear`.
    Clear,
    /// `power off`: core and registers are lost, reels stay as they are.
    PowerOff,
    /// `power on [SEED]`: a machine with arbitrary core, registers and indicators.
    PowerOn {
        /// Which arbitrary state.
        seed: u64,
    },
    /// `fault ...`: something breaks; the words of [`Fault`] follow.
    Fault(Fault),
    /// `swap M N`: exchanges the reels of two tape units.
    Swap(u8, u8),
}

/// What is wrong with the words of an action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an act of the operator: expected `sense N down`, `sense N up`, `load tape|cards|drum`, `start`, `reset`, `clear`, `power off`, `power on [SEED]`, `swap M N`, or `fault` and what breaks"
)]
pub struct ActionError(pub String);

impl FromStr for Action {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Action, ActionError> {
        let error = || ActionError(text.to_owned());
        let number = |text: &str, most: u8| match text.parse::<u8>() {
            Ok(n) if (1..=most).contains(&n) => Ok(n),
            _ => Err(error()),
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        Ok(match words.as_slice() {
            ["sense", n, position @ ("down" | "up")] => {
                Action::Sense { switch: number(n, 6)?, down: *position == "down" }
            }
            ["load", "tape"] => Action::Load(LoadKey::Tape),
            ["load", "cards"] => Action::Load(LoadKey::Cards),
            ["load", "drum"] => Action::Load(LoadKey::Drum),
            ["start"] => Action::Start,
            ["reset"] => Action::Reset,
            ["clear"] => Action::Clear,
            ["power", "off"] | ["fault", "power", "off"] => Action::PowerOff,
            ["power", "on"] => Action::PowerOn { seed: 0 },
            ["power", "on", seed] => Action::PowerOn { seed: seed.parse().map_err(|_| error())? },
            ["fault", rest @ ..] => Action::Fault(rest.join(" ").parse().map_err(|_| error())?),
            ["swap", m, n] => Action::Swap(number(m, 10)?, number(n, 10)?),
            _ => return Err(error()),
        })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Sense { switch, down } => {
                write!(f, "sense {switch} {}", if *down { "down" } else { "up" })
            }
            Action::Load(LoadKey::Tape) => f.write_str("load tape"),
            Action::Load(LoadKey::Cards) => f.write_str("load cards"),
            Action::Load(LoadKey::Drum) => f.write_str("load drum"),
            Action::Start => f.write_str("start"),
            Action::Reset => f.write_str("reset"),
            Action::Clear => f.write_str("clear"),
            Action::PowerOff => f.write_str("power off"),
            Action::PowerOn { seed } => write!(f, "power on {seed}"),
            Action::Fault(fault) => write!(f, "fault {fault}"),
            Action::Swap(m, n) => write!(f, "swap {m} {n}"),
        }
    }
}

impl Machine {
    /// Carries out an act that concerns the machine alone; [`Action::Swap`] is the host's.
    pub fn act(&mut self, action: &Action, media: &mut dyn Media) -> Result<(), crate::machine::Stop> {
        match action {
            Action::Sense { switch, down } => {
                self.console.sense_switches[usize::from(*switch) - 1] = *down;
            }
            Action::Load(key) => self.load(media, *key),
            Action::Start => self.start(media),
            Action::Reset => self.reset(media),
            Action::Clear => self.clear(media),
            Action::PowerOff | Action::Fault(Fault::PowerOff) => self.power_off(media)?,
            Action::PowerOn { seed } => self.power_on_again(self.config.clone(), *seed),
            Action::Fault(fault) => self.apply_fault(*fault),
            Action::Swap(m, n) => {
                // the dials are exchanged, the reels stay where they stand
                self.io.tapes.swap(usize::from(*m) - 1, usize::from(*n) - 1);
            }
        }
        Ok(())
    }

    /// Becomes a machine just powered on; its clock and its counts go on, so that a run can be told as one story, and
    /// its media lie where they lay.
    fn power_on_again(&mut self, config: Config, seed: u64) {
        let fresh = Machine::power_on(config, seed);
        let old = std::mem::replace(self, fresh);
        self.cycle = old.cycle;
        self.instructions = old.instructions;
        self.console = old.console;
        self.faults = old.faults;
        self.forget_power_off();
        self.faults_done = old.faults_done;
        let (zeros, ones) = old.core.stuck();
        self.core.set_stuck(zeros, ones);
        self.io.keep_media(old.io);
    }
}
