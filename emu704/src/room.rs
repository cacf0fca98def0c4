//! The machine room: a 704 with its reels, cards, drums and paper, and the person who works it.
//!
//! [`Room`] is the only thing that drives a [`Machine`] in time. The commands, the debugger, tests and other programs all
//! use it, so a job runs the same way wherever it is run.
//!
//! ```
//! use emu704::{Config, CoreSize, Room, StopKind};
//!
//! let mut room = Room::new(Config::with_core(CoreSize::K4));
//! room.load_sap("START  CLA TWO\n       ADD TWO\n       HTR START\nTWO    DEC 2\n       END START\n")?;
//! let stop = room.run()?;
//! assert_eq!(stop.kind, StopKind::Htr);
//! assert_eq!(room.machine.cpu.ac.magnitude, 4);
//! # Ok::<(), emu704::RoomError>(())
//! ```

mod act;
mod event;
mod files;
mod headline;
mod leg;
pub mod plan;
mod program;
mod restore;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use asm704::media::tape::TapeFormat;

use crate::action::{Action, Timed, When};
use crate::config::Config;
use crate::console::Key;
#[cfg(feature = "cli")]
use crate::machine::seen::Seen;
use crate::machine::{LoadKey, Machine, Stop, StopKind};
use crate::reels::{MountError, Reels, SCRATCH};
use crate::symbols::Symbols;

pub use act::State;
#[cfg(feature = "cli")]
pub(crate) use act::form_of;
pub use event::Event;
pub use files::{FileError, Files, NoFiles};
pub(crate) use leg::Leg;
pub use plan::Plan;
pub use program::{Assembly, Program};
pub use restore::Restored;

/// What can go wrong in the room, other than a stop of the machine.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// Something is asked for that makes no sense: `--start` with a LOAD key, two reels on one unit.
    #[error("{0}")]
    Usage(String),
    /// A file cannot be opened, read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file was read and is not the medium it should be.
    #[error("{0}")]
    Medium(String),
    /// A reel cannot be mounted.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// Not a word came out of the assembler.
    #[error("{}: no word is assembled from it; is it a SAP source?", .0.name)]
    NothingAssembled(Box<Assembly>),
    /// The program does not fit.
    #[error("the program has a word at {address:05o}, beyond a core of {core}")]
    Beyond {
        /// The first word that is outside.
        address: u16,
        /// What there is.
        core: crate::core_store::CoreSize,
    },
    /// The words of an act in a plan are wrong.
    #[error(transparent)]
    Act(#[from] crate::action::ActionError),
    /// A key of the panel does nothing in this state of the machine.
    #[error("the key does nothing now ({0})")]
    Ineffective(String),
    /// There is no power, and what was asked for needs it.
    #[error("the power is off")]
    NoPower,
    /// An act of the list failed.
    #[error("operator: {action} at cycle {cycle}: {error}")]
    Listed {
        /// Which.
        action: Box<Action>,
        /// At this machine cycle.
        cycle: u64,
        /// Why.
        error: Box<RoomError>,
    },
    /// The machine stopped because of its reel or of the host while an act was carried out.
    #[error("{}", .0.message.as_deref().unwrap_or("the machine stopped"))]
    Stopped(Stop),
}

impl RoomError {
    /// A file was read and is not the medium it should be.
    pub fn is_medium(&self) -> bool {
        match self {
            RoomError::Medium(_) | RoomError::NothingAssembled(_) => true,
            RoomError::Mount(error) => error.is_medium(),
            RoomError::File(error) => error.is_medium(),
            RoomError::Stopped(stop) => stop.kind == StopKind::Medium,
            RoomError::Listed { error, .. } => error.is_medium(),
            _ => false,
        }
    }
}

/// What the operator still has to do: a list of acts, and how often START is pressed again by itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    pub(crate) acts: VecDeque<Timed>,
    /// Program stops after which START is pressed again.
    pub(crate) continues: u64,
}

/// A 704 and what stands around it.
pub struct Room {
    /// The machine.
    pub machine: Machine,
    /// The reels on its tape units.
    pub reels: Reels,
    /// What is known of the program in core.
    pub symbols: Symbols,
    /// What mounts by a name are looked up in.
    pub files: Box<dyn Files>,
    pub(crate) state: State,
    pub(crate) agenda: Agenda,
    /// Machine cycle at which every run ends.
    limit: u64,
    drum_files: BTreeMap<u8, PathBuf>,
    /// The power came on, and no key was pressed since.
    raw: bool,
    printed: String,
    events: Vec<Event>,
    /// The last leg ended because of a wire.
    waits: bool,
    /// The wires for which a wait was told: unit and name.
    waits_told: Vec<(u8, String)>,
}

