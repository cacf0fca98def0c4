//! Faults on demand: what breaks and when, in the words that tests, jobs and operators use to request it.
//!
//! The broken parts belong to the [`Machine`]: a snapshot includes them, and a machine that is run again from the same state
//! breaks in the same way at the same time. A fault comes by itself while the machine runs; a report gets the faults that have come
//! from [`Machine::take_faults_done`].
//!
//! [`Machine`]: crate::machine::Machine
//! [`Machine::take_faults_done`]: crate::machine::Machine::take_faults_done

mod apply;
mod done;
mod feet;
mod surface;

use std::fmt;
use std::str::FromStr;

use asm704::word::parse_address;
use serde::{Deserialize, Serialize};

pub(crate) use apply::Faults;
pub(crate) use done::FaultsDone;
pub use feet::Feet;

/// A fault or a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// `parity UNIT RECORD [times N]`: a record of the reel on a tape unit is read with one bit wrong.
    Parity {
        /// The tape unit, 1 to 10.
        unit: u8,
        /// The record counted from the load point, the first is 1; file marks are not counted.
        record: u64,
        /// Only this many readings are wrong; `None` for all.
        times: Option<u64>,
    },
    /// `speck UNIT FEET [times N]`: a bad spot on the reel that is on a tape unit. Whatever is recorded there is read
    /// with one bit wrong.
    Speck {
        /// The tape unit, 1 to 10.
        unit: u8,
        /// The distance from the load point.
        feet: Feet,
        /// Only this many readings are wrong; `None` for all.
        times: Option<u64>,
    },
    /// `not-ready UNIT`: the next instruction that selects or moves the tape unit waits forever.
    NotReady(u8),
    /// `ready UNIT`: the unit is ready again.
    Ready(u8),
    /// `flip ADDRESS BIT`: a bit of core is inverted.
    Flip {
        /// The address, modulo the size of core.
        address: u16,
        /// The bit: 0 for S, or 1 to 35.
        bit: u8,
    },
    /// `noise CYCLES SEED`: from now on random bits of core are inverted at random times, on
    /// average one every so many cycles.
    Noise {
        /// The mean interval in machine cycles, at least 1.
        mean: u64,
        /// The seed of the random bits and times.
        seed: u64,
    },
    /// `tube BIT [0|1]`: a vacuum tube of a core plane fails, and this bit of every word is stuck.
    ///
    /// UNVERIFIED: that a failed sense amplifier or inhibit driver of a 737 looks like this. Their place in the plane
    /// makes it likely: ones are no longer read, or zeros are no longer written.
    Tube {
        /// The bit: 0 for S, or 1 to 35.
        bit: u8,
        /// True if stuck at one, false if stuck at zero.
        one: bool,
    },
    /// `repair`: tubes are replaced and the noise ends. Lost data stays lost.
    Repair,
    /// `power off`: the power fails.
    PowerOff,
}

/// The forms of faults, as the tables of commands show them. [`FaultError`] has the same.
macro_rules! fault_forms {
    () => {
        "parity UNIT RECORD [times N] | speck UNIT FEET [times N] | not-ready UNIT | ready UNIT | flip ADDRESS BIT | noise CYCLES SEED | tube BIT [0|1] | repair | power off"
    };
}
pub(crate) use fault_forms;

/// The error for words that are not a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a fault: expected `parity UNIT RECORD [times N]`, `speck UNIT FEET [times N]`, `not-ready UNIT`, `ready UNIT`, `flip ADDRESS BIT`, `noise CYCLES SEED`, `tube BIT [0|1]`, `repair` or `power off`, and before it, if it shall wait, `at CYCLE`"
)]
pub struct FaultError(pub String);

