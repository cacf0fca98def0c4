//! What is whole of the bytes of a reel, from its beginning on.

use asm704::media::tape::{EndMark, Item, TapeError, TapeFormat, TapeImage};

use crate::cli::tape::checkpoint;

/// The whole items at the beginning of a reel.
#[derive(Debug)]
pub(super) struct Whole {
    format: TapeFormat,
    /// Their bytes, without a mark of the end.
    bytes: Vec<u8>,
    /// Records among them.
    pub(super) records: u64,
    /// Complete checkpoints among the records.
    pub(super) checkpoints: u64,
    /// Bytes behind them that belong to the reel and are not whole, or cannot be read.
    pub(super) left_out: u64,
}

impl Whole {
    /// Reads a reel up to the first item that is cut off or damaged. A record in P7B has no length: the last one counts when a
    /// mark or the end of the reel follows it, or when it is a complete checkpoint.
    ///
    /// # Errors
    /// The bytes are of no form.
    pub(super) fn of(bytes: Vec<u8>, form: Option<TapeFormat>) -> Result<Whole, TapeError> {
        // what has no form of its own yet
        let begun = form.is_none() && may_be_begun(&bytes);
        let mut image = match form {
            Some(form) => TapeImage::open_as(bytes, form)?,
            None => TapeImage::open_damaged(bytes)?,
        };
        let format = image.format();
        let is_open = format == TapeFormat::P7b && image.end_mark().is_none();
        let len = image.len()?;
        let (mut at, mut records, mut checkpoints) = (0, 0, 0);
        let mut ends = false;
        loop {
            match image.read_forward(at) {
                Ok(Some((item, next))) => {
                    if let Item::Record(record) = &item {
                        let complete =
                            checkpoint::checkpoint(record).is_some_and(|found| found.is_complete());
                        if is_open && next == len && !complete {
                            break;
                        }
                        records += 1;
                        checkpoints += u64::from(complete);
                    }
                    at = next;
                }
                Ok(None) => {
                    ends = true;
                    break;
                }
                Err(error) if error.is_medium() => break,
                Err(error) => return Err(error),
            }
        }
        if begun && format != TapeFormat::Simh && records <= 1 && checkpoints == 0 {
            (at, records) = (0, 0);
            ends = false;
        }
        let unfinished = matches!(image.end_mark(), Some(EndMark::Unfinished));
        let mut bytes = image.into_store();
        let left_out = if ends && !unfinished { 0 } else { len - at };
        bytes.truncate(usize::try_from(at).unwrap_or(usize::MAX));
        Ok(Whole { format, bytes, records, checkpoints, left_out })
    }

    /// No item.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.is_empty()
    }

    /// This is the other reel with nothing or more behind it.
    pub(super) fn continues(&self, other: &Whole) -> bool {
        (other.is_blank() || self.format == other.format) && self.bytes.starts_with(&other.bytes)
    }

    /// The same items.
    pub(super) fn is(&self, other: &Whole) -> bool {
        self.bytes.len() == other.bytes.len() && self.continues(other)
    }

    /// The bytes of a file that holds this and nothing else. In P7B the mark of the end says that the last record is whole.
    pub(super) fn to_file(&self) -> Vec<u8> {
        let end: &[u8] = match self.format {
            TapeFormat::P7b if !self.is_blank() => self.format.end_of_medium(),
            _ => &[],
        };
        [&self.bytes, end].concat()
    }
}

/// The bytes may be the beginning of one record in SIMH's form, of which some has not come yet. Its length then looks like a
/// record of other forms.
fn may_be_begun(bytes: &[u8]) -> bool {
    match bytes.first_chunk::<4>() {
        None => true,
        Some(length) => {
            let length = u64::from(u32::from_le_bytes(*length));
            (1..1 << 24).contains(&length) && (bytes.len() as u64) < length + length % 2 + 8
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    /// Three records in SIMH's form, the second of them a file mark's neighbor, cut behind every byte.
    #[test]
    fn a_record_counts_when_its_last_byte_is_there() {
        let record = |n: u8| [&6_u32.to_le_bytes()[..], &[n; 6], &6_u32.to_le_bytes()].concat();
        let reel = [record(0o101), vec![0; 4], record(0o102)].concat();
        for cut in 0..=reel.len() {
            let Ok(whole) = Whole::of(reel[..cut].to_vec(), None) else {
                assert!(cut < 14, "{cut}");
                continue;
            };
            let (records, kept) = match cut {
                0..14 => (0, 0),
                14..18 => (1, 14),
                18..32 => (1, 18),
                _ => (2, 32),
            };
            assert_eq!((whole.records, whole.bytes.len()), (records, kept), "{cut}");
            assert_eq!(whole.left_out, (cut - kept) as u64, "{cut}");
        }
    }

    /// In P7B a record at the end counts when it is told that it is the end.
    #[test]
    fn the_last_record_of_p7b_waits_for_what_follows() {
        let records = |bytes: &[u8]| {
            let whole = Whole::of(bytes.to_vec(), Some(TapeFormat::P7b)).unwrap();
            (whole.records, whole.bytes.len(), whole.left_out)
        };
        assert_eq!(records(&[0x81, 2, 3]), (0, 0, 3));
        assert_eq!(records(&[0x81, 2, 3, 0x84, 5]), (1, 3, 2));
        assert_eq!(records(&[0x81, 2, 3, 0x84, 5, 0x80]), (2, 5, 0));
        // the first byte of an unfinished record is 0
        assert_eq!(records(&[0x81, 2, 3, 0, 5]), (1, 3, 2));
        let whole = Whole::of(vec![0x81, 2, 3, 0x80], Some(TapeFormat::P7b)).unwrap();
        assert_eq!(whole.to_file(), [0x81, 2, 3, 0x80]);
    }

    #[test]
    fn more_of_the_same_reel_is_told_from_another() {
        let reel = |bytes: &[u8]| Whole::of(bytes.to_vec(), Some(TapeFormat::P7b)).unwrap();
        let short = reel(&[0x81, 2, 3, 0x80]);
        assert!(reel(&[0x81, 2, 3, 0x84, 5, 0x80]).continues(&short));
        assert!(!reel(&[0x81, 2, 4, 0x84, 5, 0x80]).continues(&short));
        assert!(!reel(&[]).continues(&short));
        assert!(short.continues(&reel(&[])) && short.is(&short));
    }
}
