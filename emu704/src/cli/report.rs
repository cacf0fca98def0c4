//! Why and where a run stopped, as text and as JSON.

use serde_json::{Value, json};
use std::fmt::Write as _;

use super::files::plural;
use crate::machine::{Machine, Stop, StopKind};
use crate::room::Room;
use crate::time::TICKS_PER_CYCLE;

/// The exit code of a stop.
pub(crate) fn exit_code(kind: StopKind) -> u8 {
    match kind {
        StopKind::Htr | StopKind::Hpr => 0,
        StopKind::DivideCheck | StopKind::ReadWriteCheck => 3,
        StopKind::UndefinedOperation => 4,
        StopKind::Limit => 5,
        StopKind::Medium => super::exit::MEDIUM,
        StopKind::Host => super::exit::FAILURE,
        StopKind::Waiting => 7,
        StopKind::ReaderEmpty => super::exit::READER_EMPTY,
        StopKind::Interrupted | StopKind::PowerOff => 130,
    }
}

/// The report for a person.
pub(crate) fn text(room: &Room, stop: &Stop) -> String {
    let machine = &room.machine;
    let cpu = &machine.cpu;
    let mut out = room.headline(stop);
    if let Some(advice) = advice(stop) {
        let _ = write!(out, "\nhelp: {advice}");
    }
    let cycles = machine.cycles();
    let _ = write!(
        out,
        "\n{}, {:.3} s of 704 time, {}\nAC {:?}  MQ {}  XR {:05o} {:05o} {:05o}  IC {:05o}",
        plural(cycles, "cycle"),
        machine.now().seconds(),
        plural(machine.instructions, "instruction"),
        cpu.ac,
        cpu.mq,
        cpu.xr[0],
        cpu.xr[1],
        cpu.xr[2],
        cpu.ic
    );
    let lights: Vec<&str> = lights(machine).into_iter().filter_map(|(name, on)| on.then_some(name)).collect();
    if !lights.is_empty() {
        let _ = write!(out, "\non: {}", lights.join(", "));
    }
    out
}

/// The option that gives the machine what it waits for, if there is one.
fn advice(stop: &Stop) -> Option<String> {
    let message = stop.message.as_deref().filter(|_| stop.kind == StopKind::Waiting)?;
    let (what, unit) = message.rsplit_once(" on tape ")?;
    if what.ends_with("no reel is mounted") {
        Some(format!("mount a reel with --tape {unit}=FILE"))
    } else if what.contains("the file-protect ring is out of ") {
        Some(format!("put the ring in with --ring {unit}"))
    } else {
        None
    }
}

/// How near each CPY came to its deadline, a line each, for those that came nearer than so many cycles.
pub(crate) fn slack(machine: &Machine, below: f64) -> Vec<String> {
    let lines = machine.io.slack().iter().filter_map(|(at, slack)| {
        let cycles = slack.least.0 as f64 / TICKS_PER_CYCLE as f64;
        (cycles < below).then(|| {
            format!(
                "CPY at {at:05o}: {}, {}, least slack {cycles:.1} cycles",
                plural(slack.words, "word"),
                slack.unit
            )
        })
    });
    lines.collect()
}

fn lights(machine: &Machine) -> Vec<(&'static str, bool)> {
    let cpu = &machine.cpu;
    vec![
        ("AC overflow", cpu.ac_overflow),
        ("MQ overflow", cpu.mq_overflow),
        ("divide check", cpu.divide_check),
        ("tape check", cpu.tape_check),
        ("end of tape", cpu.end_of_tape),
        ("read-write check", cpu.read_write_check),
        ("trapping mode", cpu.trapping),
        ("sense light 1", cpu.sense_lights[0]),
        ("sense light 2", cpu.sense_lights[1]),
        ("sense light 3", cpu.sense_lights[2]),
        ("sense light 4", cpu.sense_lights[3]),
    ]
}

/// The report for a script.
pub(crate) fn json(room: &Room, stop: &Stop) -> Value {
    let Room { machine, symbols, .. } = room;
    let cpu = &machine.cpu;
    let word = machine.core.peek(stop.at).to_string();
    let mut stopped = json!({ "kind": stop.kind, "at": format!("{:05o}", stop.at), "word": word });
    if let Some(symbol) = symbols.place(stop.at) {
        stopped["symbol"] = json!(symbol);
    }
    if let Some(data) = room.ran_into(stop) {
        stopped["data"] = json!(data);
    }
    if let Some((routine, line)) = symbols.line(stop.at) {
        stopped["line"] = json!(line);
        if let Some(routine) = routine {
            stopped["file"] = json!(routine);
        }
    }
    if let Some(message) = &stop.message {
        stopped["message"] = json!(message);
    }
    let slack: Vec<Value> = machine
        .io
        .slack()
        .iter()
        .map(|(at, slack)| {
            json!({
                "at": format!("{at:05o}"),
                "unit": slack.unit.to_string().trim_start_matches("the "),
                "words": slack.words,
                "cycles": slack.least.0 / TICKS_PER_CYCLE,
                "ticks": slack.least.0,
            })
        })
        .collect();
    json!({
        "version": 1,
        "stop": stopped,
        "cycles": machine.cycles(),
        "instructions": machine.instructions,
        "seconds": machine.now().seconds(),
        "registers": {
            "ac": {
                "s": u8::from(cpu.ac.negative),
                "q": u8::from(cpu.ac.q()),
                "p": u8::from(cpu.ac.p()),
                "mag": format!("{:012o}", cpu.ac.word().magnitude()),
            },
            "mq": cpu.mq.to_string(),
            "xr": cpu.xr.map(|xr| format!("{xr:05o}")),
            "ic": format!("{:05o}", cpu.ic),
        },
        "indicators": {
            "ac_overflow": cpu.ac_overflow,
            "mq_overflow": cpu.mq_overflow,
            "divide_check": cpu.divide_check,
            "tape_check": cpu.tape_check,
            "end_of_tape": cpu.end_of_tape,
            "read_write_check": cpu.read_write_check,
            "trapping": cpu.trapping,
            "sense_lights": cpu.sense_lights,
        },
        "slack": slack,
    })
}
