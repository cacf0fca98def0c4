//! `emu704 lesson` and `emu704 lesson check`: right answers pass, and each of the wrong ones gets a line that helps.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::common::root;
use serde_json::Value;

/// Wrong answers: the exercise, the program, and what must be said of it.
const WRONG: &[(&str, &str, &str)] = &[
    ("1", "01-constant.sap", "nothing is subtracted"),
    ("1", "01-octal.sap", "`OCT 100` is octal, 64"),
    ("1", "01-product.sap", "`STQ PROD` stores MQ"),
    ("1", "01-swapped.sap", "3 less 2 is 1"),
    ("2", "02-left.sap", "still holds HELLO from the first line"),
    ("2", "02-nothing.sap", "nothing was printed"),
    ("2", "02-one.sap", "a `TSX W$PRINT1,4` of its own"),
    ("2", "02-words.sap", "18 characters, so three words"),
    ("3", "03-constant.sap", "nothing is compared"),
    ("3", "03-first.sap", "the first number was left out"),
    ("3", "03-last.sap", "the last number was left out"),
    ("3", "03-smallest.sap", "1 is the smallest"),
    ("3", "03-sum.sap", "39 is the sum"),
    ("3", "03-zero.sap", "begin with `CLA DATA`, not with a zero"),
    ("3b", "03b-no-loop.sap", "never execute TIX"),
    ("3b", "03b-once.sap", "is the TSX inside the loop?"),
    ("4", "04-no-save.sap", "SXD puts XR4 away first"),
    ("4", "04-square.sap", "9 is the square of 3"),
    ("5", "05-fits.sap", "33 factorial still fits"),
    ("5", "05-late.sap", "35 is one too many"),
    ("5", "05-no-test.sap", "TOV transfers if it is on"),
    ("5", "05-whole.sap", "34 as a whole number"),
    ("6", "06-end-counted.sap", "the end of file was counted"),
    ("6", "06-no-count.sap", "AC should hold the number of cards"),
    ("7", "07-over-mark.sap", "3 records in front of the first file mark"),
    ("7", "07-words.sap", "6 is the number of words"),
    ("8", "08-no-points.sap", "each point needs a WTV and a CPY"),
    ("8", "08-side.sap", "128 points are one side"),
    ("8", "08-signs.sap", "to the left and down must be negative"),
    ("9", "09-no-ful.sap", "its first card is a card for a loader"),
    ("9", "09-no-loader.sap", "the card needs FUL, ORG 0"),
    ("9b", "09b-once.sap", "nothing was printed"),
    ("10", "10-no-etm.sap", "nothing is in the log"),
    ("10", "10-no-ltm.sap", "does the handler trap itself?"),
    ("11", "11-always.sap", "was not loaded from a checkpoint, and its light is on"),
    ("12", "12-no-light.sap", "one that is not right must turn sense light 4 on"),
    ("12", "12-none.sap", "the loop ran through all of core"),
    ("13", "13-four.sap", "29 has the 4 in it"),
    ("14", "14-largest.sapf", "9 is the largest of the ten"),
    ("14", "14-zero.sapf", "0 is none of the ten numbers"),
];

/// What a student may try first: the program of the lesson itself.
const OF_THE_LESSON: &[(&str, &str, &str)] = &[
    ("1", "01-add.sap", "a card with DIFF in its location field"),
    ("2", "02-hello.sap", "expected: THE 704 SAYS HELLO"),
    ("2", "02-holes.sap", "a `TSX W$PRINT1,4` of its own"),
    ("3", "03-sum.sap", "a card with MOST in its location field"),
    ("3b", "03-sum.sap", "expected: THE 704 SAYS HELLO"),
    ("4", "04-square.sap", "a card with N in its location field"),
    ("5", "05-float.sap", "expected: 34.0 (206420000000)"),
    ("6", "06-cards.sap", "no card was punched"),
    ("7", "07-reel.sap", "it has no ring"),
    ("8", "08-line.sap", "256 points are the line of the lesson"),
    ("9", "09-card.sap", "5 is 2 and 3, the sum of the lesson"),
    ("9b", "09-card.sap", "nothing was printed"),
    ("10", "10-trap.sap", "a card with LOG in its location field"),
    ("11", "11-count.sap", "call CHKFRK, which comes back to another place"),
    ("12", "12-hear.sap", "28 is the sum with the last word in it"),
    ("13", "13-above.sap", "35 has the numbers below 4 in it"),
    ("14", "14-free.sapf", "a card with LEAST in its location field"),
];

