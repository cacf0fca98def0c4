//! Broken transfers, skips and index registers.

use asm704::Word;
use asm704::isa::Op;
use emu704::Machine;
use emu704::cpu::Ac;

use super::super::bench::{
    Before,
    Fault::{After, Decode},
};
use super::{Row, becomes, invert_skip, untagged};

/// Transfers where it did not, and the other way round.
fn invert_transfer(before: &Before, machine: &mut Machine, op: Op) {
    if before.op == op {
        machine.cpu.ic = if machine.cpu.ic == before.location + 1 { before.y } else { before.location + 1 };
    }
}

pub(crate) const TRANSFERS: &[Row] = &[
    (
        "transf",
        "TZE looks at the sign",
        After(|b, m| {
            if b.op == Op::Tze && b.cpu.ac.negative {
                m.cpu.ic = b.location + 1;
            }
            if b.op == Op::Tnz && b.cpu.ac.negative {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TZE does not look at Q and P",
        After(|b, m| {
            if b.op == Op::Tze && b.cpu.ac.magnitude & Word::MAGNITUDE == 0 {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TMI looks at P",
        After(|b, m| {
            if b.op == Op::Tmi && b.cpu.ac.p() {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TPL transfers for minus zero",
        After(|b, m| {
            if b.op == Op::Tpl && b.cpu.ac.magnitude == 0 {
                m.cpu.ic = b.y;
            }
        }),
    ),
    ("transf", "TQP is inverted", After(|b, m| invert_transfer(b, m, Op::Tqp))),
    (
        "transf",
        "TLQ transfers for equal numbers",
        After(|b, m| {
            if b.op == Op::Tlq && b.cpu.ac.word() == b.cpu.mq {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TLQ takes the zeros for equal",
        After(|b, m| {
            if b.op == Op::Tlq && b.cpu.ac.magnitude == 0 && b.cpu.mq.magnitude() == 0 {
                m.cpu.ic = b.location + 1;
            }
        }),
    ),
    (
        "transf",
        "TLQ compares magnitudes",
        After(|b, m| {
            if b.op == Op::Tlq {
                m.cpu.ic = if b.cpu.mq.magnitude() < b.cpu.ac.magnitude { b.y } else { b.location + 1 };
            }
        }),
    ),
    (
        "transf",
        "TNO leaves the indicator on",
        After(|b, m| m.cpu.ac_overflow |= b.op == Op::Tno && b.cpu.ac_overflow),
    ),
    (
        "transf",
        "TSX sets XR to its location, not the complement",
        After(|b, m| {
            if b.op == Op::Tsx {
                m.cpu.set_index(b.word.tag(), b.location);
            }
        }),
    ),
    ("transf", "TRA is not indexed", Decode(|b| untagged(b, Op::Tra))),
    (
        "transf",
        "CAS goes to the next for equal numbers",
        After(|b, m| {
            if b.op == Op::Cas && m.cpu.ic == b.location + 2 {
                m.cpu.ic = b.location + 1;
            }
        }),
    ),
    (
        "transf",
        "CAS skips one for less",
        After(|b, m| {
            if b.op == Op::Cas && m.cpu.ic == b.location + 3 {
                m.cpu.ic = b.location + 2;
            }
        }),
    ),
    (
        "transf",
        "CAS takes the zeros for equal",
        After(|b, m| {
            if b.op == Op::Cas && b.cpu.ac.magnitude == 0 && b.operand.magnitude() == 0 {
                m.cpu.ic = b.location + 2;
            }
        }),
    ),
    (
        "transf",
        "CAS does not look at P",
        After(|b, m| {
            if b.op == Op::Cas && b.cpu.ac.p() {
                m.cpu.ic = b.location + 3;
            }
        }),
    ),
    ("transf", "LBT is inverted", After(|b, m| invert_skip(b, m, Op::Lbt))),
    (
        "transf",
        "PBT looks at the sign",
        After(|b, m| {
            if b.op == Op::Pbt {
                m.cpu.ic = b.location + if b.cpu.ac.negative { 2 } else { 1 };
            }
        }),
    ),
    (
        "transf",
        "NOP clears AC",
        After(|b, m| {
            if b.op == Op::Nop {
                m.cpu.ac = Ac::default();
            }
        }),
    ),
    ("transf", "HPR acts as HTR", Decode(|b| becomes(b, Op::Hpr, Op::Htr))),
    ("transf", "HTR acts as TRA", Decode(|b| becomes(b, Op::Htr, Op::Tra))),
    (
        "index",
        "TIX transfers for equal",
        After(|b, m| {
            let x = b.cpu.index(b.word.tag());
            if b.op == Op::Tix && x == b.word.decrement() {
                m.cpu.set_index(b.word.tag(), 0);
                m.cpu.ic = b.word.address();
            }
        }),
    ),
    (
        "index",
        "TIX does not lessen XR",
        After(|b, m| {
            if b.op == Op::Tix {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    ("index", "TNX acts as TIX", Decode(|b| becomes(b, Op::Tnx, Op::Tix))),
    (
        "index",
        "TXH transfers for equal",
        After(|b, m| {
            if b.op == Op::Txh && b.word.tag() != 0 && b.cpu.index(b.word.tag()) == b.word.decrement() {
                m.cpu.ic = b.word.address();
            }
        }),
    ),
    ("index", "TXL acts as TXH", Decode(|b| becomes(b, Op::Txl, Op::Txh))),
    (
        "index",
        "TXI does not add",
        After(|b, m| {
            if b.op == Op::Txi {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    (
        "index",
        "several tags name the first register alone",
        Decode(|b| (b.op == Op::Cla && b.word.tag() == 3).then(|| Word::new(b.word.bits() & !0o200000))),
    ),
    (
        "index",
        "SXD of several tags does not write them back",
        After(|b, m| {
            if b.op == Op::Sxd {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    (
        "index",
        "LXA of several tags loads one",
        After(|b, m| {
            if b.op == Op::Lxa && b.word.tag() == 3 {
                m.cpu.xr[1] = b.cpu.xr[1];
            }
        }),
    ),
    ("index", "LXD acts as LXA", Decode(|b| becomes(b, Op::Lxd, Op::Lxa))),
    ("index", "LXA is indexed", Decode(|b| (b.op == Op::Lxa).then(|| b.word.with_address(b.y)))),
    ("index", "PDX acts as PAX", Decode(|b| becomes(b, Op::Pdx, Op::Pax))),
    (
        "index",
        "PXD leaves Q",
        After(|b, m| {
            if b.op == Op::Pxd {
                m.cpu.ac.magnitude |= (b.cpu.ac.magnitude & Ac::Q) >> 1;
            }
        }),
    ),
    (
        "index",
        "SXD clears the rest of the word",
        After(|b, m| {
            if b.op == Op::Sxd {
                m.core
                    .poke(b.word.address(), Word::new(m.core.peek(b.word.address()).bits() & 0o077777000000));
            }
        }),
    ),
    (
        "index",
        "transfers by index are themselves indexed",
        After(|b, m| {
            if b.op == Op::Txh && m.cpu.ic != b.location + 1 {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "index",
        "an index register has 15 bits on every machine",
        After(|b, m| {
            if b.op == Op::Lxa {
                m.cpu.set_index(b.word.tag(), m.core.peek(b.word.address()).address());
            }
        }),
    ),
    ("index", "addresses are not indexed", Decode(|b| untagged(b, Op::Cla))),
    (
        "index",
        "sense addresses are not indexed",
        Decode(|b| {
            (b.word.tag() != 0 && b.word.bits() >> 24 == 0o0760).then(|| Word::new(b.word.bits() & !0o700000))
        }),
    ),
];
