//! 740 CRT recorder: each CPY plots a point on the film in the camera until CFF advances it.

use asm704::Word;
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::audit::Doubt;
use crate::config::options::CrtOptions;
use crate::machine::Machine;
use crate::time::Ticks;

/// Points on each axis: 0 to 1023.
pub const RASTER: u16 = 1024;

/// A line from a point to the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// To the right edge.
    X,
    /// To the upper edge.
    Y,
    /// Up and right at 45 degrees, to the first edge.
    Diagonal,
}

/// A point on the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// From the left edge, 0 to 1023.
    pub x: u16,
    /// From the lower edge, 0 to 1023.
    pub y: u16,
    /// True for high intensity.
    pub bright: bool,
    /// The line that starts here.
    pub axis: Option<Axis>,
}

/// The points plotted between two advances of the film.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Frame {
    /// Its place on the film: the number of CFFs before it.
    pub number: u64,
    /// The points in the order of plotting.
    pub points: Vec<Point>,
}

/// How many points are kept before repeated ones are removed.
const CROWDED: usize = 1 << 16;

/// The recorder and its film.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Crt {
    frame: Frame,
    exposed: Vec<Frame>,
    /// The last frame that was taken, for display.
    #[serde(skip)]
    taken: Option<Frame>,
    /// The number of points at which repeated ones are removed again.
    #[serde(skip)]
    crowded: usize,
    /// The time from which the next point can be plotted.
    ready_at: Ticks,
    /// The time until which the beam is busy with the last point.
    busy_until: Ticks,
}

/// The recorder is selected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plotting {
    /// True if a CPY has given a word that is not plotted yet.
    pub(super) awaited: bool,
}

impl Crt {
    /// When the recorder finishes its last point.
    pub(super) fn busy_until(&self) -> Ticks {
        self.busy_until
    }

    /// Exposes a point on the film. A repeated point changes nothing, but points come too fast to check each time. When there
    /// are many, the ones that change nothing are removed from time to time. At most about 2^20 points are then left.
    fn expose(&mut self, point: Point) {
        let points = &mut self.frame.points;
        if points.len() >= self.crowded.max(CROWDED) {
            leave_out_unseen(points);
            self.crowded = points.len() + points.len() / 4 + CROWDED;
            points.reserve_exact(self.crowded - points.len());
        }
        points.push(point);
    }

    fn advance_film(&mut self) {
        self.crowded = 0;
        let next = Frame { number: self.frame.number.saturating_add(1), points: Vec::new() };
        let frame = std::mem::replace(&mut self.frame, next);
        if !frame.points.is_empty() {
            self.exposed.push(frame);
        }
    }
}

impl Crt {
    /// The memory that its film takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let frames = self.exposed.iter().chain(self.taken.as_ref()).chain([&self.frame]);
        frames.map(|frame| frame.points.len() * size_of::<Point>()).sum()
    }
}

impl Point {
    /// The point for a word.
    pub fn from_word(word: Word, options: &CrtOptions) -> Point {
        let bits = word.bits();
        let at = |position: u8| bits >> (35 - u32::from(position.min(35)));
        let one = |position| at(position) & 1 == 1;
        Point {
            x: at(options.x) as u16 & (RASTER - 1),
            y: at(options.y) as u16 & (RASTER - 1),
            bright: one(options.intensity),
            axis: match (one(options.x_axis), one(options.y_axis)) {
                (true, true) => Some(Axis::Diagonal),
                (true, false) => Some(Axis::X),
                (false, true) => Some(Axis::Y),
                (false, false) => None,
            },
        }
    }
}

/// Removes points that light nothing new: lines that are part of another line of the same intensity, of which only the spot stays;
/// spots that exist already, or are dim where there is a bright one.
fn leave_out_unseen(points: &mut Vec<Point>) {
    const BRIGHT: u8 = 1;
    const KEPT: u8 = 2;
    let side = usize::from(RASTER);
    let place = |point: &Point| usize::from(point.y) * side + usize::from(point.x);
    let mut spots = vec![0_u8; side * side];
    // where the longest line begins on each row, column and diagonal
    let mut longest = vec![RASTER; 6 * 2 * side];
    for point in &*points {
        spots[place(point)] |= u8::from(point.bright) * BRIGHT;
        if let Some((lane, start)) = lane(*point) {
            longest[lane] = longest[lane].min(start);
        }
    }
    points.retain_mut(|point| {
        let spot = &mut spots[place(point)];
        // no brighter spot follows
        let is_it = point.bright || *spot & BRIGHT == 0;
        if let Some((lane, start)) = lane(*point) {
            if longest[lane] == start {
                // the next one at the same place is no longer
                longest[lane] = RASTER;
                *spot |= u8::from(is_it) * KEPT;
                return true;
            }
            point.axis = None;
        }
        let new = is_it && *spot & KEPT == 0;
        *spot |= u8::from(new) * KEPT;
        new
    });
}

