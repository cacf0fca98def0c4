//! Where the commands for images write: a new file, put in its place when it is whole, or a stream.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use asm704::in_use;
use asm704::media::tape::Store;
use serde_json::{Map, Value, json};

use super::Failure;
use super::files::{host, is_stream, out, plural};
use super::talk::say;
use crate::host::NewFile;
use crate::host::Spool;

/// Bytes that are made: a new file, put in its place when it is whole, or standard output or another stream.
#[derive(Debug)]
pub(crate) enum Target {
    File(NewFile, PathBuf),
    Stream(PathBuf, Spool),
}

/// A file that was made.
#[derive(Debug)]
pub(crate) struct Made {
    path: PathBuf,
    bytes: u64,
    replaced: bool,
}

impl Made {
    /// What `--json` tells of it, and of more.
    pub(crate) fn to_json(&self, more: Value) -> Value {
        let mut about = Map::new();
        about.insert(String::from("file"), json!(self.path.display().to_string()));
        about.insert(String::from("bytes"), json!(self.bytes));
        about.insert(String::from("replaced"), json!(self.replaced));
        if let Value::Object(more) = more {
            about.extend(more);
        }
        Value::Object(about)
    }
}

impl Target {
    /// Begins a file that nothing else of this command reads or writes.
    pub(crate) fn create(path: &Path) -> Result<Target> {
        Target::begin(path, None)
    }

    /// Begins a file that may replace the one that it is made of: `kind` is what [`Source::opened_as`] calls it.
    ///
    /// [`Source::opened_as`]: super::files::Source::opened_as
    pub(crate) fn in_place(path: &Path, kind: &str) -> Result<Target> {
        Target::begin(path, Some(kind))
    }

    /// Refuses what [`Target::create`] or [`Target::in_place`] would refuse.
    pub(crate) fn check(path: &Path, kind: Option<&str>) -> Result<()> {
        in_use::check(path, "this command", kind).map_err(|clash| Failure::usage(clash.to_string()))
    }

    fn begin(path: &Path, kind: Option<&str>) -> Result<Target> {
        in_use::writes(path, "this command", kind).map_err(|clash| Failure::usage(clash.to_string()))?;
        if path == Path::new("-") || is_stream(path) {
            return Ok(Target::Stream(path.to_owned(), Spool::new()));
        }
        Ok(Target::File(NewFile::create(path).map_err(host)?, path.to_owned()))
    }

    /// Writes all of it.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.write_at(0, bytes);
        written.with_context(|| format!("{}: cannot write", self.path().display()))
    }

    fn path(&self) -> &Path {
        match self {
            Target::File(_, path) | Target::Stream(path, _) => path,
        }
    }

    /// Puts the file in its place, and says so when it is safe there.
    pub(crate) fn commit(mut self) -> Result<Made> {
        let bytes = Store::len(&mut self)?;
        match self {
            Target::File(file, path) => {
                let replaced = file.replaces();
                file.commit().map_err(host)?;
                let old = if replaced { ", in the place of the old file" } else { "" };
                let (name, bytes_told) = (path.display(), plural(bytes, "byte"));
                // the file is safe whether anybody hears of it or not
                say(&format!("{name}: {bytes_told} saved{old}"));
                Ok(Made { path, bytes, replaced })
            }
            Target::Stream(path, mut content) if path == Path::new("-") => {
                let mut beginning = [0; 512];
                let n = content.read_at(0, &mut beginning)?;
                if io::stdout().is_terminal() && beginning[..n].iter().any(|b| !(9..127).contains(b)) {
                    let message = "these bytes are not for a terminal: give -o FILE, or lead them elsewhere";
                    return Err(Failure::usage(message));
                }
                content.copy_to(&mut io::stdout())?;
                Ok(Made { path, bytes, replaced: false })
            }
            Target::Stream(path, mut content) => {
                let mut stream = std::fs::OpenOptions::new().write(true).open(&path)?;
                content.copy_to(&mut stream).with_context(|| path.display().to_string())?;
                Ok(Made { path, bytes, replaced: false })
            }
        }
    }
}

/// Refuses `--json` with `-o -`: both want standard output.
pub(crate) fn check_json(json: bool, output: &Path) -> Result<()> {
    if json && output == Path::new("-") {
        return Err(Failure::usage("--json and -o - both want standard output"));
    }
    Ok(())
}

/// The document of `--json` of a command that makes files.
pub(crate) fn print_made(json: bool, made: &[Value]) -> Result<()> {
    if json {
        let mut out = out();
        writeln!(out, "{}", json!({"version": 1, "made": made}))?;
        out.flush()?;
    }
    Ok(())
}

impl Store for Target {
    fn len(&mut self) -> io::Result<u64> {
        match self {
            Target::File(file, _) => file.len(),
            Target::Stream(_, spool) => spool.len(),
        }
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Target::File(file, _) => file.read_at(offset, buf),
            Target::Stream(_, spool) => spool.read_at(offset, buf),
        }
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        match self {
            Target::File(file, _) => file.write_at(offset, bytes),
            Target::Stream(_, spool) => spool.write_at(offset, bytes),
        }
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        match self {
            Target::File(file, _) => file.set_len(len),
            Target::Stream(_, spool) => spool.set_len(len),
        }
    }
}

/// Writes a target from its beginning on.
pub(crate) struct TargetWriter<'a> {
    target: &'a mut Target,
    at: u64,
}

impl<'a> TargetWriter<'a> {
    pub(crate) fn new(target: &'a mut Target) -> TargetWriter<'a> {
        TargetWriter { target, at: 0 }
    }
}

impl Write for TargetWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.target.write_at(self.at, bytes) {
            let path = self.target.path().display();
            return Err(io::Error::new(error.kind(), format!("{path}: cannot write: {error}")));
        }
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
