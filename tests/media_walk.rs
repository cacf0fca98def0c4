//! Every command for reels, decks and drums, one after another: its JSON, standard input and output in the place of files,
//! names that are awkward, and files that are not what they should be. A new command needs a line in `COMMANDS`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What a command does with its file.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Reports on standard output.
    Reports,
    /// Makes the file of `-o`.
    Makes,
}
use Kind::{Makes, Reports};

/// Group, command, its input among the samples, further options, what it does. The input is the last argument but `-o`, or
/// stands where the options say `INPUT`.
const COMMANDS: &[(&str, &str, &str, &[&str], Kind)] = &[
    ("tape", "ls", "reel.tap", &[], Reports),
    ("tape", "info", "reel.tap", &[], Reports),
    ("tape", "dump", "reel.tap", &[], Reports),
    ("tape", "undump", "reel.txt", &["--to", "tap"], Makes),
    ("tape", "verify", "reel.tap", &[], Reports),
    ("tape", "salvage", "reel.tap", &["--to", "tap"], Makes),
    ("tape", "diff", "reel.tap", &["reel.tap"], Reports),
    ("tape", "convert", "reel.tap", &["--to", "p7b"], Makes),
    ("tape", "cut", "reel.tap", &["--records", "1", "--to", "tap"], Makes),
    ("tape", "join", "reel.tap", &["--to", "tap"], Makes),
    ("tape", "new", "", &["--to", "tap"], Makes),
    ("tape", "damage", "reel.tap", &["--error", "1", "--to", "tap"], Makes),
    ("tape", "print", "reel.tap", &[], Reports),
    ("deck", "ls", "deck.cbn", &[], Reports),
    ("deck", "show", "deck.cbn", &[], Reports),
    ("deck", "punch", "deck.txt", &["--to", "cbn"], Makes),
    ("deck", "read", "deck.cbn", &[], Reports),
    ("deck", "convert", "deck.cbn", &["--to", "text"], Makes),
    ("deck", "to-tape", "deck.txt", &["--to", "tap"], Makes),
    ("deck", "from-tape", "reel.tap", &["--to", "text"], Makes),
    ("deck", "split", "deck.cbn", &["--to", "cbn"], Makes),
    ("deck", "join", "deck.cbn", &["--to", "bcd"], Makes),
    ("deck", "cut", "deck.cbn", &["--cards", "2", "--to", "cbn"], Makes),
    ("deck", "patch", "deck.cbn", &["INPUT", "9LA=1", "--card", "1", "--to", "cbn"], Makes),
    ("deck", "insert", "deck.cbn", &["INPUT", "deck.txt", "--to", "cbn"], Makes),
    ("deck", "drop", "deck.cbn", &["--cards", "1", "--to", "cbn"], Makes),
    ("deck", "strip", "deck.cbn", &["--to", "cbn"], Makes),
    ("drum", "dump", "drum.img", &[], Reports),
    ("drum", "undump", "drum.txt", &[], Makes),
];

/// Samples of each medium, made by the commands themselves.
fn samples() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let reel = "704 reel text 1\nform tap\nrecord bcd 2 words\n  00000  604725436346 606060606060\nmark\n";
    std::fs::write(at.join("reel.txt"), reel).unwrap();
    std::fs::write(at.join("deck.txt"), " HELLO\n WORLD\n").unwrap();
    std::fs::write(
        at.join("drum.txt"),
        "704 drum text 1\nform simh\ndrum 1 1 words\n  00000  -012345654321\n",
    )
    .unwrap();
    for made in [
        &["tape", "undump", "reel.txt", "-o", "reel.tap"],
        &["deck", "punch", "deck.txt", "-o", "deck.cbn"],
        &["drum", "undump", "drum.txt", "-o", "drum.img"],
    ] {
        assert_eq!(run(at, made, &[]).status.code(), Some(0), "{made:?}");
    }
    directory
}

