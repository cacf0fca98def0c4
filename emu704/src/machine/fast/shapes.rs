//! What an instruction of the fast loop does besides the operation on registers: the shapes that the rows of the table
//! call.
//!
//! A shape does the instruction `at` places behind the location counter (0; 1 to 3 in a sequence), and says [where the loop
//! goes then](Then). All is inlined into the arms of the loop, so that [`Fast`] exists in registers of the host alone;
//! nothing may take its address.

use std::cmp::Ordering;
use std::marker::PhantomData;

use asm704::Word;

use super::memory::{InLoop, InMemory, One};
use super::onlooker::Onlook;
use crate::core_store::PLACES;
use crate::core_store::decoded::{ENTRIES, Entry, Kind, Tag};
use crate::cpu::Regs;
use crate::cpu::index::IndexRegisters;

/// Where the loop goes.
pub(super) enum Then {
    /// To the next instruction.
    Next,
    /// To this location, or one behind the last word, where [`Kind::Wrap`] is.
    Go(usize),
    /// Nothing was done: the plain interpreter does it.
    Leave,
    /// As the first two, and the loop ends behind it.
    LastNext,
    LastGo(usize),
}

/// Where an instruction is: so many places behind the location counter, all constants where they are used.
#[derive(Clone, Copy)]
pub(super) struct At {
    /// Its word.
    pub(super) word: usize,
    /// What is in its index register, where that is known.
    pub(super) x: Option<u32>,
}

impl At {
    pub(super) const ALONE: At = At { word: 0, x: None };
}

/// What an operation says when it is done: nothing; the cycles by which it differs from its row; or whether it has done anything
/// at all.
pub(super) trait Outcome {
    fn end(self, budget: &mut i32) -> Then;
}

impl Outcome for () {
    #[inline(always)]
    fn end(self, _budget: &mut i32) -> Then {
        Then::Next
    }
}

/// All that an instruction takes from the budget.
pub(super) struct Cost(u16);

impl Outcome for Cost {
    #[inline(always)]
    fn end(self, budget: &mut i32) -> Then {
        *budget -= i32::from(self.0);
        Then::Next
    }
}

impl Outcome for bool {
    #[inline(always)]
    fn end(self, _budget: &mut i32) -> Then {
        if self { Then::Next } else { Then::Leave }
    }
}

/// What the loop works on, and who looks on.
pub(super) struct Fast<'a, O> {
    pub(super) regs: Regs<InLoop<'a>>,
    /// The largest address. As a constant of the type it would save nothing: it is an operand in memory instead of one in the instruction.
    pub(super) mask: u32,
    pub(super) xr: &'a InMemory,
    pub(super) words: &'a mut [Word; PLACES],
    pub(super) entries: &'a mut [Entry; ENTRIES],
    /// The instruction location counter.
    pub(super) i: usize,
    pub(super) onlooker: PhantomData<O>,
}

/// A word with these fields of another.
#[inline(always)]
pub(super) const fn fields(word: Word, mask: u64, of: Word) -> Word {
    Word::new(word.bits() & !mask | of.bits() & mask)
}

impl<'a, O: Onlook> Fast<'a, O> {
    /// The entry of an instruction.
    #[inline(always)]
    pub(super) fn entry(&self, at: usize) -> &Entry {
        &self.entries[(self.i & 0xffff) + at]
    }

    /// The tag of an instruction.
    #[inline(always)]
    fn tag(&self, at: At) -> Tag {
        self.entry(at.word).tag
    }

    /// What is in the index register of an instruction.
    #[inline(always)]
    pub(super) fn index(&self, at: At) -> u32 {
        match at.x {
            Some(x) => x,
            None => self.xr.get(self.tag(at)),
        }
    }

    /// Takes the cost of an instruction from the budget if it was done.
    #[inline(always)]
    pub(super) fn pay(&mut self, then: Then, cost: i32) -> Then {
        if !matches!(then, Then::Leave) {
            self.regs.beside.budget -= cost;
        }
        then
    }

    /// The effective address: as it stands, or less one index register.
    #[inline(always)]
    pub(super) fn address<const INDEXED: bool>(&self, at: At) -> usize {
        let entry = self.entry(at.word);
        if INDEXED {
            (u32::from(entry.y).wrapping_sub(self.index(at)) & self.mask) as usize
        } else {
            usize::from(entry.y)
        }
    }

