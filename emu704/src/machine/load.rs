//! The LOAD keys: select, CPY 0, CPY 1, then run from 0 with the unit still selected (GATE trace of LOAD CARDS).

use std::fmt;
use std::str::FromStr;

use asm704::media::tape::Mode;
use serde::{Deserialize, Serialize};

use super::copy::Copied;
use super::{Flow, Machine, StopKind};
use crate::audit::Doubt;
use crate::io::Unit;
use crate::media::Media;

/// A LOAD key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoadKey {
    /// LOAD CARDS: the card reader.
    Cards,
    /// LOAD TAPE: tape unit 1 in binary.
    Tape,
    /// LOAD DRUM: logical drum 1 from address 0.
    Drum,
}

impl FromStr for LoadKey {
    type Err = String;

    fn from_str(text: &str) -> Result<LoadKey, String> {
        match text {
            "cards" => Ok(LoadKey::Cards),
            "tape" => Ok(LoadKey::Tape),
            "drum" => Ok(LoadKey::Drum),
            _ => Err(format!("`{text}` is no LOAD key: expected cards, tape or drum")),
        }
    }
}

impl fmt::Display for LoadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LoadKey::Cards => "cards",
            LoadKey::Tape => "tape",
            LoadKey::Drum => "drum",
        })
    }
}

impl LoadKey {
    fn unit(self) -> Unit {
        match self {
            LoadKey::Cards => Unit::CardReader,
            LoadKey::Tape => Unit::Tape { number: 1, mode: Mode::Binary },
            LoadKey::Drum => Unit::Drum(1),
        }
    }
}

/// What is left to do of a LOAD key's sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Loading {
    Select(LoadKey),
    Copy(u16),
}

impl Machine {
    /// Presses a LOAD key: interlock, IC and MQ are reset; AC, index registers, indicators, trapping mode and core
    /// stay. The sequence itself is done by the next run. Without power nothing changes.
    pub fn load(&mut self, media: &mut dyn Media, key: LoadKey) {
        if !self.has_power() {
            return;
        }
        self.reset_interlock(media);
        if key != LoadKey::Cards {
            self.note(Doubt::LoadUnit);
        }
        self.halted = None;
        self.cpu.read_write_check = false;
        self.cpu.ic = 0;
        self.cpu.mq = asm704::Word::ZERO;
        self.loading = Some(Loading::Select(key));
    }

    /// Continues with a LOAD key's sequence, if there is one, up to the limit of the run.
    pub(crate) fn load_sequence(&mut self, media: &mut dyn Media) -> Flow {
        while let Some(step) = self.loading {
            match step {
                Loading::Select(key) => {
                    // One dummy E and one dummy ER cycle; the select is taken in the latter.
                    match self.select_for_load(media, key.unit()) {
                        Ok(true) => self.loading = Some(Loading::Copy(0)),
                        Ok(false) => return Ok(()),
                        // a wire is not ready: the select goes on to wait
                        Err(stop) if stop.kind == StopKind::Limit => return Err(stop),
                        Err(stop) => {
                            self.loading = None;
                            return Err(stop);
                        }
                    }
                }
                Loading::Copy(address) => match self.copy(media, address, address) {
                    Ok(Copied::Suspended) => return Ok(()),
                    Ok(_) => {
                        self.cpu.ic = address + 1;
                        self.loading = (address == 0).then_some(Loading::Copy(1));
                    }
                    Err(stop) => {
                        self.loading = None;
                        return Err(stop);
                    }
                },
            }
            if self.loading.is_none() {
                self.cpu.ic = 0;
            }
        }
        Ok(())
    }
}
