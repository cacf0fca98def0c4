//! Reading sources and writing results; `-` is standard input and output.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

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
    let failed = || format!("cannot write {}", path.display());
    // what is no plain file (a terminal, a pipe, /dev/null) cannot take the place of another
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => bail!("cannot write {}: it is a directory", path.display()),
        Ok(found) if !found.is_file() => return fs::write(path, bytes).with_context(failed),
        _ => {}
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".asm704-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_or(0o666, |found| found.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(directory).with_context(failed)?;
    file.write_all(bytes).with_context(failed)?;
    file.persist(path).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}
