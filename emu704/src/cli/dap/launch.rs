//! The machine is set up as the client asks.

use std::ffi::OsString;

use clap::Parser;
use serde_json::{Value, json};

use super::args::Launch;
use super::running::Task;
use super::session::Session;
use super::sources::Sources;
use super::wire::{Answer, Refusal, Request};
use crate::action::Action;
use crate::cli::monitor::Seat;
use crate::cli::setup::SetUpArgs;
use crate::cli::{Failure, diagnostics, exit};
use crate::host::HostFiles;
use crate::room::{RoomError, plan};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The options of the other commands, made from the attributes.
#[derive(Debug, Parser)]
#[command(name = "launch", no_binary_name = true)]
struct Options {
    #[command(flatten)]
    set_up: SetUpArgs,
}

impl Launch {
    /// The attributes as options: what they may be, and what is wrong with them, is told in one place.
    fn options(&self) -> Result<SetUpArgs, Refusal> {
        let mut words: Vec<OsString> = Vec::new();
        let mut option = |name: &str, value: OsString| {
            let mut word = OsString::from(name);
            word.push("=");
            word.push(value);
            words.push(word);
        };
        let numbered = |number: &str, path: &std::path::Path| {
            let mut value = OsString::from(format!("{number}="));
            value.push(path);
            value
        };
        for (unit, path) in &self.tapes {
            option("--tape", numbered(unit, path));
        }
        for (number, path) in &self.drums {
            option("--drum", numbered(number, path));
        }
        for unit in &self.rings {
            option("--ring", unit.to_string().into());
        }
        for deck in self.cards.all() {
            option("--cards", deck.into());
        }
        for switch in &self.sense_switches {
            option("--sense", switch.to_string().into());
        }
        for (name, value) in [("--core", &self.core), ("--load", &self.load), ("--start", &self.start)] {
            if let Some(value) = value {
                option(name, value.into());
            }
        }
        if let Some(limit) = self.limit {
            option("--limit", limit.to_string().into());
        }
        for (name, path) in [("--print", &self.print), ("--punch", &self.punch), ("--film", &self.film)] {
            if let Some(path) = path {
                option(name, path.into());
            }
        }
        words.extend(self.args.iter().map(OsString::from));
        if let Some(program) = &self.program {
            words.push("--".into());
            words.push(program.into());
        }
        let mut set_up = Options::try_parse_from(words)
            .map_err(|error| Refusal { message: error.render().to_string().trim().to_owned(), show: true })?
            .set_up;
        // standard input and output are the protocol's
        let standard = |path: &&std::path::PathBuf| path.as_os_str() == "-";
        let files = [&set_up.program, &set_up.print, &set_up.punch, &set_up.trace];
        let decks = set_up.cards.iter().chain(set_up.tape.iter().map(|tape| &tape.path));
        if files.into_iter().flatten().chain(decks).any(|path| standard(&path)) {
            return Err(shown("`-`: standard input and output are the protocol's; name a file"));
        }
        set_up.json = false;
        set_up.quiet = true;
        Ok(set_up)
    }
}

fn shown(message: impl Into<String>) -> Refusal {
    Refusal { message: message.into(), show: true }
}

impl Session {
    pub(super) fn launch(&mut self, request: &Request) -> Answer {
        let launch: Launch = request.arguments()?;
        if self.seat.is_some() || self.left.is_some() {
            return Err(Refusal::new("a session launches once"));
        }
        if let Some(folder) = &launch.cwd {
            std::env::set_current_dir(folder)
                .map_err(|error| shown(format!("{}: {error}", folder.display())))?;
        }
        let set_up = launch.options()?;
        let program = set_up.program.clone();
        let run_anyway = launch.run_anyway || set_up.run_anyway;
        // whether it runs is decided here, where the client hears why
        let set_up = SetUpArgs { run_anyway: true, ..set_up };
        let mut set_up = match set_up.set_up(false) {
            Ok(set_up) => set_up,
            Err(error) => {
                let failure = error.downcast_ref::<Failure>();
                // not a word was assembled: what the assembler says is why
                if failure.is_some_and(|failure| failure.code == exit::NOT_ASSEMBLED)
                    && let Some(path) = &program
                    && let Err(RoomError::NothingAssembled(assembly)) =
                        plan::read_program(path, &mut HostFiles)
                {
                    return Err(self.refused(&assembly.name, &diagnostics::json(&assembly)));
                }
                return Err(shown(format!("{error:#}")));
            }
        };
        let assembly = set_up.assembly.take();
        if let (Some(said), Some(assembly)) = (&set_up.diagnostics, &assembly) {
            if assembly.output.is_flagged() && !run_anyway {
                return Err(self.refused(&assembly.name, said));
            }
            self.tell(said);
        }
        let mut seat = Seat::at(set_up);
        if let Some(keys) = &launch.keys {
            let keys = keys.parse().map_err(|error| shown(format!("keys: {error}")))?;
            seat.monitor.debugger.act(&Action::Keys(keys))?;
        }
        let urgent = Arc::clone(&self.urgent);
        seat.monitor.debugger.set_patience(Box::new(move || urgent.load(Ordering::Relaxed)));
        self.sources = assembly.as_deref().map(Sources::of).unwrap_or_default();
        self.seat = Some(seat);
        self.launch = launch;
        self.happened();
        self.task = Some(Task::Ready);
        Ok(Value::Null)
    }

    /// Sends what the assembler says.
    fn tell(&mut self, said: &Value) {
        for one in said.as_array().into_iter().flatten() {
            let category = if one["severity"] == "error" { "stderr" } else { "console" };
            let mut body = json!({ "category": category, "output": format!("{}\n", in_words(one)) });
            if let (Some(file), Some(line)) = (one["file"].as_str(), one["line"].as_u64()) {
                let path = std::path::absolute(file).unwrap_or_else(|_| file.into());
                body["source"] = json!({ "path": path });
                body["line"] = json!(self.line_out(line as usize));
            }
            self.wire.event("output", body);
        }
    }

    /// A program with errors is not run. All of them are sent, and the first are named.
    fn refused(&mut self, name: &str, said: &Value) -> Refusal {
        self.tell(said);
        let errors: Vec<String> = said
            .as_array()
            .into_iter()
            .flatten()
            .filter(|one| one["severity"] == "error")
            .map(in_words)
            .collect();
        let count = errors.len();
        let plural = if count == 1 { "" } else { "s" };
        let more = if count > 3 { "; ..." } else { "" };
        let first = errors.into_iter().take(3).collect::<Vec<_>>().join("; ");
        shown(format!(
            "{name} has {count} error{plural}, so it does not run; \"runAnyway\" runs it as it is. {first}{more}"
        ))
    }
}

fn in_words(one: &Value) -> String {
    let text = |key: &str| one[key].as_str().unwrap_or_default();
    format!("{}:{}: {}: {}", text("file"), one["line"], text("severity"), text("message"))
}
