//! A run with its host side: reels, decks, drums, paper, talk.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use super::hoppers;
use super::job::{Timed, When};
use super::run::{Mount, RunArgs, ending};
use super::{Failure, program, report};
use crate::action::Action;
use crate::config::Config;
use crate::host::{MountError, Mounts};
use crate::machine::{LoadKey, Machine, Stop, StopKind};

/// Machine cycles between two looks at the host (interruption, print, talk): about 12 s of 704 time, some
/// hundredths of a second here.
const SLICE: u64 = 1_000_000;

fn mount_failure(error: &MountError) -> anyhow::Error {
    if error.is_medium() { Failure::medium(error.to_string()) } else { Failure::usage(error.to_string()) }
}

/// A run with its host side.
pub(crate) struct Session {
    machine: Machine,
    mounts: Mounts,
    args: RunArgs,
    acts: VecDeque<Timed>,
    paper: Paper,
    ringed: Vec<u8>,
}

/// Where the printer's paper goes.
enum Paper {
    Out(io::Stdout),
    File(BufWriter<File>, PathBuf),
    /// Kept for the JSON report.
    Kept(String),
}

impl Session {
    pub(crate) fn set_up(mut args: RunArgs, config: Option<Config>, acts: Vec<Timed>) -> Result<Session> {
        let mut config = config.unwrap_or_default();
        if let Some(core) = args.core {
            config.core = core;
        }
        let mut mounts = Mounts::new();
        let mut load = args.load;
        let mut image = None;
        if let Some(path) = args.program.clone() {
            match ending(&path).as_deref() {
                Some("sap") => image = Some(program::read_sap(&path)?),
                Some("oct") => image = Some(program::read_oct(&path)?),
                Some("tap" | "p7b" | "e11" | "tpc" | "aws") => {
                    if args.tape.iter().any(|m| m.unit == 1) {
                        return Err(Failure::usage(format!(
                            "{} goes on tape 1, and so does the reel of --tape 1=...",
                            path.display()
                        )));
                    }
                    args.tape.push(Mount { unit: 1, path });
                    load = load.or(Some(LoadKey::Tape));
                }
                Some("cbn" | "dck" | "cards") => {
                    args.cards.insert(0, path);
                    load = load.or(Some(LoadKey::Cards));
                }
                Some("toml") => {
                    return Err(Failure::usage(format!("{}: a job within a job", path.display())));
                }
                _ => {
                    return Err(Failure::usage(format!(
                        "{}: what is it? expected an ending .sap, .oct, .cbn, .tap, .p7b or .toml",
                        path.display()
                    )));
                }
            }
        }
        for (n, mount) in args.tape.iter().enumerate() {
            if args.tape[..n].iter().any(|m| m.unit == mount.unit) {
                return Err(Failure::usage(format!("two reels on tape {}", mount.unit)));
            }
            let ring = args.ring.contains(&mount.unit);
            mounts.mount_file(mount.unit, &mount.path, ring).map_err(|e| mount_failure(&e))?;
        }
        for &unit in &args.ring {
            if !args.tape.iter().any(|m| m.unit == unit) {
                mounts.mount_memory(unit, Vec::new(), true).context("a scratch reel")?;
            }
        }
        let mut machine = match args.power_on {
            Some(seed) => Machine::power_on(config, seed),
            None => Machine::new(config),
        };
        for &switch in &args.sense {
            machine.console.sense_switches[usize::from(switch) - 1] = true;
        }
        if let Some(image) = image {
            for (address, word) in image.words {
                if usize::from(address) >= machine.core.size().words() {
                    return Err(Failure::usage(format!(
                        "the program has a word at {address:05o}, beyond a core of {}",
                        machine.core.size()
                    )));
                }
                machine.core.poke(address, word);
            }
            if args.start.is_none() && load.is_none() {
                args.start = image.start;
                if args.start.is_none() {
                    return Err(Failure::usage(
                        "the program does not say where it starts: give --start, or an address on END",
                    ));
                }
            }
        }
        hoppers::put_decks(&mut machine, &args.cards, load == Some(LoadKey::Cards))?;
        hoppers::put_drums(&mut machine, &args.drum)?;
        match (args.start, load) {
            (Some(_), _) if args.load.is_some() => {
                return Err(Failure::usage("--start presses no LOAD key: leave out --load"));
            }
            (Some(start), _) => machine.set_start(start),
            (None, Some(key)) => machine.load(&mut mounts, key),
            (None, None) => {
                return Err(Failure::usage("nothing to run: give PROGRAM, --load or --start"));
            }
        }
        let paper = match &args.print {
            Some(path) => {
                let file = File::create(path)
                    .map_err(|e| Failure::usage(format!("{}: cannot write: {e}", path.display())))?;
                Paper::File(BufWriter::new(file), path.clone())
            }
            None if args.json => Paper::Kept(String::new()),
            None => Paper::Out(io::stdout()),
        };
        let ringed = args.ring.clone();
        Ok(Session { machine, mounts, args, acts: acts.into(), paper, ringed })
    }

