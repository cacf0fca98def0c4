//! `emu704 tape print`: a BCD tape printed off line, as text or as HTML pages.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use asm704::chars::{self, Graphics};
use asm704::media::tape::{Item, Mode, words_of};

use crate::cli::files::{open_reel, out, tape_error};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape print listing.tap\n  emu704 tape print listing.tap --control none --html > listing.html"
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
    #[arg(long)]
    html: bool,
    /// Print this file of the reel only, counted from 1
    #[arg(long, value_name = "FILE")]
    file: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Control {
    /// blank: next line; 0: a line is left free; 1: a new page; +: over the line before. Not printed
    Program,
    /// Nothing: every record is a line, all of it printed
    None,
}

/// Lines of a page, at six an inch on 11-inch paper less its margins.
const PAGE: usize = 60;

pub(super) fn print(args: &PrintArgs) -> Result<u8> {
    let mut image = open_reel(&args.image, None)?;
    let graphics = if args.commercial { Graphics::Commercial } else { Graphics::Fortran };
    let mut paper = Paper::new(args.html);
    paper.begin()?;
    let mut file = 1;
    for item in image.items(0) {
        let (_, item) = item.map_err(|error| tape_error(&args.image, error))?;
        match item {
            Item::Gap(_) => {}
            Item::Mark => file += 1,
            Item::Record(_) if args.file.is_some_and(|wanted| wanted != file) => {}
            Item::Record(record) => {
                let words = words_of(&record, Mode::Bcd);
                let cores = words.iter().flat_map(|word| word.characters()).take(record.frames.len());
                let line: String = cores.map(|core| chars::to_ascii(core, graphics)).collect();
                match args.control {
                    Control::None => paper.line(' ', &line)?,
                    Control::Program => {
                        let mut characters = line.chars();
                        let control = characters.next().unwrap_or(' ');
                        paper.line(control, characters.as_str())?;
                    }
                }
            }
        }
    }
    paper.end()?;
    Ok(0)
}

struct Paper {
    out: std::io::BufWriter<std::io::Stdout>,
    html: bool,
    /// Lines on the page so far.
    lines: usize,
    /// The line that may still be printed over.
    pending: Option<Vec<char>>,
}

impl Paper {
    fn new(html: bool) -> Paper {
        Paper { out: out(), html, lines: 0, pending: None }
    }

    fn begin(&mut self) -> Result<()> {
        if self.html {
            writeln!(
                self.out,
                "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Listing</title>\n<style>\n\
                 pre {{ font: 10pt/12pt monospace; margin: 1em; padding: 1em 2em; width: 120ch; border: 1px solid #bbb; page-break-after: always;\n\
                 background: repeating-linear-gradient(#fff 0 36pt, #e8f4e8 36pt 72pt); background-origin: content-box }}\n\
                 </style></head><body>\n<pre>"
            )?;
        }
        Ok(())
    }

    fn line(&mut self, control: char, text: &str) -> Result<()> {
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

    fn flush(&mut self) -> Result<()> {
        if let Some(line) = self.pending.take() {
            let line: String = line.into_iter().collect();
            self.put(&line)?;
        }
        Ok(())
    }

    fn put(&mut self, line: &str) -> Result<()> {
        if self.html && self.lines == PAGE {
            self.page()?;
        }
        self.lines += 1;
        if self.html {
            let line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            writeln!(self.out, "{line}")?;
        } else {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn page(&mut self) -> Result<()> {
        if self.lines > 0 {
            write!(self.out, "{}", if self.html { "</pre>\n<pre>\n" } else { "\x0c" })?;
        }
        self.lines = 0;
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.flush()?;
        if self.html {
            writeln!(self.out, "</pre>\n</body></html>")?;
        }
        self.out.flush()?;
        Ok(())
    }
}
