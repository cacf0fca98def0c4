//! `emu704 deck cut`, `patch`, `insert`, `drop` and `strip`: edits of a deck.

use std::path::PathBuf;

use anyhow::Result;
use asm704::media::card::{CardList, Edit, EditError, InsertAt, SetWord, SumRule};

use super::edited::EditedDeck;
use super::open;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 deck cut system.cbn --cards 3,4,6-22,25- -o uasap.cbn\n  emu704 deck cut system.cbn --cards 6-22 --list uasap.edits     the image stays; the list is read as a deck"
)]
pub(super) struct CutArgs {
    /// Cards to keep, counted from 1 as ls counts, in this order; 25- is from card 25 to the end
    #[arg(long, value_name = "CARDS", value_parser = parse_cards)]
    cards: CardList,
    #[command(flatten)]
    edited: EditedDeck,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A word is 9L, 9R, 8L, ... 0R, 11L, 11R, 12L or 12R; a field is its letter after the word: P prefix, D decrement, T tag, A address, S sign, M magnitude. Values are octal.\n\nExamples:\n  emu704 deck patch tape.cbn --card 1 8RD=221 -o tape1.cbn\n  emu704 deck patch library.cbn --card 7-9 9LP=4 9LA=0 -o program.cbn"
)]
pub(super) struct PatchArgs {
    #[command(flatten)]
    edited: EditedDeck,
    /// New values: WORD=VALUE or WORDFIELD=VALUE
    #[arg(required = true, value_name = "SET", value_parser = parse_set)]
    set: Vec<SetWord>,
    /// Cards to change, counted from 1 as ls counts: 3 or 3,6-22
    #[arg(long, visible_alias = "cards", value_name = "CARDS", value_parser = parse_cards)]
    card: CardList,
    /// What becomes of the checksum in 9R
    #[arg(long, value_enum, default_value_t = Checksum::Auto)]
    checksum: Checksum,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Checksum {
    /// A card whose checksum was right gets a right one; others keep theirs, and so does a card whose 9R is set
    Auto,
    /// 9R stays as it is
    Keep,
    /// Every card gets a right one
    New,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 deck insert program.cbn loader.cbn --before 1 -o job.cbn")]
pub(super) struct InsertArgs {
    #[command(flatten)]
    edited: EditedDeck,
    /// Deck to put in
    #[arg(value_name = "INSERTED")]
    inserted: PathBuf,
    /// Before this card, counted from 1
    #[arg(long, value_name = "N")]
    before: Option<usize>,
    /// After this card; 0 is before the first. Without --before and --after: after the last
    #[arg(long, value_name = "N", conflicts_with = "before")]
    after: Option<usize>,
}

#[derive(Debug, clap::Args)]
#[command(
    group = clap::ArgGroup::new("what").required(true).args(["cards", "transfer"]),
    after_help = "Examples:\n  emu704 deck drop program.cbn --transfer -o words.cbn\n  emu704 deck drop program.cbn --cards 7,9-12 -o shorter.cbn"
)]
pub(super) struct DropArgs {
    #[command(flatten)]
    edited: EditedDeck,
    /// Cards to leave out, counted from 1 as ls counts: 3 or 3,6-22
    #[arg(long, value_name = "CARDS", value_parser = parse_cards)]
    cards: Option<CardList>,
    /// Leave out the transfer card at the end, which is blank if it goes to 0
    #[arg(long)]
    transfer: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 deck strip punched.cbn --sevens -o deck.cbn\n  emu704 deck strip punched.cbn --sevens --keep-blank -o deck.cbn"
)]
pub(super) struct StripArgs {
    #[command(flatten)]
    edited: EditedDeck,
    /// Leave out the cards with 9L all ones, too, which UASAP and FORTRAN punch
    #[arg(long)]
    sevens: bool,
    /// Blank cards stay
    #[arg(long, requires = "sevens")]
    keep_blank: bool,
}

pub(super) fn cut(args: &CutArgs) -> Result<u8> {
    args.edited.edit(&Edit::Cut(args.cards.clone()), None)
}

pub(super) fn patch(args: &PatchArgs) -> Result<u8> {
    let sum = match args.checksum {
        Checksum::Auto => SumRule::Auto,
        Checksum::Keep => SumRule::Keep,
        Checksum::New => SumRule::New,
    };
    args.edited.edit(&Edit::Patch { cards: args.card.clone(), set: args.set.clone(), sum }, None)
}

pub(super) fn insert(args: &InsertArgs) -> Result<u8> {
    let at = match (args.before, args.after) {
        (Some(card), _) => InsertAt::Before(card),
        (None, Some(card)) => InsertAt::After(card),
        (None, None) => InsertAt::End,
    };
    let cards = open(&args.inserted, None)?;
    args.edited.edit(&Edit::Insert { at, cards }, Some(&args.inserted))
}

pub(super) fn drop_cards(args: &DropArgs) -> Result<u8> {
    let edit = args.cards.clone().map_or(Edit::DropTransfer, Edit::Drop);
    args.edited.edit(&edit, None)
}

pub(super) fn strip(args: &StripArgs) -> Result<u8> {
    args.edited.edit(&Edit::Strip { blank: !args.keep_blank, sevens: args.sevens }, None)
}

fn parse_cards(text: &str) -> Result<CardList, EditError> {
    text.parse()
}

fn parse_set(text: &str) -> Result<SetWord, EditError> {
    text.parse()
}
