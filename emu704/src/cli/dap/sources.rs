//! The sources of a program: its own cards, and those of the routines that LIB cards brought.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args;
use crate::room::Assembly;
use crate::symbols::Symbols;

/// One source.
#[derive(Debug)]
struct SourceFile {
    /// The routine of a library; `None` for the program's own source.
    routine: Option<String>,
    shown: String,
    /// Its file, if the file still holds these cards.
    path: Option<PathBuf>,
    text: String,
}

/// All sources of the program in core; none when it was not assembled here.
#[derive(Debug, Default)]
pub(super) struct Sources(Vec<SourceFile>);

impl Sources {
    pub(super) fn of(assembly: &Assembly) -> Sources {
        let own = SourceFile {
            routine: None,
            shown: assembly.name.clone(),
            path: file_of(&assembly.name, &assembly.text),
            text: assembly.text.clone(),
        };
        let mut sources = vec![own];
        for routine in &assembly.output.routines {
            if sources.iter().any(|source| source.routine.as_deref() == Some(&*routine.name)) {
                continue;
            }
            sources.push(SourceFile {
                routine: Some(routine.name.clone()),
                shown: routine.name.clone(),
                path: file_of(&routine.name, &routine.text),
                text: routine.text.clone(),
            });
        }
        Sources(sources)
    }

    /// The source that a client names, by its place in the list.
    pub(super) fn find(&self, named: &args::Source) -> Option<usize> {
        if let Some(reference) = named.source_reference.filter(|reference| *reference > 0) {
            return usize::try_from(reference - 1).ok().filter(|at| *at < self.0.len());
        }
        let path = named.path.as_deref()?;
        let found = self.0.iter().position(|source| source.path.as_deref() == Some(path));
        found.or_else(|| {
            let real = path.canonicalize().ok()?;
            self.0.iter().position(|source| {
                source
                    .path
                    .as_deref()
                    .and_then(|path| path.canonicalize().ok())
                    .is_some_and(|path| path == real)
            })
        })
    }

    /// A source as the protocol has it.
    pub(super) fn json(&self, at: usize) -> Value {
        let Some(source) = self.0.get(at) else { return Value::Null };
        let name = Path::new(&source.shown)
            .file_name()
            .map_or_else(|| source.shown.clone(), |name| name.to_string_lossy().into_owned());
        match &source.path {
            Some(path) => json!({ "name": name, "path": path }),
            None => json!({ "name": name, "sourceReference": at + 1, "origin": source.shown }),
        }
    }

    /// All of them as the protocol has them.
    pub(super) fn all(&self) -> Vec<Value> {
        (0..self.0.len()).map(|at| self.json(at)).collect()
    }

    /// The cards of a source.
    pub(super) fn text(&self, at: usize) -> Option<&str> {
        self.0.get(at).map(|source| source.text.as_str())
    }

    /// The source and the line of the card that made a word.
    pub(super) fn place(&self, symbols: &Symbols, address: u16) -> Option<(usize, usize)> {
        let (routine, line) = symbols.line(address)?;
        let at = self.0.iter().position(|source| source.routine.as_deref() == routine)?;
        Some((at, line))
    }

    /// The first card at or behind a line that has a word, and where its words begin: several places when the routine was
    /// brought several times.
    pub(super) fn words(&self, symbols: &Symbols, at: usize, line: usize) -> Option<(usize, Vec<u16>)> {
        let routine = self.0.get(at)?.routine.as_deref();
        let of_source = || symbols.lines().filter(move |(_, of, _)| *of == routine);
        let found = of_source().map(|(_, _, line)| line).filter(|found| *found >= line).min()?;
        let mut places: Vec<u16> = Vec::new();
        let mut former = None;
        for (address, _, line) in of_source().filter(|(_, _, line)| *line == found) {
            debug_assert_eq!(line, found);
            if former != address.checked_sub(1) || former.is_none() {
                places.push(address);
            }
            former = Some(address);
        }
        Some((found, places))
    }

    /// The lines from one to another, both included, whose card has a word.
    pub(super) fn lines(&self, symbols: &Symbols, at: usize, first: usize, last: usize) -> Vec<usize> {
        let Some(source) = self.0.get(at) else { return Vec::new() };
        let routine = source.routine.as_deref();
        let of_source = symbols.lines().filter(|(_, of, _)| *of == routine).map(|(_, _, line)| line);
        let mut lines: Vec<usize> = of_source.filter(|line| (first..=last).contains(line)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// The file that a source was read from, if it has the same text now.
fn file_of(name: &str, text: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    // a pipe has been read
    if !path.is_file() {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    (String::from_utf8_lossy(&bytes) == text).then(|| std::path::absolute(path).ok()).flatten()
}
