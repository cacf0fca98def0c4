//! `emu704 deck from-tape`: a reel of card images back to decks.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::chars::{self, Graphics};
use asm704::media::card::{COLUMNS, Card, Deck, DeckItem};
use asm704::media::tape::{Item, Mode, Record, TapeFormat, words_of};
use serde_json::json;

use super::copy::numbered;
use super::{NewDeck, write};
use crate::cli::Failure;
use crate::cli::files::{DECK, open_reel, parse_form, plural, tape_error};
use crate::cli::tape::walk::say_behind;
use crate::cli::target::{Target, check_json, print_made};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 deck from-tape source.tap -o source.txt\n  emu704 deck from-tape library.tap --many -o deck.cbn --index index.txt     makes deck-1.cbn, deck-2.cbn, ..."
)]
pub(super) struct FromTapeArgs {
    /// Reel of card images; - is standard input
    reel: PathBuf,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// A deck of each file of the reel, with numbers in their names; else one deck with an end of file for each mark
    #[arg(long)]
    many: bool,
    /// Split records into card images of this many characters, such as 84
    #[arg(long, value_name = "CHARACTERS", value_parser = clap::value_parser!(u32).range(1..=168))]
    record: Option<u32>,
    /// Write a line for each file of the reel: its number, deck, first record, cards and the text of the first card
    #[arg(long, value_name = "FILE")]
    index: Option<PathBuf>,
    #[command(flatten)]
    new: NewDeck,
}

/// The cards of one file of the reel.
#[derive(Default)]
struct Part {
    /// Number of the file on the reel, from 1.
    file: usize,
    /// Number of its first record on the reel, from 1.
    first: usize,
    cards: Deck,
    marked: bool,
}

pub(super) fn from_tape(args: &FromTapeArgs) -> Result<u8> {
    check_json(args.new.json, &args.new.output)?;
    if args.many && args.new.output == Path::new("-") {
        return Err(Failure::usage("--many makes several files: give -o a name"));
    }
    let parts = read(args)?;
    let decks: Vec<(PathBuf, Deck)> = if args.many {
        let name = |part: &Part| numbered(&args.new.output, part.file);
        parts.iter().map(|part| (name(part), part.cards.clone())).collect()
    } else {
        let mut all = Deck::new();
        for part in &parts {
            all.extend(part.cards.iter().cloned());
            if part.marked {
                all.push(DeckItem::EndOfFile);
            }
        }
        // the end of the reel is the end of the deck
        if all.last() == Some(&DeckItem::EndOfFile) {
            all.pop();
        }
        vec![(args.new.output.clone(), all)]
    };
    let mut made = Vec::new();
    let mut index_target = args.index.as_deref().map(Target::create).transpose()?;
    for (path, _) in &decks {
        Target::check(path, Some(DECK))?;
    }
    for (n, (path, deck)) in decks.iter().enumerate() {
        if args.many {
            crate::cli::talk::say(&format!("{}: {}", path.display(), plural(deck.len() as u64, "card")));
        }
        let mut about = write(path, deck, args.new.form())?;
        let of = if args.many { &parts[n..=n] } else { &parts[..] };
        about["files"] = of
            .iter()
            .map(|p| json!({"file": p.file, "first_record": p.first, "cards": p.cards.len(), "text": beginning(p)}))
            .collect();
        made.push(about);
    }
    if let Some(mut target) = index_target.take() {
        let mut text = String::from("file deck record cards first card\n");
        for (n, part) in parts.iter().enumerate() {
            let path = decks
                .get(if args.many { n } else { 0 })
                .map_or("-".into(), |(path, _)| path.to_string_lossy());
            let Part { file, first, cards, .. } = part;
            let line = format!("{file} {path} {first} {} {}", cards.len(), beginning(part));
            // writing to a string does not fail
            let _ = writeln!(text, "{}", line.trim_end());
        }
        target.put(text.as_bytes())?;
        made.push(target.commit()?.to_json(json!({"index": true})));
    }
    print_made(args.new.json, &made)?;
    Ok(0)
}

