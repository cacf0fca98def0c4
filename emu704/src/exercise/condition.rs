//! Conditions of a run: the lines of the monitor's `expect`, and some that a check adds.

use asm704::isa;

use super::diff;
use super::ran::Ran;
use crate::machine::{Machine, StopKind};
use crate::monitor::{Monitor, MonitorError};

/// What is there instead, when a condition does not hold.
pub(super) fn holds(ran: &mut Ran, line: &str) -> Result<(), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let so_many = |expected: &str, found: usize, what: &str| {
        if expected.parse() == Ok(found) { Ok(()) } else { Err(format!("{found} {what}")) }
    };
    match words[..] {
        ["not", ..] => {
            let rest = line.trim_start().trim_start_matches("not").trim_start().to_owned();
            if holds(ran, &rest).is_ok() { Err(format!("it is so: {rest}")) } else { Ok(()) }
        }
        ["points", count] => so_many(count, ran.points.len(), "points"),
        ["frames", count] => so_many(count, ran.frames, "frames"),
        ["cards", count] => so_many(count, ran.punched.len(), "cards punched"),
        ["lines", count] => so_many(count, diff::lines(&ran.paper).len(), "lines printed"),
        ["executes", name] => {
            let op = isa::lookup(&name.to_ascii_uppercase()).map(|named| named.op);
            if op.is_some_and(|op| ran.executed.contains(&op)) {
                Ok(())
            } else {
                Err(format!("the cards of the program never execute {name}"))
            }
        }
        ["has", symbol] => ran
            .monitor
            .debugger
            .room
            .address(symbol)
            .map(drop)
            .map_err(|_| format!("no card has {symbol} in its location field")),
        ["stop", ..] => ran.monitor.command(&format!("expect {line}")).map(drop).map_err(|_| ended(ran)),
        _ => match ran.monitor.command(&format!("expect {line}")) {
            Ok(_) => Ok(()),
            Err(error) => {
                if words.first() == Some(&"print") {
                    return Err("it is not on the paper".to_owned());
                }
                let text = error.to_string();
                let found = text
                    .split_once(", found ")
                    .or_else(|| text.split_once(" off, ").or_else(|| text.split_once(" on, ")));
                Err(found.map_or(text.clone(), |(_, found)| found.to_owned()))
            }
        },
    }
}

/// How it ended, in words.
pub(super) fn ended(ran: &Ran) -> String {
    ran.monitor.debugger.room.headline(&ran.stop)
}

/// Whether a line is a condition at all.
///
/// # Errors
/// It is none; the text says what is expected.
pub(super) fn validate(line: &str) -> Result<(), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let count = |text: &str| {
        text.parse::<u64>().map(drop).map_err(|_| format!("`{line}`: expected a count, found `{text}`"))
    };
    match words[..] {
        ["not", _, ..] => validate(line.trim_start().trim_start_matches("not")),
        ["points" | "frames" | "cards" | "lines" | "cycles", n] => count(n),
        ["executes", name] => operation(name).map_err(|error| format!("`{line}`: {error}")),
        ["has", _] | ["print", _, ..] => Ok(()),
        ["stop", kind] | ["stop", kind, _] => {
            if StopKind::ALL.iter().any(|known| known.name() == kind) {
                return Ok(());
            }
            let kinds = StopKind::ALL.map(StopKind::name).join(", ");
            Err(format!("`{line}`: `{kind}` is no kind of stop; there are {kinds}"))
        }
        ["light", _, "on" | "off"] => {
            let mut monitor = Monitor::with_machine(Machine::new(crate::Config::default()));
            match monitor.command(&format!("expect {line}")) {
                Err(MonitorError::Expected(text)) if text.starts_with("there is no light") => Err(text),
                _ => Ok(()),
            }
        }
        [place, value] if place != "break" => {
            let by_symbol = matches!(
                place.to_ascii_uppercase().as_str(),
                "IC" | "XRA" | "XR1" | "XRB" | "XR2" | "XRC" | "XR4"
            );
            if by_symbol || value.parse::<asm704::Word>().is_ok() {
                return Ok(());
            }
            Err(format!("`{line}`: expected an octal word after {place}, found `{value}`"))
        }
        _ => Err(format!(
            "`{line}` is no condition: expected such as `SUM 000000000005`, `ac 000000000005`, `light tape-check on`, `print HELLO`, \
             `stop htr`, `executes TIX`, `points 4`, `lines 3`, `cards 3`, `has SUM`, `not ...`"
        )),
    }
}

/// The name of an operation.
///
/// # Errors
/// It is none.
pub(super) fn operation(name: &str) -> Result<(), String> {
    match isa::lookup(&name.to_ascii_uppercase()) {
        Some(_) if !name.is_empty() => Ok(()),
        _ => Err(format!("`{name}` is no operation; `asm704 ops` lists them")),
    }
}
