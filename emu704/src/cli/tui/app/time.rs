//! How the time of the wall becomes cycles of the machine, and lamps become a picture.

use std::time::{Duration, Instant};

use super::App;
use crate::console::{Key, MULTIPLE_STEP};
use crate::machine::Machine;
use crate::panel::lamps::Exposure;
use crate::panel::{Pane, Speed};

/// Machine cycles of a real 704 in a second.
const REAL: f64 = 1e6 / 12.0;
/// When the lamps are sampled, about so many samples make the picture of a frame.
const SAMPLES: f64 = 128.0;
/// Lines of the command pane that are kept.
const MOST_REPLIES: usize = 1000;

/// Cycles between two looks at the host's clock while every instruction lights its lamps.
const EXACT_SLICE: u64 = 1000;

impl App {
    /// Time of the wall has gone by. The machine gets its cycles, but not beyond `deadline`.
    pub fn tick(&mut self, elapsed: Duration, deadline: Instant) {
        // After a long sleep the machine does not catch up.
        let elapsed = elapsed.min(Duration::from_millis(100));
        if self.panes.contains(&Pane::Crt) {
            self.glow.passes(self.monitor.machine(), elapsed);
        }
        if let Some(since) = &mut self.multiple_step {
            *since += elapsed;
            let step = Duration::from_micros(MULTIPLE_STEP.0 / 3);
            if *since >= step {
                *since -= step;
                let pressed = self.monitor.press(Key::MultipleStep);
                if !matches!(pressed, Ok(true)) || self.monitor.debugger.pause().is_failure() {
                    self.multiple_step = None;
                    self.message = self.monitor.debugger.state();
                }
            }
        }
        if !self.monitor.debugger.is_going() {
            self.go_on_with_files();
        }
        if !self.monitor.debugger.is_going() {
            return;
        }
        let before = self.monitor.machine().cycles();
        match self.speed.factor() {
            Some(factor) => {
                self.owed += elapsed.as_secs_f64() * REAL * f64::from(factor);
                let whole = self.owed as u64;
                self.advance(before + whole, factor <= 10, deadline);
                let given = self.monitor.machine().cycles() - before;
                // An instruction may take more than was owed: the next frame has less. What could not be done in
                // time is let go.
                self.owed = (self.owed - given as f64).min(1.0);
            }
            None => self.advance(u64::MAX, false, deadline),
        }
        let (wall, cycles) = &mut self.measured;
        *wall += elapsed;
        *cycles += self.monitor.machine().cycles() - before;
        if *wall >= Duration::from_millis(500) {
            self.ratio = *cycles as f64 / REAL / wall.as_secs_f64();
            self.measured = (Duration::ZERO, 0);
        }
        self.picture = self.exposure.take().or(self.picture.take());
        let said = self.monitor.debugger.take_happened();
        if !self.monitor.debugger.is_going() {
            self.stands();
        }
        if let Some(last) = said.last() {
            self.message.clone_from(last);
        }
        self.replies.extend(said);
        let excess = self.replies.len().saturating_sub(MOST_REPLIES);
        self.replies.drain(..excess);
    }

    /// `exact`: every instruction lights its lamps. Otherwise samples do.
    fn advance(&mut self, until: u64, exact: bool, deadline: Instant) {
        let until = until.min(self.until.unwrap_or(u64::MAX));
        let first = Instant::now();
        let begun = self.monitor.machine().cycles();
        let most = self.most_cycles();
        let mut untaken = 0;
        while self.monitor.debugger.is_going() && self.monitor.machine().cycles() < until {
            let now = self.monitor.machine().cycles();
            // Samples are not evenly apart, so that no loop of the program beats with them.
            // Where every instruction lights its lamps, the picture must not depend on the speed of the host.
            let slice = if exact { EXACT_SLICE } else { self.slice };
            let slice = slice / 2 + (now.wrapping_mul(0x9E37_79B9) >> 7) % slice.max(1) + 1;
            let end = now.saturating_add(slice).min(until);
            untaken += slice;
            if untaken > most {
                // what a program makes is not held until the picture is drawn
                untaken = slice;
                self.take_outputs();
            }
            if exact {
                let exposure = &mut self.exposure;
                let mut look = |machine: &Machine, cycles: u64| exposure.expose(machine, cycles);
                let advanced = self.monitor.debugger.advance(end, Some(&mut look));
                self.failed(advanced);
            } else {
                let advanced = self.monitor.debugger.advance(end, None);
                self.failed(advanced);
                let machine = self.monitor.machine();
                self.exposure.expose(machine, machine.cycles().saturating_sub(now));
            }
            if Instant::now() >= deadline || self.monitor.debugger.room.is_waiting_for_wire() {
                break;
            }
        }
        // As many cycles a sample as make the wished samples a frame.
        let spent = first.elapsed().as_secs_f64();
        let rate = (self.monitor.machine().cycles() - begun) as f64 / spent.max(1e-6);
        let frame = if self.speed == Speed::Full { 0.1 } else { 0.033 };
        self.slice = ((rate * frame / SAMPLES) as u64).clamp(100, 1_000_000);
        if self.until.is_some_and(|until| self.monitor.machine().cycles() >= until) {
            self.monitor.debugger.stop();
        }
    }

    /// Lets the machine go on at once until something is so, for so many cycles at most. False when it does not come to that.
    pub(in crate::cli::tui) fn run_forward(&mut self, so: fn(&App) -> bool, most: u64) -> bool {
        /// Cycles between two looks: 12 ms, in which no unit does anything whole.
        const LOOK: u64 = 1000;
        let until = self.monitor.machine().cycles().saturating_add(most);
        while !so(self) {
            let now = self.monitor.machine().cycles();
            if !self.monitor.debugger.is_going() || now >= until {
                return false;
            }
            let advanced = self.monitor.debugger.advance(now + LOOK, None);
            self.failed(advanced);
        }
        // the lamps of before are no longer true
        self.exposure = Exposure::default();
        self.picture = None;
        self.owed = 0.0;
        true
    }

    /// The machine is stopped now.
    pub(super) fn stands(&mut self) {
        self.picture = None;
        self.exposure = Exposure::default();
        self.until = None;
        self.owed = 0.0;
        self.ratio = 0.0;
        self.measured = (Duration::ZERO, 0);
        let debugger = &self.monitor.debugger;
        self.message = if debugger.pause().is_failure() { debugger.pause_text() } else { debugger.here() };
    }
}
