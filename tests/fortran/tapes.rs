//! A job in the form of FORTRAN II in the middle of a tape.

use emu704::{CoreSize, StopKind};

use super::support::{Deck, Room, hopper, main_program, origins};
use crate::common::{Random, text};

const NAMES: [&str; 10] =
    ["LARGER", "TPINIT", "TPOUTP", "TPWRIT", "TPMARK", "TPINPT", "TPREAD", "TPFREE", "CHKPNT", "PRTINT"];

/// Writes 40 blocks of 10 on tape 5, the numbers 1 to 400, reads them back and prints their sum, 80200. Sense switch 1: a
/// checkpoint behind each block read, 2: behind each block written.
const JOB: &str = "\
MAIN   TSX LARGER,4
       TSX TPINIT,4
       TSX TPOUTP,4
       TSX N5,0
WRITE  LXA K10,1
       CLA NEXT
       ADD ONE
       STO NEXT
       STO LOW+10,1
       TIX WRITE+1,1,1
       TSX TPWRIT,4
       TSX N5,0
       TSX A,0
       TSX N10,0
       SWT 2
       TRA *+2
       TSX CHKPNT,4
       CLA LEFT
       SUB ONE
       STO LEFT
       TNZ WRITE
       TSX TPMARK,4
       TSX N5,0
       TSX TPINPT,4
       TSX N5,0
READ   TSX TPREAD,4
       TSX N5,0
       TSX A,0
       TSX N10,0
       TSX IEND,0
       CLA IEND
       TNZ END
       LXA K10,1
       CLA SUM
       ADD LOW+10,1
       TIX *-1,1,1
       STO SUM
       SWT 1
       TRA READ
       TSX CHKPNT,4
       TRA READ
END    TSX TPFREE,4
       TSX N5,0
       TSX PRTINT,4
       TSX SUM,0
DONE   HTR *
K10    PZE 10
ONE    PZE 0,0,1
N5     PZE 0,0,5
N10    PZE 0,0,10
LEFT   PZE 0,0,40
NEXT   PZE 0
SUM    PZE 0
IEND   PZE 0
LOW    BSS 9
A      BSS 1
";

struct Job {
    main: Deck,
    prtint: Deck,
    routine: Deck,
}

impl Job {
    fn new(routine: Deck) -> Job {
        Job { main: main_program(&NAMES, JOB), prtint: Deck::file("prtint"), routine }
    }

    fn room(&self, core: CoreSize) -> Room {
        Room::load_cards(core, hopper(core, &[&self.main, &self.prtint, &self.routine]), 11)
    }

    fn at(&self, symbol: &str) -> u16 {
        origins(&[&self.main])[0] + self.main.symbol(symbol)
    }

    /// Killed so many cycles behind its first checkpoint, which the switch brings.
    fn killed(&self, core: CoreSize, switch: usize, behind: u64) -> Vec<Vec<u8>> {
        let mut room = self.room(core);
        room.run_to(self.at(if switch == 1 { "READ" } else { "MAIN" }));
        room.run(10_000);
        room.switch(switch, true);
        room.run_to(self.at(if switch == 1 { "READ" } else { "WRITE" }));
        let entry = origins(&[&self.main, &self.prtint, &self.routine])[2] + self.routine.symbol("FTNCHK");
        room.run_to(entry);
        room.switch(switch, false);
        room.run_to(self.at(if switch == 1 { "READ" } else { "WRITE" }));
        room.run(behind);
        assert_eq!(room.paper(), "");
        room.power_off()
    }
}

#[test]
fn a_job_in_the_middle_of_a_tape_is_put_back() {
    let mut random = Random(4151);
    for file in ["tapes", "tapstr"] {
        let job = Job::new(Deck::file(file));
        let mut room = job.room(CoreSize::K8);
        room.halt();
        assert_eq!(room.paper(), "080200\n", "{file}");
        for (from, to) in [
            (CoreSize::K4, CoreSize::K4),
            (CoreSize::K8, CoreSize::K8),
            (CoreSize::K4, CoreSize::K32),
            (CoreSize::K8, CoreSize::K32),
        ] {
            for switch in [1, 2] {
                let reels = job.killed(from, switch, random.below(15_000));
                let mut room = Room::load_tape(to, &reels, random.next());
                let stop = room.halt();
                assert_eq!(stop.at, job.at("DONE"), "{file}");
                assert_eq!(room.paper(), "080200\n", "{file}: {from:?} to {to:?}, switch {switch}");
            }
        }
    }
}

/// The job resumes anyway, and what it prints is wrong, or it stops: so it was before there were tape statements.
#[test]
fn without_putting_back_the_sum_is_wrong() {
    let source = text("programs/fortran/tapes.sap");
    let routine = Deck::changed(&source, &|_, cards| {
        cards.replace("SECOND LIFE\n       TSX TPBACK,4\n", "SECOND LIFE\n       NOP\n")
    });
    let reels = Job::new(routine).killed(CoreSize::K8, 1, 9_000);
    let mut room = Room::load_tape(CoreSize::K8, &reels, 12);
    room.run(3_000_000);
    assert_ne!(room.paper(), "080200\n");
}

#[test]
fn a_unit_that_is_not_3_to_6_stops_the_job() {
    for unit in [2, 7] {
        let main = main_program(
            &["TPINIT", "TPMARK"],
            &format!(
                "MAIN   TSX TPINIT,4\n       TSX TPMARK,4\n       TSX N,0\n       HTR *\nN      PZE 0,0,{unit}\n"
            ),
        );
        let cards = hopper(CoreSize::K4, &[&main, &Deck::file("tapes")]);
        let mut room = Room::load_cards(CoreSize::K4, cards, 2);
        assert_eq!(room.halt_number(), 9, "unit {unit}");
    }
}

/// A(1) is the last word of the block: FORTRAN's arrays go down.
#[test]
fn a_block_on_tape_begins_with_the_last_element() {
    let job = Job::new(Deck::file("tapes"));
    let mut room = job.room(CoreSize::K4);
    let stop = room.halt();
    assert_eq!(stop.kind, StopKind::Htr);
    // the array still holds the last block, 391 to 400, in the order in which it was made and written
    let low = job.at("LOW");
    let values: Vec<u16> = (0..10).map(|i| room.machine.core.peek(low + i).decrement()).collect();
    assert_eq!(values, (391..=400).collect::<Vec<u16>>());
}
