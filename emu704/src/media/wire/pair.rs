//! A line in memory: two machines in one program.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Line, Wire};

/// Bytes in transit, and whether the end that sends them is still there.
#[derive(Debug, Default)]
struct Way {
    bytes: VecDeque<u8>,
    closed: bool,
}

/// An end of a line in memory.
#[derive(Debug)]
pub struct PairLine {
    from: Arc<Mutex<Way>>,
    to: Arc<Mutex<Way>>,
    calls: bool,
}

/// How many bytes the line holds in each direction.
const HOLDS: usize = 1 << 16;

/// Two ends of a wire in memory.
///
/// ```
/// use emu704::media::wire::{Arrival, WireEnd, pair};
///
/// let (mut here, mut there) = pair();
/// assert!(!here.is_wanted()?); // the other end does not read
/// assert!(!there.begins()?);   // now it does, and nothing has come
/// while !here.is_wanted()? {
///     there.begins()?;
/// }
/// here.end(&[0o101, 0o2], true)?;
/// let mut frames = Vec::new();
/// while !there.begins()? {}
/// while there.arrived(&mut frames) == Arrival::Going {}
/// assert_eq!(frames, [0o101, 0o2]);
/// # Ok::<(), emu704::media::wire::WireError>(())
/// ```
pub fn pair() -> (Wire<PairLine>, Wire<PairLine>) {
    let (one, other) = (Arc::default(), Arc::default());
    let line =
        |from: &Arc<_>, to: &Arc<_>, calls| PairLine { from: Arc::clone(from), to: Arc::clone(to), calls };
    (Wire::new(line(&one, &other, true), ""), Wire::new(line(&other, &one, false), ""))
}

fn lock(way: &Mutex<Way>) -> MutexGuard<'_, Way> {
    way.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line for PairLine {
    fn is_there(&mut self) -> io::Result<bool> {
        Ok(true)
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut from = lock(&self.from);
        if from.bytes.is_empty() {
            return if from.closed { Ok(0) } else { Err(io::ErrorKind::WouldBlock.into()) };
        }
        let n = into.len().min(from.bytes.len());
        for (place, byte) in into.iter_mut().zip(from.bytes.drain(..n)) {
            *place = byte;
        }
        Ok(n)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if lock(&self.from).closed {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let mut to = lock(&self.to);
        let n = bytes.len().min(HOLDS - to.bytes.len());
        if n == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        to.bytes.extend(&bytes[..n]);
        Ok(n)
    }

    fn calls(&self) -> bool {
        self.calls
    }

    fn name(&self) -> String {
        "a wire in memory".to_owned()
    }
}

impl Drop for PairLine {
    fn drop(&mut self) {
        lock(&self.to).closed = true;
    }
}
