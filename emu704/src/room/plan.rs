//! What to mount, load and do, as plain data. The command line and the job file both make a [`Plan`];
//! [`Plan::read_program`] and [`Room::set_up`] make a room of it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use asm704::Word;
use asm704::media::file_kind::{FileKind, Place, Recognised, what_is};
use asm704::media::tape::Item;
use asm704::word::parse_address;

use super::{FileError, Files, Program, Room, RoomError, State};
use crate::action::{Action, ActionError, Timed, When};
use crate::config::Config;
use crate::fault::TimedFault;
use crate::machine::{LoadKey, Machine};
use crate::media::Media as _;
use crate::symbols::Symbols;

/// A reel for a tape unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TapePlan {
    /// 1 to 10.
    pub unit: u8,
    /// Its file; `None` for a scratch reel that is not kept.
    pub file: Option<PathBuf>,
    /// The file-protect ring is in.
    pub ring: bool,
}

/// The key that an operator presses before a LOAD key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstKey {
    /// RESET: registers and indicators, not core.
    Reset,
    /// CLEAR: RESET, and core to zeros.
    Clear,
}

/// What is said when a LOAD key is the first after power on.
pub fn raw_load(key: LoadKey) -> String {
    format!(
        "LOAD {} with registers and core as the power on left them: no operator would load so",
        key.to_string().to_uppercase()
    )
}

/// What to mount, load and do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The machine.
    pub config: Config,
    /// Power on with an arbitrary state by this seed, instead of a cleared machine.
    pub power_on: Option<u64>,
    /// RESET or CLEAR, pressed as the first thing, before a program comes into core and before LOAD.
    pub first_key: Option<FirstKey>,
    /// The 36 entry keys.
    pub keys: Option<Word>,
    /// A program, deck or reel, to be put where its kind belongs.
    pub program: Option<PathBuf>,
    /// Source is in free form, whatever its name.
    pub free: bool,
    /// Reels.
    pub tapes: Vec<TapePlan>,
    /// Decks for the hopper, in order.
    pub cards: Vec<PathBuf>,
    /// Images of logical drums, 1 to 8.
    pub drums: Vec<(u8, PathBuf)>,
    /// Press this LOAD key.
    pub load: Option<LoadKey>,
    /// Start here and press no LOAD key.
    pub start: Option<u16>,
    /// Sense switches that are down, 1 to 6.
    pub sense: Vec<u8>,
    /// What breaks.
    pub faults: Vec<TimedFault>,
    /// What the operator does, and when, in the words of [`Action`]; addresses may be symbols of the program.
    pub acts: Vec<(When, String)>,
    /// Stop after so many machine cycles.
    pub limit: Option<u64>,
    /// Press START again after each of the first so many program stops.
    pub continues: u64,
    /// What is not a well-formed image is written to as well, with the ring in ([`crate::reels::Reels::force`]).
    pub force: bool,
    /// Something must run: a plan that starts nothing is an error.
    pub must_run: bool,
}

impl Plan {
    /// Reads PROGRAM, which is taken for what its bytes say. What goes into core is returned; a deck is put before the other decks
    /// and a reel on tape 1, and the LOAD key is implied.
    ///
    /// # Errors
    /// It cannot be read, or is nothing that a 704 can use.
    pub fn read_program(&mut self, files: &mut dyn Files) -> Result<Option<Program>, RoomError> {
        let Some(path) = self.program.clone() else { return Ok(None) };
        let found = recognise(&path, Place::Program, files)?;
        match found.kind {
            FileKind::Reel(_) => {
                if self.tapes.iter().any(|tape| tape.unit == 1 && tape.file.is_some()) {
                    return Err(RoomError::Usage(format!(
                        "{} goes on tape 1, and so does the reel of --tape 1=...",
                        path.display()
                    )));
                }
                let scratch = self.tapes.iter().position(|tape| tape.unit == 1);
                let ring = scratch.is_some_and(|at| self.tapes.remove(at).ring);
                self.tapes.push(TapePlan { unit: 1, file: Some(path), ring });
                self.load = self.load.or(Some(LoadKey::Tape));
                Ok(None)
            }
            FileKind::Deck(_) | FileKind::Words => {
                self.cards.insert(0, path);
                self.load = self.load.or(Some(LoadKey::Cards));
                Ok(None)
            }
            FileKind::Job => Err(RoomError::Usage(format!("{}: a job within a job", path.display()))),
            FileKind::Source | FileKind::Text if self.free => {
                program_of(&path, &Recognised { kind: FileKind::FreeSource, ..found }, files).map(Some)
            }
            _ => program_of(&path, &found, files).map(Some),
        }
    }
}

