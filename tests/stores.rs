//! CHKSTO, the routine by which a checkpoint takes drum data along: the second machine is built from the reel's bytes
//! alone, it may have other drums or none, the power fails at any moment, and the reel is damaged.
#![allow(clippy::print_stdout, reason = "the exhaustive run says how much it tried")]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod support;

mod access;
mod damage;
mod document;
mod job;
mod lives;
mod power;
