//! The command line of the panel.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::App;
use crate::monitor::{Reply, candidates, complete};
use crate::panel::{Pane, Sheet};

/// Lines of files between two pictures.
const LINES_AT_ONCE: usize = 1000;

/// A longer answer has the whole screen.
const SHORT: usize = 6;

/// Replies that are kept.
const KEPT: usize = 500;

impl App {
    pub(super) fn prompt_key(&mut self, key: KeyEvent) {
        let Some(mut line) = self.prompt.take() else { return };
        match key.code {
            KeyCode::Enter => {
                if !line.trim().is_empty() {
                    self.history.push(line.clone());
                    self.history_at = self.history.len();
                    self.command(&line);
                }
                return;
            }
            KeyCode::Esc => return,
            KeyCode::Backspace if line.is_empty() => return,
            KeyCode::Backspace => _ = line.pop(),
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => line.clear(),
            KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                line.push(c);
            }
            KeyCode::Tab => {
                if let Some(longer) = complete(&line, &self.monitor.debugger.room) {
                    line = longer;
                } else {
                    let (before, last) = line.rsplit_once(' ').unwrap_or(("", &line));
                    let names = candidates(before, last, &self.monitor.debugger.room);
                    self.message = names.join(" ");
                }
            }
            KeyCode::Up => {
                self.history_at = self.history_at.saturating_sub(1);
                if let Some(old) = self.history.get(self.history_at) {
                    line.clone_from(old);
                }
            }
            KeyCode::Down => {
                self.history_at = (self.history_at + 1).min(self.history.len());
                line = self.history.get(self.history_at).cloned().unwrap_or_default();
            }
            _ => {}
        }
        self.prompt = Some(line);
    }

    /// A line of the command language, and the lines of the files that it begins, up to one that lets the machine go.
    pub fn command(&mut self, line: &str) {
        self.one_command(line);
        self.go_on_with_files();
    }

    /// Does the lines of files that `do` has begun, while the machine is stopped.
    pub(super) fn go_on_with_files(&mut self) {
        for _ in 0..LINES_AT_ONCE {
            if self.monitor.debugger.is_going() {
                return;
            }
            let Some(line) = self.monitor.next_line() else { return };
            let before = self.replies.len();
            match line.text {
                Some(text) => self.one_command(&text),
                None => self.say("", "? the line is too long"),
            }
            // which line of which file it was
            if let (Some(error), true) = (self.message.strip_prefix("? "), self.replies.len() > before) {
                self.message = format!("? {}: {error}", line.place);
                self.replies.push(self.message.clone());
            }
        }
    }

    fn one_command(&mut self, line: &str) {
        match self.monitor.command(line) {
            Ok(Reply::Goes { until }) => {
                self.until = until;
                self.message = format!(":{line}");
            }
            Ok(Reply::Quit { .. }) => self.over = true,
            Ok(Reply::Text(text)) => {
                self.multiple_step = None;
                self.say(line, &text);
                if line.trim_start().starts_with("watch") && !self.panes.contains(&Pane::Watch) {
                    self.turn_pane(Pane::Watch);
                }
            }
            Err(error) => {
                let error = format!("? {error}");
                self.say(line, &error);
            }
        }
        let said = self.monitor.debugger.take_happened();
        if let Some(last) = said.last() {
            self.message.clone_from(last);
        }
        self.replies.extend(said);
        if !self.monitor.debugger.is_going() {
            self.picture = None;
        }
    }

    pub(super) fn say(&mut self, line: &str, text: &str) {
        self.replies.push(format!(":{line}"));
        self.replies.extend(text.lines().map(str::to_owned));
        let excess = self.replies.len().saturating_sub(KEPT);
        self.replies.drain(..excess);
        self.message = match text.lines().count() {
            0 => format!(":{line}"),
            1 => text.to_owned(),
            n if n > SHORT => {
                let lines = text.lines().map(str::to_owned).collect();
                self.sheet = Some(Sheet { title: format!(":{line}"), lines, at: 0 });
                format!(":{line}")
            }
            n => {
                if self.panes.first() != Some(&Pane::Replies) {
                    self.turn_pane(Pane::Replies);
                }
                format!(":{line} - {n} lines, L closes their pane")
            }
        };
    }

    /// Text that was pasted: into the command line.
    pub fn paste(&mut self, text: &str) {
        let line: String = text.chars().filter(|c| !c.is_control()).collect();
        self.prompt.get_or_insert_default().push_str(&line);
    }
}
