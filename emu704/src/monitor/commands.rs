//! What the words do.

use std::path::Path;

use super::words::{WordRow, find, help};
use super::{Flaw, Monitor, MonitorError, Reply, Result, refused};
use crate::action::{Action, Timed, When};
use crate::console::Key;
use crate::debug::Pause;
use crate::machine::LoadKey;
use crate::room::RoomError;

/// Instructions that `step` takes at most: what they punch and film is taken only when all are done.
const MOST_STEPS: u64 = 1_000_000;

impl Monitor {
    /// Carries out a line of the command language. A line that is blank or begins with `#` does nothing.
    ///
    /// # Errors
    /// What is wrong with the line, or what failed.
    pub fn command(&mut self, line: &str) -> Result<Reply> {
        let mut line = line.trim();
        loop {
            if line.is_empty() || line.starts_with(['#', ';']) {
                return Ok(Reply::none());
            }
            let (word, tail) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let (row, tail) = (find(word).map_err(MonitorError::Word)?, tail.trim());
            if row.word != "if" {
                return self.words(row, tail);
            }
            match self.branch(row, tail)? {
                Some(command) => line = command,
                None => return Ok(Reply::none()),
            }
        }
    }

    /// A command other than `if`, and what follows its word.
    fn words(&mut self, row: &'static WordRow, tail: &str) -> Result<Reply> {
        let words: Vec<&str> = tail.split_whitespace().collect();
        let rest = words.as_slice();
        self.debugger.note_beginning();
        let usage = || MonitorError::Usage { word: row.word, usage: row.usage };
        let count = |text: Option<&&str>, otherwise: u64| {
            text.map_or(Ok(otherwise), |n| n.parse::<u64>()).map_err(|_| usage())
        };
        if let Some(reply) = self.habit(row, rest, tail)? {
            return Ok(reply);
        }
        Ok(match (row.word, rest) {
            ("boot", [key]) => self.key(Key::Load(key.parse().map_err(|_| usage())?))?,
            ("boot", []) => self.key(Key::Load(LoadKey::Tape))?,
            ("load", [path]) if path.parse::<LoadKey>().is_err() => self.load_program(Path::new(path))?,
            ("start" | "go", [address]) => {
                let address = self.address(address)?;
                self.may_go()?;
                self.debugger.room.start_at(address);
                self.debugger.forget_told();
                self.debugger.touched();
                self.goes(None)?
            }
            ("go" | "run", []) => {
                self.may_go()?;
                self.start_if_halted();
                self.goes(None)?
            }
            ("run", [cycles]) => {
                let cycles = count(Some(cycles), 0)?;
                self.may_go()?;
                self.start_if_halted();
                let until = self.machine().cycles().saturating_add(cycles);
                self.goes(Some(until))?
            }
            ("until", [address]) => {
                let address = self.address(address)?;
                let reply = self.goes(None)?;
                self.debugger.break_once(address, address);
                reply
            }
            ("step", rest @ ([] | [_])) => self.step(count(rest.first(), 1)?)?,
            ("next", []) => self.step_over()?,
            ("stop", []) => {
                self.debugger.stop();
                Reply::Text(self.debugger.here())
            }
            ("break" | "nobreak" | "back" | "who" | "watch" | "unwatch" | "trace" | "history", rest) => {
                self.debug(row.word, rest)?.ok_or_else(usage)?
            }
            ("examine", [what]) => Reply::Text(self.examine(what)?),
            ("examine", [option, what]) => Reply::Text(self.examine(&format!("{option} {what}"))?),
            ("registers", []) => Reply::Text(self.registers()),
            ("lights", []) => Reply::Text(self.lights()),
            ("list", []) => Reply::Text(self.list(self.machine().cpu.ic)),
            ("list", [address]) => Reply::Text(self.list(self.address(address)?)),
            ("symbols", rest @ ([] | [_])) => {
                Reply::Text(self.symbols(&rest.first().map_or(String::new(), |s| s.to_uppercase())))
            }
            ("tapes", []) => Reply::Text(self.tapes()),
            ("cards", []) => Reply::Text(self.cards()),
            ("paper", rest @ ([] | [_])) => {
                let lines = count(rest.first(), 10)?;
                Reply::Text(self.debugger.paper(lines as usize).join("\n"))
            }
            ("at", [cycle, rest @ ..]) if !rest.is_empty() => self.at(count(Some(cycle), 0)?, rest)?,
            ("fault", []) => Reply::Text(self.faults()),
            ("save", [path]) => self.save(Path::new(path))?,
            ("restore", [path]) => self.restore(Path::new(path))?,
            ("expect", rest) => {
                self.expect(rest)?;
                Reply::none()
            }
            ("help", rest @ ([] | [_])) => {
                Reply::Text(help(rest.first().copied()).map_err(MonitorError::Word)?)
            }
            ("quit", []) => Reply::Quit { code: None },
            ("quit", [code]) => Reply::Quit { code: Some(code.parse().map_err(|_| usage())?) },
            (word, rest) if Action::is_word(word) => self.action(word, rest, &usage)?,
            _ => return Err(usage()),
        })
    }

