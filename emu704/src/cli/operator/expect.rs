//! `expect`: what a script relies on.

use anyhow::{Result, anyhow, bail};
use asm704::Word;

use super::{Operator, Pause};

impl Operator {
    /// Fails unless it is so.
    pub(super) fn expect(&self, words: &[&str]) -> Result<()> {
        let cpu = &self.machine.cpu;
        match words {
            ["stop", kind, rest @ ..] => {
                let Pause::Stopped(stop) = &self.pause else {
                    bail!("expected a stop {kind}, found: {}", self.state());
                };
                let found = serde_json::to_value(stop.kind)?;
                if found.as_str() != Some(kind) {
                    bail!("expected stop {kind}, found {}", self.pause_text());
                }
                if let [address] = rest {
                    let expected = self.address(address)?;
                    same_address("the stop at", expected, stop.at)?;
                }
                Ok(())
            }
            ["break"] => match &self.pause {
                Pause::Break(_) => Ok(()),
                _ => bail!("expected a breakpoint, found: {}", self.state()),
            },
            ["light", name, position @ ("on" | "off")] => self.expect_light(name, *position == "on"),
            ["print", ..] if words.len() > 1 => {
                let text = words[1..].join(" ");
                let present = self.machine.io.printer.present_line().unwrap_or_default();
                let words = self.all_printed.split_whitespace().chain(present.split_whitespace());
                let printed = words.collect::<Vec<_>>().join(" ");
                if printed.contains(&text) {
                    Ok(())
                } else {
                    bail!("expected `{text}` on the paper; it is not there")
                }
            }
            ["cycles", count] => {
                let expected: u64 = count.parse().map_err(|_| anyhow!("`{count}` is no count of cycles"))?;
                same("cycles", &expected, &self.machine.cycles())
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
                    same(place, &value.parse::<Word>()?, &self.machine.core.peek(address))
                }
            },
            _ => bail!("`help expect` tells what can be expected"),
        }
    }

    fn expect_light(&self, name: &str, expected: bool) -> Result<()> {
        let plain = |name: &str| name.to_ascii_lowercase().replace([' ', '-', '_'], "");
        let wanted = plain(name);
        let lamps = self.lamps();
        let Some((name, on)) = lamps.iter().find(|(lamp, _)| plain(lamp) == wanted) else {
            let names: Vec<String> =
                lamps.iter().map(|(lamp, _)| lamp.to_ascii_lowercase().replace(' ', "-")).collect();
            bail!("there is no light `{name}`; there are {}", names.join(", "));
        };
        if *on == expected {
            Ok(())
        } else {
            let word = |on| if on { "on" } else { "off" };
            bail!("expected the light {name} {}, it is {}", word(expected), word(*on))
        }
    }
}

fn same_address(what: &str, expected: u16, found: u16) -> Result<()> {
    same(what, &format!("{expected:05o}"), &format!("{found:05o}"))
}

fn same<T: PartialEq + std::fmt::Display>(what: &str, expected: &T, found: &T) -> Result<()> {
    if expected == found { Ok(()) } else { bail!("expected {what} {expected}, found {found}") }
}
