//! Operation codes that the manual does not give, as the partial decoding of the machine takes them.
//!
//! The 704 has no illegal-instruction stop: a code selects a group by its high bits, and single low bits choose
//! within the group. All of it was measured on the netlist (GATE), except the lines with a mark.
//!
//! When bits 10 and 4 of the code are both one, the tag positions of the storage register (18-20) are held: the address
//! is not modified, index registers are written by the tag of the instruction, and an operand comes without a tag of
//! its own. In any other code the address is modified, and what writes an index register afterwards finds the tag of
//! the word that is in the storage register by then.

mod decode;

use asm704::Word;
use asm704::isa::{Major, is_indexable};

pub(super) use self::decode::Act;
use self::decode::act;
pub(super) use self::decode::{ADDRESS, DECREMENT, LEFT_HALF, PREFIX};
use super::{Flow, Machine};
use crate::cpu::storage::{Hold, Line, inverted};
use crate::cpu::{Ac, signed};
use crate::media::Media;

impl Machine {
    /// Executes a code without an operation of its own.
    #[cold]
    #[inline(never)]
    pub(crate) fn partial(&mut self, word: Word, location: u16, media: &mut dyn Media) -> Flow {
        let y = self.operand_address(word);
        let hold = Hold::of(word);
        let operand = hold.passes(self.core.peek(y));
        match act_of(word) {
            Act::As(op) => return self.execute(op, word, location, media),
            Act::DivideLogical(op) => {
                if operand.magnitude() > self.cpu.ac.magnitude {
                    let negative = self.cpu.ac.negative != operand.is_negative();
                    self.cpu.mq = signed(negative, if negative { Word::MAGNITUDE } else { 0 });
                }
                return self.execute(op, word, location, media);
            }
            Act::PlaceAddress => return self.execute(Major::Pax, word, location, media),
            // UNVERIFIED: that MQ does not come into SR, as it does for TLQ.
            Act::NoTransfer => self.transfer_or_not(location, false, y),
            Act::EitherMqTest => {
                let taken = std::mem::take(&mut self.cpu.mq_overflow) || !self.cpu.mq_negative();
                self.transfer_or_not(location, taken, y);
            }
            // UNVERIFIED: that SR has the inverted sign, here and in the next.
            Act::LoadInverted => {
                self.cpu.sr = inverted(operand);
                self.cpu.ac = Ac::from_logical(self.cpu.sr);
                self.two_cycles(location);
            }
            Act::OrInverted => {
                self.cpu.sr = inverted(operand);
                self.cpu.ac.magnitude |= self.cpu.sr.bits();
                self.two_cycles(location);
            }
            Act::Store { mq, ac, storage } => {
                let old = if storage { self.core.peek(y) } else { Word::ZERO };
                self.store_word(y, old | self.bus(mq, ac), hold);
                self.two_cycles(location);
            }
            Act::StorePart { mq, ac, fields } => {
                self.store_fields(y, fields, self.bus(mq, ac), hold);
                self.two_cycles(location);
            }
            Act::StoreIndex { ac, address } => {
                let bus = self.bus(false, ac);
                self.store_index(word, y, bus, if address { ADDRESS } else { 0 }, hold);
                self.two_cycles(location);
            }
        }
        Ok(())
    }

    /// A transfer with its trap.
    fn transfer_or_not(&mut self, location: u16, taken: bool, y: u16) {
        self.two_cycles(location);
        if self.cpu.trapping {
            self.trap(location);
        }
        if taken {
            self.cpu.ic = if self.cpu.trapping { 1 } else { y };
        }
    }

    /// The registers that a store puts on the bus, OR-ed.
    fn bus(&self, mq: bool, ac: Line) -> Word {
        let ac = self.cpu.ac_on_bus(ac);
        if mq { ac | self.cpu.mq } else { ac }
    }

    /// E cycle that writes the whole word.
    #[inline(always)]
    pub(super) fn store_word(&mut self, y: u16, word: Word, hold: Hold) {
        self.cpu.sr = hold.passes(word);
        self.core.poke(y, word);
    }

    /// E cycle that writes fields of the bus; the others of core come into SR beside the whole bus.
    #[inline(always)]
    pub(super) fn store_fields(&mut self, y: u16, fields: u64, bus: Word, hold: Hold) {
        let kept = self.core.peek(y).bits() & !fields;
        self.cpu.sr = hold.passes(Word::new(kept | bus.bits()));
        self.core.poke(y, Word::new(kept | (bus.bits() & fields)));
    }

    /// SXD, and codes -0630 to -0637: the decrement gets the bus, index included, and the index goes back into its
    /// registers: with several tags, the OR into each of them (GATE). SR has chosen the registers by the tag that it
    /// holds, or that core and bus have brought; with an address that is modified the index is the complement that
    /// subtracts.
    pub(super) fn store_index(&mut self, word: Word, y: u16, bus: Word, address: u64, hold: Hold) {
        let tag = hold.passes(self.core.peek(y) | bus).tag();
        let x = match (tag, is_indexable(word)) {
            (0, _) => 0,
            (_, true) => !self.cpu.index(tag) & self.core.size().mask(),
            (_, false) => self.cpu.index(tag),
        };
        self.cpu.set_index(tag, x);
        self.store_fields(y, DECREMENT | address, bus | Word::ZERO.with_decrement(x), hold);
    }

    /// The end of what continues with the next instruction.
    fn two_cycles(&mut self, location: u16) {
        self.cycle += 2;
        self.instructions += 1;
        self.cpu.ic = (location + 1) & self.core.size().mask();
    }
}

/// What an undefined code does.
pub(super) fn act_of(word: Word) -> Act {
    act((word.bits() >> 24 & 0o777) as u16, word.is_negative())
}
