//! Deadlines and times of the plain routine. Docs/checkpoint.md has the figures; document.rs compares them.

use std::collections::BTreeMap;

use emu704::time::TICKS_PER_CYCLE;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

use super::support::{DUMP_CYCLES, cold_start, reel, setting};
use crate::common::{assemble, machine_with, run, symbol, text};

/// The least slack of every CPY, in whole cycles, as the emulator reports it: under strict lateness, at the start phases
/// of some power-ons, trapping mode off and on.
pub(crate) fn least_slack() -> Vec<(&'static str, u64)> {
    let mut least = BTreeMap::<&str, u64>::new();
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        for trapping in [false, true] {
            for seed in 1..4 {
                let setting = setting(core, 100, 50, trapping);
                let mut note = |machine: &Machine, names: &[(&'static str, u16)]| {
                    let seen: Vec<u16> = machine.io.slack().keys().copied().collect();
                    let places: Vec<u16> = names.iter().map(|(_, place)| *place).collect();
                    assert_eq!(seen, places, "every CPY was seen, and no other");
                    for (name, place) in names {
                        let slack = machine.io.slack()[place].least.0 / TICKS_PER_CYCLE;
                        least.entry(name).and_modify(|l| *l = slack.min(*l)).or_insert(slack);
                    }
                };
                let (boot, dump) = (setting.at("K$E"), setting.at("K$DUMP"));
                let mut machine = setting.arbitrary(seed);
                let mut mounts = reel(Vec::new());
                run(&mut machine, &mut mounts, DUMP_CYCLES);
                note(&machine, &[("dump: boot", boot), ("dump: image", dump + 1), ("dump: sum", dump + 5)]);
                let (mut machine, mut mounts) = cold_start(core, mounts.bytes(1).unwrap(), seed, true);
                machine.cpu.trapping = trapping;
                let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
                assert_eq!((stop.kind, stop.at), (StopKind::Htr, 51));
                note(&machine, &[("cold start: first word", 0), ("cold start: all others", 1)]);
            }
        }
    }
    least.into_iter().collect()
}

#[test]
fn every_copy_of_the_routine_keeps_its_deadline_with_room() {
    let expected = [
        ("cold start: all others", 25),
        ("cold start: first word", 5360),
        ("dump: boot", 28),
        ("dump: image", 25),
        ("dump: sum", 25),
    ];
    assert_eq!(least_slack(), expected);
}

/// The routine in full, with a change, called from 50.
fn changed(from: &str, to: &str) -> asm704::assemble::Output {
    let source = text("programs/lib/chkpnt.sap");
    assert!(source.contains(from));
    let routine = source.replacen(from, to, 1);
    assemble(&format!("       ORG 50\n       TSX CHKPNT,4\n       HTR *\n{routine}       END 50\n"))
}

const DUMP: &str = "DUMP   TXI *+1,1,1  ";

/// A loop with an instruction too many between two CPYs stops the machine, as it did the real one.
#[test]
fn a_loop_that_is_too_slow_stops_at_the_copy_check() {
    // The dump loop is TXI, CAD, TXL. Its budget is 33 cycles; a shift of 255 places takes 23.
    let run_with = |more: &str| {
        let output = changed(DUMP, &format!("{DUMP}\n{more}       REM"));
        let mut machine = machine_with(&output, CoreSize::K4);
        let stop = run(&mut machine, &mut reel(Vec::new()), DUMP_CYCLES);
        (stop, symbol(&output, "K$DUMP"), machine)
    };
    let (stop, _, _) = run_with("       RQL 0\n");
    assert_eq!(stop.kind, StopKind::Htr);
    // CAD 3 at the least, TXI 2, TXL 2: with 255 places 23 more fit, 30 of 33 cycles.
    let (stop, dump, machine) = run_with("       RQL 255\n");
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    let slack = machine.io.slack()[&(dump + 2)].least.0 / TICKS_PER_CYCLE;
    assert!(slack <= 3, "{slack}");
    // Four cycles more do not.
    let (stop, dump, machine) = run_with("       RQL 255\n       RQL 22\n");
    assert_eq!((stop.kind, stop.at), (StopKind::ReadWriteCheck, dump + 4), "{stop:?}");
    assert!(machine.cpu.read_write_check);
    let message = stop.message.unwrap();
    assert!(message.contains("cycles late"), "{message}");
}

/// With a tolerance, a CPY that is no later than it is taken; the figure is not an idle one.
#[test]
fn a_tolerance_lets_a_slow_loop_pass() {
    // once, between the last word of the boot and the first of the image: 29 cycles are free, and these take 30
    let once = format!("       PXD 0,0\n{DUMP}");
    let output = changed(&once, &format!("       PXD 0,0\n       RQL 255\n       RQL 58\n{DUMP}"));
    let stop = |tolerance: u64| {
        let mut machine = machine_with(&output, CoreSize::K4);
        machine.config.figures.tape.tolerance = emu704::Ticks::micros(tolerance);
        run(&mut machine, &mut reel(Vec::new()), DUMP_CYCLES).kind
    };
    assert_eq!(stop(0), StopKind::ReadWriteCheck);
    assert_eq!(stop(66), StopKind::Htr);
}

/// The cycles of a dump and of a cold start, rewinds included.
pub(crate) fn cycles(core: CoreSize) -> (u64, u64) {
    let output = assemble(&text("programs/small.sap"));
    let mut machine = machine_with(&output, core);
    let mut mounts = reel(Vec::new());
    let stop = machine.run(&mut mounts, DUMP_CYCLES);
    assert_eq!(stop.kind, StopKind::Htr, "{core}");
    let dump = machine.cycles();
    machine.settle(&mut mounts).unwrap();
    let mut machine = Machine::new(Config::with_core(core));
    machine.load(&mut mounts, LoadKey::Tape);
    let stop = machine.run(&mut mounts, DUMP_CYCLES);
    assert_eq!(stop.kind, StopKind::Htr, "{core}");
    (dump, machine.cycles())
}

/// A word takes 33 1/3 cycles and the load point 5,360; a record of N + 8 words no less. What the program and the
/// routine execute beside is less than a thousand cycles.
#[test]
fn the_cycles_of_a_dump_and_of_a_cold_start() {
    for (core, words) in [(CoreSize::K4, 4096), (CoreSize::K8, 8192), (CoreSize::K32, 32768)] {
        let record = (words + 8) * 100 / 3 + 5_330;
        let (dump, load) = cycles(core);
        assert!((record..record + 1_000).contains(&dump), "{core}: {dump}, {record}");
        assert!((record..record + 1_000).contains(&load), "{core}: {load}, {record}");
    }
}
