//! The operator makes a checkpoint of a job that knows nothing of it.

use asm704::Word;
use emu704::console::Key;
use emu704::cpu::Ac;
use emu704::{CoreSize, StopKind};

use super::support::{Deck, Room, hopper, main_program, origins};
use crate::common::Random;

/// MANUAL, SXD CHKXR4,4 and TSX CHKOPR,4 by ENTER INSTRUCTION, AUTOMATIC, START. False if the job stopped by itself before
/// the switch took effect.
pub(super) fn by_hand(room: &mut Room, entry: u16) -> bool {
    if room.machine.to_manual(&mut room.mounts).is_err() {
        return false;
    }
    for instruction in [0o463400400000 + u64::from(entry) + 1, 0o007400400000 + u64::from(entry)] {
        room.machine.console.keys = Word::new(instruction);
        room.machine.press(Key::EnterInstruction, &mut room.mounts);
    }
    room.machine.to_automatic();
    room.machine.press(Key::Start, &mut room.mounts);
    true
}

/// A job that does nothing, forever, with one of the decks.
struct Spinning {
    /// Its only instruction.
    spin: u16,
    /// The operator's entry.
    entry: u16,
    /// Its cards, for 8K.
    hopper: Vec<[Word; 24]>,
}

fn spinning(file: &str) -> Spinning {
    // the loader of the loader stands in low core
    let (main, routine) = (main_program(&[], "       BSS 300\nMAIN   TRA MAIN\n"), Deck::file(file));
    let decks = [&main, &routine];
    let [first, entry] = origins(&decks)[..] else { panic!("two decks have two origins") };
    Spinning { spin: first + 300, entry, hopper: hopper(CoreSize::K8, &decks) }
}

/// What must come back.
fn state(room: &Room) -> impl PartialEq + std::fmt::Debug + use<> {
    let cpu = &room.machine.cpu;
    let indicators = [cpu.ac_overflow, cpu.mq_overflow, cpu.divide_check, cpu.trapping];
    (cpu.ic, cpu.ac, cpu.mq, cpu.xr, indicators, cpu.sense_lights)
}

/// Registers and indicators are anything, and the job stands in a loop of one instruction.
#[test]
fn everything_is_as_it_was_in_both_lives() {
    let mut random = Random(704);
    for file in ["chkpnt", "chkstr"] {
        let Spinning { spin, entry, hopper } = spinning(file);
        for n in 0..8 {
            let mut room = Room::load_cards(CoreSize::K8, hopper.clone(), random.next());
            room.run_to(spin);
            let cpu = &mut room.machine.cpu;
            // Q and P in all four ways, AC overflow on and off with each
            let magnitude = random.word().bits() & 0o377777777777 | (n % 4) << 35;
            cpu.ac = Ac { negative: random.below(2) == 1, magnitude };
            cpu.ac_overflow = n >= 4;
            cpu.mq = random.word();
            cpu.xr = std::array::from_fn(|_| random.below(8192) as u16);
            cpu.mq_overflow = random.below(2) == 1;
            cpu.divide_check = random.below(2) == 1;
            cpu.sense_lights = std::array::from_fn(|_| random.below(2) == 1);
            let before = state(&room);
            by_hand(&mut room, entry);
            room.run(100);
            assert_ne!(room.machine.cpu.ic, spin, "the routine works");
            room.run_to(spin);
            assert_eq!(state(&room), before, "{file}: first life, {n}");
            let reels = room.power_off();
            let mut room = Room::load_tape(CoreSize::K8, &reels, random.next());
            room.run_to(spin);
            assert_eq!(state(&room), before, "{file}: second life, {n}");
        }
    }
}

