//! Reports of the assembler: text for people, JSON for programs.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::args::Assemble;
use super::files;
use crate::assemble::Output;
use crate::diag::limit::Limit;
use crate::diag::render::Renderings;
use crate::diag::{Code, Severity};
use crate::source::later;
use crate::xref;

/// Version of the JSON documents.
const VERSION: u32 = 1;

/// The path of a source as it is shown to people.
pub(super) fn shown(path: &Path) -> String {
    if files::is_standard(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Writes the diagnostics to standard error, or as JSON to standard output.
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
    let later = later::signs(source).filter(|_| output.is_flagged() && !args.is_free(path));
    let free = output.diagnostics().find(|diagnostic| diagnostic.code == Code::CleanInFreeForm);
    let told_in_one = later.is_some() || free.is_some();
    let mut limit = Limit::new(args.all);
    for diagnostic in output.diagnostics() {
        match renderings.severity(diagnostic) {
            Severity::Error => n_errors += 1,
            Severity::Warning if args.quiet => continue,
            Severity::Warning => n_warnings += 1,
        }
        if (!told_in_one || args.all) && limit.shows(diagnostic.code) {
            writeln!(stderr, "{}\n", renderings.render(diagnostic))?;
        }
    }
    for line in limit.left_out() {
        writeln!(stderr, "{line}")?;
    }
    if let Some(free) = free.filter(|_| !args.all) {
        writeln!(stderr, "{}\n", renderings.render(free))?;
    } else if let Some(later) = &later {
        writeln!(stderr, "asm704: {}: it is {later}", crate::visible::clean(&shown))?;
    }
    if n_errors + n_warnings > 0 {
        let (errors, warnings) = (count(n_errors, "error"), count(n_warnings, "warning"));
        let all = if limit.left_out().next().is_some() || (told_in_one && !args.all) {
            "--all shows them"
        } else {
            "`asm704 explain CODE` explains a code"
        };
        writeln!(stderr, "asm704: {errors}, {warnings}; {all}")?;
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
        "cross_reference": cross_reference(output),
    });
    write_json(Path::new("-"), &document)
}

/// The cross-reference table of each assembly.
fn cross_reference(output: &Output) -> Vec<Value> {
    let place = |line: usize| {
        let (file, line) = output.place(line);
        json!({ "file": file, "line": line })
    };
    let rows = |assembly| -> Vec<Value> {
        xref::table(assembly)
            .iter()
            .map(|row| {
                let definitions: Vec<Value> = row
                    .definitions
                    .iter()
                    .map(|definition| {
                        json!({
                            "value": format!("{:05o}", definition.value),
                            "effective": definition.effective,
                            "at": place(definition.line),
                        })
                    })
                    .collect();
                let references: Vec<Value> = row
                    .references
                    .iter()
                    .map(|reference| json!({ "use": reference.usage, "at": place(reference.line) }))
                    .collect();
                json!({
                    "name": row.name,
                    "value": row.value.map(|value| format!("{value:05o}")),
                    "definitions": definitions,
                    "references": references,
                    "multiple": row.is_multiple(),
                    "unused": row.is_unused(),
                    "undefined": row.is_undefined(),
                })
            })
            .collect()
    };
    output
        .assemblies
        .iter()
        .map(|assembly| json!({ "first_line": assembly.first_line, "symbols": rows(assembly) }))
        .collect()
}

/// Symbols and the source line of every word, for a debugger.
pub(super) fn symbols(path: &Path, source: &Path, output: &Output) -> Result<()> {
    let place = |line: usize| output.place(line);
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
                        "columns": [symbol.columns.start + 1, symbol.columns.end],
                    })
                })
                .collect();
            let references: Vec<Value> = assembly
                .references
                .iter()
                .map(|reference| {
                    let (file, line) = place(reference.line);
                    json!({
                        "name": reference.name,
                        "value": reference.value.map(|value| format!("{value:05o}")),
                        "use": reference.usage,
                        "file": file,
                        "line": line,
                        "columns": [reference.columns.start + 1, reference.columns.end],
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
                "references": references,
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
    files::write(path, crate::visible::json(&text).as_bytes())
}
