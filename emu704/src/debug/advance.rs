//! How the machine goes, and what interrupts it.

use super::{Breakpoint, Broke, Debugger, Lookout};
use crate::machine::{Locations, Machine, Marked, Stop, StopKind, Watch};
use crate::reels::Reels;
use crate::room::{Leg, RoomError, State};
use crate::symbols::Symbols;

/// Sees the machine behind each instruction, with the cycles that it took.
pub type Look<'a> = dyn FnMut(&Machine, u64) + 'a;

impl Debugger {
    /// Runs up to the first instruction at or after cycle `until`, if nothing stops it before; then
    /// [`Debugger::is_going`] is false and [`Debugger::pause`] says why. `look` sees each instruction. Without it, without a
    /// trace, and with breakpoints on execution, on a cycle and on words that are read or written, this is the machine's own fast loop.
    ///
    /// # Errors
    /// An act of the list failed; the machine is stopped before the next one.
    pub fn advance(&mut self, until: u64, mut look: Option<&mut Look<'_>>) -> Result<(), RoomError> {
        self.note_beginning();
        while self.going && self.room.machine.cycles() < until {
            if self.is_replay_due() {
                self.replay();
                continue;
            }
            let now = self.room.machine.cycles();
            if let Some(cycle) = self.lookout.breakpoints.take_cycle(now) {
                let by = Breakpoint::Cycle(cycle);
                self.lookout.broke = Some(Broke { text: by.text(&self.room.symbols), by: vec![by] });
                self.broken();
                break;
            }
            if now >= self.history.next_point() {
                self.note(false);
            }
            let bound = [
                until,
                self.lookout.breakpoints.next_cycle().unwrap_or(u64::MAX),
                self.history.next_point(),
                self.history.bound(),
            ];
            let bound = bound.into_iter().min().unwrap_or(until);
            let stood = *self.room.state() == State::Standing;
            let Debugger { room, lookout, .. } = self;
            let leg = room.leg(bound, &mut |machine, reels, symbols, limit| {
                lookout.run(machine, reels, symbols, limit, look.as_deref_mut())
            });
            if stood && matches!(leg, Ok(Leg::Ran)) {
                self.note_stood();
            }
            self.after_leg(leg, bound)?;
            if self.room.is_waiting_for_wire() {
                break;
            }
        }
        Ok(())
    }

    fn after_leg(&mut self, leg: Result<Leg, RoomError>, bound: u64) -> Result<(), RoomError> {
        self.take_events();
        let past = self.history.in_past();
        if past {
            // cards and film of this time have been taken
            self.room.machine.take_punched();
            self.room.machine.take_frames(false);
        }
        match leg {
            Ok(Leg::Ran | Leg::Waits) => {}
            Ok(Leg::Acted) => {
                if !past {
                    self.held = !self.room.is_running() && self.room.machine.has_power();
                    if !self.room.is_running() {
                        self.lookout.temporary = None;
                    }
                    self.changed();
                }
            }
            Ok(Leg::Broke) => self.broken(),
            Ok(Leg::Ended(stop)) if stop.kind == StopKind::Limit && bound < self.room.limit() => {}
            // in the past it stops as it did, and goes on as it did
            Ok(Leg::Ended(_)) if past && self.is_replay_due() => {}
            Ok(Leg::Ended(stop)) => {
                self.going = false;
                self.lookout.temporary = None;
                if stop.kind == StopKind::Limit {
                    self.room.state = State::Stopped(stop);
                } else if !past && matches!(self.room.state(), State::Stopped(_)) {
                    self.changed();
                }
            }
            Err(error) => {
                self.going = false;
                self.room.pause();
                self.changed();
                return Err(error);
            }
        }
        Ok(())
    }

    fn broken(&mut self) {
        self.lookout.temporary = None;
        self.going = false;
        self.room.pause();
        self.note_told();
    }

    /// Executes one instruction, breakpoints notwithstanding; a machine that a HTR or HPR has stopped is started.
    ///
    /// # Errors
    /// An act of the list that was due failed.
    pub fn step(&mut self) -> Result<(), RoomError> {
        self.note_beginning();
        self.going = false;
        self.lookout.broke = None;
        if self.is_replay_due() {
            self.replay();
            return Ok(());
        }
        if !self.room.machine.has_power() {
            return Ok(());
        }
        if self.room.machine.is_halted() {
            self.room.machine.start(&mut self.room.reels);
            self.changed();
        }
        let mut stepped = false;
        self.room.state = State::Running;
        while self.room.is_running() && (!stepped || self.room.machine.is_waiting()) {
            let bound = self.history.bound();
            let Debugger { room, lookout, .. } = self;
            let leg = room.leg(bound, &mut |machine, reels, symbols, limit| {
                stepped = true;
                Some(
                    lookout
                        .step(machine, reels, symbols, limit)
                        .err()
                        .unwrap_or_else(|| limit_reached(machine)),
                )
            });
            let ended = matches!(leg, Ok(Leg::Ended(_)));
            self.after_leg(leg, bound)?;
            if ended {
                break;
            }
        }
        self.room.pause();
        if self.is_replay_due() && self.room.machine.cycles() >= self.history.bound() {
            self.replay();
        }
        if self.room.machine.cycles() >= self.history.next_point() {
            self.note(false);
        }
        self.note_told();
        Ok(())
    }
}

