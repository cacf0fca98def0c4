//! The words of the debugger: breakpoints, watched places, traces, the past.

use std::path::Path;

use super::{Monitor, Reply, Result, refused};
use crate::debug::{
    Breakpoint, BreakpointRow, Condition, DebugError, TRACE_COLUMNS, Trace, TraceFilter, UnitKind,
};
use crate::room::RoomError;

/// Instructions that `history` shows at most.
const MOST_LAST: usize = 10_000;

impl Monitor {
    /// A word of the debugger; nothing when what follows it is no use of it.
    pub(super) fn debug(&mut self, word: &str, rest: &[&str]) -> Result<Option<Reply>> {
        let text = |lines: Vec<String>, none: &str| {
            Some(Reply::Text(if lines.is_empty() { none.to_owned() } else { lines.join("\n") }))
        };
        Ok(match (word, rest) {
            ("break", []) => {
                text(self.debugger.breakpoints().texts(&self.debugger.room.symbols), "no breakpoints")
            }
            ("break", rest) => {
                let Some(row) = self.breakpoint_row(rest)? else { return Ok(None) };
                self.debugger.breakpoints_mut().put(row);
                Some(Reply::none())
            }
            ("nobreak", ["all"]) => {
                self.debugger.breakpoints_mut().clear();
                Some(Reply::none())
            }
            ("nobreak", rest) => {
                let Some(breakpoint) = self.breakpoint(rest)? else { return Ok(None) };
                if !self.debugger.breakpoints_mut().remove(breakpoint) {
                    let text = breakpoint.text(&self.debugger.room.symbols);
                    return Err(DebugError::NoBreakpoint(text).into());
                }
                Some(Reply::none())
            }
            ("back", rest) => self.back(rest)?,
            ("who", [address]) => {
                let address = self.address(address)?;
                Some(Reply::Text(self.debugger.who(address)?))
            }
            ("watch", []) => text(self.watch_lines(), "nothing is watched"),
            ("watch", [_] | [_, _]) => {
                let place = rest.join(" ").to_ascii_uppercase();
                self.examine(&place)?;
                if !self.watches.contains(&place) {
                    self.watches.push(place);
                }
                text(self.watch_lines(), "nothing is watched")
            }
            ("unwatch", ["all"]) => {
                self.watches.clear();
                Some(Reply::none())
            }
            ("unwatch", [_] | [_, _]) => {
                let place = rest.join(" ").to_ascii_uppercase();
                let Some(at) = self.watches.iter().position(|watched| *watched == place) else {
                    return refused(format!("{place} is not watched"));
                };
                self.watches.remove(at);
                Some(Reply::none())
            }
            ("trace", []) => Some(Reply::Text(match self.debugger.trace() {
                Some(trace) => format!("{} lines so far", trace.lines()),
                None => "no trace".to_owned(),
            })),
            ("trace", ["off"]) => match self.debugger.set_trace(None) {
                Some(trace) => Some(Reply::Text(format!("{} lines", trace.finish()?))),
                None => return refused("no trace is made"),
            },
            ("trace", ["last"]) => None,
            ("trace", ["last", count, only @ ..]) => self.last(count, only)?,
            ("trace", [path, only @ ..]) => {
                let only = TraceFilter::parse(only, &self.debugger.room)?;
                let out = self.debugger.room.files.create(Path::new(path)).map_err(RoomError::from)?;
                let mut trace = Trace::new(out);
                trace.set_only(only);
                if let Some(old) = self.debugger.set_trace(Some(trace)) {
                    old.finish()?;
                }
                Some(Reply::none())
            }
            ("history", []) => Some(Reply::Text(self.debugger.history_text())),
            ("history", [count, only @ ..]) if count.starts_with(|c: char| c.is_ascii_digit()) => {
                self.last(count, only)?
            }
            ("history", [position @ ("on" | "off")]) => {
                self.debugger.remember(*position == "on");
                Some(Reply::none())
            }
            _ => None,
        })
    }

    /// `history N`, `trace last N`: the last instructions that pass.
    fn last(&mut self, count: &str, only: &[&str]) -> Result<Option<Reply>> {
        let Ok(count @ 1..=MOST_LAST) = count.parse() else {
            return refused(format!("expected 1 to {MOST_LAST} instructions"));
        };
        let only = TraceFilter::parse(only, &self.debugger.room)?;
        let mut lines = self.debugger.last_instructions(count, &only)?;
        lines.insert(0, TRACE_COLUMNS.to_owned());
        Ok(Some(Reply::Text(lines.join("\n"))))
    }

    /// What is watched, and what it is.
    pub fn watch_lines(&self) -> Vec<String> {
        let lines = self.watches.iter().filter_map(|place| self.examine(place).ok());
        lines.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// `PLACE [if CONDITION [and CONDITION]] [after N]`
    fn breakpoint_row(&self, words: &[&str]) -> Result<Option<BreakpointRow>> {
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
            [_, rest @ ..] => Condition::parse_all(rest, &self.debugger.room)?,
        };
        let Some(breakpoint) = self.breakpoint(&words[..at])? else { return Ok(None) };
        if matches!(breakpoint, Breakpoint::Cycle(_)) && (passes > 0 || !conditions.is_empty()) {
            return Err(DebugError::CycleOnce.into());
        }
        Ok(Some(BreakpointRow { breakpoint, conditions, passes, met: 0 }))
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
            // a program may have a symbol of that name
            [word] if self.address(word).is_err() => match word.to_ascii_lowercase().as_str() {
                "read" | "write" => return refused(format!("an address is missing after `{word}`")),
                "operand" => return refused("a word, in octal, is missing after `operand`"),
                "cycle" => return refused("a machine cycle, decimal, is missing after `cycle`"),
                _ => Breakpoint::Execute(self.address(word)?),
            },
            [address] => Breakpoint::Execute(self.address(address)?),
            _ => return Ok(None),
        }))
    }

    /// `back ...`
    fn back(&mut self, words: &[&str]) -> Result<Option<Reply>> {
        match words {
            [] => self.debugger.back(1)?,
            ["write", address] => {
                let address = self.address(address)?;
                self.debugger.back_to_write(address)?;
            }
            ["to", address] => {
                let address = self.address(address)?;
                self.debugger.back_to_location(address)?;
            }
            ["break"] => self.debugger.back_to_breakpoint()?,
            ["cycle", cycle] => {
                let Ok(cycle) = cycle.parse::<u64>() else { return Ok(None) };
                self.debugger.back_to_cycle(cycle)?;
            }
            [count] => match count.parse::<u64>() {
                Ok(count) if count > 0 => self.debugger.back(count)?,
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }
        let cycle = self.machine().cycles();
        Ok(Some(Reply::Text(format!("cycle {cycle}, {}", self.debugger.here()))))
    }
}
