//! 740 CRT recorder.

use emu704::io::crt::{Axis, Frame, Point};
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine, StopKind, Ticks, picture};

use super::support::*;

/// The word of a point: X in bits 8-17, Y in 26-35; S, 1 and 2 are the intensity and the two axes.
fn point_word(x: u64, y: u64, control: u64) -> u64 {
    control << 33 | x << 18 | y
}

fn plain(x: u16, y: u16) -> Point {
    Point { x, y, bright: false, axis: None }
}

fn plots(points: &[u64]) -> Machine {
    let mut program = vec![WTV];
    program.extend(copies(0o1000, points.len() as u64));
    program.extend([IOD, HTR]);
    let mut machine = machine(&program);
    put(&mut machine, 0o1000, points);
    run_to(&mut machine, program.len() as u16 - 1);
    machine
}

#[test]
fn each_copy_is_a_point() {
    let control = [0, 4, 2, 1, 3];
    let points: Vec<u64> = (0..5).map(|n| point_word(n, 1023 - n, control[n as usize])).collect();
    let mut machine = plots(&points);
    let frames = machine.take_frames(true);
    let expected = [
        plain(0, 1023),
        Point { bright: true, ..plain(1, 1022) },
        Point { axis: Some(Axis::X), ..plain(2, 1021) },
        Point { axis: Some(Axis::Y), ..plain(3, 1020) },
        Point { axis: Some(Axis::Diagonal), ..plain(4, 1019) },
    ];
    assert_eq!(frames, [Frame { number: 0, points: expected.to_vec() }]);
    assert_eq!(machine.take_frames(true), []);
}

#[test]
fn a_point_takes_its_time_and_the_next_copy_waits() {
    let mut machine = machine(&[WTV, CPY | 0o1000, CPY | 0o1000, CPY | 0o1000, HTR]);
    step(&mut machine);
    step(&mut machine);
    // Cycles 2 to 5: I, ER, E, ER, in which the beam takes the word at tick 180.
    assert_eq!(machine.cycles(), 6);
    step(&mut machine);
    // 125 us are 375 ticks.
    assert_eq!(machine.cycles(), (180u64 + 375).div_ceil(36));
    step(&mut machine);
    assert_eq!(machine.cycles(), (180u64 + 375 * 2).div_ceil(36));
}

#[test]
fn a_program_may_compute_between_points() {
    let mut program = vec![WTV, CPY | 0o1000];
    program.extend(delay(10_000));
    program.extend([CPY | 0o1001, HTR]);
    let mut machine = machine(&program);
    run_to(&mut machine, program.len() as u16 - 1);
    assert_eq!(machine.frame().points.len(), 2);

    // With a limit it is disconnected, as the other units are.
    let mut config = Config::with_core(CoreSize::K8);
    config.devices.crt.lets_go_after = Some(Ticks::millis(1));
    let mut machine = with_config(config, &program);
    let stop = run(&mut machine);
    assert_eq!(stop.kind, StopKind::ReadWriteCheck);
    assert!(stop.message.unwrap().contains("the CRT recorder had let go"));
}

#[test]
fn cff_advances_the_film() {
    let program = [CFF, WTV, CPY | 0o1000, CFF, CFF, WTV, CPY | 0o1001, CPY | 0o1000, HTR];
    let mut machine = machine(&program);
    put(&mut machine, 0o1000, &[point_word(1, 2, 0), point_word(3, 4, 0)]);
    run_to(&mut machine, 8);
    assert_eq!(machine.take_frames(false), [Frame { number: 1, points: vec![plain(1, 2)] }]);
    let last = Frame { number: 3, points: vec![plain(3, 4), plain(1, 2)] };
    assert_eq!(machine.frame(), &last);
    assert_eq!(machine.take_frames(true), [last]);
}

#[test]
fn a_point_waits_for_the_film() {
    let mut machine = machine(&[CFF, WTV, CPY | 0o1000, HTR]);
    run_to(&mut machine, 3);
    // 200 ms.
    assert_eq!(machine.cycles(), 600_000u64.div_ceil(36) + 1);
}

#[test]
fn the_recorder_lets_go_when_something_else_is_selected() {
    let mut machine = machine(&[WTV, CPY | 0o1000, IOD, CPY | 0o1000, HTR]);
    let stop = run(&mut machine);
    assert_eq!((stop.kind, stop.at), (StopKind::ReadWriteCheck, 4));
}

#[test]
fn bit_positions_can_be_set() {
    let mut config = Config::with_core(CoreSize::K8);
    config.devices.crt = toml::from_str("x = 35\ny = 17\nintensity = 20").unwrap();
    let mut machine = with_config(config, &[WTV, CPY | 3, HTR, 5 << 18 | 1 << 15 | 7]);
    run_to(&mut machine, 2);
    assert_eq!(machine.frame().points, [Point { bright: true, ..plain(7, 5) }]);
}

#[test]
fn frames_become_pictures() {
    let points =
        [point_word(100, 200, 0), point_word(512, 512, 4), point_word(0, 10, 2), point_word(1000, 0, 3)];
    let mut machine = plots(&points);
    machine.settle(&mut NoMedia).unwrap();
    let frame = machine.take_frames(true).remove(0);

    let bytes = picture::png(&frame).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (1024, 1024));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let at = |x: usize, y: usize| pixels[(1023 - y) * 1024 + x];
    assert_eq!((at(100, 200), at(512, 512)), (150, 255));
    assert_eq!((at(300, 200), at(100, 823)), (0, 0));
    // The X axis goes to the right edge, the diagonal to the corner that it meets first.
    assert!(at(1023, 10) > 0 && at(700, 10) > 0);
    assert!(at(1010, 10) > 0 && at(1023, 23) > 0 && at(1010, 30) == 0);

    let svg = picture::svg(&frame);
    assert_eq!(svg.matches("<circle").count(), 4);
    assert_eq!(svg.matches("<line").count(), 2);
    assert!(svg.contains("<circle cx=\"100\" cy=\"823\""));
    assert!(svg.contains("<line x1=\"0\" y1=\"1013\" x2=\"1023\" y2=\"1013\""));
    assert!(svg.contains("<line x1=\"1000\" y1=\"1023\" x2=\"1023\" y2=\"1000\""));
}
