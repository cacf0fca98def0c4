//! Both lives of the call: everything comes back.

use emu704::{CoreSize, LoadKey, StopKind};

use super::support::{DUMP_CYCLES, Setting, assert_same, cold_start, reel, setting};
use crate::common::{Random, assemble, machine_with, root, run, symbol, text};

fn both_lives(setting: &Setting, seed: u64) {
    let before = setting.arbitrary(seed);
    let expected = setting.expected(&before);
    let mut machine = before.clone();
    let mut mounts = reel(Vec::new());
    let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
    assert!(setting.resumed(&machine, &stop), "{stop:?} seed {seed}");
    assert_same(&expected, &setting.promised(&machine), "first life", seed);

    let bytes = mounts.bytes(1).unwrap();
    drop((machine, mounts));
    for second in 0..2 {
        let (mut machine, mut mounts) = cold_start(setting.core, bytes.clone(), seed ^ second, false);
        let light = machine.cpu.tape_check;
        let mut stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
        if light {
            // TAPE CHECK was on when the power came: a halt of the check, which has turned it off. The operator
            // loads the same reel once more.
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, 5), "{stop:?} seed {seed}");
            machine.mount_at_load_point(1);
            machine.load(&mut mounts, LoadKey::Tape);
            stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
        }
        assert!(setting.resumed(&machine, &stop), "{stop:?} seed {seed}");
        assert_same(&expected, &setting.promised(&machine), "second life", seed);
        assert_eq!(machine.tape_unit(1).place(), 0, "the reel is rewound");
        assert!(!machine.cpu.tape_check);
    }
}

#[test]
fn everything_comes_back_on_4k() {
    for seed in 0..40 {
        let mut random = Random(seed + 77);
        let origin = 11 + random.below(3500) as u16;
        let call = if origin > 100 { origin - 20 } else { 3900 };
        both_lives(&setting(CoreSize::K4, origin, call, seed % 2 == 1), seed);
    }
}

/// The lowest place for the routine, and calls from words that are in the core's front.
#[test]
fn the_front_of_core_comes_back_with_the_call_in_it() {
    for (seed, call) in [2, 3, 5, 6, 7, 8, 9].into_iter().enumerate() {
        both_lives(&setting(CoreSize::K4, 11, call, seed % 2 == 1), seed as u64);
    }
}

#[test]
fn everything_comes_back_on_8k() {
    for seed in 0..16 {
        both_lives(&setting(CoreSize::K8, 11 + 500 * seed as u16, 8190, seed % 2 == 0), seed);
    }
}

#[test]
fn everything_comes_back_on_32k() {
    for seed in 0..4 {
        both_lives(&setting(CoreSize::K32, 30000, 7, seed % 2 == 0), seed);
    }
}

#[test]
fn the_second_entry_tells_the_lives_apart() {
    let output = assemble(
        "       ORG 100\n       TSX CHKFRK,4\n       HTR *,,1\n       HTR *,,2\nCHKPNT LIB\n       END 100\n",
    );
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = reel(Vec::new());
    assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 101);
    let (mut machine, mut mounts) = cold_start(CoreSize::K4, mounts.bytes(1).unwrap(), 3, true);
    assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 102);
}

/// A program that was interrupted between a read and its RTT finds the light as it was, in the first life.
#[test]
fn tape_check_is_untouched_in_the_first_life() {
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    for light in [false, true] {
        let mut machine = setting.arbitrary(4);
        machine.cpu.tape_check = light;
        let stop = run(&mut machine, &mut reel(Vec::new()), DUMP_CYCLES);
        assert!(setting.resumed(&machine, &stop));
        assert_eq!(machine.cpu.tape_check, light);
    }
}

/// The places of the parts, by which another program drives the routine, found from the symbol, and from a reel alone.
#[test]
fn a_program_can_find_the_parts() {
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    let of = |machine: &emu704::Machine, at: u16| {
        let places = [at, at + 1].map(|at| machine.core.peek(at));
        places.map(|word| (word.address(), word.decrement()))
    };
    let at = |name: &str| setting.at(name);
    let parts = [(at("K$SWP"), at("K$FIN")), (at("K$BOOT"), at("K$IND"))];
    let machine = setting.arbitrary(1);
    assert_eq!(of(&machine, at("CHKPLC")), parts);
    // word 8 of the image as it is on the reel, counted from its end: a sum follows word 4
    let words = asm704::media::tape::words_of(&setting.record(1), asm704::media::tape::Mode::Binary);
    let leads_to = words[words.len() - 1 - (8 - 4) - 1].address();
    assert_eq!(leads_to, at("CHKRST"));
    assert_eq!(of(&machine, leads_to - 2), parts);
}

/// A monitor takes the machine where both lives come by, and gives it back: no tape is written, and the caller finds its
/// registers.
#[test]
fn a_monitor_takes_the_call_and_gives_it_back() {
    let output = assemble(
        "       ORG 50
START  CAL CHKPLC
       STA X
       CAL GO
X      SLW **           THE ROUTINE COMES TO MON
       CLS VALUE
       LDQ VALUE+1
       LXD VALUE,2
       TSX CHKPNT,4
       HTR *
MON    TXL HALT,2,10    NOT THE FIRST LIFE
       CAL CHKPLC
       ARS 18
       STA Y
       CLM
       LXA GO,2
Y      TTR **           ALL BACK
HALT   HTR *,,7
GO     TTR MON
VALUE  OCT 123456701234,765432107654
CHKPNT LIB
       END START
",
    );
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = reel(Vec::new());
    let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 58), "{stop:?}");
    assert_eq!(machine.cpu.ac.word().bits(), 0o123456701234 | 1 << 35);
    assert_eq!(machine.cpu.mq.bits(), 0o765432107654);
    assert_eq!(machine.cpu.xr[1..], [0o23456 & 0o7777, 57u16.wrapping_neg() & 0o7777]);
    assert!(mounts.bytes(1).unwrap().is_empty());
}

/// The reel of a small program, as text that can be held against the listing.
#[test]
fn the_reel_of_a_small_program_as_text() {
    let output = assemble(&text("programs/small.sap"));
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = reel(Vec::new());
    let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
    assert_eq!(stop.kind, StopKind::Htr);
    let mut image = asm704::media::tape::TapeImage::open(mounts.bytes(1).unwrap()).unwrap();
    let dumped = asm704::media::text::to_string(&mut image).unwrap();
    let listing: Vec<&str> = output.listing().filter(|line| !line.contains(" REM ")).collect();
    insta::with_settings!({
        snapshot_path => root().join("tests/snapshots"),
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, {
        insta::assert_snapshot!("small_reel", dumped);
        insta::assert_snapshot!("small_listing", listing.join("\n"));
    });
}

/// The routine is one file that can be read from its first card to its last: it takes in no other.
#[test]
fn the_plain_routine_is_one_file() {
    let source = text("programs/lib/chkpnt.sap");
    assert!(!source.lines().any(|card| card.get(7..10) == Some("LIB")));
    let sections = source.lines().filter_map(|card| {
        let (number, _) = card.strip_prefix("       REM ")?.split_once(". ")?;
        number.parse::<u32>().ok()
    });
    assert_eq!(sections.collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
    let output = assemble("CHKPNT LIB\n       END 0\n");
    assert!(symbol(&output, "K$BOOT") < symbol(&output, "K$FIN"));
}
