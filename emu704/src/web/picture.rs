//! A picture of the panel and the units as bytes, small enough to be sent sixty times a second.
//!
//! | from | what |
//! |---|---|
//! | 0 | the form of the picture, [`FORM`] |
//! | 1 | bits: power, going, AUTOMATIC, failure, in the past |
//! | 2 | bits of the sense switches, 1 the lowest |
//! | 3 | lights of INDEX and of the instruction counter |
//! | 4 | entry keys, as a number of 8 bytes |
//! | 12 | machine cycles, as a number of 8 bytes |
//! | 20 | cards in the hopper, read, punched, lines printed, frames of film: numbers of 4 bytes |
//! | 40 | ten tape units: feet as they are seen, as a number of 4 bytes, and bits: reel, ring, selected, two bits of what the tape does
//! (stands, forward, backward, fast), written on, near its end, READY |
//! | 90 | bits of what else is selected or works: reader, punch, printer, drums, CRT |
//! | 91 | points of the frame before the camera, as a number of 4 bytes |
//! | 95 | lamps by row, as in [`crate::panel::lamps::Row`], 0 to 255 |
//!
//! Numbers are floating, the lowest byte first.

use crate::io::Unit;
use crate::io::tape::TapeDoes;
use crate::monitor::Monitor;
use crate::panel::Lamps;
use crate::panel::lamps::Row;

/// The first byte.
const FORM: u8 = 1;

fn bits(of: impl IntoIterator<Item = bool>) -> u8 {
    of.into_iter().enumerate().fold(0, |bits, (n, on)| bits | u8::from(on) << n)
}

/// The picture.
pub(super) fn of(monitor: &mut Monitor, lamps: &Lamps) -> Vec<u8> {
    let debugger = &mut monitor.debugger;
    let going = debugger.is_going();
    let failure = !going && debugger.pause().is_failure();
    let in_past = debugger.in_past();
    let room = &mut debugger.room;
    let machine = &room.machine;
    let console = &machine.console;
    let mut picture = vec![
        FORM,
        bits([machine.has_power(), going, console.automatic, failure, in_past]),
        bits(console.sense_switches),
        machine.core.size().mask().count_ones() as u8,
    ];
    picture.extend((console.keys.bits() as f64).to_le_bytes());
    picture.extend((machine.cycles() as f64).to_le_bytes());
    for count in [
        machine.card_reader().in_hopper() as u64,
        machine.card_reader().cards(),
        machine.card_punch().cards(),
        machine.io.printer.lines(),
        machine.frame_to_show().number,
    ] {
        picture.extend((count as f32).to_le_bytes());
    }
    let active = machine.tape_active().or(machine.io.selected());
    let low_speed = machine.config.figures.tape.rewind_low;
    for unit in 1..=10 {
        let seen = machine.tape_seen(unit);
        let selected = matches!(active, Some(Unit::Tape { number, .. }) if number == unit);
        let reel = room.reels.on_unit(unit);
        let ring = reel.as_ref().is_some_and(|reel| reel.ring);
        let lights = machine.tape_lights(unit, ring);
        let (low, high) = match seen.does {
            TapeDoes::Stands => (false, false),
            TapeDoes::Searches | TapeDoes::Reads | TapeDoes::Writes | TapeDoes::WritesMark => (true, false),
            TapeDoes::Rewinds if seen.distance > low_speed => (true, true),
            TapeDoes::Backspaces | TapeDoes::Rewinds => (false, true),
        };
        let writes = matches!(seen.does, TapeDoes::Writes | TapeDoes::WritesMark);
        picture.extend((seen.feet() as f32).to_le_bytes());
        picture.push(bits([
            reel.is_some(),
            ring,
            selected,
            low,
            high,
            writes,
            lights.indicator,
            lights.ready,
        ]));
    }
    let selected = machine.io.selected();
    picture.push(bits([
        matches!(selected, Some(Unit::CardReader)),
        matches!(selected, Some(Unit::Punch)),
        matches!(selected, Some(Unit::Printer)),
        matches!(selected, Some(Unit::Drum(_))),
        matches!(selected, Some(Unit::Crt)),
    ]));
    picture.extend((machine.frame_to_show().points.len() as f32).to_le_bytes());
    for row in Row::ALL {
        picture.extend(lamps.row(row));
    }
    picture
}
