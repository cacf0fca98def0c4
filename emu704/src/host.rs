//! Files of the host: the only place outside the commands that opens any.

mod file;

pub use file::{FileStore, HostError, write_atomically};
