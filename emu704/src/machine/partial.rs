//! Operation codes that the manual does not give, as the partial decoding of the machine takes them.
//!
//! The 704 has no illegal-instruction stop: a code selects a group by its high bits, and single low bits choose
//! within the group. All of it was measured on the netlist (GATE) unless a line says UNVERIFIED.
//!
//! When bits 10 and 4 of the code are both one, the tag positions of the storage register (18-20) are held: the address
//! is not modified, index registers are written by the tag of the instruction, and an operand comes without a tag of
//! its own. In any other code the address is modified, and what writes an index register afterwards finds the tag of
//! the word that is in the storage register by then.

mod decode;

use asm704::Word;
use asm704::isa::{Op, is_indexable};

use self::decode::{ADDRESS, Act, DECREMENT, Line, TAG, act};
use super::{Flow, Machine};
use crate::cpu::{Ac, signed};
use crate::media::Media;

impl Machine {
    /// Executes a code without an operation of its own.
    #[cold]
    #[inline(never)]
    pub(crate) fn partial(&mut self, word: Word, location: u16, media: &mut dyn Media) -> Flow {
        let code = (word.bits() >> 24 & 0o777) as u16;
        let indexed = is_indexable(word);
        let y = if indexed { self.effective(word) } else { word.address() & self.core.size().mask() };
        match act(code, word.is_negative()) {
            Act::As(op) => return self.execute_held(op, word, y, location, media),
            Act::DivideLogical(op) => {
                let divisor = self.operand(word, y);
                if divisor.magnitude() > self.cpu.ac.magnitude {
                    let negative = self.cpu.ac.negative != divisor.is_negative();
                    self.cpu.mq = signed(negative, if negative { Word::MAGNITUDE } else { 0 });
                }
                return self.execute_held(op, word, y, location, media);
            }
            Act::FloatAdd { op, p_as_sign } => {
                let characteristic = self.operand(word, y).magnitude() >> 27;
                let ac = &mut self.cpu.ac;
                if characteristic < ac.magnitude >> 27 {
                    // AC and the storage register are interchanged, so that AC meets the held tag.
                    if !indexed {
                        ac.magnitude = ac.magnitude & !TAG | word.bits() & TAG;
                    }
                    // Q is lost in the interchange, and like P it makes the characteristic the larger one.
                    if ac.p() && !p_as_sign {
                        ac.magnitude = ac.magnitude & !Ac::P | Ac::Q;
                    }
                }
                return self.execute_held(op, word, y, location, media);
            }
            Act::AndWithoutP(op) => {
                let p = self.cpu.ac.magnitude & Ac::P;
                self.cpu.ac.magnitude |= Ac::P;
                let flow = self.execute_held(op, word, y, location, media);
                if op == Op::Ans {
                    self.cpu.ac.magnitude = self.cpu.ac.magnitude & !Ac::P | p;
                }
                return flow;
            }
            Act::LoadIndex(op) => {
                let tag = self.core.peek(y).tag();
                return self.execute_at(op, word, y, tag, location, media);
            }
            Act::PlaceAddress => {
                let tag = self.cpu.ac.word().tag();
                return self.execute_at(Op::Pax, word, y, tag, location, media);
            }
            Act::NoTransfer => self.transfer_or_not(word, location, false, y),
            Act::EitherMqTest => {
                let taken = std::mem::take(&mut self.cpu.mq_overflow) || !self.cpu.mq_negative();
                self.transfer_or_not(word, location, taken, y);
            }
            Act::LoadInverted => {
                self.cpu.sr = self.operand(word, y);
                self.cpu.ac = Ac::from_logical(inverted(self.cpu.sr));
                self.two_cycles(location);
            }
            Act::OrInverted => {
                self.cpu.sr = self.operand(word, y);
                self.cpu.ac.magnitude |= inverted(self.cpu.sr).bits();
                self.two_cycles(location);
            }
            Act::Store { mq, ac, storage } => {
                let old = if storage { self.core.peek(y) } else { Word::ZERO };
                self.store_word(y, old | self.bus(mq, ac));
                self.two_cycles(location);
            }
            Act::StorePart { mq, ac, fields } => {
                self.store_fields(y, fields, self.bus(mq, ac));
                self.two_cycles(location);
            }
            Act::StoreIndex { ac, address } => {
                let bus = self.bus(false, ac);
                self.store_index(word, y, indexed, bus, if address { ADDRESS } else { 0 });
                self.two_cycles(location);
            }
        }
        Ok(())
    }

