//! A file that grows and replaces an old one when it is whole.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use asm704::replace::NewFile;

/// It is written beside its place; [`Write::flush`], which comes once, puts it there. What is no regular file (a pipe, a
/// device) is written as it happens.
pub(super) enum Growing {
    New(Option<BufWriter<Beside>>),
    Straight(File),
}

/// [`NewFile`] as a writer.
pub(super) struct Beside(NewFile);

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.file().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.file().flush()
    }
}

impl Growing {
    pub(super) fn begin(path: &Path) -> io::Result<Growing> {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => {
                Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"))
            }
            Ok(found) if !found.is_file() => {
                Ok(Growing::Straight(OpenOptions::new().write(true).open(path)?))
            }
            found => {
                if found.is_ok() {
                    // a file that its owner has protected is not replaced
                    OpenOptions::new().append(true).open(path)?;
                }
                Ok(Growing::New(Some(BufWriter::new(Beside(NewFile::beside(path)?)))))
            }
        }
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Growing::New(Some(new)) => new.write(bytes),
            Growing::New(None) => Err(io::Error::other("the file is whole already")),
            Growing::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Growing::New(new) => {
                let Some(new) = new.take() else { return Ok(()) };
                let Beside(new) = new.into_inner().map_err(io::IntoInnerError::into_error)?;
                new.commit().map(drop)
            }
            Growing::Straight(file) => file.flush(),
        }
    }
}
