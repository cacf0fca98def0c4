//! Strokes and the mouse: which key or switch of the panel they work.

use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};

use super::App;
use crate::action::Action;
use crate::cli::tui::draw::Hits;
use crate::console::Key;
use crate::machine::LoadKey;
use crate::monitor::MonitorError;
use crate::panel::{Pane, Part};

/// Lines by which a sheet goes on.
const PAGE: usize = 15;

impl App {
    /// A stroke.
    pub fn key(&mut self, key: KeyEvent) {
        if key.kind == KeyEventKind::Release {
            return;
        }
        let was_sure = std::mem::take(&mut self.sure);
        if self.prompt.is_some() {
            self.prompt_key(key);
        } else if self.sheet.is_some() {
            self.sheet_key(key.code);
        } else if self.explained.is_some() {
            self.explain_key(key.code);
        } else if self.key_cursor.is_some() {
            self.entry_key(key.code);
        } else {
            self.panel_key(key.code, was_sure);
        }
        if !self.monitor.debugger.is_going() && self.picture.is_some() {
            self.stands();
        }
    }

    fn panel_key(&mut self, code: KeyCode, was_sure: bool) {
        match code {
            KeyCode::Char('q') if was_sure || !self.monitor.debugger.is_going() => self.over = true,
            KeyCode::Char('q') => {
                self.sure = true;
                "The machine runs; q again leaves it.".clone_into(&mut self.message);
            }
            KeyCode::Char(':') | KeyCode::Enter => self.prompt = Some(String::new()),
            KeyCode::Char('?') => self.explained = Some(Part(0)),
            KeyCode::Char('+' | '=') => self.speed = self.speed.faster(),
            KeyCode::Char('-') => self.speed = self.speed.slower(),
            KeyCode::Char('o') => self.octal = !self.octal,
            KeyCode::Char('g') => {
                self.confirm(was_sure);
                self.command("go");
                self.sure = self.monitor.flaw().is_some();
            }
            KeyCode::Char('x') => {
                self.monitor.leave_scripts();
                self.monitor.debugger.stop();
                self.stands();
            }
            KeyCode::Char('w') => self.key_cursor = Some(0),
            KeyCode::Char('T') => self.turn_pane(Pane::Tapes),
            KeyCode::Char('P') => self.turn_pane(Pane::Paper),
            KeyCode::Char('D') => self.turn_pane(Pane::Cards),
            KeyCode::Char('O') => self.turn_pane(Pane::Code),
            KeyCode::Char('M') => self.turn_pane(Pane::Core),
            KeyCode::Char('V') => self.turn_pane(Pane::Crt),
            KeyCode::Char('W') => self.turn_pane(Pane::Watch),
            KeyCode::Char('L') => self.turn_pane(Pane::Replies),
            KeyCode::Tab => {
                let count = usize::from(self.panes.len() > 1);
                self.panes.rotate_left(count);
            }
            KeyCode::PageDown => {
                self.core_at = self.core_at.wrapping_add(8) & self.monitor.machine().core.size().mask();
            }
            KeyCode::PageUp => {
                self.core_at = self.core_at.wrapping_sub(8) & self.monitor.machine().core.size().mask();
            }
            KeyCode::Char(stroke) => {
                if let Some(part) = Part::of_stroke(stroke) {
                    self.work(part, was_sure);
                }
            }
            KeyCode::Esc => self.message.clear(),
            _ => {}
        }
    }

    /// The second stroke lets a program with errors go.
    fn confirm(&mut self, was_sure: bool) {
        if was_sure {
            self.monitor.run_anyway();
        }
    }

    /// Works a key or a switch of the panel.
    fn work(&mut self, part: Part, was_sure: bool) {
        let name = part.row().name;
        if name == "START" {
            self.confirm(was_sure);
        }
        if let Some(n) = name.strip_prefix("SENSE SWITCH ").and_then(|n| n.parse::<usize>().ok()) {
            let down = self.monitor.machine().console.sense_switches[(n - 1) % 6];
            self.act(&Action::Sense { switch: n as u8, down: !down });
            return;
        }
        let key = match name {
            "POWER" => {
                self.power(was_sure);
                return;
            }
            "AUTOMATIC-MANUAL" => {
                self.multiple_step = None;
                let automatic = self.monitor.machine().console.automatic;
                self.act(&Action::Automatic(!automatic));
                self.stands();
                return;
            }
            "ENTRY KEYS" => {
                self.key_cursor = Some(0);
                return;
            }
            "START" => Key::Start,
            "RESET" => Key::Reset,
            "CLEAR" => Key::Clear,
            "LOAD CARDS" => Key::Load(LoadKey::Cards),
            "LOAD TAPE" => Key::Load(LoadKey::Tape),
            "LOAD DRUM" => Key::Load(LoadKey::Drum),
            "DISPLAY A" => Key::DisplayIndex(0),
            "DISPLAY B" => Key::DisplayIndex(1),
            "DISPLAY C" => Key::DisplayIndex(2),
            "SINGLE STEP" => Key::SingleStep,
            "MULTIPLE STEP" => {
                self.multiple_step = match self.multiple_step {
                    Some(_) => None,
                    None => Some(Duration::ZERO),
                };
                return;
            }
            "ENTER MQ" => Key::EnterMq,
            "ENTER INSTRUCTION" => Key::EnterInstruction,
            "DISPLAY STORAGE" => Key::DisplayStorage,
            "DISPLAY EFFECTIVE ADDRESS" => Key::DisplayEffectiveAddress,
            _ => return,
        };
        let pressed = self.monitor.press(key);
        if let Err(error @ MonitorError::HasErrors { .. }) = &pressed {
            self.sure = true;
            self.message = format!("{error}; so does START again");
            return;
        }
        if pressed.unwrap_or(false) {
            if self.monitor.debugger.is_going() {
                self.until = None;
                self.message = format!("{name} pressed");
            } else {
                self.stands();
            }
        } else {
            self.message = format!("{name} is ineffective: {}", self.why_ineffective(key));
        }
    }

