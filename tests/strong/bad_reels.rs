//! Bad spots, worn reels, short reels, and a tape check that was on at the call.

use asm704::media::tape::Item;
use emu704::time::Ticks;
use emu704::{CoreSize, StopKind};

use super::support::{
    CALL, PATIENCE, blank_reels, bytes, checkpoints, code, fault, items, mounted, printed, setting,
};
use crate::common::{in_parallel, run};

/// A spot in a record, in the finder, at the load point, in a mark's gap, on one reel: the next try is written on other
/// inches, and every checkpoint can be resumed with the spot still there.
#[test]
fn a_bad_spot_is_passed() {
    let setting = setting(CoreSize::K4);
    let spots = ["1 0", "1 0.4", "1 1", "1 10", "1 10.5", "1 12", "1 22", "2 5", "2 9.5", "2 0.35"];
    in_parallel(&spots, |spot| {
        let mut machine = setting.machine();
        let mut mounts = blank_reels();
        fault(&mut machine, &format!("speck {spot}"));
        for k in 1..=6 {
            let state = setting.checkpoint(&mut machine, &mut mounts, k);
            let serial = setting.serial(&machine);
            let reels = bytes(&mut mounts);
            let mut second = emu704::Machine::power_on(emu704::Config::with_core(CoreSize::K4), k);
            fault(&mut second, &format!("speck {spot}"));
            let mut mounts = mounted(&reels);
            second.clear(&mut mounts);
            second.load(&mut mounts, emu704::LoadKey::Tape);
            let stop = run(&mut second, &mut mounts, PATIENCE);
            assert!(setting.resumed(&second, &stop), "speck {spot}, {k}: {stop:?}");
            assert_eq!(setting.serial(&second), serial, "speck {spot}");
            assert!(setting.promised(&second) == state, "speck {spot}");
        }
        assert!(!printed(&mut machine).iter().any(|line| line.contains("BAD")), "speck {spot}");
    });
}

/// Each record of tape 1 behind its finder is bad: after three tries, each behind the one before, tape 2 is used without
/// being asked for, and it says so. When that is full, the routine stops and asks for another reel in place of tape 1, and the
/// newest checkpoint stays.
#[test]
fn a_bad_reel_is_given_up_and_the_other_used() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    for record in 2..20 {
        fault(&mut machine, &format!("parity 1 {record}"));
    }
    let state = setting.checkpoint(&mut machine, &mut mounts, 1);
    let lines = printed(&mut machine);
    assert_eq!(lines, ["CHKPNT      000003 TAPE      1 BAD.", "CHKPNT      000004 TAPE      2"]);
    // three tries, one behind the other
    let tries = items(&mounts.bytes(1).unwrap());
    assert_eq!(
        tries.iter().filter(|item| matches!(item, Item::Record(r) if r.frames.len() > 6000)).count(),
        3
    );
    setting.assert_resumes(&bytes(&mut mounts), 5, &[], 4, &state);
    let mut last = state;
    for k in 2..=8 {
        last = setting.checkpoint(&mut machine, &mut mounts, k);
    }
    let newest = setting.serial(&machine);
    let state = setting.arbitrary(&mut machine, 9);
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!(stop.kind, StopKind::Hpr);
    assert!(
        printed(&mut machine)
            .last()
            .unwrap()
            .ends_with("TAPE      1      MOUNT ANOTHER REEL, OR 6 DOWN. START")
    );
    setting.assert_resumes(&bytes(&mut mounts), 6, &[], newest, &last);
    // without
    let mut without = machine.clone();
    without.console.sense_switches[5] = true;
    let mut same = mounted(&bytes(&mut mounts));
    without.start(&mut same);
    assert_eq!(run(&mut without, &mut same, PATIENCE).at, CALL + 1);
    assert!(setting.promised(&without) == state);
    setting.assert_resumes(&bytes(&mut same), 6, &[], newest, &last);
    // another reel
    machine.clear_faults();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    machine.mount_at_load_point(1);
    machine.start(&mut mounts);
    assert_eq!(run(&mut machine, &mut mounts, PATIENCE).at, CALL + 1);
    assert!(setting.promised(&machine) == state);
    // a reel of the job was not seen, and the numbers that may be on it are left out
    let serial = setting.serial(&machine);
    assert!(serial > newest);
    setting.assert_resumes(&bytes(&mut mounts), 7, &[], serial, &state);
}

