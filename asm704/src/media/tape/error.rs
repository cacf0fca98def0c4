//! What can be wrong with an image of a reel.

use std::io;

use super::TapeFormat;

/// What can be wrong with an image of a reel. Offsets are bytes from the beginning of the image.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    /// The bytes could not be read or written.
    #[error("at offset {offset}: {source}")]
    Io {
        /// Where.
        offset: u64,
        /// What the host says.
        source: io::Error,
    },
    /// No form fits.
    #[error("not an image of a tape: {reason}")]
    NotATape {
        /// Why not.
        reason: String,
    },
    /// The image ends inside an item.
    #[error("offset {offset}: the image is cut off: expected {expected}, found {found}")]
    Truncated {
        /// Of the item.
        offset: u64,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The bytes are not what the form has.
    #[error("offset {offset}: expected {expected}, found {found}")]
    Damaged {
        /// Of the bytes that are wrong.
        offset: u64,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A form that is read and converted, but not written by a tape unit.
    #[error(
        "an image in the form {format} cannot be written by a tape unit: convert it to .tap or P7B first"
    )]
    ReadOnlyFormat {
        /// The form.
        format: TapeFormat,
    },
    /// The form cannot hold such an item.
    #[error("{format} cannot hold {what}")]
    Unrepresentable {
        /// The form.
        format: TapeFormat,
        /// The item.
        what: String,
    },
    /// An offset behind the end of the reel.
    #[error("offset {at} is behind the end of the reel at {end}")]
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
    /// True when the bytes are at fault and not the host: the image is not the medium that it should be.
    pub fn is_medium(&self) -> bool {
        matches!(
            self,
            TapeError::NotATape { .. }
                | TapeError::Truncated { .. }
                | TapeError::Damaged { .. }
                | TapeError::NotAnItem { .. }
        )
    }

    /// The offset that the error is about, if it is about one.
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
