//! What a person does at the machine, done.

use std::path::Path;

use asm704::media::card::{CardKind, DeckItem, deck_of_words, later_loader, read_deck};
use asm704::media::drum::read_drum;
use asm704::media::file_kind::{FileKind, Place as Where, Recognised, Slice, what_is};
use asm704::media::tape::TapeFormat;

use super::plan::{ending, raw_load};
use super::{Event, FileError, Room, RoomError};
use crate::action::{Action, Place};
use crate::console::{Key, Pressed};
use crate::cpu::Ac;
use crate::fault::{Fault, TimedFault};
use crate::machine::Stop;
use crate::media::Media as _;
use crate::media::wire::{NewWire, Recorded, Replay, WireEnd, WireName};
use crate::reels::{OnUnit, SCRATCH};

/// Whether the machine runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running,
    /// Nothing has run yet, somebody has stopped it, or the power is off.
    Standing,
    /// It stopped by itself.
    Stopped(Stop),
}

impl Room {
    /// Does one act now.
    ///
    /// # Errors
    /// A key does nothing in this state of the machine ([`RoomError::Ineffective`]); a file cannot be mounted; an address is
    /// beyond core.
    pub fn act(&mut self, action: &Action) -> Result<(), RoomError> {
        check_numbers(action)?;
        match action {
            Action::Sense { switch, down } => {
                self.machine.console.sense_switches[usize::from(*switch) - 1] = *down;
            }
            Action::Press(key) => self.press_key(*key)?,
            Action::Automatic(automatic) => self.turn_automatic(*automatic),
            Action::Keys(word) => self.machine.console.keys = *word,
            Action::Deposit(place, word) => self.deposit(*place, *word)?,
            Action::Mount { unit, file, ring } => self.mount_file(*unit, file, *ring)?,
            Action::MountCards(file) => self.mount_cards(file, false)?,
            Action::MountDrum { number, file } => self.mount_drum(*number, file)?,
            Action::Detach(unit) => {
                if self.reels.reel(*unit).is_none() {
                    return Err(RoomError::Usage(format!("there is no reel on tape {unit}")));
                }
                self.reels.dismount(*unit);
                self.machine.mount_at_load_point(*unit);
            }
            Action::Swap(m, n) => {
                // the dials are exchanged, the reels stay where they stand
                self.reels.swap(*m, *n);
                self.machine.io.tapes.swap(usize::from(*m) - 1, usize::from(*n) - 1);
                self.machine.faults.swap_reels(*m, *n);
            }
            Action::PowerOff => {
                let cut = self.machine.power_off(&mut self.reels);
                self.state = State::Standing;
                cut.map_err(RoomError::Stopped)?;
            }
            Action::PowerOn { seed } => {
                self.machine.power_on_again(*seed);
                self.raw = true;
                self.state = State::Standing;
            }
            Action::Fault(fault) => {
                if fault.at > self.machine.cycles() {
                    self.machine.add_fault(*fault);
                } else {
                    self.break_now(fault.fault)?;
                }
            }
            Action::NoFaults => self.machine.clear_faults(),
        }
        Ok(())
    }

    /// Something breaks now; what else is due comes before the next instruction, for an act is before a fault.
    fn break_now(&mut self, fault: Fault) -> Result<(), RoomError> {
        let at = self.machine.cycles();
        self.machine.idle(&mut self.reels, at).map_err(RoomError::Stopped)?;
        if fault == Fault::PowerOff && !self.machine.has_power() {
            return Ok(());
        }
        self.machine.faults_done.push(TimedFault { at, fault });
        let done = if fault == Fault::PowerOff {
            self.act(&Action::PowerOff)
        } else {
            self.machine.apply_fault(fault);
            Ok(())
        };
        self.after_leg();
        done
    }

