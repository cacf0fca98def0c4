//! Errors of reel images.

use std::io;

use super::TapeFormat;

/// An error in an image of a reel. Offsets are bytes from the beginning of the image.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    /// The bytes could not be read or written.
    #[error("at offset {offset}: {source}")]
    Io {
        /// The offset.
        offset: u64,
        /// The host's error.
        source: io::Error,
    },
    /// The bytes match no format.
    #[error("not an image of a tape: {reason}")]
    NotATape {
        /// The reason.
        reason: String,
    },
    /// The image ends inside an item.
    #[error("offset {offset}: the image is cut off: expected {expected}, found {found}")]
    Truncated {
        /// The offset of the item.
        offset: u64,
        /// The expected bytes.
        expected: String,
        /// The bytes found.
        found: String,
    },
    /// The bytes do not follow the format.
    #[error("offset {offset}: expected {expected}, found {found}")]
    Damaged {
        /// The offset of the wrong bytes.
        offset: u64,
        /// The expected bytes.
        expected: String,
        /// The bytes found.
        found: String,
    },
    /// The format can be read and converted, but a tape unit does not write it.
    #[error(
        "an image in the form {format} cannot be written by a tape unit: convert it to .tap or P7B first"
    )]
    ReadOnlyFormat {
        /// The format.
        format: TapeFormat,
    },
    /// The format cannot hold such an item.
    #[error("{format} cannot hold {what}")]
    Unrepresentable {
        /// The format.
        format: TapeFormat,
        /// The item.
        what: String,
    },
    /// The offset is past the end of the reel.
    #[error("offset {at} is past the end of the reel at {end}")]
    Beyond {
        /// The offset.
        at: u64,
        /// The end.
        end: u64,
    },
    /// An offset that is not between two items.
    #[error("offset {at} is not between two items of the reel")]
    NotAnItem {
        /// The offset.
        at: u64,
    },
}

impl TapeError {
    /// True if the bytes are at fault and not the host: the image is not the medium it should be.
    pub fn is_medium(&self) -> bool {
        matches!(
            self,
            TapeError::NotATape { .. }
                | TapeError::Truncated { .. }
                | TapeError::Damaged { .. }
                | TapeError::NotAnItem { .. }
        )
    }

    /// The offset that the error is about, if there is one.
    pub fn offset(&self) -> Option<u64> {
        match self {
            TapeError::Io { offset, .. }
            | TapeError::Truncated { offset, .. }
            | TapeError::Damaged { offset, .. } => Some(*offset),
            TapeError::Beyond { at, .. } | TapeError::NotAnItem { at } => Some(*at),
            TapeError::NotATape { .. }
            | TapeError::ReadOnlyFormat { .. }
            | TapeError::Unrepresentable { .. } => None,
        }
    }
}
