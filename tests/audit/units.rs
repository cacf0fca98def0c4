//! Drums, card machines, the printer, the CRT recorder, and core that is broken.

use asm704::Word;
use asm704::media::card::Card;

use super::{Bench, Case, paused, program, ran, with_words};

/// RCD, the left half of the 9 row, and the right half after so many cycles: tests/devices/reader.rs has the times.
fn right_half_after(cycles: u64) -> Bench {
    let mut bench = paused(&["RCD", "CPY 1000", "pause", "CPY 1001", "HTR"], cycles);
    bench.machine.put_cards([[Word::ZERO; 24]]);
    ran(bench)
}

fn read_card(cards: usize) -> Bench {
    let mut bench = program(&["RCD", "CPY 1000", "HTR", "HTR"]);
    bench.machine.put_cards(std::iter::repeat_n([Word::ZERO; 24], cards));
    ran(bench)
}

/// Prints a line, with an instruction between the select and the copies.
fn printed_with(between: &str, words: [Word; 24]) -> Bench {
    let mut cards = vec!["WPR".to_owned(), between.to_owned()];
    cards.extend((0..24).map(|n| format!("CPY {:o}", 0o200 + n)));
    cards.extend(["IOD".to_owned(), "HTR".to_owned()]);
    let mut bench = program(&cards.iter().map(String::as_str).collect::<Vec<_>>());
    for (at, word) in (0o200..).zip(words) {
        bench.machine.core.poke(at, word);
    }
    ran(bench)
}

fn printed(text: &str) -> Bench {
    printed_with("NOP", Card::from_text(text).unwrap().words())
}

/// The second half of a line.
fn second_half(text: &str) -> Bench {
    printed_with("076000000371", Card::from_text(text).unwrap().words())
}

/// A select of the printer and CPYs.
fn copied(select: &str, n: u64) -> Bench {
    let mut cards = vec![select.to_owned()];
    cards.extend((0..n).map(|n| format!("CPY {:o}", 0o200 + n)));
    cards.push("HTR".to_owned());
    ran(program(&cards.iter().map(String::as_str).collect::<Vec<_>>()))
}

fn with_tube(dead: bool) -> Bench {
    let mut bench = program(&["NOP", "HTR"]);
    if dead {
        bench.machine.add_fault("at 0 tube 35 1".parse().unwrap());
    }
    ran(bench)
}

pub(crate) const CASES: [Case; 18] = [
    (
        "lda-use",
        || ran(program(&["LDA 100", "HTR"])),
        || ran(with_words(&["RDR 1", "LDA 100", "CPY 200", "HTR"], &["000000000005"])),
    ),
    ("drum-places", || ran(program(&["RDR 1", "CPY 100", "HTR"])), || ran(program(&["RDR 1", "HTR"]))),
    (
        "idle-unit",
        || ran(program(&["RDR 1", "WPR", "HTR"])),
        || ran(program(&["RDR 1", "CPY 100", "WPR", "HTR"])),
    ),
    ("drum-phase", || ran(program(&["RDR 1", "CPY 100", "HTR"])), || ran(program(&["RDR 1", "HTR"]))),
    ("hazard", || right_half_after(60), || right_half_after(59)),
    ("clutch", || ran(program(&["WPR", "HTR"])), || ran(program(&["IOD", "HTR"]))),
    ("empty-hopper", || read_card(0), || read_card(1)),
    ("graphics", || printed("A=B"), || printed("A,B")),
    (
        "no-character",
        || printed_with("NOP", [Word::new(Word::MASK); 24]),
        || printed_with("NOP", [Word::ZERO; 24]),
    ),
    ("sense-exits", || ran(program(&["076000000363", "HTR"])), || ran(program(&["076000000364", "HTR"]))),
    ("spt", || ran(program(&["076000000360", "HTR", "HTR"])), || ran(program(&["076000000367", "HTR"]))),
    (
        "second-half",
        || second_half("                                                 X"),
        || second_half("                                               X"),
    ),
    ("echo-time", || copied("RPR", 46), || copied("RPR", 18)),
    ("echo-pace", || ran(program(&["RPR", "WPR", "HTR"])), || ran(program(&["WPR", "WPR", "HTR"]))),
    ("spu", || ran(program(&["076000000341", "HTR"])), || ran(program(&["076000000365", "HTR"]))),
    ("crt-bits", || ran(program(&["WTV", "CPY 100", "HTR"])), || ran(program(&["WTV", "HTR"]))),
    (
        "crt-time",
        || ran(program(&["WTV", "CPY 100", "CPY 101", "HTR"])),
        || ran(program(&["WTV", "CPY 100", "HTR"])),
    ),
    ("dead-tube", || with_tube(true), || with_tube(false)),
];
