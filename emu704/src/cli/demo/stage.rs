//! The stage of the live acts: the folder of the reels, the processes, the keys, and the exit code.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use super::DemoArgs;
use super::child::{End, Heard, Machine, Said};
use super::keys::{Keys, Pressed, Raw};
use super::parts::Part;
use crate::cli::interrupts::interrupts;
use crate::cli::talk::{clean, put_bytes, putln};
use crate::cli::{Failure, exit};

/// Between two looks at the machines and the keys.
const LOOK: Duration = Duration::from_millis(20);

/// The stage. Its folder is removed with it, unless it is kept.
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
        Ok(Stage { folder, temporary, pace: args.pace.unwrap_or(1.0), seed: args.seed, keys, interrupted })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says where the reels are, and whether they are kept.
    pub(super) fn tell_folder(&self) {
        let until =
            if self.temporary.is_some() { "it is removed at the end; --keep keeps it" } else { "it is kept" };
        putln!("The folder of the reels is {} ({until}).", self.folder.display());
        putln!();
    }

    /// Starts a machine.
    pub(super) fn machine(&self, name: &'static str, part: Part) -> Result<Machine> {
        let machine = Machine::start(name, part, &self.folder, self.pace, self.seed)?;
        putln!("{name} is the process {}.", machine.id());
        Ok(machine)
    }

    /// Shows the reports of machines until a condition holds.
    fn watch(&self, machines: &mut [&mut Machine], so: impl Fn(&[&mut Machine]) -> bool) -> Result<()> {
        loop {
            self.listen(machines, "\n")?;
            if so(machines) {
                return Ok(());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Shows the reports of machines until each of them lets the act continue.
    pub(super) fn until_marked(&self, machines: &mut [&mut Machine]) -> Result<()> {
        self.watch(machines, |machines| machines.iter().all(|machine| machine.marked))
    }

    /// Shows the reports of a machine until it stops.
    pub(super) fn to_the_end(&self, machine: &mut Machine) -> Result<End> {
        self.watch(&mut [machine], |machines| machines.iter().all(|machine| machine.end.is_some()))?;
        machine.end.clone().ok_or_else(|| anyhow!("{}: it has not stopped", machine.name))
    }

    /// Shows the reports of machines until a key is pressed, or none for some time.
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
                putln!("No key was pressed. The demo continues.");
                putln!();
                return Ok(());
            }
        }
    }

    /// Kills the process of a machine.
    pub(super) fn kill(machine: &mut Machine) -> Result<()> {
        let id = machine.id();
        machine.kill()?;
        while let Heard::Line(said) = machine.hear() {
            show(machine.name, &said, "\n");
        }
        putln!("SIGKILL to the process {id}: {} is lost, with its core.", machine.name);
        Ok(())
    }

    /// Shows the new reports of machines.
    fn listen(&self, machines: &mut [&mut Machine], end_of_line: &str) -> Result<()> {
        self.check_interrupt()?;
        for machine in machines {
            loop {
                match machine.hear() {
                    Heard::Line(said) => show(machine.name, &said, end_of_line),
                    Heard::Nothing => break,
                    Heard::Ended if machine.end.is_some() => break,
                    Heard::Ended => {
                        // Ctrl-C comes to all processes of a terminal, and to this one perhaps a moment later
                        std::thread::sleep(5 * LOOK);
                        self.check_interrupt()?;
                        bail!("{}: its process has ended too early", machine.name);
                    }
                }
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
            putln!("THE ANSWERS DIFFER. The act has failed.");
        }
        if self.temporary.is_none() {
            putln!("The reels are in {}.", self.folder.display());
        }
        if agree { 0 } else { exit::FAILURE }
    }
}

fn ended() -> anyhow::Error {
    Failure { code: exit::INTERRUPTED, message: "interrupted: the machines have ended".to_owned() }.into()
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
