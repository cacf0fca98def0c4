//! A machine with its reels as a snapshot, and taken back: each reel is put on its unit at its old position, if it is still the
//! same (docs/snapshots.md).

mod check;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use asm704::media::tape::{TapeError, TapeFormat};

use self::check::{Same, check, fingerprints};
use super::{Files, Room, RoomError, State};
use crate::machine::Machine;
use crate::reels::{MountError, OnUnit, PutBack, ReelBytes, Reels, SCRATCH};
use crate::snapshot::{ReelState, SavedReel, Snapshot, to_hex};

/// Most bytes of a reel that a snapshot holds: ten times what the longest reel has.
const MOST_CONTENTS: u64 = 64 << 20;

/// The reels of a snapshot, found and looked at; nothing has been changed yet.
#[derive(Debug)]
pub struct Restored {
    reels: BTreeMap<u8, PutBack>,
    said: Vec<String>,
}

impl Restored {
    /// Looks for the reels of a snapshot among those that are mounted and among the files. `path` is the file of the snapshot.
    ///
    /// # Errors
    /// A reel has been changed before the place where the tape stands, or cannot be used. A file that is missing is no error: its
    /// unit becomes empty.
    pub fn find(
        snapshot: &Snapshot,
        path: &Path,
        reels: &mut Reels,
        files: &mut dyn Files,
    ) -> Result<Restored, RoomError> {
        settle(reels)?;
        let mut finder =
            Finder { path, reels, files, taken: BTreeSet::new(), claimed: Vec::new(), said: Vec::new() };
        let mut found = BTreeMap::new();
        for (unit, saved) in &snapshot.reels {
            let put = if finder.is_elsewhere(*unit, saved) {
                PutBack::None
            } else {
                finder.find(*unit, saved, &snapshot.machine)?
            };
            if !matches!(put, PutBack::None) {
                let ring = finder.ring(&put);
                finder.claimed.push(Claimed { unit: *unit, label: saved.label.clone(), ring });
                let ring = if ring { "in" } else { "out" };
                let feet = snapshot.machine.tape_unit(*unit).feet();
                let label = &saved.label;
                finder
                    .said
                    .push(format!("tape {unit}: {label} is mounted at {feet:.1} feet, the ring is {ring}"));
            }
            found.insert(*unit, put);
        }
        for unit in 1..=10 {
            if found.contains_key(&unit) || finder.taken.contains(&unit) {
                continue;
            }
            let Some(OnUnit { label, .. }) = finder.reels.on_unit(unit) else { continue };
            if let Some(goes_on) = finder.claims(&label).map(|claimed| claimed.unit) {
                finder.said.push(format!("tape {unit} is empty; {label} goes on tape {goes_on}"));
                found.insert(unit, PutBack::None);
            } else {
                finder
                    .said
                    .push(format!("tape {unit}: {label} stays mounted; the snapshot has no reel there"));
            }
        }
        let said = finder.said;
        Ok(Restored { reels: found, said })
    }

    /// Puts the reels on their units. Returns what a person should know about it, in sentences.
    pub fn put(self, reels: &mut Reels) -> Vec<String> {
        let opened = self.reels.iter().filter(|(_, put)| matches!(put, PutBack::Opened(_)));
        let opened: Vec<u8> = opened.map(|(unit, _)| *unit).collect();
        let mut said = self.said;
        reels.put_back(self.reels);
        for unit in opened {
            if let (Some(behind), Some(reel)) = (reels.behind(unit), reels.on_unit(unit)) {
                said.push(format!("tape {unit}: {}: not read: {behind}", reel.label));
            }
        }
        said
    }
}

impl Room {
    /// The machine and its reels as they are now. What is left of old recordings is put on the reels first, so that a
    /// restored machine finds them so.
    ///
    /// # Errors
    /// A reel cannot be read or written.
    pub fn snapshot(&mut self) -> Result<Snapshot, RoomError> {
        settle(&mut self.reels)?;
        let mut saved = BTreeMap::new();
        for unit in 1..=10 {
            let Some(reel) = self.reels.on_unit(unit) else { continue };
            let place = self.machine.tape_unit(unit).place();
            let label = reel.label.clone();
            let state = self.state_of(unit, place, &reel).map_err(|error| unreadable(&label, error))?;
            saved.insert(unit, SavedReel { label, state });
        }
        Ok(Snapshot { reels: saved, machine: self.machine.clone() })
    }

