//! A figure of a unit, set on the command line: `tape.reel=3600ft`.

use std::str::FromStr;

use crate::config::figures::{Figure, Figures};

/// Ticks of 1/3 microsecond in a second.
const SECOND: f64 = 3e6;

/// Inches of tape that pass in a second.
const SPEED: f64 = 75.0;

/// One figure and what it is to be.
#[derive(Debug, Clone)]
pub(crate) struct FigureSetting {
    unit: String,
    name: String,
    ticks: u64,
}

impl FigureSetting {
    /// The figures with this one set.
    pub(crate) fn set(&self, figures: &Figures) -> Result<Figures, String> {
        let failed = |error: String| format!("--figure {}.{}: {error}", self.unit, self.name);
        let mut all = serde_json::to_value(figures).map_err(|error| failed(error.to_string()))?;
        all[&self.unit][&self.name] = self.ticks.into();
        serde_json::from_value(all).map_err(|error| failed(error.to_string()))
    }
}

impl FromStr for FigureSetting {
    type Err = String;

    fn from_str(text: &str) -> Result<FigureSetting, String> {
        let (what, value) =
            text.split_once('=').ok_or("expected UNIT.NAME=VALUE, such as tape.reel=3600ft")?;
        let what = what.replace('_', "-");
        let what = what.strip_prefix("figures.").unwrap_or(&what);
        let (unit, name) = what.split_once('.').ok_or_else(|| {
            format!("`{what}` is no figure: expected a unit and a name, such as tape.reel (docs/devices.md)")
        })?;
        let units: Vec<&str> = Figures::TABLES.iter().map(|(unit, _)| *unit).collect();
        let Some((_, table)) = Figures::TABLES.iter().find(|(known, _)| *known == unit) else {
            return Err(format!("`{unit}` has no figures: expected one of {}", units.join(", ")));
        };
        let kebab = |figure: &Figure| figure.name.replace('_', "-");
        if !table.iter().any(|figure| kebab(figure) == name) {
            let names: Vec<String> = table.iter().map(kebab).collect();
            return Err(format!("`{unit}` has no figure `{name}`: expected one of {}", names.join(", ")));
        }
        let ticks = ticks(value, unit == "tape")?;
        Ok(FigureSetting { unit: unit.to_owned(), name: name.to_owned(), ticks })
    }
}

/// Ticks alone, or a number with a unit of time, or of length of tape at 75 inches a second.
fn ticks(text: &str, tape: bool) -> Result<u64, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    if unit.is_empty()
        && let Ok(ticks) = number.parse()
    {
        return Ok(ticks);
    }
    let scale = match unit.trim() {
        "s" => SECOND,
        "ms" => SECOND / 1e3,
        "us" => SECOND / 1e6,
        "ft" if tape => SECOND * 12.0 / SPEED,
        "in" if tape => SECOND / SPEED,
        _ => {
            let lengths = if tape { ", ft or in" } else { "" };
            return Err(format!(
                "`{text}`: expected ticks of 1/3 microsecond, or a number with us, ms, s{lengths}"
            ));
        }
    };
    let value: f64 = number.parse().map_err(|_| format!("`{text}` does not begin with a number"))?;
    let ticks = (value * scale).round();
    // far longer than any reel
    if ticks > 1e15 {
        return Err(format!("`{text}` is too large"));
    }
    Ok(ticks as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Ticks;

    #[test]
    fn a_reel_by_its_feet() {
        let figures = Figures::default();
        let set = |text: &str| text.parse::<FigureSetting>().and_then(|setting| setting.set(&figures));
        // 2,400 feet are the default
        assert_eq!(set("tape.reel=2400ft").map(|f| f.tape.reel), Ok(figures.tape.reel));
        assert_eq!(set("tape.reel=100").map(|f| f.tape.reel), Ok(Ticks(100)));
        assert_eq!(set("tape.end_of_reel_spot=1.5ms").map(|f| f.tape.end_of_reel_spot), Ok(Ticks(4_500)));
        assert_eq!(set("card-reader.clutch=45ms").as_ref(), Ok(&figures));
        for (wrong, told) in [
            ("reel=5", "is no figure"),
            ("tape.reel", "expected UNIT.NAME=VALUE"),
            ("disk.reel=5", "`disk` has no figures"),
            ("tape.real=5", "has no figure `real`"),
            ("tape.reel=5 miles", "expected ticks"),
            ("tape.reel=-5", "expected ticks"),
            ("printer.clutch=5ft", "us, ms, s"),
            ("tape.reel=999999999999999999ft", "too large"),
        ] {
            assert!(set(wrong).is_err_and(|error| error.contains(told)), "{wrong}");
        }
    }
}
