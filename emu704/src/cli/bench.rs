//! `emu704 bench`: how fast a program runs here.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::Result;
use serde_json::json;

use super::report;
use super::run::RunArgs;
use super::session::Session;

/// Machine cycles of a real 704 in a second.
const REAL: f64 = 1e6 / 12.0;

pub(crate) fn bench(args: RunArgs) -> Result<u8> {
    let json = args.json;
    let args = RunArgs { quiet: true, json: true, ..args };
    let mut session = Session::set_up(args, None, Vec::new())?;
    let began = Instant::now();
    let stop = session.run(&AtomicBool::new(false))?;
    let seconds = began.elapsed().as_secs_f64();
    let machine = session.machine();
    let per_second = |n: u64| n as f64 / seconds.max(1e-9);
    let instructions = per_second(machine.instructions);
    let cycles = per_second(machine.cycles());
    if json {
        println!(
            "{}",
            json!({
                "version": 1,
                "stop": report::json(machine, &stop)["stop"],
                "seconds": seconds,
                "instructions": machine.instructions,
                "cycles": machine.cycles(),
                "instructions_per_second": instructions,
                "cycles_per_second": cycles,
                "ratio": cycles / REAL,
            })
        );
    } else {
        println!("{}", report::phrase(&stop));
        println!("{seconds:.3} s for {} instructions in {} cycles", machine.instructions, machine.cycles());
        println!("{:.1} million 704 instructions a second", instructions / 1e6);
        println!(
            "{:.1} million machine cycles a second, {:.0} times a real 704",
            cycles / 1e6,
            cycles / REAL
        );
    }
    Ok(report::exit_code(stop.kind))
}
