//! The decks of programs/fortran: the checkpoint as FORTRAN II calls it, tape statements, the operator's entry, and the
//! loader that follows the rules of docs/fortran.md.

mod compiler;
mod decks;
mod jobs;
mod loader;
mod operator;
mod support;
mod tapes;
