//! The printer's paper as somebody at the machine sees it: its last lines, and all of it for those who look back.

use std::collections::VecDeque;

use super::Debugger;

/// Lines of paper that are kept for the panel.
const KEPT_LINES: usize = 2000;

/// The paper so far.
#[derive(Debug, Default)]
pub(super) struct Paper {
    /// Lines, the newest last.
    lines: VecDeque<String>,
    /// Printed, and not yet taken by [`Debugger::take_printed`].
    fresh: String,
    /// Everything.
    pub(super) all: String,
}

impl Debugger {
    /// The last lines of paper, the newest last; the line before the wheels is one of them.
    pub fn paper(&self, count: usize) -> Vec<String> {
        let present = self.room.machine.io.printer.present_line();
        let kept = count.saturating_sub(usize::from(present.is_some()));
        let first = self.paper.lines.len().saturating_sub(kept);
        self.paper.lines.iter().skip(first).cloned().chain(present).collect()
    }

    /// All that was printed, finished lines and the one before the wheels.
    pub fn all_printed(&self) -> String {
        let present = self.room.machine.io.printer.present_line().unwrap_or_default();
        format!("{}{present}", self.paper.all)
    }

    /// The finished lines since the last call, with form feeds and carriage returns.
    pub fn take_printed(&mut self) -> String {
        std::mem::take(&mut self.paper.fresh)
    }

    /// Tears off the paper behind the line before the wheels, which is then a finished one.
    pub fn tear_off(&mut self) {
        let text = self.room.tear_off();
        self.add_to_paper(&text);
    }

    pub(super) fn take_paper(&mut self) {
        let text = self.room.take_lines();
        self.add_to_paper(&text);
    }

    fn add_to_paper(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.show_on_paper(text);
        // what is printed again, while the past goes on to the present, has been on the paper
        if !self.history.in_past() {
            self.paper.fresh.push_str(text);
        }
        self.paper.all.push_str(text);
    }

    fn show_on_paper(&mut self, text: &str) {
        let lines = &mut self.paper.lines;
        for line in text.split_inclusive(['\n', '\x0b', '\x0c']) {
            let body = line.trim_end_matches(['\n', '\x0b', '\x0c']);
            if !body.is_empty() || line.ends_with('\n') {
                lines.push_back(overprinted(body));
            }
            if line.ends_with('\x0c') {
                lines.push_back("- - - - - - - - - - - - - - - -".to_owned());
            }
        }
        let excess = lines.len().saturating_sub(KEPT_LINES);
        lines.drain(..excess);
    }

    /// The paper is this now.
    pub(super) fn set_paper(&mut self, all: String) {
        self.paper.lines.clear();
        self.show_on_paper(&all);
        self.paper.all = all;
    }
}

/// Lines printed over each other: the later character wins where it is not blank.
fn overprinted(line: &str) -> String {
    let mut out: Vec<char> = Vec::new();
    for pass in line.split('\r') {
        for (column, character) in pass.chars().enumerate() {
            if column >= out.len() {
                out.push(character);
            } else if character != ' ' {
                out[column] = character;
            }
        }
    }
    out.into_iter().collect()
}
