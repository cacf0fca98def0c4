//! `emu704 deck ls`, `show` and `read`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use asm704::media::card::{
    Card, CardFormat, CardKind, CardSum, DeckItem, RelocatedFields, later_loader, later_operations,
    write_deck,
};
use serde_json::{Value, json};

use super::{Opened, deck_error, look_at, open, parse_form, picture};
use crate::cli::Failure;
use crate::cli::files::out;
use crate::cli::progress::Progress;
use crate::cli::target::{Target, check_json, print_made};

/// Most cards of one picture.
const PICTURED: usize = 100;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 deck ls program.cbn")]
pub(super) struct LsArgs {
    /// Decks; - is standard input
    #[arg(required = true, value_name = "DECK")]
    decks: Vec<PathBuf>,
    /// Take the bytes for this form: cbn, bin, bcd, text
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<CardFormat>,
    /// One JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 deck show program.cbn --card 3\n  emu704 deck show program.cbn --card 3 --png card.png"
)]
pub(super) struct ShowArgs {
    /// Deck; - is standard input
    deck: PathBuf,
    /// This card only, counted from 1
    #[arg(long, value_name = "N")]
    card: Option<usize>,
    /// The cards as a PNG picture, at most 100; - is standard output
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Take the bytes for this form: cbn, bin, bcd, text
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<CardFormat>,
    /// One JSON document: the punches of each column, or about the picture made
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 deck read source.cbn > source.sap")]
pub(super) struct ReadArgs {
    /// Deck; - is standard input
    deck: PathBuf,
    /// Take the bytes for this form: cbn, bin, bcd, text
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<CardFormat>,
    /// One JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn ls(args: &LsArgs) -> Result<u8> {
    let mut out = out();
    let mut all = Vec::new();
    for path in &args.decks {
        let Opened { deck, keyword, form, how } = look_at(path, args.form)?;
        if args.json {
            let cards: Vec<Value> = deck.iter().map(as_json).collect();
            all.push(json!({
                "deck": path.display().to_string(), "form": keyword, "recognised_by": how, "cards": cards,
            }));
            continue;
        }
        writeln!(out, "{}: {form}, recognised by {how}", path.display())?;
        let mut progress = Progress::of_cards(true);
        for (n, item) in deck.iter().enumerate() {
            progress.read(n as u64, || Some(deck.len() as u64));
            match item {
                DeckItem::Card(card) => {
                    let (kind, fields, later) = (card.kind(), relocated(card), for_later(card));
                    writeln!(out, "{:5}  {kind}{fields}{later}", n + 1)?;
                }
                DeckItem::EndOfFile => writeln!(out, "{:5}  end of file", n + 1)?,
            }
        }
    }
    if args.json {
        writeln!(out, "{}", json!({"version": 1, "decks": all}))?;
    }
    out.flush()?;
    Ok(0)
}

/// How many fields of a relocatable card are relocated.
fn relocated(card: &Card) -> String {
    match (card.kind(), card.relocated_fields()) {
        (CardKind::Relocatable { .. }, None) => ", relocation bits WRONG".to_owned(),
        (_, Some(RelocatedFields { direct, complement: 0 })) => format!(", {direct} fields relocated"),
        (_, Some(RelocatedFields { direct, complement })) => {
            format!(", {} fields relocated, {complement} of them complements", direct + complement)
        }
        (_, None) => String::new(),
    }
}

/// Operations of a later machine on a card for a program.
fn for_later(card: &Card) -> String {
    let is_program = matches!(
        card.kind(),
        CardKind::SelfLoading
            | CardKind::Full
            | CardKind::Absolute { checksum: CardSum::Right, .. }
            | CardKind::Relocatable { checksum: CardSum::Right, .. }
    );
    if let Some(operations) = later_loader(card) {
        return format!("  the one-card loader of a 709 or 7090: {}", operations.join(", "));
    }
    let operations = if is_program { later_operations(card) } else { Vec::new() };
    // a number can look like one operation
    if operations.len() < 2 {
        String::new()
    } else {
        format!("  on a 709 or 7090: {}", operations.join(", "))
    }
}

fn as_json(item: &DeckItem) -> Value {
    let DeckItem::Card(card) = item else { return json!({"kind": "end of file"}) };
    let kind = card.kind();
    let name = kind.name();
    match kind {
        CardKind::Symbolic(text) => json!({"kind": name, "text": text}),
        CardKind::Absolute { count, address, checksum } => {
            json!({"kind": name, "words": count, "address": format!("{address:05o}"), "checksum": as_right(checksum)})
        }
        CardKind::Relocatable { count, address, checksum } => {
            let fields = card.relocated_fields().map(|fields| fields.direct + fields.complement);
            json!({
                "kind": name, "words": count, "address": format!("{address:05o}"), "checksum": as_right(checksum),
                "relocated": fields,
            })
        }
        CardKind::Program(program) => {
            let entry = |(name, at): &(String, u16)| json!({"name": name, "address": format!("{at:05o}")});
            json!({
                "kind": name, "words": program.length, "vector": program.vector,
                "common": format!("{:05o}", program.common),
                "entries": program.entries.iter().map(entry).collect::<Vec<_>>(),
                "checksum": as_right(program.checksum),
            })
        }
        CardKind::Transfer { address, relocatable } => {
            json!({"kind": name, "address": format!("{address:05o}"), "relocatable": relocatable})
        }
        CardKind::Blank | CardKind::Sevens | CardKind::SelfLoading | CardKind::Full => json!({"kind": name}),
    }
}

/// True if the checksum is right, false if it is wrong, nothing if the card has none.
fn as_right(checksum: CardSum) -> Option<bool> {
    match checksum {
        CardSum::Right => Some(true),
        CardSum::Wrong => Some(false),
        CardSum::Absent => None,
    }
}

pub(super) fn show(args: &ShowArgs) -> Result<u8> {
    let deck = open(&args.deck, args.form)?;
    let mut out = out();
    if let Some(card) = args.card.filter(|&card| card == 0 || card > deck.len()) {
        let message = format!("{}: no card {card}, the deck has {}", args.deck.display(), deck.len());
        return Err(Failure::usage(message));
    }
    let wanted = |n: &usize| args.card.is_none_or(|card| card == n + 1);
    if let Some(path) = &args.png {
        check_json(args.json, path)?;
        let cards: Vec<&Card> = deck
            .iter()
            .enumerate()
            .filter(|(n, _)| wanted(n))
            .filter_map(|(_, item)| if let DeckItem::Card(card) = item { Some(card) } else { None })
            .collect();
        if cards.is_empty() || cards.len() > PICTURED {
            let message =
                format!("{} cards: a picture holds 1 to {PICTURED}; choose one with --card", cards.len());
            return Err(Failure::usage(message));
        }
        let mut target = Target::create(path)?;
        target.put(&picture::png(&cards)?)?;
        let made = target.commit()?.to_json(json!({"form": "png", "cards": cards.len()}));
        print_made(args.json, &[made])?;
        return Ok(0);
    }
    if args.json {
        let cards = deck.iter().enumerate().filter(|(n, _)| wanted(n));
        let cards: Vec<Value> = cards
            .map(|(n, item)| {
                let mut card = as_json(item);
                card["card"] = json!(n + 1);
                if let DeckItem::Card(punched) = item {
                    card["columns"] = punched.columns.iter().map(|column| format!("{column:04o}")).collect();
                }
                card
            })
            .collect();
        let name = args.deck.display().to_string();
        writeln!(out, "{}", json!({"version": 1, "deck": name, "cards": cards}))?;
        out.flush()?;
        return Ok(0);
    }
    let mut progress = Progress::of_cards(true);
    for (n, item) in deck.iter().enumerate().filter(|(n, _)| wanted(n)) {
        progress.read(n as u64, || Some(deck.len() as u64));
        match item {
            DeckItem::EndOfFile => writeln!(out, "{:5}  end of file", n + 1)?,
            DeckItem::Card(card) => {
                writeln!(out, "{:5}  {}", n + 1, card.kind().name())?;
                out.write_all(picture::text(card).as_bytes())?;
            }
        }
    }
    out.flush()?;
    Ok(0)
}

pub(super) fn read(args: &ReadArgs) -> Result<u8> {
    let deck = open(&args.deck, args.form)?;
    let mut out = out();
    let text = write_deck(&deck, CardFormat::Text).map_err(|error| deck_error(&args.deck, &error))?;
    if args.json {
        let text = String::from_utf8_lossy(&text);
        let (name, lines) = (args.deck.display().to_string(), text.lines().collect::<Vec<_>>());
        writeln!(out, "{}", json!({"version": 1, "deck": name, "lines": lines}))?;
    } else {
        out.write_all(&text)?;
    }
    out.flush()?;
    Ok(0)
}
