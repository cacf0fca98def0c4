//! The checkpoint routines, the plain one and the one of forty words, on hostile machines: everything at the call is
//! arbitrary, the second machine is built from the reel's bytes alone, the power fails at any moment, and the reel is
//! damaged in any place.
#![allow(clippy::print_stdout, reason = "the exhaustive runs tell how much they tried")]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

pub(crate) mod support;

mod damage;
mod deadlines;
mod document;
mod forty;
mod lives;
mod power;
mod sizes;
