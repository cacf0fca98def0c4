//! No file that a command reads is written by it, and no two that it writes are one.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Two words on drum 1, a card, a frame of film, a routine of a library.
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
FOO    LIB
       END START
";

fn emu704(folder: &Path, words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.current_dir(folder).args(words.split_whitespace()).stdin(Stdio::null()).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// A program with a routine, a deck of two cards, and an edit list of that deck.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("lib")).unwrap();
    fs::write(at("lib/foo.sap"), "FOO    HTR 0\n").unwrap();
    fs::write(at("all.sap"), ALL).unwrap();
    fs::write(at("d.txt"), "CARD ONE\nCARD TWO\n").unwrap();
    assert!(emu704(folder.path(), "deck punch d.txt -o d.cbn").status.success());
    let made = emu704(folder.path(), "deck drop d.cbn --cards 2 --list e.edits");
    assert!(made.status.success(), "{}", told(&made));
    fs::create_dir(at("F")).unwrap();
    symlink("../all.sap", at("F/frame-0001.png")).unwrap();
    symlink("new", at("dang")).unwrap();
    folder
}

/// All plain files and their bytes.
fn state(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = ["all.sap", "lib/foo.sap", "d.txt", "d.cbn", "e.edits"];
    names.map(|name| (name.to_owned(), fs::read(folder.join(name)).unwrap())).into()
}

#[test]
fn what_a_run_reads_by_the_way_is_not_written_by_it() {
    let folder = folder();
    let before = state(folder.path());
    for words in [
        // the image behind an edit list
        "--cards e.edits --print d.cbn",
        "--cards e.edits --punch ./d.cbn",
        "--cards e.edits --tape 1=d.cbn --ring 1",
        // a routine of a LIB card
        "--print lib/foo.sap",
        "--punch lib/foo.sap",
        "--trace lib/foo.sap",
        // the film
        "--film F",
        "--film G --print G/frame-0001.png",
        "--film G --tape 1=G/frame-0002.png --ring 1",
        // links that lead nowhere yet
        "--tape 1=dang --ring 1 --punch new",
        "--tape 1=new --ring 1 --print dang",
        "--drum 1=new --drum 2=dang",
    ] {
        let output = emu704(folder.path(), &format!("run all.sap --limit 100000 {words}"));
        assert_eq!(output.status.code(), Some(2), "{words}: {}", told(&output));
        assert!(told(&output).contains("name another f"), "{words}: {}", told(&output));
        assert!(state(folder.path()) == before, "{words}");
    }
    let made = emu704(folder.path(), "run all.sap --limit 100000 --punch dang --film G");
    assert!(told(&made).contains("saved: dang, G"), "{}", told(&made));
    assert!(fs::symlink_metadata(folder.path().join("dang")).unwrap().is_symlink());
    assert!(folder.path().join("new").is_file(), "the link was followed");
}

#[test]
fn the_monitor_writes_over_nothing_that_it_has_read() {
    let folder = folder();
    let script = "mount cards e.edits\nsave d.cbn\ntrace lib/foo.sap\nsave scr.txt\n";
    fs::write(folder.path().join("scr.txt"), script).unwrap();
    let before = state(folder.path());
    let output = emu704(folder.path(), "monitor all.sap --script scr.txt");
    assert_eq!(told(&output).matches("name another file").count(), 3, "{}", told(&output));
    assert!(state(folder.path()) == before);
    assert_eq!(fs::read_to_string(folder.path().join("scr.txt")).unwrap(), script);
}

#[test]
fn commands_for_images_write_over_nothing_that_they_read_or_made() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let run = |words: &str| emu704(folder.path(), words);
    assert!(run("deck to-tape d.txt -o r.tap").status.success());
    assert!(run("tape dump r.tap -o r.txt").status.success() || !at("r.txt").exists());
    fs::write(at("drum.d"), vec![0; 2048 * 5]).unwrap();
    fs::write(at("t.txt"), run("drum dump drum.d").stdout).unwrap();
    fs::write(at("m.txt"), "save s.snap\n").unwrap();
    assert!(run("monitor all.sap --script m.txt").status.success());
    let files =
        || ["d.cbn", "e.edits", "r.tap", "t.txt", "s.snap", "d.txt"].map(|name| fs::read(at(name)).unwrap());
    let before = files();
    for words in [
        "deck show d.cbn --png d.cbn",
        "deck split d.cbn -o j.cbn --index d.cbn",
        "deck split d.cbn -o j.cbn --index j-1.cbn",
        "deck from-tape r.tap -o zz --index r.tap",
        "deck from-tape r.tap -o r.tap",
        "deck cut e.edits --cards 1 -o d.cbn",
        "deck cut e.edits --cards 1 -o e.edits",
        "deck to-tape d.txt -o d.txt --to tap",
        "drum undump t.txt -o ./t.txt",
        "disasm s.snap -o s.snap",
        "tape print r.tap -o r.tap",
    ] {
        let output = run(words);
        assert_eq!(output.status.code(), Some(2), "{words}: {}", told(&output));
        assert!(told(&output).contains("name another file"), "{words}: {}", told(&output));
        assert!(files() == before, "{words}");
    }
    for made in ["j-1.cbn", "zz"] {
        assert!(!at(made).exists(), "{made}");
    }
    // in place, within one form
    for words in ["deck strip d.cbn -o d.cbn", "tape convert r.tap -o r.tap"] {
        let output = run(words);
        assert_eq!(output.status.code(), Some(0), "{words}: {}", told(&output));
    }
}

