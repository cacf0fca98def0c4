//! Why the machine stopped, in words.

use std::fmt;

use super::{Stop, StopKind};

impl StopKind {
    /// All kinds.
    pub const ALL: [StopKind; 12] = [
        StopKind::Htr,
        StopKind::Hpr,
        StopKind::DivideCheck,
        StopKind::ReadWriteCheck,
        StopKind::UndefinedOperation,
        StopKind::Waiting,
        StopKind::ReaderEmpty,
        StopKind::Limit,
        StopKind::PowerOff,
        StopKind::Interrupted,
        StopKind::Medium,
        StopKind::Host,
    ];

    /// The kind as reports for programs and `expect` have it, such as `htr`.
    pub fn name(self) -> &'static str {
        match self {
            StopKind::Htr => "htr",
            StopKind::Hpr => "hpr",
            StopKind::DivideCheck => "divide_check",
            StopKind::ReadWriteCheck => "read_write_check",
            StopKind::UndefinedOperation => "undefined_operation",
            StopKind::Waiting => "waiting",
            StopKind::ReaderEmpty => "reader_empty",
            StopKind::Limit => "limit",
            StopKind::PowerOff => "power_off",
            StopKind::Interrupted => "interrupted",
            StopKind::Medium => "medium",
            StopKind::Host => "host",
        }
    }

    /// The machine waits for a unit that does not answer: a real one would show AUTOMATIC, and nothing would move.
    pub fn is_wait(self) -> bool {
        matches!(self, StopKind::Waiting | StopKind::ReaderEmpty)
    }
}

/// The kind in the words of a person.
impl fmt::Display for StopKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StopKind::Htr => "HTR",
            StopKind::Hpr => "HPR",
            StopKind::DivideCheck => "divide check",
            StopKind::ReadWriteCheck => "read-write check",
            StopKind::UndefinedOperation => "undefined operation",
            StopKind::Waiting => "waiting forever",
            StopKind::ReaderEmpty => "card reader empty",
            StopKind::Limit => "limit of cycles",
            StopKind::PowerOff => "power off",
            StopKind::Interrupted => "interrupted",
            StopKind::Medium => "bad medium",
            StopKind::Host => "failure of the host",
        })
    }
}

/// The stop in a line, for one who knows nothing of the program.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stop: {} at {:05o}", self.kind, self.at)?;
        match &self.message {
            Some(message) => write!(f, " ({message})"),
            None => Ok(()),
        }
    }
}
