//! The monitor's words: paper at a stop, programs with errors, deposits of instructions, files of commands.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common::root;
use emu704::monitor::{Monitor, MonitorError, Reply};
use emu704::{Config, CoreSize, Debugger, Room};

/// TWO is nowhere: the ADD has address 0.
const WRONG: &str = "       ORG 64
START  CLA ONE
       ADD TWO
       STO NONE
       HTR START
ONE    OCT 1
       END START
";

pub(crate) const RIGHT: &str = "       ORG 64
START  CLA ONE
       ADD ONE
       STO SUM
       HTR START
ONE    OCT 1
SUM    OCT 0
       END START
";

pub(crate) fn emu704(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.args(args).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // a command that refuses its arguments reads nothing
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub(crate) fn said(output: &Output) -> (String, String, i32) {
    (
        String::from_utf8(output.stdout.clone()).unwrap(),
        String::from_utf8(output.stderr.clone()).unwrap(),
        output.status.code().unwrap(),
    )
}

pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("wrong.sap"), WRONG).unwrap();
    fs::write(folder.path().join("right.sap"), RIGHT).unwrap();
    folder
}

/// A monitor over a program of 4,096 words.
pub(crate) fn over(source: &str) -> Monitor {
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(source).unwrap();
    Monitor::new(Debugger::new(room))
}

/// What a line says; the machine goes to its stop, if the line lets it.
pub(crate) fn say(monitor: &mut Monitor, line: &str) -> Result<String, MonitorError> {
    Ok(match monitor.command(line)? {
        Reply::Text(text) => text,
        Reply::Goes { until } => {
            monitor.debugger.advance(until.unwrap_or(u64::MAX), None).unwrap();
            monitor.debugger.stop();
            monitor.debugger.pause_text()
        }
        Reply::Quit { code } => format!("quit {code:?}"),
    })
}

pub(crate) fn refused(monitor: &mut Monitor, line: &str) -> String {
    say(monitor, line).expect_err(line).to_string()
}

/// All that a program has printed stands before the words that say that it has stopped.
#[test]
fn each_line_that_was_printed_is_shown_at_the_stop() {
    let folder = tempfile::tempdir().unwrap();
    let mut printing = 0;
    for entry in fs::read_dir(root().join("programs/lessons")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "sap") {
            continue;
        }
        let program = path.to_str().unwrap();
        let limit = 3_000_000;
        let args = ["run", program, "--print", "paper", "--limit", &limit.to_string(), "--run-anyway"];
        emu704(folder.path(), &args, "");
        let paper = fs::read_to_string(folder.path().join("paper")).unwrap_or_default();
        let _ = fs::remove_file(folder.path().join("paper"));
        printing += usize::from(!paper.is_empty());
        let (out, err, _) =
            said(&emu704(folder.path(), &["monitor", program], &format!("run {limit}\nexamine ic\n")));
        let rest = out.strip_prefix(&paper).unwrap_or_else(|| panic!("{program}: {out}{err}"));
        // the stop, the answer to `examine`, and nothing more
        let rest: Vec<&str> = rest.lines().collect();
        assert!(rest.len() == 2 && rest[1].starts_with("IC "), "{program}: {rest:?}");
    }
    assert!(printing >= 3, "{printing}");
}

/// A line is shown once, though the machine stops behind each; one that the cycle has not struck is not shown.
#[test]
fn a_line_is_shown_when_its_cycle_has_printed_it_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let program = root().join("programs/lessons/03-answer-lines.sap");
    let input = "break select printer\ngo\ngo\ngo\nstep\nrun 3000\nnobreak all\ngo\n";
    let (out, err, _) = said(&emu704(folder.path(), &["monitor", program.to_str().unwrap()], input));
    let lines: Vec<&str> = out.lines().collect();
    let breaks: Vec<usize> = (0..lines.len()).filter(|n| lines[*n].starts_with("break: ")).collect();
    let hellos: Vec<usize> = (0..lines.len()).filter(|n| lines[*n] == "THE 704 SAYS HELLO").collect();
    // the third line is on its way while `step` and `run` stop the machine
    assert_eq!(
        (breaks.as_slice(), hellos.as_slice()),
        ([0, 2, 4].as_slice(), [1, 3, 7].as_slice()),
        "{out}{err}"
    );
    assert!(lines[8].starts_with("stop: HTR"), "{out}");
}

