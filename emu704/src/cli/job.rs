//! A job file: the options of `run` and a timed list of what the operator does.

mod inside;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Deserialize;

pub(super) use self::inside::Inside;
use super::Failure;
use super::setup::{DrumFile, Mount, SetUpArgs};
use crate::action::{Action, When};
use crate::config::Config;
use crate::core_store::CoreSize;
use crate::host::HostFiles;
use crate::machine::LoadKey;
use crate::media::wire::WireName;
use crate::room::Files as _;

/// The file, key by key. Paths are relative to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct JobFile {
    program: Option<PathBuf>,
    core: Option<CoreSize>,
    #[serde(default)]
    tape: BTreeMap<String, PathBuf>,
    #[serde(default)]
    ring: Vec<u8>,
    #[serde(default)]
    force: bool,
    #[serde(default)]
    free: bool,
    #[serde(default)]
    run_anyway: bool,
    #[serde(default)]
    cards: Vec<PathBuf>,
    punch: Option<PathBuf>,
    #[serde(default)]
    drum: BTreeMap<String, PathBuf>,
    film: Option<PathBuf>,
    print: Option<PathBuf>,
    load: Option<LoadKey>,
    start: Option<String>,
    #[serde(default)]
    sense: Vec<u8>,
    r#continue: Option<u64>,
    limit: Option<u64>,
    #[serde(default)]
    faults: Vec<String>,
    power_on: Option<u64>,
    #[serde(default)]
    reset: bool,
    #[serde(default)]
    clear: bool,
    keys: Option<String>,
    config: Option<Config>,
    #[serde(default)]
    operator: Vec<OperatorRow>,
}

/// Where the acts of a job stand.
const OPERATOR: &str = "operator";

impl JobFile {
    /// Every file that it names, with the key, whether an option of the command line is used instead or not. Those of acts are
    /// not relative to the job.
    fn names(&self) -> Vec<(&'static str, PathBuf)> {
        let one = |key, path: &Option<PathBuf>| path.clone().map(|path| (key, path));
        let options = [
            one("program", &self.program),
            one("punch", &self.punch),
            one("film", &self.film),
            one("print", &self.print),
        ];
        let mut names: Vec<_> = options.into_iter().flatten().collect();
        names.extend(self.tape.values().map(|path| ("tape", path.clone())));
        names.extend(self.drum.values().map(|path| ("drum", path.clone())));
        names.extend(self.cards.iter().map(|path| ("cards", path.clone())));
        for row in &self.operator {
            let words: Vec<&str> = row.r#do.split_whitespace().collect();
            if let Ok(act) = Action::parse(&words, &|_| Ok(0))
                && let Some(file) = act.file()
            {
                names.push((OPERATOR, file.to_owned()));
            }
        }
        names
    }
}

/// One act: at a cycle, or after the program stops for the nth time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OperatorRow {
    at: Option<u64>,
    #[serde(default)]
    at_stop: bool,
    r#do: String,
}

/// A job ready to run.
pub(crate) struct Job {
    pub(crate) args: SetUpArgs,
    pub(crate) config: Option<Config>,
    /// In the words of [`crate::action::Action`].
    pub(crate) acts: Vec<(When, String)>,
}

