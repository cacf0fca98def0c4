//! 716 line printer: row images by CPY, 24 words per cycle (9 left, 9 right, 8 left, ... 12 right), 72 columns.
//!
//! An RPR also prints, and lets the program read back what the print wheels did, with 46 CPYs. The printer, not the
//! program, decides which of them are words to print and which are echoes.

mod paper;

use asm704::Word;
use asm704::chars;
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::audit::Doubt;
use crate::config::figures::PrinterFigures;
use crate::config::options::{Exit, PrinterOptions, SenseEntry};
use crate::machine::Machine;
use crate::time::Ticks;

/// The printer and its paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Printer {
    /// Time at which a resting clutch could engage.
    phase: Ticks,
    /// Sense exits 1 to 10 impulsed since the last cycle, as bits.
    exits: u16,
    /// The exits among them that were impulsed before the 9 row.
    before: u16,
    /// When the last cycle began, when it disconnected, and whether it was an RPR.
    last_cycle: Option<(Ticks, Ticks, bool)>,
    paper: paper::Paper,
}

/// A print cycle in progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Printing {
    /// True for an RPR, which has echoes.
    echo: bool,
    /// Half rows and echoes that have passed.
    pulses: usize,
    /// The words of the rows so far.
    rows: Vec<Word>,
    /// The start of the cycle.
    cycle: Ticks,
    connected: bool,
    /// True if a pulse has begun and found a CPY: its word moves at the end.
    #[serde(default)]
    moving: bool,
}

/// What one pair of pulses in a cycle copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pulse {
    /// A row to print: 0 is row 9, 11 row 12.
    Row(u8),
    /// The wheels that struck 8 together with another digit, this many rows after the 9 row.
    EchoOf8With(u8),
    /// The wheels that struck only a digit.
    Echo(u8),
}

/// The pairs of a WPR.
const WRITE: [Pulse; 12] = {
    let mut pulses = [Pulse::Row(0); 12];
    let mut r = 0;
    while r < 12 {
        pulses[r] = Pulse::Row(r as u8);
        r += 1;
    }
    pulses
};

/// The pairs of an RPR.
const ECHO: [Pulse; 23] = [
    Pulse::Row(0),
    Pulse::Row(1),
    Pulse::Row(2),
    Pulse::Row(3),
    Pulse::Row(4),
    Pulse::Row(5),
    Pulse::Row(6),
    Pulse::Row(7),
    Pulse::Row(8),
    Pulse::EchoOf8With(4),
    Pulse::Row(9),
    Pulse::EchoOf8With(3),
    Pulse::Row(10),
    Pulse::Echo(9),
    Pulse::Row(11),
    Pulse::Echo(8),
    Pulse::Echo(7),
    Pulse::Echo(6),
    Pulse::Echo(5),
    Pulse::Echo(4),
    Pulse::Echo(3),
    Pulse::Echo(2),
    Pulse::Echo(1),
];

impl Printing {
    fn sequence(&self) -> &'static [Pulse] {
        if self.echo { &ECHO } else { &WRITE }
    }

    fn pulse(&self) -> Option<Pulse> {
        self.sequence().get(self.pulses / 2).copied()
    }

    /// True if the next CPY reads an echo.
    pub(crate) fn next_is_echo(&self) -> bool {
        matches!(self.pulse(), Some(Pulse::EchoOf8With(_) | Pulse::Echo(_)))
    }

    /// When the next pair of pulses begins, or the cycle disconnects. The points of a cycle are a row apart; a row is
    /// printed at each of the points 0 to 11, echoes come after the points 8 to 18.
    fn next_pair(&self, figures: &PrinterFigures) -> Ticks {
        let point = |n: usize| self.cycle + figures.first_row + Ticks(n as u64 * figures.row.0);
        match self.pulse() {
            Some(Pulse::Row(r)) => point(usize::from(r)),
            Some(_) => {
                let echoes = self.pulses / 2 + 1 - self.rows.len() / 2;
                point(7 + echoes) + figures.echo
            }
            None => point(if self.echo { 19 } else { 12 }),
        }
    }

    /// The echo of half a row, as correct printing gives it.
    fn echo_word(&self, pulse: Pulse) -> Word {
        let right = self.pulses % 2;
        let digit = |d: u8| self.rows.get(usize::from(9 - d) * 2 + right).copied().unwrap_or_default();
        match pulse {
            Pulse::Row(_) => Word::ZERO,
            Pulse::EchoOf8With(d) => digit(8) & digit(d),
            Pulse::Echo(8) => digit(8) & !digit(4) & !digit(3),
            Pulse::Echo(d @ (3 | 4)) => digit(d) & !digit(8),
            Pulse::Echo(d) => digit(d),
        }
    }
}

impl Printer {
    pub(crate) fn set_phase(&mut self, random: u64) {
        self.phase = Ticks(random % 600_000);
    }

    /// SPR n: impulses a sense exit.
    pub(crate) fn sense_exit(&mut self, exit: u16) {
        self.exits |= 1 << exit;
    }

    /// SPT: true to skip. UNVERIFIED: that the entry remembers its impulse until the end of the cycle.
    pub(crate) fn sense_entry(&self, options: &PrinterOptions) -> bool {
        match options.entry {
            SenseEntry::Board => wired(self.exits, &options.exits).contains(&Exit::Entry),
            SenseEntry::Always => true,
            SenseEntry::Never => false,
        }
    }

    /// Lines printed since power on.
    pub fn lines(&self) -> u64 {
        self.paper.lines()
    }

