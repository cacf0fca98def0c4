//! `asm704 explain`: explains a code.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use super::args::Explain;
use super::{files, ops};
use crate::diag::{Code, Explanation, Severity};

pub(super) fn run(args: &Explain) -> Result<ExitCode> {
    let mut text = String::new();
    let about = args.code.as_ref().and_then(|name| ops::about(&name.to_ascii_uppercase()));
    match &args.code {
        Some(_) if about.is_some() => text.extend(about),
        Some(code) => {
            let explanation = code.parse::<Code>()?.explanation();
            let _ = writeln!(text, "{}: {}\n\n{}", heading(explanation), explanation.title, explanation.text);
        }
        None => {
            for explanation in Code::all() {
                let _ = writeln!(text, "{}: {}", heading(explanation), explanation.title);
            }
        }
    }
    files::write(Path::new("-"), text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn heading(explanation: &Explanation) -> String {
    let severity = match explanation.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let flag: String = explanation.flag.letters().collect();
    let flag = if flag.is_empty() { String::new() } else { format!(", flag {flag}") };
    format!("{} ({severity}{flag})", explanation.code)
}
