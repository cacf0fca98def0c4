//! All diagnostics pass.

use emu704::CoreSize;
use emu704::config::UndefinedCodes;

use std::collections::BTreeSet;
use std::process::Command;

use asm704::isa::{Op, ROWS};

use super::bench::{self, Outcome};
use super::programs::{ALL, find};
use crate::common::{root, text};

fn pass_on_all_sizes(name: &str) {
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        let (outcome, _) = bench::run_often(&find(name), core, None, 2, 704);
        assert_eq!(outcome, Outcome::Pass, "{name} on {core}");
    }
}

macro_rules! pass {
    ($($name:ident)*) => {
        $(#[test] fn $name() { pass_on_all_sizes(stringify!($name)); })*
        const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}

pass! { fixed muldiv logic shift transf index float sense trap tape redund reelend inout drum reader punch printr plot }

/// Whatever is in core and registers, and wherever drums and clutches stand when the power comes on.
#[test]
fn all_pass_from_every_power_on_state() {
    for seed in 0..12 {
        // reelend takes seven minutes of machine time.
        for diagnostic in ALL.iter().filter(|d| d.name != "reelend") {
            let (outcome, _) = bench::run_often(diagnostic, CoreSize::K8, None, 1, seed);
            assert_eq!(outcome, Outcome::Pass, "{}, power on {seed}", diagnostic.name);
        }
    }
}

/// The partial decoding of undefined codes leaves the codes of the manual alone.
#[test]
fn all_pass_where_codes_are_decoded_partially() {
    for diagnostic in ALL {
        let partial = bench::Fault::Config(|config| config.undefined_codes = UndefinedCodes::Partial);
        let (outcome, _) = bench::run(diagnostic, CoreSize::K8, Some(partial));
        assert_eq!(outcome, Outcome::Pass, "{}", diagnostic.name);
    }
}

/// No diagnostic is forgotten: not in the folder, not in the table, not here.
#[test]
fn every_diagnostic_is_run() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("programs/diag"))
        .expect("the folder")
        .filter_map(|entry| {
            let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
            name.strip_suffix(".sap").map(str::to_owned)
        })
        .collect();
    files.sort();
    let mut table: Vec<&str> = ALL.iter().map(|d| d.name).collect();
    table.sort_unstable();
    let mut tested = TESTED.to_vec();
    tested.sort_unstable();
    assert_eq!(files, table);
    assert_eq!(table, tested);
}

/// A card has 72 columns for the assembler: no remark is cut, and nothing is foreign to the 704.
#[test]
fn every_line_fits_a_card() {
    for name in ALL.iter().map(|d| d.name).chain(["lib/prolog"]) {
        for (n, line) in text(&format!("programs/diag/{name}.sap")).lines().enumerate() {
            assert!(line.len() <= 72, "{name} {}: {line}", n + 1);
        }
    }
}

/// A failing test says its number and what it found.
#[test]
fn a_failure_names_its_test() {
    use asm704::Word;
    use asm704::isa::Op;
    // ADD that subtracts: 5 + 7 in test 6 gives -2.
    let fault = bench::Fault::Decode(|b| (b.op == Op::Add).then(|| Word::new(b.word.bits() | 2 << 24)));
    let (outcome, machine) = bench::run(&find("fixed"), CoreSize::K8, Some(fault));
    assert_eq!(outcome, Outcome::Fail { test: 6, found: Word::new(0o400000000002) });
    assert_eq!(machine.cpu.ic, 0o76);
}

/// Together they execute every operation of the machine.
#[test]
fn no_operation_is_forgotten() {
    let seen: BTreeSet<Op> = ALL.iter().flat_map(bench::executed).collect();
    let left: Vec<&str> = ROWS.iter().filter(|row| !seen.contains(&row.op)).map(|row| row.name).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// As a reader runs them: `emu704 run` of the job, or of the source where no operator is needed.
#[test]
fn the_jobs_pass() {
    let folder = root().join("programs/diag");
    // The cards that punch.sap punches have to be carried to the reader, which no job does.
    for diagnostic in ALL.iter().filter(|d| d.name != "punch") {
        let job = folder.join(format!("{}.toml", diagnostic.name));
        let program = if job.exists() { job } else { folder.join(format!("{}.sap", diagnostic.name)) };
        let film = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.arg("run").arg(&program).arg("--power-on").arg("7").arg("--film").arg(film.path());
        let output = command.output().expect("emu704 runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", diagnostic.name);
        assert!(
            said.contains("stop: HTR ") && said.contains(" at 00077 (PASS)\n"),
            "{}: {said}",
            diagnostic.name
        );
        assert!(said.contains("AC -00 072162622524"), "{}: {said}", diagnostic.name);
    }
}

/// The reel that the job of redund.sap mounts is the one that its remarks describe.
#[test]
fn the_bad_reel_is_bad_as_described() {
    let reel = std::fs::read(root().join("programs/diag/redund.tap")).expect("the reel");
    assert_eq!(reel, super::programs::reel_of_redund(true, true));
}
