//! The audit: for every open question that is watched, a program that reports it and one, nearly the same, that does not.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cpu;
mod page;
mod tape;
mod units;

use emu704::audit::QUESTIONS;
use emu704::{Config, CoreSize, Machine};

use crate::reels::{Bench, binary};

/// An id, what makes it appear, and what does not.
pub(crate) type Case = (&'static str, fn() -> Bench, fn() -> Bench);

/// A machine that has run a program to its stop, audited.
pub(crate) fn ran(mut bench: Bench) -> Bench {
    bench.machine.set_audit(true);
    bench.run();
    bench
}

/// The same by [`Machine::step`].
fn stepped(bench: Bench) -> Bench {
    let mut bench = bench;
    bench.machine.set_audit(true);
    while bench.try_step() {}
    bench
}

pub(crate) fn program(cards: &[&str]) -> Bench {
    Bench::new(cards)
}

/// With words from 100 on.
pub(crate) fn with_words(cards: &[&str], words: &[&str]) -> Bench {
    let mut bench = Bench::new(cards);
    bench.put(0o100, words);
    bench
}

pub(crate) fn with_config(change: impl FnOnce(&mut Config), cards: &[&str]) -> Bench {
    let mut config = Config::with_core(CoreSize::K8);
    change(&mut config);
    Bench::with_config(config, cards)
}

/// Cards of a program with a pause of so many cycles, at least 2, in place of `pause`: ARS of n places takes 2 and one
/// for each twelve of n + 2.
pub(crate) fn paused(cards: &[&'static str], cycles: u64) -> Bench {
    let mut program: Vec<String> = Vec::new();
    for &card in cards {
        if card != "pause" {
            program.push(card.to_owned());
            continue;
        }
        let mut left = cycles;
        while left > 0 {
            let take = if left == 24 { 22 } else { left.min(23) };
            program.push(format!("ARS {:o}", if take == 2 { 0 } else { (take - 2) * 12 - 2 }));
            left -= take;
        }
    }
    Bench::new(&program.iter().map(String::as_str).collect::<Vec<_>>())
}

fn ids(machine: &Machine) -> Vec<&'static str> {
    machine.audit().iter().map(|finding| finding.question.id).collect()
}

#[test]
fn every_question_is_reported_by_one_program_and_not_by_another() {
    let mut cases: Vec<Case> = Vec::new();
    cases.extend(cpu::CASES);
    cases.extend(tape::CASES);
    cases.extend(units::CASES);
    for question in QUESTIONS {
        assert!(cases.iter().any(|(id, ..)| *id == question.id), "no case of {}", question.id);
    }
    let mut wrong = Vec::new();
    for (id, reports, silent) in cases {
        let (yes, no) = (ids(&reports().machine), ids(&silent().machine));
        if !yes.contains(&id) {
            wrong.push(format!("{id}: reported are {yes:?}"));
        }
        if no.contains(&id) {
            wrong.push(format!("{id} is reported where it should not be"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Reads two words of a tape, prints a line, and uses the drum.
fn something_of_all() -> Bench {
    let mut cards = vec!["RTB 1".to_owned(), "CPY 100".to_owned(), "CPY 101".to_owned(), "WPR".to_owned()];
    cards.extend((0..24).map(|n| format!("CPY {:o}", 0o200 + n)));
    cards.extend(["WDR 1", "CPY 100", "CPY 101", "CLA 100", "FAD 101", "HTR"].map(str::to_owned));
    let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
    Bench::new(&cards).reel(1, &[binary(&[0o377400000000, 0o200400000000])])
}

#[test]
fn an_audited_run_is_the_same_run() {
    let mut plain = something_of_all();
    let stop = plain.run();
    let mut audited = something_of_all();
    audited.machine.set_audit(true);
    assert_eq!(audited.run(), stop);
    assert!(audited.machine == plain.machine, "an audit is no part of a machine");
    let stepped = stepped(something_of_all()).machine;
    assert!(
        (stepped.io, stepped.cpu, stepped.core) == (plain.machine.io, plain.machine.cpu, plain.machine.core)
    );
}

#[test]
fn findings_tell_how_often_and_where_first() {
    let bench = ran(something_of_all());
    let findings = bench.machine.audit();
    let of = |id: &str| *findings.iter().find(|finding| finding.question.id == id).unwrap();
    // the printer is selected at 3, after 2 cycles of RTB, and when both words have come
    let clutch = of("clutch");
    assert_eq!((clutch.count, clutch.at), (1, 3));
    // FAD at 0o42: the characteristics are 127 apart, 7 + 10 cycles
    let fad = of("fad-time");
    assert_eq!((fad.count, fad.at), (1, 0o40));
    assert_eq!(fad.cycle, bench.machine.cycles() - 1 - 17, "its first cycle; the HTR takes one");
    assert_eq!(ids(&stepped(something_of_all()).machine), ids(&bench.machine));
}

#[test]
fn without_the_audit_only_the_units_are_watched() {
    let mut bench = something_of_all();
    bench.run();
    let found = ids(&bench.machine);
    assert!(found.contains(&"clutch") && !found.contains(&"fad-time"), "{found:?}");
}

#[test]
fn a_limit_in_a_wait_counts_nothing_twice() {
    let whole = ran(something_of_all()).machine.audit();
    let mut bench = something_of_all();
    bench.machine.set_audit(true);
    while bench.run_for(777).kind == emu704::StopKind::Limit {}
    assert_eq!(bench.machine.audit(), whole);
}
