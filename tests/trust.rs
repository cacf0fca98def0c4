//! The job trust.sap: its package resumes with the key of its bureau's drum and with no other, and the reel has neither the
//! package nor the key.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::HashSet;

use asm704::Word;
use asm704::assemble::Output;
use asm704::media::tape::{Item, TapeImage};
use emu704::config::DrumCount;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use crate::common::{Random, assemble, machine_with, run, symbol, text, word};

/// More than a whole run of the job takes.
const CYCLES: u64 = 2_000_000;
/// Where the key is on drum 1, and its words.
const KEY: std::ops::Range<usize> = 1984..1996;
/// The printed answer. `the_answer_is_right` works it out.
const ANSWER: &str = "SUM OF THE PREMIUMS     008436\n";

fn job() -> Output {
    assemble(&text("programs/trust.sap"))
}

/// Where the job ends.
fn end(job: &Output) -> u16 {
    symbol(job, "DECML") - 1
}

/// The drum of a bureau, its key random.
fn drum(seed: u64) -> Vec<Word> {
    let mut random = Random(seed);
    let mut drum = vec![Word::ZERO; 2048];
    drum[KEY].fill_with(|| random.word());
    drum
}

fn reel(bytes: Vec<u8>) -> Reels {
    let mut reels = Reels::new();
    reels.mount_memory(1, bytes, true).unwrap();
    reels
}

/// The first life, its power off while the tape is rewound for the second checkpoint: the reel.
fn first_life(job: &Output, drum: &[Word]) -> Vec<u8> {
    let mut machine = machine_with(job, CoreSize::K4);
    machine.set_drum(1, drum).unwrap();
    machine.console.sense_switches[0] = true;
    let mut reels = reel(Vec::new());
    machine.run(&mut reels, 200_000);
    assert_eq!(machine.io.printer.tear_off(), "");
    machine.power_off(&mut reels).unwrap();
    let bytes = reels.bytes(1).unwrap();
    let years = symbol(job, "YEARS");
    assert_eq!(in_record(&bytes, years..years + 1), [20], "the first checkpoint");
    bytes
}

/// Words of core as they are on the reel: behind 11 words of boot, core from its last word down.
fn in_record(bytes: &[u8], places: std::ops::Range<u16>) -> Vec<u64> {
    let mut image = TapeImage::open(bytes.to_vec()).unwrap();
    let Some((Item::Record(record), _)) = image.read_forward(0).unwrap() else { panic!("no record") };
    assert_eq!(record.frames.len(), 6 * (4096 + 8));
    let word = |at: u16| {
        let first = 6 * (11 + 4095 - usize::from(at));
        record.frames[first..first + 6].iter().fold(0, |word, frame| word << 6 | u64::from(frame & 0o77))
    };
    places.map(word).collect()
}

/// A second machine, its core random, loads the reel. It has drum 1 with these words, or no drums.
fn second_life(bytes: &[u8], drum: Option<&[Word]>, seed: u64) -> (Machine, Stop) {
    let mut config = Config::with_core(CoreSize::K4);
    config.drums = DrumCount::try_from(if drum.is_some() { 8 } else { 0 }).unwrap();
    let mut machine = Machine::power_on(config, seed);
    if let Some(drum) = drum {
        machine.set_drum(1, drum).unwrap();
    }
    let mut reels = reel(bytes.to_vec());
    machine.clear(&mut reels);
    machine.load(&mut reels, LoadKey::Tape);
    let stop = run(&mut machine, &mut reels, CYCLES);
    (machine, stop)
}

/// Asserts that the machine stopped at a halt with this code in its decrement, and printed nothing.
fn assert_coded(job: &Output, life: &mut (Machine, Stop), halt: &str, code: u64) {
    let (machine, stop) = life;
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(job, halt)), "{stop:?}");
    assert_eq!(u64::from(machine.core.peek(stop.at).decrement()), code, "{halt}");
    assert_eq!(machine.cpu.ac.magnitude >> 18, code, "AC shows it");
    assert_eq!(machine.io.printer.tear_off(), "");
}

/// The words of the package, as they are in the deck.
fn package(job: &Output) -> Vec<Word> {
    let (first, behind) = (symbol(job, "PREM"), symbol(job, "PEND"));
    let words: Vec<Word> =
        job.core_image().filter(|(at, _)| (first..behind).contains(at)).map(|(_, w)| w).collect();
    assert_eq!(words.len(), usize::from(behind - first));
    words
}

/// Every six characters in a row on the reel, from any character on, as a word.
fn windows(bytes: &[u8]) -> HashSet<u64> {
    let mut image = TapeImage::open(bytes.to_vec()).unwrap();
    let (mut characters, mut at) = (Vec::new(), 0);
    while let Some((item, next)) = image.read_forward(at).unwrap() {
        if let Item::Record(record) = item {
            characters.extend(record.frames.iter().map(|frame| u64::from(frame & 0o77)));
        }
        at = next;
    }
    assert!(characters.len() >= 6 * 4104, "a record of a whole core");
    characters.windows(6).map(|six| six.iter().fold(0, |word, c| word << 6 | c)).collect()
}

