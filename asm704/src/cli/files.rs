//! Reading sources and writing results; `-` is standard input and output.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result};

/// True for `-`.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The text of a source; bytes that are not UTF-8 become characters that no card has.
pub(super) fn read_source(path: &Path) -> Result<String> {
    let bytes = if is_standard(path) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        bytes
    } else {
        fs::read(path).with_context(|| format!("cannot read {}", path.display()))?
    };
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Writes a result as a whole or not at all: to a file beside it that then takes its name.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if is_standard(path) {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).context("cannot write standard output")?;
        return Ok(());
    }
    crate::replace::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
