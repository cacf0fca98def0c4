//! `emu704 run`.

mod expected;
mod life;
mod shown;

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Result;
use asm704::Word;

use self::expected::{Expected, JUnit};
use self::life::SignOfLife;
use self::shown::Shown;
use super::interrupts::interrupts;
use super::outputs::{Ended, Paper};
use super::setup::{SetUp, SetUpArgs};
use super::talk::{say, say_events};
use super::{audit, report, room_failure};
use crate::machine::{Stop, StopKind};
use crate::room::{Room, RoomError};

/// Options of `run`.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 run programs/heat.sap --core 8k\n  emu704 run reel.tap\n  emu704 run job.toml --json"
)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) set_up: SetUpArgs,
    /// Print which open questions the run has depended on: this says how far its result can be trusted. It
    /// makes the run slower
    #[arg(long)]
    pub(crate) audit: bool,
    /// Print for each CPY how near it came to its deadline; with a limit, only for those that came nearer than this many cycles
    #[arg(long, value_name = "CYCLES", num_args = 0..=1, require_equals = true, default_missing_value = "inf", value_parser = cycles)]
    pub(crate) slack: Option<f64>,
    /// How a run ends when the card reader has no more cards for the program: as a stop with exit code 9, or as a good end with 0
    #[arg(long, value_name = "END", default_value = "stop", hide_default_value = true)]
    pub(crate) reader_end: ReaderEnd,
    /// What must be true at the end, in the words of the monitor's `expect`: `stop htr 105`, `SUM 000000000005`, `print HELLO`. The
    /// exit code is 1 if one of them is not; an expected stop is not a failure
    #[arg(long, value_name = "WHAT")]
    pub(crate) expect: Vec<String>,
    /// Words to show at the end. Their cards say how: as a number, text or an instruction. `SUM,TABLE+5`; addresses are octal
    #[arg(long, value_name = "PLACES", value_delimiter = ',')]
    pub(crate) show: Vec<String>,
    /// A JUnit report for a test server: how the run ended, and each --expect
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

/// What an empty card reader is at the end of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ReaderEnd {
    /// A stop with an exit code of its own.
    #[default]
    Stop,
    /// The good end of a batch of jobs.
    Ok,
}

