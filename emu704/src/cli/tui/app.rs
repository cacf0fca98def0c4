//! The state of the panel: what strokes do, how time goes, what is seen. No terminal here.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::draw::Hits;
use super::style::Look;
use crate::cli::operator::{Operator, Reply, candidates, complete};
use crate::console::{Key, MULTIPLE_STEP};
use crate::machine::LoadKey;
use crate::panel::lamps::Exposure;
use crate::panel::{Lamps, Pane, PanelView, Part, Speed};

/// Machine cycles of a real 704 in a second.
const REAL: f64 = 1e6 / 12.0;
/// When the lamps are sampled, about so many samples make the picture of a frame.
const SAMPLES: f64 = 128.0;
/// Replies that are kept.
const KEPT: usize = 500;

/// The panel.
pub struct App {
    /// The machine and its media.
    pub operator: Operator,
    /// How fast it shall go.
    pub speed: Speed,
    /// Octal readings are on.
    pub octal: bool,
    /// The session is over.
    pub over: bool,
    /// What the attract mode tells.
    pub(super) caption: Option<Vec<String>>,
    look: Look,
    exposure: Exposure,
    /// The last picture of a running machine.
    picture: Option<Lamps>,
    /// Cycles owed to the machine: less than one, or what it could not be given in time.
    owed: f64,
    /// Cycles that one sample stands for at full speed.
    slice: u64,
    /// A run that ends at a cycle.
    until: Option<u64>,
    multiple_step: Option<Duration>,
    key_cursor: Option<u8>,
    explained: Option<Part>,
    prompt: Option<String>,
    history: Vec<String>,
    history_at: usize,
    panes: Vec<Pane>,
    core_at: u16,
    replies: Vec<String>,
    pub(super) message: String,
    /// Time of the wall and cycles since the ratio was last told.
    measured: (Duration, u64),
    ratio: f64,
    sure: bool,
}

impl App {
    /// A panel before a machine.
    pub fn new(operator: Operator, look: Look) -> App {
        let mut panes = vec![Pane::Tapes, Pane::Code, Pane::Paper, Pane::Core];
        if operator.machine.card_reader().in_hopper() > 0 {
            panes.insert(2, Pane::Cards);
        }
        let message = operator.here();
        App {
            operator,
            speed: Speed::Real,
            octal: false,
            over: false,
            caption: None,
            look,
            exposure: Exposure::default(),
            picture: None,
            owed: 0.0,
            slice: 1000,
            until: None,
            multiple_step: None,
            key_cursor: None,
            explained: None,
            prompt: None,
            history: Vec::new(),
            history_at: 0,
            panes,
            core_at: 0,
            replies: Vec::new(),
            message,
            measured: (Duration::ZERO, 0),
            ratio: 0.0,
            sure: false,
        }
    }

    /// Another machine takes the place of this one.
    pub(super) fn show(&mut self, operator: Operator) {
        let look = self.look;
        let octal = self.octal;
        *self = App { octal, ..App::new(operator, look) };
    }

    /// How the panel looks on this terminal.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Something moves by itself: the panel must be drawn again and again.
    pub fn is_live(&self) -> bool {
        self.operator.running || self.multiple_step.is_some()
    }

    /// Time of the wall has gone by. The machine gets its cycles, but not beyond `deadline`.
    pub fn tick(&mut self, elapsed: Duration, deadline: Instant) {
        // After a long sleep the machine does not catch up.
        let elapsed = elapsed.min(Duration::from_millis(100));
        if let Some(since) = &mut self.multiple_step {
            *since += elapsed;
            let step = Duration::from_micros(MULTIPLE_STEP.0 / 3);
            if *since >= step {
                *since -= step;
                if !self.operator.press(Key::MultipleStep) || self.operator.pause.is_failure() {
                    self.multiple_step = None;
                    self.message = self.operator.state();
                }
            }
        }
        if !self.operator.running {
            return;
        }
        let before = self.operator.machine.cycles();
        match self.speed.factor() {
            Some(factor) => {
                self.owed += elapsed.as_secs_f64() * REAL * f64::from(factor);
                let whole = self.owed as u64;
                self.advance(before + whole, factor <= 10, deadline);
                let given = self.operator.machine.cycles() - before;
                // An instruction may take more than was owed: the next frame has less. What could not be done in
                // time is let go.
                self.owed = (self.owed - given as f64).min(1.0);
            }
            None => self.advance(u64::MAX, false, deadline),
        }
        let (wall, cycles) = &mut self.measured;
        *wall += elapsed;
        *cycles += self.operator.machine.cycles() - before;
        if *wall >= Duration::from_millis(500) {
            self.ratio = *cycles as f64 / REAL / wall.as_secs_f64();
            self.measured = (Duration::ZERO, 0);
        }
        self.picture = self.exposure.take().or(self.picture.take());
        let said = self.operator.take_said();
        if !self.operator.running {
            self.stands();
        }
        if let Some(last) = said.last() {
            self.message.clone_from(last);
        }
        self.replies.extend(said);
    }

