//! Two machines that must stay the same.

use std::fmt::Write as _;

use emu704::machine::{Locations, Watch};
use emu704::reels::Reels;
use emu704::{Debugger, Machine, Stop, StopKind};

use crate::common::Random;

/// One of them.
pub(super) fn pick<T: Copy>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len() as u64) as usize]
}

/// A machine with its media, run by the fast loop and by the plain interpreter.
pub(super) struct Pair {
    pub(super) fast: Machine,
    pub(super) plain: Machine,
    fast_media: Reels,
    plain_media: Reels,
}

impl Pair {
    /// `mounts` makes the media, once for each.
    pub(super) fn new(machine: Machine, mounts: impl Fn() -> Reels) -> Pair {
        Pair { plain: machine.clone(), fast: machine, fast_media: mounts(), plain_media: mounts() }
    }

    /// Runs both to a limit and compares them.
    pub(super) fn run(&mut self, limit: u64, what: &str) -> Stop {
        let fast = self.fast.run(&mut self.fast_media, limit);
        let plain = self.plain.run_plain(&mut self.plain_media, limit);
        self.compare(&fast, &plain, limit, what);
        fast
    }

    /// Runs both to a limit or to one of these locations, and compares them; `None` at a location.
    pub(super) fn run_to(&mut self, limit: u64, locations: &Locations, what: &str) -> Option<Stop> {
        let fast = self.fast.run_watched(&mut self.fast_media, limit, Watch::Locations(locations));
        let mut look = |machine: &Machine| locations.contains(machine.cpu.ic);
        let plain = self.plain.run_watched(&mut self.plain_media, limit, Watch::Each(&mut look));
        assert_eq!(fast.is_none(), plain.is_none(), "{what}: {fast:?}, plain {plain:?}");
        let broken = || Stop { kind: StopKind::Interrupted, at: 0, message: None };
        let stop = fast.clone();
        self.compare(&fast.unwrap_or_else(broken), &plain.unwrap_or_else(broken), limit, what);
        stop
    }

    /// One instruction of both.
    pub(super) fn step(&mut self, limit: u64, what: &str) -> Option<Stop> {
        let fast = self.fast.step(&mut self.fast_media, limit).err();
        let plain = self.plain.step(&mut self.plain_media, limit).err();
        assert_eq!(fast, plain, "{what}");
        assert!(self.fast == self.plain, "{what}, a step at {:05o}", self.plain.cpu.ic);
        fast
    }

    /// START on both.
    pub(super) fn start(&mut self) {
        self.fast.start(&mut self.fast_media);
        self.plain.start(&mut self.plain_media);
    }

    /// Does the same with both.
    pub(super) fn on_both(&mut self, mut what: impl FnMut(&mut Machine, &mut Reels)) {
        what(&mut self.fast, &mut self.fast_media);
        what(&mut self.plain, &mut self.plain_media);
    }

    /// The units end what they do behind a stop; then the reels are compared too.
    pub(super) fn settle(&mut self, what: &str) {
        self.on_both(|machine, media| machine.settle(media).unwrap());
        assert!(self.fast == self.plain, "{what}, units at rest");
        self.same_reels(what);
    }

    /// The power fails on both; then the reels are compared.
    pub(super) fn power_off(&mut self, what: &str) {
        self.on_both(|machine, media| machine.power_off(media).unwrap());
        assert!(self.fast == self.plain, "{what}, without power");
        self.same_reels(what);
    }

    /// What is on a unit's reel.
    pub(super) fn reel(&mut self, unit: u8) -> Vec<u8> {
        self.fast_media.bytes(unit).unwrap()
    }

    fn same_reels(&mut self, what: &str) {
        for unit in 1..=10 {
            let reels = (self.fast_media.bytes(unit), self.plain_media.bytes(unit));
            assert!(reels.0 == reels.1, "{what}: the reels on unit {unit} differ");
        }
    }

    /// Runs both to a stop in pieces of random length; gives the stop, that of the limit when it comes first.
    pub(super) fn run_in_pieces(&mut self, limit: u64, piece: u64, random: &mut Random, what: &str) -> Stop {
        loop {
            let until = (self.fast.cycles() + random.below(piece)).min(limit);
            let stop = self.run(until, what);
            if stop.kind != StopKind::Limit || until >= limit {
                return stop;
            }
        }
    }

    fn compare(&mut self, fast: &Stop, plain: &Stop, limit: u64, what: &str) {
        if fast == plain && self.fast == self.plain {
            return;
        }
        let mut differences = String::new();
        let mut check = |name: &str, fast: String, plain: String| {
            if fast != plain {
                let _ = write!(differences, "\n  {name}: {fast}, plain {plain}");
            }
        };
        let (f, p) = (&self.fast, &self.plain);
        check("stop", format!("{fast:?}"), format!("{plain:?}"));
        check("cycles", f.cycles().to_string(), p.cycles().to_string());
        check("instructions", f.instructions.to_string(), p.instructions.to_string());
        check("cpu", format!("{:?}", f.cpu), format!("{:?}", p.cpu));
        check("console", format!("{:?}", f.console), format!("{:?}", p.console));
        check("units", format!("{:?}", f.io), format!("{:?}", p.io));
        for (address, (f, p)) in f.core.words().iter().zip(p.core.words()).enumerate() {
            check(&format!("{address:05o}"), f.to_string(), p.to_string());
        }
        let ic = usize::from(p.cpu.ic);
        let words = p.core.words();
        for (address, word) in words.iter().enumerate().take(ic + 4).skip(ic.saturating_sub(3)) {
            let _ = write!(differences, "\n  plain {address:05o} {word}");
        }
        panic!("{what}, to cycle {limit}:{differences}");
    }
}

/// Two debuggers have broken for the same reason, at the same time, with the same registers and core.
pub(super) fn broke_alike(fast: &Debugger, plain: &Debugger, what: &str) {
    assert_eq!(fast.broken_by(), plain.broken_by(), "{what}");
    assert_eq!(fast.pause_text(), plain.pause_text(), "{what}");
    let [one, other] = [&fast.room.machine, &plain.room.machine];
    assert_eq!((one.cycles(), one.instructions), (other.cycles(), other.instructions), "{what}");
    assert_eq!((one.cpu.ic, one.cpu.ac, one.cpu.mq), (other.cpu.ic, other.cpu.ac, other.cpu.mq), "{what}");
    assert!(one.cpu.xr == other.cpu.xr && one.core == other.core, "{what}");
    assert_eq!((one.cpu.sr, one.cpu.ir), (other.cpu.sr, other.cpu.ir), "{what}");
}
