//! Where the machine is: the stack of frames, and the texts of sources.

use serde_json::{Value, json};

use super::args;
use super::memory::reference;
use super::session::Session;
use super::wire::{Answer, Refusal, Request};
use crate::debug::{Debugger, Pause};
use crate::machine::StopKind;

/// The one thread.
pub(super) const THREAD: i64 = 1;

/// The location that a person is shown: of a machine that HTR or HPR has stopped, that of the halt.
pub(super) fn location(debugger: &Debugger) -> u16 {
    match debugger.pause() {
        Pause::Stopped(stop) if matches!(stop.kind, StopKind::Htr | StopKind::Hpr) => stop.at,
        _ => debugger.room.machine.cpu.ic,
    }
}

impl Session {
    pub(super) fn threads() -> Value {
        json!({ "threads": [{ "id": THREAD, "name": "IBM 704" }] })
    }

    pub(super) fn stack_trace(&self, request: &Request) -> Answer {
        let asked: args::StackTrace = request.arguments()?;
        let debugger = self.debugger()?;
        let here = location(debugger);
        let mut frames = vec![self.frame(1, here, None)];
        for link in debugger.links(here) {
            let id = frames.len() + 1;
            frames.push(self.frame(id, link.call, Some(link.register)));
        }
        let total = frames.len();
        let first = asked.start_frame.unwrap_or(0).min(total);
        let levels = asked.levels.filter(|levels| *levels > 0).unwrap_or(total);
        let frames: Vec<Value> = frames.into_iter().skip(first).take(levels).collect();
        Ok(json!({ "stackFrames": frames, "totalFrames": total }))
    }

    /// A frame at a location; one of a call says which index register tells of it.
    fn frame(&self, id: usize, at: u16, register: Option<u8>) -> Value {
        let Some(seat) = &self.seat else { return Value::Null };
        let symbols = &seat.monitor.debugger.room.symbols;
        let symbol = symbols.address(at);
        let octal = format!("{at:05o}");
        let mut name = if symbol == octal { octal } else { format!("{symbol} {octal}") };
        if let Some(register) = register {
            name = format!("{name}, the call that XR{} holds", char::from(b'A' + register));
        }
        let mut frame = json!({
            "id": id,
            "name": name,
            "line": 0,
            "column": 0,
            "instructionPointerReference": reference(at),
        });
        if let Some((source, line)) = self.sources.place(symbols, at) {
            frame["source"] = self.sources.json(source);
            frame["line"] = json!(self.line_out(line));
            frame["column"] = json!(self.column_out(1));
        }
        frame
    }

    pub(super) fn source(&self, request: &Request) -> Answer {
        let asked: args::SourceRequest = request.arguments()?;
        let mut named = asked.source.unwrap_or_default();
        named.source_reference = named.source_reference.or(asked.source_reference);
        let text = self.sources.find(&named).and_then(|at| self.sources.text(at));
        let text = text.ok_or_else(|| Refusal::new("this is no source of the program in core"))?;
        Ok(json!({ "content": text }))
    }

    pub(super) fn loaded_sources(&self) -> Value {
        json!({ "sources": self.sources.all() })
    }

    pub(super) fn goto_targets(&self, request: &Request) -> Answer {
        let asked: args::GotoTargets = request.arguments()?;
        let symbols = &self.debugger()?.room.symbols;
        let line = self.line_in(asked.line);
        let found = self.sources.find(&asked.source).and_then(|at| self.sources.words(symbols, at, line));
        let Some((line, places)) = found else {
            return Err(Refusal::new("no card from this line on has a word"));
        };
        let targets: Vec<Value> = places
            .iter()
            .map(|at| {
                let label = format!("{:05o} {}", at, symbols.address(*at));
                json!({ "id": at, "label": label, "line": self.line_out(line), "instructionPointerReference": reference(*at) })
            })
            .collect();
        Ok(json!({ "targets": targets }))
    }
}
