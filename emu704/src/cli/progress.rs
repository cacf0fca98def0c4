//! How far a command is, for what takes longer than a second: a bar on standard error, when that is a terminal.

use super::talk::say;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// On standard error, when it is a terminal.
    OnTerminal,
    /// Nowhere.
    Never,
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Bytes,
    Cards,
}

/// How much of a file has been read, or of a deck been worked through.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: Shown,
    unit: Unit,
    begun: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(shown: Shown) -> Progress {
        Progress { shown, unit: Unit::Bytes, begun: Instant::now(), bar: None }
    }

    /// Of the cards of a deck. Lines on a terminal are progress enough.
    pub(crate) fn of_cards(prints_lines: bool) -> Progress {
        let quiet = prints_lines && std::io::stdout().is_terminal();
        let shown = if quiet { Shown::Never } else { Shown::OnTerminal };
        Progress { shown, unit: Unit::Cards, begun: Instant::now(), bar: None }
    }

    /// The file has been read up to an offset of its length; the length of a stream is not known.
    pub(crate) fn read(&mut self, offset: u64, len: impl FnOnce() -> Option<u64>) {
        self.read_after(self.begun.elapsed(), offset, len);
    }

    fn read_after(&mut self, elapsed: Duration, offset: u64, len: impl FnOnce() -> Option<u64>) {
        if self.shown == Shown::Never || (self.bar.is_none() && elapsed < PATIENCE) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let len = len();
            let bar = ProgressBar::with_draw_target(len, ProgressDrawTarget::stderr());
            let template = match (len, self.unit) {
                (Some(_), Unit::Bytes) => "{bar:40} {percent:>3} %  {bytes}, {eta} left",
                (Some(_), Unit::Cards) => "{bar:40} {percent:>3} %  {pos} cards, {eta} left",
                (None, _) => "{spinner} {bytes} read",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("#> ").tick_chars("-\\|/ "));
            }
            bar
        });
        bar.set_position(offset);
        if bar.length().is_some_and(|len| offset >= len) {
            // the results follow, on a clean line
            bar.finish_and_clear();
        }
    }

    /// Nothing more is to be read.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Says something on standard error, above the bar.
    pub(crate) fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| say(line)),
            None => say(line),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_comes_after_a_second_and_goes_at_the_end() {
        let mut progress = Progress::new(Shown::OnTerminal);
        progress.read_after(Duration::from_millis(999), 100, || Some(400));
        assert!(progress.bar.is_none());
        progress.read_after(Duration::from_secs(1), 200, || Some(400));
        let bar = progress.bar.clone().expect("a bar");
        assert_eq!((bar.position(), bar.length(), bar.is_finished()), (200, Some(400), false));
        progress.read_after(Duration::from_secs(2), 400, || Some(400));
        assert!(bar.is_finished());
    }

    #[test]
    fn a_stream_has_no_length() {
        let mut progress = Progress::new(Shown::OnTerminal);
        progress.read_after(Duration::from_secs(1), 200, || None);
        let bar = progress.bar.clone().expect("a bar");
        assert_eq!((bar.position(), bar.length(), bar.is_finished()), (200, None, false));
        progress.end();
        assert!(bar.is_finished());
    }

    #[test]
    fn no_bar_where_none_is_wanted() {
        let mut progress = Progress::new(Shown::Never);
        progress.read_after(Duration::from_secs(9), 200, || Some(400));
        assert!(progress.bar.is_none());
    }
}
