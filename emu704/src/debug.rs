//! The debugger: a room whose machine can be stopped anywhere, traced, and taken back in time.
//!
//! ```
//! use emu704::debug::Breakpoint;
//! use emu704::{Config, CoreSize, Debugger, Room};
//!
//! let mut room = Room::new(Config::with_core(CoreSize::K4));
//! room.load_sap("START  CLA ONE\n       STO SUM\n       HTR START\nONE    OCT 1\nSUM    OCT 0\n       END START\n")?;
//! let mut debugger = Debugger::new(room);
//! debugger.breakpoints_mut().set(Breakpoint::Write(4));
//! debugger.go();
//! debugger.advance(u64::MAX, None)?;
//! assert_eq!(debugger.pause_text(), "break: write 00004 SUM");
//! debugger.back(1)?;
//! assert_eq!(debugger.room.machine.cpu.ic, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advance;
mod back;
mod breakpoints;
mod condition;
mod filter;
mod history;
mod last;
mod links;
mod listing;
mod paper;
mod patience;
mod trace;

use std::collections::BTreeMap;
use std::path::Path;

use asm704::Word;

use crate::action::{Action, Place};
use crate::console::Key;
use crate::machine::{Stop, StopKind};
use crate::room::{Event, Restored, Room, RoomError, State};
use crate::snapshot::Snapshot;

pub use advance::Look;
pub use breakpoints::{Breakpoint, BreakpointRow, Breakpoints, UnitKind};
pub use condition::{Condition, Relation, Value};
pub use filter::TraceFilter;
pub use links::Link;
#[cfg(feature = "cli")]
pub(crate) use paper::Roll;
pub use paper::seen as seen_on_paper;
pub use trace::{COLUMNS as TRACE_COLUMNS, Trace, line as trace_line};

/// Why the machine is not running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pause {
    /// Nothing has run yet, or somebody stopped it.
    Operator,
    /// The machine stopped.
    Stopped(Stop),
    /// A breakpoint, in words.
    Break(String),
    /// The power is off.
    NoPower,
}

impl Pause {
    /// In a line.
    pub fn text(&self) -> String {
        match self {
            Pause::Operator => "stopped".to_owned(),
            Pause::Stopped(stop) => stop.to_string(),
            Pause::Break(what) => format!("break: {what}"),
            Pause::NoPower => "the power is off".to_owned(),
        }
    }

    /// Something went wrong, as against a program stop or somebody's wish.
    pub fn is_failure(&self) -> bool {
        matches!(self, Pause::Stopped(stop) if !matches!(stop.kind, StopKind::Htr | StopKind::Hpr))
    }
}

