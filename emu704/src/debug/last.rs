//! The last instructions before now. Nothing is kept while the machine runs: they are found by running it again.

use std::collections::VecDeque;

use super::{DebugError, Debugger, TraceFilter, trace};
use crate::symbols::Symbols;

impl Debugger {
    /// The last instructions before now that pass a filter, oldest first, in the columns of a trace; fewer where fewer were
    /// executed or are known.
    ///
    /// # Errors
    /// Nothing is remembered, or somebody had enough of it.
    pub fn last_instructions(&mut self, count: usize, only: &TraceFilter) -> Result<Vec<String>, DebugError> {
        let now = self.room.machine.cycles();
        if self.points_before(now).is_empty() {
            // at the beginning there is nothing to tell
            return if now == 0 || self.points_before(now + 1).is_empty() {
                Err(DebugError::Past(format!("nothing was executed: {}", self.history_text())))
            } else {
                Ok(Vec::new())
            };
        }
        let symbols = std::mem::take(&mut self.room.symbols);
        let told = self.lines_before(now, count, only, &symbols);
        self.room.symbols = symbols;
        told
    }

    /// From the newest point of the history to the oldest, until there are enough: what ran from each point to the next is run
    /// twice, to count and to tell.
    fn lines_before(
        &mut self,
        mut end: u64,
        count: usize,
        only: &TraceFilter,
        symbols: &Symbols,
    ) -> Result<Vec<String>, DebugError> {
        let (mut legs, mut left) = (Vec::new(), count);
        for (point, begins) in self.points_before(end) {
            if begins >= end || left == 0 {
                continue;
            }
            let mut moments = VecDeque::new();
            self.look_again(point, end, &mut |machine| {
                if only.passes(&machine.seen()) {
                    moments.push_back(machine.cycles());
                    if moments.len() > left {
                        moments.pop_front();
                    }
                }
            })?;
            if let Some(&first) = moments.front() {
                let mut lines = Vec::with_capacity(moments.len());
                self.look_again(point, end, &mut |machine| {
                    if machine.cycles() >= first && only.passes(&machine.seen()) {
                        lines.push(trace::line(machine, symbols).trim_end().to_owned());
                    }
                })?;
                left = left.saturating_sub(lines.len());
                legs.push(lines);
            }
            end = begins;
        }
        Ok(legs.into_iter().rev().flatten().collect())
    }
}
