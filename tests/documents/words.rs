//! The words that docs/style.md says not to use are not used: in documents, messages, help, comments, docstrings, programs and
//! the page.

use std::path::Path;

use super::root;

/// Where a phrase may stand, and why: the end of a path, the phrase, the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// The endings of the files that are searched, and names without one.
const ENDINGS: &[&str] = &[
    "md", "rs", "sap", "toml", "yml", "js", "mjs", "html", "css", "sh", "do", "txt", "py", "el", "vim", "lua",
];
const NAMES: &[&str] = &["run", "page", "build", "resume"];
/// Folders that are made, or are not ours.
const PASSED_OVER: &[&str] = &["target", "node_modules", "dist", ".git"];

/// The phrases of the first column of the list, in small letters.
fn phrases() -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/style.md")).unwrap();
    let (_, list) = page.split_once("\n## Word list\n").expect("the list");
    let list = list.split("\n## ").next().unwrap_or_default();
    list.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(phrase, _)| phrase.to_lowercase())
        .collect()
}

/// The words of a text in small letters with one blank between them, and the line of each character. The signs of a comment at
/// the beginning of a line are left out, so that a phrase is found across two lines.
fn flat(text: &str) -> (String, Vec<usize>) {
    let (mut flat, mut lines) = (String::new(), Vec::new());
    for (n, line) in text.lines().enumerate() {
        let line = line.trim().trim_end_matches('\\');
        let line = ["///", "//!", "//", "#", "*", "REM "]
            .iter()
            .find_map(|sign| line.strip_prefix(sign))
            .unwrap_or(line);
        for word in line.split_whitespace() {
            flat.push_str(&word.to_lowercase());
            flat.push(' ');
            lines.resize(flat.len(), n + 1);
        }
    }
    (flat, lines)
}

/// The lines on which a phrase stands as whole words.
fn found(flat: &str, lines: &[usize], phrase: &str) -> Vec<usize> {
    let inner = |c: char| c.is_alphanumeric() || c == '_';
    flat.match_indices(phrase)
        .filter(|(at, _)| !flat[..*at].ends_with(inner) && !flat[at + phrase.len()..].starts_with(inner))
        .map(|(at, _)| lines[at])
        .collect()
}

fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_symlink() || PASSED_OVER.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            texts(&path, found);
            continue;
        }
        let ending = path.extension().and_then(|ending| ending.to_str());
        let wanted = ending.map_or(NAMES.contains(&name.as_str()), |ending| ENDINGS.contains(&ending));
        if let (true, Ok(text)) = (wanted, std::fs::read_to_string(&path)) {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.push((name, text));
        }
    }
}

#[test]
fn no_word_of_the_list_is_used() {
    let phrases = phrases();
    assert!(phrases.len() > 30, "{}", phrases.len());
    let mut all = Vec::new();
    texts(&root(), &mut all);
    assert!(all.len() > 500, "{}", all.len());
    let (mut wrong, mut used) = (Vec::new(), vec![false; EXCEPTIONS.len()]);
    for (name, text) in all.iter().filter(|(name, _)| name != "docs/style.md") {
        let (flat, lines) = flat(text);
        for phrase in &phrases {
            for line in found(&flat, &lines, phrase) {
                let exception =
                    EXCEPTIONS.iter().position(|(path, word, _)| name.ends_with(path) && word == phrase);
                match exception {
                    Some(n) => used[n] = true,
                    None => wrong.push(format!("{name}:{line}: `{phrase}`")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "docs/style.md has what to write instead: {wrong:#?}");
    for (used, (path, word, _)) in used.iter().zip(EXCEPTIONS) {
        assert!(used, "{path} has no `{word}` any more: take the exception out of the list");
    }
}

#[test]
fn a_phrase_is_found_across_lines_and_in_capitals_and_not_inside_a_word() {
    let (flat, lines) = flat("    /// It waits for\n    /// EVER.\n       REM THE FOREVERS\n");
    // not spelt out: this file is searched, too
    assert_eq!(found(&flat, &lines, &["for", "ever"].join(" ")), [1]);
    assert_eq!(found(&flat, &lines, "forever"), Vec::<usize>::new());
    assert_eq!(found(&flat, &lines, "the forevers"), [3]);
}
