//! Jobs that are resumed on a larger core: the answer is right, or the machine stops with a number before it computes
//! anything.

use asm704::Word;
use emu704::CoreSize;

use super::support::{CORES, Deck, Room, hopper, main_program, origins};

/// NSUM, I and B(10) are in COMMON, from 77461 down. Both sums of 1 to 500 are printed: the one in NSUM, which STEP makes,
/// and that of the ten words of B. The first line is the way in which the job declares itself.
const COMMON: &str = "\
ARG    TSX B10,0
       LXA TEN,1
       STZ I,1
       TIX *-1,1,1
       STZ NSUM
       CLA ONE
       STO I
LOOP   TSX STEP,4
       TSX I,0
       TSX NSUM,0
       LXD K,1
       CLA I,1
       ADD I
       STO I,1
       TIX *+2,1,1
       LXA TEN,1
       SXD K,1
       CLA I
       ADD ONE
       STO I
       SUB LIMIT
       TMI LOOP
       TSX PRTINT,4
       TSX NSUM,0
       STZ NSUM
       LXA TEN,1
       CLA NSUM
       ADD I,1
       TIX *-1,1,1
       STO NSUM
       TSX PRTINT,4
       TSX NSUM,0
       HTR *
NSUM   EQU 32561
I      EQU 32560
B10    EQU 32550
ONE    PZE 0,0,1
LIMIT  PZE 0,0,501
K      PZE 0,0,10
TEN    PZE 10
";

struct Job {
    decks: Vec<Deck>,
    paper: &'static str,
}

impl Job {
    /// The job of docs/fortran.md, or one with COMMON.
    fn new(main: Deck, routine: &str, paper: &'static str) -> Job {
        Job { decks: vec![main, Deck::file("step"), Deck::file("prtint"), Deck::file(routine)], paper }
    }

    fn with_common(declares: &str) -> Job {
        let (vector, cards): (&[&str], _) = match declares {
            "" => (&["STEP", "PRTINT"], COMMON.replace("ARG    TSX B10,0\n", "MAIN   NOP\n")),
            "LARGER" => {
                (&["LARGER", "STEP", "PRTINT"], COMMON.replace("ARG    TSX B10,0\n", "MAIN   TSX LARGER,4\n"))
            }
            _ => (&["LARGER", "STEP", "PRTINT"], format!("MAIN   TSX LARGER,4\n{COMMON}")),
        };
        Job::new(main_program(vector, &cards), "chkpnt", "125250\n125250\n")
    }

    fn start(&self, core: CoreSize) -> Room {
        let decks: Vec<&Deck> = self.decks.iter().collect();
        Room::load_cards(core, hopper(core, &decks), 7)
    }

    fn at(&self, deck: usize, symbol: &str) -> u16 {
        let decks: Vec<&Deck> = self.decks.iter().collect();
        origins(&decks)[deck] + self.decks[deck].symbol(symbol)
    }

    /// The next call of STEP makes a checkpoint, and a little later the power fails.
    fn lives_until_a_checkpoint(&self, mut room: Room) -> Vec<Vec<u8>> {
        room.run(70_000);
        room.switch(1, true);
        room.run_to(self.at(3, "FTNCHK"));
        room.switch(1, false);
        room.run_to(self.at(1, "RETURN"));
        room.run(20_000);
        assert_eq!(room.paper(), "");
        room.power_off()
    }
}

fn resumed(core: CoreSize, reels: &[Vec<u8>]) -> Room {
    Room::load_tape(core, reels, 99)
}

/// 4K, 8K, 32K and back. A link that was made on 8,192 words has 13 bits, also when the job began on 4,096.
#[test]
fn a_job_goes_through_machines_of_every_size() {
    for job in [
        Job::new(Deck::file("count"), "chkpnt", "125250\n"),
        Job::new(Deck::file("count"), "chkstr", "125250\n"),
        Job::with_common("LARGER(Z)"),
    ] {
        let first = job.lives_until_a_checkpoint(job.start(CoreSize::K4));
        for second in CORES {
            let reels = job.lives_until_a_checkpoint(resumed(second, &first));
            for third in CORES {
                let reels = job.lives_until_a_checkpoint(resumed(third, &reels));
                for last in CORES {
                    let mut room = resumed(last, &reels);
                    room.halt();
                    assert_eq!(room.paper(), job.paper, "4K, {second:?}, {third:?}, {last:?}");
                }
            }
        }
    }
}

