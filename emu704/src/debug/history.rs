//! What the machine was earlier. Now and then, and after whatever comes from outside (keys, switches, mounts, deposits),
//! the whole machine is kept as it is; what it was between two of these points is found by running it again from the
//! first, on copies of the reels in memory. Nothing of the host is touched by that.

use super::back::Moment;
use super::paper::Roll;
use super::patience::SLICE;
use super::{DebugError, Debugger};
use crate::machine::{Machine, StopKind};
use crate::reels::{Reels, ReelsThen};
use crate::room::{Agenda, Files, State};

/// Machine cycles between two points at least, when nothing happens.
const DISTANCE: u64 = 4_000_000;
/// In a long story points are farther apart: so many stand for all of it.
const IN_ALL: u64 = 24;
/// Points of the clock that are kept; then each second of the older half goes.
const MOST_OF_CLOCK: usize = 96;
/// Points of outside changes that are kept; then the history begins later.
const MOST_CHANGES: usize = 400;

/// Bytes of memory that the machines of all points take together; then points go as above.
const MOST_BYTES: usize = 64 << 20;

/// The machine at some time.
struct Point {
    machine: Machine,
    reels: ReelsThen,
    /// Bytes that had been printed.
    printed: usize,
    agenda: Agenda,
    state: State,
    /// Something from outside has just changed the machine, or it has stood until now.
    change: bool,
    /// From here to the next change the machine stood, and only the clock went on.
    stands: bool,
    /// Until here it stood.
    stood: bool,
}

/// The present, while somebody looks at the past.
struct Present {
    machine: Machine,
    reels: Reels,
    agenda: Agenda,
    state: State,
    all_printed: Roll,
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

    /// Bytes of memory that the machines of the points take.
    fn bytes(&self) -> usize {
        self.points.iter().map(|point| bytes_of(&point.machine)).sum()
    }

    fn thin(&mut self) {
        let mut most = MOST_OF_CLOCK;
        self.thin_to(most);
        while self.bytes() > MOST_BYTES && self.points.len() > 1 {
            let of_clock = self.points.iter().filter(|point| !point.change).count();
            most = most.min(of_clock) / 2;
            let points = self.points.len();
            self.thin_to(most);
            if self.points.len() == points {
                self.points.drain(..points.div_ceil(4).min(points - 1));
            }
        }
    }

