//! Lamps, rows of registers, keys and switches where there is little room: a lamp is a character.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Hits;
use crate::cli::tui::style::{Glass, Ground, Look};
use crate::panel::lamps::{NAMES, Row};
use crate::panel::{PanelView, Part};

/// Where the metal begins in the row of the sense lights.
const SWITCHES: u16 = 33;

/// Width of the names of rows.
const NAME: usize = 12;

/// A line of the panel that is put together from the left.
struct Strip {
    area: Rect,
    spans: Vec<Span<'static>>,
    column: u16,
}

impl Strip {
    fn new(panel: Rect, row: u16) -> Strip {
        Strip { area: Rect::new(panel.x, panel.y + row, panel.width, 1), spans: Vec::new(), column: 0 }
    }

    fn put(&mut self, text: impl Into<String>, style: Style) {
        let text = text.into();
        self.column += text.chars().count() as u16;
        self.spans.push(Span::styled(text, style));
    }

    /// Blanks up to a column.
    fn to(&mut self, column: u16) {
        let blanks = column.saturating_sub(self.column);
        self.put(" ".repeat(usize::from(blanks)), Style::new());
    }

    fn here(&self) -> Position {
        Position::new(self.area.x + self.column, self.area.y)
    }

    /// Something that can be clicked on.
    fn hit(&mut self, hits: &mut Hits, name: &str, text: impl Into<String>, style: Style) {
        let at = self.here();
        let text = text.into();
        if let Some(part) = Part::named(name) {
            hits.parts.push((Rect::new(at.x, at.y, text.chars().count() as u16, 1), part));
        }
        self.put(text, style);
    }

    /// What was put since a column answers the mouse.
    fn answers(&self, hits: &mut Hits, name: &str, since: u16) {
        if let Some(part) = Part::named(name) {
            let area = Rect::new(self.area.x + since, self.area.y, self.column.saturating_sub(since), 1);
            hits.parts.push((area, part));
        }
    }

    fn draw(self, frame: &mut Frame<'_>) {
        frame.render_widget(Line::from(self.spans), self.area);
    }
}

/// The glass of a single lamp.
pub(super) fn glass(name: &str) -> Glass {
    match name {
        "READ-WRITE SELECT" | "DIVIDE CHECK" | "READ-WRITE CHECK" | "READY" => Glass::White,
        "ACCUMULATOR OVERFLOW" | "MQ OVERFLOW" | "AUTOMATIC" => Glass::Green,
        _ if name.starts_with("SENSE") || name == "TRAP" || name == "TAPE CHECK" => Glass::Neon,
        _ => Glass::Red,
    }
}

/// The brightness of a single lamp.
pub(super) fn level(view: &PanelView, name: &str) -> u8 {
    let n = NAMES.iter().position(|n| *n == name).unwrap_or_default();
    view.lamps.row(Row::Single)[n]
}

fn single(view: &PanelView, look: Look, name: &str) -> (&'static str, Style) {
    look.lamp(level(view, name), glass(name))
}

