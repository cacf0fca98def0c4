//! Tape drives as they are seen from the front: two reels that turn, lights, the loops in the vacuum columns.
//!
//! All of it follows from how far the tape is, so a picture shows the same whenever it is drawn.

use std::f64::consts::{PI, TAU};

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{cut, cut_start, what};
use crate::cli::tui::style::{Glass, Ground, Look};
use crate::panel::{TapeDoes, TapeView};

/// Columns and rows of a drive.
const SIZE: (u16, u16) = (28, 8);

/// Inches: the pack of an empty reel, and how thick the tape is (727: 10 1/2 inches across with 2,400 ft).
const HUB: f64 = 2.56;
const TAPE: f64 = 0.0022;
/// The rim of a reel.
const RIM: f64 = 5.25;

/// There is room for so many.
pub(super) fn fit(area: Rect, count: usize) -> bool {
    let in_row = usize::from(area.width / SIZE.0);
    count > 0 && in_row > 0 && count.div_ceil(in_row) * usize::from(SIZE.1) <= usize::from(area.height)
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, tapes: &[TapeView], look: Look) {
    let in_row = (area.width / SIZE.0).max(1);
    for (n, tape) in (0..).zip(tapes) {
        let at = Rect::new(area.x + n % in_row * SIZE.0, area.y + n / in_row * SIZE.1, SIZE.0 - 1, SIZE.1);
        drive(frame, at, tape, look);
    }
}

fn drive(frame: &mut Frame<'_>, at: Rect, tape: &TapeView, look: Look) {
    let buffer = frame.buffer_mut();
    let label = look.label(Ground::Field);
    buffer.set_style(at, look.paint(Ground::Field));
    let room = usize::from(at.width) - 5;
    let name = cut_start(&tape.label, look.ascii, room);
    buffer.set_string(at.x, at.y, format!("{:>2} {name}", tape.unit), look.strong(Ground::Field));
    let left = tape.reel_feet - tape.feet;
    for (feet, x) in [(left, at.x + 1), (tape.feet, at.right() - 8)] {
        for (y, row) in (at.y + 1..).zip(reel(feet.max(0.0), look.ascii)) {
            buffer.set_string(x, y, row, label);
        }
    }
    buffer.set_string(at.x + 10, at.y + 2, format!("{:>6.1}", tape.feet), look.strong(Ground::Field));
    buffer.set_string(at.x + 11, at.y + 3, "feet", label);
    let lights = tape.lights;
    let mut x = at.x;
    for (name, on, glass) in [
        ("SEL", lights.select, Glass::White),
        ("RDY", lights.ready, Glass::Green),
        ("PROT", lights.protect, Glass::Red),
        ("IND", lights.indicator, Glass::Red),
        ("LP", lights.load_point, Glass::White),
    ] {
        let (glyph, style) = look.lamp(if on { 255 } else { 0 }, glass);
        buffer.set_string(x, at.y + 4, glyph, style);
        buffer.set_string(x + 1, at.y + 4, name, label);
        x += name.len() as u16 + 2;
    }
    // left and right in opposite sense; while the reel goes back at full speed the tape is out of the columns
    let out = tape.does == TapeDoes::Rewinds && tape.feet > 106.0;
    for (depth, x) in [(loop_depth(tape.feet, 0.0), at.x + 4), (loop_depth(tape.feet, 0.5), at.right() - 5)] {
        let filled = if out { 0 } else { (depth * 4.0).round() as usize };
        for (y, part) in (at.y + 5..).zip(column(filled, look.ascii)) {
            buffer.set_string(x - 1, y, if look.ascii { "| |" } else { "▏ ▕" }, look.faint(Ground::Field));
            buffer.set_string(x, y, part, label);
        }
    }
    let what = what(tape);
    let words = if tape.words > 0 { format!("{what} {} words", tape.words) } else { records(tape, what) };
    let text = cut(&words, look.ascii, usize::from(at.width) - 1);
    let style: Style = if tape.is_busy() { look.strong(Ground::Field) } else { label };
    buffer.set_string(at.x + 1, at.y + 7, text.as_ref(), style);
}

fn records(tape: &TapeView, what: &str) -> String {
    match tape.records {
        0 => what.to_owned(),
        1 => format!("{what} 1 record"),
        n => format!("{what} {n} records"),
    }
}

