//! The face of the CRT: square, as high as it is wide, with what still glows of frames before.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::symbols::Marker;
use ratatui::widgets::canvas::{Canvas, Context, Line as Stroke, Points};

use crate::cli::tui::style::{Ground, Look};
use crate::io::crt::{Axis, Point, RASTER};
use crate::panel::PanelView;

const EDGE: f64 = (RASTER - 1) as f64;

/// The largest square of an area: a cell is twice as high as wide.
fn square(area: Rect) -> Rect {
    let rows = area.height.min(area.width / 2);
    Rect::new(area.x + (area.width - rows * 2) / 2, area.y + (area.height - rows) / 2, rows * 2, rows)
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, view: &PanelView, look: Look) {
    let tube = square(area);
    if tube.area() == 0 {
        return;
    }
    frame.buffer_mut().set_style(tube, look.paint(Ground::Tube));
    let marker = if look.ascii { Marker::Dot } else { Marker::Braille };
    let canvas =
        Canvas::default().marker(marker).x_bounds([0.0, EDGE]).y_bounds([0.0, EDGE]).paint(|context| {
            // the oldest first, so that what is new lies over it
            for step in 0..4 {
                let old: Vec<Point> = view
                    .afterglow
                    .iter()
                    .filter(|(_, left)| usize::from(*left / 64) == step)
                    .map(|(p, _)| *p)
                    .collect();
                plot(context, &old, look.phosphor(step));
            }
            plot(context, &view.points, look.phosphor(4));
        });
    frame.render_widget(canvas, tube);
    if look.ascii {
        // the canvas knows no smaller mark
        for position in tube.positions() {
            if let Some(cell) = frame.buffer_mut().cell_mut(position)
                && cell.symbol() != " "
            {
                cell.set_symbol("*");
            }
        }
    }
}

fn plot(context: &mut Context<'_>, points: &[Point], colour: Color) {
    let coordinates: Vec<(f64, f64)> = points.iter().map(|p| (f64::from(p.x), f64::from(p.y))).collect();
    context.draw(&Points { coords: &coordinates, color: colour });
    for point in points {
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        let way = (EDGE - x).min(EDGE - y);
        let (x2, y2) = match point.axis {
            None => continue,
            Some(Axis::X) => (EDGE, y),
            Some(Axis::Y) => (x, EDGE),
            Some(Axis::Diagonal) => (x + way, y + way),
        };
        context.draw(&Stroke { x1: x, y1: y, x2, y2, color: colour });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_face_is_as_high_as_it_is_wide() {
        assert_eq!(square(Rect::new(0, 0, 100, 20)), Rect::new(30, 0, 40, 20));
        assert_eq!(square(Rect::new(2, 3, 20, 40)), Rect::new(2, 18, 20, 10));
        assert_eq!(square(Rect::new(0, 0, 1, 1)).area(), 0);
    }
}
