//! A machine as a process of its own. It is killed when it is dropped.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use anyhow::{Context as _, Result};
use clap::ValueEnum as _;

use super::parts::Part;

/// A line from a machine; `player` describes the words.
#[derive(Debug)]
pub(super) enum Said {
    /// A line of paper.
    Print(String),
    /// A report for the person who watches.
    Seen(String),
    /// The act can continue.
    Mark,
    /// It has stopped.
    End(End),
}

/// What there is to read from a machine.
#[derive(Debug)]
pub(super) enum Heard {
    /// A line.
    Line(Said),
    /// No new line.
    Nothing,
    /// The end of its output.
    Ended,
}

/// How a machine has stopped.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// At a halt.
    pub(super) halted: bool,
    /// The decrement of AC, which has the code of a routine.
    pub(super) code: u16,
    /// The words of the stop.
    pub(super) stop: String,
}

/// A machine that is a process.
#[derive(Debug)]
pub(super) struct Machine {
    /// Its name in the act.
    pub(super) name: &'static str,
    process: Child,
    lines: Receiver<String>,
    /// The lines that it has printed.
    pub(super) paper: Vec<String>,
    /// The act can continue.
    pub(super) marked: bool,
    /// How it has stopped, when it has.
    pub(super) end: Option<End>,
}

impl Machine {
    /// Starts a machine, which has its reels in a folder.
    pub(super) fn start(
        name: &'static str,
        part: Part,
        folder: &Path,
        pace: f64,
        seed: u64,
    ) -> Result<Machine> {
        let command = std::env::current_exe().context("the command itself")?;
        let part = part.to_possible_value().context("a part")?;
        let mut process = Command::new(command)
            .args([
                "demo",
                "--part",
                part.get_name(),
                "--pace",
                &pace.to_string(),
                "--seed",
                &seed.to_string(),
            ])
            .arg("--folder")
            .arg(folder)
            // the machine ends when this does
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("a process for a machine")?;
        let out = process.stdout.take().context("its standard output")?;
        let (sender, lines) = channel();
        let machine = Machine { name, process, lines, paper: Vec::new(), marked: false, end: None };
        std::thread::Builder::new()
            .spawn(move || {
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            })
            .context("a thread")?;
        Ok(machine)
    }

    /// The number of its process.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its next line, if there is one.
    pub(super) fn hear(&mut self) -> Heard {
        match self.lines.try_recv() {
            Ok(line) => Heard::Line(self.said(&line)),
            Err(TryRecvError::Empty) => Heard::Nothing,
            Err(TryRecvError::Disconnected) => Heard::Ended,
        }
    }

    fn said(&mut self, line: &str) -> Said {
        let (word, text) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "print" => {
                self.paper.push(text.to_owned());
                Said::Print(text.to_owned())
            }
            "mark" => {
                self.marked = true;
                Said::Mark
            }
            "end" => {
                let mut parts = text.splitn(3, ' ');
                let halted = parts.next() == Some("1");
                let code = parts.next().and_then(|code| code.parse().ok()).unwrap_or(0);
                let end = End { halted, code, stop: parts.next().unwrap_or("").to_owned() };
                self.end = Some(end.clone());
                Said::End(end)
            }
            _ => Said::Seen(text.to_owned()),
        }
    }

    /// Blows a fuse, for a part that waits for this. Then the machine tells that the act can continue.
    pub(super) fn blow_fuse(&mut self) -> Result<()> {
        self.marked = false;
        let input = self.process.stdin.as_mut().context("its standard input")?;
        input.write_all(b"f").and_then(|()| input.flush()).context("a word to a machine")
    }

    /// Kills its process with SIGKILL. Lines from before can still be read.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.process.kill().context("SIGKILL")?;
        self.process.wait().context("the process that was killed")?;
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
