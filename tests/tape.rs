//! The times of the 727 tape units, worked by hand.
//!
//! Times are in ticks of 1/3 microsecond: a cycle is 36, a character 200, a word 1,200. A select takes two cycles, so
//! one that begins at cycle 0 starts its unit at tick 72. An instruction that waits ends on the first cycle boundary
//! at or after what it waits for; a CPY has an E cycle more.

use crate::reels::{Bench, binary, cycles};
use asm704::Word;
use asm704::media::tape::Item;
use emu704::io::tape::{TapeDoes, TapeSeen};
use emu704::{Config, CoreSize, LoadKey, StopKind, Ticks};

/// 10 ms from the select to the first character.
const START: u64 = 30_000;
/// 54 ms more at the load point.
const LOAD_POINT: u64 = 162_000;
/// The first character after a select at cycle 0 at the load point.
const FIRST: u64 = 72 + LOAD_POINT + START;
const CHARACTER: u64 = 200;
const WORD: u64 = 1_200;
/// The check character is four character spaces behind the last; then the unit is busy for 2 ms.
const CHECK: u64 = 4 * CHARACTER;
const DISCONNECT: u64 = 6_000;
/// 3/4 inch at 75 inches a second: 10 ms.
const GAP: u64 = 30_000;

fn three_words() -> Item {
    binary(&[1, 2, 3])
}

#[test]
fn the_first_word_at_the_load_point_comes_after_64_ms() {
    let mut bench =
        Bench::new(&["RTB 1", "CPY 100", "CPY 101", "CPY 102", "CPY 103"]).reel(1, &[three_words()]);
    assert_eq!(bench.step(), 2);
    // The sixth character is five behind the first: 192,072 + 1,000 = 193,072, cycle 5,363.1; ER ends at 5,364, then E.
    assert_eq!(bench.step(), 5_364 + 1);
    assert_eq!(cycles(FIRST + 5 * CHARACTER), 5_364);
    // Words are 400 us = 33 1/3 cycles apart: 194,272 is 5,396.4, 195,472 is 5,429.8.
    assert_eq!(bench.step(), 5_397 + 1);
    assert_eq!(bench.step(), 5_430 + 1);
    assert_eq!([0o100, 0o101, 0o102].map(|at| bench.core(at)), [1, 2, 3]);
    // End of record is 2 1/2 characters behind the last (UNVERIFIED), sooner than the check character: 195,972,
    // 5,443.7. No E cycle, and two are skipped.
    assert_eq!(bench.step(), 5_444);
    assert_eq!(bench.machine.cpu.ic, 4 + 3);
}

/// Reads three words to their end of record, at 5,444, then goes on at 7.
fn behind_a_record(more: &[&str]) -> Bench {
    let mut program = vec!["RTB 1", "CPY 100", "CPY 100", "CPY 100", "CPY 100", "HTR", "HTR"];
    program.extend(more);
    let mut bench = Bench::new(&program).reel(1, &[three_words(), three_words()]);
    assert_eq!(bench.steps(5), 5_444);
    bench
}

#[test]
fn iod_waits_for_the_check_character_and_the_disconnect() {
    let mut bench = behind_a_record(&["IOD"]);
    // The last character is the 18th, at 192,072 + 17 x 200 = 195,472. 800 and 6,000 behind it is 202,272, cycle
    // 5,618.7: the ER cycle that begins at 5,619 is the last.
    assert_eq!(FIRST + 17 * CHARACTER + CHECK + DISCONNECT, 202_272);
    assert_eq!(bench.step(), 5_619 + 1);
}

#[test]
fn from_the_gap_the_first_word_comes_after_10_ms() {
    // IOD ends at 5,620; ARS 255 five times are 115 cycles or 1.38 ms: the tape has stopped. RTB ends at 5,737.
    let mut bench =
        behind_a_record(&["IOD", "ARS 377", "ARS 377", "ARS 377", "ARS 377", "ARS 377", "RTB 1", "CPY 100"]);
    assert_eq!(bench.steps(7), 5_620 + 5 * 23 + 2);
    assert_eq!(bench.step(), cycles(5_737 * 36 + START + 5 * CHARACTER) + 1);
}

