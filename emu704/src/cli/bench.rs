//! `emu704 bench`: how fast a program runs here, or the kernels when none is given.

mod suite;

use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::Result;
use serde_json::json;

use super::interrupts::interrupts;
use super::outputs::{Ended, Outputs};
use super::run::slice;
use super::setup::{SetUp, SetUpArgs};
use super::talk::{put_json, putln, say, say_events};
use super::{Failure, report, room_failure};
use crate::machine::{Stop, StopKind};
use crate::room::Room;

/// Machine cycles of a real 704 in a second.
const REAL: f64 = 1e6 / 12.0;

pub(crate) fn bench(args: SetUpArgs) -> Result<u8> {
    if args.program.is_none() && args.load.is_none() && args.start.is_none() {
        return kernels(&args);
    }
    let SetUp { mut room, mut outputs, mut trace, json, quiet, .. } = args.set_up(true)?;
    let interrupted = interrupts();
    say_events(&mut room, false);
    let began = Instant::now();
    let ran = loop {
        if interrupted.load(Ordering::Relaxed) {
            break Ok(Stop { kind: StopKind::Interrupted, at: room.machine.cpu.ic, message: None });
        }
        let until = room.machine.cycles().saturating_add(outputs.slice());
        let ran = slice(&mut room, until, trace.as_mut());
        take(&mut outputs, &mut room, false);
        match ran {
            Ok(stop) if stop.kind == StopKind::Limit && room.machine.cycles() < room.limit() => {}
            ended => break ended,
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    if let Some(trace) = trace.take() {
        outputs.end_trace(trace);
    }
    take(&mut outputs, &mut room, true);
    let Ended { line, lost } = outputs.finish(&mut room);
    if let (Some(line), true) = (line, !quiet || lost) {
        say(&line);
    }
    let stop = ran.map_err(room_failure)?;
    let machine = &room.machine;
    let per_second = |n: u64| n as f64 / seconds.max(1e-9);
    let instructions = per_second(machine.instructions);
    let cycles = per_second(machine.cycles());
    if json {
        put_json(&json!({
            "version": 1,
            "stop": report::json(&room, &stop)["stop"],
            "seconds": seconds,
            "instructions": machine.instructions,
            "cycles": machine.cycles(),
            "instructions_per_second": instructions,
            "cycles_per_second": cycles,
            "ratio": cycles / REAL,
        }));
    } else {
        putln!("{stop}");
        putln!("{seconds:.3} s for {} instructions in {} cycles", machine.instructions, machine.cycles());
        putln!("{:.1} million 704 instructions a second", instructions / 1e6);
        putln!("{:.1} million machine cycles a second, {:.0} times a real 704", cycles / 1e6, cycles / REAL);
    }
    let code = report::exit_code(stop.kind);
    Ok(if lost && code == 0 { super::exit::FAILURE } else { code })
}

/// Takes what the program has made to its files. The paper that has no file goes nowhere: the figures are the result.
fn take(outputs: &mut Outputs, room: &mut Room, all: bool) {
    let text = if all { room.tear_off() } else { room.take_lines() };
    if outputs.prints_to_file() {
        outputs.print(&text);
    }
    outputs.take(&mut room.machine);
}

/// The kernels, a copy of a reel, assembling, starting.
fn kernels(args: &SetUpArgs) -> Result<u8> {
    let outputs = [
        ("--print", args.print.is_some()),
        ("--punch", args.punch.is_some()),
        ("--film", args.film.is_some()),
        ("--trace", args.trace.is_some()),
        ("--drum", !args.drum.is_empty()),
        ("--tape", !args.tape.is_empty()),
        ("--cards", !args.cards.is_empty()),
    ];
    if let Some((option, _)) = outputs.iter().find(|(_, is_given)| *is_given) {
        return Err(Failure::usage(format!(
            "{option} needs a program, --load or --start: the kernels use no files"
        )));
    }
    let interrupted = interrupts();
    let Some(rows) = suite::suite(args.limit, &interrupted)? else { return Ok(super::exit::INTERRUPTED) };
    if args.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({
                    "name": row.name,
                    "seconds": row.seconds,
                    "instructions": row.instructions,
                    "cycles": row.cycles,
                    "cards": row.cards,
                })
            })
            .collect();
        put_json(&json!({"version": 1, "benches": rows}));
        return Ok(0);
    }
    putln!("{:<9} {:>10} {:>14} {:>12}", "", "host", "704, million/s", "x real 704");
    for row in rows {
        let seconds = row.seconds.max(1e-9);
        let rate = if row.cards > 0 {
            format!("{:>8.0} cards/s {:>12}", row.cards as f64 / seconds, "")
        } else if row.instructions > 1 {
            format!(
                "{:>14.1} {:>12.0}",
                row.instructions as f64 / seconds / 1e6,
                row.cycles as f64 / seconds / REAL
            )
        } else {
            format!("{:>14} {:>12}", "", "")
        };
        putln!("{:<9} {:>7.3} ms {rate}  {}", row.name, seconds * 1e3, row.what);
    }
    Ok(0)
}