    /// The word at the effective address is watched: an instruction that reads or writes it is left to the plain interpreter.
    #[inline(always)]
    pub(super) fn is_watched<const INDEXED: bool>(&self, at: At) -> bool {
        O::OPERANDS && self.entries[self.address::<INDEXED>(at)].mark.is_watched()
    }

    /// Some instruction would come to a watched word with this value of an index register, so that it must not have it in this loop.
    #[inline(always)]
    fn is_guarded(&self, tag: Tag, x: u32) -> bool {
        O::INDEXES && self.entries[(x & 0xffff) as usize].mark.is_guarded(tag)
    }

    /// That is so for one of them now, since a word has been decoded.
    #[inline(always)]
    pub(super) fn any_is_guarded(&self) -> bool {
        [Tag::A, Tag::B, Tag::C].into_iter().any(|tag| self.is_guarded(tag, self.xr.get(tag)))
    }

    /// Puts a value into the index register of an instruction. The loop ends if it may not go on with that.
    #[inline(always)]
    fn put_index(&mut self, tag: Tag, x: u32, then: Then) -> Then {
        self.xr.put(tag, x);
        match then {
            Then::Next if self.is_guarded(tag, x) => Then::LastNext,
            Then::Go(to) if self.is_guarded(tag, x) => Then::LastGo(to),
            then => then,
        }
    }

    /// An instruction whose address was changed need not be decoded again: it is not, or it does not come to a watched word.
    #[inline(always)]
    fn may_have_address(&self, entry: Entry, y: u16) -> bool {
        entry.kinds[1].has_address()
            && !(O::WATCHES && (entry.tag != Tag::None || self.entries[usize::from(y)].mark.is_watched()))
    }

