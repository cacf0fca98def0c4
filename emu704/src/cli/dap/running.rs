//! The machine goes, and stops.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::args;
use super::breakpoints::Met;
use super::frames::{THREAD, location};
use super::session::Session;
use super::wire::{Answer, Refusal, Request};
use crate::cli::monitor::Seat;
use crate::cli::outputs::Ended;
use crate::cli::report;
use crate::debug::{DebugError, Pause, seen_on_paper};
use crate::machine::StopKind;
use crate::monitor::{MonitorError, Reply};

/// A run of the machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// At the end of the past it goes on through the present.
    pub(super) through: bool,
    /// It ends at the first instruction at or after this machine cycle.
    pub(super) until: Option<u64>,
}

/// What is done once the response is sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Task {
    /// The program is in core, and breakpoints can be set.
    Ready,
    Entry,
    Continue,
    Next,
    Step,
    StepOut,
    StepBack,
    ReverseContinue,
    /// The machine is stopped somewhere else, for this reason.
    Moved(&'static str),
    /// Words of the monitor let the machine go.
    Went(Option<u64>),
    Leave,
}

/// The paper that the client has seen.
#[derive(Debug, Default)]
pub(super) struct Paper {
    /// The line before the wheels, as it was shown at a stop.
    shown: Option<String>,
}

impl Paper {
    /// What is new of finished lines, some of whose beginning was shown.
    fn fresh(&mut self, text: String) -> String {
        match self.shown.take() {
            Some(shown) if text.is_empty() => {
                self.shown = Some(shown);
                text
            }
            Some(shown) => match text.strip_prefix(&shown) {
                Some(rest) => rest.strip_prefix('\n').unwrap_or(rest).to_owned(),
                None => text,
            },
            None => text,
        }
    }
}

impl Session {
    pub(super) fn drive(&mut self, command: &str) -> Answer {
        let debugger = self.debugger()?;
        if command == "pause" {
            let going = debugger.is_going();
            self.urgent.store(false, Ordering::Relaxed);
            if going {
                self.debugger_mut()?.stop();
                self.run = None;
                self.task = Some(Task::Moved("pause"));
            }
            return Ok(Value::Null);
        }
        if self.run.is_some() {
            return Err(Refusal::new("the machine is running"));
        }
        self.task = Some(match command {
            "next" => Task::Next,
            "stepIn" => Task::Step,
            "stepOut" if debugger.links(debugger.room.machine.cpu.ic).is_empty() => {
                return Err(Refusal::new("no index register holds a call: there is nothing to step out of"));
            }
            "stepOut" => Task::StepOut,
            "stepBack" => Task::StepBack,
            "reverseContinue" => Task::ReverseContinue,
            _ => Task::Continue,
        });
        Ok(if command == "continue" { json!({ "allThreadsContinued": true }) } else { Value::Null })
    }

    pub(super) fn configuration_done(&mut self) -> Answer {
        self.debugger()?;
        if !self.configured {
            self.configured = true;
            let stops = self.launch.stop_on_entry && !self.launch.no_debug;
            self.task = Some(if stops { Task::Entry } else { Task::Continue });
        }
        Ok(Value::Null)
    }

    pub(super) fn goto(&mut self, request: &Request) -> Answer {
        let asked: args::Goto = request.arguments()?;
        if self.run.is_some() {
            return Err(Refusal::new("the machine is running"));
        }
        let debugger = self.debugger_mut()?;
        let at =
            u16::try_from(asked.target_id).ok().filter(|at| *at <= debugger.room.machine.core.size().mask());
        // only cards that have a word were offered
        let at = at.filter(|at| debugger.room.symbols.line(*at).is_some());
        let at = at.ok_or_else(|| Refusal::new(format!("{} is no target", asked.target_id)))?;
        debugger.note_beginning();
        debugger.room.start_at(at);
        debugger.room.pause();
        debugger.touched();
        self.task = Some(Task::Moved("goto"));
        Ok(Value::Null)
    }

