//! Core sizes: found, set, refused, and the image of one machine on another.

use asm704::Word;
use emu704::{CoreSize, Machine, StopKind};

use super::support::{DUMP_CYCLES, Setting, assert_same, cold_start, first_record, reel, setting};
use crate::common::{assemble, machine_with, run, symbol};

#[test]
fn an_image_of_4k_goes_to_larger_machines_and_back() {
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    let before = setting.arbitrary(5);
    let expected = setting.expected(&before);
    let mut machine = before;
    let mut mounts = reel(Vec::new());
    run(&mut machine, &mut mounts, DUMP_CYCLES);
    let mut bytes = mounts.bytes(1).unwrap();
    for core in [CoreSize::K8, CoreSize::K32, CoreSize::K4] {
        let (mut machine, mut mounts) = cold_start(core, bytes, 11, true);
        let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, 3001), "{core}");
        let (mut cpu, words) = setting.promised(&machine);
        // the link is re-formed for the core that the image woke in
        assert_eq!(cpu.xr[2], 3000u16.wrapping_neg() & core.mask(), "{core}");
        cpu.xr[2] = expected.0.xr[2];
        assert_same(&expected, &(cpu, words), "larger core", 5);
        // and from there a new dump, of the size of the image
        machine.set_start(3000);
        let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, 3001), "{core}");
        bytes = mounts.bytes(1).unwrap();
    }
}

/// A program that sets CHKSIZ before its call.
fn set_to(size: u16) -> asm704::assemble::Output {
    assemble(&format!(
        "       ORG 100\n       CAL SIZE\n       SLW CHKSIZ\n       TSX CHKPNT,4\n       HTR *\nSIZE   PZE 0,0,{size}\nCHKPNT LIB\n       END 100\n"
    ))
}

/// A job of a 4K machine that runs on a larger one and is to go back: it says so in the word CHKSIZ before its first call.
#[test]
fn the_size_may_be_set_before_the_first_call() {
    let output = set_to(1);
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        let mut machine = machine_with(&output, core);
        let mut mounts = reel(Vec::new());
        assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 103);
        let bytes = mounts.bytes(1).unwrap();
        assert_eq!(first_record(&mut mounts).frames.len(), 6 * (4096 + 8), "{core}");
        for second in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
            let (mut machine, mut mounts) = cold_start(second, bytes.clone(), 6, true);
            let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, 103), "{core} to {second}");
            assert_eq!(machine.cpu.xr[2], 102u16.wrapping_neg() & second.mask());
        }
    }
}

/// All but the top 4,096 words of 32,768: a record that machines can read whose tape records end below 32,768 words.
#[test]
fn a_size_of_seven_leaves_out_the_top() {
    let output = set_to(7);
    let mut machine = machine_with(&output, CoreSize::K32);
    for at in 11..32767u16 {
        if !output.core_image().any(|(place, _)| place == at) {
            machine.core.poke(at, Word::new(u64::from(at) << 6 | 0o525252000000));
        }
    }
    let mut mounts = reel(Vec::new());
    assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 103);
    assert_eq!(first_record(&mut mounts).frames.len(), 6 * (28672 + 8));
    let (mut second, mut mounts) = cold_start(CoreSize::K32, mounts.bytes(1).unwrap(), 12, true);
    let stop = run(&mut second, &mut mounts, DUMP_CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 103));
    let routine = symbol(&output, "CHKPNT")..symbol(&output, "CHKPNT") + symbol(&output, "CHKLEN");
    for at in (0..28672u16).filter(|at| !routine.contains(at)) {
        assert_eq!(second.core.peek(at), machine.core.peek(at), "{at:05o}");
    }
    assert!((28672..=32767u16).all(|at| second.core.peek(at) == Word::ZERO), "cleared, and not on the reel");
}

