//! `emu704 tape`: look at reels, test, convert and cut them.

mod checkpoint;
mod convert;
mod damage;
mod diff;
mod follow;
mod info;
mod ls;
mod print;
mod reshape;
mod symbols;
mod text;
mod verify;
pub(super) mod walk;

use std::path::PathBuf;

use anyhow::Result;
use asm704::media::tape::TapeFormat;

use super::files::{parse_form, quiet_pipe};

pub(crate) use checkpoint::{Checkpoint, checkpoint};

/// `emu704 tape`.
#[derive(Debug, clap::Args)]
pub(crate) struct TapeArgs {
    #[command(subcommand)]
    command: TapeCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TapeCommand {
    /// A line per record: file, record, mode, words, parity, what it looks like
    Ls(LookArgs),
    /// Which form an image has and how that was recognised, records, feet and seconds
    Info(LookArgs),
    /// The canonical text of a reel, for reviewing and for diffs (docs/formats.md)
    Dump(text::DumpArgs),
    /// Make the same bytes again from the text of a reel
    Undump(text::UndumpArgs),
    /// Every defect with its offset; exit 0 when the image is whole, 6 when it is not
    Verify(verify::VerifyArgs),
    /// Write what can be read of a damaged image into a new one, and say what was lost
    Salvage(verify::SalvageArgs),
    /// Compare two reels by record and word; exit 0 when they are the same, 1 when not
    Diff(diff::DiffArgs),
    /// Copy whole records of a reel that somebody writes, as they reach it (docs/standby.md)
    Follow(follow::FollowArgs),
    /// Copy a reel into another form
    Convert(convert::ConvertArgs),
    /// Copy some files or records of a reel
    Cut(convert::CutArgs),
    /// Copy several reels into one
    Join(convert::JoinArgs),
    /// Make a blank reel
    New(convert::NewArgs),
    /// Damage a copy of a reel, on purpose and reproducibly
    Damage(damage::DamageArgs),
    /// Print a BCD tape, as the off-line printer did
    Print(print::PrintArgs),
}

/// Images to look at.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape ls reel.tap\n  emu704 tape info *.p7b --json\n  emu704 tape ls - < reel.tap"
)]
struct LookArgs {
    /// Images; - is standard input
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// One JSON document
    #[arg(long)]
    json: bool,
}

/// Runs `emu704 tape`; returns the exit code.
pub(crate) fn tape(args: TapeArgs) -> Result<u8> {
    quiet_pipe(match args.command {
        TapeCommand::Ls(args) => ls::ls(&args),
        TapeCommand::Info(args) => info::info(&args),
        TapeCommand::Dump(args) => text::dump(&args),
        TapeCommand::Undump(args) => text::undump(&args),
        TapeCommand::Verify(args) => verify::verify(&args),
        TapeCommand::Salvage(args) => verify::salvage(&args),
        TapeCommand::Diff(args) => diff::diff(&args),
        TapeCommand::Follow(args) => follow::follow(&args),
        TapeCommand::Convert(args) => convert::convert(&args),
        TapeCommand::Cut(args) => convert::cut(&args),
        TapeCommand::Join(args) => convert::join(&args),
        TapeCommand::New(args) => convert::new(&args),
        TapeCommand::Damage(args) => damage::damage(&args),
        TapeCommand::Print(args) => print::print(&args),
    })
}
