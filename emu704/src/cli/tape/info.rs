//! `emu704 tape info`: the form of an image, and how much tape it is.

use std::io::Write;

use anyhow::Result;
use asm704::media::tape::{GAP_PLACES, Item, MARK_GAP_PLACES, Note};
use serde_json::json;

use super::LookArgs;
use super::walk::{Behind, Count, Met, Walk};
use crate::cli::exit;
use crate::cli::files::{open_reel, out, plural, tape_error};

/// Characters an inch.
const DENSITY: f64 = 200.0;
/// Inches a second.
const SPEED: f64 = 75.0;
/// Feet of a full reel.
const FULL_REEL: f64 = 2400.0;

pub(super) fn info(args: &LookArgs) -> Result<u8> {
    let mut out = out();
    let mut code = 0;
    let mut all = Vec::new();
    for path in &args.images {
        let mut image = open_reel(path, args.form)?;
        let bytes = image.len().map_err(|error| tape_error(path, error))?;
        let stray = image.stray_byte();
        let (form, how) = (image.format(), image.how_recognised().to_owned());
        let mut count = Count::new();
        let mut notes: Vec<Note> = Vec::new();
        let mut behind = None;
        let (mut records, mut marks, mut characters, mut words, mut damaged) =
            (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
        // the gap at the load point is as long as that before a file mark
        let mut places = MARK_GAP_PLACES as u64;
        for met in Walk::new(&mut image) {
            match met.map_err(|error| tape_error(path, error))? {
                Met::Item { item, .. } => {
                    count.item(&item);
                    match item {
                        Item::Record(record) => {
                            let n = record.frames.len() as u64;
                            records += 1;
                            characters += n;
                            words += n.div_ceil(6);
                            places += n + GAP_PLACES as u64;
                        }
                        Item::Mark => {
                            marks += 1;
                            places += (MARK_GAP_PLACES + 1 + GAP_PLACES) as u64;
                        }
                        Item::Gap(n) => places += u64::from(n),
                        Item::Note(note) => notes.push(note),
                    }
                }
                Met::Bad { .. } => damaged += 1,
                Met::Tail { behind: found, .. } => behind = found.filter(|found| !found.of_the_form),
            }
        }
        if damaged > 0 {
            code = exit::MEDIUM;
        }
        let inches = places as f64 / DENSITY;
        let (feet, seconds) = (inches / 12.0, inches / SPEED);
        if args.json {
            all.push(json!({
                "image": path.display().to_string(), "form": form.keyword(), "recognised_by": how, "bytes": bytes,
                "records": records, "marks": marks, "characters": characters, "words": words, "damaged": damaged,
                "stray_byte": stray, "feet": round(feet), "seconds": round(seconds),
                "label": label(&notes), "notes": notes.len(),
                "behind": behind.map(|b: Behind| json!({"offset": b.at, "bytes": b.bytes, "records": b.records})),
            }));
            continue;
        }
        writeln!(out, "{}: {form}, recognised by {how}", path.display())?;
        let counts = [
            (bytes, "byte"),
            (records, "record"),
            (marks, "file mark"),
            (words, "word"),
            (characters, "character"),
        ];
        let counts: Vec<String> = counts.iter().map(|&(n, what)| plural(n, what)).collect();
        writeln!(out, "  {}", counts.join(", "))?;
        writeln!(
            out,
            "  {feet:.1} feet of tape, {:.1} % of a full reel; {seconds:.1} s at 75 inches a second",
            100.0 * feet / FULL_REEL
        )?;
        if let Some(stray) = stray {
            writeln!(
                out,
                "  the last byte, at offset {stray}, repeats the first character of the last record: ignored"
            )?;
        }
        if let Some(label) = label(&notes) {
            writeln!(out, "  label: {}", label.replace('\n', "\n         "))?;
        }
        let others = notes.iter().filter(|note| label_of(note).is_none());
        for note in others {
            writeln!(out, "  beside the recording: {note}")?;
        }
        if let Some(behind) = behind {
            writeln!(out, "  {behind}")?;
        }
        if damaged > 0 {
            writeln!(out, "  damaged in {}: see emu704 tape verify", plural(damaged, "place"))?;
        }
    }
    if args.json {
        writeln!(out, "{}", json!({"version": 1, "images": all}))?;
    }
    out.flush()?;
    Ok(code)
}

/// The text of a note that describes the reel.
fn label_of(note: &Note) -> Option<String> {
    if matches!(note, Note::Description(_)) { note.text() } else { None }
}

/// What the image says of the reel.
fn label(notes: &[Note]) -> Option<String> {
    let texts: Vec<String> = notes.iter().filter_map(label_of).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
