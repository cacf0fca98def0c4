//! The strong checkpoint routine: two reels in turn, and whatever happens, the newest complete checkpoint.
#![allow(clippy::print_stdout, reason = "the exhaustive runs tell how much they tried")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::common::{Random, assemble, in_parallel, put, run, symbol};
use asm704::Word;
use asm704::assemble::Output;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage, overlay};
use emu704::cpu::{Ac, Cpu};
use emu704::media::OldRecording;
use emu704::reels::Reels as Mounts;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind, Ticks};

const PATIENCE: u64 = 200_000_000;
const CALL: u16 = 0o62;

/// The routine, a call and a halt behind it.
struct Setting {
    output: Output,
    core: CoreSize,
    routine: std::ops::Range<u16>,
    serial: u16,
}

fn setting(core: CoreSize) -> Setting {
    let source = "       ORG 50\n       TSX CHKPNT,4\n       HTR *\n       ORG 100\nCHKSTR LIB\nEND    SYN *\n       END 50\n";
    let output = assemble(source);
    let routine = symbol(&output, "CHKPNT")..symbol(&output, "END");
    let serial = symbol(&output, "CHKSER");
    Setting { output, core, routine, serial }
}

/// Reels end behind the last record written: what a longer recording leaves behind a shorter one is not tried here.
fn config(core: CoreSize) -> Config {
    Config { old_recording: OldRecording::Cut, ..Config::with_core(core) }
}

/// A machine's state as the call promises it: registers, and core without the routine's own words.
type State = (Cpu, Vec<Word>);

impl Setting {
    fn machine(&self) -> Machine {
        let mut machine = Machine::power_on(config(self.core), 4);
        put(&mut machine, &self.output);
        machine
    }

    /// Makes everything at the next call arbitrary, and says what must be there behind it.
    fn arbitrary(&self, machine: &mut Machine, seed: u64) -> State {
        let mut random = Random(seed * 7919 + 1);
        for address in 0..machine.core.size().words() as u16 {
            if !self.routine.contains(&address) && address != CALL && address != CALL + 1 {
                machine.core.poke(address, random.word());
            }
        }
        let mask = machine.core.size().mask();
        let bits = random.next();
        machine.cpu = Cpu {
            ac: Ac::from_bits(random.next() & ((1 << 38) - 1)),
            mq: random.word(),
            xr: std::array::from_fn(|_| random.next() as u16 & mask),
            ac_overflow: bits & 1 != 0,
            mq_overflow: bits & 2 != 0,
            divide_check: bits & 4 != 0,
            sense_lights: std::array::from_fn(|i| bits >> (8 + i) & 1 != 0),
            ..Cpu::default()
        };
        machine.set_start(CALL);
        let (mut cpu, words) = self.promised(machine);
        cpu.ic = CALL + 1;
        cpu.xr[2] = CALL.wrapping_neg() & mask;
        (cpu, words)
    }

    fn promised(&self, machine: &Machine) -> State {
        let mut cpu = machine.cpu.clone();
        (cpu.sr, cpu.ir, cpu.tape_check, cpu.end_of_tape) = (Word::ZERO, Word::ZERO, false, false);
        let mut words = machine.core.words().to_vec();
        for address in self.routine.clone() {
            words[usize::from(address)] = Word::ZERO;
        }
        (cpu, words)
    }

    fn serial(&self, machine: &Machine) -> u64 {
        machine.core.peek(self.serial).magnitude()
    }
}

fn blank_reels() -> Mounts {
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    mounts.mount_memory(2, Vec::new(), true).unwrap();
    mounts
}

type Reels = [Vec<u8>; 2];

fn reels(mounts: &mut Mounts) -> Reels {
    [mounts.bytes(1).unwrap(), mounts.bytes(2).unwrap()]
}

/// Makes checkpoints with the serial numbers 1 to `n`; the states behind each, and the reels after each.
fn checkpoints(setting: &Setting, n: u64) -> (Vec<State>, Vec<Reels>) {
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    let mut states = Vec::new();
    let mut all = vec![reels(&mut mounts)];
    for k in 1..=n {
        let state = setting.arbitrary(&mut machine, k);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, CALL + 1), "checkpoint {k}: {stop:?}");
        assert!(setting.promised(&machine) == state, "first life of {k}");
        assert_eq!(setting.serial(&machine), k);
        states.push(state);
        all.push(reels(&mut mounts));
    }
    (states, all)
}

/// The operator's procedure: CLEAR, LOAD TAPE; if it stops or hangs, swap the dials, CLEAR, load again.
/// Gives the machine when the program has gone on, with its reels.
fn cold_start(setting: &Setting, reels: &Reels, seed: u64, switches: &[usize]) -> Option<(Machine, Mounts)> {
    procedure(setting, reels.clone(), seed, switches, PATIENCE).ok()
}

