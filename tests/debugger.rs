//! The debugger: conditions, values, traces, the past.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{root, text};

/// Runs a script; all of it must be as expected. Returns what was said.
fn monitor(folder: &Path, script: &str, args: &[&str]) -> String {
    let (code, out) = tries(folder, script, args);
    assert_eq!(code, 0, "{out}");
    out
}

fn tries(folder: &Path, script: &str, args: &[&str]) -> (i32, String) {
    fs::write(folder.join("script"), script).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_emu704"))
        .current_dir(folder)
        .arg("monitor")
        .args(args)
        .args(["--script", "script"])
        .output()
        .unwrap();
    let talk = String::from_utf8(output.stderr).unwrap();
    assert!(talk.lines().all(|line| line.starts_with("saved: ")), "{talk}");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// Adds the numbers from 10 to 1, and calls a routine that stores each sum. LXA takes 2 cycles; each
/// round 15 (PXD 2, ARS of 18 places 3, ADD, TSX, STO, TRA, TIX 2 each); HTR 1: 153.
const SUMS: &str = "       ORG 64
START  LXA TEN,1
LOOP   PXD 0,1
       ARS 18
       ADD SUM
       TSX KEEP,4
       TIX LOOP,1,1
       HTR START
KEEP   STO SUM
       TRA 1,4
TEN    HTR 10
SUM    OCT 0
       END START
";

fn folder(program: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.sap"), program).unwrap();
    folder
}

const P: [&str; 3] = ["p.sap", "--core", "4k"];

#[test]
fn conditions_of_registers_words_and_counts() {
    let folder = folder(SUMS);
    let script = "\
break KEEP if AC = 33
go
expect break
expect ic KEEP
expect ac 33
nobreak all
break write SUM if xra <= 3 and SUM>[TEN]
break
go
expect xra 3
expect ic KEEP
expect sum 61
nobreak all
go 100
expect stop htr 106
expect sum 150
deposit SUM 0
break LOOP after 4
go 100
expect xra 6
break
go
expect xra 5
nobreak LOOP
break operand 50 if ea = 112
go
expect break
";
    let out = monitor(folder.path(), script, &P);
    assert!(out.contains("write 00112 SUM if XRA <= 000000000003 and [00112] > [00111]"), "{out}");
    assert!(out.contains("at 00101 LOOP after 4 (5 so far)"), "{out}");
    assert!(out.contains("break: at 00107 KEEP"), "{out}");
    for line in [
        "break KEEP if",
        "break KEEP if AC",
        "break KEEP if AC = NOWHERE",
        "break cycle 5 after 2",
        "break KEEP after x",
        "break select moon",
        "break operand X",
    ] {
        assert_eq!(tries(folder.path(), line, &P).0, 1, "{line}");
    }
}

#[test]
fn minus_zero_is_less_than_zero_as_for_cas() {
    let folder = folder(SUMS);
    let script = "\
deposit SUM 400000000000
break START if SUM < 0
go
expect break
nobreak all
break START if SUM = 0
go 100
expect stop htr
";
    monitor(folder.path(), script, &P);
}

#[test]
fn an_operand_of_a_value_breaks_where_it_is_read() {
    let folder = folder(SUMS);
    // 10 + 9 + 8 = 33 octal, read by the ADD for 7
    let script = "break operand 33\ngo\nexpect ic 103\nexpect sum 33\nexpect xra 7\n";
    let out = monitor(folder.path(), script, &P);
    assert!(out.contains("break: operand 000000000033"), "{out}");
}

#[test]
fn a_select_of_one_unit_breaks() {
    let program = "       ORG 64
START  WTB 2
       CPY START
       IOD
       RTB 3
       HTR *
       END START
";
    let folder = folder(program);
    let args = [&P[..], &["--ring", "2", "--ring", "3"]].concat();
    monitor(folder.path(), "break select tape 3\ngo\nexpect break\nexpect ic 103\n", &args);
    monitor(folder.path(), "break select tape\ngo\nexpect ic 100\ngo\nexpect ic 103\n", &args);
    monitor(folder.path(), "break select printer\ngo\nexpect stop htr\n", &args);
}

#[test]
fn going_on_passes_a_breakpoint_that_one_was_told_of() {
    let folder = folder(SUMS);
    // The first instruction breaks like any other, and time does not pass. Going on passes it, once.
    let script = "\
break START
go
expect break
expect cycles 0
go
expect stop htr
go
expect break
expect ic START
step
expect ic LOOP
break LOOP
go
expect break
expect xra 11
go 101
expect break
expect ic LOOP
go
expect xra 10
";
    monitor(folder.path(), script, &P);
}

#[test]
fn steps_go_back_through_subroutines_and_halts() {
    let folder = folder(SUMS);
    let script = "\
go
expect stop htr 106
expect cycles 153
expect sum 67
back
expect ic 106
expect cycles 152
back 2
expect ic KEEP+1
back
expect ic KEEP
expect sum 66
expect ac 67
step
expect sum 67
go
expect stop htr 106
expect cycles 153
back 1000
";
    let (code, out) = tries(folder.path(), script, &P);
    assert_eq!(code, 1);
    assert!(out.contains("this is the present again, cycle 153"), "{out}");
    assert_eq!(out.matches("? script:").count(), 1, "{out}");
    assert!(out.contains("only 72 steps back are known: back to cycle 0"), "{out}");
    // every step back is where a step forward came from
    let (mut forward, mut backward) = (String::new(), String::new());
    for _ in 0..61 {
        forward.push_str("step\n");
        backward.push_str("back\n");
    }
    let out = monitor(folder.path(), &format!("examine ic\n{forward}{backward}"), &P);
    let places: Vec<&str> = out.lines().filter_map(|line| line.find("IC ").map(|at| &line[at..])).collect();
    assert_eq!(places.len(), 1 + 2 * 61);
    let back: Vec<&str> = places[61..].iter().rev().copied().collect();
    assert_eq!(&places[..62], &back[..]);
}

#[test]
fn the_last_write_of_a_word_is_found() {
    let folder = folder(SUMS);
    let script = "\
who SUM
go
who SUM
who TEN
back write SUM
expect ic KEEP
expect sum 66
who SUM
back write SUM
expect sum 64
back to START
expect cycles 0
go
deposit SUM 5
who SUM
back write SUM
";
    let (code, out) = tries(folder.path(), script, &P);
    assert_eq!(code, 1, "going back to a deposit is refused: {out}");
    for line in [
        "no instruction wrote SUM: back to cycle 0",
        "SUM was 000000000066, and became 000000000067 at cycle 146 by 00107 KEEP: STO SUM",
        "no instruction wrote TEN",
        "SUM was 000000000064, and became 000000000066 at cycle 131 by 00107 KEEP: STO SUM",
        "the operator put 000000000005 into SUM, at cycle 153",
        "00112 was changed from outside at cycle 153, by no instruction",
    ] {
        assert!(out.contains(line), "no `{line}` in {out}");
    }
    assert_eq!(out.matches("? script:").count(), 1, "{out}");
}

#[test]
fn breakpoints_are_found_backwards() {
    let folder = folder(SUMS);
    let script = "\
go
break LOOP if xra = 5
back break
expect ic LOOP
expect xra 5
expect sum 50
back cycle 50
expect cycles 49
expect ic 102
go
expect break
expect cycles 77
go
expect stop htr
";
    let (_, out) = tries(folder.path(), script, &P);
    assert!(out.contains("break: at 00101 LOOP") || out.contains("present again"), "{out}");
    assert_eq!(out.matches("? script:").count(), 0, "{out}");
}

/// The count of `after` belongs to the breakpoint: it does not go back, and `back break` does not ask it.
#[test]
fn counts_of_breakpoints_do_not_go_back() {
    let folder = folder(SUMS);
    let script = "\
break LOOP after 4
go
expect xra 6
back break
expect xra 7
back break
expect xra 10
back cycle 0
go
expect break
expect xra 12
nobreak all
break LOOP if xra = 10 after 4
go
expect xra 1
back break
expect xra 10
expect cycles 32
";
    let (_, out) = tries(folder.path(), script, &P);
    assert!(out.contains("this is the present again, cycle 62"), "{out}");
    assert_eq!(out.matches("? script:").count(), 1, "the machine is at another place: {out}");
}

/// The errors that a script of lines gets, without their places.
fn errors(folder: &Path, lines: &[&str]) -> Vec<String> {
    let (_, out) = tries(folder, &lines.join("\n"), &P);
    let errors = out.lines().filter_map(|line| line.strip_prefix("? script:"));
    errors.map(|line| line.split_once(": ").unwrap().1.to_owned()).collect()
}

#[test]
fn taking_all_away_is_said() {
    let folder = folder(SUMS);
    let script = "break LOOP\nwatch SUM\nnobreak\nset nobreak\nunwatch\nbreak\nwatch\ntrace last\n";
    let (_, out) = tries(folder.path(), script, &P);
    assert_eq!(out.matches(": expected: nobreak all | ADDRESS").count(), 2, "{out}");
    assert_eq!(out.matches(": expected: unwatch all | ").count(), 1, "{out}");
    assert_eq!(out.matches(": expected: trace [FILE").count(), 1, "{out}");
    assert!(out.contains("> break\nat 00101 LOOP\n> watch\n00112 "), "{out}");
    assert!(!folder.path().join("last").exists());
}

#[test]
fn conditions_that_are_wrong_say_what_is_missing() {
    let folder = folder(SUMS);
    let and_only = "comparisons are joined by `and` only";
    let relations = "the relations are =, !=, <, <=, > and >=";
    let holds = |register| format!("expected a number that {register} can hold, 0 to 7777");
    for (condition, expected) in [
        ("ac = 1 or mq = 2", and_only),
        ("ac = 1 OR 2", and_only),
        ("ac=1||mq=2", and_only),
        ("ac = 1 mq = 2", and_only),
        ("ac = 1 && 2", and_only),
        ("ac =", "a value is missing after `=`"),
        ("ac >=", "a value is missing after `>=`"),
        ("= 5", "a value is missing before `=`"),
        ("ac == 1", relations),
        ("ac <> 1", relations),
        ("ac =< 1", relations),
        ("xra = 777777", &holds("XRA")),
        ("xrb != 10000", &holds("XRB")),
        ("xrc = -0", &holds("XRC")),
        ("ic < 10000", &holds("IC")),
        ("ea > 10000", &holds("EA")),
    ] {
        let found = errors(folder.path(), &[&format!("break LOOP if {condition}")]);
        assert_eq!(found, [format!("`{condition}`: {expected}")]);
    }
    for (condition, expected) in [
        ("ac = 1 and", "expected a comparison before and after each `and`"),
        ("and ac = 1", "expected a comparison before and after each `and`"),
        ("[] = 1", "an address is missing in `[]`"),
        ("ac = 7777777777777", "`7777777777777` is not a word: "),
        ("mq = -777777777777", "`-777777777777` is not a word: "),
        ("mq = 19", "`19` is not a word: "),
        ("mq = NOWHERE", "`NOWHERE` is neither an octal address nor a symbol"),
    ] {
        let found = errors(folder.path(), &[&format!("break LOOP if {condition}")]);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{condition}: {found:?}");
    }
    // the largest numbers, and values without a largest
    let right =
        ["xra = 7777", "ea <= 7777 and ic != 0", "xra = ac", "ac = 777777777777", "SUM = 777777777777"];
    let lines = right.map(|condition| format!("break LOOP if {condition}"));
    assert!(errors(folder.path(), &lines.each_ref().map(String::as_str)).is_empty());
    let (_, out) = tries(folder.path(), "if xra = 77777 then go\nassert ic = 77777", &P);
    assert_eq!(out.matches("can hold, 0 to 7777").count(), 2, "{out}");
}

/// A word that needs another after it is a place only if the program has that symbol.
#[test]
fn a_breakpoint_without_its_address_says_so() {
    let lines = ["break write", "break READ if ac = 1", "nobreak read", "break operand", "break cycle"];
    let expected = [
        "an address is missing after `write`",
        "an address is missing after `READ`",
        "an address is missing after `read`",
        "a word, in octal, is missing after `operand`",
        "a machine cycle, decimal, is missing after `cycle`",
    ];
    assert_eq!(errors(folder(SUMS).path(), &lines), expected);
    let folder = folder(&SUMS.replace("KEEP ", "WRITE").replace("KEEP", "WRITE"));
    let out = monitor(folder.path(), "break write\nbreak\ngo\nexpect break\nexpect ic 107\n", &P);
    assert!(out.contains("at 00107 WRITE"), "{out}");
}

#[test]
fn the_beginning_is_named_when_one_cannot_go_back() {
    let folder = folder(SUMS);
    let out = errors(
        folder.path(),
        &[
            "back",
            "back 3",
            "back break",
            "back write SUM",
            "run 20",
            "back 100",
            "back cycle 0",
            "back",
            "history off",
            "back",
        ],
    );
    let mut expected = vec!["nothing has been run yet"; 4];
    expected.extend([
        "only 10 steps back are known: back to cycle 0, 1 point",
        "this is the beginning, cycle 0",
        "that is not known: nothing is remembered",
    ]);
    assert_eq!(out, expected);
}

/// A CPY that meets the end of record is a CPY of its word, although it brings nothing.
#[test]
fn a_cpy_at_the_end_of_record_is_a_write_of_its_word() {
    let program = "       ORG 64
START  RCD
LOOP   CPY X
       TRA LOOP
       HTR START
       HTR START
X      OCT 0
       END START
";
    let folder = folder(program);
    let script = "\
send \"9\"
break write X after 24
go
expect break
deposit X 5
step
expect ic 104
expect x 5
";
    monitor(folder.path(), script, &P);
}

/// LXA does not modify its address, so that it does not touch the word at `ea`.
#[test]
fn the_effective_address_is_computed_for_every_instruction() {
    let folder = folder(SUMS);
    let script = "\
deposit xra 4
break START if ea = 105 and operand = [105]
go
expect break
nobreak all
break read TEN
go 100
expect break
expect ic START
nobreak all
break read 105
go
expect stop htr 106
";
    monitor(folder.path(), script, &P);
}

/// The heat job in a folder, with the library.
fn heat() -> tempfile::TempDir {
    let folder = folder(&text("programs/heat.sap"));
    fs::create_dir(folder.path().join("lib")).unwrap();
    for file in fs::read_dir(root().join("programs/lib")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join("lib").join(file.file_name())).unwrap();
    }
    folder
}

