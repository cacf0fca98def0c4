//! What the monitor says.

use std::io::{self, Write};

use anyhow::{Context, Result};

use crate::cli::talk::clean;

/// What could not be written when nothing can be said.
pub(super) const STDOUT: &str = "standard output";

/// Standard output, and how it is read.
pub(super) struct Out {
    pub(super) out: io::Stdout,
    /// For a screen reader.
    pub(super) plain: bool,
}

impl Out {
    /// Says some lines, or nothing.
    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        if !text.is_empty() {
            let text = clean(text);
            let text = if self.plain { plain(&text) } else { text.into_owned() };
            writeln!(self, "{text}").context(STDOUT)?;
        }
        Ok(())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Signs as words, and one blank instead of columns.
fn plain(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let (sign, rest) = match line.as_bytes() {
            [b'>', b'*', ..] => ("here, breakpoint: ", &line[2..]),
            [b'>', ..] => ("here: ", &line[1..]),
            [b' ', b'*', ..] => ("breakpoint: ", &line[2..]),
            _ => ("", line),
        };
        format!("{sign}{}", rest.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}
