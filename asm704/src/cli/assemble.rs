//! The main job: it turns a source into a deck, a core image and a listing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::args::{Assemble, Format};
use super::{files, report, split};
use crate::Word;
use crate::assemble::{Options, Output, ProgramWord, Unused, assemble_with};
use crate::in_use::{self, Place};
use crate::library::Shelves;
use crate::listing::html;
use crate::media::tape::{self, TapeFormat};
use crate::self_loading::Loader;
use crate::views::View;
use crate::{deck, self_loading, xref};

pub(super) fn run(args: &Assemble) -> Result<ExitCode> {
    let Some(path) = &args.source else { bail!("no source given") };
    let out = output_path(args, path)?;
    let results: Vec<&Path> =
        [out.as_ref(), args.listing.as_ref(), args.symbols.as_ref(), args.xref.as_ref(), args.html.as_ref()]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
            .collect();
    for (n, result) in results.iter().enumerate() {
        if same(result, path) && !files::is_standard(result) {
            bail!("{} is the source: it would be overwritten; give another file", result.display());
        }
        if results[..n].iter().any(|other| same(other, result)) {
            bail!("two outputs cannot both be written to {}", result.display());
        }
    }
    if args.json && results.iter().any(|result| files::is_standard(result)) {
        bail!("--json needs standard output for its report; give the result a file by -o");
    }
    let source = files::read_source(path)?;
    in_use::reads(path, "the source");
    let options = Options {
        columns: args.columns,
        listing: args.listing.is_some() || args.html.is_some(),
        unused_symbols: if args.unused { Unused::Each } else { Unused::Together },
        overlaps: args.strict,
        questions: true,
        free: args.is_free(path),
        references: args.xref.is_some() || args.html.is_some() || args.symbols.is_some() || args.json,
    };
    let library = args.library.as_deref().map_or_else(|| Shelves::of_source(path), Shelves::of_folder);
    let output = assemble_with(&source, &options, &mut |name| library.find(name));
    // only now is it known which routines were read
    for result in &results {
        in_use::check(result, "a result", None)?;
    }
    report::run(args, path, &source, &output)?;
    if args.strict && output.is_mistaken() {
        writeln!(std::io::stderr(), "asm704: nothing written, because of --strict")?;
        return Ok(ExitCode::from(1));
    }
    if let Some(folder) = &args.split {
        split::write(folder, args.format, &output, &results)?;
    }
    let nothing = output.is_flagged() && output.core_image().next().is_none();
    match &out {
        Some(out) if nothing && !files::is_standard(out) => {
            let out = crate::visible::clean(&report::shown(out)).into_owned();
            writeln!(std::io::stderr(), "asm704: {out}: not written, because the deck has no words")?;
        }
        Some(out) => files::write(out, &result(args, &output)?)?,
        None => {}
    }
    let loads_itself = args.self_loading || matches!(args.format, Format::Tap | Format::P7b);
    if loads_itself && !args.quiet {
        let image = output.core_image().collect();
        if self_loading::loader_for(&image) == Loader::Short {
            writeln!(
                std::io::stderr(),
                "asm704: no room for the loader with checksums: the short one verifies nothing"
            )?;
        }
    }
    if let Some(listing) = &args.listing {
        files::write(listing, listing_text(&output, args.numbers).as_bytes())?;
    }
    if let Some(symbols) = &args.symbols {
        report::symbols(symbols, path, &output)?;
    }
    if let Some(xref) = &args.xref {
        files::write(xref, xref::text(&output).as_bytes())?;
    }
    if let Some(html) = &args.html {
        files::write(html, html::page(&crate::visible::clean(&report::shown(path)), &output).as_bytes())?;
    }
    Ok(if output.is_flagged() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The output path of the whole result; with `--split` there is one only if it was given.
fn output_path(args: &Assemble, source: &Path) -> Result<Option<PathBuf>> {
    if args.split.is_some() {
        if !matches!(args.format, Format::Cbn | Format::Words) {
            bail!("--split makes decks: --format cbn or words");
        }
        return Ok(args.output.clone());
    }
    if args.self_loading && args.format == Format::Oct {
        bail!("--self-loading makes a deck: --format cbn or words");
    }
    let ending = match args.format {
        Format::Cbn => "cbn",
        Format::Tap => "tap",
        Format::P7b => "p7b",
        Format::Words | Format::Oct => "",
    };
    Ok(Some(match &args.output {
        Some(out) => out.clone(),
        None if !ending.is_empty() && !files::is_standard(source) => source.with_extension(ending),
        None => PathBuf::from("-"),
    }))
}

pub(super) fn same(a: &Path, b: &Path) -> bool {
    a == b || Place::of(a).is_some_and(|at| Place::of(b) == Some(at))
}

fn result(args: &Assemble, output: &Output) -> Result<Vec<u8>> {
    // a later word at the same address replaces an earlier one, as in core
    let image = || -> BTreeMap<_, _> { output.core_image().collect() };
    let reel = |form| -> Result<Vec<u8>> {
        let items = self_loading::reel(&image(), output.start()).context("no self-loading reel")?;
        let mut bytes = Vec::new();
        for item in &items {
            bytes.extend(tape::encode(form, item, 0)?);
        }
        Ok(bytes)
    };
    let cards: Vec<_> = if args.self_loading {
        self_loading::deck(&image(), output.start()).context("no self-loading deck")?
    } else {
        output.cards().cloned().collect()
    };
    Ok(match args.format {
        Format::Cbn => deck::to_cbn(&cards),
        Format::Words => deck::to_words(&cards).into_bytes(),
        Format::Tap => reel(TapeFormat::Simh)?,
        Format::P7b => reel(TapeFormat::P7b)?,
        Format::Oct => deck::to_oct(image(), output.start()).into_bytes(),
    })
}

fn listing_text(output: &Output, numbers: bool) -> String {
    let words = output.assemblies.iter().flat_map(|assembly| &assembly.words);
    let constants: Vec<&ProgramWord> =
        words.filter(|word| numbers && !matches!(word.view, View::Octal | View::Instruction)).collect();
    let mut text = String::new();
    for line in output.listing() {
        text.push_str(line);
        if let Some(constant) = constants.iter().find(|constant| is_line_of(line, constant)) {
            let _ = write!(
                text,
                "{:1$}  = {2}",
                "",
                NUMBERS.saturating_sub(line.len()),
                constant.view.text(constant.word)
            );
        }
        text.push('\n');
    }
    text
}

/// The column of the listing after which constants are shown as numbers, where the card leaves it free.
const NUMBERS: usize = 56;

/// Whether the line shows this word at its address.
fn is_line_of(line: &str, word: &ProgramWord) -> bool {
    let address = line.get(7..12).and_then(|digits| u16::from_str_radix(digits, 8).ok());
    let shown = line.get(13..).and_then(|rest| rest.split_ascii_whitespace().next()).unwrap_or_default();
    let (minus, digits) = match shown.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, shown.strip_prefix('+').unwrap_or(shown)),
    };
    let bits = u64::from_str_radix(digits, 8).ok().filter(|_| digits.len() == 12);
    address == Some(word.address)
        && bits.is_some_and(|bits| Word::new(bits | u64::from(minus) << 35) == word.word)
}
