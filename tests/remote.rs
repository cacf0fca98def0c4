//! `programs/lib/remote.sap`: core goes to another machine while the job runs, and at the last call only what has changed since.
//! Whatever is killed, cut or damaged, the other machine resumes the right job, or stops.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod damage;
mod figures;
mod kills;
mod lives;

use asm704::assemble::Output;
use asm704::media::tape::{Item, TapeImage};
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::common::{assemble, machine_with, run, symbol, text};

/// More than any of these runs takes, in cycles.
const LIMIT: u64 = 60_000_000;

/// `programs/remote.sap`, with so many words of its table changed in a turn.
fn moving(rate: u16) -> Output {
    assemble(&text("programs/remote.sap").replace("RATE   PZE 100 ", &format!("RATE   PZE {rate} ")))
}

/// `programs/heat.sap` with the calls of CHKPNT made calls of REMCHK: a job of 8,192 words, on machines of 32,768.
fn heat() -> Output {
    let source = text("programs/heat.sap")
        .replace("       TSX CHKPNT,4", "       TSX REMCHK,4")
        .replace("CHKPNT LIB\n", "CHKPNT LIB\nREMOTE LIB\nKSIZE  PZE 0,0,2\n")
        .replace("START  LTM\n", "START  LTM\n       CLA KSIZE\n       STO CHKSIZ\n");
    assemble(&source)
}

/// The machine that sends. Its tape 1 is a reel, which holds what a wire would carry.
struct Sender {
    machine: Machine,
    reels: Reels,
    code: Output,
}

impl Sender {
    fn new(code: &Output, core: CoreSize) -> Sender {
        let mut machine = machine_with(code, core);
        machine.console.sense_switches[0] = true;
        machine.console.sense_switches[3] = true;
        let mut reels = Reels::new();
        reels.mount_memory(1, Vec::new(), true).unwrap();
        Sender { machine, reels, code: code.clone() }
    }

    /// Sense switch 5: the next call is the last.
    fn last(&mut self) {
        self.machine.console.sense_switches[4] = true;
    }

    /// Runs up to an instruction; false if the machine stops before.
    fn until(&mut self, at: u16) -> bool {
        until(&mut self.machine, &mut self.reels, at)
    }

    /// Runs up to the beginning of its next call.
    fn reaches_call(&mut self) -> bool {
        self.until(symbol(&self.code, "REMCHK"))
    }

    /// Runs up to the return from a call.
    fn reaches_return(&mut self) -> bool {
        self.until(symbol(&self.code, "K$RET"))
    }

    /// Makes so many calls, then the last, up to the halt behind it.
    fn moves_behind(&mut self, calls: u32) {
        for _ in 0..calls {
            assert!(self.reaches_return());
            self.machine.step(&mut self.reels, u64::MAX).unwrap();
        }
        self.last();
        let stop = run(&mut self.machine, &mut self.reels, LIMIT);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&self.code, "R$GAVE")), "{stop:?}");
    }

    /// What has gone.
    fn reel(&mut self) -> Vec<u8> {
        self.reels.bytes(1).unwrap()
    }
}

/// Steps up to an instruction; false if the machine stops before.
fn until(machine: &mut Machine, reels: &mut Reels, at: u16) -> bool {
    while machine.step(reels, u64::MAX).is_ok() {
        if machine.cpu.ic == at {
            return true;
        }
    }
    false
}

/// The machine that receives, with anything in its core and registers, LOAD TAPE pressed.
fn receiver(core: CoreSize, reel: Vec<u8>, seed: u64) -> (Machine, Reels) {
    let mut machine = Machine::power_on(Config::with_core(core), seed);
    machine.cpu.tape_check = false;
    let mut reels = Reels::new();
    reels.mount_memory(1, reel, false).unwrap();
    machine.clear(&mut reels);
    machine.load(&mut reels, LoadKey::Tape);
    (machine, reels)
}

/// Loads a reel and runs to the stop; with the paper.
fn loaded(core: CoreSize, reel: Vec<u8>, seed: u64) -> (Stop, String, Machine) {
    let (mut machine, mut reels) = receiver(core, reel, seed);
    let stop = run(&mut machine, &mut reels, LIMIT);
    let paper = machine.io.printer.tear_off();
    (stop, paper, machine)
}

/// The paper of a job that nobody moves.
fn alone(code: &Output, core: CoreSize) -> String {
    let mut machine = machine_with(code, core);
    machine.console.sense_switches[0] = true;
    let stop = run(&mut machine, &mut Reels::new(), LIMIT);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    machine.io.printer.tear_off()
}

/// The records of a reel, as characters.
fn records(reel: &[u8]) -> Vec<Vec<u8>> {
    let mut image = TapeImage::open(reel.to_vec()).unwrap();
    image
        .items(0)
        .map(|item| match item.unwrap().1 {
            Item::Record(record) => record.frames,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// A reel of records.
fn reel_of(records: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for record in records {
        let length = (record.len() as u32).to_le_bytes();
        bytes.extend(length);
        bytes.extend(record);
        bytes.extend(std::iter::repeat_n(0, record.len() % 2));
        bytes.extend(length);
    }
    bytes
}
