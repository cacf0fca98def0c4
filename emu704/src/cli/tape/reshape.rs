//! What `tape convert` can do to records on the way: put back parity, take off the check character, unblock.

use asm704::chars;
use asm704::media::tape::{Item, Mode, Record, frame};

use super::verify::ends_with_check;

/// Which parity is put on every character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum PutParity {
    /// Binary records
    Odd,
    /// BCD records
    Even,
    /// Even where all characters are those of a keypunch, odd where not
    Guess,
}

/// What to do with each record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reshape {
    pub(super) parity: Option<PutParity>,
    /// The longitudinal check goes, where it is the last character.
    pub(super) drop_check: bool,
    /// Characters of a record of the copy.
    pub(super) record: Option<usize>,
}

/// What was done, to be told.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reshaped {
    pub(super) odd: u64,
    pub(super) even: u64,
    pub(super) checks: u64,
    /// Records that were cut in several.
    pub(super) blocks: u64,
    /// Of these, those whose last piece is shorter.
    pub(super) uneven: u64,
}

impl Reshape {
    /// The items that an item becomes.
    pub(super) fn item(self, item: Item, done: &mut Reshaped) -> Vec<Item> {
        let Item::Record(mut record) = item else { return vec![item] };
        if self.drop_check && ends_with_check(&record) {
            record.frames.pop();
            done.checks += 1;
        }
        if let Some(parity) = self.parity {
            let mode = match parity {
                PutParity::Odd => Mode::Binary,
                PutParity::Even => Mode::Bcd,
                PutParity::Guess => guess(&record),
            };
            match mode {
                Mode::Binary => done.odd += 1,
                Mode::Bcd => done.even += 1,
            }
            record.frames.iter_mut().for_each(|character| *character = frame(*character, mode));
        }
        match self.record {
            Some(n) if record.frames.len() > n => {
                done.blocks += 1;
                done.uneven += u64::from(!record.frames.len().is_multiple_of(n));
                let piece =
                    |frames: &[u8]| Item::Record(Record { frames: frames.to_vec(), error: record.error });
                record.frames.chunks(n).map(piece).collect()
            }
            _ => vec![Item::Record(record)],
        }
    }
}

/// Text or not, by the six bits: a blank character cannot be text, and each of the others must be on a keypunch.
fn guess(record: &Record) -> Mode {
    let text = record.frames.iter().all(|&character| {
        let tape = character & 0o77;
        tape != 0 && chars::has_key(chars::tape_to_core(tape))
    });
    if text && !record.frames.is_empty() { Mode::Bcd } else { Mode::Binary }
}
