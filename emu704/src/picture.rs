//! Frames of the CRT recorder as pictures: PNG and SVG, 1,024 points each way, light on black.

use std::fmt::Write as _;

use crate::io::crt::{Axis, Frame, Point, RASTER};

/// Grey value of a spot at its centre, by intensity. UNVERIFIED: the ratio; both must be visible on a modern screen.
const DIM: u8 = 150;
const BRIGHT: u8 = 255;

/// Radius of a spot: about 256 spots can be distinguished on an axis.
const RADIUS: f64 = 2.0;

const EDGE: u16 = RASTER - 1;

/// The frame as a PNG of 1,024 by 1,024 grey points.
///
/// # Errors
/// An error of the encoder; none is known for this size.
#[cfg(feature = "cli")]
pub fn png(frame: &Frame) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, RASTER.into(), RASTER.into());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_gamma(png::ScaledFloat::new(1.0 / 2.2));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&greys(frame))?;
    writer.finish()?;
    Ok(file)
}

/// The frame as 1,024 rows of 1,024 grey values, the top row first.
pub fn greys(frame: &Frame) -> Vec<u8> {
    let mut greys = vec![0; usize::from(RASTER) * usize::from(RASTER)];
    for point in &frame.points {
        let grey = if point.bright { BRIGHT } else { DIM };
        spot(&mut greys, point.x, point.y, grey);
        if let Some((x, y)) = line_end(*point) {
            // Lines run along an axis or at 45 degrees: one step per point.
            let steps = (x - point.x).max(y - point.y);
            for step in 1..=steps {
                spot(&mut greys, (point.x + step).min(x), (point.y + step).min(y), grey / 2);
            }
        }
    }
    greys
}

/// The frame as an SVG.
pub fn svg(frame: &Frame) -> String {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {RASTER} {RASTER}\" width=\"{RASTER}\" height=\"{RASTER}\">\n\
         <title>IBM 740 frame {}</title>\n\
         <rect width=\"{RASTER}\" height=\"{RASTER}\" fill=\"#000\"/>\n",
        frame.number
    );
    for (bright, grey) in [(false, DIM), (true, BRIGHT)] {
        let mut points = frame.points.iter().filter(|point| point.bright == bright).peekable();
        if points.peek().is_none() {
            continue;
        }
        let _ = writeln!(
            text,
            "<g fill=\"#{grey:02x}{grey:02x}{grey:02x}\" stroke=\"#{grey:02x}{grey:02x}{grey:02x}\">"
        );
        for point in points {
            let (x, y) = (point.x, EDGE - point.y.min(EDGE));
            let _ = writeln!(text, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\" stroke=\"none\"/>");
            if let Some((x2, y2)) = line_end(*point) {
                let y2 = EDGE - y2;
                let _ = writeln!(
                    text,
                    "<line x1=\"{x}\" y1=\"{y}\" x2=\"{x2}\" y2=\"{y2}\" stroke-opacity=\"0.5\"/>"
                );
            }
        }
        text.push_str("</g>\n");
    }
    text.push_str("</svg>\n");
    text
}

/// The end of a point's line.
fn line_end(point: Point) -> Option<(u16, u16)> {
    let (x, y) = (point.x.min(EDGE), point.y.min(EDGE));
    Some(match point.axis? {
        Axis::X => (EDGE, y),
        Axis::Y => (x, EDGE),
        Axis::Diagonal => {
            let way = (EDGE - x).min(EDGE - y);
            (x + way, y + way)
        }
    })
}

/// Lights a round spot; where spots overlap, the brighter one counts.
fn spot(greys: &mut [u8], x: u16, y: u16, grey: u8) {
    let (x, y) = (i32::from(x), i32::from(EDGE) - i32::from(y.min(EDGE)));
    let reach = RADIUS as i32;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let (px, py) = (x + dx, y + dy);
            if !(0..=i32::from(EDGE)).contains(&px) || !(0..=i32::from(EDGE)).contains(&py) {
                continue;
            }
            let distance = f64::from(dx * dx + dy * dy) / (RADIUS * RADIUS);
            let light = (f64::from(grey) * (1.0 - 0.75 * distance)).max(0.0) as u8;
            let place = py as usize * usize::from(RASTER) + px as usize;
            greys[place] = greys[place].max(light);
        }
    }
}
