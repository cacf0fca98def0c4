//! The documents: what is generated is up to date, links lead somewhere, guesses are listed, and no command line is shown that
//! no test runs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod commands;
mod figures;
mod film;
mod guesses;
mod json;
mod layers;
mod licences;
mod links;
mod packages;
mod readmes;
pub(crate) mod run;
mod security;
mod shown;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every document of the tree, by its path from the top, with its text.
fn documents() -> Vec<(String, String)> {
    let root = root();
    let mut documents = Vec::new();
    for folder in [".", "asm704", "emu704", "docs", "programs", "tapes"] {
        let deep = ["docs", "programs", "tapes"].contains(&folder);
        collect(&root, &root.join(folder), deep, "md", &mut documents);
    }
    documents.sort();
    assert!(documents.len() > 25, "{}", documents.len());
    documents
}

/// The files with an ending in a folder, by their paths from `root`.
fn collect(root: &Path, folder: &Path, deep: bool, ending: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if deep && !path.ends_with("node_modules") {
                collect(root, &path, deep, ending, found);
            }
        } else if path.extension().is_some_and(|e| e == ending) {
            let name = path.canonicalize().unwrap().strip_prefix(root).unwrap().to_owned();
            let name = name.to_str().unwrap().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}