    /// `exact`: every instruction lights its lamps. Otherwise samples do.
    fn advance(&mut self, until: u64, exact: bool, deadline: Instant) {
        let until = until.min(self.until.unwrap_or(u64::MAX));
        let first = Instant::now();
        let begun = self.operator.machine.cycles();
        while self.operator.running && self.operator.machine.cycles() < until {
            let now = self.operator.machine.cycles();
            // Samples are not evenly apart, so that no loop of the program beats with them.
            let slice = self.slice / 2 + (now.wrapping_mul(0x9E37_79B9) >> 7) % self.slice.max(1) + 1;
            let end = now.saturating_add(slice).min(until);
            if exact {
                self.operator.advance(end, Some(&mut self.exposure));
            } else {
                self.operator.advance(end, None);
                self.exposure.expose(&self.operator.machine, self.operator.machine.cycles() - now);
            }
            if Instant::now() >= deadline {
                break;
            }
        }
        // As many cycles a sample as make the wished samples a frame.
        let spent = first.elapsed().as_secs_f64();
        let rate = (self.operator.machine.cycles() - begun) as f64 / spent.max(1e-6);
        let frame = if self.speed == Speed::Full { 0.1 } else { 0.033 };
        self.slice = ((rate * frame / SAMPLES) as u64).clamp(100, 1_000_000);
        if self.until.is_some_and(|until| self.operator.machine.cycles() >= until) {
            self.operator.running = false;
        }
    }

    /// The machine stands now.
    fn stands(&mut self) {
        self.picture = None;
        self.exposure = Exposure::default();
        self.until = None;
        self.owed = 0.0;
        self.ratio = 0.0;
        self.measured = (Duration::ZERO, 0);
        self.message =
            if self.operator.pause.is_failure() { self.operator.pause_text() } else { self.operator.here() };
    }