    /// The machine as it stands.
    pub(crate) fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Runs to the stop that ends the run.
    pub(crate) fn run(&mut self, interrupted: &AtomicBool) -> Result<Stop> {
        let limit = self.args.limit.unwrap_or(u64::MAX);
        let mut continues = self.args.continue_.unwrap_or(0);
        let mut off = false;
        loop {
            if interrupted.load(Ordering::Relaxed) {
                let at = self.machine.cpu.ic;
                return Ok(Stop { kind: StopKind::Interrupted, at, message: None });
            }
            let now = self.machine.cycles();
            let act_at = match self.acts.front() {
                Some(Timed { when: When::Cycle(cycle), .. }) => *cycle,
                _ => u64::MAX,
            };
            if act_at <= now {
                off = self.act()?.unwrap_or(off);
                continue;
            }
            if off {
                // Without power nothing happens until somebody does something.
                if act_at == u64::MAX {
                    return Ok(Stop {
                        kind: StopKind::Interrupted,
                        at: self.machine.cpu.ic,
                        message: Some("the power is off".to_owned()),
                    });
                }
                if let Err(stop) = self.machine.idle(&mut self.mounts, act_at) {
                    return Ok(stop);
                }
                continue;
            }
            let until = limit.min(act_at).min(now.saturating_add(SLICE));
            let mut stop = self.machine.run(&mut self.mounts, until);
            if stop.kind != StopKind::Limit
                && let Err(failed) = self.machine.settle(&mut self.mounts)
            {
                stop = failed;
            }
            self.after_slice()?;
            match stop.kind {
                StopKind::Limit if self.machine.cycles() >= limit => return Ok(stop),
                StopKind::Limit => {}
                _ => {
                    if matches!(self.acts.front(), Some(Timed { when: When::Stop, .. })) {
                        self.talk(&format!("{} at cycle {}", report::phrase(&stop), self.machine.cycles()));
                        off = self.act()?.unwrap_or(off);
                    } else if matches!(stop.kind, StopKind::Htr | StopKind::Hpr) && continues > 0 {
                        continues -= 1;
                        self.machine.start(&mut self.mounts);
                    } else {
                        return Ok(stop);
                    }
                }
            }
        }
    }

    /// Does the next act of the list; tells whether the power is off now, when the act is about that.
    fn act(&mut self) -> Result<Option<bool>> {
        let Some(Timed { action, .. }) = self.acts.pop_front() else { return Ok(None) };
        self.talk(&format!("operator: {action} at cycle {}", self.machine.cycles()));
        if let Action::Swap(m, n) = action {
            self.mounts.swap(m, n);
        }
        self.machine.act(&action, &mut self.mounts).map_err(|stop| Failure::medium(report::phrase(&stop)))?;
        self.after_slice()?;
        Ok(match action {
            Action::PowerOff => Some(true),
            Action::PowerOn { .. } => Some(false),
            _ => None,
        })
    }

    fn talk(&self, line: &str) {
        if !self.args.quiet {
            eprintln!("{line}");
        }
    }

    /// Takes the paper and tells what is on the reels.
    fn after_slice(&mut self) -> Result<()> {
        let text = self.machine.io.printer.take_text(false);
        self.print(&text)?;
        for &unit in &self.ringed.clone() {
            let cycle = self.machine.cycles();
            let line = self.mounts.take_written(unit).map(|(written, label)| {
                let mut what = Vec::new();
                if written.records > 0 {
                    what.push(format!(
                        "{} record{}, {} words",
                        written.records,
                        plural(written.records),
                        written.words
                    ));
                }
                if written.marks > 0 {
                    what.push(format!("{} file mark{}", written.marks, plural(written.marks)));
                }
                format!("tape {unit}: {} on the reel {label} at cycle {cycle}", what.join(", "))
            });
            if let Some(line) = line {
                self.talk(&line);
            }
        }
        Ok(())
    }

    fn print(&mut self, text: &str) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        match &mut self.paper {
            Paper::Out(out) => {
                let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
                match written {
                    // nobody reads any more
                    Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    other => other.context("standard output"),
                }
            }
            Paper::File(file, path) => file
                .write_all(text.as_bytes())
                .and_then(|()| file.flush())
                .map_err(|e| Failure::usage(format!("{}: cannot write: {e}", path.display()))),
            Paper::Kept(kept) => {
                kept.push_str(text);
                Ok(())
            }
        }
    }

    /// Tears off the paper, makes the reels safe, and reports.
    pub(crate) fn finish(mut self, stop: &Stop) -> Result<u8> {
        let text = self.machine.io.printer.take_text(true);
        self.print(&text)?;
        hoppers::take_all(&mut self.machine, &self.args)?;
        self.mounts.sync().map_err(|e| Failure::usage(e.to_string()))?;
        if self.args.json {
            let mut report = report::json(&self.machine, stop);
            if let Paper::Kept(kept) = &self.paper
                && !kept.is_empty()
            {
                report["print"] = serde_json::json!(kept);
            }
            let text = serde_json::to_string(&report)?;
            let written = writeln!(io::stdout(), "{text}");
            if let Err(e) = written
                && e.kind() != io::ErrorKind::BrokenPipe
            {
                return Err(e).context("standard output");
            }
        } else {
            eprintln!("{}", report::text(&self.machine, stop));
        }
        Ok(report::exit_code(stop.kind))
    }
}

fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}
