//! `emu704 monitor`: the debugger by words, line by line.

mod editor;
mod lines;
mod out;

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use self::lines::{Lines, Next, Source};
use self::out::{Out, STDOUT};
use super::diagnostics;
use super::interrupts::interrupts;
use super::no_pipes::NoPipes;
use super::outputs::{Ended, Outputs};
use super::setup::{SetUp, SetUpArgs};
use super::talk::{clean, put_json, say};
use super::{Failure, report, room_failure};
use crate::debug::{DebugError, Debugger, Pause};
use crate::machine::{Stop, StopKind};
use crate::monitor::{Monitor, MonitorError, Reply, candidates};
use crate::room::{NoFiles, RoomError};

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
    /// For a screen reader: write sentences without signs, and answer every line
    #[arg(long)]
    plain: bool,
    /// First do the commands of the .ini file that has the name of the program
    #[arg(long, requires = "program")]
    ini: bool,
}

impl MonitorArgs {
    /// The plain monitor at a terminal.
    pub(crate) fn plain(set_up: SetUpArgs) -> MonitorArgs {
        MonitorArgs { set_up, script: None, strict: false, plain: true, ini: false }
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
        Ok(Seat::at(args.set_up(false)?))
    }

    /// Before a room that is ready.
    pub(crate) fn at(set_up: SetUp) -> Seat {
        let SetUp { mut room, outputs, trace, json, quiet, diagnostics, flaw, assembly: _ } = set_up;
        for event in room.take_events() {
            say(&event.to_string());
        }
        // from now on somebody waits for an answer
        let files = std::mem::replace(&mut room.files, Box::new(NoFiles));
        room.files = Box::new(NoPipes(files));
        let mut debugger = Debugger::new(room);
        debugger.set_trace(trace);
        let mut monitor = Monitor::new(debugger);
        monitor.set_flaw(flaw);
        Seat { monitor, outputs, json, quiet, diagnostics, lost: false }
    }

    /// A signal ends a search in the past.
    pub(crate) fn heed(&mut self, interrupted: &Arc<AtomicBool>) {
        let interrupted = Arc::clone(interrupted);
        self.monitor.debugger.set_patience(Box::new(move || interrupted.load(Ordering::Relaxed)));
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
            let mut report = report::json(&debugger.room, &stop);
            if let Some(diagnostics) = self.diagnostics.take() {
                report["diagnostics"] = diagnostics;
            }
            put_json(&report);
        }
        if let (Some(line), true) = (line, !self.quiet || lost) {
            say(&line);
        }
        left
    }
}

pub(crate) fn monitor(args: MonitorArgs) -> Result<u8> {
    let MonitorArgs { set_up, script, strict, plain, ini } = args;
    let ini = set_up.program.as_ref().filter(|_| ini).map(|program| program.with_extension("ini"));
    let mut seat = Seat::take(set_up)?;
    let interrupted = interrupts();
    seat.heed(&interrupted);
    let mut session = Session {
        name: script.as_ref().map_or("line".to_owned(), |path| path.display().to_string()),
        prompt: script.is_none() && io::stdin().is_terminal(),
        echo: script.is_some(),
        strict,
        failed: 0,
        interrupted,
        out: Out { out: io::stdout(), plain },
    };
    let ended = session.hold(&mut seat, script, ini);
    // Whatever has ended it, what was made is kept, and after that it is told.
    let printed = print(&mut seat, &mut session.out);
    let left = seat.leave();
    let said = session.out.write_all(left.as_bytes()).and_then(|()| session.out.flush());
    let ended = ended?;
    printed?;
    said.context(STDOUT)?;
    let failed = session.failed > 0 && !session.prompt;
    Ok(match ended {
        End::Interrupted => super::exit::INTERRUPTED,
        End::Left(_) if seat.lost => super::exit::FAILURE,
        End::Left(Some(code)) => code,
        End::Left(None) if failed => super::exit::FAILURE,
        End::Left(None) => 0,
    })
}

/// How a session ends.
enum End {
    /// There are no more lines, or one of them is the last; with an exit code, if that has named one.
    Left(Option<u8>),
    Interrupted,
}

/// What came of a line.
struct Done {
    answer: Result<()>,
    /// False for a signal that ends the session: one that has stopped the machine, or a search, is done with where somebody
    /// sits who can send another.
    goes_on: bool,
}

/// A conversation, line by line.
struct Session {
    /// Where the lines come from.
    name: String,
    /// Somebody sits at a terminal.
    prompt: bool,
    echo: bool,
    strict: bool,
    /// Lines that failed.
    failed: usize,
    interrupted: Arc<AtomicBool>,
    out: Out,
}

