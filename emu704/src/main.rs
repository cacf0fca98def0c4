//! The command `emu704`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(emu704::cli::main())
}
