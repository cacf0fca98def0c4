//! Going back, and who wrote what.

use std::collections::VecDeque;

use anyhow::{Result, anyhow, bail};
use asm704::Word;

use super::breakpoints::writes;
use super::{Operator, Reply};
use crate::machine::Machine;

/// A moment of the past: a point of the history, and the machine cycle.
type Moment = (usize, u64);

/// Who changed a word last.
enum Writer {
    /// The instruction that begins at this moment.
    Instruction(Moment),
    /// Somebody from outside, at this cycle.
    Outside(u64),
}

impl Operator {
    /// `back ...`
    pub(super) fn back(&mut self, words: &[&str]) -> Result<Option<Reply>> {
        let (point, cycle) = match words {
            [] => self.steps_back(1)?,
            ["write", address] => {
                let address = self.address(address)?;
                match self.last_write(address)? {
                    Some(Writer::Instruction(moment)) => moment,
                    Some(Writer::Outside(cycle)) => {
                        bail!("{address:05o} was changed from outside at cycle {cycle}, by no instruction")
                    }
                    None => bail!("nobody wrote {address:05o}: {}", self.history_text()),
                }
            }
            ["to", address] => {
                let address = self.address(address)?;
                let here = |machine: &Machine| machine.cpu.ic == address && !machine.is_halted();
                self.last(&mut |machine| here(machine))?
                    .ok_or_else(|| anyhow!("{address:05o} was not executed: {}", self.history_text()))?
            }
            ["break"] => {
                let breakpoints = self.breakpoints.clone();
                self.last(&mut |machine| breakpoints.would_hit(machine))?
                    .ok_or_else(|| anyhow!("no breakpoint was met: {}", self.history_text()))?
            }
            ["cycle", cycle] => {
                let Ok(cycle) = cycle.parse::<u64>() else { return Ok(None) };
                if cycle >= self.machine.cycles() {
                    bail!("cycle {cycle} is not before now, cycle {}", self.machine.cycles());
                }
                // the last instruction that begins at or before it
                let mut last = None;
                for (point, begins) in self.points_before(cycle.saturating_add(1)).into_iter().take(1) {
                    last = Some((point, begins));
                    self.look_again(point, cycle.saturating_add(1), &mut |machine| {
                        last = Some((point, machine.cycles()));
                    })?;
                }
                last.ok_or_else(|| anyhow!("that is not known any more: {}", self.history_text()))?
            }
            [count] => {
                let Ok(count) = count.parse::<u64>() else { return Ok(None) };
                if count == 0 {
                    return Ok(None);
                }
                self.steps_back(count)?
            }
            _ => return Ok(None),
        };
        self.become_past(point, cycle)?;
        Ok(Some(Reply::Text(format!("cycle {}, {}", self.machine.cycles(), self.here()))))
    }

    /// Where the machine stood so many instructions ago.
    fn steps_back(&mut self, count: u64) -> Result<Moment> {
        let mut left = usize::try_from(count)?;
        let mut end = self.machine.cycles();
        for (point, begins) in self.points_before(end) {
            if begins >= end {
                continue;
            }
            let mut moments = VecDeque::new();
            self.look_again(point, end, &mut |machine| {
                moments.push_back(machine.cycles());
                if moments.len() > left {
                    moments.pop_front();
                }
            })?;
            if moments.is_empty() {
                // a machine that stood there: its halt counts
                moments.push_back(begins);
            }
            if moments.len() >= left {
                return Ok((point, moments[moments.len() - left]));
            }
            left -= moments.len();
            end = begins;
        }
        bail!("that is not known any more: {}", self.history_text())
    }

    /// The last moment before now at which something is true of the machine before its instruction.
    fn last(&mut self, found: &mut dyn FnMut(&Machine) -> bool) -> Result<Option<Moment>> {
        let mut end = self.machine.cycles();
        for (point, begins) in self.points_before(end) {
            if begins >= end {
                continue;
            }
            let mut last = None;
            self.look_again(point, end, &mut |machine| {
                if found(machine) {
                    last = Some((point, machine.cycles()));
                }
            })?;
            if last.is_some() {
                return Ok(last);
            }
            end = begins;
        }
        Ok(None)
    }

    fn last_write(&mut self, address: u16) -> Result<Option<Writer>> {
        let mut end = self.machine.cycles();
        // The point behind the time that is looked through: its cycle and the word, if it came from outside.
        let mut outside: Option<(u64, Word)> = None;
        for (point, begins) in self.points_before(end.saturating_add(1)) {
            let mut writers = Writers::new(address);
            let ended = if begins < end {
                self.look_again(point, end, &mut |machine| writers.look(machine))?
            } else {
                self.machine_at(point).clone()
            };
            if let Some((cycle, word)) = outside
                && word != ended.core.peek(address)
            {
                return Ok(Some(Writer::Outside(cycle)));
            }
            if ended.cycles() <= end {
                writers.look(&ended);
            }
            if let Some(cycle) = writers.last {
                return Ok(Some(Writer::Instruction((point, cycle))));
            }
            outside = self.is_change(point).then(|| (begins, self.machine_at(point).core.peek(address)));
            end = begins;
        }
        Ok(None)
    }

    /// `who ADDRESS`
    pub(super) fn who(&mut self, address: u16) -> Result<String> {
        let place = self.source.address(address);
        let word = self.machine.core.peek(address);
        Ok(match self.last_write(address)? {
            None => format!("nobody wrote {place}: {}", self.history_text()),
            Some(Writer::Outside(cycle)) => {
                format!("{place} {word} came from outside, at cycle {cycle}")
            }
            Some(Writer::Instruction((point, cycle))) => {
                let before = self.look_again(point, cycle, &mut |_| {})?;
                let location = before.cpu.ic;
                format!(
                    "{place} was {}, and became {word} at cycle {cycle} by {location:05o} {}: {}",
                    before.core.peek(address),
                    self.source.address(location),
                    self.disassembled(before.core.peek(location))
                )
            }
        })
    }
}

/// Finds the last instruction that has written a word.
struct Writers {
    address: u16,
    /// The instruction before: its cycle and location, the word before it, and whether it may write it.
    former: Option<(u64, u16, Word, bool)>,
    last: Option<u64>,
}

impl Writers {
    fn new(address: u16) -> Writers {
        Writers { address, former: None, last: None }
    }

    /// The machine before an instruction, and behind the one before.
    fn look(&mut self, machine: &Machine) {
        let word = machine.core.peek(self.address);
        let location = machine.cpu.ic;
        if let Some((cycle, from, was, may)) = self.former {
            // a CPY that skips has copied nothing; no other instruction that writes skips
            let next = (from + 1) & machine.core.size().mask();
            let trapped = location == 1;
            if word != was || (may && (location == next || trapped)) {
                self.last = Some(cycle);
            }
        }
        let may = writes(machine, self.address) && !machine.is_halted();
        self.former = Some((machine.cycles(), location, word, may));
    }
}
