//! A machine with its media as the options of `run` say, before anything runs.

use anyhow::{Context, Result};

use super::run::{Mount, RunArgs, ending};
use super::source::Source;
use super::{Failure, hoppers, program};
use crate::config::Config;
use crate::host::{MountError, Mounts};
use crate::machine::{LoadKey, Machine};

/// What `run`, the panel and the monitor begin with.
pub(crate) struct Prepared {
    pub(crate) machine: Machine,
    pub(crate) mounts: Mounts,
    /// With what the program's ending implies.
    pub(crate) args: RunArgs,
    /// Symbols and cards of a program that was assembled.
    pub(crate) source: Source,
}

pub(crate) fn mount_failure(error: &MountError) -> anyhow::Error {
    if error.is_medium() { Failure::medium(error.to_string()) } else { Failure::usage(error.to_string()) }
}

/// Mounts, loads and presses the keys. Without `must_run` it may all be missing: somebody sits at the panel.
pub(crate) fn prepare(mut args: RunArgs, config: Option<Config>, must_run: bool) -> Result<Prepared> {
    let mut config = config.unwrap_or_default();
    if let Some(core) = args.core {
        config.core = core;
    }
    let mut mounts = Mounts::new();
    let mut load = args.load;
    let mut image = None;
    if let Some(path) = args.program.clone() {
        match ending(&path).as_deref() {
            Some("sap") => image = Some(program::read_sap(&path)?),
            Some("oct") => image = Some(program::read_oct(&path)?),
            Some("tap" | "p7b" | "e11" | "tpc" | "aws") => {
                if args.tape.iter().any(|m| m.unit == 1) {
                    return Err(Failure::usage(format!(
                        "{} goes on tape 1, and so does the reel of --tape 1=...",
                        path.display()
                    )));
                }
                args.tape.push(Mount { unit: 1, path });
                load = load.or(Some(LoadKey::Tape));
            }
            Some("cbn" | "dck" | "cards") => {
                args.cards.insert(0, path);
                load = load.or(Some(LoadKey::Cards));
            }
            Some("toml") => {
                return Err(Failure::usage(format!("{}: a job within a job", path.display())));
            }
            _ => {
                return Err(Failure::usage(format!(
                    "{}: what is it? expected an ending .sap, .oct, .cbn, .tap, .p7b or .toml",
                    path.display()
                )));
            }
        }
    }
    for (n, mount) in args.tape.iter().enumerate() {
        if args.tape[..n].iter().any(|m| m.unit == mount.unit) {
            return Err(Failure::usage(format!("two reels on tape {}", mount.unit)));
        }
        let ring = args.ring.contains(&mount.unit);
        mounts.mount_file(mount.unit, &mount.path, ring).map_err(|e| mount_failure(&e))?;
    }
    for &unit in &args.ring {
        if !args.tape.iter().any(|m| m.unit == unit) {
            mounts.mount_memory(unit, Vec::new(), true).context("a scratch reel")?;
        }
    }
    let mut machine = match args.power_on {
        Some(seed) => Machine::power_on(config, seed),
        None => Machine::new(config),
    };
    for &switch in &args.sense {
        machine.console.sense_switches[usize::from(switch) - 1] = true;
    }
    let mut source = Source::default();
    if let Some(image) = image {
        source = image.source;
        for (address, word) in image.words {
            if usize::from(address) >= machine.core.size().words() {
                return Err(Failure::usage(format!(
                    "the program has a word at {address:05o}, beyond a core of {}",
                    machine.core.size()
                )));
            }
            machine.core.poke(address, word);
        }
        if args.start.is_none() && load.is_none() {
            args.start = image.start;
            if args.start.is_none() && must_run {
                return Err(Failure::usage(
                    "the program does not say where it starts: give --start, or an address on END",
                ));
            }
        }
    }
    for fault in &args.fault {
        machine.add_fault(*fault);
    }
    hoppers::put_decks(&mut machine, &args.cards, load == Some(LoadKey::Cards))?;
    hoppers::put_drums(&mut machine, &args.drum)?;
    match (args.start, load) {
        (Some(_), _) if args.load.is_some() => {
            return Err(Failure::usage("--start presses no LOAD key: leave out --load"));
        }
        (Some(start), _) => machine.set_start(start),
        (None, Some(key)) => machine.load(&mut mounts, key),
        (None, None) if !must_run => {}
        (None, None) => {
            return Err(Failure::usage("nothing to run: give PROGRAM, --load or --start"));
        }
    }
    Ok(Prepared { machine, mounts, args, source })
}
