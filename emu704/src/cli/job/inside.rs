//! A job that stays in its folder: where a name leads, links followed.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The folder of a job.
pub(crate) struct Inside {
    /// Without links.
    folder: PathBuf,
}

impl Inside {
    /// # Errors
    /// It cannot be found.
    pub(crate) fn of(folder: &Path) -> io::Result<Inside> {
        let named = !folder.as_os_str().is_empty();
        Ok(Inside { folder: std::fs::canonicalize(if named { folder } else { Path::new(".") })? })
    }

    /// A name leads to a file in the folder, or to one that can be made there. Of a folder that is there, so do all links in it:
    /// film is written there under names of its own.
    ///
    /// # Errors
    /// Why not, in words.
    pub(crate) fn check(&self, path: &Path) -> Result<(), String> {
        // standard input or output, which is not a file
        if path.as_os_str() == "-" {
            return Ok(());
        }
        let real = self.check_one(path)?;
        if real.is_dir() {
            for entry in std::fs::read_dir(&real).map_err(|e| format!("cannot read: {e}"))?.flatten() {
                if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                    self.check_one(&entry.path())
                        .map_err(|why| format!("{}: {why}", entry.file_name().display()))?;
                }
            }
        }
        Ok(())
    }

    fn check_one(&self, path: &Path) -> Result<PathBuf, String> {
        let real = real(path)?;
        if real.starts_with(&self.folder) {
            return Ok(real);
        }
        let (real, folder) = (real.display(), self.folder.display());
        Err(format!(
            "it leads to {real}; with --keep-inside every file of a job must be in the folder of the job, {folder}"
        ))
    }
}

/// Where a name leads, links followed. What is missing may be made, but not through a link that leads nowhere.
fn real(path: &Path) -> Result<PathBuf, String> {
    if let Ok(real) = std::fs::canonicalize(path) {
        return Ok(real);
    }
    if path.symlink_metadata().is_ok() {
        return Err("it is a link that leads nowhere, and --keep-inside refuses it".to_owned());
    }
    let Some(Component::Normal(name)) = path.components().next_back() else {
        return Err("it leads nowhere, and --keep-inside refuses it".to_owned());
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(real(folder)?.join(name))
}
