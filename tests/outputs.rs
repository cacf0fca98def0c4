//! What a run writes to the host: names that would destroy something, files that fail, readers that go away, memory.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common;

/// 2,000 records of 50 words on tape 3, then a halt.
const WRITER: &str = "       ORG 64
START  LXA N,1
LOOP   WTD 3
       LXA W,2
       CPY BUF
       TIX *-1,2,1
       IOD
       TIX LOOP,1,1
       HTR START
N      HTR 2000
W      HTR 50
BUF    OCT 123456701234
       END START
";

/// Two words on drum 1, a card, a frame of film.
const ALL: &str = "       ORG 64
START  WDR 1
       LDA ZERO
       CPY BUF
       CPY BUF
       WPU
       LXA W,2
       CPY BUF
       TIX *-1,2,1
       WTV
       CPY BUF
       CFF
       HTR START
ZERO   OCT 0
W      HTR 24
BUF    OCT 123456701234
       END START
";

fn emu704(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.current_dir(folder).args(words.split_whitespace()).stdin(Stdio::null());
    command
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("wr.sap", WRITER), ("all.sap", ALL)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Bytes of the reel of [`WRITER`] in SIMH's form: 2,000 records of 300 characters with two lengths of four.
const WHOLE: u64 = 2000 * 308;

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |meta| meta.len())
}

#[test]
fn a_name_that_would_destroy_something_is_refused_and_nothing_is_touched() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    emu704(folder.path(), "run wr.sap --tape 3=in.tap --ring 3 -q").output().unwrap();
    fs::write(at("deck.cbn"), [0x80; 160]).unwrap();
    std::os::unix::fs::symlink(at("in.tap"), at("link")).unwrap();
    fs::write(at("job.toml"), "program = \"wr.sap\"\nring = [3]\nprint = \"job.toml\"\n").unwrap();
    for words in [
        "run wr.sap --ring 3 --tape 1=in.tap --print in.tap",
        "run wr.sap --ring 3 --tape 1=in.tap --punch in.tap",
        "run wr.sap --ring 3 --tape 1=in.tap --trace in.tap",
        "run wr.sap --ring 3 --tape 1=in.tap --print ./in.tap",
        "run wr.sap --ring 3 --tape 1=in.tap --print link",
        "run wr.sap --ring 3 --tape 1=link --drum 1=in.tap",
        "run wr.sap --ring 3 --print wr.sap",
        "run wr.sap --ring 3 --cards deck.cbn --punch deck.cbn",
        "run wr.sap --ring 3 --drum 1=new --drum 2=new",
        "run wr.sap --ring 3 --punch new --drum 1=./new",
        "run wr.sap --ring 3 --print new --trace new",
        "run wr.sap --tape 3=in.tap --ring 3 --print in.tap",
        "run job.toml",
        "monitor wr.sap --ring 3 --print wr.sap",
    ] {
        let before: Vec<_> =
            ["in.tap", "wr.sap", "deck.cbn", "job.toml"].map(|name| fs::read(at(name)).unwrap()).into();
        let output = emu704(folder.path(), words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}: {}", told(&output));
        assert!(told(&output).contains("name another file"), "{words}: {}", told(&output));
        let after: Vec<_> =
            ["in.tap", "wr.sap", "deck.cbn", "job.toml"].map(|name| fs::read(at(name)).unwrap()).into();
        assert!(before == after && !at("new").exists(), "{words}");
    }
    // a device is not a file
    let words = "run all.sap --print /dev/null --trace /dev/null --punch /dev/null";
    assert_eq!(emu704(folder.path(), words).status().unwrap().code(), Some(0));
}

#[test]
fn a_file_that_cannot_be_written_is_found_out_before_the_run() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("dir")).unwrap();
    for words in [
        "run all.sap --punch nodir/p.cbn --drum 1=d --film f",
        "run all.sap --print dir",
        "run all.sap --film all.sap",
        "run all.sap --trace nodir/t",
    ] {
        let output = emu704(folder.path(), words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}: {}", told(&output));
        assert!(!told(&output).contains("cycles"), "{words} has run: {}", told(&output));
    }
    // nothing is left beside the files that were begun
    let names =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with('.')).count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn one_output_that_fails_does_not_take_the_others_along() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let words = "run all.sap --punch /dev/full --drum 1=d --film f --trace t";
    let output = emu704(folder.path(), words).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let text = told(&output);
    assert!(text.contains("NOT saved: /dev/full: "), "{text}");
    assert!(text.contains("saved: t, d, f"), "{text}");
    assert_eq!(size(&at("d")), 2048 * 5, "{text}");
    assert!(size(&at("t")) > 0 && size(&at("f/frame-0001.png")) > 0);
    // and the report says so
    let output = emu704(folder.path(), &format!("{words} --json")).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["lost"]["/dev/full"].is_string(), "{report}");
}

