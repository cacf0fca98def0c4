//! `emu704 deck`: look at decks of cards, punch, read, convert and edit them.

mod copy;
mod edit;
mod edited;
mod from_tape;
mod look;
mod picture;
mod split;
mod to_tape;

use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::card::{
    CardFormat, Deck, DeckError, DeckItem, deck_of_words, read_deck, recognise, stand_ins, write_deck,
};
use asm704::media::file_kind::{FileKind, LARGEST_DECK, Place, Slice, what_is};

use super::Failure;
use super::files::{DECK, plural, quiet_pipe, read_all_as};
use super::talk::say;
use super::target::{Target, check_json, print_made};
use crate::host::edits;
use crate::room::plan::ending;
use serde_json::{Value, json};

/// `emu704 deck`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An edit list, which cut, patch, insert, drop and strip write with --list, can stand for any deck that is read."
)]
pub(crate) struct DeckArgs {
    #[command(subcommand)]
    command: DeckCommand,
}

#[derive(Debug, clap::Subcommand)]
enum DeckCommand {
    /// What each card is: absolute, relocatable, program, full, transfer, symbolic, ...; checksum right or wrong
    Ls(look::LsArgs),
    /// Cards as pictures, in text or as PNG
    Show(look::ShowArgs),
    /// Punch text, one line per card
    Punch(copy::ConvertArgs),
    /// Read cards as text; cards that are not characters become ~raw lines
    Read(look::ReadArgs),
    /// Copy a deck into another form
    Convert(copy::ConvertArgs),
    /// Write cards on tape, as the off-line machine did: BCD records of 84 characters
    ToTape(to_tape::ToTapeArgs),
    /// Card images on a reel back to cards, in one deck or in many
    FromTape(from_tape::FromTapeArgs),
    /// One deck of each part: up to an end of file, a transfer card, an ORG or an END
    Split(split::SplitArgs),
    /// Put decks together
    Join(copy::JoinArgs),
    /// Keep some cards: 3,4,6-22,25-183
    Cut(edit::CutArgs),
    /// Change words or fields of cards; right checksums stay right
    Patch(edit::PatchArgs),
    /// Put a deck into another
    Insert(edit::InsertArgs),
    /// Leave out some cards, or the transfer card at the end
    Drop(edit::DropArgs),
    /// Leave out blank cards (transfer cards to 0 are blank, too), and cards with 9L all ones
    Strip(edit::StripArgs),
}

/// Runs `emu704 deck`; returns the exit code.
pub(crate) fn deck(args: DeckArgs) -> Result<u8> {
    quiet_pipe(match args.command {
        DeckCommand::Ls(args) => look::ls(&args),
        DeckCommand::Show(args) => look::show(&args),
        DeckCommand::Punch(args) => copy::punch(&args),
        DeckCommand::Read(args) => look::read(&args),
        DeckCommand::Convert(args) => copy::convert(&args),
        DeckCommand::ToTape(args) => to_tape::to_tape(&args),
        DeckCommand::FromTape(args) => from_tape::from_tape(&args),
        DeckCommand::Split(args) => split::split(&args),
        DeckCommand::Join(args) => copy::join(&args),
        DeckCommand::Cut(args) => edit::cut(&args),
        DeckCommand::Patch(args) => edit::patch(&args),
        DeckCommand::Insert(args) => edit::insert(&args),
        DeckCommand::Drop(args) => edit::drop_cards(&args),
        DeckCommand::Strip(args) => edit::strip(&args),
    })
}

/// A deck, and how it was recognised.
struct Opened {
    deck: Deck,
    /// Its form, as a keyword and for people.
    keyword: &'static str,
    form: String,
    how: String,
}

/// Reads a deck, in the form its bytes show or in the one told.
fn open(path: &Path, form: Option<CardFormat>) -> Result<Deck> {
    Ok(look_at(path, form)?.deck)
}

