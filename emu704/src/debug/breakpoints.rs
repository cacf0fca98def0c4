//! Where a run breaks.

use std::fmt::{self, Write as _};

use asm704::Word;
use asm704::isa::Op;

use super::condition::Condition;
use crate::io::Unit;
use crate::machine::{Locations, Machine};
use crate::symbols::Symbols;

/// The kinds of units that a select can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// A tape unit of this number, or any.
    Tape(Option<u8>),
    /// A logical drum of this number, or any.
    Drum(Option<u8>),
    /// The card reader.
    Reader,
    /// The card punch.
    Punch,
    /// The printer.
    Printer,
    /// The CRT recorder.
    Crt,
}

impl UnitKind {
    /// From words: `tape 3`, `printer`; `None` when they name no unit.
    pub fn parse(words: &[&str]) -> Option<UnitKind> {
        let number = |text: &str, most: u8| text.parse::<u8>().ok().filter(|n| (1..=most).contains(n));
        Some(match words {
            ["tape"] => UnitKind::Tape(None),
            ["tape", n] => UnitKind::Tape(Some(number(n, 10)?)),
            ["drum"] => UnitKind::Drum(None),
            ["drum", n] => UnitKind::Drum(Some(number(n, 8)?)),
            ["reader"] => UnitKind::Reader,
            ["punch"] => UnitKind::Punch,
            ["printer"] => UnitKind::Printer,
            ["crt"] => UnitKind::Crt,
            _ => return None,
        })
    }

    /// The unit is of this kind, and of this number if one is named.
    pub(super) fn is(self, unit: Unit) -> bool {
        let named = |wanted: Option<u8>, number| wanted.is_none_or(|wanted| wanted == number);
        match unit {
            Unit::Tape { number, .. } | Unit::SimultaneousTape(number) => {
                matches!(self, UnitKind::Tape(wanted) if named(wanted, number))
            }
            Unit::Drum(number) => matches!(self, UnitKind::Drum(wanted) if named(wanted, number)),
            Unit::CardReader => self == UnitKind::Reader,
            Unit::Punch => self == UnitKind::Punch,
            Unit::Printer => self == UnitKind::Printer,
            Unit::Crt => self == UnitKind::Crt,
            Unit::Delay | Unit::Nothing(_) => false,
        }
    }
}

impl fmt::Display for UnitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnitKind::Tape(None) => f.write_str("tape"),
            UnitKind::Tape(Some(n)) => write!(f, "tape {n}"),
            UnitKind::Drum(None) => f.write_str("drum"),
            UnitKind::Drum(Some(n)) => write!(f, "drum {n}"),
            UnitKind::Reader => f.write_str("reader"),
            UnitKind::Punch => f.write_str("punch"),
            UnitKind::Printer => f.write_str("printer"),
            UnitKind::Crt => f.write_str("crt"),
        }
    }
}

/// What a breakpoint waits for. It breaks before the instruction is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakpoint {
    /// The instruction at this location.
    Execute(u16),
    /// An instruction that reads this word as its operand; a CPY that takes it.
    Read(u16),
    /// An instruction that writes this word, or a part of it; a CPY that brings it, or meets the end of record instead.
    Write(u16),
    /// An instruction whose operand in core, which it reads, is this word.
    Operand(Word),
    /// The first instruction at or after this machine cycle. It breaks once.
    Cycle(u64),
    /// RDS or WRS of such a unit, or of any.
    Select(Option<UnitKind>),
    /// A transfer that trapping mode will catch.
    Trap,
}

impl Breakpoint {
    /// In words, with the symbol of its place.
    pub fn text(&self, symbols: &Symbols) -> String {
        let name = |at: u16| symbols.name(at).map(|name| format!(" {name}")).unwrap_or_default();
        match self {
            Breakpoint::Execute(at) => format!("at {at:05o}{}", name(*at)),
            Breakpoint::Read(at) => format!("read {at:05o}{}", name(*at)),
            Breakpoint::Write(at) => format!("write {at:05o}{}", name(*at)),
            Breakpoint::Operand(word) => format!("operand {word}"),
            Breakpoint::Cycle(cycle) => format!("cycle {cycle}"),
            Breakpoint::Select(None) => "select".to_owned(),
            Breakpoint::Select(Some(unit)) => format!("select {unit}"),
            Breakpoint::Trap => "trap".to_owned(),
        }
    }

    /// The instruction at IC meets it.
    #[inline]
    fn is_met(self, machine: &Machine) -> bool {
        match self {
            Breakpoint::Execute(at) => at == machine.cpu.ic,
            // the end of a run sees to it
            Breakpoint::Cycle(_) => false,
            _ => self.is_met_by_what_it_does(machine),
        }
    }

    /// The same for one that waits for what an instruction does, wherever it is.
    fn is_met_by_what_it_does(self, machine: &Machine) -> bool {
        let location = machine.cpu.ic;
        let word = machine.core.peek(location);
        let touched = machine.touched(word);
        match self {
            Breakpoint::Execute(_) | Breakpoint::Cycle(_) => false,
            Breakpoint::Read(at) => touched.reads == Some(at),
            Breakpoint::Write(at) => touched.writes == Some(at) || (touched.is_trapped && at == 0),
            Breakpoint::Operand(wanted) => touched.reads.is_some_and(|at| machine.core.peek(at) == wanted),
            Breakpoint::Select(wanted) => {
                let unit = match touched.op {
                    Some(Op::Rds) => Unit::from_address(machine.effective(word), false),
                    Some(Op::Wrs) => Unit::from_address(machine.effective(word), true),
                    _ => return false,
                };
                wanted.is_none_or(|wanted| wanted.is(unit))
            }
            Breakpoint::Trap => touched.is_trapped,
        }
    }
}

