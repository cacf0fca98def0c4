//! Machines that die while a job moves over a wire: the other one resumes the right job, or stops, and a job never runs twice.
//! `EMU704_KILLS` sets the number of processes that are killed (default 12).

use emu704::media::wire::pair;
use emu704::room::Room;
use emu704::{Config, CoreSize, Stop, StopKind};

use super::{alone, loaded, moving};
use crate::common::{Random, symbol, text};

/// When switch 5 goes down, in cycles: all of core was sent once.
const LAST: u64 = 400_000;

/// A room that sends `programs/remote.sap`, and one that waits in LOAD TAPE, with a wire between them.
fn connected() -> (Room, Room) {
    let mut a = Room::new(Config::with_core(CoreSize::K8));
    let code = moving(100);
    for (address, word) in code.core_image() {
        a.machine.core.poke(address, word);
    }
    a.machine.console.sense_switches[3] = true;
    a.start_at(code.start().unwrap());
    let mut b = Room::new(Config::with_core(CoreSize::K4));
    let load = b.parse_action("press load-tape").unwrap();
    b.act(&load).unwrap();
    let (here, there) = pair();
    a.reels.mount_wire(1, Box::new(here));
    b.reels.mount_wire(1, Box::new(there));
    (a, b)
}

/// Runs both in turn until neither goes on, or one has come to its cycle; how each stopped, if it did.
fn together(a: &mut Room, b: &mut Room, slice: u64, until: (u64, u64)) -> [Option<Stop>; 2] {
    let mut stops = [None, None];
    for _ in 0..200_000 {
        for (room, stop) in [&mut *a, &mut *b].into_iter().zip(&mut stops) {
            if stop.is_none() {
                let begun = room.machine.cycles();
                let stopped = room.run_until(begun + slice).unwrap();
                if stopped.kind != StopKind::Limit {
                    *stop = Some(stopped);
                }
            }
        }
        if a.machine.cycles() >= LAST {
            a.machine.console.sense_switches[4] = true;
        }
        let done = stops.iter().all(Option::is_some);
        if done || a.machine.cycles() >= until.0 || b.machine.cycles() >= until.1 {
            return stops;
        }
    }
    stops
}

#[test]
fn a_wire_does_what_a_reel_does() {
    let answer = alone(&moving(100), CoreSize::K4);
    for slice in [900, 5_000] {
        let (mut a, mut b) = connected();
        let stops = together(&mut a, &mut b, slice, (u64::MAX, u64::MAX));
        let [Some(of_a), Some(of_b)] = stops else { panic!("{stops:?}") };
        assert_eq!(of_a.at, symbol(&moving(100), "R$GAVE"), "{of_a:?}");
        assert_eq!(of_b.at, symbol(&moving(100), "STOP"), "{of_b:?}");
        assert_eq!((a.paper(), b.paper()), (String::new(), answer.clone()));
    }
}

/// At any cycle one of them is gone, from one moment to the next.
#[test]
fn one_of_two_machines_is_gone() {
    let code = moving(100);
    let answer = alone(&code, CoreSize::K4);
    let (mut whole_a, mut whole_b) = connected();
    together(&mut whole_a, &mut whole_b, 900, (u64::MAX, u64::MAX));
    let (length, there) = (whole_a.machine.cycles(), whole_b.machine.cycles());
    let mut random = Random(55);
    let (mut resumed, mut stopped, mut given_up, mut kept) = (0, 0, 0, 0);
    for kill in 0..60 {
        let (mut a, mut b) = connected();
        // half of them near the end
        let at = |random: &mut Random, length: u64| match kill % 4 {
            0 | 1 => random.below(length),
            _ => length - random.below(20_000.min(length)),
        };
        if kill % 2 == 0 {
            let until = at(&mut random, length + 2_000);
            together(&mut a, &mut b, 300, (until, u64::MAX));
            drop(a);
            let stop = b.run_until(super::LIMIT).unwrap();
            let paper = b.paper();
            if stop.kind == StopKind::Htr && stop.at == symbol(&code, "STOP") {
                assert_eq!(paper, answer, "kill {kill}");
                resumed += 1;
            } else {
                assert_eq!(paper, "", "kill {kill}: {stop:?}");
                let coded = b.machine.core.peek(stop.at).decrement();
                assert!(
                    stop.kind == StopKind::Waiting
                        || (stop.kind == StopKind::Htr && ((3..=6).contains(&coded) || stop.at < 12))
                        || (stop.kind == StopKind::ReadWriteCheck && stop.at < 12),
                    "kill {kill}: {stop:?}"
                );
                stopped += 1;
            }
        } else {
            let until = at(&mut random, there);
            together(&mut a, &mut b, 300, (u64::MAX, until));
            drop(b);
            a.machine.console.sense_switches[4] = true;
            let stop = a.run_until(super::LIMIT).unwrap();
            assert_eq!(a.paper(), "", "kill {kill}: {stop:?}");
            if stop.kind == StopKind::Htr {
                assert_eq!(stop.at, symbol(&code, "R$GAVE"), "kill {kill}: {stop:?}");
                given_up += 1;
            } else {
                assert_eq!(stop.kind, StopKind::Waiting, "kill {kill}: {stop:?}");
                kept += 1;
            }
        }
    }
    println!("{resumed} resumed, {stopped} stopped; {given_up} had given up, {kept} had not");
    assert!(resumed > 0 && stopped > 10 && given_up > 0 && kept > 5, "{resumed} {stopped} {given_up} {kept}");
}

