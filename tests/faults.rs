//! Faults on demand, and what a program that is prepared for them makes of them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod runs;

use std::process::{Command, Output};

use crate::common::{assemble, machine_with, word};
use asm704::media::tape::{Item, Mode, TapeFormat, TapeImage, record_from_words};
use emu704::fault::{Fault, TimedFault};
use emu704::media::NoMedia;
use emu704::reels::Reels;
use emu704::snapshot::{self, Snapshot};
use emu704::{Config, CoreSize, Machine, Stop, StopKind};

/// Reads four records of one word and a file mark; a record that fails the tape check is read again, and XRA counts
/// how often. The words go to 200 and on.
const READER: &str = "       ORG 64
START  LXA ZERO,1
       LXA ZERO,2
       REW 1
NEXT   RTB 1
       CPY 128,2
       TRA MORE
       HTR *            END OF FILE
MORE   IOD
       RTT
       TRA AGAIN
       TXI NEXT,2,-1
AGAIN  BST 1
       TXI NEXT,1,1
ZERO   HTR 0
       END START
";

fn reel(records: u64) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    let mut at = 0;
    for n in 1..=records {
        at =
            image.write(at, &Item::Record(record_from_words(&[asm704::Word::new(n)], Mode::Binary))).unwrap();
    }
    image.write(at, &Item::Mark).unwrap();
    image.into_store()
}

fn fault(text: &str) -> TimedFault {
    text.parse().unwrap()
}

fn reader(faults: &[&str]) -> (Machine, Stop) {
    let mut machine = machine_with(&assemble(READER), CoreSize::K4);
    let mut mounts = Reels::new();
    mounts.mount_memory(1, reel(4), false).unwrap();
    for text in faults {
        machine.add_fault(fault(text));
    }
    let stop = machine.run(&mut mounts, 1_000_000);
    (machine, stop)
}

#[test]
fn words_and_back() {
    for text in [
        "parity 1 3",
        "parity 10 1 times 2",
        "speck 1 0",
        "speck 10 12.5 times 3",
        "at 500 not-ready 3",
        "ready 3",
        "flip 00200 S",
        "at 7 flip 07777 35",
        "noise 1000 704",
        "tube S 0",
        "tube 17 1",
        "repair",
        "at 100001 power off",
    ] {
        assert_eq!(fault(text).to_string(), text);
    }
    for text in [
        "",
        "parity",
        "parity 11 1",
        "parity 1 0",
        "parity 1 1 times",
        "speck 1",
        "speck 0 1",
        "speck 1 -1",
        "speck 1 0.1234",
        "speck 1 1 times",
        "not-ready 0",
        "flip 200 36",
        "flip 8 1",
        "flip 200",
        "noise 0 1",
        "noise 5",
        "tube 0",
        "tube 3 2",
        "at power off",
        "at x flip 1 1",
        "power on",
    ] {
        let error = text.parse::<TimedFault>().unwrap_err().to_string();
        assert!(error.contains("is not a fault: expected"), "{text}: {error}");
    }
}

#[test]
fn a_reel_without_faults() {
    let (machine, stop) = reader(&[]);
    assert_eq!(stop.kind, StopKind::Htr);
    assert_eq!(machine.cpu.xr[0], 0);
    assert_eq!([0o200, 0o201, 0o202, 0o203].map(|at| machine.core.peek(at).bits()), [1, 2, 3, 4]);
}

#[test]
fn a_record_that_reads_wrong_twice_is_read_a_third_time() {
    let (machine, stop) = reader(&["parity 1 3 times 2"]);
    assert_eq!(stop.kind, StopKind::Htr);
    assert_eq!(machine.cpu.xr[0], 2);
    assert_eq!([0o200, 0o201, 0o202, 0o203].map(|at| machine.core.peek(at).bits()), [1, 2, 3, 4]);
}

