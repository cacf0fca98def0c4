//! `asm704 completions` and `asm704 man`: shell completions and manual pages.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::CommandFactory;

use super::args::Args;
use super::files;

pub(super) fn completions(shell: clap_complete::Shell) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "asm704", &mut script);
    files::write(Path::new("-"), &script)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(folder: Option<&Path>) -> Result<ExitCode> {
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(Args::command(), folder))
            .with_context(|| format!("{}: cannot write", folder.display()))?;
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Args::command()).render(&mut page)?;
        files::write(Path::new("-"), &page)?;
    }
    Ok(ExitCode::SUCCESS)
}
