//! A machine with reels whose items are given one by one, for tests that work out times by hand.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::collections::BTreeMap;

use asm704::Word;
use asm704::isa::lookup;
use asm704::media::tape::{Item, Record, TapeError};
use emu704::media::{Media, Overwriting, Reel, WrittenOver};
use emu704::{Config, CoreSize, Machine, Stop, StopKind};

/// A reel in memory; its places are numbers of items.
pub struct Items {
    pub items: Vec<Item>,
    pub ring: bool,
}

impl Reel for Items {
    fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        Ok(self.items.get(at as usize).map(|item| (item.clone(), at + 1)))
    }
    fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        Ok(at.checked_sub(1).map(|before| (self.items[before as usize].clone(), before)))
    }
    fn write(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError> {
        self.items.truncate(at as usize);
        self.items.extend_from_slice(items);
        Ok(self.items.len() as u64)
    }
    fn write_over(&mut self, at: u64, items: &[Item], _: &Overwriting) -> Result<WrittenOver, TapeError> {
        let old_behind = at as usize + items.len() < self.items.len();
        let behind = self.write(at, items)?;
        Ok(WrittenOver { behind, old_behind })
    }
    fn ring(&self) -> bool {
        self.ring
    }
    fn label(&self) -> String {
        "a reel in memory".to_owned()
    }
}

#[derive(Default)]
struct Reels(BTreeMap<u8, Items>);

impl Media for Reels {
    fn reel(&mut self, unit: u8) -> Option<&mut dyn Reel> {
        self.0.get_mut(&unit).map(|reel| reel as &mut dyn Reel)
    }
}

/// A machine with a program from 0 on, at cycle 0, and reels at their load points.
pub struct Bench {
    pub machine: Machine,
    reels: Reels,
}

impl Bench {
    /// An 8K machine with a program in the names of the assembler: `OP`, `OP Y`, `OP Y,T` or `OP Y,T,D`, all octal,
    /// or twelve octal digits.
    pub fn new(program: &[&str]) -> Bench {
        Bench::with_config(Config::with_core(CoreSize::K8), program)
    }

    pub fn with_config(config: Config, program: &[&str]) -> Bench {
        let mut bench = Bench { machine: Machine::new(config), reels: Reels::default() };
        bench.put(0, program);
        bench
    }

    pub fn put(&mut self, at: u16, program: &[&str]) {
        for (address, card) in (at..).zip(program) {
            self.machine.core.poke(address, code(card));
        }
    }

    /// Puts a reel with its ring on a unit.
    pub fn reel(mut self, unit: u8, items: &[Item]) -> Bench {
        self.reels.0.insert(unit, Items { items: items.to_vec(), ring: true });
        self
    }

    pub fn items(&self, unit: u8) -> &[Item] {
        &self.reels.0[&unit].items
    }

    /// One instruction; the cycle at its end.
    pub fn step(&mut self) -> u64 {
        self.machine.step(&mut self.reels, u64::MAX).expect("the instruction ends");
        self.machine.cycles()
    }

    pub fn steps(&mut self, n: usize) -> u64 {
        (0..n).for_each(|_| {
            self.step();
        });
        self.machine.cycles()
    }

    /// One instruction; false when it stops the machine.
    pub fn try_step(&mut self) -> bool {
        self.machine.step(&mut self.reels, u64::MAX).is_ok()
    }

    /// Runs for so many cycles.
    pub fn run_for(&mut self, cycles: u64) -> Stop {
        self.machine.run(&mut self.reels, self.machine.cycles() + cycles)
    }

    /// The power fails.
    pub fn power_off(&mut self) {
        self.machine.power_off(&mut self.reels).expect("the reel can be written");
    }

    pub fn reset(&mut self) {
        self.machine.reset(&mut self.reels);
    }

    pub fn run(&mut self) -> Stop {
        self.machine.run(&mut self.reels, self.machine.cycles() + 100_000_000)
    }

    /// Runs to a machine cycle, and there the power fails.
    pub fn power_off_at(&mut self, cycle: u64) {
        let stop = self.machine.run(&mut self.reels, cycle);
        assert_eq!((stop.kind, self.machine.cycles()), (StopKind::Limit, cycle), "{stop:?}");
        self.machine.power_off(&mut self.reels).expect("the reel takes what was written");
    }

    /// Runs to a halt at this location; the cycle at its end.
    pub fn run_to(&mut self, halt: u16) -> u64 {
        let stop = self.run();
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, halt), "{stop:?}");
        self.machine.cycles()
    }

    pub fn load(&mut self, key: emu704::LoadKey) {
        self.machine.load(&mut self.reels, key);
    }

    pub fn start(&mut self) {
        self.machine.start(&mut self.reels);
    }

    pub fn core(&self, at: u16) -> u64 {
        self.machine.core.peek(at).bits()
    }
}

/// An instruction in octal fields.
pub fn code(card: &str) -> Word {
    if card.len() == 12 && card.bytes().all(|c| c.is_ascii_digit()) {
        return card.parse().expect("twelve octal digits");
    }
    let (name, fields) = card.split_once(' ').unwrap_or((card, ""));
    let named = lookup(name).unwrap_or_else(|| panic!("no operation {name}"));
    let mut fields = fields.split(',').map(|field| u64::from_str_radix(field, 8).unwrap_or(0));
    let mut next = || fields.next().unwrap_or(0);
    let (address, tag, decrement) = (next(), next(), next());
    Word::new(named.word.bits() | decrement << 18 | tag << 15 | address)
}

/// A binary record.
pub fn binary(words: &[u64]) -> Item {
    let character = |c: u8| if c.count_ones() % 2 == 1 { c } else { c | 0o100 };
    let frames = words.iter().flat_map(|&word| Word::new(word).characters().map(character)).collect();
    Item::Record(Record::new(frames))
}

/// Machine cycles that begin before this tick: an ER cycle in which something happens at `ticks` ends there.
pub fn cycles(ticks: u64) -> u64 {
    ticks.div_ceil(36)
}