impl Lookout {
    fn run(
        &mut self,
        machine: &mut Machine,
        reels: &mut Reels,
        symbols: &Symbols,
        limit: u64,
        look: Option<&mut Look<'_>>,
    ) -> Option<Stop> {
        if look.is_some() || self.trace.is_some() || self.breakpoints.looks_at_each() {
            self.run_stepping(machine, reels, symbols, limit, look)
        } else {
            self.run_fast(machine, reels, symbols, limit)
        }
    }

    /// A breakpoint breaks here, unless this place is known.
    fn broken_here(&mut self, machine: &mut Machine, symbols: &Symbols) -> bool {
        let breaks =
            self.told.take() != Some((machine.cpu.ic, machine.cycles())) && self.breaks(machine, symbols);
        if breaks {
            machine.fetch();
        }
        breaks
    }

    /// A breakpoint breaks before the instruction at IC, and it is noted which.
    fn breaks(&mut self, machine: &Machine, symbols: &Symbols) -> bool {
        if self.temporary.is_none() && !self.breakpoints.would_hit(machine) {
            // most looks end here: nothing is prepared for them
            if self.broke.is_some() {
                self.broke = None;
            }
            return false;
        }
        let here = machine.cpu.ic;
        self.broke = if self.temporary.is_some_and(|(first, last)| (first..=last).contains(&here)) {
            Some(Broke { text: Breakpoint::Execute(here).text(symbols), by: Vec::new() })
        } else {
            let by = self.breakpoints.hit(machine);
            by.first().map(|first| first.text(symbols)).map(|text| Broke { text, by })
        };
        self.broke.is_some()
    }

    fn run_fast(
        &mut self,
        machine: &mut Machine,
        reels: &mut Reels,
        symbols: &Symbols,
        limit: u64,
    ) -> Option<Stop> {
        let words = self.breakpoints.words().clone();
        if self.breakpoints.locations().is_none() && self.temporary.is_none() && words.list().is_empty() {
            return Some(machine.run(reels, limit));
        }
        let mut locations: Locations = self.breakpoints.locations().cloned().unwrap_or_default();
        if let Some((first, last)) = self.temporary {
            (first..=last).for_each(|location| _ = locations.insert(location));
        }
        // The place may be known.
        let is_looked_at = locations.contains(machine.cpu.ic) || !words.list().is_empty();
        if !machine.is_waiting() && !is_looked_at {
            self.told = None;
        }
        if !machine.is_waiting() && is_looked_at {
            if self.broken_here(machine, symbols) {
                return None;
            }
            if let Err(stop) = machine.step(reels, limit) {
                return Some(stop);
            }
        }
        if machine.cycles() >= limit {
            return Some(limit_reached(machine));
        }
        // Where a run breaks once, it breaks whatever the conditions are.
        let once = |at: u16| self.temporary.is_some_and(|(first, last)| (first..=last).contains(&at));
        let conditions = self.breakpoints.conditions().into_iter().filter(|(at, _)| !once(*at));
        let conditions: Vec<_> = conditions.collect();
        let asked: Vec<_> = conditions.iter().map(|(at, conditions)| (*at, &conditions[..])).collect();
        let look = &mut |machine: &Machine| self.breaks(machine, symbols);
        machine.run_watched(
            reels,
            limit,
            Watch::Marked(Marked { locations: &locations, words: &words, conditions: &asked, look }),
        )
    }

    fn run_stepping(
        &mut self,
        machine: &mut Machine,
        reels: &mut Reels,
        symbols: &Symbols,
        limit: u64,
        mut look: Option<&mut Look<'_>>,
    ) -> Option<Stop> {
        let watched = self.temporary.is_some()
            || self.breakpoints.locations().is_some()
            || !self.breakpoints.words().list().is_empty()
            || self.breakpoints.looks_at_each();
        if let (Some(trace), false, None) = (&mut self.trace, watched, &look) {
            return Some(
                machine
                    .step_seen(reels, limit, &mut |seen| trace.instruction(seen, symbols))
                    .err()
                    .unwrap_or_else(|| limit_reached(machine)),
            );
        }
        while machine.cycles() < limit {
            if watched && !machine.is_waiting() && self.broken_here(machine, symbols) {
                return None;
            }
            let before = machine.cycles();
            let stepped = self.step(machine, reels, symbols, limit);
            if let Some(look) = look.as_deref_mut() {
                look(machine, machine.cycles().saturating_sub(before));
            }
            if let Err(stop) = stepped {
                return Some(stop);
            }
        }
        Some(limit_reached(machine))
    }

    /// One instruction, traced.
    fn step(
        &mut self,
        machine: &mut Machine,
        reels: &mut Reels,
        symbols: &Symbols,
        limit: u64,
    ) -> Result<(), Stop> {
        if let (Some(trace), false) = (&mut self.trace, machine.is_waiting()) {
            // what breaks before the instruction is seen in its line
            machine.do_faults(reels, limit).map_err(|stop| *stop)?;
            trace.instruction(&machine.seen(), symbols);
        }
        machine.step(reels, limit)
    }
}

fn limit_reached(machine: &Machine) -> Stop {
    Stop { kind: StopKind::Limit, at: machine.cpu.ic, message: None }
}
