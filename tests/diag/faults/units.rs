//! Broken units.

use asm704::Word;
use asm704::isa::Op;
use emu704::io::options::{Exit, SenseEntry};
use emu704::{Machine, Ticks};

use super::super::bench::{
    Before,
    Fault::{After, Config, Decode, Media},
};
use super::super::programs::reel_of_redund;
use super::{Row, becomes};

/// A select of a unit becomes one of another address.
fn other_address(before: &Before, op: Op, from: u16, to: u16) -> Option<Word> {
    (before.op == op && before.y & 0o377 == from).then(|| before.word.with_address(to))
}

/// A CPY or CAD that copied nothing ended in a skip of so many; make it another.
fn skip_instead(before: &Before, machine: &mut Machine, from: u16, to: u16) {
    if matches!(before.op, Op::Cpy | Op::Cad) && machine.cpu.ic == before.location + 1 + from {
        machine.cpu.ic = before.location + 1 + to;
    }
}

/// A word that was copied to storage is spoilt.
fn spoil(before: &Before, machine: &mut Machine, change: fn(Word) -> Word) {
    if before.op == Op::Cpy && machine.cpu.ic == before.location + 1 {
        let word = machine.core.peek(before.y);
        machine.core.poke(before.y, change(word));
    }
}

fn rtt_inverted(before: &Before, machine: &mut Machine) {
    if before.op == Op::Rtt {
        machine.cpu.ic = if before.cpu.tape_check { before.location + 2 } else { before.location + 1 };
    }
}

