//! What an instruction would do with core, before it is executed.

use asm704::Word;
use asm704::isa::{Access, Op, decode_operation, is_indexable};

use super::Machine;
use super::partial::{Act, act_of};
use super::seen::Seen;
use crate::config::UndefinedCodes;
use crate::io::Direction;

/// The words of core that an instruction reads and writes, its own fetch apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Touched {
    /// The operation that is executed; `None` for an undefined code that stops, or acts as none of them.
    pub(crate) op: Option<Op>,
    /// Address of the operand that is read.
    pub(crate) reads: Option<u16>,
    /// Address of the word that is written, or a field of it.
    pub(crate) writes: Option<u16>,
    /// A transfer that trapping mode, which is on, catches.
    pub(crate) is_trapped: bool,
}

/// Which word of core an instruction reads as its operand: what its word alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// None.
    Nothing,
    /// The one at its effective address.
    Effective,
    /// The one at its address, which is not modified.
    Direct,
    /// That depends on the machine, or on what it does: CPY, and undefined codes.
    Depends,
}

impl Reads {
    pub(crate) fn of(word: Word) -> Reads {
        match decode_operation(word).map(|op| op.op().row().access) {
            Some(Access::Reads(_) | Access::Modifies(_)) if is_indexable(word) => Reads::Effective,
            Some(Access::Reads(_) | Access::Modifies(_)) => Reads::Direct,
            Some(Access::None | Access::Transfers(_) | Access::Writes(_)) => Reads::Nothing,
            Some(Access::Copies(_)) | None => Reads::Depends,
        }
    }

    /// The address of the operand of this word, as the next instruction.
    #[inline]
    pub(crate) fn address(self, seen: &Seen, word: Word) -> Option<u16> {
        match self {
            Reads::Nothing => None,
            Reads::Effective => Some(seen.effective(word)),
            Reads::Direct => Some(word.address() & seen.mask),
            // the fast loop has no such instructions
            Reads::Depends => seen.machine.and_then(|machine| machine.touched(word).reads),
        }
    }
}