/// At any moment of the job: it prints its sum, and so does the machine that loads the reel. XR4 is the link of STEP for most
/// of the time.
#[test]
fn a_job_that_never_calls_goes_on_in_both_lives() {
    let decks = ["count", "step", "prtint", "chkpnt"].map(Deck::file);
    let decks: Vec<&Deck> = decks.iter().collect();
    let entry = origins(&decks)[3];
    let mut random = Random(1958);
    for core in [CoreSize::K8, CoreSize::K8, CoreSize::K32] {
        let mut room = Room::load_cards(CoreSize::K8, hopper(CoreSize::K8, &decks), 8);
        room.run_to(origins(&decks)[1] + 4);
        assert_eq!(room.paper(), "");
        room.run(random.below(200_000));
        by_hand(&mut room, entry);
        room.run_to(origins(&decks)[1] + 4);
        let reels = room.reels();
        room.halt();
        assert_eq!(room.paper(), "125250\n");
        let mut room = Room::load_tape(core, &reels, 9);
        if core == CoreSize::K8 {
            room.halt();
            assert_eq!(room.paper(), "125250\n");
        } else {
            assert_eq!(room.halt_number(), 12, "a larger machine is refused");
        }
    }
}

/// In the middle of a checkpoint there is none by hand: the routine would be saved with half of its work done.
#[test]
fn within_the_deck_it_refuses_and_start_goes_on() {
    let decks = ["count", "step", "prtint", "chkpnt"].map(Deck::file);
    let decks: Vec<&Deck> = decks.iter().collect();
    let entry = origins(&decks)[3];
    let mut room = Room::load_cards(CoreSize::K8, hopper(CoreSize::K8, &decks), 8);
    room.switch(1, true);
    room.run_to(entry + decks[3].symbol("CHKFRK"));
    room.switch(1, false);
    for _ in 0..3 {
        room.run(150);
        let before = state(&room);
        by_hand(&mut room, entry);
        assert_eq!(room.halt_number(), 10);
        room.machine.press(Key::Start, &mut room.mounts);
        // HTR goes to where the job stood
        let goes_to = room.machine.cpu.ic;
        assert!(goes_to >= entry, "{goes_to:05o}, {before:?}");
    }
    room.halt();
    assert_eq!(room.paper(), "125250\n");
}

/// The machine has stopped by itself, and the operator uses the time. Behind HTR the job continues at the address of the
/// halt. HPR is done once more, for the panel shows its own location.
#[test]
fn at_a_halt_of_the_job_it_continues_there() {
    for halt in ["HPR", "HTR NEXT"] {
        let main = main_program(
            &["PRTINT"],
            &format!("MAIN   {halt}\nNEXT   TSX PRTINT,4\n       TSX N,0\n       HTR *\nN      PZE 0,0,7\n"),
        );
        let (prtint, routine) = (Deck::file("prtint"), Deck::file("chkpnt"));
        let decks = [&main, &prtint, &routine];
        let mut room = Room::load_cards(CoreSize::K8, hopper(CoreSize::K8, &decks), 17);
        let stop = room.run(10_000_000);
        assert_eq!(stop.at, origins(&decks)[0] + main.symbol("MAIN"), "{halt}: {stop:?}");
        by_hand(&mut room, origins(&decks)[2]);
        let to_the_end = |room: &mut Room| {
            if halt == "HPR" {
                let again = room.run(10_000_000);
                assert_eq!((again.kind, again.at), (StopKind::Hpr, stop.at));
                room.machine.press(Key::Start, &mut room.mounts);
            }
            room.halt();
            assert_eq!(room.paper(), "000007\n", "{halt}");
        };
        to_the_end(&mut room);
        let reels = room.power_off();
        to_the_end(&mut Room::load_tape(CoreSize::K8, &reels, 18));
    }
}

