//! One instruction.

use std::cmp::Ordering;

use asm704::Word;
use asm704::isa::{Op, decode_major, sense_op};

use super::{Flow, Halted, Machine, StopKind};
use crate::config::UndefinedCodes;
use crate::cpu::float::{Division, FloatAdd};
use crate::cpu::{Ac, shift};
use crate::io::TapeMotion;
use crate::media::Media;

impl Machine {
    /// Fetches and executes the instruction at IC. Time goes on by its cycles.
    #[inline(always)]
    pub(crate) fn instruction(&mut self, media: &mut dyn Media) -> Flow {
        let location = self.cpu.ic;
        let word = self.core.peek(location);
        match decode_major(word) {
            Some(op) => self.execute(op, word, location, media),
            None => self.partial_or_stop(word, location, media),
        }
    }

    /// A code that the manual does not give.
    #[cold]
    pub(crate) fn partial_or_stop(&mut self, word: Word, location: u16, media: &mut dyn Media) -> Flow {
        self.cpu.ir = word;
        self.cpu.sr = word;
        match self.config.undefined_codes {
            UndefinedCodes::Stop => {
                let message = format!("{word} at {location:05o} has no operation of the 704");
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

    #[inline(always)]
    pub(crate) fn execute(&mut self, op: Op, word: Word, location: u16, media: &mut dyn Media) -> Flow {
        let mask = self.core.size().mask();
        let y = self.effective(word);
        let mut next = (location + 1) & mask;
        let mut cycles = 2;
        self.cpu.ir = word;
        self.cpu.sr = word;
        macro_rules! operand {
            () => {{
                let operand = self.core.peek(y);
                self.cpu.sr = operand;
                operand
            }};
        }
        macro_rules! store {
            ($word:expr) => {{
                let stored = $word;
                self.cpu.sr = stored;
                self.core.poke(y, stored);
            }};
        }
        macro_rules! store_part {
            ($mask:expr, $bits:expr) => {{
                let old = self.core.peek(y).bits();
                store!(Word::new((old & !$mask) | ($bits & $mask)))
            }};
        }
        macro_rules! transfer {
            ($condition:expr, $target:expr) => {{
                let taken = $condition;
                if self.cpu.trapping {
                    self.trap(location);
                    if taken {
                        next = 1;
                    }
                } else if taken {
                    next = $target;
                }
            }};
        }
        let direct = word.address() & mask;
        let tag = word.tag();
        let decrement = word.decrement() & mask;
        match op {
            Op::Cla => self.cpu.ac = Ac::from_word(operand!()),
            Op::Cls => {
                let ac = Ac::from_word(operand!());
                self.cpu.ac = Ac { negative: !ac.negative, ..ac };
            }
            Op::Cal => self.cpu.ac = Ac::from_logical(operand!()),
            Op::Add => {
                let w = operand!();
                self.cpu.add(w.is_negative(), w.magnitude());
            }
            Op::Sub => {
                let w = operand!();
                self.cpu.add(!w.is_negative(), w.magnitude());
            }
            Op::Adm => {
                let w = operand!();
                self.cpu.add(false, w.magnitude());
            }
            Op::Sbm => {
                let w = operand!();
                self.cpu.add(true, w.magnitude());
            }
            Op::Acl => {
                let w = operand!();
                self.cpu.add_logical(w);
            }
            Op::Mpy | Op::Mpr => {
                let w = operand!();
                self.cpu.multiply(w, op == Op::Mpr);
                cycles = 20;
            }
            Op::Dvh | Op::Dvp => {
                let w = operand!();
                if self.cpu.divide(w) {
                    cycles = 20;
                } else {
                    cycles = 3;
                    if op == Op::Dvh {
                        return self.divide_check_stop(cycles, next);
                    }
                }
            }
            Op::Ldq => self.cpu.mq = operand!(),
            Op::Stq => store!(self.cpu.mq),
            Op::Slq => store_part!(0o777777000000, self.cpu.mq.bits()),
            Op::Sto => store!(self.cpu.ac.word()),
            Op::Slw => store!(self.cpu.ac.logical()),
            Op::Stz => store!(Word::ZERO),
            Op::Stp => store_part!(0o700000000000, self.cpu.ac.magnitude),
            Op::Std => store_part!(0o077777000000, self.cpu.ac.magnitude),
            Op::Sta => store_part!(0o000000077777, self.cpu.ac.magnitude),
            Op::Ana => {
                let w = operand!();
                self.cpu.ac = Ac { negative: false, magnitude: self.cpu.ac.magnitude & w.bits() };
                cycles = 3;
            }
            Op::Ans => {
                store!(self.core.peek(y) & self.cpu.ac.logical());
                cycles = 4;
            }
            Op::Ora => {
                let w = operand!();
                self.cpu.ac.magnitude |= w.bits();
            }
            Op::Ors => store!(self.core.peek(y) | self.cpu.ac.logical()),
            Op::Als | Op::Ars | Op::Lls | Op::Lrs | Op::Lgl | Op::Rql => {
                let n = y as u8;
                match op {
                    Op::Als => self.cpu.shift_ac_left(n),
                    Op::Ars => self.cpu.shift_ac_right(n),
                    Op::Lls => self.cpu.long_left(n),
                    Op::Lrs => self.cpu.long_right(n),
                    Op::Lgl => self.cpu.logical_left(n),
                    _ => self.cpu.rotate_mq(n),
                }
                cycles = shift::cycles(n);
            }
            Op::Htr | Op::Hpr => {
                self.cycle += 1;
                self.instructions += 1;
                let (kind, halted) = match op {
                    Op::Htr => (StopKind::Htr, Halted::Transfer(y)),
                    _ => (StopKind::Hpr, Halted::Proceed),
                };
                self.halted = Some(halted);
                self.console.program_stop = true;
                return Err(self.stop(kind, location, None));
            }
            Op::Tra => transfer!(true, y),
            Op::Ttr => next = y,
            Op::Tze => transfer!(self.cpu.ac.magnitude == 0, y),
            Op::Tnz => transfer!(self.cpu.ac.magnitude != 0, y),
            Op::Tpl => transfer!(!self.cpu.ac.negative, y),
            Op::Tmi => transfer!(self.cpu.ac.negative, y),
            Op::Tov => transfer!(std::mem::take(&mut self.cpu.ac_overflow), y),
            Op::Tno => transfer!(!std::mem::take(&mut self.cpu.ac_overflow), y),
            Op::Tqo => transfer!(std::mem::take(&mut self.cpu.mq_overflow), y),
            Op::Tqp => transfer!(!self.cpu.mq_negative(), y),
            Op::Tlq => transfer!(self.cpu.low_mq(), y),
            Op::Tsx => {
                self.cpu.set_index(tag, location.wrapping_neg() & mask);
                transfer!(true, direct);
            }
            Op::Cas => {
                let w = operand!();
                next = match self.cpu.compare(w) {
                    Ordering::Greater => next,
                    Ordering::Equal => (next + 1) & mask,
                    Ordering::Less => (next + 2) & mask,
                };
                cycles = 3;
            }
            Op::Nop => {}
            Op::Txi => {
                if tag != 0 {
                    let x = self.cpu.index(tag).wrapping_add(decrement) & mask;
                    self.cpu.set_index(tag, x);
                }
                transfer!(true, direct);
            }
            Op::Tix | Op::Tnx => {
                let x = self.cpu.index(tag);
                let above = x > decrement;
                if above {
                    self.cpu.set_index(tag, x - decrement);
                }
                transfer!(above == (op == Op::Tix), direct);
            }
            Op::Txh => transfer!(self.cpu.index(tag) > decrement, direct),
            Op::Txl => transfer!(self.cpu.index(tag) <= decrement, direct),
            Op::Lxa => {
                let w = self.core.peek(direct);
                self.cpu.sr = w;
                self.cpu.set_index(tag, w.address() & mask);
            }
            Op::Lxd => {
                let w = self.core.peek(direct);
                self.cpu.sr = w;
                self.cpu.set_index(tag, w.decrement() & mask);
            }
            Op::Sxd => {
                let x = self.cpu.index(tag);
                let w = self.core.peek(direct).with_decrement(x);
                self.cpu.sr = w;
                self.core.poke(direct, w);
                // Several tags: the OR goes back into each of them (GATE).
                self.cpu.set_index(tag, x);
            }
            Op::Pax => self.cpu.set_index(tag, self.cpu.ac.magnitude as u16 & mask),
            Op::Pdx => self.cpu.set_index(tag, (self.cpu.ac.magnitude >> 18) as u16 & mask),
            Op::Pxd => {
                let x = self.cpu.index(tag);
                self.cpu.ac = Ac { negative: false, magnitude: u64::from(x) << 18 };
                self.cpu.set_index(tag, x);
            }
            Op::Fad | Op::Fsb | Op::Ufa | Op::Ufs => {
                let how = FloatAdd {
                    subtract: matches!(op, Op::Fsb | Op::Ufs),
                    normalize: matches!(op, Op::Fad | Op::Fsb),
                };
                let w = operand!();
                cycles = self.cpu.float_add(w, how);
            }
            Op::Fmp | Op::Ufm => {
                let w = operand!();
                self.cpu.float_multiply(w, op == Op::Fmp);
                cycles = 17;
            }
            Op::Fdh | Op::Fdp => {
                let w = operand!();
                match self.cpu.float_divide(w, op == Op::Fdh) {
                    Division::Done => cycles = 18,
                    Division::ZeroDividend => cycles = 3,
                    Division::Check => {
                        cycles = 3;
                        if op == Op::Fdh {
                            return self.divide_check_stop(cycles, next);
                        }
                    }
                }
            }
            Op::Cpy | Op::Cad => return self.copy_instruction(media, location, y, op == Op::Cad),
            Op::Rds => return self.select_instruction(media, location, y, false),
            Op::Wrs => return self.select_instruction(media, location, y, true),
            Op::Bst => return self.motion_instruction(media, location, y, TapeMotion::Backspace),
            Op::Wef => return self.motion_instruction(media, location, y, TapeMotion::WriteEndOfFile),
            Op::Rew => return self.motion_instruction(media, location, y, TapeMotion::Rewind),
            Op::Lda => {
                let w = operand!();
                self.locate_drum(w);
                cycles = 3;
            }
            Op::Pse | Op::Mse => {
                if let Some(micro) = sense_op(op == Op::Mse, y) {
                    self.sense(micro, y, &mut next);
                }
            }
            _ => unreachable!("the sense class is decoded by its effective address"),
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
    fn sense(&mut self, micro: Op, address: u16, next: &mut u16) {
        let unit = usize::from(address & 0o17);
        let cpu = &mut self.cpu;
        let mut skip = false;
        match micro {
            Op::Clm => cpu.ac.magnitude = 0,
            Op::Lbt => skip = cpu.ac.magnitude & 1 != 0,
            Op::Chs => cpu.ac.negative = !cpu.ac.negative,
            Op::Ssp => cpu.ac.negative = false,
            Op::Ssm => cpu.ac.negative = true,
            Op::Com => cpu.ac.magnitude ^= Ac::MASK,
            Op::Etm => cpu.trapping = true,
            Op::Ltm => cpu.trapping = false,
            Op::Rnd => cpu.round(),
            Op::Pbt => skip = cpu.ac.p(),
            Op::Dct => skip = !std::mem::take(&mut cpu.divide_check),
            Op::Rtt => skip = !std::mem::take(&mut cpu.tape_check),
            Op::Ett => skip = !std::mem::take(&mut cpu.end_of_tape),
            Op::Slf => cpu.sense_lights = [false; 4],
            Op::Sln => cpu.sense_lights[unit - 1] = true,
            Op::Slt => skip = std::mem::take(&mut cpu.sense_lights[unit - 1]),
            Op::Swt => skip = self.console.sense_switches[unit - 1],
            _ => skip = self.sense_unit(micro, address),
        }
        if skip {
            *next = (*next + 1) & self.core.size().mask();
        }
    }
}
