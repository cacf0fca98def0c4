//! `emu704 drum`: drum images as text, and back.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::Word;
use asm704::media::drum::{DRUM_WORDS, DrumError, DrumFormat, read_drum, recognise};
use asm704::media::file_kind::{FileKind, Place, Slice, what_is};
use asm704::media::text::{dump_drum, undump_drum};

use serde_json::{Value, json};

use super::Failure;
use super::files::{out, quiet_pipe, read_all};
use super::target::{Target, check_json, print_made};

/// Far more than the text of eight drums has.
const LARGEST: u64 = 4 << 20;

/// `emu704 drum`.
#[derive(Debug, clap::Args)]
pub(crate) struct DrumArgs {
    #[command(subcommand)]
    command: DrumCommand,
}

#[derive(Debug, clap::Subcommand)]
enum DrumCommand {
    /// The words of a drum image as text (docs/formats.md)
    Dump {
        /// Image, in either form, recognised by its size; - is standard input
        image: PathBuf,
        /// One JSON document
        #[arg(long)]
        json: bool,
    },
    /// Make the same image again from its text
    Undump {
        /// Text of drums; - is standard input
        text: PathBuf,
        /// Image to make; - is standard output
        #[arg(short, value_name = "IMAGE")]
        output: PathBuf,
        /// One JSON document about the file made
        #[arg(long)]
        json: bool,
    },
}

/// Runs `emu704 drum`; returns the exit code.
pub(crate) fn drum(args: DrumArgs) -> Result<u8> {
    quiet_pipe(match args.command {
        DrumCommand::Dump { image, json } => dump(&image, json),
        DrumCommand::Undump { text, output, json } => undump(&text, &output, json),
    })
}

fn dump(image: &Path, json: bool) -> Result<u8> {
    let wrong = |error| Failure::medium(format!("{}: {error}", image.display()));
    let bytes = read_all(image, LARGEST)?;
    let found = what_is(&mut Slice(&bytes), Place::Drum, None)?;
    if !matches!(found.kind, FileKind::Unknown | FileKind::Empty)
        && let Some(refusal) = found.refusal(Place::Drum)
    {
        return Err(Failure::medium(format!("{}: not an image of a drum: {refusal}", image.display())));
    }
    let mut out = out();
    if json {
        let document = as_json(&image.display().to_string(), &bytes).map_err(wrong)?;
        writeln!(out, "{document}")?;
    } else {
        out.write_all(dump_drum(&bytes).map_err(wrong)?.as_bytes())?;
    }
    out.flush()?;
    Ok(0)
}

fn as_json(name: &str, bytes: &[u8]) -> Result<Value, DrumError> {
    let form = recognise(bytes)?;
    // Sim704's image does not say which drum it is of; SIMH's ends behind the last word that was written
    let size = if form == DrumFormat::Sim704 { 5 } else { 8 };
    let drums: Vec<Value> = (1..)
        .zip(bytes.chunks(size * DRUM_WORDS))
        .map(|(drum, part)| {
            let words = read_drum(bytes, drum)?.1;
            let words: Vec<String> = words.iter().take(part.len() / size).map(Word::to_string).collect();
            Ok(match form {
                DrumFormat::Sim704 => json!({"words": words}),
                DrumFormat::Simh => json!({"drum": drum, "words": words}),
            })
        })
        .collect::<Result<_, DrumError>>()?;
    Ok(json!({"version": 1, "image": name, "form": form.keyword(), "drums": drums}))
}

fn undump(text: &Path, output: &Path, json: bool) -> Result<u8> {
    check_json(json, output)?;
    let wrong = |what: String| Failure::medium(format!("{}: {what}", text.display()));
    let content = String::from_utf8(read_all(text, LARGEST)?)
        .map_err(|_| wrong(String::from("expected the text of drums, found bytes that are no text")))?;
    let image = undump_drum(&content).map_err(|error| wrong(error.to_string()))?;
    let mut target = Target::create(output)?;
    target.put(&image)?;
    let made = target.commit()?;
    let form = recognise(&image).map_or("", DrumFormat::keyword);
    print_made(json, &[made.to_json(json!({"form": form}))])?;
    Ok(0)
}
