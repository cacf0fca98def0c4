//! The cards of a source and of its library routines, by line.

use std::collections::HashMap;
use std::ops::Range;

use asm704::assemble::{Output, ProgramWord};
use asm704::chars::{BLANK, Graphics, to_ascii};
use asm704::source::{self, Card, Columns, VARIABLE, expand_tabs, free};
use asm704::syntax::pseudo::{PSEUDO, Pseudo};
use asm704::views::View;
use asm704::visible;

/// The cards of all lines, numbered as in the assembler.
pub(super) struct Cards<'a> {
    lines: HashMap<usize, &'a str>,
    by_line: HashMap<usize, Card>,
    /// True if the source, not its routines, is in free form.
    free: bool,
    columns: Columns,
    /// Lines from this one on belong to routines.
    routines_at: usize,
}

impl<'a> Cards<'a> {
    pub(super) fn new(text: &'a str, output: &'a Output) -> Cards<'a> {
        let columns = output.columns;
        let routines_at = output.routines.first().map_or(usize::MAX, |routine| routine.first_line);
        let read = if output.free { free::read } else { source::read };
        let mut cards =
            Cards { lines: HashMap::new(), by_line: HashMap::new(), free: output.free, columns, routines_at };
        cards.take(text, 1, read(text, columns).0);
        for routine in &output.routines {
            cards.take(&routine.text, routine.first_line, source::read(&routine.text, columns).0);
        }
        cards
    }

    fn take(&mut self, text: &'a str, first: usize, cards: Vec<Card>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        self.lines.extend(text.lines().enumerate().map(|(n, line)| (first + n, line.trim_end())));
        self.by_line.extend(cards.into_iter().map(|card| (card.line + first - 1, card)));
    }

    /// A line as written.
    pub(super) fn line(&self, line: usize) -> &'a str {
        self.lines.get(&line).copied().unwrap_or_default()
    }

    /// True if the operation of a line is a pseudo-operation.
    pub(super) fn is(&self, line: usize, pseudo: Pseudo) -> bool {
        let operation = self.text(line, 7..10);
        PSEUDO.iter().any(|row| row.op == pseudo && row.name == operation.trim_end())
    }

    fn text(&self, line: usize, columns: Range<usize>) -> String {
        let codes = self.by_line.get(&line).and_then(|card| card.columns.get(columns)).unwrap_or_default();
        codes.iter().map(|&code| to_ascii(code, Graphics::Fortran)).collect()
    }

    /// The operation and field that a word comes from.
    pub(super) fn statement(&self, word: &ProgramWord) -> String {
        let operation = self.text(word.line, 7..10);
        let (start, end) = (usize::from(word.columns.0), usize::from(word.columns.1));
        match word.view {
            View::Characters if start == VARIABLE + 1 => {
                let text = self.text(word.line, VARIABLE..self.text_end(word.line));
                format!("{operation} {}", text.trim_end())
            }
            View::Characters => format!("{:3} {}", "", View::Characters.quoted(word.word)),
            _ => format!("{operation} {}", self.text(word.line, start..end)).trim_end().to_owned(),
        }
    }

    /// The end of the text on a BCD card, counted from 0.
    fn text_end(&self, line: usize) -> usize {
        let count = self.by_line.get(&line).map_or(0, |card| asm704::syntax::octal::bcd_count(&card.columns));
        (VARIABLE + 1 + 6 * count).min(72)
    }

    /// The text after the variable field, as written; only for the first word of a card.
    pub(super) fn comment(&self, word: &ProgramWord) -> String {
        let first = VARIABLE + usize::from(word.view == View::Characters);
        if usize::from(word.columns.0) != first {
            return String::new();
        }
        let line = word.line;
        let Some(card) = self.by_line.get(&line) else { return String::new() };
        let end = if self.is(line, Pseudo::Bcd) { self.text_end(line) } else { card.variable_end() };
        let rest = end..card.columns.len();
        if card.columns[rest.clone()].iter().all(|&code| code == BLANK) {
            return String::new();
        }
        let written = expand_tabs(self.line(line));
        let free = self.free && line < self.routines_at;
        let from = if free { free::line_columns(&written, self.columns, &rest).start } else { rest.start };
        let comment: String = written.chars().skip(from).collect();
        let comment = if free { comment.trim_start_matches('#') } else { &comment };
        visible::clean(comment.trim()).into_owned()
    }
}
