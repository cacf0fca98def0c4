//! Reading sources and writing results; `-` is standard input or output.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::media::file_kind::{FileKind, Foreign, Place, Slice, what_is};
use crate::packed;

/// True for `-`.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The largest file that is assembled or disassembled, in bytes.
const LARGEST: u64 = 256 << 20;

/// Reads all bytes of a file or of standard input; gzip is unpacked.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let (bytes, name) = if is_standard(path) {
        let bytes =
            packed::read_all(std::io::stdin().lock(), LARGEST).context("cannot read standard input")?;
        (bytes, "standard input".to_owned())
    } else {
        let failed = || format!("cannot read {}", path.display());
        let file = fs::File::open(path).with_context(failed)?;
        if file.metadata().with_context(failed)?.is_dir() {
            bail!("cannot read {}: it is a directory", path.display());
        }
        (packed::read_file(&file, LARGEST).with_context(failed)?, path.display().to_string())
    };
    bytes.with_context(|| format!("{name}: expected at most {LARGEST} bytes"))
}

/// The ending of a file name, ignoring `.gz`.
pub(super) fn ending(path: &Path) -> Option<String> {
    let name = Path::new(path.file_name()?);
    let plain = if name.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz")) {
        Path::new(name.file_stem()?)
    } else {
        name
    };
    Some(plain.extension()?.to_str()?.to_owned())
}

/// Reads the text of a source. Bytes that are not UTF-8 become characters that no card has.
///
/// # Errors
/// It cannot be read, or it is surely not text on cards.
pub(super) fn read_source(path: &Path) -> Result<String> {
    let bytes = read_bytes(path)?;
    let found = what_is(&mut Slice(&bytes), Place::Source, ending(path).as_deref())?;
    // text with a few bytes that are not UTF-8 is still text
    let may_be_text =
        matches!(found.kind, FileKind::Unknown | FileKind::Foreign(Foreign::OtherText) | FileKind::Drum(_));
    if let Some(refusal) = found.refusal(Place::Source).filter(|_| !may_be_text) {
        bail!("{}: {refusal}", path.display());
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Writes a result completely or not at all: to a temporary file beside it that is then renamed.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if is_standard(path) {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).context("cannot write standard output")?;
        return Ok(());
    }
    crate::replace::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
