//! The way to the terminal, no faster than its line.
//!
//! On a line of 960 bytes a second, buffers of the system hold ten thousand bytes before a write has to wait. The picture on the
//! screen is then ten seconds old. So a thread of its own writes, the loop of the panel never waits for it, and a picture is drawn
//! only when the line has carried the one before. The terminal says how fast the line is, before the first picture: it is asked
//! where its cursor is, once at once and then after bytes that do nothing. Later, writes that have to wait say it.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A write that takes longer has waited for the line.
const WAITS: Duration = Duration::from_millis(250);
/// An answer that comes so soon after the bytes of a probe tells nothing against the line: the host may have been busy.
const SOON: Duration = Duration::from_millis(80);
/// The share of a measured speed that pictures use.
const SURE: f64 = 0.9;
/// Bytes of the two probes. The first takes a quarter of a second at 960 bytes a second.
const PROBES: [usize; 2] = [240, 1600];
/// Bytes that change nothing on any terminal: the end of all colours, where none is on.
const NOTHING: &[u8] = b"\x1b[0m";
/// Time of the line that may be waiting when the next picture is drawn, in seconds.
const AHEAD: f64 = 0.1;
/// Time of the line that one part of a picture takes, in seconds.
const PART: f64 = 0.25;
/// Bytes a second at which pictures need no pacing.
const FAST: f64 = 100_000.0;
/// Bytes a second of a line of 9,600 bits.
const SLOWEST: f64 = 960.0;
/// Two writes that have to wait tell the speed of the line if no more time is between them.
const BETWEEN: Duration = Duration::from_secs(30);
/// A frozen terminal is given up at the end, and is not asked.
const FROZEN: Duration = Duration::from_secs(2);

/// How fast a line is, and what waits on it.
#[derive(Debug)]
struct Pace {
    /// Bytes a second; `None` when nothing is known against it.
    rate: Option<f64>,
    /// Bytes that wait, at a moment.
    ahead: f64,
    at: Instant,
    /// All bytes, and since when.
    sent: u64,
    since: Instant,
    /// Bytes sent by the end of the last write that had to wait, when the buffers were full, and that moment.
    full: Option<(u64, Instant)>,
}

impl Pace {
    fn new(now: Instant) -> Pace {
        Pace { rate: None, ahead: 0.0, at: now, sent: 0, since: now, full: None }
    }

    fn drain(&mut self, now: Instant) {
        let gone = self.rate.unwrap_or(f64::INFINITY) * now.saturating_duration_since(self.at).as_secs_f64();
        self.ahead = if gone.is_finite() { (self.ahead - gone).max(0.0) } else { 0.0 };
        self.at = now;
    }

    /// So many bytes went out, which took so long.
    fn wrote(&mut self, bytes: usize, took: Duration, now: Instant) {
        self.drain(now);
        self.sent += bytes as u64;
        self.ahead += bytes as f64;
        if took < WAITS {
            return;
        }
        // between two moments at which the buffers are full the line takes as much as is sent; the first alone tells little, as
        // it begins with what the buffers still had room for
        if let Some((sent, at)) = self.full.filter(|(_, at)| now.saturating_duration_since(*at) < BETWEEN) {
            let rate = (self.sent - sent) as f64 / now.saturating_duration_since(at).as_secs_f64().max(0.001);
            self.learn(rate);
            // all that was sent is in the buffers, less what the line has taken since the beginning
            let taken = rate * now.saturating_duration_since(self.since).as_secs_f64();
            self.ahead = self.ahead.max(self.sent as f64 - taken);
        }
        self.full = Some((self.sent, now));
    }

    /// The terminal has answered a probe of so many bytes. `usual` is the time of an answer to a question alone. True when the probe
    /// says how fast the line is.
    fn answered(&mut self, bytes: usize, took: Duration, usual: Duration, now: Instant) -> bool {
        if took.saturating_sub(usual) < SOON {
            return false;
        }
        // whatever else the time went into, the line is not slower than that; pictures that wait on it are worse than fewer pictures
        self.learn(SURE * bytes as f64 / took.as_secs_f64());
        self.ahead = 0.0;
        self.at = now;
        true
    }

