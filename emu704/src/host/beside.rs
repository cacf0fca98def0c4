//! New files that are made beside their place, and what a killed process left of them.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

/// Where this process makes the file that will be `real`: `NAME.PID.new` in the same folder, so that it can be moved to its
/// place in one step.
pub(super) fn beside(real: &Path) -> PathBuf {
    let mut name = real.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    real.with_file_name(name)
}

/// Removes the `NAME.PID.new` files of processes that were killed while they replaced `real`. One that still has its
/// process, or that another process has locked, stays; so does everything on a file system without locks. What cannot
/// be removed stays, too: it harms nobody but the disk.
pub(super) fn sweep(real: &Path) {
    let Some(name) = real.file_name() else { return };
    let folder = match real.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if let (true, Some(pid)) = (is_file, maker(&entry.file_name(), name))
            && !is_alive(pid)
            && let Ok(file) = OpenOptions::new().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            // still locked while it is removed
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The process that makes `file` as a replacement of `name`, if it is one.
fn maker(file: &OsStr, name: &OsStr) -> Option<u32> {
    let rest = file.to_str()?.strip_prefix(name.to_str()?)?;
    let pid = rest.strip_prefix('.')?.strip_suffix(".new")?;
    pid.parse().ok().filter(|n: &u32| n.to_string() == pid)
}

/// Where the host shows its processes as folders, a process that exists has not lost its file. Elsewhere the lock alone
/// tells.
fn is_alive(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_replacements_of_the_very_file_are_known() {
        let maker = |file: &str| maker(OsStr::new(file), OsStr::new("reel.tap"));
        assert_eq!(maker("reel.tap.704.new"), Some(704));
        for other in [
            "reel.tap",
            "reel.tap.new",
            "reel.tap.x.new",
            "reel.tap.+7.new",
            "reel.tap.07.new",
            "reel.tap.7.new.bak",
            "a.tap.7.new",
            "reel.tap.7.7.new",
        ] {
            assert_eq!(maker(other), None, "{other}");
        }
    }
}
