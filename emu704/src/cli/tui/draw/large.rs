//! The panel where there is room: lamps of several cells, lights behind squares, keys in the groups of the console.
//!
//! The places follow docs/panel.md, "What differs from the console".

mod lamps;
mod metal;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Hits;
use crate::cli::tui::style::{Glass, Ground, Look};
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
}
