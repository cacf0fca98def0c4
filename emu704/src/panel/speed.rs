//! The speeds that a person can choose.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// How fast the machine goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// 83,333 cycles a second.
    #[default]
    Real,
    /// Ten times that.
    X10,
    /// A hundred times.
    X100,
    /// As fast as it goes.
    Full,
}

impl Speed {
    /// All of them, the slowest first.
    pub const ALL: [Speed; 4] = [Speed::Real, Speed::X10, Speed::X100, Speed::Full];

    /// The word that stands for it: what [`Display`](fmt::Display) writes and [`FromStr`] reads.
    pub const fn word(self) -> &'static str {
        match self {
            Speed::Real => "real",
            Speed::X10 => "10x",
            Speed::X100 => "100x",
            Speed::Full => "full",
        }
    }

    /// How many times the real machine; `None` when nothing limits it.
    pub fn factor(self) -> Option<u32> {
        match self {
            Speed::Real => Some(1),
            Speed::X10 => Some(10),
            Speed::X100 => Some(100),
            Speed::Full => None,
        }
    }

    /// The next faster one.
    #[must_use]
    pub fn faster(self) -> Speed {
        match self {
            Speed::Real => Speed::X10,
            Speed::X10 => Speed::X100,
            Speed::X100 | Speed::Full => Speed::Full,
        }
    }

    /// The next slower one.
    #[must_use]
    pub fn slower(self) -> Speed {
        match self {
            Speed::Real | Speed::X10 => Speed::Real,
            Speed::X100 => Speed::X10,
            Speed::Full => Speed::X100,
        }
    }

    /// As the status line has it.
    pub fn text(self) -> &'static str {
        match self {
            Speed::Real => "real speed",
            Speed::Full => "full speed",
            Speed::X10 | Speed::X100 => self.word(),
        }
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Speed, String> {
        Speed::ALL
            .into_iter()
            .find(|speed| speed.word() == text)
            .ok_or_else(|| format!("`{text}` is not a speed: expected real, 10x, 100x or full"))
    }
}

/// Its word.
impl Serialize for Speed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_speeds() {
        for (word, speed) in
            [("real", Speed::Real), ("10x", Speed::X10), ("100x", Speed::X100), ("full", Speed::Full)]
        {
            assert_eq!(word.parse(), Ok(speed));
            assert_eq!(speed.to_string(), word);
        }
        assert!("Real".parse::<Speed>().is_err_and(|error| error.contains("`Real`")));
    }
}
