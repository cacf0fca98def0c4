//! Checks that a file is a valid image of its format to the last byte, as required before writing to it.
//!
//! The check is about the file, not the recording: a record with its error bit, with wrong parity or cut off by a power failure is a
//! matter for the 704.

use super::{Parity, Store, TapeError, TapeImage, parity};

/// Where a file stops being a valid image of its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDefect {
    /// Offset in the image.
    pub offset: u64,
    /// A phrase for people: what is there.
    pub what: String,
}

impl<S: Store> TapeImage<S> {
    /// Checks the whole image: lengths agree, the format has every object, and after the end there are only
    /// end marks of peers (zeros, a last byte 0200 of P7B) and the rest of a write that was cut off when its process ended. `None`
    /// if all is well.
    ///
    /// # Errors
    /// Errors of the store.
    pub fn form_defect(&mut self) -> Result<Option<FormDefect>, TapeError> {
        let mut at = 0;
        loop {
            match self.read_forward(at) {
                Ok(Some((_, next))) => at = next,
                Ok(None) => break,
                Err(error @ TapeError::Io { .. }) => return Err(error),
                Err(error) => {
                    let offset = error.offset().unwrap_or(at);
                    return Ok(Some(FormDefect { offset, what: error.to_string() }));
                }
            }
        }
        let len = self.len()?;
        let mark = self.format().end_of_medium();
        if !mark.is_empty() && self.bytes_at(at, mark.len())? == mark {
            at += mark.len() as u64;
        } else if self.bytes_at(at, 1)? == [0] {
            // the place of a first character that was never written
            at += 1;
        }
        if at >= len || self.stray_byte() == Some(at) || self.is_tail(at, len)? {
            return Ok(None);
        }
        let n = len - at;
        let s = if n == 1 { "" } else { "s" };
        Ok(Some(FormDefect {
            offset: at,
            what: format!("offset {at}: the reel ends here, before {n} more byte{s}"),
        }))
    }

    /// True for bytes allowed after the end: zeros, a byte 0200, or characters of one parity, as in a record.
    fn is_tail(&mut self, from: u64, len: u64) -> Result<bool, TapeError> {
        const PIECE: usize = 1 << 16;
        const SHORTEST: u64 = 6;
        let (mut zeros, mut frames) = (true, true);
        let (mut odd, mut even) = (0_u64, 0_u64);
        let mut at = from;
        while at < len && (zeros || frames) {
            let bytes = self.bytes_at(at, PIECE)?;
            if bytes.is_empty() {
                break;
            }
            at += bytes.len() as u64;
            // some programs end P7B with 0200
            let last = at >= len && bytes.last() == Some(&0o200);
            let bytes = &bytes[..bytes.len() - usize::from(last)];
            zeros &= bytes.iter().all(|&byte| byte == 0);
            // a length may already follow the characters
            let body = if at >= len { &bytes[..bytes.len().saturating_sub(5)] } else { bytes };
            frames &= body.iter().all(|&byte| (1..0o200).contains(&byte));
            odd += body.iter().filter(|&&byte| parity(byte) == Parity::Odd).count() as u64;
            even += body.iter().filter(|&&byte| byte != 0 && parity(byte) == Parity::Even).count() as u64;
        }
        Ok(zeros || (frames && len - from >= SHORTEST && odd + even > 0 && (odd == 0 || even == 0)))
    }
}
