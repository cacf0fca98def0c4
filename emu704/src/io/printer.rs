//! 716 line printer: row images by CPY, 24 words a cycle (9 left, 9 right, 8 left, ... 12 right), 72 columns.
//!
//! What the sense exits do is the wiring of the control panel; here it is the SHARE board.

use asm704::chars::{self, Graphics};
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::machine::Machine;
use crate::time::Ticks;

/// Columns of paper.
const COLUMNS: usize = 120;

/// The printer and its paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Printer {
    /// Time at which a resting clutch could engage.
    phase: Ticks,
    /// Sense exits 1 to 10 that were impulsed since the last cycle.
    exits: u16,
    /// When the last cycle began and when it disconnected.
    last_cycle: Option<(Ticks, Ticks)>,
    /// Lines under the hammers: the present one and what was overprinted.
    line: Vec<Vec<u8>>,
    /// Spaces to make after the present line.
    after: u8,
    text: String,
    /// Lines printed since power on.
    lines: u64,
}

/// A print cycle on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Printing {
    rows: Vec<asm704::Word>,
    /// Start of the cycle.
    cycle: Ticks,
    connected: bool,
}

impl Printer {
    pub(crate) fn set_phase(&mut self, random: u64) {
        self.phase = Ticks(random % 600_000);
    }

    /// SPR n.
    pub(crate) fn sense_exit(&mut self, exit: u16) {
        self.exits |= 1 << exit;
    }

    /// Lines printed since power on.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// What has been printed since the last call, as text with form feeds. The present line is held back, as more
    /// may be printed on it, unless `tear_off`.
    pub fn take_text(&mut self, tear_off: bool) -> String {
        if tear_off {
            self.end_line();
        }
        std::mem::take(&mut self.text)
    }

    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        for (i, strike) in self.line.drain(..).enumerate() {
            if i > 0 {
                self.text.push('\r');
            }
            let text: String = strike.iter().map(|&c| chars::to_ascii(c, Graphics::Fortran)).collect();
            self.text.push_str(text.trim_end());
        }
        self.text.push('\n');
        for _ in 0..std::mem::take(&mut self.after) {
            self.text.push('\n');
        }
    }

    fn exit(&self, n: u16) -> bool {
        self.exits >> n & 1 != 0
    }

    /// Prints the 72 columns of a cycle.
    fn print(&mut self, columns: &[u8]) {
        let second_half = self.exit(9);
        let suppress = self.exit(5) || second_half;
        if !suppress || self.line.is_empty() {
            self.end_line();
            if self.exit(1) {
                self.text.push('\u{c}');
            } else if self.exit(2) {
                self.text.push('\u{b}');
            } else if self.exit(4) {
                self.text.push('\n');
            }
            self.line.push(vec![chars::BLANK; COLUMNS]);
            self.lines += 1;
        }
        let start = if second_half { 72 } else { 0 };
        let struck = columns.iter().take(COLUMNS - start).enumerate().filter(|&(_, &c)| c != chars::BLANK);
        for (i, &character) in struck {
            let column = start + i;
            let free = self.line.iter().position(|strike| strike[column] == chars::BLANK);
            let strike = free.unwrap_or_else(|| {
                self.line.push(vec![chars::BLANK; COLUMNS]);
                self.line.len() - 1
            });
            self.line[strike][column] = character;
        }
        // UNVERIFIED: exits 3 and 6, one and two extra spaces after the line.
        if self.exit(3) {
            self.after += 1;
        }
        if self.exit(6) {
            self.after += 2;
        }
        self.exits = 0;
    }
}

impl Machine {
    pub(super) fn printer_select(&mut self, at: Ticks) {
        let figures = &self.config.figures.printer;
        let printer = &self.io.printer;
        let cycle = match printer.last_cycle {
            Some((cycle, disconnected)) if at - disconnected <= figures.keep_running => cycle + figures.cycle,
            // UNVERIFIED: the resting clutch engages at fixed times.
            _ => {
                let clutch = figures.clutch.0.max(1);
                let into = (at.0 + printer.phase.0) % clutch;
                at + Ticks(clutch - into)
            }
        };
        let first = cycle + figures.first_row;
        self.io.operation = Operation::Print(Printing { rows: Vec::with_capacity(24), cycle, connected: true });
        self.io.schedule(first);
    }

    /// The pulse of a half row, or the end of the cycle's part that copies.
    pub(super) fn print_event(&mut self, at: Ticks) {
        let figures = &self.config.figures.printer;
        let (first_row, row, right) = (figures.first_row, figures.row, figures.right_half);
        let Operation::Print(printing) = &mut self.io.operation else { return };
        let n = printing.rows.len();
        if n == 24 {
            let columns = columns_of(&printing.rows);
            let cycle = printing.cycle;
            self.io.printer.print(&columns);
            self.io.printer.last_cycle = Some((cycle, at));
            self.io.release();
            return;
        }
        let connected = printing.connected;
        let met = connected && self.io.meet(at);
        let word = if met { self.cpu.mq } else { asm704::Word::ZERO };
        let Operation::Print(printing) = &mut self.io.operation else { return };
        printing.connected = met;
        printing.rows.push(word);
        let n = n + 1;
        let row_time = printing.cycle + first_row + Ticks((n / 2) as u64 * row.0);
        self.io.next_event = if n % 2 == 1 { row_time + right } else { row_time };
    }
}

/// The characters of the 72 columns of 24 row words.
fn columns_of(rows: &[asm704::Word]) -> Vec<u8> {
    // Rows come 9, 8, ... 0, 11, 12; row 12 is the highest bit of a column.
    (0..72)
        .map(|column| {
            let half = column / 36;
            let bit = 35 - column % 36;
            let punches = rows
                .iter()
                .skip(half)
                .step_by(2)
                .enumerate()
                .filter(|(_, word)| word.bits() >> bit & 1 != 0)
                .fold(0, |punches, (r, _)| punches | 1 << r);
            // UNVERIFIED: a combination that is no character leaves a blank.
            chars::from_punches(hollerith(punches)).unwrap_or(chars::BLANK)
        })
        .collect()
}

/// Row order of the machine (9, 8, ... 0, 11, 12 as bits 0 to 11) is that of the column code already: 9 is bit 0 and
/// 12 bit 11.
const fn hollerith(rows: u16) -> u16 {
    rows
}
