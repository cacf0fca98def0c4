//! The SHARE assembler, from the text of its reference: cards in, words, decks, listings and diagnostics out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::format_collect, clippy::format_push_string, reason = "sources are made of lines")]

mod cards;
mod cases;
mod decimal;
mod disassembly;
mod free;
mod habits;
mod library;
mod limits;
mod listing;
mod robust;
mod symbols;
mod words;
mod xref;

use asm704::assemble::{Options, Output, assemble};

/// Assembles with the default options.
fn run(source: &str) -> Output {
    assemble(source, &Options::default())
}

/// Words of the program as `address word`, blank separated, of the whole source.
fn image(source: &str) -> Vec<String> {
    run(source).core_image().map(|(address, word)| format!("{address:05o} {word}")).collect()
}

/// The cards of the deck: the words up to the last one that is not zero.
fn deck(source: &str) -> Vec<String> {
    run(source).cards().map(|card| card.text().trim_end_matches(" 000000000000").to_owned()).collect()
}

/// Flags of the listing lines of cards, in order: the second pass only, blank flags left out.
fn flags(source: &str) -> Vec<String> {
    run(source)
        .listing()
        .map(|line| line.chars().skip(1).take(5).collect::<String>().trim().to_owned())
        .filter(|flags| !flags.is_empty())
        .collect()
}

/// Codes of the diagnostics with their lines.
fn codes(source: &str) -> Vec<String> {
    run(source).diagnostics().map(|d| format!("{} {}", d.line, d.code)).collect()
}
