//! `emu704 tui` in a real terminal, as tmux has one: a session from the source text to the resumed checkpoint, and the
//! terminal behind it, however it ends.
//!
//! Where there is no tmux these tests print so on standard error and do nothing else; with EMU704_NEEDS_TMUX in the
//! environment that is a failure.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is left out says so")]

mod lines;
mod looks;
#[cfg(unix)]
mod slow;
#[cfg(unix)]
mod socket;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::common::root;

/// A machine that does other things too may take its time.
const PATIENCE: Duration = Duration::from_secs(90);

/// A terminal with a shell in it.
struct Terminal {
    socket: String,
}

impl Terminal {
    /// None where there is no tmux.
    fn open(name: &str, columns: u16, rows: u16, folder: &Path) -> Option<Terminal> {
        let works = Command::new("tmux").arg("-V").output().is_ok_and(|output| output.status.success());
        if !works {
            // past the harness, which hides what passing tests print
            let said = format!("terminal: {name} is left out, there is no tmux here\n");
            std::io::stderr().write_all(said.as_bytes()).unwrap();
            assert!(std::env::var_os("EMU704_NEEDS_TMUX").is_none(), "EMU704_NEEDS_TMUX is set");
            return None;
        }
        let terminal = Terminal { socket: format!("emu704-{name}-{}", std::process::id()) };
        let size = [columns.to_string(), rows.to_string()];
        let folder = folder.to_str().unwrap();
        let started = terminal.tmux(&[
            "new-session",
            "-d",
            "-x",
            &size[0],
            "-y",
            &size[1],
            "-c",
            folder,
            "env",
            "PS1=$ ",
            "TERM=tmux-256color",
            "LC_ALL=C.UTF-8",
            "sh",
        ]);
        assert!(started.status.success(), "{started:?}");
        terminal.wait("$");
        Some(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        Command::new("tmux").args(["-L", &self.socket, "-f", "/dev/null"]).args(arguments).output().unwrap()
    }

    /// What is on the screen.
    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.tmux(&["capture-pane", "-p"]).stdout).into_owned()
    }

    /// What tmux knows of the terminal.
    fn state(&self, format: &str) -> String {
        let output = self.tmux(&["display-message", "-p", format]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Types characters.
    fn type_in(&self, text: &str) {
        assert!(self.tmux(&["send-keys", "-l", "--", text]).status.success());
    }

    fn enter(&self, line: &str) {
        self.type_in(line);
        self.tmux(&["send-keys", "Enter"]);
    }

    /// A command of the panel's command line, once it stands there whole.
    fn command(&self, line: &str) {
        self.type_in(":");
        self.type_in(line);
        self.wait(&format!(":{line}"));
        self.tmux(&["send-keys", "Enter"]);
    }

    /// Waits until something is on the screen; returns the screen.
    fn wait(&self, text: &str) -> String {
        self.wait_for(text, |screen| screen.contains(text))
    }

    fn wait_for(&self, what: &str, so: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if so(&screen) {
                return screen;
            }
            assert!(begun.elapsed() < PATIENCE, "no `{what}` on\n{screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The shell has the terminal as it was: no other screen, a cursor, no mouse, echo.
    fn is_as_before(&self) {
        for (format, expected, what) in [
            ("#{alternate_on}", "0", "the other screen"),
            ("#{cursor_flag}", "1", "the cursor"),
            ("#{mouse_any_flag}", "0", "the mouse"),
        ] {
            assert_eq!(self.state(format), expected, "{what}:\n{}", self.screen());
        }
        self.enter(
            "clear; stty -a | tr ' ;' '\\n\\n' | grep -x -e -*icanon -e -*echo -e -*isig | paste -sd, -",
        );
        let screen = self.wait_for("modes", |screen| screen.lines().any(|line| line.contains("icanon,")));
        let modes = screen.lines().find(|line| line.contains("icanon,")).unwrap();
        assert!(!modes.contains('-'), "{modes}");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// A folder with the job and its library.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lib")).unwrap();
    for file in fs::read_dir(root().join("programs/lib")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join("lib").join(file.file_name())).unwrap();
    }
    fs::copy(root().join("programs/heat.sap"), folder.path().join("heat.sap")).unwrap();
    folder
}

const EMU704: &str = env!("CARGO_BIN_EXE_emu704");

#[test]
fn a_session_from_the_source_to_the_resumed_checkpoint() {
    let folder = folder();
    let Some(terminal) = Terminal::open("session", 120, 40, folder.path()) else { return };
    terminal.enter(&format!("{EMU704} tui --core 8k --no-mouse; echo CODE $?"));
    terminal.wait("● READY");
    // It assembles, with the library; the answer tells the words.
    terminal.command("load heat.sap");
    terminal.wait(" words in core");
    terminal.command("mount 1 reel.tap ring");
    terminal.wait("reel.tap");
    // To the first sweep, three steps, and two of them back.
    terminal.command("break MAIN");
    terminal.type_in("g");
    let screen = terminal.wait("break: at 00116 MAIN");
    assert!(screen.contains(">*00116"), "{screen}");
    terminal.command("step 3");
    terminal.wait(">");
    let there = terminal.wait_for("a step", |screen| !screen.contains(">*00116"));
    terminal.command("back 2");
    terminal.wait_for("a step back", |screen| *screen != there && screen.contains(", IC "));
    terminal.command("back to MAIN");
    terminal.wait(">*00116");
    terminal.command("nobreak all");
    terminal.type_in("g");
    terminal.wait("the present again");
    // On at full speed, to a cycle in the middle of the job.
    terminal.type_in("+++");
    terminal.wait("full speed");
    terminal.command("break cycle 4200000");
    terminal.type_in("g");
    terminal.wait("break: cycle 4200000");
    // Switch 1 down until the tape turns, then up; on until the record is on the reel, and the reel rewound.
    terminal.type_in("1");
    terminal.wait("1▼");
    terminal.command("break cycle 4250000");
    terminal.type_in("g");
    terminal.wait("break: cycle 4250000");
    terminal.wait(" writes");
    terminal.type_in("1");
    terminal.wait("1△");
    terminal.command("break cycle 5000000");
    terminal.type_in("g");
    terminal.wait("break: cycle 5000000");
    let reel = fs::metadata(folder.path().join("reel.tap")).unwrap().len();
    assert!(reel > 49_000, "the reel has {reel} bytes");
    // The machine is lost, and another one comes. CLEAR, LOAD TAPE.
    terminal.command("power off");
    terminal.wait("○ POWER");
    terminal.command("power on 704");
    terminal.wait("● POWER");
    terminal.type_in("C");
    terminal.wait("IC 00000");
    terminal.type_in("t");
    terminal.wait("STOPPED: HTR");
    terminal.wait("SWEEPS OF 256 POINTS");
    // What the resumed job prints is what the undisturbed one prints.
    let undisturbed = Command::new(EMU704)
        .args(["run", "heat.sap", "--core", "8k", "--quiet"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let undisturbed = String::from_utf8(undisturbed.stdout).unwrap();
    assert!(undisturbed.lines().count() > 3, "{undisturbed}");
    for line in undisturbed.lines() {
        terminal.wait(line.trim_end());
    }
    terminal.type_in("q");
    terminal.wait("CODE 0");
    terminal.is_as_before();
}

#[test]
fn the_terminal_is_restored_after_an_error_and_a_panic() {
    let folder = folder();
    let Some(terminal) = Terminal::open("fails", 80, 24, folder.path()) else { return };
    for (how, code) in [("error", "CODE 1"), ("panic", "CODE 101")] {
        terminal.enter(&format!(
            "clear; RUST_BACKTRACE=0 EMU704_TEST_FAIL={how} {EMU704} tui heat.sap --core 8k --drum 1={how}.drum; echo CODE $?"
        ));
        let screen = terminal.wait(code);
        assert!(screen.contains("asked for by EMU704_TEST_FAIL"), "{screen}");
        let drum = fs::metadata(folder.path().join(format!("{how}.drum"))).unwrap();
        assert!(drum.len() > 0, "after a {how} what was made is kept");
        terminal.is_as_before();
    }
}

#[test]
fn the_terminal_is_restored_after_a_signal() {
    let folder = folder();
    let Some(terminal) = Terminal::open("signals", 80, 24, folder.path()) else { return };
    for (begin, signal) in [("", "TERM"), ("g", "TERM"), ("g", "HUP"), ("", "INT")] {
        terminal.enter(&format!(
            "clear; (sh -c 'echo $$ > pid; exec {EMU704} tui heat.sap --core 8k'); echo CODE $?"
        ));
        terminal.wait("● READY");
        terminal.type_in(begin);
        if !begin.is_empty() {
            terminal.wait("● AUTOMATIC");
        }
        let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
        let killed = Command::new("kill").args([format!("-{signal}").as_str(), pid.trim()]).status().unwrap();
        assert!(killed.success());
        terminal.wait("CODE 130");
        terminal.is_as_before();
    }
}

#[test]
fn the_panel_ends_when_its_terminal_goes_away() {
    let folder = folder();
    for (name, begin, shown) in [("gone", "", "● READY"), ("gone-running", "g", "● AUTOMATIC")] {
        let Some(terminal) = Terminal::open(name, 80, 24, folder.path()) else { return };
        terminal.enter(&format!("sh -c 'echo $$ > pid; exec {EMU704} tui heat.sap --core 8k'"));
        terminal.wait("● READY");
        terminal.type_in(begin);
        terminal.wait(shown);
        let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
        let lives = || {
            let probe = Command::new("kill").args(["-0", pid.trim()]).output().unwrap();
            probe.status.success()
        };
        assert!(lives());
        terminal.tmux(&["kill-server"]);
        let begun = Instant::now();
        while lives() {
            assert!(begun.elapsed() < PATIENCE, "process {pid} goes on without a terminal");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Paper, trace and drum are whole when the terminal was closed, and a shell has passed on the signal as well.
#[test]
fn what_was_made_is_kept_when_the_terminal_goes_away() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    crate::kept::program(folder.path(), "p.sap", crate::kept::PAPER);
    let Some(terminal) = Terminal::open("kept", 80, 24, folder.path()) else { return };
    // the shell outlives its terminal, to tell the exit code
    terminal.enter(&format!(
        "sh -c 'trap \"\" HUP; {EMU704} tui p.sap --speed full --print paper --trace trace --drum 1=drum; echo $? > code'"
    ));
    terminal.wait("● READY");
    terminal.type_in("g");
    terminal.wait("● AUTOMATIC");
    std::thread::sleep(Duration::from_millis(300));
    terminal.tmux(&["kill-server"]);
    let begun = Instant::now();
    while fs::read_to_string(at("code")).unwrap_or_default().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "the panel goes on without a terminal");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(fs::read_to_string(at("code")).unwrap(), "130\n");
    let paper = fs::read_to_string(at("paper")).unwrap();
    assert!(paper.lines().count() > 5, "{} bytes of paper", paper.len());
    assert!(fs::read_to_string(at("trace")).unwrap().lines().count() > 10);
    assert_eq!(fs::metadata(at("drum")).unwrap().len(), 2048 * 5);
}

/// docs/siege.md: the panel takes less than 256 MiB whatever its program does.
#[cfg(target_os = "linux")]
#[test]
fn a_program_without_end_does_not_fill_the_memory_of_the_panel() {
    let folder = folder();
    let frames = "START  WTV\n       CPY P\n       CAL P\n       ACL STEP\n       SLW P\n       CFF\n       TRA START\nP      OCT 0\nSTEP   OCT 000004000005\n";
    for (name, body, cycles) in [
        ("frames", frames, 8_000_000_000_u64),
        ("points", crate::kept::POINTS, 100_000_000),
        ("cards", crate::kept::CARDS, 12_000_000_000),
    ] {
        crate::kept::program(folder.path(), "p.sap", body);
        let Some(terminal) = Terminal::open(name, 80, 24, folder.path()) else { return };
        terminal.enter(&format!(
            "sh -c 'echo $$ > pid; exec {EMU704} tui p.sap --speed full --no-mouse --limit {cycles}'"
        ));
        terminal.wait("● READY");
        terminal.type_in("Vg");
        terminal.wait("limit of cycles");
        let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
        let most = crate::kept::most_memory(pid.trim().parse().unwrap());
        assert!(most < 256, "{name}: {most} MiB");
        terminal.type_in("q");
    }
}

/// A search in the past would take minutes; Esc ends it, and the machine is stopped at its old place.
#[test]
fn a_search_of_the_panel_is_given_up() {
    let folder = folder();
    fs::write(folder.path().join("p.sap"), "       ORG 64\nS      TRA S\n       END S\n").unwrap();
    let Some(terminal) = Terminal::open("search", 120, 40, folder.path()) else { return };
    terminal.enter(&format!("{EMU704} tui p.sap --core 8k --speed full; echo CODE $?"));
    terminal.wait("● READY");
    terminal.command("run 1000000000");
    terminal.wait_for("the end of the run", |screen| {
        screen.contains(" STOPPED ") && screen.contains("1,000,000,000 cycles")
    });
    terminal.command("back write 7777");
    std::thread::sleep(Duration::from_millis(200));
    terminal.tmux(&["send-keys", "Escape"]);
    terminal.wait("? interrupted");
    terminal.type_in("q");
    terminal.wait("CODE 0");
}

#[test]
fn a_terminal_that_changes_its_size_is_drawn_anew() {
    let folder = folder();
    let Some(terminal) = Terminal::open("size", 120, 40, folder.path()) else { return };
    terminal.enter(&format!("{EMU704} tui heat.sap --core 8k; echo CODE $?"));
    terminal.wait("● READY");
    terminal.wait("┌printer");
    for (columns, rows, expected) in
        [("80", "24", "┌code"), ("60", "20", "The panel needs 80 columns"), ("160", "50", "┌core")]
    {
        terminal.tmux(&["resize-window", "-x", columns, "-y", rows]);
        terminal.wait(expected);
    }
    terminal.type_in("q");
    terminal.wait("CODE 0");
}

#[test]
fn no_color_is_honoured() {
    let folder = folder();
    let Some(terminal) = Terminal::open("colour", 80, 24, folder.path()) else { return };
    for (variable, colours) in [("NO_COLOR=", true), ("NO_COLOR=1", false)] {
        terminal.enter(&format!("clear; {variable} {EMU704} tui heat.sap --core 8k"));
        terminal.wait("● READY");
        let output = terminal.tmux(&["capture-pane", "-p", "-e"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(text.contains("[38;5;") || text.contains(";38;5;"), colours, "{variable}");
        terminal.type_in("q");
        terminal.wait_for("the shell", |screen| !screen.contains("READY"));
    }
}

#[test]
fn the_attract_mode_plays_and_leaves() {
    let folder = folder();
    let Some(terminal) = Terminal::open("attract", 80, 24, folder.path()) else { return };
    terminal.enter(&format!("{EMU704} tui --attract; echo CODE $?"));
    terminal.wait("THE IBM 704, 1955");
    terminal.wait("● AUTOMATIC");
    terminal.type_in(" ");
    terminal.wait("A JOB: how a plate");
    terminal.type_in("q");
    terminal.wait("CODE 0");
    terminal.is_as_before();
}