/// The receiver has died before the last word: the operator of the sender puts switch 4 up, takes the wire off, and the job
/// continues where it is.
#[test]
fn a_sender_without_a_receiver_continues() {
    let (mut a, mut b) = connected();
    together(&mut a, &mut b, 900, (200_000, u64::MAX));
    drop(b);
    let stop = a.run_until(super::LIMIT).unwrap();
    assert_eq!(stop.kind, StopKind::Waiting, "{stop:?}");
    // the select waits for a unit: a scratch reel lets the record end
    a.machine.console.sense_switches[3] = false;
    a.mount_reel(1, Vec::new(), true).unwrap();
    a.press(emu704::console::Key::Start).unwrap();
    let stop = a.run_until(super::LIMIT).unwrap();
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&moving(100), "STOP")), "{stop:?}");
    assert_eq!(a.paper(), alone(&moving(100), CoreSize::K4));
    // and what is on the scratch reel is no beginning
    let (stop, paper, _) = loaded(CoreSize::K4, a.reel(1).unwrap(), 1);
    assert!(stop.kind != StopKind::Htr || stop.at == 0, "{stop:?}");
    assert_eq!(paper, "");
}

#[cfg(unix)]
mod processes {
    use std::path::Path;
    use std::process::{Child, Command, Output, Stdio};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::common::{assemble, root};

    fn emu704(arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.args(arguments).current_dir(root()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// A job of more turns, so that it runs for some time of ours.
    fn job(folder: &Path) {
        let source = text("programs/remote.sap").replace("TURNS  EQU 40", "TURNS  EQU 4000");
        std::fs::write(folder.join("remote.sap"), source).unwrap();
        let job = text("programs/remote.toml").replace(&format!("at = {LAST}\n"), "at = 5000000\n");
        assert!(job.contains("5000000"));
        std::fs::write(folder.join("remote.toml"), job).unwrap();
    }

    fn both(folder: &Path) -> (Child, Child) {
        let socket = folder.join("wire");
        let wire = |way: &str| format!("1=wire:{way}:{}", socket.display());
        let _ = std::fs::remove_file(&socket);
        let a = emu704(&["run", folder.join("remote.toml").to_str().unwrap(), "--tape", &wire("listen")]);
        let begun = Instant::now();
        while !socket.exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "nobody listens");
            std::thread::sleep(Duration::from_millis(1));
        }
        let b = emu704(&["run", "--core", "4k", "--load", "tape", "--tape", &wire("connect")]);
        (a, b)
    }