#[test]
fn a_tape_that_is_kept_moving_passes_the_gap_in_10_ms() {
    let mut bench = behind_a_record(&["RTB 1", "CPY 100"]);
    // The RTB waits for the disconnect, as IOD does.
    assert_eq!(bench.step(), 5_620);
    // The next record begins 30,000 behind the last character: 225,472; its sixth character at 226,472, 6,290.9.
    assert_eq!(FIRST + 17 * CHARACTER + GAP + 5 * CHARACTER, 226_472);
    assert_eq!(bench.step(), 6_291 + 1);
}

#[test]
fn thirty_cycles_between_the_copies_of_a_record_are_in_time_and_31_are_not() {
    // A word comes each 33 1/3 cycles. The ER cycle with the word and E take up to two of them behind the word, the
    // I cycle of the next CPY one, and its first ER cycle must have begun: 30 cycles are always left, 28 promised.
    // (Of the words at ticks 193,072 + 1,200 k the first ends a cycle 32 ticks early, so 31 are too many at once.)
    let read = |free: &[&str]| {
        let mut program = vec!["RTB 1"];
        for _ in 0..20 {
            program.push("CPY 1000");
            program.extend(free);
        }
        program.push("HTR");
        let halt = program.len() as u16 - 1;
        let mut bench = Bench::new(&program).reel(1, &[binary(&[7; 20])]);
        let stop = bench.run();
        (stop.kind == emu704::StopKind::Htr && stop.at == halt, bench)
    };
    // ARS takes 2 cycles and one more for each 12 places, counted from 10: 23 + 5, 23 + 7, 23 + 8.
    assert!(read(&["ARS 377", "ARS 42"]).0);
    assert!(read(&["ARS 377", "ARS 72"]).0);
    let (in_time, bench) = read(&["ARS 377", "ARS 106"]);
    assert!(!in_time);
    assert_eq!(bench.machine.io.late().expect("late").words, 1);
}

#[test]
fn a_late_program_does_not_stop_the_tape() {
    let mut bench = Bench::new(&["RTB 1", "CPY 100", "IOD"]).reel(1, &[three_words()]);
    bench.steps(2);
    // The tape runs on to the check character of the record and the gap, as if all had been copied.
    assert_eq!(bench.step(), 5_619 + 1);
}

#[test]
fn a_written_word_takes_400_us_and_its_record_ends_when_no_copy_comes() {
    let mut bench = Bench::new(&["WTB 1", "CPY 100", "CPY 101", "IOD", "HTR"]).reel(1, &[]);
    bench.put(0o100, &["010203040506", "777777777777"]);
    bench.step();
    // The ring is free at 192,072, 5,335.3: ER to 5,336, then E. Again six characters later: 193,272, 5,368.7.
    assert_eq!(bench.step(), 5_336 + 1);
    assert_eq!(bench.step(), 5_369 + 1);
    // At 194,472 there is no CPY: 800 + 6,000 later it is 201,272, 5,590.9.
    assert_eq!(FIRST + 2 * WORD + CHECK + DISCONNECT, 201_272);
    assert_eq!(bench.step(), 5_591 + 1);
    assert_eq!(bench.items(1), [binary(&[0o010203040506, 0o777777777777])]);
}

#[test]
fn a_late_copy_ends_the_record_that_is_written() {
    // 23 + 10 cycles, 1 of E before them and 1 of I behind them are more than 33 1/3.
    let mut bench = Bench::new(&["WTB 1", "CPY 100", "ARS 377", "ARS 142", "CPY 100"]).reel(1, &[]);
    let stop = bench.run();
    assert_eq!((stop.kind, stop.at), (emu704::StopKind::ReadWriteCheck, 5));
    bench.put(5, &["IOD", "HTR"]);
    bench.run_to(6);
    assert_eq!(bench.items(1), [binary(&[0o000000000000])]);
}

