//! `emu704 run`.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use super::job::{self, Timed};
use super::session::Session;
use crate::config::Config;
use crate::core_store::CoreSize;
use crate::fault::TimedFault;
use crate::machine::LoadKey;

/// Options of `run`.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 run programs/heat.sap --core 8k\n  emu704 run reel.tap\n  emu704 run job.toml --json"
)]
pub(crate) struct RunArgs {
    /// .sap is assembled and started where END says; .oct is put in core; .cbn goes into the card reader and .tap or
    /// .p7b on tape 1, and the LOAD key is pressed; .toml is a job
    pub(crate) program: Option<PathBuf>,
    /// Core size: 4k, 8k or 32k [default: 32k]
    #[arg(long, value_name = "SIZE")]
    pub(crate) core: Option<CoreSize>,
    /// Mount a reel on tape unit N, 1 to 10, the file-protect ring out
    #[arg(long, value_name = "N=FILE")]
    pub(crate) tape: Vec<Mount>,
    /// Put the ring in unit N's reel: it can be written, and is made if missing; without --tape, a scratch reel
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=10))]
    pub(crate) ring: Vec<u8>,
    /// Put a deck in the card reader's hopper; decks follow each other
    #[arg(long, value_name = "FILE")]
    pub(crate) cards: Vec<PathBuf>,
    /// The card punch's stacker, written as column binary at the end
    #[arg(long, value_name = "FILE")]
    pub(crate) punch: Option<PathBuf>,
    /// Logical drum N, 1 to 8, in either peer's form, recognised by its size; made if missing, written back at the end
    #[arg(long, value_name = "N=FILE")]
    pub(crate) drum: Vec<DrumFile>,
    /// Where the CRT recorder's film goes: a folder of frame-0001.png and so on
    #[arg(long, value_name = "FOLDER")]
    pub(crate) film: Option<PathBuf>,
    /// Print on FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) print: Option<PathBuf>,
    /// Press this LOAD key: cards, tape or drum
    #[arg(long, value_name = "KEY", conflicts_with = "start")]
    pub(crate) load: Option<LoadKey>,
    /// Press no LOAD key; start at this octal address
    #[arg(long, value_name = "OCTAL", value_parser = address)]
    pub(crate) start: Option<u16>,
    /// Sense switches that are down, such as 1,3
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=6))]
    pub(crate) sense: Vec<u8>,
    /// Press START again after each of the first N program stops
    #[arg(long = "continue", value_name = "N")]
    pub(crate) continue_: Option<u64>,
    /// Stop after so many machine cycles
    #[arg(long, value_name = "CYCLES")]
    pub(crate) limit: Option<u64>,
    /// Something breaks: `parity 1 3`, `at 5000 flip 200 S`, `power off`; docs/faults.md has them all
    #[arg(long, value_name = "[at CYCLE] FAULT")]
    pub(crate) fault: Vec<TimedFault>,
    /// A line on FILE for each instruction; docs/debugger.md has its form. It makes the run slower
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Power on with core, registers and indicators arbitrary by SEED, instead of cleared
    #[arg(long, value_name = "SEED")]
    pub(crate) power_on: Option<u64>,
    /// The report as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// No talk on standard error while it runs
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

fn address(text: &str) -> Result<u16, asm704::AddressError> {
    asm704::word::parse_address(text)
}

/// A reel for a unit: `N=FILE`.
#[derive(Debug, Clone)]
pub(crate) struct Mount {
    pub(crate) unit: u8,
    pub(crate) path: PathBuf,
}

impl Mount {
    pub(crate) fn new(unit: u8, path: PathBuf) -> Result<Mount, String> {
        if (1..=10).contains(&unit) {
            Ok(Mount { unit, path })
        } else {
            Err(format!("{unit} is no tape unit, expected 1 to 10"))
        }
    }
}

impl FromStr for Mount {
    type Err = String;

    fn from_str(text: &str) -> Result<Mount, String> {
        let (unit, path) = text.split_once('=').ok_or("expected N=FILE, such as 3=reel.tap")?;
        let unit = unit.parse().map_err(|_| format!("`{unit}` is no tape unit, expected 1 to 10"))?;
        Mount::new(unit, path.into())
    }
}

/// An image for a logical drum: `N=FILE`.
#[derive(Debug, Clone)]
pub(crate) struct DrumFile {
    pub(crate) number: u8,
    pub(crate) path: PathBuf,
}

impl DrumFile {
    pub(crate) fn new(number: u8, path: PathBuf) -> Result<DrumFile, String> {
        if (1..=8).contains(&number) {
            Ok(DrumFile { number, path })
        } else {
            Err(format!("{number} is no logical drum, expected 1 to 8"))
        }
    }
}

impl FromStr for DrumFile {
    type Err = String;

    fn from_str(text: &str) -> Result<DrumFile, String> {
        let (number, path) = text.split_once('=').ok_or("expected N=FILE, such as 1=drum.bin")?;
        let number = number.parse().map_err(|_| format!("`{number}` is no logical drum, expected 1 to 8"))?;
        DrumFile::new(number, path.into())
    }
}

impl FromStr for LoadKey {
    type Err = String;

    fn from_str(text: &str) -> Result<LoadKey, String> {
        match text {
            "cards" => Ok(LoadKey::Cards),
            "tape" => Ok(LoadKey::Tape),
            "drum" => Ok(LoadKey::Drum),
            _ => Err(format!("`{text}` is no LOAD key: expected cards, tape or drum")),
        }
    }
}

pub(crate) fn run(args: RunArgs) -> Result<u8> {
    let (args, config, acts) = with_job(args)?;
    let mut session = Session::set_up(args, config, acts)?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    // A second handler in one process cannot be set; then Ctrl-C ends it at once, as usual.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let stop = session.run(&interrupted)?;
    session.finish(&stop)
}

/// The options of a job file, when PROGRAM is one, under those of the command line.
pub(crate) fn with_job(args: RunArgs) -> Result<(RunArgs, Option<Config>, Vec<Timed>)> {
    let Some(path) = args.program.clone().filter(|path| ending(path).as_deref() == Some("toml")) else {
        return Ok((args, None, Vec::new()));
    };
    let job = job::read(&path, args)?;
    Ok((job.args, job.config, job.acts))
}

pub(crate) fn ending(path: &Path) -> Option<String> {
    path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase)
}
