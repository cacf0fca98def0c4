//! A reel from beginning to end, over its damage.

use std::fmt;
use std::path::Path;

use asm704::media::tape::{EndMark, Item, Store, TapeError, TapeImage, is_left_over};

use crate::cli::files::{Source, plural, tape_error};

/// What is met on the way.
#[derive(Debug)]
pub(super) enum Met {
    /// An item and its offset. `left_over`: a record whose beginning was written over.
    Item { at: u64, item: Item, left_over: bool },
    /// Bytes that cannot be read, up to the next that can.
    Bad { at: u64, next: u64, error: TapeError },
    /// Bytes behind the end of the medium.
    Tail { at: u64, next: u64, behind: Option<Behind> },
}

/// Iterator over a reel; its errors are those of the host.
pub(super) struct Walk<'a, S> {
    image: &'a mut TapeImage<S>,
    at: u64,
    done: bool,
    /// The item before was an erased stretch.
    gap: bool,
}

impl<'a, S: Store> Walk<'a, S> {
    pub(super) fn new(image: &'a mut TapeImage<S>) -> Self {
        Walk { image, at: 0, done: false, gap: false }
    }

    /// The reel, for a closer look at what was met.
    pub(super) fn image(&mut self) -> &mut TapeImage<S> {
        self.image
    }

    fn step(&mut self) -> Result<Option<Met>, TapeError> {
        let at = self.at;
        match self.image.read_forward(at) {
            Ok(Some((item, next))) => {
                self.at = next;
                let left_over = is_left_over(&item, self.gap);
                self.gap = matches!(item, Item::Gap(_));
                Ok(Some(Met::Item { at, item, left_over }))
            }
            Ok(None) => {
                self.done = true;
                let next = self.image.len()?;
                let behind = Behind::of(self.image, at)?;
                Ok((at < next).then_some(Met::Tail { at, next, behind }))
            }
            Err(error @ TapeError::Io { .. }) => Err(error),
            Err(error) => {
                let plausible = self.image.next_plausible(at + 1)?;
                self.done = plausible.is_none();
                let next = plausible.map_or_else(|| self.image.len(), Ok)?;
                self.at = next;
                Ok(Some(Met::Bad { at, next, error }))
            }
        }
    }
}

impl<S: Store> Iterator for Walk<'_, S> {
    type Item = Result<Met, TapeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let step = self.step().transpose();
        self.done |= matches!(step, Some(Err(_)));
        step
    }
}

/// What lies behind the end of a reel in its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Behind {
    /// Offset of the first byte, behind the mark of the end.
    pub(in crate::cli) at: u64,
    pub(in crate::cli) bytes: u64,
    /// Records that can be read there.
    pub(in crate::cli) records: u64,
    /// A byte or zeros that peers put there, which belong to the form.
    pub(in crate::cli) of_the_form: bool,
}

impl Behind {
    /// What is behind the end at `at`, where [`TapeImage::read_forward`] gives nothing.
    pub(in crate::cli) fn of<S: Store>(
        image: &mut TapeImage<S>,
        at: u64,
    ) -> Result<Option<Behind>, TapeError> {
        let len = image.len()?;
        if let Some(mark) = image.end_mark() {
            let of_the_form = mark != EndMark::Unfinished;
            let mut behind = Behind { at, bytes: len.saturating_sub(at), records: 0, of_the_form };
            if mark == EndMark::Unfinished {
                behind.records = records(image, at)?;
            }
            return Ok((behind.bytes > 0).then_some(behind));
        }
        let mark = image.format().end_of_medium();
        let at = if image.bytes_at(at, mark.len())? == mark { at + mark.len() as u64 } else { at };
        if at >= len {
            return Ok(None);
        }
        Ok(Some(Behind { at, bytes: len - at, records: records(image, at)?, of_the_form: false }))
    }

    /// As [`Behind::of`], behind the last item from `last` on: for those who read item by item, or not to the end.
    pub(in crate::cli) fn after<S: Store>(
        image: &mut TapeImage<S>,
        last: u64,
    ) -> Result<Option<Behind>, TapeError> {
        let mut at = last;
        loop {
            match image.read_forward(at) {
                Ok(Some((_, next))) => at = next,
                Ok(None) => break,
                Err(error @ TapeError::Io { .. }) => return Err(error),
                // damage that the caller did not come to
                Err(_) => return Ok(None),
            }
        }
        Ok(Behind::of(image, at)?.filter(|behind| !behind.of_the_form || behind.bytes > 1))
    }
}

/// Says what is behind the end of a reel that was read up to the item at `last`.
pub(in crate::cli) fn say_behind(
    path: &Path,
    image: &mut TapeImage<Source>,
    last: u64,
    verb: &str,
) -> anyhow::Result<()> {
    let behind = Behind::after(image, last).map_err(|error| tape_error(path, error))?;
    if let Some(behind) = behind {
        image.store().say(&format!("{}: {verb}: {behind}", path.display()));
    }
    Ok(())
}

impl fmt::Display for Behind {
    /// `12 bytes behind the end of the reel, at offset 40, which look like 2 records`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Behind { at, bytes, records, .. } = *self;
        write!(f, "{} behind the end of the reel, at offset {at}", plural(bytes, "byte"))?;
        if records > 0 { write!(f, ", which look like {}", plural(records, "record")) } else { Ok(()) }
    }
}

/// Records that can be read from `at` on, wherever they are.
fn records<S: Store>(image: &mut TapeImage<S>, at: u64) -> Result<u64, TapeError> {
    let mut records = 0;
    let mut at = match image.read_forward(at) {
        Ok(Some(_)) => at,
        _ => image.next_plausible(at)?.unwrap_or(u64::MAX),
    };
    while at < image.len()? {
        match image.read_forward(at) {
            Ok(Some((item, next))) => {
                records += u64::from(matches!(item, Item::Record(_)));
                at = next;
            }
            Err(error @ TapeError::Io { .. }) => return Err(error),
            _ => at = image.next_plausible(at + 1)?.unwrap_or(u64::MAX),
        }
    }
    Ok(records)
}

/// Numbers of files and records, from 1, as people count them: a file ends with its mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    pub(super) file: usize,
    /// Record in the file.
    pub(super) record: usize,
    /// Record on the reel.
    pub(super) on_reel: usize,
    next_file: bool,
}

impl Count {
    pub(super) fn new() -> Count {
        Count { file: 1, record: 0, on_reel: 0, next_file: false }
    }

    /// Counts an item; afterwards the numbers are its own.
    pub(super) fn item(&mut self, item: &Item) {
        if self.next_file && !matches!(item, Item::Note(_)) {
            self.file += 1;
            self.record = 0;
            self.next_file = false;
        }
        match item {
            Item::Record(_) => {
                self.record += 1;
                self.on_reel += 1;
            }
            Item::Mark => self.next_file = true,
            Item::Gap(_) | Item::Note(_) => {}
        }
    }
}
