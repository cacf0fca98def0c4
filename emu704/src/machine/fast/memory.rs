//! Where the fast loop has the registers that it does not hold in registers of the host.

use std::cell::Cell;

use asm704::Word;

use super::CYCLES;
use crate::core_store::decoded::Tag;
use crate::cpu::index::IndexRegisters;
use crate::cpu::{Beside, Cpu, Indicator};

/// What the loop keeps in memory of the host: the index registers by tag, a zero for no tag, and in the places that no tag names
/// the rest of what instructions change, apart from AC. As the place depends on a tag, no compiler moves any of it into registers
/// of the host, of which there are too few: each of these takes as many instructions in memory, or one more.
pub(super) struct InMemory([Cell<Word>; 8]);

const AC_OVERFLOW: usize = 3;
const MQ_OVERFLOW: usize = 5;
const DIVIDE_CHECK: usize = 6;
const MQ: usize = 7;

impl InMemory {
    pub(super) fn of(cpu: &Cpu) -> InMemory {
        let mut all = [Word::ZERO; 8];
        for (tag, x) in [1, 2, 4].into_iter().zip(cpu.xr) {
            all[tag] = Word::new(x.into());
        }
        all[AC_OVERFLOW] = Word::new(cpu.ac_overflow.into());
        all[MQ_OVERFLOW] = Word::new(cpu.mq_overflow.into());
        all[DIVIDE_CHECK] = Word::new(cpu.divide_check.into());
        all[MQ] = cpu.mq;
        InMemory(all.map(Cell::new))
    }

    pub(super) fn put_back(&self, cpu: &mut Cpu) {
        let is_on = |place: usize| self.0[place].get() != Word::ZERO;
        cpu.xr = [1, 2, 4].map(|tag: usize| self.0[tag].get().bits() as u16);
        cpu.ac_overflow = is_on(AC_OVERFLOW);
        cpu.mq_overflow = is_on(MQ_OVERFLOW);
        cpu.divide_check = is_on(DIVIDE_CHECK);
        cpu.mq = self.0[MQ].get();
    }

    #[inline(always)]
    const fn indicator(&self, indicator: Indicator) -> &Cell<Word> {
        &self.0[match indicator {
            Indicator::AcOverflow => AC_OVERFLOW,
            Indicator::MqOverflow => MQ_OVERFLOW,
            Indicator::DivideCheck => DIVIDE_CHECK,
        }]
    }

    /// The index registers by tag; a tag of several has them together, as the machine does.
    #[inline(always)]
    pub(super) fn by_tag(&self) -> [u32; 8] {
        let [a, b, c] = [1, 2, 4].map(|tag| self.of_tag(tag));
        [0, a, b, a | b, c, a | c, b | c, a | b | c]
    }

    /// The one of a tag that names one.
    #[inline(always)]
    pub(super) fn of_tag(&self, tag: u8) -> u32 {
        self.0[usize::from(tag & 7)].get().bits() as u32
    }
}

/// MQ and the indicators in memory, the time in hand.
pub(super) struct InLoop<'a> {
    memory: &'a InMemory,
    /// What is left of the cycles, less a count of the instructions in the lower places.
    pub(super) budget: i32,
}

impl<'a> InLoop<'a> {
    pub(super) fn new(memory: &'a InMemory, budget: i32) -> InLoop<'a> {
        InLoop { memory, budget }
    }
}

impl Beside for InLoop<'_> {
    #[inline(always)]
    fn mq(&self) -> Word {
        self.memory.0[MQ].get()
    }

    #[inline(always)]
    fn put_mq(&mut self, word: Word) {
        self.memory.0[MQ].set(word);
    }

    #[inline(always)]
    fn turn_on(&mut self, indicator: Indicator) {
        self.memory.indicator(indicator).set(Word::new(1));
    }

    #[inline(always)]
    fn take(&mut self, indicator: Indicator) -> bool {
        self.memory.indicator(indicator).replace(Word::ZERO) != Word::ZERO
    }

    #[inline(always)]
    fn take_longer(&mut self, cycles: i64) {
        self.budget -= (cycles as i32) << CYCLES;
    }
}

impl IndexRegisters for &InMemory {
    type Tag = Tag;

    #[inline(always)]
    fn get(&self, tag: Tag) -> u32 {
        self.0[tag as usize].get().bits() as u32
    }

    /// The tag names a register: the kinds of the group `index` see to it.
    #[inline(always)]
    fn put(&mut self, tag: Tag, value: u32) {
        self.0[tag as usize].set(Word::new(value.into()));
    }
}

/// One index register, in a register of the host.
pub(super) struct One(pub(super) u32);

impl IndexRegisters for One {
    type Tag = ();

    #[inline(always)]
    fn get(&self, (): ()) -> u32 {
        self.0
    }

    #[inline(always)]
    fn put(&mut self, (): (), value: u32) {
        self.0 = value;
    }
}
