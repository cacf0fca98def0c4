//! Files of the host: the only place outside the commands that opens any.

mod beside;
mod file;
mod mounts;
mod past;

pub use file::{FileStore, HostError, NewFile, write_atomically};
pub use mounts::{MountError, Mounts, Written};
pub use past::ReelsThen;
