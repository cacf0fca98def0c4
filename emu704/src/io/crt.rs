//! 740 CRT recorder: each CPY plots a point; the camera's film takes them until CFF advances it.

use asm704::Word;
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::audit::Doubt;
use crate::config::options::CrtOptions;
use crate::machine::Machine;
use crate::time::Ticks;

/// Points on each axis: 0 to 1023.
pub const RASTER: u16 = 1024;

/// A line that is drawn from a point to the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// To the right edge.
    X,
    /// To the upper edge.
    Y,
    /// Up and right at 45 degrees, until an edge is met.
    Diagonal,
}

/// A point on the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// From the left edge, 0 to 1023.
    pub x: u16,
    /// From the lower edge, 0 to 1023.
    pub y: u16,
    /// The high intensity.
    pub bright: bool,
    /// The line that starts here.
    pub axis: Option<Axis>,
}

/// What was plotted between two advances of the film.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Frame {
    /// Its place on the film: how often CFF had been given.
    pub number: u64,
    /// In the order of plotting.
    pub points: Vec<Point>,
}

/// So many points are kept as they come.
const CROWDED: usize = 1 << 16;

/// The recorder and its film.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Crt {
    frame: Frame,
    exposed: Vec<Frame>,
    /// The last frame that was taken, for those who look.
    #[serde(skip)]
    taken: Option<Frame>,
    /// Points of the frame at which repeated ones are left out again.
    #[serde(skip)]
    crowded: usize,
    /// The next point can be plotted from then on.
    ready_at: Ticks,
    /// The beam is busy with the last point until then.
    busy_until: Ticks,
}

/// The recorder is selected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plotting {
    /// A CPY has given a word that is not plotted yet.
    pub(super) awaited: bool,
}

impl Crt {
    /// When the recorder has finished its last point.
    pub(super) fn busy_until(&self) -> Ticks {
        self.busy_until
    }

    /// A point lights the film. One that is there already changes nothing, but points come too fast to look each time: where
    /// they are many, repeated ones are left out now and then. A frame has at most 2^23 different points.
    fn expose(&mut self, point: Point) {
        let points = &mut self.frame.points;
        if points.len() >= self.crowded.max(CROWDED) {
            let mut seen = vec![0_u8; usize::from(RASTER) * usize::from(RASTER)];
            points.retain(|point| {
                let seen = &mut seen[usize::from(point.y) * usize::from(RASTER) + usize::from(point.x)];
                let kind = 1 << (u8::from(point.bright) * 4 + point.axis.map_or(0, |axis| axis as u8 + 1));
                let new = *seen & kind == 0;
                *seen |= kind;
                new
            });
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

impl Point {
    /// The point that a word plots.
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

impl Machine {
    /// Takes the frames that were exposed, blank ones left out. The present one is held back, as more may be plotted
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

    /// The frame before the camera.
    pub fn frame(&self) -> &Frame {
        &self.io.crt.frame
    }

    /// The frame before the camera, or, while that is blank, the last one that was exposed.
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

    /// A CPY begins its ER cycles at `first_er`: its word is plotted when the beam is free.
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

    /// The beam goes to a point, or the recorder has waited long enough for one.
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
