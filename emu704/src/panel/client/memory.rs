//! A connection in memory, for a client that is in the same program.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

use super::Connection;

/// What the other end of a connection has sent, takes, and has got.
#[derive(Debug, Default)]
pub struct Other {
    /// Bytes that have come from it.
    pub coming: VecDeque<u8>,
    /// True if no more will come.
    pub over: bool,
    /// The number of bytes that it takes.
    pub takes: usize,
    /// The bytes that it has taken.
    pub got: Vec<u8>,
}

/// A connection whose [other end](Other) is in memory. A clone is the same connection.
#[derive(Debug, Clone, Default)]
pub struct InMemory(pub Rc<RefCell<Other>>);

impl Connection for InMemory {
    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut other = self.0.borrow_mut();
        let n = into.len().min(other.coming.len());
        if n == 0 && !other.over {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        for (place, byte) in into.iter_mut().zip(other.coming.drain(..n)) {
            *place = byte;
        }
        Ok(n)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut other = self.0.borrow_mut();
        let n = bytes.len().min(other.takes);
        if n == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        other.takes -= n;
        other.got.extend_from_slice(&bytes[..n]);
        Ok(n)
    }
}
