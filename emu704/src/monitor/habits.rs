//! Habits of people who know SIMH: its words, its names of units, and what to say where one of them means nothing here.

use super::words::{WORDS, WordRow};
use super::{Monitor, MonitorError, Reply, Result, refused};
use crate::action::Action;
use crate::debug::Condition;

/// SIMH's words that have no meaning here, and what to use instead.
#[rustfmt::skip]
pub(super) const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["assign", "deassign"], "units have their names; `show units` lists them"),
    (&["goto", "call", "on", "proceed", "ignore", "sleep", "shift"], "files of commands run from top to bottom; `if`, `do` and `return` are what they have"),
    (&["noexpect", "nosend"], "`expect` looks once and at once, and `send` punches at once: there is nothing to take back"),
    (&["iexamine", "ie", "ideposit", "id"], "`examine ADDRESS`, and then `deposit ADDRESS WORD`"),
    (&["bootstrap"], "`boot`, or `load cards`, `load tape`, `load drum`"),
    (&["dump"], "`save FILE` keeps all of the machine, `examine 0-77` shows words"),
    (&["debug", "nodebug"], "`trace FILE` writes a line for each instruction, `trace off` ends it"),
    (&["log", "nolog"], "lead standard output to a file; `trace FILE` has the instructions"),
    (&["spawn", "cd", "pwd", "ls", "dir", "type", "cat", "copy", "cp", "delete", "rm", "rename", "mkdir", "rmdir", "tar", "curl"], "files are the shell's; the monitor runs no commands of the host"),
    (&["runlimit", "norunlimit"], "`run CYCLES`, or the option `--limit CYCLES`"),
    (&["screenshot"], "`emu704 tui --picture FILE` draws the panel"),
    (&["attachdetach"], "`mount N FILE` and `detach N`"),
];

/// What to use instead of a word of SIMH.
pub(super) fn advice(word: &str) -> Option<String> {
    if word.starts_with('!') {
        return Some("the monitor runs no commands of the host".to_owned());
    }
    let (_, instead) = ELSEWHERE.iter().find(|(words, _)| words.contains(&word))?;
    Some(format!("`{word}` has no meaning here: {instead}"))
}

/// The word that an unknown one is nearest to.
pub(super) fn nearest(word: &str) -> Option<&'static str> {
    let names = WORDS.iter().flat_map(|row| std::iter::once(row.word).chain(row.also.iter().copied()));
    let names = names.filter(|name| name.len() > 2);
    let (distance, name) = names
        .map(|name| (strsim::damerau_levenshtein(name, word), name))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= if word.len() < 5 { 1 } else { 2 }).then_some(name)
}

/// A unit by SIMH's name, ours, or that of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Device {
    Tape(u8),
    Drum(u8),
    Reader,
    Punch,
    Printer,
    Crt,
}

impl Device {
    fn parse(text: &str) -> Option<Device> {
        let lower = text.to_ascii_lowercase();
        Some(match lower.as_str() {
            "cdr" | "rdr" | "reader" => Device::Reader,
            "cdp" | "pun" | "punch" => Device::Punch,
            "lpt" | "prt" | "printer" => Device::Printer,
            "crt" => Device::Crt,
            _ => {
                let at = lower.find(|c: char| c.is_ascii_digit())?;
                let number = lower[at..].parse().ok()?;
                match &lower[..at] {
                    "mt" | "mta" | "tape" => Device::Tape(number),
                    "dr" | "drm" | "drum" => Device::Drum(number),
                    _ => return None,
                }
            }
        })
    }
}

