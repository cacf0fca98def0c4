//! Random programs while something breaks: by the fast loop, by the plain interpreter, and step by step.

use emu704::fault::TimedFault;
use emu704::reels::Reels;
use emu704::{Machine, Stop, StopKind};

use super::pair::{Pair, pick};
use super::random::{machine, mounts, seeds};
use crate::common::Random;

/// Words of a fault that comes before the limit.
fn words(random: &mut Random, limit: u64) -> String {
    let at = random.below(limit);
    let bit = 1 + random.below(35);
    let what = match random.below(12) {
        0 | 1 => format!("noise {} {at}", pick(random, &[20, 300, 3_000])),
        2 | 3 => format!("tube {bit} {}", random.below(2)),
        4 => "repair".to_owned(),
        5 => "not-ready 1".to_owned(),
        6..=8 => "power off".to_owned(),
        _ => format!("flip {:o} {bit}", pick(random, &[random.0 & 0o177, random.0 >> 20 & 0o7777])),
    };
    format!("at {at} {what}")
}

/// So many steps as one run to the limit.
fn step_to(machine: &mut Machine, mounts: &mut Reels, limit: u64) -> Stop {
    while machine.cycles() < limit {
        if let Err(stop) = machine.step(mounts, limit) {
            return stop;
        }
    }
    // the units come up to the present time, as at the end of a run
    machine.run(mounts, limit)
}

/// How it ended.
fn one(seed: u64) -> StopKind {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 39);
    let random = &mut random;
    let (mut machine, what) = machine(random);
    let limit = pick(random, &[300, 3_000, 20_000]);
    let mut what = format!("seed {seed}, {what}");
    for _ in 0..=random.below(4) {
        let fault: TimedFault = words(random, limit).parse().unwrap();
        what = format!("{what}, {fault}");
        machine.add_fault(fault);
    }
    let (mut stepped, mut reels) = (machine.clone(), mounts());
    let mut pair = Pair::new(machine, mounts);
    let mut stops = 0;
    loop {
        let most = pick(random, &[30, 2_000]);
        let piece = pair.fast.cycles() + random.below(most);
        let until = pick(random, &[piece, piece, pair.fast.next_fault()]).min(limit);
        let stop = pair.run(until, &what);
        let by_step = step_to(&mut stepped, &mut reels, until);
        assert_eq!(stop, by_step, "{what}, step by step to {until}");
        assert!(stepped == pair.fast, "{what}, step by step to {until}");
        let done = pair.fast.take_faults_done();
        assert_eq!(done, pair.plain.take_faults_done(), "{what}");
        assert_eq!(done, stepped.take_faults_done(), "{what}, step by step");
        match stop.kind {
            StopKind::Limit if until < limit => continue,
            StopKind::PowerOff => assert!(!pair.fast.has_power(), "{what}"),
            StopKind::Limit | StopKind::Waiting | StopKind::ReaderEmpty | StopKind::Medium => {}
            _ if stops < 20 => {
                stops += 1;
                pair.start();
                stepped.start(&mut reels);
                continue;
            }
            _ => {}
        }
        assert!(pair.reel(1) == reels.bytes(1).unwrap(), "{what}, step by step: the reel");
        return stop.kind;
    }
}

#[test]
fn random_programs_with_faults() {
    let ends: Vec<StopKind> = seeds(1_300).map(one).collect();
    let off = ends.iter().filter(|kind| **kind == StopKind::PowerOff).count();
    assert!(off > 100, "{off} of {} runs lost their power", ends.len());
}
