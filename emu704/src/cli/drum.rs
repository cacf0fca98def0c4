//! `emu704 drum`: drum images as text, and back.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::media::tape::Store;
use asm704::media::text::{dump_drum, undump_drum};

use super::Failure;
use super::files::{Target, out, quiet_pipe, read_all};

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
    },
    /// Make the same image again from its text
    Undump {
        /// Text of drums; - is standard input
        text: PathBuf,
        /// Image to make; - is standard output
        #[arg(short, value_name = "IMAGE")]
        output: PathBuf,
    },
}

/// Runs `emu704 drum`; returns the exit code.
pub(crate) fn drum(args: DrumArgs) -> Result<u8> {
    quiet_pipe(match args.command {
        DrumCommand::Dump { image } => dump(&image),
        DrumCommand::Undump { text, output } => undump(&text, &output),
    })
}

fn dump(image: &Path) -> Result<u8> {
    let wrong = |error| Failure::medium(format!("{}: {error}", image.display()));
    let text = dump_drum(&read_all(image, LARGEST)?).map_err(wrong)?;
    let mut out = out();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(0)
}

fn undump(text: &Path, output: &Path) -> Result<u8> {
    let wrong = |what: String| Failure::medium(format!("{}: {what}", text.display()));
    let content = String::from_utf8(read_all(text, LARGEST)?).map_err(|_| wrong(String::from("not text")))?;
    let image = undump_drum(&content).map_err(|error| wrong(error.to_string()))?;
    let mut target = Target::create(output)?;
    target.write_at(0, &image)?;
    target.commit()?;
    Ok(0)
}
