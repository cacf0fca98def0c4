//! A job in the form of FORTRAN II, killed and resumed on other machines.

use emu704::{CoreSize, StopKind};

use super::support::{CORES, Deck, Room, hopper, main_program, origins};
use crate::common::text;

/// 1 + 2 + ... + 500
const ANSWER: &str = "125250\n";

fn job(core: CoreSize, routine: &Deck) -> Vec<[asm704::Word; 24]> {
    let [count, step, prtint] = ["count", "step", "prtint"].map(Deck::file);
    hopper(core, &[&count, &step, &prtint, routine])
}

#[test]
fn the_job_made_by_hand_prints_the_sum() {
    for core in CORES {
        let mut room = Room::load_cards(core, job(core, &Deck::file("chkpnt")), 1);
        room.halt();
        assert_eq!(room.paper(), ANSWER, "{core:?}");
    }
}

/// The reels of a life that was killed right behind a checkpoint, in the middle of the job.
fn killed(core: CoreSize, routine: &Deck) -> Vec<Vec<u8>> {
    let mut room = Room::load_cards(core, job(core, routine), 7);
    let decks = ["count", "step", "prtint"].map(Deck::file);
    let origin = origins(&[&decks[0], &decks[1], &decks[2], routine])[3];
    room.switch(1, true);
    // the second call comes back from the first one's place
    room.run_to(origin + routine.symbol("FTNCHK"));
    room.switch(1, false);
    let step = origins(&[&decks[0], &decks[1]])[1];
    room.run_to(step + decks[1].symbol("RETURN"));
    room.run(20_000);
    assert_eq!(room.paper(), "");
    room.power_off()
}

/// The call stands in a SUBROUTINE that keeps its link as TSX made it.
#[test]
fn a_killed_job_is_resumed_on_the_same_machine_and_on_larger_ones() {
    for file in ["chkpnt", "chkstr"] {
        let routine = Deck::file(file);
        for (n, core) in CORES.into_iter().enumerate() {
            let reels = killed(core, &routine);
            for larger in &CORES[n..] {
                let mut room = Room::load_tape(*larger, &reels, 99);
                room.halt();
                assert_eq!(room.paper(), ANSWER, "{file}: {core:?} to {larger:?}");
            }
        }
    }
}

/// Without the transfers at the end of the larger core the return goes there, as it was seen: 60052 for 00052.
#[test]
fn without_the_cure_the_return_goes_too_far() {
    let source = text("programs/fortran/chkpnt.sap");
    let routine = Deck::changed(&source, &|_, cards| cards.replace("TXL SAME,2,0", "TRA SAME"));
    let reels = killed(CoreSize::K8, &routine);
    let mut room = Room::load_tape(CoreSize::K32, &reels, 99);
    let stop = room.run(5_000_000);
    assert!(stop.kind == StopKind::Htr && stop.at >= 0o60000, "{stop:?}");
    assert_eq!(room.paper(), "");
    let mut room = Room::load_tape(CoreSize::K8, &reels, 99);
    room.halt();
    assert_eq!(room.paper(), ANSWER, "the same machine needs no cure");
}

/// The third life comes from a checkpoint that the second made on a larger machine, and goes back to the small one.
#[test]
fn a_checkpoint_of_a_larger_machine_goes_back_to_the_small_one() {
    let routine = Deck::file("chkpnt");
    let reels = killed(CoreSize::K4, &routine);
    let mut room = Room::load_tape(CoreSize::K32, &reels, 5);
    room.switch(1, true);
    let decks = ["count", "step", "prtint", "chkpnt"].map(Deck::file);
    room.run_to(origins(&decks.each_ref())[3] + routine.symbol("FTNCHK"));
    room.run_to(origin_of_step() + Deck::file("step").symbol("RETURN"));
    room.run(10_000);
    let reels = room.power_off();
    for core in CORES {
        let mut room = Room::load_tape(core, &reels, 6);
        room.halt();
        assert_eq!(room.paper(), ANSWER, "{core:?}");
    }
}

fn origin_of_step() -> u16 {
    let [count, step] = ["count", "step"].map(Deck::file);
    origins(&[&count, &step])[1]
}

const LIVES: &str = "\
MAIN   TSX LARGER,4
       LXD S1,1
       LXD S2,2
       TSX LIFE,4
       TSX ZERO,0
       STO V
       SXD GOT1,1
       SXD GOT2,2
       TSX PRTINT,4
       TSX V,0
       TSX LIFE,4
       TSX ONE,0
       STO V
       TSX PRTINT,4
       TSX V,0
       HTR *
ZERO   PZE 0
ONE    PZE 0,0,1
S1     PZE 0,0,1234
S2     PZE 0,0,2345
GOT1   PZE 0
GOT2   PZE 0
V      PZE 0
";

/// `LIFE(0)` is 0, and from the reel 1; `LIFE(1)` tells the same without a checkpoint.
#[test]
fn a_function_tells_the_life() {
    for file in ["chkpnt", "chkstr", "tapes", "tapstr"] {
        let main = main_program(&["LARGER", "LIFE", "PRTINT"], LIVES);
        let (prtint, routine) = (Deck::file("prtint"), Deck::file(file));
        let cards = hopper(CoreSize::K8, &[&main, &prtint, &routine]);
        let origin = origins(&[&main])[0];
        let mut room = Room::load_cards(CoreSize::K8, cards, 3);
        let check = |room: &mut Room, paper: &str| {
            room.halt();
            assert_eq!(room.paper(), paper, "{file}");
            let got =
                ["GOT1", "GOT2"].map(|name| room.machine.core.peek(origin + main.symbol(name)).decrement());
            assert_eq!(got, [1234, 2345], "{file}: XR1 and XR2 are kept");
        };
        check(&mut room, "000000\n000000\n");
        let reels = room.power_off();
        let mut room = Room::load_tape(CoreSize::K32, &reels, 4);
        check(&mut room, "000001\n000001\n");
    }
}
