//! `emu704 demo` alone: the story of the checkpoint, unattended, in one process.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::programs::{another, job};
use crate::action::Action;
use crate::cli::exit;
use crate::cli::talk::putln;
use crate::core_store::CoreSize;
use crate::host::HostFiles;
use crate::machine::{LoadKey, Stop, StopKind};
use crate::reels::Written;
use crate::room::{Event, Room};

/// The operator puts sense switch 1 down at this cycle: about 50 s into the job.
const SWITCH_DOWN: u64 = 4_200_000;
/// From the checkpoint until the tube fails: about 40 s.
const UNTIL_FAILURE: u64 = 3_333_333;
/// Longer than any part of the story takes.
const PATIENCE: u64 = 100_000_000;

/// Plays it; `seed` is the state in which the other machines power on. The exit code is 0 when all answers are the same.
pub(super) fn story(seed: u64) -> Result<u8> {
    let directory = tempfile::tempdir().context("a temporary directory")?;
    let reel = directory.path().join("reel.tap");

    putln!("A job for an 8,192-word 704: the temperature of a plate, 1,000 sweeps in floating point.");
    let undisturbed = whole_run()?;
    putln!("First undisturbed: {}, and it prints", undisturbed.time);
    quote(&undisturbed.print);

    putln!(
        "Now the day when things go wrong. Machine 1 starts the same job, a blank reel with its ring on tape 1."
    );
    first_life(&reel)?;

    let bytes = std::fs::metadata(&reel).with_context(|| reel.display().to_string())?.len();
    putln!("What is left is the reel: a file of {bytes} bytes.");
    putln!();
    let resumed = second_life(&reel, seed)?;
    told(&resumed, &undisturbed);
    if resumed.print != undisturbed.print {
        putln!("THE ANSWERS DIFFER. The checkpoint has failed.");
        return Ok(exit::FAILURE);
    }
    putln!("The answers are identical, to the last digit. The machine was lost; the job was not.");
    putln!();
    let resumed = second_act(directory.path(), seed)?;
    told(&resumed, &undisturbed);
    if resumed.print != undisturbed.print {
        putln!("THE ANSWERS DIFFER. The strong checkpoint has failed.");
        return Ok(exit::FAILURE);
    }
    putln!("Identical again.");
    Ok(0)
}

/// A finished run.
struct Finished {
    print: String,
    time: String,
}

/// How a resumed run has ended. An equal answer is not printed again.
fn told(resumed: &Finished, undisturbed: &Finished) {
    if resumed.print == undisturbed.print {
        putln!("It runs to the end: {}, and it prints the same six lines.", resumed.time);
    } else {
        putln!("It runs to the end: {}, and it prints", resumed.time);
        quote(&resumed.print);
    }
}

fn quote(print: &str) {
    for line in print.lines() {
        putln!("    | {line}");
    }
    putln!();
}

/// What the job prints when nobody disturbs it.
pub(in crate::cli) fn undisturbed_print() -> Result<String> {
    Ok(whole_run()?.print)
}

fn whole_run() -> Result<Finished> {
    to_the_end(job("CHKPNT")?)
}

fn to_the_end(mut room: Room) -> Result<Finished> {
    let stop = room.run_until(PATIENCE)?;
    if stop.kind != StopKind::Htr {
        bail!("{stop}");
    }
    let machine = &room.machine;
    let time = format!(
        "{:.1} s of 704 time, {} cycles, {} instructions",
        machine.now().seconds(),
        machine.cycles(),
        machine.instructions
    );
    // what the routine itself prints begins with its name
    let print = room.tear_off();
    let print = print.split_inclusive('\n').filter(|line| !line.starts_with("CHKPNT")).collect();
    Ok(Finished { print, time })
}

fn mount(room: &mut Room, unit: u8, file: &Path, ring: bool) -> Result<()> {
    Ok(room.act(&Action::Mount { unit, file: file.to_owned(), ring })?)
}

fn first_life(reel: &Path) -> Result<()> {
    let mut room = job("CHKPNT")?;
    room.files = Box::new(HostFiles);
    mount(&mut room, 1, reel, true)?;
    run_to(&mut room, SWITCH_DOWN)?;
    tell(&room, "the operator puts sense switch 1 down: a checkpoint, please.");
    room.act(&Action::Sense { switch: 1, down: true })?;
    let began = wait_for(&mut room, |room| room.machine.tape_active().is_some())?;
    tell(&room, "tape 1 turns. Switch 1 goes up.");
    room.act(&Action::Sense { switch: 1, down: false })?;
    let mut words = 0;
    wait_for(&mut room, |room| {
        words = written(room, 1).map_or(0, |written| written.words);
        words > 0
    })?;
    let seconds = (room.machine.cycles() - began) as f64 * 12e-6;
    tell(
        &room,
        &format!(
            "one record of {words} words is on the reel: boot, core and registers, {:.1} feet of tape in {seconds:.1} s.",
            words as f64 * 6.0 / 200.0 / 12.0
        ),
    );
    tell(&room, "the reel rewinds, and the job continues.");
    let failure = room.machine.cycles() + UNTIL_FAILURE;
    run_to(&mut room, failure)?;
    tell(&room, "a tube fails. Core and registers of machine 1 are gone, and 40 s of work with them.");
    room.act(&Action::PowerOff)?;
    sync(&mut room)
}