const RIGHT: &[(&str, &str)] = &[
    ("1", "01-answer.sap"),
    ("2", "02-answer.sap"),
    ("3", "03-answer.sap"),
    ("3b", "03-answer-lines.sap"),
    ("4", "04-answer.sap"),
    ("5", "05-answer.sap"),
    ("6", "06-answer.sap"),
    ("7", "07-answer.sap"),
    ("8", "08-answer.sap"),
    ("9", "09-answer.sap"),
    ("9b", "09-answer-lister.sap"),
    ("10", "10-answer.sap"),
    ("11", "11-answer.sap"),
    ("12", "12-answer.sap"),
    ("13", "13-answer.sap"),
    ("14", "14-answer.sapf"),
];

fn in_folder(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emu704")).args(arguments).current_dir(folder).output().unwrap()
}

fn emu704(arguments: &[&str]) -> Output {
    in_folder(&root(), arguments)
}

/// All that was said, and the exit code.
fn said(output: &Output) -> (String, Option<i32>) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (String::from_utf8(text).unwrap(), output.status.code())
}

fn check(exercise: &str, program: &str) -> (String, Option<i32>) {
    said(&emu704(&["lesson", "check", exercise, program]))
}

#[test]
fn right_answers_pass() {
    let mut exercises = BTreeSet::new();
    for (exercise, name) in RIGHT {
        let (text, code) = check(exercise, &format!("programs/lessons/{name}"));
        assert_eq!(code, Some(0), "{name}: {text}");
        assert!(text.contains(": right"), "{text}");
        exercises.insert(*exercise);
    }
    // every exercise has an answer, and every one has wrong answers
    let files = fs::read_dir(root().join("programs/exercises")).unwrap();
    let all: BTreeSet<String> =
        files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let plain: BTreeSet<&str> = all.iter().map(|name| name.trim_start_matches('0')).collect();
    assert_eq!(exercises, plain);
    let wrong: BTreeSet<&str> = WRONG.iter().map(|(exercise, _, _)| *exercise).collect();
    assert_eq!(wrong, plain);
}