    /// Presses a key of the panel. The first one after a power on is RESET or CLEAR, or a notice says so.
    fn press_key(&mut self, key: Key) -> Result<(), RoomError> {
        if !self.machine.has_power() {
            return Err(RoomError::NoPower);
        }
        if self.is_running() && !matches!(key, Key::Reset | Key::Clear | Key::Load(_)) {
            // of the keys only these reach a running machine
            return Err(RoomError::Ineffective(self.position()));
        }
        if let Key::Load(key) = key
            && self.raw
        {
            self.happened(Event::Notice(raw_load(key)));
        }
        self.raw &= !matches!(key, Key::Reset | Key::Clear | Key::Load(_));
        match self.machine.press(key, &mut self.reels) {
            Pressed::Ineffective => return Err(RoomError::Ineffective(self.position())),
            Pressed::Done => self.state = State::Standing,
            Pressed::Runs => self.state = State::Running,
            Pressed::Stopped(stop) => self.stopped(stop),
        }
        Ok(())
    }

    fn turn_automatic(&mut self, automatic: bool) {
        if automatic {
            self.machine.to_automatic();
        } else {
            match self.machine.to_manual(&mut self.reels) {
                Ok(()) => self.pause(),
                Err(stop) => self.stopped(stop),
            }
        }
    }

    /// The machine has stopped; the unit that still moves ends what it does.
    pub(crate) fn stopped(&mut self, stop: Stop) {
        let settled = self.machine.settle(&mut self.reels);
        self.state = State::Stopped(settled.err().unwrap_or(stop));
    }

    /// The state of the machine, in a few words.
    pub(crate) fn position(&self) -> String {
        let switch = if self.machine.console.automatic { "AUTOMATIC" } else { "MANUAL" };
        let what = match &self.state {
            State::Running => "running".to_owned(),
            _ if !self.machine.has_power() => "the power is off".to_owned(),
            State::Standing => "stopped".to_owned(),
            State::Stopped(stop) => stop.to_string(),
        };
        format!("{switch}, {what}")
    }

    fn deposit(&mut self, place: Place, word: asm704::Word) -> Result<(), RoomError> {
        let core = self.machine.core.size();
        let within = |value: u64| {
            if value > u64::from(core.mask()) {
                Err(RoomError::Usage(format!("{value:05o} is beyond a core of {core}")))
            } else {
                Ok(value as u16)
            }
        };
        match place {
            Place::Ac => self.machine.cpu.ac = Ac::from_word(word),
            Place::Mq => self.machine.cpu.mq = word,
            Place::Ic => {
                let location = within(word.bits())?;
                self.machine.start_at(&mut self.reels, location);
                if !self.is_running() {
                    self.state = State::Standing;
                }
            }
            Place::Xr(n) => self.machine.cpu.xr[usize::from(n % 3)] = within(word.bits())?,
            Place::Core(address) => {
                let address = within(address.into())?;
                self.machine.core.poke(address, word);
            }
        }
        Ok(())
    }

    /// Puts the end of a wire on a unit.
    fn mount_wire(&mut self, unit: u8, name: WireName<'_>) -> Result<(), RoomError> {
        let end: Box<dyn WireEnd> = match name {
            WireName::Line { to, record } => {
                if record.is_some_and(|file| file.to_string_lossy().ends_with(",anywhere")) {
                    let what = format!("wire:{to}: `,record=FILE` comes last, after `,anywhere`");
                    return Err(FileError::new(what).into());
                }
                let NewWire { end, notice } = self.files.wire(to)?;
                self.events.extend(notice.map(Event::Notice));
                match record {
                    None => end,
                    Some(path) => {
                        let file = self.files.record(path)?;
                        let bad =
                            |error| FileError::new(format!("{}: cannot write: {error}", path.display()));
                        Box::new(Recorded::new(end, file).map_err(bad)?)
                    }
                }
            }
            WireName::Replay(path) => {
                let bad = |what: String| FileError::medium(format!("{}: {what}", path.display()));
                let text = String::from_utf8(self.files.read(path)?).map_err(|error| {
                    bad(format!("byte {}: found no text", error.utf8_error().valid_up_to()))
                })?;
                Box::new(Replay::new(format!("wire:replay:{}", path.display()), &text).map_err(bad)?)
            }
        };
        self.reels.mount_wire(unit, end);
        self.machine.mount_at_load_point(unit);
        Ok(())
    }

