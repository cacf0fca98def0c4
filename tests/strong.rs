//! The strong checkpoint routine: two reels in turn, and whatever happens, the newest complete checkpoint.
#![allow(clippy::print_stdout, reason = "the exhaustive runs tell how much they tried")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub(crate) mod support;

mod bad_reels;
mod damage;
mod figures;
mod lives;
mod other_jobs;
mod power;
mod reels;
mod text;
