//! `emu704 tape dump` and `undump`: the canonical text of a reel.

use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::tape::TapeFormat;
use asm704::media::text::{self, TextError};

use crate::cli::Failure;
use crate::cli::files::{Target, new_form, open_reel, out, parse_form, tape_error};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  emu704 tape dump reel.tap > reel.txt")]
pub(super) struct DumpArgs {
    /// Image; - is standard input
    image: PathBuf,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// The words of binary records as instructions, too, in comments
    #[arg(long)]
    disasm: bool,
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
}

pub(super) fn dump(args: &DumpArgs) -> Result<u8> {
    let mut image = open_reel(&args.image, args.form)?;
    image.store().prints_lines();
    let mut out = out();
    text::dump_with(&mut image, &mut out, args.disasm).map_err(|error| text_error(&args.image, error))?;
    out.flush()?;
    Ok(0)
}

pub(super) fn undump(args: &UndumpArgs) -> Result<u8> {
    let form = match (args.to, args.output.extension()) {
        (None, None) => None,
        _ => Some(new_form(&args.output, args.to, None)?),
    };
    let image = if args.text == Path::new("-") {
        text::undump(&mut std::io::stdin().lock(), Target::create(&args.output)?, form)
    } else {
        let unreadable = |error| Failure::usage(format!("{}: cannot open: {error}", args.text.display()));
        let file = std::fs::File::open(&args.text).map_err(unreadable)?;
        if args.text.is_dir() {
            return Err(Failure::usage(format!("{}: is a directory, expected a file", args.text.display())));
        }
        text::undump(&mut BufReader::new(file), Target::create(&args.output)?, form)
    };
    image.map_err(|error| text_error(&args.text, error))?.into_store().commit()?;
    Ok(0)
}

fn text_error(path: &Path, error: TextError) -> anyhow::Error {
    match error {
        TextError::Tape(error) => tape_error(path, error),
        TextError::Io(error) => anyhow::Error::new(error).context(path.display().to_string()),
        error @ TextError::Line { .. } => Failure::medium(format!("{}: {error}", path.display())),
    }
}
