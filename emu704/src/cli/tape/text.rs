//! `emu704 tape dump` and `undump`: the canonical text of a reel.

use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::Word;
use asm704::media::tape::{Item, Store, TapeFormat, TapeImage, words_of};
use asm704::media::text::{self, TextError};
use serde_json::json;

use super::ls::{as_json, json_head};
use super::walk::{Folded, Met};
use crate::cli::files::{Watched, new_form, open_reel, out, parse_form, tape_error};
use crate::cli::target::{Target, check_json, print_made};
use crate::cli::{Failure, exit};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 tape dump reel.tap > reel.txt")]
pub(super) struct DumpArgs {
    /// Image; - is standard input
    image: PathBuf,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// The words of binary records as instructions, too, in comments
    #[arg(long, conflicts_with = "json")]
    disasm: bool,
    /// One JSON document, with the words of every record
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 tape undump reel.txt -o reel.tap")]
pub(super) struct UndumpArgs {
    /// Text of a reel; - is standard input
    text: PathBuf,
    /// Image to make, its form by the ending; - is standard output
    #[arg(short, value_name = "IMAGE")]
    output: PathBuf,
    /// Form of the image, whatever its ending
    #[arg(long, value_name = "FORM", value_parser = parse_form)]
    to: Option<TapeFormat>,
    /// One JSON document about the file made
    #[arg(long)]
    json: bool,
}

pub(super) fn dump(args: &DumpArgs) -> Result<u8> {
    let mut image = open_reel(&args.image, args.form)?;
    image.store().prints_lines();
    let mut out = out();
    if args.json {
        return dump_json(&args.image, &mut image, &mut out);
    }
    text::dump_with(&mut image, &mut out, args.disasm).map_err(|error| text_error(&args.image, error))?;
    out.flush()?;
    Ok(0)
}

/// The items as `ls` tells them, with their words: as a program copies them into core, or the characters of what does not
/// fill a word.
fn dump_json<S: Store>(path: &Path, image: &mut TapeImage<S>, out: &mut impl Write) -> Result<u8> {
    let (head, mut code) = (json_head(&path.display().to_string(), image)?, 0);
    write!(out, "{{\"version\":1,\"images\":[{head}")?;
    for (n, met) in Folded::new(image).enumerate() {
        let (met, count, more) = met.map_err(|error| tape_error(path, error))?;
        let mut item = as_json(&met, count, more);
        match &met {
            Met::Item { item: Item::Record(record), .. } => {
                let words = words_of(record, record.likely_mode());
                item["data"] = words.iter().map(Word::to_string).collect();
            }
            Met::Bad { .. } => code = exit::MEDIUM,
            Met::Item { .. } | Met::Tail { .. } => {}
        }
        write!(out, "{}{item}", if n > 0 { "," } else { "" })?;
    }
    writeln!(out, "]}}]}}")?;
    out.flush()?;
    Ok(code)
}

pub(super) fn undump(args: &UndumpArgs) -> Result<u8> {
    check_json(args.json, &args.output)?;
    asm704::in_use::reads(&args.text, "the text that it reads");
    let form = match (args.to, args.output.extension()) {
        (None, None) => None,
        _ => Some(new_form(&args.output, args.to, None)?),
    };
    let image = if args.text == Path::new("-") {
        let mut input = BufReader::new(Watched::new(std::io::stdin().lock(), None));
        text::undump(&mut input, Target::create(&args.output)?, form)
    } else {
        let unreadable = |error| Failure::usage(format!("{}: cannot open: {error}", args.text.display()));
        let file = std::fs::File::open(&args.text).map_err(unreadable)?;
        if args.text.is_dir() {
            return Err(Failure::usage(format!("{}: is a directory, expected a file", args.text.display())));
        }
        let len = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|meta| meta.len());
        text::undump(&mut BufReader::new(Watched::new(file, len)), Target::create(&args.output)?, form)
    };
    let image = image.map_err(|error| text_error(&args.text, error))?;
    let form = image.format();
    let made = image.into_store().commit()?;
    print_made(args.json, &[made.to_json(json!({"form": form.keyword()}))])?;
    Ok(0)
}

fn text_error(path: &Path, error: TextError) -> anyhow::Error {
    match error {
        TextError::Tape(error) => tape_error(path, error),
        TextError::Io(error) => anyhow::Error::new(error).context(path.display().to_string()),
        error @ TextError::Line { .. } => Failure::medium(format!("{}: {error}", path.display())),
    }
}