    /// Puts the reel of a file on a unit, at its load point.
    pub(crate) fn mount_file(&mut self, unit: u8, file: &Path, ring: bool) -> Result<(), RoomError> {
        check_number("tape", unit, 10)?;
        if let Some(name) = WireName::of(file) {
            return self.mount_wire(unit, name);
        }
        self.check_alone(unit, file, ring)?;
        let mut bytes = self.files.reel(file, ring)?;
        let ending = ending(file);
        // what cannot be looked at says so when it is mounted
        if let Ok(found) = what_is(&mut bytes, Where::TapeUnit, ending.as_deref()) {
            self.notices(file, &found, Where::TapeUnit);
        }
        if let Some(not_read) = bytes.not_read() {
            self.happened(Event::Notice(format!("{}: {not_read}", file.display())));
        }
        self.reels.mount(unit, bytes, form_of(file), ring, file.display().to_string())?;
        self.machine.mount_at_load_point(unit);
        if let Some(behind) = self.reels.behind(unit) {
            self.happened(Event::Notice(format!("{}: not read: {behind}", file.display())));
        }
        Ok(())
    }

    /// A file that one unit writes is on no other.
    fn check_alone(&self, unit: u8, file: &Path, ring: bool) -> Result<(), RoomError> {
        let is_hindrance = |other: &OnUnit| {
            let label = Path::new(&other.label);
            (ring || other.ring) && other.label != SCRATCH && self.files.is_same(label, file)
        };
        let mut others = (1..=10).filter(|other| *other != unit);
        let found = others.find(|other| self.reels.on_unit(*other).as_ref().is_some_and(is_hindrance));
        let Some(other) = found else { return Ok(()) };
        Err(RoomError::Usage(format!(
            "{}: it is on tape {other}, and a file with the ring in is on one unit only",
            file.display()
        )))
    }

    /// What a person should know about a file that is taken.
    fn notices(&mut self, file: &Path, found: &Recognised, place: Where) {
        for note in found.notes(place, ending(file).as_deref()) {
            self.happened(Event::Notice(format!("{}: {note}", file.display())));
        }
    }

    /// Puts a deck after those in the hopper. `loads` when LOAD CARDS will be pressed: then a first card that is no loader
    /// is worth a word.
    pub(crate) fn mount_cards(&mut self, file: &Path, loads: bool) -> Result<(), RoomError> {
        let bytes = self.files.read(file)?;
        let bad = |e: String| RoomError::Medium(format!("{}: {e}", file.display()));
        let found = what_is(&mut Slice(&bytes), Where::Hopper, ending(file).as_deref())
            .map_err(|e| bad(e.to_string()))?;
        if found.kind != FileKind::Unknown
            && let Some(refusal) = found.refusal(Where::Hopper)
        {
            return Err(bad(format!("not a deck of cards: {refusal}")));
        }
        let deck = match found.kind {
            FileKind::Words => deck_of_words(&String::from_utf8_lossy(&bytes)),
            _ => read_deck(&bytes, None),
        };
        let deck = deck.map_err(|e| bad(e.to_string()))?;
        self.notices(file, &found, Where::Hopper);
        if loads && let Some(notice) = no_loader(file, &deck) {
            self.happened(Event::Notice(notice));
        }
        for item in deck {
            match item {
                DeckItem::Card(card) => self.machine.put_cards([card.words()]),
                DeckItem::EndOfFile => self.machine.put_end_of_file(),
            }
        }
        Ok(())
    }

