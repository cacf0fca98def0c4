//! A figure that more than one page has is the same on all of them, and in the pictures. Other tests hold the figure of one page
//! against the program: tests/checkpoint/document.rs, tests/strong/figures.rs, tests/sharing/figures.rs.

use super::root;

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What is between two pieces of text.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} after {before}")).0
}

#[test]
fn the_picture_of_sharing_has_the_figures_of_its_page() {
    let (page, picture) = (text("docs/sharing.md"), text("docs/pictures/sharing.svg"));
    let words = between(&page, "| the monitor | ", " |");
    assert!(picture.contains(&format!(">{words}<")), "{words}");
    let seconds = ["shortest", "longest"]
        .map(|which| between(between(&page, &format!("| the {which} swap | "), " |"), "cycles, ", " s"));
    let swap = format!(">{}-{} s<", seconds[0], seconds[1]);
    assert!(picture.contains(&swap), "{swap}");
}

#[test]
fn the_pictures_of_the_checkpoint_have_the_figures_of_its_page() {
    let (page, picture) = (text("docs/checkpoint.md"), text("docs/pictures/checkpoint-record.svg"));
    let more = between(&page, "For a core of N words it is ", " words long");
    assert!(picture.contains(&format!("The forty words, {more} words")), "{more}");
    let more = between(&page, "For a core of N words, ", " words:");
    assert!(picture.contains(&format!("The plain routine, {more} words")), "{more}");
    let boot = between(&page, "of which ", " are the boot block");
    assert!(picture.contains(&format!(">{boot} words<")), "{boot}");
    let timing = text("docs/pictures/cpy-timing.svg");
    let cycles = between(&page, "A word passes the head every ", ";");
    assert!(timing.contains(&format!(">{cycles}, 400 microseconds<")), "{cycles}");
}

/// The four words of the boot block of the forty, as the routine has them, in the order in which the key reads them.
#[test]
fn the_picture_of_the_boot_has_its_cards() {
    let (source, picture) = (text("programs/lib/chkfty.sap"), text("docs/pictures/boot-steps.svg"));
    let cards: Vec<String> = source
        .lines()
        .skip_while(|line| !line.starts_with("BOOT "))
        .take(5)
        .map(|line| line[7..].split_whitespace().take(2).collect::<Vec<_>>().join(" "))
        .map(|card| card.replace("CHKCOR", "N"))
        .collect();
    assert_eq!(cards.len(), 5);
    for card in &cards {
        assert!(picture.contains(&format!(">{card}<")), "{card}");
    }
}

#[test]
fn the_readme_counts_the_vectors_as_fidelity_does() {
    let page = text("docs/fidelity.md");
    let vectors = between(&page, "`cargo test vectors`: ", " single instructions");
    // the whole set is not in the tree; tests/vectors.rs counts it where it is
    let vectors = vectors.rsplit(' ').next().unwrap_or(vectors);
    assert!(text("README.md").contains(&format!("{vectors} single-instruction tests")), "{vectors}");
}
