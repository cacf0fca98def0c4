//! `emu704 demo`: the story of the checkpoint, told in a second, or played in real time by real processes.

mod acts;
mod boot;
mod child;
mod keys;
mod parts;
mod player;
mod programs;
mod stage;
mod story;

use std::path::PathBuf;

use anyhow::Result;

use super::Failure;

pub(super) use self::programs::{job, room};
pub(super) use self::story::undisturbed_print;

/// Options of `demo`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The exit code is 0 only when all answers agree.\n\nExamples:\n  emu704 demo\n  emu704 demo --live\n  emu704 demo --live half\n  emu704 demo --wire\n  emu704 demo --live refusal --unattended --pace 20"
)]
pub(crate) struct DemoArgs {
    /// The arbitrary state in which the second machine powers on
    #[arg(long, default_value_t = 704)]
    seed: u64,
    /// Play an act in real time, with a process for each machine, and you kill machine 1 [without ACT: kill]
    #[arg(long, value_name = "ACT", num_args = 0..=1, default_missing_value = "kill")]
    live: Option<Act>,
    /// The same as --live wire
    #[arg(long, conflicts_with = "live")]
    wire: bool,
    /// A live act waits for no key and continues by itself. Without a terminal it does so when no key comes for some seconds
    #[arg(long)]
    unattended: bool,
    /// Keep the folder of a live act, with its reels
    #[arg(long)]
    keep: bool,
    /// Play a live act this many times faster
    #[arg(long, value_name = "TIMES", value_parser = pace)]
    pace: Option<f64>,
    /// The machine of an act that this process is. Only the command itself uses it.
    #[arg(long, hide = true, requires = "folder")]
    part: Option<parts::Part>,
    /// The folder of that machine's reels.
    #[arg(long, hide = true, requires = "part")]
    folder: Option<PathBuf>,
}

/// An act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Act {
    /// You kill machine 1, and machine 2 continues its job from the reel
    Kill,
    /// A fuse blows in the middle of a checkpoint; of two reels, one has a whole one
    Half,
    /// The checkpoint goes by a wire from one process to the other, with no reel between them
    Wire,
    /// Two jobs in one machine, and one of them goes home
    Sharing,
    /// A package moves within its bureau; another bureau is refused
    Refusal,
    /// A job in the form of FORTRAN II is killed and resumed on a larger machine
    Fortran,
}

fn pace(text: &str) -> Result<f64, String> {
    let pace = text.parse().ok().filter(|&pace: &f64| (0.1..=1000.0).contains(&pace));
    pace.ok_or_else(|| format!("`{text}`: expected 0.1 to 1000"))
}

pub(crate) fn demo(args: &DemoArgs) -> Result<u8> {
    let pace = args.pace.unwrap_or(1.0);
    if let (Some(part), Some(folder)) = (args.part, &args.folder) {
        return parts::play(part, folder, pace, args.seed);
    }
    match args.live.or(args.wire.then_some(Act::Wire)) {
        None => {
            let of_acts =
                [("--unattended", args.unattended), ("--keep", args.keep), ("--pace", args.pace.is_some())];
            if let Some((option, _)) = of_acts.iter().find(|(_, given)| *given) {
                return Err(Failure::usage(format!(
                    "{option} is for a live act: add --live or --wire. Without them the demo takes a second, and waits for no key"
                )));
            }
            story::story(args.seed)
        }
        Some(act) => acts::play(act, args),
    }
}
