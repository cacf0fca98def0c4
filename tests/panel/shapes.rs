//! What has a shape of its own: the CRT, the paper, the drives, code in a narrow pane, a recording.

use super::{COUNTER, app, pass, press, screen};
use emu704::cli::tui::{App, draw};
use emu704::io::crt::Point;
use emu704::panel::{Pane, PanelView};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Lines of a screen that shows this.
fn lines(view: &PanelView, app: &App, (width, height): (u16, u16)) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| _ = draw(frame, view, app.look())).unwrap();
    let buffer = terminal.backend().buffer();
    (0..height).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect()).collect()
}

fn point(x: u16, y: u16) -> Point {
    Point { x, y, bright: true, axis: None }
}

/// A cell is twice as high as wide: the corners of the raster are twice as many columns apart as rows.
#[test]
fn the_crt_keeps_its_proportions() {
    for size in [(80, 40), (120, 40), (200, 60), (90, 60)] {
        let mut app = app(COUNTER);
        press(&mut app, "V");
        let mut view = app.view();
        view.panes = vec![Pane::Crt];
        view.points = vec![point(0, 0), point(1023, 0), point(0, 1023), point(1023, 1023)];
        let found: Vec<(usize, usize)> = lines(&view, &app, size)
            .iter()
            .enumerate()
            .flat_map(|(y, line)| {
                let dots = line.chars().enumerate().filter(|(_, c)| ('\u{2801}'..='\u{28ff}').contains(c));
                dots.map(|(x, _)| (x, y)).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(found.len(), 4, "{size:?}: {found:?}");
        let (left, top) = found[0];
        let (right, bottom) = found[3];
        assert_eq!(right - left + 1, 2 * (bottom - top + 1), "{size:?}: {found:?}");
    }
}

/// WRS 30, CPY 200, CFF, WRS 30, CPY 201, TRA 105: the first frame is gone, and glows for two seconds.
#[test]
fn a_frame_that_is_gone_glows_on() {
    let program = [
        (0o100, "076600000030"),
        (0o101, "070000000200"),
        (0o102, "076000000030"),
        (0o103, "076600000030"),
        (0o104, "070000000201"),
        (0o105, "002000000105"),
        (0o200, "000100000100"),
        (0o201, "000200000200"),
    ];
    let mut app = app(&program);
    press(&mut app, "Vg");
    let mut most = 0;
    let mut bright = Vec::new();
    for _ in 0..600 {
        pass(&mut app, 10);
        let view = app.view();
        most = most.max(view.afterglow.len());
        bright.extend(view.afterglow.iter().map(|(_, left)| *left));
    }
    assert_eq!(most, 1, "the point of the first frame");
    assert!(
        bright.is_sorted_by(|a, b| a >= b) && bright[0] > 240 && *bright.last().unwrap() < 16,
        "{bright:?}"
    );
    // 2 s of 10 ms
    assert!(bright.len().abs_diff(200) <= 2, "{}", bright.len());
}

#[test]
fn paper_is_perforated_behind_each_66_lines() {
    let mut app = app(COUNTER);
    let mut view = app.view();
    view.panes = vec![Pane::Paper];
    view.paper = (60..70).map(|n| format!("LINE {n}")).collect();
    view.printed = 70;
    let lines = lines(&view, &app, (80, 40));
    let at =
        |text: &str| lines.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}"));
    // the lines count from 0
    assert_eq!(at("LINE 66") - at("LINE 65"), 2);
    assert!(lines[at("LINE 65") + 1].contains("╌╌╌"), "{lines:#?}");
    assert_eq!(at("LINE 67") - at("LINE 66"), 1);
}

/// While the record is written the reels turn and the loops move.
#[test]
fn reels_turn_with_the_tape() {
    // WRS 221, CPY 200, TRA 101
    let mut app = app(&[(0o100, "076600000221"), (0o101, "070000000200"), (0o102, "002000000101")]);
    press(&mut app, "g");
    let mut pictures = Vec::new();
    for _ in 0..10 {
        pass(&mut app, 100);
        let view = app.view();
        assert_eq!(view.tapes[0].does.word(), "writes");
        let lines = lines(&view, &app, (120, 40));
        // the rows of reels and loops, in the columns of the first drive
        let drive: Vec<String> = lines[17..23].iter().map(|line| line.chars().take(28).collect()).collect();
        pictures.push(drive);
    }
    pictures.dedup();
    assert_eq!(pictures.len(), 10);
}

#[test]
fn code_in_a_narrow_pane_has_its_symbols_and_a_mark_where_it_is_cut() {
    let mut app = app(COUNTER);
    let mut view = app.view();
    view.panes = vec![Pane::Tapes, Pane::Code];
    view.code = vec![">*00116 007400400200  MAIN   TSX SWEEP,4    A COMMENT THAT IS LONG".to_owned()];
    for width in [80, 90, 120, 200] {
        let text = lines(&view, &app, (width, 24)).concat();
        assert!(text.contains(">*00116") && text.contains("MAIN   TSX SWEEP,4"), "{text}");
        assert!(text.contains("THAT IS LONG") || text.contains('…'), "{text}");
    }
}

#[test]
fn a_small_screen_says_how_to_quit() {
    let mut app = app(COUNTER);
    for size in [(60, 20), (79, 24), (80, 14)] {
        let text = screen(&mut app, size).0.backend().to_string();
        assert!(
            text.contains("q quits") && text.contains("80 columns and 15 rows") && text.contains("STOPPED"),
            "{text}"
        );
    }
}

#[test]
fn a_recording_has_its_pictures_in_the_order_of_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.cast");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"))
        .args([
            "tui",
            "programs/attract.sap",
            "--core",
            "4k",
            "--size",
            "80x24",
            "--do",
            "wait 0.5",
            "--do",
            "go",
        ])
        .args(["--do", "wait 1", "--do", "power off", "--seconds", "0.4", "--picture"])
        .arg(&file)
        .current_dir(crate::common::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let head = lines.next().unwrap();
    assert_eq!(
        (head["version"].as_u64(), head["width"].as_u64(), head["height"].as_u64()),
        (Some(2), Some(80), Some(24))
    );
    let events: Vec<(f64, String)> =
        lines.map(|event| (event[0].as_f64().unwrap(), event[2].as_str().unwrap().to_owned())).collect();
    assert!(events.len() > 8 && events.is_sorted_by(|a, b| a.0 <= b.0), "{} pictures", events.len());
    assert!((events.last().unwrap().0 - 1.9).abs() < 0.01);
    assert!(events.iter().any(|(at, drawn)| *at > 0.4 && drawn.contains("RUNN")));
    assert!(events.iter().any(|(at, drawn)| *at > 1.4 && drawn.contains("POWER OFF")));
    let bad = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"))
        .args(["tui", "--do", "wait long", "--picture"])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(bad.status.code(), Some(2));
}