/// Behind the check character the record is whole, and nothing of the old recording is left behind it (rulings).
#[test]
fn power_that_fails_behind_the_check_character_leaves_a_whole_record() {
    let written = |cycle| {
        let old = binary(&[1, 2, 3, 4, 5, 6]);
        let mut bench = Bench::new(&["WTB 1", "CPY 100", "CPY 101", "IOD", "HTR"]).reel(1, &[old]);
        bench.machine.core.poke(0o100, Word::new(0o010203040506));
        bench.machine.core.poke(0o101, Word::new(0o777777777777));
        bench.power_off_at(cycle);
        bench.items(1).to_vec()
    };
    // No CPY at 194,472; the check character is 800 behind that, at 195,272, cycle 5,424.2; the release at 5,590.9.
    assert_eq!(FIRST + 2 * WORD + CHECK, 195_272);
    let whole = [binary(&[0o010203040506, 0o777777777777])];
    for cycle in [5_425, 5_500, 5_590] {
        assert_eq!(written(cycle), whole, "cycle {cycle}");
    }
    let cut = written(5_424);
    let Some(Item::Record(first)) = cut.first() else { panic!("{cut:?}") };
    assert!(first.error, "no check character");
}

#[test]
fn a_file_mark_is_behind_54_ms_of_erased_tape() {
    let mut bench = Bench::new(&["WEF 1", "IOD"]).reel(1, &[]);
    assert_eq!(bench.step(), 2);
    // 72 + 162,000 + 800 + 6,000 = 168,872, 4,690.9.
    assert_eq!(bench.step(), 4_691 + 1);
    assert_eq!(bench.items(1), [Item::Mark]);

    let mut bench = Bench::new(&["RTB 1", "CPY 100"]).reel(1, &[Item::Mark]);
    bench.step();
    // 72 + 162,000 + 30,000 at the load point, and 162,000: 354,072, 9,835.3. One is skipped.
    assert_eq!(bench.step(), 9_836);
    assert_eq!(bench.machine.cpu.ic, 1 + 2);
}

#[test]
fn a_backspace_takes_the_record_its_gap_and_20_ms() {
    let mut bench = behind_a_record(&["IOD", "BST 1", "IOD"]);
    assert_eq!(bench.step(), 5_620);
    assert_eq!(bench.step(), 5_622);
    // 5,622 x 36 + 60,000 (UNVERIFIED) + 18 x 200 + 30,000 = 295,992 = 8,222 cycles.
    assert_eq!(bench.step(), 8_222 + 1);
    assert_eq!(bench.machine.tape_unit(1).place(), 0);
}

/// A tape that has gone backward stands, however soon the next read is: here within a figure for "soon" of ten minutes.
#[test]
fn a_tape_is_not_kept_moving_over_a_backspace() {
    let mut config = Config::with_core(CoreSize::K8);
    config.figures.tape.keep_moving = Ticks::millis(600_000);
    let program = ["RTB 1", "IOD", "RTB 1", "IOD", "BST 1", "IOD", "RTB 1", "CPY 100"];
    let mut bench =
        Bench::with_config(config, &program).reel(1, &[three_words(), binary(&[0o704]), binary(&[0o705])]);
    let select = bench.steps(7);
    assert_eq!(bench.step(), cycles(select * 36 + START + 5 * CHARACTER) + 1);
    assert_eq!(bench.core(0o100), 0o704);
}

#[test]
fn a_backspace_at_the_load_point_ends_at_once() {
    let mut bench = Bench::new(&["BST 1", "IOD", "HTR"]).reel(1, &[three_words()]);
    assert_eq!(bench.run_to(2), 2 + 2 + 1);
}

/// Reads a record that lies `gap` characters of erased tape behind the load point, rewinds, and reads another unit
/// and then the first one.
fn rewound(gap: u32) -> Bench {
    let program = ["RTB 1", "CPY 100", "IOD", "REW 1", "RTB 2", "CPY 100", "IOD", "RTB 1", "HTR"];
    let mut bench = Bench::new(&program).reel(1, &[Item::Gap(gap), binary(&[1])]).reel(2, &[binary(&[2])]);
    bench.steps(3);
    bench
}

#[test]
fn a_full_reel_is_rewound_in_72_seconds() {
    // 2,400 feet at 75 inches a second are 384 s, 1,152,000,000 ticks: 162,000 before the first record, 5,759,034
    // characters erased, 6 characters and 30,000 of gap.
    assert_eq!(LOAD_POINT + 5_759_034 * CHARACTER + WORD + GAP, 1_152_000_000);
    let mut bench = rewound(5_759_034);
    let before = bench.machine.cycles();
    assert_eq!(bench.step(), before + 2, "the CPU is free at once");
    // Another unit can be used meanwhile.
    bench.steps(3);
    assert_eq!(bench.core(0o100), 2);
    // 106 feet next to the load point, 50,800,000 ticks, are rewound at 75 inches a second; the rest at 500:
    // 1,101,200,000 x 75 / 500 = 165,180,000. Together 215,980,000, 71.99 s.
    assert_eq!(bench.step(), cycles((before + 2) * 36 + 215_980_000) + 1);
}

