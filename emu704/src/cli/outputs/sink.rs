//! One file that a run makes.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Result;
use asm704::replace::NewFile;

use crate::cli::Failure;

/// A file under way.
pub(super) struct Sink {
    path: PathBuf,
    to: To,
}

enum To {
    /// A regular file: written beside its place, and put there at the end.
    New(BufWriter<Beside>),
    /// A pipe, a terminal, a device, or standard output: written as it happens.
    Straight(File),
    Standard,
}

/// [`NewFile`] as a writer.
struct Beside(NewFile);

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.file().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.file().flush()
    }
}

impl Sink {
    /// Begins a file; `-` is standard output.
    pub(super) fn open(path: &Path) -> Result<Sink> {
        let cannot = |e: io::Error| Failure::usage(format!("{}: cannot write: {e}", path.display()));
        let to = match std::fs::metadata(path) {
            _ if path.as_os_str() == "-" => To::Standard,
            Ok(found) if found.is_dir() => {
                return Err(Failure::usage(format!("{}: is a directory, expected a file", path.display())));
            }
            Ok(found) if !found.is_file() => {
                To::Straight(std::fs::OpenOptions::new().write(true).open(path).map_err(cannot)?)
            }
            found => {
                if found.is_ok() {
                    // a file that its owner has protected is not replaced
                    std::fs::OpenOptions::new().append(true).open(path).map_err(cannot)?;
                }
                To::New(BufWriter::new(Beside(NewFile::beside(path).map_err(cannot)?)))
            }
        };
        Ok(Sink { path: path.to_owned(), to })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What a person calls it.
    pub(super) fn name(&self) -> String {
        match self.to {
            To::Standard => "standard output".to_owned(),
            _ => self.path.display().to_string(),
        }
    }

    /// Puts the whole file at its place, on the host's disk. False for what keeps nothing.
    pub(super) fn commit(self) -> io::Result<bool> {
        match self.to {
            To::New(new) => {
                let Beside(new) = new.into_inner().map_err(io::IntoInnerError::into_error)?;
                new.commit()?;
                Ok(true)
            }
            To::Straight(mut file) => file.flush().map(|()| false),
            To::Standard => Ok(false),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::New(new) => new.write(bytes),
            To::Straight(file) => file.write(bytes),
            To::Standard => {
                let mut out = io::stdout();
                let n = out.write(bytes)?;
                out.flush()?;
                Ok(n)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::New(new) => new.flush(),
            To::Straight(file) => file.flush(),
            To::Standard => io::stdout().flush(),
        }
    }
}

/// A sink that a trace writes and the outputs finish.
#[derive(Clone)]
pub(super) struct Shared(Rc<RefCell<Sink>>);

impl Shared {
    pub(super) fn new(sink: Sink) -> Shared {
        Shared(Rc::new(RefCell::new(sink)))
    }

    /// What a person calls it.
    pub(super) fn name(&self) -> String {
        self.0.borrow().name()
    }

    /// The sink, when the trace has let go of it.
    pub(super) fn into_sink(self) -> Option<Sink> {
        Rc::into_inner(self.0).map(RefCell::into_inner)
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}
