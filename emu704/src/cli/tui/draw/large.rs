//! The panel where there is room: lamps of several cells, lights behind squares, keys in the groups of the console.
//!
//! The places follow docs/panel.md, "What differs from the console".

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::Hits;
use super::board::{glass, level};
use crate::cli::tui::style::{Glass, Ground, Look};
use crate::panel::lamps::{NAMES, Row};
use crate::panel::{PanelView, Part};

/// How large things are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Columns and rows of the whole.
    pub(super) width: u16,
    pub(super) height: u16,
    /// From lamp to lamp, and rows of a lamp.
    pitch: u16,
    lamp: u16,
    /// Columns of the names of rows.
    name: u16,
    /// Rows of a key and of a light.
    key: u16,
    /// Columns of a key, with the gap behind it.
    key_pitch: u16,
    /// Columns of a light.
    light: u16,
    /// Columns of an entry key.
    paddle: u16,
    /// The first rows of the lights, the numbers over the registers, the registers, the instruction counter, and the keys.
    lights: [u16; 2],
    numbers: u16,
    registers: [u16; 3],
    counter: u16,
    keys: [u16; 4],
}

impl Scale {
    /// The same on so many columns.
    pub(super) fn wide(self, width: u16) -> Scale {
        Scale { width, ..self }
    }
}

/// Lamps of 2x1 cells.
pub(super) const MIDDLE: Scale = Scale {
    width: 118,
    height: 15,
    pitch: 2,
    lamp: 1,
    name: 12,
    key: 1,
    key_pitch: 15,
    light: 16,
    paddle: 2,
    lights: [1, 2],
    numbers: 3,
    registers: [4, 5, 6],
    counter: 8,
    keys: [10, 11, 13, 14],
};

/// Lamps of 3x2 cells.
pub(super) const LARGE: Scale = Scale {
    width: 196,
    height: 32,
    pitch: 4,
    lamp: 2,
    name: 15,
    key: 2,
    key_pitch: 21,
    light: 18,
    paddle: 4,
    lights: [1, 3],
    numbers: 5,
    registers: [6, 9, 12],
    counter: 16,
    keys: [19, 22, 26, 29],
};

/// The keys by rows, as on the console; the last number is the width in keys.
type KeyRow = [(&'static str, &'static str, u16); 4];
const KEYS: [KeyRow; 4] = [
    [
        ("DISPLAY A", "DISPLAY A", 1),
        ("DISPLAY B", "DISPLAY B", 1),
        ("DISPLAY C", "DISPLAY C", 1),
        ("MULTIPLE STEP", "MULT STEP", 1),
    ],
    [
        ("LOAD CARDS", "LOAD CARDS", 1),
        ("LOAD TAPE", "LOAD TAPE", 1),
        ("LOAD DRUM", "LOAD DRUM", 1),
        ("SINGLE STEP", "SINGLE STEP", 1),
    ],
    [("RESET", "RESET", 1), ("START", "S T A R T", 2), ("CLEAR", "CLEAR", 1), ("", "", 0)],
    [
        ("ENTER MQ", "ENTER MQ", 1),
        ("ENTER INSTRUCTION", "ENTER INSTR", 1),
        ("DISPLAY STORAGE", "DISPL STOR", 1),
        ("DISPLAY EFFECTIVE ADDRESS", "DISPL EF AD", 1),
    ],
];

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

struct Pen<'a, 'b> {
    frame: &'a mut Frame<'b>,
    hits: &'a mut Hits,
    view: &'a PanelView,
    look: Look,
    scale: Scale,
}

pub(super) fn draw(frame: &mut Frame<'_>, scale: Scale, view: &PanelView, look: Look, hits: &mut Hits) {
    let mut pen = Pen { frame, hits, view, look, scale };
    let bead = scale.keys[0] - 1;
    pen.paint(Rect::new(0, 0, scale.width, bead), Ground::Field);
    pen.paint(Rect::new(0, bead, scale.width, scale.height - bead), Ground::Metal);
    pen.plate();
    pen.lights();
    pen.registers();
    pen.counter();
    pen.keys();
    pen.switches();
    pen.entry_keys();
}

