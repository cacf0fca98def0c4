//! The panel on screens of several sizes, driven by strokes, without a terminal.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attract;
mod contrast;
mod keys;
mod monkey;
mod shapes;

use std::time::{Duration, Instant};

use crate::common::word;
use crate::monitor_words::Shelf;
use asm704::Word;
use emu704::cli::tui::{App, Colours, Hits, Look, draw};
use emu704::debug::Pause;
use emu704::io::crt::Point;
use emu704::monitor::Flaw;
use emu704::panel::lamps::{Exposure, Row};
use emu704::panel::{Lamps, PARTS, Speed};
use emu704::{Config, CoreSize, Machine, Monitor};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::style::Color;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A loop that counts in AC, and a HTR that a sense switch leads to.
const COUNTER: &[(u16, &str)] = &[
    (0o100, "076000000161"), // SWT 1
    (0o101, "002000000103"), // TRA 103
    (0o102, "000000000100"), // HTR 100
    (0o103, "040000000200"), // ADD 200
    (0o104, "002000000100"), // TRA 100
    (0o200, "000000000001"),
];

fn machine(words: &[(u16, &str)]) -> Machine {
    let mut machine = Machine::new(Config::with_core(CoreSize::K8));
    for (address, text) in words {
        machine.core.poke(*address, word(text));
    }
    machine.set_start(0o100);
    machine
}

fn app(words: &[(u16, &str)]) -> App {
    let mut app = App::new(Monitor::with_machine(machine(words)), Look::default());
    app.monitor.debugger.room.reels.mount_memory(1, Vec::new(), true).unwrap();
    app
}

fn press(app: &mut App, strokes: &str) {
    for stroke in strokes.chars() {
        let code = match stroke {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\x1b' => KeyCode::Esc,
            c => KeyCode::Char(c),
        };
        app.key(KeyEvent::new(code, KeyModifiers::NONE));
    }
}

/// Lets time pass at the wall, and as much of the machine's as its speed gives it.
fn pass(app: &mut App, milliseconds: u64) {
    for _ in 0..milliseconds / 10 {
        app.tick(Duration::from_millis(10), Instant::now() + Duration::from_secs(60));
    }
}

fn screen(app: &mut App, (width, height): (u16, u16)) -> (Terminal<TestBackend>, Hits) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let view = app.view();
    let mut hits = Hits::default();
    terminal.draw(|frame| hits = draw(frame, &view, app.look())).unwrap();
    (terminal, hits)
}

fn snapshots(name: &str, app: &mut App) {
    for size in SIZES {
        let (terminal, _) = screen(app, size);
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("panel_{name}_{}x{}", size.0, size.1), terminal.backend());
        });
    }
}

#[test]
fn a_machine_that_stands() {
    let mut app = app(COUNTER);
    snapshots("stopped", &mut app);
}

#[test]
fn a_machine_that_runs() {
    let mut app = app(COUNTER);
    press(&mut app, "og");
    pass(&mut app, 1000);
    assert!(app.monitor.debugger.is_going());
    snapshots("running", &mut app);
}

#[test]
fn a_machine_that_has_failed() {
    // A CPY, and nothing is selected.
    let mut app = app(&[(0o100, "070000000200")]);
    press(&mut app, "g");
    pass(&mut app, 20);
    assert!(!app.monitor.debugger.is_going() && app.monitor.debugger.pause().is_failure());
    snapshots("failed", &mut app);
}

#[test]
fn a_second_at_the_wall_is_a_second_of_the_machine() {
    for (speed, seconds) in [(Speed::Real, 1.0), (Speed::X10, 10.0), (Speed::X100, 100.0)] {
        let mut app = app(COUNTER);
        app.speed = speed;
        press(&mut app, "g");
        pass(&mut app, 1000);
        let found = app.monitor.machine().now().seconds();
        assert!((found - seconds).abs() < seconds / 1000.0, "{speed:?}: {found}");
    }
}