/// What a debugger cannot do.
#[derive(Debug, thiserror::Error)]
pub enum DebugError {
    /// It is not an address.
    #[error("{0}")]
    Address(String),
    /// It is not a word of 36 bits in octal.
    #[error(transparent)]
    Word(#[from] asm704::WordParseError),
    /// It is no comparison.
    #[error("`{0}` compares nothing: expected such as `ac = 5` or `SUM >= [200]`")]
    NoComparison(String),
    /// A comparison with a part that is missing, too many parts, or a number that its register never holds.
    #[error("{0}")]
    Comparison(String),
    /// A breakpoint on a cycle takes no conditions.
    #[error("a cycle comes once, whatever else is so")]
    CycleOnce,
    /// There is none to take away.
    #[error("there is no breakpoint {0}")]
    NoBreakpoint(String),
    /// The past that is asked for is not known, or holds no such moment.
    #[error("{0}")]
    Past(String),
    /// Somebody had enough of a long search; all is as it was.
    #[error("interrupted")]
    Interrupted,
    /// It is no filter of a trace.
    #[error("{0}")]
    Filter(String),
    /// The trace cannot be written.
    #[error("the trace: {0}")]
    Trace(std::io::Error),
    /// The room refuses.
    #[error(transparent)]
    Room(#[from] RoomError),
}

/// What a run is looked at with.
#[derive(Default)]
struct Lookout {
    breakpoints: Breakpoints,
    /// Location and cycle at which a breakpoint is known: it broke there, or a step ended there. Continuing passes it.
    told: Option<(u16, u64)>,
    /// Break once from the first to the second location: run to here, or the return of a subroutine.
    temporary: Option<(u16, u16)>,
    trace: Option<Trace>,
    /// What broke the run.
    broke: Option<Broke>,
}

/// What broke a run.
struct Broke {
    /// In words.
    text: String,
    /// The breakpoints; none when it was only to run to here.
    by: Vec<Breakpoint>,
}

/// A room with somebody who looks into its machine.
pub struct Debugger {
    /// The room.
    pub room: Room,
    lookout: Lookout,
    history: history::History,
    patience: patience::Patience,
    paper: paper::Paper,
    events: Vec<Event>,
    notes: Vec<String>,
    /// Time is let pass.
    going: bool,
    /// An act of the list has stopped the machine: it waits for another of them, or for a person.
    held: bool,
    /// The last word that a person put into each location, and the cycle.
    by_hand: BTreeMap<u16, (u64, Word)>,
}

impl Debugger {
    /// A debugger over a room.
    pub fn new(room: Room) -> Debugger {
        let going = room.is_running();
        let mut debugger = Debugger {
            room,
            lookout: Lookout::default(),
            history: history::History::default(),
            patience: patience::Patience::default(),
            paper: paper::Paper::default(),
            events: Vec::new(),
            notes: Vec::new(),
            going: false,
            held: false,
            by_hand: BTreeMap::new(),
        };
        if going {
            // it waits until it is told to go
            debugger.room.pause();
        }
        debugger
    }

    /// A debugger over a room whose run has ended with a stop, and has printed this.
    pub(crate) fn ended(room: Room, stop: &Stop, paper: &str) -> Debugger {
        let mut debugger = Debugger::new(room);
        debugger.room.state = State::Stopped(stop.clone());
        debugger.add_to_paper(paper);
        debugger
    }

    /// The machine is running, or time passes until somebody on the list of acts lets it run.
    pub fn is_going(&self) -> bool {
        self.going
    }

    /// The breakpoints.
    pub fn breakpoints(&self) -> &Breakpoints {
        &self.lookout.breakpoints
    }

    /// The breakpoints, to set and to take away.
    pub fn breakpoints_mut(&mut self) -> &mut Breakpoints {
        &mut self.lookout.breakpoints
    }

    /// Traces each instruction from now on, or no longer. Returns the trace of before.
    pub fn set_trace(&mut self, trace: Option<Trace>) -> Option<Trace> {
        std::mem::replace(&mut self.lookout.trace, trace)
    }

    /// The trace that is made.
    pub fn trace(&self) -> Option<&Trace> {
        self.lookout.trace.as_ref()
    }

    /// Lets the machine go from where it stands; [`Debugger::advance`] gives it time. Without power, and where an act of the
    /// list has stopped the machine and another is to come, only time goes on.
    pub fn go(&mut self) {
        self.lookout.broke = None;
        if !(self.held && self.has_acts()) {
            self.room.go();
        }
        self.going = true;
    }

    /// Stops the machine where it stands.
    pub fn stop(&mut self) {
        self.going = false;
        self.room.pause();
    }

    /// Why the machine is not running.
    pub fn pause(&self) -> Pause {
        match (&self.lookout.broke, self.room.state()) {
            _ if !self.room.machine.has_power() => Pause::NoPower,
            (Some(broke), _) => Pause::Break(broke.text.clone()),
            (None, State::Stopped(stop)) => Pause::Stopped(stop.clone()),
            (None, State::Standing | State::Running) => Pause::Operator,
        }
    }

    /// The breakpoints that broke the last run, in the order of setting; none after a stop of another kind, and after a run
    /// that was only to come here ([`Debugger::break_once`]).
    pub fn broken_by(&self) -> &[Breakpoint] {
        self.lookout.broke.as_ref().map_or(&[], |broke| &broke.by)
    }

    /// [`Pause::text`] with what is known of the place, as of [`Room::headline`].
    pub fn pause_text(&self) -> String {
        match self.pause() {
            Pause::Stopped(stop) => self.room.headline(&stop),
            pause => pause.text(),
        }
    }

    /// The state of the machine, in words.
    pub fn state(&self) -> String {
        let switch = if self.room.machine.console.automatic { "AUTOMATIC" } else { "MANUAL" };
        let what = if self.going { "running".to_owned() } else { self.pause_text() };
        format!("{switch}, {what}")
    }

    /// The AUTOMATIC lamp rather than READY: the machine goes, or waits forever for a unit.
    pub fn goes_or_hangs(&self) -> bool {
        self.going || matches!(self.pause(), Pause::Stopped(stop) if stop.kind.is_wait())
    }

    /// Breaks the next run once between two locations, these included.
    pub fn break_once(&mut self, first: u16, last: u16) {
        self.lookout.temporary = Some((first, last));
        self.note_told();
    }

    /// The place where the machine is stopped is known: going on passes a breakpoint there.
    fn note_told(&mut self) {
        self.lookout.told = Some((self.room.machine.cpu.ic, self.room.machine.cycles()));
    }

    /// The next run stops again at a breakpoint where the machine stopped.
    pub fn forget_told(&mut self) {
        self.lookout.told = None;
    }

    /// One act of a person.
    ///
    /// # Errors
    /// As of [`Room::act`].
    pub fn act(&mut self, action: &Action) -> Result<(), RoomError> {
        self.note_beginning();
        let machine = &self.room.machine;
        let steps =
            matches!(action, Action::Press(Key::SingleStep | Key::MultipleStep)) && !machine.is_halted();
        if steps && self.history.in_past() && !machine.console.automatic && !machine.console.program_stop {
            return self.step();
        }
        let was_going = self.going;
        let done = self.room.act(action);
        if matches!(done, Err(RoomError::Ineffective(_) | RoomError::NoPower)) {
            return done;
        }
        if done.is_ok() {
            self.note_hand(action, self.room.machine.cycles());
        }
        self.lookout.broke = None;
        if matches!(
            action,
            Action::Press(_) | Action::Automatic(_) | Action::PowerOff | Action::PowerOn { .. }
        ) {
            self.held = false;
        }
        self.take_events();
        if !steps {
            self.changed();
        }
        self.going =
            self.room.is_running() || (was_going && self.room.machine.has_power() && was_going_on(action));
        if steps {
            self.note_told();
        }
        done
    }

    /// Acts that count as one when looking back, such as the deposits of a range.
    ///
    /// # Errors
    /// As of [`Room::act`]; those before the one that failed are done.
    pub fn act_all(&mut self, actions: &[Action]) -> Result<(), RoomError> {
        self.note_beginning();
        let done = actions.iter().try_for_each(|action| {
            self.room.act(action)?;
            self.note_hand(action, self.room.machine.cycles());
            Ok(())
        });
        self.lookout.broke = None;
        self.take_events();
        self.changed();
        done
    }

    /// Puts cards behind those in the hopper.
    pub fn put_cards(&mut self, cards: Vec<[Word; 24]>) {
        self.note_beginning();
        self.room.machine.put_cards(cards);
        self.changed();
    }

    /// Puts a program in core. The machine waits before its first instruction.
    ///
    /// # Errors
    /// As of [`Room::load`].
    pub fn load(&mut self, program: crate::room::Program) -> Result<(), RoomError> {
        self.stop();
        self.room.load(program)?;
        self.room.pause();
        self.forget_told();
        self.touched();
        Ok(())
    }

    /// Something from outside has changed the machine by other means than an act: a program was loaded, or keys were set.
    pub fn touched(&mut self) {
        self.held = false;
        self.lookout.broke = None;
        self.changed();
    }

    /// Puts an act on the list, to be done at its time.
    pub fn plan_act(&mut self, timed: crate::action::Timed) {
        self.note_beginning();
        if self.history.in_past() {
            self.changed();
        }
        self.room.plan_act(timed);
        self.changed();
    }

    /// Acts with a time are still to be done.
    pub fn has_acts(&self) -> bool {
        self.room.agenda.acts.iter().any(|timed| matches!(timed.when, crate::action::When::Cycle(_)))
    }

    /// The machine is looked at in its past.
    pub fn in_past(&self) -> bool {
        self.history.in_past()
    }

    /// Another machine replaces this one, at the same reels: another story begins.
    pub fn become_machine(&mut self, machine: crate::machine::Machine) {
        self.stop();
        self.lookout.temporary = None;
        self.lookout.broke = None;
        self.forget_told();
        self.changed();
        self.room.machine = machine;
        self.room.state = State::Standing;
        self.remember(self.history.is_on());
    }

    /// Takes the machine and its reels from a snapshot, whose file is `path`; another story begins. From the past this leads
    /// to the present first. Returns what a person should know about the reels, in sentences.
    ///
    /// # Errors
    /// As of [`Restored::find`]; then all is as it was.
    pub fn restore(&mut self, snapshot: Snapshot, path: &Path) -> Result<Vec<String>, RoomError> {
        let (reels, files) = self.present_reels();
        let found = Restored::find(&snapshot, path, reels, files)?;
        self.return_to_present();
        let said = found.put(&mut self.room.reels);
        self.become_machine(snapshot.machine);
        Ok(said)
    }

    /// What happened since the last call without being asked for.
    pub fn take_happened(&mut self) -> Vec<String> {
        let told = self.events.drain(..).filter(|event| !matches!(event, Event::Written { .. }));
        let mut lines: Vec<String> = told.map(|event| event.to_string()).collect();
        lines.append(&mut self.notes);
        lines
    }

    /// Takes what happened in the room; in the past it has been told.
    /// A person has put a word into core, if it is such an act.
    fn note_hand(&mut self, action: &Action, cycle: u64) {
        if let Action::Deposit(Place::Core(address), word) = action {
            self.by_hand.insert(*address, (cycle, *word));
        }
    }

    fn take_events(&mut self) {
        let events = self.room.take_events();
        for event in &events {
            if let Event::Acted { action, cycle } = event {
                self.note_hand(action, *cycle);
            }
        }
        if !self.history.in_past() {
            self.events.extend(events);
        }
        self.take_paper();
    }
}

/// An act that leaves a running machine running.
fn was_going_on(action: &Action) -> bool {
    match action {
        Action::Press(Key::Reset | Key::Clear)
        | Action::PowerOff
        | Action::PowerOn { .. }
        | Action::Automatic(false) => false,
        Action::Press(_)
        | Action::Automatic(true)
        | Action::Sense { .. }
        | Action::Keys(_)
        | Action::Deposit(..)
        | Action::Mount { .. }
        | Action::MountCards(_)
        | Action::MountDrum { .. }
        | Action::Detach(_)
        | Action::Swap(..)
        | Action::Fault(_)
        | Action::NoFaults => true,
    }
}
