//! What a page tells in words, as JSON.

use asm704::media::file_kind::{FileKind, Place, Recognised};
use serde_json::json;

use crate::monitor::Monitor;
use crate::panel::units::readings;

/// State, registers, units, cards.
pub(super) fn of(monitor: &mut Monitor) -> String {
    let tapes = monitor.tape_views();
    let debugger = &monitor.debugger;
    let machine = monitor.machine();
    json!({
        "state": debugger.pause_text(),
        "going": debugger.is_going(),
        "failure": !debugger.is_going() && debugger.pause().is_failure(),
        "here": debugger.here(),
        "core": machine.core.size(),
        "readings": readings(machine),
        "tapes": tapes,
        "power": machine.has_power(),
        "drums": (1..=8).filter(|number| matches!(machine.drum(*number), Ok(Some(_)))).collect::<Vec<u8>>(),
    })
    .to_string()
}

/// What a file is, and where it belongs.
pub(super) fn recognised(found: &Recognised) -> String {
    let place = match found.kind {
        FileKind::Empty | FileKind::Reel(_) => "tape",
        FileKind::Deck(_) | FileKind::Words | FileKind::Text => "cards",
        FileKind::Drum(_) => "drum",
        FileKind::Source | FileKind::FreeSource | FileKind::CoreImage => "program",
        FileKind::Snapshot => "snapshot",
        _ => "",
    };
    let told = if place.is_empty() { found.refusal(Place::Program) } else { None };
    json!({"kind": found.kind.to_string(), "place": place, "how": found.how, "told": told}).to_string()
}