/// Runs a machine up to a cycle by steps; the error is a stop before it.
type Steps<'a> = dyn FnMut(&mut Machine, &mut Reels, &Symbols, u64) -> Result<(), Stop> + 'a;

impl Room {
    /// A machine with core and registers of zeros and nothing mounted.
    pub fn new(config: Config) -> Room {
        Room::with_machine(Machine::new(config))
    }

    /// A room around a machine.
    pub fn with_machine(machine: Machine) -> Room {
        Room {
            machine,
            reels: Reels::new(),
            symbols: Symbols::default(),
            files: Box::new(NoFiles),
            state: State::Standing,
            agenda: Agenda::default(),
            limit: u64::MAX,
            drum_files: BTreeMap::new(),
            raw: false,
            printed: String::new(),
            events: Vec::new(),
            waits: false,
            waits_told: Vec::new(),
        }
    }

    /// The machine waits for another one on a wire: to run it again at once is useless. Time of the 704 stands meanwhile.
    pub fn is_waiting_for_wire(&self) -> bool {
        self.waits
    }

    /// Puts a reel in memory on a tape unit, 1 to 10, at its load point: the bytes of an image in any form, or none for a
    /// blank reel. With `ring` it can be written.
    ///
    /// # Errors
    /// The bytes are not a reel, or there is no such unit.
    pub fn mount_reel(&mut self, unit: u8, bytes: Vec<u8>, ring: bool) -> Result<(), RoomError> {
        act::check_number("tape", unit, 10)?;
        self.reels.mount(unit, Box::new(bytes), TapeFormat::Simh, ring, SCRATCH.to_owned())?;
        self.machine.mount_at_load_point(unit);
        Ok(())
    }

    /// The bytes of the reel on a unit as they are now; `None` when there is no reel.
    pub fn reel(&mut self, unit: u8) -> Option<Vec<u8>> {
        if (1..=10).contains(&unit) { self.reels.bytes(unit) } else { None }
    }

    /// Assembles a SAP source, puts it in core, and sets the start that END gives. LIB cards take the project's own
    /// routines. The machine is then ready for [`Room::run`].
    ///
    /// # Errors
    /// Nothing is assembled, or it does not fit. Flagged cards are no error, as for SAP; [`Program::assembly`] has them.
    pub fn load_sap(&mut self, source: &str) -> Result<(), RoomError> {
        let program = Program::assemble("the source", source, &mut asm704::library::own)?;
        self.load(program)
    }

    /// Puts a program in core, checks that it fits, and sets its start if it has one. The machine is then ready for
    /// [`Room::run`]; one without a start stands.
    ///
    /// # Errors
    /// It does not fit; core is as it was.
    pub fn load(&mut self, program: Program) -> Result<(), RoomError> {
        self.put(&program)?;
        self.symbols = program.symbols;
        self.state = State::Standing;
        if let Some(start) = program.start {
            self.start_at(start);
        }
        Ok(())
    }

    /// Puts the words of a program in core.
    pub(crate) fn put(&mut self, program: &Program) -> Result<(), RoomError> {
        let core = self.machine.core.size();
        if let Some((address, _)) = program.words.iter().find(|(at, _)| usize::from(*at) >= core.words()) {
            return Err(RoomError::Beyond { address: *address, core });
        }
        for (address, word) in &program.words {
            self.machine.core.poke(*address, *word);
        }
        Ok(())
    }

    /// Sets IC, as a transfer by hand does: the machine runs from there.
    pub fn start_at(&mut self, location: u16) {
        self.machine.start_at(&mut self.reels, location);
        self.state = State::Running;
    }

    /// Presses a key of the panel.
    ///
    /// # Errors
    /// It does nothing in this state of the machine.
    pub fn press(&mut self, key: Key) -> Result<(), RoomError> {
        self.act(&Action::Press(key))
    }

    /// Presses CLEAR and a LOAD key, the usual beginning of a job.
    ///
    /// # Errors
    /// As of [`Room::press`].
    pub fn clear_and_load(&mut self, key: LoadKey) -> Result<(), RoomError> {
        self.press(Key::Clear)?;
        self.press(Key::Load(key))
    }

    /// Adds an act to the list: behind those of its time, and never before one that waits for a stop.
    pub fn plan_act(&mut self, timed: Timed) {
        let acts = &mut self.agenda.acts;
        let later = |other: &&Timed| match (timed.when, other.when) {
            (When::Cycle(cycle), When::Cycle(other)) => other > cycle,
            _ => false,
        };
        let at = acts.len() - acts.iter().rev().take_while(later).count();
        acts.insert(at, timed);
    }

