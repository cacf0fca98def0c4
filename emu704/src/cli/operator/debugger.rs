//! The words of the debugger: breakpoints, watched places, traces, the past.

use std::path::Path;

use anyhow::{Result, bail};

use super::breakpoints::Row;
use super::{Breakpoint, Operator, Reply, UnitKind};
use crate::cli::trace::Trace;

impl Operator {
    /// A word of the debugger; nothing when what follows it is no use of it.
    pub(super) fn debug(&mut self, word: &str, rest: &[&str]) -> Result<Option<Reply>> {
        let text = |lines: Vec<String>, none: &str| {
            Some(Reply::Text(if lines.is_empty() { none.to_owned() } else { lines.join("\n") }))
        };
        Ok(match (word, rest) {
            ("break", []) => text(self.breakpoints.texts(&self.source), "no breakpoints"),
            ("break", rest) => {
                let Some(row) = self.breakpoint_row(rest)? else { return Ok(None) };
                self.breakpoints.put(row);
                Some(Reply::none())
            }
            ("nobreak", ["all"] | []) => {
                self.breakpoints.clear();
                Some(Reply::none())
            }
            ("nobreak", rest) => {
                let Some(breakpoint) = self.breakpoint(rest)? else { return Ok(None) };
                if !self.breakpoints.remove(breakpoint) {
                    bail!("there is no breakpoint {}", breakpoint.text(&self.source));
                }
                Some(Reply::none())
            }
            ("back", rest) => self.back(rest)?,
            ("who", [address]) => {
                let address = self.address(address)?;
                Some(Reply::Text(self.who(address)?))
            }
            ("watch", []) => text(self.watch_lines(), "nothing is watched"),
            ("watch", [place]) => {
                self.examine(place)?;
                let place = place.to_ascii_uppercase();
                if !self.watches.contains(&place) {
                    self.watches.push(place);
                }
                text(self.watch_lines(), "nothing is watched")
            }
            ("unwatch", ["all"] | []) => {
                self.watches.clear();
                Some(Reply::none())
            }
            ("unwatch", [place]) => {
                let place = place.to_ascii_uppercase();
                let Some(at) = self.watches.iter().position(|watched| *watched == place) else {
                    bail!("{place} is not watched");
                };
                self.watches.remove(at);
                Some(Reply::none())
            }
            ("trace", []) => Some(Reply::Text(match &self.trace {
                Some(trace) => format!("{} lines so far", trace.lines),
                None => "no trace".to_owned(),
            })),
            ("trace", ["off"]) => match self.trace.take() {
                Some(trace) => Some(Reply::Text(format!("{} lines", trace.finish()?))),
                None => bail!("no trace is made"),
            },
            ("trace", [path]) => {
                if let Some(old) = self.trace.replace(Trace::create(Path::new(path))?) {
                    old.finish()?;
                }
                Some(Reply::none())
            }
            ("history", []) => Some(Reply::Text(self.history_text())),
            ("history", [position @ ("on" | "off")]) => {
                self.remember(*position == "on");
                Some(Reply::none())
            }
            _ => None,
        })
    }

    /// What is watched, and what it is.
    pub fn watch_lines(&self) -> Vec<String> {
        let lines = self.watches.iter().filter_map(|place| self.examine(place).ok());
        lines.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// `PLACE [if CONDITION [and CONDITION]] [after N]`
    fn breakpoint_row(&self, words: &[&str]) -> Result<Option<Row>> {
        let (words, passes) = match words {
            [rest @ .., "after", count] => match count.parse() {
                Ok(count) => (rest, count),
                Err(_) => return Ok(None),
            },
            _ => (words, 0),
        };
        let at = words.iter().position(|word| *word == "if").unwrap_or(words.len());
        let conditions = match &words[at..] {
            [] => Vec::new(),
            [_] => return Ok(None),
            [_, rest @ ..] => self.conditions(rest)?,
        };
        let Some(breakpoint) = self.breakpoint(&words[..at])? else { return Ok(None) };
        if matches!(breakpoint, Breakpoint::Cycle(_)) && (passes > 0 || !conditions.is_empty()) {
            bail!("a cycle comes once, whatever else is so");
        }
        Ok(Some(Row { breakpoint, conditions, passes, met: 0 }))
    }

    fn breakpoint(&self, words: &[&str]) -> Result<Option<Breakpoint>> {
        Ok(Some(match words {
            ["read", address] => Breakpoint::Read(self.address(address)?),
            ["write", address] => Breakpoint::Write(self.address(address)?),
            ["operand", word] => Breakpoint::Operand(word.parse()?),
            ["cycle", cycle] => match cycle.parse() {
                Ok(cycle) => Breakpoint::Cycle(cycle),
                Err(_) => return Ok(None),
            },
            ["select"] => Breakpoint::Select(None),
            ["select", unit @ ..] => match UnitKind::parse(unit) {
                Some(unit) => Breakpoint::Select(Some(unit)),
                None => return Ok(None),
            },
            ["trap"] => Breakpoint::Trap,
            [address] => Breakpoint::Execute(self.address(address)?),
            _ => return Ok(None),
        }))
    }
}
