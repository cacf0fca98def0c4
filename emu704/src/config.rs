//! The settings of a machine: its size, its options, and the figures of its units.

pub mod figures;
pub mod options;

use asm704::media::drum::DRUMS;
use serde::{Deserialize, Serialize};

use self::figures::Figures;
use self::options::DeviceOptions;
use crate::core_store::CoreSize;
use crate::media::OldRecording;

/// The effect of an operation code that the manual does not describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndefinedCodes {
    /// The machine stops and reports it.
    #[default]
    Stop,
    /// The code acts as its partial decoding makes it act, measured on the netlist.
    Partial,
}

/// The contents of MQ 1-8 after an FMP if the high fraction of the product, in AC, is zero and the low one is not. Only numbers
/// that are not normalized give such a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZeroProduct {
    /// Zeros, as the manual says.
    #[default]
    Cleared,
    /// A copy of positions 9-15 in 1-7, and zero in 8, as the netlist has it.
    Fraction,
}

/// The contents of AC after a DVH that stops with divide check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DivideStop {
    /// The dividend, as the manual says.
    #[default]
    Kept,
    /// The complement of Q,P,1-35, as the netlist has it.
    Complemented,
}

/// The number of logical drums of a machine, 0 to 8; two of them make a physical drum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct DrumCount(u8);

impl DrumCount {
    /// Logical drums 1 to this number exist.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// All eight.
impl Default for DrumCount {
    fn default() -> DrumCount {
        DrumCount(DRUMS)
    }
}

impl TryFrom<u8> for DrumCount {
    type Error = String;

    fn try_from(number: u8) -> Result<DrumCount, String> {
        if number <= DRUMS {
            Ok(DrumCount(number))
        } else {
            Err(format!("expected 0 to {DRUMS} logical drums, found {number}"))
        }
    }
}

impl From<DrumCount> for u8 {
    fn from(count: DrumCount) -> u8 {
        count.0
    }
}

/// A machine's configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Size of core.
    pub core: CoreSize,
    /// Operation codes that the manual does not describe.
    pub undefined_codes: UndefinedCodes,
    /// MQ after an FMP whose high fraction is zero.
    pub zero_product: ZeroProduct,
    /// AC after a DVH that stops.
    pub divide_stop: DivideStop,
    /// Logical drums.
    pub drums: DrumCount,
    /// The old recording after the place where a tape unit writes.
    pub old_recording: OldRecording,
    /// Times of the units.
    pub figures: Figures,
    /// Options of the units other than times.
    pub devices: DeviceOptions,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            core: CoreSize::K32,
            undefined_codes: UndefinedCodes::default(),
            zero_product: ZeroProduct::default(),
            divide_stop: DivideStop::default(),
            drums: DrumCount::default(),
            old_recording: OldRecording::default(),
            figures: Figures::default(),
            devices: DeviceOptions::default(),
        }
    }
}

impl Config {
    /// The default configuration with a given core size.
    pub fn with_core(core: CoreSize) -> Config {
        Config { core, ..Config::default() }
    }
}
