//! One leg of a run: what happens between two moments at which somebody must look up.

use super::{Event, Room, RoomError, State};
use crate::action::{Action, Timed, When};
use crate::machine::{Machine, Stop, StopKind};
use crate::media::Media as _;
use crate::media::wire::WireEnd;
use crate::reels::Reels;
use crate::symbols::Symbols;

/// How a leg ended.
#[derive(Debug)]
pub(crate) enum Leg {
    /// An act of the list was done, or the power failed: something from outside has changed the machine.
    Acted,
    /// Time has gone by.
    Ran,
    /// The one who looks on broke it.
    Broke,
    /// The machine waits for what comes by a wire, or for a wire to take what it writes: no time has gone by, or hardly any.
    Waits,
    /// The run is over.
    Ended(Stop),
}

/// Runs a machine up to a cycle; `None` when the one who looks on breaks it.
pub(crate) type Go<'a> = dyn FnMut(&mut Machine, &mut Reels, &Symbols, u64) -> Option<Stop> + 'a;

impl Room {
    /// The act that is due; or a run up to `until`, the next act of the list, or a stop.
    pub(crate) fn leg(&mut self, until: u64, go: &mut Go<'_>) -> Result<Leg, RoomError> {
        self.waits = false;
        let until = until.min(self.limit);
        let now = self.machine.cycles();
        let act_at = match self.agenda.acts.front() {
            Some(Timed { when: When::Cycle(cycle), .. }) => *cycle,
            _ => u64::MAX,
        };
        let fault = if self.machine.has_power() { self.machine.next_fault() } else { u64::MAX };
        let before = act_at.min(until);
        if fault <= now && fault < before && !matches!(self.state, State::Stopped(_)) {
            return self.faults_before(before);
        }
        if now >= until {
            return Ok(Leg::Ended(self.stop(StopKind::Limit, None)));
        }
        if act_at <= now {
            self.next_act()?;
            return Ok(Leg::Acted);
        }
        let bound = until.min(act_at);
        match &self.state {
            State::Stopped(stop) => return Ok(Leg::Ended(stop.clone())),
            State::Standing if act_at == u64::MAX => return Ok(Leg::Ended(self.standing())),
            State::Standing => {
                // the clock on the wall goes on until somebody does something, or something breaks
                let idle = self.machine.idle(&mut self.reels, bound.min(fault));
                return Ok(idle.err().map_or(Leg::Ran, Leg::Ended));
            }
            State::Running => {}
        }
        let on_wire = self.machine.pass_on_wire(&mut self.reels);
        let bound = bound.min(on_wire);
        if bound <= now {
            return Ok(self.waits());
        }
        let ended = go(&mut self.machine, &mut self.reels, &self.symbols, bound);
        self.machine.pass_on_wire(&mut self.reels);
        let Some(mut stop) = ended else {
            self.after_leg();
            return Ok(Leg::Broke);
        };
        if stop.kind == StopKind::Limit {
            self.after_leg();
            if let Some(unit) = self.machine.take_wire_wait() {
                self.tell_of_wait(unit);
                return Ok(self.waits());
            }
            return Ok(Leg::Ran);
        }
        if stop.kind == StopKind::PowerOff {
            return self.power_lost();
        }
        if let Err(failed) = self.machine.settle(&mut self.reels) {
            stop = failed;
        }
        self.after_leg();
        self.state = State::Stopped(stop.clone());
        self.after_stop(stop)
    }

    fn waits(&mut self) -> Leg {
        self.waits = true;
        for unit in self.reels.wires().collect::<Vec<_>>() {
            if let Some(notice) = self.reels.wire(unit).and_then(WireEnd::take_notice) {
                self.happened(Event::Notice(notice));
            }
        }
        Leg::Waits
    }

    /// Says for which wire the machine waits, once for each wire: a job that sends many records waits before each.
    fn tell_of_wait(&mut self, unit: u8) {
        let cycle = self.machine.cycles();
        let name = self.reels.wire(unit).map_or_else(String::new, |wire| wire.name());
        let wire = (unit, name.clone());
        if self.waits_told.contains(&wire) {
            return;
        }
        self.waits_told.push(wire);
        self.happened(Event::Notice(format!(
            "tape {unit} waits for the other machine, {name}, at cycle {cycle}"
        )));
    }

