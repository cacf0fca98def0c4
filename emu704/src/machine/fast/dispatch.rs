//! The loop proper. Its arms are made of the tables in `core_store/decoded`: an arm a kind, and an arm a pair.

use asm704::Word;
use asm704::isa::Op;

use super::cost_of;
use super::shapes::{ByTag, Fast, Outcome, Then, fields};
use super::words::TapeWords;
use crate::core_store::PLACES;
use crate::core_store::decoded::fusion::fusions;
use crate::core_store::decoded::kinds::kinds;
use crate::core_store::decoded::{Decoded, ENTRIES, Entry, Kind, renew};
use crate::cpu::Cpu;
use crate::cpu::index::IndexRegisters;
use crate::cpu::storage::{inverted, minus, plus, straight};
use crate::io::WholeWord;
use crate::machine::partial::{LEFT_HALF, PREFIX};

/// What is in the MQ column of the table.
macro_rules! uses_mq {
    (MQ) => {
        true
    };
    (ac) => {
        false
    };
}

/// The operation whose row gives the cycles.
macro_rules! cost {
    ($op:ident $($other:ident)*) => {
        const { cost_of(Op::$op) }
    };
}

macro_rules! make_loop {
    (
        fused { $($fused:ident: $first:ident $second:ident $($third:ident)?;)* }
        operand { $($direct:ident $indexed:ident [$($o0:ident)+] $m0:ident $line:ident $act:ident;)* }
        memory { $($to:ident $to_indexed:ident [$($o1:ident)+] $m1:ident $s1:ident ($($a1:tt)*);)* }
        count { $($count:ident [$($o2:ident)+] $m2:ident $s2:ident ($($a2:tt)*);)* }
        index { $($index:ident [$($o3:ident)+] $m3:ident $s3:ident ($($a3:tt)*);)* }
        as_it_is { $($any:ident [$($o4:ident)+] $m4:ident $s4:ident ($($a4:tt)*);)* }
        shift { $($shift:ident [$($o5:ident)+] $m5:ident $step:ident;)* }
        sense { $($sense:ident [$($o6:ident)+] $m6:ident $s6:ident ($($a6:tt)*);)* }
    ) => {
        impl<const WORDS: bool> Fast<'_, WORDS> {
            /// Executes one instruction, which is of this kind. The kind is known where this is inlined, so that nothing is
            /// left of the match.
            #[inline(always)]
            fn execute(&mut self, kind: Kind, at: usize) -> Then {
                let (then, cost) = match kind {
                    $(
                        Kind::$direct => {
                            if self.is_watched::<false>(at) {
                                return Then::Leave;
                            }
                            let word = $line(self.operand::<false>(at));
                            (self.regs.$act(word).end(&mut self.budget), cost!($($o0)+))
                        }
                        Kind::$indexed => {
                            if self.is_watched::<true>(at) {
                                return Then::Leave;
                            }
                            let word = $line(self.operand::<true>(at));
                            (self.regs.$act(word).end(&mut self.budget), cost!($($o0)+))
                        }
                    )*
                    $(
                        Kind::$to => {
                            if self.is_watched::<false>(at) {
                                return Then::Leave;
                            }
                            (self.$s1::<false>(at, $($a1)*), cost!($($o1)+))
                        }
                        Kind::$to_indexed => {
                            if self.is_watched::<true>(at) {
                                return Then::Leave;
                            }
                            (self.$s1::<true>(at, $($a1)*), cost!($($o1)+))
                        }
                    )*
                    $(Kind::$count => (self.$s2(at, $($a2)*), cost!($($o2)+)),)*
                    $(
                        Kind::$index => {
                            if self.is_watched::<false>(at) {
                                return Then::Leave;
                            }
                            (self.$s3(at, $($a3)*), cost!($($o3)+))
                        }
                    )*
                    $(
                        Kind::$any => {
                            if self.is_watched::<false>(at) {
                                return Then::Leave;
                            }
                            (self.$s4(at, $($a4)*), cost!($($o4)+))
                        }
                    )*
                    $(
                        Kind::$shift => {
                            let (places, cycles) = self.places(at);
                            self.regs.$step(places);
                            (cycles.end(&mut self.budget), cost!($($o5)+))
                        }
                    )*
                    $(Kind::$sense => (self.$s6(at, $($a6)*), cost!($($o6)+)),)*
                    _ => return Then::Leave,
                };
                if !matches!(then, Then::Leave) {
                    self.budget -= cost;
                }
                then
            }
        }

        /// Executes instructions until one is not for this loop, or until the budget of `tape` is spent; at least one while
        /// there is any. Returns what they have taken from it, or from the last that a CPY has begun.
        #[inline(never)]
        pub(super) fn run<const HIDE: bool, const WORDS: bool>(
            cpu: &mut Cpu,
            mask: u16,
            words: &mut [Word; PLACES],
            decoded: &mut Decoded,
            tape: &mut TapeWords,
        ) -> i32 {
            let Decoded { entries, breaks } = decoded;
            let entries: &mut [Entry; ENTRIES] = entries;
            let mut xr = ByTag::of(cpu);
            let i = usize::from(cpu.ic);
            let mut fast = Fast::<WORDS> {
                mask,
                regs: cpu.in_hand(),
                xr: &mut xr,
                words,
                entries,
                i,
                budget: tape.budget,
            };

            /// Does the instruction at a place; goes on behind it, or elsewhere, or leaves.
            macro_rules! one {
                ($name:ident, $at:literal) => {
                    match fast.execute(Kind::$name, $at) {
                        Then::Next => {}
                        Then::Go(to) => {
                            fast.i = to;
                            continue;
                        }
                        Then::Leave => {
                            fast.i = fast.i.wrapping_add($at);
                            break;
                        }
                    }
                };
            }
            /// Does one instruction and nothing more.
            macro_rules! alone {
                ($name:ident, $mq:ident) => {{
                    if HIDE && uses_mq!($mq) {
                        break;
                    }
                    one!($name, 0);
                    fast.i = fast.i.wrapping_add(1);
                }};
            }
            /// Goes on in the pair while the next word is what it was: the instruction before may have changed it.
            macro_rules! next {
                ($name:ident, $at:literal) => {
                    if !matches!(fast.entry($at).kinds[1], Kind::$name) {
                        fast.i = fast.i.wrapping_add($at);
                        continue;
                    }
                    one!($name, $at);
                };
            }

            /// The CPY that copies a whole word of a tape; a new budget begins behind it.
            macro_rules! copy {
                ($by_index:literal) => {{
                    if !HIDE {
                        break;
                    }
                    let y = fast.address::<$by_index>(0);
                    let location = fast.i as u16;
                    let Some(copied) = tape.copy(tape.budget - fast.budget, location, fast.regs.mq()) else { break };
                    match copied {
                        WholeWord::Read(word) => {
                            fast.regs.load_mq(word);
                            fast.poke(y, word);
                        }
                        WholeWord::Written => fast.regs.load_mq(fast.words[y]),
                    }
                    fast.budget = tape.budget;
                    fast.i = fast.i.wrapping_add(1);
                }};
            }

            // A CPY may come when the time until its word is spent.
            while fast.budget >= 0 || HIDE && matches!(fast.entry(0).kinds[1], Kind::Copy | Kind::CopyX) {
                match fast.entry(0).kinds[usize::from(HIDE)] {
                    Kind::Stale => {
                        let word = fast.words[fast.i & usize::from(mask)];
                        renew(fast.entries, breaks, fast.i as u16, word, mask);
                    }
                    Kind::Plain => break,
                    Kind::Copy => copy!(false),
                    Kind::CopyX => copy!(true),
                    // in core of this size: its number is that of its words
                    Kind::Wrap => fast.i = fast.i.wrapping_sub(usize::from(mask) + 1),
                    $(Kind::$direct => alone!($direct, $m0),)*
                    $(Kind::$indexed => alone!($indexed, $m0),)*
                    $(Kind::$to => alone!($to, $m1),)*
                    $(Kind::$to_indexed => alone!($to_indexed, $m1),)*
                    $(Kind::$count => alone!($count, $m2),)*
                    $(Kind::$index => alone!($index, $m3),)*
                    $(Kind::$any => alone!($any, $m4),)*
                    $(Kind::$shift => alone!($shift, $m5),)*
                    $(Kind::$sense => alone!($sense, $m6),)*
                    $(
                        Kind::$fused => {
                            // Each by itself is looked at then, never a pair.
                            if HIDE {
                                break;
                            }
                            one!($first, 0);
                            next!($second, 1);
                            $(next!($third, 2);)?
                            fast.i = fast.i.wrapping_add(const { [Kind::$first, Kind::$second $(, Kind::$third)?].len() });
                        }
                    )*
                }
            }

            let Fast { regs, i, budget, .. } = fast;
            let left = regs.ac_and_mq();
            cpu.put_back(left);
            // Left between the last word and word 0.
            cpu.ic = if i > usize::from(mask) { 0 } else { i as u16 };
            xr.put_back(cpu);
            tape.budget - budget
        }
    };
}

fusions!(kinds make_loop);
