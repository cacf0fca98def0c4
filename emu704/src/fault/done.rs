//! Faults that have occurred, for reports.

use std::collections::VecDeque;

use super::TimedFault;
use crate::machine::Machine;

/// How many faults are kept, the newest; noise can cause more in a long run.
const MOST: usize = 1_000;

/// The faults since the last request. Each is reported only once: a copy of the machine has none to report, and machines that
/// differ in this are equal.
#[derive(Debug, Default)]
pub(crate) struct FaultsDone {
    newest: VecDeque<TimedFault>,
    count: u64,
}

impl FaultsDone {
    pub(crate) fn push(&mut self, fault: TimedFault) {
        if self.newest.len() == MOST {
            self.newest.pop_front();
        }
        self.newest.push_back(fault);
        self.count += 1;
    }
}

impl Clone for FaultsDone {
    fn clone(&self) -> FaultsDone {
        FaultsDone::default()
    }
}

impl PartialEq for FaultsDone {
    fn eq(&self, _: &FaultsDone) -> bool {
        true
    }
}

impl Machine {
    /// Takes the faults that have come since the last call, in order, each with its machine cycle. If there are more than
    /// 1,000, only the newest 1,000 are returned; [`Machine::faults_done`] gives the total. A copy
    /// of the machine begins with none, and a snapshot does not include them.
    pub fn take_faults_done(&mut self) -> Vec<TimedFault> {
        std::mem::take(&mut self.faults_done).newest.into()
    }

    /// The number of faults since the last call of [`Machine::take_faults_done`].
    pub fn faults_done(&self) -> u64 {
        self.faults_done.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn the_newest_are_kept_and_all_are_counted() {
        let mut done = FaultsDone::default();
        (0..2_500).for_each(|at| done.push(TimedFault { at, fault: Fault::Repair }));
        assert_eq!((done.count, done.newest.len()), (2_500, 1_000));
        assert_eq!((done.newest[0].at, done.newest[999].at), (1_500, 2_499));
    }
}
