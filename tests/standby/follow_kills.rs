//! Machines are killed whose reel is followed by `emu704 tape follow`: the primary, the follower, and both. Nothing is left for the
//! stand-by but the copy. `EMU704_STANDBY_KILLS` sets the number of kills (default 12).

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{LONG, Process, Times, complete, half_made, heat_alone, kills, program, until};
use crate::common::Random;

fn primary(folder: &Path) -> Process {
    Process::words(
        folder,
        &format!("run {} --core 8k --sense 1 --tape 1=source.tap --ring 1", program("heat.sap")),
    )
}

fn follower(folder: &Path) -> Process {
    Process::words(folder, "tape follow source.tap dest.tap --every 1 --idle 0.3")
}

/// Kills a process while a file is being made in the place of another; false when it was whole before the signal came.
fn kill_in_the_middle(process: &mut Process, folder: &Path, name: &str) -> (Instant, bool) {
    let begun = Instant::now();
    while half_made(folder, name).is_empty() {
        assert!(begun.elapsed() < LONG, "nothing is written in the place of {name}");
    }
    (process.kill(), !half_made(folder, name).is_empty())
}

#[test]
fn a_killed_primary_is_finished_from_the_copy() {
    let mut random = Random(40);
    let (mut any, mut source_half, mut dest_half, mut both) = (0, 0, 0, 0);
    let (mut still, mut to_answer) = (Times::default(), Times::default());
    for kill in 0..kills() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let copy = || complete(&fs::read(folder.join("dest.tap")).unwrap_or_default());
        let mut primary = primary(folder);
        until("a first checkpoint", || {
            folder.join("source.tap").metadata().is_ok_and(|found| found.len() > 0)
        });
        let mut follow = follower(folder);
        until("a first copy", || copy() == Some(1));
        let wait = Duration::from_micros(random.below(700_000));
        let killed = match kill % 4 {
            0 => {
                std::thread::sleep(wait);
                any += 1;
                primary.kill()
            }
            1 => {
                std::thread::sleep(wait);
                let (killed, half) = kill_in_the_middle(&mut primary, folder, "source.tap");
                source_half += u64::from(half);
                killed
            }
            2 => {
                // the follower goes first, and another follows
                std::thread::sleep(wait / 2);
                let (_, half) = kill_in_the_middle(&mut follow, folder, "dest.tap");
                dest_half += u64::from(half);
                assert_eq!(copy(), Some(1), "kill {kill}");
                follow = follower(folder);
                std::thread::sleep(wait / 2);
                primary.kill()
            }
            _ => {
                // both at once, and the disk of the primary is gone, too
                std::thread::sleep(wait);
                let (killed, half) = kill_in_the_middle(&mut follow, folder, "dest.tap");
                primary.kill();
                dest_half += u64::from(half);
                both += 1;
                fs::remove_file(folder.join("source.tap")).unwrap();
                killed
            }
        };
        if kill % 4 != 3 {
            let (status, _) = follow.end();
            assert_eq!(status.code(), Some(0), "kill {kill}: {}", follow.errors());
            // all that reached the reel has reached the copy
            assert!(
                fs::read(folder.join("source.tap")).unwrap() == fs::read(folder.join("dest.tap")).unwrap()
            );
        }
        assert_eq!(copy(), Some(1), "kill {kill}");
        still.0.push(killed.elapsed());
        let mut standby = Process::words(folder, "run dest.tap --core 8k");
        let (status, paper) = standby.end();
        assert!(
            status.success() && paper == heat_alone(),
            "kill {kill}: {status}\n{paper}{}",
            standby.errors()
        );
        to_answer.0.push(killed.elapsed());
    }
    println!(
        "follow: {} primaries killed, {any} at any moment, {source_half} surely while the reel was written, {both} together with the follower; \
         {dest_half} followers killed while they wrote the copy; none lost; from the kill until the stand-by is started (with --idle 0.3): {still}; \
         until the answer: {to_answer}",
        kills()
    );
    assert!(kills() < 12 || source_half > 0 && dest_half > 0, "{source_half} {dest_half}");
}
