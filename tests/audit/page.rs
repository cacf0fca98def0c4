//! docs/open-questions.md and the code have the same questions.

use std::collections::BTreeSet;

use emu704::audit::QUESTIONS;
use emu704::config::figures::{Confidence, Figures};

#[test]
fn every_entry_of_the_page_is_watched_or_says_that_it_cannot_be() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/open-questions.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (tables, unwatched) = page.split_once("\n## What cannot be watched\n").unwrap();
    let rows = tables.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| id |"));
    let listed: Vec<&str> = rows
        .map(|row| {
            row.strip_prefix("| `")
                .and_then(|row| row.split('`').next())
                .unwrap_or_else(|| panic!("no id: {row}"))
        })
        .collect();
    let entries: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(entries.len(), listed.len(), "an id twice");
    let cannot: BTreeSet<&str> = unwatched
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split_once(": "))
        .flat_map(|(ids, _)| ids.split(", ").map(|id| id.trim_matches('`')))
        .collect();
    let watched: BTreeSet<&str> = QUESTIONS.iter().map(|question| question.id).collect();
    assert_eq!(watched.len(), QUESTIONS.len(), "an id twice");
    assert!(watched.is_disjoint(&cannot), "watched, and said not to be: {cannot:?}");
    let known: BTreeSet<&str> = watched.union(&cannot).copied().collect();
    assert_eq!(known, entries, "what the code watches or cannot (left), and the page (right)");
    // the code has them in the order of the page
    let order: Vec<&str> = listed.into_iter().filter(|id| watched.contains(id)).collect();
    assert_eq!(order, QUESTIONS.iter().map(|question| question.id).collect::<Vec<_>>());
}

#[test]
fn every_figure_that_is_a_guess_is_watched() {
    let mut n_guesses = 0;
    for (unit, table) in Figures::TABLES {
        for figure in table.iter().filter(|figure| figure.confidence == Confidence::Guess) {
            n_guesses += 1;
            let name = format!("{unit} {}", figure.name.replace('_', "-"));
            let named = QUESTIONS.iter().any(|question| {
                let figures =
                    question.what.rsplit_once(" (").map(|(_, figures)| figures.trim_end_matches(')'));
                figures.is_some_and(|figures| figures.split(", ").any(|figure| figure == name))
            });
            assert!(named, "no question of the audit names the figure {name}");
        }
    }
    assert!(n_guesses > 8, "{n_guesses}");
}