/// Records of one word: the first begins 4.05 inches behind the load point, each next 156 characters, 0.78 inch, farther. The
/// third begins at 5.61 inches; 0.468 feet, 5.616 inches, is its second character.
#[test]
fn a_speck_is_at_a_place_of_the_reel() {
    let read = |machine: &Machine| [0o200, 0o201, 0o202, 0o203].map(|at| machine.core.peek(at).bits());
    let (machine, stop) = reader(&["speck 1 0.468 times 2"]);
    assert_eq!((stop.kind, machine.cpu.xr[0], read(&machine)), (StopKind::Htr, 2, [1, 2, 3, 4]));
    let (machine, stop) = reader(&["speck 1 0.468"]);
    assert_eq!((stop.kind, read(&machine)), (StopKind::Limit, [1, 2, 3 ^ 1 << 24, 0]));
    assert_eq!(machine.faults(), ["speck 1 0.468"]);
    // its check character, with the blank places before it, is 5.64 to 5.66 inches, here 5.652
    let (machine, stop) = reader(&["speck 1 0.471"]);
    assert_eq!((stop.kind, read(&machine)), (StopKind::Limit, [1, 2, 3, 0]));
    // 5.76 inches are in the gap, and the other unit has another reel
    for harmless in ["speck 1 0.48", "speck 2 0.468", "speck 1 100"] {
        let (machine, stop) = reader(&[harmless]);
        assert_eq!((stop.kind, machine.cpu.xr[0]), (StopKind::Htr, 0), "{harmless}");
    }
    // worn at the load point
    let (machine, stop) = reader(&["speck 1 0"]);
    assert_eq!((stop.kind, read(&machine)), (StopKind::Limit, [1 ^ 1 << 30, 0, 0, 0]));
}

/// A record written over the spot reads wrong; behind tape that was erased past the spot it reads right.
#[test]
fn erasing_past_a_speck_helps() {
    for (erase, halt) in [("", 1), ("       WTB 1\n       IOD\n", 2)] {
        let source = format!(
            "       ORG 64
START  REW 1
{erase}       WTB 1
       CPY ONE
       IOD
       REW 1
       RTB 1
       CPY 128
       IOD
       RTT
       HTR 1
       HTR 2
ONE    HTR 1
       END START
"
        );
        let mut machine = machine_with(&assemble(&source), CoreSize::K4);
        let mut mounts = Reels::new();
        mounts.mount_memory(1, Vec::new(), true).unwrap();
        machine.add_fault(fault("speck 1 0"));
        let stop = machine.run(&mut mounts, 1_000_000);
        assert_eq!((stop.kind, machine.core.peek(stop.at).address()), (StopKind::Htr, halt));
        // the next reel has no such spot
        machine.mount_at_load_point(1);
        assert_eq!(machine.faults(), [""; 0]);
    }
}

#[test]
fn a_record_that_always_reads_wrong_has_one_bit_wrong() {
    let (machine, stop) = reader(&["parity 1 3"]);
    assert_eq!(stop.kind, StopKind::Limit);
    assert!(machine.cpu.xr[0] > 5, "it tries again and again: {}", machine.cpu.xr[0]);
    let read = machine.core.peek(0o202).bits();
    // the fourth of six characters, its track of weight 1: position 23
    assert_eq!(read, 3 | 1 << 12);
    assert_eq!(machine.core.peek(0o203).bits(), 0, "it never gets beyond");
}

#[test]
fn a_drive_that_goes_not_ready_waits_and_goes_on_when_it_is_ready() {
    let (mut machine, stop) = reader(&["not-ready 1"]);
    assert_eq!((stop.kind, stop.at), (StopKind::Waiting, 0o102));
    assert!(stop.message.unwrap().contains("tape 1 is not ready"));
    machine.add_fault(fault("ready 1"));
    let mut mounts = Reels::new();
    mounts.mount_memory(1, reel(4), false).unwrap();
    assert_eq!(machine.run(&mut mounts, 1_000_000).kind, StopKind::Htr);
    assert_eq!(machine.core.peek(0o203).bits(), 4);
    // in the middle of the reel: what has begun ends
    let (machine, stop) = reader(&["at 6000 not-ready 1"]);
    assert_eq!(stop.kind, StopKind::Waiting);
    assert_eq!(machine.core.peek(0o200).bits(), 1);
    assert_eq!(machine.core.peek(0o203).bits(), 0);
}

/// Stands still in a loop: TRA 100.
fn loop_machine() -> Machine {
    let mut machine = Machine::new(Config::with_core(CoreSize::K4));
    machine.core.poke(0o100, word("002000000100"));
    machine.set_start(0o100);
    machine
}

