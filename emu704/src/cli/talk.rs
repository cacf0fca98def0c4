//! Talk: the one way to standard output and standard error for everything that is not a file's content. It cannot panic:
//! a reader that has gone away hears nothing, and a full disk is told at the end of the command.

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use asm704::visible;

use crate::room::Room;

/// Something could not be written on standard output.
static STDOUT_FAILED: AtomicBool = AtomicBool::new(false);

/// Says a line on standard error.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", clean(line));
}

/// Prints text for a person on standard output.
pub(crate) fn put(text: &str) {
    put_bytes(clean(text).as_bytes());
}

/// Prints a JSON document as a line. A terminal obeys nothing of it, and it stays the same document.
pub(crate) fn put_json(document: &serde_json::Value) {
    put_bytes(visible::json(&format!("{document}\n")).as_bytes());
}

/// Prints on standard output what may have any bytes: paper with its form feeds, a file's content.
pub(crate) fn put_bytes(bytes: &[u8]) {
    let mut out = io::stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error)
            if error.kind() != io::ErrorKind::BrokenPipe && !STDOUT_FAILED.swap(true, Ordering::Relaxed) =>
        {
            say(&format!("standard output: cannot write: {error}"));
        }
        _ => {}
    }
}

/// True when something that was to be on standard output is not there, and it was not its reader who went away.
pub(crate) fn stdout_failed() -> bool {
    STDOUT_FAILED.load(Ordering::Relaxed)
}

/// Prints a line on standard output, as `println!` does.
macro_rules! putln {
    () => {
        $crate::cli::talk::put("\n")
    };
    ($($what:tt)*) => {
        $crate::cli::talk::put(&format!("{}\n", format_args!($($what)*)))
    };
}
pub(crate) use putln;

/// A text without control characters other than the end of a line and a tab: names and contents of files can have
/// such, and a terminal would obey them.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    visible::clean(text)
}

/// Says what has happened in a room, unless it shall be quiet.
pub(crate) fn say_events(room: &mut Room, quiet: bool) {
    for event in room.take_events() {
        if !quiet {
            say(&event.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_of_a_text() {
        assert_eq!(clean("reel.tap\n\tHELLO"), "reel.tap\n\tHELLO");
        assert_eq!(clean("\u{1b}[31mred\u{7}\r\u{9b}2J"), "\\u{1b}[31mred\\u{7}\\r\\u{9b}2J");
    }
}
