//! `emu704 deck split`: the parts of a deck.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::card::{CardFormat, CardKind, DeckItem, Piece, PieceEnd, pieces};
use serde_json::json;

use super::copy::numbered;
use super::{NewDeck, open, parse_form, write};
use crate::cli::Failure;
use crate::cli::files::{DECK, plural};
use crate::cli::target::{Target, print_made};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 deck split jobs.cbn -o job.cbn     makes job-1.cbn, job-2.cbn, ...\n  emu704 deck split system.cbn --at org -o pieces/piece.cbn --index pieces/index.txt"
)]
pub(super) struct SplitArgs {
    /// Deck; - is standard input
    deck: PathBuf,
    /// Take the bytes for this form: cbn, bin, bcd, text
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<CardFormat>,
    /// Where a part ends
    #[arg(long, value_enum, default_value_t = At::Eof)]
    at: At,
    /// Write a line for each part: its deck, first card, cards, kind, first and last address, where its transfer card goes to
    #[arg(long, value_name = "FILE")]
    index: Option<PathBuf>,
    #[command(flatten)]
    new: NewDeck,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum At {
    /// At an end of file, which is left out
    Eof,
    /// After a transfer card that is not blank
    Transfer,
    /// At blank cards, which are left out
    Blank,
    /// Where an absolute card is not for the place after the card before, where the kind of the cards changes, and at --at end
    Org,
    /// After a transfer card, also a blank one to 0, and at an end of file, which is left out
    End,
}

pub(super) fn split(args: &SplitArgs) -> Result<u8> {
    if args.new.output == Path::new("-") {
        return Err(Failure::usage("split makes several files: give -o a name"));
    }
    let deck = open(&args.deck, args.form)?;
    make_folder(&args.new.output)?;
    let mut made = Vec::new();
    let mut index_target = args.index.as_deref().map(Target::create).transpose()?;
    for n in 0..parts(&deck, args.at).len() {
        Target::check(&numbered(&args.new.output, n + 1), Some(DECK))?;
    }
    let mut index = String::from("deck card cards kind first last transfer\n");
    for (n, part) in parts(&deck, args.at).into_iter().enumerate() {
        let path = numbered(&args.new.output, n + 1);
        let cards = &deck[part.clone()];
        crate::cli::talk::say(&format!("{}: {}", path.display(), plural(cards.len() as u64, "card")));
        let mut about = write(&path, &cards.to_vec(), args.new.form())?;
        about["card"] = json!(part.start + 1);
        made.push(about);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // writing to a string does not fail
        let _ = writeln!(index, "{name} {} {} {}", part.start + 1, cards.len(), loads(cards));
    }
    if let Some(mut target) = index_target.take() {
        target.put(index.as_bytes())?;
        made.push(target.commit()?.to_json(json!({"index": true})));
    }
    print_made(args.new.json, &made)?;
    Ok(0)
}

/// Makes the folder of the new decks if it is missing.
fn make_folder(output: &Path) -> Result<()> {
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let Some(folder) = folder else { return Ok(()) };
    let failed = |error| Failure::usage(format!("{}: cannot make the folder: {error}", folder.display()));
    std::fs::create_dir(folder).map_err(failed)
}

/// The places of the parts in the deck; none is empty.
fn parts(deck: &[DeckItem], at: At) -> Vec<Range<usize>> {
    let between = |leaves_out: fn(&DeckItem) -> bool| {
        let mut parts = Vec::new();
        let mut start = 0;
        for end in (0..deck.len()).filter(|&place| leaves_out(&deck[place])).chain([deck.len()]) {
            parts.push(start..end);
            start = end + 1;
        }
        parts.retain(|part| !part.is_empty());
        parts
    };
    let of_pieces = |end| pieces(deck, end).into_iter().map(|piece: Piece| piece.items).collect();
    match at {
        At::Eof => between(|item| *item == DeckItem::EndOfFile),
        At::Blank => between(|item| matches!(item, DeckItem::Card(card) if card.is_blank())),
        At::Transfer => {
            let is_transfer = |place: &usize| matches!(&deck[*place], DeckItem::Card(card) if matches!(card.kind(), CardKind::Transfer { .. }));
            let mut start = 0;
            let ends = (0..deck.len()).filter(is_transfer).map(|place| place + 1).chain([deck.len()]);
            let parts = ends.map(|end| std::mem::replace(&mut start, end)..end);
            parts.filter(|part| !part.is_empty()).collect()
        }
        At::Org => of_pieces(PieceEnd::Org),
        At::End => of_pieces(PieceEnd::End),
    }
}

/// Kind of the first card, first and last address that cards load, where the last transfer card goes to; `-` for what there is not.
fn loads(cards: &[DeckItem]) -> String {
    let pieces = pieces(cards, PieceEnd::End);
    let octal = |value: Option<u16>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:05o}"));
    let kind = pieces.first().map_or("-", |piece| piece.kind);
    let first = pieces.iter().filter_map(|piece| piece.addresses).map(|(first, _)| first).min();
    let last = pieces.iter().filter_map(|piece| piece.addresses).map(|(_, last)| last).max();
    let transfer = pieces.iter().rev().find_map(|piece| piece.transfer);
    format!("{kind} {} {} {}", octal(first), octal(last), octal(transfer))
}
