//! The panel in terminals of several sizes and kinds.

use super::*;

impl Terminal {
    /// What is on the screen, with its colours.
    fn coloured(&self) -> String {
        String::from_utf8_lossy(&self.tmux(&["capture-pane", "-p", "-e"]).stdout).into_owned()
    }

    fn quit(&self) {
        self.type_in("q");
        self.wait("CODE 0");
        self.is_as_before();
    }
}

/// At each size a job is started, stopped, explained and left.
#[test]
fn a_session_at_each_size() {
    let folder = folder();
    for (columns, rows, lamp) in [(80, 24, "○ TRAP"), (120, 40, "○ TRAP"), (200, 60, "╭─╮ TRAP")] {
        let name = format!("at-{columns}");
        let Some(terminal) = Terminal::open(&name, columns, rows, folder.path()) else { return };
        terminal.enter(&format!("{EMU704} tui heat.sap --core 8k --ring 1; echo CODE $?"));
        // a large screen is drawn in more than one piece
        let is_whole = |screen: &str| ["● READY", lamp, "STOPPED"].iter().all(|part| screen.contains(part));
        terminal.wait_for("the whole panel, stopped", is_whole);
        terminal.type_in("1g");
        terminal.wait("RUNNING");
        // the tape moves while its record is written
        let writes = |screen: &str| screen.contains("writes");
        let first = terminal.wait_for("a tape that writes", writes);
        terminal.wait_for("a tape that moves", |screen| writes(screen) && *screen != first);
        terminal.type_in("x");
        terminal.wait("STOPPED");
        terminal.type_in(" ");
        terminal.wait("a turns the switch");
        terminal.type_in("?s");
        terminal.wait("START  (key s)");
        terminal.tmux(&["send-keys", "Escape"]);
        // an Escape with a letter right after it is Alt and the letter
        terminal.wait_for("no explanation", |screen| !screen.contains("START  (key s)"));
        terminal.type_in("pp");
        terminal.wait("POWER OFF");
        terminal.quit();
    }
}

/// Whatever the terminal has under it, the panel paints its own ground.
#[test]
fn themes_paint_the_ground() {
    let folder = folder();
    let Some(terminal) = Terminal::open("themes", 120, 40, folder.path()) else { return };
    for (theme, ground) in [("dark", "48;5;234"), ("light", "48;5;255")] {
        terminal.enter(&format!("clear; {EMU704} tui heat.sap --core 8k --theme {theme}; echo CODE $?"));
        terminal.wait("● READY");
        let screen = terminal.coloured();
        assert!(screen.contains(ground), "{theme}: {screen}");
        terminal.quit();
    }
}

#[test]
fn each_kind_of_terminal_gets_what_it_can_show() {
    let folder = folder();
    let Some(terminal) = Terminal::open("kinds", 80, 24, folder.path()) else { return };
    for (variables, ascii, sixteen) in [
        ("TERM=linux", true, true),
        ("TERM=vt100", true, false),
        ("TERM=xterm COLORTERM=", false, true),
        ("LC_ALL=C", true, false),
    ] {
        terminal.enter(&format!("clear; {variables} {EMU704} tui heat.sap --core 8k; echo CODE $?"));
        let screen = terminal.wait(" READY");
        let screen = if screen.contains("q quit") { screen } else { terminal.wait("q quit") };
        assert_eq!(screen.is_ascii(), ascii, "{variables}: {screen}");
        let colours = terminal.coloured();
        // the numbers of all colours
        let numbers: Vec<u16> = colours
            .split("8;5;")
            .skip(1)
            .filter_map(|rest| rest.split(['m', ';']).next()?.parse().ok())
            .collect();
        match (sixteen, variables) {
            (true, _) => {
                assert!(numbers.contains(&7) && numbers.iter().all(|n| *n < 16), "{variables}: {numbers:?}");
            }
            (_, "LC_ALL=C") => assert!(numbers.contains(&234), "{variables}: {numbers:?}"),
            _ => assert!(numbers.is_empty(), "{variables}: {numbers:?}"),
        }
        terminal.quit();
    }
    terminal.enter(&format!("clear; TERM=dumb {EMU704} tui heat.sap --core 8k; echo CODE $?"));
    let screen = terminal.wait("CODE 2");
    let screen = screen.replace('\n', "");
    assert!(screen.contains("emu704 monitor"), "{screen}");
}

#[test]
fn a_small_screen_says_what_to_do() {
    let folder = folder();
    let Some(terminal) = Terminal::open("small", 60, 20, folder.path()) else { return };
    terminal.enter(&format!("{EMU704} tui heat.sap --core 8k; echo CODE $?"));
    let screen = terminal.wait("The panel needs 80 columns");
    assert!(screen.contains("q quits") && screen.contains("STOPPED"), "{screen}");
    terminal.type_in("g");
    terminal.wait("RUNNING");
    terminal.type_in("x");
    terminal.wait("STOPPED");
    terminal.quit();
}