/// The finders of both reels cannot be read back: nothing counts as a checkpoint, and the routine stops.
#[test]
fn a_finder_that_cannot_be_read_is_noticed() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    fault(&mut machine, "parity 1 1");
    fault(&mut machine, "parity 2 1");
    let state = setting.arbitrary(&mut machine, 1);
    assert_eq!(run(&mut machine, &mut mounts, PATIENCE).kind, StopKind::Hpr);
    let lines = printed(&mut machine);
    assert!(lines[0].ends_with("TAPE      1 BAD.") && lines[1].ends_with("TAPE      2 BAD."), "{lines:?}");
    assert!(lines[2].ends_with("MOUNT ANOTHER REEL, OR 6 DOWN. START"));
    assert_eq!(lines.len(), 3);
    // one of them is changed
    machine.clear_faults();
    fault(&mut machine, "parity 2 1");
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    machine.mount_at_load_point(1);
    machine.start(&mut mounts);
    assert_eq!(run(&mut machine, &mut mounts, PATIENCE).at, CALL + 1);
    let [one, _] = bytes(&mut mounts);
    setting.assert_resumes(&[one, Vec::new()], 1, &[], setting.serial(&machine), &state);
}

/// A finder that has become bad on the reel of the newest checkpoint: it is not rewritten before the next checkpoint is
/// complete on the other.
#[test]
fn a_reel_without_its_finder_keeps_its_checkpoint() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 3);
    let mut bad = items(&all[3][0]);
    if let Item::Record(finder) = &mut bad[0] {
        finder.frames[700] ^= 3;
    }
    let reels = [super::support::image(&bad), all[3][1].clone()];
    setting.assert_resumes(&reels, 1, &[], 3, &states[2]);
    let (mut machine, mut mounts) = setting.cold_start(&reels, 1, &[]).unwrap();
    let before = bytes(&mut mounts);
    let state = setting.checkpoint(&mut machine, &mut mounts, 4);
    let after = bytes(&mut mounts);
    // tape 1 is now on unit 2
    assert_eq!(before[1], after[1], "the reel of the newest");
    let serial = setting.serial(&machine);
    assert!(serial > 3);
    setting.assert_resumes(&after, 2, &[], serial, &state);
    let state = setting.checkpoint(&mut machine, &mut mounts, 5);
    setting.assert_resumes(&bytes(&mut mounts), 2, &[], serial + 1, &state);
    let (machine, _, stop) = setting.load(&bytes(&mut mounts), 2, &[]);
    assert!(setting.resumed(&machine, &stop), "{:?}", code(&machine, &stop));
}

/// Tape as time at 75 inches a second.
fn tape(feet: u64) -> Ticks {
    Ticks(feet * 480_000)
}

/// A reel on which two checkpoints end behind the spot, and one on which the second runs off the end: lives that are
/// resumed go on, and in the end no life runs off it any more.
#[test]
fn short_reels() {
    for (core, feet, most_lives) in [(CoreSize::K4, 30, 1), (CoreSize::K8, 40, 3), (CoreSize::K8, 44, 3)] {
        let setting = setting(core);
        let short = |machine: &mut emu704::Machine| {
            machine.config.figures.tape.reel = tape(feet);
            machine.config.figures.tape.beyond_reel = Ticks(0);
        };
        let mut machine = setting.machine();
        short(&mut machine);
        let mut mounts = blank_reels();
        let (mut lives, mut made, mut in_a_row) = (1, 0, 0);
        let mut newest = None;
        while in_a_row < 6 {
            made += 1;
            let state = setting.arbitrary(&mut machine, made);
            let until = machine.cycles() + PATIENCE;
            let stop = machine.run(&mut mounts, until);
            if stop.kind == StopKind::Htr {
                in_a_row += 1;
                newest = Some((setting.serial(&machine), state));
                continue;
            }
            // off the end of the reel
            assert_eq!(stop.kind, StopKind::Waiting, "{stop:?}");
            machine.power_off(&mut mounts).unwrap();
            in_a_row = 0;
            lives += 1;
            let (serial, state) = newest.clone().unwrap();
            let reels = bytes(&mut mounts);
            setting.assert_resumes(&reels, lives, &[], serial, &state);
            (machine, mounts) = setting.cold_start(&reels, lives, &[]).unwrap();
            short(&mut machine);
        }
        assert!(lives <= most_lives, "{core}, {feet} feet: {lives} lives");
    }
}

/// TAPE CHECK is as it was at the call, on or off, in both lives.
#[test]
fn tape_check_is_kept() {
    let setting = setting(CoreSize::K4);
    for on in [false, true] {
        let mut machine = setting.machine();
        let mut mounts = blank_reels();
        for k in 1..=3 {
            setting.arbitrary(&mut machine, k);
            machine.cpu.tape_check = on;
            assert_eq!(run(&mut machine, &mut mounts, PATIENCE).at, CALL + 1);
            assert_eq!(machine.cpu.tape_check, on, "first life of {k}");
            let (machine, _) = setting.cold_start(&bytes(&mut mounts), k, &[]).unwrap();
            assert_eq!(machine.cpu.tape_check, on, "second life of {k}");
        }
    }
}

