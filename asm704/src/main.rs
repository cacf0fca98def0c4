//! The SHARE assembler for the IBM 704.

use std::process::ExitCode;

fn main() -> ExitCode {
    asm704::cli::main()
}
