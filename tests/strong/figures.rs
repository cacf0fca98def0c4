//! Sizes, slacks and times, as docs/checkpoint.md tells them.

use asm704::Word;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{CoreSize, Machine};

use super::support::{Setting, blank_reels, bytes, setting};
use crate::common::{assemble, run, symbol, text};

/// The sizes, as the listing prints them.
#[test]
fn the_sizes() {
    let output = assemble("CHKSTR LIB\n       END 0\n");
    let size = |name| symbol(&output, name);
    let printing = setting(CoreSize::K4).at("END") - setting(CoreSize::K4).at("PRINT1");
    // the finder's record has a sum that the routine works out
    let row = format!(
        "| routine, words | {} | {}, of which {} are the plain routine and {} the finder; and {printing} of the printing routine |",
        size("CHKLEN"),
        size("CHKSTN"),
        size("CHKLEN"),
        size("CHKFNL") - 1
    );
    assert!(text("docs/checkpoint.md").contains(&row), "docs/checkpoint.md lacks\n{row}");
    assert_eq!(size("CHKBTN"), 11);
}

/// The least slack, in whole cycles, of the CPYs of writing, reading back, printing, and of the finder, under strict
/// lateness.
#[test]
fn every_copy_keeps_its_deadline_with_room() {
    let setting = setting(CoreSize::K8);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    setting.checkpoint(&mut machine, &mut mounts, 1);
    let slack = |machine: &Machine, places: std::ops::Range<u16>| {
        let of = machine.io.slack().iter().filter(|(place, _)| places.contains(place));
        of.map(|(_, s)| s.least.0 / TICKS_PER_CYCLE).min().unwrap()
    };
    let at = |name: &str| setting.at(name);
    let plain = slack(&machine, at("CHKPNT")..at("Z$Z"));
    let label = slack(&machine, at("S$ST")..at("S$BACK"));
    let finder = slack(&machine, at("S$PREP")..at("S$READ"));
    let read = slack(&machine, at("S$READ")..at("S$TELL"));
    // the pulse of a right half begins 750 us, 62.5 cycles, behind the end of the left one; what it takes between is at
    // most 4 cycles: the rest of the cycle in which the word moved, and I
    let printing = slack(&machine, at("PRINT1")..at("END"));
    let (machine, _) = setting.cold_start(&bytes(&mut mounts), 2, &[]).unwrap();
    let search = slack(&machine, 5..at("CHKFNL"));
    let load = slack(&machine, 0..5);
    let row = format!(
        "| least slack of a CPY | dump 25, restore 25 cycles | label {label}, dump {plain}, preparing {finder}, read-back {read}, finder {search}, restore {load}, printer {printing} cycles |"
    );
    assert!(text("docs/checkpoint.md").contains(&row), "docs/checkpoint.md lacks\n{row}");
    assert!([plain, label, finder, read, search, load, printing].iter().all(|&slack| slack >= 12));
}

fn seconds(cycles: u64) -> String {
    let seconds = cycles as f64 * 12e-6;
    if seconds < 10.0 { format!("{seconds:.1}") } else { format!("{seconds:.0}") }
}

/// The first checkpoint, any other; from LOAD TAPE to the caller, of reels that are as full as they get, the longest of all
/// that were tried; and of reels with eight on each. In cycles.
fn times(setting: &Setting) -> [u64; 4] {
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    let mut longest = 0;
    let mut took = Vec::new();
    for k in 1..=6 {
        let begins = machine.cycles();
        setting.checkpoint(&mut machine, &mut mounts, k);
        took.push(machine.cycles() - begins);
        for switches in [&[][..], &[6], &[5], &[5, 6]] {
            let (machine, _, stop) = setting.load(&bytes(&mut mounts), k, switches);
            if setting.resumed(&machine, &stop) {
                longest = longest.max(machine.cycles());
            }
        }
    }
    // the most that a reel can hold, on both
    let mut machine = setting.machine();
    machine.core.poke(setting.at("CHKMAX"), Word::new(18 << 18));
    let mut mounts = blank_reels();
    for k in 1..=16 {
        setting.checkpoint(&mut machine, &mut mounts, k);
    }
    let mut most = 0;
    for switches in [&[][..], &[6]] {
        let (machine, _, stop) = setting.load(&bytes(&mut mounts), 1, switches);
        assert!(setting.resumed(&machine, &stop));
        most = most.max(machine.cycles());
    }
    [took[0], took[1], longest, most]
}

#[test]
fn the_times() {
    let rows: Vec<String> = [(CoreSize::K4, "4,096"), (CoreSize::K8, "8,192"), (CoreSize::K32, "32,768")]
        .into_iter()
        .map(|(core, words)| {
            let [first, next, longest, most] = times(&setting(core)).map(seconds);
            format!("| {words} words | {first} s | {next} s | {longest} s | {most} s |")
        })
        .collect();
    let block = rows.join("\n");
    assert!(text("docs/checkpoint.md").contains(&block), "docs/checkpoint.md lacks\n{block}");
}

/// What keeping TAPE CHECK costs, when it is on.
#[test]
fn the_cost_of_tape_check() {
    let setting = setting(CoreSize::K8);
    let took = |on: bool| {
        let mut machine = setting.machine();
        let mut mounts = blank_reels();
        let mut last = 0;
        for k in 1..=3 {
            setting.arbitrary(&mut machine, k);
            machine.cpu.tape_check = on;
            let begins = machine.cycles();
            run(&mut machine, &mut mounts, super::support::PATIENCE);
            last = machine.cycles() - begins;
        }
        last
    };
    let sentence = format!("{} s more on 8,192 words", seconds(took(true) - took(false)));
    assert!(text("docs/checkpoint.md").contains(&sentence), "docs/checkpoint.md lacks {sentence}");
}
