//! The loop proper. Its arms are made of the tables in `core_store/decoded`: an arm a kind, and an arm a sequence.

use std::marker::PhantomData;

use asm704::Word;

use super::super::condition::{Held, rank_of, rank_of_ac};
use super::super::seen::Seen;
use super::memory::{InLoop, InMemory};
use super::onlooker::Onlook;
use super::shapes::{At, Fast, Then};
use super::steps::{Step, is_long};
use super::words::TapeWords;
use crate::core_store::PLACES;
use crate::core_store::decoded::fusion::fusions;
use crate::core_store::decoded::kinds::kinds;
use crate::core_store::decoded::{ENTRIES, Entry, Kind, Marks, pass, renew};
use crate::cpu::Cpu;
use crate::io::WholeWord;

/// What is in the MQ column of the table: the instruction is left to the plain interpreter while characters pass through MQ.
macro_rules! is_left {
    (MQ) => {
        true
    };
    (rare) => {
        true
    };
    (ac) => {
        false
    };
}

macro_rules! make_loop {
    (
        fused { $($fused:ident: $first:ident $second:ident $($third:ident $($fourth:ident)?)?;)* }
        same { $($same:ident: $first_same:ident $second_same:ident $($third_same:ident $($fourth_same:ident)?)?;)* }
        operand { $($direct:ident $indexed:ident [$($o0:ident)+] $m0:ident $line:ident $act:ident;)* }
        memory { $($to:ident $to_indexed:ident [$($o1:ident)+] $m1:ident $s1:ident ($($a1:tt)*);)* }
        count { $($count:ident [$($o2:ident)+] $m2:ident $s2:ident ($($a2:tt)*);)* }
        index { $($index:ident [$($o3:ident)+] $m3:ident $s3:ident ($($a3:tt)*);)* }
        as_it_is { $($any:ident [$($o4:ident)+] $m4:ident $s4:ident ($($a4:tt)*);)* }
        shift { $($shift:ident [$($o5:ident)+] $m5:ident $step:ident;)* }
        sense { $($sense:ident [$($o6:ident)+] $m6:ident $s6:ident ($($a6:tt)*);)* }
    ) => {
        /// Executes instructions until one is not for this loop, or until the budget of `tape` is spent; at least one while
        /// there is any. Returns what they have taken from it, or from the last that a CPY has begun.
        ///
        /// The budget is looked at before each instruction or sequence with `HIDE`, and if an onlooker sees each or watches words. Otherwise it is looked at behind long
        /// ones, at transfers and where [`Kind::Look`] is, and may be exceeded by [`super::STRETCH_CYCLES`].
        #[inline(never)]
        pub(super) fn run<const HIDE: bool, O: Onlook>(
            cpu: &mut Cpu,
            mask: u16,
            words: &mut [Word; PLACES],
            entries: &mut [Entry; ENTRIES],
            tape: &mut TapeWords,
            marks: &mut Marks,
            mut onlooker: O,
        ) -> i32 {
            /// The budget is looked at before each.
            struct Each<const HIDE: bool, O>(O);
            impl<const HIDE: bool, O: Onlook> Each<HIDE, O> {
                const YES: bool = HIDE || O::WATCHES || O::SEES;
            }

            let xr = InMemory::of(cpu);
            let i = usize::from(cpu.ic);
            let mut fast = Fast::<O> {
                mask: mask.into(),
                regs: cpu.in_hand().with_beside(InLoop::new(&xr, tape.budget)),
                xr: &xr,
                words,
                entries,
                i,
                onlooker: PhantomData,
            };

            'go: loop {
                /// Does the instruction at a place, with what is in its index register if that is known; goes on behind it,
                /// or elsewhere, or leaves.
                macro_rules! one {
                    ($name:ident, $at:literal, $x:expr) => {
                        match Step::<{ Kind::$name as u8 }>::step(&mut fast, At { word: $at, x: $x }) {
                            Then::Next => {}
                            Then::Go(to) => {
                                fast.i = to;
                                look!(true);
                                continue 'go;
                            }
                            Then::LastNext => {
                                fast.i = fast.i.wrapping_add($at + 1);
                                break 'go;
                            }
                            Then::LastGo(to) => {
                                fast.i = to;
                                break 'go;
                            }
                            // By itself it leaves. Here it would need what was spent so far a second time.
                            Then::Leave if $at > 0 => {
                                fast.i = fast.i.wrapping_add($at);
                                look!(true);
                                continue 'go;
                            }
                            Then::Leave => {
                                onlooker.leaves_seen();
                                break 'go;
                            }
                        }
                    };
                }
                /// Leaves with a budget that is spent.
                macro_rules! look {
                    ($needed:expr) => {
                        if !Each::<HIDE, O>::YES && $needed && fast.regs.beside.budget < 0 {
                            break 'go;
                        }
                    };
                }
                /// Does one instruction and nothing more.
                macro_rules! alone {
                    ($name:ident, $mq:ident) => {{
                        if HIDE && is_left!($mq) {
                            break 'go;
                        }
                        one!($name, 0, None);
                        fast.i = fast.i.wrapping_add(1);
                        look!(const { is_long(&[Kind::$name]) });
                    }};
                }
                /// Goes on in the sequence while the next word is what it was: the instruction before may have changed it.
                macro_rules! next {
                    ($name:ident, $at:literal, $x:expr) => {
                        if !matches!(fast.entry($at).kinds[1], Kind::$name) {
                            fast.i = fast.i.wrapping_add($at);
                            look!(true);
                            continue 'go;
                        }
                        one!($name, $at, $x);
                    };
                }
                /// Does the instructions of a sequence, with what is in their index register if it is the same one.
                macro_rules! sequence {
                    ($x:expr, $looks:literal; $one:ident $two:ident) => {
                        one!($one, 0, $x);
                        next!($two, 1, $x);
                        fast.i = fast.i.wrapping_add(2);
                        look!(const { is_long(&[Kind::$one, Kind::$two]) || $looks && Kind::$two.has_decrement() });
                    };
                    ($x:expr, $looks:literal; $one:ident $two:ident $three:ident) => {
                        one!($one, 0, $x);
                        next!($two, 1, $x);
                        next!($three, 2, $x);
                        fast.i = fast.i.wrapping_add(3);
                        look!(const { is_long(&[Kind::$one, Kind::$two, Kind::$three]) || $looks && Kind::$three.has_decrement() });
                    };
                    ($x:expr, $looks:literal; $one:ident $two:ident $three:ident $four:ident) => {
                        one!($one, 0, $x);
                        next!($two, 1, $x);
                        next!($three, 2, $x);
                        next!($four, 3, $x);
                        fast.i = fast.i.wrapping_add(4);
                        look!(const { is_long(&[Kind::$one, Kind::$two, Kind::$three, Kind::$four]) || $looks && Kind::$four.has_decrement() });
                    };
                }

                /// What an onlooker sees.
                macro_rules! seen {
                    () => {{
                        Seen {
                            ic: fast.i as u16,
                            ac: fast.regs.ac(),
                            mq: fast.regs.mq(),
                            xr: fast.xr.by_tag(),
                            cycle: tape.cycle_after(tape.budget - fast.regs.beside.budget),
                            words: fast.words,
                            mask,
                            machine: None,
                        }
                    }};
                }

                /// Leaves if nothing is asked at a location, or all conditions there hold; else the kind of what is there.
                macro_rules! ask {
                    () => {{
                        let Some(number) = fast.entry(0).mark.question() else { break 'go };
                        let (Some(asked), Some(question)) = (marks.asked.get(number), onlooker.question(number)) else {
                            break 'go;
                        };
                        let first = &question.first;
                        let passes = match first.held {
                            Held::Ac => first.passes(rank_of_ac(fast.regs.ac())),
                            Held::Mq => first.passes(rank_of(fast.regs.mq())),
                            Held::Xr(tag) => first.passes(fast.xr.of_tag(tag).into()),
                            Held::Core(address) => first.passes(rank_of(fast.words[usize::from(address)])),
                            Held::Other => true,
                        };
                        if passes && (!question.has_rest() || question.rest_holds(&seen!())) {
                            break 'go;
                        }
                        asked.whole
                    }};
                }

                /// The CPY that copies a whole word of a tape; a new budget begins behind it.
                macro_rules! copy {
                    ($by_index:literal) => {{
                        if !HIDE {
                            break 'go;
                        }
                        if fast.is_watched::<$by_index>(At::ALONE) {
                            break 'go;
                        }
                        let y = fast.address::<$by_index>(At::ALONE);
                        let location = fast.i as u16;
                        let spent = tape.budget - fast.regs.beside.budget;
                        let Some(copied) = tape.copy(spent, location, fast.regs.mq()) else { break 'go };
                        match copied {
                            WholeWord::Read(word) => {
                                fast.regs.load_mq(word);
                                fast.poke(y, word);
                            }
                            WholeWord::Written => fast.regs.load_mq(fast.words[y]),
                        }
                        fast.regs.beside.budget = tape.budget;
                        fast.i = fast.i.wrapping_add(1);
                    }};
                }

                if Each::<HIDE, O>::YES && fast.regs.beside.budget < 0 {
                    // A CPY may come when the time until its word is spent.
                    if !(HIDE && matches!(fast.entry(0).kinds[1], Kind::Copy | Kind::CopyX)) {
                        break;
                    }
                }
                let mut kind = fast.entry(0).kinds[usize::from(HIDE || O::SEES)];
                if O::ASKS && matches!(kind, Kind::Plain) {
                    kind = ask!();
                }
                if O::SEES && kind.is_done() {
                    onlooker.see(&seen!());
                    fast.regs.hide();
                }
                match kind {
                    Kind::Look => {
                        look!(true);
                        pass(fast.entries, marks, fast.i as u16);
                    }
                    Kind::Stale => {
                        let word = fast.words[fast.i & usize::from(mask)];
                        renew(fast.entries, marks, fast.i as u16, word, mask);
                        if fast.any_is_guarded() {
                            break 'go;
                        }
                    }
                    Kind::Plain => break 'go,
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
                    // Each by itself is looked at with HIDE, and by an onlooker who sees each, never a sequence.
                    $(Kind::$fused => {
                        if HIDE || O::SEES {
                            break 'go;
                        }
                        sequence!(None, true; $first $second $($third $($fourth)?)?);
                    })*
                    $(Kind::$same => {
                        if HIDE || O::SEES {
                            break 'go;
                        }
                        let x = Some(fast.index(At::ALONE));
                        sequence!(x, false; $first_same $second_same $($third_same $($fourth_same)?)?);
                    })*
                }
            }

            let Fast { regs, i, .. } = fast;
            let budget = regs.beside.budget;
            let left = regs.ac();
            cpu.put_back(left);
            // Left between the last word and word 0.
            cpu.ic = if i > usize::from(mask) { 0 } else { i as u16 };
            xr.put_back(cpu);
            tape.budget - budget
        }
    };
}

fusions!(kinds make_loop);