#[test]
fn brightness_is_the_share_of_time() {
    // TRA 100 in 100: IC always 100, storage always that word.
    let mut machine = machine(&[(0o100, "002000000100")]);
    let mut exposure = Exposure::default();
    for _ in 0..4 {
        exposure.expose(&machine, 3);
    }
    machine.cpu.ic = 0o200;
    exposure.expose(&machine, 4);
    let lamps = exposure.take().unwrap();
    let counter = lamps.row(Row::Counter);
    // Positions 3-17: 100 is the lamp of 64, position 11; 200 that of 128, position 10.
    assert_eq!((counter[15 - 7], counter[15 - 8]), (191, 63));
    assert!(counter.iter().enumerate().all(|(n, level)| (7..=8).contains(&n) || *level == 0));
    assert!(exposure.take().is_none());
    // What was on for the shortest time is not dark, what was off for the shortest time is not full.
    exposure.expose(&machine, 1);
    machine.cpu.ic = 0o100;
    exposure.expose(&machine, 1_000_000);
    let lamps = exposure.take().unwrap();
    assert_eq!((lamps.row(Row::Counter)[7], lamps.row(Row::Counter)[8]), (1, 254));
}

#[test]
fn rows_have_the_lamps_of_the_panel() {
    let mut machine = machine(&[]);
    machine.cpu.ac.negative = true;
    machine.cpu.ac.magnitude = 1;
    machine.cpu.mq = word("400000000001");
    let lamps = Lamps::of(&machine, false, true);
    let ac = lamps.row(Row::Accumulator);
    assert_eq!((ac.len(), ac[0], ac[1], ac[37]), (38, 255, 0, 255));
    let mq = lamps.row(Row::Mq);
    assert_eq!((mq.len(), mq[0], mq[1], mq[35]), (36, 255, 0, 255));
    assert_eq!(lamps.row(Row::Instruction).len(), 18);
    let on: Vec<&str> = lamps.named().into_iter().filter_map(|(name, on)| on.then_some(name)).collect();
    assert_eq!(on, ["POWER", "READY"]);
    let dark = Lamps::of(&machine, false, false);
    assert!(dark.named().iter().all(|(_, on)| !on) && dark.row(Row::Mq).iter().all(|level| *level == 0));
}

#[test]
fn lamps_differ_by_glyph_and_by_colour() {
    let mut app = app(COUNTER);
    let (terminal, _) = screen(&mut app, (80, 24));
    let buffer = terminal.backend().buffer();
    let power = buffer.cell((68, 0)).unwrap();
    let stop = buffer.cell((0, 0)).unwrap();
    assert_eq!((power.symbol(), stop.symbol()), ("●", "○"));
    assert_ne!(power.fg, stop.fg);
    assert_ne!(power.fg, Color::Reset);

    let mut plain = App::new(
        Monitor::with_machine(machine(COUNTER)),
        Look { ascii: true, colours: Colours::None, ..Look::default() },
    );
    let (terminal, _) = screen(&mut plain, (80, 24));
    let buffer = terminal.backend().buffer();
    assert!(buffer.content().iter().all(|cell| cell.symbol().is_ascii()));
    assert!(buffer.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
}

#[test]
fn strokes_are_the_keys_of_the_panel() {
    let mut app = app(COUNTER);
    press(&mut app, "1g");
    pass(&mut app, 20);
    assert!(matches!(app.monitor.debugger.pause(), Pause::Stopped(stop) if stop.at == 0o102));
    assert!(app.monitor.machine().console.program_stop);
    // The switch up again: START goes to 100 and on.
    press(&mut app, "1s");
    pass(&mut app, 20);
    assert!(app.monitor.debugger.is_going());
    // MANUAL stops it; a step is one instruction.
    press(&mut app, "a");
    assert!(!app.monitor.debugger.is_going() && !app.monitor.machine().console.automatic);
    let before = app.monitor.machine().instructions;
    press(&mut app, " ");
    assert_eq!(app.monitor.machine().instructions, before + 1);
    // Keys S and 35 by digits, then ENTER MQ; CLEAR is ineffective on MANUAL.
    press(&mut app, "w400000000001\n");
    press(&mut app, "\x1bm");
    assert_eq!(app.monitor.machine().cpu.mq, word("400000000001"));
    press(&mut app, "C");
    assert_ne!(app.monitor.machine().core.peek(0o100), Word::ZERO);
    press(&mut app, "aC");
    assert_eq!(app.monitor.machine().core.peek(0o100), Word::ZERO);
    press(&mut app, "q");
    assert!(app.over);
}

#[test]
fn multiple_step_goes_on_slowly_until_it_is_let_go() {
    let mut app = app(COUNTER);
    press(&mut app, "an");
    pass(&mut app, 1010);
    assert_eq!(app.monitor.machine().instructions, 10);
    press(&mut app, "n");
    pass(&mut app, 1000);
    assert_eq!(app.monitor.machine().instructions, 10);
}

#[test]
fn a_running_machine_is_not_left_by_one_stroke() {
    let mut app = app(COUNTER);
    press(&mut app, "gq");
    assert!(!app.over);
    press(&mut app, "q");
    assert!(app.over);
}

#[test]
fn the_mouse_works_switches_and_entry_keys() {
    let mut app = app(COUNTER);
    let (_, hits) = screen(&mut app, (80, 24));
    let mut click = |column, row| {
        let kind = MouseEventKind::Down(MouseButton::Left);
        app.mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }, &hits);
    };
    // Sense switch 1, then the entry key S.
    click(49, 8);
    click(12, 9);
    assert!(app.monitor.machine().console.sense_switches[0]);
    assert_eq!(app.monitor.machine().console.keys, word("400000000000"));
}

