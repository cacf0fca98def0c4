//! All that a run writes to the host: paper, cards, drums, film, a trace, and the reels with the ring in.
//!
//! The names are checked before the run, against each other and against all that it reads, and each file is begun: a run
//! does not find out at its end that it cannot write. A regular file is written beside its place and replaces the old one at
//! the end; standard output, a pipe and a device are written as it happens. At the end everything is written, also when
//! one of the files fails, and one line says what is safe and what is not.

mod guard;
mod names;
mod paper;
mod sink;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use asm704::media::card::{Card, CardFormat, DeckItem, write_deck};
use asm704::media::drum::{DRUM_WORDS, DrumFormat, read_drum, write_drum};

pub(crate) use self::guard::Guarded;
pub(crate) use self::names::check_found;
pub(crate) use self::paper::Paper;
use self::sink::{Shared, Sink};
use super::Failure;
use super::setup::SetUpArgs;
use super::talk::{put_bytes, say};
use crate::debug::Trace;
use crate::host::HostFiles;
use crate::machine::Machine;
use crate::picture;
use crate::room::{Files as _, Room};

/// The files that a run makes.
#[derive(Default)]
pub(crate) struct Outputs {
    print: Option<Sink>,
    punch: Option<(Sink, CardFormat)>,
    film: Option<PathBuf>,
    trace: Option<Shared>,
    /// Cards and frames that went nowhere.
    lost_cards: u64,
    lost_frames: u64,
    /// Frames that are on the disk.
    frames: u64,
    /// What could not be written, and why, the first of each file.
    failed: BTreeMap<String, String>,
}

/// What is on the disk at the end of a run.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// A line for a person.
    pub(crate) line: Option<String>,
    /// Something that was to be kept is not.
    pub(crate) lost: bool,
}

impl Outputs {
    /// Checks the names and begins the files.
    ///
    /// # Errors
    /// Two of them are the same file, or one of them is read by the run, or it cannot be written.
    pub(crate) fn open(args: &SetUpArgs) -> Result<(Outputs, Option<Trace>)> {
        names::check(args)?;
        let sink = |path: &Option<PathBuf>| path.as_deref().map(Sink::open).transpose();
        let punch = sink(&args.punch)?.map(|sink| {
            let ending =
                sink.path().extension().and_then(|e| e.to_str()).and_then(CardFormat::from_extension);
            (sink, ending.unwrap_or(CardFormat::Cbn))
        });
        if let Some(folder) = &args.film {
            std::fs::create_dir_all(folder)
                .map_err(|e| Failure::usage(format!("{}: cannot make: {e}", folder.display())))?;
            tempfile::tempfile_in(folder)
                .map_err(|e| Failure::usage(format!("{}: cannot write in it: {e}", folder.display())))?;
        }
        let trace = sink(&args.trace)?.map(Shared::new);
        let tracing = trace.as_ref().map(|shared| Trace::new(Box::new(shared.clone())));
        let outputs = Outputs {
            print: sink(&args.print)?,
            punch,
            film: args.film.clone(),
            trace,
            ..Outputs::default()
        };
        Ok((outputs, tracing))
    }

    /// Machine cycles between two looks at the host (interruption, print, talk): about 12 s of 704 time, some hundredths of a
    /// second here. With film fewer, as each frame takes long to write.
    pub(crate) fn slice(&self) -> u64 {
        if self.film.is_some() { 50_000 } else { 1_000_000 }
    }

    /// The paper goes to a file.
    pub(crate) fn prints_to_file(&self) -> bool {
        self.print.is_some()
    }

