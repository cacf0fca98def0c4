//! The reels on the ten tape units: what is recorded on them, and where its bytes are kept.

mod behind;
mod over;
mod past;
mod put_back;

use std::fmt;
use std::io;

use asm704::media::tape::{FormDefect, Item, Old, Record, Spacing, Store, TapeError, TapeFormat, TapeImage};

use self::past::{Past, Shelf};
use crate::media::wire::WireEnd;
use crate::media::{Media, Overwriting, Reel, WrittenOver};

pub use behind::Behind;
pub use past::ReelsThen;
pub use put_back::{OnUnit, Opened, PutBack, read_full};

/// What a person calls a reel that is kept in no file.
pub const SCRATCH: &str = "a scratch reel";

/// The bytes of one reel, and how they are kept safe. [`asm704::media::tape::Store`] reads and writes them; the rest is
/// for reels that outlive the program. A `Vec<u8>` is a reel that does not.
pub trait ReelBytes: Store + fmt::Debug {
    /// Begins to replace everything from byte `keep` on. Until [`ReelBytes::commit_replacement`] what is kept stays as it
    /// was.
    fn begin_replacement(&mut self, keep: u64) -> io::Result<()> {
        let _ = keep;
        Ok(())
    }
    /// Puts the new bytes in the place of the old ones, in one step.
    fn commit_replacement(&mut self) -> io::Result<()> {
        Ok(())
    }
    /// Forgets the new bytes: the old ones stay.
    fn abandon_replacement(&mut self) {}
    /// Waits until everything written is where it outlives the program.
    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
    /// What stands in the file beside these bytes, a phrase for people.
    fn not_read(&self) -> Option<String> {
        None
    }
    /// The bytes outlive the program.
    fn is_kept(&self) -> bool {
        false
    }
}

impl ReelBytes for Vec<u8> {}

/// What can go wrong when a reel is mounted.
#[derive(Debug, thiserror::Error)]
pub enum MountError {
    /// The bytes are not a reel, or cannot be read.
    #[error("{label}: {error}")]
    Tape {
        /// What a person calls the reel.
        label: String,
        /// What is wrong with it.
        error: TapeError,
    },
    /// The file is not, to its last byte, an image of its form, and the ring is in.
    #[error(
        "{label}: not a well-formed image in the form {format}, so it is not written to: {}; take the ring out to read it, make a sound copy with `emu704 tape salvage`, or insist with --force",
        defect.what
    )]
    NotWellFormed {
        /// What a person calls the reel.
        label: String,
        /// What it was taken for.
        format: TapeFormat,
        /// Where it is not.
        defect: FormDefect,
    },
    /// The form can only be read.
    #[error("{label}: a reel in the form {format} can only be read; convert it to .tap or P7B first")]
    ReadOnlyForm {
        /// What a person calls the reel.
        label: String,
        /// Its form.
        format: TapeFormat,
    },
}