/// The same, with what the operator calls a hang; without success the reels as they are left.
fn procedure(
    setting: &Setting,
    mut reels: Reels,
    seed: u64,
    switches: &[usize],
    patience: u64,
) -> Result<(Machine, Mounts), Reels> {
    for _ in 0..2 {
        let mut machine = Machine::power_on(config(setting.core), seed);
        let mut mounts = Mounts::new();
        let [first, second] = reels;
        mounts.mount_memory(1, first, true).unwrap();
        mounts.mount_memory(2, second, true).unwrap();
        for switch in switches {
            machine.console.sense_switches[switch - 1] = true;
        }
        machine.clear(&mut mounts);
        // not even CLEAR is trusted to turn it off
        machine.cpu.trapping = seed.is_multiple_of(2);
        machine.load(&mut mounts, LoadKey::Tape);
        let stop = run(&mut machine, &mut mounts, patience);
        if (stop.kind, stop.at) == (StopKind::Htr, CALL + 1) && setting.serial(&machine) > 0 {
            return Ok((machine, mounts));
        }
        assert!(
            patience < PATIENCE
                || matches!(stop.kind, StopKind::Htr | StopKind::ReadWriteCheck | StopKind::Waiting),
            "{stop:?}"
        );
        // swap the dials of units 1 and 2
        reels = [mounts.bytes(2).unwrap(), mounts.bytes(1).unwrap()];
    }
    Err(reels)
}

#[test]
fn checkpoints_go_on_two_reels_in_turn_and_the_newest_resumes() {
    for core in [CoreSize::K4, CoreSize::K8] {
        let setting = setting(core);
        let (states, all) = checkpoints(&setting, 5);
        for n in 1..=5 {
            let (machine, _) = cold_start(&setting, &all[n], n as u64, &[]).unwrap();
            assert_eq!(setting.serial(&machine), n as u64);
            assert!(setting.promised(&machine) == states[n - 1], "second life of {n}");
        }
        // 1, 3 and 5 on tape 1, 2 and 4 on tape 2, each reel with its finder
        let items = |reel: &Vec<u8>| TapeImage::open(reel.clone()).unwrap().items(0).count();
        assert_eq!((items(&all[5][0]), items(&all[5][1])), (1 + 3 * 2, 1 + 2 * 2));
    }
}

/// An older one by the operator's means; and the life that goes on from it is not taken for older than the ones behind
/// which the operator went back.
#[test]
fn sense_switches_choose_an_older_one() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 5);
    for (back, switches) in [(1, vec![6]), (2, vec![5]), (3, vec![5, 6]), (4, vec![4])] {
        let (mut machine, mut mounts) = cold_start(&setting, &all[5], 9, &switches).unwrap();
        // the next serial number is one behind all that there are
        assert_eq!(setting.serial(&machine), 5 - back + 12);
        assert!(setting.promised(&machine) == states[4 - back as usize]);
        machine.console.sense_switches = [false; 6];
        let state = setting.arbitrary(&mut machine, 77);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, CALL + 1), "{stop:?}");
        let (machine, _) = cold_start(&setting, &reels(&mut mounts), 9, &[]).unwrap();
        assert_eq!(setting.serial(&machine), 5 - back + 13);
        assert!(setting.promised(&machine) == state);
    }
    // six back there is none
    assert!(cold_start(&setting, &all[5], 9, &[4, 5]).is_none());
}

#[test]
fn one_reel_is_enough_with_switch_3() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    machine.console.sense_switches[2] = true;
    let mut last = None;
    for k in 1..=3 {
        last = Some(setting.arbitrary(&mut machine, k));
        assert_eq!(run(&mut machine, &mut mounts, PATIENCE).kind, StopKind::Htr);
    }
    let reel = mounts.bytes(1).unwrap();
    let mut machine = Machine::power_on(Config::with_core(CoreSize::K4), 1);
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, reel, false).unwrap();
    machine.console.sense_switches[2] = true;
    machine.clear(&mut mounts);
    machine.load(&mut mounts, LoadKey::Tape);
    run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!(setting.serial(&machine), 3);
    assert!(setting.promised(&machine) == last.unwrap());
}

