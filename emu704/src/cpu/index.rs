//! Operations on index registers, written once for both interpreters.
//!
//! A value is within the core size; `mask` is the largest address. All are wider than they need to be, which is what hosts calculate with. The plain interpreter has three registers, and
//! a tag may name several ([`Cpu::index`]); the fast loop has them by tag, and handles only instructions that name one.

use super::Cpu;

/// Index registers named by tags.
pub(crate) trait IndexRegisters {
    /// The type of tag.
    type Tag: Copy;

    /// The value named by a tag; zero if the tag names no register.
    fn get(&self, tag: Self::Tag) -> u32;

    /// Puts a value into the registers named by a tag, if any.
    fn put(&mut self, tag: Self::Tag, value: u32);

    /// TSX: the complement of the location.
    #[inline(always)]
    fn put_complement(&mut self, tag: Self::Tag, location: u32, mask: u32) {
        self.put(tag, location.wrapping_neg() & mask);
    }

    /// TXI: adds the decrement.
    #[inline(always)]
    fn increase(&mut self, tag: Self::Tag, decrement: u32, mask: u32) {
        let sum = self.get(tag).wrapping_add(decrement) & mask;
        self.put(tag, sum);
    }

    /// TIX, TNX: subtracts the decrement from a larger value, and returns whether it did.
    #[inline(always)]
    fn count_down(&mut self, tag: Self::Tag, decrement: u32) -> bool {
        let x = self.get(tag);
        let above = x > decrement;
        if above {
            self.put(tag, x - decrement);
        }
        above
    }

    /// TXH; TXL transfers if it is false.
    #[inline(always)]
    fn is_above(&self, tag: Self::Tag, decrement: u32) -> bool {
        self.get(tag) > decrement
    }
}

impl IndexRegisters for Cpu {
    type Tag = u8;

    #[inline(always)]
    fn get(&self, tag: u8) -> u32 {
        u32::from(self.index(tag))
    }

    #[inline(always)]
    fn put(&mut self, tag: u8, value: u32) {
        self.set_index(tag, value as u16);
    }
}
