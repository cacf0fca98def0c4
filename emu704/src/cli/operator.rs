//! Somebody at the machine: the machine with its media, what the printer has printed, and the words by which the panel
//! and the monitor are driven.

mod advance;
mod back;
mod breakpoints;
mod commands;
mod condition;
mod debugger;
mod examine;
mod expect;
mod history;
mod view;
mod words;

use std::collections::VecDeque;
use std::io::Write as _;

use anyhow::Result;

use super::prepare::{Prepared, prepare};
use super::run::RunArgs;
use super::source::Source;
use super::trace::Trace;
use super::{hoppers, report};
use crate::action::Action;
use crate::config::Config;
use crate::console::{Key, Pressed};
use crate::host::Mounts;
use crate::machine::{Machine, Stop, StopKind};

pub(crate) use breakpoints::reads;
pub use breakpoints::{Breakpoint, Breakpoints, UnitKind};
pub use condition::{Condition, Relation, Value};
pub use words::{WORDS, WordRow, candidates, complete, help};

use super::job::{Timed, When};

/// Lines of paper that are kept for the panel.
const KEPT_LINES: usize = 2000;

/// Why the machine is not running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pause {
    /// Nothing has run yet, or the operator stopped it.
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
            Pause::Operator => "stands".to_owned(),
            Pause::Stopped(stop) => report::phrase(stop),
            Pause::Break(what) => format!("break: {what}"),
            Pause::NoPower => "the power is off".to_owned(),
        }
    }

    /// Something went wrong, as against a program stop or the operator's wish.
    pub fn is_failure(&self) -> bool {
        matches!(self, Pause::Stopped(stop) if !matches!(stop.kind, StopKind::Htr | StopKind::Hpr))
    }
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// This is to be said; nothing when it is empty.
    Text(String),
    /// The machine shall go: on the panel in its time, in the monitor to its stop. `until` is a cycle.
    Goes {
        /// Stop at the first instruction at or after this machine cycle.
        until: Option<u64>,
    },
    /// The session is over.
    Quit,
}

impl Reply {
    fn none() -> Reply {
        Reply::Text(String::new())
    }
}

/// The machine, its media, and who stands before it.
pub struct Operator {
    /// The machine.
    pub machine: Machine,
    /// The reels.
    pub mounts: Mounts,
    /// Where to break.
    pub breakpoints: Breakpoints,
    /// What is known of the program.
    pub source: Source,
    /// The machine goes.
    pub running: bool,
    /// Why it does not.
    pub pause: Pause,
    /// Lines of paper, the newest last.
    paper: VecDeque<String>,
    /// Printed, and not yet taken by [`Operator::take_printed`].
    printed: String,
    /// Everything that was printed, for `expect`.
    pub(super) all_printed: String,
    args: RunArgs,
    acts: VecDeque<Timed>,
    said: Vec<String>,
    /// Location and cycle at which the operator knows of a breakpoint: it broke there, or a step ended there. Going on
    /// passes it.
    told: Option<(u16, u64)>,
    history: history::History,
    counts: view::Counts,
    trace: Option<Trace>,
    /// What the pane of watched places shows, in the words of `examine`.
    watches: Vec<String>,
    /// Break once from the first to the second location: run to here, or the return of a subroutine.
    temporary: Option<(u16, u16)>,
}

impl Operator {
    pub(crate) fn new(args: RunArgs, config: Option<Config>, acts: Vec<Timed>) -> Result<Operator> {
        let prepared = prepare(args, config, false)?;
        let trace = prepared.args.trace.as_deref().map(Trace::create).transpose()?;
        Ok(Operator { acts: acts.into(), trace, ..Operator::from(prepared) })
    }

    /// A machine that nobody has done anything with.
    pub fn with_machine(machine: Machine) -> Operator {
        Operator::from(Prepared {
            machine,
            mounts: Mounts::new(),
            args: RunArgs::default(),
            source: Source::default(),
        })
    }

