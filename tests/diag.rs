//! The diagnostics of programs/diag: all of them pass, on each core size, and each one notices machines that are
//! broken on purpose.
//!
//! The protocol is that of programs/diag/lib/prolog.sap: HTR at 00077 with PASSED in AC, or HTR at 00076 with the number
//! of the test in the address part of AC and what it found in MQ.

pub(crate) mod bench;
pub(crate) mod programs;

mod broken;
mod faults;
mod pass;
