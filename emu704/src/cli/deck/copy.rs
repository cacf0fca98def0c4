//! `emu704 deck convert`, `punch`, `split`, `join` and `strip`: new decks from old ones.

use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::card::{CardFormat, CardKind, Deck, DeckItem};

use super::{NewDeck, open, parse_form, write};
use crate::cli::Failure;
use crate::cli::files::plural;
use crate::cli::target::print_made;

#[derive(Debug, clap::Args)]
pub(super) struct ConvertArgs {
    /// Deck; - is standard input
    deck: PathBuf,
    /// Take the bytes for this form: cbn, bin, bcd, text
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<CardFormat>,
    #[command(flatten)]
    new: NewDeck,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  emu704 deck split jobs.cbn -o job.cbn     makes job-1.cbn, job-2.cbn, ..."
)]
pub(super) struct SplitArgs {
    /// Deck; - is standard input
    deck: PathBuf,
    /// Where a part ends
    #[arg(long, value_enum, default_value_t = At::Eof)]
    at: At,
    #[command(flatten)]
    new: NewDeck,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum At {
    /// At an end of file, which is left out
    Eof,
    /// Behind a transfer card that is not blank
    Transfer,
    /// At blank cards, which are left out
    Blank,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 deck join loader.cbn program.cbn data.txt -o job.cbn")]
pub(super) struct JoinArgs {
    /// Decks in their order, in any form; - is standard input
    #[arg(required = true, value_name = "DECK")]
    decks: Vec<PathBuf>,
    /// Put an end of file behind each
    #[arg(long)]
    eof: bool,
    #[command(flatten)]
    new: NewDeck,
}

pub(super) fn convert(args: &ConvertArgs) -> Result<u8> {
    args.new.write(&open(&args.deck, args.form)?)
}

pub(super) fn punch(args: &ConvertArgs) -> Result<u8> {
    args.new.write(&open(&args.deck, args.form.or(Some(CardFormat::Text)))?)
}

pub(super) fn strip(args: &ConvertArgs) -> Result<u8> {
    let mut deck = open(&args.deck, args.form)?;
    deck.retain(|item| !is_blank(item));
    args.new.write(&deck)
}

pub(super) fn join(args: &JoinArgs) -> Result<u8> {
    let mut all = Deck::new();
    for path in &args.decks {
        all.extend(open(path, None)?);
        if args.eof {
            all.push(DeckItem::EndOfFile);
        }
    }
    args.new.write(&all)
}

pub(super) fn split(args: &SplitArgs) -> Result<u8> {
    let deck = open(&args.deck, None)?;
    if args.new.output == Path::new("-") {
        return Err(Failure::usage("split makes several files: give -o a name"));
    }
    let parts: Vec<Deck> = match args.at {
        At::Eof => deck.split(|item| *item == DeckItem::EndOfFile).map(<[_]>::to_vec).collect(),
        At::Blank => deck.split(is_blank).map(<[_]>::to_vec).collect(),
        At::Transfer => {
            let transfer = |item: &DeckItem| matches!(item, DeckItem::Card(card) if matches!(card.kind(), CardKind::Transfer { .. }));
            deck.split_inclusive(transfer).map(<[_]>::to_vec).collect()
        }
    };
    let mut made = Vec::new();
    for (n, part) in parts.iter().filter(|part| !part.is_empty()).enumerate() {
        let path = numbered(&args.new.output, n + 1);
        crate::cli::talk::say(&format!("{}: {}", path.display(), plural(part.len() as u64, "card")));
        made.push(write(&path, part, args.new.form())?);
    }
    print_made(args.new.json, &made)?;
    Ok(0)
}

fn is_blank(item: &DeckItem) -> bool {
    matches!(item, DeckItem::Card(card) if card.is_blank())
}

/// `job.cbn` becomes `job-1.cbn`.
pub(super) fn numbered(path: &Path, n: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{n}"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
