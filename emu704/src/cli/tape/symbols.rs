//! The symbols of a program, as `asm704 --symbols` writes them.

use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use crate::cli::Failure;
use crate::cli::files::read_all;

/// Far more than the symbols and words of any program take.
const LARGEST: u64 = 64 << 20;

/// The version of the document that is understood.
const VERSION: u32 = 1;

#[derive(Debug, Deserialize)]
struct Document {
    version: u32,
    assemblies: Vec<Assembly>,
}

#[derive(Debug, Deserialize)]
struct Assembly {
    symbols: Vec<Symbol>,
    words: Vec<Assembled>,
}

#[derive(Debug, Deserialize)]
struct Assembled {
    location: String,
}

#[derive(Debug, Deserialize)]
struct Symbol {
    name: String,
    value: String,
    relocatable: bool,
    effective: bool,
}

/// Names of places in core, by address.
#[derive(Debug)]
pub(super) struct Symbols {
    places: Vec<(u16, String)>,
    /// Behind the last word of the program.
    end: u16,
}

impl Symbols {
    /// Reads the document.
    pub(super) fn read(path: &Path) -> Result<Symbols> {
        let wrong = |what: String| Failure::medium(format!("{}: {what}", path.display()));
        let bytes = read_all(path, LARGEST)?;
        Symbols::parse(&bytes)
            .map_err(|what| wrong(format!("expected the symbols that asm704 --symbols writes: {what}")))
    }

    fn parse(bytes: &[u8]) -> Result<Symbols, String> {
        let document: Document = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if document.version != VERSION {
            return Err(format!("expected version {VERSION}, found {}", document.version));
        }
        let words = document.assemblies.iter().flat_map(|assembly| &assembly.words);
        let ends = words.filter_map(|word| u16::from_str_radix(&word.location, 8).ok()?.checked_add(1));
        let end = ends.max().unwrap_or(0);
        let symbols = document.assemblies.into_iter().flat_map(|assembly| assembly.symbols);
        let mut all = Vec::new();
        for symbol in symbols.filter(|symbol| symbol.effective) {
            let value = u16::from_str_radix(&symbol.value, 8).ok().filter(|&value| value < 1 << 15);
            let value = value.ok_or_else(|| {
                format!("expected an octal address of {}, found {}", symbol.name, symbol.value)
            })?;
            all.push((symbol.relocatable, value, symbol.name));
        }
        // what does not move with the program is a number and no place, unless nothing moves
        let moves = all.iter().any(|(relocatable, ..)| *relocatable);
        let places = all.into_iter().filter(|(relocatable, ..)| *relocatable == moves);
        let mut places: Vec<(u16, String)> = places.map(|(_, value, name)| (value, name)).collect();
        places.sort();
        Ok(Symbols { places, end })
    }

    /// An address as SAP writes it: the nearest symbol before, and how many words farther, decimal.
    pub(super) fn name(&self, address: u16) -> Option<String> {
        let (value, _) = *self.places[..self.places.partition_point(|place| place.0 <= address)].last()?;
        // a symbol of the program names nothing behind it, but one of the storage that it reserves there does
        if value < self.end && address >= self.end {
            return None;
        }
        // of several names for one place the first
        let (_, name) = &self.places[self.places.partition_point(|place| place.0 < value)];
        Some(match address - value {
            0 => name.clone(),
            offset => format!("{name}+{offset}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(text: &str) -> Result<Symbols, String> {
        let words = "{\"location\":\"00144\"},{\"location\":\"00157\"}";
        let document =
            format!("{{\"version\":1,\"assemblies\":[{{\"symbols\":[{text}],\"words\":[{words}]}}]}}");
        Symbols::parse(document.as_bytes())
    }

    fn symbol(name: &str, value: &str, relocatable: bool) -> String {
        format!(
            "{{\"name\":\"{name}\",\"value\":\"{value}\",\"relocatable\":{relocatable},\"effective\":true}}"
        )
    }

    #[test]
    fn the_nearest_place_before_an_address() {
        let all = [symbol("LOOP", "00144", true), symbol("DATA", "00200", true), symbol("N", "00150", false)];
        let symbols = symbols(&all.join(",")).expect("symbols");
        assert_eq!(symbols.name(0o143), None);
        assert_eq!(symbols.name(0o144).as_deref(), Some("LOOP"));
        // N is a number
        assert_eq!(symbols.name(0o156).as_deref(), Some("LOOP+10"));
        // the program ends there; DATA is reserved behind it
        assert_eq!(symbols.name(0o160), None);
        assert_eq!(symbols.name(0o77777).as_deref(), Some("DATA+32639"));
    }

    #[test]
    fn what_is_no_document_of_symbols() {
        assert!(Symbols::parse(b"704 reel text 1").is_err());
        assert!(Symbols::parse(b"{\"version\":2,\"assemblies\":[]}").is_err_and(|e| e.contains("version 1")));
        assert!(symbols(&symbol("A", "100000", true)).is_err_and(|e| e.contains("100000")));
        assert!(symbols(&symbol("A", "9", true)).is_err());
    }
}
