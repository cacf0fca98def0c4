//! The terminal as the panel uses it, and how it is given back. Nothing here panics, and nothing here writes on standard
//! error by a macro that would: the terminal may be gone.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::layout::{Position, Rect};

use super::pace::{Line, Sink};
use super::parts::Parts;

/// The panel has the terminal.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back, whatever happens.
pub(super) struct Screen {
    /// None only while it is dropped.
    terminal: Option<Terminal<CrosstermBackend<Sink>>>,
    line: Line,
    parts: Parts,
}

impl Screen {
    /// Takes the terminal. A panic gives it back before it is told.
    ///
    /// # Errors
    /// It does not do what it is told.
    pub(super) fn open(mouse: bool) -> Result<Screen> {
        let line = Line::open();
        let hook = std::panic::take_hook();
        let last = line.clone();
        std::panic::set_hook(Box::new(move |info| {
            // a picture that still waits would be drawn over the message
            last.close();
            give_back();
            hook(info);
        }));
        Screen::take(mouse, line).inspect_err(|_| give_back()).context("the terminal")
    }

    fn take(mouse: bool, line: Line) -> io::Result<Screen> {
        TAKEN.store(true, Ordering::Relaxed);
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        if mouse {
            execute!(io::stdout(), EnableMouseCapture)?;
        }
        line.will_ask();
        let terminal = Terminal::new(CrosstermBackend::new(Sink::new(line.clone())))?;
        Ok(Screen { terminal: Some(terminal), line, parts: Parts::default() })
    }

    /// The way to the terminal.
    pub(super) fn line(&self) -> &Line {
        &self.line
    }

    /// Everything is drawn again by the next picture.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn renew(&mut self) -> Result<()> {
        self.parts = Parts::default();
        // to clear it would ask where the cursor is, and another thread reads the answer
        let Some(terminal) = &mut self.terminal else { return Ok(()) };
        let size = terminal.size().context("the terminal")?;
        terminal.resize(Rect::from((Position::ORIGIN, size))).context("the terminal")
    }

    /// Draws a picture, or on a slow line a part of it. True when more of it is left.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn draw(&mut self, picture: impl FnOnce(&mut ratatui::Frame<'_>)) -> Result<bool> {
        let Some(terminal) = &mut self.terminal else { return Ok(false) };
        let most = self.line.part();
        let mut left = false;
        let drawn = terminal.draw(|frame| {
            picture(frame);
            left = self.parts.choose(frame.buffer_mut(), most);
        });
        drawn.context("the terminal")?;
        Ok(left)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Some(mut terminal) = self.terminal.take()
            && terminal.show_cursor().is_err()
        {
            // it would try again when it is dropped, and panic
            std::mem::forget(terminal);
        }
        self.line.close();
        give_back();
    }
}

/// The modes, the screen and the cursor of before, as far as there is a terminal still.
fn give_back() {
    if !TAKEN.swap(false, Ordering::Relaxed) {
        // to leave the screen a second time would lead the cursor back over what was said meanwhile
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(out, DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen);
    let _ = execute!(out, ratatui::crossterm::cursor::Show);
    let _ = disable_raw_mode();
    let _ = out.flush();
}
