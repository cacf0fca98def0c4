//! The fast loop: instructions of the CPU alone, from words decoded ahead, with the registers in locals.
//!
//! It is entered where no unit is due for a while and left before one is, and it leaves to the plain interpreter
//! whatever waits, stops, asks the console or is rare. What the plain interpreter does on every instruction and this
//! loop does not: it does not look at trapping mode (it is not entered in it, and nothing here turns it on), and
//! it keeps neither instruction register nor storage register. The instruction behind it is always a plain one, which
//! sets both; nobody sees them before.

use std::cmp::Ordering;

use asm704::Word;

use super::Machine;
use crate::core_store::CoreSize;
use crate::core_store::decoded::{Kind, Operand};
use crate::cpu::Ac;
use crate::cpu::arith::{compare, divide_long};

/// More cycles than any instruction of the loop takes, so that the next one still begins before an event.
const MARGIN: u64 = 64;
/// The most cycles in one go: the number of instructions, at least two cycles each, fits below the cycles.
const MOST: u64 = 1 << 20;
/// The place of cycles in the budget; instructions are counted in the places below.
const CYCLES: u32 = 20;

/// What an instruction of so many cycles takes from the budget.
const fn cost(cycles: u64) -> i64 {
    (cycles << CYCLES) as i64 + 1
}

const TWO: i64 = cost(2);

impl Machine {
    /// Executes instructions as long as they are of the CPU alone and begin well before cycle `due`. At least one
    /// plain instruction must follow before anybody looks at the machine.
    #[inline]
    pub(super) fn fast(&mut self, due: u64) {
        let left = due.saturating_sub(self.cycle);
        if left <= MARGIN
            || self.cpu.trapping
            || self.in_progress.is_some()
            || self.cpu.ic > self.core.size().mask()
        {
            return;
        }
        let cycles = (left - MARGIN).min(MOST);
        match self.core.size() {
            CoreSize::K4 => self.fast_loop::<{ CoreSize::K4.mask() }>(cycles),
            CoreSize::K8 => self.fast_loop::<{ CoreSize::K8.mask() }>(cycles),
            CoreSize::K32 => self.fast_loop::<{ CoreSize::K32.mask() }>(cycles),
        }
    }

