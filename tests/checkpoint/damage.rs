//! A record that was damaged after it was written: wrong parity, a wrong bit, two wrong characters in one track, the
//! front of one record and the end of another.

use std::sync::atomic::{AtomicUsize, Ordering};

use asm704::media::tape::{Mode, Record, words_of};
use emu704::{CoreSize, Machine, Stop, StopKind};

use super::support::{
    DUMP_CYCLES, Setting, attempt, exhaustive, first_record, image_of_frames, reel, setting,
};
use crate::common::{Random, in_parallel, run, shard};

/// Characters of the boot block.
const BOOT: usize = 6 * 11;

/// Two programs of 4,096 words: one whose core is random, and one that every jump into its core resumes.
fn programs() -> [Setting; 2] {
    let random = setting(CoreSize::K4, 1000, 3000, false);
    let transfers = Setting { all_transfers: true, ..setting(CoreSize::K4, 1000, 3000, false) };
    [random, transfers]
}

/// Characters of the check, words 10 to 4 of the image, and the sum.
fn check(characters: usize) -> std::ops::Range<usize> {
    characters - 6 * 8..characters
}

/// The characters to try: all when asked, else those of boot and check, and a sample of the others.
fn characters(all: usize, some: usize) -> Vec<usize> {
    if exhaustive() {
        return (0..all).collect();
    }
    let mut random = Random(23);
    let mut sample: Vec<usize> = (0..BOOT).chain(check(all)).collect();
    sample.extend((0..some).map(|_| random.below(all as u64) as usize));
    sample
}

/// A stop as the document has them: a halt of the check, or, of a damaged boot, anything but the program's own.
fn assert_coded(machine: &Machine, stop: &Stop, characters: &[usize], all: usize) {
    let own = |&c: &usize| c < BOOT || check(all).contains(&c);
    if characters.iter().any(own) {
        return;
    }
    assert_eq!(stop.kind, StopKind::Htr, "characters {characters:?}: {stop:?}");
    let code = machine.core.peek(stop.at).decrement();
    assert!(
        [(5, 1), (7, 2), (9, 2)].contains(&(stop.at, code)),
        "characters {characters:?}: {stop:?}, code {code}"
    );
}

#[test]
fn a_character_of_wrong_parity_is_never_resumed() {
    for setting in programs() {
        let record = setting.record(8);
        let all = record.frames.len();
        let tried = characters(all, 300);
        let tried = shard(&tried);
        println!("{} reels", tried.len());
        in_parallel(&tried, |&character| {
            let mut frames = record.frames.clone();
            // the parity track itself, or one of the others
            frames[character] ^= 1 << (6 - character % 7);
            let (machine, stop) = attempt(&setting, image_of_frames(frames), character as u64);
            assert!(!setting.resumed(&machine, &stop), "character {character}");
            assert_coded(&machine, &stop, &[character], all);
            if !(0..BOOT).contains(&character) && !check(all).contains(&character) {
                assert_eq!(stop.at, 5, "character {character}: tape check");
            }
        });
    }
}

/// Each of the seven bits of a character is wrong, and each of the six with the parity made right.
#[test]
fn a_wrong_bit_never_resumes_a_wrong_state() {
    for setting in programs() {
        let record = setting.record(8);
        let expected = setting.expected(&setting.arbitrary(8));
        let all = record.frames.len();
        let mut tried = Vec::new();
        for (n, character) in characters(all, 120).into_iter().enumerate() {
            let all_ways = exhaustive() || n < BOOT + 48;
            tried.extend((0..13).filter(|way| all_ways || way % 3 == n % 3).map(|way| (character, way)));
        }
        let tried = shard(&tried);
        println!("{} reels", tried.len());
        let resumed = AtomicUsize::new(0);
        in_parallel(&tried, |&(character, way)| {
            let mut frames = record.frames.clone();
            frames[character] ^= if way < 7 { 1 << way } else { 1 << (way - 7) | 0o100 };
            let (machine, stop) = attempt(&setting, image_of_frames(frames), character as u64);
            if setting.resumed(&machine, &stop) {
                assert!(way >= 7, "character {character}, {way}: wrong parity");
                assert!(expected == setting.promised(&machine), "character {character}, {way}");
                resumed.fetch_add(1, Ordering::Relaxed);
            } else {
                assert_coded(&machine, &stop, &[character], all);
            }
        });
        println!("{} of them resume, all of them right", resumed.into_inner());
    }
}

