//! One instruction of the plain interpreter: an arm an operation.
//!
//! What an operation does to AC, MQ and index registers is written in [`crate::cpu`], and is the same in the fast loop.
//! An arm says what goes along beside it: what comes into the storage register ([`crate::cpu::storage`] has the cycles),
//! time, traps and stops.

#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method by its path is that of one lifetime of the registers in hand; a closure is for any"
)]

use std::cmp::Ordering;

use asm704::Word;
use asm704::isa::{Major, Micro, Op, ROWS, decode_operation, is_indexable, later, sense_op};

use super::partial::{ADDRESS, DECREMENT, LEFT_HALF, PREFIX};
use super::{Flow, Halted, Machine, StopKind};
use crate::config::{DivideStop, UndefinedCodes, ZeroProduct};
use crate::cpu::float::Division;
use crate::cpu::index::IndexRegisters;
use crate::cpu::storage::{Hold, Line, inverted, minus, plus};
use crate::cpu::{Ac, shift};
use crate::io::TapeMotion;
use crate::media::Media;

/// By operation, the fewest cycles that its row gives; they are all that most of them can take.
static LEAST_CYCLES: [u8; ROWS.len()] = {
    let mut least = [0; ROWS.len()];
    let mut n = 0;
    while n < least.len() {
        least[n] = ROWS[n].cycles.least();
        n += 1;
    }
    least
};

/// The cycles of a complete execution, for an operation whose row gives a figure.
pub(super) const fn full_cycles(op: Op) -> u64 {
    match op.row().cycles.full() {
        Some(cycles) => cycles as u64,
        None => panic!("its operands or a unit decide"),
    }
}

/// What AC puts on the bus where it stays what it is: P on the sign line, unless bit 1 of the code keeps it off.
const fn line_by_bit_1(word: Word) -> Line {
    if word.bits() >> 24 & 1 == 0 { Line::Logical } else { Line::Signed }
}

impl Machine {
    /// Fetches and executes the instruction at IC. Time goes on by its cycles.
    #[inline(always)]
    pub(crate) fn instruction(&mut self, media: &mut dyn Media) -> Flow {
        let location = self.cpu.ic;
        let word = self.core.peek(location);
        self.execute_word(word, location, media)
    }

    /// Executes a word as the instruction of a location.
    #[inline(always)]
    pub(crate) fn execute_word(&mut self, word: Word, location: u16, media: &mut dyn Media) -> Flow {
        match decode_operation(word) {
            Some(op) => self.execute(op, word, location, media),
            None => self.partial_or_stop(word, location, media),
        }
    }

    /// A code that the manual does not give.
    #[cold]
    fn partial_or_stop(&mut self, word: Word, location: u16, media: &mut dyn Media) -> Flow {
        self.cpu.fetched(word);
        match self.config.undefined_codes {
            UndefinedCodes::Stop => {
                let later = later::decode(word)
                    .map(|later| format!(": {} on a {}", later.name, later.machine.name()))
                    .unwrap_or_default();
                let message = format!("{word} at {location:05o} has no operation of the 704{later}");
                Err(self.stop(StopKind::UndefinedOperation, location, Some(message)))
            }
            UndefinedCodes::Partial => self.partial(word, location, media),
        }
    }

    /// The effective address: the address less the index, modulo the core size.
    #[inline(always)]
    pub(crate) fn effective(&self, word: Word) -> u16 {
        word.address().wrapping_sub(self.cpu.index(word.tag())) & self.core.size().mask()
    }

    /// The address of the operand or the target: it is modified unless the code selects index registers otherwise.
    #[inline(always)]
    pub(crate) fn operand_address(&self, word: Word) -> u16 {
        if is_indexable(word) { self.effective(word) } else { word.address() & self.core.size().mask() }
    }

