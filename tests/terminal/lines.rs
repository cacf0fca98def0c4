//! Lines that are edited in `emu704 monitor`.

use super::*;

/// A loop of one instruction.
const LOOP: &str = "       ORG 64\nSTART  TRA START\n       END START\n";

fn sap(source: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("prog.sap"), source).unwrap();
    folder
}

impl Terminal {
    fn key(&self, key: &str) {
        assert!(self.tmux(&["send-keys", key]).status.success());
    }

    /// A monitor whose history is in the folder of the test; the shell then tells the exit code.
    fn monitor(&self, folder: &Path, more: &str) {
        let state = folder.display();
        self.enter(&format!(
            "printf '\\033[H\\033[2J'; XDG_STATE_HOME={state} sh -c 'echo $$ > pid; exec {EMU704} monitor {more}'; echo CODE $?"
        ));
        // What a monitor before it has said is gone. `clear` does nothing where TERM is `dumb`.
        self.wait_for("a clear screen", |screen| !screen.contains("CODE 0"));
        self.wait("704>");
    }

    /// Waits until the last line that is not blank is this.
    fn waits_for_last(&self, line: &str) -> String {
        self.wait_for(line, |screen| {
            screen.lines().rfind(|line| !line.trim().is_empty()).is_some_and(|last| last.trim_end() == line)
        })
    }
}

#[test]
fn lines_are_edited_completed_remembered_and_searched() {
    let folder = sap("       ORG 64\nSTART  CLA 64\n       HTR START\n       END START\n");
    let Some(terminal) = Terminal::open("edit", 100, 40, folder.path()) else { return };
    terminal.monitor(folder.path(), "prog.sap");
    // verbs, symbols, names of files
    terminal.type_in("exa");
    terminal.key("Tab");
    terminal.wait("704> examine");
    terminal.type_in("STA");
    terminal.key("Tab");
    terminal.waits_for_last("704> examine START");
    terminal.key("Enter");
    terminal.wait("00100 050000000100  START  CLA 64");
    terminal.type_in("load pr");
    terminal.key("Tab");
    terminal.waits_for_last("704> load prog.sap");
    // a line that was begun is thrown away
    terminal.key("C-c");
    terminal.waits_for_last("704>");
    // the cursor goes back into the line
    terminal.type_in("echo B");
    terminal.waits_for_last("704> echo B");
    terminal.key("Left");
    terminal.type_in("A");
    terminal.waits_for_last("704> echo AB");
    terminal.key("Enter");
    terminal.wait("\nAB\n");
    // the line before, and one that is searched
    terminal.key("Up");
    terminal.waits_for_last("704> echo AB");
    terminal.key("C-c");
    terminal.waits_for_last("704>");
    terminal.key("C-r");
    terminal.type_in("exam");
    terminal.waits_for_last("704> (search: exam) examine START");
    terminal.key("Enter");
    terminal.waits_for_last("704> examine START");
    terminal.key("Enter");
    terminal.wait_for("twice", |screen| screen.matches("START  CLA 64").count() == 2);
    terminal.enter("quit");
    terminal.wait("CODE 0");
    terminal.is_as_before();
    // another session knows them
    terminal.monitor(folder.path(), "prog.sap");
    terminal.key("Up");
    terminal.waits_for_last("704> quit");
    // Ctrl-C ends a session where nothing was typed
    terminal.key("C-c");
    terminal.waits_for_last("704>");
    terminal.key("C-c");
    terminal.wait("CODE 130");
    terminal.is_as_before();
    let history = folder.path().join("emu704/history");
    let lines = fs::read_to_string(&history).unwrap();
    assert_eq!(
        lines.lines().map(str::trim).collect::<Vec<_>>(),
        ["examine START", "echo AB", "examine START", "quit"]
    );
    // it keeps a thousand, and none where it is not wanted
    let long: String = "echo again\necho and again\n".repeat(750);
    fs::write(&history, long).unwrap();
    terminal.monitor(folder.path(), "prog.sap");
    terminal.enter("quit");
    terminal.wait("CODE 0");
    let lines = fs::read_to_string(&history).unwrap();
    assert_eq!((lines.lines().count(), lines.lines().last()), (1000, Some("quit")));
    fs::remove_file(&history).unwrap();
    terminal.enter("export EMU704_HISTORY=off");
    terminal.monitor(folder.path(), "prog.sap");
    terminal.enter("quit");
    terminal.wait("CODE 0");
    assert!(!history.exists());
}

/// What is pasted is done line by line, and a terminal obeys nothing of it.
#[test]
fn lines_are_pasted() {
    let folder = sap(LOOP);
    let Some(terminal) = Terminal::open("paste", 100, 30, folder.path()) else { return };
    terminal.monitor(folder.path(), "prog.sap");
    assert!(
        terminal.tmux(&["set-buffer", "echo one\necho t\u{1b}[31mwo\u{202e}\necho three"]).status.success()
    );
    assert!(terminal.tmux(&["paste-buffer", "-p", "-r"]).status.success());
    terminal.waits_for_last("  ... echo three");
    terminal.key("Enter");
    let screen = terminal.wait("\none\nt[31mwo\nthree\n");
    assert!(!screen.contains('\u{202e}'), "{screen}");
    terminal.enter("quit");
    terminal.wait("CODE 0");
}

