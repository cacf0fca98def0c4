//! Diagnostics as data: the problem, with the card and columns it concerns.

mod codes;
mod flags;
pub mod limit;
#[cfg(feature = "render")]
pub mod render;

use std::ops::Range;

pub use codes::{Code, Explanation};
pub use flags::Flags;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A warning never changes the deck or the exit code.
    Warning,
    /// An error is a flag of the listing, or a card that cannot be what its author meant.
    Error,
}

/// One diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// The line of the source, from 1.
    pub line: usize,
    /// Columns of the card with its tabs expanded, counted from 0.
    pub columns: Range<usize>,
    /// The message, one sentence.
    pub message: String,
    /// The text under the columns.
    pub label: Option<String>,
    /// Advice.
    pub help: Option<String>,
    /// The symbol it concerns: one that is undefined, defined too late or more than once, or never used. An undefined symbol is
    /// written as on the card; others may have their heading, as in [`crate::assemble::Symbol::name`].
    pub symbol: Option<String>,
}

impl Diagnostic {
    /// Makes a diagnostic without label and help.
    pub fn new(code: Code, line: usize, columns: Range<usize>, message: String) -> Diagnostic {
        Diagnostic { code, line, columns, message, label: None, help: None, symbol: None }
    }

    /// Adds the text under the columns.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = Some(label.into());
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds the symbol it concerns.
    #[must_use]
    pub fn symbol(mut self, name: impl Into<String>) -> Diagnostic {
        self.symbol = Some(name.into());
        self
    }

    /// Its severity.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The flag of the listing that it explains.
    pub fn flag(&self) -> Flags {
        self.code.flag()
    }
}
