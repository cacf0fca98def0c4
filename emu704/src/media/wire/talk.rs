//! The text of a recording: the traffic on a wire, as seen by the machine at one end.
//!
//! ```text
//! 704 wire talk 1
//! in
//!   150 103 100 100 100 103
//!   100 x 4000
//! whole
//! out
//!   001 002
//! cut
//! no read: the other end has gone
//! ```
//!
//! `in` is a record that came in, `out` one that went out. Lines that begin with blanks hold its characters, each the seven bits of a
//! frame in octal; `100 x 4000` is that character 4,000 times. `whole` and `cut` end a record. A record without an end was
//! abandoned by the machine, or the recording ended during it. `lost: TEXT` after a record that went out: the other end did not get it.
//! `no read: TEXT` and `no write: TEXT` are selects that failed.

use std::fmt::Write as _;

/// The first line, with the version.
const HEADER: &str = "704 wire talk 1";

/// Characters per line, and the shortest run of equal ones that gets a line of its own.
const ON_A_LINE: usize = 24;

/// The most characters in one record of a recording: as many as a wire lets pass.
const MOST: usize = 1 << 25;

/// The end of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    Cut,
    /// The recording has no end for it.
    Open,
}

/// One event on a wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// A record came in.
    In { frames: Vec<u8>, ending: Ending },
    /// A record went out; if the other end did not get it, the reason.
    Out { frames: Vec<u8>, ending: Ending, lost: Option<String> },
    /// A read was selected and failed.
    NoRead(String),
    /// A write was selected and failed.
    NoWrite(String),
}

/// The first line of a recording.
pub(super) fn header() -> String {
    format!("{HEADER}\n")
}

/// The lines of characters of a record.
pub(super) fn lines(mut frames: &[u8]) -> String {
    let mut text = String::new();
    while let Some(&first) = frames.first() {
        let run = run(frames);
        if run >= ON_A_LINE {
            let _ = writeln!(text, "  {first:03o} x {run}");
            frames = &frames[run..];
            continue;
        }
        let room = frames.len().min(ON_A_LINE);
        // up to the start of a long run
        let n = (1..room).find(|&at| self::run(&frames[at..]) >= ON_A_LINE).unwrap_or(room);
        text.push(' ');
        for frame in &frames[..n] {
            let _ = write!(text, " {frame:03o}");
        }
        text.push('\n');
        frames = &frames[n..];
    }
    text
}

/// How many equal characters are at the beginning.
fn run(frames: &[u8]) -> usize {
    frames.iter().take_while(|frame| **frame == frames[0]).count()
}

/// Reads a recording: the events, and the line where each begins, from 1.
///
/// # Errors
/// A sentence with the line, what was found there and what was expected.
pub(super) fn read(text: &str) -> Result<Vec<(usize, Event)>, String> {
    // the process was killed, or the disk full, in the middle of a line of characters
    let text = match text.rsplit_once('\n') {
        Some((whole, last)) if last.starts_with(' ') => whole,
        _ => text,
    };
    let mut lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim_end()));
    let first = lines.next().map_or("", |(_, line)| line);
    if first != HEADER {
        return Err(format!("line 1: found {}, expected `{HEADER}`", shown(first)));
    }
    let mut events: Vec<(usize, Event)> = Vec::new();
    // a record may still be continued
    let mut open = false;
    for (n, line) in lines {
        if line.is_empty() {
            continue;
        }
        let wrong = |expected: &str| format!("line {n}: found {}, expected {expected}", shown(line));
        if line.starts_with(' ') {
            let Some((Event::In { frames, .. } | Event::Out { frames, .. }, true)) =
                events.last_mut().map(|(_, event)| (event, open))
            else {
                return Err(wrong("`in` or `out` before characters"));
            };
            characters(line, frames).map_err(wrong)?;
            continue;
        }
        let was_open = std::mem::take(&mut open);
        let (word, told) = match line.split_once(": ") {
            Some((word, told)) => (word, Some(told.to_owned())),
            None => (line, None),
        };
        let last = events.last_mut().map(|(_, event)| event);
        match (word, told, last) {
            ("in", None, _) => {
                events.push((n, Event::In { frames: Vec::new(), ending: Ending::Open }));
                open = true;
            }
            ("out", None, _) => {
                events.push((n, Event::Out { frames: Vec::new(), ending: Ending::Open, lost: None }));
                open = true;
            }
            ("whole" | "cut", None, Some(Event::In { ending, .. } | Event::Out { ending, .. }))
                if was_open =>
            {
                *ending = if word == "whole" { Ending::Whole } else { Ending::Cut };
            }
            ("lost", Some(told), Some(Event::Out { ending, lost, .. }))
                if *ending != Ending::Open && lost.is_none() =>
            {
                *lost = Some(told);
            }
            ("no read", Some(told), _) => events.push((n, Event::NoRead(told))),
            ("no write", Some(told), _) => events.push((n, Event::NoWrite(told))),
            _ => {
                return Err(wrong(
                    "`in`, `out`, `whole`, `cut`, `lost: TEXT`, `no read: TEXT` or `no write: TEXT`, in their places",
                ));
            }
        }
    }
    Ok(events)
}

