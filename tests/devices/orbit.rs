//! programs/crt/orbit.sap: the frame is checked against Kepler's equation, and against the picture in the
//! documentation.

use std::fs;
use std::path::Path;

use asm704::assemble::{Options, assemble};
use emu704::io::crt::{Axis, Frame, Point};
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine, StopKind, picture};

/// Half axis, excentricity; points of the raster a unit, and the planet's place.
const A: f64 = 1.5;
const E: f64 = 0.6;
const SCALE: f64 = 300.0;
const PLANET: (f64, f64) = (820.0, 512.0);

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn frame() -> Frame {
    let source =
        fs::read_to_string(root().join("programs/crt/orbit.sap")).expect("the program is in the repository");
    let output = assemble(&source, &Options::default());
    assert!(!output.is_flagged(), "{:?}", output.diagnostics().collect::<Vec<_>>());
    let mut machine = Machine::new(Config::with_core(CoreSize::K4));
    for (address, word) in output.core_image() {
        machine.core.poke(address, word);
    }
    machine.set_start(output.start().expect("END names the start"));
    let stop = machine.run(&mut NoMedia, 10_000_000);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    let mut frames = machine.take_frames(false);
    assert_eq!(frames.len(), 1);
    frames.remove(0)
}

/// Where a satellite is, so many turns after it was nearest.
fn kepler(turns: f64) -> (f64, f64) {
    let mean = turns * std::f64::consts::TAU;
    let mut eccentric = mean;
    for _ in 0..100 {
        eccentric -= (eccentric - E * eccentric.sin() - mean) / (1.0 - E * eccentric.cos());
    }
    let x = A * (eccentric.cos() - E);
    let y = A * (1.0 - E * E).sqrt() * eccentric.sin();
    (PLANET.0 + SCALE * x, PLANET.1 + SCALE * y)
}

fn distance(point: Point, (x, y): (f64, f64)) -> f64 {
    (f64::from(point.x) - x).hypot(f64::from(point.y) - y)
}

#[test]
fn the_satellite_keeps_keplers_laws() {
    let frame = frame();
    let axes: Vec<_> = frame.points.iter().filter_map(|p| p.axis.map(|axis| (p.x, p.y, axis))).collect();
    assert_eq!(axes, [(0, 512, Axis::X), (820, 0, Axis::Y)]);
    assert_eq!(frame.points.len(), 2 + 5 * 201 + 24 * (60 + 1 + 31));

    // The planet's outer ring is round.
    for &point in &frame.points[2 + 4 * 201..2 + 5 * 201] {
        assert!((distance(point, PLANET) - 90.0).abs() < 2.5, "{point:?}");
    }
    // Equal times: the bright spots are where the equation has them.
    let marks: Vec<Point> = frame.points.iter().copied().filter(|p| p.bright).collect();
    assert_eq!(marks.len(), 24);
    for (n, &mark) in marks.iter().enumerate() {
        let expected = kepler((n + 1) as f64 / 24.0);
        assert!(distance(mark, expected) < 2.0, "mark {n}: {mark:?}, expected {expected:?}");
    }
    // Equal areas, of the polygons that the faint spots make with the planet.
    let trail = |sector: usize| &frame.points[2 + 5 * 201 + sector * 92..][..60];
    let whole = std::f64::consts::PI * A * A * (1.0 - E * E).sqrt() * SCALE * SCALE;
    for sector in 1..24 {
        let mut around = vec![*trail(sector - 1).last().expect("sixty spots")];
        around.extend_from_slice(trail(sector));
        let offset = |p: Point| (f64::from(p.x) - PLANET.0, f64::from(p.y) - PLANET.1);
        let area: f64 = around
            .windows(2)
            .map(|pair| (offset(pair[0]), offset(pair[1])))
            .map(|((x, y), (u, v))| (x * v - y * u) / 2.0)
            .sum();
        assert!((area / (whole / 24.0) - 1.0).abs() < 0.03, "sector {sector} has {area}");
    }
}

#[test]
fn the_picture_in_the_documentation_is_this_frame() {
    let greys = picture::greys(&frame());
    let path = root().join("docs/orbit.png");
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        fs::write(&path, picture::png(&frame()).expect("encodes")).expect("docs can be written");
    }
    let file = fs::File::open(&path).expect("docs/orbit.png; set EMU704_WRITE_DOCS to write it");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("its pixels");
    assert!(
        pixels == greys,
        "docs/orbit.png is not what the program draws; set EMU704_WRITE_DOCS to write it"
    );
}
