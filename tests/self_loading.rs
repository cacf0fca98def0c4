//! Self-loading decks: LOAD CARDS alone loads and starts the program, on a machine with anything in core.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use asm704::Word;
use asm704::assemble::{Options, assemble};
use asm704::disassemble::disassemble_reel;
use asm704::media::tape::{Item, Mode, TapeFormat, encode, record_from_words};
use asm704::self_loading::{Loader, SelfLoadingError, deck, loader_for, reel};
use emu704::media::NoMedia;
use emu704::reels::Reels;
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
    let mut mounts = Reels::new();
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
    let no_room = |needed| Err(SelfLoadingError::NoRoom { needed, core: 0o100000 });
    assert_eq!(deck(&full, Some(0)), no_room(6));
    assert_eq!(reel(&full, Some(0)).map(|_| Vec::new()), no_room(3));
    let one = [(5, Word::ZERO)].into_iter().collect();
    assert_eq!(deck(&one, None), Err(SelfLoadingError::NoStart));
}

/// A program that fills a core except a few words from `free` on; everything but its stop is unlike its neighbours.
fn all_but(core: CoreSize, free: std::ops::Range<u16>, start: u16) -> BTreeMap<u16, Word> {
    let addresses = (0..core.words() as u16).filter(|address| !free.contains(address));
    let word = |n: u16| Word::new(u64::from(n).wrapping_mul(0x5851_f42d_4c95_7f2d) >> 28);
    let mut image: BTreeMap<u16, Word> = addresses.map(|address| (address, word(address))).collect();
    // HPR
    image.insert(start, Word::new(0o042000001234));
    image
}

/// A reel and its source make one another.
fn comes_back(image: &BTreeMap<u16, Word>, start: u16) {
    let items = reel(image, Some(start)).unwrap();
    let again = assemble(&disassemble_reel(&items).unwrap(), &Options::default());
    assert!(reel(&again.core_image().collect(), again.start()).unwrap() == items);
}

/// Loads, and looks at every word of the program when it has started; trapping mode is on before for odd seeds.
fn comes_up(image: &BTreeMap<u16, Word>, start: u16, core: CoreSize, key: LoadKey, seed: u64) {
    let mut machine = Machine::power_on(Config { core, ..Config::default() }, seed);
    machine.cpu.trapping = seed % 2 == 1;
    let mut mounts = Reels::new();
    if key == LoadKey::Cards {
        let cards = deck(image, Some(start)).unwrap();
        machine.put_cards(cards.into_iter().map(|card| card.words));
    } else {
        let items = reel(image, Some(start)).unwrap();
        let bytes: Vec<u8> =
            items.iter().flat_map(|item| encode(TapeFormat::Simh, item, 0).unwrap()).collect();
        mounts.mount_memory(1, bytes, false).unwrap();
    }
    machine.load(&mut mounts, key);
    let stop = machine.run(&mut mounts, 50_000_000);
    assert_eq!((stop.kind, stop.at), (StopKind::Hpr, start), "{core:?} {key:?} {seed} {stop:?}");
    assert!(!machine.cpu.trapping, "trapping mode is off");
    for (&address, &word) in image {
        assert_eq!(machine.core.peek(address), word, "{address:05o}, {core:?} {key:?}");
    }
}

#[test]
fn a_program_that_fills_core_gets_a_short_loader() {
    use CoreSize::{K4, K8, K32};
    for (made_for, runs_on) in [(K4, K4), (K4, K8), (K4, K32), (K8, K8), (K8, K32), (K32, K32)] {
        let top = made_for.words() as u16 - 6;
        for (seed, free) in (1..).zip([4, 5, 1000, top - 1, top]) {
            for start in [0, 1, 3, free - 1, (free + 6) % (top + 6)] {
                let image = all_but(made_for, free..free + 6, start);
                assert_eq!(loader_for(&image), Loader::Short);
                comes_up(&image, start, runs_on, LoadKey::Cards, seed);
                let image = all_but(made_for, free..free + 3, start);
                comes_up(&image, start, runs_on, LoadKey::Tape, seed);
                if made_for == runs_on {
                    comes_back(&image, start);
                }
            }
        }
        // a reel needs one word fewer for each of 0 and 1 that the program leaves free
        for free in [0..1, 1..2] {
            let mut image = all_but(made_for, free, 3);
            image.retain(|&address, _| address != 2000 && address != 2001);
            comes_up(&image, 3, runs_on, LoadKey::Tape, 1);
        }
        comes_up(&all_but(made_for, 0..2, 2), 2, runs_on, LoadKey::Tape, 2);
    }
}

#[test]
fn reels_of_other_kinds_are_refused_or_are_cards() {
    let binary = |words: &[Word]| Item::Record(record_from_words(words, Mode::Binary));
    // as many words from the last address on as would leave core
    let word = Word::new(0o77777);
    let wild = vec![binary(&[word]), binary(&[word]), binary(&vec![word; 40_000]), binary(&[word])];
    assert!(disassemble_reel(&wild).is_err());
    assert!(disassemble_reel(&[]).is_err());
    assert!(disassemble_reel(&[Item::Record(record_from_words(&[word], Mode::Bcd))]).is_err());
    let cards = vec![binary(&[word; 24]), binary(&[Word::ZERO; 24]), Item::Mark, binary(&[word])];
    assert!(disassemble_reel(&cards).unwrap().contains("OCT 000000077777"));
}
