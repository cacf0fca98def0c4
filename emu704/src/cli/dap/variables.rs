//! What is to be seen of the machine: registers, the program's symbols, core, tape units.

use asm704::views::View;
use serde_json::{Value, json};

use super::args;
use super::memory::reference;
use super::places::{Named, REGISTERS};
use super::session::Session;
use super::views::{self, ALL};
use super::wire::{Answer, Refusal, Request};
use crate::action::Action;
use crate::debug::Debugger;

// References of containers. Those of words carry an address.
const REGISTERS_SCOPE: i64 = 1;
const PROGRAM_SCOPE: i64 = 2;
const CORE_SCOPE: i64 = 3;
const TAPES_SCOPE: i64 = 4;
const INDICATORS: i64 = 5;
const SENSE_SWITCHES: i64 = 6;
const TAPE: i64 = 0x100;
const REGISTER_VIEWS: i64 = 0x200;
const PAGE: i64 = 0x10000;
const WORD_VIEWS: i64 = 0x20000;
const BLOCK: i64 = 0x30000;

/// Words of a page of core, for clients that do not ask for parts.
const PAGE_WORDS: u16 = 0o400;

/// The container of a word's views.
pub(super) fn views_of(named: Named) -> i64 {
    match named {
        Named::Core(address) => WORD_VIEWS + i64::from(address),
        register => {
            let at = REGISTERS.iter().position(|(other, _)| *other == register).unwrap_or_default();
            REGISTER_VIEWS + at as i64
        }
    }
}

/// What a reference of a container means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Registers,
    Program,
    Core,
    Tapes,
    Indicators,
    SenseSwitches,
    Tape(u8),
    /// The words of core from here on.
    Words(u16, u16),
    Views(Named),
}

impl Container {
    fn of(reference: i64, debugger: &Debugger) -> Option<Container> {
        let size = debugger.room.machine.core.size();
        let address =
            |base: i64| u16::try_from(reference.checked_sub(base)?).ok().filter(|at| *at <= size.mask());
        Some(match reference {
            REGISTERS_SCOPE => Container::Registers,
            PROGRAM_SCOPE => Container::Program,
            CORE_SCOPE => Container::Core,
            TAPES_SCOPE => Container::Tapes,
            INDICATORS => Container::Indicators,
            SENSE_SWITCHES => Container::SenseSwitches,
            _ if (TAPE + 1..=TAPE + 10).contains(&reference) => Container::Tape((reference - TAPE) as u8),
            _ if (REGISTER_VIEWS..REGISTER_VIEWS + REGISTERS.len() as i64).contains(&reference) => {
                Container::Views(REGISTERS[(reference - REGISTER_VIEWS) as usize].0)
            }
            _ if (PAGE..WORD_VIEWS).contains(&reference) => Container::Words(address(PAGE)?, PAGE_WORDS),
            _ if (WORD_VIEWS..BLOCK).contains(&reference) => {
                Container::Views(Named::Core(address(WORD_VIEWS)?))
            }
            _ => {
                let at = address(BLOCK)?;
                Container::Words(at, block(debugger, at))
            }
        })
    }
}

/// Words from a symbol to the next symbol, or to the end of the cards.
fn block(debugger: &Debugger, at: u16) -> u16 {
    let room = &debugger.room;
    let behind = |address: &u16| *address > at;
    let symbols =
        room.symbols.symbols().map(|(_, value)| value).filter(|value| room.symbols.name(*value).is_some());
    let next = symbols.filter(behind).min();
    let end = || room.symbols.lines().map(|(address, ..)| address.saturating_add(1)).filter(behind).max();
    next.or_else(end).map_or(1, |next| next - at)
}

fn plain(name: impl Into<String>, value: impl Into<String>) -> Value {
    json!({ "name": name.into(), "value": value.into(), "variablesReference": 0 })
}

fn group(name: &str, value: &str, reference: i64) -> Value {
    json!({ "name": name, "value": value, "variablesReference": reference })
}

fn of(name: &str, named: Named, debugger: &Debugger) -> Value {
    let mut told = named.json("value", None, debugger);
    told["evaluateName"] = json!(match named {
        Named::Core(_) => name.split(' ').next().unwrap_or_default().to_owned(),
        register => register.name(),
    });
    told["name"] = json!(name);
    told
}

