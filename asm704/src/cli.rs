//! The command line of asm704: the only part that reads sources and writes results.

mod args;
mod assemble;
mod disasm;
mod explain;
mod files;
mod help;
mod lsp;
mod ops;
mod report;
mod split;

use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

/// Exit code for bad usage, or for a file that cannot be read or written.
const USAGE: u8 = 2;

/// The command line as data, from which documents are made.
pub fn command() -> clap::Command {
    args::Args::command()
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    crate::replace::limits_are_errors();
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let is_asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if is_asked { tell(&error) } else { refuse(&error) };
        }
    };
    let result = match args.command {
        Some(args::Command::Explain(explain)) => explain::run(&explain),
        Some(args::Command::Ops(ops)) => ops::run(&ops),
        Some(args::Command::Disasm(disasm)) => disasm::run(&disasm),
        Some(args::Command::Lsp(lsp)) => lsp::run(&lsp),
        Some(args::Command::Completions { shell }) => help::completions(shell),
        Some(args::Command::Man { folder }) => help::man(folder.as_deref()),
        None => assemble::run(&args.assemble),
    };
    match result {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "asm704: {}", crate::visible::clean(&format!("{error:#}")));
            ExitCode::from(USAGE)
        }
    }
}

/// Prints the requested text (help, version) on standard output; exit code 1 if it cannot be written there.
fn tell(asked: &clap::Error) -> ExitCode {
    let mut out = std::io::stdout();
    match asked.print().and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "asm704: standard output: cannot write: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Reports bad usage. What was typed may come from a stranger, so it is cleaned.
fn refuse(wrong: &clap::Error) -> ExitCode {
    let text = wrong.render().to_string();
    let _ = write!(std::io::stderr(), "{}", crate::visible::clean(&text));
    ExitCode::from(USAGE)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
