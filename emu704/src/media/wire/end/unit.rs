//! The operations of a tape unit on the end of a wire.

use super::super::{Arrival, Line, WireEnd, WireError};
use super::{MOST_FRAMES, MOST_WAITING, Passing, Wire};

impl<L: Line> WireEnd for Wire<L> {
    fn begins(&mut self) -> Result<bool, WireError> {
        if self.has_written {
            return Err(WireError::Refused("this machine has written on it, and nothing comes back"));
        }
        let moved = self.move_bytes();
        // the rest of a record that no one took passes
        if !self.asks {
            while matches!(self.passing, Passing::In(_)) {
                if self.hear(None)?.is_none() {
                    return moved.map(|()| false);
                }
            }
            if self.passing == Passing::Nothing {
                self.asks = true;
                self.put([b'R']);
            }
        }
        moved?;
        self.move_bytes()?;
        if !self.is_greeted() {
            return Ok(false);
        }
        // other messages than the characters of a record are handled, or refused, here
        while self.received.front().is_some_and(|letter| *letter != b'F') {
            if self.hear(None)?.is_none() {
                break;
            }
        }
        match self.received.front() {
            Some(_) => Ok(true),
            None if self.over => Err(WireError::Gone),
            None => Ok(false),
        }
    }

    fn arrived(&mut self, into: &mut Vec<u8>) -> Arrival {
        let moved = self.move_bytes();
        loop {
            match self.hear(Some(into)) {
                Ok(Some(b'E')) => return Arrival::Whole,
                Ok(Some(b'C')) | Err(_) => return Arrival::Cut,
                Ok(Some(_)) => {}
                Ok(None) => break,
            }
        }
        if moved.is_ok() && !self.over {
            return Arrival::Going;
        }
        self.passing = Passing::Nothing;
        // half a message whose rest will never come is not another record
        self.received.clear();
        Arrival::Cut
    }

    fn is_wanted(&mut self) -> Result<bool, WireError> {
        let moved = self.move_bytes();
        while !self.asked {
            if self.hear(None)?.is_none() {
                break;
            }
        }
        if !self.asked {
            moved?;
            return if self.over { Err(WireError::Gone) } else { Ok(false) };
        }
        moved?;
        self.asked = false;
        self.has_written = true;
        self.passing = Passing::Out(0);
        Ok(true)
    }

    fn pass(&mut self, frames: &[u8]) {
        let Passing::Out(gone) = self.passing else { return };
        for some in frames.get(gone..).unwrap_or_default().chunks(MOST_FRAMES) {
            self.put([b'F']);
            self.put((some.len() as u16).to_be_bytes());
            self.put(some.iter().copied());
        }
        self.passing = Passing::Out(gone.max(frames.len()));
        // a line that has failed reports it at the end of the record
        let _ = self.move_bytes();
    }

    fn is_full(&mut self) -> bool {
        self.to_send.len() > MOST_WAITING && self.move_bytes().is_ok() && self.to_send.len() > MOST_WAITING
    }

    fn end(&mut self, frames: &[u8], whole: bool) -> Result<(), WireError> {
        if !matches!(self.passing, Passing::Out(_)) {
            return Err(WireError::Refused("no record was begun"));
        }
        if frames.is_empty() {
            // a select without a CPY: the other end still waits
            self.passing = Passing::Nothing;
            self.asked = true;
            return Ok(());
        }
        self.pass(frames);
        self.passing = Passing::Nothing;
        self.put([if whole { b'E' } else { b'C' }]);
        self.move_bytes()
    }

    fn flush(&mut self) -> Result<bool, WireError> {
        // nothing is owed to a peer that never came
        if self.to_send.is_empty() || !self.is_greeted() {
            return Ok(true);
        }
        self.move_bytes()?;
        Ok(self.to_send.is_empty())
    }

    fn take_notice(&mut self) -> Option<String> {
        self.notice.take()
    }

    fn name(&self) -> String {
        self.line.name()
    }
}
