//! Motions without copying: backspace, write end of file, rewind.

use asm704::media::tape::{Item, Mode};
use serde::{Deserialize, Serialize};

use super::super::Operation;
use super::TapeUnit;
use crate::machine::{Flow, Machine};
use crate::media::Media;
use crate::media::wire::WireError;
use crate::time::Ticks;

/// A motion without copying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TapeMotion {
    Backspace,
    WriteEndOfFile,
    Rewind,
}

impl TapeMotion {
    pub(crate) fn name(self) -> &'static str {
        match self {
            TapeMotion::Backspace => "BST",
            TapeMotion::WriteEndOfFile => "WEF",
            TapeMotion::Rewind => "REW",
        }
    }
}

/// A BST or WEF in progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Moving {
    pub(in crate::io) number: u8,
    pub(super) motion: TapeMotion,
}

impl Machine {
    pub(in crate::io) fn tape_motion(
        &mut self,
        media: &mut dyn Media,
        location: u16,
        number: u8,
        _mode: Mode,
        motion: TapeMotion,
        at: Ticks,
    ) -> Flow {
        let figures = self.config.figures.tape.clone();
        if media.wire(number).is_some() {
            self.need_ready(location, motion.name(), number)?;
            if motion == TapeMotion::Rewind {
                // there is nothing to go back to
                return Ok(());
            }
            let refused = WireError::Refused("nothing is behind that could be read again or marked");
            return Err(self.no_wire(media, location, motion.name(), number, &refused));
        }
        match motion {
            TapeMotion::Rewind => {
                self.need_ready(location, "REW", number)?;
                let Some(reel) = media.reel(number) else {
                    return Err(self.no_reel(location, "REW", number));
                };
                if let Err(error) = reel.settle() {
                    let label = reel.label();
                    return Err(self.bad_reel(location, &label, &error));
                }
                let unit = self.unit_mut(number);
                let low = unit.distance.min(figures.rewind_low);
                // Beyond that 500 inches a second, compared to 75.
                let high = Ticks((unit.distance - low).0 * 75 / 500);
                *unit = TapeUnit { ready_at: at + low + high, ..TapeUnit::default() };
                Ok(())
            }
            TapeMotion::WriteEndOfFile => {
                self.need_ring(media, location, "WEF", number)?;
                self.io.operation = Operation::TapeMotion(Moving { number, motion });
                self.io.schedule(at + figures.end_of_file_gap + figures.check_character + figures.disconnect);
                Ok(())
            }
            TapeMotion::Backspace => {
                self.need_ready(location, "BST", number)?;
                let place = self.tape_unit(number).place;
                let Some(reel) = media.reel(number) else {
                    return Err(self.no_reel(location, "BST", number));
                };
                let mut before = place;
                let mut passed = Ticks(0);
                loop {
                    match reel.read_backward(before) {
                        Ok(Some((item, start))) => {
                            before = start;
                            match item {
                                Item::Gap(n) => {
                                    passed += Ticks(u64::from(n) * figures.character.0);
                                    continue;
                                }
                                // not on the tape
                                Item::Note(_) => continue,
                                Item::Mark => passed += figures.end_of_file_gap + figures.record_gap,
                                Item::Record(r) => {
                                    passed += Ticks(r.frames.len() as u64 * figures.character.0)
                                        + figures.record_gap;
                                }
                            }
                            break;
                        }
                        Ok(None) => break,
                        Err(error) => {
                            let label = reel.label();
                            return Err(self.bad_reel(location, &label, &error));
                        }
                    }
                }
                if before == place {
                    // At the load point: no motion, ends at once.
                    return Ok(());
                }
                let unit = self.unit_mut(number);
                unit.place = before;
                unit.distance = if before == 0 { Ticks(0) } else { unit.distance - passed };
                unit.stopped = Ticks(0);
                self.io.operation = Operation::TapeMotion(Moving { number, motion });
                self.io.schedule(at + figures.backspace + passed);
                Ok(())
            }
        }
    }

    pub(in crate::io) fn tape_motion_event(&mut self, media: &mut dyn Media) -> Flow {
        let Operation::TapeMotion(moving) = &self.io.operation else { return Ok(()) };
        let (number, motion) = (moving.number, moving.motion);
        self.io.release();
        if motion == TapeMotion::WriteEndOfFile {
            let figures = &self.config.figures.tape;
            let passed = figures.end_of_file_gap + figures.record_gap;
            self.record_item(media, number, &Item::Mark, passed)?;
            self.check_reel_end(number)?;
        }
        Ok(())
    }
}