impl MountError {
    /// The bytes were read and are not the medium that they should be.
    pub fn is_medium(&self) -> bool {
        match self {
            MountError::Tape { error, .. } => error.is_medium(),
            MountError::ReadOnlyForm { .. } | MountError::NotWellFormed { .. } => true,
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

/// Such as `2 records, 300 words, 1 file mark`.
impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: u64| if n == 1 { "" } else { "s" };
        let Written { records, words, marks } = *self;
        if records > 0 {
            write!(f, "{records} record{}, {words} word{}", plural(records), plural(words))?;
        }
        if marks > 0 {
            let comma = if records > 0 { ", " } else { "" };
            write!(f, "{comma}{marks} file mark{}", plural(marks))?;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Mounted {
    image: TapeImage<Box<dyn ReelBytes>>,
    ring: bool,
    label: String,
    written: Written,
    /// Something has been written since it was mounted.
    changed: bool,
    /// Something could not be written.
    lost: bool,
    /// What the old recording has behind the end of the image: the bytes lack it until they are brought up to date.
    old: Old,
    /// How the unit spaced what it wrote last.
    spacing: Option<Spacing>,
    /// Bytes written since the image was last up to date, about.
    fresh: u64,
    past: Past,
}

/// The reels on tape units 1 to 10.
#[derive(Debug, Default)]
pub struct Reels {
    units: [Option<Mounted>; 10],
    wires: [Option<Box<dyn WireEnd>>; 10],
    shelf: Shelf,
    /// What is no well-formed image is written to as well.
    forced: bool,
    /// A reel that was taken off and could not be brought up to date.
    failed: Option<(String, io::Error)>,
}

impl Reels {
    /// No reels.
    pub fn new() -> Reels {
        Reels::default()
    }

    /// With the ring in, whatever file is mounted from now on is written to, also one that is not a well-formed image: what does not
    /// belong to the reel is lost. Bytes that are no reel at all are taken for one of the form `new` of [`Reels::mount`].
    pub fn force(&mut self, forced: bool) {
        self.forced = forced;
    }

    /// Puts a reel on a unit, 1 to 10, at its load point. A reel without bytes is blank and becomes one of the form `new`.
    /// `label` is what a person calls it, such as its file.
    ///
    /// # Errors
    /// The bytes are not a reel, or the ring is in and its form can only be read, or the bytes are not, to the last, a
    /// [well-formed](TapeImage::form_defect) image.
    pub fn mount(
        &mut self,
        unit: u8,
        bytes: Box<dyn ReelBytes>,
        new: TapeFormat,
        ring: bool,
        label: String,
    ) -> Result<(), MountError> {
        let image = open_image(bytes, None, new, ring, ring && self.forced, &label)?;
        self.put(unit, image, ring, label);
        Ok(())
    }

    /// Puts a reel in memory on a unit: an image's bytes, or nothing for a blank reel.
    ///
    /// # Errors
    /// The bytes are not a reel.
    pub fn mount_memory(&mut self, unit: u8, bytes: Vec<u8>, ring: bool) -> Result<(), MountError> {
        self.mount(unit, Box::new(bytes), TapeFormat::Simh, ring, SCRATCH.to_owned())
    }

    /// Puts the end of a wire on a unit, 1 to 10, in the place of a reel.
    pub fn mount_wire(&mut self, unit: u8, wire: Box<dyn WireEnd>) {
        self.dismount(unit);
        self.wires[usize::from(unit) - 1] = Some(wire);
    }

    /// Sends what waits at the ends of the wires; true when nothing does any more, or it cannot be sent.
    pub fn flush_wires(&mut self) -> bool {
        let left = self.wires.iter_mut().flatten().filter_map(|wire| wire.flush().ok());
        left.filter(|done| !done).count() == 0
    }

    /// The units that have a wire.
    pub fn wires(&self) -> impl Iterator<Item = u8> + '_ {
        (1..=10).filter(|unit| self.wires[usize::from(*unit) - 1].is_some())
    }

    fn put(&mut self, unit: u8, image: TapeImage<Box<dyn ReelBytes>>, ring: bool, label: String) {
        self.dismount(unit);
        let past = self.shelf.new_reel();
        self.units[usize::from(unit) - 1] = Some(Mounted::new(image, ring, label, past));
    }

    /// Takes the reel off a unit. A reel that cannot be brought up to date then ends behind the last record written;
    /// [`Reels::sync`] tells so.
    pub fn dismount(&mut self, unit: u8) {
        self.wires[usize::from(unit) - 1] = None;
        if let Some(mut mounted) = self.units[usize::from(unit) - 1].take() {
            if let Err(error) = mounted.settle() {
                self.failed.get_or_insert((mounted.label.clone(), io::Error::other(error)));
            }
            self.shelf.put(mounted);
        }
    }

    /// What lies behind the end of the reel on a unit, which no tape unit reads. `None` when that is nothing, or nobody can
    /// tell because of damage before.
    pub fn behind(&mut self, unit: u8) -> Option<Behind> {
        let mounted = self.units.get_mut(usize::from(unit).checked_sub(1)?)?.as_mut()?;
        // what cannot be read says so when it is read
        Behind::after(&mut mounted.image, 0).ok().flatten()
    }

    /// Exchanges the reels of two units, as an operator does by their dials.
    pub fn swap(&mut self, a: u8, b: u8) {
        self.units.swap(usize::from(a) - 1, usize::from(b) - 1);
        self.wires.swap(usize::from(a) - 1, usize::from(b) - 1);
    }

    /// A copy of the bytes of the image on a unit, with what is left of an old recording.
    pub fn bytes(&mut self, unit: u8) -> Option<Vec<u8>> {
        let mounted = self.units[usize::from(unit) - 1].as_mut()?;
        let bytes = mounted.bytes_from(0).ok()?;
        mounted.up_to_date(bytes).ok()
    }

    /// Brings the bytes of all reels up to date: what is left of old recordings follows what was written.
    ///
    /// # Errors
    /// The first reel for which that failed, by its label, and why.
    pub fn settle(&mut self) -> Result<(), (String, io::Error)> {
        for mounted in self.units.iter_mut().flatten() {
            mounted.settle().map_err(|error| (mounted.label.clone(), io::Error::other(error)))?;
        }
        Ok(())
    }

    /// What has been written on a unit since the last call, with the reel's name.
    pub fn take_written(&mut self, unit: u8) -> Option<(Written, &str)> {
        let mounted = self.units[usize::from(unit) - 1].as_mut()?;
        let written = std::mem::take(&mut mounted.written);
        (written != Written::default()).then_some((written, mounted.label.as_str()))
    }

    /// Makes sure that what was written outlives the program, and what is left of old recordings. Every reel is tried, also
    /// when another fails.
    pub fn sync(&mut self) -> Kept {
        let mut kept = Kept { safe: Vec::new(), lost: self.failed.take().into_iter().collect() };
        for mounted in self.units.iter_mut().flatten().filter(|mounted| mounted.ring) {
            let settled = mounted.settle().map_err(io::Error::other);
            let synced = settled.and_then(|()| mounted.image.store().sync());
            match synced {
                Err(error) => kept.lost.push((mounted.label.clone(), error)),
                Ok(()) if mounted.lost => {
                    let error = io::Error::other("something that the program wrote could not be written");
                    kept.lost.push((mounted.label.clone(), error));
                }
                Ok(()) if mounted.changed && mounted.image.store().is_kept() => {
                    kept.safe.push(mounted.label.clone());
                }
                Ok(()) => {}
            }
        }
        kept
    }
}

/// The image of a reel. `form` is its form where that is known, `new` that of a reel without bytes. `forced`: what is no
/// well-formed image is taken, too.
fn open_image(
    mut bytes: Box<dyn ReelBytes>,
    form: Option<TapeFormat>,
    new: TapeFormat,
    ring: bool,
    forced: bool,
    label: &str,
) -> Result<TapeImage<Box<dyn ReelBytes>>, MountError> {
    let label = || label.to_owned();
    let tape = |error| MountError::Tape { label: label(), error };
    let empty = bytes.is_empty().map_err(|source| tape(TapeError::Io { offset: 0, source }))?;
    let opened = match (empty, form, forced) {
        (true, _, _) => TapeImage::create(bytes, new),
        (false, Some(form), _) => TapeImage::open_as(bytes, form),
        (false, None, false) => TapeImage::open(bytes),
        (false, None, true) => {
            let form = asm704::media::tape::recognise(&mut bytes).map_or(new, |(form, _)| form);
            TapeImage::open_as(bytes, form)
        }
    };
    let mut image = opened.map_err(tape)?;
    let format = image.format();
    if ring && !format.is_for_units() {
        return Err(MountError::ReadOnlyForm { label: label(), format });
    }
    if ring
        && !forced
        && let Some(defect) =
            drum_of_zeros(&mut image).transpose().or_else(|| image.form_defect().transpose())
    {
        let defect = defect.map_err(tape)?;
        return Err(MountError::NotWellFormed { label: label(), format, defect });
    }
    Ok(image)
}

/// The image of a drum on which nothing is written has only file marks, and is recognised by its size.
fn drum_of_zeros(image: &mut TapeImage<Box<dyn ReelBytes>>) -> Result<Option<FormDefect>, TapeError> {
    const DRUM: usize = 10_240;
    if image.len()? != DRUM as u64 || image.bytes_at(0, DRUM)?.iter().any(|&byte| byte != 0) {
        return Ok(None);
    }
    let what = format!("{DRUM} zeros are a drum as --drum makes it, and {} file marks", DRUM / 4);
    Ok(Some(FormDefect { offset: 0, what }))
}

/// What became of the reels that were written.
#[derive(Debug, Default)]
pub struct Kept {
    /// The files that outlive the program.
    pub safe: Vec<String>,
    /// The reels that lack something, by their labels, and why.
    pub lost: Vec<(String, io::Error)>,
}

/// The run ends: files are brought up to date as far as that is possible.
impl Drop for Reels {
    fn drop(&mut self) {
        for mounted in self.units.iter_mut().flatten() {
            if mounted.image.store().is_kept() {
                // there is nobody left to tell
                let _ = mounted.settle();
            }
        }
    }
}

impl Media for Reels {
    fn reel(&mut self, unit: u8) -> Option<&mut dyn Reel> {
        let mounted = self.units.get_mut(usize::from(unit).checked_sub(1)?)?.as_mut()?;
        Some(mounted)
    }

    fn wire(&mut self, unit: u8) -> Option<&mut dyn WireEnd> {
        let wire = self.wires.get_mut(usize::from(unit).checked_sub(1)?)?.as_mut()?;
        Some(wire.as_mut())
    }
}

impl Reel for Mounted {
    fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        if !self.old.is_empty() && at >= self.image.len()? {
            self.settle()?;
        }
        self.image.read_forward(at)
    }

    fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        self.turn_round()?;
        self.image.read_backward(at)
    }

    fn write(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError> {
        let at = self.image.writing_place(at)?;
        self.replace(at, items, Old::default())
    }

    fn write_over(&mut self, at: u64, items: &[Item], over: &Overwriting) -> Result<WrittenOver, TapeError> {
        let at = self.image.writing_place(at)?;
        let mut old = self.left_behind(at, items, over)?;
        let old_behind = !old.is_empty();
        old.erase(over.spacing.ahead, &over.spacing);
        let behind = self.replace(at, items, old)?;
        Ok(WrittenOver { behind, old_behind })
    }

    fn cut(&mut self, at: u64, frames: Vec<u8>, checked: bool, over: &Overwriting) -> Result<(), TapeError> {
        let at = self.image.writing_place(at)?;
        self.cut_record(at, Record { frames, error: !checked }, over)
    }

    fn settle(&mut self) -> Result<(), TapeError> {
        Mounted::settle(self)
    }

    fn ring(&self) -> bool {
        self.ring
    }

    fn label(&self) -> String {
        self.label.clone()
    }
}
