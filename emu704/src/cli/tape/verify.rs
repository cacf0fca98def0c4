//! `emu704 tape verify` and `salvage`: what is wrong with an image, and what can be saved of it.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::tape::{Item, Record, RecordParity, TapeFormat, TapeImage};
use serde_json::{Value, json};

use super::walk::{Count, Met, Walk};
use crate::cli::files::{REEL, Source, new_form, open_reel, out, parse_form, plural, tape_error};
use crate::cli::target::{Target, check_json, print_made};
use crate::cli::{Failure, exit};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape verify reel.tap\n  emu704 tape verify reel.tap --salvage saved.tap"
)]
pub(super) struct VerifyArgs {
    /// Images; - is standard input
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// Write what can be read into a new image; - is not possible
    #[arg(long, value_name = "NEW")]
    salvage: Option<PathBuf>,
    /// One JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 tape salvage reel.tap -o saved.tap")]
pub(super) struct SalvageArgs {
    /// Image; - is standard input
    image: PathBuf,
    /// Image to make, its form by the ending, or else that of the old one; - is standard output
    #[arg(short, value_name = "NEW")]
    output: PathBuf,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// Form of the new image, whatever its ending: tap, p7b, e11, tpc, aws
    #[arg(long, value_name = "FORM", value_parser = parse_form)]
    to: Option<TapeFormat>,
    /// One JSON document about the file made
    #[arg(long)]
    json: bool,
}

/// Why a leftover counts as damage in a form without gaps.
const P7B_LEFT_OVER: &str =
    "what is left over from an older recording looks the same; this form cannot distinguish it";

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// The file: it is not, to its last byte, an image of its form. A tape unit does not write to it.
    File,
    /// The recording: a 704 meets it when it reads.
    Recording,
}

impl About {
    fn name(self) -> &'static str {
        match self {
            About::File => "file",
            About::Recording => "recording",
        }
    }
}

/// Something that is wrong, or only worth knowing.
struct Remark {
    about: About,
    offset: u64,
    /// The image is not whole.
    defect: bool,
    what: String,
}

pub(super) fn verify(args: &VerifyArgs) -> Result<u8> {
    let mut out = out();
    let mut all = Vec::new();
    let mut code = 0;
    if args.salvage.is_some() && args.images.len() > 1 {
        return Err(Failure::usage("--salvage takes one image"));
    }
    if let Some(new) = &args.salvage {
        check_json(true, new)?;
    }
    // standard input can be read only once
    let mut last = None;
    for path in &args.images {
        let (format, remarks) = match open_reel(path, args.form) {
            Ok(mut image) => {
                let remarks = remarks(path, &mut image)?;
                let format = image.format();
                last = Some((path, image));
                (Some(format), remarks)
            }
            // what is no reel at all is a defect of the first byte; a file that cannot be opened is not
            Err(error) => match error.downcast_ref::<Failure>() {
                Some(failure) if failure.code == exit::MEDIUM => {
                    let what = failure.message.clone();
                    let what =
                        what.strip_prefix(&format!("{}: ", path.display())).unwrap_or(&what).to_owned();
                    (None, vec![Remark { about: About::File, offset: 0, defect: true, what }])
                }
                _ => return Err(error),
            },
        };
        let whole = remarks.iter().all(|remark| !remark.defect);
        if !whole {
            code = exit::MEDIUM;
        }
        if args.json {
            let remarks: Vec<_> = remarks
                .iter()
                .map(|r| json!({"offset": r.offset, "defect": r.defect, "about": r.about.name(), "what": r.what}))
                .collect();
            all.push(json!({
                "image": path.display().to_string(), "form": format.map(TapeFormat::keyword), "whole": whole, "remarks": remarks,
            }));
            continue;
        }
        let form = format.map_or(String::from("no form"), |format| format.to_string());
        writeln!(out, "{}: {form}, {}", path.display(), verdict(&remarks))?;
        for remark in &remarks {
            let kind = if remark.defect {
                format!("defect of the {}", remark.about.name())
            } else {
                "note".to_owned()
            };
            writeln!(out, "  {kind}: {}", remark.what)?;
        }
    }
    out.flush()?;
    let made = match (&args.salvage, last) {
        (Some(new), Some((path, mut image))) => vec![save(path, &mut image, new, None)?],
        (Some(_), None) => {
            crate::cli::talk::say("nothing can be saved of what is no reel");
            Vec::new()
        }
        (None, _) => Vec::new(),
    };
    if args.json {
        let mut document = json!({"version": 1, "images": all});
        if args.salvage.is_some() {
            document["made"] = Value::Array(made);
        }
        writeln!(out, "{document}")?;
        out.flush()?;
    }
    Ok(code)
}

