//! Where an edited deck goes: into a new deck, or as one more row into an edit list.

use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::card::{CardFormat, CardWord, Change, Deck, DeckItem, Edit};
use asm704::media::file_kind::LARGEST_DECK;
use serde_json::{Value, json};

use super::{deck_error, look_at, new_form, parse_form, write};
use crate::cli::Failure;
use crate::cli::files::{read_all, read_all_as};
use crate::cli::talk::say;
use crate::cli::target::{Target, check_json, print_made};
use crate::host::edits;

/// An edit list, to which a row is added.
const LIST: &str = "an edit list that it reads";

/// A deck to edit, and where the edited one goes.
#[derive(Debug, clap::Args)]
pub(super) struct EditedDeck {
    /// Deck; - is standard input
    deck: PathBuf,
    /// Take the bytes for this form: cbn, bin, bcd, text
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<CardFormat>,
    /// Deck to make, its form by the ending (.cbn, .bin, .bcd, .txt); - is standard output
    #[arg(short, value_name = "NEW", required_unless_present = "list")]
    output: Option<PathBuf>,
    /// Form of the new deck, whatever its ending: cbn, bin, bcd, text
    #[arg(long, value_name = "FORM", value_parser = parse_form)]
    to: Option<CardFormat>,
    /// Make no deck: add the edit to this edit list, which from then on stands for the edited deck. It must be in
    /// the folder of the deck or above, and is begun if it is missing
    #[arg(long, value_name = "LIST", conflicts_with_all = ["output", "to", "form"])]
    list: Option<PathBuf>,
    /// One JSON document about the files made
    #[arg(long)]
    json: bool,
}

impl EditedDeck {
    /// Edits; the exit code. `inserted` is the file that new cards come from.
    pub(super) fn edit(&self, edit: &Edit, inserted: Option<&Path>) -> Result<u8> {
        if let Some(list) = &self.list {
            return self.edit_in_list(list, edit, inserted);
        }
        let Some(output) = &self.output else {
            return Err(Failure::usage("give the new deck a name with -o"));
        };
        check_json(self.json, output)?;
        let mut deck = look_at(&self.deck, self.form)?.deck;
        let changes = self.apply(edit, &mut deck)?;
        let mut about = write(output, &deck, new_form(output, self.to))?;
        about["changes"] = changes;
        print_made(self.json, &[about])?;
        Ok(0)
    }

    /// Applies the edit and says what it changes; what `--json` tells of it.
    fn apply(&self, edit: &Edit, deck: &mut Deck) -> Result<Value> {
        let changes =
            edit.apply(deck).map_err(|error| Failure::usage(format!("{}: {error}", self.deck.display())))?;
        for change in &changes {
            say(&format!("{}: {change}", self.deck.display()));
        }
        Ok(changes.iter().map(as_json).collect())
    }

    fn edit_in_list(&self, list: &Path, edit: &Edit, inserted: Option<&Path>) -> Result<u8> {
        check_json(self.json, list)?;
        let is_there = list.exists();
        let wrong = |why: String| Failure::usage(format!("{}: {why}", list.display()));
        let named = |file: &Path| {
            edits::name_in_folder(list, file).ok_or_else(|| {
                wrong(format!("{} is not in the folder of the list or below it", file.display()))
            })
        };
        if self.deck == Path::new("-") || inserted == Some(Path::new("-")) {
            return Err(wrong("an edit list names files: expected no -".to_owned()));
        }
        let inserted = inserted.map(named).transpose()?;
        let image = read_all(&self.deck, LARGEST_DECK)?;
        let (mut text, mut deck, so_far) = if is_there {
            let bytes = read_all_as(list, LARGEST_DECK, LIST)?;
            if !edits::is_list(&bytes) {
                return Err(Failure::medium(format!("{}: expected an edit list", list.display())));
            }
            let edited =
                edits::read(list, &bytes, None).map_err(|error| Failure::medium(error.to_string()))?;
            if edited.image_bytes != image {
                let other = edited.image.file_name().unwrap_or_default().to_string_lossy();
                return Err(wrong(format!("it edits {other}, not {}", self.deck.display())));
            }
            (String::from_utf8_lossy(&bytes).into_owned(), edited.deck, edited.edits)
        } else {
            let name = named(&self.deck)?;
            let deck = edits::deck_of(&image, None).map_err(|error| deck_error(&self.deck, &error))?;
            (edits::header(&name, &image), deck, 0)
        };
        let changes = self.apply(edit, &mut deck)?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text += &edits::text_of(edit, inserted.as_deref());
        // the list must give this very deck
        let read = edits::read(list, text.as_bytes(), None).map_err(|error| wrong_row(&error))?;
        if read.deck != deck {
            return Err(wrong("the list would not give the deck that the command makes".to_owned()));
        }
        let mut target = Target::in_place(list, LIST)?;
        target.put(text.as_bytes())?;
        let about =
            json!({"form": "edits", "cards": cards_of(&deck), "edits": so_far + 1, "changes": changes});
        print_made(self.json, &[target.commit()?.to_json(about)])?;
        Ok(0)
    }
}

fn wrong_row(error: &edits::EditListError) -> anyhow::Error {
    Failure::usage(format!("{error}; nothing written"))
}

fn cards_of(deck: &[DeckItem]) -> usize {
    deck.iter().filter(|item| matches!(item, DeckItem::Card(_))).count()
}

fn as_json(change: &Change) -> Value {
    match change {
        Change::Word { card, word, before, after } => json!({
            "card": card, "word": word.to_string(), "before": before, "after": after,
            "is_checksum": *word == CardWord::CHECKSUM,
        }),
        Change::SumNotRight { card } => json!({"card": card, "checksum": false}),
        Change::Left(cards) => json!({"left_out": cards}),
        Change::Inserted(cards) => json!({"inserted": cards}),
    }
}