/// What a file is that is given for a place.
pub(crate) fn recognise(path: &Path, place: Place, files: &mut dyn Files) -> Result<Recognised, RoomError> {
    let mut bytes = files.reel(path, false)?;
    what_is(&mut bytes, place, ending(path).as_deref())
        .map_err(|e| RoomError::File(FileError::new(format!("{}: cannot read: {e}", path.display()))))
}

/// Reads a program that goes into core: source is assembled, a core image is taken as it is.
pub(crate) fn read_program(path: &Path, files: &mut dyn Files) -> Result<Program, RoomError> {
    let found = recognise(path, Place::Program, files)?;
    program_of(path, &found, files)
}

fn program_of(path: &Path, found: &Recognised, files: &mut dyn Files) -> Result<Program, RoomError> {
    let name = path.display().to_string();
    match found.kind {
        FileKind::Source | FileKind::FreeSource => {
            let bytes = files.read(path)?;
            let text = String::from_utf8_lossy(&bytes);
            let free = found.kind == FileKind::FreeSource;
            Program::assemble_as(free, &name, &text, &mut |routine| files.routine(path, routine))
        }
        FileKind::CoreImage => {
            let text = String::from_utf8(files.read(path)?).map_err(|_| {
                RoomError::Medium(format!("{name}: not text, expected lines `ADDRESS WORD` in octal"))
            })?;
            Program::from_octal(&text, &name)
        }
        _ => {
            let told = found.refusal(Place::Program).unwrap_or_else(|| {
                format!(
                    "it is {}: expected a program, source or a core image, or the name of a LOAD key",
                    found.kind
                )
            });
            Err(RoomError::Medium(format!("{name}: {told}")))
        }
    }
}

/// The ending of a file's name in small letters, without that of gzip.
pub(crate) fn ending(path: &Path) -> Option<String> {
    let of = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    match of(path) {
        Some(gz) if gz == "gz" => of(Path::new(path.file_stem()?)),
        ending => ending,
    }
}

/// Reads an address: octal, a symbol, or a symbol with an octal distance.
pub(crate) fn address(text: &str, symbols: &Symbols) -> Result<u16, String> {
    if let Ok(address) = parse_address(text) {
        return Ok(address);
    }
    let upper = text.to_uppercase();
    if let Some(value) = symbols.value(&upper) {
        return Ok(value);
    }
    let split = upper.rfind(['+', '-']).filter(|at| *at > 0);
    if let Some(at) = split
        && let Some(value) = symbols.value(&upper[..at])
        && let Ok(distance) = parse_address(&upper[at + 1..])
    {
        let sum = if upper[at..].starts_with('+') {
            value.checked_add(distance)
        } else {
            value.checked_sub(distance)
        };
        return sum.ok_or_else(|| format!("`{text}` is not within core"));
    }
    Err(format!("`{text}` is neither an octal address nor a symbol of the program"))
}

