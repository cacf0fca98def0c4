//! `expect`: what a script relies on.

use asm704::Word;

use super::{Monitor, MonitorError, Result};
use crate::debug::Pause;

impl Monitor {
    /// Fails unless it is so.
    pub(super) fn expect(&self, words: &[&str]) -> Result<()> {
        if let Some(text) = words.first().filter(|word| word.starts_with('"')) {
            let what = "`expect` looks at once; `expect print TEXT` after the run looks at the paper";
            return Err(failed(format!("{text} ...: {what}")));
        }
        let cpu = &self.machine().cpu;
        match words {
            ["stop", kind, rest @ ..] => {
                let Pause::Stopped(stop) = self.debugger.pause() else {
                    return Err(failed(format!("expected a stop {kind}, found: {}", self.debugger.state())));
                };
                if stop.kind.name() != *kind {
                    return Err(failed(format!(
                        "expected stop {kind}, found {}",
                        self.debugger.pause_text()
                    )));
                }
                if let [address] = rest {
                    let expected = self.address(address)?;
                    same_address("the stop at", expected, stop.at)?;
                }
                Ok(())
            }
            ["break"] => match self.debugger.pause() {
                Pause::Break(_) => Ok(()),
                _ => Err(failed(format!("expected a breakpoint, found: {}", self.debugger.state()))),
            },
            ["light", name, position @ ("on" | "off")] => self.expect_light(name, *position == "on"),
            ["print", ..] if words.len() > 1 => {
                let text = words[1..].join(" ");
                let printed = self.debugger.all_printed();
                let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
                if printed.contains(&text) {
                    Ok(())
                } else {
                    let gone = match self.debugger.paper_gone() {
                        0 => String::new(),
                        gone => format!(" (its first {gone} bytes are not kept)"),
                    };
                    Err(failed(format!("expected `{text}` on the paper; it is not there{gone}")))
                }
            }
            ["cycles", count] => {
                let expected: u64 =
                    count.parse().map_err(|_| failed(format!("`{count}` is no count of cycles")))?;
                same("cycles", &expected, &self.machine().cycles())
            }
            [place, value] => match place.to_ascii_uppercase().as_str() {
                "AC" => same("AC", &value.parse::<Word>()?, &cpu.ac.word()),
                "MQ" => same("MQ", &value.parse::<Word>()?, &cpu.mq),
                "SR" => same("SR", &value.parse::<Word>()?, &cpu.sr),
                "IC" => same_address("IC", self.address(value)?, cpu.ic),
                "XRA" | "XR1" => same_address("XRA", self.address(value)?, cpu.xr[0]),
                "XRB" | "XR2" => same_address("XRB", self.address(value)?, cpu.xr[1]),
                "XRC" | "XR4" => same_address("XRC", self.address(value)?, cpu.xr[2]),
                _ => {
                    let address = self.address(place)?;
                    same(place, &value.parse::<Word>()?, &self.machine().core.peek(address))
                }
            },
            _ => Err(failed("`help expect` lists what can be expected".to_owned())),
        }
    }

    fn expect_light(&self, name: &str, expected: bool) -> Result<()> {
        let plain = |name: &str| name.to_ascii_lowercase().replace([' ', '-', '_'], "");
        let wanted = plain(name);
        let lamps = self.lamps();
        let Some((name, on)) = lamps.iter().find(|(lamp, _)| plain(lamp) == wanted) else {
            let names: Vec<String> =
                lamps.iter().map(|(lamp, _)| lamp.to_ascii_lowercase().replace(' ', "-")).collect();
            return Err(failed(format!("there is no light `{name}`; there are {}", names.join(", "))));
        };
        if *on == expected {
            Ok(())
        } else {
            let word = |on| if on { "on" } else { "off" };
            Err(failed(format!("expected the light {name} {}, it is {}", word(expected), word(*on))))
        }
    }
}

fn failed(what: String) -> MonitorError {
    MonitorError::Expected(what)
}

fn same_address(what: &str, expected: u16, found: u16) -> Result<()> {
    same(what, &format!("{expected:05o}"), &format!("{found:05o}"))
}

fn same<T: PartialEq + std::fmt::Display>(what: &str, expected: &T, found: &T) -> Result<()> {
    if expected == found { Ok(()) } else { Err(failed(format!("expected {what} {expected}, found {found}"))) }
}