#[test]
fn every_part_is_explained_in_two_lines_that_fit() {
    for row in PARTS {
        assert!(row.lines.iter().all(|line| !line.is_empty() && line.len() <= 80), "{}", row.name);
    }
    let mut app = app(COUNTER);
    press(&mut app, "?C");
    let (terminal, _) = screen(&mut app, (80, 24));
    let text = terminal.backend().to_string();
    assert!(text.contains("CLEAR  (key C)") && text.contains("Ineffective on MANUAL"), "{text}");
    press(&mut app, "\x1b");
    assert!(!screen(&mut app, (80, 24)).0.backend().to_string().contains("Ineffective"));
}

#[test]
fn the_command_line_completes_and_answers() {
    let mut app = app(COUNTER);
    press(&mut app, ":exa\t200\n");
    assert_eq!(app.view().message, "00200 000000000001         HTR 00001");
    press(&mut app, ":frob\n");
    assert_eq!(app.view().message, "? `frob` is not a command; `help` lists them");
    press(&mut app, ":help\n  ");
    let text = screen(&mut app, (120, 40)).0.backend().to_string();
    assert!(text.contains("end the session"), "{text}");
}

#[test]
fn a_program_with_errors_goes_at_the_second_stroke() {
    let flaw = || {
        let first = vec!["line 2: `TWO` is not defined".to_owned()];
        Some(Flaw { name: "p.sap".to_owned(), errors: 2, first })
    };
    for stroke in ["g", "s"] {
        let mut app = app(COUNTER);
        app.monitor.set_flaw(flaw());
        press(&mut app, stroke);
        let message = app.view().message;
        assert!(message.contains("p.sap has 2 errors; `go anyway` lets it go"), "{message}");
        assert!(!app.monitor.debugger.is_going());
        // something else between makes it a first stroke again
        press(&mut app, "o");
        press(&mut app, stroke);
        assert!(!app.monitor.debugger.is_going());
        press(&mut app, stroke);
        assert!(app.monitor.debugger.is_going(), "{stroke}");
    }
    let mut app = app(COUNTER);
    app.monitor.set_flaw(flaw());
    press(&mut app, ":go\n");
    assert!(!app.monitor.debugger.is_going());
    press(&mut app, ":go anyway\n");
    assert!(app.monitor.debugger.is_going());
}