    /// The terminal does not answer, or answers late: assume the slowest line in use.
    fn is_slow(&mut self, now: Instant) {
        let gone = SURE * SLOWEST * now.saturating_duration_since(self.since).as_secs_f64();
        self.learn(SURE * SLOWEST);
        self.ahead = (self.sent as f64 - gone).max(0.0);
        self.at = now;
    }

    fn learn(&mut self, rate: f64) {
        self.rate = (rate < FAST).then_some(rate.max(1.0));
    }

    /// Bytes that one part of a picture may have; `None` where pictures need no parts.
    fn part(&self) -> Option<usize> {
        self.rate.map(|rate| (rate * PART) as usize)
    }

    /// The next picture would be seen soon.
    fn is_free(&mut self, now: Instant) -> bool {
        self.drain(now);
        self.rate.is_none_or(|rate| self.ahead <= rate * AHEAD)
    }
}

#[derive(Debug)]
struct State {
    queue: Vec<u8>,
    writes: bool,
    /// The terminal is being asked, and nothing is drawn meanwhile.
    asks: bool,
    over: bool,
    error: Option<io::ErrorKind>,
    pace: Pace,
}

/// Both ends of the way to the terminal.
#[derive(Debug, Clone)]
pub(super) struct Line(Arc<(Mutex<State>, Condvar)>);

impl Line {
    /// Begins to write what comes.
    pub(super) fn open() -> Line {
        let state = State {
            queue: Vec::new(),
            writes: false,
            asks: false,
            over: false,
            error: None,
            pace: Pace::new(Instant::now()),
        };
        let line = Line(Arc::new((Mutex::new(state), Condvar::new())));
        let writer = line.clone();
        std::thread::spawn(move || writer.write_out());
        line
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, most: Duration) -> MutexGuard<'a, State> {
        self.0.1.wait_timeout(state, most).unwrap_or_else(PoisonError::into_inner).0
    }

    fn write_out(&self) {
        let mut state = self.state();
        loop {
            if state.over && state.queue.is_empty() {
                return;
            }
            if state.queue.is_empty() {
                state = self.wait(state, Duration::from_secs(3600));
                continue;
            }
            let bytes = std::mem::take(&mut state.queue);
            state.writes = true;
            drop(state);
            let begun = Instant::now();
            let written = {
                // a question to the terminal comes between two pictures
                let mut out = io::stdout().lock();
                out.write_all(&bytes).and_then(|()| out.flush())
            };
            state = self.state();
            state.writes = false;
            match written {
                Ok(()) => state.pace.wrote(bytes.len(), begun.elapsed(), Instant::now()),
                Err(error) => state.error = Some(error.kind()),
            }
            self.0.1.notify_all();
        }
    }

    /// A picture would be seen soon.
    pub(super) fn is_free(&self) -> bool {
        let mut state = self.state();
        !state.asks && !state.writes && state.queue.is_empty() && state.pace.is_free(Instant::now())
    }

    /// Bytes that one part of a picture may have; `None` where pictures need no parts.
    pub(super) fn part(&self) -> Option<usize> {
        self.state().pace.part()
    }

    /// Nothing is drawn until [`Line::ask`] has been called.
    pub(super) fn will_ask(&self) {
        self.state().asks = true;
    }

    /// Learns how fast the line is. `question` asks the terminal for an answer, and waits at most two seconds for it; false when none
    /// came. Returns false when the terminal did not answer.
    pub(super) fn ask(&self, mut question: impl FnMut() -> bool) -> bool {
        let mut timed = |probe: usize| {
            let begun = Instant::now();
            if probe > 0 {
                self.state().queue.extend(NOTHING.repeat(probe / NOTHING.len()));
                self.0.1.notify_all();
            }
            (self.settle(FROZEN) && question()).then(|| begun.elapsed())
        };
        // the first answer comes after all that waits on the line, the second as soon as answers come here
        let answer = timed(0).and_then(|_| timed(0));
        if let Some(usual) = answer {
            self.state().asks = true;
            self.state().pace.rate = None;
            for probe in PROBES {
                // a busy host makes one answer late, a slow line both
                let took = [timed(probe), timed(probe)].into_iter().flatten().min().unwrap_or_default();
                let now = Instant::now();
                if self.state().pace.answered(probe, took, usual, now) {
                    break;
                }
            }
        } else {
            self.state().pace.is_slow(Instant::now());
        }
        self.state().asks = false;
        self.0.1.notify_all();
        answer.is_some()
    }

    /// Waits until all is written, but not forever. False when something still waits.
    fn settle(&self, most: Duration) -> bool {
        let until = Instant::now() + most;
        let mut state = self.state();
        while (state.writes || !state.queue.is_empty()) && state.error.is_none() {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return false };
            state = self.wait(state, left);
        }
        true
    }

    /// The end: what waits is written, if the terminal takes it.
    pub(super) fn close(&self) {
        self.settle(FROZEN);
        self.state().over = true;
        self.0.1.notify_all();
    }
}

