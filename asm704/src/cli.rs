//! The command line of asm704. It alone reads sources and writes results.

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

/// Exit code of bad usage, or of a file that cannot be read or written.
const USAGE: u8 = 2;

/// The command line as data, for the documents that are made from it.
pub fn command() -> clap::Command {
    args::Args::command()
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    crate::replace::limits_are_errors();
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(USAGE),
            };
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
            let _ = writeln!(std::io::stderr(), "asm704: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
