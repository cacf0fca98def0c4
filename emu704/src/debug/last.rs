//! The last instructions before now. Nothing is kept while the machine runs: they are found by running it again.

use std::collections::VecDeque;

use super::{DebugError, Debugger, trace};

impl Debugger {
    /// The last instructions before now, oldest first, in the columns of a trace; fewer where fewer were executed or are known.
    ///
    /// # Errors
    /// Nothing is remembered, or somebody had enough of it.
    pub fn last_instructions(&mut self, count: usize) -> Result<Vec<String>, DebugError> {
        let now = self.room.machine.cycles();
        let points = self.points_before(now);
        let Some(&earliest) = points.last() else {
            // at the beginning there is nothing to tell
            return if now == 0 || self.points_before(now + 1).is_empty() {
                Err(DebugError::Past(format!("nothing was executed: {}", self.history_text())))
            } else {
                Ok(Vec::new())
            };
        };
        let (first, from) = match self.steps_back(count as u64) {
            Ok(moment) => moment,
            Err(DebugError::Past(_)) => earliest,
            Err(error) => return Err(error),
        };
        // from each point to the next
        let mut legs = Vec::new();
        let mut end = now;
        for (point, begins) in points.into_iter().filter(|(point, _)| *point >= first) {
            if begins < end {
                legs.push((point, end));
                end = begins;
            }
        }
        let symbols = std::mem::take(&mut self.room.symbols);
        let mut lines = VecDeque::new();
        let told = legs.into_iter().rev().try_for_each(|(point, end)| {
            let mut look = |machine: &crate::machine::Machine| {
                if machine.cycles() >= from {
                    lines.push_back(trace::line(machine, &symbols));
                    if lines.len() > count {
                        lines.pop_front();
                    }
                }
            };
            self.look_again(point, end, &mut look).map(drop)
        });
        self.room.symbols = symbols;
        told?;
        Ok(lines.into_iter().map(|line| line.trim_end().to_owned()).collect())
    }
}
