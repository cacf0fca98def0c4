//! The key that somebody presses: on a terminal any key, else any byte of standard input.

use std::io::{IsTerminal as _, Read as _};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use anyhow::{Context as _, Result};
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// Where keys come from.
#[derive(Debug)]
pub(super) enum Keys {
    /// A terminal on standard input.
    Terminal,
    /// A pipe or a file.
    Pipe(Receiver<()>),
    /// No keys.
    Nobody,
}

/// Whether a key was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    No,
    Yes,
    /// Ctrl-C.
    Interrupt,
    /// No key will ever come.
    Never,
}

impl Keys {
    /// The keys of standard input, or none.
    pub(super) fn new(unattended: bool) -> Result<Keys> {
        if unattended {
            return Ok(Keys::Nobody);
        }
        if std::io::stdin().is_terminal() {
            return Ok(Keys::Terminal);
        }
        let (sender, keys) = channel();
        std::thread::Builder::new()
            .spawn(move || {
                let mut byte = [0];
                while std::io::stdin().read(&mut byte).is_ok_and(|n| n > 0) && sender.send(()).is_ok() {}
            })
            .context("a thread")?;
        Ok(Keys::Pipe(keys))
    }

    /// How long an act waits for a key, in seconds, before it continues by itself.
    pub(super) fn patience(&self) -> f64 {
        match self {
            Keys::Terminal => 40.0,
            Keys::Pipe(_) => 10.0,
            Keys::Nobody => 2.0,
        }
    }

    /// Waits at most so long for a key.
    pub(super) fn look(&self, wait: Duration) -> Result<Pressed> {
        match self {
            Keys::Terminal => terminal(wait),
            Keys::Pipe(keys) => {
                std::thread::sleep(wait);
                Ok(match keys.try_recv() {
                    Ok(()) => Pressed::Yes,
                    Err(TryRecvError::Empty) => Pressed::No,
                    Err(TryRecvError::Disconnected) => Pressed::Never,
                })
            }
            Keys::Nobody => {
                std::thread::sleep(wait);
                Ok(Pressed::Never)
            }
        }
    }
}

fn terminal(wait: Duration) -> Result<Pressed> {
    if !event::poll(wait).context("the keys")? {
        return Ok(Pressed::No);
    }
    let Event::Key(key) = event::read().context("the keys")? else { return Ok(Pressed::No) };
    if key.kind != KeyEventKind::Press {
        return Ok(Pressed::No);
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Ok(match key.code {
        KeyCode::Char('c' | 'd' | '\\') if control => Pressed::Interrupt,
        _ => Pressed::Yes,
    })
}

/// While it lives, a terminal gives each key at once.
#[derive(Debug)]
pub(super) struct Raw(bool);

impl Raw {
    pub(super) fn new(keys: &Keys) -> Result<Raw> {
        let raw = matches!(keys, Keys::Terminal);
        if raw {
            enable_raw_mode().context("the terminal")?;
            // earlier keys were not meant for this prompt
            while event::poll(Duration::ZERO).context("the keys")? {
                let _ = event::read();
            }
        }
        Ok(Raw(raw))
    }

    /// The end of a line.
    pub(super) fn end_of_line(&self) -> &'static str {
        if self.0 { "\r\n" } else { "\n" }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        if self.0 {
            let _ = disable_raw_mode();
        }
    }
}
