//! What the commands for images share: where bytes come from and go to, and which exit code an error has.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use asm704::in_use;
use asm704::media::file_kind::{Place, what_is};
use asm704::media::tape::{Store, TapeError, TapeFormat, TapeImage};
use asm704::packed;
use asm704::visible;

use super::progress::{Progress, Shown};
use super::{Failure, exit};
pub(crate) use crate::host::is_stream;
use crate::host::{FileStore, HostError, LARGEST_INPUT, Spool};
use crate::reels::ReelBytes;
use crate::room::plan::ending;

/// Standard input has been read.
static STDIN_TAKEN: AtomicBool = AtomicBool::new(false);

/// Files of one kind, which may be made in place.
pub(crate) const REEL: &str = "a reel that it reads";
pub(crate) const DECK: &str = "a deck that it reads";

/// Bytes to look at: a file, or standard input.
#[derive(Debug)]
pub(crate) enum Source {
    File(FileStore, Progress),
    Stream(Spool),
}

impl Source {
    /// Opens what this command reads as a file of a kind, such as a deck: a new one of the kind may take its place.
    pub(crate) fn opened_as(path: &Path, kind: &str) -> Result<Source> {
        in_use::reads(path, kind);
        if path == Path::new("-") {
            // a second time nothing would be there
            if STDIN_TAKEN.swap(true, Ordering::Relaxed) {
                return Err(Failure::usage("standard input can be read only once: - is given twice"));
            }
            return Ok(Source::Stream(drain(io::stdin(), path)?));
        }
        let mut file = FileStore::open_read(path).map_err(host)?;
        let mut first = [0; packed::MAGIC.len()];
        let is_packed =
            matches!(file.read_at(0, &mut first), Ok(n) if n == first.len()) && first == packed::MAGIC;
        if is_packed || is_stream(path) {
            let unreadable = |error| Failure::usage(format!("{}: cannot open: {error}", path.display()));
            return Ok(Source::Stream(drain(std::fs::File::open(path).map_err(unreadable)?, path)?));
        }
        Ok(Source::File(file, Progress::new(Shown::OnTerminal)))
    }

    /// From now on lines go to standard output while this is read: on a terminal they are progress enough.
    pub(crate) fn prints_lines(&mut self) {
        if io::stdout().is_terminal() {
            self.shows_nothing();
        }
    }

    /// Another source shows the progress.
    pub(crate) fn shows_nothing(&mut self) {
        if let Source::File(_, progress) = self {
            *progress = Progress::new(Shown::Never);
        }
    }

    /// Says something on standard error, beside the progress.
    pub(crate) fn say(&self, line: &str) {
        match self {
            Source::File(_, progress) => progress.say(line),
            Source::Stream(_) => super::talk::say(line),
        }
    }
}

impl Store for Source {
    fn len(&mut self) -> io::Result<u64> {
        match self {
            Source::File(file, _) => file.len(),
            Source::Stream(spool) => spool.len(),
        }
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::File(file, progress) => {
                let n = file.read_at(offset, buf)?;
                progress.read(offset + n as u64, || file.len().ok());
                Ok(n)
            }
            Source::Stream(spool) => spool.read_at(offset, buf),
        }
    }
    fn write_at(&mut self, _offset: u64, _bytes: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
    fn set_len(&mut self, _len: u64) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// Opens a reel to look at, damaged or not.
pub(crate) fn open_reel(path: &Path, form: Option<TapeFormat>) -> Result<TapeImage<Source>> {
    let mut source = Source::opened_as(path, REEL)?;
    if form.is_none() {
        say_both(path, &mut source);
    }
    let image = match form {
        Some(form) => TapeImage::open_as(source, form),
        None => TapeImage::open_damaged(source),
    };
    image.map_err(|error| tape_error(path, error))
}

/// A small file that is a deck as well, and not named as a reel, is worth a word. (What cannot be looked at says so when it is read.)
fn say_both(path: &Path, source: &mut Source) {
    const SMALL: u64 = 4 << 20;
    let ending = ending(path);
    if path == Path::new("-") || !Store::len(source).is_ok_and(|len| len <= SMALL) {
        return;
    }
    if let Ok(found) = what_is(source, Place::TapeUnit, ending.as_deref())
        && !found.is_named_so(ending.as_deref())
        && let Some(both) = found.both(Place::TapeUnit)
    {
        source.say(&format!("{}: {both}", path.display()));
    }
}

/// All bytes of a file that is small by nature, such as a deck.
pub(crate) fn read_all(path: &Path, largest: u64) -> Result<Vec<u8>> {
    read_all_as(path, largest, "a file that it reads")
}

/// As [`read_all`], of a file of a kind.
pub(crate) fn read_all_as(path: &Path, largest: u64, kind: &str) -> Result<Vec<u8>> {
    let mut source = Source::opened_as(path, kind)?;
    let unreadable = |error: io::Error| Failure::usage(format!("{}: cannot read: {error}", path.display()));
    let len = Store::len(&mut source).map_err(unreadable)?;
    if len > largest {
        return Err(Failure::medium(format!(
            "{}: expected at most {largest} bytes, found {len}",
            path.display()
        )));
    }
    let mut bytes = vec![0; len as usize];
    let mut got = 0;
    while got < bytes.len() {
        match source.read_at(got as u64, &mut bytes[got..]).map_err(unreadable)? {
            0 => break,
            n => got += n,
        }
    }
    bytes.truncate(got);
    Ok(bytes)
}

/// All of a stream, which has no length to tell how far it is; what is compressed with gzip is unpacked.
fn drain(input: impl Read, path: &Path) -> Result<Spool> {
    let spool = Spool::unpacked(Watched::new(input, None));
    let spool = spool.with_context(|| path.display().to_string())?;
    if let Some(not_read) = spool.as_ref().and_then(ReelBytes::not_read) {
        super::talk::say(&format!("{}: {not_read}", path.display()));
    }
    spool.ok_or_else(|| {
        let message = format!(
            "{}: expected at most {LARGEST_INPUT} bytes from a stream or out of gzip",
            path.display()
        );
        Failure::medium(message)
    })
}

/// A reader that shows how far it is.
pub(crate) struct Watched<R> {
    input: R,
    len: Option<u64>,
    read: u64,
    progress: Progress,
}

impl<R: Read> Watched<R> {
    /// The length is known of files only.
    pub(crate) fn new(input: R, len: Option<u64>) -> Watched<R> {
        Watched { input, len, read: 0, progress: Progress::new(Shown::OnTerminal) }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buf)?;
        self.read += n as u64;
        if n > 0 {
            self.progress.read(self.read, || self.len);
        } else {
            self.progress.end();
        }
        Ok(n)
    }
}

