//! `do`: files of commands, one inside another, with arguments.
//!
//! The monitor keeps the lines; its caller asks for them with [`Monitor::next_line`] before it asks a person, so that
//! a run which one of them begins can take its time.

use std::path::Path;

use super::{Monitor, Reply, Result, refused};
use crate::room::RoomError;

/// Files inside each other at most.
const DEEPEST: usize = 10;

/// Bytes of a file of commands, and of one of its lines with the arguments put in.
const LONGEST_FILE: usize = 1 << 20;
const LONGEST_LINE: usize = 1 << 16;

/// A file of commands on its way.
#[derive(Debug)]
pub(super) struct Script {
    name: String,
    lines: Vec<String>,
    /// The next of them.
    at: usize,
    arguments: Vec<String>,
}

/// A line of a file that `do` has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptLine {
    /// File and line, such as `check.do:3`.
    pub place: String,
    /// The line with its arguments; nothing when that is too long.
    pub text: Option<String>,
}

impl Monitor {
    /// The next line of the files that `do` has begun; nothing when they are all done.
    pub fn next_line(&mut self) -> Option<ScriptLine> {
        loop {
            let script = self.scripts.last_mut()?;
            if let Some(line) = script.lines.get(script.at) {
                script.at += 1;
                return Some(ScriptLine {
                    place: format!("{}:{}", script.name, script.at),
                    text: with_arguments(line, &script.name, &script.arguments),
                });
            }
            self.scripts.pop();
        }
    }

    /// Lines of files are still to be done.
    pub fn has_lines(&self) -> bool {
        self.scripts.iter().any(|script| script.at < script.lines.len())
    }

    /// Leaves all files that `do` has begun.
    pub fn leave_scripts(&mut self) {
        self.scripts.clear();
    }

    /// `do FILE [ARGUMENT ...]`
    pub(super) fn begin_script(&mut self, path: &str, arguments: &[&str]) -> Result<Reply> {
        if path.starts_with('-') {
            return refused("`do` has no switches; `--strict` ends a session at its first error");
        }
        if self.scripts.len() >= DEEPEST {
            return refused(format!("{path}: more than {DEEPEST} files of commands inside each other"));
        }
        let bytes = self.debugger.room.files.read(Path::new(path)).map_err(RoomError::from)?;
        if bytes.len() > LONGEST_FILE {
            return refused(format!(
                "{path}: too long for a file of commands: more than {LONGEST_FILE} bytes"
            ));
        }
        let text = String::from_utf8_lossy(&bytes);
        self.scripts.push(Script {
            name: path.to_owned(),
            lines: text.lines().map(|line| line.trim().to_owned()).collect(),
            at: 0,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
        });
        Ok(Reply::none())
    }

    /// `return`: leaves the file that it stands in.
    pub(super) fn end_script(&mut self) -> Result<Reply> {
        match self.scripts.pop() {
            Some(_) => Ok(Reply::none()),
            None => refused("`return` belongs into a file that `do` has begun; `quit` ends the session"),
        }
    }
}

/// `%1` to `%9` are the arguments, nothing where there are fewer; `%0` is the file, `%*` all arguments, `%%` a `%`.
fn with_arguments(line: &str, name: &str, arguments: &[String]) -> Option<String> {
    let mut text = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        let sign = if c == '%' { rest.clone().next() } else { None };
        match sign {
            Some('%') => text.push('%'),
            Some('0') => text.push_str(name),
            Some('*') => text.push_str(&arguments.join(" ")),
            Some(digit @ '1'..='9') => {
                let at = usize::from(digit as u8 - b'1');
                text.push_str(arguments.get(at).map_or("", String::as_str));
            }
            _ => {
                text.push(c);
                continue;
            }
        }
        rest.next();
        if text.len() > LONGEST_LINE {
            return None;
        }
    }
    (text.len() <= LONGEST_LINE).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stand_where_their_numbers_are() {
        let arguments = ["SUM".to_owned(), "5".to_owned()];
        for (line, expected) in [
            ("expect %1 %2", "expect SUM 5"),
            ("echo %0 %* %9.", "echo a.do SUM 5 ."),
            ("echo 50%% of %x, %", "echo 50% of %x, %"),
            ("echo %%1", "echo %1"),
        ] {
            assert_eq!(with_arguments(line, "a.do", &arguments).as_deref(), Some(expected), "{line}");
        }
        let long = ["x".repeat(40_000)];
        assert_eq!(with_arguments("%1%1", "a.do", &long), None);
        assert!(with_arguments("%1", "a.do", &long).is_some());
    }
}
