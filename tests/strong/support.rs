//! The routine with a call, the operator's procedure, and what both must give.

use std::ops::Range;

use asm704::Word;
use asm704::assemble::Output;
use asm704::media::tape::{Item, TapeFormat, TapeImage};
use emu704::cpu::{Ac, Cpu};
use emu704::fault::TimedFault;
use emu704::reels::Reels as Mounts;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::common::{Random, assemble, put, run, symbol};

/// More than any call or cold start takes, in cycles.
pub(crate) const PATIENCE: u64 = 200_000_000;
/// Where the TSX stands.
pub(crate) const CALL: u16 = 0o62;

/// The routine, a call and a halt behind it.
pub(crate) struct Setting {
    pub(crate) output: Output,
    pub(crate) core: CoreSize,
    /// Its own words.
    pub(crate) routine: Range<u16>,
    serial: u16,
}

pub(crate) fn setting(core: CoreSize) -> Setting {
    let source = "       ORG 50\n       TSX CHKPNT,4\n       HTR *\n       ORG 100\nCHKSTR LIB\nEND    SYN *\n       END 50\n";
    let output = assemble(source);
    let routine = symbol(&output, "CHKPNT")..symbol(&output, "END");
    let serial = symbol(&output, "CHKSER");
    Setting { output, core, routine, serial }
}

/// A machine's state as the call promises it: registers, and core without the routine's own words.
pub(crate) type State = (Cpu, Vec<Word>);

/// Both reels as bytes.
pub(crate) type Reels = [Vec<u8>; 2];

impl Setting {
    pub(crate) fn machine(&self) -> Machine {
        let mut machine = Machine::power_on(Config::with_core(self.core), 4);
        put(&mut machine, &self.output);
        machine
    }

    pub(crate) fn at(&self, name: &str) -> u16 {
        symbol(&self.output, name)
    }

    /// Makes everything at the next call arbitrary, and says what must be there behind it.
    pub(crate) fn arbitrary(&self, machine: &mut Machine, seed: u64) -> State {
        let mut random = Random(seed * 7919 + 1);
        for address in 0..machine.core.size().words() as u16 {
            if !self.routine.contains(&address) && address != CALL && address != CALL + 1 {
                machine.core.poke(address, random.word());
            }
        }
        let mask = machine.core.size().mask();
        let bits = random.next();
        machine.cpu = Cpu {
            ac: Ac::from_bits(random.next() & ((1 << 38) - 1)),
            mq: random.word(),
            xr: std::array::from_fn(|_| random.next() as u16 & mask),
            ac_overflow: bits & 1 != 0,
            mq_overflow: bits & 2 != 0,
            divide_check: bits & 4 != 0,
            tape_check: bits & 0o30 == 0,
            sense_lights: std::array::from_fn(|i| bits >> (8 + i) & 1 != 0),
            ..Cpu::default()
        };
        machine.set_start(CALL);
        let (mut cpu, words) = self.promised(machine);
        cpu.ic = CALL + 1;
        cpu.xr[2] = CALL.wrapping_neg() & mask;
        (cpu, words)
    }

    /// Tape check is promised, too; the end of tape indicator is not.
    pub(crate) fn promised(&self, machine: &Machine) -> State {
        let mut cpu = machine.cpu.clone();
        (cpu.sr, cpu.ir, cpu.end_of_tape) = (Word::ZERO, Word::ZERO, false);
        let mut words = machine.core.words().to_vec();
        for address in self.routine.clone() {
            words[usize::from(address)] = Word::ZERO;
        }
        (cpu, words)
    }

    /// The serial number of the checkpoint from which the machine has come, or that it made last.
    pub(crate) fn serial(&self, machine: &Machine) -> u64 {
        machine.core.peek(self.serial).magnitude()
    }

