//! Nothing of the user's is lost: memory of the monitor, files that its commands name, limits of the host.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A line of print, again and again. It moves the paper by 1/6 inch.
pub(crate) const PAPER: &str = "START  WPR
       LXA N,2
       CPY ZERO
       TIX *-1,2,1
       CPY BUF
       CPY BUF
       TRA START
N      HTR 16
";

/// As [`PAPER`], and exit 9 suppresses the space: every line is printed over the one before.
const OVERPRINT: &str = "START  WPR
       SPR 9
       LXA N,2
       CPY ZERO
       TIX *-1,2,1
       CPY BUF
       CPY BUF
       TRA START
N      HTR 16
";

/// Points all over the CRT, both intensities, with and without lines, and the film stays.
pub(crate) const POINTS: &str = "START  WTV
       CPY P
       CAL P
       ACL STEP
       SLW P
       TRA START+1
P      OCT 0
STEP   OCT 314157261543
";

/// Cards, and frames of film.
pub(crate) const CARDS: &str = "START  WPU
       LXA W,2
       CPY BUF
       TIX *-1,2,1
       WTV
       CPY BUF
       CFF
       TRA START
W      HTR 24
";

/// A line of print, a card, two words on drum 1, a frame of film, a record on tape 3, then a halt.
pub(crate) const ALL: &str = "START  WDR 1
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
       WTD 3
       CPY BUF
       IOD
       WPR
       LXA N,2
       CPY ZERO
       TIX *-1,2,1
       CPY BUF
       CPY BUF
       HTR START
W      HTR 24
N      HTR 16
";

pub(crate) fn program(folder: &Path, name: &str, body: &str) {
    let text = format!("       ORG 64\n{body}ZERO   OCT 0\nBUF    OCT 123456701234\n       END START\n");
    fs::write(folder.join(name), text).unwrap();
}

pub(crate) fn emu704(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.current_dir(folder).args(words.split_whitespace()).stdin(Stdio::null());
    command
}

/// A shell with a limit on the size of files, in blocks of 512 or 1,024 bytes.
fn limited(folder: &Path, blocks: u32, words: &str) -> Output {
    let script = format!("ulimit -f {blocks}; exec \"$0\" {words}");
    Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_emu704")])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// MiB of memory that a process has had at most, when it has come to wait for its input.
#[cfg(target_os = "linux")]
pub(crate) fn most_memory(pid: u32) -> u64 {
    memory_so_far(pid).unwrap()
}

/// MiB of memory that a process has had at most until now; none when it has ended.
#[cfg(target_os = "linux")]
fn memory_so_far(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? / 1024)
}

/// docs/debugger.md: a monitor takes less than 256 MiB whatever its program does; `run`, 64 MiB.
#[cfg(target_os = "linux")]
#[test]
fn a_program_without_end_does_not_fill_the_memory() {
    use std::io::BufRead as _;
    let folder = tempfile::tempdir().unwrap();
    for (name, body, cycles) in [
        ("paper", PAPER, 4_000_000_000_u64),
        ("overprint", OVERPRINT, 1_500_000_000),
        ("points", POINTS, 300_000_000),
        ("cards", CARDS, 2_000_000_000),
    ] {
        program(folder.path(), "p.sap", body);
        let mut child = emu704(folder.path(), "monitor p.sap")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        // the last words show that all before is done
        writeln!(input, "run {cycles}\nsense 1 down\nrun 1000000\nback 5\nrun 100000\nexamine 0").unwrap();
        let out = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut lines = out.lines();
        assert!(lines.any(|line| line.unwrap().starts_with("00000 ")), "{name}");
        let most = most_memory(child.id());
        assert!(most < 256, "monitor, {name}: {most} MiB");
        drop(input);
        child.wait().unwrap();

        let mut run = emu704(folder.path(), &format!("run p.sap -q --limit {cycles} --json"));
        let mut child = run.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut report = child.stdout.take().unwrap();
        // looked at again and again, the last time within milliseconds of its end
        let id = child.id();
        let looks = std::thread::spawn(move || {
            let mut most = 0;
            while let Some(now) = memory_so_far(id) {
                most = most.max(now);
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            most
        });
        std::io::copy(&mut report, &mut std::io::sink()).unwrap();
        // a process that has ended has no memory, though nobody has waited for it
        let most = looks.join().unwrap();
        assert!((1..64).contains(&most), "run, {name}: {most} MiB");
        child.wait().unwrap();
    }
}

/// The paper that is not kept any more is counted, and said.
#[test]
fn a_debugger_keeps_the_end_of_a_long_paper() {
    use emu704::{Config, CoreSize, Debugger, Room};
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(&format!(
        "       ORG 64\n{PAPER}ZERO   OCT 0\nBUF    OCT 777777777777\n       END START\n"
    ))
    .unwrap();
    let mut debugger = Debugger::new(room);
    debugger.go();
    // a line is of up to 120 characters and takes 0.4 s, 33,333 cycles
    let mut printed = 0;
    for leg in 1..=60 {
        debugger.advance(leg * 200_000_000, None).unwrap();
        assert!(debugger.all_printed().len() <= 17 << 20);
        if leg < 3 {
            // what is taken in time is whole
            let taken = debugger.take_printed();
            printed += taken.len();
            assert_eq!(debugger.paper_gone() + debugger.all_printed().lines().count().min(1), 1);
            assert!(!taken.contains("not kept"));
        }
    }
    assert!(printed > 0);
    let (gone, kept) = (debugger.paper_gone(), debugger.all_printed().len());
    assert!(gone > 0 && kept >= 8 << 20, "{gone} gone, {kept} kept");
    let taken = debugger.take_printed();
    assert!(taken.starts_with('(') && taken.contains("bytes of paper before this line were not kept"));
    // and one can still go back
    debugger.stop();
    debugger.back(3).unwrap();
    assert!(debugger.in_past());
}

#[test]
fn trace_and_save_of_the_monitor_do_not_destroy_what_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    program(folder.path(), "p.sap", ALL);
    let made =
        emu704(folder.path(), "run p.sap --tape 3=in.tap --ring 3 --punch deck.cbn -q").status().unwrap();
    assert_eq!(made.code(), Some(0));
    fs::copy(at("in.tap"), at("other.tap")).unwrap();
    std::os::unix::fs::symlink(at("in.tap"), at("link")).unwrap();
    fs::write(at("old"), "old").unwrap();
    let script = "\
mount 5 other.tap
mount cards deck.cbn
save p.sap
trace p.sap
save in.tap
save link
trace ./in.tap
save other.tap
save paper
trace paper
save deck.cbn
mount 6 paper ring
mount drum 2 paper
trace t
save t
trace off
save snap
restore snap
save snap
trace old
step
quit
";
    fs::write(at("script"), script).unwrap();
    let names = ["p.sap", "in.tap", "other.tap", "deck.cbn"];
    let before = names.map(|name| fs::read(at(name)).unwrap());
    let words = "monitor p.sap --tape 4=in.tap --print paper --script script";
    let output = emu704(folder.path(), words).output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let refused: Vec<&str> = out.lines().filter(|line| line.contains("name another file")).collect();
    assert_eq!(refused.len(), 12, "{out}");
    for (line, what) in refused.iter().zip([
        "p.sap: it is the program",
        "p.sap: it is the program",
        "in.tap: it is tape 4",
        "link: it is tape 4",
        "./in.tap: it is tape 4",
        "other.tap: it is a reel",
        "paper: it is --print",
    ]) {
        assert!(line.contains(what), "{line}: {what}");
    }
    assert_eq!(names.map(|name| fs::read(at(name)).unwrap()), before);
    // what is in no use is replaced when it is whole
    let trace = fs::read_to_string(at("old")).unwrap();
    assert_eq!(trace.lines().count(), 3, "{trace}");
    assert!(fs::read_to_string(at("t")).unwrap().starts_with("IC "));
    assert!(fs::read_to_string(at("snap")).unwrap().starts_with('{'));
    assert_eq!(output.status.code(), Some(1), "lines have failed");
}

