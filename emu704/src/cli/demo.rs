//! `emu704 demo`: the story of the checkpoint, unattended.
#![expect(clippy::print_stdout, reason = "the story is the result")]

use std::path::Path;

use anyhow::{Context, Result, bail};
use asm704::assemble::{Options, assemble_with};

use crate::config::Config;
use crate::core_store::CoreSize;
use crate::host::Mounts;
use crate::machine::{LoadKey, Machine, Stop, StopKind};

const JOB: &str = include_str!("../../../programs/heat.sap");

/// The operator puts sense switch 1 down at this cycle: about 50 s into the job.
const SWITCH_DOWN: u64 = 4_200_000;
/// From the checkpoint until the tube fails: about 40 s.
const UNTIL_FAILURE: u64 = 3_333_333;
/// Longer than any part of the story takes.
const PATIENCE: u64 = 100_000_000;

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// The arbitrary state in which the second machine powers on
    #[arg(long, default_value_t = 704)]
    seed: u64,
}

pub(crate) fn demo(args: &DemoArgs) -> Result<u8> {
    let directory = tempfile::tempdir().context("a temporary directory")?;
    let reel = directory.path().join("reel.tap");

    println!("A job for an 8,192-word 704: the temperature of a plate, 1,000 sweeps in floating point.");
    let undisturbed = whole_run()?;
    println!("First without anybody disturbing it: {}, and it prints", undisturbed.time);
    quote(&undisturbed.print);

    println!(
        "Now the day when things go wrong. Machine 1 starts the same job, a blank reel with its ring on tape 1."
    );
    first_life(&reel)?;

    let bytes = std::fs::metadata(&reel).with_context(|| reel.display().to_string())?.len();
    println!("What is left is the reel: a file of {bytes} bytes.");
    println!();
    let resumed = second_life(&reel, args.seed)?;
    println!("It runs to the end: {}, and it prints", resumed.time);
    quote(&resumed.print);

    if resumed.print != undisturbed.print {
        println!("THE ANSWERS DIFFER. The checkpoint has failed.");
        return Ok(super::exit::FAILURE);
    }
    println!("The answers are identical, to the last digit. The machine was lost; the job was not.");
    println!();
    let resumed = second_act(directory.path(), args.seed)?;
    println!("It runs to the end: {}, and it prints", resumed.time);
    quote(&resumed.print);
    if resumed.print != undisturbed.print {
        println!("THE ANSWERS DIFFER. The strong checkpoint has failed.");
        return Ok(super::exit::FAILURE);
    }
    println!("Identical again.");
    Ok(0)
}

/// A finished run.
struct Finished {
    print: String,
    time: String,
}

fn quote(print: &str) {
    for line in print.lines() {
        println!("    | {line}");
    }
    println!();
}

/// The job in the core of an 8,192-word machine, with one of the two routines.
pub(crate) fn job(routine: &str) -> Result<Machine> {
    machine(&JOB.replace("CHKPNT LIB", &format!("{routine} LIB")))
}

/// A program in the core of an 8,192-word machine.
pub(crate) fn machine(source: &str) -> Result<Machine> {
    let output =
        assemble_with(source, &Options { listing: false, ..Options::default() }, &mut asm704::library::own);
    if let Some(diagnostic) = output.diagnostics().next() {
        bail!("the program does not assemble: line {}: {}", diagnostic.line, diagnostic.message);
    }
    let mut machine = Machine::new(Config::with_core(CoreSize::K8));
    for (address, word) in output.core_image() {
        machine.core.poke(address, word);
    }
    machine.set_start(output.start().context("the job does not say where it starts")?);
    Ok(machine)
}

/// What the job prints when nobody disturbs it.
pub(crate) fn undisturbed_print() -> Result<String> {
    Ok(whole_run()?.print)
}

fn whole_run() -> Result<Finished> {
    let mut machine = job("CHKPNT")?;
    to_the_end(&mut machine, &mut Mounts::new())
}

fn to_the_end(machine: &mut Machine, mounts: &mut Mounts) -> Result<Finished> {
    let stop = machine.run(mounts, PATIENCE);
    machine.settle(mounts).map_err(|stop| anyhow::anyhow!(super::report::phrase(&stop)))?;
    if stop.kind != StopKind::Htr {
        bail!("{}", super::report::phrase(&stop));
    }
    let time = format!(
        "{:.1} s of 704 time, {} cycles, {} instructions",
        machine.now().seconds(),
        machine.cycles(),
        machine.instructions
    );
    // what the routine itself prints begins with its name
    let mut print = machine.io.printer.take_text(true);
    print = print.split_inclusive('\n').filter(|line| !line.starts_with("CHKPNT")).collect();
    Ok(Finished { print, time })
}