    /// Executes an operation on the operand as the storage register has it.
    fn execute_held(&mut self, op: Op, word: Word, y: u16, location: u16, media: &mut dyn Media) -> Flow {
        let tag = if keeps_tag(op) { word.tag() } else { 0 };
        let reads = matches!(word.bits() >> 24 & 0o777, 0o200..=0o577) && op != Op::Ans;
        if is_indexable(word) || !reads {
            return self.execute_at(op, word, y, tag, location, media);
        }
        // The operation finds the operand in core; none of these writes anything there.
        let stored = self.core.peek(y);
        self.core.poke(y, self.operand(word, y));
        let flow = self.execute_at(op, word, y, tag, location, media);
        self.core.poke(y, stored);
        flow
    }

    /// Executes an operation with the address as it is modified already, and a tag for what writes index registers.
    fn execute_at(
        &mut self,
        op: Op,
        word: Word,
        y: u16,
        tag: u8,
        location: u16,
        media: &mut dyn Media,
    ) -> Flow {
        let bits = word.bits() & !0o000000777777;
        let effective = Word::new(bits | u64::from(tag) << 15 | u64::from(y));
        let flow = self.execute(op, effective, location, media);
        if self.cpu.sr == effective {
            self.cpu.sr = word;
        }
        flow
    }

    /// The word of core as it comes into the storage register.
    ///
    /// UNVERIFIED: that a tag of the instruction stays in it; the cases measured have tag 0 there.
    fn operand(&self, word: Word, y: u16) -> Word {
        let operand = self.core.peek(y);
        if is_indexable(word) { operand } else { Word::new((operand.bits() & !TAG) | (word.bits() & TAG)) }
    }

    /// A transfer with its trap.
    fn transfer_or_not(&mut self, word: Word, location: u16, taken: bool, y: u16) {
        self.cpu.sr = word;
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
        let ac = match ac {
            Line::None => Word::ZERO,
            Line::Signed => self.cpu.ac.word(),
            Line::Logical => self.cpu.ac.logical(),
        };
        if mq { ac | self.cpu.mq } else { ac }
    }

    fn store_word(&mut self, y: u16, word: Word) {
        self.cpu.sr = word;
        self.core.poke(y, word);
    }

    fn store_fields(&mut self, y: u16, fields: u64, bus: Word) {
        let old = self.core.peek(y).bits();
        self.store_word(y, Word::new((old & !fields) | (bus.bits() & fields)));
    }

    /// -0630 to -0637: the decrement gets the bus, index included, and the index goes back into its registers. In
    /// the indexable ones it is the complement that subtracts, of the registers that the tags on the bus and in
    /// core name.
    fn store_index(&mut self, word: Word, y: u16, indexed: bool, bus: Word, address: u64) {
        let mask = self.core.size().mask();
        let tag = if indexed { self.core.peek(y).tag() | bus.tag() } else { word.tag() };
        let x = match (tag, indexed) {
            (0, _) => 0,
            (_, true) => !self.cpu.index(tag) & mask,
            (_, false) => self.cpu.index(tag),
        };
        self.cpu.set_index(tag, x);
        let decrement = bus.decrement() | x;
        self.store_fields(y, DECREMENT | address, bus.with_decrement(decrement));
    }

    /// The end of what goes on with the next instruction.
    fn two_cycles(&mut self, location: u16) {
        self.cycle += 2;
        self.instructions += 1;
        self.cpu.ic = (location + 1) & self.core.size().mask();
    }
}

/// Operations that read or write the index registers of their tag besides the address modification.
fn keeps_tag(op: Op) -> bool {
    use Op::{Lxa, Lxd, Pax, Pdx, Pxd, Sxd, Tix, Tnx, Tsx, Txh, Txi, Txl};
    matches!(op, Txi | Tix | Tnx | Txh | Txl | Tsx | Lxa | Lxd | Sxd | Pax | Pdx | Pxd)
}

fn inverted(word: Word) -> Word {
    Word::new(word.bits() ^ Word::SIGN)
}
