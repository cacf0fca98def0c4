//! Talk: what a command says on standard error beside its results.

use std::io::{self, Write as _};

use asm704::diag::render::Renderings;

use crate::room::{Assembly, Room};

/// Says a line. A standard error that is closed hears nothing, and nothing else happens.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Says what the assembler has found.
pub(crate) fn render(assembly: &Assembly) {
    let renderings =
        Renderings::new(&assembly.name, &assembly.text, false).with_routines(&assembly.output.routines);
    for diagnostic in assembly.output.diagnostics() {
        say(&format!("{}\n", renderings.render(diagnostic)));
    }
}

/// Says what has happened in a room, unless nobody wants to hear it.
pub(crate) fn say_events(room: &mut Room, quiet: bool) {
    for event in room.take_events() {
        if !quiet {
            say(&event.to_string());
        }
    }
}
