//! What the machine asks of the outside: the reels on its tape units.
//!
//! The machine keeps where each reel stands; the reel's recording stays outside, so that a machine can be copied,
//! saved and replayed without it.

pub mod wire;

use asm704::media::tape::{Item, Record, Spacing, TapeError};
use serde::{Deserialize, Serialize};

/// What becomes of the recording behind the place where a tape unit writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldRecording {
    /// It stays, but for what the new record, its gap and the erase head cover: so on the machine.
    #[default]
    Keep,
    /// It is gone: the image of the reel ends behind the last record written.
    Cut,
}

/// How a unit writes where something is recorded already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overwriting {
    /// Lengths on the tape.
    pub spacing: Spacing,
    /// What becomes of the old recording behind the place of writing.
    pub old: OldRecording,
}

/// What a unit has written over an old recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenOver {
    /// The place behind what was written.
    pub behind: u64,
    /// Behind the gap there was something of an old recording, before the erase head.
    pub old_behind: bool,
}

/// A reel as a tape unit sees it. Places are opaque; 0 is the load point.
pub trait Reel {
    /// The item at a place and the place behind it; `None` at the end of what was recorded.
    fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError>;
    /// The item before a place and where it begins; `None` at the load point.
    fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError>;
    /// Replaces everything from a place on by some items; returns the place behind them.
    fn write(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError>;
    /// Puts items at a place as a tape unit does: what they, their gap and the erase head cover is gone, and what the old
    /// recording has behind that stays.
    fn write_over(&mut self, at: u64, items: &[Item], over: &Overwriting) -> Result<WrittenOver, TapeError> {
        let _ = over;
        self.write(at, items).map(|behind| WrittenOver { behind, old_behind: false })
    }
    /// The power fails when so many characters of a record have passed the head, and perhaps the check character behind
    /// them, but no gap.
    fn cut(&mut self, at: u64, frames: Vec<u8>, checked: bool, over: &Overwriting) -> Result<(), TapeError> {
        let _ = over;
        self.write(at, &[Item::Record(Record { frames, error: !checked })]).map(|_| ())
    }
    /// The unit turns round for good or rewinds: what is left behind the place of writing belongs to the reel's bytes.
    fn settle(&mut self) -> Result<(), TapeError> {
        Ok(())
    }
    /// The file-protect ring is in: the reel can be written.
    fn ring(&self) -> bool;
    /// What a person calls this reel, such as its file.
    fn label(&self) -> String;
}

/// The outside of a machine.
pub trait Media {
    /// The reel on a tape unit, 1 to 10; `None` when there is none.
    fn reel(&mut self, unit: u8) -> Option<&mut dyn Reel>;
    /// The wire in the place of a reel, if there is one.
    fn wire(&mut self, unit: u8) -> Option<&mut dyn wire::WireEnd> {
        let _ = unit;
        None
    }
}

/// Nothing is mounted anywhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMedia;

impl Media for NoMedia {
    fn reel(&mut self, _unit: u8) -> Option<&mut dyn Reel> {
        None
    }
}
