//! Breakpoints of the client, beside those that the monitor's words set.

use serde_json::{Value, json};

use super::args::{self, Asked};
use super::memory;
use super::session::Session;
use super::wire::{Answer, Refusal, Request};
use crate::debug::{Breakpoint, BreakpointRow, Breakpoints, Condition, Debugger};

/// The lists that a client sets, each as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Of a source, by its place among the sources.
    Source(usize),
    Function,
    Instruction,
    Data,
    /// Kinds of instructions, such as all selects.
    Kind,
}

impl List {
    /// Why a breakpoint of this list has stopped the machine, in the words of the protocol.
    fn reason(self) -> &'static str {
        match self {
            List::Source(_) | List::Kind => "breakpoint",
            List::Function => "function breakpoint",
            List::Instruction => "instruction breakpoint",
            List::Data => "data breakpoint",
        }
    }
}

/// A breakpoint of the client.
#[derive(Debug)]
struct Row {
    id: i64,
    list: List,
    breakpoints: Vec<Breakpoint>,
    conditions: Vec<Condition>,
    passes: u64,
    /// It says this, and the machine goes on.
    log: Option<String>,
}

/// All breakpoints of the client that wait for something.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    last_id: i64,
    /// What the debugger was given.
    set: Vec<Breakpoint>,
}

/// What the client should know about a break.
#[derive(Debug, PartialEq)]
pub(super) enum Met {
    /// It stops, for this reason, at the breakpoints of these numbers.
    Stops(&'static str, Vec<i64>),
    /// Only these texts are to be said.
    Logs(Vec<String>),
}

impl Table {
    /// Takes away those of a list.
    fn clear(&mut self, list: List) {
        self.rows.retain(|row| row.list != list);
    }

    /// Takes away those on cards: another program is in core.
    pub(super) fn clear_sources(&mut self) {
        self.rows.retain(|row| !matches!(row.list, List::Source(_)));
    }

    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// Gives the debugger what is wanted, and takes away what was. Counts of what stays go on. Where several wait for the
    /// same, one that always stops is the one that counts.
    pub(super) fn give(&mut self, breakpoints: &mut Breakpoints) {
        let former: Vec<(BreakpointRow, Breakpoint)> = self
            .set
            .drain(..)
            .filter_map(|breakpoint| breakpoints.row(breakpoint).cloned().map(|row| (row, breakpoint)))
            .collect();
        for (_, breakpoint) in &former {
            breakpoints.remove(*breakpoint);
        }
        for row in &self.rows {
            for &breakpoint in &row.breakpoints {
                let always = |row: &BreakpointRow| row.conditions.is_empty() && row.passes == 0;
                if self.set.contains(&breakpoint) && breakpoints.row(breakpoint).is_some_and(always) {
                    continue;
                }
                let same = |(old, of): &&(BreakpointRow, Breakpoint)| {
                    *of == breakpoint && old.conditions == row.conditions && old.passes == row.passes
                };
                let met = former.iter().find(same).map_or(0, |(old, _)| old.met);
                let (conditions, passes) = (row.conditions.clone(), row.passes);
                breakpoints.put(BreakpointRow { breakpoint, conditions, passes, met });
                self.set.push(breakpoint);
            }
        }
    }