fn first_life(reel: &Path) -> Result<()> {
    let mut machine = job("CHKPNT")?;
    let mut mounts = Mounts::new();
    mounts.mount_file(1, reel, true)?;
    run_to(&mut machine, &mut mounts, SWITCH_DOWN)?;
    tell(&machine, "the operator puts sense switch 1 down: a checkpoint, please.");
    machine.console.sense_switches[0] = true;
    let began = wait_for(&mut machine, &mut mounts, |machine, _| machine.tape_active().is_some())?;
    tell(&machine, "tape 1 turns. Switch 1 goes up.");
    machine.console.sense_switches[0] = false;
    let mut on_reel = None;
    wait_for(&mut machine, &mut mounts, |_, mounts| {
        on_reel = mounts.take_written(1).map(|(written, _)| written);
        on_reel.is_some()
    })?;
    let words = on_reel.map_or(0, |written| written.words);
    let seconds = (machine.cycles() - began) as f64 * 12e-6;
    tell(
        &machine,
        &format!(
            "one record of {words} words is on the reel: boot, core and registers, {:.1} feet of tape in {seconds:.1} s.",
            words as f64 * 6.0 / 200.0 / 12.0
        ),
    );
    tell(&machine, "the reel rewinds, the job goes on.");
    let failure = machine.cycles() + UNTIL_FAILURE;
    run_to(&mut machine, &mut mounts, failure)?;
    tell(&machine, "a tube fails. Core and registers of machine 1 are gone, and 40 s of work with them.");
    machine.power_off(&mut mounts).map_err(|stop| anyhow::anyhow!(super::report::phrase(&stop)))?;
    mounts.sync()?;
    Ok(())
}

/// The strong routine: a failure in the middle of a checkpoint.
fn second_act(directory: &Path, seed: u64) -> Result<Finished> {
    println!(
        "Second act. What if the machine fails while it writes a checkpoint? The same job with the strong"
    );
    println!(
        "routine, two reels, sense switch 2 down: a checkpoint in each 100th sweep, on the reels in turn."
    );
    let (reel_1, reel_2) = (directory.join("reel-1.tap"), directory.join("reel-2.tap"));
    let mut machine = job("CHKSTR")?;
    let mut mounts = Mounts::new();
    mounts.mount_file(1, &reel_1, true)?;
    mounts.mount_file(2, &reel_2, true)?;
    machine.console.sense_switches[1] = true;
    for serial in 1..=2 {
        let unit = 2 - serial % 2;
        wait_for(&mut machine, &mut mounts, |_, mounts| {
            mounts.take_written(unit).is_some_and(|(written, _)| written.marks > 0)
        })?;
        tell(
            &machine,
            &format!("checkpoint {serial} is on tape {unit}, read back, and a file mark behind it."),
        );
    }
    wait_for(&mut machine, &mut mounts, |machine, _| machine.characters_written() > 24_000)?;
    tell(
        &machine,
        &format!(
            "a fuse blows when {} characters of checkpoint 3 have passed the head.",
            machine.characters_written()
        ),
    );
    machine.power_off(&mut mounts).map_err(|stop| anyhow::anyhow!(super::report::phrase(&stop)))?;
    drop(mounts);
    println!();
    println!("Machine 3, and both reels, rewound. CLEAR, LOAD TAPE. The first record of a reel is a finder.");
    let mut machine = Machine::power_on(Config::with_core(CoreSize::K8), seed + 1);
    let mut mounts = Mounts::new();
    mounts.mount_file(1, &reel_1, true)?;
    mounts.mount_file(2, &reel_2, true)?;
    machine.clear(&mut mounts);
    machine.load(&mut mounts, LoadKey::Tape);
    // The finder reads both reels; the job goes on when words come to no unit any more for a while.
    let mut quiet = 0;
    wait_for(&mut machine, &mut mounts, |machine, _| {
        quiet = if machine.tape_active().is_none() { quiet + 1 } else { 0 };
        machine.cycles() > 100_000 && quiet > 100
    })?;
    tell(
        &machine,
        "it has read both, found half a checkpoint on tape 1, and loaded the newest whole one, from tape 2.",
    );
    to_the_end(&mut machine, &mut mounts)
}

fn second_life(reel: &Path, seed: u64) -> Result<Finished> {
    println!(
        "Machine 2, another 704 of 8,192 words, is powered on; its core holds whatever it holds (seed {seed})."
    );
    let mut machine = Machine::power_on(Config::with_core(CoreSize::K8), seed);
    let mut mounts = Mounts::new();
    mounts.mount_file(1, reel, false)?;
    tell(&machine, "the reel goes on its tape 1, the file-protect ring out. LOAD TAPE.");
    machine.load(&mut mounts, LoadKey::Tape);
    // The routine rewinds the reel when all of core is back: from there on the job runs where it was.
    wait_for(&mut machine, &mut mounts, |machine, _| {
        machine.tape_active().is_none() && machine.tape_unit(1).feet() == 0.0 && machine.cycles() > 10_000
    })?;
    tell(&machine, "core is restored and the reel rewinds.");
    println!("The job goes on from the same call as if nothing had happened.");
    to_the_end(&mut machine, &mut mounts)
}

fn tell(machine: &Machine, line: &str) {
    println!("  {:7.2} s  cycle {:>9}  {line}", machine.now().seconds(), machine.cycles());
}

fn run_to(machine: &mut Machine, mounts: &mut Mounts, cycle: u64) -> Result<()> {
    let stop = machine.run(mounts, cycle);
    expect_limit(&stop)
}

fn expect_limit(stop: &Stop) -> Result<()> {
    if stop.kind == StopKind::Limit {
        return Ok(());
    }
    bail!("the machine stopped when it should run: {}", super::report::phrase(stop))
}

/// Runs in small steps until something is so; returns the cycle.
fn wait_for(
    machine: &mut Machine,
    mounts: &mut Mounts,
    mut so: impl FnMut(&Machine, &mut Mounts) -> bool,
) -> Result<u64> {
    let began = machine.cycles();
    while !so(machine, mounts) {
        if machine.cycles() > began + PATIENCE {
            bail!("nothing happens any more at cycle {}", machine.cycles());
        }
        let step = machine.cycles() + 1000;
        run_to(machine, mounts, step)?;
    }
    Ok(machine.cycles())
}
