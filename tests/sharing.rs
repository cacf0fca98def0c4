//! `programs/sharing.sap`: two or three ordinary checkpoint reels of 4,096 words take turns on one machine, and go home by
//! ordinary reels. The answers are those of the jobs alone, in every order of events.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod figures;
mod refusals;
mod turns;

use asm704::assemble::Output;
use asm704::media::tape::{Item, TapeImage};
use emu704::console::{Key, Pressed};
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::common::{assemble, machine_with, put, run, symbol, text, word};

/// A guest that keeps AC with Q and P, MQ, index registers, indicators and lights over its calls, and halts at BAD when one
/// does not come back. It adds 1000, 1003, ... 1033, and 7 for each of 12 turns: 12198 + 84 = 12282 = 27772 octal.
const ADDER: &str = include_str!("sharing/adder.sap");

/// What it prints, by hand.
const ADDED: &str = "SUM IS000000027772";

/// More than any of these runs takes, in cycles.
const LIMIT: u64 = 20_000_000;

/// A job alone, and the reel it comes from.
struct Guest {
    job: Output,
    reel: Vec<u8>,
}

impl Guest {
    /// Starts the job on 4,096 words, and takes the reel of its first call.
    fn new(source: &str) -> Guest {
        let job = assemble(source);
        let machine = machine_with(&job, CoreSize::K4);
        let reel = reel_of_call(machine, Reels::new(), 1);
        Guest { job, reel }
    }

    fn squares() -> Guest {
        Guest::new(&text("programs/squares.sap"))
    }

    fn adder() -> Guest {
        Guest::new(ADDER)
    }

    /// The reel that the job itself writes at a call, from its reel on, alone at home.
    fn reel_at_home(&self, call: u64) -> Vec<u8> {
        let (machine, mounts) = cold_start(CoreSize::K4, self.reel.clone(), 77);
        reel_of_call(machine, mounts, call)
    }

    fn end(&self) -> u16 {
        symbol(&self.job, "STOP")
    }
}

/// Runs the job until its reel has the whole record of a call.
fn reel_of_call(mut machine: Machine, mut mounts: Reels, call: u64) -> Vec<u8> {
    if mounts.bytes(1).is_none() {
        mounts.mount_memory(1, Vec::new(), true).unwrap();
    }
    while machine.cycles() < LIMIT {
        let stop = run(&mut machine, &mut mounts, 5_000);
        let reel = mounts.bytes(1).unwrap();
        if has_call(&reel, call) {
            return reel;
        }
        assert_eq!(stop.kind, StopKind::Limit, "{stop:?}");
    }
    panic!("no call {call}");
}

/// True when the reel begins with the whole record of this call. The number of a record is twice that of the call; the end of
/// it is in the last character of its fifth word.
fn has_call(reel: &[u8], call: u64) -> bool {
    let Ok(mut image) = TapeImage::open(reel.to_vec()) else { return false };
    match image.read_forward(0) {
        Ok(Some((Item::Record(record), _))) => {
            record.frames.len() >= 6 * 4104 && u64::from(record.frames[29] & 0o77) == 2 * call
        }
        _ => false,
    }
}

/// A reel with its ring in, loaded on a machine whose core is anything.
fn cold_start(core: CoreSize, bytes: Vec<u8>, seed: u64) -> (Machine, Reels) {
    let mut machine = Machine::power_on(Config::with_core(core), seed);
    let mut mounts = Reels::new();
    mounts.mount_memory(1, bytes, true).unwrap();
    machine.clear(&mut mounts);
    machine.load(&mut mounts, LoadKey::Tape);
    (machine, mounts)
}

/// The paper of a reel that is loaded and runs to the end of its job.
fn paper_at_home(core: CoreSize, bytes: Vec<u8>, end: u16) -> String {
    let (mut machine, mut mounts) = cold_start(core, bytes, 991);
    let stop = run(&mut machine, &mut mounts, LIMIT);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, end), "{stop:?}");
    machine.io.printer.tear_off()
}

