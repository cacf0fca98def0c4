//! A reel from beginning to end, over its damage.

use std::collections::VecDeque;
use std::path::Path;

use asm704::media::tape::{Item, Store, TapeError, TapeImage, is_left_over};

use crate::cli::files::{Source, tape_error};
pub(super) use crate::reels::Behind;

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

/// What is met on a reel, counted, with long rows of file marks as one: an image of zeros is nothing but marks.
pub(super) struct Folded<'a, S> {
    walk: Walk<'a, S>,
    count: Count,
    /// What was met behind the mark that is told next.
    next: VecDeque<Result<Counted, TapeError>>,
}

/// What is met, its numbers, and how many marks follow that are told with it.
pub(super) type Counted = (Met, Count, u64);

impl<'a, S: Store> Folded<'a, S> {
    /// Marks in a row that are still told one by one.
    const FEW: u64 = 3;

    pub(super) fn new(image: &'a mut TapeImage<S>) -> Self {
        Folded { walk: Walk::new(image), count: Count::new(), next: VecDeque::new() }
    }

    fn step(&mut self) -> Option<Result<Counted, TapeError>> {
        let met = self.walk.next()?;
        Some(met.map(|met| {
            if let Met::Item { item, .. } = &met {
                self.count.item(item);
            }
            (met, self.count, 0)
        }))
    }
}

impl<S: Store> Iterator for Folded<'_, S> {
    type Item = Result<Counted, TapeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(next) = self.next.pop_front() {
            return Some(next);
        }
        let is_mark =
            |met: &Result<Counted, TapeError>| matches!(met, Ok((Met::Item { item: Item::Mark, .. }, ..)));
        let mut first = self.step()?;
        if !is_mark(&first) {
            return Some(first);
        }
        let mut marks = 1;
        while let Some(met) = self.step() {
            let more = is_mark(&met);
            marks += u64::from(more);
            if !more || marks <= Self::FEW {
                self.next.push_back(met);
            }
            if !more {
                break;
            }
        }
        if marks > Self::FEW
            && let Ok((_, _, more)) = &mut first
        {
            *more = marks - 1;
            self.next.retain(|met| !is_mark(met));
        }
        Some(first)
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
