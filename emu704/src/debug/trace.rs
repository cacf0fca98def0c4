//! A trace: a line for each instruction, in the columns of open-simh's `show cpu history`, so that the two can be compared.
//!
//! Registers are as they are before the instruction. By columns, from 0:
//!
//! | columns | what |
//! |---|---|
//! | 0-5 | IC, six octal digits |
//! | 7-9 | sign, Q and P of AC, as `-QP`, to the right |
//! | 10-21 | AC 1-35, twelve octal digits |
//! | 23 | sign of MQ, `-` or blank |
//! | 24-35 | MQ 1-35 |
//! | 37-42 | effective address, six octal digits |
//! | 44 | sign of the word at the effective address |
//! | 45-56 | that word, 1-35, when the instruction reads it, else the instruction itself |
//! | 58-62, 64-68, 70-74 | index registers A, B, C |
//! | 76-99 | the instruction, with symbols |
//! | 101- | the machine cycle, decimal |

use std::io::{self, Write};

use asm704::disassemble;

use super::breakpoints::reads;
use super::{DebugError, TraceFilter};
use crate::machine::Machine;
use crate::symbols::Symbols;

/// The line above the columns.
pub const COLUMNS: &str = "IC      AC            MQ            EA      SR             XR1    XR2   XR4";

/// A trace that goes to a file or to another writer.
pub struct Trace {
    out: Box<dyn Write>,
    /// What went wrong first; then nothing more is written.
    failed: Option<io::Error>,
    lines: u64,
    only: TraceFilter,
}

impl Trace {
    /// Begins a trace.
    pub fn new(out: Box<dyn Write>) -> Trace {
        let mut trace = Trace { out, failed: None, lines: 0, only: TraceFilter::default() };
        trace.put(&format!("{COLUMNS}\n\n"));
        trace
    }

    /// From now on it has the instructions that pass.
    pub fn set_only(&mut self, only: TraceFilter) {
        self.only = only;
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    fn put(&mut self, text: &str) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(text.as_bytes()).err();
        }
    }

    /// The instruction at IC is about to be executed.
    pub(crate) fn instruction(&mut self, machine: &Machine, symbols: &Symbols) {
        if !self.only.passes(machine) {
            return;
        }
        self.lines += 1;
        let line = line(machine, symbols);
        self.put(&line);
    }

    /// Writes what is still buffered; returns the lines.
    ///
    /// # Errors
    /// The first error that writing met.
    pub fn finish(mut self) -> Result<u64, DebugError> {
        if let Some(error) = self.failed {
            return Err(DebugError::Trace(error));
        }
        self.out.flush().map_err(DebugError::Trace)?;
        Ok(self.lines)
    }
}

/// The line of the instruction at IC.
pub fn line(machine: &Machine, symbols: &Symbols) -> String {
    let cpu = &machine.cpu;
    let word = machine.core.peek(cpu.ic);
    let ea = machine.effective(word);
    let shown = reads(machine).map_or(word, |address| machine.core.peek(address));
    let sign = |negative| if negative { '-' } else { ' ' };
    let mut bits = String::new();
    for (on, letter) in [(cpu.ac.negative, '-'), (cpu.ac.q(), 'Q'), (cpu.ac.p(), 'P')] {
        if on {
            bits.push(letter);
        }
    }
    let (op, fields) = disassemble::instruction(word, |address| symbols.address(address));
    let instruction = format!("{op:3} {fields}");
    format!(
        "{:06o} {bits:>3}{:012o} {}{:012o} {ea:06o} {}{:012o} {:05o} {:05o} {:05o} {:<24} {}\n",
        cpu.ic,
        cpu.ac.magnitude & asm704::Word::MAGNITUDE,
        sign(cpu.mq.is_negative()),
        cpu.mq.magnitude(),
        sign(shown.is_negative()),
        shown.magnitude(),
        cpu.xr[0],
        cpu.xr[1],
        cpu.xr[2],
        instruction.trim_end(),
        machine.cycles()
    )
}