#[test]
fn the_past_is_what_was() {
    let folder = heat();
    let args = ["p.sap", "--core", "8k"];
    for cycle in [7_999_999, 4_123_457, 2_000_001, 1_234_567] {
        let script = format!("run 9000000\nback cycle {cycle}\nregisters\nexamine 0-7777\n");
        let out = monitor(folder.path(), &script, &args);
        let line = out.lines().find(|line| line.starts_with("cycle ") && line.contains(", IC")).unwrap();
        let reached: u64 = line[6..].split(',').next().unwrap().parse().unwrap();
        assert!(reached <= cycle && reached + 20 > cycle, "{line}");
        let straight = monitor(folder.path(), &format!("run {reached}\nregisters\nexamine 0-7777\n"), &args);
        let state = |out: &str| out[out.find("\nAC ").unwrap()..].to_owned();
        assert_eq!(state(&out), state(&straight), "{cycle}");
    }
}

#[test]
fn a_long_history_is_thinned_and_a_story_of_many_changes_begins_later() {
    // It counts in XRA, forever.
    let folder = folder("       ORG 64\nSTART  TXI START,1,1\n       END START\n");
    let script = "\
run 300000000
history
back cycle 299999998
expect cycles 299999998
back cycle 1000001
expect cycles 1000000
expect xra 0440
back
expect cycles 999998
go
expect cycles 300000000
back cycle 200000001
expect cycles 200000000
";
    // 1,000,000 cycles are 500,000 instructions, 1720440 in octal, and XRA has 12 bits
    let out = monitor(folder.path(), script, &P);
    let points: usize = out
        .lines()
        .find_map(|line| line.strip_prefix("back to cycle 0, "))
        .and_then(|rest| rest.split(' ').next())
        .unwrap()
        .parse()
        .unwrap();
    assert!((20..=120).contains(&points), "{out}");
    let mut script = String::new();
    for n in 0..500 {
        let _ = writeln!(script, "run 10\ndeposit 200 {:o}", n % 8);
    }
    script.push_str("history\nback 30\nexpect cycles 4940\n");
    let out = monitor(folder.path(), &script, &P);
    assert!(!out.contains("back to cycle 0,"), "{out}");
}

