//! Reels of seven-track tape and the image files that hold them.
//!
//! A [`TapeImage`] is a reel in a [`Store`] of bytes. It is read and written one item at a time at byte offsets; a
//! position between two items is the offset of the second one. Only the bytes asked for are read, so a whole
//! 2,400-foot reel is mounted at once, and no allocation is larger than the image justifies.
//!
//! Writing is safe even if the process ends at any instant: the image then holds the old recording up to the
//! place of writing, or that and the whole new record. docs/formats.md describes the formats and their quirks (source: TAPE).

mod aws;
mod codec;
mod cut;
mod end;
mod error;
mod format;
mod frames;
mod item;
mod note;
mod old;
mod p7b;
mod recognise;
mod simh;
mod store;
mod tpc;
mod well_formed;

pub use codec::encode;
use codec::{Codec, check_writable};
pub use cut::{GAP_PLACES, MARK_GAP_PLACES, overlay, with_error_as_parity};
use end::End;
pub use end::EndMark;
pub use error::TapeError;
pub use format::TapeFormat;
pub use frames::{
    MARK_FRAME, Mode, PARITY_BIT, Parity, RecordParity, frame, parity, record_from_words, words_of,
};
pub use item::{Item, Items, Record};
pub use note::Note;
pub use old::{Old, Spacing, is_left_over, with_wrong_beginning};
pub use recognise::recognise;
pub(in crate::media) use recognise::recognise_form;
pub use store::Store;
use store::Window;
pub use well_formed::FormDefect;

/// A reel in an image.
///
/// ```
/// use asm704::media::tape::{record_from_words, words_of, Item, Mode, TapeFormat, TapeImage};
///
/// // a blank reel in memory; any other `Store` works as well
/// let mut reel = TapeImage::create(Vec::new(), TapeFormat::Simh)?;
/// let words = ["000000000144".parse()?, "053400100000".parse()?];
/// let end = reel.write(0, &Item::Record(record_from_words(&words, Mode::Binary)))?;
/// reel.write(end, &Item::Mark)?;
///
/// let mut reel = TapeImage::open(reel.into_store())?;
/// assert_eq!(reel.format(), TapeFormat::Simh);
/// for item in reel.items(0) {
///     match item? {
///         (0, Item::Record(record)) => assert_eq!(words_of(&record, Mode::Binary), words),
///         (at, item) => assert_eq!((at, item), (end, Item::Mark)),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TapeImage<S> {
    store: Window<S>,
    format: TapeFormat,
    how: String,
    /// True if it was opened in a format that tape units only read.
    read_only: bool,
    /// The end of the reel in a format that marks it with bytes that cannot be a record (P7B); else the reel ends with the bytes.
    end: Option<End>,
    /// Offsets of the items found so far from the load point, for formats that cannot be read backward.
    index: Vec<u64>,
}

impl<S: Store> TapeImage<S> {
    /// Opens an image and recognises its format from the bytes; an empty one is a blank reel in SIMH's form.
    ///
    /// # Errors
    /// [`TapeError::NotATape`], or the first defect of the beginning, or an end that is cut off.
    pub fn open(store: S) -> Result<Self, TapeError> {
        let mut store = Window::new(store);
        let (format, how) = recognise::recognise_window(&mut store)?;
        let mut image = Self::with(store, format, how)?;
        image.check_end()?;
        Ok(image)
    }

    /// Opens an image whose format is recognised by its beginning, in whatever state the end is: for examining damage. An image that
    /// is damaged or cut off in its first record is taken for SIMH's if it could be.
    pub fn open_damaged(store: S) -> Result<Self, TapeError> {
        let mut store = Window::new(store);
        let (format, how) = match recognise::recognise_window(&mut store) {
            Ok(found) => found,
            Err(TapeError::Truncated { .. } | TapeError::Damaged { .. }) => (
                TapeFormat::Simh,
                String::from("a length that could be a record's, though the record is not whole"),
            ),
            Err(error) => return Err(error),
        };
        Self::with(store, format, how)
    }

    /// Opens an image in a known format, checking no more than the last record: for damaged images.
    pub fn open_as(store: S, format: TapeFormat) -> Result<Self, TapeError> {
        Self::with(Window::new(store), format, String::from("the form was given"))
    }

    /// Empties the store and makes a blank reel in it; any format can be written.
    pub fn create(store: S, format: TapeFormat) -> Result<Self, TapeError> {
        let mut store = Window::new(store);
        store.truncate(0)?;
        let mut image = Self::with(store, format, String::from("new"))?;
        image.read_only = false;
        Ok(image)
    }

    fn with(mut store: Window<S>, format: TapeFormat, how: String) -> Result<Self, TapeError> {
        let end = format.row().codec.find_end(&mut store)?;
        Ok(TapeImage { store, format, how, read_only: !format.is_for_units(), end, index: Vec::new() })
    }

