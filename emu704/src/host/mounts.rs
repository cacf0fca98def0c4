//! Reels from files and from memory on the ten tape units.

use std::io;
use std::path::{Path, PathBuf};

use asm704::media::tape::{Item, Store, TapeError, TapeFormat, TapeImage};

use super::past::{Past, Shelf};
use super::{FileStore, HostError};
use crate::media::{Media, Reel};

/// What can go wrong when a reel is mounted.
#[derive(Debug, thiserror::Error)]
pub enum MountError {
    /// The file itself.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The file is not a reel.
    #[error("{}: {error}", path.display())]
    Tape {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: TapeError,
    },
    /// The form can only be read.
    #[error("{}: a reel in the form {format} can only be read; convert it to .tap or P7B first", path.display())]
    ReadOnlyForm {
        /// The file.
        path: PathBuf,
        /// Its form.
        format: TapeFormat,
    },
}

impl MountError {
    /// The file was opened but is not the medium that it should be.
    pub fn is_medium(&self) -> bool {
        match self {
            MountError::Host(_) => false,
            MountError::Tape { error, .. } => error.is_medium(),
            MountError::ReadOnlyForm { .. } => true,
        }
    }
}

/// Where a reel's bytes are.
#[derive(Debug)]
pub(super) enum Bytes {
    File(FileStore),
    Memory(Vec<u8>),
}

impl Store for Bytes {
    fn len(&mut self) -> io::Result<u64> {
        match self {
            Bytes::File(file) => file.len(),
            Bytes::Memory(bytes) => Store::len(bytes),
        }
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Bytes::File(file) => file.read_at(offset, buf),
            Bytes::Memory(bytes) => bytes.read_at(offset, buf),
        }
    }

    fn write_at(&mut self, offset: u64, data: &[u8]) -> io::Result<()> {
        match self {
            Bytes::File(file) => file.write_at(offset, data),
            Bytes::Memory(bytes) => bytes.write_at(offset, data),
        }
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        match self {
            Bytes::File(file) => file.set_len(len),
            Bytes::Memory(bytes) => Store::set_len(bytes, len),
        }
    }
}

/// What has been written on a unit since it was last asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Records.
    pub records: u64,
    /// Their words.
    pub words: u64,
    /// File marks.
    pub marks: u64,
}

#[derive(Debug)]
pub(super) struct Mounted {
    pub(super) image: TapeImage<Bytes>,
    pub(super) ring: bool,
    pub(super) label: String,
    pub(super) written: Written,
    /// Something has been written since it was mounted.
    pub(super) changed: bool,
    pub(super) past: Past,
}

/// The reels on tape units 1 to 10.
#[derive(Debug, Default)]
pub struct Mounts {
    pub(super) units: [Option<Mounted>; 10],
    pub(super) shelf: Shelf,
}

impl Mounts {
    /// No reels.
    pub fn new() -> Mounts {
        Mounts::default()
    }

    /// Puts the reel of a file on a unit. With the ring in it is made if it is missing, in the form of its ending.
    pub fn mount_file(&mut self, unit: u8, path: &Path, ring: bool) -> Result<(), MountError> {
        let store = if ring { FileStore::open_write(path)? } else { FileStore::open_read(path)? };
        let tape = |error| MountError::Tape { path: path.to_owned(), error };
        let mut store = Bytes::File(store);
        let empty = store.len().map_err(|source| tape(TapeError::Io { offset: 0, source }))? == 0;
        let by_ending = path.extension().and_then(|e| e.to_str()).and_then(TapeFormat::from_extension);
        let image = if empty {
            TapeImage::create(store, by_ending.unwrap_or_default()).map_err(tape)?
        } else {
            TapeImage::open(store).map_err(tape)?
        };
        if ring && !image.format().is_for_units() {
            return Err(MountError::ReadOnlyForm { path: path.to_owned(), format: image.format() });
        }
        self.put(unit, image, ring, path.display().to_string());
        Ok(())
    }

