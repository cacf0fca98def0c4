//! What a teacher writes. docs/teachers.md has every key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::number::{Value, Values};
use crate::action::Action;
use crate::config::Config;
use crate::core_store::CoreSize;
use crate::machine::LoadKey;

/// An exercise: what to do, and the cases that a right program passes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exercise {
    /// In a few words.
    pub title: String,
    /// What is to be done, for the student.
    #[serde(default)]
    pub task: String,
    /// Said when something is wrong.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Of each case that does not say.
    pub core: Option<CoreSize>,
    /// Machine cycles, of each case that does not say.
    pub limit: Option<u64>,
    /// Habits of the machine, of each case.
    pub config: Option<Config>,
    /// Operations that the student's own cards must execute in each case.
    #[serde(default)]
    pub required: Vec<String>,
    /// Operations that the student's own cards must not execute.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// Words that the student's own cards may fill.
    pub most_words: Option<usize>,
    /// Mistakes that may come in each case.
    #[serde(default)]
    pub mistake: Vec<Mistake>,
    /// Runs, each from the beginning.
    #[serde(default)]
    pub case: Vec<Case>,
}

/// One run, and what must come of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// In a few words.
    pub name: Option<String>,
    /// Said when this case is wrong.
    pub hint: Option<String>,
    /// Size of core.
    pub core: Option<CoreSize>,
    /// Machine cycles.
    pub limit: Option<u64>,
    /// Words put in core before the start, by symbol or octal address; a list fills the words from there on.
    pub put: BTreeMap<String, Values>,
    /// Press this LOAD key: a source is punched as a deck, or written as a reel that loads itself.
    pub load: Option<LoadKey>,
    /// A deck as text, one line per card.
    pub cards: Option<String>,
    /// A deck as a file.
    pub cards_file: Option<PathBuf>,
    /// Reels, by unit.
    pub tape: BTreeMap<String, Tape>,
    /// Sense switches that are down.
    pub sense: Vec<u8>,
    /// The 36 entry keys.
    pub keys: Option<Value>,
    /// Program stops after which START is pressed.
    #[serde(rename = "continue")]
    pub continues: u64,
    /// What the operator does.
    pub operator: Vec<Act>,
    /// How it must end: a kind of stop and perhaps its place. A halt, if missing.
    pub stop: Option<String>,
    /// Conditions in the words of the monitor's `expect`, and a few more.
    pub expect: Vec<String>,
    /// All that is printed. Blanks at the end of a line, and empty lines at the end, do not count.
    pub paper: Option<String>,
    /// Words of core at the end, by symbol or octal address; a list is compared from there on.
    pub words: BTreeMap<String, Values>,
    /// Registers at the end.
    pub registers: BTreeMap<String, Value>,
    /// All cards that are punched, as text.
    pub punched: Option<String>,
    /// What is on reels at the end, by unit.
    pub reel: BTreeMap<String, Reel>,
    /// What is on the film.
    pub film: Option<Film>,
    /// Machine cycles that the program may take.
    pub most_cycles: Option<u64>,
    /// Mistakes that may come.
    pub mistake: Vec<Mistake>,
}

/// A mistake that is known: when all of it is so, it is said.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mistake {
    /// Conditions, as of `expect`.
    pub when: Vec<String>,
    /// For the student.
    pub say: String,
}

/// A reel at the beginning: a file, a text, or records; blank if there is none of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tape {
    /// An image in any form.
    pub file: Option<PathBuf>,
    /// The canonical text of a reel.
    pub text: Option<String>,
    /// Binary records, each a list of words.
    pub records: Vec<Vec<Value>>,
    /// File marks behind the records.
    pub marks: u32,
    /// The file-protect ring is in.
    pub ring: bool,
}

/// A reel at the end.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reel {
    /// How many records, or their words.
    pub records: Option<Records>,
    /// How many file marks.
    pub marks: Option<u64>,
    /// The canonical text.
    pub text: Option<String>,
}

/// Records that a reel must have.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Records {
    /// So many.
    Count(u64),
    /// These words.
    Words(Vec<Vec<Value>>),
}

/// Points of a film, all frames together. X and Y count from the lower left corner, 0 to 1,023.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Film {
    /// Different points.
    pub points: Option<usize>,
    /// Frames that have a point.
    pub frames: Option<usize>,
    /// Points that must be there.
    #[serde(deserialize_with = "points")]
    pub lit: Vec<[u16; 2]>,
    /// Points that must not be there.
    #[serde(deserialize_with = "points")]
    pub dark: Vec<[u16; 2]>,
}

/// X and Y of each point: two numbers, and on the film.
fn points<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<[u16; 2]>, D::Error> {
    let point = |numbers: Vec<u16>| match numbers[..] {
        [x @ 0..=1023, y @ 0..=1023] => Ok([x, y]),
        _ => Err(serde::de::Error::custom("expected points [X, Y], each from 0 to 1023")),
    };
    Vec::<Vec<u16>>::deserialize(deserializer)?.into_iter().map(point).collect()
}

/// One act of the operator, as in a job file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Act {
    /// At this machine cycle.
    pub at: Option<u64>,
    /// After a stop.
    #[serde(default)]
    pub at_stop: bool,
    /// In the words of [`Action`].
    pub r#do: String,
}

impl Exercise {
    /// The files that it names: decks, reels, and what its operator mounts.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut names = Vec::new();
        for case in &self.case {
            names.extend(case.cards_file.clone());
            names.extend(case.tape.values().filter_map(|tape| tape.file.clone()));
            for act in &case.operator {
                let words: Vec<&str> = act.r#do.split_whitespace().collect();
                let act = Action::parse(&words, &|_| Ok(0)).ok();
                names.extend(act.as_ref().and_then(Action::file).map(Path::to_owned));
            }
        }
        names.sort();
        names.dedup();
        names
    }
}