#[test]
fn a_drum_is_locked_and_one_that_was_replaced_is_left_alone() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("x.drm"), vec![0; 2048 * 5]).unwrap();
    let other = File::open(at("x.drm")).unwrap();
    other.lock().unwrap();
    let output = emu704(folder.path(), "run all.sap --limit 100000 --drum 1=x.drm");
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("another process is writing it"), "{}", told(&output));
    drop(other);
    // somebody else comes in the middle of a session
    for (name, why) in
        [("x.drm", "replaced by another process"), ("y.drm", "another process has made the file")]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.current_dir(folder.path()).args(["monitor", "all.sap", "--drum", &format!("1={name}")]);
        let mut monitor =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = monitor.stdin.take().unwrap();
        lines.write_all(b"run 100000\nsave here.snap\n").unwrap();
        for _ in 0..600 {
            if at("here.snap").exists() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        fs::write(at("mine"), "mine").unwrap();
        fs::rename(at("mine"), at(name)).unwrap();
        drop(lines);
        let output = monitor.wait_with_output().unwrap();
        assert!(told(&output).contains(why), "{}", told(&output));
        assert_eq!(fs::read(at(name)).unwrap(), b"mine");
        fs::remove_file(at("here.snap")).unwrap();
    }
    let output = emu704(folder.path(), "run all.sap --limit 100000 --drum 1=missing/x.drm");
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
}

#[test]
fn a_library_has_bounds_and_a_job_stays_in_its_folder() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("job")).unwrap();
    fs::copy(at("all.sap"), at("job/all.sap")).unwrap();
    fs::write(at("job/job.toml"), "program = \"all.sap\"\nlimit = 100000\n").unwrap();
    let open = emu704(folder.path(), "run job/job.toml");
    assert_eq!(open.status.code(), Some(0), "{}", told(&open));
    let kept = emu704(folder.path(), "run job/job.toml --keep-inside");
    assert_eq!(kept.status.code(), Some(8), "{}", told(&kept));
    // a link that leads out of it
    fs::create_dir(at("job/lib")).unwrap();
    symlink("../../lib/foo.sap", at("job/lib/foo.sap")).unwrap();
    let kept = emu704(folder.path(), "run job/job.toml --keep-inside");
    assert_eq!(kept.status.code(), Some(8), "{}", told(&kept));
    fs::remove_file(at("lib/foo.sap")).unwrap();
    symlink("/dev/zero", at("lib/foo.sap")).unwrap();
    let endless = emu704(folder.path(), "run all.sap");
    assert_eq!(endless.status.code(), Some(8), "{}", told(&endless));
}

#[test]
fn too_large_a_file_is_refused_by_its_length_with_6() {
    let folder = folder();
    File::create(folder.path().join("big")).unwrap().set_len(5 << 30).unwrap();
    for words in ["run all.sap --cards big", "run all.sap --drum 1=big", "deck ls big"] {
        let output = emu704(folder.path(), words);
        assert_eq!(output.status.code(), Some(6), "{words}: {}", told(&output));
        assert!(told(&output).contains("expected at most"), "{words}: {}", told(&output));
    }
}

#[test]
fn help_that_cannot_be_written_is_a_failure() {
    for words in [&["--help"][..], &["--version"], &["run", "--help"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_emu704")).args(words).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(told(&output).contains("cannot write"), "{words:?}");
    }
}

#[test]
fn names_that_turn_the_direction_are_escaped() {
    let folder = folder();
    let name = "a\u{202e}gnp\u{9b}";
    let folder = folder.path();
    let output = emu704(folder, &format!("run all.sap --limit 100000 --punch {name} --json"));
    assert!(told(&output).contains("a\\u{202e}gnp\\u{9b}"), "{}", told(&output));
    assert!(!told(&output).contains(['\u{202e}', '\u{9b}']));
    let output = emu704(folder, &format!("deck convert d.cbn -o {name} --json"));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["made"][0]["file"], name);
    assert!(!told(&output).contains(['\u{202e}', '\u{9b}']));
}
