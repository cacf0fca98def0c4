//! The real command is interrupted, asked to end, and killed at any moment of a run that writes a reel, paper, cards and a
//! drum. Each file is then the old one, or holds what the run had made: whole records, lines and cards from the first on.
//! `EMU704_KILLS` sets the number of kills (default 60).
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use asm704::media::tape::{Item, TapeImage};

use crate::common;

/// 300 times: a record of three words on tape 3, a line, a card, and a word on drum 1, each with the number of the turn.
const PROGRAM: &str = "       ORG 64
START  CLA K
       ADD ONE
       STO K
       WTD 3
       CPY K
       CPY BUF
       CPY K
       IOD
       WPR
       LXA N,2
       CPY K
       CPY ZERO
       TIX *-1,2,1
       WPU
       LXA N,2
       CPY K
       CPY ZERO
       TIX *-1,2,1
       WDR 1
       LDA ZERO
       CPY K
       IOD
       CLA K
       SUB LAST
       TNZ START
       HTR START
K      OCT 0
ONE    OCT 1
LAST   DEC 300
N      HTR 23
ZERO   OCT 0
BUF    OCT 123456701234
       END START
";

const RUN: &str = "run p.sap --tape 3=reel.tap --ring 3 --print paper --punch deck.cbn --drum 1=drum -q";
const FILES: [&str; 4] = ["reel.tap", "paper", "deck.cbn", "drum"];

/// A record of three words in SIMH's form: 18 characters and two lengths of four bytes.
const RECORD: usize = 26;

/// Files that were there before, none of which is the beginning of what the program makes.
fn old_files(folder: &Path) {
    let record = [&18_u32.to_le_bytes()[..], &[0x41; 18], &18_u32.to_le_bytes()].concat();
    for (name, bytes) in FILES.iter().zip([record, b"OLD PAPER\n".to_vec(), vec![0x80; 160], vec![0; 10240]])
    {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

fn all(folder: &Path) -> [Vec<u8>; 4] {
    FILES.map(|name| fs::read(folder.join(name)).unwrap())
}

/// Turns whose whole part is in a file, when it is a beginning of `whole` and ends where a turn does.
fn turns(name: &str, file: &[u8], whole: &[u8]) -> Option<usize> {
    match name {
        "reel.tap" => {
            // the record that a killed process was writing is behind the mark of the end
            let mut image = TapeImage::open(file.to_vec()).ok()?;
            let items: Option<Vec<Item>> =
                image.items(0).map(|item| item.ok().map(|(_, item)| item)).collect();
            let records = items?.len();
            file.get(..records * RECORD).is_some_and(|records| whole.starts_with(records)).then_some(records)
        }
        "paper" => {
            // the last line was before the wheels, when the run was stopped in the middle of it
            let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
            let printed: usize = lines.iter().rev().skip(1).map(|line| line.len()).sum();
            let is_whole = file.is_empty() || file.ends_with(b"\n");
            (is_whole && whole.starts_with(&file[..printed])).then_some(lines.len())
        }
        "deck.cbn" => (file.len().is_multiple_of(160) && whole.starts_with(file)).then_some(file.len() / 160),
        // five bytes a word, the last ones first; the number of the turn in the first
        _ => (file.len() == 10240)
            .then(|| file[..5].iter().rev().fold(0, |n, byte| n << 8 | usize::from(*byte))),
    }
}

#[test]
fn interrupted_or_killed_at_any_moment_a_run_loses_nothing_that_was_there() {
    let kills: u64 = std::env::var("EMU704_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.sap"), PROGRAM).unwrap();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.current_dir(folder.path()).args(RUN.split_whitespace()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    };
    old_files(folder.path());
    let old = all(folder.path());
    let begun = Instant::now();
    assert_eq!(run().status().unwrap().code(), Some(0));
    let took = begun.elapsed();
    let whole = all(folder.path());
    for (name, (file, reference)) in FILES.iter().zip(whole.iter().zip(&whole)) {
        assert_eq!(turns(name, file, reference), Some(300), "{name}: {} bytes", file.len());
    }
    let mut random = common::Random(704);
    let (mut interrupted, mut ended, mut early, mut killed, mut partly) = (0, 0, 0, 0, 0);
    for kill in 0..kills {
        old_files(folder.path());
        let signal = ["-INT", "-TERM", "-KILL"][(kill % 3) as usize];
        let child = run().spawn().unwrap();
        let wait = random.below(took.as_micros() as u64 * 11 / 10);
        std::thread::sleep(Duration::from_micros(wait));
        let sent =
            Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        let new = all(folder.path());
        let case = format!("kill {kill}, {signal} after {wait} us: {:?} {sent:?}\n{text}", output.status);
        let state: Vec<Option<usize>> = (0..4)
            .map(|n| {
                if new[n] == old[n] {
                    return None;
                }
                let found = turns(FILES[n], &new[n], &whole[n]);
                let found = found.unwrap_or_else(|| {
                    panic!("{}: neither old nor new, {} bytes: {case}", FILES[n], new[n].len())
                });
                assert!(found <= 300, "{}: {case}", FILES[n]);
                Some(found)
            })
            .collect();
        match (output.status.code(), output.status.signal()) {
            (Some(0), None) => {
                ended += 1;
                assert_eq!(state, [Some(300); 4], "{case}");
            }
            (Some(130), None) => {
                interrupted += 1;
                assert_ne!(signal, "-KILL", "{case}");
                // all that was made is there: of the turn in which it was stopped, or of the one before
                let made = state[0].unwrap_or(0);
                for (n, turns) in state.iter().enumerate() {
                    let turns = turns.unwrap_or(0);
                    assert!(made.abs_diff(turns) <= 1 && !text.contains("NOT saved"), "{}: {case}", FILES[n]);
                }
                partly += u64::from(made > 0 && made < 300);
            }
            (None, Some(9)) => {
                killed += 1;
                assert_eq!(signal, "-KILL", "{case}");
                // paper, cards and drum come at the end, whole or not at all
                for (n, turns) in state.iter().enumerate().skip(1) {
                    assert!(turns.is_none_or(|turns| turns == 300), "{}: {case}", FILES[n]);
                }
                partly += u64::from(state[0].is_some_and(|records| records < 300));
            }
            // before the command has begun to take interrupts
            (None, Some(2 | 15)) => {
                early += 1;
                assert_eq!(state, [None; 4], "{case}");
            }
            _ => panic!("{case}"),
        }
    }
    // what the killed ones left beside the files is removed by the next
    old_files(folder.path());
    assert_eq!(run().status().unwrap().code(), Some(0));
    assert_eq!(all(folder.path()), whole);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
    assert!(interrupted > 0 && killed > 0 && partly > 0);
    println!(
        "{kills} signals in runs of {} ms: {interrupted} interrupted, {killed} killed, {early} before it took signals, \
         {ended} at the end; {partly} in the middle of writing; nothing lost",
        took.as_millis()
    );
}