#[test]
fn a_run_and_a_prompt_hear_signals() {
    let folder = sap(LOOP);
    let Some(terminal) = Terminal::open("hear", 100, 30, folder.path()) else { return };
    // Ctrl-C ends the run, not the session
    terminal.monitor(folder.path(), "prog.sap");
    terminal.enter("go");
    std::thread::sleep(Duration::from_millis(300));
    terminal.key("C-c");
    terminal.wait("stopped");
    terminal.enter("echo still here");
    terminal.wait("\nstill here");
    terminal.enter("exit 7");
    terminal.wait("CODE 7");
    // a signal in the middle of a line
    for signal in ["-TERM", "-HUP", "-INT"] {
        terminal.monitor(folder.path(), "prog.sap");
        terminal.type_in("examine ");
        terminal.waits_for_last("704> examine");
        let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
        assert!(Command::new("kill").args([signal, pid.trim()]).status().unwrap().success());
        terminal.wait("CODE 130");
        terminal.is_as_before();
    }
    // what was typed while the machine ran is the next line
    terminal.monitor(folder.path(), "prog.sap");
    terminal.enter("run 30000000");
    terminal.enter("echo next");
    terminal.wait("\nnext\n");
    terminal.key("C-d");
    terminal.wait("CODE 0");
}

#[test]
fn a_line_ends_when_the_terminal_goes_away() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    crate::kept::program(folder.path(), "p.sap", crate::kept::PAPER);
    let Some(terminal) = Terminal::open("gone-line", 80, 24, folder.path()) else { return };
    terminal.enter(&format!(
        "export EMU704_HISTORY=; sh -c 'trap \"\" HUP; {EMU704} monitor p.sap --print paper --drum 1=drum; echo $? > code'"
    ));
    terminal.wait("704>");
    terminal.enter("run 1000000");
    terminal.wait("stopped");
    terminal.type_in("examine ");
    terminal.tmux(&["kill-server"]);
    let begun = Instant::now();
    while fs::read_to_string(at("code")).unwrap_or_default().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "the monitor goes on without a terminal");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(fs::read_to_string(at("code")).unwrap(), "130\n");
    assert!(fs::read_to_string(at("paper")).unwrap().lines().count() > 5);
}

#[test]
fn a_terminal_that_can_nothing_has_plain_lines() {
    let folder = sap(LOOP);
    let Some(terminal) = Terminal::open("dumb", 100, 30, folder.path()) else { return };
    for term in ["dumb", ""] {
        terminal.enter(&format!("export TERM={term}"));
        terminal.monitor(folder.path(), "prog.sap");
        terminal.enter("echo AB");
        terminal.wait("704> echo AB\nAB\n704>");
        terminal.enter("quit");
        terminal.wait("CODE 0");
        assert!(!folder.path().join("emu704").exists());
    }
    terminal.enter("export TERM=tmux-256color");
    terminal.enter(&format!("clear; echo CLEAR; {EMU704} monitor --plain prog.sap; echo CODE $?"));
    // what is typed before the screen is clear would go with it
    terminal.wait_for("a clear screen", |screen| screen.lines().next() == Some("CLEAR"));
    terminal.enter("echo AB");
    terminal.wait("echo AB\nAB\n");
    terminal.key("C-c");
    terminal.wait("CODE 130");
}

#[test]
fn a_program_with_errors_asks() {
    let folder = sap("       ORG 64\nSTART  CLA TWO\n       HTR START\n       END START\n");
    let Some(terminal) = Terminal::open("asks", 100, 40, folder.path()) else { return };
    for edits in [true, false] {
        if !edits {
            terminal.enter("export TERM=dumb");
        }
        terminal.monitor(folder.path(), "prog.sap");
        terminal.wait("prog.sap: 1 error; it is in core as it is");
        terminal.enter("go");
        terminal.waits_for_last("prog.sap has 1 error; run it anyway? (y/N)");
        terminal.enter("n");
        terminal.wait(": prog.sap has 1 error; `go anyway` lets it go as it is");
        terminal.enter("start");
        terminal.waits_for_last("prog.sap has 1 error; run it anyway? (y/N)");
        terminal.enter("y");
        terminal.wait("stop: HTR 00100 at 00101 (START+1)");
        // what was typed ahead answers
        terminal.enter("load prog.sap");
        terminal.enter("go");
        terminal.enter("y");
        terminal.enter("show time");
        // CLA takes two cycles, HTR one, and both went twice
        terminal.wait("cycle 6, ");
        terminal.enter("quit");
        terminal.wait("CODE 0");
    }
}

/// `script` is a terminal that says nothing of itself. What its pipe has typed meanwhile is not lost.
#[test]
fn a_terminal_that_does_not_answer_loses_no_line() {
    use std::process::Stdio;

    let works = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("script is missing: the mute terminal is left out");
        return;
    }
    let folder = sap(LOOP);
    let mut child = Command::new("script")
        .args(["-qec", &format!("{EMU704} monitor prog.sap"), "/dev/null"])
        .current_dir(folder.path())
        .env("TERM", "xterm")
        .env("EMU704_HISTORY", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut typed = child.stdin.take().unwrap();
    // some lines at once, some while the terminal is asked, some after it was given up
    for lines in ["echo A1B2\necho A2", "B3\n", "echo A3B4\n", "examine START\nquit\n"] {
        typed.write_all(lines.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(900));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    // what was typed was echoed before its prompt came
    for answer in ["704> A1B2", "704> A2B3", "704> A3B4", "\n00100 002000000100"] {
        assert_eq!(said.matches(answer).count(), 1, "{answer:?} in {said}");
    }
    assert_eq!(output.status.code(), Some(0), "{said}");
}