    /// Executes an operation, whose word may be one of its undefined codes.
    #[inline(always)]
    pub(crate) fn execute(&mut self, op: Major, word: Word, location: u16, media: &mut dyn Media) -> Flow {
        let mask = self.core.size().mask();
        let y = self.operand_address(word);
        let mut next = (location + 1) & mask;
        let mut cycles = u64::from(LEAST_CYCLES[op as usize]);
        self.cpu.fetched(word);
        let hold = Hold::of(word);
        // The operand, in SR.
        macro_rules! operand {
            () => {{
                self.cpu.sr = hold.passes(self.core.peek(y));
                self.cpu.sr
            }};
            // with what the sign line makes of it
            (|$word:ident| $sign:expr) => {{
                let $word = hold.passes(self.core.peek(y));
                self.cpu.sr = $sign;
                self.cpu.sr
            }};
        }
        macro_rules! store {
            ($word:expr) => {{
                let stored = $word;
                self.store_word(y, stored, hold)
            }};
        }
        macro_rules! transfer {
            ($condition:expr) => {{
                let trapping = self.cpu.trapping;
                if trapping {
                    self.trap(location);
                }
                if $condition {
                    next = if trapping { 1 } else { y };
                }
            }};
        }
        macro_rules! shifts {
            ($step:ident) => {{
                let places = y as u8;
                self.cpu.regs(|r| r.shift(places, |r, n| r.$step(n)));
                cycles = shift::cycles(places);
            }};
        }
        // An operation on AC and MQ, with a word from core.
        macro_rules! registers {
            ($operation:ident, $operand:expr) => {{
                let operand = $operand;
                self.cpu.regs(|r| r.$operation(operand))
            }};
        }
        let tag = word.tag();
        let decrement = word.decrement() & mask;
        match op {
            Major::Cla => registers!(clear_add, operand!()),
            Major::Cls => registers!(clear_add, operand!(|w| inverted(w))),
            Major::Cal => registers!(clear_add_logical, operand!()),
            Major::Add => registers!(add, operand!()),
            Major::Sub => registers!(add, operand!(|w| inverted(w))),
            Major::Adm => registers!(add, operand!(|w| plus(w))),
            Major::Sbm => registers!(add, operand!(|w| minus(w))),
            Major::Acl => registers!(add_logical, operand!()),
            Major::Mpy => registers!(multiply, operand!()),
            Major::Mpr => registers!(multiply_and_round, operand!()),
            Major::Dvh | Major::Dvp => {
                if registers!(divide, operand!()) {
                    cycles = const { full_cycles(Op::Dvp) };
                } else if op == Major::Dvh {
                    if self.config.divide_stop == DivideStop::Complemented {
                        self.cpu.ac.magnitude ^= Ac::MASK;
                    }
                    return self.divide_check_stop(cycles, next);
                }
            }
            Major::Ldq => registers!(load_mq, operand!()),
            Major::Stq => store!(self.cpu.mq),
            Major::Slq => self.store_fields(y, LEFT_HALF, self.cpu.mq, hold),
            Major::Sto => store!(self.cpu.ac.word()),
            Major::Slw => store!(self.cpu.ac.logical()),
            Major::Stz => store!(Word::ZERO),
            Major::Stp => self.store_fields(y, PREFIX, self.cpu.ac_on_bus(Line::Logical), hold),
            Major::Std => self.store_fields(y, DECREMENT, self.cpu.ac_on_bus(Line::Logical), hold),
            Major::Sta => self.store_fields(y, ADDRESS, self.cpu.ac_on_bus(Line::Signed), hold),
            Major::Ana => {
                operand!();
                self.cpu.and_to_ac(line_by_bit_1(word), hold);
            }
            Major::Ans => {
                operand!();
                let both = self.cpu.and_to_core(line_by_bit_1(word), hold);
                self.core.poke(y, both);
            }
            Major::Ora => registers!(or, operand!()),
            Major::Ors => store!(self.core.peek(y) | self.cpu.ac.logical()),
            Major::Als => shifts!(left),
            Major::Ars => shifts!(right),
            Major::Lls => shifts!(long_left),
            Major::Lrs => shifts!(long_right),
            Major::Lgl => shifts!(logical_left),
            Major::Rql => shifts!(rotate_mq),
            Major::Htr | Major::Hpr => {
                self.cycle += 1;
                self.instructions += 1;
                let (kind, halted) = match op {
                    Major::Htr => (StopKind::Htr, Halted::Transfer(y)),
                    _ => (StopKind::Hpr, Halted::Proceed),
                };
                self.halted = Some(halted);
                self.console.program_stop = true;
                return Err(self.stop(kind, location, None));
            }
            Major::Tra => transfer!(true),
            Major::Ttr => next = y,
            Major::Tze => transfer!(self.cpu.regs(|r| r.is_zero())),
            Major::Tnz => transfer!(!self.cpu.regs(|r| r.is_zero())),
            Major::Tpl => transfer!(!self.cpu.regs(|r| r.is_minus())),
            Major::Tmi => transfer!(self.cpu.regs(|r| r.is_minus())),
            Major::Tov => transfer!(self.cpu.regs(|r| r.take_ac_overflow())),
            Major::Tno => transfer!(!self.cpu.regs(|r| r.take_ac_overflow())),
            Major::Tqo => transfer!(self.cpu.regs(|r| r.take_mq_overflow())),
            Major::Tqp => transfer!(!self.cpu.mq_negative()),
            Major::Tlq => transfer!({
                self.cpu.sr = self.cpu.mq;
                self.cpu.regs(|r| r.low_mq())
            }),
            Major::Tsx => {
                self.cpu.put_complement(tag, location.into(), mask.into());
                transfer!({
                    self.cpu.sr = hold.passes(Word::ZERO.with_decrement(location));
                    true
                });
            }
            Major::Cas => {
                let w = operand!();
                next = match self.cpu.regs(|r| r.compare(w)) {
                    Ordering::Greater => next,
                    Ordering::Equal => (next + 1) & mask,
                    Ordering::Less => (next + 2) & mask,
                };
            }
            Major::Nop => {}
            Major::Txi => {
                self.cpu.increase(tag, decrement.into(), mask.into());
                transfer!(true);
            }
            Major::Tix => transfer!(self.cpu.count_down(tag, decrement.into())),
            Major::Tnx => transfer!(!self.cpu.count_down(tag, decrement.into())),
            Major::Txh => transfer!(self.cpu.is_above(tag, decrement.into())),
            Major::Txl => transfer!(!self.cpu.is_above(tag, decrement.into())),
            Major::Lxa => {
                let w = operand!();
                self.cpu.put(w.tag(), (w.address() & mask).into());
            }
            Major::Lxd => {
                let w = operand!();
                self.cpu.put(w.tag(), (w.decrement() & mask).into());
            }
            Major::Sxd => self.store_index(word, y, Word::ZERO, 0, hold),
            Major::Pax => {
                let ac = hold.passes(self.cpu.ac_on_bus(Line::Logical));
                self.cpu.sr = ac;
                self.cpu.put(ac.tag(), (ac.address() & mask).into());
            }
            Major::Pdx => self.cpu.put(tag, (self.cpu.ac.logical().decrement() & mask).into()),
            Major::Pxd => {
                // What has read several registers, OR-ed, is written back into each.
                let x = self.cpu.get(tag);
                self.cpu.regs(|r| r.clear_add_logical(Word::ZERO.with_decrement(x as u16)));
                self.cpu.put(tag, x);
            }
            Major::Fad | Major::Fsb | Major::Ufa | Major::Ufs => {
                operand!(|w| if matches!(op, Major::Fsb | Major::Ufs) { inverted(w) } else { w });
                let normalize = matches!(op, Major::Fad | Major::Fsb);
                cycles = self.cpu.float_add(normalize, line_by_bit_1(word), hold);
            }
            Major::Fmp => {
                let w = operand!();
                self.cpu.characteristic_of_mq_to_sr();
                self.cpu.float_multiply(w, self.config.zero_product == ZeroProduct::Fraction);
            }
            Major::Ufm => {
                let w = operand!();
                self.cpu.characteristic_of_mq_to_sr();
                self.cpu.float_multiply_unnormalized(w);
            }
            Major::Fdh | Major::Fdp => {
                let w = operand!();
                match self.cpu.float_divide(w, op == Major::Fdh) {
                    Division::Done => cycles = const { full_cycles(Op::Fdp) },
                    Division::Check if op == Major::Fdh => return self.divide_check_stop(cycles, next),
                    Division::Check | Division::ZeroDividend => {}
                }
            }
            Major::Cpy | Major::Cad => return self.copy_instruction(media, location, y, op == Major::Cad),
            Major::Rds => return self.select_instruction(media, location, y, false),
            Major::Wrs => return self.select_instruction(media, location, y, true),
            Major::Bst => return self.motion_instruction(media, location, y, TapeMotion::Backspace),
            Major::Wef => return self.motion_instruction(media, location, y, TapeMotion::WriteEndOfFile),
            Major::Rew => return self.motion_instruction(media, location, y, TapeMotion::Rewind),
            Major::Lda => {
                let w = operand!();
                self.locate_drum(w);
            }
            Major::Pse | Major::Mse => {
                if let Some(micro) = sense_op(op == Major::Mse, y) {
                    self.sense(micro, y, &mut next);
                }
            }
        }
        self.cycle += cycles;
        self.instructions += 1;
        self.cpu.ic = next;
        Ok(())
    }