/// How deep a loop hangs, 0 to 1: it wanders between the two switches of its column, 15 to 40 inches of tape.
fn loop_depth(feet: f64, phase: f64) -> f64 {
    let turn = (feet * 12.0 / 50.0 + phase).rem_euclid(1.0);
    let triangle = if turn < 0.5 { turn * 2.0 } else { 2.0 - turn * 2.0 };
    0.3 + 0.6 * triangle
}

/// A loop of so many quarters, from above.
fn column(quarters: usize, ascii: bool) -> [&'static str; 2] {
    let half = |n: usize| match (n, ascii) {
        (0, _) => " ",
        (1, false) => "▀",
        (1, true) => "'",
        (_, false) => "█",
        (_, true) => "#",
    };
    [half(quarters.min(2)), half(quarters.saturating_sub(2).min(2))]
}

/// The radius of a pack of tape, in inches, and by how much its reel is turned.
fn pack(feet: f64) -> (f64, f64) {
    let radius = (HUB * HUB + 12.0 * feet * TAPE / PI).sqrt();
    (radius, (radius - HUB) / TAPE * TAU)
}

/// A reel with so much tape, 7 columns and 3 rows: the pack with three windows in it, inside the rim.
fn reel(feet: f64, ascii: bool) -> [String; 3] {
    let (radius, turned) = pack(feet);
    if ascii {
        let spoke = ['|', '/', '-', '\\'][(turned / TAU * 8.0).rem_euclid(4.0) as usize];
        let fill = if radius > 4.2 {
            '#'
        } else if radius > 3.2 {
            'o'
        } else {
            ' '
        };
        return [
            format!(" /{fill}{fill}{fill}\\ "),
            format!("({fill} {spoke} {fill})"),
            format!(" \\{fill}{fill}{fill}/ "),
        ];
    }
    // 14 by 12 dots
    let mut rows = [[0u8; 7]; 3];
    for y in 0..12_usize {
        for x in 0..14_usize {
            let (dx, dy) = (x as f64 - 6.5, y as f64 - 5.5);
            let inches = dx.hypot(dy) / 6.0 * RIM;
            let angle = (dy.atan2(dx) - turned).rem_euclid(TAU / 3.0);
            let rim = (inches - RIM).abs() < 0.46;
            let tape = inches > 1.6 && inches <= radius && angle > 0.5;
            if rim || tape {
                let bit = match (x % 2, y % 4) {
                    (0, 3) => 6,
                    (_, 3) => 7,
                    (0, y) => y,
                    (_, y) => y + 3,
                };
                rows[y / 4][x / 2] |= 1 << bit;
            }
        }
    }
    rows.map(|row| row.iter().filter_map(|bits| char::from_u32(0x2800 + u32::from(*bits))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_reel_fills_its_rim() {
        // 2,400 ft: 2.56 squared is 6.55; 12 x 2,400 x 0.0022 / pi is 20.17; the root of 26.72 is 5.17
        assert!((pack(2400.0).0 - 5.17).abs() < 0.01);
        assert!((pack(0.0).0 - HUB).abs() < 1e-9);
        // a foot of tape on an empty hub is 12 / (2 pi 2.56) of a turn
        assert!((pack(1.0).1 / TAU - 0.746).abs() < 0.005);
        let dots = |feet: f64| {
            let count = |c: char| (c as u32 - 0x2800).count_ones();
            reel(feet, false).iter().flat_map(|row| row.chars()).map(count).sum::<u32>()
        };
        assert!(dots(2400.0) > dots(1200.0) && dots(1200.0) > dots(10.0));
        assert_ne!(reel(10.0, false), reel(10.2, false), "it turns");
    }

    #[test]
    fn loops_wander_in_opposite_sense() {
        assert!(loop_depth(0.0, 0.0) < 0.31 && loop_depth(0.0, 0.5) > 0.89);
        // half of 50 inches further it is the other way round
        let half = 25.0 / 12.0;
        assert!(loop_depth(half, 0.0) > 0.89 && loop_depth(half, 0.5) < 0.31);
        assert_eq!(column(3, false), ["█", "▀"]);
        assert_eq!(column(0, false), [" ", " "]);
    }
}
