//! The decks of programs/fortran: the checkpoint as FORTRAN II calls it, tape statements, the operator's entry, and the
//! loader that follows the rules of docs/fortran.md.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod compiler;
mod decks;
mod grid;
mod jobs;
mod larger;
mod lives;
mod loader;
mod operator;
mod support;
mod tapes;