/// A 9 in column 1, a stop, and a 9 in column 2 of the same line: exit 5 keeps the paper where it is. On the paper of a file
/// the line is one.
#[test]
fn a_line_that_is_struck_over_after_a_stop_is_shown_again() {
    let folder = folder();
    let source = "       ORG 64\nSTART  WPR\n       CPY FIRST\n       HTR AGAIN\nAGAIN  WPR\n       SPR 5\n       CPY SECOND\n       HTR START\nFIRST  OCT 400000000000\nSECOND OCT 200000000000\n       END START\n";
    fs::write(folder.path().join("over.sap"), source).unwrap();
    let (out, err, _) = said(&emu704(folder.path(), &["monitor", "over.sap"], "go\nexamine ac\ngo\n"));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[3]), (5, "9", "99"), "{out}{err}");
    assert!(lines[1].starts_with("stop: HTR") && lines[4].starts_with("stop: HTR"), "{out}");
    emu704(folder.path(), &["monitor", "over.sap", "--print", "paper"], "go\nexamine ac\ngo\n");
    assert_eq!(fs::read_to_string(folder.path().join("paper")).unwrap(), "99\n");
    // in the past nothing is printed again, nor on the way back to the present
    let (out, _, _) = said(&emu704(folder.path(), &["monitor", "over.sap"], "go\ngo\nback 3\ngo\ngo\n"));
    let nines: Vec<&str> = out.lines().filter(|line| line.starts_with('9')).collect();
    assert_eq!(nines, ["9", "99", "9"], "{out}");
}

#[test]
fn a_program_with_errors_goes_only_when_it_is_told_twice() {
    let folder = folder();
    for line in ["go", "run", "run 100", "start", "start 100", "press start", "until 103", "go 100"] {
        let (out, err, code) =
            said(&emu704(folder.path(), &["monitor", "wrong.sap"], &format!("{line}\nexpect cycles 0\n")));
        assert_eq!(code, 1, "{line}: {out}");
        assert_eq!(out, "? line:1: wrong.sap has 2 errors; `go anyway` lets it go as it is\n", "{line}");
        assert!(err.contains("`TWO` is not defined"), "{err}");
        assert!(err.contains("wrong.sap: 2 errors; it is in core as it is\n"), "{err}");
    }
    // ADD adds what is in 0, at first 0, and STO puts the sum there; a step is a look, and asks nobody
    let input = "step\ngo anyway\nexpect ac 1\ngo\nexpect ac 2\n";
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "wrong.sap"], input));
    assert_eq!(code, 0, "{out}");
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "wrong.sap", "--run-anyway"], "go\n"));
    assert_eq!((code, out.contains("stop: HTR 00100 at 00103 (START+3)")), (0, true), "{out}");
    // it is the program in core that counts
    let input = "go\nload right.sap\ngo\nexpect SUM 2\nload wrong.sap\ngo\nclear\ngo\n";
    let (out, _, _) = said(&emu704(folder.path(), &["monitor", "right.sap"], input));
    assert!(
        out.contains("wrong.sap: 2 errors; it is in core as it is\n  line 3: `TWO` is not defined\n"),
        "{out}"
    );
    let failed: Vec<&str> = out.lines().filter(|line| line.starts_with('?')).collect();
    assert_eq!(failed, ["? line:6: wrong.sap has 2 errors; `go anyway` lets it go as it is"]);
    let (out, err, code) = said(&emu704(folder.path(), &["bench", "wrong.sap"], ""));
    assert_eq!((out.as_str(), code), ("", 8), "{err}");
}

