//! The paper of a job that was killed and resumed, cut by the rule of docs/double-output.md.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::common::{Random, assemble, machine_with, run, symbol, text};

fn reel(bytes: Vec<u8>) -> Reels {
    let mut mounts = Reels::new();
    mounts.mount_memory(1, bytes, true).unwrap();
    mounts
}

fn cold_start(bytes: Vec<u8>, seed: u64) -> (Machine, Reels) {
    let mut machine = Machine::power_on(Config::with_core(CoreSize::K4), seed);
    let mut mounts = reel(bytes);
    machine.clear(&mut mounts);
    machine.load(&mut mounts, LoadKey::Tape);
    (machine, mounts)
}

/// The rule: cut behind the last checkpoint line with the number of the restart line, and put the new paper behind it.
fn paste(old: &mut Vec<String>, new: &str) {
    let new: Vec<String> = new.lines().map(str::to_owned).collect();
    let restart = new.first().and_then(|line| line.strip_prefix("RESTART AT  "));
    let keep = match restart {
        Some(number) => {
            let cut = format!("CHECKPOINT  {number}");
            old.iter().rposition(|line| *line == cut).expect("a line to cut at") + 1
        }
        None => 0,
    };
    old.truncate(keep);
    old.extend(new);
}

/// What the job had to say.
fn result(paper: &[String]) -> Vec<&String> {
    paper.iter().filter(|line| !line.starts_with("CHECKPOINT") && !line.starts_with("RESTART")).collect()
}

#[test]
fn paper_that_is_cut_by_the_rule_is_that_of_an_undisturbed_job() {
    let job = assemble(&text("programs/squares.sap"));
    let end = symbol(&job, "STOP");
    let whole: Vec<String> = (1..=20).map(|n| format!("{n:06}      {:06}", n * n)).collect();
    let (mut double, mut fell_back) = (0, 0);
    for seed in 1..30 {
        let mut random = Random(seed * 131);
        let mut paper = Vec::new();
        let mut printed = 0;
        let mut good: Option<Vec<u8>> = None;
        loop {
            let (mut machine, mut mounts) = match &good {
                Some(bytes) => cold_start(bytes.clone(), random.next()),
                None => (machine_with(&job, CoreSize::K4), reel(Vec::new())),
            };
            // the second of two reels, so that a failure in a checkpoint leaves the one before
            let mut stop = Stop { kind: StopKind::Limit, at: 0, message: None };
            let (until, mut resumed) = (200_000 + random.below(700_000), good.is_none());
            while stop.kind == StopKind::Limit && machine.cycles() < until {
                stop = run(&mut machine, &mut mounts, 1_000);
                resumed |= machine.core.peek(end).address() == end;
            }
            assert!(resumed);
            let new = machine.io.printer.tear_off();
            printed += new.lines().count();
            paste(&mut paper, &new);
            if (stop.kind, stop.at) == (StopKind::Htr, end) {
                break;
            }
            assert_eq!(stop.kind, StopKind::Limit, "{stop:?}");
            machine.power_off(&mut mounts).unwrap();
            let bytes = mounts.bytes(1).unwrap();
            let (mut machine, mut mounts) = cold_start(bytes.clone(), random.next());
            let stop = run(&mut machine, &mut mounts, 200_000);
            if stop.kind == StopKind::Limit {
                good = Some(bytes);
            } else {
                fell_back += 1;
            }
        }
        let found: Vec<String> = result(&paper).into_iter().cloned().collect();
        assert_eq!(found, whole, "seed {seed}");
        double += usize::from(printed > paper.len());
    }
    assert!(double > 20 && fell_back > 5, "{double} runs printed lines twice, {fell_back} fell back");
}
