//! The kind of a file: one answer from its bytes, for every command and every place that takes a file.
//!
//! The bytes decide. If two readings are possible (a deck in column binary is also a reel in P7B), the place decides for which the
//! file is given, then the ending of its name. A file that is not for a 704 is called by its name, with advice.
//!
//! ```
//! use asm704::media::file_kind::{what_is, FileKind, Place, Slice};
//!
//! let found = what_is(&mut Slice(b"00100 050000000104\n"), Place::Program, None)?;
//! assert_eq!(found.kind, FileKind::CoreImage);
//! let found = what_is(&mut Slice(b"%PDF-1.4\n"), Place::Hopper, Some("dck"))?;
//! assert!(found.refusal(Place::Hopper).expect("no deck").starts_with("it is a PDF document"));
//! # Ok::<(), asm704::media::tape::TapeError>(())
//! ```

mod advice;
pub(in crate::media) mod foreign;
pub(in crate::media) mod nine_track;
mod slice;
pub(in crate::media) mod text;

use super::card::{self, CardFormat};
use super::drum::{self, DrumFormat};
use super::tape::{self, Store, TapeError, TapeFormat};
use crate::source::later::LaterSource;

pub use foreign::{Foreign, Labels};
pub use slice::Slice;

/// The place for which a file is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Any place that fits the file: the PROGRAM of `emu704 run`.
    Program,
    /// The card reader's hopper, or a command for decks.
    Hopper,
    /// A tape unit, or a command for reels.
    TapeUnit,
    /// A logical drum, or a command for drums.
    Drum,
    /// The assembler.
    Source,
    /// The disassembler of decks, reels and core images.
    Disassembler,
    /// A command that reads a snapshot.
    Snapshot,
}

/// The kind of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileKind {
    /// A file without bytes: a blank reel.
    Empty,
    /// A reel.
    Reel(TapeFormat),
    /// A deck with holes. Text decks are among the kinds below.
    Deck(CardFormat),
    /// A deck as words, 24 per line.
    Words,
    /// A drum, recognised by its size.
    Drum(DrumFormat),
    /// A core image: `ADDRESS WORD` lines.
    CoreImage,
    /// Source for the SHARE assembler, in columns.
    Source,
    /// Source in free form, recognised only by the ending `.sapf`.
    FreeSource,
    /// Source for a 709 or 7090.
    LaterSource(LaterSource),
    /// Other text, one card per line.
    Text,
    /// The canonical text of a reel.
    ReelText,
    /// The text of drums.
    DrumText,
    /// A snapshot of emu704.
    Snapshot,
    /// An edit list: it names a deck and the changes to it.
    EditList,
    /// A job of emu704.
    Job,
    /// A file that a 704 cannot use.
    Foreign(Foreign),
    /// An unknown file.
    Unknown,
}

/// The kind of a file, and how it was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The kind it is taken for.
    pub kind: FileKind,
    /// A phrase for people: how it was recognised.
    pub how: String,
    /// The other kind that its bytes could be.
    pub other: Option<FileKind>,
    /// A warning for the user.
    pub warning: Option<String>,
}

impl Recognised {
    fn new(kind: FileKind, how: impl Into<String>) -> Recognised {
        Recognised { kind, how: how.into(), other: None, warning: None }
    }

    /// True if the ending of the name agrees with the kind.
    pub fn is_named_so(&self, ending: Option<&str>) -> bool {
        match &self.kind {
            FileKind::Reel(form) => ending.and_then(TapeFormat::from_extension) == Some(*form),
            FileKind::Deck(form) => ending.and_then(CardFormat::from_extension) == Some(*form),
            _ => true,
        }
    }

    /// A message for the user about a file that is accepted: its [warning](Recognised::warning), and both readings if there are two
    /// and the name does not agree with the one chosen.
    pub fn notes(&self, place: Place, ending: Option<&str>) -> Vec<String> {
        let both = if self.is_named_so(ending) { None } else { self.both(place) };
        self.warning.iter().cloned().chain(both).collect()
    }

    /// A message that names both readings, if there are two.
    pub fn both(&self, place: Place) -> Option<String> {
        let other = self.other.as_ref()?;
        Some(format!(
            "taken for {}; its bytes are {other}, too: {}",
            self.kind,
            advice::instead(other, place)
        ))
    }
}

/// The largest deck in bytes: 400,000 cards.
pub const LARGEST_DECK: u64 = 64 << 20;

/// How many bytes of the beginning are enough to recognise text and most other files.
const HEAD: usize = 1 << 16;

/// The kind of a file given for a place. `ending` is the ending of its name without the dot (and without `.gz`). It is used only
/// if two readings remain and the place does not decide: a source in free form, and a program that could be a deck or a reel.
///
/// # Errors
/// Only errors of the store.
pub fn what_is(store: &mut dyn Store, place: Place, ending: Option<&str>) -> Result<Recognised, TapeError> {
    let ending = ending.map(str::to_ascii_lowercase);
    let ending = ending.as_deref();
    let len = store.len().map_err(|source| TapeError::Io { offset: 0, source })?;
    if len == 0 {
        return Ok(Recognised::new(FileKind::Empty, "no bytes"));
    }
    let head = read(store, 0, HEAD)?;
    if let Some(foreign) = foreign::by_first_bytes(&head) {
        return Ok(Recognised::new(FileKind::Foreign(foreign), "its first bytes"));
    }
    if let Some(kind) = text::by_first_bytes(&head) {
        return Ok(Recognised::new(kind, "its first bytes"));
    }
    // a few bytes with bit 7 can be letters by chance: on a tape unit they are a reel if they can be
    let is_reel = place == Place::TapeUnit && !head.is_ascii() && tape::recognise_form(store).is_ok();
    if let Some(text) = text::of(&head).filter(|_| !is_reel) {
        return Ok(Recognised::new(text::kind(text, place, ending), "lines of text"));
    }
    // a reel or a deck can happen to have the size of a drum
    if place == Place::Drum
        && let Some(drum) = drum_of(store, len, foreign::is_drum)?
    {
        return Ok(drum);
    }
    binary(store, len, &head, place, ending)
}

