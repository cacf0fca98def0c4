//! Routines for LIB cards: the project's own, and with the feature `files` those in folders.

#[cfg(feature = "files")]
mod shelves;

#[cfg(feature = "files")]
pub use shelves::{Shelves, routine};

/// The beginning of the shown name of a built-in routine.
const BUILT_IN: &str = "<built-in>/";

/// Routines built into the program, so that an installed one needs no folder: those of programs/lib.
const OWN: &[(&str, &str)] = &[
    ("chkfnd", include_str!("../programs/lib/chkfnd.sap")),
    ("chkfty", include_str!("../programs/lib/chkfty.sap")),
    ("chkpnt", include_str!("../programs/lib/chkpnt.sap")),
    ("chksto", include_str!("../programs/lib/chksto.sap")),
    ("chkstr", include_str!("../programs/lib/chkstr.sap")),
    ("print", include_str!("../programs/lib/print.sap")),
    ("remote", include_str!("../programs/lib/remote.sap")),
    ("tapes", include_str!("../programs/lib/tapes.sap")),
];

/// A built-in routine by its name, in upper or lower case.
pub fn own(name: &str) -> Option<(String, String)> {
    let (file, text) = OWN.iter().find(|(file, _)| file.eq_ignore_ascii_case(name))?;
    Some((format!("{BUILT_IN}{file}.sap"), (*text).to_owned()))
}

/// The names of the built-in routines, in lower case.
pub fn own_names() -> impl Iterator<Item = &'static str> {
    OWN.iter().map(|(name, _)| *name)
}

/// Whether a shown name is that of a built-in routine, which has no file.
pub fn is_own(shown: &str) -> bool {
    shown.starts_with(BUILT_IN)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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
}
