//! A checkpoint by hand at each instruction of a job, resumed on every size of core: the answer is right, or the machine
//! stops with a number of docs/fortran.md. `EMU704_EXHAUSTIVE=1` takes every instruction, otherwise some are taken.

use std::collections::BTreeMap;

use emu704::console::Key;
use emu704::{CoreSize, StopKind};

use super::operator::by_hand;
use super::support::{CORES, Deck, PATIENCE, Room, hopper, main_program, origins};
use crate::common::text;

/// 1 + 2 + 3 + 4, by STEP, in words of COMMON, 77461 and 77460; with one word of COMMON above them that nothing changes.
const MAIN: &str = "\
ROOM   BSS 300
MAIN   TSX LARGER,4
       TSX I,0
       STZ NSUM
       CLA ONE
       STO I
LOOP   TSX STEP,4
       TSX I,0
       TSX NSUM,0
       CLA I
       ADD ONE
       STO I
       SUB LIMIT
       TMI LOOP
       TSX PRTINT,4
       TSX NSUM,0
DONE   HTR *
NSUM   EQU 32561
I      EQU 32560
ONE    PZE 0,0,1
LIMIT  PZE 0,0,5
";
const PAPER: &str = "000010\n";

struct Job {
    decks: [Deck; 4],
}

/// What the job has printed. The line of the strong routine may have been torn off before its end.
fn paper(room: &mut Room) -> String {
    room.paper().trim_start_matches('\n').to_owned()
}

/// What a resumed machine came to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum End {
    Answer,
    /// `HTR *,,N` of the deck.
    Coded(u16),
    /// A halt of the boot block: the record does not fit.
    TooLarge,
}

impl Job {
    fn new(routine: &str) -> Job {
        let step = text("programs/fortran/step.sap").replace("PZE 0,0,200", "PZE 0,0,3");
        Job {
            decks: [
                main_program(&["LARGER", "STEP", "PRTINT"], MAIN),
                Deck::of(&step),
                Deck::file("prtint"),
                Deck::file(routine),
            ],
        }
    }

    fn at(&self, deck: usize, symbol: &str) -> u16 {
        origins(&self.decks.each_ref())[deck] + self.decks[deck].symbol(symbol)
    }

    /// A first life at the first instruction of the main program.
    fn first(&self, core: CoreSize) -> Room {
        let mut room = Room::load_cards(core, hopper(core, &self.decks.each_ref()), 7);
        room.run_to(self.at(0, "MAIN"));
        room
    }

    /// The reels of a checkpoint that STEP makes in its first call.
    fn checkpoint(&self, core: CoreSize) -> Vec<Vec<u8>> {
        let mut room = self.first(core);
        room.switch(1, true);
        room.run_to(self.at(1, "RETURN"));
        room.power_off()
    }

    /// Runs the job to its end, wherever that is.
    fn end(&self, room: &mut Room) -> End {
        let stop = room.run(PATIENCE);
        assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
        let within = stop.at.checked_sub(self.at(3, "CHKOPR"));
        if stop.at == self.at(0, "DONE") {
            End::Answer
        } else if within.is_some_and(|at| at < self.decks[3].length()) {
            End::Coded(room.machine.core.peek(stop.at).decrement())
        } else {
            let number = room.machine.core.peek(stop.at).decrement();
            assert!(stop.at < 0o12 || number == 5, "a stop that is not known: {stop:?}");
            End::TooLarge
        }
    }

    /// Takes a checkpoint by hand after so many instructions of a life; false if the life had ended before. The paper of
    /// both lives together must be right.
    fn at_instruction(
        &self,
        mut room: Room,
        count: u64,
        may: &dyn Fn(CoreSize) -> End,
        seen: &mut Seen,
    ) -> bool {
        for _ in 0..count {
            let end = room.machine.cycles() + PATIENCE;
            if room.machine.step(&mut room.mounts, end).is_err() {
                return false;
            }
        }
        if !by_hand(&mut room, self.at(3, "CHKOPR")) {
            // the printer had to disconnect first, and then the job was at its end
            return true;
        }
        // where it goes back is known when the routine has stored it
        room.run_to(self.at(3, "CHKOPR"));
        let back = self.runs_back(&mut room);
        let before = paper(&mut room);
        let Some(reels) = back else {
            *seen.entry((None, End::Coded(10))).or_default() += 1;
            room.machine.press(Key::Start, &mut room.mounts);
            assert_eq!(self.end(&mut room), End::Answer, "{count}");
            assert_eq!(before + &paper(&mut room), PAPER, "{count}: it goes on");
            return true;
        };
        assert_eq!(self.end(&mut room), End::Answer, "{count}: the first life");
        assert_eq!(before.clone() + &paper(&mut room), PAPER, "{count}: the first life");
        for core in CORES {
            let mut room = Room::load_tape(core, &reels, count);
            let end = self.end(&mut room);
            *seen.entry((Some(core.words()), end)).or_default() += 1;
            assert_eq!(end, may(core), "{count}: on {core:?}");
            let both = before.clone() + &paper(&mut room);
            if end == End::Answer {
                assert_eq!(both, PAPER, "{count}: on {core:?}");
            } else {
                assert_eq!(both, before, "{count}: on {core:?} nothing may be printed");
            }
        }
        true
    }

