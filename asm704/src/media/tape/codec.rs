//! The codecs and their abilities: the only place that calls them.

use super::end::End;
use super::store::{View, Window};
use super::{Item, Record, TapeError, TapeFormat, aws, frames, p7b, simh, tpc};

/// How an image is encoded and decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    /// Lengths before and after; with `padded`, records are padded to an even number of bytes.
    Simh {
        padded: bool,
    },
    P7b,
    Tpc,
    Aws,
}

impl Codec {
    /// The item at `at` and the offset after it, in an image that ends at `end`; `None` at the end of the medium.
    pub(super) fn forward(
        self,
        store: &mut View<'_>,
        at: u64,
        end: u64,
    ) -> Result<Option<(Item, u64)>, TapeError> {
        match self {
            Codec::Simh { padded } => simh::forward(store, at, padded),
            Codec::P7b => p7b::forward(store, at, end),
            Codec::Tpc => tpc::forward(store, at),
            Codec::Aws => aws::forward(store, at),
        }
    }

    /// The item that ends at `at` and its offset; `None` for a codec that only reads forward.
    pub(super) fn backward(self, store: &mut View<'_>, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        match self {
            Codec::Simh { padded } => simh::backward(store, at, padded).map(Some),
            Codec::P7b => p7b::backward(store, at).map(Some),
            Codec::Tpc | Codec::Aws => Ok(None),
        }
    }

    /// Writes an item at the end of the store, which is `at`, and returns the offset after it. `previous` is the offset
    /// of the item before, for a codec that [needs it](Codec::wants_previous).
    pub(super) fn write(
        self,
        store: &mut View<'_>,
        at: u64,
        item: &Item,
        previous: u64,
    ) -> Result<u64, TapeError> {
        match self {
            Codec::Simh { padded } => simh::write(store, at, item, padded),
            Codec::P7b => p7b::write(store, at, item),
            Codec::Tpc => tpc::write(store, at, item),
            Codec::Aws => aws::write(store, at, item, previous),
        }
    }

    /// Whether an item repeats the length of the one before it.
    pub(super) fn wants_previous(self) -> bool {
        self == Codec::Aws
    }

    /// Whether the end of a whole image can be recognised by reading backward.
    pub(super) fn tells_its_end(self) -> bool {
        matches!(self, Codec::Simh { .. })
    }

    /// Where the reel ends, if it ends before the bytes do.
    pub(super) fn find_end(self, store: &mut View<'_>) -> Result<Option<End>, TapeError> {
        if self == Codec::P7b { p7b::find_end(store) } else { Ok(None) }
    }

    /// The first offset from `at` on where a readable record begins; `None` if there is none, or if records have no
    /// recognisable beginning.
    pub(super) fn next_plausible(self, store: &mut View<'_>, at: u64) -> Result<Option<u64>, TapeError> {
        match self {
            Codec::Simh { padded } => simh::next_plausible(store, at, padded),
            Codec::P7b => p7b::next_plausible(store, at),
            Codec::Tpc => tpc::next_plausible(store, at),
            Codec::Aws => aws::next_plausible(store, at),
        }
    }

    /// The remains of an unreadable record at `at`, up to offset `limit`.
    pub(super) fn remains(
        self,
        store: &mut View<'_>,
        at: u64,
        limit: u64,
    ) -> Result<Option<Record>, TapeError> {
        match self {
            Codec::Simh { .. } => simh::remains(store, at, limit),
            Codec::Tpc => tpc::remains(store, at, limit),
            Codec::Aws => aws::remains(store, at, limit),
            Codec::P7b => Ok(None),
        }
    }
}

/// Rejects items that no image, or not this format, can hold. A note that a format has no place for is left out, like a gap.
pub(super) fn check_writable(item: &Item, format: TapeFormat) -> Result<(), TapeError> {
    match item {
        Item::Record(record) => frames::check_writable(record, format),
        Item::Note(note) => frames::check_note(note, format),
        Item::Mark | Item::Gap(_) => Ok(()),
    }
}

/// The bytes of one item in a format; `previous` is the length of the record before it, which AWS repeats. In a format without
/// an error bit a bad record is marked only by [`TapeImage::write`](super::TapeImage::write).
pub fn encode(format: TapeFormat, item: &Item, previous: usize) -> Result<Vec<u8>, TapeError> {
    check_writable(item, format)?;
    let mut store = Window::new(Vec::new());
    let end = format.row().codec.write(&mut store, 0, item, 0)?;
    // the end mark is not part of the item
    let mut bytes = store.into_inner();
    bytes.truncate(end as usize);
    if let (Codec::Aws, Some(before)) = (format.row().codec, bytes.get_mut(2..4)) {
        before.copy_from_slice(&(previous as u16).to_le_bytes());
    }
    Ok(bytes)
}