    /// A stroke.
    pub fn key(&mut self, key: KeyEvent) {
        if key.kind == KeyEventKind::Release {
            return;
        }
        if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
            self.over = true;
            return;
        }
        let was_sure = std::mem::take(&mut self.sure);
        if self.prompt.is_some() {
            self.prompt_key(key);
        } else if self.explained.is_some() {
            self.explain_key(key.code);
        } else if self.key_cursor.is_some() {
            self.entry_key(key.code);
        } else {
            self.panel_key(key.code, was_sure);
        }
        if !self.operator.running && self.picture.is_some() {
            self.stands();
        }
    }

    fn panel_key(&mut self, code: KeyCode, was_sure: bool) {
        match code {
            KeyCode::Char('q') if was_sure || !self.operator.running => self.over = true,
            KeyCode::Char('q') => {
                self.sure = true;
                "The machine runs; q again leaves it.".clone_into(&mut self.message);
            }
            KeyCode::Char(':') | KeyCode::Enter => self.prompt = Some(String::new()),
            KeyCode::Char('?') => self.explained = Some(Part(0)),
            KeyCode::Char('+' | '=') => self.speed = self.speed.faster(),
            KeyCode::Char('-') => self.speed = self.speed.slower(),
            KeyCode::Char('o') => self.octal = !self.octal,
            KeyCode::Char('g') => self.command("go"),
            KeyCode::Char('x') => {
                self.operator.running = false;
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
                self.core_at = self.core_at.wrapping_add(8) & self.operator.machine.core.size().mask();
            }
            KeyCode::PageUp => {
                self.core_at = self.core_at.wrapping_sub(8) & self.operator.machine.core.size().mask();
            }
            KeyCode::Char(stroke) => {
                if let Some(part) = Part::of_stroke(stroke) {
                    self.work(part);
                }
            }
            KeyCode::Esc => self.message.clear(),
            _ => {}
        }
    }

    /// Works a key or a switch of the panel.
    fn work(&mut self, part: Part) {
        let name = part.row().name;
        if let Some(n) = name.strip_prefix("SENSE SWITCH ").and_then(|n| n.parse::<usize>().ok()) {
            self.operator.turn_sense_switch(n);
            return;
        }
        let key = match name {
            "AUTOMATIC-MANUAL" => {
                self.multiple_step = None;
                self.operator.switch_automatic();
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
        if self.operator.press(key) {
            if self.operator.running {
                self.until = None;
                self.message = format!("{name} pressed");
            } else {
                self.stands();
            }
        } else {
            self.message = format!("{name} is ineffective: {}", self.operator.state());
        }
    }

    /// Only this pane is open.
    pub(super) fn open_alone(&mut self, pane: Pane) {
        self.panes = vec![pane];
    }

    /// A pane comes to the first place.
    fn open(&mut self, pane: Pane) {
        self.panes.retain(|p| *p != pane);
        self.panes.insert(0, pane);
    }

    fn turn_pane(&mut self, pane: Pane) {
        if self.panes.first() == Some(&pane) {
            self.panes.remove(0);
        } else {
            self.open(pane);
        }
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
        let bits = self.operator.machine.console.keys.bits();
        let mut set = |bits| self.operator.machine.console.keys = asm704::Word::new(bits);
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

    fn prompt_key(&mut self, key: KeyEvent) {
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
                if let Some(longer) = complete(&line, &self.operator.source) {
                    line = longer;
                } else {
                    let (before, last) = line.rsplit_once(' ').unwrap_or(("", &line));
                    let names = candidates(before, last, &self.operator.source);
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

    /// A line of the command language.
    pub fn command(&mut self, line: &str) {
        match self.operator.command(line) {
            Ok(Reply::Goes { until }) => {
                self.until = until;
                self.message = format!(":{line}");
            }
            Ok(Reply::Quit) => self.over = true,
            Ok(Reply::Text(text)) => {
                self.multiple_step = None;
                self.say(line, &text);
                if line.trim_start().starts_with("watch") && !self.panes.contains(&Pane::Watch) {
                    self.turn_pane(Pane::Watch);
                }
            }
            Err(error) => {
                let error = format!("? {error:#}");
                self.say(line, &error);
            }
        }
        let said = self.operator.take_said();
        if let Some(last) = said.last() {
            self.message.clone_from(last);
        }
        self.replies.extend(said);
        if !self.operator.running {
            self.picture = None;
        }
    }

    fn say(&mut self, line: &str, text: &str) {
        self.replies.push(format!(":{line}"));
        self.replies.extend(text.lines().map(str::to_owned));
        let excess = self.replies.len().saturating_sub(KEPT);
        self.replies.drain(..excess);
        self.message = match text.lines().count() {
            0 => format!(":{line}"),
            1 => text.to_owned(),
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

    /// The mouse.
    pub fn mouse(&mut self, event: MouseEvent, hits: &Hits) {
        if event.kind != MouseEventKind::Down(MouseButton::Left) {
            return;
        }
        if let Some(key) = hits.entry_key(event.column, event.row) {
            let bits = self.operator.machine.console.keys.bits();
            self.operator.machine.console.keys = asm704::Word::new(bits ^ 1 << (35 - key.min(35)));
        } else if let Some(part) = hits.part(event.column, event.row) {
            if self.explained.is_some() || part.row().stroke.is_none() {
                self.explained = Some(part);
            } else {
                self.work(part);
            }
        }
    }

    /// What is seen now.
    pub fn view(&mut self) -> PanelView {
        let tapes = self.operator.tape_views();
        let operator = &self.operator;
        let machine = &operator.machine;
        let lamps = self
            .picture
            .clone()
            .filter(|_| operator.running)
            .unwrap_or_else(|| Lamps::of(machine, operator.goes_or_hangs(), operator.has_power()));
        let open = |pane| self.panes.contains(&pane);
        let mask = machine.core.size().mask();
        let state = if operator.running {
            "runs".to_owned()
        } else if self.multiple_step.is_some() {
            "MULTIPLE STEP".to_owned()
        } else {
            operator.pause_text()
        };
        PanelView {
            core: machine.core.size(),
            lamps,
            readings: self.octal.then(|| operator.readings()),
            switches: machine.console.sense_switches,
            keys: machine.console.keys,
            key_cursor: self.key_cursor,
            automatic: machine.console.automatic,
            multiple_step: self.multiple_step.is_some(),
            running: operator.running,
            failure: !operator.running && operator.pause.is_failure(),
            state,
            speed: self.speed,
            ratio: self.ratio,
            seconds: machine.now().seconds(),
            cycles: machine.cycles(),
            tapes,
            paper: operator.paper(60),
            cards: [
                machine.card_reader().in_hopper() as u64,
                machine.card_reader().cards(),
                machine.card_punch().cards(),
            ],
            code: if open(Pane::Code) { operator.code(machine.cpu.ic, 25, 51) } else { Vec::new() },
            words: if open(Pane::Core) {
                (0..48u16)
                    .map(|row| self.core_at.wrapping_add(row * 2) & mask)
                    .map(|at| {
                        format!("{at:05o}  {}  {}", machine.core.peek(at), machine.core.peek((at + 1) & mask))
                    })
                    .collect()
            } else {
                Vec::new()
            },
            points: if open(Pane::Crt) { machine.frame_to_show().points.clone() } else { Vec::new() },
            panes: self.panes.clone(),
            watched: if open(Pane::Watch) { operator.watch_lines() } else { Vec::new() },
            replies: self.replies.iter().rev().take(60).rev().cloned().collect(),
            message: self.message.clone(),
            prompt: self.prompt.clone(),
            explained: self.explained,
            caption: self.caption.clone(),
        }
    }
}