    fn thin_to(&mut self, most_of_clock: usize) {
        let of_clock = self.points.iter().filter(|point| !point.change).count();
        if of_clock > most_of_clock {
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

/// Bytes of memory that a machine which is kept takes, the large parts.
fn bytes_of(machine: &Machine) -> usize {
    const WORD: usize = size_of::<asm704::Word>();
    const CARD: usize = 24 * WORD + 32;
    let drums = (1..=8).filter_map(|n| machine.drum(n).ok().flatten()).map(<[_]>::len).sum::<usize>();
    let cards = machine.card_reader().in_hopper();
    // core has room for the largest size
    (32768 + drums) * WORD + cards * CARD + machine.io.crt.bytes()
}

impl Debugger {
    /// Keeps the machine as it is, for going back.
    pub(super) fn note(&mut self, change: bool) {
        if !self.history.on || self.history.in_past() {
            return;
        }
        if self.room.reels.wires().next().is_some() {
            // what has passed on a wire does not pass again: nobody goes back behind it
            self.history.points.clear();
            return;
        }
        if self.history.points.is_empty() {
            self.room.reels.remember();
        }
        if self.room.reels.remembers_too_little_or_much() {
            self.history.points.clear();
            self.room.reels.forget();
        }
        self.history.points.push(Point {
            machine: self.room.machine.clone(),
            reels: self.room.reels.now(),
            printed: self.paper.all.len(),
            agenda: self.room.agenda.clone(),
            state: self.room.state.clone(),
            change,
            stands: false,
            stood: false,
        });
        self.history.thin();
    }

    /// The machine has stood since the last point, and only the clock went on.
    pub(super) fn note_stood(&mut self) {
        if !self.history.on || self.history.in_past() {
            return;
        }
        let points = &mut self.history.points;
        if points.last().is_some_and(|last| last.stood) {
            // it goes on standing
            points.pop();
        } else if let Some(last) = points.last_mut() {
            last.stands = true;
        }
        self.note(true);
        if let Some(last) = self.history.points.last_mut() {
            last.stood = true;
        }
    }

    /// The first point, before anything happens.
    pub(crate) fn note_beginning(&mut self) {
        if self.history.points.is_empty() {
            self.note(true);
        }
    }

    /// Something from outside has changed the machine. In the past that begins another future.
    pub(super) fn changed(&mut self) {
        if let Some((at, mut present)) = self.history.past.take() {
            let now = self.room.machine.cycles();
            let known = self.history.points[at + 1..]
                .iter()
                .take_while(|point| !point.change && point.machine.cycles() <= now)
                .count();
            self.history.points.truncate(at + 1 + known);
            self.room.agenda = self.history.points[at].agenda.clone();
            // cards and film of this time have been taken out of the machine
            self.room.machine.take_punched();
            self.room.machine.take_frames(false);
            for (unit, label) in self.room.reels.take_back(&mut present.reels) {
                self.notes.push(format!(
                    "tape {unit} continues as a copy in memory; {label} stays as it was at cycle {}",
                    present.machine.cycles()
                ));
            }
        }
        self.note(true);
    }

    /// Forgets the past, and keeps it from now on or not.
    pub fn remember(&mut self, on: bool) {
        if self.history.in_past() {
            self.changed();
        }
        self.history.points.clear();
        self.history.on = on;
        self.room.reels.forget();
        if !on {
            self.room.reels.remember_nothing();
        }
        self.note(true);
    }

    /// How far back one can go, in a line.
    pub fn history_text(&self) -> String {
        match self.history.points.first() {
            Some(first) if self.history.on => format!(
                "back to cycle {}, {} {}{}",
                first.machine.cycles(),
                self.history.points.len(),
                if self.history.points.len() == 1 { "point" } else { "points" },
                match &self.history.past {
                    Some((_, present)) => format!("; the present is cycle {}", present.machine.cycles()),
                    None => String::new(),
                }
            ),
            _ => "nothing is remembered".to_owned(),
        }
    }

    /// If the machine is at the first moment that is known, this in words.
    pub(super) fn beginning_text(&self) -> Option<String> {
        let now = self.room.machine.cycles();
        let first = self.history.points.first().filter(|_| self.history.on)?;
        Some(match now {
            _ if first.machine.cycles() != now => return None,
            0 if !self.history.in_past() => "nothing has been run yet".to_owned(),
            0 => "this is the beginning, cycle 0".to_owned(),
            _ => format!("this is the first moment that is known, cycle {now}"),
        })
    }

    /// In the past, the machine has come to where something from outside happened, or to the present.
    pub(super) fn is_replay_due(&self) -> bool {
        self.history.past.as_ref().is_some_and(|(at, _)| self.history.points[*at].stands)
            || self.history.in_past()
                && (self.room.machine.cycles() >= self.history.bound()
                    || self.room.machine.is_halted()
                    || !self.room.machine.has_power())
    }

    /// What happened from outside happens again; or it is the present again, and the machine is stopped.
    pub(super) fn replay(&mut self) {
        let next = self.history.next_change();
        let Some((at, present)) = &mut self.history.past else { return };
        if let Some(next) = next {
            let point = &self.history.points[next];
            if let Some(copies) = present.reels.copies_of(&point.reels) {
                self.room.reels = copies;
            }
            self.room.machine = point.machine.clone();
            self.room.state = if self.going { State::Running } else { point.state.clone() };
            *at = next;
            let printed = present.all_printed.first(point.printed);
            self.set_paper(printed);
            return;
        }
        if self.return_to_present() {
            let cycle = self.room.machine.cycles();
            self.notes.push(format!("this is the present again, cycle {cycle}"));
        }
    }

    /// The present as it was put by, and the machine is stopped. False when it is the present already.
    pub(super) fn return_to_present(&mut self) -> bool {
        let Some((_, present)) = self.history.past.take() else { return false };
        let Present { machine, reels, agenda, state, all_printed } = *present;
        let keys = self.room.machine.console.keys;
        self.room.machine = machine;
        self.room.machine.console.keys = keys;
        self.room.reels = reels;
        self.room.agenda = agenda;
        self.room.state = state;
        self.going = false;
        self.note_told();
        self.set_paper(all_printed);
        true
    }

    /// The reels of the present, whatever time is looked at, and the files.
    pub(super) fn present_reels(&mut self) -> (&mut Reels, &mut dyn Files) {
        let reels = match &mut self.history.past {
            Some((_, present)) => &mut present.reels,
            None => &mut self.room.reels,
        };
        (reels, self.room.files.as_mut())
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

    fn copy_at(&mut self, point: usize) -> Result<(Machine, Reels), DebugError> {
        let point = &self.history.points[point];
        let real = match &mut self.history.past {
            Some((_, present)) => &mut present.reels,
            None => &mut self.room.reels,
        };
        match real.copies_of(&point.reels) {
            Some(reels) => Ok((point.machine.clone(), reels)),
            None => Err(DebugError::Past("what the reels held then is not known any more".to_owned())),
        }
    }

    /// Runs a copy of the machine from a point on, as long as it is before a cycle. `look` sees it before each
    /// instruction. The last instruction may end behind the cycle.
    pub(super) fn look_again(
        &mut self,
        point: usize,
        until: u64,
        look: &mut dyn FnMut(&Machine),
    ) -> Result<Machine, DebugError> {
        let (mut machine, mut reels) = self.copy_at(point)?;
        let until = if self.history.points[point].stands { 0 } else { until };
        let mut looked = 0;
        self.patience.check()?;
        while machine.cycles() < until && !machine.is_halted() {
            if machine.do_faults(&mut reels, u64::MAX).is_err() {
                break;
            }
            self.patience.check_sometimes(&mut looked)?;
            look(&machine);
            if machine.step(&mut reels, u64::MAX).is_err() {
                break;
            }
        }
        Ok(machine)
    }

    /// The machine becomes what it was at a moment; the present is put by.
    pub(super) fn become_past(&mut self, (point, cycle): Moment) -> Result<(), DebugError> {
        let (mut machine, mut reels) = self.copy_at(point)?;
        while machine.cycles() < cycle {
            self.patience.check()?;
            let slice = cycle.min(machine.cycles().saturating_add(SLICE));
            if machine.run(&mut reels, slice).kind != StopKind::Limit {
                break;
            }
        }
        let printed = self.history.points[point].printed + machine.io.printer.take_lines().len();
        let at_point = machine.cycles() == self.history.points[point].machine.cycles();
        let state = if at_point { self.history.points[point].state.clone() } else { State::Standing };
        let machine = std::mem::replace(&mut self.room.machine, machine);
        let reels = std::mem::replace(&mut self.room.reels, reels);
        let present = if let Some((_, present)) = self.history.past.take() {
            present
        } else {
            let all_printed = std::mem::take(&mut self.paper.all);
            let agenda = std::mem::take(&mut self.room.agenda);
            Box::new(Present { machine, reels, agenda, state: self.room.state.clone(), all_printed })
        };
        let paper = present.all_printed.first(printed);
        self.history.past = Some((point, present));
        self.set_paper(paper);
        self.going = false;
        self.lookout.temporary = None;
        self.lookout.broke = None;
        self.room.state = if state == State::Running { State::Standing } else { state };
        self.note_told();
        Ok(())
    }
}
