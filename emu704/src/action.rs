//! What a person at the machine can do, as data. Job files, the monitor, the keys of a panel and a browser all use these
//! words; a room carries them out.
//!
//! ```
//! use emu704::action::Action;
//!
//! let act: Action = "sense 3 down".parse()?;
//! assert_eq!(act, Action::Sense { switch: 3, down: true });
//! assert_eq!(act.to_string(), "sense 3 down");
//! # Ok::<(), emu704::action::ActionError>(())
//! ```

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use asm704::Word;
use asm704::word::parse_address;

use crate::console::Key;
use crate::fault::{FaultError, TimedFault, fault_forms};
use crate::machine::LoadKey;

/// One act of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `sense N down`, `sense N up`: a sense switch, 1 to 6.
    Sense {
        /// 1 to 6.
        switch: u8,
        /// Down is on.
        down: bool,
    },
    /// `start`, `reset`, `clear`, `load tape`, `enter instruction`, `press KEY`: a key of the panel. As the AUTOMATIC-MANUAL switch stands it may
    /// do nothing.
    Press(Key),
    /// `automatic`, `manual`: the AUTOMATIC-MANUAL switch.
    Automatic(bool),
    /// `keys WORD`: the 36 entry keys.
    Keys(Word),
    /// `deposit PLACE WORD`: a word into core or a register, by hand.
    Deposit(Place, Word),
    /// `mount N FILE`, `mount N FILE ring`: a reel on a tape unit, at its load point.
    Mount {
        /// 1 to 10.
        unit: u8,
        /// The reel's file.
        file: PathBuf,
        /// The file-protect ring is in: it can be written.
        ring: bool,
    },
    /// `mount cards FILE`: a deck after those in the hopper.
    MountCards(PathBuf),
    /// `mount drum N FILE`: the image of a logical drum, 1 to 8.
    MountDrum {
        /// 1 to 8.
        number: u8,
        /// The image's file.
        file: PathBuf,
    },
    /// `detach N`: the reel off a tape unit.
    Detach(u8),
    /// `swap M N`: exchanges the dials of two tape units.
    Swap(u8, u8),
    /// `power off`: core and registers are lost, reels stay as they are.
    PowerOff,
    /// `power on`, `power on SEED`: a machine with arbitrary core, registers and indicators.
    PowerOn {
        /// Which arbitrary state.
        seed: u64,
    },
    /// `fault [at CYCLE] ...`: something breaks; the words of [`crate::fault::Fault`] follow.
    Fault(TimedFault),
    /// `fault none`: nothing is broken any more, and nothing will be.
    NoFaults,
}

/// Where a deposit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// AC: sign and positions 1-35; Q and P become 0.
    Ac,
    /// MQ.
    Mq,
    /// IC: the machine will continue there.
    Ic,
    /// Index register 0, 1, 2 for A, B, C.
    Xr(u8),
    /// A word of core.
    Core(u16),
}

