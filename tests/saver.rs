//! The core savers of programs/saver: each is punched, put in the reader and started by LOAD CARDS on a machine with
//! anything in core and registers; the reel is compared with the core before. And the search for shorter ones.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod search;

use crate::common::{assemble, text};
use asm704::Word;
use asm704::isa::{Op, decode_major};
use asm704::media::tape::{Item, Mode, TapeImage, words_of};
use emu704::cpu::Cpu;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};
use search::{Rules, Search};

const SIZES: [CoreSize; 3] = [CoreSize::K4, CoreSize::K8, CoreSize::K32];

/// The deck of a form, and how many words its program has. Behind the card is the transfer card of END, which nobody
/// reads.
fn deck(name: &str) -> (Vec<[Word; 24]>, usize) {
    let output = assemble(&text(&format!("programs/saver/{name}.sap")));
    let cards: Vec<_> = output.cards().map(|card| card.words).collect();
    assert_eq!(cards.len(), 2, "{name} is one card");
    (cards, output.core_image().count())
}

/// What a run left behind.
struct Saved {
    before: Vec<Word>,
    cpu: Cpu,
    machine: Machine,
    stop: Stop,
    /// The words of each record.
    records: Vec<Vec<Word>>,
}

/// LOAD CARDS on an arbitrary machine, after RESET if `reset`; trapping mode is on for odd seeds. Runs to the stop or
/// for so many cycles.
fn press(name: &str, core: CoreSize, seed: u64, reset: bool, cycles: u64) -> Saved {
    let mut machine = Machine::power_on(Config::with_core(core), seed);
    machine.cpu.trapping = seed % 2 == 1;
    let mut mounts = Reels::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    let (before, cpu) = (machine.core.words().to_vec(), machine.cpu.clone());
    machine.put_cards(deck(name).0);
    if reset {
        machine.reset(&mut mounts);
    }
    machine.load(&mut mounts, LoadKey::Cards);
    let stop = machine.run(&mut mounts, cycles);
    if stop.kind == StopKind::Limit {
        // The operator ends what has no end; the unit then ends its record.
        machine.reset(&mut mounts);
    }
    machine.settle(&mut mounts).unwrap();
    assert_eq!(machine.card_reader().cards(), 1);
    let mut image = TapeImage::open(mounts.bytes(1).unwrap()).unwrap();
    let records = image.items(0).filter_map(|item| match item.unwrap().1 {
        Item::Record(record) => Some(words_of(&record, Mode::Binary)),
        _ => None,
    });
    let records = records.collect();
    Saved { before, cpu, machine, stop, records }
}

impl Saved {
    /// The words on tape are those of the addresses `first`, `first` + 1, ... round core, and except the first `lost`
    /// words of core, all of which are overwritten, they are those of core before. Every word that is not lost is there.
    fn check(&self, name: &str, first: usize, lost: usize) {
        let n = self.before.len();
        let written: Vec<Word> = self.records.iter().flatten().copied().collect();
        assert!(written.len() >= n - first, "{name}: {} words", written.len());
        for (i, &word) in written.iter().enumerate() {
            let address = (first + i) % n;
            if address >= lost {
                assert_eq!(word, self.before[address], "{name}: word {address:05o}");
            }
        }
        for (address, &before) in self.before.iter().enumerate() {
            let same = self.machine.core.words()[address] == before;
            assert_eq!(same, address >= lost, "{name}: word {address:05o}");
        }
    }
}

/// Form, words lost, address written first, and where it stops.
const ONE_RECORD: [(&str, usize, usize, u16); 4] =
    [("five", 5, 1, 4), ("fivnop", 5, 1, 4), ("seven", 7, 1, 4), ("eight", 8, 2, 6)];

#[test]
fn one_record_and_a_stop() {
    for (name, lost, first, at) in ONE_RECORD {
        for core in SIZES {
            for seed in 1..=6 {
                let saved = press(name, core, seed, false, 20_000_000);
                assert_eq!((saved.stop.kind, saved.stop.at), (StopKind::Htr, at), "{name}: {:?}", saved.stop);
                assert_eq!(saved.records.len(), 1, "{name}");
                assert_eq!(saved.records[0].len(), core.words() - 1, "{name}");
                saved.check(name, first, lost);
                assert_eq!(saved.machine.cpu.xr[1..], saved.cpu.xr[1..], "{name}: XR2 and XR4 stay");
                if name.starts_with("fiv") {
                    assert_eq!(saved.machine.cpu.ac, saved.cpu.ac, "{name}: AC stays");
                }
            }
        }
    }
}

#[test]
fn registers_are_on_the_reel() {
    for core in SIZES {
        // where the words with AC, with XR1 and XR2, and with XR4 are in the record
        for (name, ac, xr12, xr4) in [("seven", 4, 5, 3), ("eight", 5, core.words() - 2, 4)] {
            for seed in 1..=if core == CoreSize::K4 { 40 } else { 5 } {
                let saved = press(name, core, seed, false, 20_000_000);
                let record = &saved.records[0];
                let xr12 = record[xr12];
                assert_eq!(record[ac], saved.cpu.ac.word(), "{name}: AC S,1-35");
                // bit 1 is Q, bit 2 is P; in AC, Q is above P
                assert_eq!(xr12.bits() >> 33 & 3, saved.cpu.ac.magnitude >> 35, "{name}: AC Q,P");
                assert_eq!(xr12.decrement(), saved.cpu.xr[0], "{name}: XR1");
                assert_eq!(xr12.address(), saved.cpu.xr[1], "{name}: XR2");
                assert_eq!(record[xr4].address(), saved.cpu.xr[2], "{name}: XR4");
            }
        }
    }
}

