//! The characters of a line. A long run has millions of lines, so nothing goes through formatting: octal digits come from a
//! table, four at a time, and of the cycle usually only the last four digits change.

use asm704::Word;

use super::Place;
use crate::cpu::Ac;
use crate::machine::Reads;
use crate::machine::seen::Seen;

/// The columns of the instruction with symbols.
pub(super) const WIDTH: usize = 24;
/// Where the effective address begins.
const EFFECTIVE: usize = 37;
/// Where the columns of the instruction begin, and what comes behind them.
const TEXT: usize = 76;
const BEHIND: usize = TEXT + WIDTH;
/// Where the cycle begins.
const CYCLE: usize = BEHIND + 1;
/// Room for all columns, the longest number and the end of the line.
pub(super) const ROOM: usize = 128;

/// A line. What the next one has as well stays in its place.
pub(super) struct Row {
    /// Some more than are used: the place of a digit needs no check.
    columns: [u8; ROOM + 2],
    /// The registers that the columns have.
    ac: Ac,
    mq: Word,
    xr: [u32; 8],
    /// Where the line ends.
    end: usize,
    /// The cycle of the line with its last two digits zero, and with its last four.
    hundreds: u64,
    ten_thousands: u64,
    /// How many cycles have the same digits up to these two: 100, or none where numbers still become longer.
    span: u64,
}

impl Row {
    pub(super) fn new() -> Row {
        let (ac, mq, xr) = (Ac::default(), Word::ZERO, [0; 8]);
        let columns = [b' '; ROOM + 2];
        let mut row = Row { columns, ac, mq, xr, end: CYCLE, hundreds: 0, ten_thousands: 0, span: 0 };
        row.columns[EFFECTIVE] = b'0';
        row.set_ac(ac);
        row.set_mq(mq);
        row.set_xr(&xr);
        row
    }

    /// The line of an instruction, whose word is known.
    #[inline(always)]
    pub(super) fn set(&mut self, seen: &Seen, word: Word, place: &Place) {
        if seen.ac != self.ac {
            self.set_ac(seen.ac);
        }
        if seen.mq != self.mq {
            self.set_mq(seen.mq);
        }
        if seen.xr != self.xr {
            self.set_xr(&seen.xr);
        }
        let address = seen.effective(word);
        let shown = match place.reads {
            Reads::Nothing => word,
            Reads::Effective => seen.peek(address),
            other => operand(other, seen, word),
        };
        let row = &mut self.columns;
        row[..6].copy_from_slice(&place.ic);
        // its first digit is zero
        five(row, EFFECTIVE + 1, address);
        row[44] = sign(shown);
        twelve(row, 45, shown.magnitude());
        row[TEXT..BEHIND].copy_from_slice(&place.text);
        self.set_cycle(seen.cycle);
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
    fn set_xr(&mut self, xr: &[u32; 8]) {
        self.xr = *xr;
        five(&mut self.columns, 58, xr[1] as u16);
        five(&mut self.columns, 64, xr[2] as u16);
        five(&mut self.columns, 70, xr[4] as u16);
    }

    #[inline(always)]
    fn set_cycle(&mut self, cycle: u64) {
        let low = cycle.wrapping_sub(self.hundreds);
        if low < self.span {
            self.put_two(3, low);
        } else {
            self.set_hundreds(cycle);
        }
    }

    /// Two digits so many places before the end of the line.
    #[inline(always)]
    fn put_two(&mut self, before: usize, value: u64) {
        let at = self.end.wrapping_sub(before) % ROOM;
        self.columns[at..at + 2].copy_from_slice(&DECIMAL[value as usize % DECIMAL.len()]);
    }

    /// More digits than the last two.
    #[inline(never)]
    fn set_hundreds(&mut self, cycle: u64) {
        let low = cycle.wrapping_sub(self.ten_thousands);
        if self.span > 0 && low < 10_000 {
            self.put_two(5, low / 100);
            self.put_two(3, low % 100);
        } else {
            let digits = cycle.to_string();
            self.end = CYCLE + digits.len() + 1;
            self.columns[CYCLE..self.end - 1].copy_from_slice(digits.as_bytes());
            self.columns[self.end - 1] = b'\n';
            self.ten_thousands = cycle - cycle % 10_000;
            self.span = if self.ten_thousands > 0 { 100 } else { 0 };
        }
        self.hundreds = cycle - cycle % 100;
    }

    /// The columns, and where the line ends.
    #[inline(always)]
    pub(super) fn columns(&self) -> (&[u8; ROOM], usize) {
        let [columns @ .., _, _] = &self.columns;
        (columns, self.end)
    }

    /// Adds the line to `out`, with what the columns of the instruction cannot hold.
    pub(super) fn append(&self, out: &mut Vec<u8>, rest: &[u8]) {
        let (columns, cycle) = self.columns[..self.end].split_at(BEHIND);
        out.extend_from_slice(columns);
        out.extend_from_slice(rest);
        out.extend_from_slice(cycle);
    }
}

/// The operand where it takes longer to find; the word itself if there is none.
#[inline(never)]
fn operand(reads: Reads, seen: &Seen, word: Word) -> Word {
    reads.address(seen, word).map_or(word, |address| seen.peek(address))
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

/// Each two decimal digits. As long as a power of two, so that a place needs no check.
static DECIMAL: [[u8; 2]; 128] = {
    let mut all = [[b'0'; 2]; 128];
    let mut value = 0;
    while value < 100 {
        all[value] = [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
        value += 1;
    }
    all
};

/// The four digits of the lowest twelve bits.
#[inline(always)]
fn four(row: &mut [u8; ROOM + 2], column: usize, value: u64) {
    row[column..column + 4].copy_from_slice(&OCTAL[(value & 0o7777) as usize]);
}

#[inline(always)]
fn five(row: &mut [u8; ROOM + 2], column: usize, value: u16) {
    row[column] = b'0' + (value >> 12 & 7) as u8;
    four(row, column + 1, value.into());
}

/// The digits of a location.
pub(super) fn six(value: u16) -> [u8; 6] {
    let mut row = [b'0'; ROOM + 2];
    five(&mut row, 1, value);
    let [six @ .., _, _] = *row.first_chunk::<8>().unwrap_or(&[b'0'; 8]);
    six
}

/// The digits of positions 1-35, the first of which is of two bits.
#[inline(always)]
fn twelve(row: &mut [u8; ROOM + 2], column: usize, value: u64) {
    four(row, column, value >> 24 & 0o3777);
    four(row, column + 4, value >> 12);
    four(row, column + 8, value);
}

#[inline(always)]
const fn sign(word: Word) -> u8 {
    if word.is_negative() { b'-' } else { b' ' }
}
