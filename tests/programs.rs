//! Programs of the 704: the diagnostics, the checkpoints, the sort, the stores, the package under a key, the core savers,
//! jobs that share a machine, the decks of FORTRAN II, and what loads itself.
//! jobs that share a machine, a job that moves while it runs, and what loads itself.

mod common;

mod checkpoint;
mod diag;
mod double_output;
mod fortran;
mod remote;
mod saver;
mod self_loading;
mod sharing;
mod sort;
mod stores;
mod strong;
mod trust;
