//! What the machine asks of the outside: the reels on its tape units.
//!
//! The machine keeps where each reel stands; the reel's recording stays outside, so that a machine can be copied,
//! saved and replayed without it.

use asm704::media::tape::{Item, TapeError};

/// A reel as a tape unit sees it. Places are opaque; 0 is the load point.
pub trait Reel {
    /// The item at a place and the place behind it; `None` at the end of what was recorded.
    fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError>;
    /// The item before a place and where it begins; `None` at the load point.
    fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError>;
    /// Replaces everything from a place on by some items; returns the place behind them.
    fn write(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError>;
    /// The file-protect ring is in: the reel can be written.
    fn ring(&self) -> bool;
    /// The form of the image can say of a record that it is bad.
    fn has_error_bit(&self) -> bool;
    /// What a person calls this reel, such as its file.
    fn label(&self) -> String;
}

/// The outside of a machine.
pub trait Media {
    /// The reel on a tape unit, 1 to 10; `None` when there is none.
    fn reel(&mut self, unit: u8) -> Option<&mut dyn Reel>;
}

/// Nothing is mounted anywhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMedia;

impl Media for NoMedia {
    fn reel(&mut self, _unit: u8) -> Option<&mut dyn Reel> {
        None
    }
}
