//! What an instruction of the fast loop does besides the operation on registers: the shapes that the rows of the table
//! call.
//!
//! A shape does the instruction `at` places behind the location counter (0; 1 and 2 in a pair), and says [where the loop
//! goes then](Then). All is inlined into the arms of the loop, so that [`Fast`] exists in registers of the host alone;
//! nothing may take its address.

use std::cmp::Ordering;

use asm704::Word;

use super::of_cycles;
use crate::core_store::PLACES;
use crate::core_store::decoded::{ENTRIES, Entry, Kind, Tag};
use crate::cpu::index::IndexRegisters;
use crate::cpu::{Cpu, Regs, Spared};

/// The index registers by tag; the other places stay zero.
pub(super) struct ByTag([u32; 8]);

impl ByTag {
    pub(super) fn of(cpu: &Cpu) -> ByTag {
        let [a, b, c] = cpu.xr.map(u32::from);
        ByTag([0, a, b, 0, c, 0, 0, 0])
    }

    pub(super) fn put_back(&self, cpu: &mut Cpu) {
        cpu.xr = [self.0[1] as u16, self.0[2] as u16, self.0[4] as u16];
    }
}

impl IndexRegisters for ByTag {
    type Tag = Tag;

    #[inline(always)]
    fn get(&self, tag: Tag) -> u16 {
        self.0[tag as usize] as u16
    }

    /// The tag names a register: the kinds of the group `index` see to it.
    #[inline(always)]
    fn put(&mut self, tag: Tag, value: u16) {
        self.0[tag as usize] = u32::from(value);
    }
}

/// Where the loop goes.
pub(super) enum Then {
    /// To the next instruction.
    Next,
    /// To this location, or one behind the last word, where [`Kind::Wrap`] is.
    Go(usize),
    /// Nothing was done: the plain interpreter does it.
    Leave,
}

/// What an operation says when it is done: nothing; the cycles that it takes, where the operands decide on them, or by which it was
/// shorter; or whether it has done anything at all.
pub(super) trait Outcome {
    fn end(self, budget: &mut i32) -> Then;
}

impl Outcome for () {
    #[inline(always)]
    fn end(self, _budget: &mut i32) -> Then {
        Then::Next
    }
}

impl Outcome for u64 {
    #[inline(always)]
    fn end(self, budget: &mut i32) -> Then {
        *budget -= of_cycles(self);
        Then::Next
    }
}

impl Outcome for Spared {
    #[inline(always)]
    fn end(self, budget: &mut i32) -> Then {
        *budget += of_cycles(self.0);
        Then::Next
    }
}

impl<T: Outcome> Outcome for Option<T> {
    #[inline(always)]
    fn end(self, budget: &mut i32) -> Then {
        match self {
            Some(outcome) => outcome.end(budget),
            None => Then::Leave,
        }
    }
}

impl Outcome for bool {
    #[inline(always)]
    fn end(self, _budget: &mut i32) -> Then {
        if self { Then::Next } else { Then::Leave }
    }
}

/// What the loop works on. With `WORDS` some words may be watched.
pub(super) struct Fast<'a, const WORDS: bool> {
    pub(super) regs: Regs<'a>,
    /// The largest address. As a constant of the type it would save nothing: it is an operand in memory instead of one in the instruction.
    pub(super) mask: u16,
    /// In memory, and the only part that is: which one is meant depends on the tag.
    pub(super) xr: &'a mut ByTag,
    pub(super) words: &'a mut [Word; PLACES],
    pub(super) entries: &'a mut [Entry; ENTRIES],
    /// The instruction location counter.
    pub(super) i: usize,
    /// What is left of the cycles, less a count of the instructions in the lower places.
    pub(super) budget: i32,
}

/// A word with these fields of another.
#[inline(always)]
pub(super) const fn fields(word: Word, mask: u64, of: Word) -> Word {
    Word::new(word.bits() & !mask | of.bits() & mask)
}

