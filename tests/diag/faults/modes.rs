//! Broken floating point, sense instructions and trapping mode.

use asm704::Word;
use asm704::isa::Op;

use super::super::bench::{
    Before,
    Fault::{After, Decode, Media},
};
use super::{Row, becomes, invert_skip, untagged};

fn trapped(before: &Before) -> bool {
    before.cpu.trapping && before.op.is_trapped()
}

pub(crate) const MODES: &[Row] = &[
    ("float", "FAD does not normalize", Decode(|b| becomes(b, Op::Fad, Op::Ufa))),
    ("float", "FSB acts as FAD", Decode(|b| becomes(b, Op::Fsb, Op::Fad))),
    ("float", "UFS normalizes", Decode(|b| becomes(b, Op::Ufs, Op::Fsb))),
    ("float", "UFA normalizes", Decode(|b| becomes(b, Op::Ufa, Op::Fad))),
    ("float", "FMP does not normalize", Decode(|b| becomes(b, Op::Fmp, Op::Ufm))),
    ("float", "UFM normalizes", Decode(|b| becomes(b, Op::Ufm, Op::Fmp))),
    (
        "float",
        "FAD leaves MQ zero",
        After(|b, m| {
            if b.op == Op::Fad {
                m.cpu.mq = Word::ZERO;
            }
        }),
    ),
    (
        "float",
        "a zero is always plus",
        After(|b, m| m.cpu.ac.negative &= b.op != Op::Fad || m.cpu.ac.magnitude != 0),
    ),
    (
        "float",
        "FMP gives MQ no sign",
        After(|b, m| {
            if b.op == Op::Fmp {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude());
            }
        }),
    ),
    ("float", "FMP never turns AC overflow on", After(|b, m| m.cpu.ac_overflow &= b.op != Op::Fmp)),
    ("float", "FMP never turns MQ overflow on", After(|b, m| m.cpu.mq_overflow &= b.op != Op::Fmp)),
    (
        "float",
        "AC overflow turns MQ overflow on",
        After(|b, m| m.cpu.mq_overflow |= b.op == Op::Fmp && m.cpu.ac_overflow),
    ),
    (
        "float",
        "characteristics are clamped",
        After(|b, m| {
            if b.op == Op::Fmp && m.cpu.ac.p() {
                m.cpu.ac.magnitude = 0o377777777777;
            }
        }),
    ),
    (
        "float",
        "TQO leaves the indicator on",
        After(|b, m| m.cpu.mq_overflow |= b.op == Op::Tqo && b.cpu.mq_overflow),
    ),
    (
        "float",
        "FDP clears the characteristic of the remainder",
        After(|b, m| {
            if b.op == Op::Fdp {
                m.cpu.ac.magnitude &= 0o777777777;
            }
        }),
    ),
    (
        "float",
        "FDP gives the quotient the sign of the dividend",
        After(|b, m| {
            if b.op == Op::Fdp {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude() | b.cpu.ac.word().bits() & Word::SIGN);
            }
        }),
    ),
    (
        "float",
        "the last bit of a quotient is wrong",
        After(|b, m| {
            if b.op == Op::Fdp {
                m.cpu.mq = Word::new(m.cpu.mq.bits() & !1);
            }
        }),
    ),
    ("float", "FDP never turns divide check on", After(|b, m| m.cpu.divide_check &= b.op != Op::Fdp)),
    ("float", "FDH does not stop", Decode(|b| becomes(b, Op::Fdh, Op::Fdp))),
    ("sense", "SLF does nothing", Decode(|b| becomes(b, Op::Slf, Op::Nop))),
    (
        "sense",
        "SLT leaves the light on",
        After(|b, m| {
            if b.op == Op::Slt {
                m.cpu.sense_lights = b.cpu.sense_lights;
            }
        }),
    ),
    ("sense", "SLT skips when off", After(|b, m| invert_skip(b, m, Op::Slt))),
    (
        "sense",
        "SLN turns the others off",
        After(|b, m| {
            if b.op == Op::Sln {
                m.cpu.sense_lights = std::array::from_fn(|i| i + 1 == usize::from(b.y & 7));
            }
        }),
    ),
    ("sense", "SWT skips when up", After(|b, m| invert_skip(b, m, Op::Swt))),
    (
        "sense",
        "sense switch 3 does not close",
        Media(|m, _| m.console.sense_switches = [true, false, false, false, true, false]),
    ),
    (
        "sense",
        "sense switch 6 is stuck",
        Media(|m, _| m.console.sense_switches = [true, false, true, false, true, true]),
    ),
    ("sense", "SLN is not indexed", Decode(|b| untagged(b, Op::Sln))),
    ("sense", "RTT skips when on", After(|b, m| invert_skip(b, m, Op::Rtt))),
    ("sense", "ETT skips when on", After(|b, m| invert_skip(b, m, Op::Ett))),
    ("trap", "ETM does nothing", Decode(|b| becomes(b, Op::Etm, Op::Nop))),
    ("trap", "LTM does nothing", Decode(|b| becomes(b, Op::Ltm, Op::Nop))),
    (
        "trap",
        "no location is left",
        After(|b, m| {
            if trapped(b) {
                m.core.poke(0, b.word_0);
            }
        }),
    ),
    (
        "trap",
        "the location of the next instruction is left",
        After(|b, m| {
            if trapped(b) {
                m.core.poke(0, b.word_0.with_address(b.location + 1));
            }
        }),
    ),
    (
        "trap",
        "the whole of word 0 is replaced",
        After(|b, m| {
            if trapped(b) {
                m.core.poke(0, Word::new(b.location.into()));
            }
        }),
    ),
    (
        "trap",
        "transfers that are not taken leave no location",
        After(|b, m| {
            if trapped(b) && m.cpu.ic == b.location + 1 {
                m.core.poke(0, b.word_0);
            }
        }),
    ),
    (
        "trap",
        "TTR is trapped",
        After(|b, m| {
            if b.cpu.trapping && b.op == Op::Ttr {
                m.core.poke(0, b.word_0.with_address(b.location));
                m.cpu.ic = 1;
            }
        }),
    ),
    (
        "trap",
        "the trap turns the mode off and TRA is free",
        After(|b, m| {
            if trapped(b) {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "trap",
        "TSX does not set XR",
        After(|b, m| {
            if trapped(b) && b.op == Op::Tsx {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    (
        "trap",
        "TIX does not lessen XR",
        After(|b, m| {
            if trapped(b) && b.op == Op::Tix {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    ("trap", "TOV leaves the indicator on", After(|b, m| m.cpu.ac_overflow |= trapped(b) && b.op == Op::Tov)),
    (
        "trap",
        "CAS is trapped",
        After(|b, m| {
            if b.cpu.trapping && b.op == Op::Cas {
                m.core.poke(0, b.word_0.with_address(b.location));
            }
        }),
    ),
    ("trap", "HTR goes on without a trap", Decode(|b| becomes(b, Op::Htr, Op::Hpr))),
];
