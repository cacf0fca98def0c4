//! A place on a reel of tape.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::time::Ticks;

/// A distance from the load point in feet, to a thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Feet(u32);

impl Feet {
    /// The number of parts in a foot.
    const PARTS: u32 = 1_000;
    /// The largest distance that is accepted, in feet.
    const MOST: u32 = 10_000;

    /// The distance as time at 75 inches a second: 480 ticks per thousandth.
    pub(crate) fn at_speed(self) -> Ticks {
        Ticks(u64::from(self.0) * 12 * 3_000_000 / 75 / u64::from(Self::PARTS))
    }
}

impl FromStr for Feet {
    type Err = String;

    /// Reads a distance such as `12`, `12.5`, `0.125`, at most 10,000.
    fn from_str(text: &str) -> Result<Feet, String> {
        let wrong = || format!("expected feet, such as 12 or 12.5, at most 10000, found `{text}`");
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 3 {
            return Err(wrong());
        }
        let whole: u32 = whole.parse().ok().filter(|&feet| feet <= Self::MOST).ok_or_else(wrong)?;
        let part: u32 = format!("{part:0<3}").parse().map_err(|_| wrong())?;
        Ok(Feet(whole * Self::PARTS + part))
    }
}

impl fmt::Display for Feet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / Self::PARTS, self.0 % Self::PARTS);
        if part == 0 {
            return write!(f, "{whole}");
        }
        f.write_str(format!("{whole}.{part:03}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feet_are_read_and_shown() {
        for text in ["0", "12", "12.5", "0.125", "10000", "2400.001"] {
            assert_eq!(text.parse::<Feet>().unwrap().to_string(), text);
        }
        assert_eq!("1.500".parse::<Feet>().unwrap().to_string(), "1.5");
        for wrong in ["", ".", "1.", ".5", "-1", "1.2345", "10001", "x", "1e3", "+1"] {
            wrong.parse::<Feet>().unwrap_err();
        }
        // 75 inches pass in a second
        assert_eq!("6.25".parse::<Feet>().unwrap().at_speed(), Ticks(3_000_000));
    }
}
