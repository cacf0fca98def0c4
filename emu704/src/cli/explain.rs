//! `emu704 explain`: a word in all views.

use std::fmt::Write as _;

use anyhow::Result;
use asm704::views::View;
use asm704::{Word, isa};

use super::{Failure, files};

/// Which word.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 explain 053400700010")]
pub(crate) struct ExplainArgs {
    /// The word: up to twelve octal digits, or a sign and up to twelve of which the first is 0 to 3
    #[arg(allow_hyphen_values = true)]
    pub(crate) word: String,
}

pub(crate) fn explain(args: &ExplainArgs) -> Result<u8> {
    let word: Word = args.word.parse().map_err(|error: asm704::WordParseError| {
        Failure::usage(asm704::visible::clean(&error.to_string()).into_owned())
    })?;
    files::print_bytes(text(word).as_bytes())
}

fn text(word: Word) -> String {
    let mut text = String::new();
    for view in View::ALL {
        let _ = writeln!(text, "{:<12} {}", view.name(), view.quoted(word));
    }
    let (prefix, decrement, tag, address) = (word.prefix(), word.decrement(), word.tag(), word.address());
    let _ = writeln!(
        text,
        "{:<12} prefix {prefix:o}, decrement {decrement:05o}, tag {tag:o}{}, address {address:05o}",
        "fields",
        registers(tag)
    );
    match isa::decode(word) {
        Some(op) => {
            let row = op.row();
            let _ = writeln!(text, "{:<12} {}: {}", "operation", row.name, row.summary);
            let _ = writeln!(text, "{:<12} {}", "cycles", row.cycles);
        }
        None => {
            let _ = writeln!(text, "{:<12} none: the machine has no such operation", "operation");
        }
    }
    text
}

/// The index registers of a tag.
fn registers(tag: u8) -> String {
    let names: Vec<&str> = [(1, "A"), (2, "B"), (4, "C")]
        .iter()
        .filter(|(bit, _)| tag & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(" and ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_all_its_views() {
        // LXA 10 with all three registers; 0 5 34 00 7 00010 as characters: 05 34 00 70 00 10
        let expected = "\
octal        053400700010
integer      5838700552
floating     (not compared here)
characters   \"5)0Y08\"
instruction  LXA 10,7
fields       prefix 0, decrement 53400, tag 7 (A and B and C), address 00010
operation    LXA: ";
        let found = text("053400700010".parse().unwrap());
        let same = |line: &str| !line.starts_with("floating");
        for (found, expected) in found.lines().zip(expected.lines()).filter(|(line, _)| same(line)) {
            assert!(found.starts_with(expected), "{found}");
        }
        assert!(found.contains("\ncycles       2\n"), "{found}");
        assert!(text(Word::new(0o077700000000)).contains("operation    none"));
    }
}
