//! A recording in place of a wire: what came in comes again, and what goes out must be the same.

use super::talk::{self, Ending, Event};
use super::{Arrival, WireEnd, WireError};

/// The end of a wire that follows a recording. A machine that repeats the recorded run goes
/// through the same cycles.
#[derive(Debug)]
pub struct Replay {
    name: String,
    events: Vec<(usize, Event)>,
    /// The index of the next event.
    next: usize,
    /// The event of the present record.
    passing: Option<usize>,
}

impl Replay {
    /// Makes an end from the text of a recording. `name` is its name for people.
    ///
    /// # Errors
    /// A sentence with the line, what was found there and what was expected.
    pub fn new(name: String, text: &str) -> Result<Replay, String> {
        Ok(Replay { name, events: talk::read(text)?, next: 0, passing: None })
    }

    /// The next event, if it has this direction. A failed event of the other direction is skipped: it may not have
    /// been requested again.
    fn take(&mut self, read: bool) -> Result<bool, WireError> {
        loop {
            let Some((line, event)) = self.events.get(self.next) else {
                return Err(WireError::Told("the recording ends here".to_owned()));
            };
            match (event, read) {
                (Event::In { .. }, true) | (Event::Out { .. }, false) => {
                    self.passing = Some(self.next);
                    self.next += 1;
                    return Ok(true);
                }
                (Event::NoRead(why), true) | (Event::NoWrite(why), false) => {
                    let why = why.clone();
                    // it may be requested again
                    return Err(WireError::Told(why));
                }
                (Event::NoRead(_) | Event::NoWrite(_), _) => self.next += 1,
                (Event::In { .. } | Event::Out { .. }, _) => {
                    let (does, recorded) = if read { ("reads", "goes out") } else { ("writes", "comes in") };
                    return Err(differs(&format!("{does}, and a record {recorded}"), *line));
                }
            }
        }
    }

    /// Takes the present record; there is none after that.
    fn passed(&mut self) -> Option<&(usize, Event)> {
        self.events.get(self.passing.take()?)
    }
}

fn differs(how: &str, line: usize) -> WireError {
    WireError::Told(format!(
        "this is not the run that was recorded: it {how} in line {line} of the recording"
    ))
}

impl WireEnd for Replay {
    fn begins(&mut self) -> Result<bool, WireError> {
        self.take(true)
    }

    fn arrived(&mut self, into: &mut Vec<u8>) -> Arrival {
        let is_last = self.next == self.events.len();
        match self.passed() {
            Some((_, Event::In { frames, ending })) => {
                into.extend_from_slice(frames);
                match ending {
                    Ending::Whole => Arrival::Whole,
                    Ending::Cut => Arrival::Cut,
                    Ending::Open if is_last => Arrival::Cut,
                    // the machine abandoned it, and will again
                    Ending::Open => Arrival::Going,
                }
            }
            _ => Arrival::Going,
        }
    }

    fn is_wanted(&mut self) -> Result<bool, WireError> {
        self.take(false)
    }

    fn pass(&mut self, _frames: &[u8]) {}

    fn is_full(&mut self) -> bool {
        false
    }

    fn end(&mut self, frames: &[u8], whole: bool) -> Result<(), WireError> {
        let Some((line, Event::Out { frames: recorded, ending, lost })) = self.passed() else {
            return Err(WireError::Refused("no record was begun"));
        };
        let same = frames.iter().zip(recorded).take_while(|(one, other)| one == other).count();
        if same < recorded.len() || (same < frames.len() && *ending != Ending::Open) {
            let (word, character) = (same / 6, same % 6);
            return Err(differs(
                &format!(
                    "writes something else from character {character} of word {word:05o} on of the record"
                ),
                *line,
            ));
        }
        match (ending, lost) {
            (Ending::Open, _) => Err(WireError::Told("the recording ends here".to_owned())),
            (_, _) if (*ending == Ending::Whole) != whole => Err(differs("ends elsewhere the record", *line)),
            (_, Some(lost)) => Err(WireError::Told(lost.clone())),
            (_, None) => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<bool, WireError> {
        Ok(true)
    }

    fn take_notice(&mut self) -> Option<String> {
        None
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}
