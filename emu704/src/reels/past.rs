//! What the reels held earlier: so that a machine can be run again from an earlier state, on copies in memory.
//!
//! When it is asked for, each reel remembers what its writing destroyed, and a reel that is taken off goes on a shelf.
//! No file of the host is changed by looking back.

use std::io;

use asm704::media::tape::{Old, Spacing, Store as _, TapeFormat, TapeImage};

use super::{Mounted, ReelBytes, Reels};

/// Limit of remembered reel data, in bytes.
const MOST: usize = 64 << 20;

/// What a reel was.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    /// Which reel this is.
    reel: u64,
    /// What each writing destroyed. Nothing when it is not remembered.
    undo: Option<Vec<Undo>>,
}

/// What a writing destroyed.
#[derive(Debug, Clone)]
struct Undo {
    /// From here on it wrote.
    at: u64,
    /// The bytes of the image that were there.
    bytes: Vec<u8>,
    /// What was left of an old recording behind the end of the image.
    old: Old,
}

/// Reels that were taken off.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    remembers: bool,
    next: u64,
    reels: Vec<Shelved>,
    /// Something could not be remembered.
    gap: bool,
}

#[derive(Debug)]
struct Shelved {
    bytes: Vec<u8>,
    format: TapeFormat,
    ring: bool,
    label: String,
    spacing: Option<Spacing>,
    past: Past,
}

/// Which reels were on the units at some time, and how much had been written on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReelsThen([Option<(u64, usize)>; 10]);

impl Shelf {
    pub(super) fn new_reel(&mut self) -> Past {
        self.next += 1;
        Past { reel: self.next, undo: self.remembers.then(Vec::new) }
    }

    pub(super) fn put(&mut self, mut mounted: Mounted) {
        if mounted.past.undo.is_none() {
            return;
        }
        let held: usize = self.reels.iter().map(|reel| reel.bytes.len()).sum();
        match mounted.bytes_from(0) {
            Ok(bytes) if held + bytes.len() <= MOST => self.reels.push(Shelved {
                bytes,
                format: mounted.image.format(),
                ring: mounted.ring,
                label: mounted.label,
                spacing: mounted.spacing,
                past: mounted.past,
            }),
            _ => self.gap = true,
        }
    }
}

impl Mounted {
    /// All bytes of the image from an offset on.
    pub(super) fn bytes_from(&mut self, offset: u64) -> io::Result<Vec<u8>> {
        let store = self.image.store();
        let len = store.len()?.saturating_sub(offset);
        let mut bytes = vec![0; usize::try_from(len).map_err(io::Error::other)?];
        let mut filled = 0;
        while filled < bytes.len() {
            match store.read_at(offset + filled as u64, &mut bytes[filled..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => filled += n,
            }
        }
        Ok(bytes)
    }

    /// Remembers what a writing from a place on will destroy.
    pub(super) fn note_write(&mut self, at: u64) -> io::Result<()> {
        if self.past.undo.is_some() {
            let bytes = self.bytes_from(at)?;
            let old = self.old.clone();
            if let Some(undo) = &mut self.past.undo {
                undo.push(Undo { at, bytes, old });
            }
        }
        Ok(())
    }
}

impl Past {
    fn then(&self) -> (u64, usize) {
        (self.reel, self.undo.as_ref().map_or(0, Vec::len))
    }

    /// The bytes as they were when so much had been written.
    fn undone(&self, mut bytes: Vec<u8>, writings: usize) -> Vec<u8> {
        let undo = self.undo.as_deref().unwrap_or_default();
        for undo in undo.iter().skip(writings).rev() {
            bytes.truncate(usize::try_from(undo.at).unwrap_or(usize::MAX));
            bytes.extend_from_slice(&undo.bytes);
        }
        bytes
    }

