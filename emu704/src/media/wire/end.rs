//! An end of a wire: its greeting, its messages, and the queues of bytes to pass.

mod unit;

use std::collections::VecDeque;
use std::io;

use super::{Line, WireError};

/// The beginning of the greeting, with the version.
const GREETING: &[u8] = b"emu704 wire 1 ";

/// The number of characters in the token that both ends know.
pub const TOKEN: usize = 62;

/// The most frames in a message.
const MOST_FRAMES: usize = 4096;

/// The most bytes that wait at an end, in each direction; beyond that it accepts no more.
const MOST_WAITING: usize = 1 << 16;

/// The most frames in a record: 37 minutes of tape. A peer that sends more is not genuine.
const LONGEST_RECORD: u64 = 1 << 25;

/// A record being transferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passing {
    /// No record.
    Nothing,
    /// A record comes in; this many frames have come.
    In(u64),
    /// A record goes out; this many frames have gone.
    Out(usize),
}

/// One end of a wire.
#[derive(Debug)]
pub struct Wire<L> {
    line: L,
    token: String,
    received: VecDeque<u8>,
    to_send: VecDeque<u8>,
    /// Bytes to send once the other end has greeted.
    held_back: VecDeque<u8>,
    /// True if something was sent to the present peer.
    spoken: bool,
    /// Bytes of the other end's greeting received so far.
    greeted: usize,
    /// A permanent error.
    broken: Option<WireError>,
    passing: Passing,
    /// True if a read is selected here and not yet answered.
    asks: bool,
    /// True if the other end waits for a record.
    asked: bool,
    /// True if something was written here.
    has_written: bool,
    /// True if nothing more will come: the line has ended, or failed.
    over: bool,
    /// A notice for the user, and the one already given.
    notice: Option<String>,
    told: Option<String>,
}

impl<L: Line> Wire<L> {
    /// Makes an end over a line. A peer that does not know the token receives nothing. A shorter token is filled up with `.`;
    /// of a longer one only the first 62 characters count.
    pub fn new(line: L, token: &str) -> Wire<L> {
        let printable = token.bytes().map(|byte| if byte.is_ascii_graphic() { byte } else { b'?' });
        let token: Vec<u8> = printable.chain(std::iter::repeat(b'.')).take(TOKEN).collect();
        let token = String::from_utf8_lossy(&token).into_owned();
        let greeting = [GREETING, token.as_bytes(), b"\n"].concat();
        let to_send = if line.calls() { greeting.into() } else { VecDeque::new() };
        Wire {
            held_back: VecDeque::new(),
            spoken: false,
            line,
            token,
            received: VecDeque::new(),
            to_send,
            over: false,
            notice: None,
            told: None,
            greeted: 0,
            broken: None,
            passing: Passing::Nothing,
            asks: false,
            asked: false,
            has_written: false,
        }
    }

    fn is_greeted(&self) -> bool {
        self.greeted == GREETING.len() + TOKEN + 1
    }