    /// Waits until it ends, or sees that it waits for somebody who will not come.
    fn ended(mut child: Child) -> (Output, bool) {
        let begun = Instant::now();
        let mut waits = false;
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > Duration::from_secs(3) {
                waits = true;
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        (child.wait_with_output().unwrap(), waits)
    }

    fn texts(output: &Output) -> (String, String) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr))
    }

    #[test]
    fn processes_are_killed_at_any_moment() {
        let kills: u64 = std::env::var("EMU704_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
        let folder = tempfile::tempdir().unwrap();
        job(folder.path());
        let source = std::fs::read_to_string(folder.path().join("remote.sap")).unwrap();
        let answer = alone(&assemble(&source), CoreSize::K4);
        let code = assemble(&source);
        let own = symbol(&code, "REMCHK")..symbol(&code, "REMEND");
        let (a, b) = both(folder.path());
        let begun = Instant::now();
        let a = a.wait_with_output().unwrap();
        let mut a_took = begun.elapsed().as_micros() as u64;
        let b = b.wait_with_output().unwrap();
        let mut b_took = begun.elapsed().as_micros() as u64;
        assert_eq!((texts(&a).0.as_str(), texts(&b).0), ("", answer.clone()), "{a:?} {b:?}");
        let mut random = Random(1955);
        let (mut resumed, mut stopped, mut given_up, mut kept, mut late, mut alone_since) =
            (0, 0, 0, 0, 0, 0);
        let mut kill = 0;
        while kill < kills {
            let (mut a, mut b) = both(folder.path());
            let of_a = kill % 2 == 0;
            // half of the receiver's kills come when it has the job
            let has_the_job = kill % 4 == 3;
            let a_time = a_took;
            let (victim, took) = if of_a { (&mut a, &mut a_took) } else { (&mut b, &mut b_took) };
            // the times are guesses: where they have become too short, the last tenth is behind the sender's end
            let behind = if has_the_job { a_time.min(*took * 9 / 10) } else { 0 };
            let wait = behind + random.below((*took).saturating_sub(behind).max(1_000) * 21 / 20);
            std::thread::sleep(Duration::from_micros(wait));
            let is_late = victim.try_wait().unwrap().is_some();
            victim.kill().unwrap();
            let ((a, a_waits), (b, b_waits)) = (ended(a), ended(b));
            let ((paper_a, error_a), (paper_b, error_b)) = (texts(&a), texts(&b));
            let end = |error: &str| error.lines().rev().take(6).collect::<Vec<_>>().join("; ");
            let case = format!("kill {kill} after {wait} us: {}; {}", end(&error_a), end(&error_b));
            assert_eq!(paper_a, "", "the job ran where it came from: {case}");
            assert!(paper_b.is_empty() || paper_b == answer, "a wrong answer: {case}");
            if is_late {
                // it had ended before: no kill, but the job went over
                assert_eq!(paper_b, answer, "{case}");
                late += 1;
                assert!(late < 100 + 20 * kills, "kills come too late again and again: {case}");
                *took = (3 * *took + wait) / 4;
                continue;
            }
            *took = *took * 51 / 50;
            kill += 1;
            if a_waits || b_waits {
                // one was killed before they had found each other
                let error = if a_waits { &error_a } else { &error_b };
                assert!(error.contains("waits for the other machine"), "{case}");
                alone_since += 1;
            } else if of_a {
                if paper_b.is_empty() {
                    let stop = error_b.lines().rfind(|line| line.starts_with("stop: ")).unwrap_or_default();
                    let at = stop.rsplit(" at ").next().and_then(|at| u16::from_str_radix(at, 8).ok());
                    let coded = stop.contains("HTR") && at.is_some_and(|at| at < 64 || own.contains(&at));
                    let check = stop.contains("read-write check") && at.is_some_and(|at| at < 12);
                    let gone = b.status.code() == Some(7) && error_b.contains("the other end has gone");
                    assert!(coded || check || gone, "neither resumed nor stopped: {case}");
                    stopped += 1;
                } else {
                    resumed += 1;
                }
            } else if error_a.contains("(R$GAVE)") {
                given_up += 1;
            } else {
                assert_eq!(a.status.code(), Some(7), "{case}");
                kept += 1;
            }
        }
        println!(
            "{kills} kills, and {late} too late; {alone_since} before they had met: the sender's, {resumed} resumed and {stopped} stopped; the receiver's, {given_up} had been given up and {kept} not"
        );
        assert!(kills < 12 || (stopped > 0 && kept > 0), "{stopped} {kept}");
        let (a, b) = both(folder.path());
        let (a, b) = (a.wait_with_output().unwrap(), b.wait_with_output().unwrap());
        assert_eq!((texts(&a).0.as_str(), texts(&b).0), ("", answer));
    }
}
