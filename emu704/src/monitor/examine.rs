//! What can be looked at, as text.

use std::fmt::Write as _;

use asm704::Word;
use asm704::views::View;

use super::{Monitor, Result, refused};
use crate::panel::units::{tape_views, wires};
use crate::panel::{Lamps, TapeView};

impl Monitor {
    /// `[-o|-d|-f|-c|-m] PLACE`: a register, or words, in a view or as their cards say it.
    pub(super) fn examine(&self, what: &str) -> Result<String> {
        let (view, what) = match what.split_once(' ') {
            Some((option, place)) => (Some(view_of(option)?), place),
            None => (None, what),
        };
        let upper = what.to_ascii_uppercase();
        if let Some(view) = view
            && let Some(text) = self.register_viewed(&upper, view)
        {
            return Ok(text);
        }
        let cpu = &self.machine().cpu;
        Ok(match upper.as_str() {
            "AC" => format!("AC {:?}", cpu.ac),
            "MQ" => format!("MQ {}", cpu.mq),
            "SR" => format!("SR {}", cpu.sr),
            "IC" => self.debugger.here(),
            "XR" => format!("XR A {:05o} B {:05o} C {:05o}", cpu.xr[0], cpu.xr[1], cpu.xr[2]),
            "XRA" | "XR1" => format!("XRA {:05o}", cpu.xr[0]),
            "XRB" | "XR2" => format!("XRB {:05o}", cpu.xr[1]),
            "XRC" | "XR4" => format!("XRC {:05o}", cpu.xr[2]),
            "KEYS" => format!("keys {}", self.machine().console.keys),
            _ => {
                let (first, last) = self.range(what)?;
                let line = |address| match view {
                    Some(view) => self.debugger.view_line(address, view),
                    None => self.debugger.word_line(address),
                };
                (first..=last).map(line).collect::<Vec<_>>().join("\n")
            }
        })
    }

    /// A register in a view; nothing if the place is not a register. Of AC its sign and bits 1 to 35.
    fn register_viewed(&self, name: &str, view: View) -> Option<String> {
        let cpu = &self.machine().cpu;
        let index = |register: u16| Word::new(u64::from(register));
        let word = match name {
            "AC" => {
                let sign = if cpu.ac.negative { Word::SIGN } else { 0 };
                Word::new(sign | (cpu.ac.magnitude & Word::MAGNITUDE))
            }
            "MQ" => cpu.mq,
            "SR" => cpu.sr,
            "KEYS" => self.machine().console.keys,
            "IC" => index(cpu.ic),
            "XRA" | "XR1" => index(cpu.xr[0]),
            "XRB" | "XR2" => index(cpu.xr[1]),
            "XRC" | "XR4" => index(cpu.xr[2]),
            _ => return None,
        };
        let more = name == "AC" && (cpu.ac.p() || cpu.ac.q());
        let more = if more { ", without Q and P" } else { "" };
        Some(format!("{name} {}{more}", self.debugger.viewed(word, view)))
    }

    pub(super) fn registers(&self) -> String {
        let cpu = &self.machine().cpu;
        let mut text = format!(
            "AC {:?}  MQ {}  SR {}\nXR A {:05o} B {:05o} C {:05o}\n{}\ncycle {}, {:.6} s of 704 time, {}",
            cpu.ac,
            cpu.mq,
            cpu.sr,
            cpu.xr[0],
            cpu.xr[1],
            cpu.xr[2],
            self.debugger.here(),
            self.machine().cycles(),
            self.machine().now().seconds(),
            self.debugger.state()
        );
        let on: Vec<&str> = self.lamps().into_iter().filter_map(|(name, on)| on.then_some(name)).collect();
        let _ = write!(text, "\non: {}", on.join(", "));
        text
    }

    /// The single lamps of the panel with their names, in the order of the panel.
    pub fn lamps(&self) -> Vec<(&'static str, bool)> {
        let lamps = Lamps::of(self.machine(), self.debugger.goes_or_hangs(), self.machine().has_power());
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
        self.debugger.code(location, 5, 11).join("\n")
    }

    pub(super) fn symbols(&self, prefix: &str) -> String {
        let room = &self.debugger.room;
        let lines: Vec<String> = room
            .symbols
            .symbols()
            .filter(|(name, _)| name.starts_with(prefix))
            .map(|(name, value)| format!("{name:<8} {value:05o}"))
            .collect();
        if lines.is_empty() { "no symbols".to_owned() } else { lines.join("\n") }
    }

    /// The tape units that have a reel.
    pub fn tape_views(&mut self) -> Vec<TapeView> {
        tape_views(&mut self.debugger.room, &mut self.counts)
    }

    pub(super) fn tapes(&mut self) -> String {
        let lines: Vec<String> = self.tape_lines().into_iter().map(|(_, line)| line).collect();
        if lines.is_empty() { "no reels are mounted".to_owned() } else { lines.join("\n") }
    }

    /// The units with a reel or a wire, in order, each with its line.
    pub(super) fn tape_lines(&mut self) -> Vec<(u8, String)> {
        let mut lines = self.wires();
        lines.extend(self.tape_views().iter().map(|view| (view.unit, view.text())));
        lines.sort();
        lines
    }

    /// The units with a wire, each with its line.
    pub fn wires(&mut self) -> Vec<(u8, String)> {
        let wires = wires(&mut self.debugger.room).into_iter();
        wires.map(|(unit, name)| (unit, format!("{unit:>2} {name}, no reel"))).collect()
    }
}

/// The view of an option such as `-d`.
fn view_of(option: &str) -> Result<View> {
    let letter = option.strip_prefix('-').filter(|letter| letter.chars().count() == 1);
    letter.and_then(|letter| View::from_letter(letter.to_ascii_lowercase().chars().next()?)).map_or_else(
        || {
            refused(format!(
                "`{option}`: expected -o (octal), -d (decimal), -f (floating point), -c (characters) or -m (instruction)"
            ))
        },
        Ok,
    )
}
