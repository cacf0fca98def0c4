//! Machine time.
//!
//! Time is kept in whole ticks of 1/3 microsecond: a machine cycle of 12 us is 36 ticks, a tape character 200, a
//! tape word 1,200, a drum word 288, all exact.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// A moment of machine time, or a length of it, in ticks of 1/3 microsecond since power on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Ticks(pub u64);

/// The latest moment that a machine can reach, or [`Ticks::NEVER`]: 2^60 ticks are 12,000 years. This program never writes
/// a later one to a file.
impl<'de> Deserialize<'de> for Ticks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ticks, D::Error> {
        let ticks = u64::deserialize(deserializer)?;
        if ticks > 1 << 60 && ticks != u64::MAX {
            return Err(D::Error::custom(format_args!("a time of {ticks} ticks: expected at most 2^60")));
        }
        Ok(Ticks(ticks))
    }
}

/// Ticks in a machine cycle of 12 microseconds.
pub const TICKS_PER_CYCLE: u64 = 36;

impl Ticks {
    /// Later than any event: no event is due.
    pub const NEVER: Ticks = Ticks(u64::MAX);
    /// One machine cycle.
    pub const CYCLE: Ticks = Ticks(TICKS_PER_CYCLE);

    /// This many machine cycles.
    pub const fn cycles(n: u64) -> Ticks {
        Ticks(n.saturating_mul(TICKS_PER_CYCLE))
    }

    /// This many microseconds.
    pub const fn micros(n: u64) -> Ticks {
        Ticks(n * 3)
    }

    /// This many milliseconds.
    pub const fn millis(n: u64) -> Ticks {
        Ticks(n * 3000)
    }

    /// Whole machine cycles, rounded down.
    pub const fn whole_cycles(self) -> u64 {
        self.0 / TICKS_PER_CYCLE
    }

    /// The first cycle boundary at or after this moment.
    #[must_use]
    pub const fn up_to_cycle(self) -> Ticks {
        Ticks(self.0.div_ceil(TICKS_PER_CYCLE).saturating_mul(TICKS_PER_CYCLE))
    }

    /// The time in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 3_000_000.0
    }
}

impl Add for Ticks {
    type Output = Ticks;
    fn add(self, rhs: Ticks) -> Ticks {
        Ticks(self.0.saturating_add(rhs.0))
    }
}

impl AddAssign for Ticks {
    fn add_assign(&mut self, rhs: Ticks) {
        *self = *self + rhs;
    }
}

impl Sub for Ticks {
    type Output = Ticks;
    fn sub(self, rhs: Ticks) -> Ticks {
        Ticks(self.0.saturating_sub(rhs.0))
    }
}

impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6} s", self.seconds())
    }
}