    /// Does the faults that are due and earlier than a cycle: they come before an act of that cycle, wherever the run was
    /// divided.
    fn faults_before(&mut self, cycle: u64) -> Result<Leg, RoomError> {
        match self.machine.do_faults(&mut self.reels, cycle) {
            Ok(()) => {
                self.after_leg();
                Ok(Leg::Ran)
            }
            Err(stop) if stop.kind == StopKind::PowerOff => self.power_lost(),
            Err(stop) => {
                self.after_leg();
                self.state = State::Stopped((*stop).clone());
                self.after_stop(*stop)
            }
        }
    }

    /// The power has failed, which is a stop.
    fn power_lost(&mut self) -> Result<Leg, RoomError> {
        self.after_leg();
        self.state = State::Standing;
        self.acts_at_stop(self.standing())?;
        Ok(Leg::Acted)
    }

    /// The next act of the list waits for a stop.
    fn waits_for_stop(&self) -> bool {
        matches!(self.agenda.acts.front(), Some(Timed { when: When::Stop, .. }))
    }

    /// The machine has stopped: the acts that wait for that, up to one that lets it run.
    fn acts_at_stop(&mut self, stop: Stop) -> Result<(), RoomError> {
        if self.waits_for_stop() {
            self.happened(Event::Stopped { stop, cycle: self.machine.cycles() });
        }
        while !self.is_running() && self.waits_for_stop() {
            self.next_act()?;
        }
        Ok(())
    }

    /// What the list has for a stop: its acts up to one that lets the machine run, or START by itself.
    fn after_stop(&mut self, stop: Stop) -> Result<Leg, RoomError> {
        if !self.waits_for_stop() {
            let halted = matches!(stop.kind, StopKind::Htr | StopKind::Hpr);
            if halted && self.agenda.continues > 0 {
                self.agenda.continues -= 1;
                self.machine.start(&mut self.reels);
                self.state = State::Running;
                return Ok(Leg::Acted);
            }
            return Ok(Leg::Ended(stop));
        }
        self.acts_at_stop(stop)?;
        Ok(Leg::Acted)
    }

    /// Does the next act of the list, and if it stops the machine, those that wait for a stop.
    fn next_act(&mut self) -> Result<(), RoomError> {
        let Some(Timed { action, when }) = self.agenda.acts.pop_front() else { return Ok(()) };
        let (before, had_power) = (self.state.clone(), self.machine.has_power());
        let cycle = self.machine.cycles();
        self.do_listed(&action, when).map_err(|error| {
            self.after_leg();
            RoomError::Listed { action: Box::new(action), cycle, error: Box::new(error) }
        })?;
        let stop = match &self.state {
            State::Stopped(stop) if self.state != before => stop.clone(),
            State::Standing if before == State::Running || had_power && !self.machine.has_power() => {
                self.standing()
            }
            _ => return Ok(()),
        };
        self.acts_at_stop(stop)
    }

    fn do_listed(&mut self, action: &Action, when: When) -> Result<(), RoomError> {
        let action = action.clone();
        let mut cycle = self.machine.cycles();
        if let (Action::PowerOff, When::Cycle(at)) = (&action, when) {
            cycle = cycle.min(at);
            let cut = self.machine.power_off_at(&mut self.reels, at);
            self.state = State::Standing;
            self.happened(Event::Acted { action, cycle });
            self.after_leg();
            return cut.map_err(RoomError::Stopped);
        }
        match self.act(&action) {
            Ok(()) => self.happened(Event::Acted { action, cycle }),
            Err(RoomError::Ineffective(_) | RoomError::NoPower) => {
                let state = self.position();
                self.happened(Event::Ineffective { action, cycle, state });
            }
            Err(error) => return Err(error),
        }
        self.after_leg();
        Ok(())
    }

    /// Takes the paper, and says what broke and what is on the reels.
    pub(crate) fn after_leg(&mut self) {
        self.collect_lines();
        for timed in self.machine.take_faults_done() {
            self.happened(Event::Broke(timed));
        }
        let cycle = self.machine.cycles();
        for unit in 1..=10 {
            if let Some((written, label)) = self.reels.take_written(unit) {
                let label = label.to_owned();
                self.happened(Event::Written { unit, written, label, cycle });
            }
        }
    }

    /// The machine is stopped, and nothing is left that would start it.
    fn standing(&self) -> Stop {
        if self.machine.has_power() {
            self.stop(StopKind::Interrupted, Some("the machine is stopped; START was not pressed"))
        } else {
            self.stop(StopKind::PowerOff, Some("the power is off"))
        }
    }

    fn stop(&self, kind: StopKind, message: Option<&str>) -> Stop {
        Stop { kind, at: self.machine.cpu.ic, message: message.map(str::to_owned) }
    }
}