/// Reads a job file; options of the command line win over it.
pub(crate) fn read(path: &Path, given: SetUpArgs) -> Result<Job> {
    let text = HostFiles.read(path).map_err(|e| Failure::usage(e.to_string()))?;
    let text = String::from_utf8(text).map_err(|_| {
        Failure::usage(format!("{}: expected text, found bytes that are not text", path.display()))
    })?;
    let file: JobFile = toml::from_str(&text)
        .map_err(|e| Failure::usage(format!("{}: {}", path.display(), e.to_string().trim_end())))?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let beside = |p: &PathBuf| match WireName::of(p) {
        Some(wire) => wire.in_folder(directory),
        None => directory.join(p),
    };
    let bad = |what: String| Failure::usage(format!("{}: {what}", path.display()));
    if given.keep_inside {
        let inside = Inside::of(directory).map_err(|e| bad(format!("its folder: {e}")))?;
        for (key, name) in file.names() {
            let wire = WireName::of(&name);
            if let Some(WireName::Line { .. }) = wire {
                return Err(bad(format!(
                    "{key}: {}: a wire leads out of the folder (--keep-inside)",
                    name.display()
                )));
            }
            let path = match (wire.and_then(WireName::file), key == OPERATOR) {
                (Some(file), true) => file.to_owned(),
                (Some(file), false) => directory.join(file),
                (None, true) => name.clone(),
                (None, false) => beside(&name),
            };
            inside.check(&path).map_err(|why| bad(format!("{key}: {}: {why}", name.display())))?;
        }
    }

    let mut args = given;
    args.program = file.program.as_ref().map(beside);
    args.core = args.core.or(file.core);
    if args.tape.is_empty() {
        for (unit, image) in &file.tape {
            let number = unit.parse().map_err(|_| bad(format!("tape.{unit}: expected a unit, 1 to 10")))?;
            args.tape.push(Mount::new(number, beside(image)).map_err(bad)?);
        }
    }
    if args.ring.is_empty() {
        args.ring = file.ring;
        if let Some(unit) = args.ring.iter().find(|unit| !(1..=10).contains(*unit)) {
            return Err(bad(format!("ring: {unit} is no tape unit, expected 1 to 10")));
        }
    }
    args.force |= file.force;
    args.free |= file.free;
    args.run_anyway |= file.run_anyway;
    if args.cards.is_empty() {
        args.cards = file.cards.iter().map(beside).collect();
    }
    args.punch = args.punch.or(file.punch.as_ref().map(beside));
    args.film = args.film.or(file.film.as_ref().map(beside));
    if args.drum.is_empty() {
        for (drum, image) in &file.drum {
            let number = drum.parse().map_err(|_| bad(format!("drum.{drum}: expected a drum, 1 to 8")))?;
            args.drum.push(DrumFile::new(number, beside(image)).map_err(bad)?);
        }
    }
    args.print = args.print.or(file.print.as_ref().map(beside));
    args.load = args.load.or(file.load);
    if args.start.is_none()
        && let Some(start) = &file.start
    {
        args.start = Some(asm704::word::parse_address(start).map_err(|e| bad(e.to_string()))?);
    }
    if args.sense.is_empty() {
        args.sense = file.sense;
        if let Some(switch) = args.sense.iter().find(|switch| !(1..=6).contains(*switch)) {
            return Err(bad(format!("sense: {switch} is no sense switch, expected 1 to 6")));
        }
    }
    args.continue_ = args.continue_.or(file.r#continue);
    args.limit = args.limit.or(file.limit);
    args.power_on = args.power_on.or(file.power_on);
    if !args.reset && !args.clear {
        (args.reset, args.clear) = (file.reset, file.clear);
    }
    if args.keys.is_none()
        && let Some(keys) = &file.keys
    {
        args.keys = Some(keys.parse().map_err(|e| bad(format!("keys: {e}")))?);
    }

    for fault in &file.faults {
        args.fault.push(fault.parse().map_err(|e: crate::fault::FaultError| bad(e.to_string()))?);
    }

    let mut acts = Vec::new();
    for row in &file.operator {
        // its addresses may be symbols, which are known only when the program is
        let words: Vec<&str> = row.r#do.split_whitespace().collect();
        Action::parse(&words, &|_| Ok(0)).map_err(|e| bad(e.to_string()))?;
        let when = match (row.at, row.at_stop) {
            (Some(cycle), false) => When::Cycle(cycle),
            (None, true) => When::Stop,
            _ => {
                return Err(bad(format!(
                    "operator: `{}` needs either `at = CYCLE` or `at-stop = true`",
                    row.r#do
                )));
            }
        };
        acts.push((when, row.r#do.clone()));
    }
    Ok(Job { args, config: file.config, acts })
}
