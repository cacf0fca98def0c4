//! The checkpoint routine on hostile machines: everything at the call is arbitrary, the second machine is built from
//! the reel's bytes alone, and the power fails wherever it likes.
#![allow(clippy::print_stdout, reason = "the exhaustive runs tell how much they tried")]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::fmt::Write as _;

use crate::common::{Random, assemble, in_parallel, machine_with, put, root, run, symbol, text};
use asm704::Word;
use asm704::assemble::Output;
use asm704::media::tape::{Item, TapeFormat, TapeImage, overlay};
use emu704::cpu::Cpu;
use emu704::reels::Reels as Mounts;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

/// The routine at a place, with a call and a halt behind it at another.
struct Setting {
    output: Output,
    core: CoreSize,
    /// Where the TSX stands.
    call: u16,
    trapping: bool,
    /// First word of the routine, and the first behind it.
    routine: std::ops::Range<u16>,
}

const DUMP_CYCLES: u64 = 3_000_000;

fn setting(core: CoreSize, origin: u16, call: u16, trapping: bool) -> Setting {
    let mut source = format!("       ORG {call}\n       TSX CHKPNT,4\n       HTR *\n");
    if trapping {
        source += "       ORG 1\n       TTR CHKPNT\n";
    }
    let _ = write!(source, "       ORG {origin}\nCHKPNT LIB\n       END {call}\n");
    let output = assemble(&source);
    let first = symbol(&output, "CHKPNT");
    let length = symbol(&output, "CHKLEN");
    Setting { output, core, call, trapping, routine: first..first + length }
}

impl Setting {
    /// A machine of which everything is arbitrary, about to execute the call.
    fn arbitrary(&self, seed: u64) -> Machine {
        let mut random = Random(seed | 1);
        let mut machine = Machine::power_on(Config::with_core(self.core), random.next());
        put(&mut machine, &self.output);
        machine.set_start(self.call);
        machine.cpu.trapping = self.trapping;
        // These two cannot be set by a program; the routine promises them off, and untouched.
        machine.cpu.tape_check = false;
        machine.cpu.end_of_tape = false;
        machine
    }

    /// What the call promises, as a machine stands after its return; the routine's own words and the two indicators
    /// that no program can set are left out.
    fn promised(&self, machine: &Machine) -> (Cpu, Vec<Word>) {
        let mut cpu = machine.cpu.clone();
        cpu.sr = Word::ZERO;
        cpu.ir = Word::ZERO;
        cpu.tape_check = false;
        cpu.end_of_tape = false;
        let mut words = machine.core.words()[..self.core.words()].to_vec();
        for address in self.routine.clone() {
            words[usize::from(address)] = Word::ZERO;
        }
        (cpu, words)
    }

    /// What must be there after the call, from what was there before it.
    fn expected(&self, before: &Machine) -> (Cpu, Vec<Word>) {
        let mask = before.core.size().mask();
        let (mut cpu, mut words) = self.promised(before);
        cpu.ic = (self.call + 1) & mask;
        cpu.xr[2] = self.call.wrapping_neg() & mask;
        if self.trapping {
            // The TSX itself was caught and left its location in word 0.
            words[0] = words[0].with_address(self.call);
        }
        (cpu, words)
    }
}

/// Presses LOAD TAPE on a machine just powered on.
fn cold_start(core: CoreSize, reel: Vec<u8>, seed: u64, clear: bool) -> (Machine, Mounts) {
    let mut machine = Machine::power_on(Config::with_core(core), seed);
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, reel, true).unwrap();
    if clear {
        machine.clear(&mut mounts);
        machine.cpu.trapping = seed % 2 == 1;
    }
    machine.load(&mut mounts, LoadKey::Tape);
    (machine, mounts)
}

fn both_lives(setting: &Setting, seed: u64) {
    let before = setting.arbitrary(seed);
    let expected = setting.expected(&before);
    let mut machine = before.clone();
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, setting.call + 1), "{stop:?} seed {seed}");
    assert_same(&expected, &setting.promised(&machine), "first life", seed);

    let reel = mounts.bytes(1).unwrap();
    drop((machine, mounts));
    for second in 0..2 {
        let (mut machine, mut mounts) = cold_start(setting.core, reel.clone(), seed ^ second, false);
        let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, setting.call + 1), "{stop:?} seed {seed}");
        assert_same(&expected, &setting.promised(&machine), "second life", seed);
        assert_eq!(machine.tape_unit(1).place(), 0, "the reel is rewound");
        assert!(!machine.cpu.tape_check);
    }
}