/// Lives follow each other: after each resume the next checkpoints go behind the last complete ones.
#[test]
fn many_lives() {
    let setting = setting(CoreSize::K4);
    let mut reels_now = checkpoints(&setting, 2).1[2].clone();
    let mut random = Random(5);
    for serial in 3..12 {
        if random.below(2) == 0 {
            reels_now.swap(0, 1);
        }
        let (mut machine, mut mounts) = cold_start(&setting, &reels_now, serial, &[]).unwrap();
        assert_eq!(setting.serial(&machine), serial - 1);
        let state = setting.arbitrary(&mut machine, serial);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, CALL + 1), "{stop:?}");
        reels_now = reels(&mut mounts);
        let (machine, _) = cold_start(&setting, &reels_now, serial, &[]).unwrap();
        assert_eq!(setting.serial(&machine), serial);
        assert!(setting.promised(&machine) == state);
    }
}

fn items(reel: &[u8]) -> Vec<Item> {
    let mut image = TapeImage::open(reel.to_vec()).unwrap();
    image.items(0).map(Result::unwrap).map(|(_, item)| item).collect()
}

fn image(items: &[Item]) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    image.replace_tail(0, items).unwrap();
    image.into_store()
}

fn exhaustive() -> bool {
    std::env::var_os("EMU704_EXHAUSTIVE").is_some()
}

/// What a reel holds when the power fails behind each character that a checkpoint writes on it, or behind some of them: a
/// finder, a record, a file mark, over what was there before.
fn failures(
    before: &[Item],
    after: &[Item],
    every: bool,
    random: &mut Random,
) -> Vec<(usize, usize, Vec<Item>)> {
    let same = before.iter().zip(after).take_while(|(b, a)| b == a).count();
    let mut all = Vec::new();
    for (i, item) in after.iter().enumerate().skip(same) {
        let frames = match item {
            Item::Record(record) => &record.frames[..],
            _ => &[0o17],
        };
        // what of the old reel this item has reached: the records are all of one length here
        let below = before.get(i..).unwrap_or_default();
        let mut cuts: Vec<usize> = if every || frames.len() == 1 {
            (0..frames.len()).collect()
        } else {
            let edges =
                [0, 1, 2, 5, 6, 7, 60, 61, 62, 65, frames.len() - 7, frames.len() - 6, frames.len() - 1];
            edges.into_iter().chain((0..12).map(|_| random.below(frames.len() as u64) as usize)).collect()
        };
        cuts.dedup();
        for cut in cuts {
            let mut items = after[..i].to_vec();
            items.extend(overlay(below, &frames[..cut]));
            all.push((i, cut, items));
        }
    }
    all
}

/// The power fails behind every character of a checkpoint, and of the finder in front of it on a new reel: the one before
/// is resumed, or, when all of its characters are there, this one. On new reels, behind other checkpoints, and over old
/// ones on a reel that was full.
#[test]
fn power_lost_in_any_record_leaves_the_newest_complete_one() {
    for (core, every) in [(CoreSize::K4, exhaustive()), (CoreSize::K8, false)] {
        let setting = setting(core);
        let (states, mut all) = checkpoints(&setting, 3);
        // the fifth on tape 1, which was found full: over the first and the third
        let (mut states, mut full) = (states, all[3].clone());
        let (mut machine, mut mounts) = cold_start(&setting, &full, 1, &[]).unwrap();
        states.push(setting.arbitrary(&mut machine, 4));
        run(&mut machine, &mut mounts, PATIENCE);
        full = reels(&mut mounts);
        all.push(full.clone());
        let items_of_tape_1 = symbol(&setting.output, "K$ITEMS");
        machine.core.poke(items_of_tape_1, Word::new(1 << 18));
        states.push(setting.arbitrary(&mut machine, 5));
        run(&mut machine, &mut mounts, PATIENCE);
        all.push(reels(&mut mounts));
        let mut random = Random(77);
        let mut tried = 0;
        for n in [1, 2, 3, 5usize] {
            let which = (n - 1) % 2;
            let cases = failures(&items(&all[n - 1][which]), &items(&all[n][which]), every, &mut random);
            tried += cases.len();
            in_parallel(&cases, |(i, cut, cut_items)| {
                let mut reels = all[n - 1].clone();
                reels[which] = image(cut_items);
                let Some((machine, _)) = cold_start(&setting, &reels, *cut as u64, &[]) else {
                    assert_eq!(n, 1, "checkpoint {}, cut {cut} of {n}, item {i}: nothing resumes", n - 1);
                    return;
                };
                let serial = setting.serial(&machine) as usize;
                // when only the mark is missing, this one is complete
                let whole = matches!(items(&all[n][which]).get(*i), Some(Item::Mark));
                assert_eq!(serial, if whole { n } else { n - 1 }, "cut {cut} of {n}, item {i}");
                assert!(setting.promised(&machine) == states[serial - 1], "cut {cut} of {n}");
            });
        }
        println!("{core}: {tried} reels");
    }
}

