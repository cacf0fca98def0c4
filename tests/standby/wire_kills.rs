//! Machines are killed that talk over a wire: the primary at any moment and in the middle of a record, and the stand-by.
//! `EMU704_STANDBY_KILLS` sets the number of kills of each kind (default 12).

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::{LONG, Process, Times, complete, heat_alone, kills, program};
use crate::common::{Random, assemble, symbol, text};

/// Characters of a checkpoint of 8,192 words.
const RECORD: u64 = 8_200 * 6;

/// Bytes of the greeting of an end.
const GREETING: u64 = 77;

/// Where the line breaks: in record number `.0`, from 1, behind character `.1`.
type Cut = Option<(u64, u64)>;

/// The line between two machines, which knows what passes on it.
struct Line {
    /// The number of each record as its end passes.
    records: Receiver<u64>,
    /// Told when the line has broken; both ends are closed when an answer comes.
    broken: Receiver<()>,
    close: Sender<()>,
}

impl Line {
    /// The primary calls `primary`, and the stand-by listens at `standby`. What the primary says behind a cut is lost.
    fn between(folder: &Path, cut: Cut) -> Line {
        let (listener, standby) =
            (UnixListener::bind(folder.join("primary")).unwrap(), folder.join("standby"));
        let (send_record, records) = channel();
        let (send_broken, broken) = channel();
        let (close, closed) = channel();
        std::thread::spawn(move || {
            let (primary, _) = listener.accept().unwrap();
            let begun = Instant::now();
            let standby = loop {
                match UnixStream::connect(&standby) {
                    Ok(standby) => break standby,
                    Err(_) if begun.elapsed() < LONG => std::thread::sleep(Duration::from_millis(2)),
                    Err(error) => panic!("no stand-by: {error}"),
                }
            };
            let back = (standby.try_clone().unwrap(), primary.try_clone().unwrap());
            std::thread::spawn(move || {
                let (mut from, mut to) = back;
                let _ = std::io::copy(&mut from, &mut to);
                let _ = to.shutdown(std::net::Shutdown::Both);
            });
            let mut talk = Talk { line: primary.try_clone().unwrap(), greeted: 0, record: 1, characters: 0 };
            talk.pass(standby.try_clone().unwrap(), cut, &send_record);
            if cut.is_some() {
                let _ = send_broken.send(());
                let _ = closed.recv();
            }
            let _ = standby.shutdown(std::net::Shutdown::Both);
            let _ = primary.shutdown(std::net::Shutdown::Both);
        });
        Line { records, broken, close }
    }
}

/// What the primary says, message by message.
struct Talk {
    line: UnixStream,
    greeted: u64,
    record: u64,
    characters: u64,
}

impl Talk {
    /// Passes it on up to the cut, or to the end of the line.
    fn pass(&mut self, mut to: UnixStream, cut: Cut, records: &Sender<u64>) {
        let mut byte = [0];
        while self.greeted < GREETING {
            if self.line.read_exact(&mut byte).and_then(|()| to.write_all(&byte)).is_err() {
                return;
            }
            self.greeted += 1;
        }
        while self.line.read_exact(&mut byte).is_ok() {
            let mut message = byte.to_vec();
            if byte == [b'F'] {
                let mut count = [0; 2];
                if self.line.read_exact(&mut count).is_err() {
                    return;
                }
                let mut frames = vec![0; usize::from(u16::from_be_bytes(count))];
                if self.line.read_exact(&mut frames).is_err() {
                    return;
                }
                let behind = self.characters + frames.len() as u64;
                if let Some((record, character)) = cut
                    && record == self.record
                    && behind > character
                {
                    frames.truncate((character - self.characters) as usize);
                    let _ = to.write_all(&[&message[..], &count, &frames].concat());
                    return;
                }
                self.characters = behind;
                message.extend(count);
                message.extend(frames);
            }
            if byte == [b'E'] {
                assert_eq!(self.characters, RECORD, "record {}", self.record);
                let _ = records.send(self.record);
                self.record += 1;
                self.characters = 0;
            }
            if to.write_all(&message).is_err() {
                return;
            }
        }
    }
}

/// Where the primary runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Primary {
    /// A machine as large as the stand-by, whose operator sets CHKSIZ to 8,192 words before the job starts.
    AsLarge,
    /// A machine of 8,192 words: the stand-by keeps its images, and a third machine of 8,192 words takes over.
    Smaller,
}