impl Machine {
    /// What a word would do as the next instruction. An undefined code does something where the machine has partial
    /// decoding.
    pub(crate) fn touched(&self, word: Word) -> Touched {
        let (op, access) = match decode_operation(word) {
            Some(op) => (Some(op.op()), op.op().row().access),
            None if self.config.undefined_codes == UndefinedCodes::Partial => {
                let act = act_of(word);
                let op = if let Act::As(op) = act { Some(op.op()) } else { None };
                (op, act.access())
            }
            None => (None, Access::None),
        };
        let y = Some(self.operand_address(word));
        let (reads, writes) = match access {
            Access::None | Access::Transfers(_) => (None, None),
            Access::Reads(_) => (y, None),
            Access::Writes(_) => (None, y),
            Access::Modifies(_) => (y, y),
            Access::Copies(_) => match self.copy_direction() {
                Direction::Read => (None, y),
                Direction::Write | Direction::WriteAhead => (y, None),
            },
        };
        let is_transfer = matches!(access, Access::Transfers(_)) && op != Some(Op::Ttr);
        Touched { op, reads, writes, is_trapped: self.cpu.trapping && is_transfer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use crate::core_store::CoreSize;
    use crate::cpu::{Ac, Cpu};
    use crate::machine::StopKind;
    use crate::media::NoMedia;
    use crate::random::Random;

    const LOCATION: u16 = 0o1000;
    const OPERAND: u16 = 0o2000;

    /// Registers and core.
    type State = (Cpu, Vec<Word>);

    /// Random, with an instruction at its place.
    fn state(random: &mut Random, instruction: Word) -> State {
        let mut words: Vec<_> = (0..4096).map(|_| Word::new(random.next())).collect();
        words[usize::from(LOCATION)] = instruction;
        let bits = random.next();
        let cpu = Cpu {
            ac: Ac::from_bits(random.next() & ((1 << 38) - 1)),
            mq: Word::new(random.next()),
            ic: LOCATION,
            xr: std::array::from_fn(|_| random.next() as u16 & 0o7777),
            ac_overflow: bits & 1 != 0,
            mq_overflow: bits & 2 != 0,
            trapping: bits & 4 != 0,
            ..Cpu::default()
        };
        (cpu, words)
    }

    fn put(machine: &mut Machine, (cpu, words): &State) {
        machine.set_start(LOCATION);
        machine.cpu = cpu.clone();
        for (address, word) in (0..).zip(words) {
            machine.core.poke(address, *word);
        }
    }

    /// The state behind the instruction, and START behind a HTR.
    fn after(machine: &mut Machine, state: &State) -> State {
        put(machine, state);
        match machine.step(&mut NoMedia, u64::MAX) {
            Err(stop) if stop.kind == StopKind::Htr => machine.start(&mut NoMedia),
            Err(stop) if !matches!(stop.kind, StopKind::Hpr | StopKind::DivideCheck) => panic!("{stop}"),
            _ => {}
        }
        (machine.cpu.clone(), machine.core.words().to_vec())
    }

    /// Every operation code and prefix, defined or not, is executed, input-output and the sense class apart: it writes
    /// no word but the one that is said, and no word that is not said to be read changes what it does. In several
    /// tries it does write and read that word.
    #[test]
    fn nothing_else_is_read_or_written() {
        let mut config = Config::with_core(CoreSize::K4);
        config.undefined_codes = UndefinedCodes::Partial;
        let mut machine = Machine::new(config);
        let mut random = Random(704);
        let apart = |code| matches!(code & 0o777, 0o460..=0o477 | 0o700..=0o717 | 0o760..=0o777);
        for code in
            (0..0o10000_u64).filter(|code| code & 0o3000 == 0 && !apart(*code) || code & 0o777 == 0o144)
        {
            let (mut wrote, mut read, mut says) = (false, false, (false, false));
            for tag in [0, 1, 6, 0, 1, 6] {
                let word = Word::new(code << 24 | tag << 15 | u64::from(OPERAND));
                let mut state = state(&mut random, word);
                put(&mut machine, &state);
                let touched = machine.touched(word);
                let addresses = [OPERAND, machine.effective(word)];
                says = (touched.writes.is_some(), touched.reads.is_some());
                let end = after(&mut machine, &state);
                for address in (0..0o10000_u16).filter(|n| state.1[usize::from(*n)] != end.1[usize::from(*n)])
                {
                    let said = touched.writes == Some(address) || touched.is_trapped && address == 0;
                    assert!(said, "{word} writes {address:05o}, and not {touched:?}");
                    wrote |= touched.writes == Some(address);
                }
                for address in addresses.into_iter().filter(|n| ![LOCATION, 0].contains(n)) {
                    let at = usize::from(address);
                    let kept = state.1[at];
                    state.1[at] = Word::new(!kept.bits());
                    let mut other = after(&mut machine, &state);
                    state.1[at] = kept;
                    if touched.reads == Some(address) {
                        read |= other.0 != end.0 || other.1[at] != end.1[at];
                        continue;
                    }
                    // Fields that a store leaves alone pass through SR, and their tag can name an index register.
                    other.0.sr = end.0.sr;
                    if touched.writes == Some(address) {
                        other.0.xr = end.0.xr;
                    }
                    assert!(other.0 == end.0, "{word} reads {address:05o}, and not {touched:?}");
                }
            }
            assert_eq!((wrote, read), says, "{code:04o}: written and read, and what is said");
        }
    }

    #[test]
    fn an_undefined_store_is_seen_where_it_is_decoded() {
        let mut machine = Machine::new(Config::with_core(CoreSize::K4));
        machine.cpu.xr[0] = 1;
        let store = Word::new(0o060300100201);
        assert_eq!(machine.touched(store).writes, None);
        machine.config.undefined_codes = UndefinedCodes::Partial;
        assert_eq!(machine.touched(store).writes, Some(0o200));
    }
}