/// A size that core has not: the call stops at HTR *,,3, and the reel is not touched.
#[test]
fn a_size_above_core_is_refused_at_the_call() {
    for (core, sizes) in
        [(CoreSize::K4, vec![2, 3, 7, 8, 100]), (CoreSize::K8, vec![3, 7, 8]), (CoreSize::K32, vec![9, 16])]
    {
        for size in sizes {
            let output = set_to(size);
            let mut machine = machine_with(&output, core);
            let mut mounts = reel(Vec::new());
            let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
            let halt = machine.core.peek(stop.at);
            assert_eq!(
                (stop.kind, stop.at, halt.decrement(), halt.address()),
                (StopKind::Htr, symbol(&output, "K$D") - 1, 3, stop.at),
                "{size} on {core}"
            );
            assert!(mounts.bytes(1).unwrap().is_empty(), "{size} on {core}");
        }
    }
}

/// What is on the reel when an image of 8,192 words has been loaded on 4,096 by a program that is made to destroy it.
fn reel_after_loading_on_4k(ring: bool) -> (bool, Machine) {
    // word 4098 comes into word 2 while the boot runs there, and is executed
    let output = assemble(
        "       ORG 4098\n       REW 1\n       WTB 1\n       CPY 0\n       HTR *\n       ORG 50\n       TSX CHKPNT,4\n       HTR *\nCHKPNT LIB\n       END 50\n",
    );
    let mut machine = machine_with(&output, CoreSize::K8);
    let mut mounts = reel(Vec::new());
    assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 51);
    let bytes = mounts.bytes(1).unwrap();
    let mut machine = Machine::power_on(emu704::Config::with_core(CoreSize::K4), 5);
    let mut mounts = emu704::reels::Reels::new();
    mounts.mount_memory(1, bytes.clone(), ring).unwrap();
    machine.clear(&mut mounts);
    machine.load(&mut mounts, emu704::LoadKey::Tape);
    run(&mut machine, &mut mounts, DUMP_CYCLES);
    (mounts.bytes(1).unwrap() == bytes, machine)
}

/// The image of a larger machine wraps round and runs over the boot: words of the program are executed. That the reel
/// outlives it, whatever they are, is why its ring is taken out.
#[test]
fn ring_out_before_load_saves_the_reel_from_a_machine_that_is_too_small() {
    let (same, machine) = reel_after_loading_on_4k(false);
    assert!(same);
    assert_ne!(machine.cpu.ic, 51, "it does not resume");
    let (same, _) = reel_after_loading_on_4k(true);
    assert!(!same, "with the ring in, this program destroys its checkpoint");
}

/// What a program outside the promise does: it keeps a link of its own, and goes as many words too far as core is larger.
#[test]
fn a_link_of_the_program_is_right_on_its_own_size_only() {
    let output = assemble(
        "       ORG 50\n       TSX SUB,4\n       HTR *,,1\nSUB    SXD MINE,4\n       TSX CHKPNT,4\n       LXD MINE,4\n       TRA 1,4\nMINE   PZE 0\nCHKPNT LIB\n       END 50\n",
    );
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = reel(Vec::new());
    assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 51);
    let bytes = mounts.bytes(1).unwrap();
    for (core, at) in [(CoreSize::K4, 51), (CoreSize::K8, 4096 + 51), (CoreSize::K32, 28672 + 51)] {
        let (mut machine, mut mounts) = cold_start(core, bytes.clone(), 8, true);
        let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, at), "{core}");
    }
}

/// The sizes that docs/checkpoint.md tells, as the listing prints them, and where its table says the words go.
#[test]
fn the_routine_is_144_words_and_its_boot_block_eleven() {
    let output = assemble("CHKPNT LIB\n       END 0\n");
    assert_eq!(symbol(&output, "CHKBTN"), 11);
    assert_eq!(symbol(&output, "CHKLEN"), 144);
    let listing: Vec<&str> = output.listing().collect();
    for (octal, what) in [("00013", "CHKBTN SYN *-BOOT"), ("00220", "CHKLEN SYN *-CHKPNT")] {
        assert!(listing.iter().any(|line| line.contains(octal) && line.contains(what)), "{what}");
    }
}

/// The routine's place and size do not matter to the setting of the other tests.
#[test]
fn a_setting_covers_the_routine() {
    let Setting { routine, output, .. } = setting(CoreSize::K4, 100, 50, false);
    assert_eq!(routine, 100..100 + symbol(&output, "CHKLEN"));
}