/// The power fails at any cycle of a checkpoint, reading back and printing included.
#[test]
fn power_lost_at_any_cycle() {
    let setting = setting(CoreSize::K4);
    let (states, _) = checkpoints(&setting, 3);
    let mut random = Random(31);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    for k in 1..=2 {
        setting.arbitrary(&mut machine, k);
        run(&mut machine, &mut mounts, PATIENCE);
    }
    setting.arbitrary(&mut machine, 3);
    let before = reels(&mut mounts);
    let tries: Vec<u64> =
        (0..if exhaustive() { 3000 } else { 40 }).map(|_| machine.cycles() + random.below(420_000)).collect();
    in_parallel(&tries, |&at| {
        let mut machine = machine.clone();
        let mut mounts = Mounts::new();
        for (unit, reel) in (1..).zip(&before) {
            mounts.mount_memory(unit, reel.clone(), true).unwrap();
        }
        machine.run(&mut mounts, at);
        machine.power_off(&mut mounts).unwrap();
        let (machine, _) = cold_start(&setting, &reels(&mut mounts), at, &[]).unwrap();
        let serial = setting.serial(&machine);
        assert!((2..=3).contains(&serial), "{serial}");
        assert!(setting.promised(&machine) == states[serial as usize - 1], "at {at}");
    });
}

/// The record with a bit of a character flipped: 0 to 5 with its parity left wrong, 6 the parity itself, 7 to 12 with the
/// parity made right.
fn flipped(record: &Record, character: usize, way: usize) -> Item {
    let mut record = record.clone();
    record.frames[character] ^= if way < 7 { 1 << way } else { 1 << (way - 7) | 0o100 };
    Item::Record(record)
}

/// The characters and ways to flip them: all, or the first ones and some.
fn flips(characters: usize, some: u64) -> Vec<(usize, usize)> {
    if exhaustive() {
        return (0..characters).flat_map(|c| (0..13).map(move |way| (c, way))).collect();
    }
    let mut random = Random(13);
    let mut flips: Vec<(usize, usize)> = (0..120).map(|n| (n / 13, n % 13)).collect();
    flips.extend((0..some).map(|_| (random.below(characters as u64) as usize, random.below(13) as usize)));
    flips
}

/// A single bit of a checkpoint's record is wrong, boot and label included: there is no other, and the caller is never
/// reached.
#[test]
fn a_flipped_bit_never_reaches_the_caller() {
    let setting = setting(CoreSize::K4);
    let (_, all) = checkpoints(&setting, 1);
    let good = items(&all[1][0]);
    let Item::Record(record) = &good[1] else { panic!("no record") };
    let all = flips(record.frames.len(), 60);
    println!("{} reels", all.len());
    in_parallel(&all, |&(character, way)| {
        let reel = image(&[good[0].clone(), flipped(record, character, way), Item::Mark]);
        let mut machine = Machine::power_on(Config::with_core(CoreSize::K4), character as u64);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, reel, false).unwrap();
        machine.console.sense_switches[2] = true;
        machine.clear(&mut mounts);
        machine.load(&mut mounts, LoadKey::Tape);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!(stop.kind, StopKind::Htr, "character {character}, {way}: {stop:?}");
        let halt = machine.core.peek(stop.at);
        assert_eq!((halt.decrement(), halt.address()), (8, stop.at), "character {character}, {way}");
    });
}

/// The finder has found the record whole. When it is read the second time, to be loaded, two characters have the wrong
/// parity, and the sum is right all the same: it stops at the coded halt.
#[test]
fn the_second_reading_counts_the_parity_too() {
    let setting = setting(CoreSize::K4);
    let (_, all) = checkpoints(&setting, 1);
    let good = items(&all[1][0]);
    let Item::Record(record) = &good[1] else { panic!("no record") };
    let bit = |character: usize| record.frames[character] & 1;
    let first = 6_000;
    let second = (1_000..4_000).map(|n| 6 * n + 6).find(|&c| c != first && bit(c) != bit(first)).unwrap();
    let mut bad = good.clone();
    if let Item::Record(record) = &mut bad[1] {
        record.frames[first] ^= 1;
        record.frames[second] ^= 1;
    }
    let loads = symbol(&setting.output, "K$ZS") - symbol(&setting.output, "K$Z");
    for wrong in [false, true] {
        let mut machine = Machine::power_on(Config::with_core(CoreSize::K4), 2);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, all[1][0].clone(), false).unwrap();
        mounts.mount_memory(2, all[1][1].clone(), false).unwrap();
        machine.clear(&mut mounts);
        machine.load(&mut mounts, LoadKey::Tape);
        while machine.cpu.ic != loads {
            machine.step(&mut mounts, u64::MAX).unwrap();
        }
        if wrong {
            mounts.mount_memory(1, image(&bad), false).unwrap();
        }
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        let halt = machine.core.peek(stop.at);
        let found = (stop.kind, stop.at == CALL + 1, halt.decrement());
        assert_eq!(found, (StopKind::Htr, !wrong, u16::from(wrong)), "{stop:?}");
    }
}

