//! Faults on demand: what breaks, when, in the words by which tests, jobs and operators ask for it.
//!
//! What is broken is part of the [`Machine`]: a snapshot holds it, and a machine that is run again from the same state
//! breaks in the same way at the same time. A fault comes by itself when the machine runs; a report takes what has come
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

/// Something that breaks, or is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// `parity UNIT RECORD [times N]`: a record of the reel on a tape unit reads with one bit wrong.
    Parity {
        /// 1 to 10.
        unit: u8,
        /// Counted from the load point, the first is 1; file marks are not counted.
        record: u64,
        /// Only the first so many readings are wrong; `None`: each.
        times: Option<u64>,
    },
    /// `speck UNIT FEET [times N]`: a bad spot at a place of the reel that is on a tape unit: what is recorded there reads
    /// with one bit wrong, whatever it is.
    Speck {
        /// 1 to 10.
        unit: u8,
        /// From the load point.
        feet: Feet,
        /// Only the first so many readings are wrong; `None`: each.
        times: Option<u64>,
    },
    /// `not-ready UNIT`: the next instruction that selects or moves the tape unit waits for ever.
    NotReady(u8),
    /// `ready UNIT`: it is ready again.
    Ready(u8),
    /// `flip ADDRESS BIT`: a bit of core turns over.
    Flip {
        /// Modulo the size of core.
        address: u16,
        /// 0 for S to 35.
        bit: u8,
    },
    /// `noise CYCLES SEED`: from now on a bit of core, arbitrary by the seed, turns over after an arbitrary time, on
    /// the average each so many cycles.
    Noise {
        /// Mean distance in machine cycles, at least 1.
        mean: u64,
        /// Which arbitrary bits and times.
        seed: u64,
    },
    /// `tube BIT [0|1]`: a tube of a plane of core dies, and this bit of every word is stuck.
    ///
    /// UNVERIFIED: that the failure of a sense amplifier or an inhibit driver of a 737 looks like this; it is what
    /// their place in the plane makes likely: no one is read any more, or no zero is written any more.
    Tube {
        /// 0 for S to 35.
        bit: u8,
        /// Stuck at one; otherwise at zero.
        one: bool,
    },
    /// `repair`: tubes are changed, the noise ends. What was lost stays lost.
    Repair,
    /// `power off`.
    PowerOff,
}

/// What is wrong with the words of a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no fault: expected `parity UNIT RECORD [times N]`, `speck UNIT FEET [times N]`, `not-ready UNIT`, `ready UNIT`, `flip ADDRESS BIT`, `noise CYCLES SEED`, `tube BIT [0|1]`, `repair` or `power off`, and before it, if it shall wait, `at CYCLE`"
)]
pub struct FaultError(pub String);

impl Fault {
    /// From words; `address` reads an address.
    ///
    /// # Errors
    /// They are no fault.
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

/// The name of a bit, S or 1 to 35.
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

/// A fault with its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedFault {
    /// It comes before the first instruction at or after this machine cycle; the loss of power at the cycle itself.
    pub at: u64,
    /// What comes.
    pub fault: Fault,
}

impl TimedFault {
    /// From words: those of a fault, and before them, if it shall wait, `at CYCLE`.
    ///
    /// # Errors
    /// They are no fault.
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
