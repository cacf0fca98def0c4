//! What can be set on a machine: its size, its options, and the figures of its units.

pub mod figures;
pub mod options;

use serde::{Deserialize, Serialize};

use self::figures::Figures;
use self::options::DeviceOptions;
use crate::core_store::CoreSize;

/// What an operation code does that the manual does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndefinedCodes {
    /// The machine stops and says so.
    #[default]
    Stop,
    /// The code acts as its partial decoding makes it, measured on the netlist.
    Partial,
}

/// A machine's configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Size of core.
    pub core: CoreSize,
    /// Operation codes that the manual does not give.
    pub undefined_codes: UndefinedCodes,
    /// Times of the units.
    pub figures: Figures,
    /// Habits of the units.
    pub devices: DeviceOptions,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            core: CoreSize::K32,
            undefined_codes: UndefinedCodes::default(),
            figures: Figures::default(),
            devices: DeviceOptions::default(),
        }
    }
}

impl Config {
    /// The default machine with a given core size.
    pub fn with_core(core: CoreSize) -> Config {
        Config { core, ..Config::default() }
    }
}
