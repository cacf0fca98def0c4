//! Whether everything on the panel can be read: the contrast of each character with its ground, computed as WCAG 2 does it.

use super::{COUNTER, machine, pass, press};
use emu704::Monitor;
use emu704::cli::tui::{App, Colours, Look, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

type Rgb = (u8, u8, u8);

/// The sixteen as xterm has them, and as a PC's text screen (the Linux console) has them.
const SIXTEEN: [(Color, Rgb, Rgb); 12] = [
    (Color::Black, (0, 0, 0), (0, 0, 0)),
    (Color::Red, (205, 0, 0), (170, 0, 0)),
    (Color::Green, (0, 205, 0), (0, 170, 0)),
    (Color::Yellow, (205, 205, 0), (170, 85, 0)),
    (Color::Blue, (0, 0, 238), (0, 0, 170)),
    (Color::Gray, (229, 229, 229), (170, 170, 170)),
    (Color::DarkGray, (127, 127, 127), (85, 85, 85)),
    (Color::LightRed, (255, 0, 0), (255, 85, 85)),
    (Color::LightGreen, (0, 255, 0), (85, 255, 85)),
    (Color::LightYellow, (255, 255, 0), (255, 255, 85)),
    (Color::LightCyan, (0, 255, 255), (85, 255, 255)),
    (Color::White, (255, 255, 255), (255, 255, 255)),
];

/// What a colour is on the two kinds of terminal; the 256 beyond the sixteen are the same on all.
fn rgb(colour: Color) -> [Rgb; 2] {
    if let Color::Indexed(index @ 16..=231) = colour {
        let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
        let n = index - 16;
        return [(level(n / 36), level(n / 6 % 6), level(n % 6)); 2];
    }
    if let Color::Indexed(index @ 232..) = colour {
        let grey = 8 + 10 * (index - 232);
        return [(grey, grey, grey); 2];
    }
    let row = SIXTEEN.iter().find(|row| row.0 == colour);
    let row = row.unwrap_or_else(|| panic!("{colour:?} is left to the terminal"));
    [row.1, row.2]
}

/// Relative luminance, 0 to 1.
fn luminance((red, green, blue): Rgb) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn contrast_is_that_of_the_definition() {
    assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 1e-9);
    // #767676 is the lightest grey that has 4.5 on white
    assert!(contrast((0x76, 0x76, 0x76), (255, 255, 255)) > 4.5);
    assert!(contrast((0x77, 0x77, 0x77), (255, 255, 255)) < 4.5);
}

/// Text has 4.5, lamps and other signs 3; rules and frames may be fainter.
fn wanted(cell: &Cell) -> f64 {
    match cell.symbol().chars().next() {
        None | Some(' ') => 0.0,
        Some('─'..='╿' | '▏' | '▕') => 1.5,
        // the lamps and switches of ASCII
        Some('.' | ':' | 'o' | 'O' | '@' | '^' | 'V') => 3.0,
        Some(c) if c.is_ascii() => 4.5,
        Some(_) => 3.0,
    }
}

fn check(app: &mut App, look: Look, what: &str) {
    for size in [(60, 20), (80, 24), (120, 40), (200, 60)] {
        let view = app.view();
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        terminal.draw(|frame| _ = draw(frame, &view, look)).unwrap();
        for (n, cell) in terminal.backend().buffer().content().iter().enumerate() {
            let (x, y) = (n % usize::from(size.0), n / usize::from(size.0));
            let (mut ink, mut ground) = (rgb(cell.fg), rgb(cell.bg));
            if cell.modifier.contains(Modifier::REVERSED) {
                std::mem::swap(&mut ink, &mut ground);
            }
            for (ink, ground) in ink.into_iter().zip(ground) {
                let found = contrast(ink, ground);
                assert!(
                    found >= wanted(cell),
                    "`{}` at {x},{y} has {found:.2}: {:?} on {:?}; {what}, {look:?}, {size:?}",
                    cell.symbol(),
                    cell.fg,
                    cell.bg
                );
            }
        }
    }
}

#[test]
fn everything_can_be_read_in_all_themes() {
    for colours in [Colours::Full, Colours::Sixteen] {
        for theme in [Theme::Dark, Theme::Light] {
            for ascii in [false, true] {
                let look = Look { ascii, colours, theme };
                let mut app = App::new(Monitor::with_machine(machine(COUNTER)), look);
                app.monitor.debugger.room.reels.mount_memory(1, Vec::new(), true).unwrap();
                check(&mut app, look, "stands");
                press(&mut app, "og");
                pass(&mut app, 1000);
                check(&mut app, look, "runs");
                press(&mut app, "Px1w");
                check(&mut app, look, "entry keys");
                press(&mut app, "\n?C");
                check(&mut app, look, "explains");
                press(&mut app, "\x1b:help\n");
                check(&mut app, look, "a sheet");
                press(&mut app, "\x1b:frob\n");
                check(&mut app, look, "an error");
                press(&mut app, "pp");
                check(&mut app, look, "no power");
            }
        }
    }
}

/// The panel paints every cell, so that what the terminal has under it does not show.
#[test]
fn no_cell_is_left_to_the_terminal() {
    let mut app = App::new(Monitor::with_machine(machine(COUNTER)), Look::default());
    for size in [(20, 5), (80, 24), (120, 40), (200, 60), (240, 70)] {
        let view = app.view();
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        terminal.draw(|frame| _ = draw(frame, &view, app.look())).unwrap();
        assert!(terminal.backend().buffer().content().iter().all(|cell| cell.bg != Color::Reset), "{size:?}");
    }
}
