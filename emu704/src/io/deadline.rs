//! The timing of a CPY against its unit: in time, nearly late, or too late.

use serde::{Deserialize, Serialize};

use super::{Io, Operation, Slack, Slacks, Unit};
use crate::audit::Doubt;
use crate::time::Ticks;

/// A CPY for the right half of a row that the machine accepted although it began later after the left half than the
/// 540 us that the manual of the 701 allows: a real machine out of adjustment might not accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateRightHalf {
    /// The unit.
    pub unit: Unit,
    /// The location of the CPY.
    pub at: u16,
    /// From the pulse of the left half to the first ER cycle of the CPY.
    pub after: Ticks,
}

/// A CPY closer than this to its deadline, before or after, is noted for the audit.
pub(crate) const NEAR: Ticks = Ticks::cycles(4);

/// A unit that disconnected because no CPY was executing when it needed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// The unit.
    pub unit: Unit,
    /// When the word was due.
    pub due: Ticks,
    /// Words copied since the select.
    pub words: u64,
}

impl Io {
    /// The least slack of each CPY of the program, by its location.
    pub fn slack(&self) -> &Slacks {
        &self.slack
    }

    /// The last unit that disconnected because no CPY came in time.
    pub fn late(&self) -> Option<Late> {
        self.late
    }

    /// The latest CPY for a right half that was accepted although it exceeded the 701 manual's 540 us.
    pub fn late_right_half(&self) -> Option<LateRightHalf> {
        self.late_right_half
    }

    /// Begins the read-write pulse of a card machine's half row; a right half gives the time of the left
    /// half's pulse. True if a CPY is executing: then its word moves when the pulse ends ([`Io::pulse_ends`]). Otherwise the
    /// unit is disconnected.
    ///
    /// UNVERIFIED: a pulse during the first ER cycle of a CPY does not find that CPY, as seen once on the netlist; the CPY
    /// then finds no unit selected ([`Machine::copy`]).
    pub(crate) fn pulse_begins(&mut self, due: Ticks, right_half: Option<Ticks>) -> bool {
        if let (Some(since), Some(unit)) = (self.copying, self.selected)
            && due < since + Ticks::CYCLE
        {
            self.late = Some(Late { unit, due, words: self.words });
            self.selected = None;
            return false;
        }
        if let (Some(behind), Some(since), Some(unit)) = (right_half, self.copying, self.selected) {
            let after = since - (due - behind);
            if after > Ticks::micros(540) && self.late_right_half.is_none_or(|worst| worst.after < after) {
                self.late_right_half = Some(LateRightHalf { unit, at: self.copy_at, after });
            }
        }
        let met = self.meet(due);
        self.ready = false;
        met
    }

    /// Ends a read-write pulse: true if the CPY found at its beginning takes or gives its word now.
    pub(crate) fn pulse_ends(&mut self) -> bool {
        self.ready = self.selected.is_some() && self.copying.is_some();
        self.ready
    }

    /// Handles a unit that needs a CPY at `due`. True if one is executing: then it is ready to continue. Otherwise the unit is
    /// disconnected.
    pub(crate) fn meet(&mut self, due: Ticks) -> bool {
        let Some(unit) = self.selected else { return false };
        let Some(since) = self.copying else { return self.lets_go_late(unit, due) };
        self.ready = true;
        self.words += 1;
        let least = due - since;
        if least < NEAR {
            return self.near_deadline(unit, since, least);
        }
        self.slack.count(self.copy_at, Slack { unit, words: 1, least });
        true
    }

    /// Disconnects a unit for which no CPY was executing.
    #[cold]
    fn lets_go_late(&mut self, unit: Unit, due: Ticks) -> bool {
        if self.words == 0 && matches!(self.operation, Operation::TapeWrite(_)) {
            self.audit.note(Doubt::ErasedGap, self.copy_at, due.whole_cycles());
        }
        self.late = Some(Late { unit, due, words: self.words });
        self.selected = None;
        false
    }

    /// Notes a CPY that was in time, but nearly late.
    #[cold]
    fn near_deadline(&mut self, unit: Unit, since: Ticks, least: Ticks) -> bool {
        self.audit.note(Doubt::NearDeadline, self.copy_at, since.whole_cycles() - 1);
        self.slack.count(self.copy_at, Slack { unit, words: 1, least });
        true
    }
}
