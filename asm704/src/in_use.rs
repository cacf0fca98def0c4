//! The files that this process reads and writes, so that none is overwritten by mistake.
//!
//! Two names are the same file when they lead to the same place, also through links: [`Place`]. Commands register what they read
//! with [`reads`], and check for a [`Clash`] before they write. A file that no longer exists causes no clash.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many links are followed in a row; hosts follow about as many.
const LINKS: usize = 40;

/// The file that a name leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    /// An existing file.
    Is(Id),
    /// A file to be created: its folder, and its name there.
    WillBe(PathBuf, OsString),
}

/// The identity of a file, independent of its names: device and number.
#[cfg(unix)]
type Id = (u64, u64);
/// The identity of a file, independent of its names.
#[cfg(not(unix))]
type Id = same_file::Handle;

impl Place {
    /// Where a name leads. `None` for what cannot be overwritten: standard input and output, a pipe, a device, a folder.
    pub fn of(path: &Path) -> Option<Place> {
        if path.as_os_str() == "-" {
            return None;
        }
        match std::fs::metadata(path) {
            Ok(found) if !found.is_file() => None,
            #[cfg(unix)]
            Ok(found) => {
                use std::os::unix::fs::MetadataExt as _;
                Some(Place::Is((found.dev(), found.ino())))
            }
            #[cfg(not(unix))]
            Ok(_) => same_file::Handle::from_path(path).ok().map(Place::Is),
            Err(_) => {
                let path = resolved(path);
                Some(Place::WillBe(folder(&path)?, path.file_name()?.into()))
            }
        }
    }
}

/// Where a name leads, even if nothing exists there yet: links are followed.
pub fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        if let Ok(there) = path.canonicalize() {
            return there;
        }
        let Ok(target) = std::fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    path
}

/// The folder of a name. A part that does not exist is taken as written.
fn folder(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut missing = Vec::new();
    let mut there = folder;
    loop {
        let shown = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        if let Ok(mut found) = shown.canonicalize() {
            for part in missing.into_iter().rev() {
                match part {
                    Component::ParentDir => drop(found.pop()),
                    Component::Normal(name) => found.push(name),
                    _ => {}
                }
            }
            return Some(found);
        }
        missing.push(there.components().next_back()?);
        there = there.parent()?;
    }
}

/// A file in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Its purpose, such as `the source`.
    pub what: String,
    /// Its name.
    pub path: PathBuf,
    /// True when the process writes it, not only reads it.
    pub written: bool,
}

static USED: Mutex<Vec<Used>> = Mutex::new(Vec::new());

fn used() -> MutexGuard<'static, Vec<Used>> {
    USED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn enter(path: &Path, what: &str, written: bool) {
    let mut used = used();
    if !used.iter().any(|used| used.path == path && used.what == what && used.written == written) {
        used.push(Used { what: what.to_owned(), path: path.to_owned(), written });
    }
}

/// Registers a file that the process reads.
pub fn reads(path: &Path, what: &str) {
    enter(path, what, false);
}

/// Registers a file that the process writes.
///
/// # Errors
/// The process already reads or writes the same file, other than as `except`, which may be overwritten in place.
pub fn writes(path: &Path, what: &str, except: Option<&str>) -> Result<(), Clash> {
    check(path, what, except)?;
    enter(path, what, true);
    Ok(())
}

/// Checks a file as [`writes`] does, without registering it.
///
/// # Errors
/// As [`writes`].
pub fn check(path: &Path, what: &str, except: Option<&str>) -> Result<(), Clash> {
    let Some(place) = Place::of(path) else { return Ok(()) };
    let clash = used()
        .iter()
        .filter(|used| used.written || except != Some(&used.what))
        .find(|used| Place::of(&used.path).is_some_and(|at| at == place))
        .cloned();
    match clash {
        None => Ok(()),
        Some(other) => Err(Clash { path: path.to_owned(), what: what.to_owned(), other }),
    }
}

/// All files in use, in the order they were registered.
pub fn all() -> Vec<Used> {
    used().clone()
}

/// A file that would be overwritten.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what} would write it, and it is {}, too ({}): name another file", path.display(), other.what, other.path.display())]
pub struct Clash {
    path: PathBuf,
    what: String,
    other: Used,
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_to_one_file_are_one_place() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let same = |a: &str, b: &str| Place::of(&at(a)) == Place::of(&at(b));
        std::fs::write(at("old"), "").unwrap();
        std::fs::hard_link(at("old"), at("hard")).unwrap();
        for (name, target) in [("soft", "old"), ("dangling", "new"), ("twice", "dangling"), ("here", ".")] {
            std::os::unix::fs::symlink(target, at(name)).unwrap();
        }
        for (a, b) in [
            ("old", "hard"),
            ("old", "soft"),
            ("old", "./old"),
            ("new", "dangling"),
            ("new", "twice"),
            ("new", "here/new"),
            ("missing/new", "missing/x/../new"),
        ] {
            assert!(same(a, b), "{a} and {b}");
        }
        for (a, b) in [("old", "new"), ("new", "other"), ("missing/new", "new")] {
            assert!(!same(a, b), "{a} and {b}");
        }
        assert_eq!(Place::of(Path::new("-")), None);
        assert_eq!(Place::of(Path::new("/dev/null")), None);
    }

    #[test]
    fn what_is_read_is_not_written_and_what_is_written_not_twice() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("old"), "").unwrap();
        reads(&at("old"), "a deck");
        let clash = writes(&at("./old"), "the listing", None).unwrap_err().to_string();
        assert!(clash.contains("the listing would write it, and it is a deck"), "{clash}");
        check(&at("old"), "a deck", Some("a deck")).unwrap();
        writes(&at("new"), "the listing", None).unwrap();
        assert!(writes(&at("new"), "the deck", Some("the listing")).is_err());
    }
}