impl Pen<'_, '_> {
    fn paint(&mut self, area: Rect, ground: Ground) {
        self.frame.buffer_mut().set_style(area, self.look.paint(ground));
    }

    fn text(&mut self, x: u16, y: u16, text: &str, style: Style) {
        let width = usize::from(self.scale.width.saturating_sub(x));
        self.frame.buffer_mut().set_stringn(x, y, text, width, style);
    }

    fn hit(&mut self, name: &str, area: Rect) {
        if let Some(part) = Part::named(name) {
            self.hits.parts.push((area, part));
        }
    }

    fn plate(&mut self) {
        let text = "E L E C T R O N I C   D A T A   P R O C E S S I N G   M A C H I N E      T Y P E   7 0 4";
        let x = (self.scale.width - text.len() as u16) / 2;
        self.text(x, 0, text, self.look.faint(Ground::Field));
    }

    /// A lamp of the rows.
    fn lamp(&mut self, x: u16, y: u16, level: u8) {
        let (step, look) = (Look::step(level), self.look);
        let (glyph, _) = look.lamp(level, Glass::Neon);
        let style = look.glow(step, Glass::Neon);
        let rows: [String; 2] = match (self.scale.lamp, look.ascii) {
            (1, true) => [glyph.repeat(2), String::new()],
            (1, false) if !look.has_colours() => [[glyph, " "].concat(), String::new()],
            (1, false) => [["▗▖", "▗▖", "▐▌", "▐▌", "▐▌"][step].to_owned(), String::new()],
            (_, true) => [glyph.repeat(3), glyph.repeat(3)],
            (_, false) if step == 4 => ["▟█▙".to_owned(), "▜█▛".to_owned()],
            (_, false) if step == 0 => ["╭─╮".to_owned(), "╰─╯".to_owned()],
            (_, false) => [["╭", glyph, "╮"].concat(), "╰─╯".to_owned()],
        };
        for (n, row) in (0..self.scale.lamp).zip(&rows) {
            self.text(x, y + n, row, style);
        }
    }

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

