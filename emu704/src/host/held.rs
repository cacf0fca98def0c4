//! Files that are read now and written back as a whole at the end, such as drums.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use asm704::replace::{self, NewFile};

use super::HostError;

/// A file that is to be written back. It is locked against other writers; one that is missing is known to be missing.
#[derive(Debug)]
pub(crate) struct Held {
    path: PathBuf,
    file: Option<File>,
}

impl Held {
    /// Takes a file; what is no plain file (a pipe, a device) is not held.
    ///
    /// # Errors
    /// [`HostError::Locked`] when another process has it so, and a folder in which nothing can be made.
    pub(crate) fn take(path: &Path) -> Result<Held, HostError> {
        let failed = |doing, source| HostError::Io { path: path.to_owned(), doing, source };
        let file = match std::fs::metadata(path) {
            Ok(found) if !found.is_file() => None,
            Ok(_) => Some(match replace::open_locked(path) {
                Ok(Some(file)) => file,
                Ok(None) => return Err(HostError::Locked { path: path.to_owned() }),
                // protected by its owner: it can be read anyway
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Ok(Held { path: path.to_owned(), file: File::open(path).ok() });
                }
                Err(error) => return Err(failed("open for writing", error)),
            }),
            Err(_) => {
                NewFile::beside(path).map_err(|error| failed("make", error))?;
                None
            }
        };
        Ok(Held { path: path.to_owned(), file })
    }

    /// True when a path leads to this very file.
    pub(crate) fn is(&self, path: &Path) -> bool {
        match &self.file {
            Some(file) => replace::is_at(file, path).unwrap_or(false),
            None => self.path == path,
        }
    }

    /// True when a name is the one under which it was taken, or leads to it.
    pub(crate) fn names(&self, name: &Path) -> bool {
        self.path == name || self.is(name)
    }

    /// Writes it back.
    ///
    /// # Errors
    /// The host refuses, or somebody else has deleted, replaced or made the file meanwhile, which stays as it is.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(file) = &self.file else {
            if std::fs::metadata(&self.path).is_ok_and(|found| !found.is_file()) {
                return replace::write(&self.path, bytes);
            }
            let mut new = NewFile::beside(&self.path)?;
            new.file().write_all(bytes)?;
            self.file = Some(new.commit_missing().map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    io::Error::new(error.kind(), "another process has made the file while it was in use here")
                }
                _ => error,
            })?);
            return Ok(());
        };
        if !replace::is_at(file, &self.path)? {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the file was deleted or replaced by another process while it was in use here",
            ));
        }
        let mut new = NewFile::beside(&self.path)?;
        new.file().write_all(bytes)?;
        self.file = Some(new.commit()?);
        Ok(())
    }
}