pub(super) fn draw(frame: &mut Frame<'_>, panel: Rect, view: &PanelView, look: Look, hits: &mut Hits) {
    let label = look.label(Ground::Field);
    let faint = look.faint(Ground::Field);
    let buffer = frame.buffer_mut();
    buffer.set_style(panel, look.paint(Ground::Field));
    // the sense lights stand on the field, the switches beside them on the metal
    buffer.set_style(
        Rect::new(panel.x + SWITCHES, panel.y + 8, panel.width - SWITCHES, 1),
        look.paint(Ground::Metal),
    );
    buffer.set_style(Rect::new(panel.x, panel.y + 9, panel.width, 3), look.paint(Ground::Metal));
    let named = |strip: &mut Strip, hits: &mut Hits, name: &'static str, legend: &str| {
        let (glyph, style) = single(view, look, name);
        strip.hit(hits, name, glyph, style);
        strip.hit(hits, name, [" ", legend].concat(), label);
    };

    let mut strip = Strip::new(panel, 0);
    named(&mut strip, hits, "PROGRAM STOP", "PROGRAM STOP");
    strip.to(16);
    named(&mut strip, hits, "ACCUMULATOR OVERFLOW", "ACC OVERFLOW");
    strip.to(32);
    named(&mut strip, hits, "DIVIDE CHECK", "DIVIDE CHECK");
    strip.to(52);
    named(&mut strip, hits, "TAPE CHECK", "TAPE CHECK");
    strip.to(68);
    named(&mut strip, hits, "POWER", "POWER");
    strip.draw(frame);

    let mut strip = Strip::new(panel, 1);
    named(&mut strip, hits, "READ-WRITE SELECT", "R-W SELECT");
    strip.to(16);
    named(&mut strip, hits, "MQ OVERFLOW", "MQ OVERFLOW");
    strip.to(32);
    named(&mut strip, hits, "READ-WRITE CHECK", "R-W CHECK");
    strip.to(52);
    named(&mut strip, hits, "READY", "READY");
    strip.to(68);
    named(&mut strip, hits, "AUTOMATIC", "AUTOMATIC");
    strip.draw(frame);

    // The numbers of the positions, over the last of each three.
    let mut strip = Strip::new(panel, 2);
    strip.to(NAME as u16);
    strip.put("S QP  2   5   8  11  14  17  20  23  26  29  32  35", faint);
    strip.draw(frame);

    let readings = view.readings.as_ref();
    let mut strip = Strip::new(panel, 3);
    strip.hit(hits, "INDEX", "INDEX", label);
    if let Some(readings) = readings {
        strip.to(NAME as u16);
        let [a, b, c] = &readings.index;
        strip.put(format!("A {a}  B {b}  C {c}"), faint);
    }
    let length = view.core.mask().count_ones() as usize;
    strip.to(NAME as u16 + 32);
    address_lamps(&mut strip, view, look, Row::Index, length);
    strip.answers(hits, "INDEX", NAME as u16 + 32);
    strip.draw(frame);

    register(
        frame,
        panel,
        view,
        look,
        hits,
        (4, "STORAGE", Row::Storage),
        readings.map(|r| r.storage.as_str()),
    );
    register(
        frame,
        panel,
        view,
        look,
        hits,
        (5, "ACCUMULATOR", Row::Accumulator),
        readings.map(|r| r.accumulator.as_str()),
    );
    register(frame, panel, view, look, hits, (6, "MQ", Row::Mq), readings.map(|r| r.mq.as_str()));

    let mut strip = Strip::new(panel, 7);
    let counter = readings.map_or("INSTR CTR".to_owned(), |r| format!("CTR   {}", r.counter));
    strip.hit(hits, "INSTRUCTION COUNTER", counter, label);
    strip.to(NAME as u16);
    address_lamps(&mut strip, view, look, Row::Counter, length);
    strip.answers(hits, "INSTRUCTION COUNTER", NAME as u16);
    strip.to(33);
    named(&mut strip, hits, "TRAP", "TRAP");
    strip.to(42);
    let instruction = readings.map_or("INSTRUCTION".to_owned(), |r| format!("INST {}", r.instruction));
    strip.hit(hits, "INSTRUCTION", instruction, label);
    strip.to(54);
    let (first, rest) = view.lamps.row(Row::Instruction).split_at(1);
    groups(&mut strip, look, first, 1);
    strip.put(" ", label);
    groups(&mut strip, look, &rest[..2], 2);
    strip.put(" ", label);
    groups(&mut strip, look, &rest[2..], 3);
    strip.answers(hits, "INSTRUCTION", 54);
    strip.draw(frame);

    let mut strip = Strip::new(panel, 8);
    strip.hit(hits, "SENSE LIGHT 1", "SENSE LIGHTS", label);
    for n in 1..=4 {
        strip.put(format!("  {n} "), label);
        let (glyph, style) = single(view, look, NAMES[7 + n]);
        strip.hit(hits, "SENSE LIGHT 1", glyph, style);
    }
    let label = look.label(Ground::Metal);
    strip.to(34);
    strip.put("SENSE SWITCHES", label);
    for (n, down) in view.switches.iter().enumerate() {
        strip.put(" ", label);
        let (glyph, style) = look.key(*down);
        let at = strip.here();
        if let Some(part) = Part::of_stroke(char::from(b'1' + n as u8)) {
            hits.parts.push((Rect::new(at.x, at.y, 2, 1), part));
        }
        strip.put((n + 1).to_string(), label);
        strip.put(glyph, style);
    }
    strip.to(68);
    let (text, style) = if view.automatic {
        ("AUTOMATIC", look.strong(Ground::Metal))
    } else {
        ("MANUAL", look.strong(Ground::Metal))
    };
    if view.caption.is_none() {
        strip.hit(hits, "AUTOMATIC-MANUAL", "a ", look.stroke(Ground::Metal));
    }
    strip.hit(hits, "AUTOMATIC-MANUAL", text, style);
    strip.draw(frame);

    entry_keys(frame, panel, view, look, hits);
    key_block(frame, panel, view, look, hits);
}