impl Room {
    /// Mounts, loads and presses the keys of a plan, with a program from [`Plan::read_program`].
    ///
    /// # Errors
    /// A file cannot be used, the program does not fit, or nothing would run though something must.
    pub fn set_up(plan: &Plan, program: Option<Program>, files: Box<dyn Files>) -> Result<Room, RoomError> {
        let machine = match plan.power_on {
            Some(seed) => Machine::power_on(plan.config.clone(), seed),
            None => Machine::new(plan.config.clone()),
        };
        let mut room = Room { files, ..Room::with_machine(machine) };
        match plan.first_key {
            Some(FirstKey::Reset) => room.machine.reset(&mut room.reels),
            Some(FirstKey::Clear) => room.machine.clear(&mut room.reels),
            None => {}
        }
        if let Some(word) = plan.keys {
            room.machine.console.keys = word;
        }
        room.reels.force(plan.force);
        for (n, tape) in plan.tapes.iter().enumerate() {
            if plan.tapes[..n].iter().any(|other| other.unit == tape.unit) {
                return Err(RoomError::Usage(format!("two reels on tape {}", tape.unit)));
            }
            match &tape.file {
                Some(file) => room.mount_file(tape.unit, file, tape.ring)?,
                None => room.mount_reel(tape.unit, Vec::new(), tape.ring)?,
            }
        }
        for &switch in &plan.sense {
            room.act(&Action::Sense { switch, down: true })?;
        }
        let mut start = plan.start;
        if let Some(program) = program {
            room.put(&program)?;
            room.symbols = program.symbols;
            if start.is_none() && plan.load.is_none() {
                start = program.start;
                if start.is_none() && plan.must_run {
                    return Err(RoomError::Usage(
                        "the program does not say where it starts: give --start, or an address on END"
                            .to_owned(),
                    ));
                }
            }
        }
        for fault in &plan.faults {
            room.machine.add_fault(*fault);
        }
        for (n, file) in plan.cards.iter().enumerate() {
            room.mount_cards(file, n == 0 && plan.load == Some(LoadKey::Cards))?;
        }
        for (n, (number, file)) in plan.drums.iter().enumerate() {
            if plan.drums[..n].iter().any(|(other, _)| other == number) {
                return Err(RoomError::Usage(format!("two images for drum {number}")));
            }
            room.mount_drum(*number, file)?;
        }
        for (when, words) in &plan.acts {
            let action = room.parse_action(words)?;
            room.agenda.acts.push_back(Timed { when: *when, action });
        }
        room.agenda.continues = plan.continues;
        room.limit = plan.limit.unwrap_or(u64::MAX);
        match (start, plan.load) {
            (Some(start), _) => room.start_at(start),
            (None, Some(key)) => {
                if key == LoadKey::Tape && plan.must_run {
                    room.check_loadable(plan.force)?;
                }
                room.machine.load(&mut room.reels, key);
                room.state = State::Running;
            }
            (None, None) if plan.must_run => {
                return Err(RoomError::Usage("nothing to run: give PROGRAM, --load or --start".to_owned()));
            }
            (None, None) => {}
        }
        Ok(room)
    }

    /// A reel without a record would run off when LOAD TAPE is pressed.
    fn check_loadable(&mut self, force: bool) -> Result<(), RoomError> {
        // by a wire something may come yet, which no reel tells
        let Some(reel) = self.reels.reel(1) else { return Ok(()) };
        let label = reel.label();
        let mut at = 0;
        // marks and gaps in front of a record are passed over; what cannot be read says so when it is read
        while let Ok(Some((item, next))) = reel.read_forward(at) {
            if matches!(item, Item::Record(_)) {
                return Ok(());
            }
            at = next;
        }
        if force || reel.read_forward(at).is_err() {
            return Ok(());
        }
        Err(RoomError::Medium(format!(
            "{label}: the reel on tape 1 is blank, or has marks only: LOAD TAPE finds no record on it"
        )))
    }

    /// The act that some words name; addresses may be symbols of the program in core.
    ///
    /// # Errors
    /// They name none.
    pub fn parse_action(&self, words: &str) -> Result<Action, ActionError> {
        let words: Vec<&str> = words.split_whitespace().collect();
        Action::parse(&words, &|text| self.address(text))
    }

    /// An address within core: octal, `ic`, a symbol of the program, or a symbol with an octal distance.
    ///
    /// # Errors
    /// It is none, or beyond core; the text is a sentence for a person.
    pub fn address(&self, text: &str) -> Result<u16, String> {
        if text.eq_ignore_ascii_case("ic") {
            return Ok(self.machine.cpu.ic);
        }
        let address = address(text, &self.symbols)?;
        let core = self.machine.core.size();
        if address > core.mask() {
            return Err(format!("{address:05o} is beyond a core of {core}"));
        }
        Ok(address)
    }
}
