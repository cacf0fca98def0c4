//! How a session at the monitor and a measurement end: signals, readers that go away, names that would keep it waiting.
//! What was made until then is kept.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::kept::{PAPER, emu704, program, told};

/// A loop of one instruction, which writes nothing.
const LOOP: &str = "START  TRA START\n";

fn folder(body: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), "p.sap", body);
    folder
}

fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits for the end, but not forever.
fn end(mut child: Child) -> Output {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it goes on: {}", told(&child.wait_with_output().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// A monitor whose paper and drum are files, everything piped.
fn monitor(folder: &Path, more: &str) -> Child {
    let words = format!("monitor p.sap --print paper --drum 1=drum --trace trace {more}");
    let mut command = emu704(folder, &words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// All three are there, whole, and named as safe.
fn is_kept(folder: &Path, output: &Output, case: &str) {
    let text = told(output);
    for name in ["paper", "drum", "trace"] {
        assert!(folder.join(name).is_file(), "{case}: {name} is missing: {text}");
        fs::remove_file(folder.join(name)).unwrap();
    }
    assert!(text.contains("saved: paper, trace, drum"), "{case}: {text}");
    // the program, and perhaps a script
    assert!(fs::read_dir(folder).unwrap().count() <= 2, "{case}: something is left");
}

#[test]
fn a_monitor_that_cannot_speak_or_hear_keeps_what_was_made() {
    let folder = folder(PAPER);
    // its reader goes away
    let mut child = monitor(folder.path(), "");
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    writeln!(input, "run 1000000\nexamine 0").unwrap();
    let mut line = String::new();
    while !line.starts_with("00000 ") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0);
    }
    drop(output);
    // it may be gone when the last word comes
    let _ = writeln!(input, "help\nhelp");
    let output = end(child);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(fs::read_to_string(folder.path().join("paper")).unwrap().lines().count() > 5);
    is_kept(folder.path(), &output, "no reader");
    // a folder, where lines were expected
    let mut command = emu704(folder.path(), "monitor p.sap --print paper --drum 1=drum --trace trace");
    let output = command.stdin(File::open(folder.path()).unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    is_kept(folder.path(), &output, "a folder");
    // a script that is not one
    let output = end(monitor(folder.path(), "--script none"));
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("none: cannot read"), "{}", told(&output));
    is_kept(folder.path(), &output, "no script");
    // a full device
    if cfg!(target_os = "linux") {
        fs::write(folder.path().join("script"), "run 1000000\nhelp\n").unwrap();
        let words = "monitor p.sap --print paper --drum 1=drum --trace trace --script script";
        let mut command = emu704(folder.path(), words);
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert!(told(&output).contains("standard output: "), "{}", told(&output));
        is_kept(folder.path(), &output, "a full device");
    }
}

/// At the prompt, in a run without end, and before a script has come: one signal is enough. Two at once, as a shell that ends
/// sends them, are no more.
#[test]
fn a_signal_ends_a_monitor_and_what_was_made_is_kept() {
    let folder = folder(PAPER);
    let made = Command::new("mkfifo").arg(folder.path().join("fifo")).status().unwrap();
    assert!(made.success());
    for (case, lines, more, signals) in [
        ("prompt", "run 1000000\nexamine 0\n", "", &["-TERM"][..]),
        ("run", "examine 0\ngo\n", "", &["-INT"]),
        ("terminal", "examine 0\ngo\n", "", &["-HUP", "-TERM"]),
        ("script", "", "--script fifo", &["-INT"]),
    ] {
        let mut child = monitor(folder.path(), more);
        let mut input = child.stdin.take().unwrap();
        input.write_all(lines.as_bytes()).unwrap();
        if !lines.is_empty() {
            let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
            assert!(output.any(|line| line.unwrap().starts_with("00000 ")), "{case}");
            // the reader stays
            std::thread::spawn(move || output.for_each(drop));
        }
        std::thread::sleep(Duration::from_millis(200));
        for name in signals {
            signal(&child, name);
        }
        let output = end(child);
        assert_eq!(output.status.code(), Some(130), "{case}: {}", told(&output));
        is_kept(folder.path(), &output, case);
    }
}

/// To look through a long past takes minutes. A signal ends the search.
#[test]
fn a_search_in_the_past_can_be_interrupted() {
    let folder = folder(LOOP);
    for word in ["back write 7777", "who 7777", "back to 7777", "back 900000000"] {
        let mut child = monitor(folder.path(), "");
        let mut input = child.stdin.take().unwrap();
        // without the trace the machine has its fast loop
        writeln!(input, "trace off\nrun 2000000000\nexamine 0\n{word}").unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().starts_with("00000 ")), "{word}");
        std::thread::sleep(Duration::from_millis(100));
        signal(&child, "-INT");
        let output = end(child);
        assert_eq!(output.status.code(), Some(130), "{word}: {}", told(&output));
        let said: Vec<String> = lines.map_while(Result::ok).collect();
        assert_eq!(said, ["? line:4: interrupted"], "{word}");
        is_kept(folder.path(), &output, word);
    }
}

/// A way into the past.
type Search = fn(&mut emu704::Debugger) -> Result<(), emu704::debug::DebugError>;