#[test]
fn what_came_from_outside_comes_again() {
    // It counts in XRA until sense switch 1 is down, then halts; START counts on.
    let program = "       ORG 64
START  TXI NEXT,1,1
NEXT   SWT 1
       TRA START
       HTR START
       END START
";
    let folder = folder(program);
    let script = "\
run 60
sense 1 down
go
expect stop htr 103
expect cycles 65
expect xra 13
sense 1 up
go
";
    // the last go would never end: a cycle breaks it
    let script = format!(
        "break cycle 200\n{script}expect cycles 200\nback cycle 30\nexpect xra 5\nrun 34\nexpect cycles 64\nexpect ic 103\nexpect xra 13\ngo\nexpect cycles 200\n"
    );
    let out = monitor(folder.path(), &script, &P);
    assert!(out.contains("this is the present again, cycle 200"), "{out}");
}

#[test]
fn another_future_begins_with_a_change() {
    let folder = folder(SUMS);
    let script = "\
go
expect sum 67
back to LOOP
expect sum 66
expect xra 1
deposit SUM 0
go
expect stop htr
expect sum 1
back to LOOP
expect xra 1
go
expect sum 1
";
    monitor(folder.path(), script, &P);
}

/// Writes three records, rewinds, reads the first word of the second.
const TAPES: &str = "       ORG 64
START  WTB 2
       CPY ONE
       WTB 2
       CPY TWO
       WTB 2
       CPY ONE
       REW 2
       RTB 2
       CPY ANY
       RTB 2
       CPY ANY
       HTR *