fn assert_same(expected: &(Cpu, Vec<Word>), found: &(Cpu, Vec<Word>), life: &str, seed: u64) {
    assert_eq!(expected.0, found.0, "{life}, seed {seed}");
    for (address, (e, f)) in expected.1.iter().zip(&found.1).enumerate() {
        assert_eq!(e, f, "C({address:05o}), {life}, seed {seed}");
    }
}

#[test]
fn everything_comes_back_on_4k() {
    for seed in 0..40 {
        let mut random = Random(seed + 77);
        let origin = 5 + random.below(3500) as u16;
        let call = if origin > 100 { origin - 20 } else { 3900 };
        both_lives(&setting(CoreSize::K4, origin, call, seed % 2 == 1), seed);
    }
}

#[test]
fn everything_comes_back_on_8k() {
    for seed in 0..16 {
        both_lives(&setting(CoreSize::K8, 5 + 500 * seed as u16, 8190, seed % 2 == 0), seed);
    }
}

#[test]
fn everything_comes_back_on_32k() {
    for seed in 0..4 {
        both_lives(&setting(CoreSize::K32, 30000, 7, seed % 2 == 0), seed);
    }
}

#[test]
fn an_image_of_4k_goes_to_larger_machines_and_back() {
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    let before = setting.arbitrary(5);
    let expected = setting.expected(&before);
    let mut machine = before;
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    run(&mut machine, &mut mounts, DUMP_CYCLES);
    let mut reel = mounts.bytes(1).unwrap();
    for core in [CoreSize::K8, CoreSize::K32, CoreSize::K4] {
        let (mut machine, mut mounts) = cold_start(core, reel, 11, false);
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
        reel = mounts.bytes(1).unwrap();
    }
}

/// A job of a 4K machine that runs on a larger one and is to go back: it says so in the word CHKSIZ before its first call.
#[test]
fn the_size_may_be_set_before_the_first_call() {
    let source = "       ORG 100\n       CAL SIZE\n       SLW CHKSIZ\n       TSX CHKPNT,4\n       HTR *\nSIZE   PZE 0,0,1\nCHKPNT LIB\n       END 100\n";
    let output = assemble(source);
    for core in [CoreSize::K8, CoreSize::K32] {
        let mut machine = machine_with(&output, core);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, Vec::new(), true).unwrap();
        assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 103);
        let reel = mounts.bytes(1).unwrap();
        let mut image = TapeImage::open(reel.clone()).unwrap();
        let Some((Item::Record(record), _)) = image.read_forward(0).unwrap() else { panic!("no record") };
        assert_eq!(record.frames.len(), 6 * (4096 + 14), "{core}");
        for second in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
            let (mut machine, mut mounts) = cold_start(second, reel.clone(), 6, false);
            let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, 103), "{core} to {second}");
            assert_eq!(machine.cpu.xr[2], 102u16.wrapping_neg() & second.mask());
        }
    }
}

#[test]
fn the_second_entry_tells_the_lives_apart() {
    let output = assemble(
        "       ORG 100\n       TSX CHKFRK,4\n       HTR *,,1\n       HTR *,,2\nCHKPNT LIB\n       END 100\n",
    );
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 101);
    let (mut machine, mut mounts) = cold_start(CoreSize::K4, mounts.bytes(1).unwrap(), 3, false);
    assert_eq!(run(&mut machine, &mut mounts, DUMP_CYCLES).at, 102);
}

/// The sizes that docs/checkpoint.md tells, as the listing prints them, and where its table says the words go.
#[test]
fn the_routine_is_133_words_and_its_boot_block_ten() {
    let output = assemble("CHKPNT LIB\n       END 0\n");
    assert_eq!(symbol(&output, "CHKBTN"), 10);
    assert_eq!(symbol(&output, "CHKLEN"), 133);
    let listing: Vec<&str> = output.listing().collect();
    for (octal, what) in [("00012", "CHKBTN SYN *-BOOT"), ("00205", "CHKLEN SYN *-CHKPNT")] {
        assert!(listing.iter().any(|line| line.contains(octal) && line.contains(what)), "{what}");
    }
    let parts = ["K$A", "K$IND", "K$D", "K$E", "K$FIN", "K$TTRB", "K$BOOT", "K$LINK3", "CHKRST"];
    let starts: Vec<u16> = parts.iter().map(|part| symbol(&output, part)).collect();
    assert_eq!(starts, [15, 19, 44, 55, 72, 98, 108, 118, 120]);
}