    /// What breakpoints of the debugger mean to the client.
    pub(super) fn met(&self, by: &[Breakpoint]) -> Met {
        let rows: Vec<&Row> =
            self.rows.iter().filter(|row| row.breakpoints.iter().any(|one| by.contains(one))).collect();
        // one that somebody has set by the monitor's words stops
        let all_known = by.iter().all(|one| rows.iter().any(|row| row.breakpoints.contains(one)));
        if all_known && !rows.is_empty() && rows.iter().all(|row| row.log.is_some()) {
            return Met::Logs(rows.iter().filter_map(|row| row.log.clone()).collect());
        }
        let stops: Vec<&&Row> = rows.iter().filter(|row| row.log.is_none()).collect();
        let reason = stops.first().map_or("breakpoint", |row| row.list.reason());
        Met::Stops(reason, stops.iter().map(|row| row.id).collect())
    }
}

/// Conditions and counts of a breakpoint.
fn asked_for(asked: &Asked, debugger: &Debugger) -> Result<(Vec<Condition>, u64), Refusal> {
    let text = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let condition = text(&asked.condition);
    let words: Vec<&str> = condition.split_whitespace().collect();
    let conditions =
        if words.is_empty() { Vec::new() } else { Condition::parse_all(&words, &debugger.room)? };
    let hits = text(&asked.hit_condition);
    let passes = if hits.is_empty() {
        0
    } else {
        let (least, number) = match hits.strip_prefix('>') {
            Some(rest) => rest.strip_prefix('=').map_or((1, rest), |rest| (0, rest)),
            None => (0, hits.as_str()),
        };
        let count = number.trim().parse::<u64>().map(|count| (count + least).saturating_sub(1));
        count.map_err(|_| {
            Refusal::new(format!("`{hits}` counts nothing: expected N (from the Nth time on), >= N or > N"))
        })?
    };
    Ok((conditions, passes))
}

impl Session {
    /// Adds a breakpoint; what is wrong with it makes it one that is not verified.
    fn add(&mut self, list: List, found: Result<Vec<Breakpoint>, Refusal>, asked: &Asked) -> Value {
        let id = self.table.next_id();
        let row = found.and_then(|breakpoints| {
            let (conditions, passes) = asked_for(asked, self.debugger()?)?;
            let log = asked.log_message.clone().filter(|log| !log.is_empty());
            Ok(Row { id, list, breakpoints, conditions, passes, log })
        });
        match row {
            Ok(row) => {
                self.table.rows.push(row);
                json!({ "id": id, "verified": true })
            }
            Err(refusal) => json!({ "id": id, "verified": false, "message": refusal.message }),
        }
    }

    /// The answer to a request that sets a list.
    fn given(&mut self, all: &[Value]) -> Value {
        if let Some(seat) = &mut self.seat {
            self.table.give(seat.monitor.debugger.breakpoints_mut());
        }
        json!({ "breakpoints": all })
    }

    pub(super) fn set_breakpoints(&mut self, request: &Request) -> Answer {
        let args::SetBreakpoints { source, mut breakpoints, lines } = request.arguments()?;
        if breakpoints.is_empty() {
            breakpoints.extend(
                lines.iter().map(|line| args::SourceBreakpoint { line: *line, asked: Asked::default() }),
            );
        }
        let Some(at) = self.sources.find(&source) else {
            let why = "no card of this source is in core";
            let all = breakpoints.iter().map(|_| json!({ "verified": false, "message": why }));
            return Ok(json!({ "breakpoints": all.collect::<Vec<_>>() }));
        };
        self.table.clear(List::Source(at));
        let mut all = Vec::new();
        for breakpoint in breakpoints {
            let line = self.line_in(breakpoint.line);
            let found = self.sources.words(&self.debugger()?.room.symbols, at, line);
            let places = match &found {
                Some((_, places)) => Ok(places.iter().map(|at| Breakpoint::Execute(*at)).collect()),
                None => Err(Refusal::new("no card from this line on has a word")),
            };
            let mut told = self.add(List::Source(at), places, &breakpoint.asked);
            if let Some((line, places)) = found {
                told["line"] = json!(self.line_out(line));
                told["source"] = self.sources.json(at);
                told["instructionReference"] = json!(places.first().map(|at| memory::reference(*at)));
            }
            all.push(told);
        }
        Ok(self.given(&all))
    }