impl Fault {
    /// Reads a fault from words; `address` reads an address.
    ///
    /// # Errors
    /// The words are not a fault.
    pub fn parse(words: &[&str], address: impl FnOnce(&str) -> Option<u16>) -> Result<Fault, FaultError> {
        let error = || FaultError(words.join(" "));
        let number = |text: &str| text.parse::<u64>().map_err(|_| error());
        let unit = |text: &str| match text.parse() {
            Ok(unit @ 1..=10) => Ok(unit),
            _ => Err(error()),
        };
        let bit = |text: &str| match text.parse() {
            Ok(bit @ 1..=35) => Ok(bit),
            _ if text.eq_ignore_ascii_case("s") => Ok(0),
            _ => Err(error()),
        };
        let record = |text: &str| number(text).and_then(|n| if n > 0 { Ok(n) } else { Err(error()) });
        let feet = |text: &str| text.parse::<Feet>().map_err(|_| error());
        Ok(match words {
            ["parity", u, r] => Fault::Parity { unit: unit(u)?, record: record(r)?, times: None },
            ["parity", u, r, "times", n] => {
                Fault::Parity { unit: unit(u)?, record: record(r)?, times: Some(number(n)?) }
            }
            ["speck", u, f] => Fault::Speck { unit: unit(u)?, feet: feet(f)?, times: None },
            ["speck", u, f, "times", n] => {
                Fault::Speck { unit: unit(u)?, feet: feet(f)?, times: Some(number(n)?) }
            }
            ["not-ready", u] => Fault::NotReady(unit(u)?),
            ["ready", u] => Fault::Ready(unit(u)?),
            ["flip", at, b] => Fault::Flip { address: address(at).ok_or_else(error)?, bit: bit(b)? },
            ["noise", mean, seed] => Fault::Noise { mean: record(mean)?, seed: number(seed)? },
            ["tube", b] | ["tube", b, "0"] => Fault::Tube { bit: bit(b)?, one: false },
            ["tube", b, "1"] => Fault::Tube { bit: bit(b)?, one: true },
            ["repair"] => Fault::Repair,
            ["power", "off"] => Fault::PowerOff,
            _ => return Err(error()),
        })
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Fault, FaultError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Fault::parse(&words, |text| parse_address(text).ok())
    }
}

/// The name of a bit: S, or 1 to 35.
struct Bit(u8);

impl fmt::Display for Bit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { f.write_str("S") } else { write!(f, "{}", self.0) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Fault::Parity { unit, record, times: None } => write!(f, "parity {unit} {record}"),
            Fault::Parity { unit, record, times: Some(n) } => write!(f, "parity {unit} {record} times {n}"),
            Fault::Speck { unit, feet, times: None } => write!(f, "speck {unit} {feet}"),
            Fault::Speck { unit, feet, times: Some(n) } => write!(f, "speck {unit} {feet} times {n}"),
            Fault::NotReady(unit) => write!(f, "not-ready {unit}"),
            Fault::Ready(unit) => write!(f, "ready {unit}"),
            Fault::Flip { address, bit } => write!(f, "flip {address:05o} {}", Bit(bit)),
            Fault::Noise { mean, seed } => write!(f, "noise {mean} {seed}"),
            Fault::Tube { bit, one } => write!(f, "tube {} {}", Bit(bit), u8::from(one)),
            Fault::Repair => f.write_str("repair"),
            Fault::PowerOff => f.write_str("power off"),
        }
    }
}

/// A fault and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedFault {
    /// The fault comes before the first instruction at or after this machine cycle; a power failure comes at the cycle itself.
    pub at: u64,
    /// The fault.
    pub fault: Fault,
}

impl TimedFault {
    /// Reads a fault from words, with `at CYCLE` before it if it should wait.
    ///
    /// # Errors
    /// The words are not a fault.
    pub fn parse(
        words: &[&str],
        address: impl FnOnce(&str) -> Option<u16>,
    ) -> Result<TimedFault, FaultError> {
        let (at, fault) = match words {
            ["at", cycle, rest @ ..] => (cycle.parse().map_err(|_| FaultError(words.join(" ")))?, rest),
            _ => (0, words),
        };
        Ok(TimedFault { at, fault: Fault::parse(fault, address)? })
    }
}

impl FromStr for TimedFault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<TimedFault, FaultError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        TimedFault::parse(&words, |text| parse_address(text).ok())
    }
}

impl fmt::Display for TimedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at > 0 {
            write!(f, "at {} ", self.at)?;
        }
        self.fault.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_has_the_forms_of_the_tables() {
        let error = FaultError(String::new()).to_string();
        for form in fault_forms!().split(" | ") {
            assert!(error.contains(&format!("`{form}`")), "{form}: {error}");
        }
    }
}
