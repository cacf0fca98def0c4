//! Who called a subroutine, as far as the machine tells.
//!
//! The 704 keeps no stack. TSX leaves the complement of its own location in an index register, and a subroutine returns by a
//! transfer that this register modifies. As long as a subroutine has not changed the register, it says where the call was.

use std::collections::BTreeSet;

use asm704::isa::{Op, decode_major};

use super::Debugger;
use crate::machine::Machine;

/// How far behind a TSX its subroutine may return.
const PARAMETERS: u16 = 8;

/// A call that an index register tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Index register 0, 1, 2 for A, B, C.
    pub register: u8,
    /// Location of the TSX.
    pub call: u16,
    /// Where it transfers to.
    pub entry: u16,
}

impl Debugger {
    /// The calls that lead to a location, the innermost first; none when no register tells of one.
    ///
    /// A register counts when it holds the complement of the location of a TSX that sets this register, the location is in
    /// the subroutine which that TSX enters, and the TSX is outside of it. A subroutine reaches from the target of a TSX to
    /// the next such target. A register that a subroutine has changed tells nothing, and one that was left over from a call
    /// that is over is not distinguished if the program went into the same subroutine by a plain transfer.
    pub fn links(&self, location: u16) -> Vec<Link> {
        let machine = &self.room.machine;
        let entries = entries(machine);
        let inside = |at: u16| entries.range(..=at).next_back().copied();
        let mask = machine.core.size().mask();
        let mut links: Vec<Link> = Vec::new();
        let mut at = location;
        while let Some(entry) = inside(at) {
            let link = (0..3u8).find_map(|register| {
                let call = machine.cpu.xr[usize::from(register)].wrapping_neg() & mask;
                let word = machine.core.peek(call);
                let calls = decode_major(word) == Some(Op::Tsx)
                    && word.tag() == 1 << register
                    && word.address() & mask == entry
                    && inside(call) != Some(entry)
                    && links.iter().all(|link| link.register != register);
                calls.then_some(Link { register, call, entry })
            });
            let Some(link) = link else { break };
            links.push(link);
            at = link.call;
        }
        links
    }

    /// Lets the machine go until the innermost call of [`Debugger::links`] returns; [`Debugger::advance`] gives it time. A
    /// subroutine may return behind its parameters, which are at most eight words. False, and nothing is changed, when no
    /// call is known.
    pub fn go_to_return(&mut self) -> bool {
        let location = self.room.machine.cpu.ic;
        let Some(link) = self.links(location).first().copied() else { return false };
        self.go();
        self.break_at_return(link.call, link.entry);
        true
    }

    /// Breaks once where a TSX at `call` to `entry` returns: behind it, or behind its parameters, which end at the latest where
    /// the subroutine itself begins.
    pub(crate) fn break_at_return(&mut self, call: u16, entry: u16) {
        let mask = self.room.machine.core.size().mask();
        let reach = call.saturating_add(PARAMETERS).min(mask);
        let last = if entry > call + 1 { reach.min(entry - 1) } else { reach };
        self.break_once((call + 1) & mask, last);
    }
}

/// The targets of all TSX in core. A number that looks like one makes a subroutine shorter, so that less is told.
fn entries(machine: &Machine) -> BTreeSet<u16> {
    let mask = machine.core.size().mask();
    let words = (0..=mask).map(|at| machine.core.peek(at));
    words
        .filter(|word| decode_major(*word) == Some(Op::Tsx) && word.tag() != 0)
        .map(|word| word.address() & mask)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, CoreSize, Room};

    /// MAIN calls OUTER by XRC, and OUTER calls INNER by XRB.
    const SOURCE: &str = "       ORG 64\nMAIN   TSX OUTER,4\n       HTR MAIN\nOUTER  TSX INNER,2\n       TRA 1,4\nINNER  NOP\n       TRA 1,2\n       END MAIN\n";

    #[test]
    fn the_index_registers_tell_who_called() {
        let mut room = Room::new(Config::with_core(CoreSize::K4));
        room.load_sap(SOURCE).unwrap();
        let mut debugger = Debugger::new(room);
        assert_eq!(debugger.links(0o100), []);
        debugger.step().unwrap();
        let outer = Link { register: 2, call: 0o100, entry: 0o102 };
        assert_eq!(debugger.room.machine.cpu.ic, 0o102);
        assert_eq!(debugger.links(0o102), [outer]);
        debugger.step().unwrap();
        assert_eq!(debugger.room.machine.cpu.ic, 0o104);
        assert_eq!(debugger.links(0o104), [Link { register: 1, call: 0o102, entry: 0o104 }, outer]);
        assert!(debugger.go_to_return());
        debugger.advance(u64::MAX, None).unwrap();
        assert_eq!(debugger.room.machine.cpu.ic, 0o103);
        assert!(debugger.go_to_return());
        debugger.advance(u64::MAX, None).unwrap();
        // back in MAIN, the registers still hold both links
        assert_eq!(debugger.room.machine.cpu.ic, 0o101);
        assert_eq!(debugger.links(0o101), []);
        assert!(!debugger.go_to_return());
    }
}