/// A breakpoint with what it asks for.
#[derive(Debug, Clone)]
pub struct BreakpointRow {
    /// What it waits for.
    pub breakpoint: Breakpoint,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// So many times it is passed.
    pub passes: u64,
    /// So many times it was met, its conditions holding.
    pub met: u64,
}

impl BreakpointRow {
    /// In words, such as `at 00035 LOOP if AC = 000000000005`.
    pub fn text(&self, symbols: &Symbols) -> String {
        let mut text = self.breakpoint.text(symbols);
        for (n, condition) in self.conditions.iter().enumerate() {
            text.push_str(if n == 0 { " if " } else { " and " });
            text.push_str(&condition.to_string());
        }
        if self.passes > 0 {
            let _ = write!(text, " after {} ({} so far)", self.passes, self.met);
        }
        text
    }
}

/// The breakpoints that are set.
#[derive(Debug, Clone, Default)]
pub struct Breakpoints {
    list: Vec<BreakpointRow>,
    locations: Locations,
    /// The words of those that wait for somebody to read or write them.
    words: Locations,
}

impl Breakpoints {
    /// Sets one without conditions. False when it was there.
    pub fn set(&mut self, breakpoint: Breakpoint) -> bool {
        let new = !self.list.iter().any(|row| row.breakpoint == breakpoint);
        if new {
            self.put(BreakpointRow { breakpoint, conditions: Vec::new(), passes: 0, met: 0 });
        }
        new
    }

    /// Sets one in the place of one that waits for the same.
    pub fn put(&mut self, row: BreakpointRow) {
        self.list.retain(|other| other.breakpoint != row.breakpoint);
        self.list.push(row);
        self.note_locations();
    }

    /// Takes one away. False when there was none.
    pub fn remove(&mut self, breakpoint: Breakpoint) -> bool {
        let before = self.list.len();
        self.list.retain(|row| row.breakpoint != breakpoint);
        self.note_locations();
        self.list.len() < before
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.list.clear();
        self.note_locations();
    }

    fn note_locations(&mut self) {
        let location = |row: &BreakpointRow| match row.breakpoint {
            Breakpoint::Execute(at) => Some(at),
            _ => None,
        };
        let word = |row: &BreakpointRow| match row.breakpoint {
            Breakpoint::Read(at) | Breakpoint::Write(at) => Some(at),
            _ => None,
        };
        self.words = self.list.iter().filter_map(word).collect();
        self.locations = self.list.iter().filter_map(location).collect();
    }

    /// The breakpoint that waits for this, with its conditions and counts.
    pub fn row(&self, breakpoint: Breakpoint) -> Option<&BreakpointRow> {
        self.list.iter().find(|row| row.breakpoint == breakpoint)
    }

    /// All of them in words, in the order of setting.
    pub fn texts(&self, symbols: &Symbols) -> Vec<String> {
        self.list.iter().map(|row| row.text(symbols)).collect()
    }

    /// Is there one on this location's execution?
    pub fn is_at(&self, location: u16) -> bool {
        self.locations.contains(location)
    }

    /// Is there one that must be looked at before every instruction?
    pub(super) fn looks_at_each(&self) -> bool {
        use Breakpoint::{Cycle, Execute, Read, Write};
        !self.list.iter().all(|row| {
            matches!(row.breakpoint, Cycle(_) | Execute(_) | Read(_) | Write(_))
                && !row.conditions.iter().any(Condition::needs_sr)
        })
    }

    /// The conditions of those on execution that have any, by location.
    pub(super) fn conditions(&self) -> Vec<(u16, Vec<Condition>)> {
        let conditions = |row: &BreakpointRow| match row.breakpoint {
            Breakpoint::Execute(at) if !row.conditions.is_empty() => Some((at, row.conditions.clone())),
            _ => None,
        };
        self.list.iter().filter_map(conditions).collect()
    }

    /// The words of those on reading and writing.
    pub(super) fn words(&self) -> &Locations {
        &self.words
    }

    /// The locations of those on execution, when there is one.
    pub(super) fn locations(&self) -> Option<&Locations> {
        (!self.locations.list().is_empty()).then_some(&self.locations)
    }

    pub(super) fn next_cycle(&self) -> Option<u64> {
        let cycle = |row: &BreakpointRow| {
            if let Breakpoint::Cycle(cycle) = row.breakpoint { Some(cycle) } else { None }
        };
        self.list.iter().filter_map(cycle).min()
    }

    /// The breakpoint on a cycle that has come, which goes with it.
    pub(super) fn take_cycle(&mut self, now: u64) -> Option<u64> {
        let cycle = self.next_cycle().filter(|cycle| *cycle <= now)?;
        self.remove(Breakpoint::Cycle(cycle));
        Some(cycle)
    }

    /// The breakpoints that break before the instruction at IC, in the order of setting; those that are met count it.
    pub(super) fn hit(&mut self, machine: &Machine) -> Vec<Breakpoint> {
        let mut hit = Vec::new();
        for row in &mut self.list {
            if row.breakpoint.is_met(machine) && row.conditions.iter().all(|c| c.holds(machine)) {
                row.met += 1;
                if row.met > row.passes {
                    hit.push(row.breakpoint);
                }
            }
        }
        hit
    }

    /// One would break before the instruction at IC, counts aside.
    #[inline]
    pub(super) fn would_hit(&self, machine: &Machine) -> bool {
        self.list
            .iter()
            .any(|row| row.breakpoint.is_met(machine) && row.conditions.iter().all(|c| c.holds(machine)))
    }
}

/// The instruction at IC writes a word, or a part of it.
pub(super) fn writes(machine: &Machine, address: u16) -> bool {
    Breakpoint::Write(address).is_met(machine)
}