#[test]
fn near_the_load_point_a_rewind_is_no_faster_than_reading() {
    let mut bench = rewound(0);
    let before = bench.machine.cycles();
    assert_eq!(bench.step(), before + 2);
    // 162,000 + 1,200 + 30,000 ticks, 64.4 ms; tape 2 takes longer: 192,000 + 1,000 + 6,800 ticks.
    bench.steps(3);
    let other = bench.machine.cycles();
    assert_eq!(bench.step(), other + 2);

    let mut bench = rewound(0);
    bench.put(4, &["RTB 1"]);
    assert_eq!(bench.step(), before + 2);
    assert_eq!(bench.step(), cycles((before + 2) * 36 + 193_200) + 1);
}

#[test]
fn load_tape_is_a_select_and_two_copies_and_goes_on_at_0() {
    // Words 1 and 2 are LXA 0,1 and CPY 2,1.
    let boot = binary(&[0o053400100000, 0o070000100002, 0o123456701234]);
    let mut bench = Bench::new(&[]).reel(1, &[boot]);
    bench.machine.cpu.xr = [5, 6, 7];
    bench.load(LoadKey::Tape);
    // One dummy E and one dummy ER cycle; then CPY 0 and CPY 1 as in a program, and no TRA.
    assert_eq!(bench.step(), 5_397 + 1);
    assert_eq!([bench.core(0), bench.core(1)], [0o053400100000, 0o070000100002]);
    assert_eq!(bench.machine.cpu.ic, 0);
    assert_eq!(bench.machine.cpu.mq.bits(), 0o070000100002, "MQ holds the second word");
    assert_eq!(bench.machine.cpu.xr, [5, 6, 7]);
    // LXA takes 2 cycles; the CPY has waited since 5,401 for the third word: the unit is still selected.
    assert_eq!(bench.step(), 5_400);
    assert_eq!(bench.step(), 5_430 + 1);
    assert_eq!(bench.core(2), 0o123456701234);
}

/// Runs to the end of a program in slices of so many cycles, and looks at tape 1 behind each.
fn looks(bench: &mut Bench, slice: u64) -> Vec<TapeSeen> {
    let mut looks = vec![bench.machine.tape_seen(1)];
    while bench.run_for(slice).kind == StopKind::Limit {
        looks.push(bench.machine.tape_seen(1));
        assert!(looks.len() < 100_000, "the program has an end");
    }
    looks
}

/// Writes 1,000 words from word 100, a file mark, goes back over both, reads, rewinds, and waits for that.
const THERE_AND_BACK: &[&str] = &[
    "LXA 50,1",
    "WTB 1",
    "CPY 100",
    "TIX 2,1,1",
    "WEF 1",
    "BST 1",
    "BST 1",
    "LXA 50,1",
    "RTB 1",
    "CPY 101",
    "TIX 11,1,1",
    "REW 1",
    "RTB 1",
    "HTR",
];

