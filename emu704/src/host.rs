//! Files of the host: the only place outside the commands that opens any.

pub(crate) mod edits;
mod file;
mod growing;
mod held;
mod line;
mod socket;
mod spool;
mod state;
mod stream;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use asm704::media::tape::Store as _;
use asm704::packed;

pub use file::{FileStore, HostError, NewFile, write_atomically};
pub(crate) use held::Held;
pub(crate) use socket::loopback_address;
pub(crate) use spool::{LARGEST_INPUT, Spool};
pub(crate) use state::{RATE, StateSocket};
pub(crate) use stream::{is_read, is_stream};

use crate::media::wire::NewWire;
use crate::reels::{MountError, ReelBytes, Reels};
use crate::room::{FileError, Files, form_of};

/// The files of the host, by their paths.
#[derive(Debug, Clone, Copy, Default)]
pub struct HostFiles;

impl Files for HostFiles {
    fn reel(&mut self, path: &Path, ring: bool) -> Result<Box<dyn ReelBytes>, FileError> {
        if ring && stream::is_standard(path) {
            return Err(FileError::new("standard input cannot be written: take the ring out"));
        }
        if ring && is_stream(path) {
            let name = path.display();
            return Err(FileError::new(format!(
                "{name}: is a pipe or a device, expected a file for a reel with the ring in"
            )));
        }
        if ring {
            return Ok(Box::new(FileStore::open_write(path).map_err(usage)?));
        }
        if is_stream(path) {
            return Ok(Box::new(self.read(path)?));
        }
        let mut file = FileStore::open_read(path).map_err(usage)?;
        if edits::begins_list(&mut file) {
            return Ok(Box::new(self.read(path)?));
        }
        if !starts_packed(&mut file) {
            return Ok(Box::new(file));
        }
        let unpacked = File::open(path).and_then(Spool::unpacked);
        match unpacked.map_err(|e| unreadable(path, &e))? {
            Some(spool) => Ok(Box::new(spool)),
            None => Err(too_large(path, LARGEST_INPUT)),
        }
    }

    fn wire(&mut self, to: &str) -> Result<NewWire, FileError> {
        line::wire(to).map_err(FileError::new)
    }

    fn record(&mut self, path: &Path) -> Result<Box<dyn Write>, FileError> {
        let file = File::create_new(path).map_err(|error| {
            let bad = |why: &str| FileError::new(format!("{}: {why}", path.display()));
            match error.kind() {
                io::ErrorKind::AlreadyExists => bad("is there already, expected a new file for a recording"),
                _ => bad(&format!("cannot write: {error}")),
            }
        })?;
        Ok(Box::new(io::BufWriter::new(file)))
    }

    fn read(&mut self, path: &Path) -> Result<Vec<u8>, FileError> {
        if path.is_dir() {
            return Err(usage(HostError::Directory { path: path.to_owned() }));
        }
        let bytes = if is_stream(path) {
            stream::bytes(path).map(|bytes| bytes.map(|bytes| bytes.to_vec()))
        } else {
            File::open(path).and_then(|file| packed::read_file(&file, stream::LARGEST))
        };
        let bytes = bytes.map_err(|e| unreadable(path, &e))?;
        let bytes = bytes.ok_or_else(|| too_large(path, stream::LARGEST))?;
        if !edits::is_list(&bytes) {
            return Ok(bytes);
        }
        // an edit list is the deck that it makes
        let edited = edits::read(path, &bytes, None).map_err(|error| FileError::new(error.to_string()))?;
        edited.to_bytes().map_err(|error| FileError::new(format!("{}: {error}", path.display())))
    }

    fn is_packed(&self, path: &Path) -> bool {
        path.is_file() && FileStore::open_read(path).is_ok_and(|mut file| starts_packed(&mut file))
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn is_stream(&self, path: &Path) -> bool {
        is_stream(path)
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        one == other || same_file::is_same_file(one, other).unwrap_or(false)
    }

    /// Any drum may be written.
    fn may_write(&mut self, _path: &Path) -> Result<(), FileError> {
        Ok(())
    }

    fn is_near(&self, path: &Path, snapshot: &Path) -> bool {
        let folder = snapshot.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folders = [Path::new("."), folder.unwrap_or(Path::new("."))];
        // links lead where they lead
        path.canonicalize().is_ok_and(|path| {
            folders.iter().any(|folder| folder.canonicalize().is_ok_and(|folder| path.starts_with(folder)))
        })
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        if path.is_file() {
            // a file that its owner has protected is not replaced
            File::options()
                .append(true)
                .open(path)
                .map_err(|e| FileError::new(format!("{}: cannot write: {e}", path.display())))?;
        }
        write_atomically(path, bytes).map_err(usage)
    }

    fn create(&mut self, path: &Path) -> Result<Box<dyn Write>, FileError> {
        let file = growing::Growing::begin(path)
            .map_err(|e| FileError::new(format!("{}: cannot write: {e}", path.display())))?;
        Ok(Box::new(file))
    }

    fn names(&self, begun: &str) -> Vec<String> {
        names(begun)
    }

    fn routine(&self, source: &Path, name: &str) -> Option<(String, String)> {
        asm704::library::Shelves::of_source(source).find(name)
    }
}

fn starts_packed(file: &mut FileStore) -> bool {
    let mut first = [0; packed::MAGIC.len()];
    matches!(file.read_at(0, &mut first), Ok(n) if n == first.len()) && first == packed::MAGIC
}

fn unreadable(path: &Path, error: &io::Error) -> FileError {
    FileError::new(format!("{}: cannot read: {error}", path.display()))
}

fn too_large(path: &Path, largest: u64) -> FileError {
    FileError::medium(format!("{}: expected at most {largest} bytes", path.display()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is used as a function for map_err")]
fn usage(error: HostError) -> FileError {
    FileError::new(error.to_string())
}

/// Puts the reel of a file on a unit. With the ring in it is made if it is missing, in the form of its ending.
///
/// # Errors
/// The file cannot be opened, or is not a reel that can be used so.
pub fn mount_file(
    reels: &mut Reels,
    unit: u8,
    path: &Path,
    ring: bool,
) -> Result<(), crate::room::RoomError> {
    let bytes = HostFiles.reel(path, ring)?;
    let mounted: Result<(), MountError> =
        reels.mount(unit, bytes, form_of(path), ring, path.display().to_string());
    Ok(mounted?)
}

/// Paths that begin so.
fn names(begun: &str) -> Vec<String> {
    let (folder, name) = begun.rsplit_once('/').map_or(("", begun), |(folder, name)| (folder, name));
    let shown = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let place = if folder.is_empty() && !begun.starts_with('/') { "." } else { shown.as_str() };
    let Ok(entries) = std::fs::read_dir(place) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            let slash = if entry.path().is_dir() { "/" } else { "" };
            let is_shown = file.starts_with(name) && !file.contains(asm704::visible::is_obeyed);
            (is_shown && (!name.is_empty() || !file.starts_with('.')))
                .then(|| format!("{shown}{file}{slash}"))
        })
        .collect();
    names.sort();
    names
}
