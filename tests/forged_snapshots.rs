//! Snapshots that somebody has changed, with a good checksum: they are refused, or the machine runs with what they say. Nothing
//! panics and nothing hangs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use emu704::snapshot::{Snapshot, load, save};
use emu704::{Config, CoreSize, Room};
use serde_json::Value;

/// FNV-1a as snapshots have it (docs/snapshots.md).
fn checksum(file: &Value) -> String {
    let reels: std::collections::BTreeMap<u8, String> =
        serde_json::from_value(file["reels"].clone()).unwrap();
    let text = format!("{}{reels:?}", file["machine"]);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Paths of all numbers; of the cells of core only a few.
fn numbers(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(path.to_owned()),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate().take(12) {
                numbers(item, &format!("{path}/{n}"), found);
            }
        }
        Value::Object(items) => {
            items.iter().for_each(|(key, item)| numbers(item, &format!("{path}/{key}"), found));
        }
        _ => {}
    }
}

/// Paths of all lists.
fn lists(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            found.push(path.to_owned());
            items
                .iter()
                .enumerate()
                .take(12)
                .for_each(|(n, item)| lists(item, &format!("{path}/{n}"), found));
        }
        Value::Object(items) => {
            items.iter().for_each(|(key, item)| lists(item, &format!("{path}/{key}"), found));
        }
        _ => {}
    }
}

/// A machine in the middle of what a program does with a unit.
fn saved(program: &str, cycles: u64) -> String {
    let source = format!("       ORG 64\n{program}ZERO   OCT 0\nBUF    OCT 123456701234\n       END START\n");
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(&source).unwrap();
    room.mount_reel(3, Vec::new(), true).unwrap();
    room.run_until(cycles).unwrap();
    save(&Snapshot { reels: std::collections::BTreeMap::new(), machine: room.machine }).unwrap()
}

fn try_it(text: &str) {
    if let Ok(snapshot) = load(text) {
        let mut room = Room::with_machine(snapshot.machine);
        room.mount_reel(3, Vec::new(), true).unwrap();
        room.go();
        let until = room.machine.cycles().saturating_add(100_000);
        let _ = room.run_until(until);
        room.tear_off();
        let _ = room.machine.settle(&mut room.reels);
    }
}

#[test]
fn no_number_of_a_snapshot_makes_it_panic_or_hang() {
    let programs = [
        ("START  WTB 3\n       CPY BUF\n       TRA *-1\n", 3000),
        (
            "START  WTB 3\n       CPY BUF\n       IOD\n       BST 3\n       RTB 3\n       CPY ZERO\n       TRA *-1\n",
            5000,
        ),
        ("START  WDR 1\n       LDA ZERO\n       CPY BUF\n       TRA *-1\n", 2000),
        ("START  WPR\n       CPY BUF\n       TRA *-1\n", 30_000),
        ("START  WPU\n       CPY BUF\n       TRA *-1\n", 30_000),
        ("START  WTV\n       CPY BUF\n       CFF\n       TRA START\n", 500),
    ];
    let (begins, hears) = mpsc::channel();
    let works = std::thread::spawn(move || {
        let mut failed = Vec::new();
        for (program, cycles) in programs {
            let text = saved(program, cycles);
            let file: Value = serde_json::from_str(&text).unwrap();
            let mut forged: Vec<(String, Value)> = Vec::new();
            let (mut all, mut long) = (Vec::new(), Vec::new());
            numbers(&file["machine"], "", &mut all);
            lists(&file["machine"], "", &mut long);
            for path in &all {
                for number in [0, 1, 11, 255, 65_535, u64::from(u32::MAX), 1 << 59, 1 << 63, u64::MAX] {
                    forged.push((format!("{path} = {number}"), Value::from(number)));
                }
            }
            for path in &long {
                forged.push((format!("{path} = []"), Value::Array(Vec::new())));
            }
            // a fifth of them, unless all sessions of the watchdog are asked for, too
            let each = if std::env::var_os("EMU704_SESSIONS").is_some() { 1 } else { 5 };
            for (what, new) in forged.into_iter().step_by(each) {
                begins.send(what.clone()).unwrap();
                let mut file = file.clone();
                let path = what.split(' ').next().unwrap();
                *file["machine"].pointer_mut(path).unwrap() = new;
                file["checksum"] = checksum(&file).into();
                if catch_unwind(AssertUnwindSafe(|| try_it(&file.to_string()))).is_err() {
                    failed.push(what);
                }
            }
        }
        failed
    });
    let (mut last, mut count) = (String::new(), 0);
    loop {
        match hears.recv_timeout(Duration::from_secs(20)) {
            Ok(what) => (last, count) = (what, count + 1),
            Err(RecvTimeoutError::Timeout) => panic!("it does not come back: {last}"),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let failed = works.join().unwrap();
    assert!(failed.is_empty(), "{} panic: {failed:#?}", failed.len());
    println!("{count} forged snapshots, refused or run");
}
