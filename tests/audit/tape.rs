//! Deadlines and tapes. Times as in tests/io_rules.rs: the first word of a record at the load point is complete at tick
//! 193,072, its CPY ends at cycle 5,365, and the second word is complete at tick 194,272, 5,396.4 cycles.

use asm704::media::tape::{Item, Record};
use emu704::Ticks;

use super::{Bench, Case, paused, program, ran, with_config};
use crate::reels::binary;

/// A reel of a record of two words, and a program that comes back for the second after so many cycles: its CPY then begins
/// its first ER cycle at 5,366 and so many.
fn second_after(cycles: u64) -> Bench {
    ran(paused(&["RTB 1", "CPY 100", "pause", "CPY 101", "HTR"], cycles).reel(1, &[binary(&[1, 2])]))
}

/// The end of record after a record of one word, asked for after so many cycles.
fn end_after(cycles: u64) -> Bench {
    let bench = paused(&["RTB 1", "CPY 100", "pause", "CPY 101", "HTR", "HTR", "HTR"], cycles);
    ran(bench.reel(1, &[binary(&[1])]))
}

fn on_reel(cards: &[&str], items: &[Item]) -> Bench {
    ran(program(cards).reel(1, items))
}

/// Reads a record, waits, and reads the next.
fn next_record_after(cycles: u64) -> Bench {
    let items = [binary(&[1]), binary(&[2])];
    ran(paused(&["RTB 1", "CPY 100", "IOD", "pause", "RTB 1", "CPY 100", "HTR"], cycles).reel(1, &items))
}

/// Writes a word on a reel of so many ticks at 75 inches a second.
fn written_on(reel: u64) -> Bench {
    let figures = |config: &mut emu704::Config| {
        config.figures.tape.reel = Ticks(reel);
        config.figures.tape.beyond_reel = Ticks(0);
        config.figures.tape.end_of_reel_spot = Ticks(1_000);
    };
    ran(with_config(figures, &["WTB 1", "CPY 100", "IOD", "NOP", "HTR"]).reel(1, &[]))
}

fn with_error(error: bool) -> Item {
    let Item::Record(record) = binary(&[1, 2, 3]) else { unreachable!("it is a record") };
    Item::Record(Record { error, ..record })
}

/// So many characters in odd parity.
fn characters(n: usize) -> Item {
    Item::Record(Record::new(vec![1; n]))
}

/// The power fails after so many cycles of writing.
fn cut_after(cycles: u64) -> Bench {
    let mut bench = program(&["WTB 1", "CPY 100", "CPY 101", "HTR"]).reel(1, &[]);
    bench.run_for(cycles);
    bench.power_off();
    bench
}

pub(crate) const CASES: [Case; 17] = [
    // 5,394 is 2.4 cycles before the second word
    ("near-deadline", || second_after(28), || second_after(20)),
    ("end-of-record", || end_after(2), || second_after(2)),
    // the trigger comes 500 ticks behind the word, at 5,376.9 cycles; the first ER is 5,396
    ("late-end-of-record", || end_after(30), || end_after(2)),
    (
        "partial-word",
        || on_reel(&["RTB 1", "CPY 100", "CPY 101", "HTR"], &[characters(7)]),
        || on_reel(&["RTB 1", "CPY 100", "CPY 101", "HTR"], &[characters(12)]),
    ),
    // 5,397 is 20 ticks late
    ("late-copy", || second_after(31), || second_after(45)),
    (
        "disconnect",
        || on_reel(&["RTB 1", "CPY 100", "IOD", "HTR"], &[binary(&[1])]),
        || on_reel(&["RTB 1", "CPY 100", "HTR"], &[binary(&[1])]),
    ),
    (
        "erase-ahead",
        || on_reel(&["WTB 1", "CPY 100", "IOD", "HTR"], &[binary(&[1]), binary(&[2])]),
        || on_reel(&["WTB 1", "CPY 100", "IOD", "HTR"], &[binary(&[1])]),
    ),
    // a tape may move for 10 ms, 833 cycles
    ("keep-moving", || next_record_after(100), || next_record_after(1_000)),
    (
        "backspace",
        || on_reel(&["RTB 1", "CPY 100", "BST 1", "HTR"], &[binary(&[1])]),
        || on_reel(&["BST 1", "HTR"], &[binary(&[1])]),
    ),
    (
        "unchecked",
        || on_reel(&["RTB 1", "IOD", "HTR"], &[with_error(true)]),
        || on_reel(&["RTB 1", "IOD", "HTR"], &[with_error(false)]),
    ),
    (
        "wts",
        || ran(program(&["WTB 1", "076600000322", "CPY 100", "HTR"]).reel(1, &[]).reel(2, &[])),
        || ran(program(&["WTB 1", "CPY 100", "WTB 2", "CPY 100", "HTR"]).reel(1, &[]).reel(2, &[])),
    ),
    (
        "erased-gap",
        || on_reel(&["WTB 1", "IOD", "HTR"], &[]),
        || on_reel(&["WTB 1", "CPY 100", "IOD", "HTR"], &[]),
    ),
    // a word at the load point takes 162,000 and 1,200 and a gap of 30,000 ticks
    ("reel-spot", || written_on(193_300), || written_on(1_000_000)),
    (
        "rewind-low",
        || on_reel(&["RTB 1", "CPY 100", "REW 1", "RTB 1", "HTR"], &[binary(&[1])]),
        || on_reel(&["RTB 1", "CPY 100", "REW 1", "HTR"], &[binary(&[1])]),
    ),
    ("beyond-reel", || written_on(193_100), || written_on(193_300)),
    (
        "blank-tape",
        || on_reel(&["RTB 1", "CPY 100", "HTR", "HTR"], &[]),
        || on_reel(&["RTB 1", "CPY 100", "HTR", "HTR"], &[binary(&[1])]),
    ),
    // the ring is free at tick 192,072; a character is 5.6 cycles
    ("power-cut", || cut_after(5_350), || cut_after(5_000)),
];
