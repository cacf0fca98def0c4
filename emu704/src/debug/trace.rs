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

mod row;

use std::io::{self, Write};
use std::sync::Arc;

use asm704::{Word, disassemble};

use self::row::{ROOM, Row, WIDTH};
use super::{DebugError, TraceFilter};
use crate::machine::{Machine, Reads};
use crate::symbols::Symbols;

/// The line above the columns.
pub const COLUMNS: &str = "IC      AC            MQ            EA      SR             XR1    XR2   XR4";

/// Bytes that are kept before they are written.
const KEPT: usize = 16 * 1024;

/// A trace that goes to a file or to another writer.
pub struct Trace {
    out: Box<dyn Write>,
    /// Lines that are still to be written, in its first bytes. There is always room for another row.
    kept: Box<[u8]>,
    filled: usize,
    /// What went wrong first; then nothing more is written.
    failed: Option<io::Error>,
    lines: u64,
    /// `None` when all instructions pass.
    only: Option<TraceFilter>,
    shown: Shown,
    row: Row,
}

impl Trace {
    /// Begins a trace.
    pub fn new(mut out: Box<dyn Write>) -> Trace {
        let failed = out.write_all(format!("{COLUMNS}\n\n").as_bytes()).err();
        let (only, shown, row) = (None, Shown::default(), Row::new());
        Trace { out, kept: vec![0; KEPT].into(), filled: 0, failed, lines: 0, only, shown, row }
    }

    /// From now on it has the instructions that pass.
    pub fn set_only(&mut self, only: TraceFilter) {
        self.only = (only != TraceFilter::default()).then_some(only);
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The instruction at IC is about to be executed.
    pub(crate) fn instruction(&mut self, machine: &Machine, symbols: &Symbols) {
        if self.only.as_ref().is_some_and(|only| !only.passes(machine)) {
            return;
        }
        self.lines += 1;
        let known = self.shown.of(machine.core.peek(machine.cpu.ic), symbols);
        self.row.set(machine, known);
        if known.rest.is_empty() {
            // a number of bytes that is known ahead is copied at once
            let (columns, end) = self.row.columns();
            if let Some(place) = self.kept.get_mut(self.filled..).and_then(<[u8]>::first_chunk_mut) {
                *place = *columns;
            }
            self.filled += end;
            if self.filled > KEPT - ROOM {
                self.write_kept();
            }
        } else {
            let mut line = Vec::new();
            self.row.append(&mut line, &known.rest);
            self.write_kept();
            write(&mut *self.out, &mut self.failed, &line);
        }
    }

    #[cold]
    fn write_kept(&mut self) {
        write(&mut *self.out, &mut self.failed, &self.kept[..self.filled]);
        self.filled = 0;
    }

    /// Writes what is still kept; returns the lines.
    ///
    /// # Errors
    /// The first error that writing met.
    pub fn finish(mut self) -> Result<u64, DebugError> {
        self.write_kept();
        if let Some(error) = self.failed.take() {
            return Err(DebugError::Trace(error));
        }
        self.out.flush().map_err(DebugError::Trace)?;
        Ok(self.lines)
    }
}

/// Writes, unless something went wrong before.
fn write(out: &mut dyn Write, failed: &mut Option<io::Error>, bytes: &[u8]) {
    if failed.is_none() {
        *failed = out.write_all(bytes).err();
    }
}

/// A trace that nobody finishes has all its lines, too.
impl Drop for Trace {
    fn drop(&mut self) {
        self.write_kept();
    }
}

/// The line of the instruction at IC.
pub fn line(machine: &Machine, symbols: &Symbols) -> String {
    let known = Known::of(machine.core.peek(machine.cpu.ic), symbols);
    let (mut row, mut out) = (Row::new(), Vec::new());
    row.set(machine, &known);
    row.append(&mut out, &known.rest);
    String::from_utf8_lossy(&out).into_owned()
}

/// What a line has of an instruction that is the same each time it is executed.
#[derive(Clone)]
struct Known {
    word: Word,
    reads: Reads,
    /// The columns of the instruction with symbols.
    text: [u8; WIDTH],
    /// What of it does not fit into its columns.
    rest: Box<[u8]>,
}

impl Known {
    #[inline(never)]
    fn of(word: Word, symbols: &Symbols) -> Known {
        let (op, fields) = disassemble::instruction(word, |address| symbols.address(address));
        let all = format!("{:<WIDTH$}", format!("{op:3} {fields}").trim_end());
        let (text, rest) = all.as_bytes().split_first_chunk().unwrap_or((&[b' '; WIDTH], &[]));
        Known { word, reads: Reads::of(word), text: *text, rest: rest.into() }
    }
}

/// How many instructions are known, as a power of two.
const KNOWN: u32 = 12;

/// What is known of instructions that were met, as long as the symbols stay what they were. A program that modifies its
/// instructions comes back to the same ones, so that they are found by their words and not by their locations.
#[derive(Default)]
struct Shown {
    /// At the place that follows from its word.
    known: Vec<Known>,
    symbols: Option<Arc<()>>,
}

impl Shown {
    #[inline]
    fn of(&mut self, word: Word, symbols: &Symbols) -> &Known {
        if !self.symbols.as_ref().is_some_and(|identity| symbols.are(identity)) {
            self.symbols = Some(symbols.identity());
            self.known.clear();
            self.known.resize(1 << KNOWN, Known::of(Word::ZERO, symbols));
        }
        // the multiplier spreads words that differ in few bits
        let place = word.bits().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - KNOWN);
        let known = &mut self.known[place as usize];
        if known.word != word {
            *known = Known::of(word, symbols);
        }
        known
    }
}

#[cfg(test)]
mod tests;