#[test]
fn a_bit_flips_at_its_cycle() {
    let mut machine = loop_machine();
    machine.add_fault(fault("at 1000 flip 200 S"));
    machine.add_fault(fault("at 2000 flip 200 35"));
    let mut mounts = Reels::new();
    for (until, expected) in [(999, "000000000000"), (1500, "400000000000"), (2500, "400000000001")] {
        machine.run(&mut mounts, until);
        assert_eq!(machine.core.peek(0o200), word(expected), "at {until}");
    }
    assert!(machine.faults().is_empty());
}

#[test]
fn noise_is_as_its_seed_says() {
    let noisy = |seed: u64| {
        let mut machine = loop_machine();
        machine.add_fault(fault(&format!("noise 10000 {seed}")));
        // none of these seeds meets the loop
        assert_eq!(machine.run(&mut NoMedia, 1_000_000).kind, StopKind::Limit);
        let done = machine.take_faults_done();
        assert!(done[1..].iter().all(|done| matches!(done.fault, Fault::Flip { .. })));
        let flips = done.len() - 1;
        (machine.core.words().to_vec(), flips)
    };
    let (core, flips) = noisy(1);
    // a hundred are expected; their number has a standard deviation of six
    assert!((75..=130).contains(&flips), "{flips}");
    assert_eq!(noisy(1), (core.clone(), flips));
    assert_ne!(noisy(2).0, core);
}

#[test]
fn a_dead_tube_is_in_every_word() {
    let program = "       ORG 64
START  CLA ONES
       STO 128
       SXD 129,1
       CLA 130
       HTR *
ONES   OCT 377777777777
       END START
";
    let mut machine = machine_with(&assemble(program), CoreSize::K4);
    machine.cpu.xr[0] = 0o7777;
    machine.core.poke(0o202, word("000000000001"));
    let mut mounts = Reels::new();
    // Position 17: the instructions do not use it. It dies between CLA and STO.
    machine.add_fault(fault("at 2 tube 17 0"));
    let stop = machine.run(&mut mounts, 1000);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 0o104));
    assert_eq!(machine.core.peek(0o105), word("377776777777"), "what was there has lost it");
    assert_eq!(machine.core.peek(0o200), word("377776777777"), "what is stored loses it");
    assert_eq!(machine.core.peek(0o201), word("007776000000"), "an index register too");
    machine.add_fault(fault("tube 1 1"));
    machine.run(&mut mounts, 1000);
    for address in 0..=0o7777 {
        let word = machine.core.peek(address).bits();
        assert_eq!((word >> 34 & 1, word >> 18 & 1), (1, 0), "{address:05o}: {word:012o}");
    }
    // a new tube: words are written whole again, what was lost stays lost
    machine.add_fault(fault("repair"));
    machine.run(&mut mounts, 2000);
    machine.core.poke(0o100, word("060100000200"));
    machine.cpu.ac.magnitude = 0o377777777777;
    machine.cpu.ac.negative = false;
    machine.set_start(0o100);
    let until = machine.cycles() + 2;
    machine.run(&mut mounts, until);
    assert_eq!(machine.core.peek(0o200), word("377777777777"));
    assert_eq!(machine.core.peek(0o105), word("377776777777"));
}

#[test]
fn the_power_goes_at_its_cycle_and_not_behind_it() {
    // MPY takes 20 cycles: the power goes in the middle of one.
    let mut machine = Machine::new(Config::with_core(CoreSize::K4));
    machine.core.poke(0o100, word("020000000200"));
    machine.core.poke(0o101, word("002000000100"));
    machine.set_start(0o100);
    for at in [1, 7, 19, 20, 21, 22, 23, 1003] {
        let mut machine = machine.clone();
        machine.add_fault(fault(&format!("at {at} power off")));
        let stop = machine.run(&mut Reels::new(), 5000);
        assert_eq!((stop.kind, machine.cycles()), (StopKind::PowerOff, at));
    }
}

