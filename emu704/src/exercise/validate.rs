//! What is wrong with an exercise itself, before anything is run.

use asm704::word::parse_address;

use super::data::{Case, Exercise, Tape};
use super::number::Values;
use super::{LARGEST_LIMIT, condition, ran};
use crate::action::Action;

impl Exercise {
    /// Looks for what can be wrong whatever the program is. Symbols are looked up when a program is there.
    ///
    /// # Errors
    /// Where it is wrong, and what is expected.
    pub fn validate(&self) -> Result<(), String> {
        if self.case.is_empty() {
            return Err("expected at least one [[case]]".to_owned());
        }
        for (key, names) in [("required", &self.required), ("forbidden", &self.forbidden)] {
            for name in names {
                condition::operation(name).map_err(|error| format!("{key}: {error}"))?;
            }
        }
        limit(self.limit)?;
        mistakes(&self.mistake)?;
        for (n, case) in self.case.iter().enumerate() {
            case.validate().map_err(|error| format!("{}: {error}", case.called(n)))?;
        }
        Ok(())
    }
}

/// A place is a symbol, a symbol and an octal distance, or an octal address.
fn place(text: &str) -> Result<(), &'static str> {
    let (base, distance) =
        text.split_once('+').map_or((text, None), |(base, distance)| (base, Some(distance)));
    if distance.is_some_and(|distance| parse_address(distance).is_err()) {
        return Err("a symbol and an octal distance up to 77777, such as TABLE+5");
    }
    let number = base.bytes().all(|byte| byte.is_ascii_digit());
    if number && (distance.is_some() || parse_address(base).is_err()) {
        return Err("an octal address up to 77777");
    }
    if base.contains('-') {
        return Err("a symbol, a symbol and an octal distance such as TABLE+5, or an octal address");
    }
    Ok(())
}

fn limit(limit: Option<u64>) -> Result<(), String> {
    match limit {
        Some(0) => Err("limit: expected at least 1 machine cycle".to_owned()),
        Some(limit) if limit > LARGEST_LIMIT => {
            Err(format!("limit: expected at most {LARGEST_LIMIT} machine cycles, found {limit}"))
        }
        _ => Ok(()),
    }
}

fn mistakes(mistakes: &[super::Mistake]) -> Result<(), String> {
    for mistake in mistakes {
        if mistake.when.is_empty() {
            return Err("mistake: `when` has no condition".to_owned());
        }
        for line in &mistake.when {
            condition::validate(line).map_err(|error| format!("mistake: {error}"))?;
        }
    }
    Ok(())
}

impl Case {
    /// Its name, or its number.
    pub(super) fn called(&self, n: usize) -> String {
        self.name.clone().unwrap_or_else(|| format!("case {}", n + 1))
    }

    fn validate(&self) -> Result<(), String> {
        limit(self.limit)?;
        mistakes(&self.mistake)?;
        for line in &self.expect {
            condition::validate(line).map_err(|error| format!("expect: {error}"))?;
        }
        if let Some(stop) = self.stop.as_deref().filter(|stop| *stop != "any") {
            condition::validate(&format!("stop {stop}"))?;
        }
        for switch in &self.sense {
            if !(1..=6).contains(switch) {
                return Err(format!("sense: {switch} is no sense switch, expected 1 to 6"));
            }
        }
        for (unit, tape) in &self.tape {
            tape.validate(unit)?;
        }
        for (key, units) in
            [("tape", self.tape.keys().collect::<Vec<_>>()), ("reel", self.reel.keys().collect())]
        {
            for unit in units {
                if !(1..=10).any(|number: u8| number.to_string() == *unit) {
                    return Err(format!("{key}.{unit}: expected a unit, 1 to 10"));
                }
            }
        }
        if self.load.is_some() && !self.put.is_empty() {
            return Err(
                "put: the words would be there before the program is loaded; leave out `load` or `put`"
                    .to_owned(),
            );
        }
        for (key, places) in [("words", &self.words), ("put", &self.put)] {
            for (place, values) in places {
                let at = format!("{key}.{place}");
                self::place(place).map_err(|expected| format!("{at}: expected {expected}"))?;
                if matches!(values, Values::Many(values) if values.is_empty()) {
                    return Err(format!("{at}: expected at least one word, found an empty list"));
                }
            }
        }
        if let Some(text) = &self.cards {
            let wrong = text.chars().find(|c| !matches!(c, ' '..='~' | '\t' | '\r' | '\n'));
            if let Some(wrong) = wrong {
                return Err(format!("cards: `{}` is not a character of the 704", wrong.escape_default()));
            }
        }
        for name in self.registers.keys() {
            if !super::compare::is_register(name) {
                return Err(format!("registers.{name}: expected ac, mq, sr, ic, xr1, xr2 or xr4"));
            }
        }
        for act in &self.operator {
            let words: Vec<&str> = act.r#do.split_whitespace().collect();
            Action::parse(&words, &|_| Ok(0)).map_err(|error| format!("operator: {error}"))?;
            if act.at.is_some() == act.at_stop {
                return Err(format!(
                    "operator: `{}` needs either `at = CYCLE` or `at-stop = true`",
                    act.r#do
                ));
            }
        }
        Ok(())
    }
}

impl Tape {
    fn validate(&self, unit: &str) -> Result<(), String> {
        let given = [self.file.is_some(), self.text.is_some(), !self.records.is_empty() || self.marks > 0];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(format!("tape.{unit}: expected one of file, text, and records with marks"));
        }
        if self.file.is_none() {
            ran::image(unit, self)?;
        }
        Ok(())
    }
}