    fn from(prepared: Prepared) -> Operator {
        Operator {
            machine: prepared.machine,
            mounts: prepared.mounts,
            breakpoints: Breakpoints::default(),
            source: prepared.source,
            running: false,
            pause: Pause::Operator,
            paper: VecDeque::new(),
            printed: String::new(),
            all_printed: String::new(),
            args: prepared.args,
            acts: acts_none(),
            said: Vec::new(),
            told: None,
            history: history::History::default(),
            counts: view::Counts::default(),
            trace: None,
            watches: Vec::new(),
            temporary: None,
        }
    }

    /// The last lines of paper, the newest last; the line before the wheels is one of them.
    pub fn paper(&self, count: usize) -> Vec<String> {
        let present = self.machine.io.printer.present_line();
        let kept = count.saturating_sub(usize::from(present.is_some()));
        let first = self.paper.len().saturating_sub(kept);
        self.paper.iter().skip(first).cloned().chain(present).collect()
    }

    /// What was printed since the last call, with form feeds and carriage returns.
    pub fn take_printed(&mut self) -> String {
        std::mem::take(&mut self.printed)
    }

    /// Lets the machine go from where it stands.
    pub fn go(&mut self) {
        if self.pause == Pause::NoPower {
            return;
        }
        self.running = true;
    }

    /// A key of the panel. False when it is ineffective as the machine stands.
    pub fn press(&mut self, key: Key) -> bool {
        if self.pause == Pause::NoPower {
            return false;
        }
        if self.running {
            match key {
                // The keys of a running machine: only these reach it.
                Key::Reset | Key::Clear | Key::Load(_) => self.running = false,
                _ => return false,
            }
        }
        self.note_beginning();
        let steps = matches!(key, Key::SingleStep | Key::MultipleStep) && !self.machine.is_halted();
        if steps && self.history.in_past() {
            if self.machine.console.automatic || self.machine.console.program_stop {
                return false;
            }
            self.step();
            return true;
        }
        let pressed = self.machine.press(key, &mut self.mounts);
        if !matches!(pressed, Pressed::Ineffective) && !steps {
            self.changed();
        }
        self.take_paper(false);
        match pressed {
            Pressed::Ineffective => return false,
            Pressed::Done => {
                self.told = steps.then(|| (self.machine.cpu.ic, self.machine.cycles()));
                self.pause = Pause::Operator;
            }
            Pressed::Runs => self.go(),
            Pressed::Stopped(stop) => self.stopped(stop),
        }
        true
    }

    /// The AUTOMATIC-MANUAL switch goes over.
    pub fn switch_automatic(&mut self) {
        if self.machine.console.automatic {
            let was_running = std::mem::take(&mut self.running);
            match self.machine.to_manual(&mut self.mounts) {
                Ok(()) if was_running => self.pause = Pause::Operator,
                Ok(()) => {}
                Err(stop) => self.stopped(stop),
            }
            self.take_paper(false);
        } else {
            self.machine.to_automatic();
        }
        self.changed();
    }

    fn stopped(&mut self, stop: Stop) {
        self.running = false;
        let settled = self.machine.settle(&mut self.mounts);
        self.pause = match stop.kind {
            StopKind::PowerOff => Pause::NoPower,
            _ => Pause::Stopped(settled.err().unwrap_or(stop)),
        };
        self.temporary = None;
        self.take_paper(false);
        self.changed();
    }

    /// Does the next act of a job's list.
    fn act(&mut self) {
        match self.acts.pop_front() {
            Some(Timed { action: Action::PowerOff, when: When::Cycle(cycle) }) => self.power_off_at(cycle),
            Some(Timed { action, .. }) => self.do_action(&action),
            None => {}
        }
    }

    /// Does the faults that have come before an act.
    fn fault(&mut self, before: u64) {
        let ended = self.machine.do_faults(&mut self.mounts, before);
        let done = self.machine.take_faults_done();
        self.said.extend(done.iter().map(|done| format!("fault: {} at cycle {}", done.fault, done.at)));
        if let Err(stop) = ended {
            self.stopped(*stop);
        }
    }

