//! Docs/checkpoint.md: the forty words are the program's, and every figure about the plain routine and that of forty
//! words is worked out here.

use std::collections::BTreeMap;

use emu704::CoreSize;

use super::deadlines;
use super::forty;
use crate::common::{assemble, symbol, text};

const CORES: [(CoreSize, u64, &str); 3] =
    [(CoreSize::K4, 4096, "4,096"), (CoreSize::K8, 8192, "8,192"), (CoreSize::K32, 32768, "32,768")];

fn document() -> String {
    text("docs/checkpoint.md")
}

/// The lines must be in the document, one behind the other.
fn assert_in_document(lines: &[String]) {
    let block = lines.join("\n");
    assert!(document().contains(&block), "docs/checkpoint.md lacks:\n{block}\n");
}

/// A number with commas.
fn commas(n: u64) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
    groups.join(",")
}

/// Cycles to a hundred, and seconds.
fn time(cycles: u64) -> String {
    let seconds = cycles as f64 * 12e-6;
    let seconds = if seconds < 10.0 { format!("{seconds:.2}") } else { format!("{seconds:.1}") };
    format!("{} cycles, {seconds} s", commas((cycles + 50) / 100 * 100))
}

#[test]
fn the_forty_words_are_the_programs() {
    let cards: Vec<String> = text("programs/lib/chkfty.sap")
        .lines()
        .filter(|card| !card.contains(" REM"))
        .map(str::to_owned)
        .collect();
    assert_in_document(&[vec!["```text".to_owned()], cards.clone(), vec!["```".to_owned()]].concat());
    // every card that makes a word has its line in the table that explains them
    let document = document();
    let (_, explained) = document.split_once("### Line by line").unwrap();
    let (explained, _) = explained.split_once("### The record").unwrap();
    for card in &cards {
        let mut fields = card[7..].split_whitespace();
        let (operation, variable) = (fields.next().unwrap(), fields.next().unwrap_or(""));
        let among =
            [("CPY", "BOOT+"), ("PZE", "")].iter().any(|(o, v)| operation == *o && variable.starts_with(v));
        if !["HED", "SYN"].contains(&operation) && !among {
            assert!(explained.contains(&format!("| `{operation} {variable}`")), "{card}");
        }
    }
}

#[test]
fn the_figures_of_the_forty_words() {
    let (dump_slack, load_slack) = forty::least_slack();
    let rows: Vec<String> = CORES
        .iter()
        .map(|(core, _, words)| {
            let (length, dump, load) = forty::figures(*core);
            assert_eq!(length, 40);
            format!("| {words} words | {} | {} | {dump_slack}, {load_slack} |", time(dump), time(load))
        })
        .collect();
    assert_in_document(&rows);
}

/// Words that each numbered section of the listing makes.
fn sections() -> BTreeMap<u32, u64> {
    let output = assemble("CHKPNT LIB\n       END 0\n");
    let mut sections = BTreeMap::new();
    let mut section = 0;
    for line in output.listing() {
        let text = line.get(35..).unwrap_or_default().trim_start();
        let number = text.split_once(". ").and_then(|(number, _)| number.parse().ok());
        let location = line.get(7..12).unwrap_or_default();
        let word = line.get(12..30).unwrap_or_default();
        if location.chars().all(|c| c.is_ascii_digit()) && !location.is_empty() && !word.trim().is_empty() {
            *sections.entry(section).or_default() += 1;
        } else if let Some(number) = number {
            section = number;
        }
    }
    sections
}

