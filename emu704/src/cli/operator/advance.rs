//! How the machine goes, and what interrupts it.

use super::{Operator, Pause};
use crate::cli::job::{Timed, When};
use crate::machine::{Locations, Stop, StopKind, Watch};
use crate::panel::lamps::Exposure;

/// How a part of a run ended.
enum Ended {
    /// At its limit.
    Limit,
    /// Before the instruction at IC.
    Broke(String),
    Stopped(Stop),
}

impl Operator {
    /// Runs up to the first instruction at or after cycle `until`, if nothing stops it before; then
    /// [`Operator::running`] is false and [`Operator::pause`] says why. With an exposure every instruction lights the
    /// lamps for its time. Without one, and with no other breakpoints than those on execution and on a cycle, this is
    /// the machine's own fast loop.
    pub fn advance(&mut self, until: u64, mut exposure: Option<&mut Exposure>) {
        self.note_beginning();
        while self.running && self.machine.cycles() < until {
            if self.is_replay_due() {
                self.replay();
                continue;
            }
            let past = self.history.in_past();
            let now = self.machine.cycles();
            let act_at = match self.acts.front() {
                Some(Timed { when: When::Cycle(cycle), .. }) if !past => *cycle,
                _ => u64::MAX,
            };
            if self.machine.next_fault() <= now && self.machine.next_fault() < act_at {
                self.fault(act_at);
                continue;
            }
            if act_at <= now {
                self.act();
                continue;
            }
            if let Some(cycle) = self.breakpoints.take_cycle(now) {
                self.break_off(format!("cycle {cycle}"));
                break;
            }
            if now >= self.history.next_point() {
                self.note(false);
            }
            let limit = [
                until,
                act_at,
                self.machine.next_fault(),
                self.breakpoints.next_cycle().unwrap_or(u64::MAX),
                self.history.next_point(),
                self.history.bound(),
            ];
            let limit = limit.into_iter().min().unwrap_or(until);
            let looks = exposure.is_some() || self.trace.is_some() || self.breakpoints.looks_at_each();
            let ended = if looks {
                self.advance_stepping(limit, exposure.as_deref_mut())
            } else {
                self.advance_fast(limit)
            };
            match ended {
                Ended::Limit => {}
                Ended::Broke(what) => self.break_off(what),
                // in the past it stops as it did, and goes on as it did
                Ended::Stopped(_) if past && self.is_replay_due() => {}
                Ended::Stopped(stop) => {
                    self.stopped(stop);
                    if matches!(self.acts.front(), Some(Timed { when: When::Stop, .. })) {
                        self.act();
                    }
                }
            }
        }
        self.take_paper(false);
    }

    fn break_off(&mut self, what: String) {
        self.temporary = None;
        self.running = false;
        self.told = Some((self.machine.cpu.ic, self.machine.cycles()));
        self.pause = Pause::Break(what);
    }

    /// The breakpoint that breaks here, unless this is where the operator was told of it.
    fn broken_here(&mut self) -> Option<String> {
        let here = self.machine.cpu.ic;
        if self.told.take() == Some((here, self.machine.cycles())) {
            return None;
        }
        if self.temporary.is_some_and(|(first, last)| (first..=last).contains(&here)) {
            return Some(format!("at {}", self.place(here)));
        }
        self.breakpoints.hit(&self.machine).map(|breakpoint| breakpoint.text(&self.source))
    }

    /// A location with its symbol.
    pub(super) fn place(&self, location: u16) -> String {
        match self.source.name(location) {
            Some(name) => format!("{location:05o} {name}"),
            None => format!("{location:05o}"),
        }
    }

    fn advance_fast(&mut self, limit: u64) -> Ended {
        if self.breakpoints.locations().is_none() && self.temporary.is_none() {
            return ended(self.machine.run(&mut self.mounts, limit));
        }
        let mut locations: Locations = self.breakpoints.locations().cloned().unwrap_or_default();
        if let Some((first, last)) = self.temporary {
            (first..=last).for_each(|location| _ = locations.insert(location));
        }
        // A breakpoint was passed here; or its conditions do not hold.
        if !self.machine.is_waiting() && locations.contains(self.machine.cpu.ic) {
            if let Some(what) = self.broken_here() {
                return Ended::Broke(what);
            }
            if let Err(stop) = self.machine.step(&mut self.mounts, limit) {
                return Ended::Stopped(stop);
            }
        }
        if self.machine.cycles() >= limit {
            return Ended::Limit;
        }
        match self.machine.run_watched(&mut self.mounts, limit, Watch::Locations(&locations)) {
            Some(stop) => ended(stop),
            // the next call looks at it
            None => Ended::Limit,
        }
    }

    fn advance_stepping(&mut self, limit: u64, mut exposure: Option<&mut Exposure>) -> Ended {
        let watched = self.temporary.is_some()
            || self.breakpoints.locations().is_some()
            || self.breakpoints.looks_at_each();
        while self.machine.cycles() < limit {
            if !self.machine.is_waiting() {
                if watched && let Some(what) = self.broken_here() {
                    return Ended::Broke(what);
                }
                if let Some(trace) = &mut self.trace {
                    trace.instruction(&self.machine, &self.source);
                }
            }
            let before = self.machine.cycles();
            let stepped = self.machine.step(&mut self.mounts, limit);
            if let Some(exposure) = exposure.as_deref_mut() {
                exposure.expose(&self.machine, self.machine.cycles() - before);
            }
            if let Err(stop) = stepped {
                return Ended::Stopped(stop);
            }
        }
        Ended::Limit
    }

    /// Executes one instruction, breakpoints notwithstanding.
    pub fn step(&mut self) {
        self.note_beginning();
        self.running = false;
        if self.is_replay_due() {
            self.replay();
            return;
        }
        if self.pause == Pause::NoPower {
            return;
        }
        if self.machine.is_halted() {
            self.machine.start(&mut self.mounts);
            self.changed();
        }
        self.fault(u64::MAX);
        if self.pause == Pause::NoPower {
            return;
        }
        if let (Some(trace), false) = (&mut self.trace, self.machine.is_waiting()) {
            trace.instruction(&self.machine, &self.source);
        }
        let limit = self.history.bound();
        match self.machine.step(&mut self.mounts, limit) {
            Ok(()) => self.pause = Pause::Operator,
            Err(_) if self.is_replay_due() => {}
            Err(stop) => self.stopped(stop),
        }
        if self.is_replay_due() && self.machine.cycles() >= self.history.bound() {
            self.replay();
        }
        if self.machine.cycles() >= self.history.next_point() {
            self.note(false);
        }
        self.told = Some((self.machine.cpu.ic, self.machine.cycles()));
        self.take_paper(false);
    }
}

fn ended(stop: Stop) -> Ended {
    if stop.kind == StopKind::Limit { Ended::Limit } else { Ended::Stopped(stop) }
}
