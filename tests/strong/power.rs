//! Power lost at any moment of a call: the newest complete checkpoint is resumed.

use emu704::{CoreSize, Machine};

use super::support::{PATIENCE, Reels, Setting, State, blank_reels, bytes, exhaustive, mounted, setting};
use crate::common::{Random, in_parallel, run, shard};

/// A machine that is about to make its checkpoint `n`, with the reels as they are, and what the checkpoints are.
struct Before {
    machine: Machine,
    reels: Reels,
    states: Vec<State>,
    cycles: u64,
}

/// Up to the call of checkpoint `n`, and how long that takes.
fn before(setting: &Setting, n: u64) -> Before {
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    let mut states: Vec<_> = (1..n).map(|k| setting.checkpoint(&mut machine, &mut mounts, k)).collect();
    states.push(setting.arbitrary(&mut machine, n));
    let reels = bytes(&mut mounts);
    let mut other = machine.clone();
    run(&mut other, &mut mounts, PATIENCE);
    assert_eq!(setting.serial(&other), n);
    let cycles = other.cycles() - machine.cycles();
    Before { machine, reels, states, cycles }
}

/// What is on the reels when the power fails. A machine that has come behind its call is whole.
fn cut(setting: &Setting, before: &Before, at: u64) -> Reels {
    let mut machine = before.machine.clone();
    // the reels go on where they stand
    let mut mounts = mounted(&before.reels);
    let until = machine.cycles() + at;
    machine.run(&mut mounts, until);
    machine.power_off(&mut mounts).unwrap();
    let _ = setting;
    bytes(&mut mounts)
}

/// On blank reels, with both prepared first; behind another; on a reel that was full, over old ones. A reel changes only
/// when a character passes the head, each five and a half cycles.
#[test]
fn power_lost_at_any_moment_of_a_call() {
    for (core, some) in [(CoreSize::K4, 40), (CoreSize::K8, 4)] {
        let setting = setting(core);
        let mut tried = 0;
        for n in [1, 2, 3, 5, 6u64] {
            let before = before(&setting, n);
            let mut random = Random(31 + n);
            let tries: Vec<u64> = if exhaustive() && core == CoreSize::K4 {
                shard(&(0..before.cycles / 5).map(|k| 5 * k).collect::<Vec<_>>())
            } else {
                (0..some).map(|_| random.below(before.cycles)).collect()
            };
            tried += tries.len();
            in_parallel(&tries, |&at| {
                let reels = cut(&setting, &before, at);
                let Some((machine, _)) = setting.cold_start(&reels, at, &[]) else {
                    assert_eq!(n, 1, "at {at} of checkpoint {n}: nothing resumes");
                    return;
                };
                let serial = setting.serial(&machine);
                assert!(serial == n || serial + 1 == n, "at {at} of {n}: {serial}");
                assert!(setting.promised(&machine) == before.states[serial as usize - 1], "at {at} of {n}");
            });
        }
        println!("{core}: {tried} moments");
    }
}

/// The life that follows such a failure makes its checkpoints, and each is the newest.
#[test]
fn checkpoints_go_on_behind_a_failure() {
    let setting = setting(CoreSize::K4);
    for n in [2, 3, 5] {
        let before = before(&setting, n);
        let tries: Vec<u64> = (1..6).map(|k| k * before.cycles / 7).collect();
        in_parallel(&tries, |&at| {
            let (mut machine, mut mounts) = setting.cold_start(&cut(&setting, &before, at), at, &[]).unwrap();
            let mut last = setting.serial(&machine);
            for k in 0..4 {
                let state = setting.checkpoint(&mut machine, &mut mounts, 200 + k);
                let serial = setting.serial(&machine);
                assert!(serial > last);
                last = serial;
                setting.assert_resumes(&bytes(&mut mounts), k, &[], serial, &state);
            }
        });
    }
}
