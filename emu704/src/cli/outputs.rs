//! What a run writes to the host: paper, cards, drums, film, a trace.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use asm704::media::card::{Card, CardFormat, DeckItem, write_deck};
use asm704::media::drum::{DrumFormat, read_drum, write_drum};

use super::setup::SetUpArgs;
use super::talk::say;
use super::{Failure, room_failure};
use crate::debug::Trace;
use crate::host::{HostFiles, write_atomically};
use crate::machine::Machine;
use crate::picture;
use crate::room::{Files as _, Room};

/// The files that a run makes.
#[derive(Default)]
pub(crate) struct Outputs {
    print: Option<(BufWriter<File>, PathBuf)>,
    punch: Option<PathBuf>,
    film: Option<PathBuf>,
    pub(crate) trace: Option<Trace>,
}

impl Outputs {
    /// Opens what grows while the machine runs.
    pub(crate) fn open(args: &SetUpArgs) -> Result<Outputs> {
        let print = match &args.print {
            Some(path) => {
                let file = File::create(path)
                    .map_err(|e| Failure::usage(format!("{}: cannot write: {e}", path.display())))?;
                Some((BufWriter::new(file), path.clone()))
            }
            None => None,
        };
        let trace = match &args.trace {
            Some(path) => {
                Some(Trace::new(HostFiles.create(path).map_err(|e| Failure::usage(e.to_string()))?))
            }
            None => None,
        };
        Ok(Outputs { print, punch: args.punch.clone(), film: args.film.clone(), trace })
    }

    /// The paper goes to a file.
    pub(crate) fn prints_to_file(&self) -> bool {
        self.print.is_some()
    }

    /// Prints on the file of the paper, or else on standard output. A reader that has gone away is no failure.
    pub(crate) fn print(&mut self, text: &str) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        if let Some((file, path)) = &mut self.print {
            return file
                .write_all(text.as_bytes())
                .and_then(|()| file.flush())
                .map_err(|e| Failure::usage(format!("{}: cannot write: {e}", path.display())));
        }
        let mut out = io::stdout();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("standard output"),
        }
    }

    /// Takes what came out of the machine to its files and makes the reels safe. Returns a line that names what is safe,
    /// if there is anything.
    pub(crate) fn finish(&self, room: &mut Room) -> Result<Option<String>> {
        let mut made = Vec::new();
        self.write_punched(&mut room.machine, &mut made)?;
        write_drums(&room.machine, room.drum_files(), &mut made)?;
        self.write_film(&mut room.machine, &mut made)?;
        room.reels.sync().map_err(|(label, e)| Failure::usage(format!("{label}: cannot write: {e}")))?;
        let mut safe = room.reels.changed_files();
        // a pipe or a device keeps nothing
        let kept = made.iter().filter(|path| path.is_file() || path.is_dir());
        safe.extend(kept.map(|path| path.display().to_string()));
        Ok((!safe.is_empty()).then(|| format!("safe on the disk: {}", safe.join(", "))))
    }

    fn write_punched(&self, machine: &mut Machine, made: &mut Vec<PathBuf>) -> Result<()> {
        let punched = machine.take_punched();
        let Some(path) = &self.punch else {
            if !punched.is_empty() {
                say(&format!("{} cards were punched and are lost: give --punch FILE", punched.len()));
            }
            return Ok(());
        };
        let deck: Vec<DeckItem> =
            punched.iter().map(|card| DeckItem::Card(Card::from_words(&card.words))).collect();
        let ending = path.extension().and_then(|e| e.to_str()).and_then(CardFormat::from_extension);
        let bytes = write_deck(&deck, ending.unwrap_or(CardFormat::Cbn))
            .map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
        replace(path, &bytes, made)
    }

    fn write_film(&self, machine: &mut Machine, made: &mut Vec<PathBuf>) -> Result<()> {
        let frames = machine.take_frames(true);
        let Some(folder) = &self.film else {
            if !frames.is_empty() {
                say(&format!(
                    "{} frames of film were exposed and are lost: give --film FOLDER",
                    frames.len()
                ));
            }
            return Ok(());
        };
        std::fs::create_dir_all(folder)
            .map_err(|e| Failure::usage(format!("{}: cannot make: {e}", folder.display())))?;
        for (n, frame) in frames.iter().enumerate() {
            let path = folder.join(format!("frame-{:04}.png", n + 1));
            write_atomically(&path, &picture::png(frame)?).map_err(|e| Failure::usage(e.to_string()))?;
        }
        if !frames.is_empty() {
            made.push(folder.clone());
        }
        Ok(())
    }
}

fn replace(path: &Path, bytes: &[u8], made: &mut Vec<PathBuf>) -> Result<()> {
    write_atomically(path, bytes).map_err(|e| Failure::usage(e.to_string()))?;
    made.push(path.to_owned());
    Ok(())
}

/// Writes back the drums that were written, and makes those that are missing.
fn write_drums(machine: &Machine, files: &BTreeMap<u8, PathBuf>, made: &mut Vec<PathBuf>) -> Result<()> {
    for (&number, path) in files {
        let bad = |e: String| Failure::usage(format!("{}: {e}", path.display()));
        let exists = path.exists();
        if exists && !machine.drum_written(number).map_err(|e| bad(e.to_string()))? {
            continue;
        }
        let old = if exists { HostFiles.read(path).map_err(|e| room_failure(e.into()))? } else { Vec::new() };
        let form = read_drum(&old, number).map_or(DrumFormat::Sim704, |(form, _)| form);
        let words = machine.drum(number).map_err(|e| bad(e.to_string()))?;
        let blank = vec![asm704::Word::ZERO; asm704::media::drum::DRUM_WORDS];
        let bytes =
            write_drum(words.unwrap_or(&blank), form, number, &old).map_err(|e| bad(e.to_string()))?;
        replace(path, &bytes, made)?;
    }
    Ok(())
}
