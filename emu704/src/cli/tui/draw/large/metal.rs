//! The field of the keys: keys, switches, sense lights, and the entry keys.

use ratatui::layout::{Position, Rect};

use super::Pen;
use crate::cli::tui::draw::board::level;
use crate::cli::tui::style::{Ground, Look};
use crate::panel::Part;
use crate::panel::lamps::NAMES;

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

impl Pen<'_, '_> {
    pub(super) fn keys(&mut self) {
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
    pub(super) fn switches(&mut self) {
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
        self.text(x, upper, "SENSE", label);
        self.text(x, lower, "LIGHTS", label);
        let lights =
            Rect::new(x + 7, upper, 4 * (scale.pitch + 1) + 1, lower + scale.lamp.max(scale.key) - upper);
        self.paint(lights, Ground::Field);
        for n in 0..4u16 {
            let at = x + 8 + n * (scale.pitch + 1);
            self.text(at, upper, &(n + 1).to_string(), look.faint(Ground::Field));
            self.lamp(at, lower, level(view, NAMES[8 + usize::from(n)]));
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
    pub(super) fn entry_keys(&mut self) {
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
