//! The fast loop: instructions of the CPU alone, from words decoded ahead, with the registers in locals.
//!
//! It is entered where no unit is due for a while and left before one is, and it leaves to the plain interpreter
//! whatever waits, stops, asks the console or is rare. What the plain interpreter does on every instruction and this
//! loop does not: it does not look at trapping mode, nor at stuck bits of core (it is not entered with them, and
//! nothing here turns them on), and it keeps neither instruction register nor storage register. The instruction behind it is always a plain one, which
//! sets both; nobody sees them before.

use std::cmp::Ordering;

use asm704::Word;
use asm704::isa::Op;

use super::Machine;
use super::execute::full_cycles;
use crate::core_store::decoded::{Decoded, ENTRIES, Entry, Kind, renew};
use crate::core_store::{CoreSize, PLACES};
use crate::cpu::arith::{compare, divide_long};
use crate::cpu::float::{fast_add, fast_divide, fast_multiply};
use crate::cpu::{Ac, Cpu};

/// More cycles than any three instructions that go on without a look at the budget, so that the next one still begins
/// before an event.
const MARGIN: u64 = 100;
/// The same for one instruction that leaves MQ alone: AND to storage, or a shift of 35 places.
const SMALL_MARGIN: u64 = 12;
/// The most cycles in one go: the number of instructions, at least two cycles each, fits below the cycles.
const MOST: u64 = 1 << 20;
/// The place of cycles in the budget; instructions are counted in the places below.
const CYCLES: u32 = 20;

/// What an instruction of so many cycles takes from the budget.
const fn cost(cycles: u64) -> i64 {
    (cycles << CYCLES) as i64 + 1
}

/// What a complete execution of an operation takes, by its row.
const fn cost_of(op: Op) -> i64 {
    cost(full_cycles(op))
}

/// Most operations take as much as CLA.
const TWO: i64 = cost_of(Op::Cla);

impl Machine {
    /// Executes instructions as long as they are of the CPU alone and begin well before cycle `due`. At least one
    /// plain instruction must follow before anybody looks at the machine.
    ///
    /// With `HIDE` the characters of a tape pass through MQ meanwhile, and are brought up to date afterwards: the loop
    /// leaves what has to do with MQ to the plain interpreter, too.
    #[inline]
    pub(super) fn fast<const HIDE: bool>(&mut self, due: u64) {
        let left = due.saturating_sub(self.cycle);
        let margin = if HIDE { SMALL_MARGIN } else { MARGIN };
        if left <= margin
            || self.cpu.trapping
            || self.core.has_stuck()
            || self.in_progress.is_some()
            || self.cpu.ic > self.core.size().mask()
        {
            return;
        }
        let cycles = (left - margin).min(MOST);
        let size = self.core.size();
        let (words, decoded) = self.core.with_decoded();
        let cpu = &mut self.cpu;
        let spent = match size {
            CoreSize::K4 => run::<{ CoreSize::K4.mask() }, HIDE>(cpu, words, decoded, cycles),
            CoreSize::K8 => run::<{ CoreSize::K8.mask() }, HIDE>(cpu, words, decoded, cycles),
            CoreSize::K32 => run::<{ CoreSize::K32.mask() }, HIDE>(cpu, words, decoded, cycles),
        };
        self.cycle += (spent >> CYCLES) as u64;
        self.instructions += (spent & ((1 << CYCLES) - 1)) as u64;
    }
}

