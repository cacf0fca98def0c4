//! The state of the panel, and what is seen of it. No terminal here.

mod files;
mod glow;
mod line;
mod outside;
mod strokes;
mod time;

use std::time::Duration;

use self::glow::Glow;
use super::style::Look;
use crate::action::Action;
use crate::debug::Pause;
use crate::monitor::Monitor;
use crate::panel::lamps::Exposure;
use crate::panel::units::readings;
use crate::panel::{Lamps, Pane, PanelView, Part, Sheet, Speed};
use crate::room::RoomError;

/// Lines of the printer that are shown at most: a sheet.
const PAPER: usize = 66;

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
    sheet: Option<Sheet>,
    glow: Glow,
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
    /// The files of the run, if it has any.
    files: Option<files::RunFiles>,
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
            sheet: None,
            glow: Glow::default(),
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
            files: None,
        }
    }

    /// Another machine replaces this one.
    pub(super) fn show(&mut self, monitor: Monitor) {
        let look = self.look;
        let octal = self.octal;
        let files = self.files.take();
        *self = App { octal, files, ..App::new(monitor, look) };
    }

    /// How the panel looks on this terminal.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Something moves by itself: the panel must be drawn again and again.
    pub fn is_live(&self) -> bool {
        self.monitor.debugger.is_going()
            || self.multiple_step.is_some()
            || self.monitor.has_lines()
            || self.glow.is_seen()
    }

    /// Tells of an act of the list that failed.
    fn failed(&mut self, result: Result<(), RoomError>) {
        if let Err(error) = result {
            self.replies.push(format!("? {error}"));
            self.message = format!("? {error}");
        }
    }

    /// Tells something that is too long, or too lasting, for the message alone.
    pub(super) fn tell(&mut self, text: String) {
        self.message.clone_from(&text);
        self.replies.push(text);
    }

    /// Does an act; what is wrong with it is the message.
    pub(super) fn act(&mut self, action: &Action) {
        let done = self.monitor.debugger.act(action);
        self.failed(done);
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

    /// What is seen now.
    pub fn view(&mut self) -> PanelView {
        let tapes = self.monitor.tape_views();
        let wires = self.monitor.wires().into_iter().map(|(_, line)| line).collect();
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
        let state = match debugger.pause() {
            Pause::NoPower => "POWER OFF".to_owned(),
            _ if going => "RUNNING".to_owned(),
            _ if self.multiple_step.is_some() => "MULTIPLE STEP".to_owned(),
            Pause::Operator => "STOPPED".to_owned(),
            _ => {
                // a unit that never answers holds it up: AUTOMATIC stays on
                let word = if debugger.goes_or_hangs() { "HANGS" } else { "STOPPED" };
                let why = debugger.pause_text();
                format!("{word}: {}", why.strip_prefix("stop: ").unwrap_or(&why))
            }
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
            wires,
            paper: debugger.paper(PAPER),
            printed: machine.io.printer.lines(),
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
            afterglow: if open(Pane::Crt) { self.glow.points() } else { Vec::new() },
            panes: self.panes.clone(),
            watched: if open(Pane::Watch) { self.monitor.watch_lines() } else { Vec::new() },
            replies: self.replies.iter().rev().take(60).rev().cloned().collect(),
            message: self.message.clone(),
            prompt: self.prompt.clone(),
            explained: self.explained,
            sheet: self.sheet.clone(),
            caption: self.caption.clone(),
        }
    }
}
