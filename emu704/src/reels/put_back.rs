//! Reels that go on a unit without being wound back, for somebody who restores a machine: they are opened and looked at
//! first, and put on when all is well.

use std::collections::BTreeMap;
use std::io;

use asm704::media::tape::{TapeError, TapeFormat, TapeImage};

use super::{MountError, Mounted, ReelBytes, Reels, open_image};

/// A reel that was opened and is on no unit yet.
#[derive(Debug)]
pub struct Opened {
    image: TapeImage<Box<dyn ReelBytes>>,
    ring: bool,
    label: String,
}

impl Opened {
    /// The bytes of its image.
    pub fn bytes(&mut self) -> &mut dyn ReelBytes {
        self.image.store().as_mut()
    }

    /// The file-protect ring is in.
    pub fn ring(&self) -> bool {
        self.ring
    }

    /// An item begins or ends at this place, or it is the load point.
    ///
    /// # Errors
    /// The bytes cannot be read.
    pub fn is_place(&mut self, place: u64) -> Result<bool, TapeError> {
        let mut at = 0;
        while at < place {
            match self.image.read_forward(at) {
                Ok(Some((_, next))) => at = next,
                Err(error) if !error.is_medium() => return Err(error),
                _ => return Ok(false),
            }
        }
        Ok(at == place)
    }
}

/// Where a reel comes from that goes on a unit.
#[derive(Debug)]
pub enum PutBack {
    /// It is on this unit now, 1 to 10.
    Present(u8),
    /// It was opened.
    Opened(Opened),
    /// There is none: the unit becomes empty.
    None,
}

/// What can be said of the reel on a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnUnit {
    /// What a person calls it.
    pub label: String,
    /// The file-protect ring is in.
    pub ring: bool,
    /// The form of its image.
    pub form: TapeFormat,
}

impl Reels {
    /// The reel on a unit, 1 to 10.
    pub fn on_unit(&self, unit: u8) -> Option<OnUnit> {
        let mounted = self.units.get(usize::from(unit).checked_sub(1)?)?.as_ref()?;
        Some(OnUnit { label: mounted.label.clone(), ring: mounted.ring, form: mounted.image.format() })
    }

    /// The bytes of the image on a unit, as they are after [`Reels::settle`].
    pub fn bytes_on(&mut self, unit: u8) -> Option<&mut dyn ReelBytes> {
        let mounted = self.units.get_mut(usize::from(unit).checked_sub(1)?)?.as_mut()?;
        Some(mounted.image.store().as_mut())
    }

    /// Opens a reel for [`Reels::put_back`] as [`Reels::mount`] would. `form` is the form of its image where that is known;
    /// else the bytes tell it, and those of a blank reel are taken for SIMH's.
    ///
    /// # Errors
    /// As of [`Reels::mount`].
    pub fn open(
        &self,
        bytes: Box<dyn ReelBytes>,
        form: Option<TapeFormat>,
        ring: bool,
        label: String,
    ) -> Result<Opened, MountError> {
        let image = open_image(bytes, form, form.unwrap_or_default(), ring, ring && self.forced, &label)?;
        Ok(Opened { image, ring, label })
    }

    /// Puts reels on some units. Reels on the other units stay, except those that go on one of these.
    pub fn put_back(&mut self, wanted: BTreeMap<u8, PutBack>) {
        let mut moved = BTreeMap::new();
        for put in wanted.values() {
            if let PutBack::Present(unit) = put
                && let Some(mounted) = self.units.get_mut(usize::from(*unit).wrapping_sub(1))
            {
                moved.insert(*unit, mounted.take());
            }
        }
        for (unit, put) in wanted {
            if !(1..=10).contains(&unit) {
                continue;
            }
            self.dismount(unit);
            self.units[usize::from(unit) - 1] = match put {
                PutBack::Present(unit) => moved.remove(&unit).flatten(),
                PutBack::Opened(Opened { image, ring, label }) => {
                    Some(Mounted::new(image, ring, label, self.shelf.new_reel()))
                }
                PutBack::None => None,
            };
        }
    }
}

/// Reads up to `buf.len()` bytes, fewer only at the end.
///
/// # Errors
/// The host's.
pub fn read_full(bytes: &mut dyn ReelBytes, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buf.len() {
        match bytes.read_at(offset + filled as u64, &mut buf[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}