/// The rows of keys, each with its stroke.
fn key_block(frame: &mut Frame<'_>, panel: Rect, view: &PanelView, look: Look, hits: &mut Hits) {
    const KEYS: [[(&str, &str, u16); 8]; 2] = [
        [
            ("DISPLAY A", "j DISP A", 0),
            ("DISPLAY B", "k DISP B", 9),
            ("DISPLAY C", "l DISP C", 18),
            ("MULTIPLE STEP", "n MUL STEP", 27),
            ("RESET", "R RESET", 38),
            ("START", "s START", 47),
            ("CLEAR", "C CLEAR", 59),
            ("ENTRY KEYS", "w SET KEYS", 70),
        ],
        [
            ("LOAD CARDS", "c CARDS", 0),
            ("LOAD TAPE", "t TAPE", 9),
            ("LOAD DRUM", "d DRUM", 18),
            ("SINGLE STEP", "_ SGL STEP", 27),
            ("ENTER MQ", "m ENT MQ", 38),
            ("ENTER INSTRUCTION", "i ENT INSTR", 47),
            ("DISPLAY STORAGE", "y DISP STOR", 59),
            ("DISPLAY EFFECTIVE ADDRESS", "e DISP EA", 71),
        ],
    ];
    for (n, keys) in KEYS.iter().enumerate() {
        let mut strip = Strip::new(panel, 10 + n as u16);
        for (name, text, column) in keys {
            strip.to(*column);
            let held = *name == "MULTIPLE STEP" && view.multiple_step;
            let (stroke, rest) = text.split_at(1);
            // nobody works them while the panel shows itself
            let stroke = if view.caption.is_some() { " " } else { stroke };
            strip.hit(hits, name, stroke, look.stroke(Ground::Metal));
            let style = look.label(Ground::Metal);
            let style = if held { style.patch(Look::cursor()) } else { style };
            strip.hit(hits, name, rest, style);
        }
        strip.draw(frame);
    }
}

fn entry_keys(frame: &mut Frame<'_>, panel: Rect, view: &PanelView, look: Look, hits: &mut Hits) {
    let mut strip = Strip::new(panel, 9);
    strip.hit(hits, "ENTRY KEYS", "ENTRY KEYS", look.label(Ground::Metal));
    strip.to(NAME as u16);
    for key in 0..36u8 {
        match key {
            1 => strip.put("    ", Style::new()),
            _ if key > 1 && key % 3 == 0 => strip.put(" ", Style::new()),
            _ => {}
        }
        let (glyph, style) = look.key(view.keys.bits() >> (35 - key) & 1 == 1);
        let style = if view.key_cursor == Some(key) { style.patch(Look::cursor()) } else { style };
        hits.entry_keys.push((strip.here(), key));
        strip.put(glyph, style);
    }
    if view.readings.is_some() || view.key_cursor.is_some() {
        strip.to(65);
        strip.put(view.keys.to_string(), look.faint(Ground::Metal));
    }
    strip.draw(frame);
}

fn register(
    frame: &mut Frame<'_>,
    panel: Rect,
    view: &PanelView,
    look: Look,
    hits: &mut Hits,
    (row, name, lamps): (u16, &'static str, Row),
    reading: Option<&str>,
) {
    let mut strip = Strip::new(panel, row);
    strip.hit(hits, name, name, look.label(Ground::Field));
    strip.to(NAME as u16);
    let levels = view.lamps.row(lamps);
    // S, then Q and P where they are, then 1, 2 and threes.
    let (high, low) = levels.split_at(levels.len() - 35);
    groups(&mut strip, look, &high[..1], 1);
    strip.put(" ", Style::new());
    if high.len() == 3 {
        groups(&mut strip, look, &high[1..], 2);
    } else {
        strip.put("  ", Style::new());
    }
    strip.put(" ", Style::new());
    groups(&mut strip, look, &low[..2], 2);
    strip.put(" ", Style::new());
    groups(&mut strip, look, &low[2..], 3);
    strip.answers(hits, name, NAME as u16);
    if let Some(reading) = reading {
        let width = reading.chars().count() as u16;
        strip.to(78 - width);
        strip.put(reading, look.faint(Ground::Field));
    }
    strip.draw(frame);
}

/// Fifteen positions in threes, of which the machine has the last `length`.
fn address_lamps(strip: &mut Strip, view: &PanelView, look: Look, row: Row, length: usize) {
    for (n, level) in view.lamps.row(row).iter().enumerate() {
        if n > 0 && n % 3 == 0 {
            strip.put(" ", Style::new());
        }
        if n + length < 15 {
            strip.put(" ", Style::new());
        } else {
            let (glyph, style) = look.lamp(*level, Glass::Neon);
            strip.put(glyph, style);
        }
    }
}

fn groups(strip: &mut Strip, look: Look, levels: &[u8], size: usize) {
    for (n, level) in levels.iter().enumerate() {
        if n > 0 && n % size == 0 {
            strip.put(" ", Style::new());
        }
        let (glyph, style) = look.lamp(*level, Glass::Neon);
        strip.put(glyph, style);
    }
}
