//! Sizes, slacks and times, as docs/checkpoint.md tells them.

use asm704::Word;
use emu704::reels::Reels as Mounts;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{CoreSize, Machine};

use super::support::{PATIENCE, Setting, blank_reels, bytes, setting};
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

/// A checkpoint with TAPE CHECK off, or on, and how long it takes, in cycles.
fn checkpoint(setting: &Setting, machine: &mut Machine, mounts: &mut Mounts, k: u64, check: bool) -> u64 {
    setting.arbitrary(machine, k);
    machine.cpu.tape_check = check;
    let begins = machine.cycles();
    run(machine, mounts, PATIENCE);
    machine.cycles() - begins
}

/// The longest cold start of these reels, newest or one that is as far back as two.
fn longest(setting: &Setting, mounts: &mut Mounts) -> u64 {
    let starts = [&[][..], &[6], &[5]].map(|switches| {
        let (machine, _, stop) = setting.load(&bytes(mounts), 1, switches);
        if setting.resumed(&machine, &stop) { machine.cycles() } else { 0 }
    });
    starts.into_iter().max().unwrap()
}

/// The first checkpoint and any other, with TAPE CHECK off; the longest cold start of reels that are as full as they get, and
/// of reels with eight on each, with TAPE CHECK on. In cycles.
fn times(setting: &Setting) -> [u64; 4] {
    let (mut machine, mut mounts) = (setting.machine(), blank_reels());
    let first = checkpoint(setting, &mut machine, &mut mounts, 1, false);
    let others: Vec<u64> =
        (2..=6).map(|k| checkpoint(setting, &mut machine, &mut mounts, k, false)).collect();
    let any = others.into_iter().max().unwrap();
    let full = |most: u64| {
        let (mut machine, mut mounts) = (setting.machine(), blank_reels());
        machine.core.poke(setting.at("CHKMAX"), Word::new((2 + 2 * most) << 18));
        let starts = (1..=2 * most).map(|k| {
            checkpoint(setting, &mut machine, &mut mounts, k, true);
            if k + 2 > 2 * most { longest(setting, &mut mounts) } else { 0 }
        });
        starts.max().unwrap()
    };
    [first, any, full(2), full(8)]
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
        let (mut machine, mut mounts) = (setting.machine(), blank_reels());
        (1..=4).map(|k| checkpoint(&setting, &mut machine, &mut mounts, k, on)).max().unwrap()
    };
    let sentence = format!("up to {} s more on 8,192 words", seconds(took(true) - took(false)));
    let document = text("docs/checkpoint.md").replace('\n', " ");
    assert!(document.contains(&sentence), "docs/checkpoint.md lacks {sentence}");
}
