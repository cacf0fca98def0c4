//! `emu704 monitor` and snapshots.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::common::{assemble, machine_with, text};
use emu704::media::NoMedia;
use emu704::snapshot::{self, SavedReel, Snapshot, SnapshotError};
use emu704::{CoreSize, Machine};

fn monitor(folder: &Path, script: &str, args: &[&str]) -> (i32, String) {
    fs::write(folder.join("script"), script).unwrap();
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_emu704"))
        .current_dir(folder)
        .arg("monitor")
        .args(args)
        .args(["--script", "script"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(stderr).unwrap(), "");
    (status.code().unwrap(), String::from_utf8(stdout).unwrap())
}

/// A program that stores, reads, calls and stops.
const PROGRAM: &str = "       ORG 64
START  CLA ONE          BEGIN
       ADD ONE
       STO SUM
       TSX SUB,4
       HTR START        DONE
SUB    LDQ SUM
       TRA 1,4
ONE    OCT 1
SUM    OCT 0
       END START
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.sap"), PROGRAM).unwrap();
    folder
}

#[test]
fn a_session_breaks_examines_steps_and_expects() {
    let folder = folder();
    let script = "\
# where it begins
list
break write SUM
go
expect break
expect ac 2
expect SUM 0
step
expect SUM 2
next
expect ic 104
nobreak all
go
expect stop htr 104
expect mq 2
expect light program-stop on
expect light ready on
deposit ONE 5
go
expect sum 12
expect cycles 27
quit
";
    let (code, out) = monitor(folder.path(), script, &["p.sap", "--core", "4k"]);
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("monitor_session", out);
    });
    assert_eq!(code, 0, "{out}");
}

#[test]
fn a_line_that_fails_makes_the_exit_code_1() {
    let folder = folder();
    let (code, out) = monitor(folder.path(), "expect ac 1\nexamine ONE\n", &["p.sap"]);
    assert_eq!(code, 1);
    assert!(out.contains("? script:1: expected AC 000000000001, found 000000000000"), "{out}");
    assert!(out.contains("00107 000000000001  ONE"), "it goes on: {out}");
    let (code, out) = monitor(folder.path(), "frob\nexamine ONE\n", &["p.sap", "--strict"]);
    assert_eq!(code, 1);
    assert!(!out.contains("00107"), "{out}");
    for line in
        ["examine 100000", "mount 11 x", "mount 1 nowhere.tap", "step x", "break", "expect light moon on"]
    {
        let (code, out) = monitor(folder.path(), line, &["p.sap", "--core", "4k"]);
        let fails = line != "break";
        assert_eq!(code, i32::from(fails), "{line}: {out}");
        assert_eq!(out.contains("? script:1:"), fails, "{line}: {out}");
    }
}

#[test]
fn the_panel_without_a_terminal_is_bad_usage() {
    let output = Command::new(env!("CARGO_BIN_EXE_emu704")).arg("tui").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("emu704 monitor"));
}

