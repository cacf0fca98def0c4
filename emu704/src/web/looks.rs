//! What a debugger's panes show of the machine: words of core in all ways, and where it breaks.

use asm704::views::View;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::Room704;
use crate::symbols::Symbols;

/// Words of core that are told at once.
const MOST_WORDS: u16 = 1024;

#[wasm_bindgen]
impl Room704 {
    /// Words of core from an address on, as a JSON array: `at`, `symbol`, `card` (the view that its card says), and the word in each
    /// view. It ends with core.
    pub fn core_words(&mut self, from: u16, count: u16) -> String {
        self.learn();
        let machine = self.monitor.machine();
        let symbols = &self.monitor.debugger.room.symbols;
        let last = machine.core.size().mask();
        let rows = (0..count.min(MOST_WORDS))
            .map_while(|n| from.checked_add(n).filter(|&at| at <= last))
            .map(|at| {
                let word = machine.core.peek(at);
                let mut row = json!({
                    "at": format!("{at:05o}"),
                    "symbol": symbols.name(at),
                    "card": symbols.view(at).filter(|_| symbols.word(at) == Some(word)).map(View::name),
                });
                for view in View::ALL {
                    row[view.name()] = view.text(word).into();
                }
                row
            });
        Value::Array(rows.collect()).to_string()
    }

    /// How the debugger stands, as JSON: `counter` (the next instruction's address), `breakpoints` on instructions, `all` of them
    /// in words, `past` when the machine was taken back, and `symbols`.
    pub fn debugging(&mut self) -> String {
        self.learn();
        let debugger = &self.monitor.debugger;
        let breakpoints = debugger.breakpoints();
        let symbols: &Symbols = &debugger.room.symbols;
        let at: Vec<u16> =
            (0..=self.monitor.machine().core.size().mask()).filter(|&at| breakpoints.is_at(at)).collect();
        json!({
            "counter": self.monitor.machine().cpu.ic,
            "breakpoints": at,
            "all": breakpoints.texts(symbols),
            "past": debugger.in_past(),
            "history": debugger.history_text(),
            "symbols": symbols.symbols().collect::<Vec<_>>(),
        })
        .to_string()
    }
}
