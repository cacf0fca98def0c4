//! `emu704 run`.

use std::sync::atomic::Ordering;

use anyhow::Result;

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
    /// Print which open questions the run has depended on: how far its result can be trusted. It makes the run slower
    #[arg(long)]
    pub(crate) audit: bool,
}

pub(crate) fn run(args: RunArgs) -> Result<u8> {
    let SetUp { mut room, mut outputs, mut trace, json, quiet, diagnostics } = args.set_up.set_up(true)?;
    room.machine.set_audit(args.audit);
    let interrupted = interrupts();
    // notices of the set up are for everybody
    for event in room.take_events() {
        say(&event.to_string());
    }
    let mut paper = Paper::new(json && !outputs.prints_to_file());
    let ended = loop {
        if interrupted.load(Ordering::Relaxed) {
            break Ok(Stop { kind: StopKind::Interrupted, at: room.machine.cpu.ic, message: None });
        }
        let until = room.machine.cycles().saturating_add(outputs.slice());
        let ran = slice(&mut room, until, trace.as_mut());
        paper.print(&room.take_lines(), &mut outputs)?;
        outputs.take(&mut room.machine);
        say_events(&mut room, quiet);
        match ran {
            Ok(stop) if stop.kind == StopKind::Limit && room.machine.cycles() < room.limit() => {}
            ended => break ended,
        }
    };
    if let Some(trace) = trace.take() {
        outputs.end_trace(trace);
    }
    paper.print(&room.tear_off(), &mut outputs)?;
    let Ended { line, lost } = outputs.finish(&mut room);
    let stop = match ended {
        Ok(stop) => stop,
        Err(error) => {
            // what was made until then is kept
            paper.put()?;
            if let (Some(line), true) = (line, !quiet || lost) {
                say(&line);
            }
            return Err(room_failure(error));
        }
    };
    if json {
        let mut report = report::json(&room.machine, &stop, &room.symbols);
        if let Some(diagnostics) = diagnostics {
            report["diagnostics"] = diagnostics;
        }
        if args.audit {
            report["audit"] = audit::json(&room.machine);
        }
        if lost {
            report["lost"] = outputs.lost_json();
        }
        paper.put_report(report)?;
    } else {
        say(&report::text(&room.machine, &stop, &room.symbols));
        if args.audit {
            say(&audit::text(&room.machine));
        }
    }
    if let (Some(line), true) = (line, !quiet || lost) {
        say(&line);
    }
    let code = report::exit_code(stop.kind);
    Ok(if lost && code == 0 { super::exit::FAILURE } else { code })
}

/// Runs for a while, traced or not.
pub(crate) fn slice(
    room: &mut Room,
    until: u64,
    trace: Option<&mut crate::debug::Trace>,
) -> std::result::Result<Stop, RoomError> {
    match trace {
        None => room.run_until(until),
        Some(trace) => room.run_each(until, &mut |machine, symbols| trace.instruction(machine, symbols)),
    }
}
