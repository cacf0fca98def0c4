//! Snapshots: the whole machine in a file of the emulator's own. (The reel that the 704's checkpoint routine writes is
//! something else, and needs no emulator.)
//!
//! A snapshot is one JSON document: a magic text, the version of the form, a checksum of the machine, the reels that
//! were mounted with fingerprints of their contents, and the machine. Reels, decks and drums in files are not included.

mod reel;

use std::collections::BTreeMap;

use asm704::Word;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::machine::Machine;

pub use reel::{Fingerprint, ReelState, SavedReel, to_hex};

/// The magic text at the beginning of the file.
pub const MAGIC: &str = "emu704 snapshot";

/// The version of the form. It grows whenever the machine's state changes its meaning or its shape; it is independent
/// of the version of the program.
pub const VERSION: u64 = 2;

/// A machine with the reels on its tape units.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The reels by their units, 1 to 10.
    pub reels: BTreeMap<u8, SavedReel>,
    /// The machine.
    pub machine: Machine,
}

/// Why a snapshot is rejected.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file is not JSON, or is cut short.
    #[error("is not a snapshot: {0}")]
    NotJson(#[source] serde_json::Error),
    /// The file is other JSON.
    #[error("is not a snapshot: it does not begin with \"magic\": \"{MAGIC}\"")]
    NotASnapshot,
    /// The snapshot is from another release.
    #[error("is a snapshot of form {found}, this program reads form {VERSION}: use the {} release", if *found > VERSION { "newer" } else { "older" })]
    Version {
        /// The version of its form.
        found: u64,
    },
    /// The machine in the snapshot was changed.
    #[error("the snapshot is damaged: its checksum is {found}, it says {expected}")]
    Checksum {
        /// The checksum of what is there.
        found: String,
        /// The checksum in the file.
        expected: String,
    },
    /// The reels in the snapshot were changed.
    #[error("the snapshot is damaged: the checksum of its reels is {found}, it says {expected}")]
    ReelsChecksum {
        /// The checksum of what is there.
        found: String,
        /// The checksum in the file.
        expected: String,
    },
    /// A reel has an impossible state.
    #[error("the snapshot is damaged: tape {unit}: {what}")]
    Reel {
        /// Its unit.
        unit: u8,
        /// The problem.
        what: String,
    },
    /// The checksum is correct, but the contents are not a valid machine.
    #[error("the snapshot holds no machine that this program knows: {0}")]
    Machine(#[source] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct File {
    magic: String,
    version: u64,
    checksum: String,
    reels: BTreeMap<u8, String>,
    /// Older programs ignore it, so it has a checksum of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reel_states: Option<States>,
    machine: Value,
}

#[derive(Serialize, Deserialize)]
struct States {
    checksum: String,
    units: BTreeMap<u8, ReelState>,
}

impl States {
    /// The checksum of the keys in order, without blanks.
    fn checksum(units: &BTreeMap<u8, ReelState>) -> Result<String, SnapshotError> {
        let units = serde_json::to_value(units).map_err(SnapshotError::Machine)?;
        Ok(Fingerprint::of(units.to_string().as_bytes()).to_string())
    }
}

/// Writes the text of a snapshot.
///
/// # Errors
/// An error of the encoder; none is known.
pub fn save(snapshot: &Snapshot) -> Result<String, SnapshotError> {
    let machine = serde_json::to_value(&snapshot.machine).map_err(SnapshotError::Machine)?;
    let labels = snapshot.reels.iter().map(|(unit, reel)| (*unit, reel.label.clone())).collect();
    let states = snapshot.reels.iter().filter_map(|(unit, reel)| Some((*unit, reel.state.clone()?)));
    let units: BTreeMap<u8, ReelState> = states.collect();
    let checksum_of_units = States::checksum(&units)?;
    let file = File {
        magic: MAGIC.to_owned(),
        version: VERSION,
        checksum: checksum(&machine, &labels),
        reels: labels,
        reel_states: (!units.is_empty()).then_some(States { checksum: checksum_of_units, units }),
        machine,
    };
    let mut text = serde_json::to_string(&file).map_err(SnapshotError::Machine)?;
    text.push('\n');
    Ok(text)
}

/// Reads a snapshot. Nothing is taken from a file of another form or with a wrong checksum.
///
/// # Errors
/// Why it is rejected.
pub fn load(text: &str) -> Result<Snapshot, SnapshotError> {
    let value: Value = serde_json::from_str(text).map_err(SnapshotError::NotJson)?;
    if value["magic"] != MAGIC {
        return Err(SnapshotError::NotASnapshot);
    }
    match value["version"].as_u64() {
        Some(VERSION) => {}
        Some(found) => return Err(SnapshotError::Version { found }),
        None => return Err(SnapshotError::NotASnapshot),
    }
    let mut file: File = serde_json::from_value(value).map_err(SnapshotError::Machine)?;
    let found = checksum(&file.machine, &file.reels);
    if found != file.checksum {
        return Err(SnapshotError::Checksum { found, expected: file.checksum });
    }
    let mut states = BTreeMap::new();
    if let Some(States { checksum: expected, units }) = file.reel_states {
        let found = States::checksum(&units)?;
        if found != expected {
            return Err(SnapshotError::ReelsChecksum { found, expected });
        }
        states = units;
    }
    move_stuck_bits(&mut file.machine);
    let machine: Machine = serde_json::from_value(file.machine).map_err(SnapshotError::Machine)?;
    if !machine.is_sound() {
        return Err(SnapshotError::NotASnapshot);
    }
    let reels = reel::join(file.reels, states, &machine)?;
    Ok(Snapshot { reels, machine })
}

/// Moves stuck bits to core; older snapshots of this form had them as numbers among the faults.
fn move_stuck_bits(machine: &mut Value) {
    for key in ["zeros", "ones"] {
        let old =
            machine.get_mut("faults").and_then(Value::as_object_mut).and_then(|faults| faults.remove(key));
        if let Some(bits) = old.as_ref().and_then(Value::as_u64).filter(|bits| *bits != 0)
            && let Some(core) = machine.get_mut("core").and_then(Value::as_object_mut)
        {
            core.insert(key.to_owned(), Word::new(bits).to_string().into());
        }
    }
}

/// FNV-1a of the text without blanks, keys in order: it protects against accidents, not against intent.
fn checksum(machine: &Value, reels: &BTreeMap<u8, String>) -> String {
    let text = format!("{machine}{reels:?}");
    Fingerprint::of(text.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Config, CoreSize};

    /// A snapshot with a correct checksum but beyond the machine: 10000 is the first address that 4,096 words do not have.
    #[test]
    fn what_no_machine_can_be_is_refused() {
        let wrong: [fn(&mut Machine); 6] = [
            |m| m.cpu.ic = 0o10000,
            |m| m.cpu.xr[0] = 0o10000,
            |m| m.cpu.xr[2] = 0o77777,
            |m| m.cpu.ac.magnitude = 1 << 37,
            |m| m.config.core = CoreSize::K8,
            |m| m.core = Machine::new(Config::with_core(CoreSize::K32)).core,
        ];
        let machine = || {
            let mut machine = Machine::new(Config::with_core(CoreSize::K4));
            machine.cpu.ic = 0o7777;
            machine.cpu.xr = [0o7777; 3];
            machine.cpu.ac.magnitude = (1 << 37) - 1;
            machine
        };
        let saved = |machine| save(&Snapshot { reels: BTreeMap::new(), machine }).unwrap();
        assert!(load(&saved(machine())).is_ok());
        for (n, change) in wrong.into_iter().enumerate() {
            let mut machine = machine();
            change(&mut machine);
            assert!(matches!(load(&saved(machine)), Err(SnapshotError::NotASnapshot)), "{n}");
        }
    }

    /// A snapshot in the older form: the stuck bits as numbers among the faults.
    #[test]
    fn stuck_bits_that_were_among_the_faults() {
        let mut machine = serde_json::to_value(Machine::new(Config::with_core(CoreSize::K4))).unwrap();
        machine["faults"] = json!({
            "pending": [{"at": 900, "fault": "repair"}], "parity": [], "not_ready": vec![false; 10], "noise": null,
            "zeros": 1_u64 << 35, "ones": 5,
        });
        let file = File {
            magic: MAGIC.to_owned(),
            version: 2,
            checksum: checksum(&machine, &BTreeMap::new()),
            reels: BTreeMap::new(),
            reel_states: None,
            machine,
        };
        let loaded = load(&serde_json::to_string(&file).unwrap()).unwrap();
        assert_eq!(loaded.machine.core.stuck(), (Word::new(1 << 35), Word::new(5)));
        assert_eq!(loaded.machine.core.peek(0o100), Word::new(5));
        assert_eq!(loaded.machine.faults(), ["tube S 0", "tube 33 1", "tube 35 1", "at 900 repair"]);
        // and in the present form
        let again = load(&save(&loaded).unwrap()).unwrap();
        assert!(again == loaded);
    }
}