impl<const WORDS: bool> Fast<'_, WORDS> {
    /// The entry of an instruction.
    #[inline(always)]
    pub(super) fn entry(&self, at: usize) -> &Entry {
        &self.entries[(self.i & 0xffff) + at]
    }

    /// The effective address: as it stands, or less one index register.
    #[inline(always)]
    pub(super) fn address<const INDEXED: bool>(&self, at: usize) -> usize {
        let entry = self.entry(at);
        if INDEXED {
            (u32::from(entry.y).wrapping_sub(self.xr.0[entry.tag as usize]) & u32::from(self.mask)) as usize
        } else {
            usize::from(entry.y)
        }
    }

    /// The word at the effective address is watched: an instruction that reads or writes it is left to the plain interpreter.
    #[inline(always)]
    pub(super) fn is_watched<const INDEXED: bool>(&self, at: usize) -> bool {
        WORDS && self.entries[self.address::<INDEXED>(at)].watched
    }

    /// The word at the effective address.
    #[inline(always)]
    pub(super) fn operand<const INDEXED: bool>(&self, at: usize) -> Word {
        self.words[self.address::<INDEXED>(at)]
    }

    /// Replaces a word, which has to be decoded again if it is executed.
    #[inline(always)]
    pub(super) fn poke(&mut self, address: usize, word: Word) {
        self.words[address] = word;
        self.entries[address].kinds = [Kind::Stale; 2];
    }

    /// An instruction without an operand in core.
    #[inline(always)]
    pub(super) fn act(&mut self, _at: usize, act: impl FnOnce(&mut Regs)) -> Then {
        act(&mut self.regs);
        Then::Next
    }

    /// CAS: skips none, one or two.
    #[inline(always)]
    pub(super) fn compare<const INDEXED: bool>(&mut self, at: usize) -> Then {
        let order = self.regs.compare(self.operand::<INDEXED>(at));
        self.skip_to(match order {
            Ordering::Greater => 1,
            Ordering::Equal => 2,
            Ordering::Less => 3,
        })
    }

    /// Goes on so many places behind this; beyond the last word, from word 0.
    #[inline(always)]
    fn skip_to(&self, places: usize) -> Then {
        Then::Go(self.i.wrapping_add(places) & usize::from(self.mask))
    }

    /// Skips one where the condition holds.
    #[inline(always)]
    pub(super) fn skip(&mut self, _at: usize, holds: impl FnOnce(&mut Regs) -> bool) -> Then {
        let places = if holds(&mut self.regs) { 2 } else { 1 };
        self.skip_to(places)
    }

    /// A word from the registers into core.
    #[inline(always)]
    pub(super) fn store<const INDEXED: bool>(&mut self, at: usize, word: impl FnOnce(&Regs) -> Word) -> Then {
        let y = self.address::<INDEXED>(at);
        self.poke(y, word(&self.regs));
        Then::Next
    }

    /// A word of core, made another.
    #[inline(always)]
    pub(super) fn modify<const INDEXED: bool>(
        &mut self,
        at: usize,
        word: impl FnOnce(&Regs, Word) -> Word,
    ) -> Then {
        let y = self.address::<INDEXED>(at);
        self.poke(y, word(&self.regs, self.words[y]));
        Then::Next
    }

    /// STD. It is the usual way to modify an instruction, so that the kind stays what it is.
    #[inline(always)]
    pub(super) fn store_decrement<const INDEXED: bool>(&mut self, at: usize) -> Then {
        let y = self.address::<INDEXED>(at);
        let word = self.words[y].with_decrement(self.regs.logical().decrement());
        self.words[y] = word;
        let entry = &mut self.entries[y];
        if entry.kinds[1].has_decrement() {
            entry.d = word.decrement() & self.mask;
        } else {
            entry.kinds = [Kind::Stale; 2];
        }
        Then::Next
    }

    /// STA, as STD.
    #[inline(always)]
    pub(super) fn store_address<const INDEXED: bool>(&mut self, at: usize) -> Then {
        let y = self.address::<INDEXED>(at);
        let word = self.words[y].with_address(self.regs.logical().address());
        self.words[y] = word;
        let entry = &mut self.entries[y];
        if entry.kinds[1].has_address() {
            entry.y = word.address() & self.mask;
        } else {
            entry.kinds = [Kind::Stale; 2];
        }
        Then::Next
    }

    /// A transfer where the condition holds.
    #[inline(always)]
    pub(super) fn transfer<const INDEXED: bool>(
        &mut self,
        at: usize,
        holds: impl FnOnce(&mut Regs) -> bool,
    ) -> Then {
        if holds(&mut self.regs) { Then::Go(self.address::<INDEXED>(at)) } else { Then::Next }
    }

    /// TIX, TNX, TXH, TXL: a transfer by the index register of the tag and the count in the decrement.
    #[inline(always)]
    pub(super) fn transfer_by_index(
        &mut self,
        at: usize,
        holds: impl FnOnce(&mut ByTag, Tag, u16) -> bool,
    ) -> Then {
        let &Entry { y, d, tag, .. } = self.entry(at);
        if holds(self.xr, tag, d) { Then::Go(usize::from(y)) } else { Then::Next }
    }

    /// TXI.
    #[inline(always)]
    pub(super) fn transfer_increased(&mut self, at: usize) -> Then {
        let &Entry { y, d, tag, .. } = self.entry(at);
        self.xr.increase(tag, d, self.mask);
        Then::Go(usize::from(y))
    }

    /// TSX.
    #[inline(always)]
    pub(super) fn transfer_with_return(&mut self, at: usize) -> Then {
        let &Entry { y, tag, .. } = self.entry(at);
        self.xr.put_complement(tag, self.i.wrapping_add(at) as u16, self.mask);
        Then::Go(usize::from(y))
    }

    /// LXA, LXD: an index register from a word of core.
    #[inline(always)]
    pub(super) fn load_index(&mut self, at: usize, field: impl FnOnce(Word) -> u16) -> Then {
        let tag = self.entry(at).tag;
        let value = field(self.operand::<false>(at)) & self.mask;
        self.xr.put(tag, value);
        Then::Next
    }

    /// SXD.
    #[inline(always)]
    pub(super) fn store_index(&mut self, at: usize) -> Then {
        let &Entry { y, tag, .. } = self.entry(at);
        let y = usize::from(y);
        self.poke(y, self.words[y].with_decrement(self.xr.get(tag)));
        Then::Next
    }

    /// PAX, PDX: an index register from AC.
    #[inline(always)]
    pub(super) fn place_in_index(&mut self, at: usize, field: impl FnOnce(&Regs) -> u16) -> Then {
        let tag = self.entry(at).tag;
        self.xr.put(tag, field(&self.regs) & self.mask);
        Then::Next
    }

    /// PXD: an index register, or zero, into the registers.
    #[inline(always)]
    pub(super) fn place_from_index(&mut self, at: usize, act: impl FnOnce(&mut Regs, u16)) -> Then {
        let x = self.xr.get(self.entry(at).tag);
        act(&mut self.regs, x);
        Then::Next
    }

    /// Places and cycles of a shift, which were worked out ahead.
    #[inline(always)]
    pub(super) fn places(&self, at: usize) -> (u8, u64) {
        let &Entry { y, d, .. } = self.entry(at);
        (y as u8 & 63, u64::from(d))
    }
}
