//! The codecs, and what each of them can do: the only place that calls them.

use super::end::End;
use super::store::Window;
use super::{Item, Record, Store, TapeError, TapeFormat, aws, frames, p7b, simh, tpc};

/// How the bytes of an image are made and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    /// Lengths before and behind; `padded` to an even number of bytes.
    Simh {
        padded: bool,
    },
    P7b,
    Tpc,
    Aws,
}

impl Codec {
    /// The item at `at` and the offset behind it, in an image that ends at `end`; `None` at the end of the medium.
    pub(super) fn forward<S: Store>(
        self,
        store: &mut Window<S>,
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

    /// The item that ends at `at` and its offset; `None` for a codec that only goes forward.
    pub(super) fn backward<S: Store>(
        self,
        store: &mut Window<S>,
        at: u64,
    ) -> Result<Option<(Item, u64)>, TapeError> {
        match self {
            Codec::Simh { padded } => simh::backward(store, at, padded).map(Some),
            Codec::P7b => p7b::backward(store, at).map(Some),
            Codec::Tpc | Codec::Aws => Ok(None),
        }
    }

    /// Puts an item at the end of the store, which is `at`, and gives the offset behind it. `previous` is the offset
    /// of the item before, for a codec that [wants it](Codec::wants_previous).
    pub(super) fn write<S: Store>(
        self,
        store: &mut Window<S>,
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

    /// An item repeats the length of the one before it.
    pub(super) fn wants_previous(self) -> bool {
        self == Codec::Aws
    }

    /// The end of a whole image can be told from behind.
    pub(super) fn tells_its_end(self) -> bool {
        matches!(self, Codec::Simh { .. })
    }

    /// Where the reel ends before the bytes do.
    pub(super) fn find_end<S: Store>(self, store: &mut Window<S>) -> Result<Option<End>, TapeError> {
        if self == Codec::P7b { p7b::find_end(store) } else { Ok(None) }
    }

    /// The first offset from `at` on where a record begins that can be read; `None` where none does, or a record
    /// does not tell its beginning.
    pub(super) fn next_plausible<S: Store>(
        self,
        store: &mut Window<S>,
        at: u64,
    ) -> Result<Option<u64>, TapeError> {
        match self {
            Codec::Simh { padded } => simh::next_plausible(store, at, padded),
            Codec::P7b => p7b::next_plausible(store, at),
            Codec::Tpc => tpc::next_plausible(store, at),
            Codec::Aws => aws::next_plausible(store, at),
        }
    }

    /// What is left of a record at `at` that cannot be read, up to offset `limit`.
    pub(super) fn remains<S: Store>(
        self,
        store: &mut Window<S>,
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

/// What no image, or not this form, can hold. A note that a form has no place for is left out, as a gap is.
pub(super) fn check_writable(item: &Item, format: TapeFormat) -> Result<(), TapeError> {
    match item {
        Item::Record(record) => frames::check_writable(record, format),
        Item::Note(note) => frames::check_note(note, format),
        Item::Mark | Item::Gap(_) => Ok(()),
    }
}

/// The bytes of one item in a form; `previous` is the length of the record before it, which AWS repeats. A bad record is
/// not marked in a form without an error bit, other than by [`TapeImage::write`](super::TapeImage::write).
pub fn encode(format: TapeFormat, item: &Item, previous: usize) -> Result<Vec<u8>, TapeError> {
    check_writable(item, format)?;
    let mut store = Window::new(Vec::new());
    let end = format.row().codec.write(&mut store, 0, item, 0)?;
    // the mark of the end is not part of the item
    let mut bytes = store.into_inner();
    bytes.truncate(end as usize);
    if let (Codec::Aws, Some(before)) = (format.row().codec, bytes.get_mut(2..4)) {
        before.copy_from_slice(&(previous as u16).to_le_bytes());
    }
    Ok(bytes)
}
