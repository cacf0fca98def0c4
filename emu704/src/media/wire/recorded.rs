//! An end of a wire, with a recording of what passes.

use std::fmt;
use std::io::{self, Write};

use super::{Arrival, WireEnd, WireError, talk};

/// The most characters that wait to be written.
const MOST_HELD: usize = 4096;

/// An end of a wire that records what its machine sees.
///
/// Each line is written to the file before the next thing happens, so a recording is good up to where the process was killed.
pub struct Recorded {
    end: Box<dyn WireEnd>,
    file: Box<dyn Write>,
    /// Characters of the incoming record that are not yet written.
    held: Vec<u8>,
    /// The number of characters of the outgoing record that are written.
    out: usize,
    /// The last line, if it reports a failed select: it is not reported twice.
    last: Option<String>,
    /// Why the file accepts no more.
    failed: Option<String>,
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded").field("end", &self.end).finish_non_exhaustive()
    }
}

impl Recorded {
    /// Makes an end that records into a file, which must be empty.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn new(end: Box<dyn WireEnd>, mut file: Box<dyn Write>) -> io::Result<Recorded> {
        file.write_all(talk::header().as_bytes())?;
        file.flush()?;
        Ok(Recorded { end, file, held: Vec::new(), out: 0, last: None, failed: None })
    }

    fn write(&mut self, text: &str) {
        if self.failed.is_none() {
            let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush());
            self.failed = written.err().map(|error| error.to_string());
        }
    }

    /// Writes the held characters of the incoming record.
    fn write_held(&mut self) {
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            self.write(&talk::lines(&held));
        }
    }

    /// Writes a line that is not characters; held characters are written before it.
    fn line(&mut self, line: &str) {
        self.write_held();
        self.last = None;
        self.write(&format!("{line}\n"));
    }

    /// Writes a line for a failed select.
    fn refused(&mut self, what: &str, error: &WireError) {
        let line = format!("no {what}: {}", one_line(error));
        if self.last.as_ref() != Some(&line) {
            self.line(&line);
            self.last = Some(line);
        }
    }

    /// Checks the recording. One with a gap would be useless, so the machine stops.
    fn check(&self) -> Result<(), WireError> {
        match &self.failed {
            None => Ok(()),
            Some(why) => Err(WireError::Told(format!("its recording cannot be written: {why}"))),
        }
    }

    /// The answer to a select, which is recorded.
    fn select(
        &mut self,
        answer: Result<bool, WireError>,
        record: &str,
        what: &str,
    ) -> Result<bool, WireError> {
        match &answer {
            Ok(true) => self.line(record),
            Ok(false) => {}
            Err(error) => self.refused(what, error),
        }
        self.check()?;
        answer
    }
}

/// A message in one line.
fn one_line(error: &WireError) -> String {
    error.to_string().replace(['\n', '\r'], " ")
}

impl WireEnd for Recorded {
    fn begins(&mut self) -> Result<bool, WireError> {
        self.check()?;
        let answer = self.end.begins();
        self.select(answer, "in", "read")
    }

    fn arrived(&mut self, into: &mut Vec<u8>) -> Arrival {
        let before = into.len();
        let arrival = self.end.arrived(into);
        self.held.extend_from_slice(&into[before..]);
        match arrival {
            Arrival::Going if self.held.len() < MOST_HELD => {}
            Arrival::Going => self.write_held(),
            Arrival::Whole => self.line("whole"),
            Arrival::Cut => self.line("cut"),
        }
        arrival
    }

    fn is_wanted(&mut self) -> Result<bool, WireError> {
        self.check()?;
        let answer = self.end.is_wanted();
        self.out = 0;
        self.select(answer, "out", "write")
    }

    fn pass(&mut self, frames: &[u8]) {
        if frames.len() - self.out.min(frames.len()) >= MOST_HELD {
            self.write(&talk::lines(&frames[self.out..]));
            self.out = frames.len();
        }
        self.end.pass(frames);
    }

    fn is_full(&mut self) -> bool {
        self.end.is_full()
    }

    fn end(&mut self, frames: &[u8], whole: bool) -> Result<(), WireError> {
        let rest = frames.get(self.out..).unwrap_or_default();
        self.write(&talk::lines(rest));
        self.out = 0;
        self.line(if whole { "whole" } else { "cut" });
        let ended = self.end.end(frames, whole);
        if let Err(error) = &ended {
            self.line(&format!("lost: {}", one_line(error)));
        }
        self.check()?;
        ended
    }

    fn flush(&mut self) -> Result<bool, WireError> {
        self.end.flush()
    }

    fn take_notice(&mut self) -> Option<String> {
        self.end.take_notice()
    }

    fn name(&self) -> String {
        self.end.name()
    }
}

/// Writes what has come of a record when the run ends.
impl Drop for Recorded {
    fn drop(&mut self) {
        self.write_held();
    }
}
