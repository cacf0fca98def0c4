//! The main job: a source to a deck, a core image and a listing.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::args::{Assemble, Format};
use super::files;
use crate::assemble::{Options, Output, assemble_with};
use crate::deck;
use crate::diag::Severity;
use crate::diag::render::Renderings;
use crate::library;

pub(super) fn run(args: &Assemble) -> Result<ExitCode> {
    let Some(path) = &args.source else { bail!("no source given") };
    let out = output_path(args, path)?;
    if let Some(listing) = &args.listing
        && same(listing, &out)
    {
        bail!("the listing and the result cannot both go to {}", out.display());
    }
    let source = files::read_source(path)?;
    let options =
        Options { columns: args.columns, listing: args.listing.is_some(), unused_symbols: args.unused };
    let folder = args.library.clone().unwrap_or_else(|| library::beside(path));
    let output = assemble_with(&source, &options, &mut |name| library::routine(&folder, name));
    report(path, &source, &output, args.quiet)?;
    files::write(&out, &result(args.format, &output))?;
    if let Some(listing) = &args.listing {
        files::write(listing, listing_text(&output).as_bytes())?;
    }
    Ok(if output.is_flagged() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn output_path(args: &Assemble, source: &Path) -> Result<PathBuf> {
    let out = match &args.output {
        Some(out) => out.clone(),
        None if args.format == Format::Cbn && !files::is_standard(source) => source.with_extension("cbn"),
        None => PathBuf::from("-"),
    };
    if same(&out, source) && !files::is_standard(&out) {
        bail!("the result would take the place of its source {}; give another one by -o", source.display());
    }
    Ok(out)
}

fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

fn result(format: Format, output: &Output) -> Vec<u8> {
    match format {
        Format::Cbn => deck::to_cbn(output.cards()),
        Format::Words => deck::to_words(output.cards()).into_bytes(),
        Format::Oct => {
            // a later word of the same address takes the place of an earlier one, as in core
            let image: BTreeMap<_, _> = output.core_image().collect();
            deck::to_oct(image, output.start()).into_bytes()
        }
    }
}

fn listing_text(output: &Output) -> String {
    let mut text = String::new();
    for line in output.listing() {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn report(path: &Path, source: &str, output: &Output, quiet: bool) -> Result<()> {
    let stderr = std::io::stderr();
    let color = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let shown = if files::is_standard(path) { "<stdin>".to_owned() } else { path.display().to_string() };
    let renderings = Renderings::new(&shown, source, color).with_routines(&output.routines);
    let mut stderr = std::io::BufWriter::new(stderr.lock());
    let (mut n_errors, mut n_warnings) = (0usize, 0usize);
    for diagnostic in output.diagnostics() {
        match diagnostic.severity() {
            Severity::Error => n_errors += 1,
            Severity::Warning if quiet => continue,
            Severity::Warning => n_warnings += 1,
        }
        writeln!(stderr, "{}\n", renderings.render(diagnostic))?;
    }
    if n_errors + n_warnings > 0 {
        writeln!(
            stderr,
            "asm704: {}, {}; `asm704 explain CODE` says more",
            count(n_errors, "error"),
            count(n_warnings, "warning")
        )?;
    }
    stderr.flush()?;
    Ok(())
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