/// A killed run leaves the old files as they were.
#[test]
fn paper_and_trace_of_a_killed_run_do_not_destroy_the_old_ones() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("loop.sap"), "       ORG 64\nSTART  WPR\n       TRA START\n       END START\n").unwrap();
    for name in ["p", "t"] {
        fs::write(at(name), "old").unwrap();
    }
    let mut child = emu704(folder.path(), "run loop.sap --print p --trace t").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_to_string(at("p")).unwrap(), "old");
    assert_eq!(fs::read_to_string(at("t")).unwrap(), "old");
}

#[test]
fn a_reel_that_is_deleted_while_it_is_written_is_not_called_safe() {
    use emu704::reels::ReelBytes as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.tap");
    for replaced in [false, true] {
        let file = emu704::host::FileStore::open_write(&path).unwrap();
        assert!(file.sync().is_ok());
        fs::remove_file(&path).unwrap();
        if replaced {
            fs::write(&path, "another").unwrap();
        }
        let error = file.sync().unwrap_err().to_string();
        assert!(error.contains("deleted or replaced"), "{error}");
        let mut file = file;
        assert!(file.begin_replacement(0).is_err());
        if replaced {
            assert_eq!(fs::read_to_string(&path).unwrap(), "another");
        }
        drop(file);
        let _ = fs::remove_file(&path);
    }
}

/// Standard output and error that are closed, whose reader has gone away, and that are full.
#[cfg(target_os = "linux")]
#[test]
fn no_command_panics_when_nobody_reads_it_and_a_run_is_finished() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let heat = common::root().join("programs/lessons/02-hello.sap");
    let writes = "run wr.sap --tape 3=y.tap --ring 3";
    emu704(folder.path(), "run wr.sap --tape 3=in.tap --ring 3 -q").output().unwrap();
    let commands = [
        writes.to_owned(),
        "run wr.sap --ring 3 --json".to_owned(),
        format!("run {}", heat.display()),
        "bench wr.sap --ring 3".to_owned(),
        "demo".to_owned(),
        "monitor wr.sap --ring 3".to_owned(),
        "tui".to_owned(),
        "tape ls in.tap".to_owned(),
        "tape ls missing".to_owned(),
        "tape dump in.tap".to_owned(),
        "tape info in.tap".to_owned(),
        "tape verify in.tap".to_owned(),
        "deck ls missing".to_owned(),
        "drum dump missing".to_owned(),
        "disasm missing".to_owned(),
        "completions bash".to_owned(),
        "man".to_owned(),
        "--help".to_owned(),
        "--version".to_owned(),
        "nonsense".to_owned(),
    ];
    let sinks = || -> [(&str, Stdio); 2] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        [
            ("broken", writer.into()),
            ("full", OpenOptions::new().write(true).open("/dev/full").unwrap().into()),
        ]
    };
    for words in &commands {
        for (kind, sink) in sinks() {
            for error_too in [false, true] {
                let mut command = emu704(folder.path(), words);
                command.stdout(sinks().into_iter().find(|(k, _)| *k == kind).unwrap().1);
                let errors = at("errors");
                if error_too {
                    command.stderr(sinks().into_iter().find(|(k, _)| *k == kind).unwrap().1);
                } else {
                    command.stderr(File::create(&errors).unwrap());
                }
                let _ = fs::remove_file(at("y.tap"));
                let code = command.status().unwrap().code();
                let text = if error_too { String::new() } else { fs::read_to_string(&errors).unwrap() };
                assert!(!text.contains("panicked"), "{words} ({kind}): {text}");
                assert!(code.is_some_and(|code| code < 8), "{words} ({kind}): {code:?} {text}");
                if words == writes {
                    assert_eq!((code, size(&at("y.tap"))), (Some(0), WHOLE), "{words} ({kind}): {text}");
                }
            }
            drop(sink);
        }
        let shell = format!("exec '{}' {words} >&- 2>&-", env!("CARGO_BIN_EXE_emu704"));
        let _ = fs::remove_file(at("y.tap"));
        let code =
            Command::new("sh").current_dir(folder.path()).args(["-c", &shell]).status().unwrap().code();
        assert!(code.is_some_and(|code| code < 8), "{words} (closed): {code:?}");
        if words == writes {
            assert_eq!((code, size(&at("y.tap"))), (Some(0), WHOLE), "{words} (closed)");
        }
    }
}

