//! The reels in a snapshot: which were on the units, their places, and what was recorded on them.

use std::collections::BTreeMap;

use asm704::media::tape::TapeFormat;
use serde::{Deserialize, Serialize};

use super::SnapshotError;
use crate::machine::Machine;

/// The 64-bit FNV-1a hash of some bytes: it detects accidents and protects against nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Fingerprint {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    /// The fingerprint of these bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        fingerprint.add(bytes);
        fingerprint
    }

    /// Adds bytes after the earlier ones.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl std::fmt::Display for Fingerprint {
    /// Writes sixteen hexadecimal digits.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A reel that was on a tape unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedReel {
    /// A name of the reel for people: the path of its file.
    pub label: String,
    /// What was recorded on it; `None` in snapshots that do not include it.
    pub state: Option<ReelState>,
}

/// The state of a reel when the machine was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReelState {
    /// True if the file-protect ring was in.
    pub ring: bool,
    /// The keyword of its image format ([`TapeFormat::keyword`]).
    pub form: String,
    /// The length of the image, in bytes.
    pub length: u64,
    /// Bytes of the image before the place of the tape.
    pub passed: u64,
    /// The [`Fingerprint`] of the first `passed` bytes.
    pub before: String,
    /// The [`Fingerprint`] of all bytes.
    pub whole: String,
    /// All bytes as hexadecimal digits, for a reel that is not in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<String>,
}

impl ReelState {
    /// The image format; `None` if the keyword is unknown.
    pub fn format(&self) -> Option<TapeFormat> {
        TapeFormat::from_keyword(&self.form)
    }

    /// The bytes of a reel that is not in a file.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        from_hex(self.contents.as_deref()?)
    }

    /// The first impossible value in it, for a machine whose tape is at `place`.
    fn defect(&self, place: u64) -> Option<String> {
        let ReelState { length, passed, form, .. } = self;
        if self.format().is_none() {
            return Some(format!(
                "`{form}` is not the form of an image, expected one of {}",
                TapeFormat::keywords()
            ));
        }
        if passed > length {
            return Some(format!("the tape is at byte {passed}, and the reel has {length} bytes"));
        }
        if *passed != place {
            return Some(format!("the tape is at byte {passed}, and on the machine's unit at byte {place}"));
        }
        let text = self.contents.as_deref()?;
        let Some(bytes) = from_hex(text) else {
            return Some("its contents are not pairs of hexadecimal digits".to_owned());
        };
        let found = Fingerprint::of(&bytes).to_string();
        if bytes.len() as u64 != *length {
            return Some(format!("its contents are {} bytes, expected {length}", bytes.len()));
        }
        (found != self.whole)
            .then(|| format!("the fingerprint of its contents is {found}, expected {}", self.whole))
    }
}

/// Bytes as pairs of hexadecimal digits.
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some((digit(*high)? << 4 | digit(*low)?) as u8),
            _ => None,
        })
        .collect()
}

/// Combines names and states; rejects impossible ones.
pub(super) fn join(
    labels: BTreeMap<u8, String>,
    mut states: BTreeMap<u8, ReelState>,
    machine: &Machine,
) -> Result<BTreeMap<u8, SavedReel>, SnapshotError> {
    let mut reels = BTreeMap::new();
    for (unit, label) in labels {
        let wrong = |what: String| SnapshotError::Reel { unit, what };
        if !(1..=10).contains(&unit) {
            return Err(wrong("there is no such unit, expected 1 to 10".to_owned()));
        }
        let state = states.remove(&unit);
        if let Some(what) = state.as_ref().and_then(|state| state.defect(machine.tape_unit(unit).place())) {
            return Err(wrong(format!("{label}: {what}")));
        }
        reels.insert(unit, SavedReel { label, state });
    }
    match states.pop_first() {
        Some((unit, _)) => {
            Err(SnapshotError::Reel { unit, what: "`reels` does not name its reel".to_owned() })
        }
        None => Ok(reels),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values published by FNV's authors for the empty text and for `a`.
    #[test]
    fn the_fingerprint_is_fnv_1a() {
        assert_eq!(Fingerprint::default().to_string(), "cbf29ce484222325");
        assert_eq!(Fingerprint::of(b"a").to_string(), "af63dc4c8601ec8c");
    }

    #[test]
    fn hexadecimal_digits_come_back() {
        assert_eq!(to_hex(&[0, 0x1f, 0xa0]), "001fa0");
        assert_eq!(from_hex("001fa0"), Some(vec![0, 0x1f, 0xa0]));
        assert_eq!(from_hex("001"), None);
        assert_eq!(from_hex("+1"), None);
    }
}
