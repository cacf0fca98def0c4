//! A session with one client: what it may ask, and the order of things.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use serde_json::{Value, json};

use super::args;
use super::breakpoints::Table;
use super::running::{Paper, Run, Task};
use super::sources::Sources;
use super::wire::{Answer, Incoming, Refusal, Request, Wire};
use crate::cli::exit;
use crate::cli::monitor::Seat;
use crate::cli::talk::say;
use crate::debug::Debugger;
use crate::monitor::Monitor;

/// Between two looks whether a signal has come.
const LOOK: Duration = Duration::from_millis(100);

/// A session.
pub(super) struct Session {
    pub(super) wire: Wire,
    incoming: Receiver<Incoming>,
    /// A signal asks for the end.
    interrupted: Arc<AtomicBool>,
    /// The client asks for the end of what takes long.
    pub(super) urgent: Arc<AtomicBool>,
    pub(super) client: args::Initialize,
    pub(super) launch: args::Launch,
    /// The machine and its files, from launch to the end.
    pub(super) seat: Option<Seat>,
    pub(super) sources: Sources,
    pub(super) table: Table,
    pub(super) paper: Paper,
    /// The machine is given time.
    pub(super) run: Option<Run>,
    /// What follows the response.
    pub(super) task: Option<Task>,
    /// The machine has been let go, or stands at its entry.
    pub(super) configured: bool,
    /// The exit code of the machine's end, when all is written.
    pub(super) left: Option<u8>,
    lost: bool,
}

/// Whether there is more to come.
enum More {
    Yes,
    /// The exit code of the command.
    No(u8),
}

impl Session {
    pub(super) fn new(
        wire: Wire,
        incoming: Receiver<Incoming>,
        interrupted: Arc<AtomicBool>,
        urgent: Arc<AtomicBool>,
    ) -> Session {
        Session {
            wire,
            incoming,
            interrupted,
            urgent,
            client: args::Initialize::default(),
            launch: args::Launch::default(),
            seat: None,
            sources: Sources::default(),
            table: Table::default(),
            paper: Paper::default(),
            run: None,
            task: None,
            configured: false,
            left: None,
            lost: false,
        }
    }

    /// Answers until the client is done or goes away; returns the exit code of the command.
    pub(super) fn serve(mut self) -> u8 {
        let code = loop {
            if self.interrupted.load(Ordering::Relaxed) {
                break exit::INTERRUPTED;
            }
            if self.wire.is_gone() {
                break 0;
            }
            let next = if self.run.is_some() {
                match self.incoming.try_recv() {
                    Ok(incoming) => Some(incoming),
                    Err(TryRecvError::Empty) => None,
                    Err(TryRecvError::Disconnected) => Some(Incoming::End(None)),
                }
            } else {
                match self.incoming.recv_timeout(LOOK) {
                    Ok(incoming) => Some(incoming),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => Some(Incoming::End(None)),
                }
            };
            match next {
                Some(incoming) => match self.take(incoming) {
                    More::Yes => {}
                    More::No(code) => break code,
                },
                None => self.go_on(),
            }
        };
        self.leave();
        if self.lost && code == 0 { exit::FAILURE } else { code }
    }

    fn take(&mut self, incoming: Incoming) -> More {
        match incoming {
            Incoming::Request(request) => {
                let last = request.command == "disconnect";
                let answer = self.answer(&request);
                if last {
                    self.leave();
                }
                self.wire.respond(&request, answer);
                if let Some(task) = self.task.take() {
                    self.carry_out(task);
                }
                if last { More::No(0) } else { More::Yes }
            }
            Incoming::Strange(why) => {
                self.say("stderr", &format!("emu704 dap: {why}\n"));
                More::Yes
            }
            Incoming::End(None) => More::No(0),
            Incoming::End(Some(error)) => {
                let why = format!("emu704 dap: the client's messages: {error}");
                say(&why);
                self.say("stderr", &format!("{why}\n"));
                self.lost = true;
                More::No(exit::FAILURE)
            }
        }
    }