/// Runs with an address space that a limit of 64 MiB and the code of a test build fit into, and not much more.
#[cfg(target_os = "linux")]
#[test]
fn programs_without_end_do_not_fill_the_memory() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let word = "BUF    OCT 123456701234\n       END START\n";
    for (name, body, options) in [
        ("record", "START  WTD 3\n       CPY BUF\n       TRA *-1\n", "--tape 3=r.tap --ring 3"),
        ("film", "START  WTV\n       CPY BUF\n       TRA *-1\n", "--film f --limit 60000000"),
        ("frames", "START  WTV\n       CPY BUF\n       CFF\n       TRA START\n", "--limit 60000000"),
        (
            "cards",
            "START  WPU\n       LXA W,2\n       CPY BUF\n       TIX *-1,2,1\n       TRA START\nW      HTR 24\n",
            "--limit 900000000",
        ),
        (
            "paper",
            "START  WPR\n       SPR 1\n       LXA W,2\n       CPY ZERO\n       TIX *-1,2,1\n       CPY BUF\n       CPY BUF\n       TRA START\nW      HTR 16\nZERO   OCT 0\n",
            "--json --limit 900000000",
        ),
    ] {
        fs::write(at("p.sap"), format!("       ORG 64\n{body}{word}")).unwrap();
        let run = format!("ulimit -v 262144; exec '{}' run p.sap {options} -q", env!("CARGO_BIN_EXE_emu704"));
        let output = Command::new("sh").current_dir(folder.path()).args(["-c", &run]).output().unwrap();
        assert!(matches!(output.status.code(), Some(5 | 7)), "{name}: {:?} {}", output.status, told(&output));
        if name == "record" {
            // 2,700 feet of 2,400 characters, less the load point, and the word that was under the head
            let characters = size(&at("r.tap")) - 8;
            assert!((6_479_000..=6_480_010).contains(&characters), "{characters}");
            assert!(
                told(&output).is_empty() || told(&output).contains("run off its reel"),
                "{}",
                told(&output)
            );
        }
        if name == "paper" {
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert!(report["print"].as_str().unwrap().len() > 1 << 20, "the paper went through a file");
        }
    }
}

/// The first interrupt finishes what must be finished, in about a second.
#[test]
fn an_interrupt_ends_a_run_with_film_soon() {
    let folder = folder();
    let film = "       ORG 64\nSTART  CFF\n       WTV\n       CPY BUF\n       IOD\n       TRA START\nBUF    OCT 377777777777\n       END START\n";
    fs::write(folder.path().join("film.sap"), film).unwrap();
    let mut child = emu704(folder.path(), "run film.sap --film f").stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    let interrupted = std::time::Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(130));
    assert!(interrupted.elapsed() < std::time::Duration::from_secs(5), "{:?}", interrupted.elapsed());
    // frames came as they were exposed, and the last of them are whole
    let frames = fs::read_dir(folder.path().join("f")).unwrap().count();
    assert!(frames > 2, "{frames}");
}

/// A file whose name is no text.
#[cfg(target_os = "linux")]
#[test]
fn names_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = folder();
    let name = std::ffi::OsStr::from_bytes(b"r\xff\xfe.tap");
    let mut option = std::ffi::OsString::from("3=");
    option.push(name);
    let mut run = emu704(folder.path(), "run wr.sap --ring 3 -q");
    run.arg("--tape").arg(option);
    assert_eq!(run.status().unwrap().code(), Some(0));
    assert_eq!(size(&folder.path().join(name)), WHOLE);
}
