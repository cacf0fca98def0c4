//! What the assembler says of the program that a command is to run.

use anyhow::Result;
use asm704::diag::limit::Limit;
use asm704::diag::render::Renderings;
use serde_json::{Value, json};

use super::talk::{put_json, say};
use super::{Failure, exit};
use crate::room::Assembly;

/// Says it on standard error.
pub(super) fn say_all(assembly: &Assembly) {
    let renderings =
        Renderings::new(&assembly.name, &assembly.text, false).with_routines(&assembly.output.routines);
    let mut limit = Limit::new(false);
    for diagnostic in assembly.output.diagnostics() {
        if limit.shows(diagnostic.code) {
            say(&format!("{}\n", renderings.render(diagnostic)));
        }
    }
    for line in limit.left_out() {
        say(&format!("{line}; `asm704 --all` shows them"));
    }
}

/// The same as JSON, with the keys that asm704 uses.
pub(super) fn json(assembly: &Assembly) -> Value {
    let renderings =
        Renderings::new(&assembly.name, &assembly.text, false).with_routines(&assembly.output.routines);
    let all = assembly.output.diagnostics().map(|diagnostic| {
        let (file, line) = renderings.place(diagnostic);
        json!({
            "code": diagnostic.code.to_string(),
            "severity": renderings.severity(diagnostic),
            "file": file,
            "line": line,
            "columns": [diagnostic.columns.start + 1, diagnostic.columns.end],
            "message": diagnostic.message,
            "label": diagnostic.label,
            "help": diagnostic.help,
        })
    });
    all.collect()
}

/// Refuses to run a program with errors, unless told to. A document for a script is written in this case, too.
pub(super) fn refuse(assembly: &Assembly, json_wanted: bool, run_anyway: bool) -> Result<()> {
    if !assembly.output.is_flagged() && !assembly.output.assemblies.is_empty() {
        return Ok(());
    }
    if run_anyway && assembly.output.core_image().next().is_some() {
        say(&format!("{}: it has errors and runs anyway, because of --run-anyway", assembly.name));
        return Ok(());
    }
    if json_wanted {
        let document = json!({ "version": 1, "stop": null, "diagnostics": json(assembly) });
        put_json(&document);
    }
    let message = format!(
        "{}: it did not assemble without errors, so nothing was run; --run-anyway runs it as it is",
        assembly.name
    );
    Err(Failure { code: exit::NOT_ASSEMBLED, message }.into())
}
