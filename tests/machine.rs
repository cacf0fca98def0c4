//! The machine from the library: instructions, units, times, the console and what breaks.

mod common;
mod reels;

mod audit;
mod console;
mod cpu;
mod devices;
mod faults;
mod forged_snapshots;
mod io_rules;
mod lockstep;
mod reel_snapshots;
mod room;
mod tape;
mod used_reels;
mod vectors;
mod watchdog;
