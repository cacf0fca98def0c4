//! What the loop does with one instruction of each kind, and the cycles that it takes, made of the table in
//! `core_store/decoded/kinds.rs`.

use asm704::Word;
use asm704::isa::Op;

use super::onlooker::Onlook;
use super::shapes::{At, Fast, Outcome, Then, fields};
use super::{SHORT, cost_of, most_cycles_of};
use crate::core_store::decoded::Kind;
use crate::core_store::decoded::kinds::kinds;
use crate::cpu::index::IndexRegisters;
use crate::cpu::storage::{inverted, minus, plus, straight};
use crate::machine::partial::{LEFT_HALF, PREFIX};

/// The instruction of a kind.
pub(super) trait Step<const KIND: u8> {
    /// Executes it.
    fn step(&mut self, at: At) -> Then;
}

/// A step: its kind, the operations, of which the first gives the cycles, and what is done.
macro_rules! step {
    ($kind:ident [$($op:ident)+] unless $watched:ident::<$indexed:literal> |$fast:ident, $at:ident| $act:expr) => {
        step!($kind [$($op)+] |$fast, $at| if $fast.$watched::<$indexed>($at) { Then::Leave } else { $act });
    };
    ($kind:ident [$op:ident $($other:ident)*] |$fast:ident, $at:ident| $act:expr) => {
        impl<O: Onlook> Step<{ Kind::$kind as u8 }> for Fast<'_, O> {
            #[inline(always)]
            fn step(&mut self, $at: At) -> Then {
                let $fast = self;
                let then = $act;
                $fast.pay(then, const { cost_of(Op::$op) })
            }
        }
    };
}

/// The operation that gives the cycles.
macro_rules! first {
    ($op:ident $($other:ident)*) => {
        Op::$op
    };
}

macro_rules! make_steps {
    (
        operand { $($direct:ident $indexed:ident [$($o0:ident)+] $m0:ident $line:ident $act:ident;)* }
        memory { $($to:ident $to_indexed:ident [$($o1:ident)+] $m1:ident $s1:ident ($($a1:tt)*);)* }
        count { $($count:ident [$($o2:ident)+] $m2:ident $s2:ident ($($a2:tt)*);)* }
        index { $($index:ident [$($o3:ident)+] $m3:ident $s3:ident ($($a3:tt)*);)* }
        as_it_is { $($any:ident [$($o4:ident)+] $m4:ident $s4:ident ($($a4:tt)*);)* }
        shift { $($shift:ident [$($o5:ident)+] $m5:ident $step:ident;)* }
        sense { $($sense:ident [$($o6:ident)+] $m6:ident $s6:ident ($($a6:tt)*);)* }
    ) => {
        $(
            // No closures: a long one would not be inlined.
            step!($direct [$($o0)+] unless is_watched::<false> |fast, at| {
                let word = $line(fast.operand::<false>(at));
                fast.regs.$act(word).end(&mut fast.regs.beside.budget)
            });
            step!($indexed [$($o0)+] unless is_watched::<true> |fast, at| {
                let word = $line(fast.operand::<true>(at));
                fast.regs.$act(word).end(&mut fast.regs.beside.budget)
            });
        )*
        $(
            step!($to [$($o1)+] unless is_watched::<false> |fast, at| fast.$s1::<false>(at, $($a1)*));
            step!($to_indexed [$($o1)+] unless is_watched::<true> |fast, at| fast.$s1::<true>(at, $($a1)*));
        )*
        $(step!($count [$($o2)+] |fast, at| fast.$s2(at, $($a2)*));)*
        $(step!($index [$($o3)+] unless is_watched::<false> |fast, at| fast.$s3(at, $($a3)*));)*
        $(step!($any [$($o4)+] unless is_watched::<false> |fast, at| fast.$s4(at, $($a4)*));)*
        $(
            step!($shift [$($o5)+] |fast, at| {
                let (places, cost) = fast.places(at);
                fast.regs.$step(places);
                cost.end(&mut fast.regs.beside.budget)
            });
        )*
        $(step!($sense [$($o6)+] |fast, at| fast.$s6(at, $($a6)*));)*

        /// The most cycles that the instruction of a kind may take.
        const fn most_cycles(kind: Kind) -> u64 {
            match kind {
                $(Kind::$direct | Kind::$indexed => most_cycles_of(first!($($o0)+)),)*
                $(Kind::$to | Kind::$to_indexed => most_cycles_of(first!($($o1)+)),)*
                $(Kind::$count => most_cycles_of(first!($($o2)+)),)*
                $(Kind::$index => most_cycles_of(first!($($o3)+)),)*
                $(Kind::$any => most_cycles_of(first!($($o4)+)),)*
                $(Kind::$shift => most_cycles_of(first!($($o5)+)),)*
                $(Kind::$sense => most_cycles_of(first!($($o6)+)),)*
                _ => 0,
            }
        }
    };
}

kinds!(make_steps);

/// The most cycles that instructions of these kinds may take together.
pub(super) const fn most_cycles_of_all(kinds: &[Kind]) -> u64 {
    let mut cycles = 0;
    let mut n = 0;
    while n < kinds.len() {
        cycles += most_cycles(kinds[n]);
        n += 1;
    }
    cycles
}

/// True if one of the instructions may take more than [`SHORT`] cycles.
pub(super) const fn is_long(kinds: &[Kind]) -> bool {
    let mut n = 0;
    while n < kinds.len() {
        if most_cycles(kinds[n]) > SHORT {
            return true;
        }
        n += 1;
    }
    false
}