#[test]
fn the_words_of_the_plain_routine() {
    let output = assemble("CHKPNT LIB\n       END 0\n");
    let (length, boot) = (symbol(&output, "CHKLEN"), symbol(&output, "CHKBTN"));
    assert_eq!((length, boot), (144, 11));
    assert_in_document(&[format!("## What {} more words buy", length - 40)]);
    let sections = sections();
    assert_eq!(sections.keys().copied().collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
    assert_eq!(sections.values().sum::<u64>(), u64::from(length));
    let document = document();
    for (section, words) in sections {
        assert!(
            document.contains(&format!("\n| {section} | {words} | ")),
            "section {section}: {words} words"
        );
    }
    assert!(document.contains(&format!("has {length} words (`CHKLEN` in the listing), of which {boot} are")));
    assert!(document.contains(&format!("| routine, words | {length} | ")));
}

#[test]
fn the_slacks_of_the_plain_routine() {
    let slack: BTreeMap<&str, u64> = deadlines::least_slack().into_iter().collect();
    assert_in_document(&[
        format!(
            "| boot | {} | first word | {} |",
            slack["dump: boot"],
            commas(slack["cold start: first word"])
        ),
        format!("| image | {} | all others | {} |", slack["dump: image"], slack["cold start: all others"]),
        format!("| sum | {} | | |", slack["dump: sum"]),
    ]);
    let (dump, load) = (slack["dump: image"], slack["cold start: all others"]);
    assert_in_document(
        &[format!("| least slack of a CPY | dump {dump}, restore {load} cycles | ")]
            .map(|row| row.trim_end().to_owned()),
    );
}

#[test]
fn the_times_of_the_plain_routine() {
    let rows: Vec<String> = CORES
        .iter()
        .map(|(core, _, words)| {
            let (dump, load) = deadlines::cycles(*core);
            format!("| {words} words | {} | {} |", time(dump), time(load))
        })
        .collect();
    assert_in_document(&rows);
}

/// The record, its tape, and the best interval between checkpoints.
#[test]
fn the_sums() {
    let words = 8192 + 8;
    let feet = words as f64 * 6.0 / 200.0 / 12.0;
    assert_eq!(format!("{feet:.1}"), "20.5");
    let (dump, load) = deadlines::cycles(CoreSize::K8);
    let seconds = dump as f64 * 12e-6;
    let interval = (2.0 * seconds * 8.0 * 3600.0).sqrt();
    let (minutes, share) = (interval / 60.0, 100.0 * seconds / interval);
    assert_eq!((minutes.round(), format!("{share:.1}").as_str()), (7.0, "0.8"));
    // with it the work lost, half an interval at every failure
    assert_eq!(format!("{:.1}", share + 100.0 * interval / 2.0 / (8.0 * 3600.0)), "1.5");
    let document = document();
    for figure in [
        format!("for {seconds:.2} s about 7 minutes"),
        "Dumping then takes 0.8 % of the time".to_owned(),
        "about 1.5 %".to_owned(),
        "8,192 words are 3.3 s and 20.5 feet of tape".to_owned(),
        format!("| record for 8,192 words | {} words | ", commas(words)),
        format!("| time of a dump on 8,192 words | {seconds:.2} s | "),
        format!("| cold start | {:.1} s | ", load as f64 * 12e-6),
        format!("The record has {} words", commas(7 * 4096 + 8)),
    ] {
        assert!(document.contains(&figure), "docs/checkpoint.md lacks: {figure}");
    }
}

/// How many reels the tests of damage and of lost power make, all of them.
#[test]
fn the_reels_of_the_exhaustive_runs() {
    let characters = |words: u64| 6 * (words + 8);
    let (k4, k8) = (characters(4096), characters(8192));
    // cuts from none to all characters, on a blank reel and over an older record, as .tap and P7B
    assert_in_document(&[
        format!("| power lost after every character of a dump of 4,096 words, on a blank reel and over an older checkpoint, as `.tap` and as P7B | {} | ", commas(4 * (k4 + 1)))
            .trim_end()
            .to_owned(),
    ]);
    let document = document();
    for (what, n) in [
        ("the same of 8,192 words, as `.tap`", 2 * (k8 + 1)),
        ("every character with the wrong parity", 2 * k4),
        (
            "every bit flipped: the seven of a character with its parity left wrong, the six with its parity made right",
            2 * 13 * k4,
        ),
        ("two characters of wrong parity in one track", 2 * (40_000 + (66 + 48) * 6 * 20)),
        (
            "the front of a record and the end of the one before, words exchanged, cut after every character",
            k4 - 1,
        ),
    ] {
        assert!(document.contains(&format!("| {what} | {} | ", commas(n))), "{what}: {}", commas(n));
    }
}