/// The words that are somewhere on the reel, in any of their 36 rotations or only as they are.
fn found(bytes: &[u8], words: &[Word], rotations: u32) -> Vec<Word> {
    const ALL: u64 = (1 << 36) - 1;
    let windows = windows(bytes);
    let rotated = |word: u64, by: u32| (word << by | word >> (36 - by)) & ALL;
    let there = |word: &Word| (0..rotations).any(|by| windows.contains(&rotated(word.bits(), by)));
    words.iter().filter(|word| there(word)).copied().collect()
}

/// The package without its last instruction, TRA 1,4, which other subroutines have too.
fn telling(job: &Output) -> Vec<Word> {
    let back = word("002000400001");
    let words: Vec<Word> = package(job).into_iter().filter(|word| *word != back).collect();
    assert_eq!(words.len(), package(job).len() - 1);
    words
}

#[test]
fn the_answer_is_right() {
    let (rate, risk) = (0o253_214_631_463_u64, 0o031_152_741_603_u64);
    let sum: u64 = (1..=60).map(|age| ((age * rate) >> 35) + ((age * age * risk) >> 35)).sum();
    assert_eq!(ANSWER, format!("SUM OF THE PREMIUMS     {sum:06}\n"));
    // without a checkpoint it needs no key
    let job = job();
    let mut machine = machine_with(&job, CoreSize::K4);
    let stop = run(&mut machine, &mut Reels::new(), CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, end(&job)), "{stop:?}");
    assert_eq!(machine.io.printer.tear_off(), ANSWER);
}

#[test]
fn another_machine_of_the_bureau_finishes_the_job() {
    let job = job();
    let key = drum(1);
    let bytes = first_life(&job, &key);
    for seed in 1..6 {
        // the rest of the drum does not matter
        let mut other = drum(seed + 10);
        other.fill_with(|| Word::new(seed));
        other[KEY].copy_from_slice(&key[KEY]);
        let (machine, stop) = &mut second_life(&bytes, Some(&other), seed);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, end(&job)), "{stop:?}");
        assert_eq!(machine.io.printer.tear_off(), ANSWER);
    }
}

#[test]
fn at_another_bureau_it_stops_coded_and_core_has_no_package() {
    let job = job();
    let key = drum(1);
    let bytes = first_life(&job, &key);
    for seed in 2..7 {
        let mut life = second_life(&bytes, Some(&drum(seed)), seed);
        assert_coded(&job, &mut life, "TRHLT1", 17);
        let core: HashSet<Word> = (0..4096).map(|at| life.0.core.peek(at)).collect();
        assert!(telling(&job).iter().chain(&key[KEY]).all(|word| !core.contains(word)), "seed {seed}");
        // START stops again
        life.0.start(&mut Reels::new());
        life.1 = run(&mut life.0, &mut Reels::new(), CYCLES);
        assert_coded(&job, &mut life, "TRHLT1", 17);
    }
}

#[test]
fn an_empty_drum_and_no_drum_stop_it() {
    let job = job();
    let key = drum(1);
    let bytes = first_life(&job, &key);
    assert_coded(&job, &mut second_life(&bytes, Some(&[]), 1), "TRHLT2", 18);
    let (mut machine, stop) = second_life(&bytes, None, 2);
    assert_eq!((stop.kind, stop.at), (StopKind::Waiting, symbol(&job, "KEY") + 2), "{stop:?}");
    assert_eq!(machine.cpu.ac.magnitude >> 18, 19, "AC shows the code");
    assert_eq!(machine.io.printer.tear_off(), "");
    // the first life does not write the package without a key either
    let mut machine = machine_with(&job, CoreSize::K4);
    machine.console.sense_switches[0] = true;
    let mut reels = reel(Vec::new());
    let stop = run(&mut machine, &mut reels, CYCLES);
    assert_coded(&job, &mut (machine, stop), "TRHLT2", 18);
    assert_eq!(reels.bytes(1).unwrap(), Vec::<u8>::new());
}

#[test]
fn a_damaged_key_stops_it() {
    let job = job();
    let key = drum(1);
    let bytes = first_life(&job, &key);
    for bit in 0..36 {
        let mut damaged = key.clone();
        let word = &mut damaged[KEY.start + (bit * 5) % KEY.len()];
        *word = Word::new(word.bits() ^ 1 << bit);
        assert_coded(&job, &mut second_life(&bytes, Some(&damaged), 3), "TRHLT1", 17);
    }
    let mut swapped = key.clone();
    swapped.swap(KEY.start, KEY.start + 1);
    assert_coded(&job, &mut second_life(&bytes, Some(&swapped), 3), "TRHLT1", 17);
    let mut lost = key.clone();
    lost[KEY.end - 1] = Word::ZERO;
    assert_coded(&job, &mut second_life(&bytes, Some(&lost), 3), "TRHLT2", 18);
}