/// The number of the row, column or diagonal of a point's line, for its intensity; and where on it the line begins.
fn lane(point: Point) -> Option<(usize, u16)> {
    let side = usize::from(RASTER);
    let (x, y) = (usize::from(point.x), usize::from(point.y));
    let (lane, start) = match point.axis? {
        Axis::X => (y, point.x),
        Axis::Y => (side + x, point.y),
        Axis::Diagonal => (2 * side + x + side - 1 - y, point.x),
    };
    Some((usize::from(point.bright) * 6 * side + lane, start))
}

impl Machine {
    /// Takes the exposed frames, except blank ones. The present frame is held back, as more may be plotted
    /// on it, unless `unload`.
    pub fn take_frames(&mut self, unload: bool) -> Vec<Frame> {
        if unload && !self.io.crt.frame.points.is_empty() {
            self.io.crt.advance_film();
        }
        let crt = &mut self.io.crt;
        if let Some(last) = crt.exposed.last() {
            crt.taken = Some(last.clone());
        }
        std::mem::take(&mut crt.exposed)
    }

    /// The frame in the camera.
    pub fn frame(&self) -> &Frame {
        &self.io.crt.frame
    }

    /// The frame in the camera, or while that is blank, the last exposed one.
    pub fn frame_to_show(&self) -> &Frame {
        let crt = &self.io.crt;
        if !crt.frame.points.is_empty() {
            return &crt.frame;
        }
        crt.exposed.last().or(crt.taken.as_ref()).unwrap_or(&crt.frame)
    }

    /// CFF.
    pub(super) fn advance_film(&mut self) {
        let at = self.now();
        let crt = &mut self.io.crt;
        crt.advance_film();
        crt.ready_at = crt.busy_until.max(at) + self.config.figures.crt.film_advance;
    }

    pub(super) fn crt_select(&mut self) {
        self.io.operation = Operation::Plot(Plotting { awaited: false });
        self.io.schedule(Ticks::NEVER);
    }

    /// Handles a CPY that begins its ER cycles at `first_er`: its word is plotted when the beam is free.
    pub(super) fn crt_copy_begins(&mut self, first_er: Ticks) {
        let Operation::Plot(plotting) = &mut self.io.operation else { return };
        plotting.awaited = true;
        // The word is in the MQ after ER and E.
        let in_mq = first_er + Ticks::CYCLE + Ticks::CYCLE;
        let plots = in_mq.max(self.io.crt.ready_at);
        if plots > in_mq {
            self.io.audit.note(Doubt::CrtTime, self.io.copy_at, self.cycle);
        }
        self.io.schedule(plots);
    }

    /// Handles an event: the beam goes to a point, or the recorder has waited long enough for one.
    pub(super) fn crt_event(&mut self, at: Ticks) {
        let Operation::Plot(plotting) = &mut self.io.operation else { return };
        let awaited = std::mem::take(&mut plotting.awaited);
        if !self.io.meet(at) || !awaited {
            self.io.release();
            return;
        }
        self.io.audit.note(Doubt::CrtBits, self.io.copy_at, at.whole_cycles());
        let options = &self.config.devices.crt;
        let point = Point::from_word(self.cpu.mq, options);
        let crt = &mut self.io.crt;
        crt.expose(point);
        crt.busy_until = at + self.config.figures.crt.point;
        crt.ready_at = crt.busy_until;
        self.io.next_event = options.lets_go_after.map_or(Ticks::NEVER, |after| at + after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_light_nothing_new_are_left_out() {
        let point = |x, y, bright, axis| Point { x, y, bright, axis };
        let all = [
            point(5, 5, false, None),
            point(9, 5, false, Some(Axis::X)),
            point(5, 5, true, None),
            point(3, 5, false, Some(Axis::X)),
            point(3, 5, false, Some(Axis::X)),
            point(4, 5, true, Some(Axis::X)),
            point(5, 5, true, None),
            point(7, 7, true, Some(Axis::Diagonal)),
            point(8, 8, true, Some(Axis::Diagonal)),
            point(8, 7, true, Some(Axis::Diagonal)),
        ];
        let mut left = all.to_vec();
        leave_out_unseen(&mut left);
        let kept = [
            // a part of the line from 3, but its spot is brighter than a line
            point(9, 5, false, None),
            point(5, 5, true, None),
            point(3, 5, false, Some(Axis::X)),
            point(4, 5, true, Some(Axis::X)),
            point(7, 7, true, Some(Axis::Diagonal)),
            point(8, 8, true, None),
            point(8, 7, true, Some(Axis::Diagonal)),
        ];
        assert_eq!(left, kept);
        let greys = |points: &[Point]| crate::picture::greys(&Frame { number: 0, points: points.to_vec() });
        assert!(greys(&all) == greys(&left));
    }
}
