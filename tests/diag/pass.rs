//! All diagnostics pass.

use emu704::CoreSize;

use super::bench::{self, Outcome};
use super::programs::{ALL, find};
use crate::common::{root, text};

fn pass_on_all_sizes(name: &str) {
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        let (outcome, _) = bench::run(&find(name), core, None);
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
