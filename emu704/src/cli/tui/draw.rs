//! The panel on the screen: lamps and rows above, panes, the status line, the command line.
//!
//! Lamps differ by glyph as well as by colour.

mod board;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::panes;
use super::style::Look;
use crate::panel::{PanelView, Part};

/// Columns that the panel itself takes.
const WIDTH: u16 = 80;
/// Rows that it takes, the block of keys included.
const HEIGHT: u16 = 12;
/// What can be worked with the mouse, and where it is.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    parts: Vec<(Rect, Part)>,
    entry_keys: Vec<(Position, u8)>,
}

impl Hits {
    /// The part at a place.
    pub fn part(&self, column: u16, row: u16) -> Option<Part> {
        self.parts.iter().find(|(area, _)| area.contains(Position::new(column, row))).map(|(_, part)| *part)
    }

    /// The entry key at a place, 0 for S to 35.
    pub fn entry_key(&self, column: u16, row: u16) -> Option<u8> {
        let place = Position::new(column, row);
        self.entry_keys.iter().find(|(at, _)| *at == place).map(|(_, key)| *key)
    }
}

/// Draws everything; returns what can be clicked on.
pub fn draw(frame: &mut Frame<'_>, view: &PanelView, look: Look) -> Hits {
    let area = frame.area();
    let mut hits = Hits::default();
    if area.width < WIDTH || area.height < HEIGHT + 3 {
        let text = format!(
            "The panel needs {WIDTH} columns and {} rows; here are {} and {}.",
            HEIGHT + 3,
            area.width,
            area.height
        );
        frame.render_widget(Paragraph::new(text).wrap(ratatui::widgets::Wrap { trim: true }), area);
        return hits;
    }
    let rows = area.height;
    let panel = Rect::new(0, 0, WIDTH, HEIGHT);
    board::draw(frame, panel, view, look, &mut hits);
    let told = view.caption.as_ref().map_or(0, |lines| lines.len() as u16 + 1).min(rows - HEIGHT - 3);
    let below = Rect::new(0, HEIGHT, area.width, rows - HEIGHT - 3 - told);
    if let Some(lines) = &view.caption {
        draw_caption(frame, Rect::new(0, rows - 3 - told, area.width, told), look, lines);
    }
    let beside = Rect::new(WIDTH, 0, area.width - WIDTH, HEIGHT);
    panes::draw(frame, view, look, below, beside);
    draw_status(frame, Rect::new(0, rows - 3, area.width, 1), view, look);
    let message = Rect::new(0, rows - 2, area.width, 1);
    frame.render_widget(Paragraph::new(view.message.as_str()).style(look.label()), message);
    draw_foot(frame, Rect::new(0, rows - 1, area.width, 1), view, look);
    if let Some(part) = view.explained {
        draw_explanation(frame, Rect::new(0, rows - 6, area.width.min(100), 3), look, part);
    }
    hits
}

fn draw_status(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    let style = look.bar(view.failure);
    let ratio = if view.running { format!(" {:.2}x", view.ratio) } else { String::new() };
    let right =
        format!("{}{ratio}  {}  {} cycles ", view.speed.text(), time(view.seconds), thousands(view.cycles));
    let room = usize::from(area.width).saturating_sub(right.chars().count() + 2);
    let state: String = view.state.chars().take(room).collect();
    let text = format!(" {state:<room$} {right}");
    frame.render_widget(Paragraph::new(text).style(style), area);
}

fn draw_foot(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    match &view.prompt {
        Some(prompt) => {
            let room = usize::from(area.width).saturating_sub(3);
            let skip = prompt.chars().count().saturating_sub(room);
            let shown: String = prompt.chars().skip(skip).collect();
            let column = area.x + 1 + shown.chars().count() as u16;
            frame.render_widget(Paragraph::new(format!(":{shown}")).style(look.strong()), area);
            frame.set_cursor_position(Position::new(column, area.y));
        }
        None if view.key_cursor.is_some() => {
            let text = "keys: 0-7 set three, space flips one, arrows move, Del all up, Enter leaves";
            frame.render_widget(Paragraph::new(text).style(look.faint()), area);
        }
        None if view.explained.is_some() => {
            let text = "arrows: next lamp or key; a stroke: the key that it works; Esc leaves";
            frame.render_widget(Paragraph::new(text).style(look.faint()), area);
        }
        None => {
            let text =
                ": command  ? explain  g go  x stop  a AUTO/MAN  +- speed  o octal  TPDOMVWL panes  q quit";
            let short = ": command ? explain g go x stop a AUTO/MAN +- speed o oct TPDOMVWL panes q quit";
            let text = if usize::from(area.width) < text.len() { short } else { text };
            frame.render_widget(Paragraph::new(text).style(look.faint()), area);
        }
    }
}

fn draw_explanation(frame: &mut Frame<'_>, area: Rect, look: Look, part: Part) {
    let row = part.row();
    let stroke = match row.stroke {
        Some(' ') => "  (space bar)".to_owned(),
        Some(stroke) => format!("  (key {stroke})"),
        None => String::new(),
    };
    frame.render_widget(Clear, area);
    let lines = vec![
        Line::styled(format!("{}{stroke}", row.name), look.strong().patch(Look::cursor())),
        Line::styled(row.lines[0], look.label()),
        Line::styled(row.lines[1], look.label()),
    ];
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_caption(frame: &mut Frame<'_>, area: Rect, look: Look, lines: &[String]) {
    let rule = if look.ascii { "-" } else { "─" };
    let mut shown = vec![Line::styled(rule.repeat(usize::from(area.width)), look.faint())];
    shown.extend(lines.iter().map(|line| Line::styled(format!(" {line}"), look.strong())));
    frame.render_widget(Paragraph::new(shown).wrap(ratatui::widgets::Wrap { trim: false }), area);
}

/// Hours, minutes, seconds and thousandths.
fn time(seconds: f64) -> String {
    let whole = seconds as u64;
    let thousandths = ((seconds - whole as f64) * 1000.0) as u64;
    format!("{}:{:02}:{:02}.{thousandths:03}", whole / 3600, whole / 60 % 60, whole % 60)
}

fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
