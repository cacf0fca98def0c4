//! Traces of some instructions only, and the last ones that were executed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;

use crate::common::root;
use crate::monitor_words::{emu704, over, refused, said, say};

/// Two words to drum 1 and two to the printer.
const UNITS: &str = "       ORG 64
START  WDR 1
       LDA WHERE
       CPY A
       CPY B
PRINT  WPR
       CPY A
       CPY B
       HTR START
WHERE  HTR 0
A      OCT 1
B      OCT 2
       END START
";

/// The locations of the lines of a trace.
fn locations(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.len() > 100).map(|line| &line[..6]).collect()
}

/// Filters, and the locations that pass of `UNITS`, worked out by hand.
const FILTERS: &[(&str, &[&str])] = &[
    ("unit drum", &["000100", "000101", "000102", "000103"]),
    ("unit drum 1 op cpy", &["000102", "000103"]),
    ("unit drum 2", &[]),
    ("unit printer", &["000104", "000105", "000106"]),
    ("op CPY", &["000102", "000103", "000105", "000106"]),
    ("op WRS", &["000100", "000104"]),
    ("op WPR,LDA", &["000101", "000104"]),
    ("from PRINT", &["000104", "000105", "000106", "000107"]),
    ("to START+1", &["000100", "000101"]),
    ("from 103 to 105 op CPY", &["000103", "000105"]),
];

#[test]
fn a_filter_lets_some_instructions_pass() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.sap"), UNITS).unwrap();
    let run = |more: &[&str]| {
        let args = [&["run", "p.sap", "--quiet", "--trace", "t.txt"], more].concat();
        let (_, talk, code) = said(&emu704(folder.path(), &args, ""));
        (code, talk, fs::read_to_string(folder.path().join("t.txt")).unwrap_or_default())
    };
    let (code, talk, whole) = run(&[]);
    assert_eq!((code, locations(&whole).len()), (0, 8), "{talk}{whole}");
    for (filter, expected) in FILTERS {
        let (code, talk, trace) = run(&["--trace-only", filter]);
        assert_eq!((code, locations(&trace)), (0, expected.to_vec()), "{filter}: {talk}");
        // the lines are those of the whole trace
        assert!(trace.lines().all(|line| whole.lines().any(|other| other == line)), "{filter}: {trace}");
        // of the monitor, on a file and afterwards
        let script = format!("trace m.txt {filter}\ngo\ntrace off\ntrace last 100 {filter}\n");
        let (out, ..) = said(&emu704(folder.path(), &["monitor", "p.sap"], &script));
        assert_eq!(fs::read_to_string(folder.path().join("m.txt")).unwrap(), trace, "{filter}");
        assert!(out.contains(&format!("{} lines\n", expected.len())), "{filter}: {out}");
        assert_eq!(locations(&out), *expected, "{filter}: {out}");
    }
    for (filter, named) in [
        ("op CPX", "`CPX` is no operation"),
        ("unit tape 11", "`tape 11` is no unit"),
        ("unit disk", "`disk` is no unit"),
        ("from NOWHERE", "NOWHERE"),
        ("from 200 to 100", "00100 is before 00200"),
        ("between 1 2", "`between`: expected `from ADDRESS`"),
        ("from", "`from`: expected"),
    ] {
        let (code, talk, _) = run(&["--trace-only", filter]);
        assert!(code == 2 && talk.contains("--trace-only") && talk.contains(named), "{filter}: {talk}");
        let mut monitor = over(UNITS);
        assert!(refused(&mut monitor, &format!("trace last 5 {filter}")).contains(named), "{filter}");
    }
    // a filter needs a trace
    assert_eq!(said(&emu704(folder.path(), &["run", "p.sap", "--trace-only", "op CPY"], "")).2, 2);
}

#[test]
fn the_last_instructions_of_a_kind_are_those_of_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let program = root().join("programs/heat.sap");
    let script = "trace all.txt\nrun 3000\nsense 3 down\nrun 200\ndeposit 77777 5\nrun 600000\ntrace off\ntrace last 40 op TSX\nhistory 40 op TSX\n";
    let (out, ..) =
        said(&emu704(folder.path(), &["monitor", "--core", "32k", program.to_str().unwrap()], script));
    let whole = fs::read_to_string(folder.path().join("all.txt")).unwrap();
    let of_kind: Vec<&str> = whole.lines().filter(|line| line.get(76..80) == Some("TSX ")).collect();
    let expected = &of_kind[of_kind.len().saturating_sub(40)..];
    let told: Vec<&str> = out.lines().filter(|line| line.len() > 100 && line.starts_with('0')).collect();
    assert!(expected.len() > 5, "{}", expected.len());
    assert_eq!(told, [expected, expected].concat(), "{out}");
    // a long way back, and fewer than asked for
    let mut monitor = over(UNITS);
    say(&mut monitor, "go").unwrap();
    assert_eq!(locations(&say(&mut monitor, "trace last 3").unwrap()), ["000105", "000106", "000107"]);
    assert_eq!(locations(&say(&mut monitor, "trace last 1 op LDA").unwrap()), ["000101"]);
    assert!(refused(&mut monitor, "trace last 0").contains("expected 1 to 10000"));
}
