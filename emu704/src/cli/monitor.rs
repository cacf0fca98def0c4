//! `emu704 monitor`: the debugger by words, line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use super::diagnostics;
use super::outputs::{Ended, Outputs};
use super::run::interrupts;
use super::setup::{SetUp, SetUpArgs};
use super::talk::{clean, put_bytes, say};
use super::{Failure, report, room_failure};
use crate::debug::{Debugger, Pause};
use crate::machine::{Stop, StopKind};
use crate::monitor::{Monitor, Reply};
use crate::room::RoomError;

/// Options of `monitor`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 monitor programs/heat.sap\n  emu704 monitor --script check.txt\n\n`help` lists the commands. In a script a line that fails, `expect` above all, makes the exit code 1."
)]
pub(crate) struct MonitorArgs {
    #[command(flatten)]
    set_up: SetUpArgs,
    /// Take the commands from FILE; each is shown before its answer
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// End at the first line that fails
    #[arg(long)]
    strict: bool,
    /// For a screen reader: sentences, no signs for a person's eye, and an answer to every line
    #[arg(long)]
    plain: bool,
}

impl MonitorArgs {
    /// The plain monitor at a terminal.
    pub(crate) fn plain(set_up: SetUpArgs) -> MonitorArgs {
        MonitorArgs { set_up, script: None, strict: false, plain: true }
    }
}

/// A debugger at which somebody sits, with the files of its run.
pub(crate) struct Seat {
    pub(crate) monitor: Monitor,
    pub(crate) outputs: Outputs,
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    /// What the assembler says of the program.
    pub(crate) diagnostics: Option<serde_json::Value>,
    /// Something that was to be kept is not.
    pub(crate) lost: bool,
}

impl Seat {
    /// The room of the options, its machine not yet going.
    pub(crate) fn take(args: SetUpArgs) -> Result<Seat> {
        let SetUp { mut room, outputs, trace, json, quiet, diagnostics } = args.set_up(false)?;
        for event in room.take_events() {
            say(&event.to_string());
        }
        let mut debugger = Debugger::new(room);
        debugger.set_trace(trace);
        Ok(Seat { monitor: Monitor::new(debugger), outputs, json, quiet, diagnostics, lost: false })
    }

    /// Tears off the paper, takes cards, drums and film to their files, makes the reels safe, and reports if it was asked
    /// to. The paper that is left is returned.
    pub(crate) fn leave(&mut self) -> String {
        let debugger = &mut self.monitor.debugger;
        if let Some(trace) = debugger.set_trace(None) {
            self.outputs.end_trace(trace);
        }
        debugger.tear_off();
        let mut left = debugger.take_printed();
        if self.outputs.prints_to_file() {
            self.outputs.print(&std::mem::take(&mut left));
        }
        let Ended { line, lost } = self.outputs.finish(&mut debugger.room);
        self.lost = lost;
        if self.json {
            let stop = match debugger.pause() {
                Pause::Stopped(stop) => stop,
                pause => {
                    let off = pause == Pause::NoPower;
                    let kind = if off { StopKind::PowerOff } else { StopKind::Interrupted };
                    Stop { kind, at: debugger.room.machine.cpu.ic, message: Some(pause.text()) }
                }
            };
            let mut report = report::json(&debugger.room.machine, &stop, &debugger.room.symbols);
            if let Some(diagnostics) = self.diagnostics.take() {
                report["diagnostics"] = diagnostics;
            }
            put_bytes(format!("{report}\n").as_bytes());
        }
        if let (Some(line), true) = (line, !self.quiet || lost) {
            say(&line);
        }
        left
    }
}