    /// Prints on the file of the paper, or else on standard output. A reader that has gone away is no failure, and a full
    /// disk does not end the run: it is told at the end.
    pub(crate) fn print(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let Some(sink) = &mut self.print else { return put_bytes(text.as_bytes()) };
        let (name, written) = (sink.name(), sink.write_all(text.as_bytes()));
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => self.fails(name, &error),
            _ => {}
        }
    }

    /// Takes cards and film out of the machine to their files. A long run does it again and again.
    pub(crate) fn take(&mut self, machine: &mut Machine) {
        self.take_cards(machine);
        self.take_film(machine, false);
    }

    fn take_cards(&mut self, machine: &mut Machine) {
        let punched = machine.take_punched();
        if punched.is_empty() {
            return;
        }
        let Some((sink, form)) = &mut self.punch else {
            self.lost_cards += punched.len() as u64;
            return;
        };
        let deck: Vec<DeckItem> =
            punched.iter().map(|card| DeckItem::Card(Card::from_words(&card.words))).collect();
        let written =
            write_deck(&deck, *form).map_err(io::Error::other).and_then(|deck| sink.write_all(&deck));
        let name = sink.name();
        if let Err(error) = written {
            self.fails(name, &error);
        }
    }

    fn take_film(&mut self, machine: &mut Machine, unload: bool) {
        for frame in machine.take_frames(unload) {
            let Some(folder) = &self.film else {
                self.lost_frames += 1;
                continue;
            };
            let path = folder.join(format!("frame-{:04}.png", self.frames + 1));
            let picture = picture::png(&frame).map_err(io::Error::other);
            let written = picture.and_then(|png| asm704::replace::write(&path, &png));
            match written {
                Ok(()) => self.frames += 1,
                Err(error) => {
                    let folder = folder.display().to_string();
                    self.fails(folder, &error);
                }
            }
        }
    }

    /// Takes what is left in the machine to its files, makes reels, drums and files safe, and says what is.
    pub(crate) fn finish(&mut self, room: &mut Room) -> Ended {
        self.take_cards(&mut room.machine);
        self.take_film(&mut room.machine, true);
        if self.lost_cards > 0 {
            say(&format!("{} cards were punched and are lost: give --punch FILE", self.lost_cards));
        }
        if self.lost_frames > 0 {
            say(&format!(
                "{} frames of film were exposed and are lost: give --film FOLDER",
                self.lost_frames
            ));
        }
        // what the other machine has not taken yet; it may be slow, or gone
        let patience = Instant::now() + Duration::from_secs(10);
        while !room.reels.flush_wires() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut safe = Vec::new();
        let kept = room.reels.sync();
        safe.extend(kept.safe);
        for (label, error) in kept.lost {
            self.fails(label, &error);
        }
        let sinks = [
            self.print.take(),
            self.punch.take().map(|(sink, _)| sink),
            self.trace.take().and_then(Shared::into_sink),
        ];
        for sink in sinks.into_iter().flatten() {
            let name = sink.name();
            if self.failed.contains_key(&name) {
                continue;
            }
            match sink.commit() {
                Ok(true) => safe.push(name),
                Ok(false) => {}
                Err(error) => self.fails(name, &error),
            }
        }
        self.write_drums(room, &mut safe);
        if let (Some(folder), true) = (&self.film, self.frames > 0) {
            let name = folder.display().to_string();
            if !self.failed.contains_key(&name) {
                safe.push(name);
            }
        }
        let mut parts = Vec::new();
        if !safe.is_empty() {
            parts.push(format!("saved: {}", safe.join(", ")));
        }
        for (name, error) in &self.failed {
            parts.push(format!("NOT saved: {name}: {error}"));
        }
        Ended { line: (!parts.is_empty()).then(|| parts.join("\n")), lost: !self.failed.is_empty() }
    }

    /// The trace of the options is over.
    pub(crate) fn end_trace(&mut self, trace: Trace) {
        let name = self.trace.as_ref().map_or_else(|| "the trace".to_owned(), Shared::name);
        if let Err(error) = trace.finish() {
            self.fails(name, &io::Error::other(error));
        }
    }

    /// What could not be written, and why, by its name.
    pub(crate) fn lost_json(&self) -> serde_json::Value {
        serde_json::json!(self.failed)
    }

    fn fails(&mut self, name: String, error: &io::Error) {
        self.failed.entry(name).or_insert_with(|| error.to_string());
    }

    /// Writes back the drums that were written, and makes those that are missing.
    fn write_drums(&mut self, room: &mut Room, safe: &mut Vec<String>) {
        for (number, path) in room.drum_files().clone() {
            let name = path.display().to_string();
            match write_drum_file(room, number, &path) {
                Ok(true) => safe.push(name),
                Ok(false) => {}
                Err(error) => self.fails(name, &error),
            }
        }
    }
}

/// True when the file was written and is one that lasts.
fn write_drum_file(room: &mut Room, number: u8, path: &std::path::Path) -> io::Result<bool> {
    let machine = &room.machine;
    let exists = path.exists();
    if exists && !machine.drum_written(number).map_err(io::Error::other)? {
        return Ok(false);
    }
    let old = if exists { HostFiles.read(path).map_err(io::Error::other)? } else { Vec::new() };
    let form = read_drum(&old, number).map_or(DrumFormat::Sim704, |(form, _)| form);
    let words = machine.drum(number).map_err(io::Error::other)?;
    let blank = vec![asm704::Word::ZERO; DRUM_WORDS];
    let bytes = write_drum(words.unwrap_or(&blank), form, number, &old).map_err(io::Error::other)?;
    room.files.write_back(path, &bytes).map_err(io::Error::other)?;
    Ok(path.is_file())
}
