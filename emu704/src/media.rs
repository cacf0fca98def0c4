//! What the machine needs from outside: the reels on its tape units.
//!
//! The machine stores the place of each reel; the recording stays outside, so that a machine can be copied,
//! saved and replayed without it.

pub mod wire;

use asm704::media::tape::{Item, Record, Spacing, TapeError};
use serde::{Deserialize, Serialize};

/// The old recording after the place where a tape unit writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldRecording {
    /// It stays, except for what the new record, its gap and the erase head cover, as on the real machine.
    #[default]
    Keep,
    /// It is lost: the image of the reel ends after the last record written.
    Cut,
}

/// How a unit writes where there is a recording already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overwriting {
    /// Lengths on the tape.
    pub spacing: Spacing,
    /// The treatment of the old recording after the place of writing.
    pub old: OldRecording,
}

/// The result of writing over an old recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenOver {
    /// The place after the new recording.
    pub behind: u64,
    /// True if part of an old recording followed the gap, before the erase head.
    pub old_behind: bool,
}

/// A reel as a tape unit sees it. Places are opaque; 0 is the load point.
pub trait Reel {
    /// The item at a place and the place after it; `None` at the end of the recording.
    fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError>;
    /// The item before a place and where it begins; `None` at the load point.
    fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError>;
    /// Replaces everything from a place on by some items; returns the place after them.
    fn write(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError>;
    /// Writes items at a place as a tape unit does: the recording that they, their gap and the erase head cover is lost, and the old
    /// recording after that stays.
    fn write_over(&mut self, at: u64, items: &[Item], over: &Overwriting) -> Result<WrittenOver, TapeError> {
        let _ = over;
        self.write(at, items).map(|behind| WrittenOver { behind, old_behind: false })
    }
    /// Cuts a record by a power failure when these characters of it have passed the head, and possibly the check character after
    /// them, but no gap.
    fn cut(&mut self, at: u64, frames: Vec<u8>, checked: bool, over: &Overwriting) -> Result<(), TapeError> {
        let _ = over;
        self.write(at, &[Item::Record(Record { frames, error: !checked })]).map(|_| ())
    }
    /// Settles the reel when the unit changes direction for good or rewinds: what is left after the place of writing belongs to the
    /// reel's bytes.
    fn settle(&mut self) -> Result<(), TapeError> {
        Ok(())
    }
    /// Whether the file-protect ring is in: the reel can be written.
    fn ring(&self) -> bool;
    /// A name of this reel for people, such as its file.
    fn label(&self) -> String;
}

/// The outside of a machine.
pub trait Media {
    /// The reel on a tape unit, 1 to 10; `None` if there is none.
    fn reel(&mut self, unit: u8) -> Option<&mut dyn Reel>;
    /// The wire in place of a reel, if there is one.
    fn wire(&mut self, unit: u8) -> Option<&mut dyn wire::WireEnd> {
        let _ = unit;
        None
    }
}

/// The outside of a machine without reels.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMedia;

impl Media for NoMedia {
    fn reel(&mut self, _unit: u8) -> Option<&mut dyn Reel> {
        None
    }
}
