//! The printer's paper as somebody at the machine sees it: its last lines, and all of it for looking back.

use std::collections::VecDeque;

use super::Debugger;

/// Lines of paper that are kept for the panel.
const KEPT_LINES: usize = 2000;

/// Bytes of paper that are kept for looking back, and of paper that is not taken. Up to twice as many are held.
const MOST: usize = 8 << 20;

/// The paper so far.
#[derive(Debug, Default)]
pub(super) struct Paper {
    /// Lines, the newest last.
    lines: VecDeque<String>,
    /// Printed, and not yet taken by [`Debugger::take_printed`].
    fresh: Roll,
    /// Everything, as far as it is kept.
    pub(super) all: Roll,
    /// The line before the wheels that [`Debugger::take_shown`] has given: its number, and its text.
    shown: Option<(u64, String)>,
}

/// The end of a text that may grow without end.
#[derive(Debug, Default, Clone)]
pub(crate) struct Roll {
    /// Bytes that are not kept any more.
    gone: usize,
    text: String,
}

impl Roll {
    /// Bytes of the whole text, kept or not.
    pub(super) fn len(&self) -> usize {
        self.gone + self.text.len()
    }

    /// Adds to its end.
    pub(crate) fn push(&mut self, more: &str) {
        self.text.push_str(more);
        if self.text.len() > 2 * MOST {
            // whole lines, if it has any
            let least = self.text.len() - MOST;
            let line = self.text.bytes().skip(least).position(|byte| byte == b'\n').map(|n| least + n + 1);
            let at = (line.unwrap_or(least)..self.text.len()).find(|at| self.text.is_char_boundary(*at));
            let at = at.unwrap_or(self.text.len());
            self.text.drain(..at);
            self.text.shrink_to(2 * MOST);
            self.gone += at;
        }
    }

    /// The text that is kept.
    #[cfg(feature = "cli")]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its first bytes, as far as they are kept.
    pub(super) fn first(&self, len: usize) -> Roll {
        let kept = len.saturating_sub(self.gone);
        let text = self.text.get(..kept).unwrap_or(&self.text).to_owned();
        Roll { gone: self.gone.min(len), text }
    }
}

impl Debugger {
    /// The last lines of paper, the newest last; the line before the wheels is one of them.
    pub fn paper(&self, count: usize) -> Vec<String> {
        let present = self.room.machine.io.printer.present_line();
        let kept = count.saturating_sub(usize::from(present.is_some()));
        let first = self.paper.lines.len().saturating_sub(kept);
        self.paper.lines.iter().skip(first).cloned().chain(present).collect()
    }

    /// All that was printed, finished lines and the one before the wheels. Of a long paper it is the end, at least the last
    /// 8 MiB; [`Debugger::paper_gone`] counts what is missing.
    pub fn all_printed(&self) -> String {
        let present = self.room.machine.io.printer.present_line().unwrap_or_default();
        format!("{}{present}", self.paper.all.text)
    }

    /// Bytes at the beginning of the paper that are not kept any more.
    pub fn paper_gone(&self) -> usize {
        self.paper.all.gone
    }

    /// The finished lines since the last call, with form feeds and carriage returns. If more than 8 MiB were printed since
    /// then, a first line says how much of it is missing. A line that [`Debugger::take_shown`] has given comes again only
    /// when more was struck on it.
    pub fn take_printed(&mut self) -> String {
        let Roll { gone, text } = std::mem::take(&mut self.paper.fresh);
        if gone > 0 {
            self.paper.shown = None;
            return format!("({gone} bytes of paper before this line were not kept)\n{text}");
        }
        if text.is_empty() {
            return text;
        }
        let known = self.paper.shown.take();
        let rest =
            known.and_then(|(_, line)| text.strip_prefix(&line)?.strip_prefix('\n').map(str::to_owned));
        rest.unwrap_or(text)
    }

    /// [`Debugger::take_printed`] for somebody who sees the paper where the machine has stopped: the line before the wheels
    /// is given as a line of its own, once its cycle has printed it. What a cycle has not yet struck is not on the paper.
    pub fn take_shown(&mut self) -> String {
        let mut text = self.take_printed();
        // the past has been on the paper
        if self.history.in_past() {
            return text;
        }
        let io = &self.room.machine.io;
        if let Some((line, inked)) = io.printer.strikes()
            && (inked || !io.is_printing())
        {
            let shown = (io.printer.lines(), line);
            if self.paper.shown.as_ref() != Some(&shown) {
                text.push_str(&shown.1);
                text.push('\n');
                self.paper.shown = Some(shown);
            }
        }
        text
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

    pub(super) fn add_to_paper(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.show_on_paper(text);
        // what is printed again, while the past goes on to the present, has been on the paper
        if !self.history.in_past() {
            self.paper.fresh.push(text);
        }
        self.paper.all.push(text);
    }

    fn show_on_paper(&mut self, text: &str) {
        let lines = &mut self.paper.lines;
        lines.extend(seen(text));
        let excess = lines.len().saturating_sub(KEPT_LINES);
        lines.drain(..excess);
    }

    /// The paper is this now.
    pub(super) fn set_paper(&mut self, all: Roll) {
        self.paper.lines.clear();
        self.show_on_paper(&all.text);
        self.paper.all = all;
    }
}

/// The lines of a text of the printer as a person sees them: what is printed over a line is in it, and a row of dashes stands
/// for the edge of a page.
pub fn seen(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split_inclusive(['\n', '\x0b', '\x0c']) {
        let body = line.trim_end_matches(['\n', '\x0b', '\x0c']);
        if !body.is_empty() || line.ends_with('\n') {
            lines.push(overprinted(body));
        }
        if line.ends_with('\x0c') {
            lines.push("- - - - - - - - - - - - - - - -".to_owned());
        }
    }
    lines
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
