//! `run --show`: words at the end of a run, with their names and values.

use asm704::views::View;
use serde_json::{Value, json};

use crate::cli::Failure;
use crate::room::Room;

/// What to show: places as they were asked for, with their addresses.
pub(super) struct Shown(Vec<(String, u16)>);

impl Shown {
    /// Finds the places.
    ///
    /// # Errors
    /// One is no symbol and no address of core.
    pub(super) fn of(places: &[String], room: &Room) -> anyhow::Result<Shown> {
        let find = |place: &String| {
            let place = place.trim().to_ascii_uppercase();
            let address = room.address(&place).map_err(|error| Failure::usage(format!("--show: {error}")))?;
            Ok((place, address))
        };
        places.iter().map(find).collect::<anyhow::Result<_>>().map(Shown)
    }

    /// A line each: name, address, word, and the word as its card says that it is.
    pub(super) fn lines(&self, room: &Room) -> Vec<String> {
        let width = self.0.iter().map(|(place, _)| place.len()).max().unwrap_or(0);
        let line = |(place, address): &(String, u16)| {
            let word = room.machine.core.peek(*address);
            let (view, value) = value(room, *address);
            let value = if view == View::Octal { "" } else { &value };
            format!("{place:width$} {address:05o} {word}  {value}").trim_end().to_owned()
        };
        self.0.iter().map(line).collect()
    }

    /// The same as data.
    pub(super) fn json(&self, room: &Room) -> Value {
        let row = |(place, address): &(String, u16)| {
            let (view, value) = value(room, *address);
            let word = room.machine.core.peek(*address);
            json!({
                "name": place, "address": format!("{address:05o}"), "word": word,
                "view": view, "value": value,
            })
        };
        self.0.iter().map(row).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A word in the view of its card; in octal where no card says what it is.
fn value(room: &Room, address: u16) -> (View, String) {
    let word = room.machine.core.peek(address);
    let view = room.symbols.view(address).unwrap_or_default();
    let value = view.text_with(word, |address| room.symbols.address(address));
    (view, value)
}