    /// Passes bytes in both directions, as many as possible now.
    fn move_bytes(&mut self) -> Result<(), WireError> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let moved = self.try_to_move();
        if let Err(error) = &moved {
            self.broken = Some(error.clone());
        }
        moved
    }

    fn greeting(&self) -> Vec<u8> {
        [GREETING, self.token.as_bytes(), b"\n"].concat()
    }

    fn try_to_move(&mut self) -> Result<(), WireError> {
        if !self.line.is_there().map_err(|error| line_error(&error))? {
            self.hang_up();
            return Ok(());
        }
        let received = self.receive();
        let greeted = self.hear_greeting();
        if self.is_greeted() {
            received?;
        } else if let Some(error) = greeted.err().or(received.err()) {
            // the peer was not the one the wire is for
            return if self.line.put_off() {
                if self.greeted > 0 || self.spoken || matches!(error, WireError::Talk(_)) {
                    self.tell(&error);
                }
                self.hang_up();
                Ok(())
            } else {
                Err(error)
            };
        }
        self.send()
    }

    /// Begins the greeting again, for another peer.
    fn hang_up(&mut self) {
        // nothing of one who was nobody is heard as the talk of the next
        self.received.clear();
        self.over = false;
        if self.spoken || self.greeted > 0 {
            self.spoken = false;
            self.greeted = 0;
            // the rejected peer has received nothing but the greeting
            self.to_send = if self.line.calls() { self.greeting().into() } else { VecDeque::new() };
        }
    }

    /// Notes that a peer was rejected: the user gets one notice of it.
    fn tell(&mut self, error: &WireError) {
        let text = match error {
            WireError::Gone => {
                format!(
                    "{}: the other end hung up before it greeted: has it the same token?",
                    self.line.name()
                )
            }
            error => format!("{}: a caller was refused: {error}", self.line.name()),
        };
        if self.told.as_ref() != Some(&text) {
            self.told = Some(text.clone());
            self.notice = Some(text);
        }
    }

    fn receive(&mut self) -> Result<(), WireError> {
        while self.received.len() < MOST_WAITING {
            let mut some = [0; 4096];
            match self.line.receive(&mut some) {
                Ok(0) => {
                    // what has already come is still good
                    self.over = true;
                    return if self.received.is_empty() { Err(WireError::Gone) } else { Ok(()) };
                }
                Ok(n) => self.received.extend(&some[..n]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.over = true;
                    return if self.received.is_empty() { Err(line_error(&error)) } else { Ok(()) };
                }
            }
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), WireError> {
        self.put([]);
        while !self.to_send.is_empty() {
            self.spoken = true;
            let (first, _) = self.to_send.as_slices();
            match self.line.send(first) {
                Ok(0) => return Err(WireError::Gone),
                Ok(n) => _ = self.to_send.drain(..n),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // what has come may still be read
                Err(_) if !self.received.is_empty() => break,
                Err(error) if self.is_greeted() => return Err(line_error(&error)),
                Err(_) => {
                    self.line.put_off();
                    self.hang_up();
                    break;
                }
            }
        }
        Ok(())
    }

    fn hear_greeting(&mut self) -> Result<(), WireError> {
        if self.is_greeted() {
            return Ok(());
        }
        let greeting = self.greeting();
        while !self.is_greeted() {
            let Some(byte) = self.received.pop_front() else { return Ok(()) };
            if byte != greeting[self.greeted] {
                return Err(WireError::Talk(if self.greeted < GREETING.len() {
                    "it does not begin as a wire of this version does"
                } else {
                    "it has another token"
                }));
            }
            self.greeted += 1;
        }
        if !self.line.calls() {
            self.to_send = greeting.into();
        }
        self.line.is_known();
        Ok(())
    }

    /// Queues a message after those that wait to be sent; nothing is sent before the greeting of the other end.
    fn put(&mut self, bytes: impl IntoIterator<Item = u8>) {
        if self.is_greeted() {
            self.to_send.append(&mut self.held_back);
            self.to_send.extend(bytes);
        } else {
            self.held_back.extend(bytes);
        }
    }

    /// Takes one message, if a whole one has come; frames go to `into`.
    fn message(&mut self, into: Option<&mut Vec<u8>>) -> Result<Option<u8>, WireError> {
        if !self.is_greeted() {
            return Ok(None);
        }
        let Some(&letter) = self.received.front() else { return Ok(None) };
        match (letter, self.passing) {
            (b'R', Passing::Nothing | Passing::Out(_)) => {
                if self.asked {
                    return Err(WireError::Talk("it asks twice for one record"));
                }
                self.received.pop_front();
                self.asked = true;
            }
            (b'F', Passing::In(_) | Passing::Nothing) => {
                let (Some(high), Some(low)) = (self.received.get(1), self.received.get(2)) else {
                    return Ok(None);
                };
                let count = usize::from(*high) << 8 | usize::from(*low);
                if count == 0 || count > MOST_FRAMES {
                    return Err(WireError::Talk("a count that is not a number"));
                }
                if self.received.len() < 3 + count {
                    return Ok(None);
                }
                let before = match self.passing {
                    Passing::In(before) => before,
                    _ if self.asks => 0,
                    _ => return Err(WireError::Talk("characters that were not asked for")),
                };
                self.asks = false;
                if before + count as u64 > LONGEST_RECORD {
                    return Err(WireError::Talk("a record without an end"));
                }
                self.passing = Passing::In(before + count as u64);
                self.received.drain(..3);
                if self.received.range(..count).any(|&frame| frame > 0o177) {
                    return Err(WireError::Talk("a character of more than seven bits"));
                }
                let frames = self.received.drain(..count);
                match into {
                    Some(into) => into.extend(frames),
                    None => drop(frames),
                }
            }
            (b'E' | b'C', Passing::In(_)) => {
                self.received.pop_front();
                self.passing = Passing::Nothing;
            }
            _ => return Err(WireError::Talk("a message that does not belong here")),
        }
        Ok(Some(letter))
    }

    /// Takes a message as [`Wire::message`] does; an error is permanent.
    fn hear(&mut self, into: Option<&mut Vec<u8>>) -> Result<Option<u8>, WireError> {
        let heard = self.message(into);
        if let Err(error) = &heard {
            self.broken = Some(error.clone());
        }
        heard
    }
}

fn line_error(error: &io::Error) -> WireError {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            WireError::Gone
        }
        _ => WireError::Line(error.to_string()),
    }
}