/// The files of the reel that have cards.
fn read(args: &FromTapeArgs) -> Result<Vec<Part>> {
    let mut image = open_reel(&args.reel, args.form)?;
    let mut parts = vec![Part { file: 1, first: 1, ..Part::default() }];
    let (mut number, mut last) = (0, 0);
    for item in image.items(0) {
        let (at, item) = item.map_err(|error| tape_error(&args.reel, error))?;
        last = at;
        let file = parts.len();
        let Some(part) = parts.last_mut() else { break };
        match item {
            Item::Gap(_) | Item::Note(_) => {}
            Item::Mark => {
                part.marked = true;
                parts.push(Part { file: file + 1, first: number + 1, ..Part::default() });
            }
            Item::Record(record) => {
                number += 1;
                let place = format!("{}: offset {at}: file {file}, record {number}", args.reel.display());
                let pieces = args.record.map_or(record.frames.len().max(1), |n| n as usize);
                if record.frames.is_empty() {
                    return Err(Failure::medium(format!(
                        "{place}: expected a card image, found no character"
                    )));
                }
                if record.error {
                    crate::cli::talk::say(&format!("{place}: the error bit is set"));
                }
                for piece in record.frames.chunks(pieces) {
                    let piece = Record::new(piece.to_vec());
                    let wrong = piece.wrong_parity(piece.likely_mode()).count();
                    if wrong > 0 {
                        crate::cli::talk::say(&format!(
                            "{place}: {} of wrong parity",
                            plural(wrong as u64, "character")
                        ));
                    }
                    let card = card(&piece).map_err(|found| {
                        Failure::medium(format!("{place}: expected a card image: at most 84 characters of text, 144 (24 words) or 160 to 168 (column binary), found {found}"))
                    })?;
                    part.cards.push(DeckItem::Card(card));
                }
            }
        }
    }
    say_behind(&args.reel, &mut image, last, "left out")?;
    parts.retain(|part| !part.cards.is_empty() || part.marked && !args.many);
    Ok(parts)
}

/// The card of an image; `Err` says what it is instead.
fn card(record: &Record) -> Result<Card, String> {
    let n = record.frames.len();
    let mode = record.likely_mode();
    match (mode, n) {
        (Mode::Binary, 144) => {
            let words = words_of(record, Mode::Binary);
            return words
                .try_into()
                .map(|words| Card::from_words(&words))
                .map_err(|_| format!("{n} characters"));
        }
        (Mode::Binary, 160..=168) => {
            let mut card = Card::BLANK;
            for (column, pair) in card.columns.iter_mut().zip(record.frames.chunks_exact(2)) {
                *column = u16::from(pair[0] & 0o77) << 6 | u16::from(pair[1] & 0o77);
            }
            let fill = record.frames[2 * COLUMNS..].iter().all(|frame| frame << 2 == 0);
            return if fill {
                Ok(card)
            } else {
                Err(format!("{n} characters, of which the last are not blank"))
            };
        }
        (_, 1..=84) => {}
        _ => {
            return Err(format!(
                "{n} characters of {} parity",
                if mode == Mode::Bcd { "even" } else { "odd" }
            ));
        }
    }
    let cores: Vec<u8> = words_of(record, mode).iter().flat_map(|word| word.characters()).take(n).collect();
    let (columns, fill) = cores.split_at(n.min(COLUMNS));
    if fill.iter().any(|&core| core != chars::BLANK) {
        return Err(format!("{n} characters, of which those after column 80 are not blank"));
    }
    let mut card = Card::BLANK;
    for (column, &core) in card.columns.iter_mut().zip(columns) {
        *column = chars::to_punches(core);
    }
    Ok(card)
}

/// The text of the first card, or what it is.
fn beginning(part: &Part) -> String {
    match part.cards.first() {
        Some(DeckItem::Card(card)) => {
            card.to_text(Graphics::Fortran).unwrap_or_else(|| card.kind().name().to_owned())
        }
        _ => String::new(),
    }
}