/// The record that a setting writes, and the reel.
fn dump(setting: &Setting, seed: u64, reel: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let mut machine = setting.arbitrary(seed);
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, reel, true).unwrap();
    run(&mut machine, &mut mounts, DUMP_CYCLES);
    let bytes = mounts.bytes(1).unwrap();
    let mut image = TapeImage::open(bytes.clone()).unwrap();
    let Some((Item::Record(record), _)) = image.read_forward(0).unwrap() else { panic!("no record") };
    (record.frames, bytes)
}

fn image_of(items: &[Item], format: TapeFormat) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), format).unwrap();
    image.replace_tail(0, items).unwrap();
    image.into_store()
}

/// How many cuts to try: all when asked, else some.
fn cuts(characters: usize, some: usize) -> Vec<usize> {
    if std::env::var_os("EMU704_EXHAUSTIVE").is_some() {
        return (0..characters).collect();
    }
    let mut random = Random(42);
    let mut cuts: Vec<usize> = (0..120).chain(characters - 120..characters).collect();
    cuts.extend((0..some).map(|_| random.below(characters as u64) as usize));
    cuts
}

/// The power fails behind every character of a dump, over a blank reel and over the checkpoint before: whatever is on
/// the reel, a half-written checkpoint is never taken for a whole one.
#[test]
fn power_lost_in_a_dump_never_resumes_half_of_it() {
    half_checkpoints(CoreSize::K4, &[TapeFormat::Simh, TapeFormat::P7b]);
    if std::env::var_os("EMU704_EXHAUSTIVE").is_some() {
        half_checkpoints(CoreSize::K8, &[TapeFormat::Simh]);
    }
}

fn half_checkpoints(core: CoreSize, formats: &[TapeFormat]) {
    let setting = setting(core, 1000, 3000, false);
    let (new, _) = dump(&setting, 8, Vec::new());
    let (old, _) = dump(&setting, 9, Vec::new());
    let old_expected = setting.expected(&setting.arbitrary(9));
    let old_items = [Item::Record(asm704::media::tape::Record::new(old.clone()))];
    let halts = std::sync::Mutex::new(std::collections::BTreeMap::<u16, u64>::new());
    let reels = std::sync::atomic::AtomicUsize::new(0);
    for &format in formats {
        for over_old in [false, true] {
            let cuts = cuts(new.len(), 150);
            reels.fetch_add(cuts.len(), std::sync::atomic::Ordering::Relaxed);
            in_parallel(&cuts, |&cut| {
                let below: &[Item] = if over_old { &old_items } else { &[] };
                let mut items = overlay(below, &new[..cut]);
                if format == TapeFormat::P7b
                    && let Some(Item::Record(record)) = items.first_mut()
                    && record.error
                {
                    *record = asm704::media::tape::with_error_as_parity(record, cut);
                }
                let reel = image_of(&items, format);
                let (mut machine, mut mounts) = cold_start(core, reel, cut as u64, true);
                let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
                let resumed = (stop.kind, stop.at) == (StopKind::Htr, 3001);
                if over_old && new[..cut] == old[..cut] && (resumed || cut == 0) {
                    // every character on the reel is one of the old checkpoint: it is whole
                    assert!(resumed, "cut {cut}, {format}: {stop:?}");
                    assert_same(&old_expected, &setting.promised(&machine), "old", 9);
                    return;
                }
                assert!(!resumed, "cut {cut}, over {over_old}, {format}");
                assert!(
                    matches!(stop.kind, StopKind::Htr | StopKind::ReadWriteCheck),
                    "cut {cut}, over {over_old}, {format}: {stop:?}"
                );
                if stop.kind == StopKind::Htr && stop.at > 5 {
                    let halt = machine.core.peek(stop.at);
                    assert!(
                        (1..=2).contains(&halt.decrement()) && halt.address() == stop.at,
                        "cut {cut}: {stop:?}"
                    );
                }
                *halts.lock().unwrap().entry(stop.at).or_default() += 1;
            });
        }
    }
    println!("{core}: {} reels", reels.into_inner());
    // Every stop is one of the coded halts of the boot (4, and 0 to 5 in a cleared core), of the routine, or the copy
    // check of a LOAD that found less than two words.
    for (&at, &count) in &*halts.lock().unwrap() {
        assert!(at <= 5 || setting.routine.contains(&at), "{count} stops at {at:05o}");
    }
}