impl Monitor {
    /// A command in the way of SIMH; nothing when it is one of ours, to be taken as it stands.
    pub(super) fn habit(&mut self, row: &WordRow, rest: &[&str], tail: &str) -> Result<Option<Reply>> {
        let usage = || MonitorError::Usage { word: row.word, usage: row.usage };
        Ok(match (row.word, rest) {
            ("mount", rest) => self.attach(rest)?,
            ("detach", ["all"]) => Some(self.detach_all()?),
            ("detach", [unit]) => match Device::parse(unit) {
                Some(Device::Tape(unit)) => Some(self.line(&format!("detach {unit}"))?),
                Some(_) => return refused("only reels are taken off; `clear` and new cards do the rest"),
                None => None,
            },
            ("boot", [unit]) => match Device::parse(unit) {
                Some(Device::Tape(1)) => Some(self.line("boot tape")?),
                Some(Device::Reader) => Some(self.line("boot cards")?),
                Some(Device::Drum(1)) => Some(self.line("boot drum")?),
                Some(Device::Tape(_)) => {
                    return refused("LOAD TAPE reads tape 1: `swap` exchanges the dials of two units");
                }
                Some(_) => return refused("the LOAD keys are those of cards, tape 1 and drum 1"),
                None => None,
            },
            ("go", ["anyway"]) if self.flaw.is_some() => {
                self.run_anyway();
                Some(self.line("go")?)
            }
            ("break", [place, ..]) if place.ends_with(']') && !place.starts_with('[') => {
                return refused("a count is not written in brackets here: `break ADDRESS after N`");
            }
            ("go" | "run", ["until", address]) => {
                self.may_go()?;
                self.address(address)?;
                self.start_if_halted();
                Some(self.line(&format!("until {address}"))?)
            }
            ("deposit", ["-m", place, _, ..] | [place, _, ..]) => {
                let tail = tail.strip_prefix("-m").unwrap_or(tail).trim_start();
                let text = tail.split_once(char::is_whitespace).map_or("", |(_, text)| text.trim());
                self.deposit_text(place, text)?
            }
            // a program may have a symbol of that name
            ("examine", [state])
                if state.eq_ignore_ascii_case("state")
                    && self.debugger.room.symbols.value("STATE").is_none() =>
            {
                Some(Reply::Text(self.state_text()))
            }
            ("reset", [_, ..]) => {
                return refused(
                    "`reset` is the key RESET; `clear` zeros core, `power off` and `power on` do more",
                );
            }
            ("send", [_, ..]) => Some(self.send(tail)?),
            ("do", [path, arguments @ ..]) => Some(self.begin_script(path, arguments)?),
            ("return", []) => Some(self.end_script()?),
            ("echo", _) => Some(Reply::Text(tail.to_owned())),
            ("assert", [_, ..]) => {
                self.assert(rest, tail)?;
                Some(Reply::none())
            }
            ("evaluate", [_, ..]) => {
                let word = self.word(self.machine().cpu.ic, tail)?;
                Some(Reply::Text(format!("{word}  {}", self.debugger.disassembled(word))))
            }
            ("show", rest) => Some(self.show(rest)?),
            ("set", rest) => Some(self.set(rest)?.ok_or_else(usage)?),
            _ => None,
        })
    }

    /// A line of our own words.
    fn line(&mut self, line: &str) -> Result<Reply> {
        self.command(line)
    }