fn sync(room: &mut Room) -> Result<()> {
    match room.reels.sync().lost.first() {
        Some((label, error)) => anyhow::bail!("{label}: {error}"),
        None => Ok(()),
    }
}

/// What has reached a unit's reel since the last call.
fn written(room: &mut Room, unit: u8) -> Option<Written> {
    room.take_events().into_iter().find_map(|event| match event {
        Event::Written { unit: on, written, .. } if on == unit => Some(written),
        _ => None,
    })
}

/// The strong routine: a failure in the middle of a checkpoint.
fn second_act(directory: &Path, seed: u64) -> Result<Finished> {
    putln!(
        "Second act. What if the machine fails while it writes a checkpoint? The same job with the strong"
    );
    putln!(
        "routine, two reels, sense switch 2 down: a checkpoint in each 100th sweep, on the reels in turn."
    );
    let (reel_1, reel_2) = (directory.join("reel-1.tap"), directory.join("reel-2.tap"));
    let mut room = job("CHKSTR")?;
    room.files = Box::new(HostFiles);
    mount(&mut room, 1, &reel_1, true)?;
    mount(&mut room, 2, &reel_2, true)?;
    room.act(&Action::Sense { switch: 2, down: true })?;
    for serial in 1..=2 {
        let unit = 2 - serial % 2;
        wait_for(&mut room, |room| {
            // the routine prints a line when it has read the record back
            room.machine.io.printer.lines() >= serial
        })?;
        tell(
            &room,
            &format!("checkpoint {serial} is on tape {unit}, with two marks after it, and was read back."),
        );
    }
    wait_for(&mut room, |room| room.machine.characters_written() > 24_000)?;
    tell(
        &room,
        &format!(
            "a fuse blows when {} characters of checkpoint 3 have passed the head.",
            room.machine.characters_written()
        ),
    );
    room.act(&Action::PowerOff)?;
    sync(&mut room)?;
    drop(room);
    putln!();
    putln!("Machine 3, and both reels, rewound. CLEAR, LOAD TAPE. The first record of a reel is a finder.");
    let mut room = another(CoreSize::K8, seed + 1);
    mount(&mut room, 1, &reel_1, true)?;
    mount(&mut room, 2, &reel_2, true)?;
    room.clear_and_load(LoadKey::Tape)?;
    // The finder reads both reels; the job continues when words come to no unit any more for a while.
    let mut quiet = 0;
    wait_for(&mut room, |room| {
        quiet = if room.machine.tape_active().is_none() { quiet + 1 } else { 0 };
        room.machine.cycles() > 100_000 && quiet > 100
    })?;
    tell(
        &room,
        "it has read both, found half a checkpoint on tape 1, and loaded the newest whole one, from tape 2.",
    );
    to_the_end(room)
}

fn second_life(reel: &Path, seed: u64) -> Result<Finished> {
    putln!("Machine 2, another 704 of 8,192 words, is powered on; its core holds random bits (seed {seed}).");
    let mut room = another(CoreSize::K8, seed);
    mount(&mut room, 1, reel, false)?;
    tell(&room, "the reel is mounted on tape 1, the file-protect ring out. CLEAR, LOAD TAPE.");
    room.clear_and_load(LoadKey::Tape)?;
    // The routine rewinds the reel when all of core is back: from there on the job runs where it was.
    wait_for(&mut room, |room| {
        let machine = &room.machine;
        machine.tape_active().is_none() && machine.tape_unit(1).feet() == 0.0 && machine.cycles() > 10_000
    })?;
    tell(&room, "core is restored and the reel rewinds.");
    putln!("The job continues from the same call, as if nothing had happened.");
    to_the_end(room)
}

fn tell(room: &Room, line: &str) {
    putln!("  {:7.2} s  cycle {:>9}  {line}", room.machine.now().seconds(), room.machine.cycles());
}

fn run_to(room: &mut Room, cycle: u64) -> Result<()> {
    expect_limit(&room.run_until(cycle)?)
}

fn expect_limit(stop: &Stop) -> Result<()> {
    if stop.kind == StopKind::Limit {
        return Ok(());
    }
    bail!("the machine stopped when it should run: {stop}")
}

/// Runs in small steps until something is so; returns the cycle.
fn wait_for(room: &mut Room, mut so: impl FnMut(&mut Room) -> bool) -> Result<u64> {
    let began = room.machine.cycles();
    while !so(room) {
        if room.machine.cycles() > began + PATIENCE {
            bail!("nothing happens any more at cycle {}", room.machine.cycles());
        }
        run_to(room, room.machine.cycles() + 1000)?;
    }
    Ok(room.machine.cycles())
}