/// What the machine itself leaves on the reel is what the overlay of the new characters over the old says.
#[test]
fn the_emulated_power_failure_is_that_overlay() {
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    let (new, _) = dump(&setting, 8, Vec::new());
    let (old, old_reel) = dump(&setting, 9, Vec::new());
    let old_items = [Item::Record(asm704::media::tape::Record::new(old))];
    let mut random = Random(3);
    for _ in 0..40 {
        let at = 2_000 + random.below(138_000);
        let mut machine = setting.arbitrary(8);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, old_reel.clone(), true).unwrap();
        let stop = machine.run(&mut mounts, at);
        assert_eq!(stop.kind, StopKind::Limit);
        assert!(machine.cycles() - at <= 1, "the failure comes at its cycle");
        machine.power_off(&mut mounts).unwrap();
        let cut = machine.characters_written();
        if cut == new.len() {
            continue;
        }
        let expected = image_of(&overlay(&old_items, &new[..cut]), TapeFormat::Simh);
        assert_eq!(
            mounts.bytes(1).unwrap(),
            if cut == 0 { old_reel.clone() } else { expected },
            "{cut} characters"
        );
    }
}

/// The least slack of every CPY, in whole cycles, as the emulator reports it: under strict lateness, at the start phases
/// of some power-ons, trapping mode off and on. Docs/checkpoint.md has the figures.
#[test]
fn every_copy_of_the_routine_keeps_its_deadline_with_room() {
    let mut least = std::collections::BTreeMap::<(bool, &str), u64>::new();
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        for trapping in [false, true] {
            for seed in 1..4 {
                let setting = setting(core, 100, 50, trapping);
                let at = |name: &str| symbol(&setting.output, name);
                let dump = ["K$E", "K$DUMP", "K$K5", "K$SUM"];
                let places =
                    [at("K$E"), at("K$DUMP") + 1, at("K$DUMP") + 3, at("K$DUMP") + 4, at("K$DUMP") + 5];
                let names = [dump[0], dump[1], "HTR 2", "LINK3", "LINK2", dump[2], dump[3]];
                let places: Vec<u16> = places.into_iter().chain([at("K$K5"), at("K$K5") + 4]).collect();
                let mut machine = setting.arbitrary(seed);
                let mut mounts = Mounts::new();
                mounts.mount_memory(1, Vec::new(), true).unwrap();
                run(&mut machine, &mut mounts, DUMP_CYCLES);
                let seen: Vec<u16> = machine.io.slack().keys().copied().collect();
                assert_eq!(seen, places, "every CPY of the dump was seen, and no other");
                for (name, place) in names.into_iter().zip(&places) {
                    let slack = machine.io.slack()[place].least.0 / TICKS_PER_CYCLE;
                    least.entry((false, name)).and_modify(|l| *l = slack.min(*l)).or_insert(slack);
                }
                let reel = mounts.bytes(1).unwrap();
                let (mut machine, mut mounts) = cold_start(core, reel, seed, false);
                machine.cpu.trapping = trapping;
                let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
                assert_eq!((stop.kind, stop.at), (StopKind::Htr, 51));
                let names = ["0", "1", "K$H", "sum"];
                let places = [0, 1, at("K$H"), at("K$H") + 2];
                let seen: Vec<u16> = machine.io.slack().keys().copied().collect();
                assert_eq!(seen, places, "every CPY of the cold start was seen, and no other");
                for (name, place) in names.into_iter().zip(&places) {
                    let slack = machine.io.slack()[place].least.0 / TICKS_PER_CYCLE;
                    least.entry((true, name)).and_modify(|l| *l = slack.min(*l)).or_insert(slack);
                }
            }
        }
    }
    let found: Vec<(bool, &str, u64)> = least.into_iter().map(|((life, name), l)| (life, name, l)).collect();
    let expected = [
        (false, "HTR 2", 28),
        (false, "K$DUMP", 24),
        (false, "K$E", 28),
        (false, "K$K5", 28),
        (false, "K$SUM", 25),
        (false, "LINK2", 31),
        (false, "LINK3", 30),
        (true, "0", 5360),
        (true, "1", 25),
        (true, "K$H", 18),
        (true, "sum", 28),
    ];
    assert_eq!(found, expected);
}

