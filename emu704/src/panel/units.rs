//! The units of a room as they are seen.

use asm704::media::tape::Item;

use super::{Readings, TapeView};
use crate::io::tape::feet;
use crate::machine::Machine;
use crate::media::Media as _;
use crate::reels::{Reels, ReelsThen};
use crate::room::Room;

/// The tape units that have a reel.
pub fn tape_views(room: &mut Room, counts: &mut Counts) -> Vec<TapeView> {
    let Room { machine, reels, .. } = room;
    (1..=10)
        .filter_map(|unit| {
            let place = machine.tape_unit(unit).place();
            let seen = machine.tape_seen(unit);
            let passed = counts.records(reels, unit, place);
            let reel = reels.reel(unit)?;
            let lights = machine.tape_lights(unit, reel.ring());
            Some(TapeView {
                unit,
                label: reel.label(),
                ring: reel.ring(),
                feet: seen.feet(),
                reel_feet: feet(machine.config.figures.tape.reel),
                place,
                records: passed - u64::from(seen.in_record && passed > 0),
                does: seen.does,
                words: seen.words,
                cut: seen.cut,
                lights,
            })
        })
        .collect()
}

/// The tape units that have a wire instead of a reel: number and name of the wire.
pub fn wires(room: &mut Room) -> Vec<(u8, String)> {
    let units: Vec<u8> = room.reels.wires().collect();
    units.into_iter().filter_map(|unit| Some((unit, room.reels.wire(unit)?.name()))).collect()
}

/// The registers as octal.
pub fn readings(machine: &Machine) -> Readings {
    let cpu = &machine.cpu;
    let sign = if cpu.ac.negative { '-' } else { '+' };
    Readings {
        storage: cpu.sr.to_string(),
        accumulator: format!("{sign}{}{:012o}", cpu.ac.magnitude >> 35, cpu.ac.magnitude & 0o377777777777),
        mq: cpu.mq.to_string(),
        index: cpu.xr.map(|xr| format!("{xr:05o}")),
        counter: format!("{:05o}", cpu.ic),
        instruction: format!("{:06o}", machine.instruction_register()),
    }
}

/// Records between load point and head, counted from where the last count ended.
#[derive(Debug, Default)]
pub struct Counts {
    /// What was on the reels then.
    then: Option<ReelsThen>,
    /// Place and records.
    ended: [(u64, u64); 10],
}

impl Counts {
    fn records(&mut self, reels: &mut Reels, unit: u8, place: u64) -> u64 {
        let now = reels.now();
        if self.then.as_ref() != Some(&now) {
            // another reel, or something was written: what was counted may be gone
            self.ended = [(0, 0); 10];
            self.then = Some(now);
        }
        let ended = &mut self.ended[usize::from(unit) - 1];
        if ended.0 > place {
            *ended = (0, 0);
        }
        let Some(reel) = reels.reel(unit) else { return 0 };
        while ended.0 < place {
            match reel.read_forward(ended.0) {
                Ok(Some((item, behind))) => {
                    *ended = (behind, ended.1 + u64::from(matches!(item, Item::Record(_))));
                }
                _ => break,
            }
        }
        ended.1
    }
}
