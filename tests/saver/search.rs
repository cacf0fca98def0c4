//! Search for core savers on a machine of eight words.
//!
//! A program may only touch a given set of cells. What a card word is, is decided when it is first executed, so every
//! card of any length is covered, except these bounds: the instructions are CPY, TXI, TIX, TTR, WTB, HTR, NOP and one that puts
//! any number in XR1 (more than a 704 can do at a time); XR2, XR4, AC, MQ and trapping mode are not used; nothing is stored but by CPY.

use std::collections::HashSet;

/// Words of the tiny core.
const N: u8 = 8;

/// What is asked of a saver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    /// It must end in a stop. Else it has done its duty when all of core is on tape.
    pub(crate) stop: bool,
    /// Tape is selected once.
    pub(crate) one_record: bool,
    /// It may halt before it dumps; START then goes where it likes.
    pub(crate) start_key: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instruction {
    Copy(u8),
    CopyIndexed(u8),
    Txi(u8, u8),
    Tix(u8),
    Ttr(u8),
    SetIndex(u8),
    Wtb,
    Htr,
    Nop,
}

/// A cell holds 0: a card word that was not executed yet; an instruction, counted from 1; or what was in core before.
#[derive(Debug, Clone, Copy)]
struct State {
    core: [u8; 4],
    /// N: not known.
    xr: u8,
    at: u8,
    /// While cards are read `None`, later which words outside of the cells have been written.
    written: Option<u8>,
}

/// Sets of cells with 0 and 1.
pub(crate) fn sets(words: usize) -> Vec<Vec<u8>> {
    let wanted = (0u8..=u8::MAX).filter(|set| set & 3 == 3 && set.count_ones() as usize == words);
    wanted.map(|set| (0..N).filter(|cell| set >> cell & 1 == 1).collect()).collect()
}

/// A search among the savers that touch given cells.
pub(crate) struct Search {
    instructions: Vec<Instruction>,
    cells: Vec<u8>,
    others: u8,
    rules: Rules,
    reset: bool,
    nop_first: bool,
    /// A bit for each state of the first phase.
    seen: Vec<u64>,
    seen_writing: HashSet<(u64, u8)>,
    states: u64,
    stack: Vec<State>,
}

impl Search {
    /// `reset`: XR1 is 0 at the beginning, else not known. `nop_first`: word 0 of the card is a no-operation.
    /// `all_steps`: TXI by any number, else by 1 and -1.
    pub(crate) fn new(cells: &[u8], rules: Rules, reset: bool, nop_first: bool, all_steps: bool) -> Search {
        use Instruction::{Copy, CopyIndexed, Htr, Nop, SetIndex, Tix, Ttr, Txi, Wtb};
        let mut instructions = vec![Nop, Wtb, Htr];
        for &cell in cells {
            instructions.extend([Copy(cell), Ttr(cell), Tix(cell)]);
            instructions.extend((1..N).filter(|d| all_steps || [1, N - 1].contains(d)).map(|d| Txi(cell, d)));
        }
        instructions.extend((0..N).flat_map(|y| [CopyIndexed(y), SetIndex(y)]));
        let codes = instructions.len() + 2;
        let size = codes.pow(u32::try_from(cells.len()).unwrap()) * usize::from(N + 1) * cells.len();
        Search {
            instructions,
            cells: cells.to_vec(),
            others: (0..N).filter(|a| !cells.contains(a)).fold(0, |set, a| set | 1 << a),
            rules,
            reset,
            nop_first,
            seen: vec![0; size / 64 + 1],
            seen_writing: HashSet::new(),
            states: 0,
            stack: Vec::new(),
        }
    }

    /// How many states were looked at.
    pub(crate) fn states(&self) -> u64 {
        self.states
    }

    /// True when there is a saver.
    pub(crate) fn run(&mut self) -> bool {
        let old = u8::try_from(self.instructions.len() + 1).unwrap();
        let mut core = [old; 4];
        // 0 and 1 are the lowest of the cells; the first instruction is NOP
        core[0] = u8::from(self.nop_first);
        core[1] = 0;
        self.stack = vec![State { core, xr: if self.reset { 0 } else { N }, at: 0, written: None }];
        while let Some(state) = self.stack.pop() {
            if self.step(state) {
                return true;
            }
        }
        false
    }

    fn cell(&self, address: u8) -> Option<usize> {
        self.cells.iter().position(|&cell| cell == address)
    }

    /// Executes the current instruction; true when the saver is done. Whatever runs wild is dropped.
    fn step(&mut self, state: State) -> bool {
        use Instruction::{Copy, CopyIndexed, Htr, Nop, SetIndex, Tix, Ttr, Txi, Wtb};
        let Some(here) = self.cell(state.at) else { return false };
        let code = usize::from(state.core[here]);
        if code == 0 {
            for code in 1..=self.instructions.len() {
                let mut next = state;
                next.core[here] = u8::try_from(code).unwrap();
                self.push(next);
            }
            return false;
        }
        let Some(&instruction) = self.instructions.get(code - 1) else { return false };
        let mut next = state;
        next.at = (state.at + 1) % N;
        let known = state.xr < N;
        match instruction {
            CopyIndexed(_) | Tix(_) if !known => return false,
            Copy(y) | CopyIndexed(y) => {
                let index = if matches!(instruction, Copy(_)) { 0 } else { state.xr };
                let address = (y + N - index) % N;
                if let Some(written) = &mut next.written {
                    *written |= 1 << address & self.others;
                } else {
                    let Some(to) = self.cell(address) else { return false };
                    next.core[to] = 0;
                }
            }
            Txi(y, d) => {
                next.at = y;
                next.xr = if known { (state.xr + d) % N } else { N };
            }
            Tix(y) if state.xr > 1 => {
                next.at = y;
                next.xr = state.xr - 1;
            }
            Tix(_) | Nop => {}
            Ttr(y) => next.at = y,
            SetIndex(value) => next.xr = value,
            Wtb if state.written.is_some() && self.rules.one_record => return false,
            Wtb => next.written = Some(state.written.unwrap_or(0)),
            Htr if state.written.is_none() && self.rules.start_key => {
                for cell in self.cells.clone() {
                    self.push(State { at: cell, ..state });
                }
                return false;
            }
            Htr => return state.written == Some(self.others),
        }
        if !self.rules.stop && next.written == Some(self.others) {
            return true;
        }
        self.push(next);
        false
    }

    /// To be looked at, unless it was.
    fn push(&mut self, state: State) {
        let Some(here) = self.cell(state.at) else { return };
        let codes = self.instructions.len() as u64 + 2;
        let cells = self.cells.len();
        let core = state.core[..cells].iter().fold(0, |key, &code| key * codes + u64::from(code));
        let key = (core * u64::from(N + 1) + u64::from(state.xr)) * cells as u64 + here as u64;
        let new = if let Some(written) = state.written {
            self.seen_writing.insert((key, written))
        } else {
            let bits = &mut self.seen[usize::try_from(key / 64).unwrap()];
            let new = *bits >> (key % 64) & 1 == 0;
            *bits |= 1 << (key % 64);
            new
        };
        if new {
            self.states += 1;
            self.stack.push(state);
        }
    }
}
