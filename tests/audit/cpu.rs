//! Instructions of the CPU, undefined codes, the panel.

use emu704::config::UndefinedCodes;
use emu704::{CoreSize, LoadKey};

use super::{Bench, Case, ids, program, ran, with_config, with_words};

/// By partial decoding.
fn partial(card: &str) -> Bench {
    ran(with_config(|config| config.undefined_codes = UndefinedCodes::Partial, &[card, "HTR"]))
}

/// A job that has printed a row, or has not begun to; then RESET.
fn reset_after(cards: &[&str], steps: usize) -> Bench {
    let mut bench = program(cards);
    bench.steps(steps);
    bench.reset();
    bench
}

fn loaded(key: LoadKey) -> Bench {
    let mut bench = program(&[]);
    bench.load(key);
    bench
}

fn with_core(core: CoreSize) -> Bench {
    ran(with_config(|config| config.core = core, &["HTR"]))
}

pub(crate) const CASES: [Case; 16] = [
    (
        "fdp-zero",
        || ran(with_words(&["CLS 101", "FDP 100", "HTR"], &["201400000000"])),
        || ran(with_words(&["CLA 101", "FDP 100", "HTR"], &["201400000000"])),
    ),
    (
        "fdp-check",
        || ran(with_words(&["CLA 100", "FDP 101", "HTR"], &["201400000001", "201200000000"])),
        || ran(with_words(&["CLA 100", "FDP 101", "HTR"], &["201400000000", "201200000000"])),
    ),
    (
        "fmp-zero-high",
        || ran(with_words(&["LDQ 100", "FMP 100", "HTR"], &["200000000001"])),
        || ran(with_words(&["LDQ 100", "FMP 100", "HTR"], &["200400000000"])),
    ),
    (
        "dvh-stop",
        || ran(with_words(&["CLA 100", "DVH 101", "HTR"], &["000000000002", "000000000001"])),
        || ran(with_words(&["CLA 101", "DVH 100", "HTR"], &["000000000002", "000000000001"])),
    ),
    ("ett-sign", || ran(program(&["076000000011", "HTR"])), || ran(program(&["076000000010", "HTR"]))),
    ("other-sizes", || with_core(CoreSize::K4), || with_core(CoreSize::K8)),
    (
        // characteristics 63 apart: 7 + 5 cycles
        "fad-time",
        || ran(with_words(&["CLA 100", "FAD 101", "HTR"], &["277400000000", "200400000000"])),
        || ran(with_words(&["CLA 100", "FAD 101", "HTR"], &["200400000000", "200400000000"])),
    ),
    ("undefined-code", || partial("004400000000"), || partial("004000000000")),
    ("undefined-lda", || partial("046200000000"), || partial("046000000000")),
    ("undefined-select", || partial("476600000333"), || partial("076600000333")),
    ("undefined-unit", || partial("077400000000"), || partial("077300000000")),
    ("sr-inverted", || partial("450200000000"), || partial("450000000000")),
    ("sr-no-transfer", || partial("404000000000"), || partial("004400000000")),
    ("reset-writing", || reset_after(&["WPR", "CPY 100"], 2), || reset_after(&["IOD", "NOP"], 2)),
    ("reset-lights", || reset_after(&["076000000141"], 1), || reset_after(&["076000000140"], 1)),
    ("load-unit", || loaded(LoadKey::Tape), || loaded(LoadKey::Cards)),
];

/// The high fraction of 2 to the 26 is not zero: FMP shifts it one place.
#[test]
fn a_product_that_fmp_shifts_into_ac_is_no_question() {
    let bench = ran(with_words(&["LDQ 100", "FMP 100", "HTR"], &["200000020000"]));
    assert!(!ids(&bench.machine).contains(&"fmp-zero-high"));
}

/// The time of a FAD is decided when it is executed, whatever follows: an undefined code, or the end of the run.
#[test]
fn the_time_of_a_sum_is_told_whatever_follows() {
    let words = ["277400000000", "200400000000"];
    for next in ["HTR", "004400000000", "FAD 101"] {
        let mut bench = with_words(&["CLA 100", "FAD 101", next], &words);
        bench.machine.set_audit(true);
        // CLA 2 cycles, FAD 12: the run ends behind them
        bench.run_for(14);
        assert!(ids(&bench.machine).contains(&"fad-time"), "before {next}");
    }
    let bench = ran(with_words(&["CLA 100", "FSB 101", "HTR"], &words));
    assert!(ids(&bench.machine).contains(&"fad-time"));
}

#[test]
fn the_code_next_to_lda_is_as_open_as_the_others() {
    assert!(ids(&partial("446000000000").machine).contains(&"undefined-lda"));
}