    /// At least one instruction, unless it is not for this loop; none begins after so many cycles.
    #[inline(never)]
    fn fast_loop<const MASK: u16>(&mut self, cycles: u64) {
        let full = (cycles << CYCLES) as i64;
        let mut budget = full;
        let cpu = &mut self.cpu;
        let (words, decoded) = self.core.with_decoded();
        let mut i = cpu.ic;
        // AC: the sign in its place of a word, and Q,P,1-35.
        let mut sign = if cpu.ac.negative { Word::SIGN } else { 0 };
        let mut mag = cpu.ac.magnitude;
        let mut mq = cpu.mq;
        // By tag.
        let mut xr = [0, cpu.xr[0], cpu.xr[1], 0, cpu.xr[2], 0, 0, 0];

        macro_rules! operand {
            () => {
                decoded.operands[usize::from(i)]
            };
        }
        macro_rules! index {
            ($o:ident) => {
                xr[$o.tag as usize]
            };
        }
        // Effective addresses: D is direct, X less an index register.
        macro_rules! y {
            (D, $o:ident) => {
                usize::from($o.y & MASK)
            };
            (X, $o:ident) => {
                usize::from($o.y.wrapping_sub(index!($o)) & MASK)
            };
        }
        macro_rules! next {
            ($cost:expr) => {{
                i = i.wrapping_add(1);
                budget -= $cost;
            }};
        }
        macro_rules! load {
            ($mode:ident) => {{
                let o: Operand = operand!();
                words[y!($mode, o)]
            }};
        }
        macro_rules! store_at {
            ($y:expr, $word:expr) => {{
                let y = $y;
                words[y] = $word;
                decoded.kinds[y] = Kind::Stale;
            }};
        }
        macro_rules! store {
            ($mode:ident, $word:expr) => {{
                let o: Operand = operand!();
                store_at!(y!($mode, o), $word);
                next!(TWO);
            }};
        }
        macro_rules! store_part {
            ($mode:ident, $mask:expr, $bits:expr) => {{
                let o: Operand = operand!();
                let y = y!($mode, o);
                store_at!(y, Word::new((words[y].bits() & !$mask) | ($bits & $mask)));
                next!(TWO);
            }};
        }
        macro_rules! set_ac {
            ($ac:expr) => {{
                let ac: Ac = $ac;
                sign = if ac.negative { Word::SIGN } else { 0 };
                mag = ac.magnitude;
            }};
        }
        macro_rules! ac {
            () => {
                Ac { negative: sign & Word::SIGN != 0, magnitude: mag }
            };
        }
        // Adds a magnitude with the sign bit of `other`.
        macro_rules! add {
            ($other:expr, $operand:expr) => {{
                let (other, operand): (u64, u64) = ($other, $operand);
                if (other ^ sign) & Word::SIGN == 0 {
                    let sum = mag + operand;
                    if (sum ^ mag) & Ac::P != 0 {
                        cpu.ac_overflow = true;
                    }
                    mag = sum & !(Ac::Q << 1);
                } else if mag >= operand {
                    mag -= operand;
                } else {
                    mag = operand - mag;
                    sign ^= Word::SIGN;
                }
                next!(TWO);
            }};
        }
        macro_rules! goto_if {
            ($mode:ident, $condition:expr) => {{
                let o: Operand = operand!();
                let taken = $condition;
                budget -= TWO;
                i = if taken { y!($mode, o) as u16 } else { i.wrapping_add(1) };
            }};
        }
        // What is done by the functions of the plain interpreter, on the registers in their places.
        macro_rules! on_cpu {
            (|$cpu:ident| $what:expr) => {{
                cpu.ac = ac!();
                cpu.mq = mq;
                let $cpu = &mut *cpu;
                let result = $what;
                mq = cpu.mq;
                set_ac!(cpu.ac);
                result
            }};
        }
        macro_rules! fad {
            ($mode:ident, $function:ident) => {{
                let w = load!($mode);
                let cycles = on_cpu!(|cpu| cpu.$function(w));
                next!((cycles << CYCLES) as i64 + 1);
            }};
        }
        // Shifts of at most 35 places; n is their number, and the cycles were counted ahead.
        macro_rules! shift {
            (|$n:ident| $what:expr) => {{
                let o: Operand = operand!();
                let $n = o.y & 63;
                $what;
                next!((u64::from(o.d) << CYCLES) as i64 + 1);
            }};
        }
        // AC overflow when a one is among the n places below P, all of which pass it on the way to the left.
        macro_rules! left_through_p {
            ($n:ident) => {
                if (mag & Word::MAGNITUDE) >> (35_u16.wrapping_sub($n) & 63) != 0 {
                    cpu.ac_overflow = true;
                }
            };
        }
        // The instructions with an effective address; the others are below.
        macro_rules! arm {
            (Cla, $m:ident) => {{
                let w = load!($m);
                mag = w.magnitude();
                sign = w.bits() & Word::SIGN;
                next!(TWO);
            }};
            (Cls, $m:ident) => {{
                let w = load!($m);
                mag = w.magnitude();
                sign = !w.bits() & Word::SIGN;
                next!(TWO);
            }};
            (Cal, $m:ident) => {{
                mag = load!($m).bits();
                sign = 0;
                next!(TWO);
            }};
            (Add, $m:ident) => {{
                let w = load!($m);
                add!(w.bits(), w.magnitude());
            }};
            (Sub, $m:ident) => {{
                let w = load!($m);
                add!(!w.bits(), w.magnitude());
            }};
            (Adm, $m:ident) => {{
                let w = load!($m);
                add!(0, w.magnitude());
            }};
            (Sbm, $m:ident) => {{
                let w = load!($m);
                add!(Word::SIGN, w.magnitude());
            }};
            (Acl, $m:ident) => {{
                let w = load!($m);
                mag = (mag & Ac::Q) | Word::new(mag).add_logical(w).bits();
                next!(TWO);
            }};
            (Mpy, $m:ident) => {{
                let w = load!($m);
                let product = u128::from(mq.magnitude()) * u128::from(w.magnitude());
                sign = (mq.bits() ^ w.bits()) & Word::SIGN;
                mag = (product >> 35) as u64;
                mq = Word::new((product as u64 & Word::MAGNITUDE) | sign);
                next!(cost(20));
            }};
            (Mpr, $m:ident) => {{
                let w = load!($m);
                on_cpu!(|cpu| cpu.multiply(w, true));
                next!(cost(20));
            }};
            (Div, $m:ident) => {{
                let w = load!($m);
                let divisor = w.magnitude();
                if divisor <= mag {
                    break;
                }
                let (quotient, remainder) = divide_long(mag, mq.magnitude(), divisor);
                mq = Word::new((quotient & Word::MAGNITUDE) | (sign ^ w.bits()) & Word::SIGN);
                mag = remainder;
                next!(cost(20));
            }};
            (Ldq, $m:ident) => {{
                mq = load!($m);
                next!(TWO);
            }};
            (Stq, $m:ident) => {
                store!($m, mq)
            };
            (Slq, $m:ident) => {
                store_part!($m, 0o777777000000, mq.bits())
            };
            (Sto, $m:ident) => {
                store!($m, Word::new((mag & Word::MAGNITUDE) | (sign & Word::SIGN)))
            };
            (Slw, $m:ident) => {
                store!($m, Word::new(mag))
            };
            (Stz, $m:ident) => {
                store!($m, Word::ZERO)
            };
            (Stp, $m:ident) => {
                store_part!($m, 0o700000000000, mag)
            };
            (Std, $m:ident) => {
                store_part!($m, 0o077777000000, mag)
            };
            (Sta, $m:ident) => {
                store_part!($m, 0o000000077777, mag)
            };
            (Ana, $m:ident) => {{
                mag &= load!($m).bits();
                sign = 0;
                next!(cost(3));
            }};
            (Ans, $m:ident) => {{
                let o: Operand = operand!();
                let y = y!($m, o);
                store_at!(y, words[y] & Word::new(mag));
                next!(cost(4));
            }};
            (Ora, $m:ident) => {{
                mag |= load!($m).bits();
                next!(TWO);
            }};
            (Ors, $m:ident) => {{
                let o: Operand = operand!();
                let y = y!($m, o);
                store_at!(y, words[y] | Word::new(mag));
                next!(TWO);
            }};
            (Cas, $m:ident) => {{
                let w = load!($m);
                let ac = ac!();
                let skip = match compare(ac.negative, ac.magnitude, w.is_negative(), w.magnitude()) {
                    Ordering::Greater => 1,
                    Ordering::Equal => 2,
                    Ordering::Less => 3,
                };
                i = i.wrapping_add(skip) & MASK;
                budget -= cost(3);
            }};
            (Fad, $m:ident) => {
                fad!($m, fad)
            };
            (Fsb, $m:ident) => {
                fad!($m, fsb)
            };
            (Ufa, $m:ident) => {
                fad!($m, ufa)
            };
            (Ufs, $m:ident) => {
                fad!($m, ufs)
            };
            (Fmp, $m:ident) => {{
                let w = load!($m);
                on_cpu!(|cpu| cpu.float_multiply(w, true));
                next!(cost(17));
            }};
            (Ufm, $m:ident) => {{
                let w = load!($m);
                on_cpu!(|cpu| cpu.float_multiply(w, false));
                next!(cost(17));
            }};
            (Fdp, $m:ident) => {{
                let w = load!($m);
                if !Ac::divides(mag, w) {
                    break;
                }
                on_cpu!(|cpu| cpu.float_divide_done(w));
                next!(cost(18));
            }};
            (Tra, $m:ident) => {
                goto_if!($m, true)
            };
            (Tze, $m:ident) => {
                goto_if!($m, mag == 0)
            };
            (Tnz, $m:ident) => {
                goto_if!($m, mag != 0)
            };
            (Tpl, $m:ident) => {
                goto_if!($m, sign & Word::SIGN == 0)
            };
            (Tmi, $m:ident) => {
                goto_if!($m, sign & Word::SIGN != 0)
            };
            (Tov, $m:ident) => {
                goto_if!($m, std::mem::take(&mut cpu.ac_overflow))
            };
            (Tno, $m:ident) => {
                goto_if!($m, !std::mem::take(&mut cpu.ac_overflow))
            };
            (Tqo, $m:ident) => {
                goto_if!($m, std::mem::take(&mut cpu.mq_overflow))
            };
            (Tqp, $m:ident) => {
                goto_if!($m, !mq.is_negative())
            };
            (Tlq, $m:ident) => {{
                let ac = ac!();
                let order = compare(mq.is_negative(), mq.magnitude(), ac.negative, ac.magnitude);
                goto_if!($m, order == Ordering::Less)
            }};
        }
        // Skips one where the condition holds; beyond the last word, wraps.
        macro_rules! skip_if {
            ($condition:expr) => {{
                let skip = if $condition { 2 } else { 1 };
                i = i.wrapping_add(skip) & MASK;
                budget -= TWO;
            }};
        }

        while budget >= 0 {
            match decoded.kinds[usize::from(i)] {
                Kind::Stale => {
                    decoded.renew(i, words[usize::from(i & MASK)], MASK);
                }
                Kind::Plain => break,
                Kind::Wrap => i = 0,
                Kind::Cla => arm!(Cla, D),
                Kind::ClaX => arm!(Cla, X),
                Kind::Cls => arm!(Cls, D),
                Kind::ClsX => arm!(Cls, X),
                Kind::Cal => arm!(Cal, D),
                Kind::CalX => arm!(Cal, X),
                Kind::Add => arm!(Add, D),
                Kind::AddX => arm!(Add, X),
                Kind::Sub => arm!(Sub, D),
                Kind::SubX => arm!(Sub, X),
                Kind::Adm => arm!(Adm, D),
                Kind::AdmX => arm!(Adm, X),
                Kind::Sbm => arm!(Sbm, D),
                Kind::SbmX => arm!(Sbm, X),
                Kind::Acl => arm!(Acl, D),
                Kind::AclX => arm!(Acl, X),
                Kind::Mpy => arm!(Mpy, D),
                Kind::MpyX => arm!(Mpy, X),
                Kind::Mpr => arm!(Mpr, D),
                Kind::MprX => arm!(Mpr, X),
                Kind::Div => arm!(Div, D),
                Kind::DivX => arm!(Div, X),
                Kind::Ldq => arm!(Ldq, D),
                Kind::LdqX => arm!(Ldq, X),
                Kind::Stq => arm!(Stq, D),
                Kind::StqX => arm!(Stq, X),
                Kind::Slq => arm!(Slq, D),
                Kind::SlqX => arm!(Slq, X),
                Kind::Sto => arm!(Sto, D),
                Kind::StoX => arm!(Sto, X),
                Kind::Slw => arm!(Slw, D),
                Kind::SlwX => arm!(Slw, X),
                Kind::Stz => arm!(Stz, D),
                Kind::StzX => arm!(Stz, X),
                Kind::Stp => arm!(Stp, D),
                Kind::StpX => arm!(Stp, X),
                Kind::Std => arm!(Std, D),
                Kind::StdX => arm!(Std, X),
                Kind::Sta => arm!(Sta, D),
                Kind::StaX => arm!(Sta, X),
                Kind::Ana => arm!(Ana, D),
                Kind::AnaX => arm!(Ana, X),
                Kind::Ans => arm!(Ans, D),
                Kind::AnsX => arm!(Ans, X),
                Kind::Ora => arm!(Ora, D),
                Kind::OraX => arm!(Ora, X),
                Kind::Ors => arm!(Ors, D),
                Kind::OrsX => arm!(Ors, X),
                Kind::Cas => arm!(Cas, D),
                Kind::CasX => arm!(Cas, X),
                Kind::Fad => arm!(Fad, D),
                Kind::FadX => arm!(Fad, X),
                Kind::Fsb => arm!(Fsb, D),
                Kind::FsbX => arm!(Fsb, X),
                Kind::Ufa => arm!(Ufa, D),
                Kind::UfaX => arm!(Ufa, X),
                Kind::Ufs => arm!(Ufs, D),
                Kind::UfsX => arm!(Ufs, X),
                Kind::Fmp => arm!(Fmp, D),
                Kind::FmpX => arm!(Fmp, X),
                Kind::Ufm => arm!(Ufm, D),
                Kind::UfmX => arm!(Ufm, X),
                Kind::Fdp => arm!(Fdp, D),
                Kind::FdpX => arm!(Fdp, X),
                Kind::Tra => arm!(Tra, D),
                Kind::TraX => arm!(Tra, X),
                Kind::Tze => arm!(Tze, D),
                Kind::TzeX => arm!(Tze, X),
                Kind::Tnz => arm!(Tnz, D),
                Kind::TnzX => arm!(Tnz, X),
                Kind::Tpl => arm!(Tpl, D),
                Kind::TplX => arm!(Tpl, X),
                Kind::Tmi => arm!(Tmi, D),
                Kind::TmiX => arm!(Tmi, X),
                Kind::Tov => arm!(Tov, D),
                Kind::TovX => arm!(Tov, X),
                Kind::Tno => arm!(Tno, D),
                Kind::TnoX => arm!(Tno, X),
                Kind::Tqo => arm!(Tqo, D),
                Kind::TqoX => arm!(Tqo, X),
                Kind::Tqp => arm!(Tqp, D),
                Kind::TqpX => arm!(Tqp, X),
                Kind::Tlq => arm!(Tlq, D),
                Kind::TlqX => arm!(Tlq, X),
                Kind::Als => shift!(|n| {
                    left_through_p!(n);
                    mag = mag << n & Ac::MASK;
                }),
                Kind::Ars => shift!(|n| mag >>= n),
                Kind::Lls => shift!(|n| {
                    left_through_p!(n);
                    let entering = mq.magnitude() >> (35_u16.wrapping_sub(n) & 63);
                    sign = mq.bits() & Word::SIGN;
                    mag = (mag << n | entering) & Ac::MASK;
                    mq = Word::new((mq.bits() << n & Word::MAGNITUDE) | sign);
                }),
                Kind::Lrs => shift!(|n| {
                    let entering = mag << (35_u16.wrapping_sub(n) & 63);
                    mag >>= n;
                    mq = Word::new(((mq.magnitude() >> n | entering) & Word::MAGNITUDE) | sign & Word::SIGN);
                }),
                Kind::Lgl => shift!(|n| {
                    left_through_p!(n);
                    let entering = mq.bits() >> (36_u16.wrapping_sub(n) & 63);
                    mag = (mag << n | entering) & Ac::MASK;
                    mq = Word::new(mq.bits() << n);
                }),
                Kind::Rql => shift!(|n| {
                    mq = Word::new(mq.bits() << n | mq.bits() >> (36_u16.wrapping_sub(n) & 63));
                }),
                Kind::Tsx => {
                    let o: Operand = operand!();
                    xr[o.tag as usize] = i.wrapping_neg() & MASK;
                    budget -= TWO;
                    i = o.y;
                }
                Kind::Txi => {
                    let o: Operand = operand!();
                    xr[o.tag as usize] = index!(o).wrapping_add(o.d) & MASK;
                    budget -= TWO;
                    i = o.y;
                }
                Kind::Tix => {
                    let o: Operand = operand!();
                    let x = index!(o);
                    budget -= TWO;
                    if x > o.d {
                        xr[o.tag as usize] = x - o.d;
                        i = o.y;
                    } else {
                        i = i.wrapping_add(1);
                    }
                }
                Kind::Tnx => {
                    let o: Operand = operand!();
                    let x = index!(o);
                    budget -= TWO;
                    if x > o.d {
                        xr[o.tag as usize] = x - o.d;
                        i = i.wrapping_add(1);
                    } else {
                        i = o.y;
                    }
                }
                Kind::Txh => {
                    let o: Operand = operand!();
                    budget -= TWO;
                    i = if index!(o) > o.d { o.y } else { i.wrapping_add(1) };
                }
                Kind::Txl => {
                    let o: Operand = operand!();
                    budget -= TWO;
                    i = if index!(o) <= o.d { o.y } else { i.wrapping_add(1) };
                }
                Kind::Lxa => {
                    let o: Operand = operand!();
                    xr[o.tag as usize] = words[y!(D, o)].address() & MASK;
                    next!(TWO);
                }
                Kind::Lxd => {
                    let o: Operand = operand!();
                    xr[o.tag as usize] = words[y!(D, o)].decrement() & MASK;
                    next!(TWO);
                }
                Kind::Sxd => {
                    let o: Operand = operand!();
                    let y = y!(D, o);
                    store_at!(y, words[y].with_decrement(index!(o)));
                    next!(TWO);
                }
                Kind::Pax => {
                    let o: Operand = operand!();
                    xr[o.tag as usize] = mag as u16 & MASK;
                    next!(TWO);
                }
                Kind::Pdx => {
                    let o: Operand = operand!();
                    xr[o.tag as usize] = (mag >> 18) as u16 & MASK;
                    next!(TWO);
                }
                Kind::Pxd => {
                    let o: Operand = operand!();
                    mag = u64::from(index!(o)) << 18;
                    sign = 0;
                    next!(TWO);
                }
                Kind::Nop => next!(TWO),
                Kind::Clm => {
                    mag = 0;
                    next!(TWO);
                }
                Kind::Chs => {
                    sign ^= Word::SIGN;
                    next!(TWO);
                }
                Kind::Ssp => {
                    sign = 0;
                    next!(TWO);
                }
                Kind::Ssm => {
                    sign = Word::SIGN;
                    next!(TWO);
                }
                Kind::Com => {
                    mag ^= Ac::MASK;
                    next!(TWO);
                }
                Kind::Rnd => {
                    on_cpu!(|cpu| cpu.round());
                    next!(TWO);
                }
                Kind::Lbt => skip_if!(mag & 1 != 0),
                Kind::Pbt => skip_if!(mag & Ac::P != 0),
            }
        }

        if i > MASK {
            // Left between the last word and word 0.
            i = 0;
        }
        let spent = full - budget;
        cpu.ic = i;
        cpu.ac = ac!();
        cpu.mq = mq;
        cpu.xr = [xr[1], xr[2], xr[4]];
        self.cycle += (spent >> CYCLES) as u64;
        self.instructions += (spent & ((1 << CYCLES) - 1)) as u64;
    }
}
