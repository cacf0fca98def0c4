//! Reels that another job has used, and two jobs with one reel exchanged: the other job is never resumed unasked.

use emu704::{CoreSize, Machine, StopKind};

use super::support::{
    CALL, PATIENCE, Reels, Setting, blank_reels, bytes, checkpoints, code, mounted, setting,
};
use crate::common::{in_parallel, run};

/// What loading gives: the serial number resumed, or the code of the halt.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Resumed(u64),
    Halt(u16),
    Other,
}

fn loaded(setting: &Setting, reels: &Reels, swapped: bool, seed: u64) -> (Found, Machine) {
    let mut reels = reels.clone();
    if swapped {
        reels.swap(0, 1);
    }
    let (machine, _, stop) = setting.load(&reels, seed, &[]);
    let found = if setting.resumed(&machine, &stop) {
        Found::Resumed(setting.serial(&machine))
    } else {
        code(&machine, &stop).map_or(Found::Other, Found::Halt)
    };
    (found, machine)
}

/// A new job on the reels of an old one with six checkpoints, its power lost at many moments. The old job's numbers are 1
/// to 6, the new one's 7 and on. Until something of the new job is on a reel, the old job is resumed. Between, and until the
/// first checkpoint is complete, loading stops coded; from the end of the preparation on, the old job is never resumed.
#[test]
fn a_new_job_makes_void_what_an_old_one_has_left() {
    let setting = setting(CoreSize::K4);
    let (_, all) = checkpoints(&setting, 6);
    let old = &all[6];
    let begin = || {
        let mut machine = setting.machine();
        let mounts = mounted(old);
        let state = setting.arbitrary(&mut machine, 100);
        (machine, mounts, state)
    };
    // the moments at which a finder is complete on tape 1 and on tape 2
    let (mut machine, mut mounts, _) = begin();
    let start = machine.cycles();
    let mut prepared = [0; 2];
    while prepared[1] == 0 {
        let until = machine.cycles() + 500;
        machine.run(&mut mounts, until);
        for unit in 1..=2 {
            let written = mounts.take_written(unit);
            if written.is_some_and(|(written, _)| written.words > 0) && prepared[usize::from(unit) - 1] == 0 {
                prepared[usize::from(unit) - 1] = machine.cycles() - start;
            }
        }
    }
    run(&mut machine, &mut mounts, PATIENCE);
    let end = machine.cycles() - start;
    assert_eq!(setting.serial(&machine), 7);
    let tries: Vec<u64> = (0..120).map(|n| n * end / 119).collect();
    in_parallel(&tries, |&at| {
        let (mut machine, mut mounts, _) = begin();
        let until = machine.cycles() + at;
        machine.run(&mut mounts, until);
        machine.power_off(&mut mounts).unwrap();
        let reels = bytes(&mut mounts);
        for swapped in [false, true] {
            let (found, _) = loaded(&setting, &reels, swapped, at + u64::from(swapped));
            let old_job = matches!(found, Found::Resumed(1..=6));
            if at < prepared[0] {
                continue;
            }
            assert!(!old_job, "at {at} of {prepared:?}, {end}: {found:?}, {swapped}");
            let new_first = !swapped;
            let right = match found {
                Found::Resumed(7) | Found::Halt(8) => at + 1000 > prepared[1] || new_first,
                Found::Halt(6) => at < prepared[1] + 500,
                // the finder of tape 2 is half written, or its mark
                _ => at < prepared[1] + 500 && !new_first,
            };
            assert!(right, "at {at} of {prepared:?}, {end}: {found:?}, {swapped}");
        }
    });
    // one reel prepared, the other not: coded, whichever is on unit 1, and the numbers of both jobs are shown
    let (mut machine, mut mounts, _) = begin();
    let until = machine.cycles() + u64::midpoint(prepared[0], prepared[1]);
    machine.run(&mut mounts, until);
    let half = [mounts.bytes(1).unwrap(), old[1].clone()];
    for swapped in [false, true] {
        let (found, machine) = loaded(&setting, &half, swapped, 3);
        assert_eq!(found, Found::Halt(6));
        let (ac, mq) = (machine.cpu.ac.bits() & ((1 << 35) - 1), machine.cpu.mq.magnitude());
        assert_ne!(ac, mq);
        // START: the new job has none yet; the old one has 2, 4 and 6 on tape 2, of which 6 is left
        let mut machine = machine;
        let mut reels = half.clone();
        if swapped {
            reels.swap(0, 1);
        }
        let (again, mut mounts, _) = setting.load(&reels, 3, &[]);
        assert_eq!(again.cpu, machine.cpu);
        machine = again;
        machine.start(&mut mounts);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        if swapped {
            assert!(setting.resumed(&machine, &stop) && setting.serial(&machine) == 6, "{stop:?}");
        } else {
            assert_eq!(code(&machine, &stop), Some(8));
        }
    }
}

