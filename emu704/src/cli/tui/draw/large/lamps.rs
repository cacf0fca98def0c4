//! The field of the lamps: square lights, numbers, and the lamps of the registers.

use ratatui::layout::Rect;

use super::{Pen, Scale};
use crate::cli::tui::draw::board::{glass, level};
use crate::cli::tui::style::Ground;
use crate::panel::lamps::Row;

/// The squares: name, legend, and which of the two rows.
const LIGHTS: [[(&str, &str); 3]; 2] = [
    [
        ("PROGRAM STOP", "PROGRAM STOP"),
        ("ACCUMULATOR OVERFLOW", "ACCUM OVERFLOW"),
        ("DIVIDE CHECK", "DIVIDE CHECK"),
    ],
    [
        ("READ-WRITE SELECT", "R-W SELECT"),
        ("MQ OVERFLOW", "QUOT OVERFLOW"),
        ("READ-WRITE CHECK", "R-W CHECK"),
    ],
];

/// Where a lamp of the registers is: `n` counts S, Q, P, 1 to 35.
fn column(scale: &Scale, n: u16) -> u16 {
    let gaps = match n {
        0 => 0,
        1 | 2 => 1,
        3 | 4 => 2,
        // two behind 8: the characteristic ends there
        _ => 3 + (n - 5) / 3 + u16::from(n >= 11),
    };
    scale.name + n * scale.pitch + gaps
}

impl Pen<'_, '_> {
    /// A light behind a coloured square, with its lamp as a glyph too.
    fn light(&mut self, x: u16, y: u16, width: u16, (name, legend): (&str, &str)) {
        let (level, glass) = (level(self.view, name), glass(name));
        let style = self.look.tile(level > 0, glass);
        let (glyph, _) = self.look.lamp(level, glass);
        let area = Rect::new(x, y, width, self.scale.key);
        self.frame.buffer_mut().set_style(area, style);
        let text: String = format!("{glyph} {legend}").chars().take(usize::from(width)).collect();
        self.text(x, y, &text, style);
        self.hit(name, area);
    }

    pub(super) fn lights(&mut self) {
        let scale = self.scale;
        let width = scale.light;
        for (row, lights) in scale.lights.into_iter().zip(LIGHTS) {
            for (n, light) in (0..).zip(lights) {
                self.light(1 + n * (width + 1), row, width, light);
            }
        }
        let right = scale.width - 2 * 14 - 1;
        let stroke = if self.view.caption.is_some() { "POWER" } else { "POWER    p" };
        self.light(right, scale.lights[0], 13, ("POWER", stroke));
        self.light(right, scale.lights[1], 13, ("READY", "READY"));
        self.light(right + 14, scale.lights[1], 13, ("AUTOMATIC", "AUTOMATIC"));
        self.light(right + 14, scale.lights[0], 13, ("TAPE CHECK", "TAPE CHECK"));
        // the row for the index registers
        let x = 1 + 3 * (width + 1) + 1;
        let (label, faint) = (self.look.label(Ground::Field), self.look.faint(Ground::Field));
        self.text(x, scale.lights[0], "I N D E X", label);
        self.hit("INDEX", Rect::new(x, scale.lights[0], 9, 1));
        if let Some(readings) = &self.view.readings {
            let [a, b, c] = &readings.index;
            let text = format!("A {a} B {b} C {c}");
            self.text(x + 10, scale.lights[0], &text, faint);
        }
        self.address_row(x, scale.lights[1], Row::Index, "INDEX");
    }

    /// Fifteen positions, of which the machine has the last ones.
    fn address_row(&mut self, x: u16, y: u16, row: Row, name: &str) {
        let absent = 15 - self.view.core.mask().count_ones() as u16;
        let levels: Vec<u8> = self.view.lamps.row(row).to_vec();
        let place = |n: u16| x + n * self.scale.pitch + n / 3;
        let end = place(15);
        for (n, level) in (0..).zip(levels).filter(|(n, _)| *n >= absent) {
            let at = x + n * self.scale.pitch + n / 3;
            self.lamp(at, y, level);
        }
        self.hit(name, Rect::new(x, y, end - x, self.scale.lamp));
    }

