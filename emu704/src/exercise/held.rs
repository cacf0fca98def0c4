//! Files in memory: those of the exercise and the program. Nothing that is written goes anywhere else.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::media::wire::NewWire;
use crate::reels::ReelBytes;
use crate::room::{FileError, Files};

#[derive(Debug, Clone, Default)]
pub(super) struct Held(pub(super) BTreeMap<PathBuf, Vec<u8>>);

impl Held {
    fn get(&self, name: &Path) -> Result<&Vec<u8>, FileError> {
        self.0.get(name).ok_or_else(|| {
            FileError::new(format!("{}: an exercise has no file of this name", name.display()))
        })
    }

    fn refused(name: &Path) -> FileError {
        FileError::new(format!("{}: a check writes no files", name.display()))
    }
}

impl Files for Held {
    fn reel(&mut self, name: &Path, _ring: bool) -> Result<Box<dyn ReelBytes>, FileError> {
        Ok(Box::new(self.get(name)?.clone()))
    }
    fn wire(&mut self, to: &str) -> Result<NewWire, FileError> {
        Err(FileError::new(format!("wire:{to}: an exercise has no wires")))
    }
    fn record(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        Err(Held::refused(name))
    }
    fn read(&mut self, name: &Path) -> Result<Vec<u8>, FileError> {
        self.get(name).cloned()
    }
    fn is_packed(&self, _name: &Path) -> bool {
        false
    }
    fn exists(&self, name: &Path) -> bool {
        self.0.contains_key(name)
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
    /// A drum is an image at the beginning, and stays one.
    fn may_write(&mut self, _name: &Path) -> Result<(), FileError> {
        Ok(())
    }
    fn write(&mut self, name: &Path, _bytes: &[u8]) -> Result<(), FileError> {
        Err(Held::refused(name))
    }
    fn create(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        Err(Held::refused(name))
    }
}
