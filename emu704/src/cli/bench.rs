//! `emu704 bench`: how fast a program runs here, or the kernels when none is given.

mod suite;

use std::time::Instant;

use anyhow::Result;
use serde_json::json;

use super::setup::SetUpArgs;
use super::talk::{putln, say_events};
use super::{report, room_failure};

/// Machine cycles of a real 704 in a second.
const REAL: f64 = 1e6 / 12.0;

pub(crate) fn bench(args: SetUpArgs) -> Result<u8> {
    if args.program.is_none() && args.load.is_none() && args.start.is_none() {
        return kernels(args.limit, args.json);
    }
    let json = args.json;
    let mut room = args.set_up(true)?.room;
    say_events(&mut room, false);
    let limit = room.limit();
    let began = Instant::now();
    let stop = room.run_until(limit).map_err(room_failure)?;
    let seconds = began.elapsed().as_secs_f64();
    let machine = &room.machine;
    let per_second = |n: u64| n as f64 / seconds.max(1e-9);
    let instructions = per_second(machine.instructions);
    let cycles = per_second(machine.cycles());
    if json {
        putln!(
            "{}",
            json!({
                "version": 1,
                "stop": report::json(machine, &stop, &room.symbols)["stop"],
                "seconds": seconds,
                "instructions": machine.instructions,
                "cycles": machine.cycles(),
                "instructions_per_second": instructions,
                "cycles_per_second": cycles,
                "ratio": cycles / REAL,
            })
        );
    } else {
        putln!("{stop}");
        putln!("{seconds:.3} s for {} instructions in {} cycles", machine.instructions, machine.cycles());
        putln!("{:.1} million 704 instructions a second", instructions / 1e6);
        putln!("{:.1} million machine cycles a second, {:.0} times a real 704", cycles / 1e6, cycles / REAL);
    }
    Ok(report::exit_code(stop.kind))
}

/// The kernels, a copy of a reel, assembling, starting.
fn kernels(limit: Option<u64>, json: bool) -> Result<u8> {
    let rows = suite::suite(limit)?;
    if json {
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
        putln!("{}", json!({"version": 1, "benches": rows}));
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