/// An error of a host file: the file cannot be opened or written.
#[expect(clippy::needless_pass_by_value, reason = "it is used as a function for map_err")]
pub(crate) fn host(error: HostError) -> anyhow::Error {
    Failure::usage(error.to_string())
}

/// An error of an image, with its file and exit code.
#[expect(clippy::needless_pass_by_value, reason = "it is used as a function for map_err")]
pub(crate) fn tape_error(path: &Path, error: TapeError) -> anyhow::Error {
    let code = if error.is_medium() { exit::MEDIUM } else { exit::FAILURE };
    Failure { code, message: format!("{}: {error}", path.display()) }.into()
}

/// The form of a new reel: as told, by the ending of its name, or as a last resort.
pub(crate) fn new_form(
    path: &Path,
    told: Option<TapeFormat>,
    otherwise: Option<TapeFormat>,
) -> Result<TapeFormat> {
    let ending = path.extension().and_then(|e| e.to_str()).and_then(TapeFormat::from_extension);
    told.or(ending).or(otherwise).ok_or_else(|| {
        let message = "the ending of its name names no form (.tap, .p7b, .e11, .tpc, .aws); give --to FORM";
        Failure::usage(format!("{}: {message}", path.display()))
    })
}

/// A form of a reel by its keyword, for the command line.
pub(crate) fn parse_form(text: &str) -> Result<TapeFormat, String> {
    TapeFormat::from_keyword(text).ok_or_else(|| format!("expected {}", TapeFormat::keywords()))
}

/// Standard output for text, buffered. Control characters are shown and not obeyed.
pub(crate) fn out() -> CleanOut {
    CleanOut(raw_out())
}

/// Standard output for any bytes, buffered.
pub(crate) fn raw_out() -> BufWriter<io::Stdout> {
    BufWriter::new(io::stdout())
}

/// A text on standard output. Names and contents of files can have control characters, and a terminal would obey them: they
/// are written as `\u001b`, which JSON reads as the character itself. The end of a line and a tab stay.
pub(crate) struct CleanOut<W: Write = io::Stdout>(BufWriter<W>);

impl<W: Write> Write for CleanOut<W> {
    /// Takes whole characters, as `write!` gives them.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // the others begin with the bytes C2, D8 and E2
        let may_be =
            |byte: &u8| *byte < b' ' && !b"\n\t".contains(byte) || matches!(*byte, 0x7f | 0xc2 | 0xd8 | 0xe2);
        if !bytes.iter().any(may_be) {
            self.0.write_all(bytes)?;
            return Ok(bytes.len());
        }
        self.0.write_all(visible::json(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes all of it to standard output.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<u8> {
    let mut out = io::stdout();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    quiet_pipe(written.map(|()| 0).map_err(anyhow::Error::from))
}

/// A reader that has gone away is no failure.
pub(crate) fn quiet_pipe(result: Result<u8>) -> Result<u8> {
    match result {
        Err(error) if is_broken_pipe(&error) => Ok(0),
        result => result,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// `1 record`, `2 records`.
pub(crate) fn plural(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_on_standard_output_has_no_control_characters() {
        let shown = |text: &str| {
            let mut out = CleanOut(BufWriter::new(Vec::new()));
            write!(out, "{text}").unwrap();
            String::from_utf8(out.0.into_inner().unwrap()).unwrap()
        };
        assert_eq!(shown("reel.tap\n\tHELLO £"), "reel.tap\n\tHELLO £");
        assert_eq!(shown("\u{1b}[31m\r\u{7f}\u{9b}2J"), "\\u001b[31m\\u000d\\u007f\\u009b2J");
        // the same document
        let name = "\u{1b}\u{7f}\u{9b}";
        let document = shown(&serde_json::to_string(name).unwrap());
        assert_eq!(serde_json::from_str::<String>(&document).unwrap(), name);
    }
}