/// A loop with an instruction too many between two CPYs stops the machine, as it did the real one.
#[test]
fn a_loop_that_is_too_slow_stops_at_the_copy_check() {
    // The dump loop is TXI, CAD, TXL. Its budget is 33 cycles; a shift of 255 places takes 23.
    let source = text("programs/lib/chkpnt.sap");
    let slow = |places: u32| {
        let line = "DUMP   TXI *+1,1,1\n";
        assert!(source.contains(line));
        source.replace(line, &format!("{line}       RQL {places}\n"))
    };
    let run_with = |routine: &str| {
        let program = format!("       ORG 50\n       TSX CHKPNT,4\n       HTR *\n{routine}       END 50\n");
        let output = assemble(&program);
        let mut machine = machine_with(&output, CoreSize::K4);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, Vec::new(), true).unwrap();
        let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
        (stop, symbol(&output, "K$DUMP"), machine)
    };
    let (stop, _, _) = run_with(&slow(0));
    assert_eq!(stop.kind, StopKind::Htr);
    // CAD 3 at the least, TXI 2, TXL 2: with 255 places 23 more fit, 30 of 33 cycles.
    let (stop, dump, machine) = run_with(&slow(255));
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    let slack = machine.io.slack()[&(dump + 2)].least.0 / TICKS_PER_CYCLE;
    assert!(slack <= 3, "{slack}");
    // Four cycles more do not.
    let (stop, dump, machine) = run_with(&slow(255).replace("RQL 255\n", "RQL 255\n       RQL 22\n"));
    assert_eq!((stop.kind, stop.at), (StopKind::ReadWriteCheck, dump + 4), "{stop:?}");
    assert!(machine.cpu.read_write_check);
    let message = stop.message.unwrap();
    assert!(message.contains("cycles late"), "{message}");
}

/// The reel of a small program, as text that can be held against the listing.
#[test]
fn the_reel_of_a_small_program_as_text() {
    let output = assemble(&text("programs/small.sap"));
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
    assert_eq!(stop.kind, StopKind::Htr);
    let reel = mounts.bytes(1).unwrap();
    let mut image = TapeImage::open(reel).unwrap();
    let dumped = asm704::media::text::to_string(&mut image).unwrap();
    let listing: Vec<&str> = output.listing().filter(|line| !line.contains(" REM ")).collect();
    insta::with_settings!({ snapshot_path => root().join("tests/snapshots"), omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("small_reel", dumped);
        insta::assert_snapshot!("small_listing", listing.join("\n"));
    });
}

/// The time of a dump and of a cold start, rewinds included, as docs/checkpoint.md tells them.
#[test]
fn the_cycles_of_a_dump_and_of_a_cold_start() {
    let output = assemble(&text("programs/small.sap"));
    for (core, dump, load) in [
        (CoreSize::K4, 142_738, 142_633),
        (CoreSize::K8, 279_283, 279_166),
        (CoreSize::K32, 1_098_555, 1_098_366),
    ] {
        let mut machine = machine_with(&output, core);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, Vec::new(), true).unwrap();
        let stop = machine.run(&mut mounts, DUMP_CYCLES);
        assert_eq!((stop.kind, machine.cycles()), (StopKind::Htr, dump), "{core}");
        machine.settle(&mut mounts).unwrap();
        let mut machine = Machine::new(Config::with_core(core));
        machine.load(&mut mounts, LoadKey::Tape);
        let stop = machine.run(&mut mounts, DUMP_CYCLES);
        assert_eq!((stop.kind, machine.cycles()), (StopKind::Htr, load), "{core}");
    }
}

/// With a tolerance, a CPY that is no later than it is taken; the figure is not an idle one.
#[test]
fn a_tolerance_lets_a_slow_loop_pass() {
    let source = text("programs/lib/chkpnt.sap");
    // once, between the last word of the boot and the first of the image: 29 cycles are free, and these take 30
    let once = "       PXD 0,0\nDUMP ";
    assert!(source.contains(once));
    let slow = source.replace(once, "       PXD 0,0\n       RQL 255\n       RQL 58\nDUMP ");
    let program = format!("       ORG 50\n       TSX CHKPNT,4\n       HTR *\n{slow}       END 50\n");
    let output = assemble(&program);
    let stop = |tolerance: u64| {
        let mut machine = machine_with(&output, CoreSize::K4);
        machine.config.figures.tape.tolerance = emu704::Ticks::micros(tolerance);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, Vec::new(), true).unwrap();
        run(&mut machine, &mut mounts, DUMP_CYCLES).kind
    };
    assert_eq!(stop(0), StopKind::ReadWriteCheck);
    assert_eq!(stop(66), StopKind::Htr);
}
