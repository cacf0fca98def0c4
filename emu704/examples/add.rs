//! A 4K machine adds 2 and 3 and prints the sum on its line printer.
//!
//! `cargo run -p emu704 --example add`
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use emu704::{Config, CoreSize, Room, RoomError};

const PROGRAM: &str = "       ORG 64
START  CLA TWO
       ADD THREE
       STO SUM
       HTR START
TWO    DEC 2
THREE  DEC 3
SUM    DEC 0
       END START
";

fn main() -> Result<(), RoomError> {
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(PROGRAM)?;
    let stop = room.run()?;
    let sum = room.address("SUM").map_err(RoomError::Usage)?;
    println!("{stop}, after {} cycles of 12 microseconds", room.machine.cycles());
    println!("AC {:?}, SUM {}", room.machine.cpu.ac, room.machine.core.peek(sum));
    Ok(())
}
