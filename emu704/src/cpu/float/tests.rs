//! Floating point against the machine's way, place by place.

mod places;

use asm704::Word;

use super::{Division, FRACTION};
use crate::cpu::storage::{Hold, Line, inverted, straight};
use crate::cpu::{Ac, Cpu};
use crate::random::Random;

/// Fractions at the limits of what carries, borrows, is normalized, or leaves MQ.
const FRACTIONS: [u64; 14] = [
    0,
    1,
    2,
    0o377,
    0o400,
    (1 << 13) - 1,
    1 << 13,
    (1 << 25) - 1,
    1 << 25,
    (1 << 26) - 1,
    1 << 26,
    (1 << 26) + 1,
    FRACTION - 1,
    FRACTION,
];

/// Tags held in SR, or none.
fn holds() -> [Hold; 3] {
    // An undefined code of FAD, with bits 10 and 4 on, holds its tag.
    [0o030000000000, 0o031400500000, 0o031400000000].map(|instruction| Hold::of(Word::new(instruction)))
}

/// All operations on one state, here and place by place.
struct Check {
    before: Cpu,
    operand: Word,
}

impl Check {
    fn new(sign: u64, magnitude: u64, mq: u64, operand: u64) -> Check {
        let ac = Ac { negative: sign & 1 != 0, magnitude };
        Check { before: Cpu { ac, mq: Word::new(mq), ..Cpu::default() }, operand: Word::new(operand) }
    }

    /// The machine left by each way, and what it says of it, are the same.
    fn same<R: PartialEq + std::fmt::Debug>(
        &self,
        what: &str,
        here: impl FnOnce(&mut Cpu) -> R,
        by_places: impl FnOnce(&mut Cpu) -> R,
    ) {
        let (mut left, mut right) = (self.before.clone(), self.before.clone());
        let results = (here(&mut left), by_places(&mut right));
        assert!(
            results.0 == results.1 && left == right,
            "{what} of {:?} and {}: {} instead of {}\n{left:?}\n{right:?}",
            self.before,
            self.operand,
            format_args!("{:?}", results.0),
            format_args!("{:?}", results.1),
        );
    }

    /// The additions of the fast loop, which has no SR, and of the plain interpreter.
    fn additions(&self, hold: Hold) {
        let operand = self.operand;
        let added = |cpu: &mut Cpu, sign: fn(Word) -> Word, normalize| {
            cpu.sr = sign(operand);
            let cycles = places::add(cpu, normalize, Line::Logical, Hold::NONE);
            cpu.sr = Word::ZERO;
            cycles as i64 - if normalize { 7 } else { 5 }
        };
        self.same("FAD", |cpu| cpu.regs(|r| r.longer(|r| r.fad(operand))), |cpu| added(cpu, straight, true));
        self.same(
            "FSB",
            |cpu| cpu.regs(|r| r.longer(|r| r.fad(inverted(operand)))),
            |cpu| added(cpu, inverted, true),
        );
        self.same("UFA", |cpu| cpu.regs(|r| r.longer(|r| r.ufa(operand))), |cpu| added(cpu, straight, false));
        self.same(
            "UFS",
            |cpu| cpu.regs(|r| r.longer(|r| r.ufa(inverted(operand)))),
            |cpu| added(cpu, inverted, false),
        );
        for line in [Line::Logical, Line::Signed] {
            for normalize in [false, true] {
                let with_sr = |cpu: &mut Cpu| cpu.sr = operand;
                self.same(
                    "an addition with SR",
                    |cpu| {
                        with_sr(cpu);
                        cpu.float_add(normalize, line, hold)
                    },
                    |cpu| {
                        with_sr(cpu);
                        places::add(cpu, normalize, line, hold)
                    },
                );
            }
        }
    }

    fn products(&self) {
        let operand = self.operand;
        let only_low = self.before.only_low_product(operand);
        if only_low {
            self.same("FMP left alone", |cpu| cpu.regs(|r| r.fmp(operand)), |_| false);
        } else {
            let by_places = |cpu: &mut Cpu| {
                places::multiply(cpu, operand, true, false);
                true
            };
            self.same("FMP", |cpu| cpu.regs(|r| r.fmp(operand)), by_places);
        }
        for in_mq in [false, true] {
            let by_places = |cpu: &mut Cpu| places::multiply(cpu, operand, true, in_mq);
            self.same("FMP of the plain interpreter", |cpu| cpu.float_multiply(operand, in_mq), by_places);
        }
        let by_places = |cpu: &mut Cpu| places::multiply(cpu, operand, false, false);
        self.same("UFM", |cpu| cpu.regs(|r| r.ufm(operand)), by_places);
    }

