//! `emu704 tape print`: a BCD tape printed off line, as text, as HTML or as PDF.

mod pages;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::chars::{self, Graphics};
use asm704::media::tape::{Item, Mode, TapeFormat, words_of};
use serde_json::json;

use self::pages::{Form, Pages};
use super::walk::say_behind;
use crate::cli::Failure;
use crate::cli::files::{open_reel, parse_form, plural, raw_out, tape_error};
use crate::cli::target::{Target, TargetWriter, check_json, print_made};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape print listing.tap\n  emu704 tape print listing.tap -o listing.pdf\n  emu704 tape print listing.tap --control none --html > listing.html"
)]
pub(super) struct PrintArgs {
    /// Image; - is standard input
    image: PathBuf,
    /// What the first character of a line means
    #[arg(long, value_enum, default_value_t = Control::Program)]
    control: Control,
    /// The commercial graphics # @ & % for the codes of = ' + (
    #[arg(long)]
    commercial: bool,
    /// HTML pages of 60 lines, green bars and all
    #[arg(long, conflicts_with = "pdf")]
    html: bool,
    /// PDF pages of 60 lines on fan-fold paper for 132 columns
    #[arg(long)]
    pdf: bool,
    /// Where the listing goes; .html and .pdf are made as such. Without it: standard output
    #[arg(short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print this file of the reel only, counted from 1
    #[arg(long, value_name = "FILE")]
    file: Option<usize>,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    taken_for: Option<TapeFormat>,
    /// The listing as one JSON document, its pages and lines; with -o, a document about the file made
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Control {
    /// blank: next line; 0: a line is left free; 1: a new page; +: over the line before. Not printed
    Program,
    /// Nothing: every record is a line, all of it printed
    None,
}

impl PrintArgs {
    fn form(&self) -> Form {
        if self.json && self.output.is_none() {
            return Form::Json;
        }
        let ending = self.output.as_deref().and_then(Path::extension).and_then(|e| e.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            _ if self.pdf => Form::Pdf,
            _ if self.html => Form::Html,
            Some("pdf") => Form::Pdf,
            Some("html" | "htm") => Form::Html,
            _ => Form::Text,
        }
    }
}

pub(super) fn print(args: &PrintArgs) -> Result<u8> {
    if let Some(output) = &args.output {
        check_json(args.json, output)?;
    } else if args.json && (args.html || args.pdf) {
        return Err(Failure::usage(
            "--json is another form of the listing than --html and --pdf: give -o FILE, or one of them",
        ));
    }
    let form = args.form();
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if form == Form::Pdf && file.is_none() && io::stdout().is_terminal() {
        return Err(Failure::usage("a PDF is not for a terminal: give -o listing.pdf"));
    }
    let Some(file) = file else {
        print_to(args, Pages::begin(form, raw_out())?, true)?;
        return Ok(0);
    };
    asm704::in_use::reads(&args.image, "a reel that it reads");
    let mut target = Target::create(file)?;
    let writer = BufWriter::new(TargetWriter::new(&mut target));
    let lines = print_to(args, Pages::begin(form, writer)?, false)?;
    let made = target.commit()?;
    print_made(args.json, &[made.to_json(json!({"form": form.keyword(), "lines": lines}))])?;
    Ok(0)
}

/// Prints; the lines on the paper.
fn print_to(args: &PrintArgs, pages: Pages<impl Write>, lines: bool) -> Result<u64> {
    let mut image = open_reel(&args.image, args.taken_for)?;
    if lines {
        image.store().prints_lines();
    }
    let graphics = if args.commercial { Graphics::Commercial } else { Graphics::Fortran };
    let mut carriage = Carriage { pages, lines: 0, printed: 0, pending: None };
    let (mut file, mut binary, mut any, mut last) = (1, 0_u64, false, 0);
    for item in image.items(0) {
        let (at, item) = item.map_err(|error| tape_error(&args.image, error))?;
        last = at;
        match item {
            Item::Gap(_) | Item::Note(_) => {}
            Item::Mark => file += 1,
            Item::Record(_) if args.file.is_some_and(|wanted| wanted != file) => {}
            Item::Record(record) => {
                any = true;
                // odd parity: the characters are on tape as they are in core
                let mode = record.likely_mode();
                binary += u64::from(mode == Mode::Binary);
                let words = words_of(&record, mode);
                let cores = words.iter().flat_map(|word| word.characters()).take(record.frames.len());
                let line: String = cores.map(|core| chars::to_ascii(core, graphics)).collect();
                match args.control {
                    Control::None => carriage.line(' ', &line)?,
                    Control::Program => {
                        let mut characters = line.chars();
                        let control = characters.next().unwrap_or(' ');
                        carriage.line(control, characters.as_str())?;
                    }
                }
            }
        }
    }
    if let (Some(wanted), false) = (args.file, any) {
        return Err(Failure::usage(format!(
            "{}: no records in file {wanted} of this reel",
            args.image.display()
        )));
    }
    say_behind(&args.image, &mut image, last, "not printed")?;
    carriage.flush()?;
    carriage.pages.end()?;
    if binary > 0 {
        let what = plural(binary, "binary record");
        image.store().say(&format!("{}: {what}, printed in core codes", args.image.display()));
    }
    Ok(carriage.printed)
}

/// The carriage of the printer.
struct Carriage<W> {
    pages: Pages<W>,
    /// Lines on the page so far.
    lines: usize,
    /// Lines on the paper so far.
    printed: u64,
    /// The line that may still be printed over.
    pending: Option<Vec<char>>,
}

impl<W: Write> Carriage<W> {
    fn line(&mut self, control: char, text: &str) -> io::Result<()> {
        let text: Vec<char> = text.trim_end().chars().collect();
        if let ('+', Some(line)) = (control, &mut self.pending) {
            line.resize(line.len().max(text.len()), ' ');
            for (place, &c) in text.iter().enumerate().filter(|(_, c)| **c != ' ') {
                line[place] = c;
            }
            return Ok(());
        }
        self.flush()?;
        match control {
            '1' => self.page()?,
            '0' => self.put("")?,
            _ => {}
        }
        self.pending = Some(text);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(line) = self.pending.take() {
            let line: String = line.into_iter().collect();
            self.put(&line)?;
        }
        Ok(())
    }

    fn put(&mut self, line: &str) -> io::Result<()> {
        if Some(self.lines) == self.pages.length() {
            self.page()?;
        }
        self.lines += 1;
        self.printed += 1;
        self.pages.line(line)
    }

    fn page(&mut self) -> io::Result<()> {
        if self.lines > 0 {
            self.pages.page()?;
        }
        self.lines = 0;
        Ok(())
    }
}
