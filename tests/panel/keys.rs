//! What keys say when they do nothing, the power, long answers, and the mouse on all parts.

use super::{COUNTER, app, pass, press, screen};
use emu704::cli::tui::App;
use emu704::panel::PARTS;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

fn click(app: &mut App, size: (u16, u16), (column, row): (u16, u16)) {
    let (_, hits) = screen(app, size);
    let kind = MouseEventKind::Down(MouseButton::Left);
    app.mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }, &hits);
}

#[test]
fn a_key_that_does_nothing_says_which_one_helps() {
    let mut app = app(COUNTER);
    press(&mut app, " ");
    assert_eq!(app.view().message, "SINGLE STEP is ineffective: it works on MANUAL; a turns the switch");
    press(&mut app, "aC");
    assert_eq!(app.view().message, "CLEAR is ineffective: it works on AUTOMATIC; a turns the switch");
    // to the HTR by steps: PROGRAM STOP holds further ones
    press(&mut app, "1   ");
    assert!(app.monitor.machine().console.program_stop);
    assert_eq!(app.view().message, "SINGLE STEP is ineffective: PROGRAM STOP is on; s, START, puts it out");
    press(&mut app, "app");
    press(&mut app, "s");
    assert_eq!(app.view().message, "START is ineffective: the power is off; p turns it on");
}

#[test]
fn the_power_goes_off_at_the_second_stroke_and_on_at_one() {
    let mut app = app(COUNTER);
    press(&mut app, "g");
    pass(&mut app, 20);
    assert_eq!(app.view().state, "RUNNING");
    press(&mut app, "p");
    assert!(app.view().message.contains("p again"), "{}", app.view().message);
    // another stroke between takes it back
    press(&mut app, "op");
    assert!(app.monitor.machine().has_power());
    press(&mut app, "p");
    assert!(!app.monitor.machine().has_power());
    assert_eq!(app.view().state, "POWER OFF");
    press(&mut app, "p");
    assert!(app.monitor.machine().has_power());
    assert_eq!(app.view().state, "STOPPED");
}

#[test]
fn the_state_is_in_plain_words() {
    let mut app = app(COUNTER);
    assert_eq!(app.view().state, "STOPPED");
    press(&mut app, "1g");
    pass(&mut app, 20);
    assert_eq!(app.view().state, "STOPPED: HTR 00100 at 00102");
    press(&mut app, ":break 103\n");
    press(&mut app, "1g");
    pass(&mut app, 20);
    assert_eq!(app.view().state, "STOPPED: break: at 00103");
}

#[test]
fn a_long_answer_is_read_to_its_end() {
    let mut app = app(COUNTER);
    press(&mut app, ":help\n");
    let mut seen = String::new();
    for _ in 0..20 {
        let (terminal, _) = screen(&mut app, (80, 24));
        seen.push_str(&terminal.backend().to_string());
        press(&mut app, " ");
    }
    let sheet = app.view().sheet.unwrap();
    for line in &sheet.lines {
        let word = line.split_whitespace().next().unwrap_or_default();
        assert!(seen.contains(word), "{word} of {line}");
    }
    press(&mut app, "\x1b");
    assert!(app.view().sheet.is_none());
}

/// Every part of the panel is somewhere on it, and a click on it in `?` explains it.
#[test]
fn every_part_answers_the_mouse() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let mut app = app(COUNTER);
        let (_, hits) = screen(&mut app, size);
        for (n, part) in PARTS.iter().enumerate() {
            let places: Vec<(u16, u16)> = (0..size.1)
                .flat_map(|row| (0..size.0).map(move |column| (column, row)))
                .filter(|(column, row)| hits.part(*column, *row).is_some_and(|found| found.0 == n))
                .collect();
            assert!(!places.is_empty(), "{} at {size:?}", part.name);
            press(&mut app, "?");
            click(&mut app, size, places[places.len() / 2]);
            assert_eq!(app.view().explained.map(|part| part.row().name), Some(part.name), "{size:?}");
            press(&mut app, "\x1b");
        }
    }
}

/// Outside `?` a lamp and a register explain themselves.
#[test]
fn lamps_and_registers_explain_themselves() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        for name in [
            "ACCUMULATOR",
            "MQ",
            "STORAGE",
            "INDEX",
            "INSTRUCTION COUNTER",
            "INSTRUCTION",
            "TRAP",
            "DIVIDE CHECK",
        ] {
            let mut app = app(COUNTER);
            let (terminal, hits) = screen(&mut app, size);
            let buffer = terminal.backend().buffer();
            // on a lamp, not on its name
            let lamp = (0..size.1).flat_map(|row| (0..size.0).map(move |column| (column, row))).find(
                |(column, row)| {
                    let symbol = buffer[(*column, *row)].symbol();
                    let named = hits.part(*column, *row).is_some_and(|part| part.row().name == name);
                    named && !symbol.chars().all(|c| c.is_ascii_alphanumeric())
                },
            );
            click(&mut app, size, lamp.unwrap_or_else(|| panic!("no lamp of {name} at {size:?}")));
            assert_eq!(app.view().explained.map(|part| part.row().name), Some(name), "{size:?}");
        }
    }
}
