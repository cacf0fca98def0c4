//! Message framing of the Language Server Protocol and the Debug Adapter Protocol: a header with the length of
//! the message in bytes, an empty line, the message.
//!
//! Input is never trusted: header lines and messages have maximum lengths, so that a wrong one
//! cannot use up all memory.
//!
//! ```
//! let mut framed = Vec::new();
//! asm704::framing::write(&mut framed, b"{}")?;
//! assert_eq!(framed, b"Content-Length: 2\r\n\r\n{}");
//! assert_eq!(asm704::framing::read(&mut framed.as_slice())?.as_deref(), Some(&b"{}"[..]));
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, BufRead, Read as _, Write};

/// The longest message that is read, in bytes: 64 MiB.
pub const LONGEST: u64 = 64 << 20;
/// The longest header line, in bytes.
const LINE: u64 = 4096;
/// The most lines in a header.
const LINES: usize = 64;

/// Reads the next message; `None` at the end of the input.
///
/// # Errors
/// The header is malformed or has no length, a length is too large, or the input ends in the middle of a message.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let bad = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut length = None;
    for n in 0.. {
        if n == LINES {
            return Err(bad(format!("a header has more than {LINES} lines")));
        }
        let mut line = Vec::new();
        if input.by_ref().take(LINE).read_until(b'\n', &mut line)? == 0 {
            return if n == 0 { Ok(None) } else { Err(bad("the input ends within a header".to_owned())) };
        }
        if !line.ends_with(b"\n") {
            return Err(bad(format!("a line of a header is longer than {LINE} bytes, or is cut")));
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(bad(format!("`{}` is not a line of a header: expected NAME: VALUE", shown(line))));
        };
        if name.eq_ignore_ascii_case("Content-Length") {
            let number = value.trim().parse::<u64>();
            length = Some(number.map_err(|_| bad(format!("`{}`: expected a number", shown(line))))?);
        }
    }
    let length = length.ok_or_else(|| bad("a header without Content-Length".to_owned()))?;
    if length > LONGEST {
        return Err(bad(format!("a message of {length} bytes: at most {LONGEST} are read")));
    }
    let mut text = Vec::new();
    if input.by_ref().take(length).read_to_end(&mut text)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(text))
}

/// Writes a message and flushes the output.
///
/// # Errors
/// The output cannot be written.
pub fn write(output: &mut impl Write, message: &[u8]) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n", message.len())?;
    output.write_all(message)?;
    output.flush()
}

/// The beginning of a line, for an error message.
fn shown(line: &str) -> String {
    line.chars().take(60).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_one_after_the_other() {
        let mut input: &[u8] = b"content-length: 1\nX-Other: y\n\naContent-Length:2\r\n\r\nbc";
        assert_eq!(read(&mut input).unwrap().unwrap(), b"a");
        assert_eq!(read(&mut input).unwrap().unwrap(), b"bc");
        assert_eq!(read(&mut input).unwrap(), None);
    }

    #[test]
    fn what_is_wrong_is_an_error() {
        for wrong in [
            "Content-Length: 100000000000\r\n\r\n{}",
            "Content-Length: 99999999999999999999999\r\n\r\n{}",
            "Content-Length: -1\r\n\r\n{}",
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: 9\r\n\r\n{}",
            "Content-Length: 9\r\n",
            "Content-Type: text\r\n\r\n{}",
            "{\"seq\":1}\r\n\r\n",
            "\r\n\r\n",
            &"x".repeat(5000),
            &"a: b\r\n".repeat(100),
        ] {
            assert!(read(&mut wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