    /// `None` when the file of the reel has been cut off before the place where the tape stands.
    fn state_of(&mut self, unit: u8, place: u64, reel: &OnUnit) -> std::io::Result<Option<ReelState>> {
        let only_here = reel.label == SCRATCH || self.files.is_stream(Path::new(&reel.label));
        let Some(bytes) = self.reels.bytes_on(unit) else { return Ok(None) };
        let length = bytes.len()?;
        if place > length {
            return Ok(None);
        }
        let (before, whole) = fingerprints(bytes, place, length)?;
        let contents =
            if only_here && length <= MOST_CONTENTS { Some(to_hex(&check::all(bytes)?)) } else { None };
        let (before, whole) = (before.to_string(), whole.to_string());
        Ok(Some(ReelState {
            ring: reel.ring,
            form: reel.form.keyword().to_owned(),
            length,
            passed: place,
            before,
            whole,
            contents,
        }))
    }

    /// Takes the machine and its reels from a snapshot; `path` is its file. The machine is stopped. Returns what a person should
    /// know about the reels, in sentences.
    ///
    /// # Errors
    /// As of [`Restored::find`]; then the room is as it was.
    pub fn restore(&mut self, snapshot: Snapshot, path: &Path) -> Result<Vec<String>, RoomError> {
        let found = Restored::find(&snapshot, path, &mut self.reels, self.files.as_mut())?;
        self.machine = snapshot.machine;
        self.state = State::Standing;
        Ok(found.put(&mut self.reels))
    }
}

fn settle(reels: &mut Reels) -> Result<(), RoomError> {
    reels.settle().map_err(|(reel, error)| RoomError::Usage(format!("{reel}: cannot write: {error}")))
}

fn unreadable(label: &str, error: std::io::Error) -> RoomError {
    let error = TapeError::Io { offset: 0, source: error };
    RoomError::Mount(MountError::Tape { label: label.to_owned(), error })
}

/// Looks for the reels.
struct Finder<'a> {
    path: &'a Path,
    reels: &'a mut Reels,
    files: &'a mut dyn Files,
    /// Units whose reels are used again.
    taken: BTreeSet<u8>,
    /// The files that have a unit.
    claimed: Vec<Claimed>,
    said: Vec<String>,
}

/// A file that goes on a unit.
struct Claimed {
    unit: u8,
    label: String,
    ring: bool,
}

