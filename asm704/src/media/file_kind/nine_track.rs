//! Reels with lengths as in SIMH's form that are not seven-track, or whose lengths have their bytes reversed.

use super::foreign::Labels;
use super::read;
use crate::media::tape::{Store, TapeError};

/// The most records that are examined.
const RECORDS: usize = 64;

/// The longest record.
const LONGEST: u32 = 0x00ff_ffff;

/// The labels of a nine-track reel in SIMH's form: its lengths agree, and its characters have eight bits, or it begins with a label
/// that no seven-track reel has. `None` for anything else. With `strict`, only if there is no doubt.
pub(crate) fn labels(store: &mut dyn Store, len: u64, strict: bool) -> Result<Option<Labels>, TapeError> {
    let (mut records, mut characters, mut wide) = (0, 0_u64, 0_u64);
    let mut labels = None;
    let mut all_of_five = true;
    let end = walk(store, len, u32::from_le_bytes, &mut |n, record| {
        if records == 0 {
            labels = label(record);
        }
        records += 1;
        characters += record.len() as u64;
        wide += record.iter().filter(|&&byte| byte > 0x7f).count() as u64;
        all_of_five &= n % 5 == 0 && record.chunks_exact(5).all(|word| word[4] < 16);
    })?;
    if records == 0 {
        return Ok(None);
    }
    if let Some(labels) = labels {
        return Ok(Some(labels));
    }
    // a damaged seven-track reel has few such characters
    let is_wide = 16 * wide >= characters && wide > 0 && (!strict || (end && 8 * wide >= characters));
    Ok(is_wide.then_some(if all_of_five { Labels::Pdp10 } else { Labels::None }))
}

/// A first record that is a label: 80 characters, beginning with the name of a label.
fn label(record: &[u8]) -> Option<Labels> {
    const EBCDIC: [&[u8]; 3] = [b"\xe5\xd6\xd3\xf1", b"\xc8\xc4\xd9\xf1", b"\xe4\xc8\xd3\xf1"];
    const ASCII: [&[u8]; 3] = [b"VOL1", b"HDR1", b"UHL1"];
    if EBCDIC.iter().any(|name| record.starts_with(name)) {
        return Some(Labels::Ebcdic);
    }
    (record.len() >= 80 && ASCII.iter().any(|name| record.starts_with(name))).then_some(Labels::Ascii)
}

/// True if lengths with the highest byte first agree for at least two items, one of them a record.
pub(super) fn is_big_endian(store: &mut dyn Store, len: u64) -> Result<bool, TapeError> {
    let mut records = 0;
    let whole = walk(store, len, u32::from_be_bytes, &mut |_, _| records += 1)?;
    Ok(records > 1 || (records == 1 && whole))
}

/// Steps over records while their lengths agree; true if they do so to the end, or as far as is examined.
fn walk(
    store: &mut dyn Store,
    len: u64,
    length: fn([u8; 4]) -> u32,
    see: &mut dyn FnMut(u32, &[u8]),
) -> Result<bool, TapeError> {
    let (mut at, mut seen, mut items) = (0, 0, 0);
    while seen < RECORDS && items < 16 * RECORDS {
        let Some(header) = number(store, at, length)? else { return Ok(at >= len) };
        items += 1;
        if header == 0 || header >= 0xffff_fffe {
            at += 4;
            continue;
        }
        let n = header & LONGEST;
        // the first byte has the classes of bad and other records, and nothing else
        if n == 0 || header & 0x7f00_0000 != 0 {
            return Ok(false);
        }
        // the pad byte may be missing
        let behind = at + 4 + u64::from(n);
        let padded = behind + u64::from(n % 2);
        let next = if padded + 4 <= len && number(store, padded, length)? == Some(header) {
            padded + 4
        } else if behind + 4 <= len && number(store, behind, length)? == Some(header) {
            behind + 4
        } else {
            return Ok(false);
        };
        see(n, &read(store, at + 4, (n as usize).min(1 << 16))?);
        seen += 1;
        at = next;
    }
    Ok(true)
}

fn number(store: &mut dyn Store, at: u64, length: fn([u8; 4]) -> u32) -> Result<Option<u32>, TapeError> {
    Ok(read(store, at, 4)?.try_into().ok().map(length))
}
