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
use std::sync::Arc;

use asm704::{Word, disassemble};

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
    shown: Shown,
    /// The line that is written, for its memory.
    line: Vec<u8>,
}

impl Trace {
    /// Begins a trace.
    pub fn new(mut out: Box<dyn Write>) -> Trace {
        let failed = out.write_all(format!("{COLUMNS}\n\n").as_bytes()).err();
        let (only, shown, line) = (TraceFilter::default(), Shown::default(), Vec::new());
        Trace { out, failed, lines: 0, only, shown, line }
    }

    /// From now on it has the instructions that pass.
    pub fn set_only(&mut self, only: TraceFilter) {
        self.only = only;
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The instruction at IC is about to be executed.
    pub(crate) fn instruction(&mut self, machine: &Machine, symbols: &Symbols) {
        if !self.only.passes(machine) {
            return;
        }
        self.lines += 1;
        let cpu = &machine.cpu;
        let text = self.shown.text(cpu.ic, machine.core.peek(cpu.ic), symbols);
        self.line.clear();
        write(&mut self.line, machine, text);
        if self.failed.is_none() {
            self.failed = self.out.write_all(&self.line).err();
        }
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
    let mut out = Vec::new();
    let instruction = instruction(machine.core.peek(machine.cpu.ic), symbols);
    write(&mut out, machine, &instruction);
    String::from_utf8_lossy(&out).into_owned()
}

/// The columns of the instruction with symbols.
fn instruction(word: Word, symbols: &Symbols) -> String {
    let (op, fields) = disassemble::instruction(word, |address| symbols.address(address));
    format!("{:<24}", format!("{op:3} {fields}").trim_end())
}

/// Adds a line to `out`. A long run has millions of them, so nothing is allocated and nothing goes through formatting.
fn write(out: &mut Vec<u8>, machine: &Machine, instruction: &str) {
    let cpu = &machine.cpu;
    let word = machine.core.peek(cpu.ic);
    let shown = reads(machine).map_or(word, |address| machine.core.peek(address));
    let mut row = [b' '; FIXED];
    octal::<6>(&mut row, 0, cpu.ic.into());
    let mut column = 10;
    for (on, letter) in [(cpu.ac.p(), b'P'), (cpu.ac.q(), b'Q'), (cpu.ac.negative, b'-')] {
        if on {
            column -= 1;
            row[column] = letter;
        }
    }
    octal::<12>(&mut row, 10, cpu.ac.magnitude & Word::MAGNITUDE);
    signed(&mut row, 23, cpu.mq);
    octal::<6>(&mut row, 37, machine.effective(word).into());
    signed(&mut row, 44, shown);
    for (xr, column) in cpu.xr.into_iter().zip([58, 64, 70]) {
        octal::<5>(&mut row, column, xr.into());
    }
    out.extend_from_slice(&row);
    out.extend_from_slice(instruction.as_bytes());
    out.push(b' ');
    decimal(out, machine.cycles());
    out.push(b'\n');
}

/// Columns in front of the instruction.
const FIXED: usize = 76;

/// Each two octal digits.
const PAIRS: [[u8; 2]; 64] = {
    let mut pairs = [[b'0'; 2]; 64];
    let mut value = 0;
    while value < 64 {
        pairs[value] = [b'0' + (value >> 3) as u8, b'0' + (value & 7) as u8];
        value += 1;
    }
    pairs
};

/// `N` octal digits from a column on.
#[inline(always)]
fn octal<const N: usize>(row: &mut [u8; FIXED], column: usize, mut value: u64) {
    let mut digits = [0; N];
    let (first, pairs) = digits.split_at_mut(N % 2);
    for pair in pairs.rchunks_exact_mut(2) {
        pair.copy_from_slice(&PAIRS[(value & 0o77) as usize]);
        value >>= 6;
    }
    if let [first] = first {
        *first = b'0' + (value & 7) as u8;
    }
    row[column..column + N].copy_from_slice(&digits);
}

/// A sign and twelve octal digits.
#[inline(always)]
fn signed(row: &mut [u8; FIXED], column: usize, word: Word) {
    if word.is_negative() {
        row[column] = b'-';
    }
    octal::<12>(row, column + 1, word.magnitude());
}

fn decimal(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[first..]);
}

/// What instructions are called, as long as they and the symbols stay what they were.
#[derive(Default)]
struct Shown {
    /// The word and its text for each location that was met.
    texts: Vec<Option<(Word, String)>>,
    symbols: Option<Arc<()>>,
}

impl Shown {
    fn text(&mut self, location: u16, word: Word, symbols: &Symbols) -> &str {
        if !self.symbols.as_ref().is_some_and(|identity| symbols.are(identity)) {
            self.symbols = Some(symbols.identity());
            self.texts.clear();
        }
        let location = usize::from(location);
        if location >= self.texts.len() {
            self.texts.resize(location + 1, None);
        }
        let known = &mut self.texts[location];
        if !matches!(known, Some((of, _)) if *of == word) {
            *known = Some((word, instruction(word, symbols)));
        }
        known.as_ref().map_or("", |(_, text)| text)
    }
}

#[cfg(test)]
mod tests;
