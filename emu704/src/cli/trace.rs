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

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use asm704::disassemble;

use super::Failure;
use super::operator::reads;
use super::source::Source;
use crate::machine::Machine;

/// The two lines above.
const HEAD: &str = "IC      AC            MQ            EA      SR             XR1    XR2   XR4\n\n";

/// A trace that goes to a file.
#[derive(Debug)]
pub(crate) struct Trace {
    file: BufWriter<File>,
    /// What went wrong first; then nothing more is written.
    failed: Option<io::Error>,
    /// Lines.
    pub(crate) lines: u64,
}

impl Trace {
    pub(crate) fn create(path: &Path) -> Result<Trace> {
        let file = File::create(path)
            .map_err(|e| Failure::usage(format!("{}: cannot write: {e}", path.display())))?;
        let mut trace = Trace { file: BufWriter::new(file), failed: None, lines: 0 };
        trace.put(HEAD);
        Ok(trace)
    }

    fn put(&mut self, text: &str) {
        if self.failed.is_none() {
            self.failed = self.file.write_all(text.as_bytes()).err();
        }
    }

    /// The instruction at IC is about to be executed.
    pub(crate) fn instruction(&mut self, machine: &Machine, source: &Source) {
        self.lines += 1;
        let line = line(machine, source);
        self.put(&line);
    }

    /// Everything is in the file.
    pub(crate) fn finish(mut self) -> Result<u64> {
        if let Some(error) = self.failed {
            return Err(error).context("the trace");
        }
        self.file.flush().context("the trace")?;
        Ok(self.lines)
    }
}

/// The line of the instruction at IC.
pub(crate) fn line(machine: &Machine, source: &Source) -> String {
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
    let (op, fields) = disassemble::instruction(word, |address| source.address(address));
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
