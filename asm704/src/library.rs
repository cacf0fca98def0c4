//! A library of routines for LIB cards: folders of source files, and the project's own routines.

use std::path::{Path, PathBuf};

/// What the shown name of a routine that is part of the program begins with.
const BUILT_IN: &str = "<built-in>/";

/// Routines that are part of the program, so that an installed one needs no folder: those of programs/lib.
const OWN: &[(&str, &str)] = &[
    ("chkbot", include_str!("../../programs/lib/chkbot.sap")),
    ("chkpnt", include_str!("../../programs/lib/chkpnt.sap")),
    ("chkret", include_str!("../../programs/lib/chkret.sap")),
    ("chksav", include_str!("../../programs/lib/chksav.sap")),
    ("chkstr", include_str!("../../programs/lib/chkstr.sap")),
    ("print", include_str!("../../programs/lib/print.sap")),
    ("tapes", include_str!("../../programs/lib/tapes.sap")),
];

/// Where a source looks for routines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelves {
    folders: Vec<PathBuf>,
    own: bool,
}

impl Shelves {
    /// The folder `lib` beside a source, then `lib` one folder higher, then [`own`].
    pub fn of_source(source: &Path) -> Shelves {
        let folder = source.parent().unwrap_or(Path::new(""));
        // `..` and the empty path have no name, but a folder above them all the same
        let higher = match (folder.file_name(), folder.parent()) {
            (Some(_), Some(higher)) => higher.join("lib"),
            _ => folder.join("..").join("lib"),
        };
        Shelves { folders: vec![folder.join("lib"), higher], own: true }
    }

    /// One folder, and nothing else.
    pub fn of_folder(folder: &Path) -> Shelves {
        Shelves { folders: vec![folder.to_path_buf()], own: false }
    }

    /// What a person calls the routine of a name, such as its file, and its cards.
    pub fn find(&self, name: &str) -> Option<(String, String)> {
        let found = self.folders.iter().find_map(|folder| routine(folder, name));
        found.or_else(|| own(name).filter(|_| self.own))
    }
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

/// A routine that is part of the program, by its name, in capital letters or small ones.
pub fn own(name: &str) -> Option<(String, String)> {
    let (file, text) = OWN.iter().find(|(file, _)| file.eq_ignore_ascii_case(name))?;
    Some((format!("{BUILT_IN}{file}.sap"), (*text).to_owned()))
}

/// Whether a routine's shown name is that of one that is part of the program, and so of no file.
pub fn is_own(shown: &str) -> bool {
    shown.starts_with(BUILT_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_routine_of_the_folder_is_part_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs/lib");
        let mut files: Vec<_> = folder
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let own: Vec<_> = OWN.iter().map(|(file, _)| format!("{file}.sap")).collect();
        assert_eq!(files, own);
    }

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
}