fn run(at: &Path, arguments: &[impl AsRef<OsStr>], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.current_dir(at).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    // a command that refuses its arguments does not read
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The arguments of a command for this input and, if it makes a file, this output.
fn arguments(case: usize, input: &OsStr, output: &str) -> Vec<OsString> {
    let (group, command, sample, options, kind) = COMMANDS[case];
    let mut all: Vec<OsString> = [group, command].iter().chain(options).map(OsString::from).collect();
    match all.iter_mut().find(|argument| *argument == "INPUT") {
        Some(place) => input.clone_into(place),
        None if sample.is_empty() => {}
        None => all.push(input.to_owned()),
    }
    if kind == Makes {
        all.extend(["-o", output].map(OsString::from));
    }
    all
}

#[test]
fn no_command_is_missing_here() {
    let directory = tempfile::tempdir().unwrap();
    for group in ["tape", "deck", "drum"] {
        let help = String::from_utf8(run(directory.path(), &[group, "--help"], &[]).stdout).unwrap();
        let commands: Vec<&str> = help
            .lines()
            .skip_while(|line| !line.starts_with("Commands:"))
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| {
                line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   "))
            })
            // a file that grows is no standard input, and may come later: tests/standby has it
            .filter(|&command| command != "help" && command != "follow")
            .collect();
        let known: Vec<&str> = COMMANDS.iter().filter(|case| case.0 == group).map(|case| case.1).collect();
        assert_eq!(commands, known, "{group}");
    }
}

#[test]
fn each_has_json_that_parses() {
    let directory = samples();
    for (case, &(group, command, sample, _, kind)) in COMMANDS.iter().enumerate() {
        let mut all = arguments(case, sample.as_ref(), "made");
        all.push("--json".into());
        let output = run(directory.path(), &all, &[]);
        assert_eq!(output.status.code(), Some(0), "{group} {command}: {}", told(&output));
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{group} {command}: {error}"));
        assert_eq!(document["version"], 1, "{group} {command}");
        if kind == Makes {
            let made = document["made"].as_array().unwrap();
            let file = directory.path().join(made[0]["file"].as_str().unwrap());
            let bytes = std::fs::metadata(file).unwrap().len();
            assert_eq!(made[0]["bytes"], bytes, "{group} {command}");
            assert!(made[0]["form"].is_string(), "{group} {command}");
            // the last line tells that it is safe
            let told = told(&output);
            let last = told.lines().last().unwrap();
            assert!(last.contains("saved"), "{group} {command}: {told}");
        }
    }
}

#[test]
fn standard_input_and_output_do_as_files_do() {
    let directory = samples();
    let at = directory.path();
    for (case, &(group, command, sample, _, kind)) in COMMANDS.iter().enumerate() {
        let name = format!("{group} {command}");
        let content = if sample.is_empty() { Vec::new() } else { std::fs::read(at.join(sample)).unwrap() };
        let from_file = run(at, &arguments(case, sample.as_ref(), "made.file"), &[]);
        let to_file = run(at, &arguments(case, "-".as_ref(), "made.pipe"), &content);
        assert_eq!((from_file.status.code(), to_file.status.code()), (Some(0), Some(0)), "{name}");
        if kind == Reports {
            let expected = String::from_utf8(from_file.stdout).unwrap();
            let found = String::from_utf8(to_file.stdout).unwrap();
            let expected = expected.replacen(&format!("{sample}:"), "-:", 1);
            assert_eq!(found, expected, "{name}");
            continue;
        }
        if command == "split" {
            // several files
            let made = |name: &str| std::fs::read(at.join(name)).unwrap();
            assert_eq!(made("made-1.file"), made("made-1.pipe"));
            let refused = run(at, &arguments(case, "-".as_ref(), "-"), &content);
            assert_eq!(refused.status.code(), Some(2), "{name}");
            continue;
        }
        let made = std::fs::read(at.join("made.file")).unwrap();
        assert_eq!(std::fs::read(at.join("made.pipe")).unwrap(), made, "{name}");
        let to_pipe = run(at, &arguments(case, "-".as_ref(), "-"), &content);
        assert_eq!(to_pipe.status.code(), Some(0), "{name}: {}", told(&to_pipe));
        assert_eq!(to_pipe.stdout, made, "{name}");
    }
}