/// heat.sap with a checkpoint in each sweep, on a wire; `acts` are what its operator does at stops.
fn primary(folder: &Path, kind: Primary, acts: &[&str]) -> Process {
    let source = program("heat.sap");
    let core = if kind == Primary::AsLarge { "32k" } else { "8k" };
    let wire = folder.join("primary");
    let mut job = format!(
        "program = \"{source}\"\ncore = \"{core}\"\nsense = [1]\ntape = {{ 1 = \"wire:connect:{}\" }}\n",
        wire.display()
    );
    let mut all = Vec::new();
    if kind == Primary::AsLarge {
        let at = symbol(&assemble(&text("programs/heat.sap")), "CHKSIZ");
        all.push(format!("at = 0\ndo = \"deposit {at:05o} 000002000000\"\n"));
    }
    all.extend(acts.iter().map(|act| format!("at-stop = true\ndo = \"{act}\"\n")));
    for act in all {
        job += "[[operator]]\n";
        job += &act;
    }
    fs::write(folder.join("primary.toml"), job).unwrap();
    Process::words(folder, "run primary.toml")
}

/// The machine that stands by, on a wire that it listens to. Beside a primary as large as it is, it takes over when that has gone, as
/// the job file says.
fn standby(folder: &Path, kind: Primary, wire: &str, more: &str) -> Process {
    let job = program(if kind == Primary::AsLarge { "standby.toml" } else { "standby.sap" });
    let name = folder.display();
    let rings = "--ring 1 --ring 3 --core 32k";
    let reels = "--tape 1=one.tap --tape 3=three.tap";
    Process::words(folder, &format!("run {job} {rings} {reels} --tape 2=wire:listen:{name}/{wire} {more}"))
}

/// Somebody takes over, and the answer is right. Returns when START was pressed, or the third machine was started.
fn finishes(folder: &Path, kind: Primary, standby: &mut Process, case: &str) -> Instant {
    if kind == Primary::Smaller {
        let (status, _) = standby.end();
        assert!(matches!(status.code(), Some(7 | 130)), "{case}: {status}\n{}", standby.errors());
        return third_machine(folder, standby, case);
    }
    let took_over = standby.said("operator: start");
    let (status, paper) = standby.end();
    assert!(status.success() && paper == heat_alone(), "{case}: {status}\n{paper}{}", standby.errors());
    took_over
}

/// AC of a stand-by that waited says which tape has the last image. That reel is loaded on a machine of the primary's size.
fn third_machine(folder: &Path, standby: &mut Process, case: &str) -> Instant {
    let errors = standby.errors();
    let reel = match errors.lines().find(|line| line.starts_with("AC ")) {
        Some(line) if line.starts_with("AC +00 000000000001 ") => "one.tap",
        Some(line) if line.starts_with("AC +00 000000000003 ") => "three.tap",
        line => panic!("{case}: {line:?}\n{errors}"),
    };
    let now = Instant::now();
    let mut third = Process::words(folder, &format!("run {reel} --core 8k"));
    let (status, paper) = third.end();
    assert!(status.success() && paper == heat_alone(), "{case}: {status}\n{paper}{}", third.errors());
    now
}

#[test]
fn a_killed_primary_is_finished_by_the_stand_by() {
    let mut random = Random(1955);
    let (mut any, mut middle, mut still) = (0, 0, [Times::default(), Times::default()]);
    for kill in 0..kills() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        // the first record has to be whole: before there is nothing to lose
        let cut = (kill % 2 == 1).then(|| (2 + random.below(20), 1 + random.below(RECORD - 1)));
        let kind = if kill % 4 < 2 { Primary::AsLarge } else { Primary::Smaller };
        let line = Line::between(folder, cut);
        let mut standby = standby(folder, kind, "standby", "--sense 6");
        let mut primary = primary(folder, kind, &[]);
        let killed = if let Some(_cut) = cut {
            // the primary is still there, and the record on its way
            line.broken.recv_timeout(LONG).unwrap();
            let killed = primary.kill();
            line.close.send(()).unwrap();
            middle += 1;
            killed
        } else {
            line.records.recv_timeout(LONG).unwrap();
            std::thread::sleep(Duration::from_micros(random.below(1_000_000)));
            any += 1;
            primary.kill()
        };
        let case = format!("kill {kill}, {kind:?}, {cut:?}");
        let took_over = finishes(folder, kind, &mut standby, &case);
        still[usize::from(kind == Primary::Smaller)].0.push(took_over.saturating_duration_since(killed));
        // what it took over is on one of the reels, and so is its predecessor on the other
        let kept =
            ["one.tap", "three.tap"].map(|reel| complete(&fs::read(folder.join(reel)).unwrap()).unwrap_or(0));
        assert!(kept.contains(&1), "{case}: {kept:?}");
    }
    println!(
        "wire: {} primaries killed, {any} at any moment, {middle} in the middle of a record; none lost; from the kill to START at the stand-by: {}; to LOAD TAPE of its reel at a third machine: {}",
        any + middle,
        still[0],
        still[1]
    );
}

