//! Lamps, and how bright they are: the share of time that each was on between two looks.

use serde::{Serialize, Serializer};

use crate::machine::Machine;

/// Lamps of a row at most: the accumulator's S, Q, P, 1-35.
pub const ROW: usize = 38;

/// A row of lamps. The first lamp of a row is the leftmost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(usize)]
pub enum Row {
    /// Storage register: S, 1-35.
    Storage,
    /// Accumulator: S, Q, P, 1-35.
    Accumulator,
    /// MQ: S, 1-35.
    Mq,
    /// Instruction register: S, 1-17.
    Instruction,
    /// Instruction counter: positions 3-17.
    Counter,
    /// The index register that was displayed last: positions 3-17.
    Index,
    /// The single lamps, in the order of [`NAMES`].
    Single,
}

impl Row {
    /// All of them, in the order in which they are kept.
    pub const ALL: [Row; 7] =
        [Row::Storage, Row::Accumulator, Row::Mq, Row::Instruction, Row::Counter, Row::Index, Row::Single];
}

const ROWS: usize = Row::ALL.len();

/// Lamps of each row.
const LENGTHS: [usize; ROWS] = [36, 38, 36, 18, 15, 15, NAMES.len()];

/// The single lamps with the names of the panel's drawings.
pub const NAMES: [&str; 15] = [
    "PROGRAM STOP",
    "ACCUMULATOR OVERFLOW",
    "DIVIDE CHECK",
    "READ-WRITE SELECT",
    "MQ OVERFLOW",
    "READ-WRITE CHECK",
    "TAPE CHECK",
    "TRAP",
    "SENSE LIGHT 1",
    "SENSE LIGHT 2",
    "SENSE LIGHT 3",
    "SENSE LIGHT 4",
    "POWER",
    "READY",
    "AUTOMATIC",
];

/// What is lit at a moment: a row is a number whose lowest bit is the rightmost lamp.
fn lit(machine: &Machine, goes: bool, power: bool) -> [u64; ROWS] {
    if !power {
        return [0; ROWS];
    }
    let cpu = &machine.cpu;
    let single = [
        machine.console.program_stop,
        cpu.ac_overflow,
        cpu.divide_check,
        machine.io.selected().is_some(),
        cpu.mq_overflow,
        cpu.read_write_check,
        cpu.tape_check,
        cpu.trapping,
        cpu.sense_lights[0],
        cpu.sense_lights[1],
        cpu.sense_lights[2],
        cpu.sense_lights[3],
        true,
        !goes,
        goes,
    ];
    [
        cpu.sr.bits(),
        u64::from(cpu.ac.negative) << 37 | cpu.ac.magnitude,
        cpu.mq.bits(),
        machine.instruction_register().into(),
        cpu.ic.into(),
        machine.console.index_lights.into(),
        single.iter().fold(0, |bits, on| bits << 1 | u64::from(*on)),
    ]
}

/// Adds up how long each lamp was on.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// By row and by bit, the rightmost lamp first.
    on: [[u64; ROW]; ROWS],
    total: u64,
}

impl Default for Exposure {
    fn default() -> Exposure {
        Exposure { on: [[0; ROW]; ROWS], total: 0 }
    }
}

impl Exposure {
    /// The machine has stood as it stands, running, for so many cycles.
    pub fn expose(&mut self, machine: &Machine, cycles: u64) {
        self.total += cycles;
        for (row, mut bits) in self.on.iter_mut().zip(lit(machine, true, true)) {
            while bits != 0 {
                if let Some(on) = row.get_mut(bits.trailing_zeros() as usize) {
                    *on += cycles;
                }
                bits &= bits - 1;
            }
        }
    }

    /// The picture, and begins a new one; `None` when nothing was exposed.
    pub fn take(&mut self) -> Option<Lamps> {
        let taken = std::mem::take(self);
        if taken.total == 0 {
            return None;
        }
        let mut lamps = Lamps { levels: [[0; ROW]; ROWS] };
        for (row, length) in LENGTHS.iter().enumerate() {
            for bit in 0..*length {
                let on = taken.on[row][bit];
                // A lamp that was on at all is seen; only one that was always on is full.
                let level = match on {
                    0 => 0,
                    on if on >= taken.total => 255,
                    on => (u128::from(on) * 255 / u128::from(taken.total)).clamp(1, 254) as u8,
                };
                lamps.levels[row][length - 1 - bit] = level;
            }
        }
        Some(lamps)
    }
}

/// The brightness of every lamp, 0 dark to 255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lamps {
    levels: [[u8; ROW]; ROWS],
}

impl Lamps {
    /// A machine that stands still, or is seen at a moment. `goes`: the AUTOMATIC light rather than READY.
    pub fn of(machine: &Machine, goes: bool, power: bool) -> Lamps {
        let mut lamps = Lamps { levels: [[0; ROW]; ROWS] };
        for (row, bits) in lit(machine, goes, power).into_iter().enumerate() {
            for (n, level) in lamps.levels[row][..LENGTHS[row]].iter_mut().rev().enumerate() {
                *level = if bits >> n & 1 == 1 { 255 } else { 0 };
            }
        }
        lamps
    }

    /// A row, the leftmost lamp first.
    pub fn row(&self, row: Row) -> &[u8] {
        &self.levels[row as usize][..LENGTHS[row as usize]]
    }

    /// The single lamps with their names, on or off.
    pub fn named(&self) -> [(&'static str, bool); NAMES.len()] {
        std::array::from_fn(|n| (NAMES[n], self.levels[Row::Single as usize][n] > 0))
    }
}

/// The rows by their names, each as an array of brightnesses with the leftmost lamp first.
impl Serialize for Lamps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Row::ALL.map(|row| (row, self.row(row))))
    }
}
