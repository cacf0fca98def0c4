//! What lies behind the end of a reel is told once by every command that mounts it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// One record of six characters, which takes 4 + 6 + 4 bytes; the mark of the end, 4 bytes; and two more records.
fn reel() -> Vec<u8> {
    let record = [6, 0, 0, 0, 0o101, 0o102, 0o103, 0o104, 0o105, 0o106, 6, 0, 0, 0];
    [&record[..], &[0xff; 4], &record, &record].concat()
}

const TOLD: &str =
    "r.tap: not read: 28 bytes behind the end of the reel, at offset 18, which look like 2 records";

const PROGRAM: &str = "       ORG 64\nSTART  HTR START\n       END START\n";

/// Standard output and standard error.
fn emu704(folder: &Path, args: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_emu704")).current_dir(folder).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.tap"), reel()).unwrap();
    fs::write(folder.path().join("p.sap"), PROGRAM).unwrap();
    folder
}

#[test]
fn each_command_that_runs_the_machine_tells_it() {
    let folder = folder();
    let at = folder.path();
    let mounted = "program = \"p.sap\"\n[tape]\n3 = \"r.tap\"\n";
    fs::write(at.join("mounted.toml"), mounted).unwrap();
    let later = "program = \"p.sap\"\n[[operator]]\nat-stop = true\ndo = \"mount 3 r.tap\"\n";
    fs::write(at.join("later.toml"), later).unwrap();
    for args in [
        &["run", "p.sap", "--tape", "3=r.tap"][..],
        &["run", "p.sap", "--tape", "3=r.tap", "--ring", "3", "--force"],
        &["run", "r.tap", "--limit", "1000"],
        &["run", "mounted.toml"],
        &["run", "later.toml"],
        &["bench", "p.sap", "--tape", "3=r.tap"],
    ] {
        let (out, error) = emu704(at, args);
        let told = error.lines().filter(|line| *line == TOLD).count();
        assert_eq!(told, 1, "{args:?}: {error}");
        assert!(!out.contains("behind"), "{args:?}: {out}");
    }
    let (_, error) = emu704(at, &["run", "p.sap", "--tape", "3=r.tap"]);
    assert!(error.contains("stop: HTR"), "it is no error: {error}");
    let (_, error) = emu704(at, &["run", "p.sap", "--tape", "3=r.tap", "--quiet"]);
    assert_eq!(error, "", "quiet is the paper alone");
}

#[test]
fn the_monitor_tells_it_when_a_reel_is_mounted_or_restored() {
    let folder = folder();
    let monitor = |script: &str| {
        fs::write(folder.path().join("script"), script).unwrap();
        emu704(folder.path(), &["monitor", "p.sap", "--script", "script"]).0
    };
    let out = monitor("mount 3 r.tap\nsave s.json\ntapes\n");
    assert_eq!(out.matches(TOLD).count(), 1, "{out}");
    let out = monitor("restore s.json\n");
    assert_eq!(out.matches(TOLD).count(), 1, "{out}");
}

/// Nothing, and what belongs to the form, is not worth a word.
#[test]
fn a_reel_that_ends_with_its_file_is_not_spoken_of() {
    let folder = folder();
    fs::write(folder.path().join("r.tap"), &reel()[..14]).unwrap();
    fs::write(folder.path().join("m.tap"), &reel()[..18]).unwrap();
    // P7B with the last byte that one peer leaves
    fs::write(folder.path().join("r.p7b"), [0o301, 0o102, 0o104, 0o110, 0o120, 0o140, 0o200]).unwrap();
    for name in ["r.tap", "m.tap", "r.p7b"] {
        let (_, error) = emu704(folder.path(), &["run", "p.sap", "--tape", &format!("3={name}")]);
        assert!(error.starts_with("stop: HTR"), "{name}: {error}");
    }
}
