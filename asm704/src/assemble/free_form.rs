//! Advice for a source that has errors in columns and none in free form: usually its author did not know about the columns.

use super::{Library, Options, Output, assemble_with};
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::later;

/// Adds that advice at the first error. `output` is the result of assembling the source in columns.
pub(super) fn question(
    source: &str,
    options: Options,
    library: &mut Library<'_>,
    output: &Output,
) -> Option<Diagnostic> {
    if options.free || !output.is_flagged() || later::signs(source).is_some() {
        return None;
    }
    let options = Options {
        free: true,
        questions: false,
        listing: false,
        references: false,
        unused_symbols: super::Unused::Silent,
        ..options
    };
    let free = assemble_with(source, &options, library);
    if free.is_flagged() || free.core_image().next().is_none() {
        return None;
    }
    let errors: Vec<&Diagnostic> =
        output.diagnostics().filter(|diagnostic| diagnostic.severity() == Severity::Error).collect();
    let first = errors.iter().min_by_key(|diagnostic| (diagnostic.line, diagnostic.columns.start))?;
    let (errors, label) = match errors.len() {
        1 => ("an error".to_owned(), "this is the error"),
        n => (format!("{n} errors"), "this is the first of them"),
    };
    let message = format!("in columns this source has {errors}, in free form none");
    Some(
        Diagnostic::new(Code::CleanInFreeForm, first.line, first.columns.clone(), message)
            .label(label)
            .help("`--free` reads it as free form, and so does a name that ends in .sapf"),
    )
}