fn on(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

impl Session {
    pub(super) fn scopes(&self) -> Answer {
        let size = self.debugger()?.room.machine.core.size();
        let scope = |name: &str, reference: i64| json!({ "name": name, "variablesReference": reference, "expensive": false });
        let mut registers = scope("Registers", REGISTERS_SCOPE);
        registers["presentationHint"] = json!("registers");
        let mut core = scope("Core", CORE_SCOPE);
        core["expensive"] = json!(true);
        if self.client.supports_variable_paging {
            core["indexedVariables"] = json!(size.words());
        }
        let mut tapes = scope("Tape units", TAPES_SCOPE);
        tapes["expensive"] = json!(true);
        Ok(json!({ "scopes": [registers, scope("Program", PROGRAM_SCOPE), core, tapes] }))
    }

    pub(super) fn variables(&mut self, request: &Request) -> Answer {
        let asked: args::Variables = request.arguments()?;
        let container = self.container(asked.reference)?;
        let whole = asked.start.is_none() && asked.count.is_none_or(|count| count == 0);
        let words = usize::from(self.debugger()?.room.machine.core.size().mask()) + 1;
        let (start, count) =
            (asked.start.unwrap_or(0), asked.count.filter(|count| *count > 0).unwrap_or(words));
        // a part of what is numbered was asked for, or of what has names
        let part = |first: u16, all: usize| {
            let range = start.min(all)..start.saturating_add(count).min(all);
            range.map(move |n| first + n as u16)
        };
        if asked.filter.as_deref() == Some("named")
            && matches!(container, Container::Core | Container::Words(..))
        {
            return Ok(json!({ "variables": [] }));
        }
        let debugger = self.debugger()?;
        let all: Vec<Value> = match container {
            Container::Core if whole && !self.client.supports_variable_paging => (0..words)
                .step_by(PAGE_WORDS.into())
                .map(|first| {
                    let name = format!("{first:05o}-{:05o}", first + usize::from(PAGE_WORDS) - 1);
                    group(&name, "", PAGE + first as i64)
                })
                .collect(),
            Container::Core => part(0, words).map(|at| self.word(at)).collect(),
            Container::Words(first, count) => {
                let all = usize::from(count).min(words - usize::from(first));
                part(first, all).map(|at| self.word(at)).collect()
            }
            Container::Registers => registers(debugger),
            Container::Program => program(debugger),
            Container::Views(named) => views(named, debugger),
            Container::Indicators => {
                self.monitor()?.lamps().into_iter().map(|(name, lit)| plain(name, on(lit))).collect()
            }
            Container::SenseSwitches => {
                let switches = debugger.room.machine.console.sense_switches;
                let shown = switches.iter().enumerate();
                shown.map(|(n, down)| plain((n + 1).to_string(), if *down { "down" } else { "up" })).collect()
            }
            Container::Tapes => self.tapes()?,
            Container::Tape(unit) => self.tape(unit)?,
        };
        Ok(json!({ "variables": all }))
    }

    fn container(&self, reference: i64) -> Result<Container, Refusal> {
        let found = Container::of(reference, self.debugger()?);
        found.ok_or_else(|| Refusal::new(format!("{reference} is no reference of variables")))
    }

    /// A word of core, with the symbol of its place.
    fn word(&self, address: u16) -> Value {
        let Some(seat) = &self.seat else { return Value::Null };
        let debugger = &seat.monitor.debugger;
        let name = debugger.room.symbols.name(address).map(|name| format!(" {name}")).unwrap_or_default();
        of(&format!("{address:05o}{name}"), Named::Core(address), debugger)
    }

    fn tapes(&mut self) -> Result<Vec<Value>, Refusal> {
        let views = self.monitor_mut()?.tape_views();
        Ok((1..=10u8)
            .map(|unit| {
                let name = format!("tape {unit}");
                match views.iter().find(|view| view.unit == unit) {
                    Some(view) => {
                        // the number stands before it
                        let text = view.text();
                        let text = text.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
                        group(&name, text.trim_start(), TAPE + i64::from(unit))
                    }
                    None => plain(name, "no reel"),
                }
            })
            .collect())
    }

    fn tape(&mut self, unit: u8) -> Result<Vec<Value>, Refusal> {
        let views = self.monitor_mut()?.tape_views();
        let Some(view) = views.into_iter().find(|view| view.unit == unit) else { return Ok(Vec::new()) };
        let state = match (view.does.moves(), view.lights.select, view.lights.load_point) {
            (true, ..) => view.doing(),
            (_, true, _) => "selected".to_owned(),
            (_, _, true) => "load point".to_owned(),
            _ => "stopped".to_owned(),
        };
        Ok(vec![
            plain("reel", view.label),
            plain("ring", if view.ring { "in" } else { "out" }),
            plain("records before the head", view.records.to_string()),
            plain("feet from the load point", format!("{:.1}", view.feet)),
            plain("place in the image", view.place.to_string()),
            plain("state", state),
        ])
    }

    pub(super) fn set_variable(&mut self, request: &Request) -> Answer {
        let asked: args::SetVariable = request.arguments()?;
        let container = self.container(asked.variables_reference)?;
        let debugger = self.debugger_mut()?;
        let (named, view) = match container {
            Container::Views(named) => match views::named(&asked.name) {
                Some(view) => (named, Some(view)),
                None => return Err(Refusal::new(format!("{} cannot be set", asked.name))),
            },
            Container::SenseSwitches => {
                let down = match asked.value.trim().to_ascii_lowercase().as_str() {
                    "down" | "on" | "1" | "true" => true,
                    "up" | "off" | "0" | "false" => false,
                    other => return Err(Refusal::new(format!("`{other}`: expected down or up"))),
                };
                let switch = asked.name.parse::<u8>().ok().filter(|n| (1..=6).contains(n));
                let switch =
                    switch.ok_or_else(|| Refusal::new(format!("there is no switch {}", asked.name)))?;
                debugger.act(&Action::Sense { switch, down })?;
                self.changed();
                return Ok(json!({ "value": if down { "down" } else { "up" } }));
            }
            Container::Registers | Container::Program | Container::Core | Container::Words(..) => {
                let name = asked.name.split(' ').next().unwrap_or_default();
                (Named::parse(name, debugger)?, None)
            }
            Container::Tapes | Container::Tape(_) | Container::Indicators => {
                return Err(Refusal::new(format!("{} cannot be set", asked.name)));
            }
        };
        self.set(named, view, &asked.value)
    }

    /// Sets what is named, and says what it is then.
    pub(super) fn set(&mut self, named: Named, view: Option<View>, value: &str) -> Answer {
        let debugger = self.debugger_mut()?;
        named.set(value, view, debugger)?;
        let told = named.json("value", view, debugger);
        self.changed();
        Ok(told)
    }

    pub(super) fn data_breakpoint_info(&self, request: &Request) -> Answer {
        let asked: args::DataBreakpointInfo = request.arguments()?;
        let debugger = self.debugger()?;
        let container = asked.variables_reference.filter(|reference| *reference > 0);
        let container = container.map(|reference| self.container(reference)).transpose()?;
        let name = asked.name.split(' ').next().unwrap_or_default();
        let named = match container {
            Some(Container::Views(named)) => Ok(named),
            Some(
                Container::Tapes | Container::Tape(_) | Container::Indicators | Container::SenseSwitches,
            ) => Err(Refusal::new("only words of core are watched")),
            _ => Named::parse(name, debugger),
        };
        Ok(match named {
            Ok(Named::Core(address)) => {
                let symbol = debugger.room.symbols.name(address);
                let id = symbol.map_or_else(|| format!("{address:05o}"), str::to_owned);
                json!({
                    "dataId": id,
                    "description": format!("{address:05o} {}", symbol.unwrap_or_default()).trim_end(),
                    "accessTypes": ["read", "write", "readWrite"],
                    "canPersist": true,
                })
            }
            Ok(_) => json!({ "dataId": null, "description": "only words of core are watched" }),
            Err(refusal) => json!({ "dataId": null, "description": refusal.message }),
        })
    }
}

fn registers(debugger: &Debugger) -> Vec<Value> {
    let mut all: Vec<Value> = REGISTERS.iter().map(|(named, name)| of(name, *named, debugger)).collect();
    let machine = &debugger.room.machine;
    all.push(group("Indicators", "", INDICATORS));
    let down: Vec<String> =
        (1..=6).filter(|n| machine.console.sense_switches[n - 1]).map(|n| n.to_string()).collect();
    let down = if down.is_empty() { "all up".to_owned() } else { format!("down: {}", down.join(", ")) };
    all.push(group("Sense switches", &down, SENSE_SWITCHES));
    all.push(plain("cycle", machine.cycles().to_string()));
    all
}

/// The symbols by address; those that are numbers rather than places behind them.
fn program(debugger: &Debugger) -> Vec<Value> {
    let symbols = &debugger.room.symbols;
    let mask = debugger.room.machine.core.size().mask();
    let is_place = |name: &str, value: u16| symbols.name(value) == Some(name) && value <= mask;
    let mut places: Vec<(&str, u16)> =
        symbols.symbols().filter(|(name, value)| is_place(name, *value)).collect();
    places.sort_by_key(|(_, value)| *value);
    let nexts = places.iter().skip(1).map(|(_, at)| Some(*at)).chain([None]);
    let mut all: Vec<Value> = places
        .iter()
        .zip(nexts)
        .map(|((name, at), next)| {
            let mut told = of(name, Named::Core(*at), debugger);
            let words = next.map_or_else(|| block(debugger, *at), |next| next - at);
            if words > 1 {
                told["variablesReference"] = json!(BLOCK + i64::from(*at));
                told["indexedVariables"] = json!(words);
            }
            told
        })
        .collect();
    let numbers = symbols.symbols().filter(|(name, value)| !is_place(name, *value));
    all.extend(numbers.map(|(name, value)| plain(name, format!("= {value:05o}"))));
    all
}

/// The views of a word; of AC, its bits Q and P too.
fn views(named: Named, debugger: &Debugger) -> Vec<Value> {
    let Some(word) = named.word(debugger) else { return Vec::new() };
    let mut all: Vec<Value> = ALL
        .iter()
        .map(|(view, name)| {
            let mut told = plain(*name, views::text(*view, word, debugger));
            told["evaluateName"] = json!(format!("{},{name}", named.name()));
            told
        })
        .collect();
    if named == Named::Ac {
        let ac = debugger.room.machine.cpu.ac;
        all.push(plain("Q", if ac.q() { "1" } else { "0" }));
        all.push(plain("P", if ac.p() { "1" } else { "0" }));
    }
    if let Named::Core(address) = named {
        for told in &mut all {
            told["memoryReference"] = json!(reference(address));
        }
    }
    all
}
