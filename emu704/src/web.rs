//! A room in a browser: what a page calls, by wasm-bindgen.
//!
//! The page has no machine of its own. [`Room704`] is a [`Monitor`] over a room whose files lie on a shelf in memory. The
//! page gives it time, takes pictures of the panel, and sends the words of acts and commands that everybody else uses.
//! Nothing here reads a clock.

mod begin;
mod bytes;
mod looks;
mod outputs;
mod picture;
mod shelf;
mod told;

use std::path::Path;

use asm704::media::file_kind::{Place, Slice, what_is};
use wasm_bindgen::prelude::*;

use crate::action::Action;
use crate::console::Key;
use crate::debug::Debugger;
use crate::machine::Machine;
use crate::media::wire::{WireEnd, pair};
use crate::monitor::{Monitor, MonitorError, Reply};
use crate::panel::lamps::Exposure;
use crate::panel::{Lamps, PARTS};
use crate::room::{Plan, Room, RoomError};
use crate::snapshot::{self, Fingerprint};
use crate::{Config, CoreSize};
use begin::Image;
use outputs::Outputs;
use shelf::Shelf;

/// An error with a message for a person.
fn failed(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

/// A 704 with its room, for a page.
#[wasm_bindgen]
pub struct Room704 {
    monitor: Monitor,
    shelf: Shelf,
    outputs: Outputs,
    exposure: Exposure,
    /// The last picture of a running machine.
    lamps: Option<Lamps>,
    /// A run that ends at a cycle.
    until: Option<u64>,
    /// A core image in core whose symbols are not known yet.
    image: Option<Image>,
}

#[wasm_bindgen]
impl Room704 {
    /// A cleared machine with nothing mounted. `core` is `4k`, `8k` or `32k`.
    ///
    /// # Errors
    /// There is no such core.
    #[wasm_bindgen(constructor)]
    pub fn new(core: &str) -> Result<Room704, JsError> {
        let core: CoreSize = core.parse().map_err(failed)?;
        let shelf = Shelf::default();
        let mut room = Room::new(Config::with_core(core));
        room.files = Box::new(shelf.clone());
        Ok(Room704 {
            monitor: Monitor::new(Debugger::new(room)),
            shelf,
            outputs: Outputs::default(),
            exposure: Exposure::default(),
            lamps: None,
            until: None,
            image: None,
        })
    }

    /// Puts a file on the shelf, or other bytes into one that is there. A reel that is mounted keeps its own bytes.
    pub fn put_file(&mut self, name: &str, bytes: Vec<u8>) {
        self.shelf.put(name, bytes);
    }

    /// The bytes of a file on the shelf.
    pub fn file(&mut self, name: &str) -> Option<Vec<u8>> {
        // what is left of an old recording is put behind what was written
        let _ = self.monitor.debugger.room.reels.settle();
        self.shelf.get(name)
    }

    /// Throws a file away.
    pub fn remove_file(&mut self, name: &str) {
        self.shelf.remove(name);
    }

    /// The names of the files that have changed since the last call, as a JSON array.
    pub fn changed_files(&mut self) -> String {
        let _ = self.monitor.debugger.room.reels.settle();
        serde_json::json!(self.shelf.take_changed()).to_string()
    }

    /// What a file is, by its bytes: JSON with `kind` in words, `place` where it belongs (`tape`, `cards`, `drum`, `program`,
    /// `snapshot`, or none), and `told`, what a person should hear.
    pub fn recognise(&self, name: &str, bytes: &[u8]) -> String {
        let ending = Path::new(name).extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        match what_is(&mut Slice(bytes), Place::Program, ending.as_deref()) {
            Ok(found) => told::recognised(&found),
            Err(error) => serde_json::json!({"kind": "unknown", "told": error.to_string()}).to_string(),
        }
    }

    /// A program, deck or reel of the shelf, put where its kind belongs in a new room, as `emu704 run` does: `core` and files are
    /// those of this one. With `starts` it is started.
    ///
    /// # Errors
    /// It cannot be used; the room is as it was.
    pub fn set_up(&mut self, name: &str, starts: bool) -> Result<(), JsError> {
        let config = self.monitor.machine().config.clone();
        let mut plan = Plan { config, program: Some(name.into()), must_run: true, ..Plan::default() };
        let mut files = self.shelf.clone();
        let program = plan.read_program(&mut files).map_err(failed)?;
        let room = Room::set_up(&plan, program, Box::new(self.shelf.clone())).map_err(failed)?;
        self.seat(room);
        if starts {
            self.monitor.debugger.go();
        }
        Ok(())
    }

    /// Does an act in the words of job files, such as `press start` or `sense 1 down`. Returns what a person should hear: of a key
    /// that does nothing, why; otherwise nothing.
    ///
    /// # Errors
    /// The words name no act, or it failed.
    pub fn act(&mut self, words: &str) -> Result<String, JsError> {
        let action = self.monitor.debugger.room.parse_action(words).map_err(failed)?;
        let ineffective = match &action {
            Action::Press(key) => match self.monitor.press(*key) {
                Ok(effective) => !effective,
                Err(error @ MonitorError::HasErrors { .. }) => return Ok(error.to_string()),
                Err(error) => return Err(failed(error)),
            },
            _ => match self.monitor.debugger.act(&action) {
                Ok(()) => false,
                Err(RoomError::Ineffective(_) | RoomError::NoPower) => true,
                Err(error) => return Err(failed(error)),
            },
        };
        let debugger = &self.monitor.debugger;
        if ineffective {
            return Ok(format!("{} is ineffective: {}", named(&action), debugger.state()));
        }
        if debugger.is_going() {
            self.until = None;
        } else {
            self.stands();
        }
        Ok(String::new())
    }

    /// A line of the monitor: JSON with `text` or `error`, and `goes` when the machine shall go.
    pub fn command(&mut self, line: &str) -> String {
        self.learn();
        let reply = match self.monitor.command(line) {
            Ok(Reply::Goes { until }) => {
                self.until = until;
                serde_json::json!({"goes": true})
            }
            Ok(Reply::Text(text)) => serde_json::json!({"text": text}),
            Ok(Reply::Quit { .. }) => serde_json::json!({"text": "The page is the session: close its tab."}),
            Err(error) => serde_json::json!({"error": error.to_string()}),
        };
        if !self.monitor.debugger.is_going() {
            self.stands();
        }
        reply.to_string()
    }

    /// Gives the machine time: at most so many cycles, and no more than up to its stop. Returns how many it took; an instruction may
    /// take more than was left. With `samples` of 0 every instruction lights its lamps, otherwise so many moments do.
    ///
    /// # Errors
    /// An act of the list failed.
    pub fn run(&mut self, most: f64, samples: u32) -> Result<f64, JsError> {
        let begun = self.monitor.machine().cycles();
        let until = begun.saturating_add(most.max(0.0) as u64).min(self.until.unwrap_or(u64::MAX));
        let done = if samples == 0 {
            let exposure = &mut self.exposure;
            let mut look = |machine: &Machine, cycles: u64| exposure.expose(machine, cycles);
            self.monitor.debugger.advance(until, Some(&mut look))
        } else {
            self.sampled(until, ((until - begun) / u64::from(samples)).max(100))
        };
        self.take_outputs();
        done.map_err(failed)?;
        if self.until.is_some_and(|until| self.monitor.machine().cycles() >= until) {
            self.monitor.debugger.stop();
        }
        if !self.monitor.debugger.is_going() {
            self.stands();
        }
        Ok(self.monitor.machine().cycles().saturating_sub(begun) as f64)
    }

    /// The machine is running, or time passes until an act of the list.
    pub fn is_going(&self) -> bool {
        self.monitor.debugger.is_going()
    }

    /// Stops the machine where it stands, as no key of the panel does.
    pub fn halt(&mut self) {
        self.monitor.debugger.stop();
        self.stands();
    }

    /// Lets it go from where it stands.
    pub fn go(&mut self) {
        self.until = None;
        self.monitor.debugger.go();
    }

    /// One step of MULTIPLE STEP; false when the key does nothing any more.
    pub fn multiple_step(&mut self) -> bool {
        let pressed = matches!(self.monitor.press(Key::MultipleStep), Ok(true));
        self.stands();
        pressed && !self.monitor.debugger.pause().is_failure()
    }

    /// The panel and the units as a row of bytes; emu704/web/picture.js reads it. Lamps show how long each was lit since the last
    /// picture of a running machine.
    pub fn picture(&mut self) -> Vec<u8> {
        self.lamps = self.exposure.take().or(self.lamps.take());
        let debugger = &self.monitor.debugger;
        let machine = self.monitor.machine();
        let lamps = self
            .lamps
            .clone()
            .filter(|_| debugger.is_going())
            .unwrap_or_else(|| Lamps::of(machine, debugger.goes_or_hangs(), machine.has_power()));
        picture::of(&mut self.monitor, &lamps)
    }

    /// What can be read, as JSON: state, registers, units, cards.
    pub fn told(&mut self) -> String {
        told::of(&mut self.monitor)
    }

    /// What was printed since the last call.
    pub fn take_paper(&mut self) -> String {
        self.monitor.debugger.take_shown()
    }

    /// Sentences on what happened since the last call, as a JSON array.
    pub fn take_happened(&mut self) -> String {
        serde_json::json!(self.monitor.debugger.take_happened()).to_string()
    }

    /// Lays a cable from a tape unit, 1 to 10, of this machine to one of another: what one writes the other reads. Reels that are
    /// on the units come off.
    ///
    /// # Errors
    /// There is no such unit.
    pub fn cable(&mut self, unit: u8, other: &mut Room704, at: u8) -> Result<(), JsError> {
        if ![unit, at].iter().all(|unit| (1..=10).contains(unit)) {
            return Err(failed("there is no such tape unit: expected 1 to 10"));
        }
        let (one, two) = pair();
        self.plug(unit, Box::new(one));
        other.plug(at, Box::new(two));
        Ok(())
    }

    /// The machine waits for another one at the other end of a cable: its time stands.
    pub fn is_waiting(&self) -> bool {
        self.monitor.debugger.room.is_waiting_for_wire()
    }

    /// What stands on the panel, as JSON: name, stroke, and two lines for a visitor.
    pub fn parts() -> String {
        let rows = PARTS
            .iter()
            .map(|row| serde_json::json!({"name": row.name, "stroke": row.stroke, "lines": row.lines}));
        serde_json::Value::Array(rows.collect()).to_string()
    }

    /// Cycles since power came on.
    pub fn cycles(&self) -> f64 {
        self.monitor.machine().cycles() as f64
    }

    /// The fingerprint of core, each word as eight bytes, the highest first.
    pub fn core_hash(&self) -> String {
        let core = &self.monitor.machine().core;
        let bytes: Vec<u8> =
            (0..=core.size().mask()).flat_map(|at| core.peek(at).bits().to_be_bytes()).collect();
        Fingerprint::of(&bytes).to_string()
    }

    /// The bytes of the reel on a unit, 1 to 10, as they would lie in a file.
    pub fn reel(&mut self, unit: u8) -> Option<Vec<u8>> {
        self.monitor.debugger.room.reel(unit)
    }

    /// The machine as a snapshot of `emu704`; the files of its reels stay on the shelf.
    ///
    /// # Errors
    /// A reel cannot be read.
    pub fn save(&mut self) -> Result<String, JsError> {
        let snapshot = self.monitor.debugger.room.snapshot().map_err(failed)?;
        snapshot::save(&snapshot).map_err(failed)
    }

    /// Takes the machine and its reels from a snapshot. Returns what a person should know about the reels, as a JSON array.
    ///
    /// # Errors
    /// It is none, or its reels are not on the shelf.
    pub fn restore(&mut self, text: &str) -> Result<String, JsError> {
        let snapshot = snapshot::load(text).map_err(failed)?;
        let said = self.monitor.debugger.restore(snapshot, Path::new("the page")).map_err(failed)?;
        self.stands();
        Ok(serde_json::json!(said).to_string())
    }
}

impl Room704 {
    fn plug(&mut self, unit: u8, end: Box<dyn WireEnd>) {
        let room = &mut self.monitor.debugger.room;
        room.reels.mount_wire(unit, end);
        room.machine.mount_at_load_point(unit);
        self.monitor.debugger.touched();
    }

    fn take_outputs(&mut self) {
        self.outputs.take(&mut self.monitor.debugger.room.machine);
    }

    /// Another room replaces this one.
    fn seat(&mut self, room: Room) {
        self.monitor = Monitor::new(Debugger::new(room));
        self.outputs = Outputs::default();
        self.until = None;
        self.image = None;
        self.stands();
    }

    /// The machine is stopped: its lamps show its state.
    fn stands(&mut self) {
        self.lamps = None;
        self.exposure = Exposure::default();
        if !self.monitor.debugger.is_going() {
            self.until = None;
        }
    }

    /// Runs without a look at each instruction.
    fn sampled(&mut self, until: u64, slice: u64) -> Result<(), RoomError> {
        while self.monitor.debugger.is_going() && self.monitor.machine().cycles() < until {
            let now = self.monitor.machine().cycles();
            // Samples are not evenly apart, so that no loop of the program beats with them.
            let apart = slice / 2 + (now.wrapping_mul(0x9E37_79B9) >> 7) % slice + 1;
            self.monitor.debugger.advance(now.saturating_add(apart).min(until), None)?;
            let machine = self.monitor.machine();
            self.exposure.expose(machine, machine.cycles().saturating_sub(now));
            if self.monitor.debugger.room.is_waiting_for_wire() {
                break;
            }
        }
        Ok(())
    }
}

/// A key by its legend.
fn named(action: &Action) -> String {
    match action {
        Action::Press(key) => key.to_string().replace('-', " ").to_uppercase(),
        other => other.to_string(),
    }
}