/// The words were worked out by hand: operation, tag and address; DEC 10 is 12, A, a blank and B are 21, 60 and 22.
#[test]
fn an_instruction_can_be_deposited() {
    let mut monitor = over(RIGHT);
    for (text, word) in [
        ("CLA SUM", "050000000105"),
        ("cla sum", "050000000105"),
        ("ADD SUM+1,1", "040000100106"),
        ("TIX 200,1,2", "200002100200"),
        ("TXH 0,4,77777", "377777400000"),
        ("ALS 43", "076700000043"),
        ("CHS", "076000000002"),
        ("TRA *", "002000000200"),
        ("TRA *+1", "002000000201"),
        ("DEC 10", "000000000012"),
        ("DEC -1", "400000000001"),
        ("BCD 1A B", "216022606060"),
        ("OCT 777", "000000000777"),
        ("123", "000000000123"),
    ] {
        assert_eq!(say(&mut monitor, &format!("d 200 {text}")).expect(text), "");
        assert_eq!(monitor.machine().core.peek(0o200).to_string(), word, "{text}");
        let evaluated = say(&mut monitor, &format!("evaluate {text}")).expect(text);
        assert!(text.contains('*') || evaluated.starts_with(word), "{evaluated}");
    }
    let before = monitor.machine().core.peek(0o200);
    for (text, why) in [
        ("CLA NOBODY", "`NOBODY` is not defined"),
        ("FROB 5", "FROB"),
        ("CLA 9", "`9` is not an octal number"),
        ("DEC 1,2", "2 words, expected 1"),
        ("ORG 100", "0 words, expected 1"),
        ("12345670123456701", "is not a word"),
    ] {
        let error = refused(&mut monitor, &format!("d 200 {text}"));
        assert!(error.contains(why), "{text}: {error}");
    }
    assert_eq!(monitor.machine().core.peek(0o200), before);
}

#[test]
fn a_range_is_filled_at_once() {
    let mut monitor = over(RIGHT);
    let core = |monitor: &Monitor, at| monitor.machine().core.peek(at).bits();
    for (line, first, last) in
        [("d 200-207 5", 0o200, 0o207), ("d 300/10 5", 0o300, 0o311), ("d SUM:SUM+1 5", 0o105, 0o106)]
    {
        assert_eq!(say(&mut monitor, line).expect(line), "");
        for at in first..=last {
            assert_eq!(core(&monitor, at), 5, "{line}: {at:o}");
        }
        assert_eq!((core(&monitor, first - 1) == 5, core(&monitor, last + 1)), (false, 0), "{line}");
    }
    assert_eq!(say(&mut monitor, "d 400/3 TRA *").unwrap(), "");
    assert_eq!([0o400, 0o401, 0o402].map(|at| core(&monitor, at) & 0o77777), [0o400, 0o401, 0o402]);
    for line in ["d 207-200 1", "d 200/0 1", "d 7777/2 1", "d 200/x 1", "d 200- 1", "d 7777-10000 1"] {
        refused(&mut monitor, line);
    }
    // all of core is one moment when looking back
    assert_eq!(say(&mut monitor, "d 0-7777 7").unwrap(), "");
    let points = say(&mut monitor, "history").unwrap();
    assert!(points.ends_with("6 points"), "{points}");
}

/// Runs the lines of files to their end; what is said, line by line.
fn files(monitor: &mut Monitor, line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut place = "line".to_owned();
    let mut text = Some(line.to_owned());
    loop {
        match text.map(|text| say(monitor, &text)) {
            Some(Ok(text)) if text.is_empty() => {}
            Some(Ok(text)) => all.push(text),
            Some(Err(error)) => all.push(format!("? {place}: {error}")),
            None => all.push(format!("? {place}: too long")),
        }
        let Some(next) = monitor.next_line() else { return all };
        (place, text) = (next.place, next.text);
    }
}