    fn power_off_at(&mut self, cycle: u64) {
        self.running = false;
        self.pause = Pause::NoPower;
        if let Err(stop) = self.machine.power_off_at(&mut self.mounts, cycle) {
            self.pause = Pause::Stopped(stop);
        }
        self.temporary = None;
        self.take_paper(false);
        self.changed();
    }

    /// What happened without being asked for since the last call.
    pub fn take_said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// One act of the operator.
    pub fn do_action(&mut self, action: &Action) {
        self.note_beginning();
        match action {
            Action::Load(key) => {
                self.press(Key::Load(*key));
                return;
            }
            Action::Start => {
                self.press(Key::Start);
                return;
            }
            Action::Swap(m, n) => self.mounts.swap(*m, *n),
            Action::PowerOff | Action::Reset | Action::Clear => self.running = false,
            Action::Sense { .. } | Action::PowerOn { .. } | Action::Fault(_) => {}
        }
        if let Err(stop) = self.machine.act(action, &mut self.mounts) {
            self.stopped(stop);
            return;
        }
        match action {
            Action::PowerOff => {
                self.running = false;
                self.pause = Pause::NoPower;
            }
            Action::PowerOn { .. } | Action::Reset | Action::Clear => self.pause = Pause::Operator,
            _ => {}
        }
        self.changed();
    }

    /// A sense switch, 1 to 6, goes over.
    pub fn turn_sense_switch(&mut self, number: usize) {
        self.note_beginning();
        let switches = &mut self.machine.console.sense_switches;
        if let Some(switch) = number.checked_sub(1).and_then(|n| switches.get_mut(n)) {
            *switch = !*switch;
            self.changed();
        }
    }

    fn take_paper(&mut self, tear_off: bool) {
        let text = self.machine.io.printer.take_text(tear_off);
        if text.is_empty() {
            return;
        }
        self.show_on_paper(&text);
        // what is printed again, while the past goes on to the present, has been on the paper
        if !self.history.in_past() {
            self.printed.push_str(&text);
        }
        self.all_printed.push_str(&text);
    }

    fn show_on_paper(&mut self, text: &str) {
        for line in text.split_inclusive(['\n', '\x0b', '\x0c']) {
            let body = line.trim_end_matches(['\n', '\x0b', '\x0c']);
            if !body.is_empty() || line.ends_with('\n') {
                self.paper.push_back(overprinted(body));
            }
            if line.ends_with('\x0c') {
                self.paper.push_back("- - - - - - - - - - - - - - - -".to_owned());
            }
        }
        while self.paper.len() > KEPT_LINES {
            self.paper.pop_front();
        }
    }

    /// The paper is this now.
    fn set_paper(&mut self, all: String) {
        self.paper.clear();
        self.show_on_paper(&all);
        self.all_printed = all;
    }

    /// Tears off the paper, takes cards, drums and film to their files, and makes the reels safe.
    pub(crate) fn finish(&mut self) -> Result<()> {
        if let Some(trace) = self.trace.take() {
            trace.finish()?;
        }
        self.take_paper(true);
        let made = hoppers::take_all(&mut self.machine, &self.args)?;
        if let Some(safe) = hoppers::make_safe(&mut self.mounts, &made)? {
            // a terminal that has gone away hears nothing
            let _ = writeln!(std::io::stderr(), "{safe}");
        }
        Ok(())
    }

    /// The file of `--print`.
    pub(crate) fn print_file(&self) -> Option<&std::path::Path> {
        self.args.print.as_deref()
    }
}

fn acts_none() -> VecDeque<Timed> {
    VecDeque::new()
}

/// Lines printed over each other: the later character wins where it is not blank.
fn overprinted(line: &str) -> String {
    let mut out: Vec<char> = Vec::new();
    for pass in line.split('\r') {
        for (column, character) in pass.chars().enumerate() {
            if column >= out.len() {
                out.push(character);
            } else if character != ' ' {
                out[column] = character;
            }
        }
    }
    out.into_iter().collect()
}