    /// Puts a reel in memory on a unit: an image's bytes, or nothing for a blank reel.
    pub fn mount_memory(&mut self, unit: u8, bytes: Vec<u8>, ring: bool) -> Result<(), TapeError> {
        let image = if bytes.is_empty() {
            TapeImage::create(Bytes::Memory(bytes), TapeFormat::Simh)?
        } else {
            TapeImage::open(Bytes::Memory(bytes))?
        };
        self.put(unit, image, ring, "a scratch reel".to_owned());
        Ok(())
    }

    fn put(&mut self, unit: u8, image: TapeImage<Bytes>, ring: bool, label: String) {
        self.dismount(unit);
        let past = self.shelf.new_reel();
        self.units[usize::from(unit) - 1] =
            Some(Mounted { image, ring, label, written: Written::default(), changed: false, past });
    }

    /// Takes the reel off a unit.
    pub fn dismount(&mut self, unit: u8) {
        if let Some(mounted) = self.units[usize::from(unit) - 1].take() {
            self.shelf.put(mounted);
        }
    }

    /// Exchanges the reels of two units, as an operator does by their dials.
    pub fn swap(&mut self, a: u8, b: u8) {
        self.units.swap(usize::from(a) - 1, usize::from(b) - 1);
    }

    /// A copy of the bytes of the image on a unit.
    pub fn bytes(&mut self, unit: u8) -> Option<Vec<u8>> {
        self.units[usize::from(unit) - 1].as_mut()?.bytes_from(0).ok()
    }

    /// What has been written on a unit since the last call, with the reel's name.
    pub fn take_written(&mut self, unit: u8) -> Option<(Written, &str)> {
        let mounted = self.units[usize::from(unit) - 1].as_mut()?;
        let written = std::mem::take(&mut mounted.written);
        (written != Written::default()).then_some((written, mounted.label.as_str()))
    }

    /// The files on the units that have been written since they were mounted.
    pub fn changed_files(&mut self) -> Vec<String> {
        let changed = self.units.iter_mut().flatten().filter(|mounted| mounted.changed);
        let file = |m: &mut Mounted| matches!(m.image.store(), Bytes::File(_)).then(|| m.label.clone());
        changed.filter_map(file).collect()
    }

    /// Makes sure that what was written is on the host's disk.
    pub fn sync(&mut self) -> Result<(), HostError> {
        for mounted in self.units.iter_mut().flatten().filter(|m| m.ring) {
            if let Bytes::File(file) = mounted.image.store() {
                file.sync()?;
            }
        }
        Ok(())
    }
}

impl Mounted {
    /// Replaces what is on the reel from a place on. Where that destroys old records of a file, the file is replaced
    /// as a whole, so that a process that ends in the middle leaves the old reel; behind the last record the image
    /// only grows.
    fn replace(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError> {
        let io = |source| TapeError::Io { offset: at, source };
        let destroys = at < self.image.len()?;
        self.note_write(at).map_err(io)?;
        if let (true, Bytes::File(file)) = (destroys, self.image.store()) {
            file.begin_replacement(at).map_err(io)?;
        }
        let replaced = self.image.replace_tail(at, items);
        if let Bytes::File(file) = self.image.store() {
            match &replaced {
                Ok(_) => file.commit_replacement().map_err(io)?,
                Err(_) => file.abandon_replacement(),
            }
        }
        replaced
    }
}

impl Media for Mounts {
    fn reel(&mut self, unit: u8) -> Option<&mut dyn Reel> {
        let mounted = self.units.get_mut(usize::from(unit).checked_sub(1)?)?.as_mut()?;
        Some(mounted)
    }
}

impl Reel for Mounted {
    fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        self.image.read_forward(at)
    }

    fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        self.image.read_backward(at)
    }

    fn write(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError> {
        self.changed = true;
        let behind = self.replace(at, items)?;
        for item in items {
            match item {
                Item::Record(record) => {
                    self.written.records += 1;
                    self.written.words += record.frames.len() as u64 / 6;
                }
                Item::Mark => self.written.marks += 1,
                Item::Gap(_) => {}
            }
        }
        Ok(behind)
    }

    fn ring(&self) -> bool {
        self.ring
    }

    fn has_error_bit(&self) -> bool {
        self.image.format().has_error_bit()
    }

    fn label(&self) -> String {
        self.label.clone()
    }
}