    /// `attach mt1 FILE`, with its switches.
    fn attach(&mut self, words: &[&str]) -> Result<Option<Reply>> {
        let (words, switched) = match words {
            ["-r", rest @ ..] => (rest, true),
            [switch, ..] if switch.starts_with('-') && switch.len() > 1 => {
                return refused(format!(
                    "`{switch}`: a reel is read only, `ring` after its file makes it writable, and new if it is missing"
                ));
            }
            rest => (rest, false),
        };
        let line = match words {
            [unit, rest @ ..] if !rest.is_empty() => match Device::parse(unit) {
                Some(Device::Tape(n)) => format!("mount {n} {}", rest.join(" ")),
                Some(Device::Drum(n)) => format!("mount drum {n} {}", rest.join(" ")),
                // `mount drum 1 FILE` is ours
                Some(Device::Reader) => format!("mount cards {}", rest.join(" ")),
                Some(Device::Printer) => {
                    return refused(
                        "the paper comes on the terminal; the option `--print FILE` leads it to a file",
                    );
                }
                Some(Device::Punch) => return refused("the option `--punch FILE` keeps the cards"),
                Some(Device::Crt) => return refused("the option `--film FOLDER` keeps the film"),
                None if switched => format!("mount {}", words.join(" ")),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        self.line(&line).map(Some)
    }

    fn detach_all(&mut self) -> Result<Reply> {
        let mounted: Vec<u8> =
            (1..=10).filter(|unit| self.debugger.room.reels.on_unit(*unit).is_some()).collect();
        for unit in mounted {
            self.debugger.act(&Action::Detach(unit))?;
        }
        Ok(Reply::none())
    }

    /// `set ...`; nothing when there is no such thing to set.
    fn set(&mut self, words: &[&str]) -> Result<Option<Reply>> {
        let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let line = match lower.as_slice() {
            ["sense" | "switch" | "ss", n, position] => {
                let position = match *position {
                    "on" => "down",
                    "off" => "up",
                    position => position,
                };
                format!("sense {n} {position}")
            }
            ["keys", word] => format!("keys {word}"),
            [word @ ("automatic" | "manual")] => (*word).to_owned(),
            ["history", position @ ("on" | "off")] => format!("history {position}"),
            ["cpu", history] if history.starts_with("history") => "history on".to_owned(),
            ["cpu", "nohistory"] => "history off".to_owned(),
            ["break" | "nobreak", ..] => words.join(" "),
            ["cpu", ..] => return refused("the size of core is chosen before: `--core 4k`, `8k` or `32k`"),
            ["console" | "log" | "debug", ..] => {
                return refused("lead standard output to a file; `trace FILE` has the instructions");
            }
            [unit, ..] if matches!(Device::parse(unit), Some(Device::Tape(_))) => {
                return refused(
                    "a reel is mounted with its ring or without: `mount N FILE ring`, `mount N FILE`",
                );
            }
            _ => return Ok(None),
        };
        self.line(&line).map(Some)
    }

    /// `if CONDITION then COMMAND`: the command, if it is so. SIMH's `if (CONDITION) COMMAND` is taken, too.
    pub(super) fn branch<'a>(&self, row: &WordRow, tail: &'a str) -> Result<Option<&'a str>> {
        let usage = || MonitorError::Usage { word: row.word, usage: row.usage };
        let (condition, command) = if let Some(inner) = tail.strip_prefix('(') {
            inner.split_once(')').ok_or_else(usage)?
        } else {
            let at = tail.find(" then ").ok_or_else(usage)?;
            (&tail[..at], &tail[at + " then ".len()..])
        };
        let command = command.trim();
        if command.is_empty() {
            return Err(usage());
        }
        Ok(self.holds(condition)?.then_some(command))
    }

    /// All the comparisons are so. `==` is `=`.
    fn holds(&self, condition: &str) -> Result<bool> {
        let condition = condition.replace("==", "=");
        let words: Vec<&str> = condition.split_whitespace().collect();
        let conditions = Condition::parse_all(&words, &self.debugger.room)?;
        Ok(conditions.iter().all(|condition| condition.holds(self.machine())))
    }

    /// `assert`: a comparison, or what `expect` takes.
    fn assert(&mut self, words: &[&str], tail: &str) -> Result<()> {
        let inner = tail.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(tail);
        let outcome = if inner.contains(['=', '<', '>']) && words.first() != Some(&"print") {
            match self.holds(inner) {
                Ok(true) => Ok(()),
                Ok(false) => Err(format!("it is not so that {inner}")),
                Err(error) => Err(error.to_string()),
            }
        } else {
            self.expect(words).map_err(|error| error.to_string())
        };
        outcome.map_err(|what| {
            self.leave_scripts();
            MonitorError::Asserted(what)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Otherwise the advice would stand before the word.
    #[test]
    fn no_word_has_advice_instead() {
        for row in WORDS {
            for word in std::iter::once(&row.word).chain(row.also) {
                assert!(advice(word).is_none(), "{word}");
            }
        }
    }

    #[test]
    fn a_word_with_a_slip_is_understood() {
        for (slip, word) in [("exmaine", Some("examine")), ("depositt", Some("deposit")), ("frob", None)] {
            assert_eq!(nearest(slip), word, "{slip}");
        }
    }
}
