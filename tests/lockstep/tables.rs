//! Random programs that go through tables by index registers, without an end: what comes to a word is seldom the same instruction twice.

use asm704::Word;
use asm704::isa::Op;
use emu704::{Config, CoreSize, Machine};

use super::pair::pick;
use crate::common::Random;

/// Where tables, counts and addresses are. Nothing is stored into the last two.
const TABLES: u64 = 0o2000;
const SIZE: u64 = 64;
const COUNTS: u64 = TABLES + 2 * SIZE;
const ADDRESSES: u64 = COUNTS + 8;
const START: u64 = 0o100;

fn word(op: Op, tag: u64, address: u64) -> u64 {
    op.row().word.bits() | tag << 15 | address & 0o77777
}

fn count(op: Op, decrement: u64, tag: u64, address: u64) -> u64 {
    word(op, tag, address) | decrement << 18
}

/// An address in the tables, or beyond them by what an index register takes away.
fn place(random: &mut Random) -> u64 {
    TABLES + 20 + random.below(SIZE - 20)
}

/// Ways for a value to come into an index register.
fn load(random: &mut Random, tag: u64, program: &mut Vec<u64>) {
    let from = COUNTS + random.below(8);
    match random.below(6) {
        0 | 1 => program.push(word(Op::Lxa, tag, from)),
        2 => program.push(word(Op::Lxd, tag, from)),
        3 => program.extend([word(Op::Cla, 0, from), word(Op::Pax, tag, 0)]),
        4 => program.extend([word(Op::Cla, 0, from), word(Op::Pdx, tag, 0)]),
        _ => {
            let next = START + program.len() as u64 + 2;
            program.extend([word(Op::Lxa, tag, from), count(Op::Txi, 1, tag, next)]);
        }
    }
}

/// An instruction of a loop.
fn body(random: &mut Random, tag: u64) -> u64 {
    const OPS: [Op; 16] = [
        Op::Cla,
        Op::Cla,
        Op::Add,
        Op::Sub,
        Op::Sto,
        Op::Sto,
        Op::Slw,
        Op::Stz,
        Op::Cal,
        Op::Acl,
        Op::Ldq,
        Op::Stq,
        Op::Ans,
        Op::Stp,
        Op::Fad,
        Op::Sxd,
    ];
    let tag = pick(random, &[tag, tag, tag, 0, 1, 2, 4]);
    word(pick(random, &OPS), tag, place(random))
}

/// A loop that an index register ends.
fn lap(random: &mut Random, program: &mut Vec<u64>) {
    let tag = pick(random, &[1, 2, 4]);
    load(random, tag, program);
    let first = START + program.len() as u64;
    let length = 1 + random.below(4);
    if random.below(3) == 0 {
        // the address of an instruction of the loop is another each time
        let changed = first + 2 + random.below(length);
        let sta = pick(random, &[Op::Sta, Op::Sta, Op::Stp]);
        program.extend([word(Op::Cla, tag, ADDRESSES + 24), word(sta, 0, changed)]);
    }
    for _ in 0..length {
        program.push(body(random, tag));
    }
    match random.below(4) {
        0..2 => program.push(count(Op::Tix, 1 + random.below(2), tag, first)),
        2 => {
            let next = START + program.len() as u64 + 2;
            program.extend([count(Op::Tnx, 1, tag, next), word(Op::Tra, 0, first)]);
        }
        _ => {
            let next = START + program.len() as u64 + 1;
            program.extend([count(Op::Txi, 1, tag, next), count(Op::Txl, 20, tag, first)]);
        }
    }
}

/// A call with an argument behind it, which the subroutine reads and returns over.
fn call(random: &mut Random, program: &mut Vec<u64>) {
    let here = START + program.len() as u64;
    program.extend([
        word(Op::Tra, 0, here + 4),
        word(Op::Cla, 4, 1),
        word(Op::Sto, 0, place(random)),
        word(Op::Tra, 4, 2),
        word(Op::Tsx, 4, here + 1),
        random.next() >> 20,
    ]);
}

/// A machine with such a program, and the addresses near which something happens.
pub(super) fn machine(random: &mut Random) -> (Machine, String, u16) {
    let core = pick(random, &[CoreSize::K4, CoreSize::K32]);
    let mut machine = Machine::new(Config::with_core(core));
    let mut program = Vec::new();
    for _ in 0..=random.below(4) {
        if random.below(4) == 0 { call(random, &mut program) } else { lap(random, &mut program) }
    }
    program.push(word(Op::Tra, 0, START));
    for (at, &bits) in (START..).zip(&program) {
        machine.core.poke(at as u16, Word::new(bits));
    }
    for at in TABLES..COUNTS {
        machine.core.poke(at as u16, Word::new(random.below(1000)));
    }
    for at in COUNTS..ADDRESSES {
        let counts = (1 + random.below(20)) | (1 + random.below(20)) << 18;
        machine.core.poke(at as u16, Word::new(counts));
    }
    for at in ADDRESSES..=ADDRESSES + 24 {
        machine.core.poke(at as u16, Word::new(place(random)));
    }
    machine.set_start(START as u16);
    (machine, format!("a program of {} words through tables, {core}", program.len()), TABLES as u16)
}