    /// Takes the finished lines since the last call, as text with form feeds (page), vertical tabs (half page), and carriage
    /// returns where a line was overprinted. The present line stays, as more may be printed on it.
    pub fn take_lines(&mut self) -> String {
        self.paper.take_lines()
    }

    /// Takes the lines as [`Printer::take_lines`] does, and the present line as well: the paper is torn off after it.
    pub fn tear_off(&mut self) -> String {
        self.paper.tear_off()
    }

    /// The present line, which [`Printer::take_lines`] leaves; empty if the paper has none.
    pub fn present_line(&self) -> Option<String> {
        self.paper.present_line()
    }

    /// The present line as [`Printer::tear_off`] would return it, without its line end; and whether there is ink on it.
    pub(crate) fn strikes(&self) -> Option<(String, bool)> {
        self.paper.strikes()
    }
}

impl Machine {
    pub(super) fn printer_select(&mut self, at: Ticks, echo: bool) {
        let figures = &self.config.figures.printer;
        let printer = &mut self.io.printer;
        printer.paper.set_graphics(self.config.devices.printer.graphics);
        let keep = |echo| if echo { figures.keep_running_echo } else { figures.keep_running };
        let running = printer.last_cycle.filter(|&(_, disconnected, echo)| at - disconnected <= keep(echo));
        let rests = running.is_none();
        let after_echo = printer.last_cycle.is_some_and(|(_, disconnected, echo)| {
            // the longer of the two is as long as a guess can be
            echo && at - disconnected <= figures.keep_running.max(figures.keep_running_echo)
        });
        let cycle = match running.or(printer.last_cycle) {
            Some((cycle, ..)) if !rests => cycle + figures.cycle,
            Some((cycle, ..)) => super::clutch(at.max(cycle + figures.cycle), printer.phase, figures.clutch),
            None => super::clutch(at, printer.phase, figures.clutch),
        };
        let first = cycle + figures.first_row;
        if rests {
            self.io.audit.note(Doubt::Clutch, self.cpu.ic, self.cycle);
        }
        if after_echo {
            self.io.audit.note(Doubt::EchoPace, self.cpu.ic, self.cycle);
        }
        let rows = Vec::with_capacity(24);
        self.io.operation =
            Operation::Print(Printing { echo, pulses: 0, rows, cycle, connected: true, moving: false });
        self.io.schedule(first);
    }

    /// Handles the beginning or end of the pulse of a half row or echo, or the end of the cycle's copying part.
    pub(super) fn print_event(&mut self, at: Ticks) {
        let figures = &self.config.figures.printer;
        let board = &self.config.devices.printer.exits;
        let Operation::Print(printing) = &mut self.io.operation else { return };
        let Some(pulse) = printing.pulse() else {
            let columns = columns_of(&printing.rows);
            let (cycle, echo) = (printing.cycle, printing.echo);
            let exits = wired(self.io.printer.exits, board);
            self.look_at_line(at, &columns, &exits);
            let board = &self.config.devices.printer.exits;
            // UNVERIFIED: a combination that is not a character leaves a blank.
            let columns: Vec<u8> = columns.iter().map(|c| c.unwrap_or(chars::BLANK)).collect();
            let printer = &mut self.io.printer;
            let later = printer.exits & !printer.before;
            printer.paper.print(&columns, &exits, &wired(later, board));
            printer.exits = 0;
            printer.last_cycle = Some((cycle, at, echo));
            self.io.release();
            return;
        };
        let ends = std::mem::take(&mut printing.moving);
        if printing.pulses == 0 && !ends {
            // The paper must be still from here on: exits impulsed later act after the line.
            let printer = &mut self.io.printer;
            printer.before = printer.exits;
            printer.paper.space(&wired(printer.exits, board));
        }
        let (connected, right) = (printing.connected, printing.pulses % 2 == 1);
        if !ends && connected {
            let met = self.io.pulse_begins(at, right.then_some(figures.right_half));
            let Operation::Print(printing) = &mut self.io.operation else { return };
            printing.connected = met;
            if met {
                printing.moving = true;
                self.io.next_event = at + figures.pulse;
                return;
            }
        }
        let began = if ends { at - figures.pulse } else { at };
        let moves = self.io.pulse_ends();
        let Operation::Print(printing) = &mut self.io.operation else { return };
        match pulse {
            Pulse::Row(_) => printing.rows.push(if moves { self.cpu.mq } else { Word::ZERO }),
            _ if moves => {
                self.cpu.mq = printing.echo_word(pulse);
                self.io.audit.note(Doubt::EchoTime, self.io.copy_at, at.whole_cycles());
            }
            _ => {}
        }
        printing.pulses += 1;
        self.io.next_event = if right { printing.next_pair(figures) } else { began + figures.right_half };
    }
}

/// The functions to which exits are wired.
fn wired(exits: u16, board: &[Exit; 10]) -> Vec<Exit> {
    (1..=10).filter(|n| exits >> n & 1 == 1).map(|n| board[n - 1]).collect()
}

/// The characters of the 72 columns in 24 row words; `None` if the holes are not a character.
fn columns_of(rows: &[Word]) -> Vec<Option<u8>> {
    // Rows come 9, 8, ... 0, 11, 12, which are bits 0 to 11 of a column's punches.
    (0..72)
        .map(|column| {
            let (half, bit) = (column / 36, 35 - column % 36);
            let row = |r: &usize| rows.get(r * 2 + half).is_some_and(|word| word.bits() >> bit & 1 == 1);
            let punches = (0..12).filter(row).fold(0, |punches, r| punches | 1 << r);
            chars::from_punches(punches)
        })
        .collect()
}