#[test]
fn files_of_commands_wait_for_the_machine() {
    let mut app = app(COUNTER);
    let lines = "break 103\ngo\nexamine ic\nfrob\nnobreak all\ngo\n";
    app.monitor.debugger.room.files = Box::new(Shelf(vec![("a.do", lines.to_owned())]));
    press(&mut app, ":do a.do\n");
    assert!(app.monitor.debugger.is_going() && app.monitor.has_lines());
    pass(&mut app, 20);
    assert!(app.monitor.debugger.is_going() && !app.monitor.has_lines());
    let replies = app.view().replies;
    assert!(replies.iter().any(|line| line.starts_with("IC 00103: ")), "{replies:?}");
    assert!(replies.iter().any(|line| line.starts_with("? a.do:4: `frob` is not a command")), "{replies:?}");
    // x stops the machine and what was to follow
    app.monitor.debugger.room.files = Box::new(Shelf(vec![("b.do", "go\nsense 1 down\n".to_owned())]));
    press(&mut app, ":do b.do\n");
    press(&mut app, "x");
    pass(&mut app, 20);
    assert!(!app.monitor.machine().console.sense_switches[0]);
}

#[test]
fn a_breakpoint_of_the_command_line_stops_the_panel() {
    let mut app = app(COUNTER);
    press(&mut app, ":break 103\n");
    press(&mut app, "g");
    pass(&mut app, 20);
    assert_eq!(app.monitor.debugger.pause(), Pause::Break("at 00103".to_owned()));
    assert_eq!(app.monitor.machine().cpu.ic, 0o103);
}

#[test]
fn the_crt_is_drawn_in_braille() {
    let mut app = app(COUNTER);
    press(&mut app, "V");
    let mut view = app.view();
    view.points = (0..1024).step_by(8).map(|n| Point { x: n, y: n, bright: true, axis: None }).collect();
    let mut terminal = Terminal::new(TestBackend::new(80, 40)).unwrap();
    terminal.draw(|frame| _ = draw(frame, &view, app.look())).unwrap();
    let dots =
        terminal.backend().to_string().chars().filter(|c| ('\u{2801}'..='\u{28ff}').contains(c)).count();
    assert!(dots > 10, "{}", terminal.backend());
}

#[test]
fn the_last_frame_is_seen_until_the_next_has_a_point() {
    // WRS 30, CPY 200, CFF, HTR.
    let program =
        [(0o100, "076600000030"), (0o101, "070000000200"), (0o102, "076000000030"), (0o103, "000000000103")];
    let mut app = app(&program);
    press(&mut app, "Vg");
    pass(&mut app, 20_000);
    assert!(app.monitor.machine().console.program_stop, "{:?}", app.monitor.debugger.pause());
    assert!(app.monitor.machine().frame().points.is_empty());
    assert_eq!(app.view().points.len(), 1);
}

#[test]
fn no_size_of_the_screen_is_a_panic() {
    let mut app = app(COUNTER);
    press(&mut app, "TPDOMVL?");
    for width in [1, 2, 20, 40, 79, 80, 81, 119, 160, 250] {
        for height in [1, 2, 5, 14, 15, 16, 17, 24, 100] {
            screen(&mut app, (width, height));
        }
    }
}

#[test]
fn a_picture_needs_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let picture = |name: &str, more: &[&str]| {
        let path = folder.path().join(name);
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"))
            .args(["tui", "programs/attract.sap", "--core", "4k", "--size", "80x24", "--picture"])
            .arg(&path)
            .args(more)
            .current_dir(crate::common::root())
            .output()
            .unwrap()
            .status;
        (status.code().unwrap(), std::fs::read_to_string(path).unwrap_or_default())
    };
    let (code, text) = picture("a.txt", &["--do", "go", "--seconds", "1"]);
    assert_eq!(code, 0);
    assert_eq!((text.lines().count(), text.contains("real speed 1.00x  0:00:01.000")), (24, true), "{text}");
    let (code, svg) = picture("a.svg", &[]);
    assert!(code == 0 && svg.starts_with("<svg ") && svg.contains("●</text>"), "{svg}");
    assert_eq!(picture("a.gif", &[]).0, 2);
    assert_eq!(picture("a.txt", &["--do", "frob"]).0, 2);
    assert_eq!(picture("a.txt", &["--size", "0x3"]).0, 2);
}
