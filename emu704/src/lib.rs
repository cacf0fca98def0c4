//! Emulator of the IBM 704.

pub mod host;