#[test]
fn wrong_answers_get_a_line_that_helps() {
    let known =
        WRONG.iter().map(|(exercise, name, line)| (*exercise, format!("tests/wrong_answers/{name}"), *line));
    let own = OF_THE_LESSON
        .iter()
        .map(|(exercise, name, line)| (*exercise, format!("programs/lessons/{name}"), *line));
    for (exercise, path, line) in known.chain(own) {
        let (text, code) = check(exercise, &path);
        assert_eq!(code, Some(1), "{path}: {text}");
        assert!(text.contains("not right yet") && text.contains(line), "{path}: no `{line}` in: {text}");
    }
    let mut files: Vec<String> = fs::read_dir(root().join("tests/wrong_answers"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    files.retain(|file| file != "01-today.sap");
    let listed: Vec<&str> = WRONG.iter().map(|(_, name, _)| *name).collect();
    assert_eq!(files, listed);
}

#[test]
fn a_program_that_does_not_assemble_is_not_run() {
    let (text, code) = check("1", "tests/wrong_answers/01-today.sap");
    assert_eq!(code, Some(8), "{text}");
    assert!(text.contains("`MOV` is not an operation") && text.contains("nothing was run"), "{text}");
    let output = emu704(&["lesson", "check", "1", "tests/wrong_answers/01-today.sap", "--json"]);
    assert_eq!(output.status.code(), Some(8));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["right"], false);
    assert_eq!(report["cases"].as_array().unwrap().len(), 0);
    assert_eq!(report["diagnostics"][0]["code"], "A001");
}

#[test]
fn the_result_as_json() {
    let output = emu704(&["lesson", "check", "3", "tests/wrong_answers/03-last.sap", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let case = &report["cases"][2];
    assert_eq!(case["name"], "the largest comes last");
    assert_eq!(case["kind"], "htr");
    assert_eq!(case["findings"][0]["what"], "the word MOST");
    assert_eq!(case["findings"][0]["expected"], "10 (000000000012)");
    assert_eq!(case["findings"][0]["found"], "9 (000000000011)");
    assert!(report["cases"][0]["right"].as_bool().unwrap());
}

#[test]
fn lessons_are_listed_and_printed() {
    let (list, code) = said(&emu704(&["lesson"]));
    assert_eq!(code, Some(0));
    assert!(list.starts_with("  1  adding 2 and 3\n  2  HELLO WORLD on the printer\n"), "{list}");
    let (text, _) = said(&emu704(&["lesson", "3"]));
    assert!(text.contains("START  LXA TEN,1") && text.contains("lesson check 3 mine.sap"), "{text}");
    assert!(!text.contains("AC IS SMALLER"), "the answer is shown: {text}");
    assert!(text.contains("Next: lesson 13, finding a mistake with the monitor."), "{text}");
    // but programs and what commands print, lines are short enough for a terminal
    let long = |line: &&str| line.chars().count() > 80 && !line.starts_with("    ") && !line.starts_with('|');
    assert_eq!(text.lines().find(long), None);
    let (text, _) = said(&emu704(&["lesson", "3", "--answer"]));
    assert!(text.contains("AC IS SMALLER"), "{text}");
    let (text, code) = said(&emu704(&["lesson", "99"]));
    assert_eq!(code, Some(2), "{text}");
    let document: Value = serde_json::from_slice(&emu704(&["lesson", "3", "--json"]).stdout).unwrap();
    assert_eq!(document["lesson"]["exercises"], serde_json::json!(["3", "3b"]));
}

#[test]
fn a_student_with_nothing_but_the_program_can_work() {
    let folder = tempfile::tempdir().unwrap();
    let (text, code) = said(&in_folder(folder.path(), &["lesson", "6", "--out", "here"]));
    assert_eq!(code, Some(0), "{text}");
    let here = folder.path().join("here");
    let (text, code) = said(&in_folder(
        &here,
        &["run", "programs/lessons/06-cards.sap", "--cards", "programs/lessons/06-cards.txt", "-q"],
    ));
    assert_eq!((text.lines().next(), code), (Some("THE QUICK BROWN FOX"), Some(0)));
    assert!(!here.join("programs/lessons/06-answer.sap").exists());
    // what is there may be the student's own work
    fs::write(here.join("programs/lessons/06-cards.sap"), "MINE").unwrap();
    let (text, code) = said(&in_folder(folder.path(), &["lesson", "6", "--out", "here", "--answer"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("06-cards.sap: it is there already"), "{text}");
    assert_eq!(fs::read_to_string(here.join("programs/lessons/06-cards.sap")).unwrap(), "MINE");
    assert!(here.join("programs/lessons/06-answer.sap").exists());
}

/// An exercise of a teacher in a folder of its own, and a program.
fn own(exercise: &str, program: &str) -> (tempfile::TempDir, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("own.toml"), exercise).unwrap();
    fs::write(folder.path().join("mine.sap"), program).unwrap();
    let (text, code) = said(&in_folder(folder.path(), &["lesson", "check", "own.toml", "mine.sap"]));
    (folder, text, code)
}

/// Writes a record of two words on tape 3, puts XR2 down, and stops with the entry keys in MQ.
const WRITER: &str = "       ORG 64
START  LXD COUNT,2
       WTB 3
       CPY FIRST
       CPY SECOND
       WEF 3
       SWT 2
       HTR START
       HPR 7
COUNT  HTR 0,0,5
FIRST  DEC 1.5
SECOND OCT -7
       END START
";

#[test]
fn the_keys_of_an_exercise() {
    let exercise = r#"
title = "a reel"
forbidden = ["REW"]
most-words = 20
[[case]]
core = "4k"
sense = [2]
stop = "hpr 107"
expect = ["xr2 5", "light tape-check off", "executes CPY", "not executes TIX", "cards 0", "lines 0"]
most-cycles = 20000
[case.tape.3]
ring = true
[case.put]
SECOND = "FIRST"
[case.words]
FIRST = 1.5
112 = 73
"FIRST+1" = 73
[case.registers]
xr2 = 5
[case.reel.3]
marks = 1
records = [[1.5, "FIRST"]]
"#;
    let (folder, text, code) = own(exercise, WRITER);
    assert_eq!(code, Some(0), "{text}");
    // nothing but the two files is there afterwards
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    for (from, to, told) in [
        ("[\"REW\"]", "[\"CPY\"]", "a program without CPY"),
        ("most-words = 20", "most-words = 10", "at most 10 words"),
        ("most-cycles = 20000", "most-cycles = 20", "at most 20 cycles"),
        ("sense = [2]", "sense = []", "expected: stop hpr 107"),
        ("marks = 1", "marks = 2", "found:    1 file mark"),
        ("records = [[1.5, \"FIRST\"]]", "records = 2", "found:    1 record"),
        ("records = [[1.5, \"FIRST\"]]", "records = [[1.5, 8]]", "expected: 8 (000000000010)"),
        ("FIRST = 1.5", "FIRST = 1.25", "found:    1.5 (201600000000)"),
        ("\"xr2 5\"", "\"xr2 6\"", "found:    00005"),
        ("not executes TIX", "executes TIX", "never execute TIX"),
        ("not executes TIX", "not executes CPY", "it is so: executes CPY"),
        ("ring = true", "ring = false", "waits for a unit that will not come"),
    ] {
        assert!(exercise.contains(from), "{from}");
        let (_, text, code) = own(&exercise.replace(from, to), WRITER);
        assert_eq!(code, Some(1), "{to}: {text}");
        assert!(text.contains(told), "{to}: no `{told}` in: {text}");
    }
}

/// Stops, stores what the operator has entered into MQ, and copies a card to the punch.
const ASKER: &str = "       ORG 64
START  HTR GO
GO     STQ X
       RCD
       LXA K24,1
NEXT   CPY CARD+24,1
       TRA MORE
       HTR START
       HTR START
MORE   TIX NEXT,1,1
       WPU
       LXA K24,1
OUT    CPY CARD+24,1
       TIX OUT,1,1
       HPR 5
K24    DEC 24
X      DEC 0
CARD   BSS 24
       END START
";

#[test]
fn an_operator_works_in_an_exercise() {
    let exercise = r#"
title = "an operator"
[[case]]
keys = "000000000123"
cards-file = "deck.txt"
stop = "hpr"
punched = "HELLO"
[case.words]
X = 83
[[case.operator]]
at-stop = true
do = "manual"
[[case.operator]]
at-stop = true
do = "press enter-mq"
[[case.operator]]
at-stop = true
do = "automatic"
[[case.operator]]
at-stop = true
do = "start"
[[case]]
name = "from a reel"
load = "tape"
continue = 1
cards = "HELLO AGAIN"
stop = "hpr"
punched = "HELLO AGAIN"
"#;
    let run = |exercise: &str| {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("own.toml", exercise), ("mine.sap", ASKER), ("deck.txt", "HELLO\n")] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        said(&in_folder(folder.path(), &["lesson", "check", "own.toml", "mine.sap"]))
    };
    let (text, code) = run(exercise);
    assert_eq!(code, Some(0), "{text}");
    for (from, to, told) in [
        ("000000000123", "000000000124", "found:    84 (000000000124)"),
        ("deck.txt", "deck.sap", "deck.sap: "),
        ("continue = 1", "continue = 0", "from a reel: stop: HTR 00101 at 00100 (START)"),
        ("\"HELLO AGAIN\"\nstop", "\"HELLO\"\nstop", "punched cards, line 1"),
        ("do = \"manual\"", "do = \"deposit Y 5\"", "`Y` is neither an octal address nor a symbol"),
    ] {
        assert!(exercise.contains(from), "{from}");
        let (text, code) = run(&exercise.replace(from, to));
        assert_eq!(code, Some(if to == "deck.sap" { 2 } else { 1 }), "{to}: {text}");
        assert!(text.contains(told), "{to}: no `{told}` in: {text}");
    }
}

#[test]
fn an_exercise_that_is_wrong_itself_says_where() {
    for (exercise, told) in [
        ("title = \"x\"", "at least one [[case]]"),
        ("title = \"x\"\n[[case]]\npapper = \"y\"", "unknown field `papper`"),
        ("title = \"x\"\n[[case]]\nexpect = [\"SUM 9\"]", "expected an octal word after SUM, found `9`"),
        (
            "title = \"x\"\n[[case]]\nexpect = [\"light sense-light-9 on\"]",
            "there is no light `sense-light-9`",
        ),
        ("title = \"x\"\n[[case]]\nstop = \"divide\"", "`divide` is no kind of stop"),
        ("title = \"x\"\nrequired = [\"XYZ\"]\n[[case]]", "`XYZ` is no operation"),
        ("title = \"x\"\nlimit = 1000000000000\n[[case]]", "at most 100000000 machine cycles"),
        ("title = \"x\"\n[[case]]\n[case.tape.11]", "tape.11: expected a unit, 1 to 10"),
        ("title = \"x\"\n[[case]]\n[case.registers]\nxr3 = 1", "registers.xr3"),
        ("title = \"x\"\n[[case]]\nsense = [7]", "7 is no sense switch"),
        ("title = \"x\"\n[[case]]\n[[case.operator]]\ndo = \"start\"", "needs either `at = CYCLE`"),
        ("title = \"x\"\n[[case]]\n[[case.operator]]\nat = 1\ndo = \"dance\"", "dance"),
        (
            "title = \"x\"\n[[case]]\ncards-file = \"/etc/passwd\"",
            "expected a file in the folder of the exercise",
        ),
        (
            "title = \"x\"\n[[case]]\n[case.tape.1]\nfile = \"../x.tap\"",
            "expected a file in the folder of the exercise",
        ),
        ("title = \"x\"\n[[case]]\n[case.tape.1]\ntext = \"nothing\"", "tape.1.text"),
        ("title = \"x\"\n[[case]]\n[[case.mistake]]\nwhen = []\nsay = \"x\"", "`when` has no condition"),
    ] {
        let (_, text, code) = own(exercise, WRITER);
        assert_eq!(code, Some(2), "{exercise}: {text}");
        assert!(text.contains(told), "{exercise}: no `{told}` in: {text}");
    }
}

#[test]
fn a_program_of_a_stranger_is_bounded() {
    // a loop without an end, with printing in it
    let program = "       ORG 64\nSTART  WPR\n       TRA START\n       END START\n";
    let (folder, text, code) = own("title = \"x\"\n[[case]]\n", program);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("is there a loop without an end?"), "{text}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    let (_, text, code) = own("title = \"x\"\n[[case]]\n", "\u{0}\u{1}\u{2}");
    assert_eq!(code, Some(6), "{text}");
    assert!(!text.contains("panicked"), "{text}");
}

#[test]
fn a_program_may_be_a_deck_or_a_core_image() {
    let folder = tempfile::tempdir().unwrap();
    let files = [("09-answer.sap", "card.cbn", "cbn"), ("03-answer.sap", "largest.oct", "oct")];
    for (program, file, form) in files {
        let source = fs::read_to_string(root().join("programs/lessons").join(program)).unwrap();
        let output = asm704::assemble::assemble(&source, &asm704::assemble::Options::default());
        let bytes = match form {
            "cbn" => asm704::deck::to_cbn(output.cards()),
            _ => asm704::deck::to_oct(output.core_image(), output.start()).into_bytes(),
        };
        fs::write(folder.path().join(file), bytes).unwrap();
    }
    let (text, code) = said(&in_folder(folder.path(), &["lesson", "check", "9", "card.cbn"]));
    assert_eq!(code, Some(0), "{text}");
    let (text, code) = said(&in_folder(folder.path(), &["lesson", "check", "3", "largest.oct"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("symbols are not known: check its source"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_pager_shows_the_lesson_when_asked_for() {
    let paged = |pager: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        said(&command.args(["lesson", "1", "--pager"]).env("PAGER", pager).output().unwrap())
    };
    let (text, code) = paged("tr a-z A-Z");
    assert!(text.contains("THAT IS ALL. THE ANSWER IS IN THE THIRD LINE"), "{text}");
    assert_eq!(code, Some(0));
    // without one the lesson is printed anyway
    let (text, code) = paged("/no/such/pager");
    assert!(text.contains("That is all. The answer is in the third line"), "{text}");
    assert_eq!(code, Some(0));
}

/// The program of docs/teachers.md, corrected.
#[test]
fn the_exercise_of_the_page_can_be_passed() {
    let program = fs::read_to_string(root().join("programs/teachers/mine.sap")).unwrap();
    let right = program
        .replace("       STO MEAN\n", "       LRS 35\n       DVP FOUR\n       STQ MEAN\n")
        .replace("MEAN   BSS 1\n", "MEAN   BSS 1\nFOUR   DEC 4\n");
    let exercise = fs::read_to_string(root().join("programs/teachers/mean.toml")).unwrap();
    let (_, text, code) = own(&exercise, &right);
    assert_eq!(code, Some(0), "{text}");
}

/// Every key that an exercise may have stands in a table of docs/teachers.md.
#[test]
fn the_page_of_teachers_has_every_key() {
    let page = fs::read_to_string(root().join("docs/teachers.md")).unwrap();
    let (_, tables) = page.split_once("## Every key").unwrap();
    let mut keys = 0;
    for exercise in [
        "title = \"x\"\nnothing = 1",
        "title = \"x\"\n[[case]]\nnothing = 1",
        "title = \"x\"\n[[case]]\n[case.tape.1]\nnothing = 1",
        "title = \"x\"\n[[case]]\n[case.reel.1]\nnothing = 1",
        "title = \"x\"\n[[case]]\n[case.film]\nnothing = 1",
        "title = \"x\"\n[[mistake]]\nnothing = 1",
        "title = \"x\"\n[[case]]\n[[case.operator]]\nnothing = 1",
    ] {
        let (_, text, code) = own(exercise, WRITER);
        assert_eq!(code, Some(2), "{text}");
        let (_, expected) = text.split_once("expected ").unwrap();
        for key in expected.split('`').skip(1).step_by(2) {
            keys += 1;
            let named = ["`KEY`", "`[case.KEY", "`[[KEY]]`", "`[[case.KEY]]`"];
            assert!(named.iter().any(|form| tables.contains(&form.replace("KEY", key))), "{key}");
        }
    }
    assert!(keys > 40, "{keys}");
}

/// What is wrong with an exercise is the teacher's, whatever the student wrote: exit code 2, with the key.
#[test]
fn a_wrong_exercise_is_told_before_the_program_is_looked_at() {
    let program = "       ORG 64\nS      HTR S\nN      DEC 1\n       END S\n";
    for (case, named) in [
        ("cards = \"\\tA\\u001b\"", "cards:"),
        ("[case.words]\n\"N+9\" = 1", "words.N+9: expected a symbol and an octal distance"),
        ("[case.words]\n\"100000\" = 1", "words.100000: expected an octal address"),
        ("[case.words]\n\"N+100000\" = 1", "words.N+100000: expected"),
        ("[case.words]\n\"N-1\" = 1", "words.N-1: expected"),
        ("[case.words]\nN = []", "words.N: expected at least one word"),
        ("[case.put]\n100000 = 1", "put.100000: expected"),
        ("[case.tape.01]\nmarks = 1", "tape.01: expected a unit"),
        ("[case.film]\ndark = [[1024, 0]]", "each from 0 to 1023"),
        ("[case.film]\nlit = [[1, 2, 3]]", "expected points [X, Y]"),
    ] {
        let (_folder, text, code) = own(&format!("title = \"t\"\n[[case]]\n{case}\n"), program);
        assert!(code == Some(2) && text.contains(named), "{case}: {code:?} {text}");
    }
}

/// A deck that does not load itself halts at once, at a word outside of the program: that is no good end.
#[test]
fn a_program_that_was_not_loaded_is_not_right() {
    let program = "       ORG 64\nS      HTR S\n       END S\n";
    let (_folder, text, code) = own("title = \"t\"\n[[case]]\nload = \"cards\"\n", program);
    assert!(code == Some(1) && text.contains("which the LOAD key must have loaded"), "{code:?} {text}");
}
