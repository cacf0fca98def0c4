//! The end of a reel that comes before the end of its bytes.

/// A mark that a peer writes at the end of a P7B image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndMark {
    /// A last byte 0200.
    Mark,
    /// A last byte that repeats the first character of the last record.
    Stray,
    /// Zeros, possibly after a byte 0200.
    Zeros,
    /// Not an end mark: a zero, followed by characters that begin no record.
    Unfinished,
}

/// The end of a reel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// Offset of the first byte that is not part of the reel.
    pub(super) at: u64,
    pub(super) why: EndMark,
}
