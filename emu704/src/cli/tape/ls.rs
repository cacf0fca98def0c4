//! `emu704 tape ls`: a line per record.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use asm704::chars::{self, Graphics};
use asm704::isa::{self, Op};
use asm704::media::tape::{Item, Mode, Record, RecordParity, Store, TapeImage, words_of};
use serde_json::{Value, json};

use super::LookArgs;
use super::checkpoint::checkpoint;
use super::walk::{Count, Folded, Met};
use crate::cli::exit;
use crate::cli::files::{open_reel, out, plural, tape_error};

pub(super) fn ls(args: &LookArgs) -> Result<u8> {
    let mut out = out();
    let mut code = 0;
    if args.json {
        write!(out, "{{\"version\":1,\"images\":[")?;
    }
    for (n, path) in args.images.iter().enumerate() {
        if args.json && n > 0 {
            write!(out, ",")?;
        }
        code = code.max(ls_one(&mut out, path, args)?);
    }
    if args.json {
        writeln!(out, "]}}")?;
    }
    out.flush()?;
    Ok(code)
}

fn ls_one(out: &mut impl Write, path: &Path, args: &LookArgs) -> Result<u8> {
    let mut image = open_reel(path, args.form)?;
    image.store().prints_lines();
    let name = path.display().to_string();
    if args.json {
        write!(out, "{}", json_head(&name, &image)?)?;
    } else {
        writeln!(out, "{name}: {}", image.format())?;
        writeln!(out, "file record  mode    words  parity   looks like")?;
    }
    let mut code = 0;
    for (n, met) in Folded::new(&mut image).enumerate() {
        let (met, count, more) = met.map_err(|error| tape_error(path, error))?;
        if matches!(met, Met::Bad { .. }) {
            code = exit::MEDIUM;
        }
        if args.json {
            write!(out, "{}{}", if n > 0 { "," } else { "" }, as_json(&met, count, more))?;
        } else {
            writeln!(out, "{}", as_line(&met, count, more))?;
        }
    }
    if args.json {
        write!(out, "]}}")?;
    }
    Ok(code)
}

/// The beginning of the document about a reel, up to its items.
pub(super) fn json_head<S: Store>(name: &str, image: &TapeImage<S>) -> Result<String> {
    let (name, how) = (serde_json::to_string(name)?, serde_json::to_string(image.how_recognised())?);
    let form = image.format().keyword();
    Ok(format!("{{\"image\":{name},\"form\":\"{form}\",\"recognised_by\":{how},\"items\":["))
}

fn as_line(met: &Met, count: Count, more: u64) -> String {
    match met {
        Met::Item { item: Item::Record(record), left_over, .. } => {
            let (mode, parity) = mode_and_parity(record);
            let words = match (record.frames.len() / 6, record.frames.len() % 6) {
                (n, 0) => n.to_string(),
                (n, more) => format!("{n}+{more}"),
            };
            let error = match (left_over, record.error) {
                (true, _) => "left over: its beginning was written over; ",
                (false, true) => "error bit; ",
                (false, false) => "",
            };
            let looks = checkpoint(record).map_or_else(|| looks_like(record), |found| found.to_string());
            let line = format!(
                "{:4} {:6}  {mode:6} {words:>6}  {parity:7}  {error}{looks}",
                count.file, count.record
            );
            line.trim_end().to_owned()
        }
        Met::Item { item: Item::Mark, .. } if more > 0 => {
            format!("{:4}         mark, and {more} more", count.file)
        }
        Met::Item { item: Item::Mark, .. } => format!("{:4}         mark", count.file),
        Met::Item { item: Item::Gap(n), .. } => format!("{:4}         gap of {n} characters", count.file),
        Met::Item { item: Item::Note(note), .. } => {
            let text = note.text().map_or(String::new(), |text| format!(": {}", text.replace('\n', " / ")));
            format!("     {note}{text}")
        }
        Met::Bad { at, next, error } => format!("     damaged: {error} ({})", plural(next - at, "byte")),
        Met::Tail { behind: Some(behind), .. } if !behind.of_the_form => format!("     {behind}"),
        Met::Tail { at, next, .. } => {
            format!("     {} behind the end of the reel, at offset {at}", plural(next - at, "byte"))
        }
    }
}

pub(super) fn as_json(met: &Met, count: Count, more: u64) -> Value {
    match met {
        Met::Item { at, item: Item::Record(record), left_over } => {
            let (mode, parity) = mode_and_parity(record);
            let checkpoint = checkpoint(record).map(|found| {
                json!({
                    "core": found.size, "words": found.words, "expected": found.expected, "complete": found.is_complete(),
                    "sum": found.sum, "serial": found.serial, "restart": found.restart.map(|at| format!("{at:05o}")),
                })
            });
            json!({
                "kind": "record", "offset": at, "file": count.file, "record": count.record, "mode": mode,
                "characters": record.frames.len(), "words": record.frames.len().div_ceil(6), "parity": parity,
                "error": record.error, "left_over": left_over, "looks_like": looks_like(record), "checkpoint": checkpoint,
            })
        }
        Met::Item { at, item: Item::Mark, .. } => {
            let mut mark = json!({"kind": "mark", "offset": at, "file": count.file});
            if more > 0 {
                mark["more"] = more.into();
            }
            mark
        }
        Met::Item { at, item: Item::Gap(n), .. } => {
            json!({"kind": "gap", "offset": at, "file": count.file, "characters": n})
        }
        Met::Item { at, item: Item::Note(note), .. } => json!({
            "kind": "note", "offset": at, "class": format!("{:X}", note.class()), "what": note.to_string(),
            "bytes": note.bytes().len(), "text": note.text(),
        }),
        Met::Bad { at, next, error } => {
            json!({"kind": "damaged", "offset": at, "bytes": next - at, "error": error.to_string()})
        }
        Met::Tail { at, next, behind } => json!({
            "kind": "tail", "offset": at, "bytes": next - at, "records": behind.map_or(0, |behind| behind.records),
        }),
    }
}

/// The mode that most characters have, and whether all have its parity.
fn mode_and_parity(record: &Record) -> (&'static str, String) {
    let mode = match record.likely_mode() {
        Mode::Binary => "binary",
        Mode::Bcd => "bcd",
    };
    let parity = match record.parity_mode() {
        RecordParity::Odd => String::from("odd"),
        RecordParity::Even => String::from("even"),
        RecordParity::Mixed { odd, even } => format!("{} bad", odd.min(even)),
    };
    (mode, parity)
}

/// What a person sees at once: the text of a BCD record, or that a binary record loads itself.
fn looks_like(record: &Record) -> String {
    let mode = record.likely_mode();
    let beginning = Record::new(record.frames[..record.frames.len().min(72)].to_vec());
    let words = words_of(&beginning, mode);
    match mode {
        Mode::Bcd => {
            let cores = words.iter().flat_map(|word| word.characters()).take(beginning.frames.len());
            let text: String = cores.map(|core| chars::to_ascii(core, Graphics::Fortran)).collect();
            text.trim_end().to_owned()
        }
        Mode::Binary => {
            let ops: Vec<Op> = words.iter().take(3).map_while(|&word| isa::decode(word)).collect();
            match ops[..] {
                [Op::Lxa | Op::Lxd, Op::Cpy | Op::Cad, ..] => String::from("loads itself"),
                _ => String::new(),
            }
        }
    }
}
