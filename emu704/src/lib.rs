//! Cycle-level emulator of the IBM 704.
//!
//! [`Machine`] is the whole emulated state: core, CPU, console and units over machine time. It holds no host file and
//! knows no wall clock; the reels are behind [`media::Media`]. Nothing but an instruction or an event of a unit
//! advances time, which is counted in [`time::Ticks`] of 1/3 microsecond.

pub mod action;
pub mod cli;
pub mod config;
pub mod console;
pub mod core_store;
pub mod cpu;
pub mod fault;
pub mod host;
pub mod io;
pub mod machine;
pub mod media;
pub mod panel;
pub mod picture;
mod random;
pub mod snapshot;
pub mod time;

pub use config::Config;
pub use core_store::{CoreSize, CoreStore};
pub use machine::{LoadKey, Machine, Stop, StopKind};
pub use time::Ticks;