/// The same beside an older one: that is resumed.
#[test]
fn a_flipped_bit_leaves_the_one_before() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 2);
    let last = items(&all[2][1]);
    let Item::Record(good) = &last[1] else { panic!("no record") };
    let mut random = Random(131);
    for n in 0..40 {
        let mut bad = last.clone();
        bad[1] = flipped(good, random.below(good.frames.len() as u64) as usize, n % 13);
        let reels = [all[2][0].clone(), image(&bad)];
        let (machine, _) = cold_start(&setting, &reels, n as u64, &[]).unwrap();
        assert_eq!(setting.serial(&machine), 1);
        assert!(setting.promised(&machine) == states[0]);
    }
}

/// A single bit of the finder on the first reel is wrong: it stops, or hangs, or does its work; the newest is resumed.
#[test]
fn a_flipped_bit_of_the_finder_is_survived() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 2);
    let first = items(&all[2][0]);
    let Item::Record(finder) = &first[0] else { panic!("no record") };
    let all_flips = flips(finder.frames.len(), 60);
    println!("{} reels", all_flips.len());
    in_parallel(&all_flips, |&(character, way)| {
        let mut bad = first.clone();
        bad[0] = flipped(finder, character, way);
        let reels = [image(&bad), all[2][1].clone()];
        let found = procedure(&setting, reels, character as u64, &[], 2_000_000);
        let Ok((machine, _)) = found else { panic!("character {character}, {way}: nothing resumes") };
        assert_eq!(setting.serial(&machine), 2, "character {character}, {way}");
        assert!(setting.promised(&machine) == states[1], "character {character}, {way}");
    });
}

/// A checkpoint after the other until both reels have been full, and full again. After each the newest is found.
/// Gives how many there were on a reel at the most.
fn fill_reels(setting: &Setting, reel: Ticks, limit: Option<u64>, checkpoints: u64) -> usize {
    let mut machine = setting.machine();
    machine.config.figures.tape.reel = reel;
    machine.config.figures.tape.beyond_reel = Ticks(0);
    if let Some(limit) = limit {
        machine.core.poke(symbol(&setting.output, "CHKMAX"), Word::new(limit));
    }
    let mut mounts = blank_reels();
    let mut most = [0; 2];
    let mut last = [0; 2];
    for serial in 1..=checkpoints {
        let state = setting.arbitrary(&mut machine, serial);
        // what the program's own tapes have left of it must not count
        machine.cpu.end_of_tape = serial % 3 == 0;
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, CALL + 1), "checkpoint {serial}: {stop:?}");
        assert!(setting.promised(&machine) == state);
        let unit = usize::from(serial % 2 == 0);
        let now = reels(&mut mounts);
        let count = items(&now[unit]).len() / 2;
        assert!(count > last[unit] || last[unit] == most[unit], "only a full reel begins again");
        most[unit] = count.max(most[unit]);
        last[unit] = count;
        if serial % 7 == 1 || checkpoints < 50 {
            let (machine, _) = cold_start(setting, &now, serial, &[]).unwrap();
            assert_eq!(setting.serial(&machine), serial);
            assert!(setting.promised(&machine) == state);
        }
    }
    assert_eq!(most[0], most[1]);
    assert!(last[1] < most[1], "both have been full and begun again");
    most[0]
}

/// Tape as time at 75 inches a second.
fn tape(feet: u64) -> Ticks {
    Ticks(feet * 480_000)
}

#[test]
fn behind_the_reflective_spot_a_reel_begins_again() {
    // 4,096 words are 10.3 feet of tape and end within the 18 feet behind the spot
    assert_eq!(fill_reels(&setting(CoreSize::K4), tape(60), None, 18), 4);
}

#[test]
fn a_short_reel_is_told_by_a_word() {
    // 8,192 words are 20.5 feet, more than the tape behind the spot: four of them run off a reel of 83 feet
    let setting = setting(CoreSize::K8);
    let mut machine = setting.machine();
    machine.config.figures.tape.reel = tape(83);
    machine.config.figures.tape.beyond_reel = Ticks(0);
    let mut mounts = blank_reels();
    let stop = loop {
        setting.arbitrary(&mut machine, 1);
        let until = machine.cycles() + PATIENCE;
        let stop = machine.run(&mut mounts, until);
        if stop.kind != StopKind::Htr || setting.serial(&machine) > 9 {
            break stop;
        }
    };
    assert_eq!((stop.kind, setting.serial(&machine)), (StopKind::Waiting, 7), "{stop:?}");
    // and the one before is there, or, if all of it came on the reel, this one
    let (machine, _) = cold_start(&setting, &reels(&mut mounts), 1, &[]).unwrap();
    assert!((6..=7).contains(&setting.serial(&machine)));
    // with room for two: twice the size in 4,096 words by the items with them, a finder and two for each
    assert_eq!(fill_reels(&setting, tape(83), Some(2 * 2 * (1 + 2 * 2)), 10), 2);
}