    /// Power on, or off at the second stroke: what core holds is lost.
    fn power(&mut self, was_sure: bool) {
        if !self.monitor.machine().has_power() {
            self.act(&Action::PowerOn { seed: 0 });
        } else if was_sure {
            self.monitor.leave_scripts();
            self.multiple_step = None;
            self.act(&Action::PowerOff);
            self.monitor.debugger.stop();
        } else {
            self.sure = true;
            "POWER OFF: core and registers are lost; p again, or a second click, does it"
                .clone_into(&mut self.message);
            return;
        }
        self.stands();
    }

    /// What stands in the way of a key, and the stroke that helps.
    fn why_ineffective(&self, key: Key) -> String {
        let machine = self.monitor.machine();
        let (automatic, stop) = (machine.console.automatic, machine.console.program_stop);
        let wants_automatic = matches!(key, Key::Clear | Key::Load(_));
        match key {
            _ if !machine.has_power() => "the power is off; p turns it on".to_owned(),
            _ if wants_automatic && !automatic => "it works on AUTOMATIC; a turns the switch".to_owned(),
            Key::SingleStep | Key::MultipleStep if !automatic && stop => {
                "PROGRAM STOP is on; s, START, puts it out".to_owned()
            }
            _ if !wants_automatic && automatic => "it works on MANUAL; a turns the switch".to_owned(),
            _ => self.monitor.debugger.state(),
        }
    }

    fn keys(&self) -> u64 {
        self.monitor.machine().console.keys.bits()
    }

    fn set_keys(&mut self, bits: u64) {
        self.monitor.debugger.room.machine.console.keys = asm704::Word::new(bits);
    }

    fn sheet_key(&mut self, code: KeyCode) {
        let Some(sheet) = &mut self.sheet else { return };
        let last = sheet.lines.len().saturating_sub(1);
        sheet.at = match code {
            KeyCode::Down => sheet.at + 1,
            KeyCode::Up => sheet.at.saturating_sub(1),
            KeyCode::Char(' ') | KeyCode::PageDown => sheet.at + PAGE,
            KeyCode::PageUp => sheet.at.saturating_sub(PAGE),
            KeyCode::Home => 0,
            KeyCode::End => last,
            code => {
                self.sheet = None;
                self.prompt = (code == KeyCode::Char(':')).then(String::new);
                return;
            }
        }
        .min(last);
    }

    fn explain_key(&mut self, code: KeyCode) {
        let part = self.explained.unwrap_or(Part(0));
        self.explained = match code {
            KeyCode::Right | KeyCode::Down | KeyCode::Tab => Some(part.turn(true)),
            KeyCode::Left | KeyCode::Up | KeyCode::BackTab => Some(part.turn(false)),
            KeyCode::Char(stroke) => Part::of_stroke(stroke),
            _ => None,
        };
    }

    fn entry_key(&mut self, code: KeyCode) {
        let cursor = self.key_cursor.unwrap_or(0);
        let bits = self.keys();
        let mut set = |bits| self.set_keys(bits);
        self.key_cursor = match code {
            KeyCode::Right => Some((cursor + 1) % 36),
            KeyCode::Left => Some((cursor + 35) % 36),
            KeyCode::Home => Some(0),
            KeyCode::End => Some(33),
            KeyCode::Char(' ') => {
                set(bits ^ 1 << (35 - cursor));
                Some((cursor + 1) % 36)
            }
            KeyCode::Char(digit @ '0'..='7') => {
                // Digits set the three keys that the cursor stands in.
                let first = cursor / 3 * 3;
                let shift = 33 - first;
                set(bits & !(7 << shift) | u64::from(digit as u8 - b'0') << shift);
                Some((first + 3) % 36)
            }
            KeyCode::Delete | KeyCode::Backspace => {
                set(0);
                Some(0)
            }
            _ => None,
        };
    }

    /// The mouse.
    pub fn mouse(&mut self, event: MouseEvent, hits: &Hits) {
        if event.kind != MouseEventKind::Down(MouseButton::Left) {
            return;
        }
        let was_sure = std::mem::take(&mut self.sure);
        if self.sheet.is_some() {
            self.sheet = None;
        } else if let Some(key) = hits.entry_key(event.column, event.row) {
            if self.explained.is_some() {
                self.explained = Part::named("ENTRY KEYS");
                return;
            }
            self.set_keys(self.keys() ^ 1 << (35 - key.min(35)));
        } else if let Some(part) = hits.part(event.column, event.row) {
            if self.explained.is_some() || part.row().stroke.is_none() {
                self.explained = Some(part);
            } else {
                self.work(part, was_sure);
            }
        }
    }
}
