//! The contents of a reel, item by item.

use super::{Note, Store, TapeError, TapeImage};

/// One item on a reel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Characters between two gaps.
    Record(Record),
    /// A file mark.
    Mark,
    /// An erased stretch, in characters (1/200 inch each).
    Gap(u32),
    /// A note that the image holds beside the recording.
    Note(Note),
}

/// The characters of a record, without its longitudinal check character.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// One byte per character: bits 5-0 the tape code, bit 6 the parity track C. Bit 7 is zero.
    pub frames: Vec<u8>,
    /// True if the image marks the record as bad (the error bit of `.tap`).
    pub error: bool,
}

impl Record {
    /// A good record with these characters.
    pub fn new(frames: Vec<u8>) -> Record {
        Record { frames, error: false }
    }
}

/// An iterator over the items of a reel with their offsets; it ends after the first error.
#[derive(Debug)]
pub struct Items<'a, S> {
    pub(super) image: &'a mut TapeImage<S>,
    pub(super) at: u64,
    pub(super) done: bool,
}

impl<S: Store> Iterator for Items<'_, S> {
    type Item = Result<(u64, Item), TapeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let at = self.at;
        match self.image.read_forward(at) {
            Ok(Some((item, next))) => {
                self.at = next;
                Some(Ok((at, item)))
            }
            Ok(None) => {
                self.done = true;
                None
            }
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }
}
