//! What the monitor refuses, each by its halt.

use asm704::media::tape::{Item, Record, TapeFormat};
use emu704::config::DrumCount;
use emu704::{Config, CoreSize, StopKind};

use super::{Guest, Shared, frames, reel_of_call};
use crate::checkpoint::support::{image_of, image_of_frames};
use crate::common::{assemble, machine_with, put, text};

/// A job that calls at once, with these cards somewhere in it.
fn job(cards: &str) -> String {
    format!("       ORG 100\nSTART  TSX CHKPNT,4\nSTOP   HTR *\n{cards}\nCHKPNT LIB\n       END START\n")
}

/// The halt when this reel is the second guest's.
fn halt_of(reel: &[u8]) -> u16 {
    let good = Guest::adder();
    let mut shared = Shared::new(&[&good.reel, reel], 4);
    let stop = shared.until(2_000_000);
    assert_eq!(shared.machine.cpu.xr[1], 1, "XR2 tells the guest");
    shared.halt(&stop)
}

#[test]
fn a_reel_that_is_no_checkpoint_of_4k_is_refused() {
    let good = frames(&Guest::squares().reel);
    assert_eq!(good.len(), 6 * 4104);
    for words in [1, 10, 11, 12, 4000, 4103] {
        assert_eq!(halt_of(&image_of_frames(good[..6 * words].to_vec())), 2, "cut behind {words} words");
    }
    // the last word of the boot block is another; two bits leave the parity as it was
    let mut other = good.clone();
    other[6 * 11 - 3] ^= 0o3;
    assert_eq!(halt_of(&image_of_frames(other)), 2);
    let longer: Vec<u8> = good.iter().chain(&good[..6]).copied().collect();
    assert_eq!(halt_of(&image_of_frames(longer)), 2);
    assert_eq!(halt_of(&image_of(&[Item::Mark, Item::Record(Record::new(good))], TapeFormat::Simh)), 2);

    let large = assemble(&job(""));
    let mut mounts = emu704::reels::Reels::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    let mut machine = machine_with(&large, CoreSize::K8);
    assert_eq!(crate::common::run(&mut machine, &mut mounts, 1_000_000).kind, StopKind::Htr);
    assert_eq!(halt_of(&mounts.bytes(1).unwrap()), 2, "a checkpoint of 8,192 words");
}

#[test]
fn a_damaged_reel_is_refused() {
    let good = frames(&Guest::squares().reel);
    for at in [6 * 11, 6 * 2000, 6 * 4103 + 2] {
        let mut wrong = good.clone();
        wrong[at] ^= 1;
        assert_eq!(halt_of(&image_of_frames(wrong.clone())), 3, "character {at}, wrong parity");
        wrong[at] ^= 0o100;
        // now the parity is right again
        assert_eq!(halt_of(&image_of_frames(wrong)), 4, "character {at}, a wrong bit");
    }
}

#[test]
fn a_job_with_another_routine_is_refused() {
    let mut drums = text("programs/drums.sap");
    drums = drums.replace("       SWT 1\n       TRA *+2\n", "");
    let output = assemble(&drums);
    let machine = machine_with(&output, CoreSize::K4);
    let reel = reel_of_call(machine, emu704::reels::Reels::new(), 1);
    assert_eq!(halt_of(&reel[..]), 5, "its stores are planted in the part SWP");
}

#[test]
fn a_job_that_selects_drums_or_tapes_of_others_is_refused_until_start() {
    for (card, bits) in [
        ("RTB 4", 0o20),
        ("REW 3", 0o10),
        ("BST 2", 0o4),
        ("WTD 4", 0o20),
        ("WEF 3", 0o10),
        ("WDR 5", 0o1),
        ("RDR 8", 0o1),
        ("RTB 1", 0),
        ("RTB 5", 0),
        ("RTD 10", 0),
        ("WPR", 0),
        ("RTB 4,1", 0),
    ] {
        let guest = Guest::new(&job(&format!("       {card}")));
        let adder = Guest::adder();
        let mut shared = Shared::new(&[&guest.reel, &adder.reel], 4);
        let mut stop = shared.until(2_000_000);
        if bits != 0 {
            assert_eq!(shared.halt(&stop), 6, "{card}");
            assert_eq!(shared.machine.cpu.ac.magnitude, bits, "{card}");
            assert_eq!(shared.machine.cpu.xr[1], 2);
            shared.machine.start(&mut shared.mounts);
            stop = shared.until(4_000_000);
        }
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, guest.end()), "{card}");
    }
}

#[test]
fn two_guests_that_select_the_same_tape_are_refused() {
    let guest = Guest::new(&job("       RTB 7"));
    let mut shared = Shared::new(&[&guest.reel, &guest.reel], 4);
    let stop = shared.until(2_000_000);
    assert_eq!((shared.halt(&stop), shared.machine.cpu.ac.magnitude), (6, 0o200));
    assert_eq!(shared.machine.cpu.xr[1], 1, "the second of the two");
}

#[test]
fn an_image_that_was_written_over_on_its_drum_is_refused() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    for drum in [2, 4] {
        let mut shared = Shared::new(&[&squares.reel, &adder.reel], 4);
        while shared.machine.io.printer.lines() == 0 {
            shared.machine.run(&mut shared.mounts, shared.machine.cycles() + 1000);
        }
        let good = shared.machine.drum(drum).unwrap().unwrap().to_vec();
        let mut wrong = good.clone();
        wrong[700] = asm704::Word::new(wrong[700].bits() ^ 1);
        shared.machine.set_drum(drum, &wrong).unwrap();
        let stop = shared.until(3_000_000);
        assert_eq!(shared.halt(&stop), 7);
        shared.machine.set_drum(drum, &good).unwrap();
        shared.machine.start(&mut shared.mounts);
        shared.finish(&[squares.end(), adder.end()]);
        assert!(shared.paper.contains(super::ADDED));
    }
}

#[test]
fn without_enough_drums_the_machine_waits_before_a_guest_has_run() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    let code = assemble(&text("programs/sharing.sap"));
    for drums in 0..4 {
        let mut config = Config::with_core(CoreSize::K8);
        config.drums = DrumCount::try_from(drums).unwrap();
        let mut shared = Shared::on(&code, config, &[&squares.reel, &adder.reel], 9);
        put(&mut shared.machine, &code);
        let stop = shared.until(3_000_000);
        assert_eq!(stop.kind, StopKind::Waiting, "{stop:?}");
        assert!(stop.message.unwrap().contains("drum"));
        assert_eq!(shared.paper, "");
    }
}

#[test]
fn behind_a_refusal_another_reel_can_be_mounted() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    for unit in [3, 4] {
        let mut shared = Shared::new(&[&squares.reel, &adder.reel], 4);
        let good = shared.mounts.bytes(unit).unwrap();
        shared.mounts.mount_memory(unit, image_of_frames(vec![0o45; 600]), false).unwrap();
        let stop = shared.until(2_000_000);
        assert_eq!(shared.halt(&stop), 2);
        shared.mounts.mount_memory(unit, good, false).unwrap();
        shared.machine.start(&mut shared.mounts);
        shared.finish(&[squares.end(), adder.end()]);
        assert!(shared.paper.contains(super::ADDED));
        assert_eq!(super::squares_of(&shared.paper), super::squares_from_6());
    }
}