/// A reel of 2,400 feet is full before its spot, at the number that docs/checkpoint.md tells.
#[test]
fn a_long_reel_is_full_before_its_spot() {
    let tape = emu704::Config::with_core(CoreSize::K4).figures.tape;
    let output = assemble("CHKSTR LIB\n       END 0\n");
    let limit = output.core_image().find(|(at, _)| *at == symbol(&output, "CHKMAX")).unwrap().1.magnitude();
    let finder = u64::from(symbol(&output, "CHKFND"));
    for (core, most) in [(CoreSize::K4, 221), (CoreSize::K8, 111), (CoreSize::K32, 28)] {
        let setting = setting(core);
        let words = core.words() as u64;
        let full = |checkpoints: u64| 2 * (words / 4096) * (1 + 2 * checkpoints) >= limit;
        assert!(full(most) && !full(most - 1), "{core}");
        let record = |words: u64| words * 6 * tape.character.0 + tape.record_gap.0;
        let one = record(words + 16) + tape.end_of_file_gap.0 + tape.character.0 + tape.record_gap.0;
        let all = tape.load_point.0 + record(finder) + most * one;
        assert!(all < tape.reel.0 - tape.end_of_reel_spot.0, "{core}: {} feet", all / 480_000);
        if exhaustive() {
            assert_eq!(fill_reels(&setting, tape.reel, None, 2 * most + 4) as u64, most);
        }
    }
}

/// A reel that cannot be read back: five tries, a message, a stop; then another reel, or without.
#[test]
fn a_bad_reel_is_given_up_after_five_tries() {
    // The fifth CPY loop of the read-back is made to find a wrong word: the record is spoiled on the reel between
    // writing and reading. A reel that spoils what is written on it does that.
    struct Spoiling(Mounts);
    impl emu704::media::Media for Spoiling {
        fn reel(&mut self, unit: u8) -> Option<&mut dyn emu704::media::Reel> {
            self.0.reel(unit)
        }
    }
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = Spoiling(blank_reels());
    let state = setting.arbitrary(&mut machine, 1);
    let mut tries = 0;
    let stop = loop {
        let until = machine.cycles() + 100;
        let stop = machine.run(&mut mounts, until);
        if let Some((written, _)) = mounts.0.take_written(1)
            && written.words > 4000
        {
            tries += 1;
            let mut wrong = items(&mounts.0.bytes(1).unwrap());
            if let Some(Item::Record(record)) = wrong.last_mut() {
                record.frames[6000] ^= 0o3;
            }
            mounts.0.mount_memory(1, image(&wrong), true).unwrap();
        }
        if stop.kind != StopKind::Limit {
            break stop;
        }
    };
    assert_eq!(stop.kind, StopKind::Hpr, "{stop:?}");
    assert_eq!(tries, 5);
    machine.settle(&mut mounts).unwrap();
    let line = machine.io.printer.tear_off();
    assert_eq!(line, "CHKPNT      000001 TAPE      1 BAD. MOUNT ANOTHER, OR 6 DOWN. START\n");
    // without
    let mut without = machine.clone();
    without.console.sense_switches[5] = true;
    without.start(&mut mounts);
    assert_eq!(run(&mut without, &mut mounts.0, PATIENCE).at, CALL + 1);
    assert!(setting.promised(&without) == state);
    // another reel
    mounts.0.mount_memory(1, Vec::new(), true).unwrap();
    machine.mount_at_load_point(1);
    machine.start(&mut mounts);
    assert_eq!(run(&mut machine, &mut mounts.0, PATIENCE).at, CALL + 1);
    assert!(setting.promised(&machine) == state);
    assert_eq!(items(&mounts.0.bytes(1).unwrap()).len(), 3);
}

