//! `emu704 tape follow`: whole records of a reel that somebody writes, copied as they reach it.
//!
//! SOURCE is only read. It is looked at again and again; it may come later, be rewound and rewritten, cut, deleted, or replaced by
//! another file. The copy is replaced in one step ([`asm704::replace`]), so at any instant it is the old one or the whole new one,
//! even if one of them is killed. Once it holds a complete checkpoint, nothing without one takes its place.

mod whole;

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use asm704::in_use;
use asm704::media::tape::{Store as _, TapeError, TapeFormat};
use serde_json::json;

use crate::cli::files::{REEL, host, is_stream, parse_form, plural, tape_error};
use crate::cli::interrupts::interrupts;
use crate::cli::talk::{put_json, say};
use crate::cli::{Failure, exit};
use crate::host::FileStore;
use crate::reels::ReelBytes as _;
use whole::Whole;

/// No reel has more bytes: a full one of a 727 has 6 million characters.
const LARGEST: u64 = 256 << 20;

/// A file whose length and times are what they were is read again for so long: hosts count times in steps of some
/// milliseconds, and two changes in one step leave the same time.
const UNSURE: Duration = Duration::from_secs(2);

/// So many times as long as a copy took, nothing is copied behind it: a long reel that grows by short records does not keep a
/// disk busy.
const REST: u32 = 4;

/// Between two looks at the signal that ends it.
const NAP: Duration = Duration::from_millis(50);

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The exit code is 0 when --idle ends it, or 6 when the copy has no record then; 1 when the copy cannot be written, as on \
                  a full disk, and stays what it was; 130 when Ctrl-C or SIGTERM ends it, after a last look. See docs/standby.md.\n\n\
                  Example:\n  emu704 tape follow heat.tap kept.tap --idle 10\n  emu704 run kept.tap --core 8k"
)]
pub(super) struct FollowArgs {
    /// Image that somebody writes; it may come later
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// Copy of its whole records, in the same form
    #[arg(value_name = "DEST")]
    dest: PathBuf,
    /// End when SOURCE has not changed for this many seconds; without it, Ctrl-C ends it
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    idle: Option<Duration>,
    /// Milliseconds between two looks at SOURCE
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    every: u64,
    /// Take the bytes of SOURCE for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// One JSON document at the end
    #[arg(long)]
    json: bool,
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "expected a number of seconds, such as 10 or 0.5".to_owned())
}

/// By what a file is told from a changed one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    len: u64,
    changed: Option<SystemTime>,
    /// Device and number of the file, and when anything about it changed.
    id: [i64; 4],
}

impl Signature {
    fn of(meta: &Metadata) -> Signature {
        #[cfg(unix)]
        let id = {
            use std::os::unix::fs::MetadataExt as _;
            [meta.dev().cast_signed(), meta.ino().cast_signed(), meta.ctime(), meta.ctime_nsec()]
        };
        #[cfg(not(unix))]
        let id = [0; 4];
        Signature { len: meta.len(), changed: meta.modified().ok(), id }
    }
}

/// What a look at SOURCE found.
#[derive(Debug)]
enum Look {
    /// No file is there.
    Missing,
    /// What was seen before.
    Same,
    /// Its bytes; `steady` if it did not change while it was read.
    Bytes { bytes: Vec<u8>, steady: bool },
}

/// Runs `emu704 tape follow`; returns the exit code.
pub(super) fn follow(args: &FollowArgs) -> Result<u8> {
    let FollowArgs { source, dest, .. } = args;
    for path in [source, dest] {
        if path == Path::new("-") || is_stream(path) {
            return Err(Failure::usage(format!("{}: expected a file", path.display())));
        }
    }
    in_use::reads(source, REEL);
    in_use::writes(dest, "this command", None).map_err(|clash| Failure::usage(clash.to_string()))?;
    let stop = interrupts();
    let mut follower = Follower::begin(args)?;
    loop {
        // the flag is asked for first: behind a signal there is a last look
        let last = stop.load(Ordering::Relaxed);
        follower.look()?;
        if last || args.idle.is_some_and(|idle| follower.since.elapsed() >= idle) {
            return Ok(follower.end(last));
        }
        rest(Duration::from_millis(args.every).max(follower.took * REST), &stop);
    }
}

/// Waits, but no longer than until a signal comes.
fn rest(long: Duration, stop: &AtomicBool) {
    let begun = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        let left = long.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(NAP));
    }
}

struct Follower<'a> {
    args: &'a FollowArgs,
    dest: FileStore,
    /// What the copy holds.
    held: Whole,
    /// SOURCE as it was read last, and when it was first seen so.
    seen: Option<(Signature, Instant)>,
    /// When SOURCE changed last, or else the beginning.
    since: Instant,
    /// How long the last copy took; zero when the last look copied nothing.
    took: Duration,
    copies: u64,
    /// Bytes of SOURCE that were left out in the last look.
    left_out: u64,
    /// What the person was told last.
    told: String,
}

