//! `emu704 deck to-tape`: the off-line card-to-tape machine.

use std::path::PathBuf;

use anyhow::Result;
use asm704::Word;
use asm704::chars;
use asm704::media::card::{Card, CardFormat, DeckItem};
use asm704::media::tape::{Item, Mode, TapeFormat, TapeImage, record_from_words};

use serde_json::json;

use super::{open, parse_form};
use crate::cli::Failure;
use crate::cli::files::{DECK, new_form, parse_form as parse_tape_form, tape_error};
use crate::cli::length::Length;
use crate::cli::progress::Progress;
use crate::cli::talk::say;
use crate::cli::target::{Target, check_json, print_made};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 deck to-tape source.sap -o source.tap")]
pub(super) struct ToTapeArgs {
    /// Decks, one after another; - is standard input
    #[arg(required = true, value_name = "DECK")]
    decks: Vec<PathBuf>,
    /// Take the bytes for this form: cbn, bin, bcd, text
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<CardFormat>,
    /// Reel to make, its form by the ending; - is standard output
    #[arg(short, value_name = "REEL")]
    output: PathBuf,
    /// Form of the reel, whatever its ending: tap, p7b, e11, tpc, aws
    #[arg(long, value_name = "FORM", value_parser = parse_tape_form)]
    to: Option<TapeFormat>,
    /// No file mark at the end
    #[arg(long)]
    no_mark: bool,
    /// One JSON document about the reel made
    #[arg(long)]
    json: bool,
}

pub(super) fn to_tape(args: &ToTapeArgs) -> Result<u8> {
    check_json(args.json, &args.output)?;
    let form = new_form(&args.output, args.to, None)?;
    for path in &args.decks {
        asm704::in_use::reads(path, DECK);
    }
    let failed = |error| tape_error(&args.output, error);
    let mut image = TapeImage::create(Target::create(&args.output)?, form).map_err(failed)?;
    let (mut at, mut records, mut marks) = (0, 0_u64, 0_u64);
    let mut marked = false;
    let mut length = Length::new();
    for path in &args.decks {
        let deck = open(path, args.form)?;
        let mut progress = Progress::of_cards(false);
        for (n, item) in deck.iter().enumerate() {
            progress.read(n as u64, || Some(deck.len() as u64));
            let item = match item {
                DeckItem::EndOfFile => Item::Mark,
                DeckItem::Card(card) => {
                    let words = words_of_card(card).map_err(|column| {
                        let place = format!("{}: card {}, column {column}", path.display(), n + 1);
                        Failure::medium(format!("{place}: expected a character, found other punches"))
                    })?;
                    Item::Record(record_from_words(&words, Mode::Bcd))
                }
            };
            marked = item == Item::Mark;
            records += u64::from(!marked);
            marks += u64::from(marked);
            length.add(&item);
            at = image.write(at, &item).map_err(failed)?;
        }
    }
    if !args.no_mark && !marked {
        image.write(at, &Item::Mark).map_err(failed)?;
        marks += 1;
    }
    if let Some(warning) = length.too_long() {
        say(&format!("{}: {warning}", args.output.display()));
    }
    let made = image.into_store().commit()?;
    let about = json!({"form": form.keyword(), "records": records, "marks": marks});
    print_made(args.json, &[made.to_json(about)])?;
    Ok(0)
}

/// The 80 characters of a card and four blanks, 14 words; `Err` names the column, from 1, that is no character.
fn words_of_card(card: &Card) -> Result<Vec<Word>, usize> {
    let mut cores = [chars::BLANK; 84];
    for (n, (core, &column)) in cores.iter_mut().zip(&card.columns).enumerate() {
        *core = chars::from_punches(column).ok_or(n + 1)?;
    }
    Ok(cores.chunks_exact(6).map(|six| Word::from_characters(std::array::from_fn(|n| six[n]))).collect())
}
