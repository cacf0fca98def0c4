//! Files that replace another in one step.
//!
//! A result is written to a new file in the same folder, flushed to the disk, and then renamed: at any instant the name
//! leads to the old file or to the complete new one. The new file is named `.NAME.XXXXXX.new`, with six random letters or
//! digits. It is created exclusively, so that no link of that name is followed, and stays locked while its process lives. Files
//! left by a killed process are removed by the next one that writes the same file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How many bytes of the old name the new one repeats: hosts limit names to 255.
const REPEATED: usize = 100;
/// The end of the name of an incomplete file.
const ENDING: &str = ".new";
/// The number of random letters or digits.
const CHANCE: usize = 6;
/// How many times a name is tried if another process removes the file between two steps.
const TRIES: usize = 16;

/// A file made beside its final place. If dropped before [`NewFile::commit`], it is removed.
#[derive(Debug)]
pub struct NewFile {
    file: tempfile::NamedTempFile,
    place: PathBuf,
}

impl NewFile {
    /// Begins the file that will be `place`. Links are followed, also those that lead to nothing yet: the target of `place` is
    /// replaced, not a link.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn beside(place: &Path) -> io::Result<NewFile> {
        let place = crate::in_use::resolved(place);
        sweep(&place);
        let mut builder = tempfile::Builder::new();
        let prefix = prefix(&place);
        builder.prefix(&prefix).suffix(ENDING).rand_bytes(CHANCE);
        #[cfg(unix)]
        if !place.exists() {
            use std::os::unix::fs::PermissionsExt as _;
            // permissions as the host gives them to any new file; a file that replaces another is private to its owner until it gets
            // the permissions of the old one
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        for _ in 0..TRIES {
            let file = builder.tempfile_in(folder(&place)).map_err(without_path)?;
            // a process that cleans up may have come between creating and locking it
            if lock(file.as_file())? && is_at(file.as_file(), file.path())? {
                return Ok(NewFile { file, place });
            }
        }
        Err(io::Error::new(io::ErrorKind::WouldBlock, "another process takes the new file away"))
    }

    /// The open file.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Its final path.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Flushes the file to the disk and moves it to its place, with the permissions of the file it replaces. It stays
    /// locked as long as the handle lives.
    ///
    /// # Errors
    /// An error of the host; the old file is unchanged.
    pub fn commit(self) -> io::Result<File> {
        self.put(true)
    }

    /// Commits as [`NewFile::commit`] does, for a file that did not exist when this one was begun.
    ///
    /// # Errors
    /// An error of the host, or a file of that name was made in the meantime; that file stays.
    pub fn commit_missing(self) -> io::Result<File> {
        self.put(false)
    }

    fn put(self, replaces: bool) -> io::Result<File> {
        if let Ok(old) = std::fs::metadata(&self.place) {
            self.file.as_file().set_permissions(old.permissions())?;
        }
        self.file.as_file().sync_all()?;
        let put =
            if replaces { self.file.persist(&self.place) } else { self.file.persist_noclobber(&self.place) };
        let file = put.map_err(|failed| failed.error)?;
        sync_folder(&self.place);
        Ok(file)
    }
}

/// Makes a write beyond the host's limit on file size fail, as on a full disk. Without this call the signal SIGXFSZ
/// ends the process in the middle of its work. A command calls it once, before anything else.
pub fn limits_are_errors() {
    #[cfg(unix)]
    {
        // a signal with a handler does not end the process; the flag itself is never read
        let flag = std::sync::Arc::default();
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, flag);
    }
}

/// Writes a whole file in one step. A path that is not a plain file (a pipe, a terminal) cannot be replaced and is written directly.
///
/// # Errors
/// An error of the host; an old file is unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
        }
        Ok(found) if !found.is_file() => return std::fs::write(path, bytes),
        _ => {}
    }
    let mut new = NewFile::beside(path)?;
    new.file().write_all(bytes)?;
    new.commit().map(drop)
}

