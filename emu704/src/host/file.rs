//! Image files: read only, or locked against a second writer.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use asm704::media::tape::Store;

use super::beside::{beside, sweep};
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
    /// While a replacement is made: the old file, with its lock, and where the new one is.
    replaced: Option<(File, PathBuf)>,
}

impl FileStore {
    /// Opens a file that exists, for reading. It takes no lock, so a reel can be looked at while it is written.
    pub fn open_read(path: impl AsRef<Path>) -> Result<FileStore, HostError> {
        let path = path.as_ref();
        refuse_directory(path)?;
        let file = File::open(path).map_err(|source| error(path, "open", source))?;
        Ok(FileStore { file, path: path.to_owned(), writable: false, replaced: None })
    }

    /// Opens a file for writing, made empty if it is missing, and locks it. What a killed process left of a replacement
    /// of it (`NAME.PID.new`) is removed.
    ///
    /// # Errors
    /// [`HostError::Locked`] when another process has it so.
    pub fn open_write(path: impl AsRef<Path>) -> Result<FileStore, HostError> {
        let path = path.as_ref();
        refuse_directory(path)?;
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = options.map_err(|source| error(path, "open for writing", source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(HostError::Locked { path: path.to_owned() }),
            // a file system without locks: two writers cannot be told apart there
            Err(TryLockError::Error(source)) if source.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(source)) => return Err(error(path, "lock", source)),
        }
        if let Ok(real) = std::fs::canonicalize(path) {
            sweep(&real);
        }
        Ok(FileStore { file, path: path.to_owned(), writable: true, replaced: None })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True when it was opened for writing.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    fn check_writable(&self) -> io::Result<()> {
        if self.writable {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "opened for reading only"))
    }
}

impl ReelBytes for FileStore {
    /// What follows is written to a new file beside the old one, which begins with the first `keep` bytes of it.
    fn begin_replacement(&mut self, keep: u64) -> io::Result<()> {
        self.check_writable()?;
        let real = std::fs::canonicalize(&self.path)?;
        let beside = beside(&real);
        let mut new = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&beside)?;
        let begun = (|| {
            match new.try_lock() {
                Ok(()) => {}
                Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
                Err(TryLockError::Error(e)) => return Err(e),
            }
            new.set_permissions(self.file.metadata()?.permissions())?;
            self.file.seek(SeekFrom::Start(0))?;
            io::copy(&mut (&mut self.file).take(keep), &mut new)
        })();
        if let Err(e) = begun {
            let _ = std::fs::remove_file(&beside);
            return Err(e);
        }
        self.replaced = Some((std::mem::replace(&mut self.file, new), beside));
        Ok(())
    }

    fn commit_replacement(&mut self) -> io::Result<()> {
        let Some((old, beside)) = self.replaced.take() else { return Ok(()) };
        let moved = std::fs::canonicalize(&self.path).and_then(|real| std::fs::rename(&beside, real));
        if moved.is_err() {
            self.replaced = Some((old, beside));
            self.abandon_replacement();
        }
        moved
    }

    fn abandon_replacement(&mut self) {
        if let Some((old, beside)) = self.replaced.take() {
            self.file = old;
            // what cannot be removed stays as a file with another name
            let _ = std::fs::remove_file(beside);
        }
    }

    fn sync(&self) -> io::Result<()> {
        if self.writable { self.file.sync_all() } else { Ok(()) }
    }

    fn is_kept(&self) -> bool {
        true
    }
}

impl Store for FileStore {
    fn len(&mut self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read(buf)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check_writable()?;
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.check_writable()?;
        self.file.set_len(len)
    }
}

/// A file that is being made beside its place and put there only when it is whole. Dropped before that, it leaves nothing.
#[derive(Debug)]
pub struct NewFile {
    store: Option<FileStore>,
    place: PathBuf,
    /// The old file, so that it is not replaced while a tape unit writes it.
    old_file: Option<FileStore>,
}

impl NewFile {
    /// Begins a file that will be `path`.
    ///
    /// # Errors
    /// [`HostError::Locked`] when another process writes the file that is there now.
    pub fn create(path: impl AsRef<Path>) -> Result<NewFile, HostError> {
        let path = path.as_ref();
        let old = if path.exists() { Some(FileStore::open_write(path)?) } else { None };
        let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if old.is_none() {
            sweep(&place);
        }
        // the name of the file beside it is nobody's business
        let mut store = FileStore::open_write(beside(&place)).map_err(|failed| match failed {
            HostError::Io { doing, source, .. } => error(path, doing, source),
            other => other,
        })?;
        // one that a killed process of the same number left
        store.set_len(0).map_err(|source| error(path, "write", source))?;
        Ok(NewFile { store: Some(store), place, old_file: old })
    }

    /// True when there is a file at the place already.
    pub fn replaces(&self) -> bool {
        self.old_file.is_some()
    }

    /// Puts the whole file at its place, on the host's disk.
    pub fn commit(mut self) -> Result<(), HostError> {
        let Some(store) = &self.store else { return Ok(()) };
        if let Some(Ok(old)) = self.old_file.as_ref().map(|old| old.file.metadata()) {
            let permitted = store.file.set_permissions(old.permissions());
            permitted.map_err(|source| error(&self.place, "write", source))?;
        }
        ReelBytes::sync(store).map_err(|source| error(&self.place, "write", source))?;
        std::fs::rename(store.path(), &self.place).map_err(|source| error(&self.place, "write", source))?;
        sync_folder(&self.place);
        self.store = None;
        Ok(())
    }

    fn store(&mut self) -> io::Result<&mut FileStore> {
        self.store.as_mut().ok_or_else(|| io::Error::other("the file is finished"))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(store) = self.store.take() {
            // what cannot be removed stays as a file with another name
            let _ = std::fs::remove_file(store.path());
        }
    }
}

impl Store for NewFile {
    fn len(&mut self) -> io::Result<u64> {
        self.store()?.len()
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.store()?.read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.store()?.write_at(offset, bytes)
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.store()?.set_len(len)
    }
}

/// Writes a whole file so that at any instant `path` is the old file or the whole new one.
pub fn write_atomically(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), HostError> {
    let path = path.as_ref();
    refuse_directory(path)?;
    // what the path leads to is replaced, not a link to it; what is no plain file (a pipe, a terminal) is written through
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if std::fs::metadata(&real).is_ok_and(|meta| !meta.is_file()) {
        return std::fs::write(&real, bytes).map_err(|source| error(path, "write", source));
    }
    sweep(&real);
    let new = beside(&real);
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&new)?;
        // so that nobody takes it for one of a dead process; where there are no locks nobody does
        let _ = file.try_lock();
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Ok(meta) = std::fs::metadata(&real) {
            file.set_permissions(meta.permissions())?;
        }
        drop(file);
        std::fs::rename(&new, &real)?;
        sync_folder(&real);
        Ok(())
    };
    write().map_err(|source| {
        // the half-written file is of no use to anybody; that it cannot be removed changes nothing
        let _ = std::fs::remove_file(&new);
        error(path, "write", source)
    })
}

/// Puts the name of a new file on the disk, too. A host that cannot do so with folders has other means, or none.
fn sync_folder(file: &Path) {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn refuse_directory(path: &Path) -> Result<(), HostError> {
    if path.is_dir() { Err(HostError::Directory { path: path.to_owned() }) } else { Ok(()) }
}

fn error(path: &Path, doing: &'static str, source: io::Error) -> HostError {
    HostError::Io { path: path.to_owned(), doing, source }
}