#[test]
fn a_snapshot_holds_what_is_broken() {
    let mut machine = machine_with(&assemble(READER), CoreSize::K4);
    let mut mounts = Reels::new();
    mounts.mount_memory(1, reel(4), false).unwrap();
    for text in ["parity 1 2 times 3", "at 12000 flip 300 5", "noise 900 7", "tube 30 1", "not-ready 4"] {
        machine.add_fault(fault(text));
    }
    machine.run(&mut mounts, 7000);
    let text = snapshot::save(&Snapshot { reels: [].into(), machine: machine.clone() }).unwrap();
    let mut loaded = snapshot::load(&text).unwrap().machine;
    assert!(loaded == machine);
    let ends = [&mut machine, &mut loaded].map(|machine| machine.run(&mut mounts, 20_000));
    assert_eq!(ends[0], ends[1]);
    assert!(loaded == machine);
    assert_eq!(machine.faults()[1..3], ["not-ready 4", "noise 900 7"], "{:?}", machine.faults());
}

fn emu704(folder: &std::path::Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emu704")).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn as_options_of_run_and_keys_of_a_job() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.sap"), READER).unwrap();
    std::fs::write(folder.path().join("r.tap"), reel(4)).unwrap();
    let base = ["run", "p.sap", "--core", "4k", "--tape", "1=r.tap"];
    let with = |more: &[&str]| emu704(folder.path(), &[&base[..], more].concat());
    let good = with(&["--fault", "parity 1 3 times 2", "--json"]);
    assert_eq!(good.status.code(), Some(0));
    let report: serde_json::Value = serde_json::from_slice(&good.stdout).unwrap();
    assert_eq!(report["registers"]["xr"][0], "00002");
    let off = with(&["--fault", "at 6001 power off", "--json"]);
    assert_eq!(off.status.code(), Some(130));
    let report: serde_json::Value = serde_json::from_slice(&off.stdout).unwrap();
    assert_eq!(report["cycles"], 6001);
    assert_eq!(report["stop"]["kind"], "power_off");
    assert!(String::from_utf8(off.stderr).unwrap().contains("power off at cycle 6001"));
    assert_eq!(with(&["--fault", "not-ready 1"]).status.code(), Some(7));
    let wrong = with(&["--fault", "parity 1"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("`parity 1` is not a fault: expected"));

    let job =
        "program = \"p.sap\"\ncore = \"4k\"\nfaults = [\"parity 1 3 times 2\"]\n[tape]\n1 = \"r.tap\"\n";
    let act =
        "[[operator]]\nat = 20001\ndo = \"power off\"\n[[operator]]\nat = 3000\ndo = \"fault flip 300 S\"\n";
    std::fs::write(folder.path().join("good.toml"), job).unwrap();
    std::fs::write(folder.path().join("act.toml"), format!("{job}{act}")).unwrap();
    std::fs::write(folder.path().join("bad.toml"), job.replace("parity 1 3", "parity")).unwrap();
    let good = emu704(folder.path(), &["run", "good.toml", "--json"]);
    assert_eq!(good.status.code(), Some(0));
    let report: serde_json::Value = serde_json::from_slice(&good.stdout).unwrap();
    assert_eq!(report["registers"]["xr"][0], "00002");
    let off = emu704(folder.path(), &["run", "act.toml", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&off.stdout).unwrap();
    assert_eq!((off.status.code(), &report["cycles"]), (Some(130), &serde_json::json!(20001)));
    assert_eq!(emu704(folder.path(), &["run", "bad.toml"]).status.code(), Some(2));
}

#[test]
fn as_words_of_the_monitor() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.sap"), READER).unwrap();
    std::fs::write(folder.path().join("r.tap"), reel(4)).unwrap();
    let script = "\
fault
fault flip ZERO 35
examine ZERO
fault flip ZERO 35
fault parity 1 3
fault at 9001 power off
fault
go
expect cycles 9001
power on 3
fault none
fault
";
    std::fs::write(folder.path().join("script"), script).unwrap();
    let output = emu704(
        folder.path(),
        &["monitor", "p.sap", "--core", "4k", "--tape", "1=r.tap", "--script", "script"],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let answers: Vec<&str> = text.lines().filter(|line| !line.starts_with('>')).collect();
    assert_eq!(
        answers,
        [
            "nothing is broken",
            "fault: flip 00115 35 at cycle 0",
            "00115 000000000001  ZERO   HTR 00001",
            "fault: flip 00115 35 at cycle 0",
            "fault: parity 1 3 at cycle 0",
            "parity 1 3",
            "at 9001 power off",
            "fault: power off at cycle 9001",
            "the power is off",
            "nothing is broken",
        ]
    );
}
