//! Places in core, and what is put there: ranges of addresses, and words that are written as instructions.

use asm704::Word;
use asm704::assemble::{Options, assemble};
use asm704::diag::{Code, Diagnostic, Severity};

use super::{Monitor, MonitorError, Reply, Result, refused};
use crate::action::{Action, Place};

/// Operations of the assembler whose field is data; in any other, numbers are octal as everywhere in the monitor.
const DATA: &[&str] = &["DEC", "OCT", "BCD"];

/// What separates the parts of a variable field.
const SIGNS: &[char] = &['+', '-', '*', '/', ',', '$'];

impl Monitor {
    /// `ADDRESS`, `ADDRESS-ADDRESS` (or with `:`), `ADDRESS/COUNT`: the first and the last address.
    ///
    /// # Errors
    /// One of them is not an address within core, or the last is before the first.
    pub(super) fn range(&self, text: &str) -> Result<(u16, u16)> {
        let error = match self.address(text) {
            Ok(address) => return Ok((address, address)),
            Err(error) => error,
        };
        if let Some((first, count)) = text.split_once('/') {
            let first = self.address(first)?;
            let last = count
                .parse::<u16>()
                .ok()
                .filter(|count| *count > 0)
                .and_then(|count| first.checked_add(count - 1))
                .filter(|last| *last <= self.machine().core.size().mask());
            return last.map(|last| (first, last)).ok_or_else(|| {
                MonitorError::Refused(format!(
                    "`{text}`: expected ADDRESS/COUNT, a count in decimal that ends within core"
                ))
            });
        }
        let Some((first, last)) = text.split_once('-').or_else(|| text.split_once(':')) else {
            return Err(error);
        };
        let (first, last) = (self.address(first)?, self.address(last)?);
        if last < first {
            return refused(format!("{last:05o} is before {first:05o}"));
        }
        Ok((first, last))
    }

    /// `deposit RANGE TEXT`, where the text is a word in octal or an instruction. Nothing when the place is a register.
    pub(super) fn deposit_text(&mut self, place: &str, text: &str) -> Result<Option<Reply>> {
        if Place::register(place).is_some() || place.eq_ignore_ascii_case("keys") || text.is_empty() {
            return Ok(None);
        }
        let (first, last) = self.range(place)?;
        // only what speaks of its own location is another word everywhere
        let moves = text.contains('*');
        let word = self.word(first, text)?;
        let mut acts = vec![Action::Deposit(Place::Core(first), word)];
        for address in first..last {
            let word = if moves { self.word(address + 1, text)? } else { word };
            acts.push(Action::Deposit(Place::Core(address + 1), word));
        }
        self.debugger.act_all(&acts)?;
        Ok(Some(Reply::none()))
    }

    /// A word: 12 octal digits, or fewer, or one instruction as the assembler has it, with the program's symbols.
    ///
    /// # Errors
    /// It is neither.
    pub(super) fn word(&self, location: u16, text: &str) -> Result<Word> {
        let octal = match text.parse::<Word>() {
            Ok(word) => return Ok(word),
            Err(error) => error,
        };
        if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(octal.into());
        }
        let upper = text.to_ascii_uppercase();
        let (operation, field) = upper.split_once(char::is_whitespace).unwrap_or((&upper, ""));
        let field = field.trim_start();
        if operation.len() > 6 {
            return refused(format!("`{text}`: neither a word in octal nor an instruction"));
        }
        let mut symbols = Vec::new();
        let field = if DATA.contains(&operation) {
            field.to_owned()
        } else {
            for name in field.split(SIGNS).filter(|name| (1..=6).contains(&name.len())) {
                if let Some(value) = self.debugger.room.symbols.value(name) {
                    symbols.push(format!("{name:<6} SYN {value}\n"));
                }
            }
            decimal(field).map_err(MonitorError::Refused)?
        };
        let cards = format!(
            "{}       ORG {location}\n       {operation:<3} {field}\n       END 0\n",
            symbols.concat()
        );
        // what a card would only warn of is refused: nobody sees a warning here
        let asks = DATA.contains(&operation);
        let output = assemble(&cards, &Options { questions: asks, ..Options::default() });
        let is_wrong =
            |found: &&Diagnostic| found.severity() == Severity::Error || asks && found.code != Code::NoOrigin;
        if let Some(wrong) = output.diagnostics().find(is_wrong) {
            let help = wrong.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            return refused(format!("`{text}`: {}{help}", wrong.message));
        }
        let words: Vec<Word> = output.core_image().map(|(_, word)| word).collect();
        match words.as_slice() {
            [word] => Ok(*word),
            words => refused(format!("`{text}`: {} words, expected 1", words.len())),
        }
    }
}

/// A variable field whose numbers are octal, as the assembler reads it.
fn decimal(field: &str) -> std::result::Result<String, String> {
    let mut text = String::new();
    // behind the first blank stands a comment
    let field = field.split_whitespace().next().unwrap_or_default();
    for part in field.split_inclusive(SIGNS) {
        let (name, sign) = match part.strip_suffix(SIGNS) {
            Some(name) => (name, &part[name.len()..]),
            None => (part, ""),
        };
        if !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit()) {
            let value = u64::from_str_radix(name, 8)
                .map_err(|_| format!("`{name}` is not an octal number: numbers here are octal"))?;
            text.push_str(&value.to_string());
        } else {
            text.push_str(name);
        }
        text.push_str(sign);
    }
    Ok(text)
}
