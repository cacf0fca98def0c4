//! Self-loading decks: LOAD CARDS alone loads and starts the program, on a machine with anything in core.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use asm704::Word;
use asm704::assemble::{Options, assemble};
use asm704::media::tape::{TapeFormat, encode};
use asm704::self_loading::{SelfLoadingError, deck, reel};
use emu704::host::Mounts;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

/// Loads a program by its self-loading deck and runs it to the stop.
fn run(source: &str, core: CoreSize, spoil: impl Fn(&mut Vec<[Word; 24]>)) -> (Machine, StopKind, u16) {
    let output = assemble(source, &Options::default());
    let image = output.core_image().collect();
    let mut cards: Vec<[Word; 24]> =
        deck(&image, output.start()).unwrap().into_iter().map(|card| card.words).collect();
    spoil(&mut cards);
    let config = Config { core, ..Config::default() };
    let mut machine = Machine::power_on(config, 704);
    machine.put_cards(cards);
    machine.load(&mut NoMedia, LoadKey::Cards);
    let stop = machine.run(&mut NoMedia, 50_000_000);
    (machine, stop.kind, stop.at)
}

/// Loads a program by its self-loading reel and runs it to the stop.
fn run_reel(source: &str, core: CoreSize, form: TapeFormat) -> (Machine, StopKind, u16) {
    let output = assemble(source, &Options::default());
    let image = output.core_image().collect();
    let items = reel(&image, output.start()).unwrap();
    let bytes: Vec<u8> = items.iter().flat_map(|item| encode(form, item, 0).unwrap()).collect();
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, bytes, false).unwrap();
    let mut machine = Machine::power_on(Config { core, ..Config::default() }, 1955);
    machine.load(&mut mounts, LoadKey::Tape);
    let stop = machine.run(&mut mounts, 50_000_000);
    (machine, stop.kind, stop.at)
}

#[test]
fn a_reel_is_loaded_and_started() {
    for form in [TapeFormat::Simh, TapeFormat::P7b] {
        for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
            let (machine, kind, at) = run_reel(PROGRAM, core, form);
            assert_eq!((kind, at), (StopKind::Hpr, 0o105), "{core:?}");
            assert_eq!(machine.core.peek(0o107), Word::new(136 + 120), "{core:?}");
        }
    }
}

#[test]
fn a_reel_can_fill_core_but_for_the_loader() {
    let words = "       ORG 0\n".to_owned() + &"       OCT 707070707070\n".repeat(4096 - 27 - 3);
    let program = words + "START  CLA 0\n       ACL START-1\n       HPR\n       END START\n";
    let (machine, kind, _) = run_reel(&program, CoreSize::K4, TapeFormat::Simh);
    assert_eq!(kind, StopKind::Hpr);
    assert_eq!(machine.core.peek(0), machine.core.peek(4000));
}

/// Words in 0 to 30, some of a second stretch, and a sum of them; the deck has five cards.
const PROGRAM: &str = "       ORG 0
       OCT 1,2,3,4,5,6,7,10,11,12,13,14,15,16,17,20
       OCT 1,2,3,4,5,6,7,10,11,12,13,14,15,16,17
       ORG 64
START  LXA COUNT,1
       PXD
       ADD 31,1
       TIX *-1,1,1
       STO SUM
       HPR
COUNT  PZE 31
SUM    OCT -7
       END START
";

#[test]
fn the_program_is_loaded_and_started() {
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        let (machine, kind, at) = run(PROGRAM, core, |_| {});
        assert_eq!((kind, at), (StopKind::Hpr, 0o105), "{core:?}");
        // 1 to 16 and 1 to 15
        assert_eq!(machine.core.peek(0o107), Word::new(136 + 120), "{core:?}");
        assert_eq!(machine.core.peek(0), Word::new(1), "{core:?}");
    }
}

#[test]
fn a_wrong_checksum_stops_the_machine() {
    let (_, kind, at) = run(PROGRAM, CoreSize::K4, |cards| cards[2][5] = Word::new(0o1234));
    // the loader stands from 31 decimal on: its HTR is the 21st word
    assert_eq!((kind, at), (StopKind::Htr, 31 + 20));
}

#[test]
fn cards_that_end_too_early_stop_the_machine() {
    let (_, kind, _) = run(PROGRAM, CoreSize::K4, |cards| cards.truncate(3));
    assert!(matches!(kind, StopKind::Htr | StopKind::Waiting), "{kind:?}");
}

#[test]
fn what_cannot_be_is_said() {
    let full = (0..=0o77777).map(|address| (address, Word::ZERO)).collect();
    assert_eq!(deck(&full, Some(0)), Err(SelfLoadingError::NoRoom));
    let one = [(5, Word::ZERO)].into_iter().collect();
    assert_eq!(deck(&one, None), Err(SelfLoadingError::NoStart));
}