impl Finder<'_> {
    /// The unit on which a file goes.
    fn claims(&self, label: &str) -> Option<&Claimed> {
        let is_file = label != SCRATCH && !self.files.is_stream(Path::new(label));
        self.claimed.iter().find(|claimed| is_file && self.is_same(&claimed.label, label))
    }

    fn is_same(&self, one: &str, other: &str) -> bool {
        one == other || self.files.is_same(Path::new(one), Path::new(other))
    }

    /// The file of a reel goes on another unit already, and one of the two units would write what the other reads.
    fn is_elsewhere(&mut self, unit: u8, saved: &SavedReel) -> bool {
        let SavedReel { label, state } = saved;
        let had_ring = state.as_ref().is_some_and(|state| state.ring);
        let Some(other) = self.claims(label).filter(|other| other.ring || had_ring) else { return false };
        let other = other.unit;
        self.said.push(format!(
            "tape {unit} is empty; {label} was there: it is on tape {other}, and a file with the ring in is on one unit only"
        ));
        true
    }

    fn ring(&self, put: &PutBack) -> bool {
        match put {
            PutBack::Present(unit) => self.reels.on_unit(*unit).is_some_and(|reel| reel.ring),
            PutBack::Opened(opened) => opened.ring(),
            PutBack::None => false,
        }
    }

    fn find(&mut self, unit: u8, saved: &SavedReel, machine: &Machine) -> Result<PutBack, RoomError> {
        let SavedReel { label, state } = saved;
        let Some(state) = state else {
            return self.find_by_name(unit, label, machine.tape_unit(unit).place());
        };
        let form = state.format();
        if let Some(bytes) = state.bytes() {
            let opened = self.reels.open(Box::new(bytes), form, state.ring, label.clone())?;
            return Ok(PutBack::Opened(opened));
        }
        if let Some(present) = self.present_with_ring(label) {
            return self.reuse(unit, present, label, state);
        }
        let Some(mut bytes) = self.open(unit, label)? else { return Ok(PutBack::None) };
        let same = check(bytes.as_mut(), label, state)?;
        self.say_changes(unit, label, &same);
        let mut ring = false;
        if state.ring {
            let file = Path::new(label);
            if same != Same::Whole {
                self.said.push(format!(
                    "tape {unit}: the ring was in {label} and stays out, so that nothing is written over what has changed; `mount {unit} {label} ring` and restore again if the machine may write there"
                ));
            } else if !self.files.is_near(file, self.path) {
                self.said.push(format!(
                    "tape {unit}: the ring was in {label} and stays out, because the file is neither in the folder of the snapshot nor in the working folder; `mount {unit} {label} ring` and restore again if the machine may write there"
                ));
            } else {
                bytes = self.files.reel(file, true)?;
                // now that nobody else can write it
                let same = check(bytes.as_mut(), label, state)?;
                if same != Same::Whole || !self.files.is_near(file, self.path) {
                    return Err(RoomError::Usage(format!("{label}: another program is writing it")));
                }
                ring = true;
            }
        }
        Ok(PutBack::Opened(self.reels.open(bytes, form, ring, label.clone())?))
    }

    /// A reel that this session writes: its file is locked, and is not opened a second time.
    fn present_with_ring(&self, label: &str) -> Option<u8> {
        (1..=10).find(|unit| {
            let on_unit = self.reels.on_unit(*unit);
            !self.taken.contains(unit)
                && on_unit.is_some_and(|reel| reel.ring && self.is_same(&reel.label, label))
        })
    }

    fn reuse(&mut self, unit: u8, present: u8, label: &str, state: &ReelState) -> Result<PutBack, RoomError> {
        let form = self.reels.on_unit(present).map(|reel| reel.form);
        if form != state.format() {
            let found = form.map(TapeFormat::keyword).unwrap_or_default();
            return Err(RoomError::Medium(format!(
                "{label}: the reel is in the form {found}, and was in the form {} when the machine was saved",
                state.form
            )));
        }
        if let Some(bytes) = self.reels.bytes_on(present) {
            let same = check(bytes, label, state)?;
            self.say_changes(unit, label, &same);
        }
        if !state.ring {
            self.said.push(format!(
                "tape {unit}: the ring was out of {label} and is in now, as this session has mounted it; `mount {present} {label}` and restore again if the machine may not write there"
            ));
        }
        self.taken.insert(present);
        Ok(PutBack::Present(present))
    }

    fn say_changes(&mut self, unit: u8, label: &str, same: &Same) {
        if let Same::Behind(what) = same {
            self.said.push(format!("tape {unit}: {label} has changed since the machine was saved: {what}"));
        }
    }

    /// The file of a reel; `None` when there is none that can be read again.
    fn open(&mut self, unit: u8, label: &str) -> Result<Option<Box<dyn ReelBytes>>, RoomError> {
        let file = Path::new(label);
        let why = if label == SCRATCH {
            "the snapshot does not hold what was on it"
        } else if self.files.is_stream(file) {
            "it is not a file"
        } else if self.files.exists(file) {
            return Ok(Some(self.files.reel(file, false)?));
        } else {
            "the file is missing: put it there and restore again, because a reel that is mounted by hand is at its load point"
        };
        self.said.push(format!("tape {unit} is empty; {label} was there: {why}"));
        Ok(None)
    }

    /// A reel of which the snapshot holds nothing but its name.
    fn find_by_name(&mut self, unit: u8, label: &str, place: u64) -> Result<PutBack, RoomError> {
        let is_there = self.reels.on_unit(unit).is_some_and(|reel| reel.label == label);
        if is_there && self.taken.insert(unit) {
            return Ok(PutBack::Present(unit));
        }
        let Some(bytes) = self.open(unit, label)? else { return Ok(PutBack::None) };
        let mut opened = self.reels.open(bytes, None, false, label.to_owned())?;
        let is_place = opened
            .is_place(place)
            .map_err(|error| RoomError::Mount(MountError::Tape { label: label.to_owned(), error }))?;
        if !is_place {
            return Err(RoomError::Medium(format!(
                "{label}: the tape stood at byte {place}, and no record begins or ends there: this is another reel, or it has been changed"
            )));
        }
        self.said.push(format!(
            "tape {unit}: the snapshot does not say what was on {label}, so it is not known whether it has changed"
        ));
        if let Some(present) = self.present_with_ring(label) {
            self.taken.insert(present);
            return Ok(PutBack::Present(present));
        }
        Ok(PutBack::Opened(opened))
    }
}
