//! What the machine was earlier. Now and then, and after whatever comes from outside (keys, switches, mounts, deposits),
//! the whole machine is kept as it is; what it was between two of these points is found by running it again from the
//! first, on copies of the reels in memory. Nothing of the host is touched by that.

use std::collections::VecDeque;

use anyhow::{Result, bail};

use super::{Operator, Pause};
use crate::cli::job::Timed;
use crate::host::{Mounts, ReelsThen};
use crate::machine::{Machine, StopKind};

/// Machine cycles between two points at least, when nothing happens.
const DISTANCE: u64 = 4_000_000;
/// In a long story points are farther apart: so many stand for all of it.
const IN_ALL: u64 = 24;
/// Points of the clock that are kept; then each second of the older half goes.
const MOST_OF_CLOCK: usize = 96;
/// Points of outside changes that are kept; then the history begins later.
const MOST_CHANGES: usize = 400;

/// The machine at some time.
struct Point {
    machine: Machine,
    reels: ReelsThen,
    /// Bytes that had been printed.
    printed: usize,
    acts: VecDeque<Timed>,
    pause: Pause,
    /// Something from outside has just changed the machine.
    change: bool,
}

/// The present, while somebody looks at the past.
struct Present {
    machine: Machine,
    mounts: Mounts,
    pause: Pause,
    all_printed: String,
}

/// The points, in the order of time.
pub(super) struct History {
    on: bool,
    points: Vec<Point>,
    /// The machine is in the past: the last point before its time, and what is put by.
    past: Option<(usize, Box<Present>)>,
}

impl Default for History {
    fn default() -> History {
        History { on: true, points: Vec::new(), past: None }
    }
}

impl History {
    /// Before which cycle the next point of the clock is to be noted.
    pub(super) fn next_point(&self) -> u64 {
        match (self.points.first(), self.points.last()) {
            (Some(first), Some(last)) if self.on && self.past.is_none() => {
                let now = last.machine.cycles();
                now + DISTANCE.max((now - first.machine.cycles()) / IN_ALL)
            }
            _ => u64::MAX,
        }
    }

    /// It is kept at all.
    pub(super) fn is_on(&self) -> bool {
        self.on
    }

    /// The machine is in the past.
    pub(super) fn in_past(&self) -> bool {
        self.past.is_some()
    }

    /// The next outside change behind where the machine is in the past.
    fn next_change(&self) -> Option<usize> {
        let (at, _) = self.past.as_ref()?;
        (at + 1..self.points.len()).find(|n| self.points[*n].change)
    }

    /// The cycle at which the past goes on from a point, or is the present again.
    pub(super) fn bound(&self) -> u64 {
        let Some((_, present)) = &self.past else { return u64::MAX };
        let machine = self.next_change().map_or(&present.machine, |n| &self.points[n].machine);
        machine.cycles()
    }

    fn thin(&mut self) {
        let of_clock = self.points.iter().filter(|point| !point.change).count();
        if of_clock > MOST_OF_CLOCK {
            let older = self.points.len() / 2;
            let mut n = 0;
            let mut stays = false;
            self.points.retain(|point| {
                n += 1;
                if !point.change {
                    stays = !stays;
                }
                point.change || n > older || stays
            });
        }
        if self.points.iter().filter(|point| point.change).count() > MOST_CHANGES {
            self.points.drain(..self.points.len() / 4);
        }
    }
}

impl Operator {
    /// Keeps the machine as it is, for those who go back.
    pub(super) fn note(&mut self, change: bool) {
        if !self.history.on || self.history.in_past() {
            return;
        }
        if self.history.points.is_empty() {
            self.mounts.remember();
        }
        if self.mounts.remembers_too_little_or_much() {
            self.history.points.clear();
            self.mounts.forget();
        }
        self.history.points.push(Point {
            machine: self.machine.clone(),
            reels: self.mounts.now(),
            printed: self.all_printed.len(),
            acts: self.acts.clone(),
            pause: self.pause.clone(),
            change,
        });
        self.history.thin();
    }

    /// The first point, before anything happens.
    pub(super) fn note_beginning(&mut self) {
        if self.history.points.is_empty() {
            self.note(true);
        }
    }

    /// Something from outside has changed the machine. In the past that begins another future.
    pub fn changed(&mut self) {
        if let Some((at, mut present)) = self.history.past.take() {
            let now = self.machine.cycles();
            let known = self.history.points[at + 1..]
                .iter()
                .take_while(|point| !point.change && point.machine.cycles() <= now)
                .count();
            self.history.points.truncate(at + 1 + known);
            self.acts = self.history.points[at].acts.clone();
            for (unit, label) in self.mounts.take_back(&mut present.mounts) {
                self.said.push(format!(
                    "tape {unit} goes on as a copy in memory; {label} stays as it was at cycle {}",
                    present.machine.cycles()
                ));
            }
        }
        self.note(true);
    }

    /// Forgets all points, and notes them from now on or not.
    pub(super) fn remember(&mut self, on: bool) {
        if self.history.in_past() {
            self.changed();
        }
        self.history.points.clear();
        self.history.on = on;
        self.mounts.forget();
        self.note(true);
    }

