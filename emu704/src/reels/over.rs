//! Writing over an old recording: what is left of it stays behind what is written (rulings: "Writing over").
//!
//! While a unit writes, the image ends behind the last record, as safe against the end of the process as any; what is left of the
//! old recording is held in memory. When the unit turns round, rewinds or is unloaded, that is put behind the records in one step.
//! So no record costs more than its own length, however long the old recording is.

use asm704::media::tape::{Item, Old, Record, Spacing, TapeError, with_error_as_parity};

use super::past::Past;
use super::{Mounted, ReelBytes, TapeImage, Written};
use crate::media::{OldRecording, Overwriting};

/// So much that is left of an old recording is written at each turn. More waits, so that a program which reads back each of
/// its records does not pay for the whole reel each time: until as much has been written, or the unit rewinds, reads on or
/// is unloaded.
const AT_EACH_TURN: u64 = 1 << 16;

impl Mounted {
    pub(super) fn new(
        image: TapeImage<Box<dyn ReelBytes>>,
        ring: bool,
        label: String,
        past: Past,
    ) -> Mounted {
        let written = Written::default();
        Mounted {
            image,
            ring,
            label,
            written,
            changed: false,
            lost: false,
            old: Old::default(),
            spacing: None,
            fresh: 0,
            past,
        }
    }

    /// Replaces what the image has from a place on, and what is left of old recordings behind it. Where that destroys old
    /// records of a file, the file is replaced as a whole, so that a process that ends in the middle leaves the old
    /// reel; behind the last record the image only grows.
    pub(super) fn replace(&mut self, at: u64, items: &[Item], old: Old) -> Result<u64, TapeError> {
        self.changed = true;
        let replaced = self.replace_tail(at, items);
        if replaced.is_err() {
            self.lost = true;
        }
        let behind = replaced?;
        self.old = old;
        self.fresh += behind - at;
        for item in items {
            match item {
                Item::Record(record) => {
                    self.written.records += 1;
                    self.written.words += record.frames.len() as u64 / 6;
                }
                Item::Mark => self.written.marks += 1,
                Item::Gap(_) | Item::Note(_) => {}
            }
        }
        Ok(behind)
    }

    fn replace_tail(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError> {
        let io = |source| TapeError::Io { offset: at, source };
        let destroys = at < self.image.len()?;
        self.note_write(at).map_err(io)?;
        if destroys {
            self.image.store().begin_replacement(at).map_err(io)?;
        }
        let replaced = self.image.replace_tail(at, items);
        match &replaced {
            Ok(_) => self.image.store().commit_replacement().map_err(io)?,
            Err(_) => self.image.store().abandon_replacement(),
        }
        replaced
    }

    /// The old recording from a place on.
    fn old_from(&mut self, at: u64, over: &Overwriting) -> Result<Old, TapeError> {
        self.spacing = Some(over.spacing);
        if over.old == OldRecording::Cut {
            return Ok(Old::default());
        }
        let mut items = Vec::new();
        let mut next = at;
        while next < self.image.len()? {
            match self.image.read_forward(next) {
                Ok(Some((item, behind))) => {
                    items.push(item);
                    next = behind;
                }
                // what cannot be read is lost
                Err(error) if !error.is_medium() => return Err(error),
                _ => break,
            }
        }
        Ok(self.old.clone().behind(items))
    }

    /// What is left of the old recording when these items are written at a place, except what the erase head takes.
    pub(super) fn left_behind(
        &mut self,
        at: u64,
        items: &[Item],
        over: &Overwriting,
    ) -> Result<Old, TapeError> {
        let mut old = self.old_from(at, over)?;
        for item in items {
            old.write(item, &over.spacing);
        }
        Ok(old)
    }

    /// The power fails while a record is written: so much of it stays, without a gap. One whose check character has passed
    /// is whole.
    pub(super) fn cut_record(
        &mut self,
        at: u64,
        mut record: Record,
        over: &Overwriting,
    ) -> Result<(), TapeError> {
        let spacing = &over.spacing;
        let mut old = self.old_from(at, over)?;
        let passed = record.frames.len();
        let check = if record.error { 0 } else { spacing.check };
        old.advance(passed as u64 + check, spacing);
        if record.error
            && spacing.ahead == 0
            && let Some(rest) = old.take_rest(spacing)
        {
            // nothing is between the new characters and the old ones
            record.frames.extend(rest);
        }
        old.erase(spacing.ahead, spacing);
        old.without_gap(spacing);
        if record.error && !self.image.format().has_error_bit() {
            record = with_error_as_parity(&record, passed);
        }
        self.replace(at, &[Item::Record(record)], old)?;
        self.settle()
    }

    /// The unit turns round.
    pub(super) fn turn_round(&mut self) -> Result<(), TapeError> {
        if let Some(spacing) = self.spacing {
            self.old.round(self.image.format(), &spacing);
        }
        let copied = if self.is_appended() { 0 } else { self.image.len()? };
        if copied + self.old.size() <= AT_EACH_TURN.max(self.fresh) { self.settle() } else { Ok(()) }
    }

    /// What is left can be written behind the image as it is. In P7B half of that would hide the form of the image: nothing says
    /// that the medium has ended.
    fn is_appended(&self) -> bool {
        self.image.format().has_error_bit()
    }

    /// Puts what is left of the old recording behind what was written, in one step.
    pub(super) fn settle(&mut self) -> Result<(), TapeError> {
        let items = self.left();
        if !items.is_empty() {
            let end = self.image.len()?;
            let io = |source| TapeError::Io { offset: end, source };
            self.note_write(end).map_err(io)?;
            if self.is_appended() {
                self.image.append(&items)?;
            } else {
                self.image.store().begin_replacement(end).map_err(io)?;
                if let Err(error) = self.image.append(&items) {
                    self.image.store().abandon_replacement();
                    return Err(error);
                }
                self.image.store().commit_replacement().map_err(io)?;
            }
        }
        self.old = Old::default();
        self.fresh = 0;
        Ok(())
    }

    fn left(&self) -> Vec<Item> {
        let items = |spacing: Spacing| self.old.items(self.image.format(), &spacing);
        self.spacing.map(items).unwrap_or_default()
    }

    /// The bytes of the image with what they lack.
    pub(super) fn up_to_date(&self, bytes: Vec<u8>) -> Result<Vec<u8>, TapeError> {
        let items = self.left();
        if items.is_empty() {
            return Ok(bytes);
        }
        let mut image = TapeImage::open_as(bytes, self.image.format())?;
        image.append(&items)?;
        Ok(image.into_store())
    }
}
