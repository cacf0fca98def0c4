//! What lies behind the end of a reel in its image, which a tape unit does not come to.

use std::fmt;

use asm704::media::tape::{EndMark, Item, Store, TapeError, TapeImage};

/// What lies behind the end of a reel in its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// Offset of the first byte, behind the mark of the end.
    pub at: u64,
    /// So many bytes.
    pub bytes: u64,
    /// Records that can be read there.
    pub records: u64,
    /// A byte or zeros that peers put there, which belong to the form.
    pub of_the_form: bool,
}

impl Behind {
    /// What is behind the end at `at`, where [`TapeImage::read_forward`] gives nothing.
    ///
    /// # Errors
    /// The bytes cannot be read.
    pub fn of<S: Store>(image: &mut TapeImage<S>, at: u64) -> Result<Option<Behind>, TapeError> {
        let len = image.len()?;
        if let Some(mark) = image.end_mark() {
            let of_the_form = mark != EndMark::Unfinished;
            let mut behind = Behind { at, bytes: len.saturating_sub(at), records: 0, of_the_form };
            if mark == EndMark::Unfinished {
                behind.records = records(image, at)?;
            }
            return Ok((behind.bytes > 0).then_some(behind));
        }
        let mark = image.format().end_of_medium();
        let at = if image.bytes_at(at, mark.len())? == mark { at + mark.len() as u64 } else { at };
        if at >= len {
            return Ok(None);
        }
        Ok(Some(Behind { at, bytes: len - at, records: records(image, at)?, of_the_form: false }))
    }

    /// As [`Behind::of`], behind the last item from `last` on: for callers that read item by item, or not to the end.
    ///
    /// # Errors
    /// The bytes cannot be read.
    pub fn after<S: Store>(image: &mut TapeImage<S>, last: u64) -> Result<Option<Behind>, TapeError> {
        let mut at = last;
        loop {
            match image.read_forward(at) {
                Ok(Some((_, next))) => at = next,
                Ok(None) => break,
                Err(error @ TapeError::Io { .. }) => return Err(error),
                // damage that the caller did not come to
                Err(_) => return Ok(None),
            }
        }
        Ok(Behind::of(image, at)?.filter(|behind| !behind.of_the_form || behind.bytes > 1))
    }
}

impl fmt::Display for Behind {
    /// `12 bytes behind the end of the reel, at offset 40, which look like 2 records`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Behind { at, bytes, records, .. } = *self;
        write!(f, "{} behind the end of the reel, at offset {at}", plural(bytes, "byte"))?;
        if records > 0 { write!(f, ", which look like {}", plural(records, "record")) } else { Ok(()) }
    }
}

fn plural(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Records that can be read from `at` on, wherever they are.
fn records<S: Store>(image: &mut TapeImage<S>, at: u64) -> Result<u64, TapeError> {
    let mut records = 0;
    let mut at = match image.read_forward(at) {
        Ok(Some(_)) => at,
        _ => image.next_plausible(at)?.unwrap_or(u64::MAX),
    };
    while at < image.len()? {
        match image.read_forward(at) {
            Ok(Some((item, next))) => {
                records += u64::from(matches!(item, Item::Record(_)));
                at = next;
            }
            Err(error @ TapeError::Io { .. }) => return Err(error),
            _ => at = image.next_plausible(at + 1)?.unwrap_or(u64::MAX),
        }
    }
    Ok(records)
}