    /// What was left of an old recording behind the image's end when so much had been written; nothing when no more was written
    /// since.
    fn old(&self, writings: usize) -> Option<&Old> {
        self.undo.as_ref()?.get(writings).map(|undo| &undo.old)
    }
}

impl Reels {
    /// From now on everything that is written can be looked back on.
    pub fn remember(&mut self) {
        self.shelf.remembers = true;
        for mounted in self.units.iter_mut().flatten() {
            mounted.past.undo.get_or_insert_default();
        }
    }

    /// Forgets what was remembered, and begins again if it remembers at all.
    pub fn forget(&mut self) {
        self.shelf.reels.clear();
        self.shelf.gap = false;
        for mounted in self.units.iter_mut().flatten() {
            if let Some(undo) = &mut mounted.past.undo {
                undo.clear();
            }
        }
    }

    /// Forgets what was remembered, and from now on nothing is.
    pub fn remember_nothing(&mut self) {
        self.forget();
        self.shelf.remembers = false;
        for mounted in self.units.iter_mut().flatten() {
            mounted.past.undo = None;
        }
    }

    /// Less is remembered than would be needed, or more than there is room for.
    pub fn remembers_too_little_or_much(&self) -> bool {
        let undo = self.units.iter().flatten().flat_map(|mounted| mounted.past.undo.iter().flatten());
        self.shelf.gap || undo.map(|undo| undo.bytes.len()).sum::<usize>() > MOST
    }

    /// Which reels are on the units now.
    pub fn now(&self) -> ReelsThen {
        ReelsThen(std::array::from_fn(|n| self.units[n].as_ref().map(|mounted| mounted.past.then())))
    }

    /// Copies in memory of the reels as they were at an earlier time; nothing when that is not remembered.
    pub fn copies_of(&mut self, then: &ReelsThen) -> Option<Reels> {
        let mut copies = Reels::new();
        copies.shelf.remembers = true;
        copies.shelf.next = self.shelf.next;
        for (n, wanted) in then.0.iter().enumerate() {
            let Some((reel, writings)) = *wanted else { continue };
            let mounted = self.units.iter_mut().flatten().find(|mounted| mounted.past.reel == reel);
            let (bytes, format, ring, label, spacing, past, old) = if let Some(m) = mounted {
                let bytes = m.bytes_from(0).ok()?;
                (bytes, m.image.format(), m.ring, &m.label, m.spacing, &m.past, m.old.clone())
            } else {
                let shelved = self.shelf.reels.iter().find(|shelved| shelved.past.reel == reel)?;
                let Shelved { bytes, format, ring, label, spacing, past } = shelved;
                (bytes.clone(), *format, *ring, label, *spacing, past, Old::default())
            };
            let old = past.old(writings).cloned().unwrap_or(old);
            let image = {
                let undone: Box<dyn ReelBytes> = Box::new(past.undone(bytes, writings));
                TapeImage::open_as(undone, format).ok()?
            };
            let undo = past.undo.as_ref().map(|undo| undo.iter().take(writings).cloned().collect());
            let copy = Mounted::new(image, ring, label.clone(), Past { reel, undo });
            copies.units[n] = Some(Mounted { old, spacing, ..copy });
        }
        Some(copies)
    }

    /// Puts the reels of `real` in the place of their copies where they are the same. Returns the units, with their
    /// labels, that go on as copies because their reel has been written since.
    pub fn take_back(&mut self, real: &mut Reels) -> Vec<(u8, String)> {
        self.shelf.next = self.shelf.next.max(real.shelf.next);
        self.shelf.reels.append(&mut real.shelf.reels);
        let mut copies = Vec::new();
        for (n, unit) in self.units.iter_mut().enumerate() {
            let Some(copy) = unit else { continue };
            let same = real
                .units
                .iter_mut()
                .find(|mounted| mounted.as_ref().is_some_and(|m| m.past.then() == copy.past.then()));
            if let Some(same) = same {
                *unit = same.take();
            } else {
                copies.push((n as u8 + 1, copy.label.clone()));
            }
        }
        copies
    }
}
