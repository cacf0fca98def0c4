//! What the live acts are played on: the folder of the reels, the machines that are processes, and who watches and presses
//! keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use super::DemoArgs;
use super::child::{End, Machine, Said};
use super::keys::{Keys, Pressed, Raw};
use super::parts::Part;
use crate::cli::interrupts::interrupts;
use crate::cli::talk::{clean, put_bytes, putln};
use crate::cli::{Failure, exit};

/// Between two looks at the machines and the keys.
const LOOK: Duration = Duration::from_millis(20);

/// The stage. With it the folder goes, unless it is kept.
pub(super) struct Stage {
    folder: PathBuf,
    temporary: Option<tempfile::TempDir>,
    pace: f64,
    seed: u64,
    keys: Keys,
    interrupted: Arc<AtomicBool>,
}

impl Stage {
    pub(super) fn new(args: &DemoArgs) -> Result<Stage> {
        let interrupted = interrupts();
        let temporary =
            tempfile::Builder::new().prefix("emu704-demo-").tempdir().context("a temporary folder")?;
        let (folder, temporary) =
            if args.keep { (temporary.keep(), None) } else { (temporary.path().to_owned(), Some(temporary)) };
        let keys = Keys::new(args.unattended)?;
        Ok(Stage { folder, temporary, pace: args.pace, seed: args.seed, keys, interrupted })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Tells where the reels are, and for how long.
    pub(super) fn tell_folder(&self) {
        let until = if self.temporary.is_some() {
            "it goes at the end; --keep keeps it"
        } else {
            "it is kept; remove it when you like"
        };
        putln!("The folder of the reels is {} ({until}).", self.folder.display());
        putln!();
    }

    /// Starts a machine.
    pub(super) fn machine(&self, name: &'static str, part: Part) -> Result<Machine> {
        let machine = Machine::start(name, part, &self.folder, self.pace, self.seed)?;
        putln!("{name} is the process {}.", machine.id());
        Ok(machine)
    }

    /// Shows what machines do, until something is so.
    fn watch(&self, machines: &mut [&mut Machine], so: impl Fn(&[&mut Machine]) -> bool) -> Result<()> {
        loop {
            self.listen(machines, "\n")?;
            if so(machines) {
                return Ok(());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Shows what machines do, until each of them is where the act wants it.
    pub(super) fn until_marked(&self, machines: &mut [&mut Machine]) -> Result<()> {
        self.watch(machines, |machines| machines.iter().all(|machine| machine.marked))
    }

    /// Shows what a machine does, until it stops.
    pub(super) fn to_the_end(&self, machine: &mut Machine) -> Result<End> {
        self.watch(&mut [machine], |machines| machines.iter().all(|machine| machine.end.is_some()))?;
        machine.end.clone().ok_or_else(|| anyhow!("{}: it has not stopped", machine.name))
    }

    /// Shows what machines do, until somebody presses a key, or nobody for a while.
    pub(super) fn press(&self, prompt: &str, machines: &mut [&mut Machine]) -> Result<()> {
        putln!();
        putln!(">>> Press a key {prompt}.");
        let raw = Raw::new(&self.keys)?;
        let begun = Instant::now();
        loop {
            self.listen(machines, raw.end_of_line())?;
            let patience = match self.keys.look(LOOK)? {
                Pressed::Yes => {
                    drop(raw);
                    putln!();
                    return Ok(());
                }
                Pressed::Interrupt => return Err(ended()),
                Pressed::No => self.keys.patience(),
                Pressed::Never => Keys::Nobody.patience() / self.pace,
            };
            if begun.elapsed().as_secs_f64() > patience {
                drop(raw);
                putln!("Nobody presses one. It is done all the same.");
                putln!();
                return Ok(());
            }
        }
    }

    /// Kills the process of a machine, in the middle of whatever it does.
    pub(super) fn kill(&self, machine: &mut Machine) -> Result<()> {
        let id = machine.id();
        machine.kill()?;
        while let Some(Some(said)) = machine.hear() {
            show(machine.name, &said, "\n");
        }
        putln!("SIGKILL to the process {id}: {} is gone, with all that was in its core.", machine.name);
        Ok(())
    }

    /// Shows what machines have said.
    fn listen(&self, machines: &mut [&mut Machine], end_of_line: &str) -> Result<()> {
        self.check_interrupt()?;
        for machine in machines {
            while let Some(said) = machine.hear() {
                let Some(said) = said else {
                    if machine.end.is_none() {
                        // Ctrl-C comes to all processes of a terminal, and to this one perhaps a moment later
                        std::thread::sleep(5 * LOOK);
                        self.check_interrupt()?;
                        bail!("{}: its process has ended, and nobody has killed it", machine.name);
                    }
                    break;
                };
                show(machine.name, &said, end_of_line);
            }
        }
        Ok(())
    }

    fn check_interrupt(&self) -> Result<()> {
        if self.interrupted.load(Ordering::Relaxed) { Err(ended()) } else { Ok(()) }
    }

    /// The last line of an act, and its exit code.
    pub(super) fn verdict(&self, agree: bool, good: &str) -> u8 {
        putln!();
        if agree {
            putln!("{good}");
        } else {
            putln!("IT IS NOT SO: the answers differ. The act has failed.");
        }
        if self.temporary.is_none() {
            putln!("The reels are in {}.", self.folder.display());
        }
        if agree { 0 } else { exit::FAILURE }
    }
}

fn ended() -> anyhow::Error {
    Failure { code: exit::INTERRUPTED, message: "interrupted: the machines are gone".to_owned() }.into()
}

fn show(name: &str, said: &Said, end_of_line: &str) {
    let line = match said {
        Said::Print(text) => format!("  {name} |   paper: {text}"),
        Said::Seen(text) => format!("  {name} | {text}"),
        Said::Mark => return,
        Said::End(end) => format!("  {name} | {}", end.stop),
    };
    put_bytes(format!("{}{end_of_line}", clean(&line)).as_bytes());
}
