//! Diagnostics as data: what is wrong with which columns of which card.

mod codes;
mod flags;
pub mod limit;
#[cfg(feature = "render")]
pub mod render;

use std::ops::Range;

pub use codes::{Code, Explanation};
pub use flags::Flags;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Never changes the deck nor the exit code.
    Warning,
    /// A flag of the listing, or a card that cannot be what its author meant.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// Line of the source, from 1.
    pub line: usize,
    /// Columns of the card with its tabs expanded, counted from 0.
    pub columns: Range<usize>,
    /// One sentence.
    pub message: String,
    /// What to say at the columns.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// The symbol that it is about: one that is undefined, defined too late or more than once, or never used. An undefined
    /// one is as the card has it, others may have their heading, as [`crate::assemble::Symbol::name`].
    pub symbol: Option<String>,
}

impl Diagnostic {
    /// A finding without label or help.
    pub fn new(code: Code, line: usize, columns: Range<usize>, message: String) -> Diagnostic {
        Diagnostic { code, line, columns, message, label: None, help: None, symbol: None }
    }

    /// With words at the columns.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = Some(label.into());
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// About a symbol.
    #[must_use]
    pub fn symbol(mut self, name: impl Into<String>) -> Diagnostic {
        self.symbol = Some(name.into());
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The flag of the listing that it explains.
    pub fn flag(&self) -> Flags {
        self.code.flag()
    }
}