/// `LIFE(1)` tells of the job's own checkpoints: one by hand changes it only in the life that comes from it.
#[test]
fn a_checkpoint_by_hand_does_not_change_the_life() {
    let main = main_program(
        &["LIFE", "PRTINT"],
        "       BSS 300
MAIN   TSX LIFE,4
       TSX ZERO,0
SPIN   SWT 1
       TRA SPIN
       TSX LIFE,4
       TSX ONE,0
       STO V
       TSX PRTINT,4
       TSX V,0
       HTR *
ZERO   PZE 0
ONE    PZE 0,0,1
V      PZE 0
",
    );
    let (prtint, routine) = (Deck::file("prtint"), Deck::file("chkpnt"));
    let decks = [&main, &prtint, &routine];
    let (spin, entry) = (origins(&decks)[0] + main.symbol("SPIN"), origins(&decks)[2]);
    let printed = |room: &mut Room| {
        room.switch(1, true);
        room.halt();
        room.paper()
    };
    let mut room = Room::load_cards(CoreSize::K8, hopper(CoreSize::K8, &decks), 3);
    room.run_to(spin);
    let own = room.reels();
    by_hand(&mut room, entry);
    room.run_to(spin);
    let by_the_operator = room.reels();
    assert_eq!(printed(&mut room), "000000\n", "a first life");
    assert_eq!(printed(&mut Room::load_tape(CoreSize::K8, &by_the_operator, 3)), "000001\n");
    let mut second = Room::load_tape(CoreSize::K8, &own, 3);
    second.run_to(spin);
    by_hand(&mut second, entry);
    second.run_to(spin);
    assert_eq!(printed(&mut second), "000001\n", "a second life, and a checkpoint by hand in it");
}

/// TAPE CHECK comes on again in both lives; the job has not looked at it yet.
#[test]
fn tape_check_is_as_it_was_in_both_lives() {
    for file in ["chkpnt", "chkstr", "tapes", "tapstr"] {
        let Spinning { spin, entry, hopper } = spinning(file);
        for on in [false, true] {
            let mut room = Room::load_cards(CoreSize::K8, hopper.clone(), 6);
            room.run_to(spin);
            // twice: the strong routine must find its reels again
            for _ in 0..2 {
                room.machine.cpu.tape_check = on;
                let before = state(&room);
                by_hand(&mut room, entry);
                room.run(100);
                room.run_to(spin);
                assert_eq!((room.machine.cpu.tape_check, state(&room)), (on, before), "{file}: first life");
            }
            let reels = room.power_off();
            let mut room = Room::load_tape(CoreSize::K8, &reels, 7);
            room.run_to(spin);
            assert_eq!(room.machine.cpu.tape_check, on, "{file}: second life");
            by_hand(&mut room, entry);
            room.run(100);
            room.run_to(spin);
            assert_eq!(room.machine.cpu.tape_check, on, "{file}: a checkpoint of the second life");
        }
    }
}

/// No instruction turns END OF TAPE on. Nothing is written, everything else is kept, and the halt says so.
#[test]
fn end_of_tape_is_a_stop_of_its_own() {
    for file in ["chkpnt", "chkstr", "tapes", "tapstr"] {
        let Spinning { spin, entry, hopper } = spinning(file);
        let mut room = Room::load_cards(CoreSize::K8, hopper.clone(), 6);
        room.run_to(spin);
        room.machine.cpu.end_of_tape = true;
        room.machine.cpu.tape_check = true;
        let before = state(&room);
        let reels = room.reels();
        by_hand(&mut room, entry);
        assert_eq!(room.halt_number(), 14, "{file}");
        assert_eq!(room.reels(), reels, "{file}: nothing was written");
        room.machine.press(Key::Start, &mut room.mounts);
        room.run_to(spin);
        assert_eq!((state(&room), room.machine.cpu.tape_check), (before, true), "{file}: START goes on");
        by_hand(&mut room, entry);
        room.run(100);
        room.run_to(spin);
    }
}

/// The tape statements' words are part of the deck: without TPINIT, and without CLEAR before the deck was loaded, no unit
/// is rewound and no label looked for.
#[test]
fn the_decks_need_no_cleared_core() {
    for file in ["chkpnt", "chkstr", "tapes", "tapstr"] {
        let Spinning { spin, entry, hopper } = spinning(file);
        let mut room = Room::load_cards_without_clear(CoreSize::K8, hopper, 1706);
        room.run_to(spin);
        let before = state(&room);
        by_hand(&mut room, entry);
        room.run(100);
        room.run_to(spin);
        let reels = room.power_off();
        let mut room = Room::load_tape(CoreSize::K8, &reels, 7);
        room.run_to(spin);
        assert_eq!(state(&room), before, "{file}");
    }
}
