//! The debugger finds the instruction that wrote a word, and goes back in time to it.
//!
//! `cargo run -p emu704 --example debug`
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use emu704::debug::Breakpoint;
use emu704::{Config, CoreSize, Debugger, Room};

const PROGRAM: &str = "       ORG 64
START  LXA TEN,1
LOOP   PXD 0,1
       ARS 18
       ADD SUM
       STO SUM
       TIX LOOP,1,1
       HTR START
TEN    HTR 10
SUM    OCT 0
       END START
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(PROGRAM)?;
    let sum = room.address("SUM")?;
    let last = room.address("LOOP+5")?;
    let mut debugger = Debugger::new(room);
    debugger.breakpoints_mut().set(Breakpoint::Execute(last));
    debugger.go();
    debugger.advance(u64::MAX, None)?;
    println!("{}", debugger.pause_text());
    println!("{}", debugger.who(sum)?);
    debugger.back_to_write(sum)?;
    println!("back at cycle {}: {}", debugger.room.machine.cycles(), debugger.here());
    Ok(())
}