pub(crate) const UNITS: &[Row] = &[
    ("tape", "end of record skips one", After(|b, m| skip_instead(b, m, 2, 1))),
    ("tape", "end of file skips two", After(|b, m| skip_instead(b, m, 1, 2))),
    ("tape", "RTT skips when on", After(rtt_inverted)),
    (
        "tape",
        "RTT leaves the indicator on",
        After(|b, m| m.cpu.tape_check |= b.op == Op::Rtt && b.cpu.tape_check),
    ),
    ("tape", "parity is not checked", After(|b, m| m.cpu.tape_check &= b.op != Op::Cpy)),
    ("tape", "WTB writes in BCD", Decode(|b| other_address(b, Op::Wrs, 0o221, 0o201))),
    ("tape", "RTB reads in BCD", Decode(|b| other_address(b, Op::Rds, 0o221, 0o201))),
    ("tape", "WTD writes in binary", Decode(|b| other_address(b, Op::Wrs, 0o201, 0o221))),
    ("tape", "BST does nothing", Decode(|b| becomes(b, Op::Bst, Op::Nop))),
    ("tape", "BST rewinds", Decode(|b| becomes(b, Op::Bst, Op::Rew))),
    ("tape", "REW does nothing", Decode(|b| becomes(b, Op::Rew, Op::Nop))),
    ("tape", "REW spaces one record back", Decode(|b| becomes(b, Op::Rew, Op::Bst))),
    ("tape", "WEF does nothing", Decode(|b| becomes(b, Op::Wef, Op::Nop))),
    ("tape", "CAD does not add", Decode(|b| becomes(b, Op::Cad, Op::Cpy))),
    (
        "tape",
        "CAD adds with an end of record",
        After(|b, m| {
            if b.op == Op::Cad && m.cpu.ic == b.location + 3 {
                m.cpu.ac.magnitude += 1;
            }
        }),
    ),
    (
        "tape",
        "IOD does not wait",
        Decode(|b| (b.op == Op::Wrs && b.y & 0o377 == 0o333).then(|| Op::Nop.row().word)),
    ),
    (
        "tape",
        "a track of the head is dead",
        After(|b, m| spoil(b, m, |word| Word::new(word.bits() & 0o767676767676))),
    ),
    (
        "tape",
        "the ring is out",
        Media(|_, mounts| mounts.mount_memory(1, Vec::new(), false).expect("a blank reel")),
    ),
    ("tape", "MQ is not the ring of the tape", Decode(|b| becomes(b, Op::Ldq, Op::Nop))),
    ("redund", "RTT skips when on", After(rtt_inverted)),
    (
        "redund",
        "the check character comes with the end of record",
        Config(|c| {
            c.figures.tape.check_character = c.figures.tape.end_of_record;
        }),
    ),
    (
        "redund",
        "the longitudinal check is not made",
        Media(|_, mounts| {
            mounts.mount_memory(2, reel_of_redund(false, true), false).expect("a reel");
        }),
    ),
    (
        "redund",
        "parity is not checked",
        Media(|_, mounts| {
            mounts.mount_memory(2, reel_of_redund(true, false), false).expect("a reel");
        }),
    ),
    ("redund", "tape check is on for every record", After(|b, m| m.cpu.tape_check |= b.op == Op::Cpy)),
    (
        "reelend",
        "the reflective spot is not seen",
        Config(|c| {
            let tape = &mut c.figures.tape;
            tape.reel += std::mem::replace(&mut tape.beyond_reel, Ticks(0));
            tape.end_of_reel_spot = Ticks(0);
        }),
    ),
    (
        "reelend",
        "the spot is at the load point",
        Config(|c| c.figures.tape.end_of_reel_spot = c.figures.tape.reel),
    ),
    (
        "reelend",
        "ETT leaves the indicator on",
        After(|b, m| m.cpu.end_of_tape |= b.op == Op::Ett && b.cpu.end_of_tape),
    ),
    ("reelend", "ETT acts as RTT", Decode(|b| becomes(b, Op::Ett, Op::Rtt))),
    (
        "inout",
        "CPY with nothing selected does nothing",
        Decode(|b| (b.op == Op::Cpy && !b.selected).then(|| Op::Nop.row().word)),
    ),
    ("inout", "tape gives a word in 300 microseconds", Config(|c| c.figures.tape.character = Ticks(150))),
    ("inout", "tape waits for a late program", Config(|c| c.figures.tape.character = Ticks(400))),
    ("inout", "lateness turns tape check on", After(|b, m| m.cpu.tape_check |= b.op == Op::Ars)),
    ("inout", "end of record skips one", After(|b, m| skip_instead(b, m, 2, 1))),
    ("inout", "end of file skips none", After(|b, m| skip_instead(b, m, 1, 0))),
    ("inout", "REW in the middle of a record does nothing", Decode(|b| becomes(b, Op::Rew, Op::Nop))),
    ("drum", "LDA does nothing", Decode(|b| becomes(b, Op::Lda, Op::Nop))),
    ("drum", "LDA is one off for reading", After(reads_one_off)),
    (
        "drum",
        "drum 2 is drum 1",
        Decode(|b| {
            other_address(b, Op::Rds, 0o302, 0o301).or_else(|| other_address(b, Op::Wrs, 0o302, 0o301))
        }),
    ),
    ("drum", "a word comes in 60 microseconds", Config(|c| c.figures.drum.word = Ticks(180))),
    ("drum", "a word comes in 4 milliseconds", Config(|c| c.figures.drum.word = Ticks(12_000))),
    ("drum", "a drum that had no CPY never disconnects", Config(|c| c.devices.idle_units_let_go = false)),
    ("drum", "CAD does not add", Decode(|b| becomes(b, Op::Cad, Op::Cpy))),
    ("drum", "a head reads ones", After(|b, m| spoil(b, m, |word| Word::new(word.bits() | 1)))),
    (
        "drum",
        "MQ does not hold the word copied",
        After(|b, m| {
            if b.op == Op::Txi && m.cpu.xr[0] == 13 {
                m.cpu.mq = Word::ZERO;
            }
        }),
    ),
    (
        "reader",
        "left and right halves are interchanged",
        Media(|m, _| {
            let card = super::super::programs::card_of_reader();
            let wrong = std::array::from_fn(|n| card[n ^ 1]);
            m.put_cards([wrong, card, card]);
        }),
    ),
    (
        "reader",
        "the 12 row is not read",
        Media(|m, _| {
            let mut card = super::super::programs::card_of_reader();
            card[22] = Word::ZERO;
            m.put_cards([card, card, card]);
        }),
    ),
    (
        "reader",
        "two cards are fed at once",
        Media(|m, _| {
            let card = super::super::programs::card_of_reader();
            m.put_cards([card, card]);
        }),
    ),
    (
        "reader",
        "a lone RCD passes no card",
        Media(|m, _| {
            let card = super::super::programs::card_of_reader();
            m.put_cards([card, [Word::ZERO; 24], [Word::ZERO; 24], card]);
        }),
    ),
    ("reader", "end of record skips one", After(|b, m| skip_instead(b, m, 2, 1))),
    ("reader", "end of file skips none", After(|b, m| skip_instead(b, m, 1, 0))),
    ("reader", "CAD does not add", Decode(|b| becomes(b, Op::Cad, Op::Cpy))),
    (
        "reader",
        "the right half comes too soon",
        Config(|c| c.figures.card_reader.right_half = Ticks::micros(30)),
    ),
    ("punch", "a punch magnet is dead", After(dead_magnet)),
    ("punch", "the right half is taken too soon", Config(|c| c.figures.punch.right_half = Ticks::micros(30))),
    (
        "punch",
        "IOD does not wait for the card",
        Decode(|b| (b.op == Op::Wrs && b.y & 0o377 == 0o333).then(|| Op::Nop.row().word)),
    ),
    (
        "printr",
        "RPR acts as WPR",
        Decode(|b| other_address(b, Op::Rds, 0o361, 0o361).map(|_| Word::new(0o076600000361))),
    ),
    (
        "printr",
        "an echo is missing",
        After(|b, m| {
            if b.op == Op::Cpy && m.core.peek(b.y) != b.operand {
                m.core.poke(b.y, Word::ZERO);
            }
        }),
    ),
    (
        "printr",
        "the sense entry is always impulsed",
        Config(|c| c.devices.printer.entry = SenseEntry::Always),
    ),
    ("printr", "the sense entry is never impulsed", Config(|c| c.devices.printer.entry = SenseEntry::Never)),
    ("printr", "exit 1 is not wired", Config(|c| c.devices.printer.exits[0] = Exit::None)),
    ("printr", "exit 9 is not wired", Config(|c| c.devices.printer.exits[8] = Exit::None)),
    (
        "printr",
        "the right half is taken too soon",
        Config(|c| c.figures.printer.right_half = Ticks::micros(30)),
    ),
    ("plot", "CFF does nothing", Decode(|b| becomes(b, Op::Cff, Op::Nop))),
    ("plot", "the brightness bit is elsewhere", Config(|c| c.devices.crt.intensity = 20)),
    (
        "plot",
        "X and Y are interchanged",
        Config(|c| {
            (c.devices.crt.x, c.devices.crt.y) = (c.devices.crt.y, c.devices.crt.x);
        }),
    ),
    (
        "plot",
        "the recorder disconnects between points",
        Config(|c| c.devices.crt.lets_go_after = Some(Ticks(30))),
    ),
    (
        "plot",
        "MQ does not hold the word copied",
        After(|b, m| {
            if b.op == Op::Cpy {
                m.cpu.mq = Word::ZERO;
            }
        }),
    ),
];

/// The cards of the stacker go into the reader with a column missing.
fn dead_magnet(before: &Before, machine: &mut Machine) {
    if before.op == Op::Wrs && before.y & 0o377 == 0o333 {
        let cards = machine.take_punched();
        machine
            .put_cards(cards.into_iter().map(|card| card.words.map(|word| Word::new(word.bits() & !0o20))));
    }
}

/// The word that LDA names is one more while a drum is selected for reading.
fn reads_one_off(before: &Before, machine: &mut Machine) {
    let at = match before.op {
        Op::Rds => machine.core.peek(before.location + 1),
        Op::Lda if machine.core.peek(before.location - 1).bits() >> 24 == 0o0762 => before.word,
        _ => return,
    };
    if at.bits() >> 24 == 0o0460 {
        let wanted = machine.core.peek(at.address());
        machine.core.poke(at.address(), wanted.with_address(wanted.address() ^ 1));
    }
}
