//! Checkpoints on a reel: the records that programs/lib/chkpnt.sap and chkstr.sap write.

use std::fmt;

use asm704::Word;
use asm704::isa::{Op, decode};
use asm704::media::tape::{Mode, Record, RecordParity, words_of};

/// How a record is laid out. The image goes from the last word of core down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    /// Words of the boot block.
    boot: usize,
    /// What the address of the boot block's last word is more than the size of core.
    start: usize,
    /// Words of the record over the size of core.
    over: usize,
    /// The lowest word of core that is in its place in the image.
    lowest: usize,
    /// Words of core that follow the image in their order, from word 0 on.
    low: usize,
    /// Words behind these.
    tail: usize,
    /// The word that leads to the second life, counted from behind the size of core.
    link: usize,
}

/// The record of chkpnt.sap: words 10 to 4 of the image are a check, and words 0 to 10 of core are in the routine.
const PLAIN: Layout = Layout { boot: 11, start: 8, over: 8, lowest: 11, low: 0, tail: 0, link: 2 };
/// The record of the first form of chkpnt.sap: words 0 to 4 of core and a sum follow the image.
const FIRST: Layout = Layout { boot: 10, start: 7, over: 14, lowest: 5, low: 5, tail: 1, link: 6 };
/// Words of the label that chkstr.sap writes in front of the record of chkpnt.sap: job; serial number and predecessor; size;
/// a word that makes the sum of label and boot block all ones.
const LABEL: usize = 4;

/// A checkpoint, or what there is of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// Words of core in it.
    pub(crate) size: usize,
    /// Words on the reel.
    pub(crate) words: usize,
    /// Words that it should have.
    pub(crate) expected: usize,
    /// The logical sum behind the boot block is all ones.
    pub(crate) sum: bool,
    /// Where the second life begins.
    pub(crate) restart: Option<u16>,
    /// The serial number that the strong routine gives.
    pub(crate) serial: Option<u64>,
    /// What the strong routine's label says besides.
    label: Option<Label>,
    layout: Layout,
    /// Words of the routine that hold the first words of core, in the plain routine's record.
    displaced: Option<std::ops::Range<usize>>,
}

/// The label of a checkpoint of chkstr.sap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Label {
    job: Word,
    /// 0: none.
    predecessor: u16,
}

impl Checkpoint {
    /// Every word is there, none has a bad parity, and the sum is right.
    pub(crate) fn is_complete(&self) -> bool {
        self.words == self.expected && self.sum
    }

    /// The word of core that word `n` of the record, from 0, goes to in the end. The boot block, the words that only lead to
    /// the second life and the one for the sum are no part of the image.
    pub(crate) fn core_address(&self, n: usize) -> Option<u16> {
        let Layout { boot, over, lowest, low, tail, .. } = self.layout;
        let n = n.checked_sub(if self.label.is_some() { LABEL } else { 0 })?;
        let image = boot..boot + self.size - lowest;
        let behind = self.size + over - tail - low..self.size + over - tail;
        let address = if image.contains(&n) {
            self.size - 1 - (n - boot)
        } else if behind.contains(&n) {
            n - behind.start
        } else {
            return None;
        };
        let displaced = self.displaced.as_ref().filter(|words| words.contains(&address));
        let address = displaced.map_or(address, |words| address - words.start);
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
        if let (Some(serial), Some(Label { job, predecessor })) = (self.serial, self.label) {
            write!(f, ", job {:012o}, serial number {serial}", job.bits())?;
            match predecessor {
                0 => f.write_str(", the first")?,
                before => write!(f, " after {before}")?,
            }
        }
        self.restart.map_or(Ok(()), |at| write!(f, ", restarts at {at:05o}"))
    }
}

/// The checkpoint that a record is, told by its boot block.
pub(crate) fn checkpoint(record: &Record) -> Option<Checkpoint> {
    labelled(record).or_else(|| of_layout(record, PLAIN)).or_else(|| of_layout(record, FIRST))
}

/// That of chkstr.sap, told by its label, too.
fn labelled(record: &Record) -> Option<Checkpoint> {
    let front = record.frames.get(..6 * (LABEL + PLAIN.boot))?;
    let words = words_of(&Record::new(front.to_vec()), Mode::Binary);
    if words.iter().fold(Word::ZERO, |sum, &word| sum.add_logical(word)) != Word::new(Word::MASK) {
        return None;
    }
    let label = Label { job: words[0], predecessor: words[1].decrement() };
    let serial = Some(u64::from(words[1].address()));
    let rest = Record { frames: record.frames[6 * LABEL..].to_vec(), error: record.error };
    let found = of_layout(&rest, PLAIN)?;
    let (words, expected) = (found.words + LABEL, found.expected + LABEL);
    Some(Checkpoint { words, expected, serial, label: Some(label), ..found })
}

fn of_layout(record: &Record, layout: Layout) -> Option<Checkpoint> {
    let Layout { boot: n_boot, start, over, link, .. } = layout;
    if record.frames.len() < 6 * n_boot || record.likely_mode() != Mode::Binary {
        return None;
    }
    let boot = words_of(&Record::new(record.frames[..6 * n_boot].to_vec()), Mode::Binary);
    let is = |n: usize, op: Op| decode(boot[n]) == Some(op) && boot[n].tag() == 1;
    let shape =
        is(0, Op::Lxa) && is(1, Op::Cpy) && is(2, Op::Txi) && is(3, Op::Cpy) && is(n_boot - 1, Op::Cad);
    let size = usize::from(boot[n_boot - 1].address()).wrapping_sub(start) & 0o77777;
    // a full core is 2 to the 15th, which the address holds as 0
    let size = if size == 0 { 1 << 15 } else { size };
    if !shape || !size.is_multiple_of(4096) {
        return None;
    }
    let words = words_of(record, Mode::Binary);
    let total = |words: &[Word]| words.iter().fold(Word::ZERO, |sum, &word| sum.add_logical(word));
    let whole = record.parity_mode() == RecordParity::Odd && !record.error;
    let all_ones = Word::new(Word::MASK);
    let mut sum = whole && total(&words[n_boot..]) == all_ones;
    let restart = words.get(size + link).filter(|&&word| decode(word) == Some(Op::Ttr)).map(|w| w.address());
    let mut displaced = None;
    if layout == PLAIN {
        // the number of the record at its front and, as word 10 of the image, at its end
        sum &= words.get(size).is_some_and(|&number| number == words[4]);
        // the places of the parts: the word before the second life has the boot block's, the displaced words follow it
        let place = |address: usize| words.get(n_boot + (size - 1).checked_sub(address)?);
        let parts = restart.and_then(|at| place(usize::from(at).checked_sub(1)?));
        displaced =
            parts.map(|word| usize::from(word.address()) + n_boot).map(|low| low..low + layout.lowest);
    }
    Some(Checkpoint {
        size,
        words: words.len(),
        expected: size + over,
        sum,
        restart,
        serial: None,
        label: None,
        layout,
        displaced,
    })
}
