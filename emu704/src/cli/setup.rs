//! The options that every command which runs the machine shares, and the room that they ask for.

use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::Result;
use asm704::Word;
use asm704::media::file_kind::{FileKind, Place};
use clap::builder::{OsStringValueParser, TypedValueParser as _};

use super::figure::FigureSetting;
use super::job::{self, Job};
use super::outputs::{Guarded, Outputs, check_found};
use super::talk::say;
use super::{Failure, core_choice, diagnostics, room_failure};
use crate::action::{Action, When};
use crate::core_store::CoreSize;
use crate::debug::{Trace, TraceFilter};
use crate::fault::TimedFault;
use crate::host::HostFiles;
use crate::machine::LoadKey;
use crate::monitor::Flaw;
use crate::room::plan::{FirstKey, TapePlan, raw_load, recognise};
use crate::room::{Assembly, Plan, Room, RoomError};

/// What to run, on which machine, with what mounted.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct SetUpArgs {
    /// The program. Its kind is recognised by its bytes, also inside gzip: source is assembled and started where END says; a core
    /// image is put into core; a deck goes into the card reader, or a reel on tape 1, and the LOAD key is pressed; a job file is run
    pub(crate) program: Option<PathBuf>,
    /// Core size: 4k, 8k or 32k [default: that of the checkpoint on a reel that is loaded, or else 32k]
    #[arg(long, value_name = "SIZE")]
    pub(crate) core: Option<CoreSize>,
    /// Mount a reel on tape unit N, 1 to 10, the file-protect ring out
    #[arg(long, value_name = "N=FILE", value_parser = OsStringValueParser::new().try_map(|option| Mount::of(&option)))]
    pub(crate) tape: Vec<Mount>,
    /// Put the file-protect ring in the reel of unit N, so that it can be written. A missing file is made; without --tape, a
    /// scratch reel is mounted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=10))]
    pub(crate) ring: Vec<u8>,
    /// Write to a reel with its ring in even if its file is not a well-formed image up to its last byte
    #[arg(long)]
    pub(crate) force: bool,
    /// Refuse a job file that names a file outside its own folder in any way: for jobs from strangers
    #[arg(long)]
    pub(crate) keep_inside: bool,
    /// Set a figure of a unit, in ticks of 1/3 microsecond or with a unit: tape.reel=3600ft, printer.clutch=100ms
    #[arg(long, value_name = "UNIT.NAME=VALUE")]
    pub(crate) figure: Vec<FigureSetting>,
    /// Put a deck in the card reader's hopper; decks follow each other
    #[arg(long, value_name = "FILE")]
    pub(crate) cards: Vec<PathBuf>,
    /// File for the cards in the card punch's stacker, written as column binary at the end
    #[arg(long, value_name = "FILE")]
    pub(crate) punch: Option<PathBuf>,
    /// Image of logical drum N, 1 to 8, in the form of SIMH or of Sim704, recognised by its size. A missing file is made; the words
    /// are written back at the end
    #[arg(long, value_name = "N=FILE", value_parser = OsStringValueParser::new().try_map(|option| DrumFile::of(&option)))]
    pub(crate) drum: Vec<DrumFile>,
    /// Folder for the film of the CRT recorder: frame-0001.png and so on
    #[arg(long, value_name = "FOLDER")]
    pub(crate) film: Option<PathBuf>,
    /// Send the paper to FILE instead of standard output
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
    /// Stop after this many machine cycles
    #[arg(long, value_name = "CYCLES")]
    pub(crate) limit: Option<u64>,
    /// Make something fail: `parity 1 3`, `at 5000 flip 200 S`, `power off`; docs/faults.md has all of them
    #[arg(long, value_name = "[at CYCLE] FAULT")]
    pub(crate) fault: Vec<TimedFault>,
    /// Write a line to FILE for each instruction; docs/debugger.md explains its form. This makes the run slower
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Trace only the instructions that pass, such as `from LOOP to LOOP+20 op CPY,RDS unit tape 3`
    #[arg(long, value_name = "FILTER", requires = "trace")]
    pub(crate) trace_only: Option<String>,
    /// Power on with core, registers and indicators arbitrary by SEED, instead of cleared
    #[arg(long, value_name = "SEED")]
    pub(crate) power_on: Option<u64>,
    /// Press RESET first: registers and indicators to zeros, core as it is. An operator did this after power on,
    /// before LOAD
    #[arg(long)]
    pub(crate) reset: bool,
    /// Press CLEAR first: RESET, and core to zeros. With --reset as well, only CLEAR is pressed
    #[arg(long)]
    pub(crate) clear: bool,
    /// The 36 entry keys, in octal
    #[arg(long, value_name = "WORD", allow_negative_numbers = true)]
    pub(crate) keys: Option<Word>,
    /// What the operator does, in the words of a job file: `at 200000 manual`, `at-stop start`. It replaces the acts
    /// of a job
    #[arg(long = "act", value_name = "at CYCLE ACT | at-stop ACT", value_parser = timed_act)]
    pub(crate) acts: Vec<(When, String)>,
    /// Read the source as free form: label, operation, variable field and comment, separated by blanks. A source whose name ends
    /// in .sapf is always read like this
    #[arg(long)]
    pub(crate) free: bool,
    /// Run a program that has errors, as the assembler made it
    #[arg(long)]
    pub(crate) run_anyway: bool,
    /// Write the report as JSON to standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Write no report and no messages to standard error unless something fails: `run` prints only the paper
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// The JUnit report of `run`.
    #[arg(skip)]
    pub(crate) junit: Option<PathBuf>,
    /// The job file that the options come from.
    #[arg(skip)]
    pub(crate) job: Option<PathBuf>,
}

