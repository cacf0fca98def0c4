//! A run with its host side: reels, decks, drums, paper, talk.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use super::job::{Timed, When};
use super::prepare::{self, Prepared};
use super::run::RunArgs;
use super::source::Source;
use super::trace::Trace;
use super::{Failure, hoppers, report};
use crate::action::Action;
use crate::config::Config;
use crate::fault::TimedFault;
use crate::host::Mounts;
use crate::machine::{Machine, Stop, StopKind};

/// Machine cycles between two looks at the host (interruption, print, talk): about 12 s of 704 time, some
/// hundredths of a second here.
const SLICE: u64 = 1_000_000;

/// A run with its host side.
pub(crate) struct Session {
    machine: Machine,
    mounts: Mounts,
    args: RunArgs,
    acts: VecDeque<Timed>,
    paper: Paper,
    ringed: Vec<u8>,
    source: Source,
    trace: Option<Trace>,
}

/// Where the printer's paper goes.
enum Paper {
    Out(io::Stdout),
    File(BufWriter<File>, PathBuf),
    /// Kept for the JSON report.
    Kept(String),
}

impl Session {
    pub(crate) fn set_up(args: RunArgs, config: Option<Config>, acts: Vec<Timed>) -> Result<Session> {
        let Prepared { machine, mounts, args, source } = prepare::prepare(args, config, true)?;
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
        let trace = args.trace.as_deref().map(Trace::create).transpose()?;
        Ok(Session { machine, mounts, args, acts: acts.into(), paper, ringed, source, trace })
    }

    /// The machine as it stands.
    pub(crate) fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Runs to the stop that ends the run.
    pub(crate) fn run(&mut self, interrupted: &AtomicBool) -> Result<Stop> {
        let limit = self.args.limit.unwrap_or(u64::MAX);
        let mut continues = self.args.continue_.unwrap_or(0);
        let mut off = !self.machine.has_power();
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
            if act_at <= now && (off || act_at <= self.machine.next_fault()) {
                off = self.act()?.unwrap_or(off);
                continue;
            }
            if off {
                // Without power nothing happens until somebody does something.
                if act_at == u64::MAX {
                    return Ok(Stop {
                        kind: StopKind::PowerOff,
                        at: self.machine.cpu.ic,
                        message: Some("the power is off".to_owned()),
                    });
                }
                if let Err(stop) = self.machine.idle(&mut self.mounts, act_at) {
                    return Ok(stop);
                }
                continue;
            }
            if self.machine.next_fault() <= now {
                off |= self.fault(act_at)?;
                continue;
            }
            let until = limit.min(act_at).min(self.machine.next_fault()).min(now.saturating_add(SLICE));
            let mut stop = self.run_to(until);
            if stop.kind != StopKind::Limit
                && let Err(failed) = self.machine.settle(&mut self.mounts)
            {
                stop = failed;
            }
            let cycle = self.machine.cycles();
            self.after_slice(cycle)?;
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

    fn run_to(&mut self, until: u64) -> Stop {
        let Some(trace) = &mut self.trace else {
            return self.machine.run(&mut self.mounts, until);
        };
        while self.machine.cycles() < until {
            if !self.machine.is_waiting() {
                trace.instruction(&self.machine, &self.source);
            }
            if let Err(stop) = self.machine.step(&mut self.mounts, until) {
                return stop;
            }
        }
        Stop { kind: StopKind::Limit, at: self.machine.cpu.ic, message: None }
    }

    /// Does the next act of the list; tells whether the power is off now, when the act is about that.
    fn act(&mut self) -> Result<Option<bool>> {
        let Some(Timed { action, when }) = self.acts.pop_front() else { return Ok(None) };
        if let (Action::PowerOff, When::Cycle(cycle)) = (&action, when) {
            self.power_off(cycle, "operator")?;
            return Ok(Some(true));
        }
        self.talk(&format!("operator: {action} at cycle {}", self.machine.cycles()));
        if let Action::Swap(m, n) = action {
            self.mounts.swap(m, n);
        }
        self.machine
            .act(&action, &mut self.mounts)
            .map_err(|stop| Failure { code: report::exit_code(stop.kind), message: report::phrase(&stop) })?;
        self.after_slice(self.machine.cycles())?;
        Ok(match action {
            Action::PowerOff => Some(true),
            Action::PowerOn { .. } => Some(false),
            _ => None,
        })
    }

    /// Does the faults that have come before an act; tells whether the power is off now.
    fn fault(&mut self, before: u64) -> Result<bool> {
        let ended = self.machine.do_faults(&mut self.mounts, before);
        for TimedFault { at, fault } in self.machine.take_faults_done() {
            self.talk(&format!("fault: {fault} at cycle {at}"));
        }
        match ended {
            Err(stop) if stop.kind != StopKind::PowerOff => {
                Err(Failure { code: report::exit_code(stop.kind), message: report::phrase(&stop) })?;
            }
            _ => {}
        }
        if !self.machine.has_power() {
            self.after_slice(self.machine.cycles())?;
        }
        Ok(!self.machine.has_power())
    }

    fn power_off(&mut self, cycle: u64, who: &str) -> Result<()> {
        let cut = self.machine.power_off_at(&mut self.mounts, cycle);
        self.talk(&format!("{who}: power off at cycle {}", self.machine.cycles()));
        cut.map_err(|stop| Failure { code: report::exit_code(stop.kind), message: report::phrase(&stop) })?;
        self.after_slice(cycle)
    }

    fn talk(&self, line: &str) {
        if !self.args.quiet {
            eprintln!("{line}");
        }
    }

    /// Takes the paper and tells what is on the reels.
    fn after_slice(&mut self, cycle: u64) -> Result<()> {
        let text = self.machine.io.printer.take_text(false);
        self.print(&text)?;
        for &unit in &self.ringed.clone() {
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
        if let Some(trace) = self.trace.take() {
            trace.finish()?;
        }
        let text = self.machine.io.printer.take_text(true);
        self.print(&text)?;
        let made = hoppers::take_all(&mut self.machine, &self.args)?;
        let safe = hoppers::make_safe(&mut self.mounts, &made)?;
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
        if let Some(safe) = safe {
            self.talk(&safe);
        }
        Ok(report::exit_code(stop.kind))
    }
}

fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}