/// No option is passed over: where one has no meaning it is an error.
#[test]
fn options_of_the_panel_that_mean_nothing_are_errors() {
    for (options, expected) in [
        ("--plain --octal", "cannot be used with"),
        ("--plain --speed 10x", "cannot be used with"),
        ("--plain --theme light", "cannot be used with"),
        ("--picture a.txt --no-mouse", "cannot be used with"),
        ("--attract --speed 10x", "cannot be used with"),
        ("--attract p.sap", "--attract has programs"),
        ("--attract --ring 1", "--attract has programs"),
        ("--seconds 3", "--picture"),
        ("--state-files", "--state"),
        ("--plain --state 0", "cannot be used with"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        let output = command.arg("tui").args(options.split(' ')).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{options}: {said}");
        assert!(said.contains(expected), "{options}: {said}");
    }
}

#[test]
fn every_kind_of_breakpoint_breaks() {
    let folder = folder();
    for (breakpoint, at) in [("SUB", "105"), ("read SUM", "105"), ("write SUM", "102"), ("cycle 3", "102")] {
        let script = format!("break {breakpoint}\ngo\nexpect break\nexpect ic {at}\n");
        let (code, out) = monitor(folder.path(), &script, &["p.sap"]);
        assert_eq!(code, 0, "{breakpoint}: {out}");
    }
}

#[test]
fn reels_are_mounted_written_and_taken_off() {
    let folder = folder();
    let program = "       ORG 64
START  WTB 2
       CPY START
       IOD
       HTR *
       END START
";
    fs::write(folder.path().join("w.sap"), program).unwrap();
    // Going on breaks at the first instruction, and then passes it. IOD is a select too.
    let script = "mount 2 new.tap ring\ntapes\nbreak select\ngo\nexpect ic 100\nexpect cycles 0\ngo\nexpect ic 102\nnobreak all\ngo\nexpect stop htr\ntapes\ndetach 2\ntapes\n";
    let (code, out) = monitor(folder.path(), script, &["w.sap"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains(" 2 new.tap  0.0 ft, ring, load point"), "{out}");
    assert!(out.contains("no reels are mounted"), "{out}");
    assert!(fs::metadata(folder.path().join("new.tap")).unwrap().len() > 0);
}

/// A wire is on a unit as a reel is, and `tapes` says so.
#[cfg(unix)]
#[test]
fn tapes_shows_wires() {
    let folder = folder();
    let name = format!("wire:listen:{}", folder.path().join("w").display());
    let script = "tapes\nmount 1 a.tap ring\ntapes\nshow mt2\ndetach 1\ntapes\n";
    let (code, out) = monitor(folder.path(), script, &["p.sap", "--tape", &format!("2={name}")]);
    assert_eq!(code, 0, "{out}");
    assert_eq!(out.matches(&format!(" 2 {name}, no reel")).count(), 4, "{out}");
    assert!(out.contains(&format!(" 1 a.tap  0.0 ft, ring, load point\n 2 {name}")), "{out}");
    assert!(!out.contains("no reels are mounted"), "{out}");
}

#[test]
fn a_snapshot_goes_on_where_it_was_taken() {
    let folder = folder();
    let script = "\
run 5
save a.json
go
expect stop htr 104
expect mq 2
restore a.json
expect cycles 6
expect mq 0
go
expect stop htr 104
expect mq 2
";
    let (code, out) = monitor(folder.path(), script, &["p.sap", "--core", "4k"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn run_save_load_run_is_run() {
    let output = assemble(&text("programs/heat.sap"));
    let mut whole = machine_with(&output, CoreSize::K8);
    for at in [1, 1000, 123_457, 500_000] {
        whole.run(&mut NoMedia, at);
        let reel = SavedReel { label: "a.tap".to_owned(), state: None };
        let saved = snapshot::save(&Snapshot { reels: [(1, reel.clone())].into(), machine: whole.clone() });
        let loaded = snapshot::load(&saved.unwrap()).unwrap();
        assert_eq!(loaded.reels[&1], reel);
        let mut resumed: Machine = loaded.machine;
        let mut straight = whole.clone();
        let (a, b) = (resumed.run(&mut NoMedia, at + 77_777), straight.run(&mut NoMedia, at + 77_777));
        assert_eq!(a, b);
        assert!(resumed == straight, "after {at} cycles");
    }
}

#[test]
fn a_snapshot_of_another_form_or_a_damaged_one_is_refused() {
    let machine = Machine::new(emu704::Config::with_core(CoreSize::K4));
    let good = snapshot::save(&Snapshot { reels: [].into(), machine }).unwrap();
    assert!(snapshot::load(&good).is_ok());
    let newer = good.replace("\"version\":2", "\"version\":3");
    let error = snapshot::load(&newer).unwrap_err();
    assert!(
        matches!(error, SnapshotError::Version { found: 3 }) && error.to_string().contains("newer"),
        "{error}"
    );
    let older = snapshot::load(&good.replace("\"version\":2", "\"version\":0")).unwrap_err();
    assert!(older.to_string().contains("older"), "{older}");
    let changed = snapshot::load(&good.replacen("\"000000000000\"", "\"000000000001\"", 1)).unwrap_err();
    assert!(matches!(changed, SnapshotError::Checksum { .. }), "{changed}");
    assert!(matches!(snapshot::load(&good[..good.len() / 2]), Err(SnapshotError::NotJson(_))));
    assert!(matches!(snapshot::load("{\"version\":1}"), Err(SnapshotError::NotASnapshot)));
}

/// The words of core that are not zero.
fn not_zero(words: impl Iterator<Item = (u16, asm704::Word)>) -> Vec<(u16, asm704::Word)> {
    words.filter(|(_, word)| *word != asm704::Word::ZERO).collect()
}

#[test]
fn a_snapshot_is_disassembled_to_source_of_the_same_core() {
    let folder = folder();
    // stopped within the subroutine, which only XR4 leads back from
    let (code, _) = monitor(folder.path(), "break SUB\ngo\nsave s.snap\n", &["p.sap"]);
    assert_eq!(code, 0);
    let disasm = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.current_dir(folder.path()).arg("disasm").args(args).output().unwrap()
    };
    let output = disasm(&["s.snap"]);
    assert_eq!(output.status.code(), Some(0));
    let source = String::from_utf8(output.stdout).unwrap();
    // TSX SUB,4 stands in 00103: its complement in a core of 32,768 words is 77675
    assert!(source.contains("XRA 00000 XRB 00000 XRC 77675, TRAPPING OFF\n"), "{source}");
    assert!(source.contains("\nL00103 TSX L00105,4\n       HTR L00100\nL00105 LDQ L00110\n"), "{source}");

    let snapshot = snapshot::load(&fs::read_to_string(folder.path().join("s.snap")).unwrap()).unwrap();
    let again = assemble(&source);
    assert_eq!(again.start(), Some(snapshot.machine.cpu.ic));
    let core = (0..).zip(snapshot.machine.core.words().iter().copied());
    assert_eq!(not_zero(again.core_image()), not_zero(core));

    assert_eq!(disasm(&["s.snap", "-o", "again.sap"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("again.sap")).unwrap(), source);
    assert_eq!(disasm(&["p.sap"]).status.code(), Some(6));
    assert_eq!(disasm(&["none.snap"]).status.code(), Some(2));
}

/// In trapping mode a transfer stores its location in word 0 and goes to 1 instead.
const TRAPPED: &str = "       ORG 1
       TTR BACK
       ORG 64
START  ETM
       TRA 200
BACK   LTM
       HTR START
       END START
";

#[test]
fn a_trap_can_be_a_breakpoint_and_plain_words_are_for_the_ear() {
    let folder = folder();
    fs::write(folder.path().join("t.sap"), TRAPPED).unwrap();
    // the transfer at 00101 is about to trap; then word 0 has its location
    let script = "break trap\ngo\nexpect break\nexpect IC 101\ngo\nexpect stop htr\nexpect 0 101\n";
    let (code, said) = monitor(folder.path(), script, &["t.sap"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("\nbreak: trap\n"), "{said}");

    let (code, said) = monitor(folder.path(), &format!("{script}nonsense\n"), &["t.sap", "--plain"]);
    assert_eq!(code, 1);
    // each command is named, and has an answer
    assert!(said.starts_with("command: break trap\ndone\ncommand: go\nbreak: trap\n"), "{said}");
    assert!(said.contains("command: nonsense\nerror in script:8: "), "{said}");
    assert!(said.lines().all(|line| !line.starts_with(['>', '?']) && !line.contains("  ")), "{said}");
}

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_emu704"))
        .current_dir(folder)
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_monitor_obeys_limit_continue_json_and_quiet() {
    let folder = folder();
    fs::write(folder.path().join("loop.sap"), "A      TRA A\n       END A\n").unwrap();
    let out = run(folder.path(), &["monitor", "loop.sap", "--limit", "1000"], "go\ngo\nregisters\n");
    let text = String::from_utf8(out.stdout).unwrap();
    assert_eq!(text.matches("stop: limit of cycles at 00000 (A)").count(), 3, "{text}");
    assert!(text.contains("cycle 1000,"), "{text}");
    // HTR START: started again once, it ends with SUM 2 as before, after twice the cycles
    let out = run(folder.path(), &["monitor", "p.sap", "--continue", "1", "--json"], "go\n");
    let report: serde_json::Value =
        serde_json::from_slice(out.stdout.split(|b| *b == b'\n').rev().nth(1).unwrap()).unwrap();
    let plain = run(folder.path(), &["run", "p.sap", "--continue", "1", "--json"], "");
    let plain: serde_json::Value = serde_json::from_slice(&plain.stdout).unwrap();
    assert_eq!(report, plain);
    assert_eq!(report["instructions"], 14);
    for quiet in [true, false] {
        let more: &[&str] = if quiet { &["-q"] } else { &[] };
        let out = run(folder.path(), &[&["monitor", "p.sap", "--drum", "1=d.drm"], more].concat(), "quit\n");
        assert_eq!(out.stderr.is_empty(), quiet, "{}", String::from_utf8_lossy(&out.stderr));
        fs::remove_file(folder.path().join("d.drm")).unwrap();
    }
}

#[test]
fn examine_shows_all_that_was_asked_for() {
    let folder = folder();
    let out = run(folder.path(), &["monitor", "p.sap", "--core", "8k"], "examine 0-17777\n");
    let text = String::from_utf8(out.stdout).unwrap();
    assert_eq!(text.lines().count(), 8192);
    assert!(text.lines().last().unwrap().starts_with("17777 000000000000"));
}

#[test]
fn a_job_whose_act_fails_keeps_what_was_made_until_then() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("count.sap"), "START  TRA START\n       END START\n").unwrap();
    let job = "program = \"count.sap\"\n[[operator]]\nat = 100\ndo = \"mount 1 missing.tap\"\n";
    fs::write(folder.path().join("job.toml"), job).unwrap();
    let output = run(folder.path(), &["run", "job.toml", "--punch", "out.cbn", "--drum", "1=d.drm"], "");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    let message = "emu704: operator: mount 1 missing.tap at cycle 100: missing.tap: cannot open";
    assert!(told.contains(message), "{told}");
    assert!(told.contains("saved: out.cbn, d.drm"), "{told}");
    assert!(folder.path().join("out.cbn").exists() && folder.path().join("d.drm").exists());
}

/// The tape moves while the record is written: a word is 0.03 inches and 400 us.
#[test]
fn tapes_tells_how_far_a_record_is() {
    let folder = tempfile::tempdir().unwrap();
    let heat = crate::common::root().join("programs/heat.sap");
    let script = "sense 1 down\nrun 90000\ntapes\nrun 60000\ntapes\nrun 60000\ntapes\n";
    let args = [heat.to_str().unwrap(), "--core", "8k", "--tape", "1=reel.tap", "--ring", "1"];
    let (_, out) = monitor(folder.path(), script, &args);
    let lines: Vec<&str> = out.lines().filter(|line| line.contains("reel.tap  ")).collect();
    let parts: Vec<(f64, f64)> = lines
        .iter()
        .map(|line| {
            let rest = line.split_once("reel.tap  ").unwrap().1;
            let (feet, rest) = rest.split_once(" ft, writes, ").unwrap_or_else(|| panic!("{out}"));
            let (words, rest) = rest.split_once(" words so far").unwrap();
            assert_eq!(rest, ", ring", "{out}");
            (feet.parse().unwrap(), words.parse().unwrap())
        })
        .collect();
    assert_eq!(parts.len(), 3, "{out}");
    for (feet, words) in &parts {
        // the load point is 4.05 inches
        assert!((feet - (4.05 + words * 0.03) / 12.0).abs() < 0.06, "{out}");
    }
    for pair in parts.windows(2) {
        // 60,000 cycles are 0.72 s
        assert!((pair[1].1 - pair[0].1 - 1800.0).abs() <= 2.0, "{out}");
    }
}