    #[cold]
    fn divide_check_stop(&mut self, cycles: u64, next: u16) -> Flow {
        self.cycle += cycles;
        self.instructions += 1;
        self.cpu.ic = next;
        Err(self.stop(StopKind::DivideCheck, next, None))
    }

    /// The sense class: tests skip one by stepping `next`.
    fn sense(&mut self, micro: Micro, address: u16, next: &mut u16) {
        let unit = usize::from(address & 0o17);
        let cpu = &mut self.cpu;
        let mut skip = false;
        match micro {
            Micro::Clm => cpu.regs(|r| r.clear_magnitude()),
            Micro::Lbt => skip = cpu.regs(|r| r.low_bit()),
            Micro::Chs => cpu.regs(|r| r.change_sign()),
            Micro::Ssp => cpu.regs(|r| r.set_sign_plus()),
            Micro::Ssm => cpu.regs(|r| r.set_sign_minus()),
            Micro::Com => cpu.regs(|r| r.complement_magnitude()),
            Micro::Etm => cpu.trapping = true,
            Micro::Ltm => cpu.trapping = false,
            Micro::Rnd => cpu.regs(|r| r.round()),
            Micro::Pbt => skip = cpu.regs(|r| r.p()),
            Micro::Dct => skip = !std::mem::take(&mut cpu.divide_check),
            Micro::Rtt => skip = !std::mem::take(&mut cpu.tape_check),
            Micro::Ett => skip = !std::mem::take(&mut cpu.end_of_tape),
            Micro::Slf => cpu.sense_lights = [false; 4],
            Micro::Sln => cpu.sense_lights[unit - 1] = true,
            Micro::Slt => skip = std::mem::take(&mut cpu.sense_lights[unit - 1]),
            Micro::Swt => skip = self.console.sense_switches[unit - 1],
            Micro::Cff | Micro::Spu | Micro::Spt | Micro::Spr => skip = self.sense_unit(micro.op(), address),
        }
        if skip {
            *next = (*next + 1) & self.core.size().mask();
        }
    }
}