    fn answer(&mut self, request: &Request) -> Answer {
        match request.command.as_str() {
            "initialize" => self.initialize(request),
            "launch" => self.launch(request),
            "attach" => Err(Refusal::new("there is no machine to attach to: use launch")),
            "configurationDone" => self.configuration_done(),
            "setBreakpoints" => self.set_breakpoints(request),
            "setFunctionBreakpoints" => self.set_function_breakpoints(request),
            "setInstructionBreakpoints" => self.set_instruction_breakpoints(request),
            "setDataBreakpoints" => self.set_data_breakpoints(request),
            "setExceptionBreakpoints" => self.set_exception_breakpoints(request),
            "dataBreakpointInfo" => self.data_breakpoint_info(request),
            "breakpointLocations" => self.breakpoint_locations(request),
            "threads" => Ok(Session::threads()),
            "stackTrace" => self.stack_trace(request),
            "scopes" => self.scopes(),
            "variables" => self.variables(request),
            "setVariable" => self.set_variable(request),
            "setExpression" => self.set_expression(request),
            "evaluate" => self.evaluate(request),
            "completions" => self.completions(request),
            "source" => self.source(request),
            "loadedSources" => Ok(self.loaded_sources()),
            "disassemble" => self.disassemble(request),
            "readMemory" => self.read_memory(request),
            "writeMemory" => self.write_memory(request),
            "gotoTargets" => self.goto_targets(request),
            "goto" => self.goto(request),
            "continue" | "next" | "stepIn" | "stepOut" | "stepBack" | "reverseContinue" | "pause" => {
                self.drive(&request.command)
            }
            "terminate" => {
                self.urgent.store(false, Ordering::Relaxed);
                self.task = Some(Task::Leave);
                Ok(Value::Null)
            }
            "disconnect" => Ok(Value::Null),
            other => Err(Refusal::new(format!("emu704 does not answer {other}"))),
        }
    }

    fn initialize(&mut self, request: &Request) -> Answer {
        let client: args::Initialize = request.arguments()?;
        if client.path_format != "path" {
            return Err(Refusal::new(format!("`{}`: expected the pathFormat path", client.path_format)));
        }
        self.client = client;
        Ok(json!({
            "supportsConfigurationDoneRequest": true,
            "supportsFunctionBreakpoints": true,
            "supportsConditionalBreakpoints": true,
            "supportsHitConditionalBreakpoints": true,
            "supportsLogPoints": true,
            "supportsEvaluateForHovers": true,
            "supportsStepBack": true,
            "supportsSetVariable": true,
            "supportsSetExpression": true,
            "supportsGotoTargetsRequest": true,
            "supportsCompletionsRequest": true,
            "supportsLoadedSourcesRequest": true,
            "supportsTerminateRequest": true,
            "supportsDataBreakpoints": true,
            "supportsReadMemoryRequest": true,
            "supportsWriteMemoryRequest": true,
            "supportsDisassembleRequest": true,
            "supportsBreakpointLocationsRequest": true,
            "supportsSteppingGranularity": true,
            "supportsInstructionBreakpoints": true,
            "exceptionBreakpointFilters": [
                { "filter": "select", "label": "A unit is selected (RDS, WRS)", "default": false },
                { "filter": "trap", "label": "Trapping mode catches a transfer", "default": false },
            ],
        }))
    }

    /// The debugger, once a program was launched.
    pub(super) fn debugger(&self) -> Result<&Debugger, Refusal> {
        Ok(&self.monitor()?.debugger)
    }

    pub(super) fn debugger_mut(&mut self) -> Result<&mut Debugger, Refusal> {
        Ok(&mut self.monitor_mut()?.debugger)
    }

    pub(super) fn monitor(&self) -> Result<&Monitor, Refusal> {
        self.seat.as_ref().map(|seat| &seat.monitor).ok_or_else(nothing)
    }

    pub(super) fn monitor_mut(&mut self) -> Result<&mut Monitor, Refusal> {
        self.seat.as_mut().map(|seat| &mut seat.monitor).ok_or_else(nothing)
    }

    /// A line of the client, from 1.
    pub(super) fn line_in(&self, line: i64) -> usize {
        let line = if self.client.lines_start_at1 { line } else { line.saturating_add(1) };
        usize::try_from(line).unwrap_or(0)
    }

    pub(super) fn line_out(&self, line: usize) -> usize {
        if self.client.lines_start_at1 { line } else { line.saturating_sub(1) }
    }

    pub(super) fn column_out(&self, column: usize) -> usize {
        if self.client.columns_start_at1 { column } else { column.saturating_sub(1) }
    }

    /// Text for a person.
    pub(super) fn say(&mut self, category: &str, text: &str) {
        if !text.is_empty() {
            self.wire.event("output", json!({ "category": category, "output": text }));
        }
    }

    /// Something was changed by hand: what the client shows is old.
    pub(super) fn changed(&mut self) {
        self.happened();
        if self.client.supports_invalidated_event {
            self.wire.event("invalidated", json!({ "areas": ["variables", "stacks"] }));
        }
    }

    /// Ends the run: what it made is written, and the client hears of the end. The second time nothing is done.
    pub(super) fn leave(&mut self) {
        self.run = None;
        let Some(mut seat) = self.seat.take() else { return };
        let (code, ended) = self.finish(&mut seat);
        self.lost |= ended.lost;
        if let Some(line) = ended.line {
            self.say("console", &format!("{line}\n"));
        }
        self.left = Some(code);
        self.wire.event("exited", json!({ "exitCode": code }));
        self.wire.event("terminated", Value::Null);
    }
}

fn nothing() -> Refusal {
    Refusal::new("there is no machine: nothing was launched, or the session is over")
}
