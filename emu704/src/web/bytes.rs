//! The bytes of a file on the shelf, which a tape unit may write while somebody reads them.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use asm704::media::tape::Store;

use crate::reels::ReelBytes;

#[derive(Debug, Default)]
struct File {
    bytes: Vec<u8>,
    changed: bool,
}

/// A file; all copies are the same one.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared(Rc<RefCell<File>>);

impl Shared {
    /// A file that somebody else keeps, too.
    pub(super) fn new(bytes: Vec<u8>) -> Shared {
        Shared(Rc::new(RefCell::new(File { bytes, changed: false })))
    }

    /// An empty file that nobody has seen yet.
    pub(super) fn changed() -> Shared {
        Shared(Rc::new(RefCell::new(File { bytes: Vec::new(), changed: true })))
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.borrow().bytes.clone()
    }

    pub(super) fn set(&self, bytes: &[u8]) {
        *self.0.borrow_mut() = File { bytes: bytes.to_owned(), changed: true };
    }

    /// Something was written since the last call.
    pub(super) fn take_changed(&self) -> bool {
        std::mem::take(&mut self.0.borrow_mut().changed)
    }
}

/// A file as a reel.
#[derive(Debug)]
pub(super) struct Bytes(pub(super) Shared);

impl Store for Bytes {
    fn len(&mut self) -> io::Result<u64> {
        Ok(self.0.0.borrow().bytes.len() as u64)
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.0.0.borrow_mut().bytes.read_at(offset, buf)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.0.0.borrow_mut();
        file.changed = true;
        file.bytes.write_at(offset, bytes)
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        let mut file = self.0.0.borrow_mut();
        file.changed = true;
        Store::set_len(&mut file.bytes, len)
    }
}

impl ReelBytes for Bytes {
    fn is_kept(&self) -> bool {
        true
    }
}
