//! Turns, the way home, and a loss of power.

use emu704::{CoreSize, StopKind};

use super::{ADDED, Guest, Shared, frames, paper_at_home, squares_from_6, squares_of};
use crate::common::Random;

/// A reel that went home is that of the same call of the job alone. Only links that the job has put away with SXD may be
/// complements of 13 bits, not 12: that of 8,192 words has one bit more, the last of a word's first character. With them the
/// sum at the end differs.
fn compare(shared: &[u8], alone: &[u8], exactly: bool) {
    let (shared, alone) = (frames(shared), frames(alone));
    assert_eq!(shared.len(), alone.len());
    let differ: Vec<usize> =
        (0..shared.len()).filter(|&at| shared[at] != alone[at]).map(|at| at / 6).collect();
    assert!(!exactly || differ.is_empty(), "these words of the record differ: {differ:?}");
    for (at, (ours, own)) in shared.iter().zip(&alone).enumerate().take(6 * 4103) {
        let differ = (ours ^ own) & 0o77;
        assert!(differ == 0 || (at % 6 == 0 && differ == 1), "character {at} is {ours:o}, not {own:o}");
    }
}

/// Both guests' answers from the monitor's paper and from the reels that went home, which are loaded on a machine of `core`.
/// Returns how many went home.
fn check_answers(shared: &mut Shared, guests: [&Guest; 2], squares: u8, core: CoreSize) -> usize {
    let mut paper = shared.paper.clone();
    let mut home = 0;
    for (at, guest) in (0..).zip(guests) {
        let Some(reel) = shared.home(at) else { continue };
        home += 1;
        paper += &paper_at_home(core, reel.clone(), guest.end());
        // the record's number, which is twice that of the call
        let call = u64::from(frames(&reel)[29] & 0o77) / 2;
        compare(&reel, &guest.reel_at_home(call), at != squares);
    }
    assert_eq!(squares_of(&paper), squares_from_6(), "squares are guest {squares}\n{paper}");
    assert_eq!(paper.matches(ADDED).count(), 1, "{paper}");
    // a turn on the shared machine is a first life; only loading a reel begins a second
    let restarts = paper.matches("RESTART AT").count();
    assert_eq!(restarts, 1 + usize::from(shared.home(squares).is_some()), "{paper}");
    for line in paper.lines() {
        let whole =
            line == ADDED || ["0", "CHECKPOINT  0", "RESTART AT  0"].iter().any(|s| line.starts_with(s));
        assert!(whole, "a mixed line: {line}");
    }
    home
}

#[test]
fn both_answers_are_right_in_every_order_of_events() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    let moments = [0, 500_000, 900_000, 1_300_000, u64::MAX];
    let mut went_home = [0; 3];
    for swapped in [false, true] {
        let guests = if swapped { [&adder, &squares] } else { [&squares, &adder] };
        let ends = [squares.end(), adder.end()];
        for a in moments {
            for b in moments {
                let mut shared = Shared::new(&[&guests[0].reel, &guests[1].reel], a ^ b ^ 3);
                let mut events = [(a, 0), (b, 1)];
                events.sort_unstable();
                for (cycle, guest) in events {
                    if cycle == u64::MAX {
                        continue;
                    }
                    while shared.machine.cycles() < cycle {
                        let stop = shared.until(cycle);
                        if stop.kind == StopKind::Limit {
                            break;
                        }
                        if stop.at >= 4096 {
                            assert_eq!(shared.halt(&stop), 1);
                            break;
                        }
                        assert!(ends.contains(&stop.at), "{stop:?}");
                        shared.ended();
                    }
                    shared.send_home(guest);
                }
                shared.finish(&ends);
                let core = if (a ^ b) % 3 == 0 { CoreSize::K32 } else { CoreSize::K4 };
                went_home[check_answers(&mut shared, guests, u8::from(swapped), core)] += 1;
            }
        }
    }
    assert!(went_home.iter().all(|&n| n > 1), "{went_home:?}");
}

#[test]
fn a_reel_that_went_home_resumes_on_4k_and_on_32k() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    let mut shared = Shared::new(&[&squares.reel, &adder.reel], 8);
    shared.send_home(0);
    shared.send_home(1);
    shared.finish(&[]);
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        let paper = paper_at_home(core, shared.home(0).unwrap(), squares.end());
        assert!(paper.starts_with("RESTART AT  000002\n"), "{paper}");
        assert_eq!(squares_of(&paper), squares_from_6()[5..]);
        let paper = paper_at_home(core, shared.home(1).unwrap(), adder.end());
        assert_eq!(paper, format!("{ADDED}\n"));
    }
}

