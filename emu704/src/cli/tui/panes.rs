//! The panes below and beside the panel.

mod cut;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::Marker;
use ratatui::text::Line;
use ratatui::widgets::canvas::{Canvas, Line as Stroke, Points};
use ratatui::widgets::{Block, Paragraph};

use self::cut::cut;
use super::style::Look;
use crate::io::crt::{Axis, RASTER};
use crate::panel::{Pane, PanelView, TapeView};

/// A pane is not narrower, and not lower, than that.
const LEAST: (u16, u16) = (40, 5);

/// Panes are put side by side rather than over each other where each still has that much.
const COMFORT: u16 = 64;

/// Puts as many of the open panes as have room: first below the panel, then beside it.
pub(super) fn draw(frame: &mut Frame<'_>, view: &PanelView, look: Look, below: Rect, beside: Rect) {
    let mut areas = Vec::new();
    let in_beside = usize::from(beside.width / LEAST.0).min(2);
    let in_below = usize::from(below.width / LEAST.0) * usize::from(below.height / LEAST.1);
    let wanted = view.panes.len();
    let beside_count = if beside.height >= LEAST.1 { in_beside.min(wanted.saturating_sub(1)) } else { 0 };
    let below_count = in_below.min(wanted - beside_count);
    grid(below, below_count, &mut areas);
    grid(beside, beside_count, &mut areas);
    for (pane, area) in view.panes.iter().zip(areas) {
        draw_pane(frame, view, look, *pane, area);
    }
}

/// Cuts an area into so many parts, as wide as they can be with rows enough to read.
fn grid(area: Rect, count: usize, areas: &mut Vec<Rect>) {
    if count == 0 {
        return;
    }
    let columns = (usize::from(area.width / COMFORT).clamp(1, count)..=count)
        .find(|columns| area.height / (count.div_ceil(*columns) as u16) >= 9)
        .unwrap_or(count)
        .min(usize::from(area.width / LEAST.0).max(1));
    let rows = count.div_ceil(columns);
    for n in 0..count {
        let (row, column) = (n / columns, n % columns);
        let in_row = if row + 1 == rows { count - row * columns } else { columns };
        let x = area.width as usize * column / in_row;
        let x2 = area.width as usize * (column + 1) / in_row;
        let y = area.height as usize * row / rows;
        let y2 = area.height as usize * (row + 1) / rows;
        areas.push(Rect::new(area.x + x as u16, area.y + y as u16, (x2 - x) as u16, (y2 - y) as u16));
    }
}

fn draw_pane(frame: &mut Frame<'_>, view: &PanelView, look: Look, pane: Pane, area: Rect) {
    let mut block = Block::bordered().title(pane.title()).border_style(look.faint());
    if look.ascii {
        block = block.border_set(ratatui::symbols::border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        });
    }
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let rows = usize::from(inner.height);
    match pane {
        Pane::Tapes => {
            let lines: Vec<Line<'_>> = if view.tapes.is_empty() {
                vec![Line::styled("no reels; :mount 1 FILE", look.faint())]
            } else {
                view.tapes
                    .iter()
                    .map(|tape| {
                        let style = if tape.lights.select { look.strong() } else { look.label() };
                        Line::styled(tape_line(tape, look.ascii, usize::from(inner.width)), style)
                    })
                    .collect()
            };
            frame.render_widget(Paragraph::new(lines), inner);
        }
        Pane::Code => {
            // The present instruction in the middle, whatever the height.
            let at = view.code.iter().position(|line| line.starts_with('>')).unwrap_or(0);
            let first = at.saturating_sub(rows / 2).min(view.code.len().saturating_sub(rows));
            let lines: Vec<Line<'_>> = view.code[first..]
                .iter()
                .take(rows)
                .map(|line| {
                    let style = if line.starts_with('>') { look.strong() } else { look.label() };
                    Line::styled(cut(line, look.ascii, usize::from(inner.width)), style)
                })
                .collect();
            frame.render_widget(Paragraph::new(lines), inner);
        }
        Pane::Paper => tail(frame, inner, &view.paper, look.label(), "no line printed yet", look.faint()),
        Pane::Replies => {
            tail(frame, inner, &view.replies, look.label(), "nothing was asked yet", look.faint());
        }
        Pane::Watch => {
            let none = vec!["nothing is watched: `:watch PLACE`".to_owned()];
            let lines = if view.watched.is_empty() { &none } else { &view.watched };
            let lines: Vec<Line<'_>> = lines
                .iter()
                .take(rows)
                .map(|line| Line::styled(cut(line, look.ascii, usize::from(inner.width)), look.label()))
                .collect();
            frame.render_widget(Paragraph::new(lines), inner);
        }
        Pane::Cards => {
            let [hopper, read, punched] = view.cards;
            let lines = vec![
                Line::styled(format!("in the hopper {hopper:>6}"), look.label()),
                Line::styled(format!("read          {read:>6}"), look.label()),
                Line::styled(format!("punched       {punched:>6}"), look.label()),
            ];
            frame.render_widget(Paragraph::new(lines), inner);
        }
        Pane::Core => {
            let lines: Vec<Line<'_>> = view
                .words
                .iter()
                .take(rows)
                .map(|line| Line::styled(cut(line, look.ascii, usize::from(inner.width)), look.label()))
                .collect();
            frame.render_widget(Paragraph::new(lines), inner);
        }
        Pane::Crt => crt(frame, inner, view, look),
    }
}