/// A search that is given up changes nothing, and without a past to look through nothing asks.
#[test]
fn a_search_that_is_given_up_leaves_all_as_it_was() {
    use emu704::debug::DebugError;
    use emu704::{Config, CoreSize, Debugger, Room};
    use std::cell::Cell;
    use std::rc::Rc;
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(&format!("       ORG 64\n{LOOP}       END START\n")).unwrap();
    let mut debugger = Debugger::new(room);
    debugger.go();
    debugger.advance(1_000_000, None).unwrap();
    debugger.stop();
    let enough = Rc::new(Cell::new(true));
    let asked = Rc::clone(&enough);
    debugger.set_patience(Box::new(move || asked.get()));
    let searches: [Search; 6] = [
        |debugger| debugger.back(3),
        |debugger| debugger.back_to_write(7),
        |debugger| debugger.back_to_location(7),
        |debugger| debugger.back_to_breakpoint(),
        |debugger| debugger.back_to_cycle(500_000),
        |debugger| debugger.who(7).map(drop),
    ];
    for (n, search) in searches.iter().enumerate() {
        assert!(matches!(search(&mut debugger), Err(DebugError::Interrupted)), "{n}");
        assert!(!debugger.in_past() && debugger.room.machine.cycles() == 1_000_000, "{n}");
    }
    enough.set(false);
    // far enough that the moments on the way are not all kept; the TRA takes two cycles each time
    let mut now = 1_000_000;
    for instructions in [1, 100_000, 65_536, 65_537] {
        debugger.back(instructions).unwrap();
        now -= 2 * instructions;
        assert_eq!(debugger.room.machine.cycles(), now, "{instructions}");
    }
}

/// A pipe nobody writes, or reads, would keep the session waiting: none is opened.
#[test]
fn the_words_of_the_monitor_open_no_pipes() {
    let folder = folder(PAPER);
    let made = Command::new("mkfifo").arg(folder.path().join("fifo")).status().unwrap();
    assert!(made.success());
    let words = [
        "load fifo",
        "restore fifo",
        "mount 1 fifo",
        "mount 1 fifo ring",
        "mount cards fifo",
        "mount drum 1 fifo",
        "save fifo",
        "trace fifo",
        "mount cards -",
        "at 5 mount 1 fifo",
        "run 10",
    ];
    let mut child = emu704(folder.path(), "monitor p.sap")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(words.join("\n").as_bytes()).unwrap();
    drop(input);
    let output = end(child);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said.matches(": is a pipe or a device, expected a file").count(), 10, "{said}");
    assert!(told(&output).is_empty(), "{}", told(&output));
    // and no run writes a reel to one
    for name in ["fifo", "/dev/null"] {
        let mut command = emu704(folder.path(), &format!("run p.sap --tape 1={name} --ring 1 --limit 1000"));
        let output = end(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        assert_eq!(output.status.code(), Some(2), "{name}: {}", told(&output));
        assert!(told(&output).contains(&format!("{name}: is a pipe or a device")), "{}", told(&output));
    }
}

#[test]
fn lines_of_the_monitor_are_bounded_and_shown_as_they_are() {
    let folder = folder(LOOP);
    let long = "x".repeat(70_000);
    let script = format!("exa\u{1b}[31m\u{9b}mine 0\n{long}\nstep 1000001\nstep 1000\nexamine cycle\n");
    fs::write(folder.path().join("scr\u{1b}ipt"), script).unwrap();
    for plain in ["", " --plain"] {
        let output =
            emu704(folder.path(), &format!("monitor p.sap{plain} --script scr\u{1b}ipt")).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "{said:?}");
        assert!(said.contains(" exa\\u{1b}[31m\\u{9b}mine 0\n"), "{said}");
        assert!(said.contains("scr\\u{1b}ipt:2: the line is too long\n"), "{said}");
        assert!(said.contains("scr\\u{1b}ipt:3: expected at most 1000000 steps; "), "{said}");
    }
}

#[test]
fn a_measurement_writes_its_outputs_and_can_be_interrupted() {
    let folder = folder(crate::kept::ALL);
    let at = |name: &str| folder.path().join(name);
    let words =
        "--print paper --punch deck.cbn --trace trace --drum 1=drum --film film --tape 3=r.tap --ring 3";
    let output = emu704(folder.path(), &format!("bench p.sap {words}")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let names = ["paper", "deck.cbn", "trace", "drum", "film/frame-0001.png", "r.tap"];
    let made = names.map(|name| fs::read(at(name)).unwrap());
    for name in names {
        fs::remove_file(at(name)).unwrap();
    }
    let output = emu704(folder.path(), &format!("run p.sap {words}")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    for (name, made) in names.iter().zip(made) {
        assert!(!made.is_empty() && made == fs::read(at(name)).unwrap(), "{name}");
    }
    // the kernels use no files
    let output = emu704(folder.path(), "bench --print paper").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("--print needs a program"), "{}", told(&output));
    // signals
    program(folder.path(), "p.sap", PAPER);
    for (words, name) in
        [("bench p.sap --print paper", "-INT"), ("bench p.sap --print paper", "-TERM"), ("bench", "-INT")]
    {
        let child =
            emu704(folder.path(), words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(250));
        signal(&child, name);
        let output = end(child);
        assert_eq!(output.status.code(), Some(130), "{words}, {name}: {}", told(&output));
        assert_eq!(told(&output).contains("saved: paper"), words != "bench");
    }
}