#[test]
fn after_a_loss_of_power_the_guests_start_again_from_their_reels() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    let ends = [squares.end(), adder.end()];
    let mut random = Random(41);
    let (mut lost, mut home) = (0, 0);
    for seed in 0..24 {
        let mut shared = Shared::new(&[&squares.reel, &adder.reel], seed);
        if seed % 2 == 1 {
            shared.send_home(0);
        }
        // the adder, whose end is a halt, is lost before it in most of these
        let stop = shared.until(random.below(1_300_000));
        lost += usize::from(stop.kind == StopKind::Limit);
        shared.machine.power_off(&mut shared.mounts).unwrap();
        let reels = [3, 4].map(|unit| shared.mounts.bytes(unit).unwrap());
        assert!(reels == [squares.reel.clone(), adder.reel.clone()], "the reels are as they were");
        let mut again = Shared::new(&[&reels[0], &reels[1]], seed + 100);
        again.finish(&ends);
        assert_eq!(check_answers(&mut again, [&squares, &adder], 0, CoreSize::K4), 0);
        // who had gone home may go on from there instead
        if shared.home(0).is_some_and(|reel| super::has_call(&reel, 2)) {
            home += 1;
            let paper = paper_at_home(CoreSize::K4, shared.home(0).unwrap(), squares.end());
            assert_eq!(squares_of(&paper), squares_from_6()[5..]);
        }
    }
    assert!(lost > 12 && home > 2, "{lost} lost, {home} of them with a guest at home");
}

#[test]
fn three_guests_share_a_machine_of_8k() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    let ends = [squares.end(), adder.end()];
    for home in 0..4 {
        let mut shared = Shared::new(&[&adder.reel, &squares.reel, &adder.reel], 6);
        if home < 3 {
            shared.send_home(home);
        }
        shared.finish(&ends);
        let mut paper = shared.paper.clone();
        for guest in 0..3 {
            if let Some(reel) = shared.home(guest) {
                assert_eq!(usize::from(guest), home);
                paper += &paper_at_home(CoreSize::K4, reel, ends[usize::from(guest != 1)]);
            }
        }
        assert_eq!(squares_of(&paper), squares_from_6());
        assert_eq!(paper.matches(ADDED).count(), 2, "{paper}");
    }
}

#[test]
fn a_guest_in_trapping_mode_keeps_it_and_its_first_words() {
    let (trapped, adder) = (Guest::new(include_str!("trapped.sap")), Guest::adder());
    for swapped in [false, true] {
        for home in [None, Some(0), Some(1)] {
            let reels = if swapped { [&adder, &trapped] } else { [&trapped, &adder] };
            let mut shared = Shared::new(&reels.map(|guest| &guest.reel[..]), 12);
            if let Some(guest) = home {
                shared.until(400_000);
                shared.send_home(guest);
            }
            // a halt at BAD is none of these ends
            shared.finish(&[trapped.end(), adder.end()]);
            let mut added = shared.paper.matches(ADDED).count();
            for guest in 0..2 {
                let Some(reel) = shared.home(guest) else { continue };
                assert_eq!(Some(usize::from(guest)), home);
                let job = reels[usize::from(guest)];
                added += paper_at_home(CoreSize::K4, reel, job.end()).matches(ADDED).count();
            }
            assert_eq!(added, 1);
        }
    }
}

#[test]
fn start_at_the_last_halt_loads_the_reels_again() {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    let mut shared = Shared::new(&[&squares.reel, &adder.reel], 12);
    for _ in 0..2 {
        shared.paper.clear();
        shared.finish(&[squares.end(), adder.end()]);
        assert_eq!(check_answers(&mut shared, [&squares, &adder], 0, CoreSize::K4), 0);
        shared.machine.start(&mut shared.mounts);
    }
}

#[test]
fn the_indicators_of_a_guest_that_has_ended_are_not_the_next_one_s() {
    // this one has lights 1 and 4 on, not 2 and 3, and ends after 5 rounds with them, before the other
    let lights = ["SLN 2/SLN 1", "SLN 3/SLN 4", "SLT 1/SLT Q", "SLT 2/SLT 1", "SLT Q/SLT 2", "SLT 3/SLT R"];
    let mut source = super::ADDER.replace("K12    PZE 12", "K12    PZE 5");
    for change in lights.iter().chain(&["SLT 4/SLT 3", "SLT R/SLT 4"]) {
        let (from, to) = change.split_once('/').unwrap();
        assert!(source.contains(from), "{from}");
        source = source.replace(from, to);
    }
    let (short, adder) = (Guest::new(&source), Guest::adder());
    for swapped in [false, true] {
        let reels = if swapped { [&adder.reel[..], &short.reel] } else { [&short.reel[..], &adder.reel] };
        let mut shared = Shared::new(&reels, 21);
        let stop = shared.until(super::LIMIT);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, short.end()));
        shared.ended();
        shared.finish(&[adder.end()]);
        assert!(shared.paper.contains(ADDED));
    }
}