    pub(super) fn carry_out(&mut self, task: Task) {
        let moved = match task {
            Task::Ready => return self.wire.event("initialized", Value::Null),
            Task::Leave => return self.leave(),
            Task::Entry => return self.stopped("entry", "Entry", &[]),
            Task::Moved(reason) => return self.stopped(reason, "Paused", &[]),
            Task::Went(until) => {
                self.run = Some(Run { until, through: false });
                return self
                    .wire
                    .event("continued", json!({ "threadId": THREAD, "allThreadsContinued": true }));
            }
            Task::Continue => {
                let gone = self.command("go");
                if let Some(run) = &mut self.run {
                    run.through = true;
                }
                gone
            }
            Task::Next => self.command("next"),
            Task::Step => self.command("step"),
            Task::StepOut => {
                if let Some(seat) = &mut self.seat
                    && seat.monitor.debugger.go_to_return()
                {
                    self.run = Some(Run { until: None, through: false });
                }
                return;
            }
            Task::StepBack => self.back(|seat| seat.monitor.debugger.back(1)),
            Task::ReverseContinue => {
                let met = self.back(|seat| seat.monitor.debugger.back_to_breakpoint());
                match met {
                    // as far as is known
                    Err(MonitorError::Debug(DebugError::Past(_))) => {
                        let back = self.back(|seat| seat.monitor.debugger.back_to_beginning());
                        if back.is_ok() {
                            return self.stopped("entry", "The beginning of the past that is known", &[]);
                        }
                        back
                    }
                    Ok(()) => return self.stopped("breakpoint", "Back at a breakpoint", &[]),
                    met => met,
                }
            }
        };
        match moved {
            Ok(()) if self.run.is_some() => {}
            Ok(()) => self.settled(),
            Err(error) => {
                self.say("stderr", &format!("{error}\n"));
                self.stopped("pause", "Stopped where it was", &[]);
            }
        }
    }

    /// Goes back; the past has to be known.
    fn back(&mut self, go: impl FnOnce(&mut Seat) -> Result<(), DebugError>) -> Result<(), MonitorError> {
        let Some(seat) = &mut self.seat else { return Ok(()) };
        seat.monitor.debugger.note_beginning();
        Ok(go(seat)?)
    }

    /// A line of the monitor that moves the machine.
    fn command(&mut self, line: &str) -> Result<(), MonitorError> {
        let Some(seat) = &mut self.seat else { return Ok(()) };
        if let Reply::Goes { until } = seat.monitor.command(line)? {
            self.run = Some(Run { until, through: false });
        }
        Ok(())
    }

    /// Gives the machine a slice of time, if it is running.
    pub(super) fn go_on(&mut self) {
        let (Some(run), Some(seat)) = (&self.run, &mut self.seat) else { return };
        let until = run.until.unwrap_or(u64::MAX);
        let debugger = &mut seat.monitor.debugger;
        let was_past = debugger.in_past();
        let slice = debugger.room.machine.cycles().saturating_add(seat.outputs.slice()).min(until);
        let went = debugger.advance(slice, None);
        if debugger.room.is_waiting_for_wire() {
            std::thread::sleep(crate::cli::run::WIRE);
        }
        if !debugger.in_past() {
            seat.outputs.take(&mut debugger.room.machine);
        }
        if went.is_ok() && debugger.is_going() && debugger.room.machine.cycles() >= until {
            debugger.stop();
        }
        let is_present = was_past && !debugger.in_past() && !debugger.is_going();
        if went.is_ok() && run.through && is_present && debugger.pause() == Pause::Operator {
            // a breakpoint here is met as if it had come here without a pause
            debugger.forget_told();
            debugger.go();
        }
        let over = !debugger.is_going();
        self.happened();
        if let Err(error) = went {
            self.say("stderr", &format!("{error}\n"));
        }
        if over {
            self.run = None;
            self.settled();
        }
    }