pub(crate) fn run(mut args: RunArgs) -> Result<u8> {
    let mut expected = Expected::of(&args.expect)?;
    args.set_up.junit.clone_from(&args.junit);
    let program =
        args.set_up.program.as_ref().map_or("emu704 run".to_owned(), |path| path.display().to_string());
    let SetUp { mut room, mut outputs, mut trace, json, quiet, diagnostics, .. } =
        args.set_up.set_up(true)?;
    room.machine.set_audit(args.audit);
    let shown = Shown::of(&args.show, &room)?;
    let interrupted = interrupts();
    say_events(&mut room, quiet);
    let mut paper = Paper::new(json && !outputs.prints_to_file());
    let junit = args.junit.as_deref().map(JUnit::create).transpose()?;
    let mut life = SignOfLife::new(quiet);
    let ended = loop {
        if interrupted.load(Ordering::Relaxed) {
            break Ok(Stop { kind: StopKind::Interrupted, at: room.machine.cpu.ic, message: None });
        }
        let until = room.machine.cycles().saturating_add(outputs.slice());
        let ran = slice(&mut room, until, trace.as_mut());
        let (lines, events) = (room.take_lines(), room.take_events());
        if lines.is_empty() && events.is_empty() {
            life.goes(&room.machine);
        } else {
            life.clear();
        }
        expected.printed(&lines);
        paper.print(&lines, &mut outputs)?;
        outputs.take(&mut room.machine);
        if !quiet {
            for event in &events {
                say(&event.to_string());
            }
        }
        match ran {
            Ok(stop) if stop.kind == StopKind::Limit && room.machine.cycles() < room.limit() => {
                if room.is_waiting_for_wire() {
                    std::thread::sleep(WIRE);
                }
            }
            ended => break ended,
        }
    };
    drop(life);
    if let Some(trace) = trace.take() {
        outputs.end_trace(trace);
    }
    let last = room.tear_off();
    expected.printed(&last);
    paper.print(&last, &mut outputs)?;
    let Ended { line, lost } = outputs.finish(&mut room);
    let stop = match ended {
        Ok(stop) => of_reader(&room, stop),
        Err(error) => {
            // what was made until then is kept
            paper.put()?;
            if let (Some(line), true) = (line, !quiet || lost) {
                say(&line);
            }
            return Err(room_failure(error));
        }
    };
    let mut code = match stop.kind {
        StopKind::ReaderEmpty if args.reader_end == ReaderEnd::Ok => 0,
        kind => report::exit_code(kind),
    };
    let report = json.then(|| {
        let mut report = report::json(&room, &stop);
        if let Some(diagnostics) = diagnostics {
            report["diagnostics"] = diagnostics;
        }
        if args.audit {
            report["audit"] = audit::json(&room.machine);
        }
        if !shown.is_empty() {
            report["shown"] = shown.json(&room);
        }
        if lost {
            report["lost"] = outputs.lost_json();
        }
        report
    });
    if report.is_none() {
        if !quiet {
            say(&report::text(&room, &stop));
        }
        for line in shown.lines(&room) {
            say(&line);
        }
        for line in args.slack.iter().flat_map(|&below| report::slack(&room.machine, below)) {
            say(&line);
        }
        if args.audit {
            say(&audit::text(&room.machine));
        }
    }
    if let (Some(line), true) = (line, !quiet || lost) {
        say(&line);
    }
    let ended = room.headline(&stop);
    let none_expected = expected.is_empty();
    let outcomes = if none_expected { Vec::new() } else { expected.look(room, &stop) };
    for line in expected::text(&outcomes) {
        say(&line);
    }
    if let Some(mut report) = report {
        if !none_expected {
            report["expected"] = expected::json(&outcomes);
        }
        paper.put_report(report)?;
    }
    if expected::names_the_stop(&outcomes) {
        code = 0;
    }
    if let Some(junit) = junit {
        let wrong = (code != 0).then(|| ended.clone());
        junit.write(&program, ("the run ends well", wrong), &outcomes)?;
    }
    let failed = lost || !expected::all_right(&outcomes);
    Ok(if failed && code == 0 { super::exit::FAILURE } else { code })
}

/// Between two looks at a wire on which nothing comes.
pub(crate) const WIRE: Duration = Duration::from_millis(1);

/// Machine cycles and parts of one.
fn cycles(text: &str) -> std::result::Result<f64, String> {
    let cycles = text.parse().ok().filter(|&cycles: &f64| cycles >= 0.0);
    cycles.ok_or_else(|| format!("`{text}` is no count of machine cycles"))
}

/// A program that fell off the end of its deck has stopped for want of cards, whatever it ran into: a stop for a mistake, or a
/// word of zeros that no card of its source has put there.
fn of_reader(room: &Room, stop: Stop) -> Stop {
    let by_mistake = match stop.kind {
        StopKind::ReadWriteCheck | StopKind::UndefinedOperation => true,
        StopKind::Htr => {
            room.symbols.is_known()
                && room.symbols.line(stop.at).is_none()
                && room.machine.core.peek(stop.at) == Word::ZERO
        }
        _ => false,
    };
    if !by_mistake || !room.machine.has_just_run_out() {
        return stop;
    }
    let what = stop.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
    let message =
        format!("{} right after the end of file, which the program did not look for{what}", stop.kind);
    Stop { kind: StopKind::ReaderEmpty, message: Some(message), ..stop }
}

/// Runs for a while, traced or not.
pub(crate) fn slice(
    room: &mut Room,
    until: u64,
    trace: Option<&mut crate::debug::Trace>,
) -> std::result::Result<Stop, RoomError> {
    match trace {
        None => room.run_until(until),
        Some(trace) => room.run_seen(until, &mut |seen, symbols| trace.instruction(seen, symbols)),
    }
}
