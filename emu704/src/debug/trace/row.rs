//! The characters of a line. A long run has millions of lines, so nothing goes through formatting: octal digits come from a
//! table, four at a time, and of the cycle usually only the last four digits change.

use asm704::Word;

use super::Known;
use crate::cpu::Ac;
use crate::machine::{Machine, Reads};

/// The columns of the instruction with symbols.
pub(super) const WIDTH: usize = 24;
/// Where they begin, and what comes behind them.
const TEXT: usize = 76;
const BEHIND: usize = TEXT + WIDTH;
/// Where the cycle begins.
const CYCLE: usize = BEHIND + 1;
/// Room for all columns, the longest number and the end of the line.
pub(super) const ROOM: usize = 128;

/// A line. What the next one has as well stays in its place.
pub(super) struct Row {
    columns: [u8; ROOM],
    /// The registers that the columns have.
    ac: Ac,
    mq: Word,
    xr: [u16; 3],
    /// Where the line ends.
    end: usize,
    /// The cycle of the line with its last four digits zero. Zero as long as there are no more digits.
    ten_thousands: u64,
}

impl Row {
    pub(super) fn new() -> Row {
        let (ac, mq, xr) = (Ac::default(), Word::ZERO, [0; 3]);
        let mut row = Row { columns: [b' '; ROOM], ac, mq, xr, end: CYCLE, ten_thousands: 0 };
        row.set_ac(ac);
        row.set_mq(mq);
        row.set_xr(xr);
        row
    }

    /// The line of the instruction at IC.
    #[inline]
    pub(super) fn set(&mut self, machine: &Machine, known: &Known) {
        let cpu = &machine.cpu;
        if cpu.ac != self.ac {
            self.set_ac(cpu.ac);
        }
        if cpu.mq != self.mq {
            self.set_mq(cpu.mq);
        }
        if cpu.xr != self.xr {
            self.set_xr(cpu.xr);
        }
        let word = known.word;
        let address = machine.effective(word);
        let shown = match known.reads {
            Reads::Nothing => word,
            Reads::Effective => machine.core.peek(address),
            other => other.address(machine, word).map_or(word, |address| machine.core.peek(address)),
        };
        let row = &mut self.columns;
        six(row, 0, cpu.ic);
        six(row, 37, address);
        row[44] = sign(shown);
        twelve(row, 45, shown.magnitude());
        row[TEXT..BEHIND].copy_from_slice(&known.text);
        self.set_cycle(machine.cycles());
    }

    #[inline(always)]
    fn set_ac(&mut self, ac: Ac) {
        self.ac = ac;
        let row = &mut self.columns;
        twelve(row, 10, ac.magnitude);
        row[7..10].fill(b' ');
        if ac.negative || ac.magnitude > Word::MAGNITUDE {
            let mut column = 10;
            for (on, letter) in [(ac.p(), b'P'), (ac.q(), b'Q'), (ac.negative, b'-')] {
                if on {
                    column -= 1;
                    row[column] = letter;
                }
            }
        }
    }

    #[inline(always)]
    fn set_mq(&mut self, mq: Word) {
        self.mq = mq;
        self.columns[23] = sign(mq);
        twelve(&mut self.columns, 24, mq.magnitude());
    }

    #[inline(always)]
    fn set_xr(&mut self, xr: [u16; 3]) {
        self.xr = xr;
        five(&mut self.columns, 58, xr[0]);
        five(&mut self.columns, 64, xr[1]);
        five(&mut self.columns, 70, xr[2]);
    }

    #[inline(always)]
    fn set_cycle(&mut self, cycle: u64) {
        let low = cycle.wrapping_sub(self.ten_thousands);
        match self.columns.get_mut(self.end - 5..self.end - 1) {
            Some(digits) if self.ten_thousands > 0 && low < 10_000 => {
                digits[..2].copy_from_slice(&DECIMAL[low as usize / 100]);
                digits[2..].copy_from_slice(&DECIMAL[low as usize % 100]);
            }
            _ => self.set_all_digits(cycle),
        }
    }

    #[cold]
    fn set_all_digits(&mut self, cycle: u64) {
        let digits = cycle.to_string();
        self.end = CYCLE + digits.len() + 1;
        self.columns[CYCLE..self.end - 1].copy_from_slice(digits.as_bytes());
        self.columns[self.end - 1] = b'\n';
        self.ten_thousands = cycle - cycle % 10_000;
    }

    /// The columns, and where the line ends.
    #[inline(always)]
    pub(super) fn columns(&self) -> (&[u8; ROOM], usize) {
        (&self.columns, self.end)
    }

    /// Adds the line to `out`, with what the columns of the instruction cannot hold.
    pub(super) fn append(&self, out: &mut Vec<u8>, rest: &[u8]) {
        let (columns, cycle) = self.columns[..self.end].split_at(BEHIND);
        out.extend_from_slice(columns);
        out.extend_from_slice(rest);
        out.extend_from_slice(cycle);
    }
}

/// Each four octal digits.
static OCTAL: [[u8; 4]; 4096] = {
    let mut all = [[b'0'; 4]; 4096];
    let mut value = 0;
    while value < 4096 {
        let mut place = 0;
        while place < 4 {
            all[value][place] = b'0' + (value >> (9 - 3 * place) & 7) as u8;
            place += 1;
        }
        value += 1;
    }
    all
};

/// Each two decimal digits.
static DECIMAL: [[u8; 2]; 100] = {
    let mut all = [[b'0'; 2]; 100];
    let mut value = 0;
    while value < 100 {
        all[value] = [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
        value += 1;
    }
    all
};

/// The four digits of the lowest twelve bits.
#[inline(always)]
fn four(row: &mut [u8; ROOM], column: usize, value: u64) {
    row[column..column + 4].copy_from_slice(&OCTAL[(value & 0o7777) as usize]);
}

#[inline(always)]
fn five(row: &mut [u8; ROOM], column: usize, value: u16) {
    row[column] = b'0' + (value >> 12 & 7) as u8;
    four(row, column + 1, value.into());
}

#[inline(always)]
fn six(row: &mut [u8; ROOM], column: usize, value: u16) {
    row[column] = b'0' + (value >> 15) as u8;
    five(row, column + 1, value);
}

/// The digits of positions 1-35, the first of which is of two bits.
#[inline(always)]
fn twelve(row: &mut [u8; ROOM], column: usize, value: u64) {
    four(row, column, value >> 24 & 0o3777);
    four(row, column + 4, value >> 12);
    four(row, column + 8, value);
}

#[inline(always)]
const fn sign(word: Word) -> u8 {
    if word.is_negative() { b'-' } else { b' ' }
}