/// The last lines that there is room for.
fn tail(frame: &mut Frame<'_>, area: Rect, lines: &[String], style: Style, none: &str, faint: Style) {
    let rows = usize::from(area.height);
    let shown: Vec<Line<'_>> = if lines.is_empty() {
        vec![Line::styled(none.to_owned(), faint)]
    } else {
        lines[lines.len().saturating_sub(rows)..]
            .iter()
            .map(|line| Line::styled(line.as_str(), style))
            .collect()
    };
    frame.render_widget(Paragraph::new(shown), area);
}

/// `1 ◐ small.tap  12.3 ring selected`: the reel turns with the tape.
fn tape_line(tape: &TapeView, ascii: bool, width: usize) -> String {
    const TURN: [char; 4] = ['◐', '◓', '◑', '◒'];
    const TURN_ASCII: [char; 4] = ['|', '/', '-', '\\'];
    let turn = (tape.feet * 4.0) as usize % 4;
    let reel = if ascii { TURN_ASCII[turn] } else { TURN[turn] };
    let ring = if tape.ring { "ring" } else { "" };
    let what = match tape {
        _ if tape.does.moves() => tape.does.word(),
        _ if tape.lights.select => "selected",
        _ if tape.lights.load_point => "load pt",
        _ => "",
    };
    let records = if tape.records > 0 { format!("r{} ", tape.records) } else { String::new() };
    let rest = format!(" {:>6.1} {records}{ring:4} {what:8}", tape.feet);
    let room = width.saturating_sub(rest.chars().count() + 5);
    // The end of a path tells more than its beginning.
    let count = tape.label.chars().count();
    let name: String = tape.label.chars().skip(count.saturating_sub(room)).collect();
    let room = room.min(40);
    format!("{:>2} {reel} {name:<room$}{rest}", tape.unit)
}

fn crt(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    let edge = f64::from(RASTER - 1);
    let coordinates: Vec<(f64, f64)> =
        view.points.iter().map(|point| (f64::from(point.x), f64::from(point.y))).collect();
    let marker = if look.ascii { Marker::Dot } else { Marker::Braille };
    let colour = if look.colour { ratatui::style::Color::Indexed(120) } else { ratatui::style::Color::Reset };
    let canvas =
        Canvas::default().marker(marker).x_bounds([0.0, edge]).y_bounds([0.0, edge]).paint(|context| {
            context.draw(&Points { coords: &coordinates, color: colour });
            for point in &view.points {
                let (x, y) = (f64::from(point.x), f64::from(point.y));
                let way = (edge - x).min(edge - y);
                let (x2, y2) = match point.axis {
                    None => continue,
                    Some(Axis::X) => (edge, y),
                    Some(Axis::Y) => (x, edge),
                    Some(Axis::Diagonal) => (x + way, y + way),
                };
                context.draw(&Stroke { x1: x, y1: y, x2, y2, color: colour });
            }
        });
    frame.render_widget(canvas, area);
}