    pub(super) fn set_function_breakpoints(&mut self, request: &Request) -> Answer {
        let asked: args::SetFunctionBreakpoints = request.arguments()?;
        self.table.clear(List::Function);
        let mut all = Vec::new();
        for breakpoint in asked.breakpoints {
            let found = self.debugger()?.room.address(breakpoint.name.trim()).map_err(Refusal::new);
            let place = found.as_ref().ok().copied();
            let found = found.map(|at| vec![Breakpoint::Execute(at)]);
            let told = self.add(List::Function, found, &breakpoint.asked);
            all.push(self.with_place(told, place));
        }
        Ok(self.given(&all))
    }

    pub(super) fn set_instruction_breakpoints(&mut self, request: &Request) -> Answer {
        let asked: args::SetInstructionBreakpoints = request.arguments()?;
        self.table.clear(List::Instruction);
        let mut all = Vec::new();
        for breakpoint in asked.breakpoints {
            let size = self.debugger()?.room.machine.core.size();
            let found = memory::word_at(&breakpoint.instruction_reference, breakpoint.offset, size);
            let place = found.as_ref().ok().copied();
            let found = found.map(|at| vec![Breakpoint::Execute(at)]);
            let told = self.add(List::Instruction, found, &breakpoint.asked);
            all.push(self.with_place(told, place));
        }
        Ok(self.given(&all))
    }

    pub(super) fn set_data_breakpoints(&mut self, request: &Request) -> Answer {
        let asked: args::SetDataBreakpoints = request.arguments()?;
        self.table.clear(List::Data);
        let mut all = Vec::new();
        for breakpoint in asked.breakpoints {
            let found = self.debugger()?.room.address(&breakpoint.data_id).map_err(Refusal::new);
            let found = found.and_then(|at| match breakpoint.access_type.as_deref() {
                None | Some("write") => Ok(vec![Breakpoint::Write(at)]),
                Some("read") => Ok(vec![Breakpoint::Read(at)]),
                Some("readWrite") => Ok(vec![Breakpoint::Read(at), Breakpoint::Write(at)]),
                Some(other) => Err(Refusal::new(format!("`{other}`: expected read, write or readWrite"))),
            });
            all.push(self.add(List::Data, found, &breakpoint.asked));
        }
        Ok(self.given(&all))
    }

    pub(super) fn set_exception_breakpoints(&mut self, request: &Request) -> Answer {
        let asked: args::SetExceptionBreakpoints = request.arguments()?;
        self.table.clear(List::Kind);
        let mut all = Vec::new();
        for filter in &asked.filters {
            let found = match filter.as_str() {
                "select" => Ok(vec![Breakpoint::Select(None)]),
                "trap" => Ok(vec![Breakpoint::Trap]),
                other => Err(Refusal::new(format!("`{other}` is no filter"))),
            };
            all.push(self.add(List::Kind, found, &Asked::default()));
        }
        Ok(self.given(&all))
    }

    /// A breakpoint with the card of its place.
    fn with_place(&self, mut told: Value, place: Option<u16>) -> Value {
        if let (Some(at), Some(seat)) = (place, &self.seat) {
            told["instructionReference"] = json!(memory::reference(at));
            if let Some((source, line)) = self.sources.place(&seat.monitor.debugger.room.symbols, at) {
                told["source"] = self.sources.json(source);
                told["line"] = json!(self.line_out(line));
            }
        }
        told
    }

    pub(super) fn breakpoint_locations(&self, request: &Request) -> Answer {
        let asked: args::BreakpointLocations = request.arguments()?;
        let symbols = &self.debugger()?.room.symbols;
        let first = self.line_in(asked.line);
        let last = asked.end_line.map_or(first, |line| self.line_in(line));
        let lines = self.sources.find(&asked.source).map(|at| self.sources.lines(symbols, at, first, last));
        let all = lines.unwrap_or_default();
        let all: Vec<Value> = all.into_iter().map(|line| json!({ "line": self.line_out(line) })).collect();
        Ok(json!({ "breakpoints": all }))
    }
}