impl<'a> Follower<'a> {
    fn begin(args: &'a FollowArgs) -> Result<Follower<'a>> {
        let path = &args.dest;
        let dest = FileStore::open_write(path).map_err(host)?;
        let failed = |error: io::Error| Failure::usage(format!("{}: cannot read: {error}", path.display()));
        let mut bytes = Vec::new();
        File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(failed)?;
        if bytes.len() as u64 > LARGEST {
            return Err(too_large(path));
        }
        // what is no reel is somebody's file, and stays
        let held = Whole::of(bytes, None).map_err(|error| tape_error(path, error))?;
        if held.checkpoints > 0 {
            say(&format!("{}: holds {} already", path.display(), what(&held)));
        }
        Ok(Follower {
            args,
            dest,
            held,
            seen: None,
            since: Instant::now(),
            took: Duration::ZERO,
            copies: 0,
            left_out: 0,
            told: String::new(),
        })
    }

    /// Looks at SOURCE once, and copies what is new.
    fn look(&mut self) -> Result<()> {
        self.took = Duration::ZERO;
        let name = self.args.source.display();
        let (bytes, steady) = match self.read()? {
            Look::Missing => {
                self.tell(format!("{name}: is not there; waiting for it"));
                if self.seen.take().is_some() {
                    self.since = Instant::now();
                }
                return Ok(());
            }
            Look::Same => return Ok(()),
            Look::Bytes { bytes, steady } => (bytes, steady),
        };
        let whole = match Whole::of(bytes, self.args.form) {
            Ok(whole) => whole,
            Err(error @ TapeError::Io { .. }) => return Err(tape_error(&self.args.source, error)),
            // perhaps its first bytes have just come
            Err(error) => {
                self.tell(format!("{name}: {error}; nothing is copied"));
                return Ok(());
            }
        };
        self.left_out = whole.left_out;
        if whole.is(&self.held) {
            return Ok(());
        }
        if !whole.continues(&self.held) {
            let (dest, loses) =
                (self.args.dest.display(), self.held.checkpoints > 0 && whole.checkpoints == 0);
            if loses || whole.records == 0 {
                let checkpoint = if loses { "complete checkpoint" } else { "whole record" };
                self.tell(format!("{name}: has no {checkpoint} now; {dest} keeps {}", what(&self.held)));
                return Ok(());
            }
            if !steady {
                // half of it may be old and half of it new
                return Ok(());
            }
        }
        let begun = Instant::now();
        self.put(&whole)?;
        self.took = begun.elapsed();
        if self.copies == 0 {
            self.tell(format!("{}: has {}", self.args.dest.display(), what(&whole)));
        }
        self.copies += 1;
        self.held = whole;
        self.since = Instant::now();
        Ok(())
    }

    /// The bytes of SOURCE, unless they are those that were read before.
    fn read(&mut self) -> Result<Look> {
        let path = &self.args.source;
        let failed = |doing: &str, error: io::Error| {
            Failure::usage(format!("{}: cannot {doing}: {error}", path.display()))
        };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Look::Missing),
            Err(error) => return Err(failed("open", error)),
        };
        let before = file.metadata().map_err(|error| failed("read", error))?;
        if !before.is_file() {
            return Err(Failure::usage(format!("{}: expected a file", path.display())));
        }
        let signature = Signature::of(&before);
        match &self.seen {
            Some((seen, since)) if *seen == signature => {
                if since.elapsed() > UNSURE {
                    return Ok(Look::Same);
                }
            }
            _ => {
                self.since = Instant::now();
                self.seen = Some((signature.clone(), self.since));
            }
        }
        let mut bytes = Vec::new();
        (&file).take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| failed("read", error))?;
        if bytes.len() as u64 > LARGEST {
            return Err(too_large(path));
        }
        let after = file.metadata().map_err(|error| failed("read", error))?;
        let steady = Signature::of(&after) == signature && bytes.len() as u64 == signature.len;
        Ok(Look::Bytes { bytes, steady })
    }

    /// Puts a new copy in the place of the old one, in one step.
    fn put(&mut self, whole: &Whole) -> Result<()> {
        let path = &self.args.dest;
        let bytes = whole.to_file();
        let begun = self.dest.begin_replacement(0);
        let put =
            begun.and_then(|()| self.dest.write_at(0, &bytes)).and_then(|()| self.dest.commit_replacement());
        put.map_err(|error| {
            self.dest.abandon_replacement();
            let message = format!("{}: cannot write: {error}; it keeps {}", path.display(), what(&self.held));
            Failure { code: exit::FAILURE, message }.into()
        })
    }

    /// Says what was not said just now.
    fn tell(&mut self, line: String) {
        if self.told != line {
            say(&line);
            self.told = line;
        }
    }

    /// The report at the end, and the exit code.
    fn end(&self, interrupted: bool) -> u8 {
        let (source, dest) = (self.args.source.display(), self.args.dest.display());
        if self.left_out > 0 {
            let bytes = plural(self.left_out, "byte");
            say(&format!("{source}: its last {bytes} are no whole record, and are not copied"));
        }
        let copies = plural(self.copies, "time");
        say(&format!("{dest}: copied {copies}; has {}", what(&self.held)));
        if self.args.json {
            put_json(&json!({
                "version": 1,
                "source": source.to_string(),
                "file": dest.to_string(),
                "records": self.held.records,
                "checkpoints": self.held.checkpoints,
                "copies": self.copies,
                "left_out": self.left_out,
            }));
        }
        match (interrupted, self.held.records) {
            (true, _) => exit::INTERRUPTED,
            (false, 0) => exit::MEDIUM,
            (false, _) => 0,
        }
    }
}

fn too_large(path: &Path) -> anyhow::Error {
    Failure::medium(format!("{}: expected at most {LARGEST} bytes, found more", path.display()))
}

/// What a reel has, for people.
fn what(whole: &Whole) -> String {
    let complete =
        if whole.checkpoints == 1 { "is a complete checkpoint" } else { "are complete checkpoints" };
    match (whole.records, whole.checkpoints) {
        (records, 0) => plural(records, "record"),
        (records, checkpoints) => {
            format!("{}, of which {checkpoints} {complete}", plural(records, "record"))
        }
    }
}