/// Opens a file for reading and writing, creating it if missing, and locks it against other writers; `None` if
/// another process has locked it. On a file system without locks two writers cannot be detected.
///
/// # Errors
/// An error of the host.
pub fn open_locked(path: &Path) -> io::Result<Option<File>> {
    for _ in 0..TRIES {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if !lock(&file)? {
            return Ok(None);
        }
        // the previous writer may have replaced it between opening and locking
        if is_at(&file, path)? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// True if a path leads to this very file: it was not deleted, and no other file has taken its place.
///
/// # Errors
/// An error of the host. A missing file is not an error.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match same_file::Handle::from_path(path) {
        Ok(there) => Ok(same_file::Handle::from_file(file.try_clone()?)? == there),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The host's own error, without the name of the temporary file, which helps no one.
fn without_path(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|error| error.source()).and_then(|e| e.downcast_ref::<io::Error>());
    inner.and_then(io::Error::raw_os_error).map_or(error, io::Error::from_raw_os_error)
}

/// True if the file could be locked, or the file system has no locks.
fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Removes replacements of a file that killed processes left. One whose process lives is locked and stays, and so does
/// everything on a file system without locks. Files that cannot be removed stay, too; they only take up space.
pub fn sweep(place: &Path) {
    let place = crate::in_use::resolved(place);
    let prefix = prefix(&place);
    let Ok(entries) = std::fs::read_dir(folder(&place)) else { return };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file
            && is_replacement(entry.file_name().as_encoded_bytes(), prefix.as_encoded_bytes())
            && let Ok(file) = OpenOptions::new().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            // still locked while it is removed
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn folder(place: &Path) -> &Path {
    place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn prefix(place: &Path) -> std::ffi::OsString {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let end = (0..=REPEATED.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    format!(".{}.", &name[..end]).into()
}

fn is_replacement(name: &[u8], prefix: &[u8]) -> bool {
    name.strip_prefix(prefix)
        .and_then(|rest| rest.strip_suffix(ENDING.as_bytes()))
        .is_some_and(|chance| chance.len() == CHANCE && chance.iter().all(u8::is_ascii_alphanumeric))
}

/// Saves the name of a new file on the disk, too. Some hosts cannot do this for folders; they have other means, or none.
fn sync_folder(file: &Path) {
    if let Ok(folder) = File::open(folder(file)) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_replacements_of_the_very_file_are_known() {
        let prefix = prefix(Path::new("reels/reel.tap"));
        let is = |name: &str| is_replacement(name.as_bytes(), prefix.as_encoded_bytes());
        assert!(is(".reel.tap.aB3xY9.new"));
        for other in [
            "reel.tap",
            ".reel.tap.new",
            ".reel.tap.aB3xY.new",
            ".reel.tap.aB3xY99.new",
            ".reel.tap.aB3-Y9.new",
            ".reel.tap.aB3xY9.new.bak",
            ".a.tap.aB3xY9.new",
            "reel.tap.aB3xY9.new",
        ] {
            assert!(!is(other), "{other}");
        }
    }

    #[test]
    fn a_link_of_the_temporary_name_is_not_followed_and_long_names_work() {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("{}.tap", "n".repeat(250));
        let path = folder.path().join(&name);
        write(&path, b"first").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_was_replaced_between_opening_and_locking_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reel.tap");
        let first = open_locked(&path).unwrap().unwrap();
        assert!(open_locked(&path).unwrap().is_none(), "it is locked");
        let mut new = NewFile::beside(&path).unwrap();
        new.file().write_all(b"new").unwrap();
        let new = new.commit().unwrap();
        assert!(!is_at(&first, &path).unwrap());
        assert!(is_at(&new, &path).unwrap());
        assert!(open_locked(&path).unwrap().is_none(), "the new file came with its lock");
        std::fs::remove_file(&path).unwrap();
        assert!(!is_at(&new, &path).unwrap());
    }

    #[test]
    fn what_a_killed_process_left_is_swept_and_what_is_locked_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reel.tap");
        let left = folder.path().join(".reel.tap.abcdef.new");
        std::fs::write(&left, "half a reel").unwrap();
        let other = folder.path().join(".other.tap.abcdef.new");
        std::fs::write(&other, "half another").unwrap();
        let living = NewFile::beside(&path).unwrap();
        assert!(!left.exists());
        sweep(&path);
        assert!(living.file.path().exists() && other.exists());
        drop(living);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