    /// How far back one can go, in a line.
    pub(super) fn history_text(&self) -> String {
        match self.history.points.first() {
            Some(first) if self.history.on => format!(
                "back to cycle {}, {} points{}",
                first.machine.cycles(),
                self.history.points.len(),
                match &self.history.past {
                    Some((_, present)) => format!("; the present is cycle {}", present.machine.cycles()),
                    None => String::new(),
                }
            ),
            _ => "nothing is remembered".to_owned(),
        }
    }

    /// In the past, the machine has come to where something from outside happened, or to the present.
    pub(super) fn is_replay_due(&self) -> bool {
        self.history.in_past()
            && (self.machine.cycles() >= self.history.bound()
                || self.machine.is_halted()
                || self.pause == Pause::NoPower)
    }

    /// What happened from outside happens again; or it is the present again, and the machine stands.
    pub(super) fn replay(&mut self) {
        let next = self.history.next_change();
        let Some((at, present)) = &mut self.history.past else { return };
        if let Some(next) = next {
            let point = &self.history.points[next];
            if let Some(copies) = present.mounts.copies_of(&point.reels) {
                self.mounts = copies;
            }
            self.machine = point.machine.clone();
            self.pause = point.pause.clone();
            *at = next;
            let printed = present.all_printed.get(..point.printed).unwrap_or_default().to_owned();
            self.set_paper(printed);
            return;
        }
        if let Some((_, present)) = self.history.past.take() {
            let Present { machine, mounts, pause, all_printed } = *present;
            let keys = self.machine.console.keys;
            self.machine = machine;
            self.machine.console.keys = keys;
            self.mounts = mounts;
            self.pause = pause;
            self.running = false;
            self.told = Some((self.machine.cpu.ic, self.machine.cycles()));
            self.set_paper(all_printed);
            self.said.push(format!("this is the present again, cycle {}", self.machine.cycles()));
        }
    }

    /// Points whose time is before a cycle, the last first.
    pub(super) fn points_before(&self, cycle: u64) -> Vec<(usize, u64)> {
        let known = self.history.next_change().unwrap_or(self.history.points.len());
        let points = self.history.points[..known].iter().enumerate();
        points.map(|(n, point)| (n, point.machine.cycles())).filter(|(_, at)| *at < cycle).rev().collect()
    }

    /// The machine of a point.
    pub(super) fn machine_at(&self, point: usize) -> &Machine {
        &self.history.points[point].machine
    }

    /// A point came by an outside change.
    pub(super) fn is_change(&self, point: usize) -> bool {
        self.history.points.get(point).is_some_and(|point| point.change)
    }

    fn copy_at(&mut self, point: usize) -> Result<(Machine, Mounts)> {
        let point = &self.history.points[point];
        let real = match &mut self.history.past {
            Some((_, present)) => &mut present.mounts,
            None => &mut self.mounts,
        };
        match real.copies_of(&point.reels) {
            Some(mounts) => Ok((point.machine.clone(), mounts)),
            None => bail!("what the reels held then is not known any more"),
        }
    }

    /// Runs a copy of the machine from a point on, as long as it is before a cycle. `look` sees it before each
    /// instruction. The last instruction may end behind the cycle.
    pub(super) fn look_again(
        &mut self,
        point: usize,
        until: u64,
        look: &mut dyn FnMut(&Machine),
    ) -> Result<Machine> {
        let (mut machine, mut mounts) = self.copy_at(point)?;
        while machine.cycles() < until && !machine.is_halted() {
            if machine.do_faults(&mut mounts, u64::MAX).is_err() {
                break;
            }
            look(&machine);
            if machine.step(&mut mounts, u64::MAX).is_err() {
                break;
            }
        }
        Ok(machine)
    }

    /// The machine becomes what it was at a cycle behind a point; the present is put by.
    pub(super) fn become_past(&mut self, point: usize, cycle: u64) -> Result<()> {
        let (mut machine, mut mounts) = self.copy_at(point)?;
        while machine.cycles() < cycle {
            if machine.run(&mut mounts, cycle).kind != StopKind::Limit {
                break;
            }
        }
        machine.take_faults_done();
        let printed = self.history.points[point].printed + machine.io.printer.take_text(false).len();
        let at_point = machine.cycles() == self.history.points[point].machine.cycles();
        let pause = if at_point { self.history.points[point].pause.clone() } else { Pause::Operator };
        let machine = std::mem::replace(&mut self.machine, machine);
        let mounts = std::mem::replace(&mut self.mounts, mounts);
        let present = if let Some((_, present)) = self.history.past.take() {
            present
        } else {
            let all_printed = std::mem::take(&mut self.all_printed);
            Box::new(Present { machine, mounts, pause: self.pause.clone(), all_printed })
        };
        let paper = present.all_printed.get(..printed).unwrap_or(&present.all_printed).to_owned();
        self.history.past = Some((point, present));
        self.set_paper(paper);
        self.running = false;
        self.temporary = None;
        self.pause = pause;
        self.told = Some((self.machine.cpu.ic, self.machine.cycles()));
        Ok(())
    }
}
