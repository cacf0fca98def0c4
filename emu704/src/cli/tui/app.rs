//! The state of the panel: what strokes do, how time goes, what is seen. No terminal here.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::draw::Hits;
use super::style::Look;
use crate::action::Action;
use crate::console::{Key, MULTIPLE_STEP};
use crate::machine::{LoadKey, Machine};
use crate::monitor::{Monitor, Reply, candidates, complete};
use crate::panel::lamps::Exposure;
use crate::panel::units::readings;
use crate::panel::{Lamps, Pane, PanelView, Part, Speed};
use crate::room::RoomError;

/// Machine cycles of a real 704 in a second.
const REAL: f64 = 1e6 / 12.0;
/// When the lamps are sampled, about so many samples make the picture of a frame.
const SAMPLES: f64 = 128.0;
/// Replies that are kept.
const KEPT: usize = 500;

/// The panel.
pub struct App {
    /// The machine, and the words by which it is worked.
    pub monitor: Monitor,
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
    pub fn new(monitor: Monitor, look: Look) -> App {
        let mut panes = vec![Pane::Tapes, Pane::Code, Pane::Paper, Pane::Core];
        if monitor.machine().card_reader().in_hopper() > 0 {
            panes.insert(2, Pane::Cards);
        }
        let message = monitor.debugger.here();
        App {
            monitor,
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
    pub(super) fn show(&mut self, monitor: Monitor) {
        let look = self.look;
        let octal = self.octal;
        *self = App { octal, ..App::new(monitor, look) };
    }

    /// How the panel looks on this terminal.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Something moves by itself: the panel must be drawn again and again.
    pub fn is_live(&self) -> bool {
        self.monitor.debugger.is_going() || self.multiple_step.is_some()
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
                let pressed = self.monitor.press(Key::MultipleStep);
                if !matches!(pressed, Ok(true)) || self.monitor.debugger.pause().is_failure() {
                    self.multiple_step = None;
                    self.message = self.monitor.debugger.state();
                }
            }
        }
        if !self.monitor.debugger.is_going() {
            return;
        }
        let before = self.monitor.machine().cycles();
        match self.speed.factor() {
            Some(factor) => {
                self.owed += elapsed.as_secs_f64() * REAL * f64::from(factor);
                let whole = self.owed as u64;
                self.advance(before + whole, factor <= 10, deadline);
                let given = self.monitor.machine().cycles() - before;
                // An instruction may take more than was owed: the next frame has less. What could not be done in
                // time is let go.
                self.owed = (self.owed - given as f64).min(1.0);
            }
            None => self.advance(u64::MAX, false, deadline),
        }
        let (wall, cycles) = &mut self.measured;
        *wall += elapsed;
        *cycles += self.monitor.machine().cycles() - before;
        if *wall >= Duration::from_millis(500) {
            self.ratio = *cycles as f64 / REAL / wall.as_secs_f64();
            self.measured = (Duration::ZERO, 0);
        }
        self.picture = self.exposure.take().or(self.picture.take());
        let said = self.monitor.debugger.take_happened();
        if !self.monitor.debugger.is_going() {
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
        let begun = self.monitor.machine().cycles();
        while self.monitor.debugger.is_going() && self.monitor.machine().cycles() < until {
            let now = self.monitor.machine().cycles();
            // Samples are not evenly apart, so that no loop of the program beats with them.
            let slice = self.slice / 2 + (now.wrapping_mul(0x9E37_79B9) >> 7) % self.slice.max(1) + 1;
            let end = now.saturating_add(slice).min(until);
            if exact {
                let exposure = &mut self.exposure;
                let mut look = |machine: &Machine, cycles: u64| exposure.expose(machine, cycles);
                let advanced = self.monitor.debugger.advance(end, Some(&mut look));
                self.failed(advanced);
            } else {
                let advanced = self.monitor.debugger.advance(end, None);
                self.failed(advanced);
                let machine = self.monitor.machine();
                self.exposure.expose(machine, machine.cycles().saturating_sub(now));
            }
            if Instant::now() >= deadline {
                break;
            }
        }
        // As many cycles a sample as make the wished samples a frame.
        let spent = first.elapsed().as_secs_f64();
        let rate = (self.monitor.machine().cycles() - begun) as f64 / spent.max(1e-6);
        let frame = if self.speed == Speed::Full { 0.1 } else { 0.033 };
        self.slice = ((rate * frame / SAMPLES) as u64).clamp(100, 1_000_000);
        if self.until.is_some_and(|until| self.monitor.machine().cycles() >= until) {
            self.monitor.debugger.stop();
        }
    }

    /// Tells of an act of the list that failed.
    fn failed(&mut self, result: Result<(), RoomError>) {
        if let Err(error) = result {
            self.replies.push(format!("? {error}"));
            self.message = format!("? {error}");
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
        let debugger = &self.monitor.debugger;
        self.message = if debugger.pause().is_failure() { debugger.pause_text() } else { debugger.here() };
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
            KeyCode::Char('g') => self.command("go"),
            KeyCode::Char('x') => {
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
            let down = self.monitor.machine().console.sense_switches[(n - 1) % 6];
            self.act(&Action::Sense { switch: n as u8, down: !down });
            return;
        }
        let key = match name {
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
        if self.monitor.press(key).unwrap_or(false) {
            if self.monitor.debugger.is_going() {
                self.until = None;
                self.message = format!("{name} pressed");
            } else {
                self.stands();
            }
        } else {
            self.message = format!("{name} is ineffective: {}", self.monitor.debugger.state());
        }
    }

    /// Does an act; what is wrong with it is the message.
    pub(super) fn act(&mut self, action: &Action) {
        let done = self.monitor.debugger.act(action);
        self.failed(done);
    }

    fn keys(&self) -> u64 {
        self.monitor.machine().console.keys.bits()
    }

    fn set_keys(&mut self, bits: u64) {
        self.monitor.debugger.room.machine.console.keys = asm704::Word::new(bits);
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

    /// A line of the command language.
    pub fn command(&mut self, line: &str) {
        match self.monitor.command(line) {
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
            self.set_keys(self.keys() ^ 1 << (35 - key.min(35)));
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
        let tapes = self.monitor.tape_views();
        let debugger = &self.monitor.debugger;
        let machine = &debugger.room.machine;
        let going = debugger.is_going();
        let lamps = self
            .picture
            .clone()
            .filter(|_| going)
            .unwrap_or_else(|| Lamps::of(machine, debugger.goes_or_hangs(), machine.has_power()));
        let open = |pane| self.panes.contains(&pane);
        let mask = machine.core.size().mask();
        let state = if going {
            "runs".to_owned()
        } else if self.multiple_step.is_some() {
            "MULTIPLE STEP".to_owned()
        } else {
            debugger.pause_text()
        };
        PanelView {
            core: machine.core.size(),
            lamps,
            readings: self.octal.then(|| readings(machine)),
            switches: machine.console.sense_switches,
            keys: machine.console.keys,
            key_cursor: self.key_cursor,
            automatic: machine.console.automatic,
            multiple_step: self.multiple_step.is_some(),
            running: going,
            failure: !going && debugger.pause().is_failure(),
            state,
            speed: self.speed,
            ratio: self.ratio,
            seconds: machine.now().seconds(),
            cycles: machine.cycles(),
            tapes,
            paper: debugger.paper(60),
            cards: [
                machine.card_reader().in_hopper() as u64,
                machine.card_reader().cards(),
                machine.card_punch().cards(),
            ],
            code: if open(Pane::Code) { debugger.code(machine.cpu.ic, 25, 51) } else { Vec::new() },
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
            watched: if open(Pane::Watch) { self.monitor.watch_lines() } else { Vec::new() },
            replies: self.replies.iter().rev().take(60).rev().cloned().collect(),
            message: self.message.clone(),
            prompt: self.prompt.clone(),
            explained: self.explained,
            caption: self.caption.clone(),
        }
    }
}
