//! A machine of a live act: a room that runs as fast as a clock says, and reports on standard output.
//!
//! Each line is a word and a text: `print` is a line of paper, `say` and `seen` are for the person who watches, `mark` says that
//! the act can continue, and `end` describes the stop.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::cli::talk::putln;
use crate::machine::{Stop, StopKind};
use crate::room::{Event, Room};

/// Machine cycles between two looks at the clock: 12 ms of 704 time.
const SLICE: u64 = 1000;
/// Seconds of 704 time of a machine cycle.
const CYCLE: f64 = 12e-6;
/// Time between two reports of the state.
const TOLD: Duration = Duration::from_secs(1);
/// A host that is later than this, in seconds, does not catch up.
const LATE: f64 = 0.1;

/// A machine that is played.
pub(super) struct Player {
    pub(super) room: Room,
    /// The act is played so many times faster.
    pub(super) pace: f64,
    /// The report of its state.
    pub(super) state: fn(&Room) -> String,
    /// The clock and the cycle from which it is paced, and the speed there.
    from: (Instant, u64, f64),
    told: Instant,
    /// The speed that was announced last.
    announced: Option<f64>,
}

/// The line that announces a speed, in seconds of 704 time for each second.
fn announcement(speed: f64) -> String {
    if speed > 1.0 {
        format!("speed: {speed} times that of a 704.")
    } else if speed < 1.0 {
        format!("speed: {} times slower than a 704.", 1.0 / speed)
    } else {
        "speed: that of a 704.".to_owned()
    }
}

impl Player {
    pub(super) fn new(room: Room, pace: f64, state: fn(&Room) -> String) -> Player {
        let from = (Instant::now(), room.machine.cycles(), 0.0);
        Player { room, pace, state, from, told: Instant::now(), announced: None }
    }

    /// Runs at a speed, in seconds of 704 time for each second of the act, until something is so or the machine stops: then
    /// the stop.
    ///
    /// Each change of the speed is announced.
    pub(super) fn run(&mut self, speed: f64, mut so: impl FnMut(&mut Room) -> bool) -> Result<Option<Stop>> {
        let changed = self.announced != Some(speed);
        if changed {
            self.announced = Some(speed);
            self.say(&announcement(speed));
        }
        loop {
            if so(&mut self.room) {
                self.relay();
                return Ok(None);
            }
            let until = self.room.machine.cycles() + SLICE;
            let stop = self.room.run_until(until)?;
            self.relay();
            if stop.kind != StopKind::Limit {
                return Ok(Some(stop));
            }
            if self.room.is_waiting_for_wire() {
                std::thread::sleep(Duration::from_millis(1));
            }
            self.wait(speed * self.pace);
        }
    }

    /// The same; a stop is a failure.
    pub(super) fn run_to(&mut self, speed: f64, so: impl FnMut(&mut Room) -> bool) -> Result<()> {
        match self.run(speed, so)? {
            None => Ok(()),
            Some(stop) => bail!("the machine stopped when it should run: {stop}"),
        }
    }

    /// Does what the operator does, in the words of a job file.
    pub(super) fn act(&mut self, words: &str) -> Result<()> {
        let action = self.room.parse_action(words)?;
        Ok(self.room.act(&action)?)
    }

    /// Runs to the cycle.
    pub(super) fn run_to_cycle(&mut self, speed: f64, cycle: u64) -> Result<()> {
        self.run_to(speed, |room| room.machine.cycles() >= cycle)
    }

    /// Runs until so many records and marks have come to the reels of the room.
    pub(super) fn run_to_written(&mut self, speed: f64, items: usize) -> Result<()> {
        let mut seen = 0;
        self.run_to(speed, |room| {
            let events = room.take_events();
            seen += events.iter().filter(|event| matches!(event, Event::Written { .. })).count();
            seen >= items
        })
    }

    /// Runs to a stop.
    pub(super) fn run_to_stop(&mut self, speed: f64) -> Result<Stop> {
        match self.run(speed, |_| false)? {
            Some(stop) => Ok(stop),
            None => bail!("the machine does not stop"),
        }
    }

    /// Tells the act that it can continue, and runs slowly until the process is killed.
    pub(super) fn wait_to_be_killed(&mut self, speed: f64) -> Result<u8> {
        self.mark();
        self.pace = 1.0;
        let stop = self.run_to_stop(speed)?;
        self.end(&stop)
    }

    /// Waits as long as the machine is ahead of the clock.
    fn wait(&mut self, speed: f64) {
        let cycles = self.room.machine.cycles();
        let (begun, first, at) = self.from;
        let due = (cycles - first.min(cycles)) as f64 * CYCLE / speed;
        let early = due - begun.elapsed().as_secs_f64();
        #[expect(clippy::float_cmp, reason = "it is the same number, or another one was asked for")]
        let changed = at != speed;
        if changed || early < -LATE {
            self.from = (Instant::now(), cycles, speed);
        } else if early > 0.002 {
            std::thread::sleep(Duration::from_secs_f64(early));
        }
        if self.told.elapsed() > TOLD {
            self.told = Instant::now();
            self.tell("seen", &(self.state)(&self.room));
        }
    }

    /// Waits so long in the act, in seconds.
    pub(super) fn pause(&self, seconds: f64) {
        std::thread::sleep(Duration::from_secs_f64(seconds / self.pace));
    }

    /// Passes on the finished lines of paper.
    pub(super) fn relay(&mut self) {
        for line in self.room.take_lines().lines() {
            putln!("print {line}");
        }
    }

    fn tell(&self, word: &str, what: &str) {
        putln!("{word} {:7.2} s  {what}", self.room.machine.now().seconds());
    }

    /// Says what happens now.
    pub(super) fn say(&self, what: &str) {
        self.tell("say", what);
    }

    /// Tells the act that it can continue.
    #[expect(clippy::unused_self, reason = "a machine says so")]
    pub(super) fn mark(&self) {
        putln!("mark");
    }

    /// Writes the reels to their files.
    pub(super) fn keep_reels(&mut self) -> Result<()> {
        match self.room.reels.sync().lost.first() {
            Some((label, error)) => bail!("{label}: {error}"),
            None => Ok(()),
        }
    }

    /// Reports the rest of the paper and the stop, with the decrement of AC, which has the code of a routine.
    pub(super) fn end(&mut self, stop: &Stop) -> Result<u8> {
        for line in self.room.tear_off().lines() {
            putln!("print {line}");
        }
        self.keep_reels()?;
        let code = self.room.machine.cpu.ac.word().decrement();
        let halted = u8::from(stop.kind == StopKind::Htr);
        putln!("end {halted} {code} {stop}");
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::announcement;

    #[test]
    fn speeds_in_words() {
        for (speed, text) in [
            (16.0, "speed: 16 times that of a 704."),
            (1.0, "speed: that of a 704."),
            (0.1, "speed: 10 times slower than a 704."),
            (1.0 / 200.0, "speed: 200 times slower than a 704."),
        ] {
            assert_eq!(announcement(speed), text);
        }
    }
}
