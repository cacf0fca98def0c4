//! The files of a page: a shelf in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use super::bytes::{Bytes, Shared};
use crate::media::wire::NewWire;
use crate::reels::ReelBytes;
use crate::room::{FileError, Files};

/// Files by name. All copies are the same shelf.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf(Rc<RefCell<BTreeMap<String, Shared>>>);

impl Shelf {
    /// Puts a file on it. A reel that is mounted keeps its bytes, which are then no longer on the shelf.
    pub(super) fn put(&self, name: &str, bytes: Vec<u8>) {
        self.0.borrow_mut().insert(name.to_owned(), Shared::new(bytes));
    }

    /// The bytes of a file.
    pub(super) fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.0.borrow().get(name).map(Shared::bytes)
    }

    pub(super) fn remove(&self, name: &str) {
        self.0.borrow_mut().remove(name);
    }

    /// The files that were written since the last call.
    pub(super) fn take_changed(&self) -> Vec<String> {
        let files = self.0.borrow();
        files.iter().filter(|(_, file)| file.take_changed()).map(|(name, _)| name.clone()).collect()
    }

    fn missing(name: &Path) -> FileError {
        FileError::new(format!("{}: there is no such file on the shelf", name.display()))
    }
}

fn key(name: &Path) -> String {
    name.to_string_lossy().into_owned()
}

/// A file that grows until it is flushed.
struct Growing {
    shelf: Shelf,
    name: String,
    bytes: Vec<u8>,
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.shelf.write(Path::new(&self.name), &self.bytes).map_err(io::Error::other)
    }
}

impl Files for Shelf {
    fn reel(&mut self, name: &Path, ring: bool) -> Result<Box<dyn ReelBytes>, FileError> {
        let mut files = self.0.borrow_mut();
        let file = match files.get(&key(name)) {
            Some(file) => file.clone(),
            None if ring => {
                let file = Shared::changed();
                files.insert(key(name), file.clone());
                file
            }
            None => return Err(Shelf::missing(name)),
        };
        Ok(Box::new(Bytes(file)))
    }

    fn wire(&mut self, to: &str) -> Result<NewWire, FileError> {
        Err(FileError::new(format!("wire:{to}: a page has no wires")))
    }
    fn record(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        self.create(name)
    }

    fn read(&mut self, name: &Path) -> Result<Vec<u8>, FileError> {
        self.get(&key(name)).ok_or_else(|| Shelf::missing(name))
    }

    fn is_packed(&self, _name: &Path) -> bool {
        false
    }

    fn exists(&self, name: &Path) -> bool {
        self.0.borrow().contains_key(&key(name))
    }

    fn is_stream(&self, _name: &Path) -> bool {
        false
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        one == other
    }

    fn is_near(&self, _name: &Path, _snapshot: &Path) -> bool {
        // all that is here is the page's own
        true
    }

    fn may_write(&mut self, _name: &Path) -> Result<(), FileError> {
        Ok(())
    }

    fn write(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let file = Shared::changed();
        file.set(bytes);
        self.0.borrow_mut().insert(key(name), file);
        Ok(())
    }

    fn create(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        Ok(Box::new(Growing { shelf: self.clone(), name: key(name), bytes: Vec::new() }))
    }

    fn names(&self, begun: &str) -> Vec<String> {
        self.0.borrow().keys().filter(|name| name.starts_with(begun)).cloned().collect()
    }
}