fn address(text: &str) -> Result<u16, asm704::AddressError> {
    asm704::word::parse_address(text)
}

/// An act with its time: `at CYCLE ACT`, `at-stop ACT`.
fn timed_act(text: &str) -> Result<(When, String), String> {
    let expected = || format!("`{text}`: expected `at CYCLE ACT` or `at-stop ACT`");
    let words: Vec<&str> = text.split_whitespace().collect();
    let (when, act) = match words.as_slice() {
        ["at", cycle, act @ ..] => (When::Cycle(cycle.parse().map_err(|_| expected())?), act),
        ["at-stop", act @ ..] => (When::Stop, act),
        _ => return Err(expected()),
    };
    // its addresses may be symbols, which are known only when the program is
    Action::parse(act, &|_| Ok(0)).map_err(|error| error.to_string())?;
    Ok((when, act.join(" ")))
}

/// A reel for a unit: `N=FILE`.
#[derive(Debug, Clone)]
pub(crate) struct Mount {
    pub(crate) unit: u8,
    pub(crate) path: PathBuf,
}

impl Mount {
    fn of(option: &OsStr) -> Result<Mount, String> {
        let (unit, path) = split(option, "3=reel.tap")?;
        Mount::new(unit, path)
    }

    pub(crate) fn new(unit: u8, path: PathBuf) -> Result<Mount, String> {
        if (1..=10).contains(&unit) {
            Ok(Mount { unit, path })
        } else {
            Err(format!("{unit} is no tape unit, expected 1 to 10"))
        }
    }
}

/// An image for a logical drum: `N=FILE`.
#[derive(Debug, Clone)]
pub(crate) struct DrumFile {
    pub(crate) number: u8,
    pub(crate) path: PathBuf,
}

impl DrumFile {
    fn of(option: &OsStr) -> Result<DrumFile, String> {
        let (number, path) = split(option, "1=drum.bin")?;
        DrumFile::new(number, path)
    }

    pub(crate) fn new(number: u8, path: PathBuf) -> Result<DrumFile, String> {
        if (1..=8).contains(&number) {
            Ok(DrumFile { number, path })
        } else {
            Err(format!("{number} is no logical drum, expected 1 to 8"))
        }
    }
}

/// `N=FILE` in its parts. The name of a file need not be text.
fn split(option: &OsStr, example: &str) -> Result<(u8, PathBuf), String> {
    let bad = || format!("expected N=FILE, such as {example}");
    let bytes = option.as_encoded_bytes();
    let at = bytes.iter().position(|&byte| byte == b'=').ok_or_else(bad)?;
    let number = str::from_utf8(&bytes[..at]).ok().and_then(|number| number.parse().ok());
    let number =
        number.ok_or_else(|| format!("`{}` is not a number", String::from_utf8_lossy(&bytes[..at])))?;
    #[cfg(unix)]
    let file = std::os::unix::ffi::OsStrExt::from_bytes(&bytes[at + 1..]);
    #[cfg(not(unix))]
    let file = OsStr::new(option.to_str().and_then(|text| text.get(at + 1..)).ok_or_else(bad)?);
    let file: &OsStr = file;
    Ok((number, file.into()))
}

/// A room that is ready, and what belongs to it on the host.
pub(crate) struct SetUp {
    pub(crate) room: Room,
    pub(crate) outputs: Outputs,
    pub(crate) trace: Option<Trace>,
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    /// What the assembler says of the program, for the report as JSON.
    pub(crate) diagnostics: Option<serde_json::Value>,
    /// The program has errors, and no option says that it shall run anyway.
    pub(crate) flaw: Option<Flaw>,
    /// The source, if the program was assembled here.
    pub(crate) assembly: Option<Box<Assembly>>,
}

