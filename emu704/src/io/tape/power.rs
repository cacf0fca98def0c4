//! The power fails while a record is written.

use asm704::media::tape::{Item, Record, overlay, with_error_as_parity};

use super::super::Operation;
use super::write::WritePhase;
use crate::machine::{Flow, Machine};
use crate::media::Media;
use crate::time::Ticks;

impl Machine {
    /// The power fails while a record is written: what has passed the head stays, without check character or gap,
    /// and behind it what the old recording left (rulings).
    pub(crate) fn cut_tape(&mut self, media: &mut dyn Media, _at: Ticks) -> Flow {
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

    /// [`Machine::cut_tape`] for one of the units that write the record.
    fn cut_reel(&mut self, media: &mut dyn Media, number: u8) -> Flow {
        let Operation::TapeWrite(writing) = &self.io.operation else { return Ok(()) };
        let frames = writing.frames.clone();
        // Past the check character the record is whole; only the gap is missing.
        let whole = writing.phase == WritePhase::Release;
        let place = self.tape_unit(number).place;
        let Some(reel) = media.reel(number) else { return Ok(()) };
        let cut = (|| {
            let mut old = Vec::new();
            let mut at = place;
            while let Some((item, behind)) = reel.read_forward(at)? {
                old.push(item);
                at = behind;
            }
            let items = if whole {
                vec![Item::Record(Record { frames, error: false })]
            } else {
                let mut items = overlay(&old, &frames);
                if !reel.has_error_bit()
                    && let Some(Item::Record(record)) = items.first_mut()
                {
                    *record = with_error_as_parity(record, frames.len());
                }
                items
            };
            reel.write(place, &items)
        })();
        match cut {
            Ok(_) => Ok(()),
            Err(error) => {
                let label = reel.label();
                Err(self.bad_reel(self.cpu.ic, &label, &error))
            }
        }
    }
}
