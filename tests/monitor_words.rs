//! The monitor's words: programs with errors, deposits of instructions, files of commands, and habits of other emulators.
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

const RIGHT: &str = "       ORG 64
START  CLA ONE
       ADD ONE
       STO SUM
       HTR START
ONE    OCT 1
SUM    OCT 0
       END START
";

fn emu704(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.args(args).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // a command that refuses its arguments reads nothing
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> (String, String, i32) {
    (
        String::from_utf8(output.stdout.clone()).unwrap(),
        String::from_utf8(output.stderr.clone()).unwrap(),
        output.status.code().unwrap(),
    )
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("wrong.sap"), WRONG).unwrap();
    fs::write(folder.path().join("right.sap"), RIGHT).unwrap();
    folder
}

/// A monitor over a program of 4,096 words.
fn over(source: &str) -> Monitor {
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(source).unwrap();
    Monitor::new(Debugger::new(room))
}

/// What a line says; the machine goes to its stop, if the line lets it.
fn say(monitor: &mut Monitor, line: &str) -> Result<String, MonitorError> {
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

fn refused(monitor: &mut Monitor, line: &str) -> String {
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
    let program = root().join("programs/lessons/02-answer.sap");
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
    assert_eq!((code, out.contains("stop: HTR at 00103")), (0, true), "{out}");
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
    // all of core is one moment for those who look back
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
            "stop: HTR at 00103 START+3",
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
fn conditions_decide() {
    let mut monitor = over(RIGHT);
    say(&mut monitor, "go").unwrap();
    for (line, expected) in [
        ("if ac = 2 then echo yes", "yes"),
        ("if AC==2 then echo yes", "yes"),
        ("if (ac==2) echo yes", "yes"),
        ("if (SUM > 1 and xra = 0) echo yes", "yes"),
        ("if SUM != 2 then echo no", ""),
        ("if SUM = 2 then if ac < 2 then echo no", ""),
        ("if SUM = 2 then if ac < 3 then echo yes", "yes"),
        ("assert ac = 2 and SUM = [SUM]", ""),
        ("assert (SUM==2)", ""),
        ("assert stop htr 103", ""),
        ("assert SUM 2", ""),
        ("; a comment", ""),
    ] {
        assert_eq!(say(&mut monitor, line).expect(line), expected, "{line}");
    }
    for line in ["if", "if ac = 2", "if ac = 2 then", "if (ac = 2", "if ac then go", "assert", "assert SUM 3"]
    {
        refused(&mut monitor, line);
    }
    // as many as a line holds
    let deep = format!("{}echo deep", "if ac = 2 then ".repeat(4000));
    assert_eq!(say(&mut monitor, &deep).unwrap(), "deep");
}

/// Row 1 of a card with A in column 1, row 12 with it: A is 12 and 1 punched.
#[test]
fn text_is_sent_as_cards() {
    let mut monitor = over(RIGHT);
    assert_eq!(say(&mut monitor, r#"send "A\n""#).unwrap(), "1 in the hopper, 0 read, 0 punched");
    assert_eq!(
        say(&mut monitor, r#"send "FIRST 1\nSECOND, 2""#).unwrap(),
        "3 in the hopper, 0 read, 0 punched"
    );
    assert_eq!(say(&mut monitor, "show cdr").unwrap(), "3 in the hopper, 0 read, 0 punched");
    let read = "       ORG 64\nSTART  RCD\n       LXD COUNT,1\nCOPY   CPY CARD+24,1\n       TIX COPY,1,1\n       HTR START\nCOUNT  HTR 0,0,24\nCARD   BSS 24\n       END START\n";
    let mut reads = over(read);
    say(&mut reads, r#"send "A\n""#).unwrap();
    assert!(say(&mut reads, "go").unwrap().starts_with("stop: HTR"));
    let card = reads.debugger.room.address("CARD").unwrap();
    let rows: Vec<u16> = (0..24).filter(|n| reads.machine().core.peek(card + n).bits() != 0).collect();
    // left halves of rows 1 and 12: the ninth and the twelfth pair
    assert_eq!(rows, [16, 22]);
    assert_eq!(reads.machine().core.peek(card + 16).bits(), 1 << 35);
    let long = "X".repeat(73);
    for text in [&long, "A\u{e9}B", ""] {
        refused(&mut monitor, &format!("send {text}"));
    }
    assert_eq!(monitor.machine().card_reader().in_hopper(), 3);
}

#[test]
fn words_of_other_emulators_work_or_say_what_to_use() {
    let mut monitor = over(RIGHT);
    for (line, expected) in [
        ("c", "stop: HTR at 00103 START+3"),
        ("go until 102", "break: "),
        ("set sense 2 on", ""),
        ("set break 102", ""),
        ("set cpu history=50", ""),
        ("detach all", ""),
        ("e ONE/2", "00104 000000000001  ONE"),
    ] {
        let found = say(&mut monitor, line).expect(line);
        assert!(found.starts_with(expected) && found.is_empty() == expected.is_empty(), "{line}: {found}");
    }
    assert!(monitor.machine().console.sense_switches[1]);
    let state = say(&mut monitor, "ex state").unwrap();
    for part in ["AC +00", "XR A", "IC 00102", "sense switches down: 2", "no reels", "in the hopper"] {
        assert!(state.contains(part), "{part}: {state}");
    }
    assert_eq!(say(&mut monitor, "show break").unwrap(), "at 00102");
    assert_eq!(say(&mut monitor, "show version").unwrap(), format!("emu704 {}", env!("CARGO_PKG_VERSION")));
    assert!(say(&mut monitor, "show").unwrap().contains("switches | breakpoints"));
    for topic in say(&mut monitor, "show").unwrap().trim_start_matches("show ").split(" | ") {
        say(&mut monitor, &format!("show {topic}")).expect(topic);
    }
    for (line, instead) in [
        ("goto X", "`if`, `do` and `return`"),
        ("!ls", "no commands of the host"),
        ("attach lpt paper", "--print FILE"),
        ("attach -n mt1 x", "`ring`"),
        ("set mt1 locked", "ring"),
        ("set cpu 8k", "--core"),
        ("boot mt2", "tape 1"),
        ("boot lpt", "LOAD keys"),
        ("reset all", "`clear`"),
        ("expect \"HELLO\" echo x", "expect print"),
        ("exmaine 100", "did you mean `examine`?"),
        ("show moon", "expected: show"),
        ("set moon 1", "expected: set"),
    ] {
        let error = refused(&mut monitor, line);
        assert!(error.contains(instead) && error.lines().count() == 1, "{line}: {error}");
    }
    assert!(say(&mut monitor, "boot mt1").unwrap().contains("no reel is mounted on tape 1"));
    // a program may have a symbol that is a word here
    let mut monitor = over("       ORG 64\nSTATE  HTR STATE\nANYWAY HTR ANYWAY\n       END STATE\n");
    assert!(say(&mut monitor, "examine state").unwrap().starts_with("00100 000000000100  STATE"));
    assert_eq!(say(&mut monitor, "go anyway").unwrap(), "stop: HTR at 00101 ANYWAY");
}

#[test]
fn help_has_details_and_examples() {
    let mut monitor = over(RIGHT);
    let help = say(&mut monitor, "help do").unwrap();
    assert!(help.contains("%1 to %9") && help.ends_with("\n  do check.do SUM 12"), "{help}");
    assert!(say(&mut monitor, "help dep").unwrap().contains("d 200 CLA SUM"));
    assert!(say(&mut monitor, "help").unwrap().contains("\nassert "));
}

#[test]
fn a_session_ends_with_the_code_that_it_names() {
    let folder = folder();
    for (input, expected) in [
        ("exit 3\n", 3),
        ("expect ac 1\nexit 0\n", 0),
        ("quit\n", 0),
        ("expect ac 1\nquit\n", 1),
        ("exit 256\n", 1),
    ] {
        let (out, _, code) = said(&emu704(folder.path(), &["monitor"], input));
        assert_eq!(code, expected, "{input}{out}");
    }
    // an assertion ends the script, an expectation does not
    for (word, last) in [("assert", false), ("expect", true)] {
        let input = format!("{word} ac 1\necho last\n");
        let (out, _, code) = said(&emu704(folder.path(), &["monitor"], &input));
        assert_eq!((code, out.contains("last")), (1, last), "{out}");
    }
}

#[test]
fn an_ini_beside_the_program_is_done_when_it_is_asked_for() {
    let folder = folder();
    fs::write(folder.path().join("right.ini"), "echo %0\nbreak 102\nexamine nowhere\n").unwrap();
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "right.sap"], "break\n"));
    assert_eq!((out.as_str(), code), ("no breakpoints\n", 0));
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "--ini", "right.sap"], "break\n"));
    assert!(out.starts_with("right.ini\n? right.ini:3: "), "{out}");
    assert!(out.ends_with("\nat 00102\n"), "{out}");
    assert_eq!(code, 1);
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "--ini", "wrong.sap"], "quit\n"));
    assert!(out.starts_with("? --ini: wrong.ini: "), "{out}");
    assert_eq!(code, 1);
}

