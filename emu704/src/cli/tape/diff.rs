//! `emu704 tape diff`: two reels, by record and by word.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use asm704::Word;
use asm704::media::tape::{Item, Record, Store, TapeError, TapeFormat, TapeImage, words_of};
use serde_json::{Value, json};

use super::checkpoint::{Checkpoint, checkpoint};
use super::symbols::Symbols;
use super::walk::{Count, say_behind};
use crate::cli::files::{open_reel, out, parse_form, tape_error};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape diff old.tap new.p7b\n  asm704 prog.sap --symbols prog.json\n  emu704 tape diff --symbols prog.json monday.tap tuesday.tap"
)]
pub(super) struct DiffArgs {
    /// The first reel; - is standard input
    first: PathBuf,
    /// The second reel, in any form
    second: PathBuf,
    /// The program's symbols, from asm704 --symbols: words of core in checkpoints are named by them
    #[arg(long, value_name = "FILE")]
    symbols: Option<PathBuf>,
    /// Print at most this many lines about words
    #[arg(long, value_name = "LINES", default_value_t = 50)]
    limit: usize,
    /// Take the bytes of every image for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// One JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn diff(args: &DiffArgs) -> Result<u8> {
    let symbols = args.symbols.as_deref().map(Symbols::read).transpose()?;
    let mut first = open_reel(&args.first, args.form)?;
    let mut second = open_reel(&args.second, args.form)?;
    first.store().prints_lines();
    // both go along together: one of them shows the progress
    second.store().shows_nothing();
    let mut out = out();
    let mut differences: Vec<Value> = Vec::new();
    let mut lines = 0;
    let mut more = 0_usize;
    let (mut a, mut b) = (0, 0);
    let mut count = Count::new();
    loop {
        let old = next_but_gaps(&mut first, &mut a).map_err(|error| tape_error(&args.first, error))?;
        let new = next_but_gaps(&mut second, &mut b).map_err(|error| tape_error(&args.second, error))?;
        match old.as_ref().or(new.as_ref()) {
            None => break,
            Some(item) => count.item(item),
        }
        if old == new {
            continue;
        }
        let core = match &old {
            Some(Item::Record(record)) => checkpoint(record),
            _ => None,
        };
        for difference in compare(old.as_ref(), new.as_ref()) {
            if lines >= args.limit {
                more += 1;
                continue;
            }
            lines += 1;
            let address =
                core.as_ref().zip(difference.word).and_then(|(core, n)| Checkpoint::core_address(core, n));
            let name = address.zip(symbols.as_ref()).and_then(|(address, symbols)| symbols.name(address));
            if args.json {
                differences.push(json!({
                    "file": count.file, "record": count.record, "word": difference.word.map(|w| format!("{w:05o}")),
                    "core": address.map(|address| format!("{address:05o}")), "symbol": name,
                    "first": difference.first, "second": difference.second,
                }));
            } else {
                let mut word = difference.word.map_or(String::new(), |word| format!(", word {word:05o}"));
                if let Some(address) = address {
                    word = format!("{word}, core {address:05o}");
                }
                if let Some(name) = name {
                    word = format!("{word} {name}");
                }
                let Difference { first, second, .. } = difference;
                writeln!(out, "file {}, record {}{word}: {first} | {second}", count.file, count.record)?;
            }
        }
    }
    say_behind(&args.first, &mut first, a, "not compared")?;
    say_behind(&args.second, &mut second, b, "not compared")?;
    if args.json {
        let document = json!({"version": 1, "same": lines == 0, "differences": differences, "more": more});
        writeln!(out, "{document}")?;
    } else if more > 0 {
        writeln!(out, "and {more} more")?;
    }
    out.flush()?;
    Ok(u8::from(lines + more > 0))
}

/// Gaps and notes are not compared: not every form has them.
fn next_but_gaps<S: Store>(image: &mut TapeImage<S>, at: &mut u64) -> Result<Option<Item>, TapeError> {
    while let Some((item, next)) = image.read_forward(*at)? {
        *at = next;
        if !matches!(item, Item::Gap(_) | Item::Note(_)) {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

struct Difference {
    word: Option<usize>,
    first: String,
    second: String,
}

fn compare(old: Option<&Item>, new: Option<&Item>) -> Vec<Difference> {
    let whole = |first: String, second: String| vec![Difference { word: None, first, second }];
    let (Some(Item::Record(old)), Some(Item::Record(new))) = (old, new) else {
        return whole(told(old), told(new));
    };
    let mut differences = Vec::new();
    let (first, second) = (summary(old), summary(new));
    if first != second {
        differences.push(Difference { word: None, first, second });
    }
    let mode = old.likely_mode();
    let (a, b) = (words_of(old, mode), words_of(new, mode));
    let text = |word: Option<&Word>| word.map_or(String::from("-"), Word::to_string);
    for n in 0..a.len().max(b.len()) {
        if a.get(n) != b.get(n) {
            differences.push(Difference { word: Some(n), first: text(a.get(n)), second: text(b.get(n)) });
        } else if old.frames.chunks(6).nth(n) != new.frames.chunks(6).nth(n) {
            let parity = |record: &Record| {
                let frames: Vec<String> =
                    record.frames[n * 6..].iter().take(6).map(|frame| format!("{frame:03o}")).collect();
                frames.join(" ")
            };
            differences.push(Difference { word: Some(n), first: parity(old), second: parity(new) });
        }
    }
    differences
}

fn told(item: Option<&Item>) -> String {
    match item {
        None => String::from("end of the reel"),
        Some(Item::Mark) => String::from("file mark"),
        Some(Item::Gap(n)) => format!("gap of {n} characters"),
        Some(Item::Note(note)) => note.to_string(),
        Some(Item::Record(record)) => summary(record),
    }
}

fn summary(record: &Record) -> String {
    let error = if record.error { ", error bit" } else { "" };
    format!("record of {} characters{error}", record.frames.len())
}