/// A silent wrong sum came out before.
#[test]
fn common_at_the_top_of_core_is_moved_or_the_job_refused() {
    for (declares, halts) in [("", Some(11)), ("LARGER", Some(13)), ("LARGER(Z)", None)] {
        let job = Job::with_common(declares);
        for (n, core) in CORES.into_iter().enumerate() {
            let reels = job.lives_until_a_checkpoint(job.start(core));
            for (m, other) in CORES.into_iter().enumerate().skip(n) {
                let mut room = resumed(other, &reels);
                match halts {
                    Some(number) if m > n => {
                        assert_eq!(room.halt_number(), number, "{declares}: {core:?} to {other:?}");
                        room.machine.press(emu704::console::Key::Start, &mut room.mounts);
                        assert_eq!(room.halt_number(), number, "START does not help");
                        assert_eq!(room.paper(), "");
                    }
                    _ => {
                        room.halt();
                        assert_eq!(room.paper(), job.paper, "{declares}: {core:?} to {other:?}");
                    }
                }
            }
        }
    }
}

/// At the halt AC is the instruction: the first in core that addresses COMMON is STZ I,1.
#[test]
fn the_instruction_that_addresses_common_is_in_ac() {
    let job = Job::with_common("LARGER");
    let reels = job.lives_until_a_checkpoint(job.start(CoreSize::K8));
    let mut room = resumed(CoreSize::K32, &reels);
    assert_eq!(room.halt_number(), 13);
    assert_eq!(Word::new(room.machine.cpu.ac.magnitude), Word::new(0o060000177460));
}

/// FORTRAN's library keeps words of its own above 77461, which LARGER need not be told of.
#[test]
fn the_words_above_common_are_moved_too() {
    let main = main_program(
        &["LARGER", "STEP", "PRTINT"],
        &format!("MAIN   TSX LARGER,4\n{COMMON}")
            .replace("ARG    TSX B10,0\n", "")
            .replace("NSUM   EQU 32561", "NSUM   EQU 32766")
            .replace("I      EQU 32560", "I      EQU 32765"),
    );
    let job = Job::new(main, "chkpnt", "125250\n125250\n");
    for core in [CoreSize::K4, CoreSize::K8] {
        let reels = job.lives_until_a_checkpoint(job.start(core));
        let reels = job.lives_until_a_checkpoint(resumed(CoreSize::K32, &reels));
        for core in [core, CoreSize::K32] {
            let mut room = resumed(core, &reels);
            room.halt();
            assert_eq!(room.paper(), job.paper, "{core:?}");
        }
    }
}

/// The subprogram fetches its arguments after the checkpoint, by the link of the first life.
#[test]
fn arguments_are_fetched_behind_the_checkpoint() {
    let main = main_program(
        &["LARGER", "CHKPNT", "PRTINT"],
        "\
MAIN   TSX LARGER,4
       TSX LATE,4
       TSX N,0
       TSX M,0
       TSX PRTINT,4
       TSX N,0
       HTR *
LATE   SXD X4,4
       TSX CHKPNT,4
       LXD X4,4
       CLA 2,4
       STA GET
       CLA 1,4
       STA PUT
GET    CLA **
PUT    STO **
       TRA 3,4
X4     PZE 0
N      PZE 0
M      PZE 0,0,421
",
    );
    let decks = [main, Deck::file("prtint"), Deck::file("chkpnt")];
    let decks: Vec<&Deck> = decks.iter().collect();
    let mut room = Room::load_cards(CoreSize::K4, hopper(CoreSize::K4, &decks), 5);
    room.halt();
    let reels = room.power_off();
    for core in CORES {
        let mut room = resumed(core, &reels);
        room.halt();
        assert_eq!(room.paper(), "000421\n", "{core:?}");
    }
}
