//! Image files: read only, or locked against a second writer.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use asm704::media::tape::Store;
use asm704::replace;

use crate::reels::ReelBytes;

/// What can go wrong with a file of the host.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The host refused.
    #[error("{}: cannot {doing}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried, such as `open`.
        doing: &'static str,
        /// What the host said.
        source: io::Error,
    },
    /// A directory, where a file was wanted.
    #[error("{}: is a directory, expected a file", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// Another process has the file open for writing.
    #[error("{}: another process is writing it (a reel can be on one unit only)", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
}

/// The bytes of a file. A file that was opened for writing stays locked against other writers as long as this lives; the
/// lock is advisory, as far as the host's are.
#[derive(Debug)]
pub struct FileStore {
    file: File,
    path: PathBuf,
    writable: bool,
    /// While a replacement is made: the new file.
    new: Option<replace::NewFile>,
}

impl FileStore {
    /// Opens a file that exists, for reading. It takes no lock, so a reel can be looked at while it is written.
    pub fn open_read(path: impl AsRef<Path>) -> Result<FileStore, HostError> {
        let path = path.as_ref();
        refuse_directory(path)?;
        let file = File::open(path).map_err(|source| error(path, "open", source))?;
        Ok(FileStore { file, path: path.to_owned(), writable: false, new: None })
    }

    /// Opens a file for writing, made empty if it is missing, and locks it. Its folder must be writable, too, as the file may
    /// have to be replaced. What a killed process left of a replacement of it is removed.
    ///
    /// # Errors
    /// [`HostError::Locked`] when another process has it so.
    pub fn open_write(path: impl AsRef<Path>) -> Result<FileStore, HostError> {
        let path = path.as_ref();
        refuse_directory(path)?;
        let opened = replace::open_locked(path).map_err(|source| error(path, "open for writing", source))?;
        let Some(file) = opened else { return Err(HostError::Locked { path: path.to_owned() }) };
        if file.metadata().is_ok_and(|meta| meta.is_file()) {
            let tried = replace::NewFile::beside(path);
            tried.map_err(|source| error(path, "make a file next to it, to replace it", source))?;
        }
        Ok(FileStore { file, path: path.to_owned(), writable: true, new: None })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True when it was opened for writing.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// The file that is read and written: the new one while a replacement is made.
    fn current(&mut self) -> &mut File {
        match &mut self.new {
            Some(new) => new.file(),
            None => &mut self.file,
        }
    }

    fn check_writable(&self) -> io::Result<()> {
        if self.writable {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "opened for reading only"))
    }
}

impl FileStore {
    /// The file is still where it was opened: it was not deleted, and nothing has taken its place.
    fn check_place(&self) -> io::Result<()> {
        if replace::is_at(&self.file, &self.path)? {
            return Ok(());
        }
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            "the file was deleted or replaced by another process while it was in use here",
        ))
    }
}

impl ReelBytes for FileStore {
    /// What follows is written to a new file beside the old one, which begins with the first `keep` bytes of it.
    fn begin_replacement(&mut self, keep: u64) -> io::Result<()> {
        self.check_writable()?;
        self.check_place()?;
        let mut new = replace::NewFile::beside(&self.path)?;
        self.file.seek(SeekFrom::Start(0))?;
        io::copy(&mut (&mut self.file).take(keep), new.file())?;
        self.new = Some(new);
        Ok(())
    }

    fn commit_replacement(&mut self) -> io::Result<()> {
        let Some(new) = self.new.take() else { return Ok(()) };
        self.check_place()?;
        self.file = new.commit()?;
        Ok(())
    }

    fn abandon_replacement(&mut self) {
        self.new = None;
    }

    fn sync(&self) -> io::Result<()> {
        if !self.writable {
            return Ok(());
        }
        self.file.sync_all()?;
        self.check_place()
    }

    fn is_kept(&self) -> bool {
        true
    }
}

impl Store for FileStore {
    fn len(&mut self) -> io::Result<u64> {
        Ok(self.current().metadata()?.len())
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let file = self.current();
        file.seek(SeekFrom::Start(offset))?;
        file.read(buf)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check_writable()?;
        let file = self.current();
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.check_writable()?;
        self.current().set_len(len)
    }
}

/// A file that is being made beside its place and put there only when it is whole. Dropped before that, it leaves nothing.
#[derive(Debug)]
pub struct NewFile {
    new: replace::NewFile,
    path: PathBuf,
    /// The old file, so that it is not replaced while a tape unit writes it.
    old: Option<FileStore>,
}

impl NewFile {
    /// Begins a file that will be `path`.
    ///
    /// # Errors
    /// [`HostError::Locked`] when another process writes the file that is there now.
    pub fn create(path: impl AsRef<Path>) -> Result<NewFile, HostError> {
        let path = path.as_ref();
        let old = if path.exists() { Some(FileStore::open_write(path)?) } else { None };
        let new = replace::NewFile::beside(path).map_err(|source| error(path, "open for writing", source))?;
        Ok(NewFile { new, path: path.to_owned(), old })
    }

    /// True when there is a file at the place already.
    pub fn replaces(&self) -> bool {
        self.old.is_some()
    }

    /// Puts the whole file at its place, on the host's disk.
    pub fn commit(self) -> Result<(), HostError> {
        let NewFile { new, path, old } = self;
        let place = old.as_ref().map_or(Ok(()), FileStore::check_place);
        place.and_then(|()| new.commit()).map(drop).map_err(|source| error(&path, "write", source))
    }
}

impl Store for NewFile {
    fn len(&mut self) -> io::Result<u64> {
        Ok(self.new.file().metadata()?.len())
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.new.file().seek(SeekFrom::Start(offset))?;
        self.new.file().read(buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.new.file().seek(SeekFrom::Start(offset))?;
        self.new.file().write_all(bytes)
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.new.file().set_len(len)
    }
}

/// Writes a whole file so that at any instant `path` is the old file or the whole new one. What is no plain file (a pipe, a
/// terminal) is written through.
pub fn write_atomically(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), HostError> {
    let path = path.as_ref();
    refuse_directory(path)?;
    replace::write(path, bytes).map_err(|source| error(path, "write", source))
}

fn refuse_directory(path: &Path) -> Result<(), HostError> {
    if path.is_dir() { Err(HostError::Directory { path: path.to_owned() }) } else { Ok(()) }
}

fn error(path: &Path, doing: &'static str, source: io::Error) -> HostError {
    HostError::Io { path: path.to_owned(), doing, source }
}