    /// Runs to a stop. A machine that has stopped is started by [`Key::Start`] first.
    ///
    /// # Errors
    /// An act of the list failed.
    pub fn run(&mut self) -> Result<Stop, RoomError> {
        self.run_until(u64::MAX)
    }

    /// Runs to a stop, or to the first instruction at or after a machine cycle ([`StopKind::Limit`]), or as far as a wire lets it
    /// ([`Room::is_waiting_for_wire`]); then the next call continues as if there had been no pause. Acts of the list are done at their times, before a fault of the same
    /// cycle. A machine that stands returns the stop at which it stands.
    ///
    /// # Errors
    /// An act of the list failed.
    pub fn run_until(&mut self, cycle: u64) -> Result<Stop, RoomError> {
        loop {
            let leg = self.leg(cycle, &mut |machine, reels, _, limit| Some(machine.run(reels, limit)))?;
            if let Some(stop) = self.end_of(leg) {
                return Ok(stop);
            }
        }
    }

    /// [`Room::run_until`], and `look` sees the machine before each instruction; this takes several times as long.
    ///
    /// # Errors
    /// An act of the list failed.
    pub fn run_each(
        &mut self,
        cycle: u64,
        look: &mut dyn FnMut(&Machine, &Symbols),
    ) -> Result<Stop, RoomError> {
        self.run_looking(cycle, &mut |machine, reels, symbols, limit| {
            machine.step_each(reels, limit, &mut |machine| look(machine, symbols))
        })
    }

    /// [`Room::run_each`] for somebody to whom registers and core are enough.
    ///
    /// # Errors
    /// An act of the list failed.
    #[cfg(feature = "cli")]
    pub(crate) fn run_seen(
        &mut self,
        cycle: u64,
        look: &mut dyn FnMut(&Seen, &Symbols),
    ) -> Result<Stop, RoomError> {
        self.run_looking(cycle, &mut |machine, reels, symbols, limit| {
            machine.step_seen(reels, limit, &mut |seen| look(seen, symbols))
        })
    }

    fn run_looking(&mut self, cycle: u64, steps: &mut Steps<'_>) -> Result<Stop, RoomError> {
        loop {
            let leg = self.leg(cycle, &mut |machine, reels, symbols, limit| {
                let ended = steps(machine, reels, symbols, limit).err();
                Some(ended.unwrap_or(Stop { kind: StopKind::Limit, at: machine.cpu.ic, message: None }))
            })?;
            if let Some(stop) = self.end_of(leg) {
                return Ok(stop);
            }
        }
    }

    /// The stop with which a run ends behind a leg, if it does.
    fn end_of(&self, leg: Leg) -> Option<Stop> {
        match leg {
            Leg::Ended(stop) => Some(stop),
            Leg::Waits => Some(Stop { kind: StopKind::Limit, at: self.machine.cpu.ic, message: None }),
            Leg::Acted | Leg::Ran | Leg::Broke => None,
        }
    }

    /// The limit of the plan: every run ends there, the largest number when there is none.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Sets [`Room::limit`], in machine cycles since power on.
    pub fn set_limit(&mut self, cycle: u64) {
        self.limit = cycle;
    }

    /// Whether it runs, stands, or has stopped.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The machine is running.
    pub fn is_running(&self) -> bool {
        self.state == State::Running
    }

    /// Stops the machine where it stands, whatever its switches say; [`Room::go`] continues.
    pub fn pause(&mut self) {
        if self.is_running() {
            self.state = State::Standing;
        }
    }

    /// Lets the machine run from where it stands. Without power it stays as it is.
    pub fn go(&mut self) {
        if self.machine.has_power() {
            self.state = State::Running;
        }
    }

    /// Everything that was printed and not yet taken, the line before the wheels included, with form feeds (page), vertical
    /// tabs (half page) and carriage returns (a line printed over).
    pub fn paper(&self) -> String {
        let mut text = self.printed.clone();
        if let Some(line) = self.machine.io.printer.present_line() {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// The finished lines since the last call; the line before the wheels stays.
    pub fn take_lines(&mut self) -> String {
        self.collect_lines();
        std::mem::take(&mut self.printed)
    }

    /// All that was printed since the last call; the paper is torn off behind the line before the wheels.
    pub fn tear_off(&mut self) -> String {
        let mut text = self.take_lines();
        text.push_str(&self.machine.io.printer.tear_off());
        text
    }

    pub(crate) fn collect_lines(&mut self) {
        let lines = self.machine.io.printer.take_lines();
        self.printed.push_str(&lines);
    }

    /// What happened since the last call, in order.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn happened(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The files of the logical drums, by number: where what they hold belongs at the end.
    pub fn drum_files(&self) -> &BTreeMap<u8, PathBuf> {
        &self.drum_files
    }
}