ONE    OCT 1
TWO    OCT 2
ANY    OCT 0
       END START
";

#[test]
fn a_reel_is_as_it_was_and_its_file_is_left_alone() {
    let folder = folder(TAPES);
    let reel = folder.path().join("r.tap");
    let out = monitor(folder.path(), "mount 2 r.tap ring\ngo\nexpect stop htr\nexpect any 2\n", &P);
    assert!(out.contains("stop: HTR"), "{out}");
    let whole = fs::read(&reel).unwrap();
    fs::remove_file(&reel).unwrap();
    // Back to before the second record was written, and on again: it ends as it did.
    let script = "\
mount 2 r.tap ring
go
back to 102
tapes
go
expect stop htr
expect any 2
tapes
back to 102
deposit TWO 7
go
expect stop htr
expect any 7
";
    let out = monitor(folder.path(), script, &P);
    assert!(out.contains("this is the present again"), "{out}");
    assert!(out.contains("ft, writes, 0 words so far, ring"), "the first record is not on it yet: {out}");
    assert!(out.contains("ft, 2 records, ring"), "{out}");
    assert!(out.contains("tape 2 continues as a copy in memory; r.tap stays as it was at cycle"), "{out}");
    assert_eq!(fs::read(&reel).unwrap(), whole, "the other future wrote on the copy");
    // A change before anything was written again: the reel was written since, so it is a copy too; one that was
    // not is the reel itself.
    fs::remove_file(&reel).unwrap();
    let script = "mount 2 r.tap ring\nmount 3 s.tap ring\ngo\nback to 111\ndeposit ANY 5\ngo\nexpect any 2\n";
    let out = monitor(folder.path(), script, &P);
    assert!(!out.contains("goes on as a copy"), "nothing was written since: {out}");
    assert_eq!(fs::read(&reel).unwrap(), whole);
}

