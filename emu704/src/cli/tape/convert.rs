//! `emu704 tape convert`, `cut`, `join` and `new`: copies of reels.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Result;
use asm704::media::tape::{Item, TapeFormat, TapeImage, is_left_over, with_wrong_beginning};
use serde_json::{Value, json};

use super::reshape::{PutParity, Reshape, Reshaped};
use super::walk::{Count, say_behind};
use crate::cli::Failure;
use crate::cli::files::{REEL, new_form, open_reel, parse_form, plural, tape_error};
use crate::cli::target::{Made, Target, check_json, print_made};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape convert share.p7b -o share.tap\n  emu704 tape convert read.tap --parity guess --record 84 -o cards.tap"
)]
pub(super) struct ConvertArgs {
    /// Image; - is standard input
    image: PathBuf,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// End in front of what is left over from an older recording, where its first record lost its beginning
    #[arg(long)]
    drop_leftovers: bool,
    /// Put this parity on every character, for images that have none: odd, even, or guess for each record
    #[arg(long, value_enum, value_name = "PARITY")]
    parity: Option<PutParity>,
    /// Leave out the longitudinal check character, where it is the last of 6n+1
    #[arg(long)]
    drop_check: bool,
    /// Unblock: cut longer records into records of this many characters, such as 84
    #[arg(long, value_name = "CHARACTERS", value_parser = clap::value_parser!(u32).range(1..=0x00ff_ffff))]
    record: Option<u32>,
    #[command(flatten)]
    new: NewArgs,
}

/// Where a copy goes.
#[derive(Debug, clap::Args)]
pub(super) struct NewArgs {
    /// Image to make, its form by the ending; - is standard output
    #[arg(short, value_name = "NEW")]
    output: PathBuf,
    /// Form of the new image, whatever its ending: tap, p7b, e11, tpc, aws
    #[arg(long, value_name = "FORM", value_parser = parse_form)]
    to: Option<TapeFormat>,
    /// One JSON document about the file made
    #[arg(long)]
    json: bool,
}

impl NewArgs {
    /// Begins the image, in the form that is told or else in this one.
    fn create(&self, otherwise: Option<TapeFormat>) -> Result<Copy<'_>> {
        check_json(self.json, &self.output)?;
        Copy::create(&self.output, new_form(&self.output, self.to, otherwise)?)
    }

    /// Puts the image in its place.
    fn finish(&self, copy: Copy) -> Result<u8> {
        let made = copy.finish()?;
        print_made(self.json, &[made])?;
        Ok(0)
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape cut reel.tap --files 2 -o second.tap\n  emu704 tape cut reel.tap --records 3-7 -o some.tap"
)]
pub(super) struct CutArgs {
    /// Image; - is standard input
    image: PathBuf,
    /// Files to keep, with their marks, such as 2 or 2-4, counted from 1
    #[arg(long, value_name = "RANGE", required_unless_present = "records")]
    files: Option<Range>,
    /// Records to keep, counted from 1 over the reel (or over the files kept)
    #[arg(long, value_name = "RANGE")]
    records: Option<Range>,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    #[command(flatten)]
    new: NewArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 tape join a.tap b.p7b -o both.tap")]
pub(super) struct JoinArgs {
    /// Images in their order; - is standard input
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Take the bytes of every image for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    #[command(flatten)]
    new: NewArgs,
}

/// Numbers from one to another, both included: `3`, `3-7`, `3-`.
#[derive(Debug, Clone, Copy)]
struct Range {
    first: usize,
    last: usize,
}

impl Range {
    fn contains(self, n: usize) -> bool {
        (self.first..=self.last).contains(&n)
    }
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Range, String> {
        let number = |text: &str| text.parse::<usize>().ok().filter(|&n| n > 0);
        let range = match text.split_once('-') {
            None => number(text).map(|n| (n, n)),
            Some((first, "")) => number(first).map(|n| (n, usize::MAX)),
            Some((first, last)) => number(first).zip(number(last)),
        };
        match range {
            Some((first, last)) if first <= last => Ok(Range { first, last }),
            _ => Err(String::from("expected a range such as 2, 2-4 or 2-")),
        }
    }
}

/// A reel that is being made.
pub(super) struct Copy<'a> {
    image: TapeImage<Target>,
    path: &'a Path,
    at: u64,
    records: u64,
    marks: u64,
    gaps: u64,
    errors: u64,
    notes: u64,
    /// Bad records without a character.
    empty: u64,
    behind_gap: bool,
}

