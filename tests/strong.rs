//! The strong checkpoint routine: two reels in turn, and whatever happens, the newest complete checkpoint.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use asm704::Word;
use asm704::assemble::Output;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage, overlay};
use common::{Random, assemble, put, run, symbol};
use emu704::cpu::{Ac, Cpu};
use emu704::host::Mounts;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

const PATIENCE: u64 = 40_000_000;
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
    let routine = symbol(&output, "CHKFRK")..symbol(&output, "END");
    let serial = symbol(&output, "CHKSER");
    Setting { output, core, routine, serial }
}

/// A machine's state as the call promises it: registers, and core without the routine's own words.
type State = (Cpu, Vec<Word>);

impl Setting {
    fn machine(&self) -> Machine {
        let mut machine = Machine::power_on(Config::with_core(self.core), 4);
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
    for swapped in [false, true] {
        let mut machine = Machine::power_on(Config::with_core(setting.core), seed);
        machine.cpu.trapping = seed.is_multiple_of(2);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, reels[usize::from(swapped)].clone(), true).unwrap();
        mounts.mount_memory(2, reels[usize::from(!swapped)].clone(), true).unwrap();
        for switch in switches {
            machine.console.sense_switches[switch - 1] = true;
        }
        machine.clear(&mut mounts);
        machine.load(&mut mounts, LoadKey::Tape);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        if (stop.kind, stop.at) == (StopKind::Htr, CALL + 1) && setting.serial(&machine) > 0 {
            return Some((machine, mounts));
        }
        assert!(
            matches!(stop.kind, StopKind::Htr | StopKind::ReadWriteCheck | StopKind::Waiting),
            "{stop:?}"
        );
    }
    None
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

#[test]
fn sense_switches_choose_an_older_one() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 5);
    for (back, switches) in [(1, vec![6]), (2, vec![5]), (3, vec![5, 6]), (4, vec![4])] {
        let (machine, _) = cold_start(&setting, &all[5], 9, &switches).unwrap();
        assert_eq!(setting.serial(&machine), 5 - back);
        assert!(setting.promised(&machine) == states[4 - back as usize]);
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

/// The power fails behind a character of the n-th checkpoint, or of the finder in front of it on a new reel: the one
/// before is resumed, or, when all of its characters are there, this one.
#[test]
fn power_lost_in_any_record_leaves_the_newest_complete_one() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 4);
    let exhaustive = std::env::var_os("EMU704_EXHAUSTIVE").is_some();
    let mut random = Random(77);
    for n in 1..=4usize {
        let which = (n - 1) % 2;
        let before = items(&all[n - 1][which]);
        let after = items(&all[n][which]);
        for (i, item) in after.iter().enumerate().skip(before.len()) {
            let Item::Record(Record { frames, .. }) = item else { continue };
            let some = |random: &mut Random| {
                let edge =
                    [0, 1, 2, 5, 6, 7, 60, 61, 62, 65, frames.len() - 7, frames.len() - 6, frames.len() - 1];
                edge.into_iter().chain((0..12).map(|_| random.below(frames.len() as u64) as usize)).collect()
            };
            let cuts: Vec<usize> = if exhaustive { (0..frames.len()).collect() } else { some(&mut random) };
            for cut in cuts {
                let mut cut_items = after[..i].to_vec();
                cut_items.extend(overlay(&[], &frames[..cut]));
                let mut reels = all[n - 1].clone();
                reels[which] = image(&cut_items);
                let found = cold_start(&setting, &reels, cut as u64, &[]);
                let Some((machine, _)) = found else {
                    assert_eq!(n, 1, "checkpoint {}, cut {cut} of {n}: nothing resumes", n - 1);
                    continue;
                };
                assert_eq!(setting.serial(&machine), n as u64 - 1, "cut {cut} of {n}, item {i}");
                assert!(setting.promised(&machine) == states[n - 2], "cut {cut} of {n}");
            }
        }
    }
}

/// The power fails at any cycle of a checkpoint, reading back and printing included.
#[test]
fn power_lost_at_any_cycle() {
    let setting = setting(CoreSize::K4);
    let (states, _) = checkpoints(&setting, 3);
    let mut random = Random(31);
    let tries = if std::env::var_os("EMU704_EXHAUSTIVE").is_some() { 3000 } else { 40 };
    for _ in 0..tries {
        let mut machine = setting.machine();
        let mut mounts = blank_reels();
        for k in 1..=2 {
            setting.arbitrary(&mut machine, k);
            run(&mut machine, &mut mounts, PATIENCE);
        }
        setting.arbitrary(&mut machine, 3);
        let at = machine.cycles() + random.below(420_000);
        machine.run(&mut mounts, at);
        machine.power_off(&mut mounts).unwrap();
        let (machine, _) = cold_start(&setting, &reels(&mut mounts), at, &[]).unwrap();
        let serial = setting.serial(&machine);
        assert!((2..=3).contains(&serial), "{serial}");
        assert!(setting.promised(&machine) == states[serial as usize - 1], "at {at}");
    }
}

/// A single bit of a record is wrong, with the parity of its character wrong or made right: never resumed from.
#[test]
fn a_flipped_bit_is_never_resumed_from() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 2);
    let last = items(&all[2][1]);
    let Item::Record(good) = &last[1] else { panic!("no record") };
    let mut random = Random(13);
    let exhaustive = std::env::var_os("EMU704_EXHAUSTIVE").is_some();
    let bits: Vec<usize> = if exhaustive {
        (0..good.frames.len() * 6).collect()
    } else {
        (0..60).chain((0..60).map(|_| random.below(good.frames.len() as u64 * 6) as usize)).collect()
    };
    for bit in bits {
        for parity_right in [false, true] {
            let mut record = good.clone();
            record.frames[bit / 6] ^= 1 << (bit % 6);
            if parity_right {
                record.frames[bit / 6] ^= 0o100;
            }
            let mut bad = last.clone();
            bad[1] = Item::Record(record);
            let reels = [all[2][0].clone(), image(&bad)];
            let (machine, _) = cold_start(&setting, &reels, bit as u64, &[]).unwrap();
            assert_eq!(setting.serial(&machine), 1, "bit {bit}, parity right: {parity_right}");
            assert!(setting.promised(&machine) == states[0]);
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
    let line = machine.io.printer.take_text(true);
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

#[test]
fn deadlines_have_room() {
    let setting = setting(CoreSize::K8);
    let (_, all) = checkpoints(&setting, 2);
    let (machine, _) = cold_start(&setting, &all[2], 2, &[]).unwrap();
    let least = machine.io.slack().values().map(|s| s.least.0 / TICKS_PER_CYCLE).min().unwrap();
    assert!(least >= 10, "{least}");
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
    let output = assemble(&common::text("programs/primes.sap"));
    let answer = |machine: &mut Machine| {
        let text = machine.io.printer.take_text(true);
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("CHKPNT")).collect();
        lines.join("\n")
    };
    let start = |core: CoreSize| {
        let mut machine = common::machine_with(&output, core);
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
    assert!(ended >= 2, "{ended} runs came to their end, {begun} were begun");
}
