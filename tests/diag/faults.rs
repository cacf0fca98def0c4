//! The broken machines, and the diagnostic that must notice each.
//!
//! A machine is broken from outside: an instruction is executed as another, its result is spoilt behind it, or a
//! unit has other figures, other habits or a bad medium.

mod cpu;
mod units;

use asm704::Word;
use asm704::isa::{Form, Op};

use super::bench::{Before, Fault};

pub(crate) use cpu::CPU;
pub(crate) use units::UNITS;

/// The diagnostic, what is broken, and how.
pub(crate) type Row = (&'static str, &'static str, Fault);

/// The word that makes one operation another.
fn becomes(before: &Before, from: Op, to: Op) -> Option<Word> {
    let fields = match to.row().form {
        Form::TypeA => 0o077777777777,
        Form::Micro => 0,
        Form::MicroUnit(_) => 0o17,
        _ => 0o000077777777,
    };
    (before.op == from).then(|| Word::new(to.row().word.bits() | before.word.bits() & fields))
}

/// The word of an operation without its tag.
fn untagged(before: &Before, op: Op) -> Option<Word> {
    (before.op == op).then(|| Word::new(before.word.bits() & !0o700000))
}