    /// The format of the image.
    pub fn format(&self) -> TapeFormat {
        self.format
    }

    /// A phrase for people: how the format was recognised.
    pub fn how_recognised(&self) -> &str {
        &self.how
    }

    /// Offset of a last byte that is ignored: a copy of the first character of the last record, which one peer
    /// leaves at the end of a P7B image.
    pub fn stray_byte(&self) -> Option<u64> {
        self.end.filter(|end| end.why == EndMark::Stray).map(|end| end.at)
    }

    /// The end mark that a peer wrote, which belongs to the format and is not a record.
    pub fn end_mark(&self) -> Option<EndMark> {
        self.end.map(|end| end.why)
    }

    /// The number of bytes in the image, including those after the end of the medium.
    pub fn len(&mut self) -> Result<u64, TapeError> {
        self.store.len()
    }

    /// True if the image has no bytes: a blank reel.
    pub fn is_empty(&mut self) -> Result<bool, TapeError> {
        Ok(self.len()? == 0)
    }

    /// The item at offset `at` and the offset after it; `None` at the end of the medium.
    pub fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        let end = self.end()?;
        if at >= end {
            return Ok(None);
        }
        let found = self.codec().forward(&mut self.store, at, end)?;
        Ok(found.map(|(item, next)| (frames::mark_or(item), next)))
    }

    /// The item before offset `at` and its offset; `None` at the load point.
    pub fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        if at == 0 {
            return Ok(None);
        }
        let end = self.end()?;
        if at > end {
            return Err(TapeError::Beyond { at, end });
        }
        let (item, start) = if let Some(found) = self.codec().backward(&mut self.store, at)? {
            found
        } else {
            let start = self.indexed_before(at)?;
            match self.read_forward(start)? {
                Some((item, _)) => (item, start),
                None => return Ok(None),
            }
        };
        Ok(Some((frames::mark_or(item), start)))
    }

    /// Replaces everything from `at` on by one item and returns the offset after it.
    ///
    /// P7B, TPC and AWS have no gaps, so a gap only cuts the reel there. They have no error bit either: the parity of the
    /// last character of a bad record is inverted, unless the record already has a parity error.
    ///
    /// # Errors
    /// [`TapeError::ReadOnlyFormat`] for an opened image in another format; [`TapeError::Unrepresentable`] for an
    /// item that the format cannot hold.
    pub fn write(&mut self, at: u64, item: &Item) -> Result<u64, TapeError> {
        if self.read_only {
            return Err(TapeError::ReadOnlyFormat { format: self.format });
        }
        let converted;
        let item = match item {
            Item::Record(record) if record.error && !self.format.has_error_bit() => {
                converted = Item::Record(cut::as_parity_error(record));
                &converted
            }
            item => item,
        };
        check_writable(item, self.format)?;
        let previous = if self.codec().wants_previous() && at > 0 { self.indexed_before(at)? } else { 0 };
        self.truncate(at)?;
        let written = self.codec().write(&mut self.store, at, item, previous).and_then(|next| {
            let marked = self.store.len()? > next;
            self.end = marked.then_some(End { at: next, why: EndMark::Mark });
            Ok(next)
        });
        if written.is_err() {
            // the disk is full: the part of the item already written is useless, and without it the image is a whole reel
            let _ = self.store.truncate(at);
        }
        written
    }

    /// The offset where a unit that is at `at` writes: at the load point, after the notes that describe the reel.
    pub fn writing_place(&mut self, at: u64) -> Result<u64, TapeError> {
        let mut place = at;
        while at == 0 && self.format.has_notes() {
            match self.read_forward(place) {
                Ok(Some((Item::Note(_), next))) => place = next,
                Err(error) if !error.is_medium() => return Err(error),
                _ => break,
            }
        }
        Ok(place)
    }

    /// Cuts the reel at `at`.
    pub fn truncate(&mut self, at: u64) -> Result<(), TapeError> {
        if self.read_only {
            return Err(TapeError::ReadOnlyFormat { format: self.format });
        }
        let end = self.end()?;
        if at > end {
            return Err(TapeError::Beyond { at, end });
        }
        self.end = None;
        let keep = self.index.partition_point(|&start| start < at);
        self.index.truncate(keep);
        self.store.truncate(at)
    }

    /// Replaces everything from `at` on by these items and returns the offset after the last one.
    pub fn replace_tail(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError> {
        self.truncate(at)?;
        items.iter().try_fold(at, |at, item| self.write(at, item))
    }

    /// Appends items to the image in one step: if the process ends meanwhile, the image is unchanged or has all of
    /// them. It is for the two formats that tape units write. (In P7B a partial write of several records after a blank place keeps
    /// [`TapeImage::open`] from recognising the format.)
    pub fn append(&mut self, items: &[Item]) -> Result<(), TapeError> {
        if !self.format.is_for_units() {
            return Err(TapeError::ReadOnlyFormat { format: self.format });
        }
        let at = self.end()?;
        self.truncate(at)?;
        let mut bytes = Vec::new();
        for item in items {
            bytes.extend(encode(self.format, item, 0)?);
        }
        // until its beginning is written, the image ends before it
        let ends: &[u8] = if self.format == TapeFormat::Simh { &simh::END } else { &p7b::END };
        let Some((beginning, rest)) = bytes.split_at_checked(ends.len()).filter(|_| !bytes.is_empty()) else {
            return Ok(());
        };
        let written = (|| {
            self.store.write(at, ends)?;
            self.store.write(at + ends.len() as u64, rest)?;
            self.store.write(at, beginning)
        })();
        if written.is_err() {
            let _ = self.store.truncate(at);
        }
        written
    }

    /// The items from `at` to the end of the medium.
    pub fn items(&mut self, at: u64) -> Items<'_, S> {
        Items { image: self, at, done: false }
    }

    /// Closes the reel and returns its bytes.
    pub fn into_store(self) -> S {
        self.store.into_inner()
    }

    /// The store of the reel. The image does not notice changes made through it.
    pub fn store(&mut self) -> &mut S {
        self.store.inner()
    }

    /// Raw bytes of the image, to show what the codec cannot read; fewer at the end.
    pub fn bytes_at(&mut self, at: u64, n: usize) -> Result<Vec<u8>, TapeError> {
        self.store.read_up_to(at, n)
    }

    /// Appends raw bytes to the image: for garbage that is to be kept, and for making damage.
    pub fn append_raw(&mut self, bytes: &[u8]) -> Result<(), TapeError> {
        if self.read_only {
            return Err(TapeError::ReadOnlyFormat { format: self.format });
        }
        let len = self.store.len()?;
        self.end = None;
        self.store.write(len, bytes)
    }

    /// The length of the last block among appended raw bytes, which AWS repeats in the next block; 0 in the other formats.
    pub(super) fn block_before(&mut self, from: u64, to: u64) -> Result<usize, TapeError> {
        if self.codec().wants_previous() { aws::last_length(&mut self.store, from, to) } else { Ok(0) }
    }

    /// Ends an image whose items were appended as raw bytes. If its format needs one to show the end, the end mark is
    /// written.
    pub fn mark_end(&mut self) -> Result<(), TapeError> {
        if self.format == TapeFormat::P7b && self.codec().find_end(&mut self.store)?.is_some() {
            let len = self.store.len()?;
            self.store.write(len, self.format.end_of_medium())?;
        }
        self.end = self.codec().find_end(&mut self.store)?;
        Ok(())
    }

    /// The first offset from `at` on where a readable record begins, after damage: for salvage. `None` if there is
    /// none, and for formats whose records have no recognisable beginning.
    pub fn next_plausible(&mut self, at: u64) -> Result<Option<u64>, TapeError> {
        self.codec().next_plausible(&mut self.store, at)
    }

    /// The remains of an unreadable record at `at`, up to offset `limit`: for salvage. Only formats with lengths have any;
    /// the record has its error set.
    pub fn remains(&mut self, at: u64, limit: u64) -> Result<Option<Record>, TapeError> {
        self.codec().remains(&mut self.store, at, limit)
    }

    fn codec(&self) -> Codec {
        self.format.row().codec
    }

    /// The last offset where the reel can end.
    fn end(&mut self) -> Result<u64, TapeError> {
        let len = self.store.len()?;
        Ok(self.end.map_or(len, |end| end.at))
    }

    /// Detects a record that is cut off by the end of the image, as after a broken copy. Reading backward from the end usually shows
    /// at once that all is well; only if it does not, the reel is read from the front.
    fn check_end(&mut self) -> Result<(), TapeError> {
        let end = self.end()?;
        if !self.codec().tells_its_end() || end == 0 {
            return Ok(());
        }
        // a single word may be any bytes of a record that is cut off
        match self.read_backward(end) {
            Ok(Some((Item::Note(Note::Marker(_)), _))) | Err(_) => {}
            Ok(_) => return Ok(()),
        }
        let mut at = 0;
        while let Some((_, next)) = self.read_forward(at)? {
            at = next;
        }
        Ok(())
    }

    /// The offset of the item that ends at `at`, for formats that can only be read forward.
    fn indexed_before(&mut self, at: u64) -> Result<u64, TapeError> {
        let mut from = match self.index.partition_point(|&start| start < at) {
            0 => 0,
            n => self.index[n - 1],
        };
        if self.index.is_empty() {
            self.index.push(0);
        }
        loop {
            match self.read_forward(from)? {
                Some((_, next)) if next < at => {
                    if self.index.last().is_some_and(|&last| last < next) {
                        self.index.push(next);
                    }
                    from = next;
                }
                Some((_, next)) if next == at => return Ok(from),
                _ => return Err(TapeError::NotAnItem { at }),
            }
        }
    }
}
