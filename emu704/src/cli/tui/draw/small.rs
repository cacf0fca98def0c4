//! A screen that is too small for the panel: what can be done, how to quit, and the state of the machine.

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use super::{HEIGHT, WIDTH};
use crate::cli::tui::style::{Ground, Look};
use crate::panel::PanelView;
use crate::panel::lamps::Row;

pub(super) fn draw(frame: &mut Frame<'_>, view: &PanelView, look: Look) {
    let area = frame.area();
    let (label, strong) = (look.label(Ground::Room), look.strong(Ground::Room));
    let octal = |row: Row| {
        let bits = view.lamps.row(row).iter().fold(0_u64, |bits, level| bits << 1 | u64::from(*level > 127));
        format!("{bits:o}")
    };
    if area.height < 12 || area.width < 40 {
        // the shortest words, and first those that help
        let lines = vec![
            Line::styled(view.state.as_str(), strong),
            Line::styled("q quits, g goes", label),
            Line::styled(format!("needs {WIDTH}x{},", HEIGHT + 3), label),
            Line::styled(format!("is {}x{}", area.width, area.height), label),
        ];
        frame.render_widget(Paragraph::new(lines), area);
        return;
    }
    let lines = vec![
        Line::styled(format!("The panel needs {WIDTH} columns and {} rows;", HEIGHT + 3), strong),
        Line::styled(format!("here are {} and {}. Make the window larger.", area.width, area.height), strong),
        Line::styled("q quits; g goes, x stops; `emu704 monitor` needs no panel.", label),
        Line::styled("", label),
        Line::styled(view.state.clone(), strong),
        Line::styled(format!("counter {}", octal(Row::Counter)), label),
        Line::styled(format!("MQ      {}", octal(Row::Mq)), label),
        Line::styled(view.message.clone(), label),
    ];
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
}
