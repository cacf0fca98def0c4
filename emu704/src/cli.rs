//! The commands. Results go to standard output, messages to standard error.
//!
//! Exit codes: 0 program stop (HTR, HPR), 1 other failure, 2 bad usage or a file that cannot be opened, 3 divide
//! check or read-write check stop, 4 undefined operation, 5 limit reached, 6 a file that was opened but is not the
//! medium it should be, 7 waiting for a unit forever, 8 the program has errors, 9 the card reader has no more cards, 130
//! interrupted or power off.

mod audit;
mod bench;
mod core_choice;
mod dap;
mod deck;
mod demo;
mod diagnostics;
mod disasm;
mod drum;
mod explain;
mod figure;
mod files;
mod interrupts;
mod job;
mod length;
mod lesson;
mod monitor;
mod no_pipes;
mod outputs;
mod progress;
mod report;
mod run;
mod setup;
mod talk;
mod tape;
mod target;
pub mod tui;
mod web;

use std::path::PathBuf;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};

use crate::room::RoomError;

/// Exit codes that are not stops of the machine.
pub(crate) mod exit {
    /// Any other failure.
    pub(crate) const FAILURE: u8 = 1;
    /// Bad usage, or a file that cannot be opened or written.
    pub(crate) const USAGE: u8 = 2;
    /// A file that was opened but is not the medium it should be.
    pub(crate) const MEDIUM: u8 = 6;
    /// The program did not assemble without errors, and nothing was run.
    pub(crate) const NOT_ASSEMBLED: u8 = 8;
    /// The program needs cards, and the card reader has none.
    pub(crate) const READER_EMPTY: u8 = 9;
    /// A signal has ended it.
    pub(crate) const INTERRUPTED: u8 = 130;
}

/// An error that knows its exit code.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    pub(crate) code: u8,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> anyhow::Error {
        Failure { code: exit::USAGE, message: message.into() }.into()
    }

    pub(crate) fn medium(message: impl Into<String>) -> anyhow::Error {
        Failure { code: exit::MEDIUM, message: message.into() }.into()
    }
}

/// An error of the room, with its exit code.
#[expect(clippy::needless_pass_by_value, reason = "it is used as a function for map_err")]
pub(crate) fn room_failure(error: RoomError) -> anyhow::Error {
    let mut cause = &error;
    while let RoomError::Listed { error, .. } = cause {
        cause = error;
    }
    let code = match cause {
        RoomError::Stopped(stop) => report::exit_code(stop.kind),
        error if error.is_medium() => exit::MEDIUM,
        RoomError::Ineffective(_) | RoomError::NoPower => exit::FAILURE,
        _ => exit::USAGE,
    };
    Failure { code, message: error.to_string() }.into()
}

/// IBM 704, cycle by cycle.
#[derive(Debug, Parser)]
#[command(
    name = "emu704",
    version,
    about,
    max_term_width = 100,
    after_help = "Begin with `emu704 demo`, or with `emu704 lesson 1`. `emu704 run PROGRAM` runs a program, `emu704 tui PROGRAM` \
                  lets you sit at the panel.\n\nExit codes: 0 program stop (HTR, HPR), 1 other failure, 2 bad usage or a file that cannot be opened, \
                  3 divide check or read-write check, 4 undefined operation, 5 limit of cycles, 6 a file that is not \
                  the medium it should be, 7 waiting for a unit forever, 8 the program has errors and did not run, 9 \
                  the card reader has no more cards (run --reader-end ok makes it 0), 130 interrupted or power off."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a program to a stop, without a panel
    Run(Box<run::RunArgs>),
    /// Run a program and report how fast it ran; without one, a set of kernels
    Bench(Box<setup::SetUpArgs>),
    /// The operator's panel
    Tui(Box<tui::TuiArgs>),
    /// The operator's panel as words, line by line, for scripts and screen readers
    Monitor(Box<monitor::MonitorArgs>),
    /// The debugger for editors: the Debug Adapter Protocol on standard input and output
    Dap(dap::DapArgs),
    /// The story of the checkpoint: a machine fails in the middle of a job, and another one finishes it
    Demo(demo::DemoArgs),
    /// The lessons: read them, and check answers to their exercises
    Lesson(lesson::LessonArgs),
    /// Look at reels, test, convert and cut them
    Tape(tape::TapeArgs),
    /// Look at decks of cards, punch, read and convert them
    Deck(deck::DeckArgs),
    /// Drum images as text, and back
    Drum(drum::DrumArgs),
    /// Source of the program in a snapshot
    Disasm(disasm::DisasmArgs),
    /// A word in all views: octal, integer, floating point, characters, instruction; its operation and how long that takes
    Explain(explain::ExplainArgs),
    /// A 704 in a browser: serve the page to this computer, or write its files
    Web(web::WebArgs),
    /// The completions of a shell, on standard output
    #[command(
        after_help = "Example:\n  emu704 completions bash > ~/.local/share/bash-completion/completions/emu704"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// The manual's page on standard output; with a folder, the pages of all commands there
    #[command(after_help = "Example:\n  emu704 man ~/.local/share/man/man1")]
    Man {
        /// The folder
        folder: Option<PathBuf>,
    },
}

