//! Assembles a source and prints its deck in octal, one card per line.
//!
//! `cargo run -p asm704 --example assemble -- programs/lessons/01-add.sap`

use std::error::Error;
use std::io::{Write, stderr, stdout};

use asm704::assemble::{Options, assemble_with};
use asm704::{deck, library};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: assemble SOURCE")?;
    let source = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
    // LIB cards find the routines that come with the library
    let output = assemble_with(&source, &Options::default(), &mut library::own);
    for diagnostic in output.diagnostics() {
        let (routine, line) = output.place(diagnostic.line);
        let place = routine.unwrap_or("line");
        writeln!(stderr(), "{place} {line}: {} {}", diagnostic.code, diagnostic.message)?;
    }
    stdout().write_all(deck::to_words(output.cards()).as_bytes())?;
    if output.is_flagged() { Err("the source has errors".into()) } else { Ok(()) }
}
