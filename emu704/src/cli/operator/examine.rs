//! What can be looked at and changed, as text.

use std::fmt::Write as _;

use anyhow::{Result, anyhow, bail};
use asm704::{Word, disassemble};

use super::{Operator, Pause};
use crate::cpu::Ac;

/// Words that `examine` shows at most.
const MOST_WORDS: usize = 4096;

impl Operator {
    /// One word as an instruction, with symbols where they are known.
    pub fn disassembled(&self, word: Word) -> String {
        let (op, fields) = disassemble::instruction(word, |address| self.source.address(address));
        format!("{op:3} {fields}").trim_end().to_owned()
    }

    /// Where the machine stands, in a line.
    pub fn here(&self) -> String {
        let ic = self.machine.cpu.ic;
        let word = self.machine.core.peek(ic);
        let name = self.source.name(ic).map(|name| format!(" {name}")).unwrap_or_default();
        format!("IC {ic:05o}{name}: {word} {}", self.disassembled(word))
    }

    /// Why the machine is not running, with the symbol of the place.
    pub fn pause_text(&self) -> String {
        match &self.pause {
            Pause::Stopped(stop) => {
                let symbol = self.source.address(stop.at);
                let known = symbol != format!("{:05o}", stop.at);
                crate::cli::report::phrase_at(stop, if known { &symbol } else { "" })
            }
            pause => pause.text(),
        }
    }

    /// How the machine stands, in words.
    pub fn state(&self) -> String {
        let switch = if self.machine.console.automatic { "AUTOMATIC" } else { "MANUAL" };
        let what = if self.running { "running".to_owned() } else { self.pause_text() };
        format!("{switch}, {what}")
    }

    pub(super) fn examine(&self, what: &str) -> Result<String> {
        let cpu = &self.machine.cpu;
        let upper = what.to_ascii_uppercase();
        Ok(match upper.as_str() {
            "AC" => format!("AC {:?}", cpu.ac),
            "MQ" => format!("MQ {}", cpu.mq),
            "SR" => format!("SR {}", cpu.sr),
            "IC" => self.here(),
            "XR" => format!("XR A {:05o} B {:05o} C {:05o}", cpu.xr[0], cpu.xr[1], cpu.xr[2]),
            "XRA" | "XR1" => format!("XRA {:05o}", cpu.xr[0]),
            "XRB" | "XR2" => format!("XRB {:05o}", cpu.xr[1]),
            "XRC" | "XR4" => format!("XRC {:05o}", cpu.xr[2]),
            "KEYS" => format!("keys {}", self.machine.console.keys),
            _ => {
                let (first, last) = match self.address(what) {
                    Ok(address) => (address, address),
                    Err(error) => {
                        let Some((first, last)) = what.split_once('-') else { return Err(error) };
                        (self.address(first)?, self.address(last)?)
                    }
                };
                if last < first {
                    bail!("{last:05o} is before {first:05o}");
                }
                (first..=last)
                    .take(MOST_WORDS)
                    .map(|address| self.word_line(address))
                    .collect::<Vec<_>>()
                    .join("\n")
            }
        })
    }

    fn word_line(&self, address: u16) -> String {
        let word = self.machine.core.peek(address);
        let name = self.source.name(address).unwrap_or("");
        format!("{address:05o} {word}  {name:6} {}", self.disassembled(word)).trim_end().to_owned()
    }

    pub(super) fn deposit(&mut self, place: &str, text: &str) -> Result<()> {
        let mask = self.machine.core.size().mask();
        let short = || {
            asm704::word::parse_address(text).map_err(|e| anyhow!(e)).and_then(|value| {
                if value > mask { Err(anyhow!("{value:05o} is too large for this core")) } else { Ok(value) }
            })
        };
        match place.to_ascii_uppercase().as_str() {
            "AC" => {
                let word: Word = text.parse()?;
                self.machine.cpu.ac = Ac::from_word(word);
            }
            "MQ" => self.machine.cpu.mq = text.parse()?,
            "KEYS" => self.machine.console.keys = text.parse()?,
            "IC" => {
                let start = self.address(text)?;
                self.machine.set_start(start);
            }
            "XRA" | "XR1" => self.machine.cpu.xr[0] = short()?,
            "XRB" | "XR2" => self.machine.cpu.xr[1] = short()?,
            "XRC" | "XR4" => self.machine.cpu.xr[2] = short()?,
            _ => {
                let address = self.address(place)?;
                let word = text.parse()?;
                self.machine.core.poke(address, word);
            }
        }
        Ok(())
    }

    pub(super) fn registers(&self) -> String {
        let cpu = &self.machine.cpu;
        let mut text = format!(
            "AC {:?}  MQ {}  SR {}\nXR A {:05o} B {:05o} C {:05o}\n{}\ncycle {}, {:.6} s of 704 time, {}",
            cpu.ac,
            cpu.mq,
            cpu.sr,
            cpu.xr[0],
            cpu.xr[1],
            cpu.xr[2],
            self.here(),
            self.machine.cycles(),
            self.machine.now().seconds(),
            self.state()
        );
        let on: Vec<&str> = self.lamps().into_iter().filter_map(|(name, on)| on.then_some(name)).collect();
        let _ = write!(text, "\non: {}", on.join(", "));
        text
    }

    /// The single lamps of the panel with their names, in the order of the panel.
    pub fn lamps(&self) -> Vec<(&'static str, bool)> {
        let lamps = crate::panel::Lamps::of(&self.machine, self.goes_or_hangs(), self.has_power());
        lamps.named().to_vec()
    }

    pub(super) fn lights(&self) -> String {
        self.lamps()
            .into_iter()
            .map(|(name, on)| format!("{name}: {}", if on { "on" } else { "off" }))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Some words of code around a location; the instruction counter is marked by `>`, a breakpoint by `*`.
    pub(super) fn list(&self, location: u16) -> String {
        self.code(location, 5, 11).join("\n")
    }

    /// `lines` words of code from `before` words before a location.
    pub fn code(&self, location: u16, before: u16, lines: u16) -> Vec<String> {
        let mask = self.machine.core.size().mask();
        let first = location.saturating_sub(before).min(mask.saturating_sub(lines - 1));
        (first..first.saturating_add(lines).min(mask.saturating_add(1)))
            .map(|address| {
                let at = if address == self.machine.cpu.ic { '>' } else { ' ' };
                let stop = if self.breakpoints.is_at(address) { '*' } else { ' ' };
                let comment = self.source.card(address).map(comment_of).unwrap_or_default();
                format!("{at}{stop}{:<40} {comment}", self.word_line(address)).trim_end().to_owned()
            })
            .collect()
    }

    pub(super) fn symbols(&self, prefix: &str) -> String {
        let lines: Vec<String> = self
            .source
            .symbols()
            .filter(|(name, _)| name.starts_with(prefix))
            .map(|(name, value)| format!("{name:<8} {value:05o}"))
            .collect();
        if lines.is_empty() { "no symbols".to_owned() } else { lines.join("\n") }
    }

    pub(super) fn tapes(&mut self) -> String {
        let lines: Vec<String> = self.tape_views().iter().map(crate::panel::TapeView::text).collect();
        if lines.is_empty() { "no reels are mounted".to_owned() } else { lines.join("\n") }
    }
}

/// What stands behind the variable field of a card.
fn comment_of(card: &str) -> String {
    let field: String = card.chars().skip(11).collect();
    field.split_once(' ').map_or(String::new(), |(_, comment)| comment.trim().to_owned())
}