/// Three words and one record: the copy of the loop is put over the select by SLW. It writes from the top down.
#[test]
fn three_words_give_one_record_with_a_store() {
    for core in SIZES {
        for seed in 1..=8 {
            let n = core.words();
            let saved = press("onerec", core, seed, false, 40 * n as u64 + 50_000);
            assert_eq!(saved.stop.kind, StopKind::Limit, "{:?}", saved.stop);
            assert_eq!(saved.records.len(), 1);
            let record = &saved.records[0];
            assert!(record.len() >= n, "{} words", record.len());
            for (i, &word) in record.iter().enumerate() {
                let address = n - 1 - i % n;
                if address >= 3 {
                    assert_eq!(word, saved.before[address], "word {address:05o}");
                }
            }
            for (address, &before) in saved.before.iter().enumerate() {
                assert_eq!(saved.machine.core.words()[address] == before, address >= 3, "word {address:05o}");
            }
        }
    }
}

/// Four words, one record, and a stop, by the same store. It writes words 4 to N - 1.
#[test]
fn four_words_give_one_record_and_a_stop_with_a_store() {
    for core in SIZES {
        for seed in 1..=8 {
            let saved = press("onestp", core, seed, false, 20_000_000);
            assert_eq!((saved.stop.kind, saved.stop.at), (StopKind::Htr, 3), "{:?}", saved.stop);
            assert_eq!(saved.records.len(), 1);
            assert_eq!(saved.records[0], saved.before[4..]);
            saved.check("onestp", 4, 4);
            assert_eq!(saved.machine.cpu.xr[1..], saved.cpu.xr[1..], "XR2 and XR4 stay");
        }
    }
}

#[test]
fn four_words_with_a_stop() {
    for core in SIZES {
        for seed in 1..=4 {
            let saved = press("four", core, seed, false, 200_000_000);
            assert_eq!((saved.stop.kind, saved.stop.at), (StopKind::Htr, 3), "{:?}", saved.stop);
            assert_eq!(saved.records.len(), core.words() - 2);
            assert!(saved.records.iter().all(|record| record.len() == 1));
            saved.check("four", 2, 4);
            assert_eq!(saved.machine.cpu.ac, saved.cpu.ac);
        }
    }
}

#[test]
fn those_without_a_stop() {
    for core in SIZES {
        for seed in 1..=2 {
            let words = core.words() as u64;
            // a word takes 33 1/3 cycles
            let saved = press("endles", core, seed, false, 60_000 + words * 35);
            assert_eq!(saved.stop.kind, StopKind::Limit, "{:?}", saved.stop);
            assert_eq!(saved.records.len(), 1);
            saved.check("endles", 1, 4);
            for (name, first, reset) in [("three", 1, false), ("reset", 3, true)] {
                // a record of a word takes some 870 cycles, and a reel holds fewer than 40,000
                let saved = press(name, core, seed, reset, 60_000 + words * 900);
                assert_eq!(saved.stop.kind, StopKind::Limit, "{:?}", saved.stop);
                assert!(saved.records.iter().all(|record| record.len() == 1));
                saved.check(name, first, 3);
            }
        }
    }
}

#[test]
fn the_eight_words_begin_with_a_no_operation() {
    for name in ["eight", "fivnop"] {
        assert_eq!(decode_major(deck(name).0[0][0]), Some(Op::Nop));
    }
    // a whole card, not a word to spare
    assert_eq!(["seven", "eight"].map(|name| deck(name).1), [24, 24]);
    let lengths = ["reset", "three", "onerec", "endles", "four", "onestp", "five", "fivnop"];
    assert_eq!(lengths.map(|name| deck(name).1), [4, 10, 15, 12, 12, 17, 14, 14]);
}

#[test]
fn the_short_card_needs_reset() {
    // without RESET the XR1 that it finds sends its fourth word anywhere
    let saved = press("reset", CoreSize::K4, 2, false, 1_000_000);
    assert_ne!(saved.cpu.xr[0], 0);
    assert!(saved.records.is_empty());
}

/// The rules of the table in docs/core-saver.md, and that with START, with the least number of words, if no other
/// instruction stores but CPY.
const LEAST: [(Rules, usize); 5] = [
    (Rules { stop: false, one_record: false, start_key: false }, 3),
    (Rules { stop: false, one_record: true, start_key: false }, 4),
    (Rules { stop: true, one_record: false, start_key: false }, 4),
    (Rules { stop: true, one_record: true, start_key: true }, 4),
    (Rules { stop: true, one_record: true, start_key: false }, 5),
];

#[test]
fn nothing_shorter_in_a_core_of_eight_words() {
    let exhaustive = std::env::var_os("EMU704_EXHAUSTIVE").is_some();
    for (reset, nop) in [(false, false), (false, true), (true, false), (true, true)] {
        for (rules, least) in LEAST {
            // A no-operation takes one of three words away, but after RESET.
            let least = if nop && !reset { least.max(4) } else { least };
            for words in 3..=4 {
                if words == 4 && reset && !exhaustive {
                    continue;
                }
                let (mut states, mut found) = (0, false);
                for cells in search::sets(words) {
                    // Other sets of four only in the long run.
                    if words == 4 && !exhaustive && cells != [0, 1, 2, 3] {
                        continue;
                    }
                    let mut search = Search::new(&cells, rules, reset, nop, exhaustive);
                    found = search.run();
                    states += search.states();
                    if found {
                        break;
                    }
                }
                println!(
                    "{words} words, reset {reset}, no-operation {nop}, {rules:?}: {found}, {states} states"
                );
                assert_eq!(
                    found,
                    words >= least,
                    "{words} words, reset {reset}, no-operation {nop}, {rules:?}"
                );
            }
        }
    }
}
