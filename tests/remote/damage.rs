//! What the other machine does with half of what was sent, with damage, and with records of two senders.

use emu704::{CoreSize, Stop, StopKind};

use super::{Sender, alone, loaded, moving, receiver, records, reel_of, run};
use crate::common::{Random, in_parallel, shard, symbol};

/// Everything that a job sends that moves behind so many calls.
fn sent(rate: u16, calls: u32) -> Vec<u8> {
    let mut sender = Sender::new(&moving(rate), CoreSize::K8);
    sender.moves_behind(calls);
    sender.reel()
}

/// Loads a reel that is no whole one: the job must not run. Where it stopped.
fn refused(reel: Vec<u8>, seed: u64, what: &str) -> Stop {
    let (mut machine, mut reels) = receiver(CoreSize::K4, reel, seed);
    let stop = run(&mut machine, &mut reels, 3_000_000);
    assert_eq!(machine.io.printer.tear_off(), "", "{what}");
    let halted = stop.kind == StopKind::Htr;
    assert!(halted || stop.kind == StopKind::ReadWriteCheck, "{what}: {stop:?}");
    if halted {
        // none of the job's own: a halt of the boot block, of the loader, or of the receiver
        let code = moving(0);
        let own = symbol(&code, "REMCHK")..symbol(&code, "REMEND");
        assert!(stop.at < 64 || own.contains(&stop.at), "{what}: {stop:?}");
        let coded = (3..=7).contains(&machine.core.peek(stop.at).decrement());
        assert!(stop.at < 12 || coded, "{what}: {stop:?}");
    }
    stop
}

/// The sender's power fails behind any character, or any word, of what it sends.
#[test]
fn a_sender_that_is_cut_off_is_not_resumed() {
    let all = records(&sent(20, 10));
    let mut cuts = Vec::new();
    let mut random = Random(1704);
    for (n, record) in all.iter().enumerate() {
        let words = record.len() as u64 / 6;
        // all of the boot record, and some of each other, its front and its end
        let some = if n == 0 {
            (0..record.len() as u64).collect()
        } else {
            (0..60).map(|_| random.below(6 * words)).collect::<Vec<_>>()
        };
        cuts.extend(some.iter().map(|at| (n, *at as usize)));
        cuts.extend((0..40).map(|at| (n, at)));
        cuts.extend((record.len() - 40..record.len()).map(|at| (n, at)));
    }
    assert!(cuts.len() > 1_000, "{}", cuts.len());
    in_parallel(&shard(&cuts), |&(n, at)| {
        let mut part = all[..n].to_vec();
        if at > 0 {
            part.push(all[n][..at].to_vec());
        }
        refused(reel_of(&part), n as u64 * 7 + at as u64, &format!("record {n} cut behind {at}"));
    });
}

/// One character has the wrong parity, or two bits of it are wrong and the parity is right.
#[test]
fn a_wrong_character_is_never_resumed() {
    let all = records(&sent(20, 10));
    let mut random = Random(77);
    let mut wrong = Vec::new();
    for (n, record) in all.iter().enumerate() {
        for _ in 0..60 {
            let bit = 1 << random.below(7);
            let other = 1 << random.below(7);
            let flips = if bit == other || random.below(2) == 0 { bit } else { bit | other };
            wrong.push((n, random.below(record.len() as u64) as usize, flips));
        }
    }
    let answer = alone(&moving(20), CoreSize::K4);
    in_parallel(&shard(&wrong), |&(n, at, flips)| {
        let mut all = all.clone();
        all[n][at] ^= flips;
        let (mut machine, mut reels) = receiver(CoreSize::K4, reel_of(&all), n as u64 * 7 + at as u64);
        let stop = run(&mut machine, &mut reels, 3_000_000);
        // what is wrong may be a word of the boot that has no effect
        let paper = machine.io.printer.tear_off();
        let right = paper.is_empty() || (n == 0 && flips.count_ones() == 2 && paper == answer);
        assert!(right, "record {n}, character {at}, {flips:03o}: {paper}");
        // in the boot's own words and those of its check the machine may also not stop
        assert!(n == 0 || stop.kind == StopKind::Htr, "record {n}, character {at}, {flips:03o}: {stop:?}");
    });
    assert_eq!(loaded(CoreSize::K4, reel_of(&all), 5).1, answer, "without damage");
}

/// Records are lost, come twice, change places, or are those of another sender.
#[test]
fn records_that_do_not_follow_each_other_are_refused() {
    let (all, other) = (records(&sent(20, 10)), records(&sent(21, 10)));
    assert!(all.len() > 12);
    // the boot and the routine are the same for both jobs: what follows is a whole job
    let whole = [&all[..2], &other[2..]].concat();
    assert_eq!(loaded(CoreSize::K4, reel_of(&whole), 1).1, alone(&moving(21), CoreSize::K4));
    for n in 2..all.len() {
        let mut lost = all.clone();
        lost.remove(n);
        let mut twice = all.clone();
        twice.insert(n, all[n].clone());
        let mut mixed = all[..n].to_vec();
        mixed.extend_from_slice(&other[n..]);
        let mut swapped = all.clone();
        swapped.swap(n - 1, n);
        for (what, reel) in [("lost", lost), ("twice", twice), ("of another", mixed), ("swapped", swapped)] {
            if n == 2 && (what == "swapped" || what == "of another") {
                continue;
            }
            // behind the last one nothing is read
            if what == "twice" && n + 1 == all.len() {
                assert!(loaded(CoreSize::K4, reel_of(&reel), 1).1.starts_with("SIGNATURE"));
                continue;
            }
            refused(reel_of(&reel), n as u64, &format!("record {n} {what}"));
        }
    }
}

/// Two words of a record change places: its plain sum is the same.
#[test]
fn two_words_that_change_places_are_noticed() {
    let all = records(&sent(20, 10));
    let mut random = Random(3);
    for n in 2..all.len() {
        for _ in 0..12 {
            let words = all[n].len() as u64 / 6;
            let (one, two) = (random.below(words) as usize, random.below(words) as usize);
            let mut all = all.clone();
            let word = |record: &[u8], at: usize| record[6 * at..6 * at + 6].to_vec();
            let (first, second) = (word(&all[n], one), word(&all[n], two));
            if first == second {
                continue;
            }
            all[n][6 * one..6 * one + 6].copy_from_slice(&second);
            all[n][6 * two..6 * two + 6].copy_from_slice(&first);
            refused(reel_of(&all), n as u64, &format!("record {n}, words {one} and {two}"));
        }
    }
}
