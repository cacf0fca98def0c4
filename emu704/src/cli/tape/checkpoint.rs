//! Checkpoints on a reel: the records that programs/lib/chkpnt.sap and chkstr.sap write.

use std::fmt;

use asm704::Word;
use asm704::isa::{Op, decode};
use asm704::media::tape::{Mode, Record, RecordParity, words_of};

/// Words of the boot block.
const BOOT: usize = 10;
/// Words of the record over the image of core.
const OVER: usize = 14;
/// Words more in the record of the strong routine: a serial number and a sum of the boot block.
const STRONG: usize = 2;
/// Words of core that are at the end of the record, in their order, because the record is loaded by them.
const LOW: usize = 5;
/// The word, counted from behind the image's size, that leads to the second life.
const LINK: usize = 6;

/// A checkpoint, or what there is of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checkpoint {
    /// Words of core in it.
    pub(super) size: usize,
    /// Words on the reel.
    pub(super) words: usize,
    /// Words that it should have.
    pub(super) expected: usize,
    /// The logical sum behind the boot block is all ones.
    pub(super) sum: bool,
    /// Where the second life begins.
    pub(super) restart: Option<u16>,
    /// The serial number that the strong routine gives.
    pub(super) serial: Option<u64>,
}

impl Checkpoint {
    /// Every word is there, none has a bad parity, and the sum is right.
    pub(super) fn is_complete(&self) -> bool {
        self.words == self.expected && self.sum
    }

    /// The word of core that word `n` of the record, from 0, goes to in the end. The boot block, the words that only lead to
    /// the second life and the one for the sum are no part of the image.
    pub(super) fn core_address(&self, n: usize) -> Option<u16> {
        let image = BOOT..BOOT + self.size - LOW;
        let low = self.size + OVER - 1 - LOW..self.size + OVER - 1;
        let address = if image.contains(&n) {
            self.size - 1 - (n - BOOT)
        } else if low.contains(&n) {
            n - low.start
        } else {
            return None;
        };
        u16::try_from(address).ok()
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "checkpoint of {} words of core", self.size)?;
        if self.words != self.expected {
            return write!(f, ", NOT complete: {} of {} words", self.words, self.expected);
        }
        f.write_str(if self.sum { ", complete, sum right" } else { ", NOT complete: sum wrong" })?;
        if let Some(serial) = self.serial {
            write!(f, ", serial number {serial}")?;
        }
        self.restart.map_or(Ok(()), |at| write!(f, ", restarts at {at:05o}"))
    }
}

/// The checkpoint that a record is, told by its boot block.
pub(super) fn checkpoint(record: &Record) -> Option<Checkpoint> {
    if record.frames.len() < 6 * BOOT || record.likely_mode() != Mode::Binary {
        return None;
    }
    let boot = words_of(&Record::new(record.frames[..6 * BOOT].to_vec()), Mode::Binary);
    let is = |n: usize, op: Op| decode(boot[n]) == Some(op) && boot[n].tag() == 1;
    let shape = is(0, Op::Lxa) && is(1, Op::Cpy) && is(2, Op::Txi) && is(3, Op::Cpy) && is(BOOT - 1, Op::Cad);
    let size = usize::from(boot[BOOT - 1].address()).wrapping_sub(BOOT - 3) & 0o77777;
    // a full core is 2 to the 15th, which the address holds as 0
    let size = if size == 0 { 1 << 15 } else { size };
    if !shape || !matches!(size, 4096 | 8192 | 32768) {
        return None;
    }
    let words = words_of(record, Mode::Binary);
    let sum = words[BOOT..].iter().fold(Word::ZERO, |sum, &word| sum.add_logical(word));
    let whole = record.parity_mode() == RecordParity::Odd && !record.error;
    let link = words.get(size + LINK).filter(|&&link| decode(link) == Some(Op::Ttr));
    // the strong routine's record has a sum of the boot block before the last word
    let strong = size + OVER + STRONG;
    let boot_sum = words[..BOOT].iter().fold(Word::ZERO, |sum, &word| sum.add_logical(word));
    let is_strong = words.len() == strong && boot_sum.add_logical(words[strong - 2]) == Word::new(Word::MASK);
    Some(Checkpoint {
        size,
        words: words.len(),
        expected: if is_strong { strong } else { size + OVER },
        serial: is_strong.then(|| words[strong - 3].magnitude()),
        sum: whole && sum == Word::new(Word::MASK),
        restart: link.map(|link| link.address()),
    })
}
