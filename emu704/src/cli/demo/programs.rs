//! The programs of the demo, which are a part of the command, and the rooms in which they run.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use asm704::assemble::Output;
use asm704::deck::CardKind;
use asm704::media::drum::read_drum;
use asm704::media::tape::{Item, Mode, TapeImage, words_of};
use asm704::media::text::undump_drum;
use asm704::{Word, library, self_loading};

use crate::cli::tape::checkpoint;
use crate::config::Config;
use crate::core_store::CoreSize;
use crate::host::HostFiles;
use crate::machine::{LoadKey, Machine, StopKind};
use crate::room::{Program, Room};

/// The temperature of a plate, for a core of 8,192 words.
const HEAT: &str = include_str!("../../../programs/heat.sap");
/// The numbers 1 to 20 and their squares.
pub(super) const SQUARES: &str = include_str!("../../../programs/squares.sap");
/// The monitor under which two jobs share a machine.
pub(super) const SHARING: &str = include_str!("../../../programs/sharing.sap");
/// A job with a package that works only at its bureau.
const TRUST: &str = include_str!("../../../programs/trust.sap");
/// The drum of the bureau, with its key.
pub(super) const BUREAU: &str = include_str!("../../../programs/bureau.txt");
/// The drum of another bureau.
pub(super) const BUREAU2: &str = include_str!("../../../programs/bureau2.txt");

const LOADER: &str = include_str!("../../../programs/fortran/bss8k.sap");
/// The job by hand in the form of FORTRAN II, and the checkpoint for it.
const OBJECT: [&str; 4] = [
    include_str!("../../../programs/fortran/count.sap"),
    include_str!("../../../programs/fortran/step.sap"),
    include_str!("../../../programs/fortran/chkpnt.sap"),
    include_str!("../../../programs/fortran/prtint.sap"),
];
/// The library of those.
const SHELF: [(&str, &str); 2] = [
    ("BSSLDR", include_str!("../../../programs/fortran/lib/bssldr.sap")),
    ("CHKFTN", include_str!("../../../programs/fortran/lib/chkftn.sap")),
];

/// A routine that a LIB card names.
fn routine(name: &str) -> Option<(String, String)> {
    let own = SHELF.iter().find(|(known, _)| *known == name);
    own.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).or_else(|| library::own(name))
}

fn assemble(source: &str) -> Result<Program> {
    let program = Program::assemble("the program", source, &mut routine)?;
    if let Some(diagnostic) = program.assembly.iter().flat_map(|a| a.output.diagnostics()).next() {
        bail!("the program does not assemble: line {}: {}", diagnostic.line, diagnostic.message);
    }
    Ok(program)
}

/// A room with a program in the core of a machine. Files of the host can be mounted.
pub(super) fn room_of(source: &str, core: CoreSize) -> Result<Room> {
    let program = assemble(source)?;
    let mut room = Room::new(Config::with_core(core));
    room.files = Box::new(HostFiles);
    room.load(program)?;
    Ok(room)
}

/// A room with a program in the core of an 8,192-word machine.
pub(in crate::cli) fn room(source: &str) -> Result<Room> {
    room_of(source, CoreSize::K8)
}

/// A room with the job in the core of an 8,192-word machine, with one of the two routines.
pub(in crate::cli) fn job(routine: &str) -> Result<Room> {
    room(&HEAT.replace("CHKPNT LIB", &format!("{routine} LIB")))
}

/// A machine just powered on, in a room where the files of the host can be mounted.
pub(super) fn another(core: CoreSize, seed: u64) -> Room {
    let mut room = Room::with_machine(Machine::power_on(Config::with_core(core), seed));
    room.files = Box::new(HostFiles);
    room
}

/// The answer of a job in a room where it runs undisturbed.
pub(super) fn answer(mut room: Room) -> Result<Vec<String>> {
    let stop = room.run_until(100_000_000)?;
    if stop.kind != StopKind::Htr {
        bail!("{stop}");
    }
    Ok(answer_of(room.tear_off().lines()))
}

/// The lines of an answer, without the reports of checkpoints.
pub(super) fn answer_of<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let told = |line: &str| ["CHKPNT", "CHECKPOINT", "RESTART"].iter().any(|word| line.starts_with(word));
    lines.filter(|line| !told(line)).map(str::to_owned).collect()
}

/// A room with the FORTRAN job in the card reader of an 8,192-word machine, and LOAD CARDS pressed.
pub(super) fn fortran() -> Result<Room> {
    let mut room = Room::new(Config::with_core(CoreSize::K8));
    room.files = Box::new(HostFiles);
    room.machine.put_cards(fortran_cards()?);
    room.clear_and_load(LoadKey::Cards)?;
    Ok(room)
}

/// A room with the job of the bureau, on a machine with a bureau's drum.
pub(super) fn bureau(drum: &str) -> Result<Room> {
    let mut room = room_of(TRUST, CoreSize::K4)?;
    put_drum(&mut room, drum)?;
    Ok(room)
}

/// The words of the package in core before the job runs, and the words of a checkpoint at the same places.
pub(super) fn package(reel: &[u8]) -> Result<Vec<[Word; 2]>> {
    let room = room_of(TRUST, CoreSize::K4)?;
    let place = |name| room.symbols.value(name).with_context(|| format!("the package has no {name}"));
    let mut image = TapeImage::open(reel.to_vec())?;
    let Some((Item::Record(record), _)) = image.read_forward(0)? else { bail!("no record is on the reel") };
    let words = words_of(&record, Mode::Binary);
    let found = checkpoint(&record).context("the record is not a checkpoint")?;
    let of_record = |at: u16| {
        (0..).zip(&words).find_map(|(n, &word)| (found.core_address(n) == Some(at)).then_some(word))
    };
    (place("PREM")?..place("PEND")?)
        .map(|at| Ok([room.machine.core.peek(at), of_record(at).context("the record is too short")?]))
        .collect()
}

/// Puts the drum of a bureau, given as text, on drum 1.
pub(super) fn put_drum(room: &mut Room, text: &str) -> Result<()> {
    let image = undump_drum(text)?;
    let (_, words) = read_drum(&image, 1)?;
    Ok(room.machine.set_drum(1, &words)?)
}

/// The cards of the FORTRAN job: the loader, which loads itself, the object deck, and the checkpoint in it.
fn fortran_cards() -> Result<Vec<[Word; 24]>> {
    let output = |source: &str| -> Result<Output> {
        let assembly = assemble(source)?.assembly.context("a program that was assembled")?;
        Ok(assembly.output)
    };
    let loader = output(LOADER)?;
    let image: BTreeMap<u16, Word> = loader.core_image().collect();
    let mut cards: Vec<_> =
        self_loading::deck(&image, loader.start())?.iter().map(|card| card.words).collect();
    for source in OBJECT {
        // a transfer card would end the loading
        let object = output(source)?;
        cards.extend(object.cards().filter(|card| card.kind != CardKind::Transfer).map(|card| card.words));
    }
    Ok(cards)
}
