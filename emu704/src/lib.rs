//! Cycle-level emulator of the IBM 704.
//!
//! [`Machine`] is the whole emulated state: core, CPU, console and units over machine time. It holds no host file and
//! knows no wall clock; the reels are behind [`media::Media`]. Nothing but an instruction or an event of a unit
//! advances time, which is counted in [`time::Ticks`] of 1/3 microsecond.

pub mod action;
pub mod audit;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod console;
pub mod core_store;
pub mod cpu;
pub mod debug;
pub mod exercise;
pub mod fault;
#[cfg(feature = "cli")]
pub mod host;
pub mod io;
pub mod machine;
pub mod media;
pub mod monitor;
pub mod panel;
pub mod picture;
mod random;
pub mod reels;
pub mod room;
pub mod snapshot;
pub mod symbols;
pub mod time;
#[cfg(feature = "web")]
pub mod web;
#[cfg(feature = "workbench")]
pub mod workbench;

pub use config::Config;
pub use core_store::{CoreSize, CoreStore};
pub use debug::Debugger;
pub use machine::{LoadKey, Machine, Stop, StopKind};
pub use monitor::Monitor;
pub use room::{Plan, Program, Room, RoomError};
pub use time::Ticks;