    /// A bracket over each three lamps, with the number of the last.
    pub(super) fn numbers(&mut self) {
        let scale = self.scale;
        let style = self.look.faint(Ground::Field);
        let groups = [(0, 0, "S"), (1, 2, "QP"), (3, 4, "2")];
        let threes = (0..11).map(|n| (5 + 3 * n, 7 + 3 * n, ""));
        for (first, last, name) in groups.into_iter().chain(threes) {
            let from = column(&scale, first);
            let width = column(&scale, last) + scale.pitch - u16::from(scale.pitch > 2) - from;
            let name = if name.is_empty() { (last - 2).to_string() } else { name.to_owned() };
            let (rule, tick) = if self.look.ascii { ('-', '+') } else { ('─', '╭') };
            let room = usize::from(width).saturating_sub(name.len() + 1);
            let rule: String = std::iter::once(tick).chain(std::iter::repeat_n(rule, room)).collect();
            let text = if usize::from(width) > name.len() { [rule, name].concat() } else { name };
            self.text(from, scale.numbers, &text, style);
        }
    }

    pub(super) fn registers(&mut self) {
        self.numbers();
        let (view, scale) = (self.view, self.scale);
        let readings = view.readings.as_ref();
        let rows = [
            ("STORAGE", Row::Storage, readings.map(|r| r.storage.as_str())),
            ("ACCUMULATOR", Row::Accumulator, readings.map(|r| r.accumulator.as_str())),
            ("MQ", Row::Mq, readings.map(|r| r.mq.as_str())),
        ];
        for (y, (name, row, reading)) in scale.registers.into_iter().zip(rows) {
            self.text(0, y, name, self.look.label(Ground::Field));
            let levels = view.lamps.row(row).to_vec();
            // no lamps of Q and P
            let skipped = 38 - levels.len() as u16;
            for (n, level) in (0..).zip(levels) {
                let n = if n == 0 { 0 } else { n + skipped };
                self.lamp(column(&scale, n), y, level);
            }
            let end = column(&scale, 37) + scale.pitch;
            self.hit(name, Rect::new(0, y, end, scale.lamp));
            if let Some(reading) = reading {
                let below = u16::from(scale.lamp > 1);
                let x = if scale.lamp > 1 { 0 } else { end + 1 };
                self.text(x, y + below, reading, self.look.faint(Ground::Field));
            }
        }
    }

    pub(super) fn counter(&mut self) {
        let (view, scale) = (self.view, self.scale);
        let (label, faint) = (self.look.label(Ground::Field), self.look.faint(Ground::Field));
        let y = scale.counter;
        let readings = view.readings.as_ref();
        self.text(0, y, "INSTR CTR", label);
        self.hit("INSTRUCTION COUNTER", Rect::new(0, y, scale.name, scale.lamp));
        self.address_row(scale.name, y, Row::Counter, "INSTRUCTION COUNTER");
        let mut x = scale.name + 15 * scale.pitch + 6;
        // the positions of the address
        for n in 0..5 {
            let at = scale.name + (3 * n + 2) * scale.pitch + n;
            self.text(at, y - 1, &(23 + 3 * n).to_string(), faint);
        }
        let (level, glass) = (level(view, "TRAP"), glass("TRAP"));
        if scale.lamp > 1 {
            self.lamp(x, y, level);
        } else {
            let (glyph, style) = self.look.lamp(level, glass);
            self.text(x, y, glyph, style);
        }
        let beside = x + if scale.lamp > 1 { 4 } else { 2 };
        self.text(beside, y, "TRAP", label);
        self.hit("TRAP", Rect::new(x, y, beside + 4 - x, scale.lamp));
        x = beside + 7;
        self.text(x, y, "INSTR", label);
        let start = x;
        x += 6;
        let levels = view.lamps.row(Row::Instruction).to_vec();
        // S, 1-3, 4-6, 7-9, then the counter of shifts: 10, 11, 12-14, 15-17
        let gap = |n: u16| match n {
            0 => 0,
            1..=9 => 1 + (n - 1) / 3,
            10 | 11 => 5,
            _ => 6 + (n - 12) / 3,
        };
        for (n, level) in (0..).zip(levels) {
            self.lamp(x + n * scale.pitch + gap(n), y, level);
        }
        for n in [3, 6, 9, 11, 14, 17_u16] {
            let text = n.to_string();
            let end = x + n * scale.pitch + gap(n) + scale.pitch.min(3);
            self.text(end - text.len() as u16, y - 1, &text, faint);
        }
        let end = x + 18 * scale.pitch + gap(17);
        self.hit("INSTRUCTION", Rect::new(start, y, end - start, scale.lamp));
        if let Some(readings) = readings {
            let (below, at) = if scale.lamp > 1 { (1, [0, start]) } else { (0, [end + 1, 0]) };
            if scale.lamp > 1 {
                self.text(at[0], y + below, &readings.counter, faint);
                self.text(at[1] - 1, y + below, &readings.instruction, faint);
            } else {
                self.text(0, y, &["CTR  ", &readings.counter].concat(), label);
                self.text(at[0], y, &readings.instruction, faint);
            }
        }
    }
}