    /// The word at the effective address.
    #[inline(always)]
    pub(super) fn operand<const INDEXED: bool>(&self, at: At) -> Word {
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
    pub(super) fn act(&mut self, _at: At, act: impl FnOnce(&mut Regs<InLoop<'a>>)) -> Then {
        act(&mut self.regs);
        Then::Next
    }

    /// CAS: skips none, one or two.
    #[inline(always)]
    pub(super) fn compare<const INDEXED: bool>(&mut self, at: At) -> Then {
        let order = self.regs.compare(self.operand::<INDEXED>(at));
        let places = match order {
            Ordering::Greater => 1,
            Ordering::Equal => 2,
            Ordering::Less => 3,
        };
        self.skip_to(at, places)
    }

    /// Goes on so many places behind this; beyond the last word, from word 0.
    #[inline(always)]
    fn skip_to(&self, at: At, places: usize) -> Then {
        Then::Go(self.i.wrapping_add(at.word + places) & self.mask as usize)
    }

    /// Skips one where the condition holds.
    #[inline(always)]
    pub(super) fn skip(&mut self, at: At, holds: impl FnOnce(&mut Regs<InLoop<'a>>) -> bool) -> Then {
        let places = if holds(&mut self.regs) { 2 } else { 1 };
        self.skip_to(at, places)
    }

    /// A word from the registers into core.
    #[inline(always)]
    pub(super) fn store<const INDEXED: bool>(
        &mut self,
        at: At,
        word: impl FnOnce(&Regs<InLoop<'a>>) -> Word,
    ) -> Then {
        let y = self.address::<INDEXED>(at);
        self.poke(y, word(&self.regs));
        Then::Next
    }

    /// A word of core, made another.
    #[inline(always)]
    pub(super) fn modify<const INDEXED: bool>(
        &mut self,
        at: At,
        word: impl FnOnce(&Regs<InLoop<'a>>, Word) -> Word,
    ) -> Then {
        let y = self.address::<INDEXED>(at);
        self.poke(y, word(&self.regs, self.words[y]));
        Then::Next
    }

    /// STD. It is the usual way to modify an instruction, so that the kind stays what it is.
    #[inline(always)]
    pub(super) fn store_decrement<const INDEXED: bool>(&mut self, at: At) -> Then {
        let y = self.address::<INDEXED>(at);
        let word = self.words[y].with_decrement(self.regs.logical().decrement());
        self.words[y] = word;
        let entry = &mut self.entries[y];
        if entry.kinds[1].has_decrement() {
            entry.d = word.decrement() & self.mask as u16;
        } else {
            entry.kinds = [Kind::Stale; 2];
        }
        Then::Next
    }

    /// STA, as STD.
    #[inline(always)]
    pub(super) fn store_address<const INDEXED: bool>(&mut self, at: At) -> Then {
        let y = self.address::<INDEXED>(at);
        let word = self.words[y].with_address(self.regs.logical().address());
        self.words[y] = word;
        let address = word.address() & self.mask as u16;
        if self.may_have_address(self.entries[y], address) {
            self.entries[y].y = address;
        } else {
            self.entries[y].kinds = [Kind::Stale; 2];
        }
        Then::Next
    }

    /// A transfer where the condition holds.
    #[inline(always)]
    pub(super) fn transfer<const INDEXED: bool>(
        &mut self,
        at: At,
        holds: impl FnOnce(&mut Regs<InLoop<'a>>) -> bool,
    ) -> Then {
        if holds(&mut self.regs) { Then::Go(self.address::<INDEXED>(at)) } else { Then::Next }
    }

    /// TIX, TNX, TXH, TXL: a transfer by the index register of the tag and the count in the decrement.
    #[inline(always)]
    pub(super) fn transfer_by_index(&mut self, at: At, holds: impl FnOnce(&mut One, u32) -> bool) -> Then {
        let &Entry { y, d, tag, .. } = self.entry(at.word);
        let mut x = One(self.index(at));
        let holds = holds(&mut x, d.into());
        self.put_index(tag, x.0, if holds { Then::Go(usize::from(y)) } else { Then::Next })
    }

    /// TXI.
    #[inline(always)]
    pub(super) fn transfer_increased(&mut self, at: At) -> Then {
        let y = self.entry(at.word).y;
        self.increase_to(at, Then::Go(usize::from(y)))
    }

    /// TXI to the next location.
    #[inline(always)]
    pub(super) fn increase(&mut self, at: At) -> Then {
        self.increase_to(at, Then::Next)
    }

    #[inline(always)]
    fn increase_to(&mut self, at: At, then: Then) -> Then {
        let &Entry { d, tag, .. } = self.entry(at.word);
        let mut x = One(self.xr.get(tag));
        x.increase((), d.into(), self.mask);
        self.put_index(tag, x.0, then)
    }

    /// TSX.
    #[inline(always)]
    pub(super) fn transfer_with_return(&mut self, at: At) -> Then {
        let &Entry { y, tag, .. } = self.entry(at.word);
        let mut x = One(0);
        x.put_complement((), self.i.wrapping_add(at.word) as u32, self.mask);
        self.put_index(tag, x.0, Then::Go(usize::from(y)))
    }

    /// LXA, LXD: an index register from a word of core.
    #[inline(always)]
    pub(super) fn load_index(&mut self, at: At, field: impl FnOnce(Word) -> u16) -> Then {
        let value = u32::from(field(self.operand::<false>(at))) & self.mask;
        self.put_index(self.tag(at), value, Then::Next)
    }

    /// SXD.
    #[inline(always)]
    pub(super) fn store_index(&mut self, at: At) -> Then {
        let y = self.address::<false>(at);
        self.poke(y, self.words[y].with_decrement(self.index(at) as u16));
        Then::Next
    }

    /// PAX, PDX: an index register from AC.
    #[inline(always)]
    pub(super) fn place_in_index(&mut self, at: At, field: impl FnOnce(&Regs<InLoop<'a>>) -> u16) -> Then {
        let value = u32::from(field(&self.regs)) & self.mask;
        self.put_index(self.tag(at), value, Then::Next)
    }

    /// PXD: an index register, or zero, into the registers.
    #[inline(always)]
    pub(super) fn place_from_index(&mut self, at: At, act: impl FnOnce(&mut Regs<InLoop<'a>>, u32)) -> Then {
        let x = self.index(at);
        act(&mut self.regs, x);
        Then::Next
    }

    /// Places and cost of a shift, which were worked out ahead.
    #[inline(always)]
    pub(super) fn places(&self, at: At) -> (u8, Cost) {
        let &Entry { y, d, .. } = self.entry(at.word);
        (y as u8 & 63, Cost(d))
    }
}
