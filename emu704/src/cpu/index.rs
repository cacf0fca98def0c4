//! Operations on index registers, written once for both interpreters.
//!
//! A value is within the core size; `mask` is the largest address. The plain interpreter has three registers, of which
//! a tag may name several ([`Cpu::index`]); the fast loop has them by tag, and only instructions that name one.

use super::Cpu;

/// Index registers that are named by tags.
pub(crate) trait IndexRegisters {
    /// What names them.
    type Tag: Copy;

    /// The value; of no register, zero.
    fn get(&self, tag: Self::Tag) -> u16;

    /// Puts a value into what the tag names, if it names any.
    fn put(&mut self, tag: Self::Tag, value: u16);

    /// TSX: the complement of the location.
    #[inline(always)]
    fn put_complement(&mut self, tag: Self::Tag, location: u16, mask: u16) {
        self.put(tag, location.wrapping_neg() & mask);
    }

    /// TXI: adds the decrement.
    #[inline(always)]
    fn increase(&mut self, tag: Self::Tag, decrement: u16, mask: u16) {
        let sum = self.get(tag).wrapping_add(decrement) & mask;
        self.put(tag, sum);
    }

    /// TIX, TNX: subtracts the decrement from what is above it, and says whether it was.
    #[inline(always)]
    fn count_down(&mut self, tag: Self::Tag, decrement: u16) -> bool {
        let x = self.get(tag);
        let above = x > decrement;
        if above {
            self.put(tag, x - decrement);
        }
        above
    }

    /// TXH; TXL transfers where it is false.
    #[inline(always)]
    fn is_above(&self, tag: Self::Tag, decrement: u16) -> bool {
        self.get(tag) > decrement
    }
}

impl IndexRegisters for Cpu {
    type Tag = u8;

    #[inline(always)]
    fn get(&self, tag: u8) -> u16 {
        self.index(tag)
    }

    #[inline(always)]
    fn put(&mut self, tag: u8, value: u16) {
        self.set_index(tag, value);
    }
}
