//! Where a run breaks.

use std::fmt;

use asm704::isa::{Form, Op, decode_major};

use crate::machine::{Direction, Machine};

/// One breakpoint. It breaks before the instruction is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakpoint {
    /// The instruction at this location.
    Execute(u16),
    /// An instruction that reads this word as its operand; a CPY that takes it.
    Read(u16),
    /// An instruction that writes this word, or a part of it; a CPY that brings it.
    Write(u16),
    /// The first instruction at or after this machine cycle. It breaks once.
    Cycle(u64),
    /// RDS or WRS of any unit.
    Select,
    /// A transfer that trapping mode will catch.
    Trap,
}

impl fmt::Display for Breakpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breakpoint::Execute(at) => write!(f, "at {at:05o}"),
            Breakpoint::Read(at) => write!(f, "read {at:05o}"),
            Breakpoint::Write(at) => write!(f, "write {at:05o}"),
            Breakpoint::Cycle(cycle) => write!(f, "cycle {cycle}"),
            Breakpoint::Select => f.write_str("select"),
            Breakpoint::Trap => f.write_str("trap"),
        }
    }
}

/// The breakpoints that are set.
#[derive(Debug, Clone, Default)]
pub struct Breakpoints {
    list: Vec<Breakpoint>,
}

impl Breakpoints {
    /// Sets one. False when it was there.
    pub fn set(&mut self, breakpoint: Breakpoint) -> bool {
        let new = !self.list.contains(&breakpoint);
        if new {
            self.list.push(breakpoint);
        }
        new
    }

    /// Takes one away. False when there was none.
    pub fn remove(&mut self, breakpoint: Breakpoint) -> bool {
        let before = self.list.len();
        self.list.retain(|b| *b != breakpoint);
        self.list.len() < before
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// All of them, in the order of setting.
    pub fn list(&self) -> &[Breakpoint] {
        &self.list
    }

    /// Is there one on this location's execution?
    pub fn is_at(&self, location: u16) -> bool {
        self.list.contains(&Breakpoint::Execute(location))
    }

    /// Is there one that must be looked at before every instruction?
    pub(super) fn any_location(&self) -> bool {
        self.list.iter().any(|b| !matches!(b, Breakpoint::Cycle(_)))
    }

    pub(super) fn next_cycle(&self) -> Option<u64> {
        self.list
            .iter()
            .filter_map(|b| if let Breakpoint::Cycle(cycle) = b { Some(*cycle) } else { None })
            .min()
    }

    /// The breakpoint on a cycle that has come, which goes with it.
    pub(super) fn take_cycle(&mut self, now: u64) -> Option<u64> {
        let cycle = self.next_cycle().filter(|cycle| *cycle <= now)?;
        self.remove(Breakpoint::Cycle(cycle));
        Some(cycle)
    }

    /// The breakpoint that the instruction at IC meets.
    pub(super) fn hit(&self, machine: &Machine) -> Option<Breakpoint> {
        let location = machine.cpu.ic;
        let (read, write) = accesses(machine);
        let op = decode_major(machine.core.peek(location));
        self.list.iter().copied().find(|breakpoint| match breakpoint {
            Breakpoint::Execute(at) => *at == location,
            Breakpoint::Read(at) => read == Some(*at),
            Breakpoint::Write(at) => write == Some(*at) || (trapped(machine, op) && *at == 0),
            Breakpoint::Cycle(_) => false,
            Breakpoint::Select => matches!(op, Some(Op::Rds | Op::Wrs)),
            Breakpoint::Trap => trapped(machine, op),
        })
    }
}

fn trapped(machine: &Machine, op: Option<Op>) -> bool {
    machine.cpu.trapping && op.is_some_and(Op::is_trapped)
}

/// The words that the instruction at IC reads and writes as its operand.
fn accesses(machine: &Machine) -> (Option<u16>, Option<u16>) {
    let word = machine.core.peek(machine.cpu.ic);
    let Some(op) = decode_major(word) else { return (None, None) };
    let y = machine.effective(word);
    let direct = word.address() & machine.core.size().mask();
    match op {
        Op::Stq | Op::Slq | Op::Sto | Op::Slw | Op::Stz | Op::Stp | Op::Std | Op::Sta => (None, Some(y)),
        Op::Ans | Op::Ors => (Some(y), Some(y)),
        Op::Sxd => (None, Some(direct)),
        Op::Lxa | Op::Lxd => (Some(direct), None),
        Op::Cpy | Op::Cad => match machine.copy_direction() {
            Direction::Read => (None, Some(y)),
            Direction::Write | Direction::WriteAhead => (Some(y), None),
        },
        Op::Lda | Op::Cas => (Some(y), None),
        Op::Htr | Op::Hpr | Op::Nop => (None, None),
        _ if op.row().form == Form::Core && !op.is_trapped() && op != Op::Ttr => (Some(y), None),
        _ => (None, None),
    }
}