/// The command line as data, for the documents that are made from it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line; returns the exit code.
pub fn main() -> u8 {
    asm704::replace::limits_are_errors();
    let parsed = match Cli::try_parse() {
        Ok(parsed) => parsed,
        Err(asked) if !asked.use_stderr() => {
            talk::put_bytes(asked.render().to_string().as_bytes());
            return if talk::stdout_failed() { exit::FAILURE } else { 0 };
        }
        Err(wrong) => {
            talk::say(wrong.render().to_string().trim_end());
            if let Some(hint) = file_for_command(&wrong) {
                talk::say(&hint);
            }
            return exit::USAGE;
        }
    };
    let result = match parsed.command {
        Command::Run(args) => run::run(*args),
        Command::Bench(args) => bench::bench(*args),
        Command::Tui(args) => tui::tui(*args),
        Command::Monitor(args) => monitor::monitor(*args),
        Command::Dap(args) => dap::dap(&args),
        Command::Demo(args) => demo::demo(&args),
        Command::Lesson(args) => lesson::lesson(args),
        Command::Tape(args) => tape::tape(args),
        Command::Deck(args) => deck::deck(args),
        Command::Drum(args) => drum::drum(args),
        Command::Disasm(args) => disasm::disasm(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Web(args) => web::web(&args),
        Command::Completions { shell } => completions(shell),
        Command::Man { folder } => man(folder),
    };
    match result {
        Ok(0) if talk::stdout_failed() => exit::FAILURE,
        Ok(code) => code,
        Err(error) => {
            talk::say(&format!("emu704: {error:#}"));
            error.downcast_ref::<Failure>().map_or(exit::FAILURE, |failure| failure.code)
        }
    }
}

/// A file's name stands where a command is expected: most people want it to run.
fn file_for_command(wrong: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if wrong.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(name)) = wrong.get(ContextKind::InvalidSubcommand) else { return None };
    std::path::Path::new(name).is_file().then(|| format!("\n{name} is a file: `emu704 run {name}` runs it"))
}

fn completions(shell: clap_complete::Shell) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "emu704", &mut script);
    files::print_bytes(&script)
}

fn man(folder: Option<PathBuf>) -> Result<u8> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        return files::print_bytes(&page);
    };
    std::fs::create_dir_all(&folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), &folder))
        .map_err(|error| Failure::usage(format!("{}: cannot write: {error}", folder.display())))?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command for reels, decks and drums, by the definitions themselves, reports as JSON when asked.
    #[test]
    fn every_command_for_images_has_json() {
        let cli = Cli::command();
        for group in ["tape", "deck", "drum"] {
            let group = cli.find_subcommand(group).expect("a group of commands");
            for command in group.get_subcommands() {
                let json = command.get_arguments().any(|argument| argument.get_long() == Some("json"));
                assert!(json, "{} {}", group.get_name(), command.get_name());
            }
        }
    }
}