fn look_at(path: &Path, form: Option<CardFormat>) -> Result<Opened> {
    let bytes = read_all_as(path, LARGEST_DECK, DECK)?;
    if edits::is_list(&bytes) {
        // the deck that it makes does not take its place
        asm704::in_use::reads(path, "an edit list that it reads");
        return edited_deck(path, &bytes, form);
    }
    let wrong = |error| deck_error(path, &error);
    if let Some(form) = form {
        warn_of_stand_ins(path, &bytes, form);
        let deck = read_deck(&bytes, Some(form)).map_err(wrong)?;
        let how = "the form was given".to_owned();
        return Ok(Opened { deck, keyword: form.keyword(), form: form.to_string(), how });
    }
    let ending = ending(path);
    let found = what_is(&mut Slice(&bytes), Place::Hopper, ending.as_deref())?;
    if found.kind == FileKind::Words {
        let deck = deck_of_words(&String::from_utf8_lossy(&bytes)).map_err(wrong)?;
        let (form, how) = ("words".to_owned(), "24 words of twelve octal digits a line".to_owned());
        return Ok(Opened { deck, keyword: "words", form, how });
    }
    let (form, how) = recognise(&bytes).map_err(wrong)?;
    let is_text = form == CardFormat::Text;
    if let Some(refusal) = found.refusal(Place::Hopper).filter(|_| is_text) {
        return Err(Failure::medium(format!("{}: not a deck of cards: {refusal}", path.display())));
    }
    // what comes down a pipe has no name that could mislead
    let both = found.notes(Place::Hopper, ending.as_deref());
    let notes = if path == Path::new("-") { found.warning.into_iter().collect() } else { both };
    for note in notes {
        say(&format!("{}: {note}", path.display()));
    }
    warn_of_stand_ins(path, &bytes, form);
    let deck = read_deck(&bytes, Some(form)).map_err(wrong)?;
    Ok(Opened { deck, keyword: form.keyword(), form: form.to_string(), how: how.to_owned() })
}

/// The deck that an edit list makes of its image.
fn edited_deck(path: &Path, bytes: &[u8], form: Option<CardFormat>) -> Result<Opened> {
    let edited = edits::read(path, bytes, form).map_err(|error| Failure::medium(error.to_string()))?;
    if let Some(note) = edited.note {
        say(&note);
    }
    let image = edited.image.file_name().unwrap_or_default().to_string_lossy();
    let form = format!("an edit list, {} of {image}", plural(edited.edits as u64, "edit"));
    let how = "its first line".to_owned();
    Ok(Opened { deck: edited.deck, keyword: "edits", form, how })
}

/// Says which characters of a text deck are on no keypunch: what they are punched as is no character of the 704.
fn warn_of_stand_ins(path: &Path, bytes: &[u8], form: CardFormat) {
    if form != CardFormat::Text {
        return;
    }
    let found = stand_ins(bytes);
    let Some(&(line, column, character)) = found.first() else { return };
    let mut all: Vec<char> = found.iter().map(|&(_, _, character)| character).collect();
    all.sort_unstable();
    all.dedup();
    let all: Vec<String> = all.iter().map(|character| format!("`{character}`")).collect();
    say(&format!(
        "{}: line {line}, column {column}: `{character}` is on no keypunch of the 704; its stand-in is punched ({} in all: {})",
        path.display(),
        plural(found.len() as u64, "such character"),
        all.join(" ")
    ));
}

fn deck_error(path: &Path, error: &DeckError) -> anyhow::Error {
    Failure::medium(format!("{}: {error}", path.display()))
}

/// Where a new deck goes.
#[derive(Debug, clap::Args)]
struct NewDeck {
    /// Deck to make, its form by the ending (.cbn, .bin, .bcd, .txt); - is standard output
    #[arg(short, value_name = "NEW")]
    output: PathBuf,
    /// Form of the new deck, whatever its ending: cbn, bin, bcd, text
    #[arg(long, value_name = "FORM", value_parser = parse_form)]
    to: Option<CardFormat>,
    /// One JSON document about the files made
    #[arg(long)]
    json: bool,
}

/// The form of a new deck: as told, or by the ending of its name.
fn new_form(path: &Path, told: Option<CardFormat>) -> CardFormat {
    let ending = path.extension().and_then(|e| e.to_str()).and_then(CardFormat::from_extension);
    told.or(ending).unwrap_or_default()
}

impl NewDeck {
    fn form(&self) -> CardFormat {
        new_form(&self.output, self.to)
    }

    /// Makes the deck; the exit code.
    fn write(&self, deck: &Deck) -> Result<u8> {
        check_json(self.json, &self.output)?;
        print_made(self.json, &[write(&self.output, deck, self.form())?])?;
        Ok(0)
    }
}

/// Makes a deck; what `--json` tells of it.
fn write(path: &Path, deck: &Deck, form: CardFormat) -> Result<Value> {
    let bytes = write_deck(deck, form).map_err(|error| deck_error(path, &error))?;
    let mut target = Target::in_place(path, DECK)?;
    target.put(&bytes)?;
    let cards = deck.iter().filter(|item| matches!(item, DeckItem::Card(_))).count();
    Ok(target.commit()?.to_json(json!({"form": form.keyword(), "cards": cards})))
}

fn parse_form(text: &str) -> Result<CardFormat, String> {
    let known = CardFormat::ALL.into_iter().find(|form| form.keyword() == text);
    known.ok_or_else(|| String::from("expected cbn, bin, bcd or text"))
}
