//! A picture of the panel without a terminal: as SVG, or as text.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Size of a character's cell.
const CELL: (f64, f64) = (8.4, 17.0);
const MARGIN: f64 = 8.0;
const INK: &str = "#d0d0d0";
const GROUND: &str = "#101010";

/// The characters alone, lines without blanks at their ends.
pub(super) fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let line: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Characters and colours.
pub(super) fn svg(buffer: &Buffer) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let width = f64::from(columns) * CELL.0 + 2.0 * MARGIN;
    let height = f64::from(rows) * CELL.1 + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{GROUND}\"/>\n"
    );
    for y in 0..rows {
        let mut x = 0;
        while x < columns {
            let first = &buffer[(x, y)];
            let mut end = x;
            let mut run = String::new();
            while end < columns && same_look(first, &buffer[(end, y)]) {
                run.push_str(buffer[(end, y)].symbol());
                end += 1;
            }
            put(&mut out, first, &run, (x, y), end - x);
            x = end;
        }
    }
    out.push_str("</svg>\n");
    out
}

fn same_look(a: &Cell, b: &Cell) -> bool {
    (a.fg, a.bg, a.modifier) == (b.fg, b.bg, b.modifier)
}

fn put(out: &mut String, look: &Cell, run: &str, (x, y): (u16, u16), cells: u16) {
    let (mut ink, mut ground) = (colour(look.fg, INK), colour(look.bg, GROUND));
    if look.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut ground);
    }
    let left = MARGIN + f64::from(x) * CELL.0;
    let top = MARGIN + f64::from(y) * CELL.1;
    let width = f64::from(cells) * CELL.0;
    if ground != GROUND {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{ground}\"/>",
            CELL.1
        );
    }
    // blanks at the beginning of a text are not kept everywhere
    let blanks = run.chars().take_while(|c| *c == ' ').count();
    let body = run.trim();
    if body.is_empty() {
        return;
    }
    let left = left + blanks as f64 * CELL.0;
    let width = body.chars().count() as f64 * CELL.0;
    let weight = if look.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let escaped = body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{:.1}\" fill=\"{ink}\"{weight} textLength=\"{width:.1}\" \
         lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{escaped}</text>",
        top + 13.0
    );
}

/// As xterm shows the sixteen.
const SIXTEEN: [(Color, &str); 16] = [
    (Color::Black, "#000000"),
    (Color::Red, "#cd0000"),
    (Color::Green, "#00cd00"),
    (Color::Yellow, "#cdcd00"),
    (Color::Blue, "#0000ee"),
    (Color::Magenta, "#cd00cd"),
    (Color::Cyan, "#00cdcd"),
    (Color::Gray, "#e5e5e5"),
    (Color::DarkGray, "#7f7f7f"),
    (Color::LightRed, "#ff0000"),
    (Color::LightGreen, "#00ff00"),
    (Color::LightYellow, "#ffff00"),
    (Color::LightBlue, "#5c5cff"),
    (Color::LightMagenta, "#ff00ff"),
    (Color::LightCyan, "#00ffff"),
    (Color::White, "#ffffff"),
];

/// As terminals show the 256 colours.
fn colour(colour: Color, other: &str) -> String {
    let index = match colour {
        Color::Indexed(index) => index,
        colour => return SIXTEEN.iter().find(|(c, _)| *c == colour).map_or(other, |(_, hex)| hex).to_owned(),
    };
    let (red, green, blue) = match index {
        0..=15 => return other.to_owned(),
        16..=231 => {
            let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
            let index = index - 16;
            (level(index / 36), level(index / 6 % 6), level(index % 6))
        }
        _ => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    };
    format!("#{red:02x}{green:02x}{blue:02x}")
}
