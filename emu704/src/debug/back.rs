//! Going back, and who wrote what.

use std::collections::VecDeque;

use asm704::Word;

use super::breakpoints::writes;
use super::{Breakpoints, DebugError, Debugger};
use crate::machine::Machine;

/// A moment of the past: a point of the history, and the machine cycle.
pub(super) type Moment = (usize, u64);

/// Moments that are kept while instructions are counted: a longer way back is gone through a second time.
const KEPT: usize = 1 << 16;

/// Who changed a word last.
enum Writer {
    /// The instruction that begins at this moment.
    Instruction(Moment),
    /// Somebody from outside, at this cycle.
    Outside(u64),
}

impl Debugger {
    /// Goes back by some instructions.
    ///
    /// # Errors
    /// So much is not known.
    pub fn back(&mut self, instructions: u64) -> Result<(), DebugError> {
        let moment = self.steps_back(instructions)?;
        self.become_past(moment)
    }

    /// Goes back to the instruction that wrote a word last.
    ///
    /// # Errors
    /// No instruction wrote it, as far as is known.
    pub fn back_to_write(&mut self, address: u16) -> Result<(), DebugError> {
        match self.last_write(address)? {
            Some(Writer::Instruction(moment)) => self.become_past(moment),
            Some(Writer::Outside(cycle)) => Err(DebugError::Past(format!(
                "{address:05o} was changed from outside at cycle {cycle}, by no instruction"
            ))),
            None => Err(self.unknown(&format!("no instruction wrote {address:05o}"))),
        }
    }

    /// Goes back to the last time that the instruction at a location was about to be executed.
    ///
    /// # Errors
    /// It was not, as far as is known.
    pub fn back_to_location(&mut self, location: u16) -> Result<(), DebugError> {
        let here = |machine: &Machine| machine.cpu.ic == location && !machine.is_halted();
        match self.last(&mut |machine| here(machine))? {
            Some(moment) => self.become_past(moment),
            None => Err(self.unknown(&format!("{location:05o} was not executed"))),
        }
    }

    /// Goes back to the last time that a breakpoint was met and its conditions held. Counts of `after` are not asked: they
    /// belong to the breakpoint, not to the time.
    ///
    /// # Errors
    /// None was, as far as is known.
    pub fn back_to_breakpoint(&mut self) -> Result<(), DebugError> {
        let breakpoints: Breakpoints = self.lookout.breakpoints.clone();
        match self.last(&mut |machine| breakpoints.would_hit(machine))? {
            Some(moment) => self.become_past(moment),
            None => Err(self.unknown("no breakpoint was met")),
        }
    }

    /// Goes back to the last instruction that began at or before a machine cycle.
    ///
    /// # Errors
    /// The cycle is not before now, or so much is not known.
    pub fn back_to_cycle(&mut self, cycle: u64) -> Result<(), DebugError> {
        if cycle >= self.room.machine.cycles() {
            let now = self.room.machine.cycles();
            return Err(DebugError::Past(format!("cycle {cycle} is not before now, cycle {now}")));
        }
        let mut last = None;
        for (point, begins) in self.points_before(cycle.saturating_add(1)).into_iter().take(1) {
            last = Some((point, begins));
            self.look_again(point, cycle.saturating_add(1), &mut |machine| {
                last = Some((point, machine.cycles()));
            })?;
        }
        match last {
            Some(moment) => self.become_past(moment),
            None => Err(self.unknown("that is not known any more")),
        }
    }

    /// Goes back to the first moment that is known.
    ///
    /// # Errors
    /// Nothing of the past is known, or this is that moment.
    pub fn back_to_beginning(&mut self) -> Result<(), DebugError> {
        match self.points_before(self.room.machine.cycles()).last() {
            Some(first) => self.become_past(*first),
            None => Err(self.unknown("nothing before this is known")),
        }
    }

    fn unknown(&self, what: &str) -> DebugError {
        let text = self.beginning_text().unwrap_or_else(|| format!("{what}: {}", self.history_text()));
        DebugError::Past(text)
    }

    /// Where the machine stood so many instructions ago.
    pub(super) fn steps_back(&mut self, count: u64) -> Result<Moment, DebugError> {
        let mut left = usize::try_from(count).unwrap_or(usize::MAX);
        let mut end = self.room.machine.cycles();
        for (point, begins) in self.points_before(end) {
            if begins >= end {
                continue;
            }
            let (mut moments, mut count) = (VecDeque::new(), 0);
            self.look_again(point, end, &mut |machine| {
                count += 1;
                moments.push_back(machine.cycles());
                if moments.len() > left.min(KEPT) {
                    moments.pop_front();
                }
            })?;
            if count == 0 {
                // a machine that stood there: its halt counts
                moments.push_back(begins);
                count = 1;
            }
            if count >= left && moments.len() >= left {
                return Ok((point, moments[moments.len() - left]));
            }
            if count >= left {
                let (mut before, mut moment) = (count - left, begins);
                self.look_again(point, end, &mut |machine| {
                    if before == 0 {
                        moment = machine.cycles();
                    }
                    before = before.wrapping_sub(1);
                })?;
                return Ok((point, moment));
            }
            left -= count;
            end = begins;
        }
        let known = count - left as u64;
        Err(self.unknown(&match known {
            0 => "that is not known".to_owned(),
            1 => "only 1 step back is known".to_owned(),
            _ => format!("only {known} steps back are known"),
        }))
    }

    /// The last moment before now at which something is true of the machine before its instruction.
    fn last(&mut self, found: &mut dyn FnMut(&Machine) -> bool) -> Result<Option<Moment>, DebugError> {
        let mut end = self.room.machine.cycles();
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

    fn last_write(&mut self, address: u16) -> Result<Option<Writer>, DebugError> {
        let mut end = self.room.machine.cycles();
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

    /// Which instruction wrote a word last, in a sentence.
    ///
    /// # Errors
    /// What the reels held then is not known any more.
    pub fn who(&mut self, address: u16) -> Result<String, DebugError> {
        let place = self.room.symbols.address(address);
        let word = self.room.machine.core.peek(address);
        Ok(match self.last_write(address)? {
            None => format!("no instruction wrote {place}: {}", self.history_text()),
            Some(Writer::Outside(cycle)) if self.by_hand.get(&address) == Some(&(cycle, word)) => {
                format!("the operator put {word} into {place}, at cycle {cycle}")
            }
            Some(Writer::Outside(cycle)) => {
                format!("{place} {word} came from outside, at cycle {cycle}")
            }
            Some(Writer::Instruction((point, cycle))) => {
                let before = self.look_again(point, cycle, &mut |_| {})?;
                let location = before.cpu.ic;
                format!(
                    "{place} was {}, and became {word} at cycle {cycle} by {location:05o} {}: {}",
                    before.core.peek(address),
                    self.room.symbols.address(location),
                    self.executed(location, before.core.peek(location))
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
