//! Bad spots on a reel.

use asm704::media::tape::Record;
use serde::{Deserialize, Serialize};

use super::apply::Faults;
use super::{Fault, Feet};
use crate::config::figures::TapeFigures;
use crate::time::Ticks;

/// A bad spot on the reel that is now on this unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Speck {
    unit: u8,
    feet: Feet,
    left: Option<u64>,
}

impl Speck {
    pub(super) fn new(unit: u8, feet: Feet, times: Option<u64>) -> Speck {
        Speck { unit, feet, left: times }
    }

    pub(super) fn fault(&self) -> Fault {
        Fault::Speck { unit: self.unit, feet: self.feet, times: self.left }
    }
}

impl Faults {
    /// Applies bad spots to a record whose first character is at this distance from the load point, as the head sees it. A spot in
    /// the load point's gap, where nothing is recorded, counts as at the first character of the reel.
    pub(crate) fn surface(&mut self, unit: u8, begins: Ticks, figures: &TapeFigures, record: &mut Record) {
        for speck in self.specks.iter_mut().filter(|speck| speck.unit == unit && speck.left != Some(0)) {
            let at = speck.feet.at_speed().max(figures.load_point);
            let Some(into) = at.0.checked_sub(begins.0) else { continue };
            let characters = record.frames.len() as u64 * figures.character.0;
            if into < characters {
                if let Some(frame) = record.frames.get_mut((into / figures.character.0) as usize) {
                    *frame ^= 1;
                }
            } else if into < characters + figures.check_character.0 {
                // the check character, or tape before it that should be blank
                record.error = true;
            } else {
                continue;
            }
            speck.left = speck.left.map(|left| left - 1);
        }
    }

    /// Removes the bad spots of a reel that is taken off its unit.
    pub(crate) fn reel_gone(&mut self, unit: u8) {
        self.specks.retain(|speck| speck.unit != unit);
    }

    /// Exchanges the bad spots of two units whose reels are exchanged.
    pub(crate) fn swap_reels(&mut self, a: u8, b: u8) {
        for speck in &mut self.specks {
            speck.unit = match speck.unit {
                unit if unit == a => b,
                unit if unit == b => a,
                unit => unit,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specks_go_with_their_reels() {
        let mut faults = Faults::default();
        for (unit, feet) in [(1, "1"), (2, "2"), (3, "3")] {
            faults.specks.push(Speck::new(unit, feet.parse().unwrap(), None));
        }
        let list = |faults: &Faults| -> Vec<String> {
            faults.specks.iter().map(|speck| speck.fault().to_string()).collect()
        };
        faults.swap_reels(1, 2);
        assert_eq!(list(&faults), ["speck 2 1", "speck 1 2", "speck 3 3"]);
        faults.reel_gone(1);
        assert_eq!(list(&faults), ["speck 2 1", "speck 3 3"]);
    }
}
