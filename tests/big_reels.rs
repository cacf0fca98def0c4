//! Big reels: a full one is listed at once, and memory does not grow with the reel.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use asm704::media::tape::{GAP_PLACES, Item, Record, Store, TapeFormat, TapeImage, encode};

/// Places on 2,400 feet of tape, 200 an inch.
const FULL_REEL: usize = 2400 * 12 * 200;

/// A reel of equal records: a line of `ls` each.
fn reel(path: &Path, records: usize, characters: usize) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    let record = encode(TapeFormat::Simh, &Item::Record(Record::new(vec![0o001; characters])), 0).unwrap();
    for _ in 0..records {
        file.write_all(&record).unwrap();
    }
    file.flush().unwrap();
}

/// Lines of cards, 84 characters each, on a full reel. The issue asks for 0.2 s, which is met by far by an optimised program
/// on an idle machine; a test must allow for neither.
#[test]
fn a_full_reel_is_listed_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("full.tap");
    let records = FULL_REEL / (84 + GAP_PLACES);
    reel(&path, records, 84);
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        let output =
            Command::new(env!("CARGO_BIN_EXE_emu704")).args(["tape", "ls"]).arg(&path).output().unwrap();
        best = best.min(begun.elapsed());
        assert!(output.status.success());
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2 + records);
    }
    println!("{records} records listed in {best:?}");
    assert!(best < Duration::from_millis(1500), "{best:?}");
}

/// A store that counts what is read of it.
struct Counted {
    bytes: Vec<u8>,
    read: usize,
}

impl Store for Counted {
    fn len(&mut self) -> std::io::Result<u64> {
        Store::len(&mut self.bytes)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        self.read += buf.len();
        self.bytes.read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
        self.bytes.write_at(offset, bytes)
    }
    fn set_len(&mut self, len: u64) -> std::io::Result<()> {
        Store::set_len(&mut self.bytes, len)
    }
}

#[test]
fn a_full_reel_is_mounted_without_reading_it_all() {
    for format in [TapeFormat::Simh, TapeFormat::P7b] {
        let record = encode(format, &Item::Record(Record::new(vec![0o001; 600])), 0).unwrap();
        let bytes = record.repeat(FULL_REEL / (600 + GAP_PLACES));
        let whole = bytes.len();
        let mut image = TapeImage::open(Counted { bytes, read: 0 }).unwrap();
        let read = image.store().read;
        assert!(read < whole / 8, "{format}: {read} of {whole} bytes");
    }
}

/// A reel of the length of forty full ones, with less memory than its size.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_reel() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("long.tap");
    // a record is as long as a core of 32,768 words
    reel(&path, 1000, 32_768 * 6);
    assert!(std::fs::metadata(&path).unwrap().len() > 180 << 20);
    for command in [
        "verify \"$1\"",
        "info \"$1\"",
        "ls \"$1\"",
        "convert \"$1\" -o \"$1.p7b\"",
        "dump \"$1\"",
        "info - < \"$1\"",
        "convert - --to p7b -o - < \"$1\" | cat",
        "diff \"$1\" \"$1\"",
    ] {
        // KiB of address space, the program itself included
        let script = format!("ulimit -v 131072; \"$0\" tape {command}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_emu704")]).arg(&path).stdout(Stdio::null());
        let output = shell.stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{command}: {told}");
        // no terminal, no bar: at most the line about the file made
        let lines: Vec<&str> = told.lines().collect();
        assert!(lines.iter().all(|line| line.ends_with(" bytes saved")), "{command}: {told}");
        assert_eq!(lines.len(), usize::from(command.contains("-o \"")), "{command}: {told}");
    }
}
