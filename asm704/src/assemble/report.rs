//! Collecting diagnostics: each pass gathers its own, and they are sorted when all assemblies are done.

use std::collections::HashSet;
use std::ops::Range;

use super::Output;
use crate::diag::{Code, Diagnostic};
use crate::source::{self, Columns};

/// The diagnostics of one pass, each one once.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) said: HashSet<(usize, Code, usize)>,
}

impl Report {
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        if self.said.insert((diagnostic.line, diagnostic.code, diagnostic.columns.start)) {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Converts columns of cards to columns of the lines in a free-form source. Lines after the last one belong to routines.
pub(super) fn to_lines(output: &mut Output, source: &str, columns: Columns) {
    let lines: Vec<&str> = source.strip_prefix('\u{feff}').unwrap_or(source).split('\n').collect();
    let turn = |line: usize, range: &mut Range<usize>| -> bool {
        let Some(text) = line.checked_sub(1).and_then(|line| lines.get(line)) else { return false };
        *range = source::free::line_columns(text, columns, range);
        true
    };
    let diagnostics = output.assemblies.iter_mut().flat_map(|assembly| &mut assembly.diagnostics);
    for diagnostic in diagnostics.chain(&mut output.stray) {
        if turn(diagnostic.line, &mut diagnostic.columns)
            && matches!(diagnostic.code, Code::OctalEnds | Code::DecimalEnds)
        {
            diagnostic.help = Some("the list ends at the first blank; what follows is a comment".to_owned());
        }
    }
    for assembly in &mut output.assemblies {
        for symbol in &mut assembly.symbols {
            turn(symbol.line, &mut symbol.columns);
        }
        for reference in &mut assembly.references {
            turn(reference.line, &mut reference.columns);
        }
    }
}

/// Combines all warnings about unused symbols into one, at the first of them.
pub(super) fn unused_together(output: &mut Output) {
    let behind_source = output.routines.iter().map(|routine| routine.first_line).min().unwrap_or(usize::MAX);
    for assembly in &mut output.assemblies {
        let mut names: Vec<String> = Vec::new();
        assembly.diagnostics.retain(|diagnostic| {
            if diagnostic.code != Code::UnusedSymbol {
                return true;
            }
            if diagnostic.line >= behind_source {
                return false;
            }
            names.extend(diagnostic.symbol.clone());
            names.len() == 1
        });
        if names.len() > 1
            && let Some(warning) = assembly.diagnostics.iter_mut().find(|d| d.code == Code::UnusedSymbol)
        {
            let shown = names.iter().take(MOST_UNUSED_SHOWN).map(|name| format!("`{name}`"));
            let mut list = shown.collect::<Vec<_>>().join(", ");
            if names.len() > MOST_UNUSED_SHOWN {
                list.push_str(", ...");
            }
            warning.message = format!("{} symbols are never used: {list}", names.len());
            warning.symbol = None;
            warning.help = Some("`--unused` shows the place of each".to_owned());
        }
    }
}

/// How many names a combined warning lists.
const MOST_UNUSED_SHOWN: usize = 12;

/// Gives each diagnostic to the assembly that has its line, and sorts them.
pub(super) fn distribute(output: &mut Output) {
    for diagnostic in std::mem::take(&mut output.stray) {
        let at = output.assemblies.partition_point(|assembly| assembly.last_line < diagnostic.line);
        match output.assemblies.get_mut(at) {
            Some(assembly) if assembly.first_line <= diagnostic.line => assembly.diagnostics.push(diagnostic),
            _ => output.stray.push(diagnostic),
        }
    }
    for assembly in &mut output.assemblies {
        assembly.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.columns.start));
    }
}