/// Whole or not, and which of the two is not: the file, the recording.
fn verdict(remarks: &[Remark]) -> &'static str {
    let of = |about| remarks.iter().any(|remark| remark.defect && remark.about == about);
    match (of(About::File), of(About::Recording)) {
        (false, false) => "whole",
        (false, true) => "not whole: damage of the recording, in a well-formed file",
        (true, false) => "not whole: the file is not well-formed",
        (true, true) => "not whole: the file is not well-formed, and the recording is damaged",
    }
}

fn remarks<S: asm704::media::tape::Store>(path: &Path, image: &mut TapeImage<S>) -> Result<Vec<Remark>> {
    let stray = image.stray_byte();
    let ill_formed = image.form_defect().map_err(|error| tape_error(path, error))?;
    let image_has_gaps = image.format().has_error_bit();
    let mut remarks = Vec::new();
    let mut count = Count::new();
    let (mut partial, mut checked, mut records, mut marks) = (0_u64, 0_u64, 0_u64, 0_u64);
    // how many, and where the first is
    let mut left = (0_u64, 0);
    for met in Walk::new(image) {
        match met.map_err(|error| tape_error(path, error))? {
            Met::Item { at, item, left_over } => {
                count.item(&item);
                marks += u64::from(item == Item::Mark);
                let Item::Record(record) = item else { continue };
                records += 1;
                if left_over {
                    left = (left.0 + 1, if left.0 == 0 { at } else { left.1 });
                    continue;
                }
                let place = format!("offset {at}: file {}, record {}", count.file, count.record);
                if record.error {
                    remarks.push(Remark {
                        about: About::Recording,
                        offset: at,
                        defect: true,
                        what: format!("{place}: the error bit is set"),
                    });
                }
                if let RecordParity::Mixed { .. } = record.parity_mode() {
                    let wrong: Vec<usize> = record.wrong_parity(record.likely_mode()).collect();
                    let first = wrong.first().copied().unwrap_or(0);
                    let what = format!(
                        "{place}: {} of {} characters have wrong parity, the first is character {} of word {:05o}",
                        wrong.len(),
                        record.frames.len(),
                        first % 6,
                        first / 6
                    );
                    let only_first = wrong[..] == [0] && !image_has_gaps;
                    let what = if only_first { format!("{what}: {P7B_LEFT_OVER}") } else { what };
                    remarks.push(Remark { about: About::Recording, offset: at, defect: true, what });
                }
                partial += u64::from(record.frames.len() % 6 != 0);
                checked += u64::from(ends_with_check(&record));
            }
            Met::Bad { at, next, error } => {
                let what = match error.offset() {
                    Some(offset) if offset == at => {
                        format!("{error} ({} cannot be read)", plural(next - at, "byte"))
                    }
                    _ => format!("{error} ({} from offset {at} cannot be read)", plural(next - at, "byte")),
                };
                remarks.push(Remark { about: About::File, offset: at, defect: true, what });
            }
            Met::Tail { at, next, .. } if stray == Some(at) => {
                let what = format!(
                    "offset {at}: the last byte repeats the first character of the last record ({} byte ignored)",
                    next - at
                );
                remarks.push(Remark { about: About::File, offset: at, defect: false, what });
            }
            Met::Tail { at, next, behind } => {
                let mut what = format!(
                    "offset {at}: the reel ends here, {} before the end of the image",
                    plural(next - at, "byte")
                );
                if let Some(records) = behind.map(|behind| behind.records).filter(|&records| records > 0) {
                    what = format!("{what}; what follows looks like {}", plural(records, "record"));
                }
                // what keeps the reel from being written is a matter of the file; the rest of a cut-off write is not
                let of_file = ill_formed.as_ref().is_some_and(|d| d.offset >= at);
                let about = if of_file { About::File } else { About::Recording };
                let defect = of_file || behind.is_some_and(|behind| !behind.of_the_form);
                remarks.push(Remark { about, offset: at, defect, what });
            }
        }
    }
    if left.0 > 0 {
        let what = format!(
            "{} left over from an older recording that was written over, the first at offset {}",
            plural(left.0, "record"),
            left.1
        );
        remarks.push(Remark { about: About::Recording, offset: left.1, defect: false, what });
    }
    if records == 0 && marks > 0 {
        let what = format!("no record, but {}: a file of zeros looks so, too", plural(marks, "file mark"));
        remarks.push(Remark { about: About::File, offset: 0, defect: false, what });
    }
    if partial > 0 {
        let what = format!("{} with characters that do not fill the last word", plural(partial, "record"));
        remarks.push(Remark { about: About::File, offset: 0, defect: false, what });
    }
    if checked > 0 {
        let what = format!(
            "{} whose last character is the longitudinal check, which is not part of a record: emu704 tape convert --drop-check",
            plural(checked, "record")
        );
        remarks.push(Remark { about: About::Recording, offset: 0, defect: false, what });
    }
    Ok(remarks)
}