impl Session {
    /// Takes the lines and does what they say.
    ///
    /// # Errors
    /// Nothing can be read, or nothing can be said.
    fn hold(&mut self, seat: &mut Seat, script: Option<PathBuf>, ini: Option<PathBuf>) -> Result<End> {
        let from_script = script.is_some();
        if let Some(path) = &script {
            asm704::in_use::reads(path, "the script");
        }
        let edits = self.prompt && !self.out.plain && io::stdout().is_terminal() && editor::is_able();
        let mut lines = Lines::of(match script {
            Some(script) => Source::Script(script),
            None if edits => Source::Editor,
            None => Source::Input { prompts: self.prompt },
        });
        let prompt = if self.out.plain { "" } else { "704> " };
        let mut number = 0;
        let mut begins = ini.map(|path| format!("do {}", path.display()));
        loop {
            // the lines of files come before those of people
            let (place, next) = if let Some(line) = begins.take() {
                ("--ini".to_owned(), Next::Line(line))
            } else if let Some(line) = seat.monitor.next_line() {
                let next = if self.interrupted.load(Ordering::Relaxed) {
                    Next::Interrupted
                } else {
                    line.text.map_or(Next::TooLong, Next::Line)
                };
                (line.place, next)
            } else {
                let names = |line: &str| {
                    let (before, last) = line.rsplit_once(char::is_whitespace).unwrap_or(("", line));
                    candidates(before, last, &seat.monitor.debugger.room)
                };
                let next = match lines.next(prompt, &self.interrupted, &names) {
                    Err(e) if from_script && number == 0 => {
                        return Err(Failure::usage(format!("{}: cannot read: {e}", self.name)));
                    }
                    next => {
                        next.with_context(|| format!("reading commands, {} {}", self.name, number + 1))?
                    }
                };
                number += 1;
                (format!("{}:{number}", self.name), next)
            };
            let Done { answer, goes_on } = match next {
                Next::End => return Ok(End::Left(None)),
                Next::Interrupted => return Ok(End::Interrupted),
                Next::TooLong => Done { answer: Err(anyhow::anyhow!("the line is too long")), goes_on: true },
                Next::Line(line) => {
                    if self.echo && !line.is_empty() {
                        let sign = if self.out.plain { "command:" } else { ">" };
                        writeln!(self.out, "{sign} {}", clean(&line)).context(STDOUT)?;
                    }
                    match self.command(seat, &mut lines, &line)? {
                        ControlFlow::Continue(done) => done,
                        ControlFlow::Break(code) => return Ok(End::Left(code)),
                    }
                }
            };
            let mut is_last = false;
            if let Err(error) = answer {
                self.failed += 1;
                let sign = if self.out.plain { "error in" } else { "?" };
                // a snapshot may name files as it likes
                let text = format!("{sign} {place}: {error:#}");
                writeln!(self.out, "{}", clean(&text)).context(STDOUT)?;
                let asserted = matches!(error.downcast_ref(), Some(MonitorError::Asserted(_)));
                is_last = self.strict || asserted && !self.prompt;
            }
            happened(seat, &mut self.out)?;
            print_all(seat, &mut self.out)?;
            self.out.flush().context(STDOUT)?;
            if is_last {
                return Ok(End::Left(None));
            }
            if !goes_on {
                return Ok(End::Interrupted);
            }
        }
    }

    /// Does one line, and says what came of it; with the exit code, when it was the last.
    fn command(
        &mut self,
        seat: &mut Seat,
        lines: &mut Lines,
        line: &str,
    ) -> Result<ControlFlow<Option<u8>, Done>> {
        let mut reply = seat.monitor.command(line);
        if let (Err(MonitorError::HasErrors { name, count }), true) = (&reply, self.prompt) {
            let question = clean(&format!("{name} has {count}; run it anyway? (y/N) ")).into_owned();
            if lines.is_sure(&question, &self.interrupted).context("reading an answer")? {
                seat.monitor.run_anyway();
                reply = seat.monitor.command(line);
            }
        }
        for assembly in seat.monitor.take_assemblies() {
            diagnostics::say_all(&assembly);
        }
        let mut takes_long = matches!(reply, Ok(Reply::Goes { .. }));
        let answer = match reply {
            Ok(Reply::Goes { until }) => match go(seat, until, &self.interrupted, &mut self.out)? {
                Ok(()) => {
                    print_all(seat, &mut self.out)?;
                    self.out.say(&seat.monitor.debugger.pause_text())?;
                    Ok(())
                }
                Err(error) => Err(room_failure(error)),
            },
            Ok(Reply::Text(text)) if text.is_empty() && self.out.plain && !line.is_empty() => {
                writeln!(self.out, "done").context(STDOUT)?;
                Ok(())
            }
            Ok(Reply::Text(text)) => {
                self.out.say(&text)?;
                Ok(())
            }
            Ok(Reply::Quit { code }) => return Ok(ControlFlow::Break(code)),
            Err(error) => {
                takes_long = matches!(
                    error,
                    MonitorError::Interrupted { .. } | MonitorError::Debug(DebugError::Interrupted)
                );
                Err(error.into())
            }
        };
        let goes_on = !self.interrupted.load(Ordering::Relaxed) || self.prompt && takes_long;
        if self.interrupted.load(Ordering::Relaxed) {
            seat.monitor.leave_scripts();
        }
        if goes_on {
            self.interrupted.store(false, Ordering::Relaxed);
        }
        Ok(ControlFlow::Continue(Done { answer, goes_on }))
    }
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
        if seat.monitor.debugger.room.is_waiting_for_wire() {
            std::thread::sleep(super::run::WIRE);
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

/// Where the machine has stopped: the last line as well, which nothing may follow for long. A file gets it when it is
/// certain that nothing more is struck on it.
fn print_all(seat: &mut Seat, out: &mut Out) -> Result<()> {
    if seat.outputs.prints_to_file() {
        return print(seat, out);
    }
    let text = seat.monitor.debugger.take_shown();
    put(seat, out, &text)
}

fn put(seat: &mut Seat, out: &mut Out, text: &str) -> Result<()> {
    if seat.outputs.prints_to_file() {
        seat.outputs.print(text);
        return Ok(());
    }
    out.write_all(text.as_bytes()).context(STDOUT)
}
