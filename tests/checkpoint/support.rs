//! A routine in core with a call, and what the call promises.

use std::fmt::Write as _;

use asm704::Word;
use asm704::assemble::Output;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use emu704::cpu::Cpu;
use emu704::reels::Reels as Mounts;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::common::{Random, assemble, put, run, symbol};

/// More than any dump or cold start takes, in cycles.
pub(crate) const DUMP_CYCLES: u64 = 3_000_000;

/// The routine at a place, with a call and a halt behind it at another.
pub(crate) struct Setting {
    pub(crate) output: Output,
    pub(crate) core: CoreSize,
    /// Where the TSX stands.
    pub(crate) call: u16,
    pub(crate) trapping: bool,
    /// First word of the routine, and the first behind it.
    pub(crate) routine: std::ops::Range<u16>,
    /// Words that are free hold a transfer to the word behind the call, so that a jump to any of them resumes.
    pub(crate) all_transfers: bool,
}

/// The plain routine at `origin`, called at `call`.
pub(crate) fn setting(core: CoreSize, origin: u16, call: u16, trapping: bool) -> Setting {
    let mut source = format!("       ORG {call}\n       TSX CHKPNT,4\n       HTR *\n");
    if trapping {
        source += "       ORG 1\n       TTR CHKPNT\n";
    }
    let _ = write!(source, "       ORG {origin}\nCHKPNT LIB\n       END {call}\n");
    let output = assemble(&source);
    let first = symbol(&output, "CHKPNT");
    let length = symbol(&output, "CHKLEN");
    Setting { output, core, call, trapping, routine: first..first + length, all_transfers: false }
}

impl Setting {
    pub(crate) fn at(&self, name: &str) -> u16 {
        symbol(&self.output, name)
    }

    /// A machine of which everything is arbitrary, about to execute the call.
    pub(crate) fn arbitrary(&self, seed: u64) -> Machine {
        let mut random = Random(seed | 1);
        let mut machine = Machine::power_on(Config::with_core(self.core), random.next());
        if self.all_transfers {
            let transfer = Word::new(0o002100000000 | u64::from(self.call + 1));
            (0..self.core.words()).for_each(|at| machine.core.poke(at as u16, transfer));
        }
        put(&mut machine, &self.output);
        machine.set_start(self.call);
        machine.cpu.trapping = self.trapping;
        // These two cannot be set by a program; the routine promises them off, and untouched.
        machine.cpu.tape_check = false;
        machine.cpu.end_of_tape = false;
        machine
    }

    /// What the call promises, as a machine stands after its return; the routine's own words and the two indicators
    /// that no program can set are left out.
    pub(crate) fn promised(&self, machine: &Machine) -> (Cpu, Vec<Word>) {
        let mut cpu = machine.cpu.clone();
        cpu.sr = Word::ZERO;
        cpu.ir = Word::ZERO;
        cpu.tape_check = false;
        cpu.end_of_tape = false;
        let mut words = machine.core.words()[..self.core.words()].to_vec();
        for address in self.routine.clone() {
            words[usize::from(address)] = Word::ZERO;
        }
        (cpu, words)
    }

    /// What must be there after the call, from what was there before it.
    pub(crate) fn expected(&self, before: &Machine) -> (Cpu, Vec<Word>) {
        let mask = before.core.size().mask();
        let (mut cpu, mut words) = self.promised(before);
        cpu.ic = (self.call + 1) & mask;
        cpu.xr[2] = self.call.wrapping_neg() & mask;
        if self.trapping {
            // The TSX itself was caught and left its location in word 0.
            words[0] = words[0].with_address(self.call);
        }
        (cpu, words)
    }

    /// Whether the program has gone on behind its call: the machine is stopped at the program's halt, and not at a word of
    /// cleared core in its place.
    pub(crate) fn resumed(&self, machine: &Machine, stop: &Stop) -> bool {
        let halt = Word::new(u64::from(self.call + 1));
        (stop.kind, stop.at) == (StopKind::Htr, self.call + 1) && machine.core.peek(stop.at) == halt
    }

    /// The record that this setting writes on a reel, from an arbitrary machine.
    pub(crate) fn record(&self, seed: u64) -> Record {
        let mut machine = self.arbitrary(seed);
        let mut mounts = reel(Vec::new());
        run(&mut machine, &mut mounts, DUMP_CYCLES);
        first_record(&mut mounts)
    }
}

/// A reel with its ring on unit 1, and nothing else.
pub(crate) fn reel(bytes: Vec<u8>) -> Mounts {
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, bytes, true).unwrap();
    mounts
}

/// The first record on unit 1.
pub(crate) fn first_record(mounts: &mut Mounts) -> Record {
    let mut image = TapeImage::open(mounts.bytes(1).unwrap()).unwrap();
    let Some((Item::Record(record), _)) = image.read_forward(0).unwrap() else { panic!("no record") };
    record
}

/// An image of these items.
pub(crate) fn image_of(items: &[Item], format: TapeFormat) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), format).unwrap();
    image.replace_tail(0, items).unwrap();
    image.into_store()
}

/// A reel of one record, as bytes.
pub(crate) fn image_of_frames(frames: Vec<u8>) -> Vec<u8> {
    image_of(&[Item::Record(Record::new(frames))], TapeFormat::Simh)
}

/// Presses LOAD TAPE on a machine just powered on.
pub(crate) fn cold_start(core: CoreSize, bytes: Vec<u8>, seed: u64, clear: bool) -> (Machine, Mounts) {
    let mut machine = Machine::power_on(Config::with_core(core), seed);
    let mut mounts = reel(bytes);
    if clear {
        machine.clear(&mut mounts);
        machine.cpu.trapping = seed % 2 == 1;
    }
    machine.load(&mut mounts, LoadKey::Tape);
    (machine, mounts)
}

/// CLEAR, LOAD TAPE, and what comes of it.
pub(crate) fn attempt(setting: &Setting, bytes: Vec<u8>, seed: u64) -> (Machine, Stop) {
    let (mut machine, mut mounts) = cold_start(setting.core, bytes, seed, true);
    let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
    (machine, stop)
}

pub(crate) fn assert_same(expected: &(Cpu, Vec<Word>), found: &(Cpu, Vec<Word>), what: &str, seed: u64) {
    assert_eq!(expected.0, found.0, "{what}, seed {seed}");
    for (address, (e, f)) in expected.1.iter().zip(&found.1).enumerate() {
        assert_eq!(e, f, "C({address:05o}), {what}, seed {seed}");
    }
}

/// Whether to try all of them, which takes minutes.
pub(crate) fn exhaustive() -> bool {
    std::env::var_os("EMU704_EXHAUSTIVE").is_some()
}
