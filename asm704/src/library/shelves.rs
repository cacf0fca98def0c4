//! A library in folders of the host; each routine is a source file.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::own;
use crate::in_use;

/// Where to look for the routines of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelves {
    folders: Vec<PathBuf>,
    own: bool,
}

impl Shelves {
    /// The folder `lib` beside a source, then `lib` one folder higher, then [`own`].
    pub fn of_source(source: &Path) -> Shelves {
        let folder = source.parent().unwrap_or(Path::new(""));
        // `..` and the empty path have no file name, but they do have a parent folder
        let higher = match (folder.file_name(), folder.parent()) {
            (Some(_), Some(higher)) => higher.join("lib"),
            _ => folder.join("..").join("lib"),
        };
        Shelves { folders: vec![folder.join("lib"), higher], own: true }
    }

    /// Only one folder.
    pub fn of_folder(folder: &Path) -> Shelves {
        Shelves { folders: vec![folder.to_path_buf()], own: false }
    }

    /// The routine of a name: a name for people, such as its file, and its cards.
    pub fn find(&self, name: &str) -> Option<(String, String)> {
        self.find_where(name, &|_| true)
    }

    /// The routine as [`Shelves::find`] finds it, but never from the files given.
    pub fn find_where(&self, name: &str, may_read: &dyn Fn(&Path) -> bool) -> Option<(String, String)> {
        let found = self.folders.iter().find_map(|folder| {
            let path = path_of(folder, name)?;
            if may_read(&path) { cards_of(&path) } else { None }
        });
        found.or_else(|| own(name).filter(|_| self.own))
    }
}

/// The largest size of a routine's file in bytes: 50,000 cards.
const LARGEST: u64 = 4 << 20;

/// The file of a routine in a folder, and its cards. The file has the name in lower case with the ending `.sap`; it must be a
/// plain file of at most 4 MiB.
pub fn routine(folder: &Path, name: &str) -> Option<(String, String)> {
    cards_of(&path_of(folder, name)?)
}

fn path_of(folder: &Path, name: &str) -> Option<PathBuf> {
    // a name has one to six characters, and some characters are not allowed in a file name
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    Some(folder.join(format!("{}.sap", name.to_ascii_lowercase())))
}

fn cards_of(path: &Path) -> Option<(String, String)> {
    // a pipe would wait forever, and a device has no end
    let is_routine = |found: std::fs::Metadata| found.is_file() && found.len() <= LARGEST;
    if !std::fs::metadata(path).is_ok_and(is_routine) {
        return None;
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).ok()?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).ok().filter(|&n| n as u64 <= LARGEST)?;
    in_use::reads(path, "a routine that a LIB card names");
    Some((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::is_own;
    use super::*;

    #[test]
    fn the_nearest_shelf_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let find = |source: &str| Shelves::of_source(&folder.path().join(source)).find("PRINT").unwrap();
        assert!(is_own(&find("a/b/x.sap").0));
        put("a/lib/print.sap", "higher");
        assert_eq!(find("a/b/x.sap").1, "higher");
        assert!(!is_own(&find("a/b/x.sap").0));
        put("a/b/lib/print.sap", "beside");
        assert_eq!(find("a/b/x.sap").1, "beside");
        assert_eq!(find("a/x.sap").1, "higher");
        let only = Shelves::of_folder(&folder.path().join("a"));
        assert_eq!(only.find("PRINT"), None);
        assert_eq!(Shelves::of_source(Path::new("x.sap")).folders, [Path::new("lib"), Path::new("../lib")]);
        assert_eq!(
            Shelves::of_source(Path::new("./x.sap")).folders,
            [Path::new("./lib"), Path::new("./../lib")]
        );
        assert_eq!(Shelves::of_source(Path::new("p/x.sap")).folders, [Path::new("p/lib"), Path::new("lib")]);
    }

    #[test]
    fn only_a_plain_file_that_is_small_is_a_routine() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big.sap");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(LARGEST).unwrap();
        assert!(routine(folder.path(), "BIG").is_some());
        file.set_len(LARGEST + 1).unwrap();
        assert_eq!(routine(folder.path(), "BIG"), None);
        std::fs::create_dir(folder.path().join("folder.sap")).unwrap();
        assert_eq!(routine(folder.path(), "FOLDER"), None);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.sap")).unwrap();
            assert_eq!(routine(folder.path(), "ZERO"), None);
        }
    }
}