impl<'a> Copy<'a> {
    pub(super) fn create(path: &'a Path, form: TapeFormat) -> Result<Copy<'a>> {
        let image = TapeImage::create(Target::in_place(path, REEL)?, form)
            .map_err(|error| tape_error(path, error))?;
        Ok(Copy {
            image,
            path,
            at: 0,
            records: 0,
            marks: 0,
            gaps: 0,
            errors: 0,
            notes: 0,
            empty: 0,
            behind_gap: false,
        })
    }

    pub(super) fn write(&mut self, item: &Item) -> Result<()> {
        let keeps = self.image.format().has_error_bit();
        match item {
            Item::Record(record) if record.frames.is_empty() && !keeps => {
                self.empty += 1;
                return Ok(());
            }
            Item::Record(_) => self.records += 1,
            Item::Mark => self.marks += 1,
            Item::Note(_) if !self.image.format().has_notes() => self.notes += 1,
            Item::Gap(_) | Item::Note(_) => {}
        }
        match item {
            Item::Gap(_) if !keeps => self.gaps += 1,
            Item::Record(record) if record.error && !keeps => self.errors += 1,
            _ => {}
        }
        let left_over = is_left_over(item, self.behind_gap);
        self.behind_gap = matches!(item, Item::Gap(_));
        let without_start;
        let item = match item {
            Item::Record(record) if left_over && !keeps => {
                without_start = Item::Record(with_wrong_beginning(record));
                &without_start
            }
            item => item,
        };
        self.at = self.image.write(self.at, item).map_err(|error| tape_error(self.path, error))?;
        Ok(())
    }

    /// Says what the copy's form could not hold, and puts it in its place; what `--json` tells of it.
    pub(super) fn finish(self) -> Result<Value> {
        let form = self.image.format();
        if self.gaps > 0 {
            crate::cli::talk::say(&format!(
                "{}: {} left out, {form} has none",
                self.path.display(),
                plural(self.gaps, "gap")
            ));
        }
        if self.errors > 0 {
            let bad = plural(self.errors, "bad record");
            crate::cli::talk::say(&format!(
                "{}: {bad} with a wrong parity now, {form} has no error bit",
                self.path.display()
            ));
        }
        if self.notes > 0 {
            let notes = plural(self.notes, "note");
            crate::cli::talk::say(&format!(
                "{}: {notes} beside the recording left out, {form} has none",
                self.path.display()
            ));
        }
        if self.empty > 0 {
            let bad = plural(self.empty, "bad record");
            crate::cli::talk::say(&format!(
                "{}: {bad} of which nothing was read left out, {form} has none",
                self.path.display()
            ));
        }
        let made: Made = self.image.into_store().commit()?;
        Ok(made.to_json(json!({
            "form": form.keyword(), "records": self.records, "marks": self.marks,
            "gaps_left_out": self.gaps, "errors_as_parity": self.errors, "notes_left_out": self.notes,
        })))
    }
}

pub(super) fn convert(args: &ConvertArgs) -> Result<u8> {
    let mut image = open_reel(&args.image, args.form)?;
    let mut copy = args.new.create(None)?;
    // an erased stretch is kept until it is known what follows it
    let mut gap = None;
    let (mut dropped, mut dropping, mut last) = (0, false, 0);
    let reshape =
        Reshape { parity: args.parity, drop_check: args.drop_check, record: args.record.map(|n| n as usize) };
    let mut done = Reshaped::default();
    for item in image.items(0) {
        let (at, item) = item.map_err(|error| tape_error(&args.image, error))?;
        last = at;
        dropping |= args.drop_leftovers && is_left_over(&item, gap.is_some());
        if dropping {
            dropped += u64::from(matches!(item, Item::Record(_)));
            continue;
        }
        if let Some(gap) = gap.take() {
            copy.write(&gap)?;
        }
        if matches!(item, Item::Gap(_)) {
            gap = Some(item);
        } else {
            for item in reshape.item(item, &mut done) {
                copy.write(&item)?;
            }
        }
    }
    if let Some(gap) = gap.filter(|_| !dropping) {
        copy.write(&gap)?;
    }
    if dropped > 0 {
        crate::cli::talk::say(&format!(
            "{}: {} of an older recording left out",
            copy.path.display(),
            plural(dropped, "record")
        ));
    }
    say_behind(&args.image, &mut image, last, "left out")?;
    for line in told(&done) {
        crate::cli::talk::say(&format!("{}: {line}", copy.path.display()));
    }
    args.new.finish(copy)
}

/// What was done to the records, a line each.
fn told(done: &Reshaped) -> Vec<String> {
    let mut lines = Vec::new();
    if done.odd + done.even > 0 {
        let (odd, even) = (plural(done.odd, "record"), plural(done.even, "record"));
        lines.push(format!("{odd} with odd parity now, {even} with even"));
    }
    if done.checks > 0 {
        lines.push(format!("{} without the check character now", plural(done.checks, "record")));
    }
    if done.blocks > 0 {
        lines.push(format!("{} cut in shorter ones", plural(done.blocks, "record")));
    }
    if done.uneven > 0 {
        lines.push(format!("{} of them with a last piece that is shorter", done.uneven));
    }
    lines
}

pub(super) fn cut(args: &CutArgs) -> Result<u8> {
    let mut image = open_reel(&args.image, args.form)?;
    let mut copy = args.new.create(Some(image.format()))?;
    let mut count = Count::new();
    let (mut kept, mut records, mut last) = (0, 0, 0);
    for item in image.items(0) {
        let (at, item) = item.map_err(|error| tape_error(&args.image, error))?;
        last = at;
        count.item(&item);
        if args.files.is_some_and(|files| !files.contains(count.file)) {
            continue;
        }
        records += usize::from(matches!(item, Item::Record(_)));
        // a mark or a gap between two records that are kept is kept
        let wanted = args.records.is_none_or(|range| match item {
            Item::Record(_) => range.contains(records),
            Item::Mark | Item::Gap(_) | Item::Note(_) => range.contains(records) && records < range.last,
        });
        if wanted {
            kept += usize::from(matches!(item, Item::Record(_)));
            copy.write(&item)?;
        }
    }
    say_behind(&args.image, &mut image, last, "left out")?;
    if kept == 0 {
        return Err(Failure::usage(format!("{}: no such records on this reel", args.image.display())));
    }
    args.new.finish(copy)
}

pub(super) fn join(args: &JoinArgs) -> Result<u8> {
    let mut copy = args.new.create(None)?;
    for path in &args.images {
        let mut image = open_reel(path, args.form)?;
        let mut last = 0;
        for item in image.items(0) {
            let (at, item) = item.map_err(|error| tape_error(path, error))?;
            last = at;
            copy.write(&item)?;
        }
        say_behind(path, &mut image, last, "left out")?;
    }
    args.new.finish(copy)
}

pub(super) fn new(args: &NewArgs) -> Result<u8> {
    args.finish(args.create(None)?)
}
