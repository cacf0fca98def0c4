//! The monitor: the debugger by words. A line is a command; what comes of it is a [`Reply`].
//!
//! There is no terminal here: the command `emu704 monitor`, the panel's command line and a browser's pane all use it.
//!
//! ```
//! use emu704::monitor::{Monitor, Reply};
//! use emu704::{Config, Machine};
//!
//! let mut monitor = Monitor::with_machine(Machine::new(Config::default()));
//! monitor.command("deposit 0 002000000000")?; // TRA 0
//! monitor.command("at 50 deposit mq 1")?;
//! let Reply::Goes { until: Some(cycle) } = monitor.command("run 100")? else { panic!("it goes") };
//! monitor.debugger.advance(cycle, None)?;
//! assert_eq!(monitor.command("examine mq")?, Reply::Text("MQ 000000000001".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cards;
mod commands;
mod debugging;
mod details;
mod examine;
mod expect;
mod flaw;
mod habits;
mod place;
mod restore;
mod scripts;
mod show;
mod words;

use crate::action::ActionError;
use crate::console::Key;
use crate::debug::{DebugError, Debugger};
use crate::panel::units::Counts;
use crate::room::{Assembly, RoomError};
use crate::snapshot::SnapshotError;

pub use flaw::Flaw;
pub use scripts::ScriptLine;
pub use words::{WORDS, WordRow, candidates, complete, help};

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// This is to be said; nothing when it is empty.
    Text(String),
    /// The machine shall go: on the panel in its time, in the monitor to its stop. `until` is a cycle.
    Goes {
        /// Stop at the first instruction at or after this machine cycle.
        until: Option<u64>,
    },
    /// The session is over.
    Quit {
        /// The exit code that was asked for.
        code: Option<u8>,
    },
}

impl Reply {
    fn none() -> Reply {
        Reply::Text(String::new())
    }
}

/// What is wrong with a command, or what failed.
#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    /// The first word is not a command, or means several.
    #[error("{0}")]
    Word(String),
    /// What follows the word is no use of it.
    #[error("expected: {word} {usage}")]
    Usage {
        /// The word.
        word: &'static str,
        /// What may follow.
        usage: &'static str,
    },
    /// It is not an address within core.
    #[error("{0}")]
    Address(String),
    /// It is not a word of 36 bits in octal.
    #[error(transparent)]
    Octal(#[from] asm704::WordParseError),
    /// The words of an act are wrong.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// The debugger refuses.
    #[error(transparent)]
    Debug(#[from] DebugError),
    /// The room refuses.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// A snapshot is refused.
    #[error("{file}: {error}")]
    Snapshot {
        /// Its file.
        file: String,
        /// Why.
        error: SnapshotError,
    },
    /// Somebody had enough of a long row of steps.
    #[error("interrupted after {steps} steps")]
    Interrupted {
        /// How many were done.
        steps: u64,
    },
    /// Something that `expect` was told is not so.
    #[error("{0}")]
    Expected(String),
    /// Something that `assert` was told is not so; all files of commands are left.
    #[error("{0}")]
    Asserted(String),
    /// The program in core has errors, and no word says that it shall go anyway.
    #[error("{name} has {count}; `go anyway` lets it go as it is")]
    HasErrors {
        /// What a person calls the source.
        name: String,
        /// How many errors, in words.
        count: String,
    },
    /// It makes no sense in this state of the machine.
    #[error("{0}")]
    Refused(String),
}

/// The result of a command or of a part of it.
pub type Result<T> = std::result::Result<T, MonitorError>;

fn refused<T>(what: impl Into<String>) -> Result<T> {
    Err(MonitorError::Refused(what.into()))
}

/// A debugger that is driven by words.
pub struct Monitor {
    /// The debugger.
    pub debugger: Debugger,
    /// What the pane of watched places shows, in the words of `examine`.
    watches: Vec<String>,
    counts: Counts,
    /// Sources that were assembled and not yet told of.
    assemblies: Vec<Assembly>,
    /// What is wrong with the program in core.
    flaw: Option<Flaw>,
    /// Files of commands, the innermost last.
    scripts: Vec<scripts::Script>,
}

impl Monitor {
    /// Over a debugger.
    pub fn new(debugger: Debugger) -> Monitor {
        Monitor {
            debugger,
            watches: Vec::new(),
            counts: Counts::default(),
            assemblies: Vec::new(),
            flaw: None,
            scripts: Vec::new(),
        }
    }

    /// The sources that `load` has assembled since the last call, with their diagnostics.
    pub fn take_assemblies(&mut self) -> Vec<Assembly> {
        std::mem::take(&mut self.assemblies)
    }

    /// Over a machine with nothing around it.
    pub fn with_machine(machine: crate::machine::Machine) -> Monitor {
        Monitor::new(Debugger::new(crate::room::Room::with_machine(machine)))
    }

    /// The machine.
    pub fn machine(&self) -> &crate::machine::Machine {
        &self.debugger.room.machine
    }

    /// Presses a key of the panel. False when it is ineffective in this state of the machine.
    ///
    /// # Errors
    /// Something other than the key's position is wrong, or the key is START and the program in core has errors.
    pub fn press(&mut self, key: Key) -> Result<bool> {
        match key {
            Key::Start => self.may_go()?,
            // what was in core is not what runs then
            Key::Clear | Key::Load(_) => self.flaw = None,
            _ => {}
        }
        match self.debugger.act(&crate::action::Action::Press(key)) {
            Ok(()) => Ok(true),
            Err(RoomError::Ineffective(_) | RoomError::NoPower) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn address(&self, text: &str) -> Result<u16> {
        self.debugger.room.address(text).map_err(MonitorError::Address)
    }
}
