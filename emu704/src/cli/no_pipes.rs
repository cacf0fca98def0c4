//! Files that somebody at the monitor or the panel names: none of them may keep the machine waiting.

use std::io::Write;
use std::path::Path;

use crate::host::{is_read, is_stream};
use crate::media::wire::NewWire;
use crate::reels::ReelBytes;
use crate::room::{FileError, Files};

/// Files without pipes. To open a pipe, or to read from a device, can take forever, and a signal would not be heard
/// meanwhile. What the options have read already can be read again.
pub(crate) struct NoPipes(pub(crate) Box<dyn Files>);

fn refused(path: &Path) -> FileError {
    FileError::new(format!("{}: is a pipe or a device, expected a file", path.display()))
}

fn to_read(path: &Path) -> Result<(), FileError> {
    if is_stream(path) && !is_read(path) { Err(refused(path)) } else { Ok(()) }
}

/// A device that takes all, such as `/dev/null`, keeps nobody waiting.
fn to_write(path: &Path) -> Result<(), FileError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = std::fs::metadata(path).map(|meta| meta.file_type());
        if kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket()) {
            return Err(refused(path));
        }
    }
    let _ = path;
    Ok(())
}

impl Files for NoPipes {
    fn reel(&mut self, name: &Path, ring: bool) -> Result<Box<dyn ReelBytes>, FileError> {
        to_read(name)?;
        self.0.reel(name, ring)
    }

    fn wire(&mut self, to: &str) -> Result<NewWire, FileError> {
        self.0.wire(to)
    }

    fn record(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        self.0.record(name)
    }

    fn read(&mut self, name: &Path) -> Result<Vec<u8>, FileError> {
        to_read(name)?;
        self.0.read(name)
    }

    fn is_packed(&self, name: &Path) -> bool {
        self.0.is_packed(name)
    }

    fn exists(&self, name: &Path) -> bool {
        self.0.exists(name)
    }

    fn is_stream(&self, name: &Path) -> bool {
        self.0.is_stream(name)
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        self.0.is_same(one, other)
    }

    fn is_near(&self, name: &Path, snapshot: &Path) -> bool {
        self.0.is_near(name, snapshot)
    }

    fn may_write(&mut self, name: &Path) -> Result<(), FileError> {
        to_write(name)?;
        self.0.may_write(name)
    }

    fn write_back(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.0.write_back(name, bytes)
    }

    fn write(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError> {
        to_write(name)?;
        self.0.write(name, bytes)
    }

    fn create(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        to_write(name)?;
        self.0.create(name)
    }

    fn names(&self, begun: &str) -> Vec<String> {
        self.0.names(begun)
    }

    fn routine(&self, source: &Path, name: &str) -> Option<(String, String)> {
        self.0.routine(source, name)
    }
}