    /// An act of the operator, now.
    fn action(&mut self, word: &str, rest: &[&str], usage: &dyn Fn() -> MonitorError) -> Result<Reply> {
        let action = self.parse(word, rest, usage)?;
        match action {
            Action::Press(key) => return self.key(key),
            Action::PowerOn { .. } | Action::PowerOff => {
                self.flaw = None;
                self.debugger.act(&action)?;
            }
            Action::Automatic(automatic) => {
                if self.machine().console.automatic != automatic {
                    self.debugger.act(&action)?;
                }
                return Ok(if automatic { Reply::none() } else { Reply::Text(self.debugger.here()) });
            }
            _ => self.debugger.act(&action)?,
        }
        Ok(match action {
            Action::MountCards(_) => {
                Reply::Text(format!("{} cards in the hopper", self.machine().card_reader().in_hopper()))
            }
            Action::Fault(_) => Reply::Text(self.debugger.take_happened().join("\n")),
            _ => Reply::none(),
        })
    }

    fn parse(&self, word: &str, rest: &[&str], usage: &dyn Fn() -> MonitorError) -> Result<Action> {
        let words: Vec<&str> = [word].into_iter().chain(rest.iter().copied()).collect();
        Action::parse(&words, &|text| self.debugger.room.address(text)).map_err(|error| match error {
            crate::action::ActionError::Usage { .. } | crate::action::ActionError::Unknown(_) => usage(),
            crate::action::ActionError::Address(what) => MonitorError::Address(what),
            error => error.into(),
        })
    }

    /// `at CYCLE ACT`: onto the list of acts.
    fn at(&mut self, cycle: u64, words: &[&str]) -> Result<Reply> {
        let row = find(words[0]).map_err(MonitorError::Word)?;
        let now = self.machine().cycles();
        if cycle < now {
            return refused(format!("cycle {cycle} has gone by: it is cycle {now}"));
        }
        // an act has less behind its word than the command of that name, and some commands are no acts
        let words: Vec<&str> = [row.word].into_iter().chain(words[1..].iter().copied()).collect();
        let action = Action::parse(&words, &|text| self.debugger.room.address(text))?;
        self.debugger.plan_act(Timed { when: When::Cycle(cycle), action });
        Ok(Reply::none())
    }

    fn faults(&self) -> String {
        let list = self.machine().faults();
        if list.is_empty() { "nothing is broken".to_owned() } else { list.join("\n") }
    }

    pub(super) fn cards(&self) -> String {
        let machine = self.machine();
        format!(
            "{} in the hopper, {} read, {} punched",
            machine.card_reader().in_hopper(),
            machine.card_reader().cards(),
            machine.card_punch().cards()
        )
    }

    /// START, when a HTR or HPR has stopped the machine; in the past it is pressed when it was.
    pub(super) fn start_if_halted(&mut self) {
        if self.machine().is_halted() && !self.debugger.in_past() {
            let room = &mut self.debugger.room;
            room.machine.start(&mut room.reels);
            self.debugger.touched();
        }
    }

    fn goes(&mut self, until: Option<u64>) -> Result<Reply> {
        self.may_go()?;
        if !self.machine().has_power() && !self.debugger.has_acts() {
            return Err(RoomError::NoPower.into());
        }
        self.debugger.go();
        Ok(Reply::Goes { until })
    }

    fn key(&mut self, key: Key) -> Result<Reply> {
        if !self.press(key)? {
            return refused(format!("the key does nothing now ({})", self.debugger.state()));
        }
        Ok(match self.debugger.pause() {
            _ if self.debugger.is_going() => Reply::Goes { until: None },
            Pause::Stopped(_) => Reply::Text(self.debugger.pause_text()),
            _ => Reply::none(),
        })
    }

    fn load_program(&mut self, path: &Path) -> Result<Reply> {
        let room = &mut self.debugger.room;
        let program = crate::room::plan::read_program(path, room.files.as_mut())?;
        let words = program.words.len();
        let mut flaw = None;
        if let Some(assembly) = &program.assembly {
            self.assemblies.push((**assembly).clone());
            flaw = Flaw::of(assembly);
        }
        self.debugger.load(program)?;
        self.flaw = flaw;
        Ok(Reply::Text(match &self.flaw {
            Some(flaw) => format!("{words} words in core\n{}", flaw.text()),
            None => format!("{words} words in core"),
        }))
    }

    fn step(&mut self, count: u64) -> Result<Reply> {
        if count > MOST_STEPS {
            return refused(format!(
                "expected at most {MOST_STEPS} steps; `run N` runs N machine cycles, `until ADDRESS` to a place"
            ));
        }
        for n in 0..count {
            if self.debugger.check_patience().is_err() {
                return Err(MonitorError::Interrupted { steps: n });
            }
            self.debugger.step()?;
            if matches!(self.debugger.pause(), Pause::Stopped(_)) {
                return Ok(Reply::Text(format!("{} after {} steps", self.debugger.pause_text(), n + 1)));
            }
        }
        Ok(Reply::Text(self.debugger.here()))
    }

    fn step_over(&mut self) -> Result<Reply> {
        use asm704::isa::{Op, decode_major};
        let machine = self.machine();
        let location = machine.cpu.ic;
        let word = machine.core.peek(location);
        if decode_major(word) != Some(Op::Tsx) || machine.is_halted() {
            self.debugger.step()?;
            let stopped = matches!(self.debugger.pause(), Pause::Stopped(_));
            let text = if stopped { self.debugger.pause_text() } else { self.debugger.here() };
            return Ok(Reply::Text(text));
        }
        let reply = self.goes(None)?;
        let entry = word.address() & self.machine().core.size().mask();
        self.debugger.break_at_return(location, entry);
        Ok(reply)
    }
}
