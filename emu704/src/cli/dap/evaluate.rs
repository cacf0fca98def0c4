//! What a person types: places, and the words of the monitor.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args;
use super::places::expression;
use super::running::Task;
use super::session::Session;
use super::sources::Sources;
use super::wire::{Answer, Refusal, Request};
use crate::monitor::{Reply, WORDS, candidates};

impl Session {
    pub(super) fn evaluate(&mut self, request: &Request) -> Answer {
        let asked: args::Evaluate = request.arguments()?;
        let text = asked.expression.trim();
        let debugger = self.debugger()?;
        let named = expression(text, debugger);
        let is_word = WORDS.iter().any(|row| row.word == text || row.also.contains(&text));
        if asked.context.as_deref() == Some("repl") && (is_word || named.is_err()) {
            return self.command_line(text);
        }
        if asked.context.as_deref() == Some("hover") && text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Refusal::new("a number on a card is no place"));
        }
        let (named, view) = named?;
        Ok(named.json("result", view, debugger))
    }

    pub(super) fn set_expression(&mut self, request: &Request) -> Answer {
        let asked: args::SetExpression = request.arguments()?;
        let (named, view) = expression(&asked.expression, self.debugger()?)?;
        self.set(named, view, &asked.value)
    }

    /// Lines of the monitor.
    fn command_line(&mut self, text: &str) -> Answer {
        if self.run.is_some() {
            return Err(Refusal::new("the machine is running: pause it first"));
        }
        let mut said: Vec<String> = Vec::new();
        let before = self.standing()?;
        for line in text.lines() {
            match self.monitor_mut()?.command(line)? {
                Reply::Text(text) if text.is_empty() => {}
                Reply::Text(text) => said.push(text),
                Reply::Goes { until } => {
                    self.task = Some(Task::Went(until));
                    break;
                }
                Reply::Quit { .. } => {
                    self.task = Some(Task::Leave);
                    break;
                }
            }
        }
        self.assembled();
        self.changed();
        if self.task.is_none() && self.standing()? != before {
            self.task = Some(Task::Moved("step"));
        }
        Ok(json!({ "result": said.join("\n"), "variablesReference": 0 }))
    }

    /// Where the machine is, and when.
    fn standing(&self) -> Result<(u16, u64), Refusal> {
        let machine = &self.debugger()?.room.machine;
        Ok((machine.cpu.ic, machine.cycles()))
    }

    /// Another program may be in core: its cards are the sources now.
    fn assembled(&mut self) {
        let Some(seat) = &mut self.seat else { return };
        let Some(assembly) = seat.monitor.take_assemblies().pop() else { return };
        self.sources = Sources::of(&assembly);
        self.table.clear_sources();
        self.table.give(seat.monitor.debugger.breakpoints_mut());
        self.say("console", "another program is in core: set the breakpoints on its cards again\n");
    }

    pub(super) fn completions(&self, request: &Request) -> Answer {
        let asked: args::Completions = request.arguments()?;
        let before =
            if self.client.columns_start_at1 { asked.column.saturating_sub(1) } else { asked.column };
        let line: String = asked.text.chars().take(before).collect();
        let line = line.rsplit('\n').next().unwrap_or_default();
        let (words, last) = line.rsplit_once(' ').unwrap_or(("", line));
        let found = candidates(words, last, &self.debugger()?.room);
        let targets: Vec<Value> = found.iter().map(|name| json!({ "label": name, "text": name })).collect();
        Ok(json!({ "targets": targets }))
    }

    /// The text of a log point: what stands in braces is evaluated.
    pub(super) fn filled(&self, text: &str) -> String {
        let Ok(debugger) = self.debugger() else { return String::new() };
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((inner, behind)) = behind.split_once('}') else {
                filled.push('{');
                rest = behind;
                continue;
            };
            match expression(inner, debugger) {
                Ok((named, view)) => {
                    filled
                        .push_str(named.json("value", view, debugger)["value"].as_str().unwrap_or_default());
                }
                Err(refusal) => {
                    let _ = write!(filled, "({})", refusal.message);
                }
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}
