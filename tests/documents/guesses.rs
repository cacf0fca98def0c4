//! Every guess of the code stands in docs/open-questions.md: by the file in which it is decided.

use std::collections::BTreeMap;

use super::{collect, root};

/// A guess is marked so where it is decided. (Nothing else may have the word in it.)
const MARK: &str = "UNVERIFIED";

/// `figures!` has a row a guess; docs/devices.md is generated from it and lists them.
const LISTED_ELSEWHERE: &[&str] = &["emu704/src/config/figures.rs"];

#[test]
fn every_guess_is_an_open_question() {
    let root = root();
    let mut sources = Vec::new();
    for folder in ["asm704/src", "emu704/src"] {
        collect(&root, &root.join(folder), true, "rs", &mut sources);
    }
    let page = std::fs::read_to_string(root.join("docs/open-questions.md")).unwrap();
    let mut listed = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let place = line.trim_end_matches('|').rsplit('|').next().unwrap();
        for file in place.split('`').skip(1).step_by(2).filter(|file| file.contains(".rs")) {
            *listed.entry(file.to_owned()).or_insert(0) += 1;
        }
    }
    let mut marked = BTreeMap::new();
    for (name, text) in &sources {
        let n_guesses = text.matches(MARK).count();
        if n_guesses > 0 && !LISTED_ELSEWHERE.contains(&name.as_str()) {
            marked.insert(name.replacen("/src/", "/", 1), n_guesses);
        }
    }
    assert!(marked.len() > 10, "{marked:?}");
    assert_eq!(
        marked, listed,
        "guesses marked in the code (left), and how often docs/open-questions.md names the file in its last column (right)"
    );
}