    /// Makes a checkpoint of an arbitrary machine.
    pub(crate) fn checkpoint(&self, machine: &mut Machine, mounts: &mut Mounts, seed: u64) -> State {
        let state = self.arbitrary(machine, seed);
        let stop = run(machine, mounts, PATIENCE);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, CALL + 1), "checkpoint {seed}: {stop:?}");
        assert!(self.promised(machine) == state, "first life of {seed}");
        state
    }

    /// CLEAR and LOAD TAPE, and what comes of it. Not even CLEAR is trusted to turn trapping mode off.
    pub(crate) fn load(&self, reels: &Reels, seed: u64, switches: &[usize]) -> (Machine, Mounts, Stop) {
        let mut machine = Machine::power_on(Config::with_core(self.core), seed);
        let mut mounts = mounted(reels);
        for switch in switches {
            machine.console.sense_switches[switch - 1] = true;
        }
        machine.clear(&mut mounts);
        machine.cpu.trapping = seed.is_multiple_of(2);
        machine.load(&mut mounts, LoadKey::Tape);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        (machine, mounts, stop)
    }

    /// Whether the program has gone on behind its call.
    pub(crate) fn resumed(&self, machine: &Machine, stop: &Stop) -> bool {
        let halt = Word::new(u64::from(CALL + 1));
        (stop.kind, stop.at) == (StopKind::Htr, CALL + 1)
            && machine.core.peek(stop.at) == halt
            && self.serial(machine) > 0
    }

    /// The operator's procedure: CLEAR, LOAD TAPE; if it stops or hangs, swap the dials, CLEAR, load again.
    pub(crate) fn cold_start(
        &self,
        reels: &Reels,
        seed: u64,
        switches: &[usize],
    ) -> Option<(Machine, Mounts)> {
        let mut reels = reels.clone();
        for _ in 0..2 {
            let (machine, mut mounts, stop) = self.load(&reels, seed, switches);
            if self.resumed(&machine, &stop) {
                return Some((machine, mounts));
            }
            reels = bytes(&mut mounts);
            reels.swap(0, 1);
        }
        None
    }

    /// That the procedure resumes this one, in this state.
    pub(crate) fn assert_resumes(
        &self,
        reels: &Reels,
        seed: u64,
        switches: &[usize],
        serial: u64,
        state: &State,
    ) {
        let found = self.cold_start(reels, seed, switches);
        let (machine, _) = found.unwrap_or_else(|| panic!("nothing resumes, {serial} wanted, {seed}"));
        assert_eq!(self.serial(&machine), serial, "seed {seed}");
        assert!(self.promised(&machine) == *state, "the second life of {serial}, seed {seed}");
    }
}

pub(crate) fn mounted(reels: &Reels) -> Mounts {
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, reels[0].clone(), true).unwrap();
    mounts.mount_memory(2, reels[1].clone(), true).unwrap();
    mounts
}

pub(crate) fn blank_reels() -> Mounts {
    mounted(&[Vec::new(), Vec::new()])
}

pub(crate) fn bytes(mounts: &mut Mounts) -> Reels {
    [mounts.bytes(1).unwrap(), mounts.bytes(2).unwrap()]
}

/// Makes checkpoints with the serial numbers 1 to `n`; the states behind each, and the reels before all and after each.
pub(crate) fn checkpoints(setting: &Setting, n: u64) -> (Vec<State>, Vec<Reels>) {
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    let mut states = Vec::new();
    let mut all = vec![bytes(&mut mounts)];
    for k in 1..=n {
        states.push(setting.checkpoint(&mut machine, &mut mounts, k));
        assert_eq!(setting.serial(&machine), k);
        all.push(bytes(&mut mounts));
    }
    (states, all)
}

/// What the printer has printed.
pub(crate) fn printed(machine: &mut Machine) -> Vec<String> {
    machine.io.printer.tear_off().lines().map(str::to_owned).collect()
}

pub(crate) fn fault(machine: &mut Machine, text: &str) {
    let fault: TimedFault = text.parse().unwrap();
    machine.add_fault(fault);
}

pub(crate) fn items(reel: &[u8]) -> Vec<Item> {
    let mut image = TapeImage::open(reel.to_vec()).unwrap();
    image.items(0).map(Result::unwrap).map(|(_, item)| item).collect()
}

pub(crate) fn image(items: &[Item]) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    image.replace_tail(0, items).unwrap();
    image.into_store()
}

pub(crate) fn exhaustive() -> bool {
    std::env::var_os("EMU704_EXHAUSTIVE").is_some()
}

/// The decrement of the halt at which the machine is stopped, if it is coded with its own place or the next one.
pub(crate) fn code(machine: &Machine, stop: &Stop) -> Option<u16> {
    let halt = machine.core.peek(stop.at);
    let coded = stop.kind == StopKind::Htr && (halt.address() == stop.at || halt.address() == stop.at + 1);
    coded.then(|| halt.decrement())
}
