//! A program with stores, a call of the plain routine, and an operator who answers at the halts.

use std::fmt::Write as _;

use asm704::Word;
use emu704::config::DrumCount;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::checkpoint::support::Setting;
use crate::common::{Random, assemble, run, symbol};

/// Words of a block, in all tests but those of the figures.
pub(crate) const BLOCK: u16 = 32;
/// More than a dump or a cold start with the stores of these tests takes, in cycles.
pub(crate) const CYCLES: u64 = 6_000_000;
/// Where the call stands, the routine that names the stores, and the one that reads or writes a block.
const CALL: u16 = 3000;
const OPEN: u16 = 100;
const MOVE: u16 = 200;
/// Where that one has its block.
pub(crate) const DATA: u16 = 300;

/// Where a store is, as the routine says it: a logical drum and its first word, or the first of two tapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Drum(u8, u16),
    Tapes(u8),
}

impl Place {
    pub(crate) fn word(self) -> Word {
        Word::new(match self {
            Place::Drum(drum, first) => (u64::from(first) << 18) | (0o300 + u64::from(drum)),
            Place::Tapes(unit) => 0o220 + u64::from(unit),
        })
    }
}

/// A store: where it is in the first life, and its blocks.
pub(crate) type Store = (Place, u16);

/// The program, assembled.
pub(crate) struct Job {
    pub(crate) setting: Setting,
    pub(crate) stores: Vec<Store>,
}

impl Job {
    pub(crate) fn new(core: CoreSize, stores: &[Store], trapping: bool, name: &str) -> Job {
        let mut source = format!(
            "STOBLK SYN {BLOCK}\nSTONUM SYN {}\n       ORG {CALL}\n       TSX CHKPNT,4\n       HTR *\n",
            stores.len()
        );
        if trapping {
            source += "       ORG 1\n       TTR CHKPNT\n";
        }
        let _ = writeln!(source, "       ORG {OPEN}");
        for (at, (place, blocks)) in stores.iter().enumerate() {
            let _ = write!(
                source,
                "       TSX STOPEN,4\n       OCT {}\n       PZE {},,{blocks}\n",
                place.word(),
                at + 1
            );
        }
        let _ = write!(
            source,
            "       HTR *\n       ORG {MOVE}\n       TSX STREAD,4\n       PZE {DATA}\n       PZE 0\n       HTR *\n\
             \x20      ORG 1000\nCHKPNT LIB\nCHKSTO LIB\nSTOJOB BCD 1{name:6}\n       END {OPEN}\n"
        );
        let output = assemble(&source);
        let first = symbol(&output, "CHKPNT");
        let behind = symbol(&output, "STOPEN") + symbol(&output, "STOLEN") + BLOCK;
        let setting =
            Setting { output, core, call: CALL, trapping, routine: first..behind, all_transfers: false };
        Job { setting, stores: stores.to_vec() }
    }

    pub(crate) fn at(&self, name: &str) -> u16 {
        symbol(&self.setting.output, name)
    }