#[test]
fn a_reel_that_was_taken_off_is_there_in_the_past() {
    let folder = folder(TAPES);
    let script = "\
mount 2 r.tap ring
go
detach 2
tapes
back write ANY
tapes
expect ic 112
expect any 1
go
tapes
";
    let out = monitor(folder.path(), script, &P);
    let tapes: Vec<&str> = out.lines().filter(|l| l.contains("r.tap  ") || l.contains("no reels")).collect();
    assert_eq!(tapes.len(), 3, "{out}");
    assert!(tapes[0].contains("no reels") && tapes[1].contains(" 2 r.tap") && tapes[2].contains("no reels"));
}

#[test]
fn paper_is_printed_once() {
    let folder = heat();
    let script = "go\nback cycle 5000000\ngo\nexpect print 1000 SWEEPS\n";
    let out = monitor(folder.path(), script, &["p.sap", "--core", "8k"]);
    let once = monitor(folder.path(), "go\n", &["p.sap", "--core", "8k"]);
    let lines = |out: &str| out.lines().filter(|line| line.contains("SWEEPS")).count();
    assert!(lines(&once) > 0, "{once}");
    assert_eq!(lines(&out), lines(&once) + 1, "the expectation is a line too: {out}");
}

#[test]
fn the_past_is_the_same_with_faults() {
    let folder = folder(SUMS);
    let script = "\
fault at 50 flip SUM 20
fault noise 40 9
fault at 90 tube 35 1
run 120
back cycle 10
run 110
";
    let out = monitor(folder.path(), &format!("{script}examine 0-177\n"), &P);
    let straight = script.replace("back cycle 10\nrun 110\n", "");
    let expected = monitor(folder.path(), &format!("{straight}examine 0-177\n"), &P);
    let words = |out: &str| {
        out.lines()
            .filter(|line| line.len() > 17 && line.starts_with('0'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(words(&out).len() > 100, "{out}");
    assert_eq!(words(&out), words(&expected));
}

#[test]
fn a_trace_has_the_columns_of_the_peer() {
    let folder = folder(SUMS);
    let out = monitor(folder.path(), "trace t.txt\nrun 16\ntrace off\ntrace\n", &P);
    assert!(out.contains("8 lines") && out.contains("no trace"), "{out}");
    let trace = fs::read_to_string(folder.path().join("t.txt")).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    assert_eq!(
        lines,
        [
            "IC      AC            MQ            EA      SR             XR1    XR2   XR4",
            "",
            "000100    000000000000  000000000000 000111  000000000012 00000 00000 00000 LXA TEN,1                0",
            "000101    000000000000  000000000000 007766 -075400100000 00012 00000 00000 PXD 0,1                  2",
            "000102    000012000000  000000000000 000022  077100000022 00012 00000 00000 ARS 18                   4",
            "000103    000000000012  000000000000 000112  000000000000 00012 00000 00000 ADD SUM                  7",
            "000104    000000000012  000000000000 000107  007400400107 00012 00000 00000 TSX KEEP,4               9",
            "000107    000000000012  000000000000 000112  060100000112 00012 00000 07674 STO SUM                  11",
            "000110    000000000012  000000000000 000105  002000400001 00012 00000 07674 TRA 00001,4              13",
            "000105    000000000012  000000000000 000067  200001100101 00012 00000 07674 TIX LOOP,1,1             15",
        ]
    );
    assert_eq!(lines.len(), 10);
    // of a whole run, by the option
    let output = Command::new(env!("CARGO_BIN_EXE_emu704"))
        .current_dir(folder.path())
        .args(["run", "p.sap", "--core", "4k", "--trace", "run.txt", "--json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let trace = fs::read_to_string(folder.path().join("run.txt")).unwrap();
    assert_eq!(report["instructions"], trace.lines().count() - 2);
}

#[test]
fn places_are_watched() {
    let folder = folder(SUMS);
    let script =
        "watch SUM\nwatch ac\nwatch TEN-SUM\ngo\nwatch\nunwatch ac\nunwatch SUM\nwatch\nunwatch all\nwatch\n";
    let out = monitor(folder.path(), script, &P);
    assert!(out.contains("00112 000000000067  SUM\nAC +00 000000000067\n00111"), "{out}");
    assert!(out.trim_end().ends_with("nothing is watched"), "{out}");
    assert_eq!(tries(folder.path(), "watch NOWHERE\n", &P).0, 1);
}

#[test]
fn history_can_be_left_out() {
    let folder = folder(SUMS);
    let script = "history\nhistory off\ngo\nhistory\nback\n";
    let (code, out) = tries(folder.path(), script, &P);
    assert_eq!(code, 1);
    assert!(out.contains("nothing is remembered"), "{out}");
}

/// The last instructions are those of a trace of the same run, across acts, points of the history and the past.
#[test]
fn the_last_instructions_are_those_of_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let program = root().join("programs/heat.sap");
    let script = "\
trace all.txt
run 3000
sense 3 down
run 200
deposit 77777 5
run 5000000
history 300
trace off
";
    let output = Command::new(env!("CARGO_BIN_EXE_emu704"))
        .current_dir(folder.path())
        .args(["monitor", "--core", "32k", program.to_str().unwrap()])
        .stdin(script_file(folder.path(), script))
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let trace = fs::read_to_string(folder.path().join("all.txt")).unwrap();
    let expected: Vec<&str> = trace.lines().rev().take(300).map(str::trim_end).collect();
    let last: Vec<&str> =
        out.lines().filter(|line| line.len() > 100 && line.starts_with('0')).rev().collect();
    assert_eq!(last, expected, "{out}");
    // all of a short run, and none of none
    let script =
        "history 5\nstep 3\nhistory 5\nback 1\nhistory 2\nhistory off\nhistory 3\nhistory 10001\nhistory 0\n";
    let output = Command::new(env!("CARGO_BIN_EXE_emu704"))
        .current_dir(folder.path())
        .args(["monitor", program.to_str().unwrap()])
        .stdin(script_file(folder.path(), script))
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let cycles: Vec<&str> = out
        .lines()
        .filter(|line| line.len() > 100 && line.starts_with('0'))
        .map(|line| line.rsplit(' ').next().unwrap())
        .collect();
    let (all, before) = cycles.split_at(3);
    assert_eq!((all[0], before), ("0", &all[..2]), "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("? ")).count(), 4, "{out}");
}

fn script_file(folder: &Path, script: &str) -> fs::File {
    fs::write(folder.join("lines"), script).unwrap();
    fs::File::open(folder.join("lines")).unwrap()
}
