//! One case is run: what is mounted and put before it, and what is left behind it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use asm704::Word;
use asm704::deck::to_cbn;
use asm704::isa::{self, Op};
use asm704::media::tape::{Item, Mode, TapeFormat, TapeImage, encode, record_from_words};
use asm704::media::text::undump;
use asm704::self_loading;

use super::data::{Case, Exercise, Tape};
use super::held::Held;
use super::report::Finding;
use super::{CheckError, Files, Student, USUAL_LIMIT};
use crate::action::{Action, When};
use crate::debug::Debugger;
use crate::io::punch::PunchedCard;
use crate::machine::{LoadKey, Machine, Stop, StopKind};
use crate::monitor::Monitor;
use crate::room::plan::TapePlan;
use crate::room::{Assembly, Event, Plan, Program, Room, RoomError};
use crate::symbols::Symbols;

/// Machine cycles between two looks at what the units have made.
const SLICE: u64 = 1_000_000;

/// What is left of a run.
pub(super) struct Ran {
    pub(super) monitor: Monitor,
    pub(super) stop: Stop,
    pub(super) paper: String,
    pub(super) punched: Vec<PunchedCard>,
    pub(super) points: BTreeSet<(u16, u16)>,
    pub(super) frames: usize,
    /// Operations that cards of the source itself have executed.
    pub(super) executed: BTreeSet<Op>,
    /// Words that cards of the source itself fill.
    pub(super) own_words: usize,
    /// What is worth a word about decks and reels.
    pub(super) notices: Vec<String>,
}

/// What the assembler makes of a program that is a source.
pub(super) fn assembly(student: &Student<'_>) -> Result<Option<Box<Assembly>>, CheckError> {
    let (mut plan, mut files) = plan_of(student, Files::new());
    match plan.read_program(&mut files) {
        Ok(program) => Ok(program.and_then(|program| program.assembly)),
        Err(RoomError::NothingAssembled(assembly)) => Ok(Some(assembly)),
        Err(error) => Err(error.into()),
    }
}

fn plan_of(student: &Student<'_>, files: Files) -> (Plan, Held) {
    let mut held = Held(files);
    let name = PathBuf::from(student.name);
    held.0.insert(name.clone(), student.bytes.to_vec());
    (Plan { program: Some(name), free: student.free, must_run: true, ..Plan::default() }, held)
}

/// Why a case was not run: the program is not fit for it, or all is over.
pub(super) enum NotRun {
    Findings(Vec<Finding>),
    Error(CheckError),
}

impl From<RoomError> for NotRun {
    fn from(error: RoomError) -> NotRun {
        if error.is_medium() {
            return NotRun::Error(error.into());
        }
        NotRun::Findings(vec![Finding {
            what: "the start".to_owned(),
            expected: "a machine that runs the program".to_owned(),
            found: error.to_string(),
        }])
    }
}

fn wrong(what: String) -> NotRun {
    NotRun::Error(CheckError::Exercise(what))
}

/// Runs a case. `watched` when somebody asks which operations are executed.
pub(super) fn run(
    exercise: &Exercise,
    case: &Case,
    student: &Student<'_>,
    files: &Files,
    watched: bool,
    enough: &mut dyn FnMut() -> bool,
) -> Result<Ran, NotRun> {
    let (mut room, own_words) = set_up(exercise, case, student, files)?;
    let mut left = Left::default();
    let stop = loop {
        if enough() {
            return Err(NotRun::Error(CheckError::Interrupted));
        }
        let until = room.machine.cycles().saturating_add(SLICE);
        let ran = if watched {
            room.run_each(until, &mut |machine, symbols| left.look(machine, symbols))
        } else {
            room.run_until(until)
        };
        left.take(&mut room, false);
        match ran? {
            stop if stop.kind == StopKind::Limit && room.machine.cycles() < room.limit() => {}
            stop => break stop,
        }
    };
    left.take(&mut room, true);
    Ok(Ran {
        monitor: Monitor::new(Debugger::ended(room, &stop, &left.paper)),
        stop,
        paper: left.paper,
        punched: left.punched,
        points: left.points,
        frames: left.frames,
        executed: left.executed,
        own_words,
        notices: left.notices,
    })
}

/// What the units have made so far.
#[derive(Default)]
struct Left {
    paper: String,
    punched: Vec<PunchedCard>,
    points: BTreeSet<(u16, u16)>,
    frames: usize,
    executed: BTreeSet<Op>,
    notices: Vec<String>,
}

impl Left {
    fn look(&mut self, machine: &Machine, symbols: &Symbols) {
        let at = machine.cpu.ic;
        let own = !symbols.is_known() || matches!(symbols.line(at), Some((None, _)));
        if own && let Some(op) = isa::decode(machine.core.peek(at)) {
            self.executed.insert(op);
        }
    }

    fn take(&mut self, room: &mut Room, all: bool) {
        let text = if all { room.tear_off() } else { room.take_lines() };
        self.paper.push_str(&text);
        self.punched.extend(room.machine.take_punched());
        for frame in room.machine.take_frames(all) {
            self.frames += 1;
            self.points.extend(frame.points.iter().map(|point| (point.x, point.y)));
        }
        for event in room.take_events() {
            if let Event::Notice(notice) = event {
                self.notices.push(notice);
            }
        }
    }
}