pub(crate) fn monitor(args: MonitorArgs) -> Result<u8> {
    let mut seat = Seat::take(args.set_up)?;
    let interrupted = interrupts();
    let (mut lines, echo, prompt): (Box<dyn BufRead>, bool, bool) = match &args.script {
        Some(path) => {
            asm704::in_use::reads(path, "the script");
            let file = File::open(path)
                .map_err(|e| Failure::usage(format!("{}: cannot read: {e}", path.display())))?;
            (Box::new(BufReader::new(file)), true, false)
        }
        None => (Box::new(io::stdin().lock()), false, io::stdin().is_terminal()),
    };
    let name = args.script.as_ref().map_or("line".to_owned(), |path| path.display().to_string());
    let mut out = Out { out: io::stdout(), plain: args.plain };
    let mut failed = 0;
    let mut number = 0;
    loop {
        if prompt && !args.plain {
            write!(out, "704> ")?;
            out.flush()?;
        }
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).context("reading commands")? == 0 {
            break;
        }
        number += 1;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if echo && !line.is_empty() {
            let sign = if args.plain { "command:" } else { ">" };
            writeln!(out, "{sign} {line}")?;
        }
        let answer = match seat.monitor.command(line) {
            Ok(Reply::Goes { until }) => {
                interrupted.store(false, Ordering::Relaxed);
                let went = go(&mut seat, until, &interrupted, &mut out)?;
                went.map(|()| out.say(&seat.monitor.debugger.pause_text())).map_err(room_failure)
            }
            Ok(Reply::Text(text)) if text.is_empty() && args.plain && !line.is_empty() => {
                Ok(writeln!(out, "done").map_err(Into::into))
            }
            Ok(Reply::Text(text)) => Ok(out.say(&text)),
            Ok(Reply::Quit) => break,
            Err(error) => Err(error.into()),
        };
        for assembly in seat.monitor.take_assemblies() {
            diagnostics::say_all(&assembly);
        }
        match answer {
            Ok(said) => said?,
            Err(error) => {
                failed += 1;
                let sign = if args.plain { "error in" } else { "?" };
                // a snapshot may name files as it likes
                writeln!(out, "{sign} {name}:{number}: {}", clean(&format!("{error:#}")))?;
                if args.strict {
                    break;
                }
            }
        }
        happened(&mut seat, &mut out)?;
        print(&mut seat, &mut out)?;
        out.flush()?;
    }
    print(&mut seat, &mut out)?;
    let left = seat.leave();
    out.write_all(left.as_bytes())?;
    out.flush()?;
    Ok(if seat.lost || failed > 0 && (args.script.is_some() || !prompt) { super::exit::FAILURE } else { 0 })
}

/// Runs until something stops the machine.
///
/// # Errors
/// Nothing can be said. What fails in the room is the inner result.
fn go(
    seat: &mut Seat,
    until: Option<u64>,
    interrupted: &AtomicBool,
    out: &mut Out,
) -> Result<Result<(), RoomError>> {
    let until = until.unwrap_or(u64::MAX);
    let mut went = Ok(());
    while went.is_ok() && seat.monitor.debugger.is_going() && !interrupted.load(Ordering::Relaxed) {
        let debugger = &mut seat.monitor.debugger;
        let slice = debugger.room.machine.cycles().saturating_add(seat.outputs.slice()).min(until);
        went = debugger.advance(slice, None);
        if !debugger.in_past() {
            seat.outputs.take(&mut debugger.room.machine);
        }
        let over = debugger.room.machine.cycles() >= until;
        // what a program makes forever is not held until it ends
        print(seat, out)?;
        happened(seat, out)?;
        if over {
            break;
        }
    }
    if went.is_ok() {
        seat.monitor.debugger.stop();
    }
    Ok(went)
}

/// What happened beside what was asked for.
fn happened(seat: &mut Seat, out: &mut Out) -> Result<()> {
    seat.monitor.debugger.take_happened().iter().try_for_each(|line| out.say(line))
}

fn print(seat: &mut Seat, out: &mut Out) -> Result<()> {
    let text = seat.monitor.debugger.take_printed();
    put(seat, out, &text)
}

fn put(seat: &mut Seat, out: &mut Out, text: &str) -> Result<()> {
    if seat.outputs.prints_to_file() {
        seat.outputs.print(text);
        return Ok(());
    }
    Ok(out.write_all(text.as_bytes())?)
}

/// Standard output, and how it is read.
struct Out {
    out: io::Stdout,
    plain: bool,
}

impl Out {
    fn say(&mut self, text: &str) -> Result<()> {
        if !text.is_empty() {
            let text = clean(text);
            let text = if self.plain { plain(&text) } else { text.into_owned() };
            writeln!(self, "{text}")?;
        }
        Ok(())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Signs as words, and one blank instead of columns.
fn plain(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let (sign, rest) = match line.as_bytes() {
            [b'>', b'*', ..] => ("here, breakpoint: ", &line[2..]),
            [b'>', ..] => ("here: ", &line[1..]),
            [b' ', b'*', ..] => ("breakpoint: ", &line[2..]),
            _ => ("", line),
        };
        format!("{sign}{}", rest.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}
