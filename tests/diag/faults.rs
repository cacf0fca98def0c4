//! The broken machines, and the diagnostic that must notice each.
//!
//! A machine is broken from outside: an instruction is executed as another, its result is spoilt behind it, or a
//! unit has other figures, other habits or a bad medium.

mod arithmetic;
mod modes;
mod transfers;
mod units;

use asm704::Word;
use asm704::isa::{Form, Op};
use emu704::Machine;

use super::bench::{Before, Fault};

/// The diagnostic, what is broken, and how.
pub(crate) type Row = (&'static str, &'static str, Fault);

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Row> {
    let lists = [arithmetic::ARITHMETIC, transfers::TRANSFERS, modes::MODES, units::UNITS];
    lists.into_iter().flatten().copied()
}

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

/// Goes on behind a test as if it had skipped one where it did not, and the other way round.
fn invert_skip(before: &Before, machine: &mut Machine, op: Op) {
    if before.op == op {
        machine.cpu.ic =
            if machine.cpu.ic == before.location + 1 { before.location + 2 } else { before.location + 1 };
    }
}
