//! The canonical text of a reel: for review, for diffs and for snapshot tests.
//!
//! [`dump`] writes it, and [`undump`] makes the same bytes from it again, whatever they are. The text has no path, no
//! time and nothing about the host; its first line has the version. docs/formats.md describes it.
//!
//! ```
//! use asm704::media::tape::{record_from_words, Item, Mode, TapeFormat, TapeImage};
//! use asm704::media::text;
//!
//! let mut reel = TapeImage::create(Vec::new(), TapeFormat::Simh)?;
//! let end = reel.write(0, &Item::Record(record_from_words(&["053400100000".parse()?], Mode::Binary)))?;
//! reel.write(end, &Item::Mark)?;
//! let text = text::to_string(&mut reel)?;
//! assert_eq!(text, "704 reel text 1\nform tap\nrecord binary 1 word\n  00000  +053400100000\nmark\n");
//! let again = text::undump(&mut text.as_bytes(), Vec::new(), None)?;
//! assert_eq!(again.into_store(), reel.into_store());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod drum;
mod dump;
mod undump;

use std::io;

use super::tape::{Mode, Store, TapeError, TapeFormat, TapeImage};

pub use drum::{FIRST_DRUM_LINE, dump_drum, undump_drum};
pub use dump::{dump, dump_with};
pub use undump::undump;

/// The first line of every text of a reel.
pub const FIRST_LINE: &str = "704 reel text 1";

/// Equal words are folded into one line from this number on.
const FOLD_WORDS: usize = 8;

/// Equal bytes of garbage are folded into one line from this number on.
const FOLD_BYTES: usize = 32;

/// The most bytes that one folded line of garbage can stand for.
const LONGEST_FOLD: usize = 1 << 20;

/// The most characters in one record or gap of the text, which is the most that `.tap` can hold in a record.
const LONGEST: usize = 0x00ff_ffff;

/// An error in the text of a reel.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// An error of the image.
    #[error(transparent)]
    Tape(#[from] TapeError),
    /// The text could not be read or written.
    #[error("the text: {0}")]
    Io(#[from] io::Error),
    /// A line is wrong; lines are counted from 1.
    #[error("line {line}: expected {expected}, found {found}")]
    Line {
        /// The line.
        line: usize,
        /// The expected text.
        expected: String,
        /// The text found.
        found: String,
    },
}

/// The canonical text of a reel as a string: for tests that store it.
pub fn to_string<S: Store>(image: &mut TapeImage<S>) -> Result<String, TextError> {
    let mut text = Vec::new();
    dump(image, &mut text)?;
    String::from_utf8(text).map_err(|error| TextError::Io(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// The canonical text of a reel whose image is in memory, however damaged it is. If no format is recognised, the bytes become
/// garbage of a reel in SIMH's form, which they may have been meant to be.
pub fn of_bytes(image: &[u8]) -> Result<String, TextError> {
    match TapeImage::open_damaged(image.to_vec()) {
        Ok(mut image) => to_string(&mut image),
        Err(error) if error.is_medium() => of_bytes_as(image, TapeFormat::default()),
        Err(error) => Err(error.into()),
    }
}

/// The canonical text of a reel whose image is in memory and in this format, however damaged it is.
pub fn of_bytes_as(image: &[u8], form: TapeFormat) -> Result<String, TextError> {
    to_string(&mut TapeImage::open_as(image.to_vec(), form)?)
}

/// Compares the bytes of a reel's image with the stored snapshot of its canonical text. A name for the snapshot may
/// come first, as with the macro of the crate `insta`, which does the work: add `insta` to your dev-dependencies. The format
/// may come last, for a reel so damaged that its bytes do not show it. See docs/testing-reels.md.
///
/// ```no_run
/// use asm704::assert_reel_snapshot;
/// use asm704::media::tape::{Item, Mode, TapeFormat, TapeImage, record_from_words};
///
/// let mut reel = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
/// let words = ["053400100000".parse().unwrap()];
/// reel.write(0, &Item::Record(record_from_words(&words, Mode::Binary))).unwrap();
/// let bytes: Vec<u8> = reel.into_store();
///
/// // in a test: the first run writes the snapshot `my_reel`, later runs compare with it
/// assert_reel_snapshot!("my_reel", bytes);
/// assert_reel_snapshot!("my_reel", bytes, form = TapeFormat::Simh);
/// ```
///
/// # Panics
/// Panics if the text differs, as insta does. Any bytes have a text: what fits no format is written as garbage.
#[macro_export]
macro_rules! assert_reel_snapshot {
    ($image:expr, form = $form:expr $(,)?) => {
        ::insta::assert_snapshot!(
            $crate::media::text::of_bytes_as(&$image, $form).expect("bytes in memory can be read")
        )
    };
    ($name:expr, $image:expr, form = $form:expr $(,)?) => {
        ::insta::assert_snapshot!(
            $name,
            $crate::media::text::of_bytes_as(&$image, $form).expect("bytes in memory can be read")
        )
    };
    ($image:expr $(,)?) => {
        ::insta::assert_snapshot!(
            $crate::media::text::of_bytes(&$image).expect("bytes in memory can be read")
        )
    };
    ($name:expr, $image:expr $(,)?) => {
        ::insta::assert_snapshot!(
            $name,
            $crate::media::text::of_bytes(&$image).expect("bytes in memory can be read")
        )
    };
}

/// How the six bits of a record's characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Odd parity; the bits on tape.
    Binary,
    /// Even parity; the core codes that a program reads.
    Bcd,
    /// Even parity; the bits on tape, because some have no core code of their own.
    Even,
}

impl Spelling {
    const fn keyword(self) -> &'static str {
        match self {
            Spelling::Binary => "binary",
            Spelling::Bcd => "bcd",
            Spelling::Even => "even",
        }
    }

    fn from_keyword(word: &str) -> Option<Spelling> {
        [Spelling::Binary, Spelling::Bcd, Spelling::Even].into_iter().find(|s| s.keyword() == word)
    }

    const fn mode(self) -> Mode {
        match self {
            Spelling::Binary => Mode::Binary,
            Spelling::Bcd | Spelling::Even => Mode::Bcd,
        }
    }
}