/// Two characters of wrong parity in one track: the check character of the track is right again, and so is the sum
/// when the two are in the same place of a word, one a 0 become 1 and the other a 1 become 0.
#[test]
fn two_characters_of_wrong_parity_in_one_track_are_never_resumed() {
    for setting in programs() {
        let record = setting.record(8);
        let all = record.frames.len();
        let mut random = Random(2000);
        let mut tried = Vec::new();
        for n in 0..if exhaustive() { 40_000 } else { 1_000 } {
            let track = random.below(6) as u8;
            let first = random.below(all as u64) as usize;
            let second = partner(&record, first, track, n % 4 == 3, &mut random);
            tried.push((first, second, track));
        }
        // one of the two in the boot or in the check
        for first in (0..BOOT).chain(check(all)) {
            for track in 0..6 {
                for _ in 0..if exhaustive() { 20 } else { 1 } {
                    tried.push((first, partner(&record, first, track, false, &mut random), track));
                }
            }
        }
        let tried = shard(&tried);
        println!("{} reels", tried.len());
        in_parallel(&tried, |&(first, second, track)| {
            let mut frames = record.frames.clone();
            frames[first] ^= 1 << track;
            frames[second] ^= 1 << track;
            let (machine, stop) = attempt(&setting, image_of_frames(frames), first as u64);
            assert!(!setting.resumed(&machine, &stop), "characters {first} and {second}, track {track}");
            assert_coded(&machine, &stop, &[first, second], all);
        });
    }
}

/// A second character for a wrong one: any, or one that makes the sum right again.
fn partner(record: &Record, first: usize, track: u8, any: bool, random: &mut Random) -> usize {
    let bit = |character: usize| record.frames[character] >> track & 1;
    loop {
        let second = random.below(record.frames.len() as u64) as usize;
        if second != first && (any || second % 6 == first % 6 && bit(second) != bit(first)) {
            return second;
        }
    }
}

/// A job that sorts between two checkpoints: the same words in another order, so the same sum. The second record is cut,
/// and what follows is the end of the first.
#[test]
fn the_front_of_one_record_and_the_end_of_another_are_not_resumed() {
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    let mut machine = setting.arbitrary(8);
    let mut mounts = reel(Vec::new());
    run(&mut machine, &mut mounts, DUMP_CYCLES);
    let old = first_record(&mut mounts);
    let mut words: Vec<_> = (2000..2900).map(|at| machine.core.peek(at)).collect();
    words.reverse();
    for (at, word) in (2000..2900).zip(words) {
        machine.core.poke(at, word);
    }
    machine.set_start(3000);
    run(&mut machine, &mut mounts, DUMP_CYCLES);
    let new = first_record(&mut mounts);
    // registers and indicators are those of the return from the first call: the rest of core is the same
    let differ = (0..new.frames.len()).filter(|&c| new.frames[c] != old.frames[c]).collect::<Vec<_>>();
    assert!(differ.first().is_some_and(|&c| c < BOOT), "the front tells the record's number");
    let cuts: Vec<usize> = if exhaustive() {
        (1..new.frames.len()).collect()
    } else {
        (1..80).chain((0..250).map(|n| 80 + n * (new.frames.len() - 80) / 250)).collect()
    };
    let right = setting.promised(&machine);
    let halts = AtomicUsize::new(0);
    let cuts = shard(&cuts);
    println!("{} reels", cuts.len());
    in_parallel(&cuts, |&cut| {
        let frames: Vec<u8> = new.frames[..cut].iter().chain(&old.frames[cut..]).copied().collect();
        let whole = [&old, &new].into_iter().any(|record| record.frames == frames);
        let (machine, stop) = attempt(&setting, image_of_frames(frames), 2);
        if setting.resumed(&machine, &stop) {
            assert!(whole && (cut < BOOT || setting.promised(&machine) == right), "cut {cut}");
        } else {
            assert!(!whole, "cut {cut}: {stop:?}");
            assert!([4, 7, 9].contains(&stop.at) || cut < BOOT, "cut {cut}: {stop:?}");
            halts.fetch_add(1, Ordering::Relaxed);
        }
    });
    assert!(halts.into_inner() > cuts.len() - 80);
}

/// What the test above would show without the number: where the two records differ only in the order of words, a cut
/// between them has the right sum.
#[test]
fn the_sum_alone_is_blind_to_the_order_of_words() {
    let sum =
        |words: &[asm704::Word]| words.iter().fold(asm704::Word::ZERO, |sum, &word| sum.add_logical(word));
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    let words = words_of(&setting.record(8), Mode::Binary);
    let mut exchanged = words.clone();
    exchanged.swap(100, 200);
    assert_ne!(words, exchanged);
    assert_eq!(sum(&words[11..]), sum(&exchanged[11..]));
    assert_eq!(sum(&words[11..]).bits(), (1 << 36) - 1, "all ones");
}