/// Two jobs, begun on blank reels; one reel of each. Neither is resumed unasked; on START the one of unit 1 is.
#[test]
fn two_jobs_with_a_reel_exchanged() {
    let setting = setting(CoreSize::K4);
    let jobs: Vec<Reels> = (0..2u64)
        .map(|job| {
            let mut machine = setting.machine();
            let mut mounts = blank_reels();
            for k in 1..=3 {
                setting.checkpoint(&mut machine, &mut mounts, 50 * job + k);
            }
            bytes(&mut mounts)
        })
        .collect();
    for (first, second) in [(0, 1), (1, 0)] {
        let mixed = [jobs[first][0].clone(), jobs[second][1].clone()];
        for swapped in [false, true] {
            let (found, _) = loaded(&setting, &mixed, swapped, 5);
            assert_eq!(found, Found::Halt(6));
        }
        // START continues with the job of the finder that was loaded, and its newest on this reel is 3
        let (mut machine, mut mounts, _) = setting.load(&mixed, 6, &[]);
        machine.start(&mut mounts);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!((stop.kind, stop.at, setting.serial(&machine)), (StopKind::Htr, CALL + 1, 3));
    }
}

/// The same deck on the same reels again: its first number is above all that are on them, and the first run is void.
#[test]
fn a_second_run_of_one_deck() {
    let setting = setting(CoreSize::K4);
    let mut reels = bytes(&mut blank_reels());
    let mut next = 1;
    for run in 0..4 {
        let mut machine = setting.machine();
        // a number of the job that is always the same
        machine.core.poke(setting.at("CHKJOB"), asm704::Word::new(1955));
        let mut mounts = mounted(&reels);
        for k in 0..=run {
            let state = setting.checkpoint(&mut machine, &mut mounts, 10 * run + k + 1);
            assert_eq!(setting.serial(&machine), next);
            setting.assert_resumes(&bytes(&mut mounts), next, &[], next, &state);
            // and there is none before the first of this run
            if k == 0 && run > 0 {
                let (machine, _, stop) = setting.load(&bytes(&mut mounts), 2, &[6]);
                assert_eq!(code(&machine, &stop), Some(7));
            }
            next += 1;
        }
        reels = bytes(&mut mounts);
    }
}

/// A reel of another program is made one of the job; so are reels that begin with bad records.
#[test]
fn foreign_reels_are_prepared() {
    use asm704::media::tape::{Item, Record};
    let setting = setting(CoreSize::K4);
    let data = |n: usize| Item::Record(Record::new(vec![0o001; n]));
    let foreign = super::support::image(&(0..400).map(|n| data(600 + n)).collect::<Vec<_>>());
    let marks = super::support::image(&[Item::Mark, data(60), Item::Mark, Item::Mark, data(84)]);
    let mut machine = setting.machine();
    let mut mounts = mounted(&[foreign, marks]);
    for k in 1..=5 {
        let state = setting.checkpoint(&mut machine, &mut mounts, k);
        setting.assert_resumes(&bytes(&mut mounts), k, &[], k, &state);
    }
}

