//! `emu704 deck convert`, `punch` and `join`: new decks from old ones.

use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::card::{CardFormat, Deck, DeckItem};

use super::{NewDeck, open, parse_form};

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
#[command(after_help = "Example:\n  emu704 deck join loader.cbn program.cbn data.txt -o job.cbn")]
pub(super) struct JoinArgs {
    /// Decks in their order, in any form; - is standard input
    #[arg(required = true, value_name = "DECK")]
    decks: Vec<PathBuf>,
    /// Put an end of file after each
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