/// True for whole words and one character more, which is the longitudinal check of those before it.
pub(super) fn ends_with_check(record: &Record) -> bool {
    let Some((last, words)) = record.frames.split_last() else { return false };
    let check = words.iter().fold(0, |check, frame| check ^ frame);
    !words.is_empty() && words.len().is_multiple_of(6) && *last & 0o177 == check & 0o177
}

pub(super) fn salvage(args: &SalvageArgs) -> Result<u8> {
    check_json(args.json, &args.output)?;
    let made = save(&args.image, &mut open_reel(&args.image, args.form)?, &args.output, args.to)?;
    print_made(args.json, &[made])?;
    Ok(0)
}

/// Copies every item that can be read; tells the rest. What `--json` tells of it.
fn save(path: &Path, image: &mut TapeImage<Source>, new: &Path, to: Option<TapeFormat>) -> Result<Value> {
    let form = new_form(new, to, Some(image.format()))?;
    let mut saved =
        TapeImage::create(Target::in_place(new, REEL)?, form).map_err(|error| tape_error(new, error))?;
    let failed = |error| tape_error(new, error);
    let (mut at, mut kept, mut lost) = (0, 0_u64, 0_u64);
    let mut about: Vec<Value> = Vec::new();
    let mut walk = Walk::new(image);
    while let Some(met) = walk.next() {
        match met.map_err(|error| tape_error(path, error))? {
            Met::Item { item, .. } => {
                let nothing = matches!(&item, Item::Record(record) if record.frames.is_empty());
                if nothing && !form.has_error_bit() {
                    walk.image().store().say("left out: a bad record of which nothing was read");
                    continue;
                }
                at = saved.write(at, &item).map_err(failed)?;
                kept += 1;
            }
            Met::Bad { at: from, next, error } => {
                let told = error.to_string();
                let remains = walk.image().remains(from, next).map_err(|error| tape_error(path, error))?;
                if let Some(record) = remains {
                    let n = record.frames.len();
                    let what = plural(n as u64, "character");
                    let line = format!("saved as a bad record: {what} from offset {from} ({error})");
                    walk.image().store().say(&line);
                    about.push(json!({"offset": from, "bytes": next - from, "saved": n, "what": told}));
                    at = saved.write(at, &Item::Record(record)).map_err(failed)?;
                    kept += 1;
                } else {
                    lost += next - from;
                    let line = format!("lost: bytes {from} to {} ({error})", next - 1);
                    walk.image().store().say(&line);
                    about.push(json!({"offset": from, "bytes": next - from, "saved": 0, "what": told}));
                }
            }
            Met::Tail { behind, .. } => {
                if let Some(behind) = behind.filter(|behind| !behind.of_the_form) {
                    walk.image().store().say(&format!("left out: {behind}"));
                }
            }
        }
    }
    crate::cli::talk::say(&format!(
        "{}: {} saved, {} lost",
        new.display(),
        plural(kept, "item"),
        plural(lost, "byte")
    ));
    let made = saved.into_store().commit()?;
    Ok(made.to_json(json!({"form": form.keyword(), "items": kept, "lost": lost, "damage": about})))
}
