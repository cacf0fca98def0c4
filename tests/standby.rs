//! A stand-by machine: a job whose machine is gone is finished by another, which follows its checkpoints over a wire
//! (`programs/standby.sap`) or by a copy of its reel (`emu704 tape follow`). The printed answer is the same.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod figures;
mod follow;
mod follow_kills;
mod program;
mod wire_kills;

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use asm704::Word;
use asm704::media::tape::{Item, Mode, TapeImage, words_of};

use crate::common::root;

/// Nothing here takes so long.
const LONG: Duration = Duration::from_secs(60);

/// How many machines are killed in each way: `EMU704_STANDBY_KILLS`, or 12.
fn kills() -> u64 {
    std::env::var("EMU704_STANDBY_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

/// A process, with its lines on standard error as they come. It is killed when it is dropped.
struct Process {
    child: Child,
    lines: Receiver<(Instant, String)>,
    heard: Vec<(Instant, String)>,
    ended: bool,
}

impl Process {
    fn start(folder: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Process {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.args(arguments).current_dir(folder).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                if send.send((Instant::now(), line)).is_err() {
                    break;
                }
            }
        });
        Process { child, lines, heard: Vec::new(), ended: false }
    }

    fn words(folder: &Path, arguments: &str) -> Process {
        Process::start(folder, arguments.split_whitespace())
    }

    /// SIGKILL.
    fn kill(&mut self) -> Instant {
        self.child.kill().unwrap();
        let at = Instant::now();
        self.child.wait().unwrap();
        self.ended = true;
        at
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for its end; how it ended, and its standard output.
    fn end(&mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let mut out = self.child.stdout.take().unwrap();
        let text = std::thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).unwrap();
            text
        });
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.ended = true;
                return (status, text.join().unwrap());
            }
            if begun.elapsed() > LONG {
                let _ = self.child.kill();
                panic!("it does not end:\n{}", self.errors());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// When it said a line with this text.
    fn said(&mut self, text: &str) -> Instant {
        self.says(text).unwrap_or_else(|| panic!("expected {text:?}, found:\n{}", self.errors()))
    }

    /// When it said a line with this text; `None` when it does not.
    fn says(&mut self, text: &str) -> Option<Instant> {
        let begun = Instant::now();
        loop {
            if let Some((at, _)) = self.heard.iter().find(|(_, line)| line.contains(text)) {
                return Some(*at);
            }
            self.heard.push(self.lines.recv_timeout(LONG.saturating_sub(begun.elapsed())).ok()?);
        }
    }

    fn errors(&mut self) -> String {
        // its last lines may still be on their way
        let patience = if self.ended { LONG } else { Duration::from_millis(20) };
        while let Ok(line) = self.lines.recv_timeout(patience) {
            self.heard.push(line);
        }
        self.heard.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of the project.
fn program(name: &str) -> String {
    root().join("programs").join(name).to_str().unwrap().to_owned()
}

/// What heat.sap prints when nothing happens. The answer is known from its own tests.
fn heat_alone() -> &'static str {
    static PAPER: OnceLock<String> = OnceLock::new();
    PAPER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let papers = ["8k", "32k"].map(|core| {
            let mut alone =
                Process::words(folder.path(), &format!("run {} --core {core}", program("heat.sap")));
            let (status, paper) = alone.end();
            assert!(status.success() && paper.contains("SIGNATURE         273735510525"), "{paper}");
            paper
        });
        assert_eq!(papers[0], papers[1]);
        papers[0].clone()
    })
}

/// How many complete checkpoints of the plain routine a reel has: the number at both ends, and a sum of all ones. `None` when it is
/// no whole reel.
fn complete(bytes: &[u8]) -> Option<usize> {
    let mut image = TapeImage::open(bytes.to_vec()).ok()?;
    let mut found = 0;
    for item in image.items(0) {
        if let (_, Item::Record(record)) = item.ok()? {
            let words = words_of(&record, Mode::Binary);
            let size = words.len().saturating_sub(8);
            let sum = words.iter().skip(11).fold(Word::ZERO, |sum, word| sum.add_logical(*word));
            found += usize::from(size >= 4096 && words[4] == words[size] && sum == Word::new(Word::MASK));
        }
    }
    Some(found)
}

/// Files that processes have left half made beside their places.
fn half_made(folder: &Path, name: &str) -> Vec<PathBuf> {
    let prefix = format!(".{name}.");
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|e| e.path())
        .collect()
}

/// Waits until something is so.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < LONG, "expected soon: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Times of one kind, for the report.
#[derive(Default)]
struct Times(Vec<Duration>);

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut times = self.0.clone();
        times.sort();
        match times.as_slice() {
            [] => f.write_str("none"),
            all => write!(
                f,
                "{:.0?} to {:.0?}, half of them below {:.0?}",
                all[0],
                all[all.len() - 1],
                all[all.len() / 2]
            ),
        }
    }
}
