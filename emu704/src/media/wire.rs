//! A wire in place of a reel: unit 1 of one machine is unit 1 of another.
//!
//! A record passes character by character, as it passes the heads, and is not stored. A wire has no way back. The two
//! machines have their own clocks: a select waits until the other machine is ready, and that wait takes no time of the 704. So
//! a machine's actions depend on what passes, never on how long the line took.
//!
//! The protocol of the two ends uses a [`Line`] of bytes: a socket, a pair in memory, or anything similar. After a greeting of 77 bytes
//! (the text `emu704 wire 1 `, 62 characters that both ends know, a line end) each message begins with a letter:
//!
//! | letter | followed by | meaning |
//! |---|---|---|
//! | `R` | nothing | a read was selected here: a record may begin |
//! | `F` | a count, two bytes, high byte first, 1 to 4,096; then that many frames | characters of the record, of seven bits |
//! | `E` | nothing | the record ends |
//! | `C` | nothing | the record was cut: the power failed at the other end |
//!
//! The traffic can be recorded ([`Recorded`]), and a machine can repeat it without the other one ([`Replay`]).

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

/// A line of bytes between two ends. Nothing here waits: an operation that cannot be done now gives [`io::ErrorKind::WouldBlock`].
pub trait Line: fmt::Debug {
    /// True once the other end is there.
    ///
    /// # Errors
    /// It will never be there.
    fn is_there(&mut self) -> io::Result<bool>;
    /// Receives some bytes; 0 is the end of the line.
    ///
    /// # Errors
    /// The line is broken, or nothing has come yet.
    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize>;
    /// Sends some bytes; returns how many were sent.
    ///
    /// # Errors
    /// The line is broken, or accepts nothing now.
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// True if this end calls the other and so greets first: a listener reveals its token only to a caller that knows it.
    fn calls(&self) -> bool;
    /// Rejects a peer that does not know the greeting; true if the line is free for another.
    fn put_off(&mut self) -> bool {
        false
    }
    /// Accepts a peer that knows the greeting: no other is needed.
    fn is_known(&mut self) {}
    /// A name of the other end for people.
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
    /// The bytes received are not the protocol of a wire, or the other end does not know the token.
    #[error("what came from the other end is not a wire's talk: {0}")]
    Talk(&'static str),
    /// A wire cannot do this.
    #[error("a wire cannot do that: {0}")]
    Refused(&'static str),
    /// A message about a recording, or about making one.
    #[error("{0}")]
    Told(String),
}

/// The progress of a record that is being received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// More will come.
    Going,
    /// The record is complete.
    Whole,
    /// The record was cut: the power failed at the other end, or the line did.
    Cut,
}

/// A new wire for a room.
#[derive(Debug)]
pub struct NewWire {
    /// The local end.
    pub end: Box<dyn WireEnd>,
    /// A notice for the user.
    pub notice: Option<String>,
}

/// An end of a wire as a tape unit uses it. Nothing waits: an operation that must wait reports that and is tried again.
pub trait WireEnd: fmt::Debug {
    /// Handles a selected read: true once a record has begun to come.
    ///
    /// # Errors
    /// No record will ever come.
    fn begins(&mut self) -> Result<bool, WireError>;
    /// Takes the characters of the record that have come.
    fn arrived(&mut self, into: &mut Vec<u8>) -> Arrival;
    /// Handles a selected write: true once the other machine waits for a record.
    ///
    /// # Errors
    /// It never will.
    fn is_wanted(&mut self) -> Result<bool, WireError>;
    /// Sends the record that goes out; `frames` are all its characters that have passed the head so far.
    fn pass(&mut self, frames: &[u8]);
    /// True if so much is waiting to be sent that no more should pass.
    fn is_full(&mut self) -> bool;
    /// Ends the record that goes out; `whole` if it was not cut.
    ///
    /// # Errors
    /// The other end did not get it.
    fn end(&mut self, frames: &[u8], whole: bool) -> Result<(), WireError>;
    /// Takes the notice about the line for the user.
    fn take_notice(&mut self) -> Option<String>;
    /// Sends what is waiting; true if nothing is left.
    ///
    /// # Errors
    /// It cannot be sent.
    fn flush(&mut self) -> Result<bool, WireError>;
    /// A name of the wire for people.
    fn name(&self) -> String;
}