#[test]
fn neither_the_package_nor_the_key_is_on_the_reel() {
    let job = job();
    for seed in 1..4 {
        let key = drum(seed);
        let bytes = first_life(&job, &key);
        assert_eq!(found(&bytes, &key[KEY], 36), [], "the key");
        assert_eq!(found(&bytes, &telling(&job), 1), [], "the package");
        assert_eq!(found(&bytes, &package(&job)[9..], 36), [], "its constants");
    }
}

/// The search finds what is there to find: the package of a job that calls the plain routine itself, and the last word of the
/// key in the MQ of one that forgets to clear it.
#[test]
fn the_search_would_find_them() {
    let source = text("programs/trust.sap");
    let key = drum(1);
    let call = "       TSX TRUST,4\n";
    assert!(source.contains(call));
    let plain = assemble(&source.replace(call, "       TSX CHKPNT,4\n"));
    let bytes = first_life(&plain, &key);
    assert_eq!(found(&bytes, &telling(&plain), 1), telling(&plain));
    assert_eq!(found(&bytes, &package(&plain)[9..], 36).len(), 3);

    let clear = "       LDQ TRT          IT PASSED THROUGH MQ, TOO\n";
    assert!(source.contains(clear));
    let forgets = assemble(&source.replace(clear, "       NOP\n"));
    assert_eq!(found(&first_life(&forgets, &key), &key[KEY], 36), [key[KEY.end - 1]]);
}

/// What it does not protect against: two packages under one key. Somebody who knows one of them finds the other.
#[test]
fn two_reels_under_one_key_give_the_package_away() {
    let key = drum(1);
    let ours = job();
    // another package of twelve words at the same place: TRA 1,4 and zeros
    let source = text("programs/trust.sap");
    let (front, rest) = source.split_once("PREM   STO AGE\n").unwrap();
    let (_, rest) = rest.split_once("PEND   SYN *\n").unwrap();
    let theirs = assemble(&format!("{front}PREM   TRA 1,4\n       BSS 11\nPEND   SYN *\n{rest}"));
    let mut known = vec![0; 12];
    known[0] = 0o002_000_400_001;

    let sealed = |job: &Output| in_record(&first_life(job, &key), symbol(job, "PREM")..symbol(job, "PEND"));
    let one = sealed(&ours);
    let other = sealed(&theirs);
    let opened: Vec<Word> =
        one.iter().zip(&other).zip(&known).map(|((a, b), c)| Word::new(a ^ b ^ c)).collect();
    assert_eq!(opened, package(&ours));
}

/// The job, and at 3000 a call of this routine with a halt behind it.
fn with_call(routine: &str) -> Output {
    let call = format!("       ORG 3000\n       TSX {routine},4\n       HTR *\n       ORG 64\n");
    assemble(&text("programs/trust.sap").replace("       ORG 64\n", &call))
}

#[test]
fn index_registers_and_lights_are_kept_in_both_lives() {
    let job = with_call("TRUST");
    let mut first = machine_with(&job, CoreSize::K4);
    first.set_drum(1, &drum(1)).unwrap();
    first.cpu.xr = [0o1234, 0o5671, 0];
    first.cpu.sense_lights = [true, false, false, true];
    first.set_start(3000);
    let mut reels = reel(Vec::new());
    let stop = run(&mut first, &mut reels, CYCLES);
    let (second, again) = second_life(&reels.bytes(1).unwrap(), Some(&drum(1)), 4);
    for (machine, stop) in [(first, stop), (second, again)] {
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, 3001), "{stop:?}");
        assert_eq!(machine.cpu.xr, [0o1234, 0o5671, 4096 - 3000]);
        assert_eq!(machine.cpu.sense_lights, [true, false, false, true]);
        let core = symbol(&job, "PREM")..symbol(&job, "PEND");
        assert_eq!(core.map(|at| machine.core.peek(at)).collect::<Vec<_>>(), package(&job));
    }
}

/// The figures of docs/trust.md.
#[test]
fn the_figures_are_right() {
    let job = job();
    let words = symbol(&job, "TRBUF") - symbol(&job, "TRUST");
    let document = text("docs/trust.md");
    // what the call takes more than the plain routine: the drum twice, wherever it stands
    let took = |call: &str, turned: u64| {
        let job = with_call(call);
        let mut machine = machine_with(&job, CoreSize::K4);
        machine.set_drum(1, &drum(1)).unwrap();
        let mut reels = reel(Vec::new());
        machine.set_start(64);
        machine.run(&mut reels, turned);
        let begin = machine.cycles();
        machine.set_start(3000);
        let stop = run(&mut machine, &mut reels, CYCLES);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, 3001), "{stop:?}");
        machine.cycles() - begin
    };
    let more: Vec<u64> =
        (0..16).map(|n| took("TRUST", 100 + 128 * n) - took("CHKPNT", 100 + 128 * n)).collect();
    let (least, most) = (more.iter().min().unwrap(), more.iter().max().unwrap());
    let line =
        format!("| {words} and as many as the package has | {} | {least} to {most} cycles |", KEY.len());
    assert!(document.contains(&line), "docs/trust.md lacks:\n{line}");
}
