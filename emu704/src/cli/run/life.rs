//! A sign of life while a long run prints nothing: a line on standard error, when that is a terminal.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::machine::Machine;

/// What is over sooner, or prints more often, shows enough life.
const PATIENCE: Duration = Duration::from_secs(1);

/// The line, and when something was last to be seen.
#[derive(Debug)]
pub(super) struct SignOfLife {
    wanted: bool,
    seen: Instant,
    bar: Option<ProgressBar>,
}

impl SignOfLife {
    /// Nothing is shown when it shall be quiet, or standard error is no terminal.
    pub(super) fn new(quiet: bool) -> SignOfLife {
        SignOfLife { wanted: !quiet && std::io::stderr().is_terminal(), seen: Instant::now(), bar: None }
    }

    /// The run goes on: shows how far it is, if that is due.
    pub(super) fn goes(&mut self, machine: &Machine) {
        self.goes_after(self.seen.elapsed(), machine);
    }

    fn goes_after(&mut self, silence: Duration, machine: &Machine) {
        if !self.wanted || (self.bar.is_none() && silence < PATIENCE) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style.tick_chars("-\\|/ "));
            }
            bar
        });
        bar.set_message(text(machine));
        bar.tick();
    }

    /// Something is about to be printed or said, or the run is over: the line goes.
    pub(super) fn clear(&mut self) {
        self.seen = Instant::now();
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for SignOfLife {
    fn drop(&mut self) {
        self.clear();
    }
}

/// How far the machine is.
fn text(machine: &Machine) -> String {
    format!(
        "{:.0} s of 704 time, {} million instructions, IC {:05o}",
        machine.now().seconds(),
        machine.instructions / 1_000_000,
        machine.cpu.ic
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn the_line_comes_after_a_second_of_silence_and_goes_when_something_is_printed() {
        let machine = Machine::new(Config::default());
        let mut life = SignOfLife { wanted: true, seen: Instant::now(), bar: None };
        life.goes_after(Duration::from_millis(999), &machine);
        assert!(life.bar.is_none());
        life.goes_after(Duration::from_secs(1), &machine);
        let bar = life.bar.clone().expect("a line");
        assert_eq!(bar.message(), "0 s of 704 time, 0 million instructions, IC 00000");
        life.clear();
        assert!(bar.is_finished() && life.bar.is_none());
        life.wanted = false;
        life.goes_after(Duration::from_secs(9), &machine);
        assert!(life.bar.is_none());
    }
}
