//! The panel on the screen: lamps and rows above, panes, the status line, the command line.
//!
//! Lamps differ by glyph as well as by colour. The panel grows with the screen: `board` is the least, `large` has the two others.

mod board;
mod large;
mod small;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::panes;
use super::style::{Ground, Look};
use crate::panel::{PanelView, Part, Sheet};

/// Columns that the panel itself takes.
const WIDTH: u16 = 80;
/// Rows that it takes, the block of keys included.
const HEIGHT: u16 = 12;
/// Rows of panes that a larger panel leaves.
const PANES: u16 = 10;

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
    frame.buffer_mut().set_style(area, look.paint(Ground::Room));
    if area.width < WIDTH || area.height < HEIGHT + 3 {
        small::draw(frame, view, look);
        return hits;
    }
    let rows = area.height;
    let scale = [large::LARGE, large::MIDDLE]
        .into_iter()
        .find(|scale| area.width >= scale.width && rows >= scale.height + 3 + PANES);
    let (width, height) = scale.map_or((WIDTH, HEIGHT), |scale| (scale.width, scale.height));
    match scale {
        Some(scale) => {
            // the enamel and the metal go on to the edge where nothing stands beside it
            let whole = if area.width - width < panes::LEAST.0 { area.width } else { width };
            large::draw(frame, scale.wide(whole), view, look, &mut hits);
        }
        None => board::draw(frame, Rect::new(0, 0, WIDTH, HEIGHT), view, look, &mut hits),
    }
    let told = view.caption.as_ref().map_or(0, |lines| lines.len() as u16 + 1).min(rows - height - 3);
    let below = Rect::new(0, height, area.width, rows - height - 3 - told);
    if let Some(lines) = &view.caption {
        draw_caption(frame, Rect::new(0, rows - 3 - told, area.width, told), look, lines);
    }
    let beside = Rect::new(width, 0, area.width - width, height);
    panes::draw(frame, view, look, below, beside);
    draw_status(frame, Rect::new(0, rows - 3, area.width, 1), view, look);
    let message = Rect::new(0, rows - 2, area.width, 1);
    let text = panes::cut(&view.message, look.ascii, usize::from(area.width));
    frame.render_widget(Paragraph::new(text).style(look.label(Ground::Room)), message);
    draw_foot(frame, Rect::new(0, rows - 1, area.width, 1), view, look);
    if let Some(sheet) = &view.sheet {
        hits = Hits::default();
        draw_sheet(frame, Rect::new(0, 0, area.width, rows - 3), look, sheet);
    } else if let Some(part) = view.explained {
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
    let state = panes::cut(&view.state, look.ascii, room);
    let text = format!(" {state:<room$} {right}");
    frame.render_widget(Paragraph::new(text).style(style), area);
}

fn draw_foot(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    let text = match &view.prompt {
        Some(prompt) => {
            let room = usize::from(area.width).saturating_sub(3);
            let skip = prompt.chars().count().saturating_sub(room);
            let shown: String = prompt.chars().skip(skip).collect();
            let column = area.x + 1 + shown.chars().count() as u16;
            frame.render_widget(Paragraph::new(format!(":{shown}")).style(look.strong(Ground::Room)), area);
            frame.set_cursor_position(Position::new(column, area.y));
            return;
        }
        None if view.caption.is_some() => "space: the next scene   q leave",
        None if view.sheet.is_some() => "space, arrows: more   Esc: back",
        None if view.key_cursor.is_some() => {
            "keys: 0-7 set three, space flips one, arrows move, Del all up, Enter leaves"
        }
        None if view.explained.is_some() => {
            "arrows: next lamp or key; a stroke or a click: what it works; Esc leaves"
        }
        None => {
            let text =
                ": command  ? explain  g go  x stop  p POWER  +- speed  o octal  TPDOMVWL panes  q quit";
            let short = ": command ? explain g go x stop p POWER +- speed o oct TPDOMVWL panes q quit";
            if usize::from(area.width) < text.len() { short } else { text }
        }
    };
    frame.render_widget(Paragraph::new(text).style(look.faint(Ground::Room)), area);
}

/// A long answer, over all but the last three rows.
fn draw_sheet(frame: &mut Frame<'_>, area: Rect, look: Look, sheet: &Sheet) {
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, look.paint(Ground::Room));
    let room = usize::from(area.height).saturating_sub(1);
    let width = usize::from(area.width).max(1);
    // a line that is longer than the screen goes on in the next
    let rows = |line: &String| line.chars().count().div_ceil(width).max(1);
    let from_end = |at: &usize| sheet.lines[*at..].iter().map(rows).sum::<usize>() <= room;
    let last = (0..sheet.lines.len()).find(from_end).unwrap_or(0);
    let at = sheet.at.min(last);
    let title = format!(
        "{}   lines {} to {} of {}",
        sheet.title,
        at + 1,
        sheet.lines.len().min(at + room),
        sheet.lines.len()
    );
    let mut lines = vec![Line::styled(title, look.strong(Ground::Room))];
    lines.extend(sheet.lines[at..].iter().map(|line| Line::styled(line.as_str(), look.label(Ground::Room))));
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
}

fn draw_explanation(frame: &mut Frame<'_>, area: Rect, look: Look, part: Part) {
    let row = part.row();
    let stroke = match row.stroke {
        Some(' ') => "  (space bar)".to_owned(),
        Some(stroke) => format!("  (key {stroke})"),
        None => String::new(),
    };
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, look.paint(Ground::Room));
    let lines = vec![
        Line::styled(format!("{}{stroke}", row.name), look.strong(Ground::Room).patch(Look::cursor())),
        Line::styled(row.lines[0], look.label(Ground::Room)),
        Line::styled(row.lines[1], look.label(Ground::Room)),
    ];
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_caption(frame: &mut Frame<'_>, area: Rect, look: Look, lines: &[String]) {
    let rule = if look.ascii { "-" } else { "─" };
    let mut shown = vec![Line::styled(rule.repeat(usize::from(area.width)), look.faint(Ground::Room))];
    shown.extend(lines.iter().map(|line| Line::styled(format!(" {line}"), look.strong(Ground::Room))));
    frame.render_widget(Paragraph::new(shown).wrap(Wrap { trim: false }), area);
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
