//! Diagnostics as text; the only place that knows annotate-snippets.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::source::expand_tabs;

/// Renders findings of one source.
pub struct Renderings<'a> {
    path: &'a str,
    lines: Vec<&'a str>,
    renderer: Renderer,
}

impl<'a> Renderings<'a> {
    /// For a source and the path to show.
    pub fn new(path: &'a str, source: &'a str, color: bool) -> Renderings<'a> {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        Renderings {
            path,
            lines: source.strip_prefix('\u{feff}').unwrap_or(source).split('\n').collect(),
            renderer,
        }
    }

    /// The card, a caret under the columns, and what is wrong.
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let line = self.lines.get(diagnostic.line.wrapping_sub(1)).copied().unwrap_or("");
        let card = expand_tabs(line);
        let byte = |column: usize| card.char_indices().nth(column).map_or(card.len(), |(at, _)| at);
        let start = byte(diagnostic.columns.start);
        let end = byte(diagnostic.columns.end).max(start);
        let level = match diagnostic.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let code = diagnostic.code.to_string();
        let mut annotation = AnnotationKind::Primary.span(start..end);
        if let Some(label) = &diagnostic.label {
            annotation = annotation.label(label.as_str());
        }
        let snippet =
            Snippet::source(card.as_str()).line_start(diagnostic.line).path(self.path).annotation(annotation);
        let mut group = level.primary_title(diagnostic.message.as_str()).id(code.as_str()).element(snippet);
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        self.renderer.render(&[group])
    }
}