    fn lights(&mut self) {
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
    fn numbers(&mut self) {
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

    fn registers(&mut self) {
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

    fn counter(&mut self) {
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

    fn keys(&mut self) {
        let scale = self.scale;
        for (y, row) in scale.keys.into_iter().zip(KEYS) {
            let mut x = 1;
            for (name, legend, keys) in row.into_iter().filter(|(_, _, keys)| *keys > 0) {
                let width = scale.key_pitch * keys - 1;
                let area = Rect::new(x, y, width, scale.key);
                self.key(area, name, legend);
                x += scale.key_pitch * keys;
            }
        }
    }

    /// The black face of a key, with the stroke that works it.
    fn key(&mut self, area: Rect, name: &str, legend: &str) {
        let (look, view) = (self.look, self.view);
        self.paint(area, Ground::Key);
        let held = name == "MULTIPLE STEP" && view.multiple_step;
        let style =
            if held { look.label(Ground::Key).patch(Look::cursor()) } else { look.label(Ground::Key) };
        let stroke = match Part::named(name).and_then(|part| part.row().stroke) {
            _ if view.caption.is_some() => ' ',
            Some(' ') => '_',
            stroke => stroke.unwrap_or(' '),
        };
        if !look.has_colours() {
            self.text(area.x, area.y, "[", style);
            self.text(area.x + area.width - 1, area.y, "]", style);
        }
        self.text(area.x + 1, area.y, &stroke.to_string(), look.stroke(Ground::Key));
        match name.split_once(' ') {
            Some((first, rest)) if area.height > 1 => {
                self.text(area.x + 3, area.y, first, style);
                self.text(area.x + 3, area.y + 1, rest, style);
            }
            _ => self.text(area.x + 3, area.y, legend, style),
        }
        self.hit(name, area);
    }

    /// AUTOMATIC-MANUAL, the sense lights and the sense switches.
    fn switches(&mut self) {
        let (view, look, scale) = (self.view, self.look, self.scale);
        let (label, strong) = (look.label(Ground::Metal), look.strong(Ground::Metal));
        let x = 4 * scale.key_pitch + 4;
        let (upper, lower) = (scale.keys[0], scale.keys[1]);
        let (auto, manual) = if view.automatic { (strong, label) } else { (label, strong) };
        let marks = if look.ascii { ["*", " "] } else { ["▲", " "] };
        let mark = |on: bool| if on { marks[0] } else { marks[1] };
        if view.caption.is_none() {
            self.text(x - 2, upper, "a", look.stroke(Ground::Metal));
        }
        self.text(x, upper, &[mark(view.automatic), "AUTOMATIC"].concat(), auto);
        self.text(x, lower, &[mark(!view.automatic), "MANUAL"].concat(), manual);
        self.hit("AUTOMATIC-MANUAL", Rect::new(x - 2, upper, 12, lower + scale.key - upper));
        // the lights have dark glass around them
        let x = x + 13;
        self.text(x, upper, "LIGHTS", label);
        self.text(x, lower, "SENSE", label);
        let lights =
            Rect::new(x + 7, upper, 4 * (scale.pitch + 1) + 1, lower + scale.lamp.max(scale.key) - upper);
        self.paint(lights, Ground::Field);
        for n in 0..4u16 {
            let at = x + 8 + n * (scale.pitch + 1);
            self.text(at, upper, &(n + 1).to_string(), look.faint(Ground::Field));
            self.lamp(at, lower, super::board::level(view, NAMES[8 + usize::from(n)]));
        }
        self.hit("SENSE LIGHT 1", Rect::new(x, upper, lights.right() - x, scale.key * 2));
        let x = lights.right() + 2;
        self.text(x, upper, "SENSE SWITCHES", label);
        for (n, down) in (0..).zip(view.switches) {
            let at = x + n * 3;
            let (glyph, style) = look.key(down);
            self.text(at, lower, &(n + 1).to_string(), label);
            self.text(at + 1, lower, glyph, style);
            if let Some(part) = Part::of_stroke(char::from(b'1' + n as u8)) {
                self.hits.parts.push((Rect::new(at, lower, 2, 1), part));
            }
        }
    }

    /// Two rows of eighteen, in shades by octal digit.
    fn entry_keys(&mut self) {
        let (view, look, scale) = (self.view, self.look, self.scale);
        let x = 4 * scale.key_pitch + 4;
        let label = look.label(Ground::Metal);
        let head = scale.keys[2] - 1;
        if view.caption.is_none() {
            self.text(x - 2, head, "w", look.stroke(Ground::Metal));
        }
        self.text(x, head, "ENTRY KEYS", label);
        self.hit("ENTRY KEYS", Rect::new(x - 2, head, 12, 1));
        if view.readings.is_some() || view.key_cursor.is_some() {
            self.text(x + 12, head, &view.keys.to_string(), look.faint(Ground::Metal));
        }
        for (row, first) in [(scale.keys[2], 0u8), (scale.keys[3], 18)] {
            for n in 0..18u8 {
                let key = first + n;
                let at = x + u16::from(n) * scale.paddle + u16::from(n / 3);
                let down = view.keys.bits() >> (35 - key) & 1 == 1;
                let (glyph, style) = look.key(down);
                let style = if view.key_cursor == Some(key) { style.patch(Look::cursor()) } else { style };
                self.text(at, row, glyph, style);
                for column in at..at + scale.paddle.min(3) {
                    self.hits.entry_keys.push((Position::new(column, row), key));
                }
            }
        }
    }
}