    /// The machine has stopped for a reason of its own, or has taken a step.
    fn settled(&mut self) {
        let Some(seat) = &mut self.seat else { return };
        let debugger = &mut seat.monitor.debugger;
        let (reason, description): (&str, String) = match debugger.pause() {
            Pause::Break(_) if debugger.broken_by().is_empty() => ("step", "Paused after a step".to_owned()),
            Pause::Break(_) => match self.table.met(debugger.broken_by()) {
                Met::Logs(_) | Met::Stops(..) if self.launch.no_debug => return self.go_again(),
                Met::Logs(texts) => {
                    let texts: Vec<String> = texts.iter().map(|text| self.filled(text)).collect();
                    for text in texts {
                        self.say("console", &format!("{text}\n"));
                    }
                    return self.go_again();
                }
                Met::Stops(reason, ids) => return self.stopped(reason, "Paused on a breakpoint", &ids),
            },
            Pause::Stopped(stop) if matches!(stop.kind, StopKind::Htr | StopKind::Hpr) => {
                ("halt", "Program stop".to_owned())
            }
            Pause::Stopped(stop) if stop.kind == StopKind::ReaderEmpty => {
                ("halt", "The card reader is empty".to_owned())
            }
            Pause::Stopped(stop) if stop.kind == StopKind::Limit => ("limit", "Limit of cycles".to_owned()),
            Pause::Stopped(stop) => ("exception", stop.kind.to_string()),
            Pause::NoPower => ("exception", "The power is off".to_owned()),
            Pause::Operator => ("step", "Paused after a step".to_owned()),
        };
        let ends = self.launch.no_debug || self.launch.end_at_stop;
        if ends && matches!(reason, "halt" | "limit" | "exception") {
            let text = self.debugger().map(crate::debug::Debugger::pause_text).unwrap_or_default();
            self.say("console", &format!("{text}\n"));
            return self.leave();
        }
        self.stopped(reason, &description, &[]);
    }

    fn go_again(&mut self) {
        if let Some(seat) = &mut self.seat {
            seat.monitor.debugger.go();
            self.run = Some(Run { until: None, through: true });
        }
    }

    /// Tells the client where the machine is, and why.
    pub(super) fn stopped(&mut self, reason: &str, description: &str, ids: &[i64]) {
        self.run = None;
        self.happened();
        self.show_present_line();
        let Some(seat) = &self.seat else { return };
        let debugger = &seat.monitor.debugger;
        let mut text = debugger.pause_text();
        let at = location(debugger);
        let word = debugger.room.machine.core.peek(at);
        let line = self.sources.place(&debugger.room.symbols, at).map(|(_, line)| format!(", line {line}"));
        text = format!(
            "{text}; {at:05o} {}: {word}{}",
            debugger.room.symbols.address(at),
            line.unwrap_or_default()
        );
        let mut body = json!({
            "reason": reason,
            "description": description,
            "text": text,
            "threadId": THREAD,
            "allThreadsStopped": true,
        });
        if !ids.is_empty() {
            body["hitBreakpointIds"] = json!(ids);
        }
        self.wire.event("stopped", body);
    }

    /// Says what happened beside what was asked for: paper, and what the units and the operator's list did.
    pub(super) fn happened(&mut self) {
        let Some(seat) = &mut self.seat else { return };
        let debugger = &mut seat.monitor.debugger;
        let (lines, printed) = (debugger.take_happened(), debugger.take_printed());
        if seat.outputs.prints_to_file() {
            seat.outputs.print(&printed);
        } else {
            let fresh = self.paper.fresh(printed);
            self.print(&fresh);
        }
        for line in lines {
            self.say("console", &format!("{line}\n"));
        }
    }

    fn print(&mut self, text: &str) {
        for line in seen_on_paper(text) {
            self.say("stdout", &format!("{line}\n"));
        }
    }

    /// The line before the wheels: nobody should wait for the end to see it.
    fn show_present_line(&mut self) {
        let Some(seat) = &self.seat else { return };
        if seat.outputs.prints_to_file() {
            return;
        }
        let line = seat.monitor.machine().io.printer.present_line();
        if let Some(line) = line.filter(|line| self.paper.shown.as_ref() != Some(line)) {
            let seen = match &self.paper.shown {
                // what was printed over it since
                Some(shown) => line.strip_prefix(shown.as_str()).unwrap_or(&line).to_owned(),
                None => line.clone(),
            };
            self.print(&format!("{seen}\n"));
            self.paper.shown = Some(line);
        }
    }

    /// Writes all that the run has made; returns the exit code of its stop.
    pub(super) fn finish(&mut self, seat: &mut Seat) -> (u8, Ended) {
        let debugger = &mut seat.monitor.debugger;
        let code = match debugger.pause() {
            Pause::Stopped(stop) => report::exit_code(stop.kind),
            _ => crate::cli::exit::INTERRUPTED,
        };
        if let Some(trace) = debugger.set_trace(None) {
            seat.outputs.end_trace(trace);
        }
        debugger.tear_off();
        let left = debugger.take_printed();
        if seat.outputs.prints_to_file() {
            seat.outputs.print(&left);
        } else {
            let fresh = self.paper.fresh(left);
            self.print(&fresh);
        }
        let ended = seat.outputs.finish(&mut seat.monitor.debugger.room);
        (code, ended)
    }
}
