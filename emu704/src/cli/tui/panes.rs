//! The panes below and beside the panel.

mod crt;
mod cut;
mod drives;
mod paper;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph};

pub(super) use self::cut::{cut, cut_start};
use super::style::{Ground, Look};
use crate::panel::{Pane, PanelView, TapeDoes, TapeView};
use crate::reels::SCRATCH;

/// A pane is not narrower, and not lower, than that.
pub(super) const LEAST: (u16, u16) = (40, 5);

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
    let label = look.label(Ground::Room);
    let mut block = Block::bordered().title(pane.title()).border_style(look.faint(Ground::Room));
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
    match pane {
        Pane::Tapes if view.wires.is_empty() && drives::fit(inner, view.tapes.len()) => {
            drives::draw(frame, inner, &view.tapes, look);
        }
        Pane::Tapes => tapes(frame, inner, view, look),
        Pane::Code => code(frame, inner, view, look),
        Pane::Paper => paper::draw(frame, inner, view, look),
        Pane::Replies => tail(frame, inner, &view.replies, "nothing was asked yet", look),
        Pane::Watch if view.watched.is_empty() => {
            head(frame, inner, &["nothing is watched: `:watch PLACE`".to_owned()], look);
        }
        Pane::Watch => head(frame, inner, &view.watched, look),
        Pane::Cards => {
            let [hopper, read, punched] = view.cards;
            let lines = vec![
                Line::styled(format!("in the hopper {hopper:>6}"), label),
                Line::styled(format!("read          {read:>6}"), label),
                Line::styled(format!("punched       {punched:>6}"), label),
            ];
            frame.render_widget(Paragraph::new(lines), inner);
        }
        Pane::Core => head(frame, inner, &view.words, look),
        Pane::Crt => crt::draw(frame, inner, view, look),
    }
}

/// Units in lines, where there is no room for pictures of them.
fn tapes(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    let lines: Vec<Line<'_>> = if view.tapes.is_empty() && view.wires.is_empty() {
        vec![Line::styled("no reels; :mount 1 FILE", look.faint(Ground::Room))]
    } else {
        let line = |tape| {
            let style =
                if TapeView::is_busy(tape) { look.strong(Ground::Room) } else { look.label(Ground::Room) };
            Line::styled(tape_line(tape, look.ascii, usize::from(area.width)), style)
        };
        let wires = view.wires.iter().map(|wire| {
            let shown = cut::cut(wire, look.ascii, usize::from(area.width));
            Line::styled(shown.into_owned(), look.label(Ground::Room))
        });
        view.tapes.iter().map(line).chain(wires).collect()
    };
    frame.render_widget(Paragraph::new(lines), area);
}

/// Code with the present instruction in the middle, whatever the height.
fn code(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    /// Columns below which the words in octal give way to the symbols and what the cards say.
    const NARROW: u16 = 48;
    let rows = usize::from(area.height);
    let at = view.code.iter().position(|line| line.starts_with('>')).unwrap_or(0);
    let first = at.saturating_sub(rows / 2).min(view.code.len().saturating_sub(rows));
    let lines: Vec<Line<'_>> = view.code[first..]
        .iter()
        .take(rows)
        .map(|line| {
            let strong = line.starts_with('>');
            let style = if strong { look.strong(Ground::Room) } else { look.label(Ground::Room) };
            // marks and address, the word, the rest
            let short = match (line.get(..8), line.get(21..)) {
                (Some(begin), Some(rest)) if area.width < NARROW => [begin, rest].concat(),
                _ => line.clone(),
            };
            Line::styled(cut(&short, look.ascii, usize::from(area.width)).into_owned(), style)
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// The first lines that there is room for.
fn head(frame: &mut Frame<'_>, area: Rect, lines: &[String], look: Look) {
    let shown: Vec<Line<'_>> = lines
        .iter()
        .take(usize::from(area.height))
        .map(|line| Line::styled(cut(line, look.ascii, usize::from(area.width)), look.label(Ground::Room)))
        .collect();
    frame.render_widget(Paragraph::new(shown), area);
}

/// The last lines that there is room for.
fn tail(frame: &mut Frame<'_>, area: Rect, lines: &[String], none: &str, look: Look) {
    if lines.is_empty() {
        frame.render_widget(Paragraph::new(none).style(look.faint(Ground::Room)), area);
        return;
    }
    head(frame, area, &lines[lines.len().saturating_sub(usize::from(area.height))..], look);
}

/// What it does, or how it stands, in a word or two.
fn what(tape: &TapeView) -> &'static str {
    match tape {
        _ if tape.does == TapeDoes::WritesMark => "mark",
        _ if tape.does.moves() => tape.does.word(),
        _ if tape.lights.select => "selected",
        _ if tape.cut => "cut off",
        _ if tape.lights.load_point => "load pt",
        _ => "",
    }
}

/// `1 ◐ small.tap  12.3 ring selected`: the reel turns with the tape.
fn tape_line(tape: &TapeView, ascii: bool, width: usize) -> String {
    const TURN: [char; 4] = ['◐', '◓', '◑', '◒'];
    const TURN_ASCII: [char; 4] = ['|', '/', '-', '\\'];
    let turn = (tape.feet * 4.0) as usize % 4;
    let reel = if ascii { TURN_ASCII[turn] } else { TURN[turn] };
    // what is written has its ring in
    let ring = if tape.ring && tape.does != TapeDoes::Writes { "ring" } else { "" };
    let what = what(tape);
    let records = if tape.records > 0 { format!("r{} ", tape.records) } else { String::new() };
    let words = if tape.words > 0 { format!("{}w ", tape.words) } else { records };
    let rest = format!(" {:>6.1} {words}{ring:4} {what:8}", tape.feet);
    let room = width.saturating_sub(rest.chars().count() + 5);
    let label = if tape.label == SCRATCH { "scratch reel" } else { &tape.label };
    let name = cut_start(label, ascii, room);
    let room = room.min(40);
    format!("{:>2} {reel} {name:<room$}{rest}", tape.unit)
}