fn set_up(
    exercise: &Exercise,
    case: &Case,
    student: &Student<'_>,
    files: &Files,
) -> Result<(Room, usize), NotRun> {
    let (mut plan, mut held) = plan_of(student, files.clone());
    plan.config = exercise.config.clone().unwrap_or_default();
    if let Some(core) = case.core.or(exercise.core) {
        plan.config.core = core;
    }
    plan.limit = Some(case.limit.or(exercise.limit).unwrap_or(USUAL_LIMIT));
    plan.sense.clone_from(&case.sense);
    plan.continues = case.continues;
    for act in &case.operator {
        let when = act.at.map_or(When::Stop, When::Cycle);
        plan.acts.push((when, act.r#do.clone()));
    }
    if let Some(text) = &case.cards {
        let name = PathBuf::from("the exercise's cards");
        held.0.insert(name.clone(), text.clone().into_bytes());
        plan.cards.push(name);
    }
    plan.cards.extend(case.cards_file.clone());
    for (unit, tape) in &case.tape {
        let number = unit.parse().map_err(|_| wrong(format!("tape.{unit}: expected a unit, 1 to 10")))?;
        let file = if let Some(file) = &tape.file {
            file.clone()
        } else {
            let name = PathBuf::from(format!("the exercise's reel {unit}"));
            held.0.insert(name.clone(), image(unit, tape).map_err(wrong)?);
            name
        };
        plan.tapes.push(TapePlan { unit: number, file: Some(file), ring: tape.ring });
    }

    let mut program = plan.read_program(&mut held)?;
    let own_words = program.as_ref().map_or(0, own_words);
    let mut symbols = None;
    if let (Some(key), Some(loaded)) = (case.load, &program) {
        load(&mut plan, &mut held, loaded, key)?;
        symbols = program.take().map(|program| program.symbols);
    }
    // the symbols of a loaded program are known before its acts are read
    let acts = std::mem::take(&mut plan.acts);
    let mut room = Room::set_up(&plan, program, Box::new(held))?;
    if let Some(symbols) = symbols {
        room.symbols = symbols;
    }
    for (when, words) in &acts {
        // the exercise was looked through, so it is a symbol that the program does not have
        let action = room.parse_action(words).map_err(RoomError::from)?;
        room.agenda.acts.push_back(crate::action::Timed { when: *when, action });
    }
    if let Some(keys) = &case.keys {
        let word = keys.word(&|text| room.address(text)).map_err(|e| wrong(format!("keys: {e}")))?;
        room.act(&Action::Keys(word))?;
    }
    put(&mut room, case)?;
    Ok((room, own_words))
}

fn own_words(program: &Program) -> usize {
    let own = |at: u16| matches!(program.symbols.line(at), Some((None, _)));
    program.words.iter().map(|(at, _)| *at).filter(|at| own(*at)).collect::<BTreeSet<_>>().len()
}

/// Words of the case go into core before the start.
fn put(room: &mut Room, case: &Case) -> Result<(), NotRun> {
    let mut missing = Vec::new();
    for (place, values) in &case.put {
        let Ok(first) = room.address(place) else {
            missing.push(no_symbol(place, &room.symbols));
            continue;
        };
        for (n, value) in values.list().iter().enumerate() {
            let word = value
                .word(&|text| room.address(text))
                .map_err(|error| wrong(format!("put.{place}: {error}")))?;
            let at = usize::from(first) + n;
            if at >= room.machine.core.size().words() {
                return Err(wrong(format!("put.{place}: it goes beyond the end of core")));
            }
            room.machine.core.poke(at as u16, word);
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(NotRun::Findings(missing)) }
}

/// The exercise speaks of a place that the program does not name.
pub(super) fn no_symbol(place: &str, symbols: &Symbols) -> Finding {
    let found = if symbols.is_known() {
        "none: the check looks there"
    } else {
        "a program whose symbols are not known: check its source"
    };
    Finding {
        what: format!("the word {place}"),
        expected: format!("a card with {place} in its location field"),
        found: found.to_owned(),
    }
}

/// A source is punched, or written, for a LOAD key.
fn load(plan: &mut Plan, held: &mut Held, program: &Program, key: LoadKey) -> Result<(), NotRun> {
    plan.load = Some(key);
    let Some(assembly) = &program.assembly else { return Ok(()) };
    let file = PathBuf::from(if key == LoadKey::Tape { "the reel.tap" } else { "the deck.cbn" });
    let bytes = match key {
        LoadKey::Cards => {
            plan.cards.insert(0, file.clone());
            to_cbn(assembly.output.cards())
        }
        LoadKey::Tape => {
            let image = program.words.iter().copied().collect();
            let items = self_loading::reel(&image, program.start)
                .map_err(|error| RoomError::Usage(error.to_string()))?;
            plan.tapes.push(TapePlan { unit: 1, file: Some(file.clone()), ring: false });
            written(&items).map_err(RoomError::Usage)?
        }
        LoadKey::Drum => return Err(wrong("load: expected cards or tape".to_owned())),
    };
    held.0.insert(file, bytes);
    Ok(())
}

/// The image of a reel at the beginning.
pub(super) fn image(unit: &str, tape: &Tape) -> Result<Vec<u8>, String> {
    if let Some(text) = &tape.text {
        let image: Result<TapeImage<Vec<u8>>, _> = undump(&mut text.as_bytes(), Vec::new(), None);
        return image.map(TapeImage::into_store).map_err(|error| format!("tape.{unit}.text: {error}"));
    }
    let mut items = Vec::new();
    for record in &tape.records {
        let words: Result<Vec<Word>, String> =
            record.iter().map(|value| value.word(&|text| Err(format!("`{text}` is no word")))).collect();
        let words = words.map_err(|error| format!("tape.{unit}.records: {error}"))?;
        items.push(Item::Record(record_from_words(&words, Mode::Binary)));
    }
    items.extend((0..tape.marks).map(|_| Item::Mark));
    written(&items).map_err(|error| format!("tape.{unit}: {error}"))
}

fn written(items: &[Item]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for item in items {
        bytes.extend(encode(TapeFormat::Simh, item, 0).map_err(|error| error.to_string())?);
    }
    Ok(bytes)
}
