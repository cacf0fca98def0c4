//! A wire in the place of a reel: unit 1 of one machine is unit 1 of another.
//!
//! A record passes character by character, as it passes the heads; nothing is kept of it. Nobody can go back on a wire. The two
//! machines have their own clocks: a select waits until the other machine is ready, and that wait takes no time of the 704. So what
//! a machine does depends on what passes, and never on how long the line took.
//!
//! This is the talk of the two ends, over a [`Line`] of bytes: a socket, a pair in memory, anything. After a greeting of 77 bytes
//! (the word `emu704 wire 1 `, 62 characters that both know, the end of a line) each message begins with a letter:
//!
//! | letter | what follows | meaning |
//! |---|---|---|
//! | `R` | nothing | a read was selected here: a record may begin |
//! | `F` | a count, two bytes, high one first, 1 to 4,096; so many frames | characters of the record, of seven bits |
//! | `E` | nothing | the record ends |
//! | `C` | nothing | the record was cut: the power failed over there |
//!
//! What passes can be written down ([`Recorded`]), and one machine can do the same again without the other ([`Replay`]).

mod end;
mod name;
mod pair;
mod recorded;
mod replay;
mod talk;

use std::fmt;
use std::io;

pub use end::{TOKEN, Wire};
pub use name::WireName;
pub use pair::{PairLine, pair};
pub use recorded::Recorded;
pub use replay::Replay;

/// A line of bytes between two ends. Nothing here waits: what cannot be done now is [`io::ErrorKind::WouldBlock`].
pub trait Line: fmt::Debug {
    /// True once the other end is there.
    ///
    /// # Errors
    /// It will never be.
    fn is_there(&mut self) -> io::Result<bool>;
    /// Takes some bytes; 0 is the end of the line.
    ///
    /// # Errors
    /// The line is broken, or nothing has come.
    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize>;
    /// Sends some bytes; returns how many went.
    ///
    /// # Errors
    /// The line is broken, or takes nothing now.
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// This end calls the other, and so greets first: whoever listens tells its token to nobody who does not know it.
    fn calls(&self) -> bool;
    /// Whoever is at the other end does not know the greeting: true when the line is free for somebody else.
    fn put_off(&mut self) -> bool {
        false
    }
    /// Whoever is at the other end knows the greeting: nobody else is wanted.
    fn is_known(&mut self) {}
    /// What a person calls the other end.
    fn name(&self) -> String;
}

/// Why a wire cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The other end has gone.
    #[error("the other end has gone")]
    Gone,
    /// The line failed.
    #[error("the line failed: {0}")]
    Line(String),
    /// What came is not the talk of a wire, or not from one who knows the token.
    #[error("what came from the other end is not a wire's talk: {0}")]
    Talk(&'static str),
    /// A wire cannot do that.
    #[error("a wire cannot do that: {0}")]
    Refused(&'static str),
    /// What a recording, or the making of one, says.
    #[error("{0}")]
    Told(String),
}

/// What has come of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// More will come.
    Going,
    /// It is whole.
    Whole,
    /// It was cut: the power failed over there, or the line.
    Cut,
}

/// A wire that a room has asked for.
#[derive(Debug)]
pub struct NewWire {
    /// Its end here.
    pub end: Box<dyn WireEnd>,
    /// What the person should hear of it.
    pub notice: Option<String>,
}

/// An end of a wire as a tape unit uses it. Nothing waits: what must wait says so and is asked again.
pub trait WireEnd: fmt::Debug {
    /// A read is selected: true once a record has begun to come.
    ///
    /// # Errors
    /// None will ever come.
    fn begins(&mut self) -> Result<bool, WireError>;
    /// Takes what has come of the record.
    fn arrived(&mut self, into: &mut Vec<u8>) -> Arrival;
    /// A write is selected: true once the other machine waits for a record.
    ///
    /// # Errors
    /// It never will.
    fn is_wanted(&mut self) -> Result<bool, WireError>;
    /// Of the record that goes out, all that has passed the head so far.
    fn pass(&mut self, frames: &[u8]);
    /// True when so much waits to go out that no more should pass.
    fn is_full(&mut self) -> bool;
    /// The record that goes out is over; `whole` if it was not cut.
    ///
    /// # Errors
    /// The other end has not got it.
    fn end(&mut self, frames: &[u8], whole: bool) -> Result<(), WireError>;
    /// What the person should hear of the line, once.
    fn take_notice(&mut self) -> Option<String>;
    /// Sends what waits; true when nothing does any more.
    ///
    /// # Errors
    /// It cannot be sent.
    fn flush(&mut self) -> Result<bool, WireError>;
    /// What a person calls it.
    fn name(&self) -> String;
}
