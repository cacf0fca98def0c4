//! What the assembler has to say: text for people, JSON for programs.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::args::Assemble;
use super::files;
use crate::assemble::Output;
use crate::diag::Severity;
use crate::diag::render::Renderings;

/// Version of the JSON documents.
const VERSION: u32 = 1;

/// The path of a source as people see it.
pub(super) fn shown(path: &Path) -> String {
    if files::is_standard(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Diagnostics on standard error, or as JSON on standard output.
pub(super) fn run(args: &Assemble, path: &Path, source: &str, output: &Output) -> Result<()> {
    let stderr = std::io::stderr();
    let color = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let shown = shown(path);
    let renderings =
        Renderings::new(&shown, source, color).with_routines(&output.routines).strict(args.strict);
    if args.json {
        return json_report(output, &renderings);
    }
    let mut stderr = std::io::BufWriter::new(stderr.lock());
    let (mut n_errors, mut n_warnings) = (0usize, 0usize);
    for diagnostic in output.diagnostics() {
        match renderings.severity(diagnostic) {
            Severity::Error => n_errors += 1,
            Severity::Warning if args.quiet => continue,
            Severity::Warning => n_warnings += 1,
        }
        writeln!(stderr, "{}\n", renderings.render(diagnostic))?;
    }
    if n_errors + n_warnings > 0 {
        let (errors, warnings) = (count(n_errors, "error"), count(n_warnings, "warning"));
        writeln!(stderr, "asm704: {errors}, {warnings}; `asm704 explain CODE` says more")?;
    }
    stderr.flush()?;
    Ok(())
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn json_report(output: &Output, renderings: &Renderings<'_>) -> Result<()> {
    let diagnostics: Vec<Value> = output
        .diagnostics()
        .map(|diagnostic| {
            let (file, line) = renderings.place(diagnostic);
            json!({
                "code": diagnostic.code.to_string(),
                "severity": renderings.severity(diagnostic),
                "flag": diagnostic.flag().letters().collect::<String>(),
                "file": file,
                "line": line,
                "columns": [diagnostic.columns.start + 1, diagnostic.columns.end],
                "message": diagnostic.message,
                "label": diagnostic.label,
                "help": diagnostic.help,
            })
        })
        .collect();
    let document = json!({
        "version": VERSION,
        "flagged": output.is_flagged(),
        "assemblies": output.assemblies.len(),
        "cards": output.cards().count(),
        "words": output.core_image().count(),
        "start": output.start().map(|start| format!("{start:05o}")),
        "diagnostics": diagnostics,
    });
    write_json(Path::new("-"), &document)
}

/// Symbols and the source line of every word, for a debugger.
pub(super) fn symbols(path: &Path, source: &Path, output: &Output) -> Result<()> {
    let place = |line: usize| match output.routines.iter().rev().find(|routine| routine.first_line <= line) {
        Some(routine) => (Some(routine.name.as_str()), line + 1 - routine.first_line),
        None => (None, line),
    };
    let assemblies: Vec<Value> = output
        .assemblies
        .iter()
        .map(|assembly| {
            let symbols: Vec<Value> = assembly
                .symbols
                .iter()
                .map(|symbol| {
                    let (file, line) = place(symbol.line);
                    json!({
                        "name": symbol.name,
                        "value": format!("{:05o}", symbol.value),
                        "relocatable": symbol.relocatable,
                        "multiple": symbol.multiple,
                        "effective": symbol.effective,
                        "file": file,
                        "line": line,
                    })
                })
                .collect();
            let words: Vec<Value> = assembly
                .words
                .iter()
                .map(|word| {
                    let (file, line) = place(word.line);
                    json!({
                        "address": format!("{:05o}", word.address),
                        "location": format!("{:05o}", word.location),
                        "word": word.word,
                        "file": file,
                        "line": line,
                    })
                })
                .collect();
            json!({
                "first_line": assembly.first_line,
                "last_line": assembly.last_line,
                "start": assembly.start.map(|start| format!("{start:05o}")),
                "symbols": symbols,
                "words": words,
            })
        })
        .collect();
    let document = json!({ "version": VERSION, "source": shown(source), "assemblies": assemblies });
    write_json(path, &document)
}

fn write_json(path: &Path, document: &Value) -> Result<()> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    files::write(path, text.as_bytes())
}