impl SetUpArgs {
    /// Reads the job file, if the program is one, and the program; mounts, loads and presses the keys. Without `must_run`
    /// nothing need run: somebody sits at the panel.
    pub(crate) fn set_up(self, must_run: bool) -> Result<SetUp> {
        let is_job = match self.program.as_deref() {
            Some(path) => {
                let found = recognise(path, Place::Program, &mut HostFiles).map_err(room_failure)?;
                found.kind == FileKind::Job
            }
            None => false,
        };
        let (args, job) = match &self.program {
            Some(path) if is_job => {
                let path = path.clone();
                let Job { mut args, config, acts } = job::read(&path, self)?;
                args.job = Some(path);
                (args, (config, acts))
            }
            _ => (self, (None, Vec::new())),
        };
        let (outputs, mut trace) = Outputs::open(&args)?;
        let mut config = job.0.unwrap_or_default();
        // a job's `[config] core` is a name as well, as far as it can be told from the default
        let core_named = args.core.is_some() || config.core != CoreSize::K32;
        for setting in &args.figure {
            config.figures = setting.set(&config.figures).map_err(Failure::usage)?;
        }
        let mut plan = args.plan(config, must_run)?;
        if plan.acts.is_empty() {
            plan.acts = job.1;
        }
        let program = plan.read_program(&mut Guarded::new(&args)).map_err(|error| {
            if let RoomError::NothingAssembled(assembly) = &error {
                diagnostics::say_all(assembly);
                if let Err(refused) = diagnostics::refuse(assembly, must_run && args.json, false) {
                    return refused;
                }
            }
            room_failure(error)
        })?;
        check_found(&args)?;
        let assembly = program.as_ref().and_then(|program| program.assembly.as_ref());
        let (mut said, mut flaw) = (None, None);
        if let Some(assembly) = assembly {
            if !args.quiet || assembly.output.is_flagged() {
                diagnostics::say_all(assembly);
            }
            said = Some(diagnostics::json(assembly));
            if must_run {
                diagnostics::refuse(assembly, args.json, args.run_anyway)?;
            } else if assembly.output.is_flagged() {
                flaw = Flaw::of(assembly);
                let (name, count) = (&assembly.name, flaw.as_ref().map_or("errors".to_owned(), Flaw::count));
                say(&format!("{name}: {count}; it is in core as it is"));
                flaw = flaw.filter(|_| !args.run_anyway);
            }
        }
        let first = plan.tapes.iter().find(|tape| tape.unit == 1).and_then(|tape| tape.file.as_deref());
        if plan.load == Some(LoadKey::Tape)
            && let Some(label) = first.and_then(core_choice::label)
        {
            if !core_named {
                plan.config.core = label.core();
            }
            for line in label.said(plan.config.core, core_named) {
                if !args.quiet {
                    say(&line);
                }
            }
        }
        if let (Some(key), Some(_), None, false) = (plan.load, plan.power_on, plan.first_key, args.quiet) {
            say(&format!("{}; --reset or --clear presses that key first", raw_load(key)));
        }
        let assembly = assembly.cloned();
        let room = Room::set_up(&plan, program, Box::new(Guarded::new(&args))).map_err(room_failure)?;
        check_found(&args)?;
        if let (Some(trace), Some(only)) = (&mut trace, &args.trace_only) {
            let words: Vec<&str> = only.split_whitespace().collect();
            let only = TraceFilter::parse(&words, &room)
                .map_err(|error| Failure::usage(format!("--trace-only: {error}")))?;
            trace.set_only(only);
        }
        Ok(SetUp {
            room,
            outputs,
            trace,
            json: args.json,
            quiet: args.quiet,
            diagnostics: said,
            flaw,
            assembly,
        })
    }

    fn plan(&self, mut config: crate::Config, must_run: bool) -> Result<Plan> {
        if let Some(core) = self.core {
            config.core = core;
        }
        if self.start.is_some() && self.load.is_some() {
            return Err(Failure::usage("--start presses no LOAD key: leave out --load"));
        }
        let mut tapes: Vec<TapePlan> = self
            .tape
            .iter()
            .map(|tape| TapePlan {
                unit: tape.unit,
                file: Some(tape.path.clone()),
                ring: self.ring.contains(&tape.unit),
            })
            .collect();
        for &unit in &self.ring {
            if !tapes.iter().any(|tape| tape.unit == unit) {
                tapes.push(TapePlan { unit, file: None, ring: true });
            }
        }
        Ok(Plan {
            config,
            power_on: self.power_on,
            first_key: match (self.clear, self.reset) {
                (true, _) => Some(FirstKey::Clear),
                (false, true) => Some(FirstKey::Reset),
                (false, false) => None,
            },
            keys: self.keys,
            program: self.program.clone(),
            free: self.free,
            tapes,
            cards: self.cards.clone(),
            drums: self.drum.iter().map(|drum| (drum.number, drum.path.clone())).collect(),
            load: self.load,
            start: self.start,
            sense: self.sense.clone(),
            faults: self.fault.clone(),
            acts: self.acts.clone(),
            limit: self.limit,
            continues: self.continue_.unwrap_or(0),
            force: self.force,
            must_run,
        })
    }
}
