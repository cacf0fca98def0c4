//! Power failures while a record is written.

use super::super::Operation;
use super::write::WritePhase;
use crate::machine::{Flow, Machine};
use crate::media::Media;
use crate::time::Ticks;

impl Machine {
    /// Cuts the record being written when the power fails. Characters that have passed the head stay, without check character or gap.
    /// They are followed by what the old recording has after the stretch that the erase head had cleared (rulings). Before the first
    /// character nothing has changed.
    pub(crate) fn cut_tape(&mut self, media: &mut dyn Media, _at: Ticks) -> Flow {
        let cut = self.cut_record(media);
        self.stop_tapes();
        cut
    }

    fn cut_record(&mut self, media: &mut dyn Media) -> Flow {
        let Operation::TapeWrite(writing) = &self.io.operation else { return Ok(()) };
        if writing.frames.is_empty() {
            return Ok(());
        }
        let units: Vec<u8> = writing.also.iter().copied().chain([writing.number]).collect();
        for number in units {
            self.cut_reel(media, number)?;
        }
        Ok(())
    }

    /// Does [`Machine::cut_tape`] for one of the units that write the record.
    fn cut_reel(&mut self, media: &mut dyn Media, number: u8) -> Flow {
        let Operation::TapeWrite(writing) = &self.io.operation else { return Ok(()) };
        let frames = writing.frames.clone();
        // Past the check character the record is whole; only the gap is missing.
        let whole = writing.phase == WritePhase::Release;
        if let Some(wire) = media.wire(number) {
            // the other end sees a cut record, or that the line is gone
            let _ = wire.end(&frames, whole);
            return Ok(());
        }
        let place = self.tape_unit(number).place;
        let over = self.overwriting();
        let Some(reel) = media.reel(number) else { return Ok(()) };
        match reel.cut(place, frames, whole, &over) {
            Ok(()) => Ok(()),
            Err(error) => {
                let label = reel.label();
                Err(self.bad_reel(self.cpu.ic, &label, &error))
            }
        }
    }
}
