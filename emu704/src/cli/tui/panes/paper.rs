//! The paper of the printer: a sheet with the holes of the sprockets, perforated behind each 66 lines.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::cut;
use crate::cli::tui::style::{Ground, Look};
use crate::panel::PanelView;

/// Lines of a sheet of 11 inches, six an inch.
const SHEET: u64 = 66;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    if view.paper.is_empty() {
        frame.render_widget(Paragraph::new("no line printed yet").style(look.faint(Ground::Room)), area);
        return;
    }
    let rows = usize::from(area.height);
    // a line and what comes before it: the perforation, if a sheet begins with it
    let mut shown: Vec<Option<&str>> = Vec::new();
    let first = view.printed.saturating_sub(view.paper.len() as u64);
    for (number, line) in (first..).zip(&view.paper) {
        if number > 0 && number % SHEET == 0 {
            shown.push(None);
        }
        shown.push(Some(line));
    }
    let shown = &shown[shown.len().saturating_sub(rows)..];
    frame.buffer_mut().set_style(area, look.paint(Ground::Paper));
    let (hole, cut_line) = if look.ascii { ("o", "- ") } else { ("○", "╌") };
    // holes at both edges where the lines leave room for margins: what was printed comes first
    let longest = shown.iter().flatten().map(|line| line.trim_end().chars().count()).max().unwrap_or(0);
    let margins = if area.width >= 40 && longest + 4 <= usize::from(area.width) { 2 } else { 0 };
    let width = usize::from(area.width).saturating_sub(2 * margins);
    for (y, line) in (area.y..).zip(shown) {
        let row = Rect::new(area.x, y, area.width, 1);
        let text = match line {
            Some(line) => cut(line, look.ascii, width).into_owned(),
            None => cut_line.repeat(width / cut_line.chars().count().max(1)),
        };
        let style = if line.is_some() { look.label(Ground::Paper) } else { look.faint(Ground::Paper) };
        frame.buffer_mut().set_stringn(row.x + margins as u16, y, &text, width, style);
    }
    if margins > 0 {
        for y in area.top()..area.bottom() {
            let faint = look.faint(Ground::Paper);
            frame.render_widget(Line::styled(hole, faint), Rect::new(area.x, y, 1, 1));
            frame.render_widget(Line::styled(hole, faint), Rect::new(area.right() - 1, y, 1, 1));
        }
    }
}
