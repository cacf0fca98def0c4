//! The paper in the printer and its carriage.

use asm704::chars::{self, Graphics};
use serde::{Deserialize, Serialize};

use crate::config::options::Exit;

/// The number of print wheels.
const WHEELS: usize = 120;

/// How many strikes on one line are kept; a program can overprint a line forever. The older half then goes to the text.
const MOST_STRIKES: usize = 256;

/// Columns in a cycle, which is also the first wheel of the right part.
const COLUMNS: usize = 72;

/// Paper with its carriage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Paper {
    graphics: Graphics,
    /// The line at the wheels: the first strike, then those over it.
    line: Vec<Vec<u8>>,
    text: String,
    lines: u64,
}

impl Paper {
    pub(super) fn set_graphics(&mut self, graphics: Graphics) {
        self.graphics = graphics;
    }

    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    pub(super) fn take_lines(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    pub(super) fn tear_off(&mut self) -> String {
        self.end_line();
        self.take_lines()
    }

    /// Moves the carriage before a line, according to the exits impulsed so far.
    pub(super) fn space(&mut self, exits: &[Exit]) {
        let is = |exit| exits.contains(&exit);
        let skips = self.skip(exits);
        if !skips && (is(Exit::Suppress) || is(Exit::SecondHalf)) && !self.line.is_empty() {
            return;
        }
        self.end_line();
        if is(Exit::DoubleSpace) {
            self.text.push('\n');
        }
        self.line.push(vec![chars::BLANK; WHEELS]);
        self.lines += 1;
    }

    /// Skips to a page or half page; true if there was a skip. UNVERIFIED: the skip replaces the space before the line,
    /// so that the first line is where the skip ends.
    fn skip(&mut self, exits: &[Exit]) -> bool {
        let form = match () {
            () if exits.contains(&Exit::Page) => '\u{c}',
            () if exits.contains(&Exit::HalfPage) => '\u{b}',
            () => return false,
        };
        self.end_line();
        self.text.push(form);
        true
    }

    /// Strikes the columns of a cycle. The exits are all those since the select; [`Paper::space`] knew them already, or they
    /// came later.
    pub(super) fn print(&mut self, columns: &[u8], exits: &[Exit], later: &[Exit]) {
        let right = exits.iter().any(|exit| matches!(exit, Exit::SecondHalf | Exit::RightWheels));
        if self.line.is_empty() {
            self.line.push(vec![chars::BLANK; WHEELS]);
        }
        for (column, &character) in columns.iter().enumerate().filter(|&(_, &c)| c != chars::BLANK) {
            // The right part has wheels for 48 columns. UNVERIFIED: the others stay on their own wheels.
            let wheel = if right && column < WHEELS - COLUMNS { column + COLUMNS } else { column };
            if self.line.len() >= MOST_STRIKES {
                self.put_strikes(MOST_STRIKES / 2);
                self.text.push('\r');
            }
            let free = self.line.iter().position(|strike| strike[wheel] == chars::BLANK);
            let strike = free.unwrap_or_else(|| {
                self.line.push(vec![chars::BLANK; WHEELS]);
                self.line.len() - 1
            });
            self.line[strike][wheel] = character;
        }
        let after: usize = exits
            .iter()
            .map(|exit| match exit {
                Exit::SpaceAfter => 1,
                Exit::TwoAfter => 2,
                _ => 0,
            })
            .sum();
        if after > 0 {
            self.end_line();
            self.text.extend(std::iter::repeat_n('\n', after));
        }
        self.skip(later);
    }

    /// The line at the wheels, with the last strike on top.
    pub(super) fn present_line(&self) -> Option<String> {
        let first = self.line.first()?;
        let seen = |wheel: usize| {
            let struck = self.line.iter().rev().map(|strike| strike[wheel]);
            struck.into_iter().find(|&c| c != chars::BLANK).unwrap_or(chars::BLANK)
        };
        let text: String =
            (0..first.len()).map(|wheel| chars::to_ascii(seen(wheel), self.graphics)).collect();
        Some(text.trim_end().to_owned())
    }

    /// The line at the wheels as [`Paper::tear_off`] would return it, without its line end; and whether there is ink on it.
    pub(super) fn strikes(&self) -> Option<(String, bool)> {
        if self.line.is_empty() {
            return None;
        }
        let inked = self.line.iter().flatten().any(|&c| c != chars::BLANK);
        let strikes: Vec<String> = self.line.iter().map(|strike| self.text_of(strike)).collect();
        Some((strikes.join("\r"), inked))
    }

    fn text_of(&self, strike: &[u8]) -> String {
        let text: String = strike.iter().map(|&c| chars::to_ascii(c, self.graphics)).collect();
        text.trim_end().to_owned()
    }

    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        self.put_strikes(self.line.len());
        self.text.push('\n');
    }

    /// The first strikes of the line, as text.
    fn put_strikes(&mut self, count: usize) {
        let strikes: Vec<Vec<u8>> = self.line.drain(..count).collect();
        let strikes: Vec<String> = strikes.iter().map(|strike| self.text_of(strike)).collect();
        self.text.push_str(&strikes.join("\r"));
    }
}
