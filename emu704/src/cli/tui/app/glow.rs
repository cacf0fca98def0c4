//! What still glows on the CRT of frames that have gone by: the phosphor of the 780 goes on for about two seconds.

use std::time::Duration;

use crate::io::crt::{Frame, Point};
use crate::machine::Machine;

/// How long a point is seen.
const GLOWS: Duration = Duration::from_secs(2);
/// Points that are kept at most.
const MOST: usize = 20_000;

/// Points of former frames, each with the time that it has glowed.
#[derive(Debug, Default)]
pub(super) struct Glow {
    old: Vec<(Point, Duration)>,
    shown: Frame,
}

impl Glow {
    /// Time of the wall has gone by, and another frame may stand before the camera.
    pub(super) fn passes(&mut self, machine: &Machine, elapsed: Duration) {
        for (_, age) in &mut self.old {
            *age += elapsed;
        }
        self.old.retain(|(_, age)| *age < GLOWS);
        let frame = machine.frame_to_show();
        let same =
            frame.points.get(..self.shown.points.len()).is_some_and(|begins| begins == self.shown.points);
        if !same {
            let gone = std::mem::take(&mut self.shown.points);
            self.old.extend(gone.into_iter().map(|point| (point, Duration::ZERO)));
            let excess = self.old.len().saturating_sub(MOST);
            self.old.drain(..excess);
        }
        if !same || frame.points.len() != self.shown.points.len() {
            self.shown.clone_from(frame);
        }
    }

    /// The points and how bright each still is, from 1 to 255.
    pub(super) fn points(&self) -> Vec<(Point, u8)> {
        let left = |age: Duration| 1.0 - age.as_secs_f64() / GLOWS.as_secs_f64();
        self.old.iter().map(|(point, age)| (*point, (left(*age) * 255.0).clamp(1.0, 255.0) as u8)).collect()
    }

    /// Something glows.
    pub(super) fn is_seen(&self) -> bool {
        !self.old.is_empty()
    }
}
