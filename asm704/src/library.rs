//! A library of routines as a folder of source files, for LIB cards.

use std::path::{Path, PathBuf};

/// The folder `lib` beside a source.
pub fn beside(source: &Path) -> PathBuf {
    source.parent().unwrap_or(Path::new("")).join("lib")
}

/// The file of a routine in a folder, and its cards: the name in lower case with the ending `.sap`.
pub fn routine(folder: &Path, name: &str) -> Option<(String, String)> {
    // a name is of one to six characters, and not every one of them may be part of a file's name
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let path = folder.join(format!("{}.sap", name.to_ascii_lowercase()));
    let bytes = std::fs::read(&path).ok()?;
    Some((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()))
}
