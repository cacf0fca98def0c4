//! The attract mode: the story at its own pace, and with a visitor who presses the space bar.

use std::time::{Duration, Instant};

use super::{COUNTER, app, screen};
use crate::common::Random;
use emu704::cli::tui::Attract;

#[test]
fn the_story_of_the_attract_mode_ends_as_it_should() {
    let mut app = app(COUNTER);
    let mut attract = Attract::new().unwrap();
    let frame = Duration::from_millis(100);
    let mut last = String::new();
    let mut seen = Vec::new();
    // at most five minutes at the wall
    for _ in 0..3000 {
        attract.tick(&mut app, frame).unwrap();
        app.tick(frame, Instant::now() + Duration::from_secs(60));
        if seen.last() != Some(&attract.scene()) {
            if attract.scene() == 0 && !seen.is_empty() {
                break;
            }
            seen.push(attract.scene());
        }
        last = screen(&mut app, (80, 30)).0.backend().to_string();
    }
    assert_eq!(seen, (0..Attract::scenes()).collect::<Vec<_>>());
    assert!(last.contains("Every digit is as in a run that nobody disturbed."), "{last}");
    assert!(last.contains("1000  SWEEPS"), "{last}");
}

/// Plays the story; the space bar is pressed whenever `next` says how many tenths of a second later. Returns all pictures of the
/// last scene.
fn play(mut next: impl FnMut() -> u64) -> Vec<String> {
    let mut app = app(COUNTER);
    let mut attract = Attract::new().unwrap();
    let tenth = Duration::from_millis(100);
    attract.tick(&mut app, tenth).unwrap();
    let mut due = next();
    let mut last = Vec::new();
    for _ in 0..3000 {
        attract.tick(&mut app, tenth).unwrap();
        app.tick(tenth, Instant::now() + Duration::from_secs(60));
        due -= 1;
        if due == 0 {
            attract.skip(&mut app).unwrap();
            due = next();
        }
        if attract.scene() + 1 == Attract::scenes() {
            last.push(screen(&mut app, (80, 30)).0.backend().to_string());
        } else if !last.is_empty() {
            return last;
        }
    }
    panic!("the story has no end: scene {}", attract.scene());
}

#[test]
fn the_space_bar_never_makes_the_story_a_lie() {
    let mut random = Random(704);
    let mut ways: Vec<(String, Vec<String>)> = [1, 10, 25, 70]
        .into_iter()
        .map(|tenths| (format!("each {tenths} tenths"), play(|| tenths)))
        .collect();
    for n in 0..6 {
        ways.push((format!("at random, {n}"), play(|| 1 + random.below(60))));
    }
    for (way, pictures) in ways {
        for picture in pictures {
            assert!(
                picture.contains("Every digit is as in a run that nobody disturbed."),
                "{way}: {picture}"
            );
            assert!(picture.contains("1000  SWEEPS") && !picture.contains("DIFFERS"), "{way}: {picture}");
        }
    }
}

/// The power fails only when the record is on the reel, and the reel back at its load point.
#[test]
fn the_power_fails_behind_a_whole_checkpoint() {
    let mut app = app(COUNTER);
    let mut attract = Attract::new().unwrap();
    attract.tick(&mut app, Duration::ZERO).unwrap();
    while app.monitor.machine().has_power() {
        attract.skip(&mut app).unwrap();
    }
    let room = &mut app.monitor.debugger.room;
    // boot, core and registers: 8,192 words and some, six bytes a word
    assert!(room.reels.bytes(1).unwrap().len() > 8192 * 6);
    assert!(room.machine.tape_lights(1, true).load_point);
}

#[test]
fn what_does_nothing_there_is_not_shown() {
    let mut app = app(COUNTER);
    let mut attract = Attract::new().unwrap();
    attract.tick(&mut app, Duration::ZERO).unwrap();
    for size in [(80, 24), (120, 40), (200, 60)] {
        let picture = screen(&mut app, size).0.backend().to_string();
        assert!(picture.contains("space") && picture.contains("q leave"), "{picture}");
        for stroke in ["? explain", "g go", "x stop", ": command", "s START", "R RESET"] {
            assert!(!picture.contains(stroke), "{stroke}: {picture}");
        }
    }
}