/// One wrong reading, of any record on either reel, while the first call of a second life looks at the reels: dust. Read again,
/// the record is good, so the newest checkpoint is not written over, and power lost in that call leaves it.
#[test]
fn a_wrong_reading_costs_no_checkpoint() {
    let setting = setting(CoreSize::K4);
    for n in [1, 4, 5] {
        let (states, all) = checkpoints(&setting, n);
        for unit in [1, 2] {
            for record in 1..=4 {
                for times in [1, 2] {
                    let (mut machine, mut mounts) = setting.cold_start(&all[n as usize], 5, &[]).unwrap();
                    fault(&mut machine, &format!("parity {unit} {record} times {times}"));
                    setting.arbitrary(&mut machine, 20 + record);
                    let begins = machine.cycles();
                    let mut other = machine.clone();
                    let mut reels = mounted(&bytes(&mut mounts));
                    run(&mut other, &mut reels, PATIENCE);
                    let took = other.cycles() - begins;
                    // just before the call is done: the record is being written, or read back
                    machine.run(&mut mounts, begins + took * 9 / 10);
                    machine.power_off(&mut mounts).unwrap();
                    let (machine, _) = setting.cold_start(&bytes(&mut mounts), 5, &[]).unwrap();
                    let serial = setting.serial(&machine);
                    assert!(serial >= n, "{serial} of {n}, unit {unit}, record {record}");
                    if serial == n {
                        assert!(setting.promised(&machine) == states[n as usize - 1]);
                    }
                }
            }
        }
    }
}

/// The same in a cold start: the newest is resumed, not the one before.
#[test]
fn a_wrong_reading_of_the_finder_costs_no_checkpoint() {
    let setting = setting(CoreSize::K4);
    let (_, all) = checkpoints(&setting, 4);
    for unit in [1, 2] {
        for record in 2..=3 {
            let mut machine = emu704::Machine::power_on(emu704::Config::with_core(CoreSize::K4), 9);
            let mut mounts = mounted(&all[4]);
            fault(&mut machine, &format!("parity {unit} {record} times 1"));
            machine.clear(&mut mounts);
            machine.load(&mut mounts, emu704::LoadKey::Tape);
            let stop = run(&mut machine, &mut mounts, PATIENCE);
            assert!(setting.resumed(&machine, &stop), "unit {unit}, record {record}: {stop:?}");
            assert_eq!(setting.serial(&machine), 4, "unit {unit}, record {record}");
        }
    }
}

/// Core that is zero at the top: half a record adds up anyway. A life that finds it at the end of a short reel lowers what
/// a reel gets, so that the job continues.
#[test]
fn half_a_record_of_zeros_is_half_a_record() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    let mut last = None;
    for k in 1..=3 {
        setting.arbitrary(&mut machine, k);
        for address in 2500..4096 {
            machine.core.poke(address, asm704::Word::ZERO);
        }
        last = Some(setting.promised(&machine).1);
        assert_eq!(run(&mut machine, &mut mounts, PATIENCE).at, CALL + 1);
    }
    // 1 and 3 are on tape 1; 3 is cut in its zeros, as at the end of a reel
    let mut one = items(&mounts.bytes(1).unwrap());
    one.truncate(5);
    if let Some(Item::Record(record)) = one.last_mut() {
        record.frames.truncate(6 * 400);
    }
    assert!(last.is_some());
    let [_, two] = bytes(&mut mounts);
    let reels = [super::support::image(&one), two];
    let (mut machine, mut mounts) = setting.cold_start(&reels, 3, &[]).unwrap();
    assert_eq!(setting.serial(&machine), 2);
    let before = machine.core.peek(setting.at("CHKMAX")).decrement();
    setting.checkpoint(&mut machine, &mut mounts, 7);
    let after = machine.core.peek(setting.at("CHKMAX")).decrement();
    assert!(after < before, "{after} of {before}");
}

/// Both finders bad, and core smaller than the checkpoints: the finder from cards says so, and not that there are none.
#[test]
fn cards_and_a_core_that_is_too_small() {
    let setting = setting(CoreSize::K8);
    let (_, all) = checkpoints(&setting, 3);
    let reels: [Vec<u8>; 2] = all[3].clone().map(|reel| {
        let mut bad = items(&reel);
        if let Item::Record(finder) = &mut bad[0] {
            finder.frames[700] ^= 3;
        }
        super::support::image(&bad)
    });
    let finder = crate::common::assemble(&std::fs::read_to_string("../programs/finder.sap").unwrap());
    for (core, halt) in [(CoreSize::K4, 5), (CoreSize::K8, 6)] {
        let mut machine = emu704::Machine::new(emu704::Config::with_core(core));
        let mut mounts = mounted(&reels);
        crate::common::put(&mut machine, &finder);
        machine.start_at(&mut mounts, crate::common::symbol(&finder, "START"));
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!(code(&machine, &stop), Some(halt), "{stop:?}");
    }
}