/// In the first record of all there is nothing to take over; the stand-by says so and does not begin half a job.
#[test]
fn before_the_first_complete_record_there_is_nothing_to_take_over() {
    for character in [1, 6 * 11, RECORD / 2, RECORD - 1] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let line = Line::between(folder, Some((1, character)));
        let mut standby = standby(folder, Primary::AsLarge, "standby", "--sense 6");
        let mut primary = primary(folder, Primary::AsLarge, &[]);
        line.broken.recv_timeout(LONG).unwrap();
        primary.kill();
        line.close.send(()).unwrap();
        let (status, paper) = standby.end();
        assert!(status.success() && paper.is_empty(), "{status} {paper}");
        // HTR WAIT,,3 at TAKE+2
        assert!(standby.errors().contains("(TAKE+2)"), "{}", standby.errors());
    }
}

/// The stand-by is killed, in the middle of a record or not. The primary's operator connects another wire, and START repeats the
/// write. A new stand-by has the same two reels. Then the primary is killed, too: at once, or when more records have come.
#[test]
fn a_killed_stand_by_is_followed_by_another() {
    let mut random = Random(704);
    let (mut middle, mut from_reels) = (0, 0);
    for kill in 0..kills() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let kind = if kill % 4 < 2 { Primary::Smaller } else { Primary::AsLarge };
        let cut = (kill % 2 == 1).then(|| (2 + random.below(8), 1 + random.below(RECORD - 1)));
        let line = Line::between(folder, cut);
        let mut first = standby(folder, kind, "standby", "--sense 6");
        let another = format!("mount 1 wire:connect:{}/second", folder.display());
        let mut primary = primary(folder, kind, &[&another, "start"]);
        if cut.is_some() {
            line.broken.recv_timeout(LONG).unwrap();
            first.kill();
            line.close.send(()).unwrap();
            middle += 1;
        } else {
            line.records.recv_timeout(LONG).unwrap();
            // it is written on the stand-by's reel
            first.said("8200 words on the reel");
            std::thread::sleep(Duration::from_micros(random.below(300_000)));
            first.kill();
        }
        let kept =
            ["one.tap", "three.tap"].map(|reel| complete(&fs::read(folder.join(reel)).unwrap()).unwrap_or(0));
        let case = format!("kill {kill}, {kind:?}, {cut:?}, {kept:?}");
        assert!(kept.contains(&1), "{case}");
        primary.said("operator: start");
        if kill % 3 == 0 {
            // the primary is lost before the second stand-by is there: nobody calls, and its operator takes the reel
            primary.kill();
            let mut second = standby(folder, Primary::Smaller, "second", "");
            second.said("tape 2 waits for the other machine");
            second.signal("-INT");
            second.end();
            if kind == Primary::Smaller {
                third_machine(folder, &mut second, &case);
            } else {
                let errors = second.errors();
                let reel = if errors.contains("AC +00 000000000001 ") { "one.tap" } else { "three.tap" };
                let (status, paper) = Process::words(folder, &format!("run {reel} --core 32k")).end();
                assert!(status.success() && paper == heat_alone(), "{case}: {status} {paper}{errors}");
            }
            from_reels += 1;
            continue;
        }
        let mut second = standby(folder, kind, "second", "");
        let came = second.says("8200 words on the reel").is_some();
        assert!(came, "{case}: nothing comes from the other wire\n{}{}", second.errors(), primary.errors());
        std::thread::sleep(Duration::from_micros(random.below(300_000)));
        primary.kill();
        finishes(folder, kind, &mut second, &case);
    }
    println!(
        "wire: {} stand-bys killed, {middle} in the middle of a record, and then their primaries, {from_reels} before another stand-by was there; none lost",
        kills()
    );
}
