//! The card machines, the drums and the CRT recorder: times worked by hand from the figures in docs/devices.md, and
//! what a program sees.
//!
//! Programs are octal words from location 0 on. An operation that waits for a unit ends on the first cycle boundary
//! at or after the unit's moment; a copy from a unit has one more cycle, E.

pub(crate) mod support;

mod crt;
mod drum;
mod figures;
mod orbit;
mod printer;
mod punch;
mod reader;
mod simultaneous;
