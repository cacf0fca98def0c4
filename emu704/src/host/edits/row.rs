//! The rows of an edit list.

use std::path::{Path, PathBuf};

use asm704::media::card::{
    CardFormat, CardList, Deck, Edit, EditError, InsertAt, SetWord, SumRule, read_deck,
};
use serde::Deserialize;

/// One edit: one of the first five keys, and those that belong to it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Row {
    cut: Option<Cards>,
    drop: Option<Cards>,
    patch: Option<Cards>,
    insert: Option<Inserted>,
    strip: Option<Vec<Strip>>,
    set: Option<Vec<String>>,
    checksum: Option<Checksum>,
    before: Option<usize>,
    after: Option<usize>,
}

/// `3` or `"3,6-22"`.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected the number of a card, or a list of cards such as \"3,6-22\"")]
enum Cards {
    One(usize),
    List(String),
}

/// A file, or lines of a text deck.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected the name of a deck, or lines such as [\"A CARD\"]")]
enum Inserted {
    File(PathBuf),
    Lines(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Strip {
    Blank,
    Sevens,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Checksum {
    Auto,
    Keep,
    New,
}

/// `drop` of the card at the end.
const TRANSFER: &str = "transfer";

impl Cards {
    fn list(&self) -> Result<CardList, String> {
        match self {
            Cards::One(card) => card.to_string().parse(),
            Cards::List(list) => list.parse(),
        }
        .map_err(|error: EditError| error.to_string())
    }
}

impl Row {
    /// The edit of the row; `load` reads a deck that it names.
    pub(super) fn edit(&self, load: impl Fn(&Path) -> Result<Deck, String>) -> Result<Edit, String> {
        let only = |extra: &[(&str, bool)]| match extra.iter().find(|(_, given)| *given) {
            Some((key, _)) => Err(format!("the key {key} does not belong here")),
            None => Ok(()),
        };
        let patching = [("set", self.set.is_some()), ("checksum", self.checksum.is_some())];
        let placing = [("before", self.before.is_some()), ("after", self.after.is_some())];
        let Row { cut, drop, patch, insert, strip, .. } = self;
        match (cut, drop, patch, insert, strip) {
            (Some(cards), None, None, None, None) => {
                only(&[patching, placing].concat())?;
                Ok(Edit::Cut(cards.list()?))
            }
            (None, Some(cards), None, None, None) => {
                only(&[patching, placing].concat())?;
                match cards {
                    Cards::List(text) if text == TRANSFER => Ok(Edit::DropTransfer),
                    cards => Ok(Edit::Drop(cards.list()?)),
                }
            }
            (None, None, Some(cards), None, None) => {
                only(&placing)?;
                let set: Result<Vec<SetWord>, EditError> =
                    self.set.iter().flatten().map(|text| text.parse()).collect();
                let sum = match self.checksum {
                    None | Some(Checksum::Auto) => SumRule::Auto,
                    Some(Checksum::Keep) => SumRule::Keep,
                    Some(Checksum::New) => SumRule::New,
                };
                Ok(Edit::Patch { cards: cards.list()?, set: set.map_err(|error| error.to_string())?, sum })
            }
            (None, None, None, Some(insert), None) => {
                only(&patching)?;
                let at = match (self.before, self.after) {
                    (Some(card), None) => InsertAt::Before(card),
                    (None, Some(card)) => InsertAt::After(card),
                    (None, None) => InsertAt::End,
                    (Some(_), Some(_)) => return Err("expected before or after, found both".to_owned()),
                };
                let cards = match insert {
                    Inserted::File(name) => load(name)?,
                    Inserted::Lines(lines) => read_deck(lines.join("\n").as_bytes(), Some(CardFormat::Text))
                        .map_err(|error| error.to_string())?,
                };
                Ok(Edit::Insert { at, cards })
            }
            (None, None, None, None, Some(kinds)) => {
                only(&[patching, placing].concat())?;
                let has = |kind| kinds.contains(&kind);
                Ok(Edit::Strip { blank: has(Strip::Blank), sevens: has(Strip::Sevens) })
            }
            _ => Err("expected one of the keys cut, drop, patch, insert, strip".to_owned()),
        }
    }
}

/// An edit as a row of a list; cards that are inserted come from this file, named as the list does.
pub(crate) fn text_of(edit: &Edit, inserted: Option<&Path>) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let list = |texts: Vec<String>| format!("[{}]", texts.join(", "));
    let rows: Vec<(&str, String)> = match edit {
        Edit::Cut(cards) => vec![("cut", quoted(&cards.to_string()))],
        Edit::Drop(cards) => vec![("drop", quoted(&cards.to_string()))],
        Edit::DropTransfer => vec![("drop", quoted(TRANSFER))],
        Edit::Patch { cards, set, sum } => {
            let set = list(set.iter().map(|set| quoted(&set.to_string())).collect());
            let mut rows = vec![("patch", quoted(&cards.to_string())), ("set", set)];
            match sum {
                SumRule::Auto => {}
                SumRule::Keep => rows.push(("checksum", quoted("keep"))),
                SumRule::New => rows.push(("checksum", quoted("new"))),
            }
            rows
        }
        Edit::Insert { at, .. } => {
            let name = inserted.map(|name| name.to_string_lossy().replace('\\', "/")).unwrap_or_default();
            let mut rows = vec![("insert", quoted(&name))];
            match at {
                InsertAt::Before(card) => rows.push(("before", card.to_string())),
                InsertAt::After(card) => rows.push(("after", card.to_string())),
                InsertAt::End => {}
            }
            rows
        }
        Edit::Strip { blank, sevens } => {
            let kinds = [("blank", blank), ("sevens", sevens)];
            let kinds = kinds.iter().filter(|(_, given)| **given).map(|(kind, _)| quoted(kind)).collect();
            vec![("strip", list(kinds))]
        }
    };
    rows.iter().fold(String::from("\n[[edit]]\n"), |text, (key, value)| text + key + " = " + value + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a command writes into a list is the edit that it made.
    #[test]
    fn rows_come_back() {
        let deck = read_deck(b"A CARD\n", None).expect("a deck");
        let cards = |text: &str| text.parse::<CardList>().expect("a list");
        let set = vec!["9LP=4".parse().expect("a patch"), "12R=-5".parse().expect("a patch")];
        let edits = [
            Edit::Cut(cards("3,4,6-22,25-")),
            Edit::Drop(cards("7")),
            Edit::DropTransfer,
            Edit::Patch { cards: cards("1-3"), set: set.clone(), sum: SumRule::Auto },
            Edit::Patch { cards: cards("1"), set: set.clone(), sum: SumRule::Keep },
            Edit::Patch { cards: cards("1"), set, sum: SumRule::New },
            Edit::Insert { at: InsertAt::Before(1), cards: deck.clone() },
            Edit::Insert { at: InsertAt::After(9), cards: deck.clone() },
            Edit::Insert { at: InsertAt::End, cards: deck.clone() },
            Edit::Strip { blank: true, sevens: false },
            Edit::Strip { blank: true, sevens: true },
        ];
        for edit in edits {
            let text = text_of(&edit, Some(Path::new("it's \"a\" deck.cbn")));
            let text = text.trim_start().strip_prefix("[[edit]]\n").expect("a row");
            let row: Row = toml::from_str(text).expect(text);
            let back = row.edit(|name| {
                assert_eq!(name, Path::new("it's \"a\" deck.cbn"));
                Ok(deck.clone())
            });
            assert_eq!(back, Ok(edit), "{text}");
        }
    }

    #[test]
    fn a_row_that_is_none_says_why() {
        for (text, why) in [
            ("", "expected one of the keys cut, drop, patch, insert, strip"),
            ("cut = 1\ndrop = 2", "expected one of the keys cut, drop, patch, insert, strip"),
            ("cut = 1\nset = []", "the key set does not belong here"),
            ("patch = 1\nbefore = 2", "the key before does not belong here"),
            ("insert = 'a'\nbefore = 1\nafter = 1", "expected before or after, found both"),
            ("patch = 1\nset = ['9X=1']", "`9X=1`: 9X is not a word of a card"),
            ("cut = '3-1'", "`3-1` in a list of cards: the last card is before the first"),
        ] {
            let row: Row = toml::from_str(text).expect(text);
            let told = row.edit(|_| Ok(Deck::new())).expect_err(text);
            assert!(told.starts_with(why), "{text}: {told}");
        }
    }
}