/// The largest drum image, in bytes.
const LARGEST_DRUM: u64 = 131_072;

/// A drum recognised by its size, if its bytes fit.
fn drum_of(
    store: &mut dyn Store,
    len: u64,
    will_do: impl Fn(&[u8]) -> bool,
) -> Result<Option<Recognised>, TapeError> {
    if len > LARGEST_DRUM {
        return Ok(None);
    }
    let bytes = read(store, 0, len as usize)?;
    let form = drum::recognise(&bytes).ok().filter(|_| will_do(&bytes));
    Ok(form.map(|form| Recognised::new(FileKind::Drum(form), "its size")))
}

fn binary(
    store: &mut dyn Store,
    len: u64,
    head: &[u8],
    place: Place,
    ending: Option<&str>,
) -> Result<Recognised, TapeError> {
    let reel = match tape::recognise_form(store) {
        Ok((form, how)) => Some((FileKind::Reel(form), how)),
        Err(error @ TapeError::Io { .. }) => return Err(error),
        // cut off, or damaged in its first record
        Err(TapeError::Truncated { .. } | TapeError::Damaged { .. }) if place == Place::TapeUnit => {
            let how = "a length that could be a record's, though the record is not whole";
            return Ok(Recognised::new(FileKind::Reel(TapeFormat::Simh), how));
        }
        Err(_) => None,
    };
    let zeros = head.iter().all(|&byte| byte == 0);
    if zeros && reel.is_none() && place == Place::TapeUnit {
        return Ok(Recognised::new(
            FileKind::Foreign(Foreign::Zeros),
            "its first bytes, as far as they were examined",
        ));
    }
    let only_marks = reel.is_some() && zeros;
    // a deck has no lengths that agree: only P7B, a few bytes of TPC, and zeros, can be both
    let weak = [TapeFormat::P7b, TapeFormat::Tpc];
    let is_certain = !only_marks && matches!(reel, Some((FileKind::Reel(form), _)) if !weak.contains(&form));
    let bytes = if is_certain || len > LARGEST_DECK { None } else { Some(read(store, 0, len as usize)?) };
    let found = bytes.as_deref().and_then(|bytes| card::recognise_form(bytes).ok());
    let warning = found.as_ref().and_then(|found| found.warning.clone());
    let deck = found.map(|found| (FileKind::Deck(found.form), found.how.to_owned()));
    if (only_marks && place == Place::Program)
        || (zeros && reel.is_none() && deck.is_none() && place != Place::Drum)
    {
        return Ok(Recognised::new(
            FileKind::Foreign(Foreign::Zeros),
            "its first bytes, as far as they were examined",
        ));
    }
    let (taken, other) = match (reel, deck) {
        (Some(reel), Some(deck)) => {
            let is_reel = match place {
                Place::TapeUnit => true,
                Place::Hopper => false,
                _ => ending.is_some_and(|e| {
                    TapeFormat::from_extension(e).is_some() && CardFormat::from_extension(e).is_none()
                }),
            };
            let (taken, other) = if is_reel { (reel, deck) } else { (deck, reel) };
            (Some(taken), Some(other.0))
        }
        (reel, deck) => (reel.or(deck), None),
    };
    if let Some((kind, how)) = taken {
        let warning = if matches!(kind, FileKind::Deck(_)) { warning } else { None };
        return Ok(Recognised { kind, how, other, warning });
    }
    if let Some(foreign) = foreign::by_structure(store, len, head)? {
        return Ok(Recognised::new(FileKind::Foreign(foreign), "how its bytes are arranged"));
    }
    // reading a damaged deck reports its first defect
    if let Some(form) = bytes.as_deref().and_then(card::damaged_form) {
        return Ok(Recognised::new(FileKind::Deck(form), "most of its bytes"));
    }
    // reading the drum reports the first value that is not a word
    let is_drum = |bytes: &[u8]| place == Place::Drum || foreign::is_drum(bytes);
    if let Some(drum) = drum_of(store, len, is_drum)? {
        return Ok(drum);
    }
    Ok(Recognised::new(FileKind::Unknown, "nothing known"))
}

/// At most `n` bytes at `at`; fewer at the end.
fn read(store: &mut dyn Store, at: u64, n: usize) -> Result<Vec<u8>, TapeError> {
    let failed = |source| TapeError::Io { offset: at, source };
    let there = store.len().map_err(failed)?.saturating_sub(at);
    let n = n.min(usize::try_from(there).unwrap_or(usize::MAX));
    let mut bytes = vec![0; n];
    let mut got = 0;
    while got < n {
        match store.read_at(at + got as u64, &mut bytes[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(source) => return Err(failed(source)),
        }
    }
    bytes.truncate(got);
    Ok(bytes)
}
