//! The fast loop against the plain interpreter: the same machine twice, in lock step to random cycle limits, without
//! a difference in state or time.
//!
//! `EMU704_SOAK=SECONDS` goes on for so long with random programs; EMU704_SEED sets where they begin.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "the faults are for another test")]
#[path = "diag/bench.rs"]
mod bench;
#[allow(dead_code, reason = "the faults are for another test")]
#[path = "diag/programs.rs"]
mod diagnostics;

mod conditions;
mod faults;
mod pair;
mod programs;
mod random;
mod straight;
mod tables;
mod tapes;
mod traced;
mod watched;
