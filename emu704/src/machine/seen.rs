//! The part of the machine that an onlooker sees before an instruction.

use asm704::Word;

use super::Machine;
use crate::core_store::PLACES;
use crate::cpu::Ac;

/// Registers and core before an instruction. The fast loop has nothing else; the storage register, for example, is not kept
/// there.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// Location of the instruction.
    pub(crate) ic: u16,
    pub(crate) ac: Ac,
    pub(crate) mq: Word,
    /// Index registers by tag.
    pub(crate) xr: [u32; 8],
    /// Machine cycle.
    pub(crate) cycle: u64,
    /// Words of core, of which those up to `mask` are used.
    pub(crate) words: &'a [Word; PLACES],
    pub(crate) mask: u16,
    /// The whole machine. `None` in the fast loop, whose instructions do not depend on the rest of it.
    pub(crate) machine: Option<&'a Machine>,
}

impl Machine {
    /// The machine before the instruction at IC.
    #[inline]
    pub(crate) fn seen(&self) -> Seen<'_> {
        Seen {
            ic: self.cpu.ic,
            ac: self.cpu.ac,
            mq: self.cpu.mq,
            xr: std::array::from_fn(|tag| self.cpu.index(tag as u8).into()),
            cycle: self.cycle,
            words: self.core.places(),
            mask: self.core.size().mask(),
            machine: Some(self),
        }
    }
}

impl Seen<'_> {
    /// The word at an address, taken modulo the size of core.
    #[inline(always)]
    pub(crate) fn peek(&self, address: u16) -> Word {
        self.words[usize::from(address & self.mask)]
    }

    /// The word of the instruction.
    #[inline(always)]
    pub(crate) fn word(&self) -> Word {
        self.peek(self.ic)
    }

    /// The effective address of a word, as [`Machine::effective`].
    #[inline(always)]
    pub(crate) fn effective(&self, word: Word) -> u16 {
        let x = self.xr[usize::from(word.tag() & 7)];
        word.address().wrapping_sub(x as u16) & self.mask
    }
}
