//! Unit addresses, and the way of a word.

use std::fmt;

use asm704::media::tape::Mode;
use serde::{Deserialize, Serialize};

/// The unit named by the address of a select. Eight bits are decoded: four of class, four of unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Tape unit 1 to 10: 0201-0212 in BCD (even parity), 0221-0232 in binary (odd).
    Tape {
        /// The number, 1 to 10.
        number: u8,
        /// Parity and code.
        mode: Mode,
    },
    /// Logical drum 1 to 8: 0301-0310.
    Drum(u8),
    /// Card reader, 0321.
    CardReader,
    /// Card punch, 0341.
    Punch,
    /// Printer, 0361.
    Printer,
    /// CRT recorder, 0030.
    Crt,
    /// WRS 0321-0332: a tape written together with the unit selected before.
    SimultaneousTape(u8),
    /// WRS 0333, IOD: selects nothing, waits for the interlock.
    Delay,
    /// No unit has this address.
    Nothing(u16),
}

impl Unit {
    /// The unit with an effective address, for WRS (`write`) or RDS.
    pub fn from_address(address: u16, write: bool) -> Unit {
        let number = (address & 0o17) as u8;
        match (address & 0o377, number) {
            (0o030, _) => Unit::Crt,
            (0o200..=0o217, 1..=10) => Unit::Tape { number, mode: Mode::Bcd },
            (0o220..=0o237, 1..=10) => Unit::Tape { number, mode: Mode::Binary },
            (0o300..=0o317, 1..=8) => Unit::Drum(number),
            (0o320..=0o337, 1..=10) if write => Unit::SimultaneousTape(number),
            (0o320..=0o337, 11..) if write => Unit::Delay,
            (0o321, _) => Unit::CardReader,
            (0o341, _) => Unit::Punch,
            (0o361, _) => Unit::Printer,
            _ => Unit::Nothing(address & 0o377),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unit::Tape { number, mode: Mode::Bcd } => write!(f, "tape {number} (BCD)"),
            Unit::Tape { number, mode: Mode::Binary } => write!(f, "tape {number}"),
            Unit::Drum(number) => write!(f, "drum {number}"),
            Unit::CardReader => f.write_str("the card reader"),
            Unit::Punch => f.write_str("the card punch"),
            Unit::Printer => f.write_str("the printer"),
            Unit::Crt => f.write_str("the CRT recorder"),
            Unit::SimultaneousTape(number) => write!(f, "tape {number} simultaneously"),
            Unit::Delay => f.write_str("nothing (IOD)"),
            Unit::Nothing(address) => write!(f, "address {address:04o}"),
        }
    }
}

/// Which way a word goes, and whether it is taken ahead of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Direction {
    #[default]
    Read,
    Write,
    WriteAhead,
}
