//! What `emu704 bench` runs when no program is given.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use asm704::assemble::{Options, Output, assemble};
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};

use crate::config::Config;
use crate::machine::{Machine, StopKind};
use crate::reels::Reels;

const INT: &str = include_str!("../../../programs/kernels/int.sap");
const FP: &str = include_str!("../../../programs/kernels/fp.sap");
const MUL: &str = include_str!("../../../programs/kernels/mul.sap");
const MIXED: &str = include_str!("../../../programs/kernels/mixed.sap");
const TAPE: &str = include_str!("../../../programs/kernels/tape.sap");
const COPY: &str = include_str!("../../../programs/kernels/copy.sap");

/// Machine cycles of a kernel that never ends, when no limit is given: twenty minutes of a 704.
const CYCLES: u64 = 100_000_000;
/// Machine cycles between two looks at the signals.
const SLICE: u64 = 10_000_000;
/// Each is done so often; the shortest time counts, as the host does other things too.
const TIMES: usize = 3;

/// One row of the result.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// On the host, once.
    pub(super) seconds: f64,
    /// Of the 704; none where none ran.
    pub(super) instructions: u64,
    pub(super) cycles: u64,
    /// Cards that were assembled.
    pub(super) cards: u64,
}

/// Runs all of it; `limit` is the machine cycles of the kernels that never end. None when a signal has ended it.
pub(super) fn suite(limit: Option<u64>, interrupted: &AtomicBool) -> Result<Option<Vec<Row>>> {
    let cycles = limit.unwrap_or(CYCLES);
    let reel = reel()?;
    let kernels = [
        ("int", "CLA, ADD, STO, TIX over tables", INT, cycles, &[][..]),
        ("fp", "FSB, FMP, FDP, FAD with loads and stores", FP, cycles, &[]),
        ("mul", "MPY, DVP, shifts, logic", MUL, cycles, &[]),
        ("tape", "200 records of 1,000 words written, read, added", TAPE, u64::MAX, &[]),
        ("mixed", "calls, modified addresses, tables, BCD", MIXED, cycles, &[]),
        ("copy", "500 records of 200 words from tape to tape", COPY, u64::MAX, &reel),
    ];
    let mut rows = Vec::new();
    for (name, what, source, cycles, reel) in kernels {
        let Some(row) = program(name, what, source, (cycles, reel), interrupted)? else { return Ok(None) };
        rows.push(row);
    }
    rows.extend([assembling()?, start_up()?]);
    Ok(Some(rows))
}

fn assembled(source: &str) -> Result<Output> {
    let output = assemble(source, &Options { listing: false, ..Options::default() });
    if let Some(flag) = output.diagnostics().next() {
        bail!("a kernel is flagged on line {}: {}", flag.line, flag.message);
    }
    Ok(output)
}

/// A machine about to start a program.
fn machine(output: &Output) -> Machine {
    let mut machine = Machine::new(Config::default());
    for (address, word) in output.core_image() {
        machine.core.poke(address, word);
    }
    machine.set_start(output.start().unwrap_or(0));
    machine
}

/// One kernel, for so many cycles at most and with that reel on tape 1. None when a signal has ended it.
fn program(
    name: &'static str,
    what: &'static str,
    source: &str,
    (cycles, reel): (u64, &[u8]),
    interrupted: &AtomicBool,
) -> Result<Option<Row>> {
    let output = assembled(source)?;
    let mut row = Row { name, what, seconds: f64::INFINITY, instructions: 0, cycles: 0, cards: 0 };
    for _ in 0..TIMES {
        let mut machine = machine(&output);
        let mut reels = Reels::new();
        for (unit, bytes) in [(1, reel.to_vec()), (2, Vec::new())] {
            reels.mount_memory(unit, bytes, true).context("a reel in memory")?;
        }
        let began = Instant::now();
        let stop = loop {
            if interrupted.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let stop = machine.run(&mut reels, cycles.min(machine.cycles().saturating_add(SLICE)));
            if stop.kind != StopKind::Limit || machine.cycles() >= cycles {
                break stop;
            }
        };
        row.seconds = row.seconds.min(began.elapsed().as_secs_f64());
        if !matches!(stop.kind, StopKind::Limit | StopKind::Htr) {
            bail!("the kernel {name} stops at {:05o} for another reason than its end", stop.at);
        }
        row.instructions = machine.instructions;
        row.cycles = machine.cycles();
    }
    Ok(Some(row))
}

fn reel() -> Result<Vec<u8>> {
    let record = Item::Record(Record::new(vec![0o001; 6 * 200]));
    let mut items = vec![record; 500];
    items.push(Item::Mark);
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).context("a reel in memory")?;
    image.replace_tail(0, &items).context("a reel in memory")?;
    Ok(image.into_store())
}

fn assembling() -> Result<Row> {
    let mut seconds = f64::INFINITY;
    for _ in 0..TIMES {
        let began = Instant::now();
        assembled(MIXED)?;
        seconds = seconds.min(began.elapsed().as_secs_f64());
    }
    let cards = MIXED.lines().count() as u64;
    Ok(Row {
        name: "assemble",
        what: "mixed.sap, without a listing",
        seconds,
        instructions: 0,
        cycles: 0,
        cards,
    })
}

/// From nothing to a machine that has done its first instruction; the start of the process is not in it.
fn start_up() -> Result<Row> {
    let output = assembled(INT)?;
    let mut least = Duration::MAX;
    for _ in 0..TIMES {
        let began = Instant::now();
        let mut machine = machine(&output);
        machine.run(&mut Reels::new(), 1);
        least = least.min(began.elapsed());
    }
    Ok(Row {
        name: "start",
        what: "a machine made, loaded, and its first instruction",
        seconds: least.as_secs_f64(),
        instructions: 1,
        cycles: 2,
        cards: 0,
    })
}
