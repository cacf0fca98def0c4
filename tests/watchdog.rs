//! A watchdog at the monitor: random words at random cycles, in the middle of every kind of instruction, and no command
//! that does not come back.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::common::Random;
use emu704::monitor::Reply;
use emu704::{Config, CoreSize, Monitor, Room};

/// How long one session may take: it needs about ten milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);
/// Cycles that a `go` without an end gets.
const AT_MOST: u64 = 150_000;

/// Loops that keep one kind of unit busy, at 0100 each.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "tape write",
        "START  WTB 3\n       LXA W,2\n       CPY BUF\n       TIX *-1,2,1\n       TRA START\nW      HTR 50\n",
    ),
    ("one record without end", "START  WTD 3\n       CPY BUF\n       TRA *-1\n"),
    ("tape read", "START  RTB 4\n       CPY BUF\n       TRA *-1\n       TRA START\n       TRA START\n"),
    ("backward and marks", "START  RTB 4\n       BST 4\n       WEF 3\n       REW 3\n       TRA START\n"),
    (
        "drum write",
        "START  WDR 1\n       LDA ZERO\n       LXA W,2\n       CPY BUF\n       TIX *-1,2,1\n       TRA START\nW      HTR 9\n",
    ),
    ("drum read", "START  RDR 2\n       LDA ZERO\n       CPY BUF\n       CPY BUF\n       TRA START\n"),
    ("drum without a copy", "START  RDR 2\n       WTB 3\n       TRA START\n"),
    (
        "printer",
        "START  WPR\n       SPR 1\n       LXA W,2\n       CPY BUF\n       TIX *-1,2,1\n       TRA START\nW      HTR 24\n",
    ),
    (
        "punch",
        "START  WPU\n       LXA W,2\n       CPY BUF\n       TIX *-1,2,1\n       TRA START\nW      HTR 24\n",
    ),
    ("reader", "START  RCD\n       CPY BUF\n       TRA *-1\n       TRA START\n       TRA START\n"),
    ("film", "START  WTV\n       CPY BUF\n       CPY BUF\n       CFF\n       TRA START\n"),
    ("a select behind a select", "START  WTB 3\n       RTB 4\n       IOD\n       TRA START\n"),
];

const COMMANDS: &[&str] = &[
    "run N",
    "run N",
    "run N",
    "go 100",
    "go",
    "step",
    "step 3",
    "next",
    "stop",
    "start",
    "start 100",
    "boot tape",
    "boot cards",
    "boot drum",
    "load tape",
    "press reset",
    "press clear",
    "press start",
    "press single-step",
    "press enter-instruction",
    "press enter-mq",
    "press display-storage",
    "manual",
    "automatic",
    "deposit ic 100",
    "deposit 101 000000000000",
    "deposit 100 076200000223",
    "back 1",
    "back",
    "back 5",
    "back write 110",
    "who 110",
    "history off",
    "history on",
    "until 102",
    "at M press reset",
    "at M power off",
    "at M deposit ic 100",
    "fault parity 4 1",
    "fault not-ready 3",
    "fault ready 3",
    "fault none",
    "power off",
    "power on 7",
    "swap 3 4",
    "detach 4",
    "break 102",
    "break write 110",
    "break select",
    "nobreak all",
    "tapes",
    "registers",
    "paper",
    "cards",
    "list",
    "lights",
    "watch ac",
    "keys 002000000100",
    "sense 1 down",
];

fn session(seed: u64) -> Vec<String> {
    let mut random = Random(seed);
    let n = 6 + random.below(10);
    (0..n)
        .map(|_| {
            let line = COMMANDS[random.below(COMMANDS.len() as u64) as usize];
            line.replace('N', &random.below(9_000).to_string())
                .replace('M', &random.below(20_000).to_string())
        })
        .collect()
}

/// So many records of 120 characters, in SIMH's form.
fn records(n: usize) -> Vec<u8> {
    let length = 120u32.to_le_bytes();
    let record = [&length[..], &[0o41; 120], &length].concat();
    record.repeat(n)
}

/// Runs a session, and ends it as a person does: the units finish what they do.
fn run(program: &str, lines: &[String]) {
    let source = format!("       ORG 64\n{program}ZERO   OCT 0\nBUF    OCT 123456701234\n       END START\n");
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(&source).unwrap();
    room.mount_reel(3, Vec::new(), true).unwrap();
    room.mount_reel(4, records(30), false).unwrap();
    let mut monitor = Monitor::new(emu704::debug::Debugger::new(room));
    for line in lines {
        if let Ok(Reply::Goes { until }) = monitor.command(line) {
            let end = until.unwrap_or(u64::MAX).min(monitor.machine().cycles() + AT_MOST);
            let _ = monitor.debugger.advance(end, None);
            monitor.debugger.stop();
        }
    }
    let Room { machine, reels, .. } = &mut monitor.debugger.room;
    let _ = machine.settle(reels);
}

#[test]
fn every_command_comes_back() {
    let sessions = std::env::var("EMU704_SESSIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let (begins, hears) = mpsc::channel();
    let works = std::thread::spawn(move || {
        for seed in 1..=sessions {
            for (name, program) in PROGRAMS {
                let lines = session(seed * 1000 + name.len() as u64);
                begins.send(format!("{name}, seed {seed}: {lines:?}")).unwrap();
                run(program, &lines);
            }
        }
    });
    let (mut last, mut count) = (String::new(), 0);
    loop {
        match hears.recv_timeout(PATIENCE) {
            Ok(session) => (last, count) = (session, count + 1),
            Err(RecvTimeoutError::Timeout) => panic!("it does not come back: {last}"),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    assert!(works.join().is_ok(), "it panics: {last}");
    println!("{count} sessions, each came back");
}
