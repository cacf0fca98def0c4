//! What the words do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, anyhow, bail};

use super::words::{find, help};
use super::{Operator, Pause, Reply};
use crate::action::Action;
use crate::cli::prepare::mount_failure;
use crate::cli::run::{DrumFile, ending};
use crate::cli::{Failure, hoppers, program};
use crate::console::Key;
use crate::fault::TimedFault;
use crate::host::write_atomically;
use crate::machine::LoadKey;
use crate::media::Media as _;
use crate::snapshot::{self, Snapshot};

/// Instructions that `step` takes at most in one go.
const MOST_STEPS: u64 = 10_000_000;

/// How far behind a TSX its subroutine may return.
const PARAMETERS: u16 = 8;

impl Operator {
    /// Carries out a line of the command language. A line that is blank or begins with `#` does nothing.
    ///
    /// # Errors
    /// What is wrong with the line, or what failed.
    pub fn command(&mut self, line: &str) -> Result<Reply> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(Reply::none());
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let row = find(words[0]).map_err(|e| anyhow!(e))?;
        let rest = &words[1..];
        self.note_beginning();
        let usage = || anyhow!("expected: {} {}", row.word, row.usage);
        Ok(match (row.word, rest) {
            ("mount", ["cards", path]) => {
                hoppers::put_decks(&mut self.machine, &[path.into()], false)?;
                self.changed();
                Reply::Text(format!("{} cards in the hopper", self.machine.card_reader().in_hopper()))
            }
            ("mount", ["drum", number, path]) => {
                let number = number.parse().map_err(|_| usage())?;
                let drum = DrumFile::new(number, path.into()).map_err(|e| anyhow!(e))?;
                hoppers::put_drums(&mut self.machine, std::slice::from_ref(&drum))?;
                self.args.drum.retain(|d| d.number != number);
                self.args.drum.push(drum);
                self.changed();
                Reply::none()
            }
            ("mount", ["tape", rest @ ..] | rest) => self.mount(rest).unwrap_or_else(|| Err(usage()))?,
            ("detach", [unit] | ["tape", unit]) => {
                let unit = tape_unit(unit)?;
                if self.mounts.reel(unit).is_none() {
                    bail!("there is no reel on tape {unit}");
                }
                self.mounts.dismount(unit);
                self.machine.mount_at_load_point(unit);
                self.changed();
                Reply::none()
            }
            ("load", [key @ ("cards" | "tape" | "drum")]) | ("boot", [key]) => {
                self.load_key(key.parse().map_err(|e: String| anyhow!(e))?)?
            }
            ("boot", []) => self.load_key(LoadKey::Tape)?,
            ("load", [path]) => self.load_program(Path::new(path))?,
            ("start", []) => self.key(Key::Start)?,
            ("start" | "go", [address]) => {
                let address = self.address(address)?;
                self.machine.set_start(address);
                self.told = None;
                self.changed();
                self.goes(None)?
            }
            ("go" | "run", []) => {
                self.start_if_halted();
                self.goes(None)?
            }
            ("run", [cycles]) => {
                let cycles: u64 = cycles.parse().map_err(|_| usage())?;
                self.start_if_halted();
                let until = self.machine.cycles().saturating_add(cycles);
                self.goes(Some(until))?
            }
            ("until", [address]) => {
                let address = self.address(address)?;
                let reply = self.goes(None)?;
                self.temporary = Some((address, address));
                self.told = Some((self.machine.cpu.ic, self.machine.cycles()));
                reply
            }
            ("step", rest @ ([] | [_])) => {
                let count = rest.first().map_or(Ok(1), |n| n.parse::<u64>()).map_err(|_| usage())?;
                for n in 0..count.min(MOST_STEPS) {
                    self.step();
                    if matches!(self.pause, Pause::Stopped(_)) {
                        return Ok(Reply::Text(format!("{} after {} steps", self.pause_text(), n + 1)));
                    }
                }
                Reply::Text(self.here())
            }
            ("next", []) => self.step_over()?,
            ("stop", []) => {
                self.running = false;
                Reply::Text(self.here())
            }
            ("break" | "nobreak" | "back" | "who" | "watch" | "unwatch" | "trace" | "history", rest) => {
                self.debug(row.word, rest)?.ok_or_else(usage)?
            }
            ("examine", [what]) => Reply::Text(self.examine(what)?),
            ("deposit", [place, word]) => {
                self.deposit(place, word)?;
                self.changed();
                Reply::none()
            }
            ("registers", []) => Reply::Text(self.registers()),
            ("lights", []) => Reply::Text(self.lights()),
            ("list", []) => Reply::Text(self.list(self.machine.cpu.ic)),
            ("list", [address]) => Reply::Text(self.list(self.address(address)?)),
            ("symbols", rest @ ([] | [_])) => {
                Reply::Text(self.symbols(&rest.first().map_or(String::new(), |s| s.to_uppercase())))
            }
            ("tapes", []) => Reply::Text(self.tapes()),
            ("cards", []) => Reply::Text(format!(
                "{} in the hopper, {} read, {} punched",
                self.machine.card_reader().in_hopper(),
                self.machine.card_reader().cards(),
                self.machine.card_punch().cards()
            )),
            ("paper", rest @ ([] | [_])) => {
                let count = rest.first().map_or(Ok(10), |n| n.parse::<usize>()).map_err(|_| usage())?;
                Reply::Text(self.paper(count).join("\n"))
            }
            ("sense" | "swap" | "power", _) => {
                let mut text = words.clone();
                text[0] = row.word;
                let action: Action = text.join(" ").parse().map_err(|_| usage())?;
                self.do_action(&action);
                Reply::none()
            }
            ("fault", rest) => self.fault_command(rest)?,
            ("keys", [word]) => {
                self.machine.console.keys = word.parse()?;
                Reply::none()
            }
            ("press", [name]) => {
                let key = key_of(name).ok_or_else(usage)?;
                self.key(key)?
            }
            ("automatic", []) => {
                if !self.machine.console.automatic {
                    self.switch_automatic();
                }
                Reply::none()
            }
            ("manual", []) => {
                if self.machine.console.automatic {
                    self.switch_automatic();
                }
                Reply::Text(self.here())
            }
            ("reset", []) => self.key(Key::Reset)?,
            ("clear", []) => self.key(Key::Clear)?,
            ("save", [path]) => self.save(Path::new(path))?,
            ("restore", [path]) => self.restore(Path::new(path))?,
            ("expect", rest) => {
                self.expect(rest)?;
                Reply::none()
            }
            ("help", rest @ ([] | [_])) => Reply::Text(help(rest.first().copied()).map_err(|e| anyhow!(e))?),
            ("quit", []) => Reply::Quit,
            _ => return Err(usage()),
        })
    }

    fn fault_command(&mut self, words: &[&str]) -> Result<Reply> {
        match words {
            [] => {
                let list = self.machine.faults();
                return Ok(Reply::Text(if list.is_empty() {
                    "nothing is broken".to_owned()
                } else {
                    list.join("\n")
                }));
            }
            ["none"] => {
                self.machine.clear_faults();
                self.changed();
            }
            _ => {
                let timed = TimedFault::parse(words, |text| self.address(text).ok())?;
                self.machine.add_fault(timed);
                self.changed();
                self.fault(u64::MAX);
            }
        }
        Ok(Reply::Text(self.take_said().join("\n")))
    }

    fn mount(&mut self, words: &[&str]) -> Option<Result<Reply>> {
        let (unit, path, ring) = match words {
            [unit, path] => (unit, path, false),
            [unit, path, "ring"] => (unit, path, true),
            _ => return None,
        };
        Some((|| {
            let unit = tape_unit(unit)?;
            self.mounts.mount_file(unit, Path::new(path), ring).map_err(|e| mount_failure(&e))?;
            self.machine.mount_at_load_point(unit);
            self.changed();
            Ok(Reply::none())
        })())
    }

    /// START, when a HTR or HPR has stopped the machine; in the past it is pressed when it was.
    fn start_if_halted(&mut self) {
        if self.machine.is_halted() && !self.history.in_past() {
            self.machine.start(&mut self.mounts);
            self.changed();
        }
    }

    fn goes(&mut self, until: Option<u64>) -> Result<Reply> {
        if self.pause == Pause::NoPower {
            bail!("the power is off");
        }
        self.go();
        Ok(Reply::Goes { until })
    }

    fn key(&mut self, key: Key) -> Result<Reply> {
        if !self.press(key) {
            bail!("the key is ineffective as the machine stands ({})", self.state());
        }
        Ok(match (&self.pause, self.running) {
            (_, true) => Reply::Goes { until: None },
            (Pause::Stopped(_), _) => Reply::Text(self.pause_text()),
            _ => Reply::none(),
        })
    }

    fn load_key(&mut self, key: LoadKey) -> Result<Reply> {
        self.key(Key::Load(key))
    }

    fn load_program(&mut self, path: &Path) -> Result<Reply> {
        let image = match ending(path).as_deref() {
            Some("sap") => program::read_sap(path)?,
            Some("oct") => program::read_oct(path)?,
            _ => bail!("{}: expected a program, .sap or .oct, or the name of a LOAD key", path.display()),
        };
        let words = self.machine.core.size().words();
        if let Some((address, _)) = image.words.iter().find(|(address, _)| usize::from(*address) >= words) {
            bail!("the program has a word at {address:05o}, beyond a core of {}", self.machine.core.size());
        }
        for (address, word) in &image.words {
            self.machine.core.poke(*address, *word);
        }
        self.running = false;
        self.source = image.source;
        if let Some(start) = image.start {
            self.machine.set_start(start);
        }
        self.pause = Pause::Operator;
        self.told = None;
        self.changed();
        Ok(Reply::Text(format!("{} words in core", image.words.len())))
    }

    fn step_over(&mut self) -> Result<Reply> {
        use asm704::isa::{Op, decode_major};
        let location = self.machine.cpu.ic;
        let word = self.machine.core.peek(location);
        if decode_major(word) != Some(Op::Tsx) || self.machine.is_halted() {
            self.step();
            let text = if matches!(self.pause, Pause::Stopped(_)) { self.pause_text() } else { self.here() };
            return Ok(Reply::Text(text));
        }
        let reply = self.goes(None)?;
        // A subroutine may return behind its parameters, which end at the latest where it begins itself.
        let mask = self.machine.core.size().mask();
        let entry = self.machine.core.peek(location).address() & mask;
        let reach = location.saturating_add(PARAMETERS).min(mask);
        let last = if entry > location + 1 { reach.min(entry - 1) } else { reach };
        self.temporary = Some(((location + 1) & mask, last));
        self.told = Some((location, self.machine.cycles()));
        Ok(reply)
    }

    fn reels(&mut self) -> BTreeMap<u8, String> {
        (1..=10).filter_map(|unit| Some((unit, self.mounts.reel(unit)?.label()))).collect()
    }

    fn save(&mut self, path: &Path) -> Result<Reply> {
        let snapshot = Snapshot { reels: self.reels(), machine: self.machine.clone() };
        let text = snapshot::save(&snapshot)?;
        write_atomically(path, text.as_bytes()).map_err(|e| Failure::usage(e.to_string()))?;
        Ok(Reply::Text(format!("cycle {} saved", self.machine.cycles())))
    }

    fn restore(&mut self, path: &Path) -> Result<Reply> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::usage(format!("{}: cannot read: {e}", path.display())))?;
        let snapshot =
            snapshot::load(&text).map_err(|e| Failure::medium(format!("{}: {e}", path.display())))?;
        self.running = false;
        self.pause = Pause::Operator;
        self.temporary = None;
        self.told = None;
        self.changed();
        self.machine = snapshot.machine;
        // another story begins
        self.remember(self.history.is_on());
        let mut said = format!("cycle {} restored", self.machine.cycles());
        let mounted = self.reels();
        for (unit, label) in &snapshot.reels {
            if mounted.get(unit) != Some(label) {
                let _ = write!(said, "\ntape {unit} had {label}: mount it, or the unit reads something else");
            }
        }
        Ok(Reply::Text(said))
    }

    /// An address: octal, a symbol, or a symbol with an octal distance.
    pub(super) fn address(&self, text: &str) -> Result<u16> {
        let mask = self.machine.core.size().mask();
        let within = |address: u16| {
            if address > mask {
                Err(anyhow!("{address:05o} is beyond a core of {}", self.machine.core.size()))
            } else {
                Ok(address)
            }
        };
        if let Ok(address) = asm704::word::parse_address(text) {
            return within(address);
        }
        let upper = text.to_uppercase();
        if upper == "IC" {
            return Ok(self.machine.cpu.ic);
        }
        if let Some(value) = self.source.value(&upper) {
            return within(value);
        }
        let split = upper.rfind(['+', '-']).filter(|at| *at > 0);
        if let Some(at) = split
            && let Some(value) = self.source.value(&upper[..at])
            && let Ok(distance) = asm704::word::parse_address(&upper[at + 1..])
        {
            let sum = if upper[at..].starts_with('+') {
                value.checked_add(distance)
            } else {
                value.checked_sub(distance)
            };
            return within(sum.ok_or_else(|| anyhow!("`{text}` is not within core"))?);
        }
        bail!("`{text}` is neither an octal address nor a symbol of the program")
    }
}

fn tape_unit(text: &str) -> Result<u8> {
    match text.parse() {
        Ok(unit @ 1..=10) => Ok(unit),
        _ => bail!("`{text}` is no tape unit, expected 1 to 10"),
    }
}

fn key_of(name: &str) -> Option<Key> {
    Some(match name.to_ascii_lowercase().as_str() {
        "start" => Key::Start,
        "reset" => Key::Reset,
        "clear" => Key::Clear,
        "load-cards" => Key::Load(LoadKey::Cards),
        "load-tape" => Key::Load(LoadKey::Tape),
        "load-drum" => Key::Load(LoadKey::Drum),
        "enter-mq" => Key::EnterMq,
        "enter-instruction" => Key::EnterInstruction,
        "display-storage" => Key::DisplayStorage,
        "display-effective-address" => Key::DisplayEffectiveAddress,
        "display-a" => Key::DisplayIndex(0),
        "display-b" => Key::DisplayIndex(1),
        "display-c" => Key::DisplayIndex(2),
        "single-step" => Key::SingleStep,
        "multiple-step" => Key::MultipleStep,
        _ => return None,
    })
}