    /// Runs until the routine has gone back to the job: the reels then. `None` if it refused.
    fn runs_back(&self, room: &mut Room) -> Option<Vec<Vec<u8>>> {
        let deck = self.at(3, "CHKOPR")..self.at(3, "CHKOPR") + self.decks[3].length();
        let end = room.machine.cycles() + PATIENCE;
        while deck.contains(&room.machine.cpu.ic) {
            if room.machine.step(&mut room.mounts, end).is_err() {
                return None;
            }
        }
        Some(room.reels())
    }
}

type Seen = BTreeMap<(Option<usize>, End), u32>;

/// Every instruction, or the first ones and then one of so many.
fn each(stride: usize, mut at: impl FnMut(u64) -> bool) {
    let stride = if std::env::var_os("EMU704_EXHAUSTIVE").is_some() { 1 } else { stride };
    let end = (0..12).chain((12..).step_by(stride)).position(|count| !at(count));
    assert!(end > Some(15), "the job is longer than that: {end:?}");
}

/// The first life: the machine must not be larger than that on which the checkpoint was made.
#[test]
fn by_hand_at_any_instruction_of_the_first_life() {
    for routine in ["chkpnt", "chkstr"] {
        let job = Job::new(routine);
        for core in [CoreSize::K4, CoreSize::K8] {
            let mut seen = Seen::new();
            let may = |other: CoreSize| match other.words().cmp(&core.words()) {
                std::cmp::Ordering::Less => End::TooLarge,
                std::cmp::Ordering::Equal => End::Answer,
                std::cmp::Ordering::Greater => End::Coded(12),
            };
            each(37, |count| job.at_instruction(job.first(core), count, &may, &mut seen));
            assert!(seen.contains_key(&(Some(core.words()), End::Answer)), "{seen:?}");
        }
    }
}

/// A second life, on a larger machine, with COMMON at its top and links of the first life. The moments include those in which
/// the deck prepares the core: there it refuses.
#[test]
fn by_hand_at_any_instruction_of_a_second_life() {
    let job = Job::new("chkpnt");
    for (first, second) in
        [(CoreSize::K4, CoreSize::K8), (CoreSize::K4, CoreSize::K32), (CoreSize::K8, CoreSize::K32)]
    {
        let reels = job.checkpoint(first);
        let mut seen = Seen::new();
        let may = |other: CoreSize| {
            if other.words() < first.words() {
                End::TooLarge
            } else if other.words() <= second.words() {
                End::Answer
            } else {
                End::Coded(12)
            }
        };
        each(37, |count| {
            let mut room = Room::load_tape(second, &reels, 3);
            room.run_to(job.at(1, "RETURN"));
            job.at_instruction(room, count, &may, &mut seen)
        });
        assert!(seen.contains_key(&(Some(second.words()), End::Answer)), "{first:?}, {second:?}: {seen:?}");
    }
}

/// The same, with checkpoints of the job's own at each call: all machines give the answer.
#[test]
fn by_the_program_at_any_call() {
    for routine in ["chkpnt", "chkstr"] {
        let job = Job::new(routine);
        for core in CORES {
            for calls in 1..=4 {
                let mut room = job.first(core);
                room.switch(1, true);
                for _ in 0..calls {
                    room.run_to(job.at(1, "RETURN"));
                    room.run(3);
                }
                let reels = room.power_off();
                for other in CORES {
                    let mut room = Room::load_tape(other, &reels, 5);
                    let end = job.end(&mut room);
                    if other.words() < core.words() {
                        assert_ne!(end, End::Answer, "{routine}: {core:?} to {other:?}");
                    } else {
                        assert_eq!(
                            (end, paper(&mut room).as_str()),
                            (End::Answer, PAPER),
                            "{routine}: {core:?} to {other:?}"
                        );
                    }
                }
            }
        }
    }
}