/// What is drawn goes here: a picture at a time, when it is flushed.
#[derive(Debug)]
pub(super) struct Sink {
    line: Line,
    picture: Vec<u8>,
}

impl Sink {
    pub(super) fn new(line: Line) -> Sink {
        Sink { line, picture: Vec::new() }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.picture.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut state = self.line.state();
        if let Some(error) = state.error {
            return Err(error.into());
        }
        state.queue.append(&mut self.picture);
        drop(state);
        self.line.0.1.notify_all();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of 960 bytes a second with a buffer; returns how long the last picture waited on it, in seconds.
    fn age(buffer: f64, known: Option<f64>) -> f64 {
        let begin = Instant::now();
        let mut pace = Pace::new(begin);
        if let Some(rate) = known {
            pace.learn(rate);
        }
        let (mut now, mut waits, mut oldest) = (0.0_f64, 0.0_f64, 0.0_f64);
        while now < 60.0 {
            now += 0.033;
            waits = (waits - 0.033 * 960.0).max(0.0);
            if !pace.is_free(begin + Duration::from_secs_f64(now)) {
                continue;
            }
            let picture = 1500.0;
            let took = ((waits + picture - buffer) / 960.0).max(0.0);
            now += took;
            waits = (waits + picture - took * 960.0).max(0.0);
            pace.wrote(picture as usize, Duration::from_secs_f64(took), begin + Duration::from_secs_f64(now));
            if now > 30.0 {
                oldest = oldest.max(waits / 960.0);
            }
        }
        oldest
    }

    #[test]
    fn a_picture_is_not_old_when_it_is_seen() {
        // it takes 1.6 s to go by the line itself
        assert!(age(12_000.0, Some(960.0)) < 2.0);
        assert!(age(12_000.0, None) < 3.0, "{}", age(12_000.0, None));
    }

    #[test]
    fn the_answer_after_a_probe_tells_the_speed() {
        let now = Instant::now();
        let after = |bytes, took| {
            let mut pace = Pace::new(now);
            pace.wrote(bytes, Duration::from_millis(1), now);
            pace.answered(bytes, took, Duration::from_millis(10), now + took);
            pace.rate.map(|rate| rate as u64)
        };
        assert_eq!(after(240, Duration::from_millis(250)), Some(864));
        assert_eq!(after(1600, Duration::from_millis(200)), Some(7200));
        assert_eq!(after(240, Duration::from_millis(60)), None, "only the host was busy");
    }

    #[test]
    fn a_terminal_without_an_answer_is_slow() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        pace.wrote(4800, Duration::from_millis(1), now);
        pace.is_slow(now + Duration::from_secs(2));
        // at nine tenths of 960 bytes a second 4,800 take 5.56 s; a tenth of a second may wait
        assert!(!pace.is_free(now + Duration::from_millis(5400)));
        assert!(pace.is_free(now + Duration::from_millis(5500)));
    }

    #[test]
    fn a_fast_line_is_not_paced() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        for n in 0..1000 {
            pace.wrote(5000, Duration::from_micros(100), now + Duration::from_millis(n));
            assert!(pace.is_free(now + Duration::from_millis(n)));
        }
        pace.learn(2_000_000.0);
        assert!(pace.rate.is_none());
    }
}
