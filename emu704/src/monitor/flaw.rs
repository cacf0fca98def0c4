//! A program that is in core though it has errors: nothing lets the machine go into it unless a person says so.

use asm704::diag::Severity;

use super::{Monitor, MonitorError, Result};
use crate::room::Assembly;

/// Errors that are named; the others are counted.
const NAMED: usize = 3;

/// What is wrong with the program in core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What a person calls the source, such as its file.
    pub name: String,
    /// How many errors it has.
    pub errors: usize,
    /// The first of them, a line each.
    pub first: Vec<String>,
}

impl Flaw {
    /// Nothing, when it was assembled without errors.
    pub fn of(assembly: &Assembly) -> Option<Flaw> {
        let errors: Vec<_> =
            assembly.output.diagnostics().filter(|found| found.severity() == Severity::Error).collect();
        let first = errors.iter().take(NAMED).map(|error| {
            let (routine, line) = assembly.output.place(error.line);
            let routine = routine.map(|name| format!(" of {name}")).unwrap_or_default();
            format!("line {line}{routine}: {}", error.message)
        });
        let first = first.collect();
        (!errors.is_empty()).then(|| Flaw { name: assembly.name.clone(), errors: errors.len(), first })
    }

    /// How many errors there are, in words.
    pub fn count(&self) -> String {
        if self.errors == 1 { "1 error".to_owned() } else { format!("{} errors", self.errors) }
    }

    /// What a person should know before the machine goes, in a few lines.
    pub fn text(&self) -> String {
        let mut lines = vec![format!("{}: {}; it is in core as it is", self.name, self.count())];
        lines.extend(self.first.iter().map(|error| format!("  {error}")));
        lines.join("\n")
    }
}

impl Monitor {
    /// What is wrong with the program in core.
    pub fn flaw(&self) -> Option<&Flaw> {
        self.flaw.as_ref()
    }

    /// The program in core has this flaw, or none.
    pub fn set_flaw(&mut self, flaw: Option<Flaw>) {
        self.flaw = flaw;
    }

    /// The program may go with its errors, until another is loaded.
    pub fn run_anyway(&mut self) {
        self.flaw = None;
    }

    /// Refuses to let the machine go into a program with errors.
    pub(super) fn may_go(&self) -> Result<()> {
        match &self.flaw {
            Some(flaw) => Err(MonitorError::HasErrors { name: flaw.name.clone(), count: flaw.count() }),
            None => Ok(()),
        }
    }
}
