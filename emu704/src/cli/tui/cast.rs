//! A recording of the panel without a terminal, as asciinema plays it: a line that tells the size, then one for each picture, with
//! its time and what a terminal would get.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::json;

use super::draw::draw;
use super::style::Look;
use crate::panel::PanelView;

/// From one picture to the next.
pub(super) const STEP: Duration = Duration::from_millis(200);

/// Where the pictures are drawn.
#[derive(Clone, Default)]
struct Drawn(Rc<RefCell<Vec<u8>>>);

impl Write for Drawn {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A recording.
pub(super) struct Cast {
    terminal: Terminal<CrosstermBackend<Drawn>>,
    drawn: Drawn,
    lines: String,
    at: Duration,
}

impl Cast {
    /// Of so many columns and rows.
    ///
    /// # Errors
    /// Nothing can be drawn.
    pub(super) fn begin((width, height): (u16, u16)) -> Result<Cast> {
        let drawn = Drawn::default();
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let backend = CrosstermBackend::new(drawn.clone());
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport })?;
        let head = json!({ "version": 2, "width": width, "height": height, "title": "emu704 tui" });
        Ok(Cast { terminal, drawn, lines: format!("{head}\n"), at: Duration::ZERO })
    }

    /// A picture at this time; one that is like the last adds nothing.
    ///
    /// # Errors
    /// It cannot be drawn.
    pub(super) fn picture(&mut self, view: &PanelView, look: Look) -> Result<()> {
        self.terminal.draw(|frame| _ = draw(frame, view, look))?;
        let bytes = std::mem::take(&mut *self.drawn.0.borrow_mut());
        let event = json!([self.at.as_secs_f64(), "o", String::from_utf8_lossy(&bytes)]);
        let _ = writeln!(self.lines, "{event}");
        Ok(())
    }

    /// Time goes by.
    pub(super) fn pass(&mut self, time: Duration) {
        self.at += time;
    }

    /// All of it.
    pub(super) fn text(self) -> String {
        self.lines
    }
}