/// What was found, shortened if it is long.
fn shown(line: &str) -> String {
    const MOST: usize = 40;
    if line.is_empty() {
        return "an empty line".to_owned();
    }
    let begun: String = line.chars().take(MOST).flat_map(char::escape_debug).collect();
    if line.chars().nth(MOST).is_some() { format!("`{begun}...`") } else { format!("`{begun}`") }
}

/// Adds the characters of a line to those of its record; an error is what was expected.
fn characters(line: &str, frames: &mut Vec<u8>) -> Result<(), &'static str> {
    const FRAME: &str = "characters of three octal digits, 000 to 177, or `100 x 4000`";
    const LONG: &str = "a record of at most 33,554,432 characters";
    let frame = |word: &str| {
        let octal = word.len() == 3 && word.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
        u8::from_str_radix(word, 8).ok().filter(|frame| octal && *frame <= 0o177).ok_or(FRAME)
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    if let [one, "x", count] = words[..] {
        let count: usize = count.parse().map_err(|_| FRAME)?;
        if count > MOST - frames.len() {
            return Err(LONG);
        }
        frames.resize(frames.len() + count, frame(one)?);
        return Ok(());
    }
    if words.len() > MOST - frames.len() {
        return Err(LONG);
    }
    for word in words {
        frames.push(frame(word)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Ending, Event, header, lines, read};

    #[test]
    fn characters_are_written_and_read_again() {
        let mut frames: Vec<u8> = (0..=0o177).collect();
        frames.extend([0o100; 5000]);
        frames.extend([7, 7, 7, 8]);
        frames.extend([9; 24]);
        frames.extend([10; 23]);
        let text = format!("{}in\n{}whole\n", header(), lines(&frames));
        assert!(text.contains("\n  100 x 5000\n  007 007 007 010\n  011 x 24\n  012 012"), "{text}");
        assert_eq!(read(&text).unwrap(), [(2, Event::In { frames, ending: Ending::Whole })]);
    }

    #[test]
    fn what_is_no_recording_is_told_with_its_line() {
        for (text, expected) in [
            ("", "line 1: found an empty line"),
            ("704 reel text 1\n", "line 1: found `704 reel text 1`, expected `704 wire talk 1`"),
            ("704 wire talk 1\n  100\n", "line 2: found `  100`, expected `in` or `out` before"),
            ("704 wire talk 1\nin\n  200\n", "line 3: found `  200`, expected characters of three octal"),
            ("704 wire talk 1\nin\n  10\n", "line 3: "),
            ("704 wire talk 1\nin\n  +10\n", "line 3: "),
            ("704 wire talk 1\nin\n  100 x many\n", "line 3: "),
            ("704 wire talk 1\nin\n  100 x 33554433\n", "a record of at most 33,554,432"),
            ("704 wire talk 1\nin\n  100 x 33554432\n  100\n", "line 4: "),
            ("704 wire talk 1\nin\nwhole\nwhole\n", "line 4: found `whole`"),
            ("704 wire talk 1\nin\nwhole\n  100\n", "line 4: "),
            ("704 wire talk 1\nin\nlost: gone\n", "line 3: "),
            ("704 wire talk 1\nout\nlost: gone\n", "line 3: "),
            ("704 wire talk 1\nno read\n", "line 2: "),
            ("704 wire talk 1\nno read: a\n  100\n", "line 3: "),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_recording_may_end_in_the_middle_of_a_record() {
        let begun = read("704 wire talk 1\nin\n  001 002\n  003 0").unwrap();
        assert_eq!(begun, [(2, Event::In { frames: vec![1, 2], ending: Ending::Open })]);
        let events = read("704 wire talk 1\nout\n  001\nin\n  002\n").unwrap();
        let [(2, Event::Out { ending: Ending::Open, .. }), (4, Event::In { ending: Ending::Open, .. })] =
            &events[..]
        else {
            panic!("{events:?}")
        };
    }
}