    /// Everything arbitrary, drums included, the stores named, about to execute the call; and the words of each store.
    pub(crate) fn arbitrary(&self, seed: u64, mounts: &mut Reels) -> (Machine, Vec<Vec<Word>>) {
        let mut machine = self.setting.arbitrary(seed);
        machine.cpu.trapping = false;
        fill_drums(&mut machine, seed);
        machine.set_start(OPEN);
        let stop = run(&mut machine, mounts, CYCLES);
        let halt = OPEN + 3 * self.stores.len() as u16;
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, halt), "{stop:?}");
        let mut random = Random(seed ^ 0x5A5A | 1);
        let mut words = Vec::new();
        for (store, (place, blocks)) in self.stores.iter().enumerate() {
            let mut all = Vec::new();
            for block in 0..*blocks {
                if let Place::Tapes(_) = place {
                    let data: Vec<Word> = (0..BLOCK).map(|_| random.word()).collect();
                    self.write(&mut machine, mounts, store, block, &data);
                }
                all.extend(self.read(&mut machine, mounts, store, block));
            }
            words.push(all);
        }
        // registers and indicators as they never are behind a call of STREAD
        let cycles = machine.cycles();
        machine.cpu = Machine::power_on(Config::with_core(self.setting.core), seed ^ cycles).cpu;
        machine.set_start(CALL);
        machine.cpu.trapping = self.setting.trapping;
        machine.cpu.read_write_check = false;
        machine.cpu.tape_check = false;
        machine.cpu.end_of_tape = false;
        (machine, words)
    }

    fn transfer(
        &self,
        machine: &mut Machine,
        mounts: &mut Reels,
        store: usize,
        block: u16,
        to: &str,
    ) -> Stop {
        let size = u64::from(machine.core.size().mask());
        let word = 0o007400400000 | u64::from(self.at(to)) & size;
        machine.core.poke(MOVE, Word::new(word));
        machine.core.poke(MOVE + 1, Word::new(u64::from(block) << 18 | u64::from(DATA)));
        machine.core.poke(MOVE + 2, Word::new(store as u64 + 1));
        machine.set_start(MOVE);
        run(machine, mounts, CYCLES)
    }

    /// What STREAD brings, store and block from 0 on.
    pub(crate) fn read(
        &self,
        machine: &mut Machine,
        mounts: &mut Reels,
        store: usize,
        block: u16,
    ) -> Vec<Word> {
        (DATA..DATA + BLOCK).for_each(|at| machine.core.poke(at, Word::ZERO));
        let stop = self.transfer(machine, mounts, store, block, "STREAD");
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, MOVE + 3), "{stop:?}");
        (DATA..DATA + BLOCK).map(|at| machine.core.peek(at)).collect()
    }

    pub(crate) fn write(
        &self,
        machine: &mut Machine,
        mounts: &mut Reels,
        store: usize,
        block: u16,
        data: &[Word],
    ) {
        data.iter().zip(DATA..).for_each(|(word, at)| machine.core.poke(at, *word));
        let stop = self.transfer(machine, mounts, store, block, "STWRIT");
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, MOVE + 3), "{stop:?}");
    }

    /// STREAD of what is not there.
    pub(crate) fn refused(
        &self,
        machine: &mut Machine,
        mounts: &mut Reels,
        store: usize,
        block: u16,
    ) -> Stop {
        self.transfer(machine, mounts, store, block, "STREAD")
    }

    /// All words of all stores, by STREAD.
    pub(crate) fn read_all(&self, machine: &mut Machine, mounts: &mut Reels) -> Vec<Vec<Word>> {
        machine.cpu.trapping = false;
        (0..self.stores.len())
            .map(|store| {
                (0..self.stores[store].1).flat_map(|block| self.read(machine, mounts, store, block)).collect()
            })
            .collect()
    }

    /// The reel of a checkpoint, its machine behind the call, and the words of its stores.
    pub(crate) fn checkpoint(&self, seed: u64, below: Vec<u8>) -> (Vec<u8>, Machine, Vec<Vec<Word>>) {
        let mut mounts = reels(below);
        let (mut machine, words) = self.arbitrary(seed, &mut mounts);
        let expected = self.setting.expected(&machine);
        let stop = run(&mut machine, &mut mounts, CYCLES);
        assert!(self.setting.resumed(&machine, &stop), "{stop:?}");
        assert!(expected == self.setting.promised(&machine), "first life, seed {seed}");
        (mounts.bytes(1).unwrap(), machine, words)
    }

    /// Cold start on a machine of `core` with so many drums; at each STSTP1 the operator answers with the next place.
    pub(crate) fn second_life(
        &self,
        core: CoreSize,
        drums: u8,
        bytes: Vec<u8>,
        seed: u64,
        places: &[Place],
    ) -> (Machine, Reels, Stop) {
        let mut config = Config::with_core(core);
        config.drums = DrumCount::try_from(drums).unwrap();
        let mut machine = Machine::power_on(config, seed);
        fill_drums(&mut machine, seed ^ 0o143);
        let mut mounts = reels(bytes);
        machine.clear(&mut mounts);
        machine.cpu.trapping = seed % 2 == 1;
        machine.load(&mut mounts, LoadKey::Tape);
        let mut stop = run(&mut machine, &mut mounts, CYCLES);
        for place in places {
            if !self.is_at(&stop, "STSTP1") {
                break;
            }
            machine.cpu.mq = place.word();
            machine.start(&mut mounts);
            stop = run(&mut machine, &mut mounts, CYCLES);
        }
        (machine, mounts, stop)
    }

    pub(crate) fn is_at(&self, stop: &Stop, name: &str) -> bool {
        stop.kind == StopKind::Htr && stop.at == self.at(name)
    }

    /// Where the stores are in the first life.
    pub(crate) fn same_places(&self) -> Vec<Place> {
        self.stores.iter().map(|(place, _)| *place).collect()
    }

    /// The decrement of a coded halt.
    pub(crate) fn code(machine: &Machine, stop: &Stop) -> u16 {
        machine.core.peek(stop.at).decrement()
    }
}

/// The checkpoint's reel on unit 1, with its ring, and scratch reels on 3 to 10.
pub(crate) fn reels(bytes: Vec<u8>) -> Reels {
    let mut mounts = Reels::new();
    mounts.mount_memory(1, bytes, true).unwrap();
    (3..=10).for_each(|unit| mounts.mount_memory(unit, Vec::new(), true).unwrap());
    mounts
}

/// Arbitrary words on all drums.
pub(crate) fn fill_drums(machine: &mut Machine, seed: u64) {
    let mut random = Random(seed << 8 | 0x33);
    for drum in 1..=8 {
        let words: Vec<Word> = (0..2048).map(|_| random.word()).collect();
        machine.set_drum(drum, &words).unwrap();
    }
}