/// What was read is gone.
#[test]
fn standard_input_is_read_once() {
    let directory = samples();
    let at = directory.path();
    let reel = std::fs::read(at.join("reel.tap")).unwrap();
    let deck = std::fs::read(at.join("deck.cbn")).unwrap();
    for (twice, content) in [
        (&["tape", "diff", "-", "-"][..], &reel),
        (&["tape", "join", "-", "-", "-o", "never"], &reel),
        (&["tape", "ls", "-", "-"], &reel),
        (&["deck", "join", "-", "-", "-o", "never", "--to", "cbn"], &deck),
    ] {
        let output = run(at, twice, content);
        assert_eq!(output.status.code(), Some(2), "{twice:?}");
        assert!(!at.join("never").exists(), "{twice:?}");
    }
}

#[test]
fn awkward_names_are_names() {
    let directory = samples();
    let at = directory.path();
    let mut names = vec![OsString::from("with a space"), OsString::from("-leading dash")];
    #[cfg(unix)]
    names.push(std::os::unix::ffi::OsStringExt::from_vec(b"not \xff UTF-8".to_vec()));
    for (case, &(group, command, sample, ..)) in COMMANDS.iter().enumerate() {
        if sample.is_empty() {
            continue;
        }
        for name in &names {
            // some file systems have no such names
            if std::fs::copy(at.join(sample), at.join(name)).is_err() {
                continue;
            }
            let path = Path::new(".").join(name);
            let output = run(at, &arguments(case, path.as_os_str(), "made"), &[]);
            assert_eq!(output.status.code(), Some(0), "{group} {command} {name:?}: {}", told(&output));
        }
    }
}

#[test]
fn what_is_not_the_medium_is_refused_and_leaves_nothing() {
    let directory = samples();
    let at = directory.path();
    std::fs::create_dir(at.join("folder")).unwrap();
    let noise: Vec<u8> = (0..5000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect();
    std::fs::write(at.join("noise"), noise).unwrap();
    std::fs::write(at.join("letter"), "Dear operator, {this} is \u{e9} no medium at all.\n".repeat(9))
        .unwrap();
    for (case, &(group, command, sample, ..)) in COMMANDS.iter().enumerate() {
        if sample.is_empty() {
            continue;
        }
        for (input, code) in [("missing", 2), ("folder", 2), ("noise", 6), ("letter", 6)] {
            let output = run(at, &arguments(case, input.as_ref(), "never"), &[]);
            let told = told(&output);
            assert_eq!(output.status.code(), Some(code), "{group} {command} {input}: {told}");
            // the report of verify is its result
            let place = if command == "verify" && code == 6 {
                String::from_utf8(output.stdout).unwrap()
            } else {
                told
            };
            assert!(place.contains(input), "{group} {command} {input}: {place}");
            assert!(place.contains("expected") || input == "missing", "{group} {command} {input}: {place}");
            for entry in std::fs::read_dir(at).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!(!name.starts_with("never"), "{group} {command} {input}: {name}");
            }
        }
    }
}

/// An image that may not be written is not replaced, whatever the folder allows; neither is anything where there is no folder.
#[test]
fn what_cannot_be_written_is_named() {
    let directory = samples();
    let at = directory.path();
    let output = run(at, &["tape", "convert", "reel.tap", "-o", "nowhere/reel.p7b"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).starts_with("emu704: nowhere/reel.p7b: cannot open for writing"),
        "{}",
        told(&output)
    );
    let output = run(at, &["tape", "convert", "reel.tap", "-o", "."], &[]);
    assert_eq!(output.status.code(), Some(2));

    let kept = std::fs::read(at.join("reel.tap")).unwrap();
    let mut permissions = std::fs::metadata(at.join("reel.tap")).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(at.join("reel.tap"), permissions).unwrap();
    // a superuser may
    if std::fs::OpenOptions::new().write(true).open(at.join("reel.tap")).is_err() {
        let output = run(at, &["tape", "new", "-o", "reel.tap"], &[]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(std::fs::read(at.join("reel.tap")).unwrap(), kept);
    }
}