/// A trace of the monitor is put in its place when it is whole: a killed process leaves the old file.
#[test]
fn a_trace_of_a_killed_monitor_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), "p.sap", PAPER);
    fs::write(folder.path().join("t"), "old").unwrap();
    let mut child = emu704(folder.path(), "monitor p.sap")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "trace t\nrun 1000000000").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("t")).unwrap(), "old");
}

/// Whatever a run writes: a limit on the size of files is a message with the name, exit code 1, and the old file.
#[test]
fn a_limit_on_the_size_of_files_is_an_error_of_each_output() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    program(folder.path(), "p.sap", ALL);
    fs::create_dir(at("film")).unwrap();
    for (option, file) in [
        ("--print old", "old"),
        ("--punch old", "old"),
        ("--trace old", "old"),
        ("--drum 1=drum", "drum"),
        ("--film film", "film/frame-0001.png"),
        ("--tape 3=reel.tap", "reel.tap"),
    ] {
        let old = if file == "drum" { vec![0; 2048 * 5] } else { b"old".to_vec() };
        let is_reel = file == "reel.tap";
        fs::write(at(file), if is_reel { &[] } else { &old[..] }).unwrap();
        let output = limited(folder.path(), 0, &format!("run p.sap --ring 3 {option}"));
        let text = told(&output);
        assert_eq!(output.status.code(), Some(1), "{option}: {:?} {text}", output.status);
        let name = if option.starts_with("--film") { "film" } else { file };
        assert!(text.contains(name) && (text.contains("too large") || is_reel), "{option}: {text}");
        assert!(text.contains(&format!("NOT saved: {name}: ")), "{option}: {text}");
        assert_eq!(fs::read(at(file)).unwrap(), if is_reel { &[] } else { &old[..] }, "{option}");
        fs::remove_file(at(file)).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "{option}: nothing is left beside it");
    }
    // the monitor's own files
    fs::write(at("s"), "old").unwrap();
    fs::write(at("script"), "trace s\nstep\ntrace off\nsave u\n").unwrap();
    let output = limited(folder.path(), 0, "monitor p.sap --script script");
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(out.matches("too large").count(), 2, "{out}");
    assert!(out.contains("u: cannot write: "), "{out}");
    assert!(fs::read(at("s")).unwrap() == b"old" && !at("u").exists());
}

/// A full device: exit code 1 and its name, whatever is written to it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error_of_each_output() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), "p.sap", ALL);
    for option in ["--print /dev/full", "--punch /dev/full", "--trace /dev/full"] {
        let output = emu704(folder.path(), &format!("run p.sap --ring 3 {option}")).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{option}");
        assert!(told(&output).contains("NOT saved: /dev/full: "), "{option}: {}", told(&output));
    }
    // no place for a folder, and no image of a drum: found out before the run
    for (option, code) in [("--film /dev/full", 2), ("--drum 1=/dev/full", 6)] {
        let output = emu704(folder.path(), &format!("run p.sap --ring 3 {option}")).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{option}");
        assert!(told(&output).contains("/dev/full: "), "{option}: {}", told(&output));
    }
    // standard output: the paper, the report, cards
    for option in ["", "--json", "--punch -", "--print -", "--trace -"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = emu704(folder.path(), &format!("run p.sap --ring 3 {option}"))
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{option}");
        assert!(told(&output).contains("standard output: "), "{option}: {}", told(&output));
    }
}
