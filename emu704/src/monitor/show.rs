//! `show`: what there is at the machine, and how it stands.

use super::words::WORDS;
use super::{Monitor, MonitorError, Reply, Result};

/// What can be shown. The first that begins so is meant.
const TOPICS: &[&str] = &[
    "devices",
    "units",
    "tapes",
    "cards",
    "paper",
    "switches",
    "breakpoints",
    "history",
    "symbols",
    "watch",
    "state",
    "faults",
    "time",
    "version",
];

/// SIMH's names for them, and the names of units.
const OTHERS: &[(&str, &str)] = &[
    ("cpu", "state"),
    ("registers", "state"),
    ("configuration", "devices"),
    ("mt", "tapes"),
    ("cdr", "cards"),
    ("cdp", "cards"),
    ("reader", "cards"),
    ("punch", "cards"),
    ("lpt", "paper"),
    ("printer", "paper"),
    ("sense", "switches"),
    ("keys", "switches"),
];

fn topic(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let plain = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    let ours = TOPICS.iter().find(|topic| topic.starts_with(&lower)).copied();
    ours.or_else(|| OTHERS.iter().find(|(name, _)| *name == plain).map(|(_, topic)| *topic))
}

impl Monitor {
    /// `show ...`
    pub(super) fn show(&mut self, words: &[&str]) -> Result<Reply> {
        let usage = || MonitorError::Usage {
            word: "show",
            usage: WORDS.iter().find(|row| row.word == "show").map_or("", |row| row.usage),
        };
        let Some((word, rest)) = words.split_first() else {
            return Ok(Reply::Text(format!("show {}", TOPICS.join(" | "))));
        };
        // SIMH: show cpu history=20
        let joined = rest.join(" ");
        if word.eq_ignore_ascii_case("cpu")
            && let Some(count) = joined.to_ascii_lowercase().strip_prefix("history")
        {
            return self.command(&format!("history {}", count.trim_start_matches('=')));
        }
        let topic = topic(word).ok_or_else(usage)?;
        Ok(match (topic, rest) {
            ("history", _) => self.command(&format!("history {joined}"))?,
            ("symbols" | "paper", [_]) => self.command(&format!("{topic} {joined}"))?,
            (_, [_, ..]) => return Err(usage()),
            ("breakpoints", []) => self.command("break")?,
            ("faults", []) => self.command("fault")?,
            ("units", []) => Reply::Text(format!("{}\n{}", self.tapes(), self.cards())),
            ("tapes", []) => Reply::Text(self.tapes_on(word)),
            ("devices", []) => Reply::Text(self.devices()),
            ("switches", []) => Reply::Text(self.switches()),
            ("state", []) => Reply::Text(self.state_text()),
            ("time", []) => Reply::Text(format!(
                "cycle {}, {:.6} s of 704 time",
                self.machine().cycles(),
                self.machine().now().seconds()
            )),
            ("version", []) => Reply::Text(format!("emu704 {}", env!("CARGO_PKG_VERSION"))),
            (topic, []) => self.command(topic)?,
        })
    }

    /// The units with reels, or one of them when a number follows its name.
    fn tapes_on(&mut self, word: &str) -> String {
        let number = word.trim_start_matches(|c: char| !c.is_ascii_digit());
        let Ok(unit) = number.parse::<u8>() else { return self.tapes() };
        let line = self.tape_lines().into_iter().find(|(of, _)| *of == unit);
        line.map_or_else(|| format!("no reel on tape {unit}"), |(_, line)| line)
    }

    /// All that `examine state` shows: the registers, the switches, and the units.
    pub(super) fn state_text(&mut self) -> String {
        format!("{}\n{}\n{}\n{}", self.registers(), self.switches(), self.tapes(), self.cards())
    }

    fn switches(&self) -> String {
        let console = &self.machine().console;
        let down: Vec<String> =
            (1..=6).filter(|n| console.sense_switches[n - 1]).map(|n| n.to_string()).collect();
        let down = if down.is_empty() { "none".to_owned() } else { down.join(", ") };
        let switch = if console.automatic { "AUTOMATIC" } else { "MANUAL" };
        format!("sense switches down: {down}\nkeys {}\n{switch}", console.keys)
    }

    fn devices(&mut self) -> String {
        let reels = self.tape_views().len();
        let machine = self.machine();
        let rows = [
            ("CPU", "", format!("{} of core", machine.core.size())),
            ("tape", "mt1-mt10", format!("10 units, {reels} with a reel")),
            ("drum", "dr1-dr8", format!("{} logical drums", machine.config.drums.get())),
            (
                "reader",
                "cdr",
                format!("{} in the hopper", count(machine.card_reader().in_hopper() as u64, "card")),
            ),
            ("punch", "cdp", format!("{} punched", count(machine.card_punch().cards(), "card"))),
            ("printer", "lpt", format!("{} printed", count(machine.io.printer.lines(), "line"))),
            ("crt", "", "the recorder and its camera".to_owned()),
        ];
        let lines = rows.map(|(name, simh, what)| format!("{name:<8} {simh:<9} {what}"));
        lines.join("\n")
    }
}

fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::topic;

    #[test]
    fn topics_have_the_names_that_people_know() {
        for (word, expected) in [
            ("dev", Some("devices")),
            ("b", Some("breakpoints")),
            ("mt3", Some("tapes")),
            ("CPU", Some("state")),
            ("lpt", Some("paper")),
            ("moon", None),
        ] {
            assert_eq!(topic(word), expected, "{word}");
        }
    }
}
