//! Words of core as lines: what the card says as long as it is so, else what the word says itself.

use asm704::Word;
use asm704::views::View;

use super::Debugger;

impl Debugger {
    /// One word as an instruction, with symbols where they are known; all numbers are octal.
    pub fn disassembled(&self, word: Word) -> String {
        View::Instruction.text_with(word, |address| self.room.symbols.address(address))
    }

    /// A word in a view, with symbols in an instruction; characters are in quotes.
    pub fn viewed(&self, word: Word, view: View) -> String {
        match view {
            View::Instruction => self.disassembled(word),
            View::Octal | View::Integer | View::Floating | View::Characters => view.quoted(word),
        }
    }

    /// What a person should know about a word at an address: operation and field of its card, if the word is still what the card
    /// assembled to. Else the word in the view of the card, and without a card as an instruction. Nothing for a word that
    /// the card gave in octal and that is another now: its digits say all.
    pub fn said(&self, address: u16, word: Word) -> String {
        if let Some(statement) = self.room.symbols.statement(address, word) {
            return statement.to_owned();
        }
        match self.room.symbols.view(address) {
            Some(View::Octal) => String::new(),
            view => self.viewed(word, view.unwrap_or(View::Instruction)),
        }
    }

    /// Where the machine is, in a line.
    pub fn here(&self) -> String {
        let ic = self.room.machine.cpu.ic;
        let word = self.room.machine.core.peek(ic);
        let name = self.room.symbols.name(ic).map(|name| format!(" {name}")).unwrap_or_default();
        format!("IC {ic:05o}{name}: {word} {}", self.executed(ic, word))
    }

    /// A word as what is executed, whatever its card says that it is: the field of the card only if that has an operation.
    pub(super) fn executed(&self, address: u16, word: Word) -> String {
        let symbols = &self.room.symbols;
        let statement = symbols.statement(address, word);
        let statement = statement.filter(|_| symbols.view(address) == Some(View::Instruction));
        statement.map_or_else(|| self.disassembled(word), str::to_owned)
    }

    /// The word at an address in a line: address, word, symbol, and [`Debugger::said`].
    pub fn word_line(&self, address: u16) -> String {
        let word = self.room.machine.core.peek(address);
        self.line(address, word, &self.said(address, word))
    }

    /// The word at an address in a line: address, word, symbol, and the word in a view.
    pub fn view_line(&self, address: u16, view: View) -> String {
        let word = self.room.machine.core.peek(address);
        let said = if view == View::Octal { String::new() } else { self.viewed(word, view) };
        self.line(address, word, &said)
    }

    fn line(&self, address: u16, word: Word, said: &str) -> String {
        let name = self.room.symbols.name(address).unwrap_or("");
        format!("{address:05o} {word}  {name:6} {said}").trim_end().to_owned()
    }

    /// `lines` words of code from `before` words before a location; the instruction counter is marked by `>`, a breakpoint
    /// by `*`.
    pub fn code(&self, location: u16, before: u16, lines: u16) -> Vec<String> {
        let mask = self.room.machine.core.size().mask();
        let first = location.saturating_sub(before).min(mask.saturating_sub(lines - 1));
        (first..first.saturating_add(lines).min(mask.saturating_add(1)))
            .map(|address| {
                let at = if address == self.room.machine.cpu.ic { '>' } else { ' ' };
                let stop = if self.lookout.breakpoints.is_at(address) { '*' } else { ' ' };
                let comment = self.room.symbols.comment(address);
                format!("{at}{stop}{:<40} {comment}", self.word_line(address)).trim_end().to_owned()
            })
            .collect()
    }
}
