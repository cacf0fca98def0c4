//! Whether a reel is still what it was when the machine was saved.

use std::io;

use super::unreadable;
use crate::reels::{ReelBytes, read_full};
use crate::room::RoomError;
use crate::snapshot::{Fingerprint, ReelState};

/// What has become of a reel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Same {
    /// It is the same to the last byte.
    Whole,
    /// It has changed only behind the place where the tape stands; how, in words.
    Behind(String),
}

/// Compares a reel with what a snapshot says of it.
///
/// # Errors
/// It has changed before the place where the tape stands, or cannot be read.
pub(super) fn check(bytes: &mut dyn ReelBytes, label: &str, state: &ReelState) -> Result<Same, RoomError> {
    let ReelState { length, passed, .. } = state;
    let found = bytes.len().map_err(|error| unreadable(label, error))?;
    if found < *passed {
        return Err(RoomError::Medium(format!(
            "{label}: the reel has changed since the machine was saved: the tape is at byte {passed}, and the file has {found} bytes, expected {length}"
        )));
    }
    // a file of another length is read only as far as it has to be
    let end = if found == *length { found } else { *passed };
    let (before, whole) = fingerprints(bytes, *passed, end).map_err(|error| unreadable(label, error))?;
    let (before, whole) = (before.to_string(), whole.to_string());
    if before != state.before {
        return Err(RoomError::Medium(format!(
            "{label}: the reel has changed since the machine was saved, before byte {passed}, where the tape is: the fingerprint of these bytes is {before}, expected {}",
            state.before
        )));
    }
    if found != *length {
        return Ok(Same::Behind(format!(
            "after byte {passed}, where the tape is; the file has {found} bytes, and had {length}"
        )));
    }
    if whole != state.whole {
        return Ok(Same::Behind(format!(
            "after byte {passed}, where the tape is; the fingerprint of the file is {whole}, and was {}",
            state.whole
        )));
    }
    Ok(Same::Whole)
}

/// The fingerprints of the bytes before a place, and of those up to an end behind it.
pub(super) fn fingerprints(
    bytes: &mut dyn ReelBytes,
    place: u64,
    length: u64,
) -> io::Result<(Fingerprint, Fingerprint)> {
    const PIECE: usize = 1 << 16;
    let mut piece = vec![0; PIECE];
    let mut whole = Fingerprint::default();
    let mut before = whole;
    let mut at = 0;
    while at < length {
        let end = if at < place { place } else { length };
        let most = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
        let n = read_full(bytes, at, &mut piece[..most])?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        whole.add(&piece[..n]);
        at += n as u64;
        if at == place {
            before = whole;
        }
    }
    Ok((before, whole))
}

/// All bytes.
pub(super) fn all(bytes: &mut dyn ReelBytes) -> io::Result<Vec<u8>> {
    let length = bytes.len()?;
    let mut all = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    let n = read_full(bytes, 0, &mut all)?;
    all.truncate(n);
    Ok(all)
}
