//! Why and where a machine stopped, in a line that knows the program.

use std::fmt::Write as _;

use super::Room;
use crate::machine::{Stop, StopKind};

impl Room {
    /// Why and where: the address of HTR and HPR, by which a programmer numbers halts, the symbol of the place where it is
    /// known, and what the card of the word says when the program ran into data.
    ///
    /// ```
    /// use emu704::{Config, CoreSize, Room};
    ///
    /// let mut room = Room::new(Config::with_core(CoreSize::K4));
    /// room.load_sap("       ORG 64\nSTART  CLA TWO\nTWO    DEC 2\n       END START\n")?;
    /// let stop = room.run()?;
    /// let text = room.headline(&stop);
    /// assert_eq!(text, "stop: HTR 00002 at 00101 (TWO: DEC 2 is data: the program ran into it)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn headline(&self, stop: &Stop) -> String {
        let mut text = format!("stop: {}", stop.kind);
        if matches!(stop.kind, StopKind::Htr | StopKind::Hpr) {
            let _ = write!(text, " {:05o}", self.machine.core.peek(stop.at).address());
        }
        let _ = write!(text, " at {:05o}", stop.at);
        let data = self.ran_into(stop).map(|card| format!("{card} is data: the program ran into it"));
        let place = match (self.symbols.place(stop.at), data) {
            (Some(place), Some(data)) => Some(format!("{place}: {data}")),
            (place, data) => place.or(data),
        };
        let notes: Vec<&str> = place.as_deref().into_iter().chain(stop.message.as_deref()).collect();
        if !notes.is_empty() {
            let _ = write!(text, " ({})", notes.join("; "));
        }
        text
    }

    /// The card of the word that stopped the machine, as of [`Symbols::data`](crate::symbols::Symbols::data), when that card says that the word is data and the
    /// program has left it as it was: a HTR, HPR or undefined operation that no instruction wrote as one.
    pub fn ran_into(&self, stop: &Stop) -> Option<String> {
        let by_word = matches!(stop.kind, StopKind::Htr | StopKind::Hpr | StopKind::UndefinedOperation);
        let as_written = self.symbols.word(stop.at) == Some(self.machine.core.peek(stop.at));
        if by_word && as_written { self.symbols.data(stop.at) } else { None }
    }
}