/// docs/simh.md shows the session, from attach to exit, as it is.
#[test]
fn the_page_for_simh_users_shows_a_session() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name: &str| folder.path().join(name);
    fs::create_dir_all(made("programs/lessons")).unwrap();
    for name in ["programs/simh.do", "programs/check.do", "programs/lessons/02-hello.sap"] {
        fs::copy(root().join(name), made(name)).unwrap();
    }
    let args = ["monitor", "--core", "4k", "--script", "programs/simh.do"];
    let (out, err, code) = said(&emu704(folder.path(), &args, ""));
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let script = fs::read_to_string(made("programs/simh.do")).unwrap();
    for line in script.lines() {
        assert!(out.contains(&format!("> {line}\n")), "{line}: {out}");
    }
    assert!(!out.contains("\n? "), "{out}");
    let page = root().join("docs/simh.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once("\n```text\n").unwrap();
    let (shown, behind) = rest.split_once("```").unwrap();
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        fs::write(&page, format!("{before}\n```text\n{out}```{behind}")).unwrap();
        return;
    }
    assert_eq!(shown, out, "EMU704_WRITE_DOCS=1 writes it anew");
}

/// What the table of docs/simh.md has in its second column works, or is an option.
#[test]
fn the_table_for_simh_users_is_true() {
    let text = fs::read_to_string(root().join("docs/simh.md")).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 30, "{}", rows.len());
    for row in rows {
        let [habit, ours, ..] = row.as_slice() else { panic!("{row:?}") };
        let column = if ours.starts_with("the same") { habit } else { ours };
        for code in column.split('`').skip(1).step_by(2) {
            let word = code.split_whitespace().next().unwrap();
            let known = word.starts_with("--")
                || word.starts_with(['#', ';'])
                || emu704::monitor::help(Some(word)).is_ok();
            assert!(known, "{code}: {row:?}");
        }
    }
}
