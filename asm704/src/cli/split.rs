//! `--split`: writes a deck for each piece of a source, and an index.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::args::Format;
use super::assemble::same;
use super::files;
use crate::assemble::{Assembly, Output};
use crate::deck::{self, CardKind};
use crate::in_use;
use crate::media::card::{Card, DeckItem, PieceEnd, pieces};

/// The file name of the index.
const INDEX: &str = "index.txt";

/// Writes the pieces and the index into a folder, creating it if needed. `others` are results that go elsewhere.
pub(super) fn write(folder: &Path, format: Format, output: &Output, others: &[&Path]) -> Result<()> {
    let ending = if format == Format::Words { "words" } else { "cbn" };
    let mut index = String::from("deck line cards kind first last transfer\n");
    let mut decks: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for piece in output.assemblies.iter().flat_map(Assembly::pieces) {
        let name = format!("line-{:05}.{ending}", piece.line);
        let (routine, line) = output.place(piece.line);
        let line = routine.map_or_else(|| line.to_string(), |routine| format!("{routine}:{line}"));
        let _ = writeln!(index, "{name} {line} {} {}", piece.cards.len(), about(piece.cards));
        let bytes = match format {
            Format::Words => deck::to_words(piece.cards).into_bytes(),
            _ => deck::to_cbn(piece.cards),
        };
        decks.push((folder.join(name), bytes));
    }
    decks.push((folder.join(INDEX), index.into_bytes()));
    for (path, _) in &decks {
        if others.iter().any(|other| same(other, path)) {
            bail!("two outputs cannot both be written to {}", path.display());
        }
        in_use::check(path, "--split", None)?;
    }
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for (path, bytes) in &decks {
        files::write(path, bytes)?;
    }
    Ok(())
}

/// Describes the cards: their kind, first and last address, and the address of the transfer card; `-` for anything missing.
fn about(cards: &[deck::DeckCard]) -> String {
    let kind = match cards[0].kind {
        CardKind::Absolute => "absolute",
        CardKind::Relocatable => "relocatable",
        CardKind::Full => "full",
        CardKind::Transfer => "transfer",
        CardKind::SymbolTable => "symbol-table",
        CardKind::Blank => "blank",
    };
    let octal = |value: Option<u16>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:05o}"));
    // words of 24-word cards can look like control words
    let items: Vec<DeckItem> = cards
        .iter()
        .filter(|card| matches!(card.kind, CardKind::Absolute | CardKind::Relocatable))
        .map(|card| DeckItem::Card(Card::from_words(&card.words)))
        .collect();
    let addresses: Vec<(u16, u16)> =
        pieces(&items, PieceEnd::Org).into_iter().filter_map(|piece| piece.addresses).collect();
    let first = addresses.iter().map(|&(first, _)| first).min();
    let last = addresses.iter().map(|&(_, last)| last).max();
    let transfer = cards.iter().rev().find(|card| card.kind == CardKind::Transfer);
    let transfer = transfer.map(|card| card.words[0].address());
    format!("{kind} {} {} {}", octal(first), octal(last), octal(transfer))
}