    /// Puts the image of a file on a logical drum; a file that is missing leaves it as it is.
    pub(crate) fn mount_drum(&mut self, number: u8, file: &Path) -> Result<(), RoomError> {
        check_number("drum", number, 8)?;
        let drums = self.machine.config.drums.get();
        if number > drums {
            let has = format!("the machine has {drums} (`[config] drums`)");
            return Err(RoomError::Usage(format!("{}: no drum {number}: {has}", file.display())));
        }
        self.files.may_write(file)?;
        if self.files.exists(file) {
            let bad = |e: String| RoomError::Medium(format!("{}: {e}", file.display()));
            if self.files.is_packed(file) {
                let what = "it is compressed with gzip, and a drum is written back at the end: unpack it with `gunzip`";
                return Err(bad(what.to_owned()));
            }
            let bytes = self.files.read(file)?;
            let found = what_is(&mut Slice(&bytes), Where::Drum, None).map_err(|e| bad(e.to_string()))?;
            if !matches!(found.kind, FileKind::Unknown | FileKind::Empty)
                && let Some(refusal) = found.refusal(Where::Drum)
            {
                return Err(bad(format!("not an image of a drum: {refusal}")));
            }
            let (_, words) = read_drum(&bytes, number).map_err(|e| bad(e.to_string()))?;
            self.machine.set_drum(number, &words).map_err(|e| bad(e.to_string()))?;
        }
        self.drum_files.insert(number, file.to_owned());
        Ok(())
    }
}

/// A number of a unit or a switch is one that there is.
pub(super) fn check_number(what: &str, number: u8, most: u8) -> Result<(), RoomError> {
    if (1..=most).contains(&number) {
        return Ok(());
    }
    Err(RoomError::Usage(format!("there is no {what} {number}: expected 1 to {most}")))
}

fn check_numbers(action: &Action) -> Result<(), RoomError> {
    match action {
        Action::Sense { switch, .. } => check_number("sense switch", *switch, 6),
        Action::Detach(unit) => check_number("tape", *unit, 10),
        Action::Swap(m, n) => check_number("tape", *m, 10).and_then(|()| check_number("tape", *n, 10)),
        // what they name is checked where it is done
        Action::Press(_)
        | Action::Automatic(_)
        | Action::Keys(_)
        | Action::Deposit(..)
        | Action::Mount { .. }
        | Action::MountCards(_)
        | Action::MountDrum { .. }
        | Action::PowerOff
        | Action::PowerOn { .. }
        | Action::Fault(_)
        | Action::NoFaults => Ok(()),
    }
}

/// The form of a new reel, by the ending of its name; SIMH's where the ending names none.
pub(crate) fn form_of(file: &Path) -> TapeFormat {
    ending(file).as_deref().and_then(TapeFormat::from_extension).unwrap_or_default()
}

/// Why LOAD CARDS will not start a deck.
fn no_loader(file: &Path, deck: &[DeckItem]) -> Option<String> {
    let first = deck.iter().find_map(|item| match item {
        DeckItem::Card(card) => Some(card),
        DeckItem::EndOfFile => None,
    })?;
    if let Some(operations) = later_loader(first) {
        let operations = operations.join(", ");
        return Some(format!(
            "{}: its first card is the one-card loader of a 709 or 7090 ({operations}), which a 704 does not execute; put a loader of the 704 in its place: `asm704 disasm` makes source of the cards after it, `asm704 --self-loading` a deck that loads itself",
            file.display()
        ));
    }
    let what = match first.kind() {
        CardKind::Absolute { .. } | CardKind::Relocatable { .. } => "a card for a loader",
        CardKind::Transfer { .. } => "a transfer card",
        CardKind::Blank => "blank",
        CardKind::Symbolic(_) => "symbolic",
        _ => return None,
    };
    Some(format!(
        "{}: its first card is {what}, so it cannot start itself by LOAD CARDS; `asm704 --self-loading` makes a deck that can",
        file.display()
    ))
}
