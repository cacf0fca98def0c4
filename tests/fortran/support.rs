//! Decks, and machines that load them.

use std::collections::BTreeMap;

use asm704::assemble::{Options, Output, assemble_with};
use asm704::deck::CardKind as Punched;
use asm704::{Word, library, self_loading};
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::common::{root, run, symbol, text};

/// More than any job here takes.
pub(super) const PATIENCE: u64 = 60_000_000;

pub(super) const CORES: [CoreSize; 3] = [CoreSize::K4, CoreSize::K8, CoreSize::K32];

/// Where the loader of programs/fortran puts the first program.
pub(super) const ORIGIN: u16 = 24;

/// An object deck without its transfer card.
pub(super) struct Deck {
    pub(super) cards: Vec<[Word; 24]>,
    pub(super) output: Output,
}

/// Assembles a source as if it stood in programs/fortran; nothing may be flagged.
pub(super) fn assemble(source: &str) -> Output {
    assemble_changed(source, &|_, cards| cards)
}

/// The same, with the cards of each library routine changed by its name.
fn assemble_changed(source: &str, change: &dyn Fn(&str, String) -> String) -> Output {
    let shelves = ["programs/fortran/lib", "programs/lib"].map(|folder| root().join(folder));
    let output = assemble_with(source, &Options::default(), &mut |name| {
        let found = shelves.iter().find_map(|folder| library::routine(folder, name));
        found.map(|(file, cards)| (file, change(name, cards)))
    });
    let wrong: Vec<_> = output.diagnostics().map(|d| format!("line {}: {}", d.line, d.message)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    output
}

impl Deck {
    pub(super) fn of(source: &str) -> Deck {
        Deck::changed(source, &|_, cards| cards)
    }

    /// A file of programs/fortran.
    pub(super) fn file(name: &str) -> Deck {
        Deck::of(&text(&format!("programs/fortran/{name}.sap")))
    }

    pub(super) fn changed(source: &str, change: &dyn Fn(&str, String) -> String) -> Deck {
        let output = assemble_changed(source, change);
        let cards = output.cards().filter(|card| card.kind != Punched::Transfer).map(|card| card.words);
        Deck { cards: cards.collect(), output }
    }

    /// Words of the program, as its program card says.
    pub(super) fn length(&self) -> u16 {
        self.cards[0][2].address()
    }

    pub(super) fn symbol(&self, name: &str) -> u16 {
        symbol(&self.output, name)
    }
}

/// A main program by hand: names of its transfer vector, and its cards behind it, `MAIN` first and `LAST` behind the last.
pub(super) fn main_program(vector: &[&str], cards: &str) -> Deck {
    let names: Vec<String> = vector.iter().map(|name| format!("{name:<6} BCD 1{name}\n")).collect();
    Deck::of(&format!(
        "       FUL
       ORG 0
       OCT 400004000000
       OCT 0
       PZE LAST,,{}
       OCT 77777
       OCT 0
       PZE MAIN
       REL
       ORG 0
{}{cards}LAST   BSS 0
       END 0
",
        vector.len(),
        names.concat()
    ))
}

/// The loader for a machine as a deck that loads itself, and the decks behind it.
pub(super) fn hopper(core: CoreSize, decks: &[&Deck]) -> Vec<[Word; 24]> {
    let file = match core {
        CoreSize::K4 => "bss4k",
        CoreSize::K8 => "bss8k",
        CoreSize::K32 => "bss32k",
    };
    let loader = assemble(&text(&format!("programs/fortran/{file}.sap")));
    let image: BTreeMap<u16, Word> = loader.core_image().collect();
    let mut cards: Vec<_> =
        self_loading::deck(&image, loader.start()).unwrap().iter().map(|card| card.words).collect();
    cards.extend(decks.iter().flat_map(|deck| deck.cards.iter().copied()));
    cards
}

/// Where each of some decks is loaded.
pub(super) fn origins(decks: &[&Deck]) -> Vec<u16> {
    let starts = decks.iter().scan(ORIGIN, |next, deck| {
        let origin = *next;
        *next += deck.length();
        Some(origin)
    });
    starts.collect()
}

/// A machine with its reels.
pub(super) struct Room {
    pub(super) machine: Machine,
    pub(super) mounts: Reels,
}

impl Room {
    /// CLEAR and LOAD CARDS, with blank reels on tapes 1 to 6.
    pub(super) fn load_cards(core: CoreSize, cards: Vec<[Word; 24]>, seed: u64) -> Room {
        let mut room = Room::with(core, &vec![Vec::new(); 6], seed);
        room.machine.put_cards(cards);
        room.machine.load(&mut room.mounts, LoadKey::Cards);
        room
    }

    /// LOAD CARDS after RESET: core holds what it held.
    pub(super) fn load_cards_without_clear(core: CoreSize, cards: Vec<[Word; 24]>, seed: u64) -> Room {
        let mut room = Room::with(core, &vec![Vec::new(); 6], seed);
        let noise = Machine::power_on(Config::with_core(core), seed);
        for (address, word) in (0..).zip(noise.core.words()) {
            room.machine.core.poke(address, *word);
        }
        room.machine.put_cards(cards);
        room.machine.load(&mut room.mounts, LoadKey::Cards);
        room
    }

    /// CLEAR and LOAD TAPE, with these reels on tapes 1 to 6.
    pub(super) fn load_tape(core: CoreSize, reels: &[Vec<u8>], seed: u64) -> Room {
        let mut room = Room::with(core, reels, seed);
        room.machine.load(&mut room.mounts, LoadKey::Tape);
        room
    }

    fn with(core: CoreSize, reels: &[Vec<u8>], seed: u64) -> Room {
        let mut machine = Machine::power_on(Config::with_core(core), seed);
        let mut mounts = Reels::new();
        for (unit, reel) in (1..).zip(reels) {
            mounts.mount_memory(unit, reel.clone(), true).unwrap();
        }
        machine.clear(&mut mounts);
        Room { machine, mounts }
    }

    pub(super) fn run(&mut self, cycles: u64) -> Stop {
        run(&mut self.machine, &mut self.mounts, cycles)
    }

    /// Runs to a halt.
    pub(super) fn halt(&mut self) -> Stop {
        let stop = self.run(PATIENCE);
        assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
        stop
    }

    /// The decrement of the halt at which it stands.
    pub(super) fn halt_number(&mut self) -> u16 {
        let stop = self.halt();
        self.machine.core.peek(stop.at).decrement()
    }

    /// Runs until the instruction at a location is next.
    pub(super) fn run_to(&mut self, location: u16) {
        let end = self.machine.cycles() + PATIENCE;
        while self.machine.cpu.ic != location || self.machine.is_halted() {
            self.machine.step(&mut self.mounts, end).unwrap();
        }
    }

    pub(super) fn paper(&mut self) -> String {
        let text = self.machine.io.printer.tear_off();
        let lines = text.lines().filter(|line| !line.starts_with("CHKPNT"));
        lines.flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    pub(super) fn switch(&mut self, number: usize, down: bool) {
        self.machine.console.sense_switches[number - 1] = down;
    }

    /// What the reels hold.
    pub(super) fn reels(&mut self) -> Vec<Vec<u8>> {
        (1..=6).map(|unit| self.mounts.bytes(unit).unwrap()).collect()
    }

    /// The power fails; what the reels hold.
    pub(super) fn power_off(mut self) -> Vec<Vec<u8>> {
        self.machine.power_off(&mut self.mounts).unwrap();
        self.reels()
    }
}