/// The monitor on a machine, the guests' reels on their units, blank reels for the way home.
struct Shared {
    machine: Machine,
    mounts: Reels,
    guests: u8,
    code: Output,
    paper: String,
}

impl Shared {
    fn new(reels: &[&[u8]], seed: u64) -> Shared {
        let mut source = text("programs/sharing.sap");
        if reels.len() == 3 {
            source =
                source.replace("GUESTS SYN 2", "GUESTS SYN 3").replace("TAKEN  SYN 29 ", "TAKEN  SYN 125");
        }
        Shared::on(&assemble(&source), Config::with_core(CoreSize::K8), reels, seed)
    }

    fn on(code: &Output, config: Config, reels: &[&[u8]], seed: u64) -> Shared {
        let mut machine = Machine::power_on(config, seed);
        let mut mounts = Reels::new();
        let guests = reels.len() as u8;
        for (unit, reel) in (1..).zip(reels) {
            mounts.mount_memory(unit, Vec::new(), true).unwrap();
            mounts.mount_memory(guests + unit, reel.to_vec(), false).unwrap();
        }
        machine.clear(&mut mounts);
        put(&mut machine, code);
        machine.set_start(code.start().unwrap());
        Shared { machine, mounts, guests, code: code.clone(), paper: String::new() }
    }

    /// Sense switch of a guest, from 0 on.
    fn send_home(&mut self, guest: usize) {
        self.machine.console.sense_switches[6 - usize::from(self.guests) + guest] = true;
    }

    /// Runs until it stops or so many cycles have passed in all.
    fn until(&mut self, cycle: u64) -> Stop {
        let more = cycle.saturating_sub(self.machine.cycles());
        let stop = run(&mut self.machine, &mut self.mounts, more);
        self.paper += &self.machine.io.printer.take_lines();
        stop
    }

    /// The operator enters TTR 10001 at a guest's last halt.
    fn ended(&mut self) {
        self.machine.console.automatic = false;
        self.machine.console.keys = word("002100010001");
        self.press(Key::EnterInstruction);
        self.machine.console.automatic = true;
        self.press(Key::Start);
    }

    fn press(&mut self, key: Key) {
        assert!(
            matches!(self.machine.press(key, &mut self.mounts), Pressed::Done | Pressed::Runs),
            "{key:?}"
        );
    }

    /// Runs to the end; the halts of guests are theirs, and the last is the monitor's.
    fn finish(&mut self, ends: &[u16]) {
        loop {
            let stop = self.until(LIMIT);
            assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
            if stop.at >= 4096 {
                assert_eq!(self.halt(&stop), 1, "{stop:?}");
                self.paper += &self.machine.io.printer.tear_off();
                return;
            }
            assert!(ends.contains(&stop.at), "{stop:?}");
            self.ended();
        }
    }

    /// The code of a halt of the monitor.
    fn halt(&self, stop: &Stop) -> u16 {
        assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
        assert!(stop.at >= 4096, "{stop:?}");
        self.machine.core.peek(stop.at).decrement()
    }

    /// The reel by which a guest went home, from 0 on, if it did.
    fn home(&mut self, guest: u8) -> Option<Vec<u8>> {
        self.mounts.bytes(guest + 1).filter(|bytes| !bytes.is_empty())
    }
}

/// The characters of a reel's record.
fn frames(reel: &[u8]) -> Vec<u8> {
    let mut image = TapeImage::open(reel.to_vec()).unwrap();
    let Some((Item::Record(record), _)) = image.read_forward(0).unwrap() else { panic!("no record") };
    record.frames
}

/// The lines of a paper that are squares.
fn squares_of(paper: &str) -> Vec<&str> {
    paper.lines().filter(|line| line.starts_with('0')).collect()
}

/// The squares from 6 on, which come behind the reel of the first call.
fn squares_from_6() -> Vec<String> {
    (6..=20).map(|n| format!("{n:06}      {:06}", n * n)).collect()
}