#[test]
fn the_tape_is_where_it_is_at_every_look() {
    use TapeDoes::{Backspaces, Reads, Rewinds, Searches, Stands, Writes, WritesMark};

    // 17 and 101 cycles: to every third character, and to some words
    for slice in [17, 101] {
        let mut bench = Bench::new(THERE_AND_BACK).reel(1, &[]);
        bench.put(0o50, &["000000001750"]);
        let looks = looks(&mut bench, slice);
        // no further than the tape goes in that time, and what the unit leaves out when it stops in a gap: 7.7 ms
        let inches_in = |speed: f64| slice as f64 * 12e-6 * speed;
        for pair in looks.windows(2) {
            let speed = if pair[0].does == TapeDoes::Rewinds { 500.0 } else { 75.0 };
            let way = (pair[1].feet() - pair[0].feet()).abs() * 12.0;
            assert!(way <= inches_in(speed) + 0.0077 * 75.0 + 0.03, "{pair:?} in {slice} cycles");
            let new = pair[1].does != pair[0].does;
            assert!(new || pair[1].words >= pair[0].words, "{pair:?}");
        }
        let expected = [Writes, WritesMark, Backspaces, Searches, Reads, Rewinds];
        // a look may miss the moments between two motions
        let mut found: Vec<TapeDoes> = looks.iter().map(|look| look.does).filter(|d| *d != Stands).collect();
        found.dedup();
        // the select behind the rewinding finds the record again
        assert_eq!(found[..expected.len()], expected, "{found:?}");
        for motion in [Writes, Reads] {
            let words = looks.iter().filter(|look| look.does == motion).map(|look| look.words).max();
            assert_eq!(words, Some(1000), "{motion:?}");
        }
        // 1,000 words are 30 inches; 4.05 to the first of them, 3/4 behind the last; a mark has 4.05 before it, 3/4 behind
        let most = looks.iter().map(|look| look.feet() * 12.0).fold(0.0, f64::max);
        assert!((most - 39.6).abs() < 0.01, "{most} inches");
        let half = looks.iter().find(|look| look.does == Writes && look.words == 500).expect("half of it");
        let inches = half.feet() * 12.0;
        assert!((4.05 + 15.0..4.05 + 15.0 + 0.03).contains(&inches), "{inches} inches with 500 words");
    }
}

/// Wherever the power fails, the tape is seen where it was a cycle before, until it moves again.
#[test]
fn a_tape_stays_where_the_power_failed() {
    let mut whole = Bench::new(THERE_AND_BACK).reel(1, &[]);
    whole.put(0o50, &["000000001750"]);
    let end = looks(&mut whole, 1000).len() as u64 * 1000;
    let mut inside = 0;
    for cycle in (500..end).step_by(1777) {
        let mut bench = Bench::new(THERE_AND_BACK).reel(1, &[]);
        bench.put(0o50, &["000000001750"]);
        bench.run_for(cycle);
        let before = bench.machine.tape_seen(1);
        bench.power_off();
        let off = bench.machine.tape_seen(1);
        assert!((off.feet() - before.feet()).abs() < 1e-9, "at {cycle}: {before:?}, then {off:?}");
        bench.machine.power_on_again(704);
        let on = bench.machine.tape_seen(1);
        assert!((on.feet() - before.feet()).abs() < 1e-9, "at {cycle}: {before:?}, on again {on:?}");
        if before.does == TapeDoes::Writes && before.words > 0 {
            inside += 1;
            assert!(on.cut && !bench.machine.tape_lights(1, true).load_point, "at {cycle}");
            // 4.05 inches to the first of the characters, 0.03 for six of them
            let inches = 4.05 + before.words as f64 * 0.03;
            assert!(
                (inches - 1e-6..inches + 0.03 + 1e-6).contains(&(on.feet() * 12.0)),
                "at {cycle}: {on:?}"
            );
        }
        bench.put(0, &["REW 1", "RTB 1", "HTR"]);
        bench.machine.set_start(0);
        bench.run_for(200_000);
        assert!(!bench.machine.tape_seen(1).cut, "it has moved");
    }
    assert!(inside > 3, "{inside} of the cuts were inside the record");
}

#[test]
fn blank_tape_is_searched_where_it_stands() {
    let mut bench = Bench::new(&["RTB 1", "CPY 100", "HTR", "HTR"]).reel(1, &[]);
    let looks = looks(&mut bench, 100);
    assert!(looks.iter().any(|look| look.does == TapeDoes::Searches));
    assert!(looks.iter().all(|look| look.distance == Ticks(0) && look.words == 0), "{looks:?}");
}

#[test]
fn a_rewind_ends_at_low_speed() {
    let mut bench = rewound(5_759_034);
    bench.put(4, &["RTB 1"]);
    bench.step();
    // 2,294 ft at 41 2/3 ft/s are 55.06 s; then 6.25 ft/s
    for (seconds, feet) in [(0.0, 2400.0), (50.0, 316.7), (10.0, 75.1), (11.9, 0.7)] {
        bench.run_for((seconds * 1e6 / 12.0) as u64);
        let seen = bench.machine.tape_seen(1);
        assert_eq!(seen.does, TapeDoes::Rewinds);
        assert!((seen.feet() - feet).abs() < 0.2, "{} ft, expected {feet}", seen.feet());
        assert!(bench.machine.tape_lights(1, true).protect, "nothing is written meanwhile");
    }
}