/// Between two calls of one life somebody takes a reel off: a blank one comes in its place, one of another job, or the same
/// one rewound. The next record on that unit does not go where the tape happens to stand: the reels are looked at again, and
/// each reel has its finder first, so the newest resumes from either order, and from its own reel alone.
#[test]
fn a_reel_exchanged_between_two_calls() {
    let setting = setting(CoreSize::K4);
    let (_, other) = checkpoints(&setting, 5);
    let mut cases = Vec::new();
    for before in 1..=5u64 {
        for unit in 1..=2u8 {
            for reel in [None, Some(Vec::new()), Some(other[5][0].clone()), Some(other[5][1].clone())] {
                cases.push((before, unit, reel));
            }
        }
    }
    in_parallel(&cases, |(before, unit, reel)| {
        let (before, unit) = (*before, *unit);
        let foreign = reel.as_ref().is_some_and(|reel| !reel.is_empty());
        let mut machine = setting.machine();
        // so that it is not the other job's number
        machine.core.poke(setting.at("CHKJOB"), asm704::Word::new(0o7777));
        let mut mounts = blank_reels();
        for k in 1..=before {
            setting.arbitrary(&mut machine, 1000 + k);
            machine.cpu.tape_check = false;
            run(&mut machine, &mut mounts, PATIENCE);
        }
        // none is the same one
        let reel = reel.clone().unwrap_or_else(|| mounts.bytes(unit).unwrap());
        mounts.mount_memory(unit, reel, true).unwrap();
        machine.mount_at_load_point(unit);
        for k in 1..=3 {
            let state = setting.checkpoint(&mut machine, &mut mounts, 20 + k);
            let serial = setting.serial(&machine);
            assert!(serial >= before + k, "{serial}");
            let reels = bytes(&mut mounts);
            let what = format!("{before} checkpoints, tape {unit}, call {k}, serial {serial}");
            if k > 1 {
                for swapped in [false, true] {
                    let (found, second) = loaded(&setting, &reels, swapped, 3 + k);
                    assert_eq!(found, Found::Resumed(serial), "{what}, swapped {swapped}");
                    assert!(setting.promised(&second) == state, "{what}");
                }
            } else if foreign && usize::from(unit) % 2 == before as usize % 2 {
                // it has come in place of the newest, and the call went to the other: the operator is asked
                for swapped in [false, true] {
                    assert_eq!(loaded(&setting, &reels, swapped, 5).0, Found::Halt(6), "{what}");
                }
            } else {
                setting.assert_resumes(&reels, 5, &[], serial, &state);
            }
        }
    });
}

/// With the highest number on the reels, a new job has none left. It stops before it writes, and the old one still resumes.
#[test]
fn a_new_job_without_a_number_leaves_the_old_one_alone() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    setting.checkpoint(&mut machine, &mut mounts, 1);
    machine.core.poke(setting.at("S$HIGH"), asm704::Word::new(32_766));
    let state = setting.checkpoint(&mut machine, &mut mounts, 2);
    let reels = bytes(&mut mounts);
    let mut second = setting.machine();
    let mut mounts = mounted(&reels);
    setting.arbitrary(&mut second, 3);
    let stop = run(&mut second, &mut mounts, PATIENCE);
    assert_eq!(code(&second, &stop), Some(4));
    assert_eq!(bytes(&mut mounts), reels);
    setting.assert_resumes(&reels, 1, &[], 32_767, &state);
}

/// As above, in a second life, whose first call has looked at the reels and rewound them; the next goes on the other reel, which
/// somebody has exchanged, also for an older one of the same job.
#[test]
fn a_reel_exchanged_in_a_second_life() {
    let setting = setting(CoreSize::K4);
    let (_, other) = checkpoints(&setting, 5);
    let mut machine = setting.machine();
    machine.core.poke(setting.at("CHKJOB"), asm704::Word::new(0o7777));
    let mut mounts = blank_reels();
    for k in 1..=2 {
        setting.checkpoint(&mut machine, &mut mounts, 40 + k);
    }
    let old = bytes(&mut mounts);
    // a new reel 2 is prepared later, so the old one is of the same job and not the same reel
    mounts.mount_memory(2, Vec::new(), true).unwrap();
    machine.mount_at_load_point(2);
    for k in 3..=7 {
        setting.checkpoint(&mut machine, &mut mounts, 40 + k);
    }
    let reels = bytes(&mut mounts);
    for unit in 1..=2u8 {
        for reel in [Vec::new(), other[5][0].clone(), other[4][1].clone(), old[usize::from(unit) - 1].clone()]
        {
            let (mut machine, mut mounts) = setting.cold_start(&reels, 3, &[]).unwrap();
            setting.checkpoint(&mut machine, &mut mounts, 60);
            mounts.mount_memory(unit, reel.clone(), true).unwrap();
            machine.mount_at_load_point(unit);
            for k in 1..=3 {
                let state = setting.checkpoint(&mut machine, &mut mounts, 60 + k);
                if k > 1 {
                    let serial = setting.serial(&machine);
                    for swapped in [false, true] {
                        let (found, second) = loaded(&setting, &bytes(&mut mounts), swapped, 3);
                        assert_eq!(found, Found::Resumed(serial), "unit {unit}, call {k}, swapped {swapped}");
                        assert!(setting.promised(&second) == state);
                    }
                }
            }
        }
    }
}