/// Two checkpoints of a small program, each reel as text that can be held against the listing: the finder, the record, the
/// mark; and the first reel as P7B.
#[test]
fn the_reels_of_a_small_program_as_text() {
    let source = crate::common::text("programs/small.sap");
    let source = source
        .replace("CHKPNT LIB", "CHKSTR LIB")
        .replace("       HTR *\n", "       TSX CHKPNT,4\n       HTR *\n");
    let output = assemble(&source);
    let mut machine = crate::common::machine_with(&output, CoreSize::K4);
    let mut mounts = blank_reels();
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!(stop.kind, StopKind::Htr);
    let of = |reel: Vec<u8>| asm704::media::text::to_string(&mut TapeImage::open(reel).unwrap()).unwrap();
    let [first, second] = reels(&mut mounts);
    let mut p7b = TapeImage::create(Vec::new(), TapeFormat::P7b).unwrap();
    p7b.replace_tail(0, &items(&first)).unwrap();
    let p7b = p7b.into_store();
    assert_eq!(items(&p7b), items(&first));
    // every character but the first of a record has the high bit off, and every one an odd parity
    assert!(p7b.iter().all(|byte| (byte & 0o177).count_ones() % 2 == 1 || *byte == 0o217));
    let listing: Vec<&str> = output.listing().filter(|line| !line.contains(" REM ")).collect();
    insta::with_settings!({ snapshot_path => crate::common::root().join("tests/snapshots"), omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("strong_reel_1", of(first));
        insta::assert_snapshot!("strong_reel_2", of(second));
        insta::assert_snapshot!("strong_reel_1_p7b", of(p7b));
        insta::assert_snapshot!("strong_listing", listing.join("\n"));
    });
}

/// The sizes that docs/checkpoint.md tells, as the listing prints them.
#[test]
fn the_sizes() {
    let output = assemble("CHKSTR LIB\n       END 0\n");
    assert_eq!(
        (symbol(&output, "CHKLEN"), symbol(&output, "CHKFND"), symbol(&output, "CHKBTN")),
        (443, 132, 10)
    );
}

/// The least slack, in whole cycles, of the CPYs of writing, reading back, printing, and of the finder, under strict
/// lateness.
#[test]
fn every_copy_keeps_its_deadline_with_room() {
    let setting = setting(CoreSize::K8);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    setting.arbitrary(&mut machine, 1);
    run(&mut machine, &mut mounts, PATIENCE);
    let slack = |machine: &Machine, places: std::ops::Range<u16>| {
        let of = machine.io.slack().iter().filter(|(place, _)| places.contains(place));
        of.map(|(_, s)| s.least.0 / TICKS_PER_CYCLE).min().unwrap()
    };
    let at = |name: &str| symbol(&setting.output, name);
    let (read, tell, printing) = (at("K$U"), at("K$TELL"), at("PRINT1"));
    assert_eq!(slack(&machine, at("CHKPNT")..read), 19, "writing");
    assert_eq!(slack(&machine, read..tell), 28, "reading back");
    // the pulse of a right half begins 750 us, 62.5 cycles, behind the end of the left one; what it takes between is at
    // most 4 cycles: the rest of the cycle in which the word moved, and I
    assert_eq!(slack(&machine, printing..at("END")), 58, "printing");
    let (machine, _) = cold_start(&setting, &reels(&mut mounts), 2, &[]).unwrap();
    assert_eq!(slack(&machine, 0..at("CHKFND")), 12, "the finder");
    assert_eq!(slack(&machine, at("CHKRST")..at("CHKRST") + 40), 23, "the second life");
}

/// Where the promise ends: a program that keeps a complement other than the link of the call goes wrong on a machine of
/// another size, and is right on one of its own.
#[test]
fn a_program_outside_the_promise() {
    let source = "       ORG 50\n       TSX SUB,4\n       HTR *,,1\nSUB    SXD MINE,4\n       TSX CHKPNT,4\n       LXD MINE,4\n       TRA 1,4\nMINE   PZE 0\n       ORG 100\nCHKSTR LIB\n       END 50\n";
    let output = assemble(source);
    let mut machine = Machine::new(Config::with_core(CoreSize::K4));
    put(&mut machine, &output);
    machine.set_start(50);
    let mut mounts = blank_reels();
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 51));
    let reels = reels(&mut mounts);
    let resumed = |core: CoreSize| {
        let mut machine = Machine::power_on(Config::with_core(core), 3);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, reels[0].clone(), true).unwrap();
        mounts.mount_memory(2, reels[1].clone(), true).unwrap();
        machine.clear(&mut mounts);
        machine.load(&mut mounts, LoadKey::Tape);
        run(&mut machine, &mut mounts, PATIENCE)
    };
    assert_eq!(resumed(CoreSize::K4).at, 51);
    // The complement of 50 in a core of 4,096 is 4,046: on 8,192 words the return goes 4,096 words too far, into zeros.
    let astray = resumed(CoreSize::K8);
    assert_eq!((astray.kind, astray.at), (StopKind::Htr, 4096 + 51));
}