/// Files by their names, to be read.
pub(crate) struct Shelf(pub(crate) Vec<(&'static str, String)>);

impl emu704::room::Files for Shelf {
    fn wire(&mut self, to: &str) -> Result<emu704::media::wire::NewWire, emu704::room::FileError> {
        emu704::room::NoFiles.wire(to)
    }
    fn record(&mut self, name: &Path) -> Result<Box<dyn std::io::Write>, emu704::room::FileError> {
        emu704::room::NoFiles.record(name)
    }
    fn reel(
        &mut self,
        name: &Path,
        ring: bool,
    ) -> Result<Box<dyn emu704::reels::ReelBytes>, emu704::room::FileError> {
        emu704::room::NoFiles.reel(name, ring)
    }
    fn read(&mut self, name: &Path) -> Result<Vec<u8>, emu704::room::FileError> {
        let found = self.0.iter().find(|(file, _)| Path::new(file) == name);
        found.map(|(_, text)| text.clone().into_bytes()).ok_or_else(|| emu704::room::FileError::new("none"))
    }
    fn is_packed(&self, _: &Path) -> bool {
        false
    }
    fn exists(&self, _: &Path) -> bool {
        false
    }
    fn is_stream(&self, _: &Path) -> bool {
        false
    }
    fn is_same(&self, one: &Path, other: &Path) -> bool {
        one == other
    }
    fn is_near(&self, _: &Path, _: &Path) -> bool {
        false
    }
    fn may_write(&mut self, name: &Path) -> Result<(), emu704::room::FileError> {
        emu704::room::NoFiles.may_write(name)
    }
    fn write(&mut self, name: &Path, bytes: &[u8]) -> Result<(), emu704::room::FileError> {
        emu704::room::NoFiles.write(name, bytes)
    }
    fn create(&mut self, name: &Path) -> Result<Box<dyn std::io::Write>, emu704::room::FileError> {
        emu704::room::NoFiles.create(name)
    }
}

#[test]
fn files_of_commands_have_arguments_and_stand_inside_each_other() {
    let mut monitor = over(RIGHT);
    let shelf = vec![
        ("outer", "echo begin %1\ndo inner SUM %1\necho end\n".to_owned()),
        ("inner", "go\nexpect %1 %2\nexamine nowhere\nreturn\necho not here\n".to_owned()),
        ("self", "echo %0\ndo self\n".to_owned()),
        ("assert", "do asserts\necho not here\n".to_owned()),
        ("asserts", "assert SUM = 3\n".to_owned()),
        ("long", "echo %1%1%1\n".to_owned()),
        ("huge", "x".repeat((1 << 20) + 1)),
    ];
    monitor.debugger.room.files = Box::new(Shelf(shelf));
    let all = files(&mut monitor, "do outer 3");
    let nowhere = "`nowhere` is neither an octal address nor a symbol of the program";
    assert_eq!(
        all,
        [
            "begin 3",
            "stop: HTR 00100 at 00103 (START+3)",
            "? inner:2: expected SUM 000000000003, found 000000000002",
            &format!("? inner:3: {nowhere}"),
            "end"
        ]
    );
    let all = files(&mut monitor, "do self");
    assert_eq!(all.iter().filter(|line| *line == "self").count(), 10, "{all:?}");
    assert_eq!(all[10], "? self:2: self: more than 10 files of commands inside each other");
    let all = files(&mut monitor, "do assert");
    assert_eq!(all, ["? asserts:1: it is not so that SUM = 3"]);
    assert!(!monitor.has_lines());
    let all = files(&mut monitor, &format!("do long {}", "y".repeat(30_000)));
    assert_eq!(all, ["? long:1: too long"]);
    for line in ["do huge", "do nowhere", "do -v outer", "do", "return"] {
        refused(&mut monitor, line);
    }
}

#[test]
fn help_has_details_and_examples() {
    let mut monitor = over(RIGHT);
    let help = say(&mut monitor, "help do").unwrap();
    assert!(help.contains("%1 to %9") && help.ends_with("\n  do check.do SUM 12"), "{help}");
    assert!(say(&mut monitor, "help dep").unwrap().contains("d 200 CLA SUM"));
    assert!(say(&mut monitor, "help").unwrap().contains("\nassert "));
}

/// The cards of data that a program runs into, and what the stop says of them.
#[test]
fn a_stop_in_data_says_so() {
    let program = |card: &str| format!("       ORG 64\nSTART  CLA START\n{card}\n       END START\n");
    for (card, expected) in [
        ("TWO    DEC 2", "stop: HTR 00002 at 00101 (TWO: DEC 2 is data: the program ran into it)"),
        (
            "       OCT 42000000777,1  ITEMS",
            "stop: HPR 00777 at 00101 (START+1: OCT 42000000777 is data: the program ran into it)",
        ),
        // 00 00 45 22 31 25, octal: HTR 22 31 25 is the address
        (
            "TEXT   BCD 2000000 BC",
            "stop: HTR 00000 at 00101 (TEXT: BCD 2000000 BC is data: the program ran into it)",
        ),
        // no such operation
        (
            "BAD    OCT 77700000000",
            "stop: undefined operation at 00101 (BAD: OCT 77700000000 is data: the program ran into it; ",
        ),
        // a halt that is written as one, whatever its comment says
        ("       HTR 2       DEC 2", "stop: HTR 00002 at 00101 (START+1)"),
        ("       PZE 2", "stop: HTR 00002 at 00101 (START+1)"),
    ] {
        let mut monitor = over(&program(card));
        let text = say(&mut monitor, "go").unwrap();
        let right = if expected.ends_with(' ') { text.starts_with(expected) } else { text == expected };
        assert!(right, "{card}: {text}");
        // a halt that the program, or a person, has put there is none of the card
        let mut monitor = over(&program(card));
        say(&mut monitor, "deposit 101 HTR 7").unwrap();
        let text = say(&mut monitor, "go").unwrap();
        assert!(text.starts_with("stop: HTR 00007 at 00101") && !text.contains("data"), "{card}: {text}");
    }
    // long text is cut
    let mut monitor = over(&program("LONG   BCD 90000001234567890123456789012345678901234567890"));
    let text = say(&mut monitor, "go").unwrap();
    assert!(text.contains("(LONG: BCD 900000012345678901234567890123... is data"), "{text}");
}

#[test]
fn a_stop_in_data_is_told_of_sources_in_free_form_and_in_reports() {
    let folder = folder();
    let free = "START CLA TWO\nTWO: DEC 2\n  END START\n";
    // in columns 8 to 10 of this line stands DEC; it is a comment
    let comment = "START CLA START\n HTR 0 DEC\n  END START\n";
    fs::write(folder.path().join("free.sapf"), free).unwrap();
    fs::write(folder.path().join("comment.sapf"), comment).unwrap();
    let told = "stop: HTR 00002 at 00001 (TWO: DEC 2 is data: the program ran into it)\n";
    let (_, talk, code) = said(&emu704(folder.path(), &["run", "free.sapf"], ""));
    assert!(talk.contains(told) && code == 0, "{talk}");
    let (paper, ..) = said(&emu704(folder.path(), &["monitor", "free.sapf"], "go\n"));
    assert!(paper.contains(told), "{paper}");
    let stop = |args: &[&str], input| {
        let (text, ..) = said(&emu704(folder.path(), args, input));
        let report: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        report["stop"].clone()
    };
    for stop in [stop(&["run", "free.sapf", "--json"], ""), stop(&["monitor", "free.sapf", "--json"], "go\n")]
    {
        assert_eq!((&stop["data"], &stop["line"]), (&"DEC 2".into(), &2.into()), "{stop}");
    }
    let halt = stop(&["run", "comment.sapf", "--json"], "");
    assert_eq!((&halt["data"], &halt["symbol"]), (&serde_json::Value::Null, &"START+1".into()), "{halt}");
}
