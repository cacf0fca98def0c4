//! Decks, drums and film of a run: from files, and back to files.

use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::card::{Card, CardFormat, CardKind, DeckItem, read_deck, write_deck};
use asm704::media::drum::{DrumFormat, read_drum, write_drum};

use super::Failure;
use super::run::{DrumFile, RunArgs};
use crate::host::{Mounts, write_atomically};
use crate::machine::Machine;
use crate::picture;

fn read(path: &Path) -> Result<Vec<u8>> {
    if path.is_dir() {
        return Err(Failure::usage(format!("{}: is a directory, expected a file", path.display())));
    }
    std::fs::read(path).map_err(|e| Failure::usage(format!("{}: cannot read: {e}", path.display())))
}

/// Fills the hopper. `loads` when LOAD CARDS will be pressed: then a first card that is no loader is worth a word.
pub(crate) fn put_decks(machine: &mut Machine, decks: &[PathBuf], loads: bool) -> Result<()> {
    for (n, path) in decks.iter().enumerate() {
        let form = path.extension().and_then(|e| e.to_str()).and_then(CardFormat::from_extension);
        let deck =
            read_deck(&read(path)?, form).map_err(|e| Failure::medium(format!("{}: {e}", path.display())))?;
        if n == 0 && loads {
            warn_of_no_loader(path, &deck);
        }
        for item in deck {
            match item {
                DeckItem::Card(card) => machine.put_cards([card.words()]),
                DeckItem::EndOfFile => machine.put_end_of_file(),
            }
        }
    }
    Ok(())
}

fn warn_of_no_loader(path: &Path, deck: &[DeckItem]) {
    let first = deck.iter().find_map(|item| match item {
        DeckItem::Card(card) => Some(card.kind()),
        DeckItem::EndOfFile => None,
    });
    let what = match first {
        Some(CardKind::Absolute { .. } | CardKind::Relocatable { .. }) => "a card for a loader",
        Some(CardKind::Transfer { .. }) => "a transfer card",
        Some(CardKind::Blank) => "blank",
        Some(CardKind::Symbolic(_)) => "symbolic",
        _ => return,
    };
    eprintln!(
        "{}: its first card is {what}, so it cannot start itself by LOAD CARDS; `asm704 --self-loading` makes a deck that can",
        path.display()
    );
}

/// Mounts drum images.
pub(crate) fn put_drums(machine: &mut Machine, drums: &[DrumFile]) -> Result<()> {
    for (n, drum) in drums.iter().enumerate() {
        if drums[..n].iter().any(|d| d.number == drum.number) {
            return Err(Failure::usage(format!("two images for drum {}", drum.number)));
        }
        if !drum.path.exists() {
            continue;
        }
        let bytes = read(&drum.path)?;
        let bad = |e: String| Failure::medium(format!("{}: {e}", drum.path.display()));
        let (_, words) = read_drum(&bytes, drum.number).map_err(|e| bad(e.to_string()))?;
        machine.set_drum(drum.number, &words).map_err(|e| bad(e.to_string()))?;
    }
    Ok(())
}

/// Makes the reels safe and says so in one line: what has been written on them, and the files made.
pub(crate) fn make_safe(mounts: &mut Mounts, made: &[PathBuf]) -> Result<Option<String>> {
    mounts.sync().map_err(|e| Failure::usage(e.to_string()))?;
    let mut safe = mounts.changed_files();
    // a pipe or a device keeps nothing
    let kept = made.iter().filter(|path| path.is_file() || path.is_dir());
    safe.extend(kept.map(|path| path.display().to_string()));
    Ok((!safe.is_empty()).then(|| format!("safe on the disk: {}", safe.join(", "))))
}

/// Takes what came out of the machine: punched cards, drums that were written, film. The files made.
pub(crate) fn take_all(machine: &mut Machine, args: &RunArgs) -> Result<Vec<PathBuf>> {
    let mut made = Vec::new();
    let punched = machine.take_punched();
    if let Some(path) = &args.punch {
        let deck: Vec<DeckItem> =
            punched.iter().map(|card| DeckItem::Card(Card::from_words(&card.words))).collect();
        let form = path
            .extension()
            .and_then(|e| e.to_str())
            .and_then(CardFormat::from_extension)
            .unwrap_or(CardFormat::Cbn);
        let bytes =
            write_deck(&deck, form).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
        write_atomically(path, &bytes).map_err(|e| Failure::usage(e.to_string()))?;
        made.push(path.clone());
    } else if !punched.is_empty() {
        eprintln!("{} cards were punched and are lost: give --punch FILE", punched.len());
    }
    for drum in &args.drum {
        let bad = |e: String| Failure::usage(format!("{}: {e}", drum.path.display()));
        let exists = drum.path.exists();
        if exists && !machine.drum_written(drum.number).map_err(|e| bad(e.to_string()))? {
            continue;
        }
        let old = if exists { read(&drum.path)? } else { Vec::new() };
        let form = read_drum(&old, drum.number).map_or(DrumFormat::Sim704, |(form, _)| form);
        let words = machine.drum(drum.number).map_err(|e| bad(e.to_string()))?;
        let blank = vec![asm704::Word::ZERO; asm704::media::drum::DRUM_WORDS];
        let words = words.unwrap_or(&blank);
        let bytes = write_drum(words, form, drum.number, &old).map_err(|e| bad(e.to_string()))?;
        write_atomically(&drum.path, &bytes).map_err(|e| Failure::usage(e.to_string()))?;
        made.push(drum.path.clone());
    }
    let frames = machine.take_frames(true);
    if let Some(folder) = &args.film {
        std::fs::create_dir_all(folder)
            .map_err(|e| Failure::usage(format!("{}: cannot make: {e}", folder.display())))?;
        for (n, frame) in frames.iter().enumerate() {
            let path = folder.join(format!("frame-{:04}.png", n + 1));
            write_atomically(&path, &picture::png(frame)?).map_err(|e| Failure::usage(e.to_string()))?;
        }
        if !frames.is_empty() {
            made.push(folder.clone());
        }
    } else if !frames.is_empty() {
        eprintln!("{} frames of film were exposed and are lost: give --film FOLDER", frames.len());
    }
    Ok(made)
}