/// A run that is killed and resumed again and again, on machines of any size, its reels changing their form between:
/// the answer is the undisturbed one.
#[test]
fn a_job_survives_any_number_of_lives_on_any_mixture_of_machines() {
    let output = assemble(&crate::common::text("programs/primes.sap"));
    let answer = |machine: &mut Machine| {
        let text = machine.io.printer.tear_off();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("CHKPNT")).collect();
        lines.join("\n")
    };
    let start = |core: CoreSize| {
        let mut machine = crate::common::machine_with(&output, core);
        machine.console.sense_switches[1] = true;
        machine
    };
    let mut machine = start(CoreSize::K4);
    machine.console.sense_switches[1] = false;
    let stop = run(&mut machine, &mut Mounts::new(), PATIENCE);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    let undisturbed = answer(&mut machine);
    // 2,262 primes below 20,000, the last 19,997 (any table of primes); the sum computed here
    let is_prime = |n: u32| n > 1 && (2..142).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
    let primes: Vec<u32> = (2..20_000).filter(|&n| is_prime(n)).collect();
    assert_eq!(primes.len(), 2262);
    let sum: u32 = primes.iter().sum();
    assert_eq!(
        undisturbed,
        format!("{:06} PRIMES, THE LAST {:06}, THEIR SUM {sum:012}", primes.len(), primes[primes.len() - 1])
    );

    let lives = if std::env::var_os("EMU704_EXHAUSTIVE").is_some() { 400 } else { 100 };
    let mut random = Random(1955);
    let mut reels: Reels = [Vec::new(), Vec::new()];
    let mut machine = start(CoreSize::K4);
    let mut mounts = blank_reels();
    let (mut ended, mut begun) = (0, 1);
    // resumes by core and by whether a reel was P7B, and those from tape 2 or with the dials swapped
    let mut mixture = std::collections::BTreeMap::<(usize, bool), u32>::new();
    let mut swaps = 0;
    for _ in 0..lives {
        let span = 300_000 + random.below(2_500_000);
        let until = machine.cycles() + span;
        let stop = machine.run(&mut mounts, until);
        if stop.kind == StopKind::Htr {
            machine.settle(&mut mounts).unwrap();
            assert_eq!(answer(&mut machine), undisturbed);
            ended += 1;
            machine = start(CoreSize::K4);
            mounts = blank_reels();
            reels = [Vec::new(), Vec::new()];
            begun += 1;
            continue;
        }
        assert_eq!(stop.kind, StopKind::Limit, "{stop:?}");
        machine.power_off(&mut mounts).unwrap();
        for (unit, reel) in (1..).zip(&mut reels) {
            let form = if random.below(2) == 0 { TapeFormat::Simh } else { TapeFormat::P7b };
            let mut image = TapeImage::create(Vec::new(), form).unwrap();
            let bytes = mounts.bytes(unit).unwrap();
            if !bytes.is_empty() {
                image.replace_tail(0, &items(&bytes)).unwrap();
            }
            *reel = image.into_store();
        }
        let core = [CoreSize::K4, CoreSize::K8, CoreSize::K32][random.below(3) as usize];
        let p7b = |reel: &Vec<u8>| TapeImage::open(reel.clone()).unwrap().format() == TapeFormat::P7b;
        let any_p7b = reels.iter().any(p7b);
        let mut resumed = None;
        for swapped in [false, true] {
            let mut next = Machine::power_on(Config::with_core(core), random.next());
            next.console.sense_switches[1] = true;
            let mut reels_on = Mounts::new();
            reels_on.mount_memory(1, reels[usize::from(swapped)].clone(), true).unwrap();
            reels_on.mount_memory(2, reels[usize::from(!swapped)].clone(), true).unwrap();
            next.clear(&mut reels_on);
            next.load(&mut reels_on, LoadKey::Tape);
            // until the finder has done its work: nothing but the program is at 64 and above
            let stop = next.run(&mut reels_on, 120_000_000.min(next.cycles() + 2_000_000));
            if stop.kind == StopKind::Limit || stop.kind == StopKind::Htr && stop.at > 0o400 {
                resumed = Some((next, reels_on));
                *mixture.entry((core.words(), any_p7b)).or_default() += 1;
                swaps += u32::from(swapped);
                break;
            }
        }
        if let Some(next) = resumed {
            (machine, mounts) = next;
        } else {
            // killed before the first checkpoint was whole
            machine = start(CoreSize::K4);
            mounts = blank_reels();
            begun += 1;
        }
    }
    println!(
        "{ended} of {begun} runs came to their end; resumes {mixture:?}, {swaps} with the dials swapped"
    );
    assert!(ended >= 2, "{ended} runs came to their end, {begun} were begun");
    assert_eq!(mixture.len(), 6, "all three machines, with .tap alone and with P7B: {mixture:?}");
}