impl Place {
    /// A register by its name; `None` for anything else.
    pub fn register(name: &str) -> Option<Place> {
        Some(match name.to_ascii_uppercase().as_str() {
            "AC" => Place::Ac,
            "MQ" => Place::Mq,
            "IC" => Place::Ic,
            "XRA" | "XR1" => Place::Xr(0),
            "XRB" | "XR2" => Place::Xr(1),
            "XRC" | "XR4" => Place::Xr(2),
            _ => return None,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Ac => f.write_str("ac"),
            Place::Mq => f.write_str("mq"),
            Place::Ic => f.write_str("ic"),
            Place::Xr(n) => write!(f, "xr{}", char::from(b'a' + n % 3)),
            Place::Core(address) => write!(f, "{address:05o}"),
        }
    }
}

/// Each kind of act: its first word and what follows.
pub const ACTIONS: &[(&str, &str)] = &[
    ("sense", "N down|up"),
    ("start", ""),
    ("reset", ""),
    ("clear", ""),
    ("load", "cards|tape|drum"),
    ("press", "KEY"),
    ("enter", "instruction|mq"),
    ("automatic", ""),
    ("manual", ""),
    ("keys", "WORD"),
    ("deposit", "ADDRESS WORD | ac|mq|ic|xra|xrb|xrc|keys WORD"),
    ("mount", "N FILE [ring] | cards FILE | drum N FILE"),
    ("detach", "N"),
    ("swap", "M N"),
    ("power", "off | on [SEED]"),
    ("fault", concat!("none | [at CYCLE] ", fault_forms!())),
];

/// What is wrong with the words of an act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// The first word names no act.
    #[error("`{0}` is not something an operator can do: expected {list}", list = list())]
    Unknown(String),
    /// What follows the first word is wrong.
    #[error("`{found}`: expected {expected}")]
    Usage {
        /// The words.
        found: String,
        /// What can follow.
        expected: String,
    },
    /// An address is neither a number nor a symbol.
    #[error("{0}")]
    Address(String),
    /// A word is not 36 bits in octal.
    #[error(transparent)]
    Word(#[from] asm704::WordParseError),
    /// The words of a fault are wrong.
    #[error(transparent)]
    Fault(#[from] FaultError),
}

fn list() -> String {
    let names: Vec<String> = ACTIONS.iter().map(|(word, _)| format!("`{word}`")).collect();
    names.join(", ")
}

impl Action {
    /// The act that some words name. `address` reads an address; an error of it is a sentence for a person.
    ///
    /// # Errors
    /// They name none.
    pub fn parse(
        words: &[&str],
        address: &dyn Fn(&str) -> Result<u16, String>,
    ) -> Result<Action, ActionError> {
        let Some((first, rest)) = words.split_first() else {
            return Err(ActionError::Unknown(String::new()));
        };
        let usage = || match ACTIONS.iter().find(|(word, _)| word == first) {
            Some((word, usage)) => ActionError::Usage {
                found: words.join(" "),
                expected: format!("{word} {usage}").trim_end().to_owned(),
            },
            None => ActionError::Unknown(words.join(" ")),
        };
        let number = |text: &str, most: u8| match text.parse::<u8>() {
            Ok(n) if (1..=most).contains(&n) => Ok(n),
            _ => Err(usage()),
        };
        Ok(match (*first, rest) {
            ("sense", [n, position @ ("down" | "up")]) => {
                Action::Sense { switch: number(n, 6)?, down: *position == "down" }
            }
            ("load", [key]) => Action::Press(Key::Load(key.parse::<LoadKey>().map_err(|_| usage())?)),
            ("start", []) => Action::Press(Key::Start),
            ("reset", []) => Action::Press(Key::Reset),
            ("clear", []) => Action::Press(Key::Clear),
            ("press", [key]) => Action::Press(key.parse().map_err(|()| usage())?),
            ("enter", ["instruction"]) => Action::Press(Key::EnterInstruction),
            ("enter", ["mq"]) => Action::Press(Key::EnterMq),
            ("automatic", []) => Action::Automatic(true),
            ("manual", []) => Action::Automatic(false),
            ("keys", [word]) => Action::Keys(word.parse()?),
            ("deposit", [place, word]) if place.eq_ignore_ascii_case("keys") => Action::Keys(word.parse()?),
            ("deposit", [place, word]) => match Place::register(place) {
                Some(Place::Ic) => {
                    let to = address(word).map_err(ActionError::Address)?;
                    Action::Deposit(Place::Ic, Word::ZERO.with_address(to))
                }
                Some(place) => Action::Deposit(place, word.parse()?),
                None => {
                    let at = address(place).map_err(ActionError::Address)?;
                    Action::Deposit(Place::Core(at), word.parse()?)
                }
            },
            ("mount", ["cards", file]) => Action::MountCards(file.into()),
            ("mount", ["drum", n, file]) => Action::MountDrum { number: number(n, 8)?, file: file.into() },
            ("mount", ["tape", n, file] | [n, file]) => {
                Action::Mount { unit: number(n, 10)?, file: file.into(), ring: false }
            }
            ("mount", ["tape", n, file, "ring"] | [n, file, "ring"]) => {
                Action::Mount { unit: number(n, 10)?, file: file.into(), ring: true }
            }
            ("detach", ["tape", n] | [n]) => Action::Detach(number(n, 10)?),
            ("swap", [m, n]) => Action::Swap(number(m, 10)?, number(n, 10)?),
            ("power", ["off"]) | ("fault", ["power", "off"]) => Action::PowerOff,
            ("power", ["on"]) => Action::PowerOn { seed: 0 },
            ("power", ["on", seed]) => Action::PowerOn { seed: seed.parse().map_err(|_| usage())? },
            ("fault", ["none"]) => Action::NoFaults,
            ("fault", rest) => Action::Fault(TimedFault::parse(rest, |text| address(text).ok())?),
            _ => return Err(usage()),
        })
    }

    /// The file that it names.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Action::Mount { file, .. } | Action::MountDrum { file, .. } | Action::MountCards(file) => {
                Some(file)
            }
            Action::Sense { .. }
            | Action::Press(_)
            | Action::Automatic(_)
            | Action::Keys(_)
            | Action::Deposit(..)
            | Action::Detach(_)
            | Action::Swap(..)
            | Action::PowerOff
            | Action::PowerOn { .. }
            | Action::Fault(_)
            | Action::NoFaults => None,
        }
    }

    /// The word by which an act begins is one of these.
    pub fn is_word(word: &str) -> bool {
        ACTIONS.iter().any(|(known, _)| *known == word)
    }
}

impl FromStr for Action {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Action, ActionError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Action::parse(&words, &|text| parse_address(text).map_err(|e| e.to_string()))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Sense { switch, down } => {
                write!(f, "sense {switch} {}", if *down { "down" } else { "up" })
            }
            Action::Press(key @ (Key::Start | Key::Reset | Key::Clear)) => write!(f, "{key}"),
            Action::Press(Key::Load(key)) => write!(f, "load {key}"),
            Action::Press(key) => write!(f, "press {key}"),
            Action::Automatic(true) => f.write_str("automatic"),
            Action::Automatic(false) => f.write_str("manual"),
            Action::Keys(word) => write!(f, "keys {word}"),
            Action::Deposit(Place::Ic, word) => write!(f, "deposit ic {:05o}", word.address()),
            Action::Deposit(place, word) => write!(f, "deposit {place} {word}"),
            Action::Mount { unit, file, ring } => {
                write!(f, "mount {unit} {}{}", file.display(), if *ring { " ring" } else { "" })
            }
            Action::MountCards(file) => write!(f, "mount cards {}", file.display()),
            Action::MountDrum { number, file } => write!(f, "mount drum {number} {}", file.display()),
            Action::Detach(unit) => write!(f, "detach {unit}"),
            Action::Swap(m, n) => write!(f, "swap {m} {n}"),
            Action::PowerOff => f.write_str("power off"),
            Action::PowerOn { seed } => write!(f, "power on {seed}"),
            Action::Fault(fault) => write!(f, "fault {fault}"),
            Action::NoFaults => f.write_str("fault none"),
        }
    }
}

/// When an act is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At the first instruction at or after this machine cycle; `power off` at the cycle itself.
    Cycle(u64),
    /// When the machine has stopped, after the acts before it in the list.
    Stop,
}

/// An act with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// When.
    pub when: When,
    /// What.
    pub action: Action,
}
