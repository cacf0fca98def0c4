//! Diagnostics as text; the only module that uses annotate-snippets.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::assemble::Routine;
use crate::source::expand_tabs;
use crate::visible;

/// Renders the diagnostics of one source.
pub struct Renderings<'a> {
    path: &'a str,
    lines: Vec<&'a str>,
    routines: &'a [Routine],
    strict: bool,
    renderer: Renderer,
}

impl<'a> Renderings<'a> {
    /// A renderer for a source, with the path to show.
    pub fn new(path: &'a str, source: &'a str, color: bool) -> Renderings<'a> {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        Renderings {
            path,
            lines: source.strip_prefix('\u{feff}').unwrap_or(source).split('\n').collect(),
            routines: &[],
            strict: false,
            renderer,
        }
    }

    /// Adds the library routines that were included; diagnostics in them show their own path and line.
    #[must_use]
    pub fn with_routines(mut self, routines: &'a [Routine]) -> Renderings<'a> {
        self.routines = routines;
        self
    }

    /// Shows warnings about sure mistakes as errors.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Renderings<'a> {
        self.strict = strict;
        self
    }

    /// The severity of a diagnostic, considering strictness.
    pub fn severity(&self, diagnostic: &Diagnostic) -> Severity {
        if self.strict && diagnostic.code.is_strict() { Severity::Error } else { diagnostic.severity() }
    }

    /// The path of a diagnostic, and its line there.
    pub fn place(&self, diagnostic: &Diagnostic) -> (&str, usize) {
        let (path, line, _) = self.card(diagnostic.line);
        (path, line)
    }

    /// The path, line and card of a line as numbered in the assembly.
    fn card(&self, line: usize) -> (&str, usize, &str) {
        match self.routines.iter().rev().find(|routine| routine.first_line <= line) {
            Some(routine) => {
                let line = line - routine.first_line;
                (&routine.name, line + 1, routine.text.split('\n').nth(line).unwrap_or(""))
            }
            None => (self.path, line, self.lines.get(line.wrapping_sub(1)).copied().unwrap_or("")),
        }
    }

    /// Renders the card, carets under the columns, and the message.
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let (path, line, text) = self.card(diagnostic.line);
        let card = expand_tabs(text);
        let card = visible::card(&card);
        let path = visible::clean(path);
        let message = visible::clean(&diagnostic.message);
        let byte = |column: usize| card.char_indices().nth(column).map_or(card.len(), |(at, _)| at);
        let start = byte(diagnostic.columns.start);
        let end = byte(diagnostic.columns.end).max(start);
        let level = match self.severity(diagnostic) {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let code = diagnostic.code.to_string();
        let mut annotation = AnnotationKind::Primary.span(start..end);
        if let Some(label) = &diagnostic.label {
            annotation = annotation.label(label.as_str());
        }
        let snippet = Snippet::source(&*card).line_start(line).path(&*path).annotation(annotation);
        let mut group = level.primary_title(&*message).id(code.as_str()).element(snippet);
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        self.renderer.render(&[group])
    }
}