/// At least one instruction, unless it is not for this loop; none begins after so many cycles. Returns their cost.
#[inline(never)]
fn run<const MASK: u16, const HIDE: bool>(
    cpu: &mut Cpu,
    words: &mut [Word; PLACES],
    decoded: &mut Decoded,
    cycles: u64,
) -> i64 {
    let Decoded { entries, breaks } = decoded;
    let entries: &mut [Entry; ENTRIES] = entries;
    let full = (cycles << CYCLES) as i64;
    let mut budget = full;
    let mut i = usize::from(cpu.ic);
    // AC: the sign in its place of a word, and Q,P,1-35.
    let mut sign = if cpu.ac.negative { Word::SIGN } else { 0 };
    let mut mag = cpu.ac.magnitude;
    let mut mq = cpu.mq;
    // By tag.
    let mut xr = [0, cpu.xr[0], cpu.xr[1], 0, cpu.xr[2], 0, 0, 0];

    macro_rules! entry {
        ($k:literal) => {
            entries[(i & 0xffff) + $k]
        };
    }
    macro_rules! index {
        ($o:expr) => {
            xr[$o.tag as usize]
        };
    }
    // Effective addresses: D is direct, X less an index register.
    macro_rules! y {
        (D, $o:expr) => {
            usize::from($o.y)
        };
        (X, $o:expr) => {
            usize::from($o.y.wrapping_sub(index!($o)) & MASK)
        };
    }
    macro_rules! spend {
        ($cost:expr) => {
            budget -= $cost
        };
    }
    macro_rules! go {
        ($to:expr) => {{
            i = $to;
            continue;
        }};
    }
    // The plain interpreter does it.
    macro_rules! leave {
        ($k:literal) => {{
            i = i.wrapping_add($k);
            break;
        }};
    }
    macro_rules! load {
        ($mode:ident, $k:literal) => {{
            let o = &entry!($k);
            words[y!($mode, o)]
        }};
    }
    macro_rules! store_at {
        ($y:expr, $word:expr) => {{
            let y = $y;
            words[y] = $word;
            entries[y].kinds = [Kind::Stale; 2];
        }};
    }
    macro_rules! store {
        ($mode:ident, $word:expr, $k:literal) => {{
            let o = &entry!($k);
            store_at!(y!($mode, o), $word);
            spend!(TWO);
        }};
    }
    macro_rules! store_part {
        ($mode:ident, $mask:expr, $bits:expr, $k:literal) => {{
            let o = &entry!($k);
            let y = y!($mode, o);
            store_at!(y, Word::new((words[y].bits() & !$mask) | ($bits & $mask)));
            spend!(TWO);
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
            spend!(TWO);
        }};
    }
    macro_rules! goto_if {
        ($mode:ident, $condition:expr, $k:literal) => {{
            spend!(TWO);
            if $condition {
                let o = &entry!($k);
                go!(y!($mode, o));
            }
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
    macro_rules! set_float {
        ($float:expr) => {{
            let float = $float;
            sign = float.sign;
            mag = float.magnitude;
            mq = float.mq;
        }};
    }
    // The quick way where no indicator can come on, the plain interpreter's otherwise.
    macro_rules! fad {
        ($mode:ident, $sign:expr, $function:ident, $k:literal) => {{
            let w = load!($mode, $k);
            let cycles = match fast_add(sign & Word::SIGN, mag, w.bits() ^ $sign) {
                Some((float, cycles)) => {
                    set_float!(float);
                    cycles
                }
                None => on_cpu!(|cpu| cpu.$function(w)),
            };
            spend!((cycles << CYCLES) as i64 + 1);
        }};
    }
    // Shifts of at most 35 places; n is their number, and the cycles were counted ahead.
    macro_rules! shift {
        (|$n:ident| $what:expr, $k:literal) => {{
            let o = &entry!($k);
            let $n = o.y & 63;
            $what;
            spend!((u64::from(o.d) << CYCLES) as i64 + 1);
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
        (Cla, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            mag = w.magnitude();
            sign = w.bits() & Word::SIGN;
            spend!(TWO);
        }};
        (Cls, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            mag = w.magnitude();
            sign = !w.bits() & Word::SIGN;
            spend!(TWO);
        }};
        (Cal, $m:ident, $k:literal) => {{
            mag = load!($m, $k).bits();
            sign = 0;
            spend!(TWO);
        }};
        (Add, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            add!(w.bits(), w.magnitude());
        }};
        (Sub, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            add!(!w.bits(), w.magnitude());
        }};
        (Adm, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            add!(0, w.magnitude());
        }};
        (Sbm, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            add!(Word::SIGN, w.magnitude());
        }};
        (Acl, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            mag = (mag & Ac::Q) | Word::new(mag).add_logical(w).bits();
            spend!(TWO);
        }};
        (Mpy, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            let product = u128::from(mq.magnitude()) * u128::from(w.magnitude());
            sign = (mq.bits() ^ w.bits()) & Word::SIGN;
            mag = (product >> 35) as u64;
            mq = Word::new((product as u64 & Word::MAGNITUDE) | sign);
            spend!(const { cost_of(Op::Mpy) });
        }};
        (Mpr, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            on_cpu!(|cpu| cpu.multiply(w, true));
            spend!(const { cost_of(Op::Mpr) });
        }};
        (Div, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            let divisor = w.magnitude();
            if divisor <= mag {
                leave!($k);
            }
            let (quotient, remainder) = divide_long(mag, mq.magnitude(), divisor);
            mq = Word::new((quotient & Word::MAGNITUDE) | (sign ^ w.bits()) & Word::SIGN);
            mag = remainder;
            spend!(const { cost_of(Op::Dvp) });
        }};
        (Ldq, $m:ident, $k:literal) => {{
            mq = load!($m, $k);
            spend!(TWO);
        }};
        (Stq, $m:ident, $k:literal) => {
            store!($m, mq, $k)
        };
        (Slq, $m:ident, $k:literal) => {
            store_part!($m, 0o777777000000, mq.bits(), $k)
        };
        (Sto, $m:ident, $k:literal) => {
            store!($m, Word::new((mag & Word::MAGNITUDE) | (sign & Word::SIGN)), $k)
        };
        (Slw, $m:ident, $k:literal) => {
            store!($m, Word::new(mag), $k)
        };
        (Stz, $m:ident, $k:literal) => {
            store!($m, Word::ZERO, $k)
        };
        (Stp, $m:ident, $k:literal) => {
            store_part!($m, 0o700000000000, mag, $k)
        };
        (Std, $m:ident, $k:literal) => {{
            let y = y!($m, entry!($k));
            let word = words[y].with_decrement((mag >> 18) as u16);
            words[y] = word;
            let entry = &mut entries[y];
            // The kind stays what it is, as this is the usual way to modify an instruction.
            if entry.kinds[1].has_decrement() {
                entry.d = word.decrement() & MASK;
            } else {
                entry.kinds = [Kind::Stale; 2];
            }
            spend!(TWO);
        }};
        (Sta, $m:ident, $k:literal) => {{
            let y = y!($m, entry!($k));
            let word = words[y].with_address(mag as u16);
            words[y] = word;
            let entry = &mut entries[y];
            if entry.kinds[1].has_address() {
                entry.y = word.address() & MASK;
            } else {
                entry.kinds = [Kind::Stale; 2];
            }
            spend!(TWO);
        }};
        (Ana, $m:ident, $k:literal) => {{
            mag &= load!($m, $k).bits();
            sign = 0;
            spend!(const { cost_of(Op::Ana) });
        }};
        (Ans, $m:ident, $k:literal) => {{
            let o = &entry!($k);
            let y = y!($m, o);
            store_at!(y, words[y] & Word::new(mag));
            spend!(const { cost_of(Op::Ans) });
        }};
        (Ora, $m:ident, $k:literal) => {{
            mag |= load!($m, $k).bits();
            spend!(TWO);
        }};
        (Ors, $m:ident, $k:literal) => {{
            let o = &entry!($k);
            let y = y!($m, o);
            store_at!(y, words[y] | Word::new(mag));
            spend!(TWO);
        }};
        (Cas, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            let ac = ac!();
            let skip = match compare(ac.negative, ac.magnitude, w.is_negative(), w.magnitude()) {
                Ordering::Greater => 1,
                Ordering::Equal => 2,
                Ordering::Less => 3,
            };
            spend!(const { cost_of(Op::Cas) });
            i = i.wrapping_add(skip) & usize::from(MASK);
        }};
        (Fad, $m:ident, $k:literal) => {
            fad!($m, 0, fad, $k)
        };
        (Fsb, $m:ident, $k:literal) => {
            fad!($m, Word::SIGN, fsb, $k)
        };
        (Ufa, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            let cycles = on_cpu!(|cpu| cpu.ufa(w));
            spend!((cycles << CYCLES) as i64 + 1);
        }};
        (Ufs, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            let cycles = on_cpu!(|cpu| cpu.ufs(w));
            spend!((cycles << CYCLES) as i64 + 1);
        }};
        (Fmp, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            match fast_multiply(mq.bits(), w.bits()) {
                Some(float) => set_float!(float),
                // what is in MQ then depends on the configuration
                None if on_cpu!(|cpu| cpu.only_low_product(w)) => leave!($k),
                None => on_cpu!(|cpu| cpu.float_multiply(w, true)),
            }
            spend!(const { cost_of(Op::Fmp) });
        }};
        (Ufm, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            on_cpu!(|cpu| cpu.float_multiply(w, false));
            spend!(const { cost_of(Op::Ufm) });
        }};
        (Fdp, $m:ident, $k:literal) => {{
            let w = load!($m, $k);
            match fast_divide(sign & Word::SIGN, mag, w.bits()) {
                Some(float) => set_float!(float),
                None => leave!($k),
            }
            spend!(const { cost_of(Op::Fdp) });
        }};
        (Tra, $m:ident, $k:literal) => {
            goto_if!($m, true, $k)
        };
        (Tze, $m:ident, $k:literal) => {
            goto_if!($m, mag == 0, $k)
        };
        (Tnz, $m:ident, $k:literal) => {
            goto_if!($m, mag != 0, $k)
        };
        (Tpl, $m:ident, $k:literal) => {
            goto_if!($m, sign & Word::SIGN == 0, $k)
        };
        (Tmi, $m:ident, $k:literal) => {
            goto_if!($m, sign & Word::SIGN != 0, $k)
        };
        (Tov, $m:ident, $k:literal) => {
            goto_if!($m, std::mem::take(&mut cpu.ac_overflow), $k)
        };
        (Tno, $m:ident, $k:literal) => {
            goto_if!($m, !std::mem::take(&mut cpu.ac_overflow), $k)
        };
        (Tqo, $m:ident, $k:literal) => {
            goto_if!($m, std::mem::take(&mut cpu.mq_overflow), $k)
        };
        (Tqp, $m:ident, $k:literal) => {
            goto_if!($m, !mq.is_negative(), $k)
        };
        (Tix, $m:ident, $k:literal) => {{
            let o = &entry!($k);
            let x = index!(o);
            spend!(TWO);
            if x > o.d {
                let y = usize::from(o.y);
                xr[o.tag as usize] = x - o.d;
                go!(y);
            }
        }};
        (Als, $m:ident, $k:literal) => {
            shift!(
                |n| {
                    left_through_p!(n);
                    mag = mag << n & Ac::MASK;
                },
                $k
            )
        };
        (Lls, $m:ident, $k:literal) => {
            shift!(
                |n| {
                    left_through_p!(n);
                    let entering = mq.magnitude() >> (35_u16.wrapping_sub(n) & 63);
                    sign = mq.bits() & Word::SIGN;
                    mag = (mag << n | entering) & Ac::MASK;
                    mq = Word::new((mq.bits() << n & Word::MAGNITUDE) | sign);
                },
                $k
            )
        };
        (Lrs, $m:ident, $k:literal) => {
            shift!(
                |n| {
                    let entering = mag << (35_u16.wrapping_sub(n) & 63);
                    mag >>= n;
                    mq = Word::new(((mq.magnitude() >> n | entering) & Word::MAGNITUDE) | sign & Word::SIGN);
                },
                $k
            )
        };
        (Tlq, $m:ident, $k:literal) => {{
            let ac = ac!();
            let order = compare(mq.is_negative(), mq.magnitude(), ac.negative, ac.magnitude);
            goto_if!($m, order == Ordering::Less, $k)
        }};
    }
    macro_rules! one {
        ($first:ident $m:ident) => {{
            arm!($first, $m, 0);
            i = i.wrapping_add(1);
        }};
    }
    macro_rules! mq {
        ($what:expr) => {{
            if HIDE {
                break;
            }
            $what
        }};
    }
    // The second may have been changed, by the first too: then it is decoded anew in its turn.
    macro_rules! pair {
        ($first:ident $m:ident, $second:ident $n:ident, $kind:ident) => {{
            if HIDE {
                break;
            }
            arm!($first, $m, 0);
            if !matches!(entry!(1).kinds[1], Kind::$kind) {
                go!(i.wrapping_add(1));
            }
            arm!($second, $n, 1);
            i = i.wrapping_add(2);
        }};
        ($first:ident $m:ident, $second:ident $n:ident, $kind:ident, $third:ident) => {{
            if HIDE {
                break;
            }
            arm!($first, $m, 0);
            if !matches!(entry!(1).kinds[1], Kind::$kind) {
                go!(i.wrapping_add(1));
            }
            arm!($second, $n, 1);
            if !matches!(entry!(2).kinds[1], Kind::$third) {
                go!(i.wrapping_add(2));
            }
            arm!($third, D, 2);
            i = i.wrapping_add(3);
        }};
    }
    // Skips one where the condition holds; beyond the last word, wraps.
    macro_rules! skip_if {
        ($condition:expr) => {{
            let skip = if $condition { 2 } else { 1 };
            spend!(TWO);
            i = i.wrapping_add(skip) & usize::from(MASK);
        }};
    }

    while budget >= 0 {
        match entry!(0).kinds[usize::from(HIDE)] {
            Kind::Stale => {
                renew(entries, breaks, i as u16, words[i & usize::from(MASK)], MASK);
            }
            Kind::Plain => break,
            Kind::Lgl | Kind::Rql | Kind::Rnd if HIDE => break,
            // in core of this size: its number is that of its words
            Kind::Wrap => i = i.wrapping_sub(usize::from(MASK) + 1),
            Kind::Cla => one!(Cla D),
            Kind::ClaX => one!(Cla X),
            Kind::Cls => one!(Cls D),
            Kind::ClsX => one!(Cls X),
            Kind::Cal => one!(Cal D),
            Kind::CalX => one!(Cal X),
            Kind::Add => one!(Add D),
            Kind::AddX => one!(Add X),
            Kind::Sub => one!(Sub D),
            Kind::SubX => one!(Sub X),
            Kind::Adm => one!(Adm D),
            Kind::AdmX => one!(Adm X),
            Kind::Sbm => one!(Sbm D),
            Kind::SbmX => one!(Sbm X),
            Kind::Acl => one!(Acl D),
            Kind::AclX => one!(Acl X),
            Kind::Mpy => mq!(one!(Mpy D)),
            Kind::MpyX => mq!(one!(Mpy X)),
            Kind::Mpr => mq!(one!(Mpr D)),
            Kind::MprX => mq!(one!(Mpr X)),
            Kind::Div => mq!(one!(Div D)),
            Kind::DivX => mq!(one!(Div X)),
            Kind::Ldq => mq!(one!(Ldq D)),
            Kind::LdqX => mq!(one!(Ldq X)),
            Kind::Stq => mq!(one!(Stq D)),
            Kind::StqX => mq!(one!(Stq X)),
            Kind::Slq => mq!(one!(Slq D)),
            Kind::SlqX => mq!(one!(Slq X)),
            Kind::Sto => one!(Sto D),
            Kind::StoX => one!(Sto X),
            Kind::Slw => one!(Slw D),
            Kind::SlwX => one!(Slw X),
            Kind::Stz => one!(Stz D),
            Kind::StzX => one!(Stz X),
            Kind::Stp => one!(Stp D),
            Kind::StpX => one!(Stp X),
            Kind::Std => one!(Std D),
            Kind::StdX => one!(Std X),
            Kind::Sta => one!(Sta D),
            Kind::StaX => one!(Sta X),
            Kind::Ana => one!(Ana D),
            Kind::AnaX => one!(Ana X),
            Kind::Ans => one!(Ans D),
            Kind::AnsX => one!(Ans X),
            Kind::Ora => one!(Ora D),
            Kind::OraX => one!(Ora X),
            Kind::Ors => one!(Ors D),
            Kind::OrsX => one!(Ors X),
            Kind::Cas => arm!(Cas, D, 0),
            Kind::CasX => arm!(Cas, X, 0),
            Kind::Fad => mq!(one!(Fad D)),
            Kind::FadX => mq!(one!(Fad X)),
            Kind::Fsb => mq!(one!(Fsb D)),
            Kind::FsbX => mq!(one!(Fsb X)),
            Kind::Ufa => mq!(one!(Ufa D)),
            Kind::UfaX => mq!(one!(Ufa X)),
            Kind::Ufs => mq!(one!(Ufs D)),
            Kind::UfsX => mq!(one!(Ufs X)),
            Kind::Fmp => mq!(one!(Fmp D)),
            Kind::FmpX => mq!(one!(Fmp X)),
            Kind::Ufm => mq!(one!(Ufm D)),
            Kind::UfmX => mq!(one!(Ufm X)),
            Kind::Fdp => mq!(one!(Fdp D)),
            Kind::FdpX => mq!(one!(Fdp X)),
            Kind::Tra => one!(Tra D),
            Kind::TraX => one!(Tra X),
            Kind::Tze => one!(Tze D),
            Kind::TzeX => one!(Tze X),
            Kind::Tnz => one!(Tnz D),
            Kind::TnzX => one!(Tnz X),
            Kind::Tpl => one!(Tpl D),
            Kind::TplX => one!(Tpl X),
            Kind::Tmi => one!(Tmi D),
            Kind::TmiX => one!(Tmi X),
            Kind::Tov => one!(Tov D),
            Kind::TovX => one!(Tov X),
            Kind::Tno => one!(Tno D),
            Kind::TnoX => one!(Tno X),
            Kind::Tqo => one!(Tqo D),
            Kind::TqoX => one!(Tqo X),
            Kind::Tqp => mq!(one!(Tqp D)),
            Kind::TqpX => mq!(one!(Tqp X)),
            Kind::Tlq => mq!(one!(Tlq D)),
            Kind::TlqX => mq!(one!(Tlq X)),
            Kind::ClaAdd => pair!(Cla D, Add D, Add, Sto),
            Kind::ClaAddX => pair!(Cla X, Add X, AddX),
            Kind::ClaSub => pair!(Cla D, Sub D, Sub, Sto),
            Kind::ClaSubX => pair!(Cla X, Sub X, SubX),
            Kind::ClaSto => pair!(Cla D, Sto D, Sto),
            Kind::ClaFad => pair!(Cla D, Fad D, Fad, Sto),
            Kind::ClaFadX => pair!(Cla X, Fad X, FadX),
            Kind::FadFadX => pair!(Fad X, Fad X, FadX),
            Kind::ClaFsb => pair!(Cla D, Fsb D, Fsb, Sto),
            Kind::ClaLrs => pair!(Cla D, Lrs D, Lrs),
            Kind::ClaAls => pair!(Cla D, Als D, Als),
            Kind::AddSto => pair!(Add D, Sto D, Sto),
            Kind::AddStoX => pair!(Add X, Sto X, StoX),
            Kind::SubSto => pair!(Sub D, Sto D, Sto),
            Kind::FmpSto => pair!(Fmp D, Sto D, Sto),
            Kind::FsbSto => pair!(Fsb D, Sto D, Sto),
            Kind::MpyStq => pair!(Mpy D, Stq D, Stq),
            Kind::StoCla => pair!(Sto D, Cla D, Cla),
            Kind::StoClaX => pair!(Sto D, Cla X, ClaX),
            Kind::StoTix => pair!(Sto D, Tix D, Tix),
            Kind::StoXTix => pair!(Sto X, Tix D, Tix),
            Kind::StqCla => pair!(Stq D, Cla D, Cla),
            Kind::StqSto => pair!(Stq D, Sto D, Sto),
            Kind::SlwTix => pair!(Slw D, Tix D, Tix),
            Kind::SlwStq => pair!(Slw D, Stq D, Stq),
            Kind::LdqMpy => pair!(Ldq D, Mpy D, Mpy, Stq),
            Kind::LdqMpyX => pair!(Ldq X, Mpy X, MpyX),
            Kind::LdqFmp => pair!(Ldq D, Fmp D, Fmp, Sto),
            Kind::LdqFmpX => pair!(Ldq X, Fmp X, FmpX),
            Kind::CalAcl => pair!(Cal D, Acl D, Acl),
            Kind::CalAclX => pair!(Cal X, Acl X, AclX),
            Kind::AclAcl => pair!(Acl D, Acl D, Acl),
            Kind::LrsDiv => pair!(Lrs D, Div D, Div),
            Kind::LrsLls => pair!(Lrs D, Lls D, Lls),
            Kind::FdpStq => pair!(Fdp D, Stq D, Stq, Cla),
            Kind::FadSto => pair!(Fad D, Sto D, Sto, Tix),
            Kind::Als => one!(Als D),
            Kind::Ars => {
                shift!(|n| mag >>= n, 0);
                i = i.wrapping_add(1);
            }
            Kind::Lls => mq!(one!(Lls D)),
            Kind::Lrs => mq!(one!(Lrs D)),
            Kind::Lgl => {
                shift!(
                    |n| {
                        left_through_p!(n);
                        let entering = mq.bits() >> (36_u16.wrapping_sub(n) & 63);
                        mag = (mag << n | entering) & Ac::MASK;
                        mq = Word::new(mq.bits() << n);
                    },
                    0
                );
                i = i.wrapping_add(1);
            }
            Kind::Rql => {
                shift!(
                    |n| {
                        mq = Word::new(mq.bits() << n | mq.bits() >> (36_u16.wrapping_sub(n) & 63));
                    },
                    0
                );
                i = i.wrapping_add(1);
            }
            Kind::Tsx => {
                let o = &entry!(0);
                xr[o.tag as usize] = (i as u16).wrapping_neg() & MASK;
                spend!(TWO);
                i = usize::from(o.y);
            }
            Kind::Txi => {
                let o = &entry!(0);
                xr[o.tag as usize] = index!(o).wrapping_add(o.d) & MASK;
                spend!(TWO);
                i = usize::from(o.y);
            }
            Kind::Tix => one!(Tix D),
            Kind::Tnx => {
                let o = &entry!(0);
                let x = index!(o);
                spend!(TWO);
                if x > o.d {
                    xr[o.tag as usize] = x - o.d;
                    i = i.wrapping_add(1);
                } else {
                    i = usize::from(o.y);
                }
            }
            Kind::Txh => {
                let o = &entry!(0);
                spend!(TWO);
                i = if index!(o) > o.d { usize::from(o.y) } else { i.wrapping_add(1) };
            }
            Kind::Txl => {
                let o = &entry!(0);
                spend!(TWO);
                i = if index!(o) <= o.d { usize::from(o.y) } else { i.wrapping_add(1) };
            }
            Kind::Lxa => {
                let o = &entry!(0);
                xr[o.tag as usize] = words[y!(D, o)].address() & MASK;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Lxd => {
                let o = &entry!(0);
                xr[o.tag as usize] = words[y!(D, o)].decrement() & MASK;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Sxd => {
                let o = &entry!(0);
                let y = y!(D, o);
                store_at!(y, words[y].with_decrement(index!(o)));
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Pax => {
                let o = &entry!(0);
                xr[o.tag as usize] = mag as u16 & MASK;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Pdx => {
                let o = &entry!(0);
                xr[o.tag as usize] = (mag >> 18) as u16 & MASK;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Pxd => {
                let o = &entry!(0);
                mag = u64::from(index!(o)) << 18;
                sign = 0;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Nop => {
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Clm => {
                mag = 0;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Chs => {
                sign ^= Word::SIGN;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Ssp => {
                sign = 0;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Ssm => {
                sign = Word::SIGN;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Com => {
                mag ^= Ac::MASK;
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Rnd => {
                on_cpu!(|cpu| cpu.round());
                spend!(TWO);
                i = i.wrapping_add(1);
            }
            Kind::Lbt => skip_if!(mag & 1 != 0),
            Kind::Pbt => skip_if!(mag & Ac::P != 0),
        }
    }

    if i > usize::from(MASK) {
        // Left between the last word and word 0.
        i = 0;
    }
    cpu.ic = i as u16;
    cpu.ac = ac!();
    cpu.mq = mq;
    cpu.xr = [xr[1], xr[2], xr[4]];
    full - budget
}
