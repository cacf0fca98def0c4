//! What an expression names: a register or a word of core, and a view of it.

use asm704::Word;
use asm704::views::View;
use serde_json::{Value, json};

use super::memory::reference;
use super::variables::views_of;
use super::views;
use super::wire::Refusal;
use crate::action::{Action, Place};
use crate::debug::Debugger;

/// Something that holds a word, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Ac,
    Mq,
    Sr,
    Ic,
    Xr(u8),
    Keys,
    Core(u16),
}

/// The registers, in the order in which they are shown.
pub(super) const REGISTERS: [(Named, &str); 8] = [
    (Named::Ac, "AC"),
    (Named::Mq, "MQ"),
    (Named::Sr, "SR"),
    (Named::Ic, "IC"),
    (Named::Xr(0), "XRA"),
    (Named::Xr(1), "XRB"),
    (Named::Xr(2), "XRC"),
    (Named::Keys, "KEYS"),
];

impl Named {
    /// A register, an address, a symbol, a symbol with an octal distance; brackets around an address do no harm.
    ///
    /// # Errors
    /// It is none of these.
    pub(super) fn parse(text: &str, debugger: &Debugger) -> Result<Named, Refusal> {
        let text = text.trim();
        let upper = text.to_ascii_uppercase();
        let register = REGISTERS.iter().find(|(_, name)| *name == upper).map(|(register, _)| *register);
        let numbered = || match upper.as_str() {
            "XR1" => Some(Named::Xr(0)),
            "XR2" => Some(Named::Xr(1)),
            "XR4" => Some(Named::Xr(2)),
            _ => None,
        };
        if let Some(register) = register.or_else(numbered) {
            return Ok(register);
        }
        let inner = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
        debugger.room.address(inner.trim()).map(Named::Core).map_err(Refusal::new)
    }

    /// The word that it holds; of AC the sign and positions 1-35. The registers of addresses hold none.
    pub(super) fn word(self, debugger: &Debugger) -> Option<Word> {
        let machine = &debugger.room.machine;
        let ac = machine.cpu.ac;
        match self {
            Named::Ac => {
                let sign = if ac.negative { 1 << 35 } else { 0 };
                Some(Word::new(sign | (ac.magnitude & Word::MAGNITUDE)))
            }
            Named::Mq => Some(machine.cpu.mq),
            Named::Sr => Some(machine.cpu.sr),
            Named::Keys => Some(machine.console.keys),
            Named::Core(address) => Some(machine.core.peek(address)),
            Named::Ic | Named::Xr(_) => None,
        }
    }

    /// As it is usually shown.
    pub(super) fn show(self, debugger: &Debugger) -> String {
        let cpu = &debugger.room.machine.cpu;
        match self {
            Named::Ac => format!("{:?}", cpu.ac),
            Named::Ic => {
                let symbol = debugger.room.symbols.address(cpu.ic);
                let octal = format!("{:05o}", cpu.ic);
                if symbol == octal { octal } else { format!("{octal} {symbol}") }
            }
            Named::Xr(n) => format!("{:05o}", cpu.xr[usize::from(n)]),
            Named::Mq | Named::Sr | Named::Keys => {
                self.word(debugger).map(|word| word.to_string()).unwrap_or_default()
            }
            Named::Core(address) => views::show(debugger, address),
        }
    }

    /// Its name in expressions.
    pub(super) fn name(self) -> String {
        match self {
            Named::Core(address) => format!("{address:05o}"),
            register => REGISTERS
                .iter()
                .find(|(other, _)| *other == register)
                .map(|(_, name)| (*name).to_owned())
                .unwrap_or_default(),
        }
    }

    /// Sets it, as a person does it by hand.
    ///
    /// # Errors
    /// It cannot be set, the text is no value of it, or the room refuses.
    pub(super) fn set(self, text: &str, view: Option<View>, debugger: &mut Debugger) -> Result<(), Refusal> {
        let place = match self {
            Named::Ac => Place::Ac,
            Named::Mq => Place::Mq,
            Named::Ic => Place::Ic,
            Named::Xr(n) => Place::Xr(n),
            Named::Core(address) => Place::Core(address),
            Named::Keys => {
                debugger.act(&Action::Keys(self.read(text, view, debugger)?))?;
                return Ok(());
            }
            Named::Sr => return Err(Refusal::new("SR cannot be set by hand")),
        };
        let word = match self {
            Named::Ic | Named::Xr(_) => {
                Word::new(debugger.room.address(text.trim()).map_err(Refusal::new)?.into())
            }
            _ => self.read(text, view, debugger)?,
        };
        debugger.act(&Action::Deposit(place, word))?;
        Ok(())
    }

    /// The word that a text means: in a view, or as the place is usually shown. Twelve octal digits are always the word, and
    /// quotes enclose characters.
    fn read(self, text: &str, view: Option<View>, debugger: &Debugger) -> Result<Word, Refusal> {
        let text = text.trim();
        let usual = || match self {
            _ if text.starts_with('\'') => View::Characters,
            _ if text.len() == 12 && text.bytes().all(|digit| (b'0'..=b'7').contains(&digit)) => View::Octal,
            Named::Core(address) => views::usual(debugger, address),
            _ => View::Octal,
        };
        views::read(view.unwrap_or_else(usual), text)
    }

    /// A value as the protocol has it, without its name; the key of the value is `result` or `value`.
    pub(super) fn json(self, key: &str, view: Option<View>, debugger: &Debugger) -> Value {
        let word = self.word(debugger);
        let shown = match (view, word) {
            (Some(view), Some(word)) => views::text(view, word, debugger),
            _ => self.show(debugger),
        };
        let mut told = json!({ "variablesReference": if word.is_some() { views_of(self) } else { 0 } });
        told[key] = json!(shown);
        if let Named::Core(address) = self {
            told["memoryReference"] = json!(reference(address));
        }
        told
    }
}

/// An expression: what it names, and the view behind a comma, as in `SUM,integer`.
///
/// # Errors
/// It names nothing, or the view is none.
pub(super) fn expression(text: &str, debugger: &Debugger) -> Result<(Named, Option<View>), Refusal> {
    let Some((place, name)) = text.split_once(',') else {
        return Ok((Named::parse(text, debugger)?, None));
    };
    let view = views::named(name).ok_or_else(|| {
        let names: Vec<&str> = views::ALL.iter().map(|(_, name)| *name).collect();
        Refusal::new(format!("`{}` is no view: expected {}", name.trim(), names.join(", ")))
    })?;
    Ok((Named::parse(place, debugger)?, Some(view)))
}
