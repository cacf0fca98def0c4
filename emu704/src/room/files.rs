//! Files by their names: what a room asks of the world outside when somebody names one.

use std::io::Write;
use std::path::Path;

use crate::media::wire::NewWire;
use crate::reels::ReelBytes;

/// A file that is not available. The message names it and says why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FileError(String, bool);

impl FileError {
    /// With its message.
    pub fn new(message: impl Into<String>) -> FileError {
        FileError(message.into(), false)
    }

    /// For a file that was opened and is not what it should be, such as one that is too large.
    pub fn medium(message: impl Into<String>) -> FileError {
        FileError(message.into(), true)
    }

    /// The file was opened and is not what it should be.
    pub fn is_medium(&self) -> bool {
        self.1
    }
}

/// Files by their names. `emu704`'s commands have those of the host; a browser has its own; [`NoFiles`] has none.
///
/// What decides whether a file may be opened or written has no default: a caller that passes the questions on passes on all of them.
pub trait Files {
    /// Opens a reel; with the ring it can be written and is made if it is missing.
    ///
    /// # Errors
    /// It cannot be opened.
    fn reel(&mut self, name: &Path, ring: bool) -> Result<Box<dyn ReelBytes>, FileError>;
    /// The end of a wire to another machine, by what follows `wire:`.
    ///
    /// # Errors
    /// It is not available. The other end may come later.
    fn wire(&mut self, to: &str) -> Result<NewWire, FileError>;
    /// Begins the recording of a wire: a file that is new, and grows as things happen.
    ///
    /// # Errors
    /// It cannot be made, or is there already.
    fn record(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError>;
    /// The bytes of a file.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&mut self, name: &Path) -> Result<Vec<u8>, FileError>;
    /// The bytes of a file are not kept as they are given: it is compressed, and nothing may be written back to it.
    fn is_packed(&self, name: &Path) -> bool;
    /// Whether there is such a file.
    fn exists(&self, name: &Path) -> bool;
    /// It can be read only once, such as standard input or a pipe.
    fn is_stream(&self, name: &Path) -> bool;
    /// Two names lead to one file.
    fn is_same(&self, one: &Path, other: &Path) -> bool;
    /// A reel may be written to though only a snapshot names it: it lies in the folder of the snapshot, in the working folder,
    /// or in a folder inside one of them, wherever links lead. False where nobody can tell.
    fn is_near(&self, name: &Path, snapshot: &Path) -> bool;
    /// Whether a file may be written at the end, as a drum is.
    ///
    /// # Errors
    /// It is in use for something else.
    fn may_write(&mut self, name: &Path) -> Result<(), FileError>;
    /// Writes back a file for which [`Files::may_write`] was asked.
    ///
    /// # Errors
    /// It cannot be written, or is no longer the file that it was then.
    fn write_back(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.write(name, bytes)
    }
    /// Makes or replaces a file, as a whole.
    ///
    /// # Errors
    /// It cannot be written; an old one is as it was.
    fn write(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError>;
    /// Begins a file that grows. `flush` comes once, when it is whole; an old file stays until then.
    ///
    /// # Errors
    /// It cannot be made.
    fn create(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError>;
    /// Names that begin so, for completion.
    fn names(&self, begun: &str) -> Vec<String> {
        let _ = begun;
        Vec::new()
    }
    /// A routine that a LIB card of a source names: what a person calls it, and its cards.
    fn routine(&self, source: &Path, name: &str) -> Option<(String, String)> {
        let _ = source;
        asm704::library::own(name)
    }
}

/// There are no files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl NoFiles {
    fn error(name: &Path) -> FileError {
        FileError::new(format!("{}: there are no files here", name.display()))
    }
}

impl Files for NoFiles {
    fn reel(&mut self, name: &Path, _ring: bool) -> Result<Box<dyn ReelBytes>, FileError> {
        Err(NoFiles::error(name))
    }
    fn wire(&mut self, to: &str) -> Result<NewWire, FileError> {
        Err(FileError::new(format!("wire:{to}: there are no wires here")))
    }
    fn record(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        Err(NoFiles::error(name))
    }
    fn read(&mut self, name: &Path) -> Result<Vec<u8>, FileError> {
        Err(NoFiles::error(name))
    }
    fn is_packed(&self, _name: &Path) -> bool {
        false
    }
    fn exists(&self, _name: &Path) -> bool {
        false
    }
    fn is_stream(&self, _name: &Path) -> bool {
        false
    }
    fn is_same(&self, one: &Path, other: &Path) -> bool {
        one == other
    }
    fn is_near(&self, _name: &Path, _snapshot: &Path) -> bool {
        false
    }
    fn may_write(&mut self, name: &Path) -> Result<(), FileError> {
        Err(NoFiles::error(name))
    }
    fn write(&mut self, name: &Path, _bytes: &[u8]) -> Result<(), FileError> {
        Err(NoFiles::error(name))
    }
    fn create(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        Err(NoFiles::error(name))
    }
}