    /// FDH and FDP, by the fast loop: a check of FDH is not its business.
    fn quotients(&self) {
        let operand = self.operand;
        let longer = |division| if division == Division::Done { 0 } else { -15 };
        for halts in [false, true] {
            self.same(
                "a division",
                |cpu| cpu.float_divide(operand, halts),
                |cpu| places::divide(cpu, operand, halts),
            );
        }
        self.same(
            "FDP",
            |cpu| cpu.regs(|r| r.longer(|r| r.fdp(operand))),
            |cpu| longer(places::divide(cpu, operand, false)),
        );
        self.same(
            "FDH",
            |cpu| {
                let mut divides = true;
                let longer = cpu.regs(|r| r.longer(|r| divides = r.fdh(operand)));
                divides.then_some(longer)
            },
            |cpu| {
                let before = cpu.clone();
                let division = places::divide(cpu, operand, true);
                if division == Division::Check {
                    *cpu = before;
                    return None;
                }
                Some(longer(division))
            },
        );
    }
}

#[test]
fn sums_are_those_of_the_machine_for_all_distances() {
    let holds = holds();
    let mut n = 0;
    for c in [0, 1, 26, 27, 28, 54, 55, 127, 128, 200, 254, 255] {
        // Of AC, ten bits: P and Q too, and those that differ in P or Q alone.
        for other in (0..256).chain([c + 256, c + 255, c + 257, c + 512, c + 768, 1023, 256 + 255]) {
            for fraction in FRACTIONS {
                n += 1;
                let second = FRACTIONS[n % FRACTIONS.len()];
                for signs in 0..4 {
                    let operand = (signs & 1) << 35 | c << 27 | second;
                    Check::new(signs >> 1, other << 27 | fraction, 0, operand).additions(holds[n % 3]);
                }
            }
        }
    }
}

#[test]
fn sums_of_all_fractions_are_those_of_the_machine_near_the_ends() {
    // Spills: the smallest characteristics, where normalizing goes below zero, and the largest, where a carry goes above.
    for c in [0, 1, 2, 27, 28, 29, 55, 253, 254, 255] {
        for d in [0, 1, 2, 12, 25, 26, 27, 28, 29, 53, 54, 55] {
            for first in FRACTIONS {
                for second in FRACTIONS {
                    for signs in 0..4 {
                        let operand = (signs & 1) << 35 | c << 27 | second;
                        let ac = (c + d) << 27 | first;
                        Check::new(signs >> 1, ac, 0, operand).additions(Hold::NONE);
                        if let Some(c) = c.checked_sub(d) {
                            Check::new(signs >> 1, c << 27 | first, 0, operand).additions(Hold::NONE);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn products_and_quotients_are_those_of_the_machine_near_the_ends() {
    let characteristics = [0, 1, 27, 28, 127, 128, 129, 154, 155, 156, 227, 228, 254, 255];
    for first in FRACTIONS {
        for second in FRACTIONS {
            for c in characteristics {
                for other in characteristics {
                    for signs in 0..4 {
                        let operand = (signs & 1) << 35 | c << 27 | second;
                        let p_and_q = ((c + other + second) & 3) << 35;
                        let check = Check::new(
                            signs >> 1,
                            p_and_q | other << 27 | first,
                            (signs >> 1) << 35 | other << 27 | first,
                            operand,
                        );
                        check.products();
                        check.quotients();
                    }
                }
            }
        }
    }
}

#[test]
fn all_operations_are_those_of_the_machine_for_random_numbers() {
    let holds = holds();
    let mut random = Random(3);
    for n in 0..200_000_usize {
        // Characteristics close together, near the ends, or anywhere; fractions of all lengths.
        let mut word = |by: usize| {
            let bits = random.next();
            let c = match n % 4 {
                0 => bits >> 40,
                1 => 120 + (bits >> 40) % 16,
                2 => (bits >> 40) % 64,
                _ => 200 + (bits >> 40) % 56,
            };
            let fraction = (bits & FRACTION) >> (n / by % 28) << (n / 3 % 5);
            (bits >> 63) << 35 | (c & 0o377) << 27 | fraction & FRACTION
        };
        let (ac, operand, mq) = (word(7), word(11), word(5));
        let p_and_q = if n % 16 == 0 { random.next() & (Ac::P | Ac::Q) } else { 0 };
        let check = Check::new(ac >> 35, ac & Word::MAGNITUDE | p_and_q, mq, operand);
        check.additions(holds[n % 3]);
        check.products();
        check.quotients();
    }
}
