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

use self::row::{ROOM, Row, WIDTH, six};
use super::{DebugError, TraceFilter};
use crate::machine::seen::Seen;
use crate::machine::{Machine, Reads};
use crate::symbols::Symbols;

/// The line above the columns.
pub const COLUMNS: &str = "IC      AC            MQ            EA      SR             XR1    XR2   XR4";

/// Bytes that are kept before they are written, a power of two.
const KEPT: usize = 8 * 1024;

/// A trace that goes to a file or to another writer.
pub struct Trace {
    out: Box<dyn Write>,
    /// Lines that are still to be written, in its first bytes. There is always room for another row.
    kept: Box<[u8; KEPT + ROOM]>,
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
        Trace { out, kept: Box::new([0; KEPT + ROOM]), filled: 0, failed, lines: 0, only, shown, row }
    }

    /// From now on it has the instructions that pass.
    pub fn set_only(&mut self, only: TraceFilter) {
        self.only = (only != TraceFilter::default()).then_some(only);
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The instruction that is seen is about to be executed.
    #[inline]
    pub(crate) fn instruction(&mut self, seen: &Seen, symbols: &Symbols) {
        if self.only.as_ref().is_some_and(|only| !only.passes(seen)) {
            return;
        }
        self.lines += 1;
        let word = seen.word();
        let Some(place) = self.shown.at(seen.ic, word, symbols) else { return };
        self.row.set(seen, word, place);
        if place.is_long {
            return self.long_line(word, symbols);
        }
        // a number of bytes that is known ahead is copied at once
        let (columns, end) = self.row.columns();
        if let Some(place) = self.kept[self.filled % KEPT..].first_chunk_mut() {
            *place = *columns;
        }
        self.filled += end;
        if self.filled >= KEPT {
            self.write_kept();
        }
    }

    /// The line of an instruction that its columns cannot hold.
    #[cold]
    fn long_line(&mut self, word: Word, symbols: &Symbols) {
        let mut line = Vec::new();
        self.row.append(&mut line, &self.shown.of(word, symbols).rest);
        self.write_kept();
        write(&mut *self.out, &mut self.failed, &line);
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
    let seen = machine.seen();
    let known = Known::of(seen.word(), symbols);
    let (mut row, mut out) = (Row::new(), Vec::new());
    row.set(&seen, known.word, &Place::of(seen.ic, &known));
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

/// The same of a word at a location, in the form in which a line has it.
#[derive(Clone)]
struct Place {
    /// Word and location.
    key: u64,
    ic: [u8; 6],
    reads: Reads,
    /// The text does not fit into its columns.
    is_long: bool,
    text: [u8; WIDTH],
}

impl Place {
    fn of(ic: u16, known: &Known) -> Place {
        Place {
            key: key(ic, known.word),
            ic: six(ic),
            reads: known.reads,
            is_long: !known.rest.is_empty(),
            text: known.text,
        }
    }
}

/// A word and its location.
#[inline(always)]
fn key(ic: u16, word: Word) -> u64 {
    word.bits() | u64::from(ic) << 36
}

/// How many places are known; and how many instructions, as a power of two.
const PLACES: usize = 1 << 12;
const KNOWN: u32 = 12;

/// What is known of instructions that were met, as long as the symbols stay what they were. It is found by the location. A
/// program that modifies its instructions comes back to the same ones, so that they are found by their words there.
#[derive(Default)]
struct Shown {
    /// At the place that follows from its location. None before the first.
    places: Option<Box<[Place; PLACES]>>,
    /// At the place that follows from its word.
    known: Vec<Known>,
    symbols: Option<Arc<()>>,
}

impl Shown {
    /// What the line of an instruction has; it is found when it is not what was there last.
    #[inline(always)]
    fn at(&mut self, ic: u16, word: Word, symbols: &Symbols) -> Option<&Place> {
        let at = usize::from(ic) % PLACES;
        let is_there = self.symbols.as_ref().is_some_and(|identity| symbols.are(identity))
            && self.places.as_ref().is_some_and(|places| places[at].key == key(ic, word));
        if !is_there {
            self.find(ic, word, symbols);
        }
        self.places.as_ref().map(|places| &places[at])
    }

    #[inline(never)]
    fn find(&mut self, ic: u16, word: Word, symbols: &Symbols) {
        let place = Place::of(ic, self.of(word, symbols));
        if self.places.is_none() {
            self.places = vec![place.clone(); PLACES].into_boxed_slice().try_into().ok();
        }
        if let Some(places) = &mut self.places {
            places[usize::from(ic) % PLACES] = place;
        }
    }

    fn of(&mut self, word: Word, symbols: &Symbols) -> &Known {
        if !self.symbols.as_ref().is_some_and(|identity| symbols.are(identity)) {
            self.symbols = Some(symbols.identity());
            self.places = None;
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
