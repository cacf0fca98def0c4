//! Links between the documents, and the two tables of contents.

use std::collections::BTreeSet;

use super::{documents, root};

#[test]
fn every_link_leads_somewhere() {
    let root = root();
    let documents = documents();
    let mut wrong = Vec::new();
    let mut n_links = 0;
    for (name, text) in &documents {
        for link in links(text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            n_links += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let folder = root.join(name).parent().unwrap().to_path_buf();
            let target = if file.is_empty() { root.join(name) } else { folder.join(file) };
            let Ok(target) = target.canonicalize() else {
                wrong.push(format!("{name}: {link}: no such file"));
                continue;
            };
            // the book holds docs/ and nothing else
            if name.starts_with("docs/") && !target.starts_with(root.join("docs")) {
                wrong.push(format!("{name}: {link}: leads out of the book"));
            }
            if anchor.is_empty() {
                continue;
            }
            let text = std::fs::read_to_string(&target).unwrap();
            if !anchors(&text).contains(anchor) {
                wrong.push(format!("{name}: {link}: no such heading"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(n_links > 100, "{n_links} links are too few: are they found at all?");
}

#[test]
fn every_page_of_docs_is_in_both_tables_of_contents() {
    let documents = documents();
    let listed = |contents: &str| -> BTreeSet<String> {
        let (_, text) = documents.iter().find(|(name, _)| name == contents).unwrap();
        links(text).iter().map(|link| format!("docs/{link}")).collect()
    };
    let (summary, index) = (listed("docs/SUMMARY.md"), listed("docs/README.md"));
    for (name, _) in &documents {
        let is_page = name.starts_with("docs/") && name != "docs/SUMMARY.md" && name != "docs/README.md";
        if is_page && !name.starts_with("docs/editors/vscode/") {
            assert!(summary.contains(name), "docs/SUMMARY.md has no {name}");
            assert!(index.contains(name), "docs/README.md has no {name}");
        }
    }
}

#[test]
fn every_path_in_the_text_exists() {
    let root = root();
    let mut n_paths = 0;
    for (name, text) in documents() {
        for span in text.replace("```", "").split('`').skip(1).step_by(2) {
            let is_path = ["tests/", "programs/", "docs/", "tapes/", "asm704/", "emu704/"]
                .iter()
                .any(|top| span.starts_with(top));
            let is_plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            // the table of open questions leaves out src
            if is_path && is_plain && !span.contains("NAME") && name != "docs/open-questions.md" {
                n_paths += 1;
                assert!(root.join(span).exists(), "{name}: there is no {span}");
            }
        }
    }
    assert!(n_paths > 50, "{n_paths} are too few: are they found at all?");
}

/// What stands in the round brackets of `[text](target)`, outside of blocks and spans of code.
fn links(text: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced || line.starts_with("    ") {
            continue;
        }
        for (n, piece) in line.split("](").enumerate() {
            if n > 0
                && let Some((link, _)) = piece.split_once(')')
            {
                links.push(link);
            }
        }
    }
    links
}

/// The anchors that readers of Markdown give to headings.
fn anchors(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter(|&c| c.is_alphanumeric() || c == ' ' || c == '-' || c == '_');
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}
