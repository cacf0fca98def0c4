//! Somebody at the machine: the machine with its media, what the printer has printed, and the words by which the panel
//! and the monitor are driven.

mod breakpoints;
mod commands;
mod examine;
mod expect;
mod view;
mod words;

use std::collections::VecDeque;

use anyhow::Result;

use super::prepare::{Prepared, prepare};
use super::run::RunArgs;
use super::source::Source;
use super::{Failure, hoppers, report};
use crate::action::Action;
use crate::config::Config;
use crate::console::{Key, Pressed};
use crate::fault::Fault;
use crate::host::Mounts;
use crate::machine::{Machine, Stop, StopKind};
use crate::panel::lamps::Exposure;

pub use breakpoints::{Breakpoint, Breakpoints};
pub use words::{WORDS, WordRow, complete, help};

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
    /// The next [`Operator::advance`] looks at no breakpoint before its first instruction.
    passes: bool,
    /// Break once from the first to the second location: run to here, or the return of a subroutine.
    temporary: Option<(u16, u16)>,
}

impl Operator {
    pub(crate) fn new(args: RunArgs, config: Option<Config>, acts: Vec<Timed>) -> Result<Operator> {
        let prepared = prepare(args, config, false)?;
        Ok(Operator { acts: acts.into(), ..Operator::from(prepared) })
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
            passes: true,
            temporary: None,
        }
    }

    /// Lines of paper, the newest last.
    pub fn paper(&self) -> &VecDeque<String> {
        &self.paper
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
        self.passes = true;
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
        let pressed = self.machine.press(key, &mut self.mounts);
        self.machine.hold_stuck_bits();
        self.take_paper(false);
        match pressed {
            Pressed::Ineffective => return false,
            Pressed::Done => self.pause = Pause::Operator,
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
    }

    /// Runs up to the first instruction at or after cycle `until`, if nothing stops it before; then
    /// [`Operator::running`] is false and [`Operator::pause`] says why. With an exposure every instruction lights the
    /// lamps for its time. Without one, and without a breakpoint, this is the machine's own loop.
    pub fn advance(&mut self, until: u64, mut exposure: Option<&mut Exposure>) {
        while self.running && self.machine.cycles() < until {
            let act_at = match self.acts.front() {
                Some(Timed { when: When::Cycle(cycle), .. }) => *cycle,
                _ => u64::MAX,
            };
            if self.machine.next_fault() <= self.machine.cycles().min(act_at) {
                self.fault();
                continue;
            }
            if act_at <= self.machine.cycles() {
                self.act();
                continue;
            }
            if let Some(cycle) = self.breakpoints.take_cycle(self.machine.cycles()) {
                self.running = false;
                self.pause = Pause::Break(format!("cycle {cycle}"));
                break;
            }
            let limit = until
                .min(act_at)
                .min(self.machine.next_fault())
                .min(self.breakpoints.next_cycle().unwrap_or(u64::MAX));
            let stepping = exposure.is_some() || self.temporary.is_some() || self.breakpoints.any_location();
            let ended = if stepping {
                self.advance_stepping(limit, exposure.as_deref_mut())
            } else {
                let stop = self.machine.run_faulty(&mut self.mounts, limit);
                (stop.kind != StopKind::Limit).then_some(stop)
            };
            if let Some(stop) = ended {
                self.stopped(stop);
                if matches!(self.acts.front(), Some(Timed { when: When::Stop, .. })) {
                    self.act();
                }
            }
        }
        self.take_paper(false);
    }

    fn advance_stepping(&mut self, limit: u64, mut exposure: Option<&mut Exposure>) -> Option<Stop> {
        let watched = self.temporary.is_some() || self.breakpoints.any_location();
        while self.machine.cycles() < limit {
            let fresh = !self.machine.is_waiting();
            if watched && fresh && !std::mem::take(&mut self.passes) {
                let here = self.machine.cpu.ic;
                let what = if self.temporary.is_some_and(|(first, last)| (first..=last).contains(&here)) {
                    Some(format!("at {here:05o}"))
                } else {
                    self.breakpoints.hit(&self.machine).map(|breakpoint| breakpoint.to_string())
                };
                if let Some(what) = what {
                    self.temporary = None;
                    self.running = false;
                    self.pause = Pause::Break(what);
                    return None;
                }
            }
            let before = self.machine.cycles();
            let stepped = self.machine.step_faulty(&mut self.mounts, limit);
            if let Some(exposure) = exposure.as_deref_mut() {
                exposure.expose(&self.machine, self.machine.cycles() - before);
            }
            if let Err(stop) = stepped {
                return Some(stop);
            }
        }
        None
    }

    /// Executes one instruction, breakpoints notwithstanding.
    pub fn step(&mut self) {
        if self.pause == Pause::NoPower {
            return;
        }
        if self.machine.is_halted() {
            self.machine.start(&mut self.mounts);
        }
        self.running = false;
        while self.machine.next_fault() <= self.machine.cycles() {
            self.fault();
            if self.pause == Pause::NoPower {
                return;
            }
        }
        match self.machine.step_faulty(&mut self.mounts, u64::MAX) {
            Ok(()) => self.pause = Pause::Operator,
            Err(stop) => self.stopped(stop),
        }
        self.take_paper(false);
    }

    fn stopped(&mut self, stop: Stop) {
        self.running = false;
        let settled = self.machine.settle(&mut self.mounts);
        self.pause = Pause::Stopped(settled.err().unwrap_or(stop));
        self.temporary = None;
        self.take_paper(false);
    }

    /// Does the next act of a job's list.
    fn act(&mut self) {
        match self.acts.pop_front() {
            Some(Timed { action: Action::PowerOff, when: When::Cycle(cycle) }) => self.power_off_at(cycle),
            Some(Timed { action, .. }) => self.do_action(&action),
            None => {}
        }
    }

    /// Does the fault that has come.
    fn fault(&mut self) {
        let Some(timed) = self.machine.due_fault() else { return };
        if timed.fault == Fault::PowerOff {
            self.power_off_at(timed.at);
        }
        self.said.push(format!("fault: {} at cycle {}", timed.fault, self.machine.cycles()));
    }

    fn power_off_at(&mut self, cycle: u64) {
        self.running = false;
        self.pause = Pause::NoPower;
        if let Err(stop) = self.machine.power_off_at(&mut self.mounts, cycle) {
            self.pause = Pause::Stopped(stop);
        }
        self.temporary = None;
        self.take_paper(false);
    }

    /// What happened without being asked for since the last call.
    pub fn take_said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// One act of the operator.
    pub fn do_action(&mut self, action: &Action) {
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
    }

    fn take_paper(&mut self, tear_off: bool) {
        let text = self.machine.io.printer.take_text(tear_off);
        if text.is_empty() {
            return;
        }
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
        self.printed.push_str(&text);
        self.all_printed.push_str(&text);
    }

    /// Tears off the paper, takes cards, drums and film to their files, and makes the reels safe.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.take_paper(true);
        hoppers::take_all(&mut self.machine, &self.args)?;
        self.mounts.sync().map_err(|e| Failure::usage(e.to_string()))
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
