//! Damage on the reels: a record with a wrong character is never resumed, the newest without one is.

use std::collections::BTreeMap;
use std::sync::Mutex;

use asm704::Word;
use asm704::media::tape::{Item, Mode, Record, words_of};
use emu704::{CoreSize, StopKind};

use super::support::{CALL, checkpoints, code, exhaustive, image, items, mounted, setting};
use crate::common::{Random, assemble, in_parallel, run, shard, text};

/// The record with a bit of a character flipped: 0 to 5 with its parity left wrong, 6 the parity itself, 7 to 12 with the
/// parity made right.
fn flipped(record: &Record, character: usize, way: usize) -> Item {
    let mut record = record.clone();
    record.frames[character] ^= if way < 7 { 1 << way } else { 1 << (way - 7) | 0o100 };
    Item::Record(record)
}

/// The characters and ways to flip them: all, or the first ones and some.
fn flips(characters: usize, some: u64) -> Vec<(usize, usize)> {
    if exhaustive() {
        return shard(&(0..characters).flat_map(|c| (0..13).map(move |way| (c, way))).collect::<Vec<_>>());
    }
    let mut random = Random(13);
    let mut flips: Vec<(usize, usize)> = (0..120).map(|n| (n / 13, n % 13)).collect();
    flips.extend((0..some).map(|_| (random.below(characters as u64) as usize, random.below(13) as usize)));
    flips
}

fn record(items: &[Item], n: usize) -> &Record {
    let Item::Record(record) = &items[n] else { panic!("no record") };
    record
}

/// A single bit of a checkpoint's record is wrong, label and boot included: there is no other, and the caller is never
/// reached.
#[test]
fn a_flipped_bit_never_reaches_the_caller() {
    let setting = setting(CoreSize::K4);
    let (_, all) = checkpoints(&setting, 1);
    let good = items(&all[1][0]);
    let characters = record(&good, 2).frames.len();
    let tries = flips(characters, 60);
    println!("{} reels", tries.len());
    in_parallel(&tries, |&(character, way)| {
        let mut bad = good.clone();
        bad[2] = flipped(record(&good, 2), character, way);
        let reels = [image(&bad), all[1][1].clone()];
        let (machine, _, stop) = setting.load(&reels, character as u64, &[]);
        assert_eq!(code(&machine, &stop), Some(8), "character {character}, {way}: {stop:?}");
    });
}

/// The same beside an older one, and with a newer one behind it: the newest good one is resumed.
#[test]
fn a_flipped_bit_leaves_the_others() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 4);
    let mut random = Random(131);
    let tries: Vec<(usize, usize)> = (0..40).map(|n| (random.below(24_648) as usize, n % 13)).collect();
    in_parallel(&tries, |&(character, way)| {
        // 2 and 4 are on tape 2
        for (place, newest) in [(4, 3), (2, 4)] {
            let mut bad = items(&all[4][1]);
            bad[place] = flipped(record(&bad.clone(), place), character, way);
            let reels = [all[4][0].clone(), image(&bad)];
            setting.assert_resumes(&reels, character as u64, &[], newest, &states[newest as usize - 1]);
        }
    });
}

/// A single bit of the finder on the first reel is wrong: it stops, or hangs, or does its work; the newest is resumed, even
/// when it is on that reel.
#[test]
fn a_flipped_bit_of_the_finder_is_survived() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 3);
    let ends = Mutex::new(BTreeMap::<String, u32>::new());
    for newest in [2, 3usize] {
        let first = items(&all[newest][0]);
        let tries = flips(record(&first, 0).frames.len(), 60);
        println!("{} reels", tries.len());
        in_parallel(&tries, |&(character, way)| {
            let mut bad = first.clone();
            bad[0] = flipped(record(&first, 0), character, way);
            let reels = [image(&bad), all[newest][1].clone()];
            let (machine, _, stop) = setting.load(&reels, character as u64, &[]);
            let resumed = setting.resumed(&machine, &stop);
            let end = if resumed { "resumed".to_owned() } else { format!("{:?}", stop.kind) };
            *ends.lock().unwrap().entry(end).or_default() += 1;
            if resumed {
                assert_eq!(setting.serial(&machine), newest as u64, "character {character}, {way}");
            }
            setting.assert_resumes(&reels, character as u64, &[], newest as u64, &states[newest - 1]);
        });
    }
    println!("{:?}", ends.lock().unwrap());
}

/// The finder has found the record whole. When it is read the second time, to be loaded, two characters have the wrong
/// parity, and the sum is still right: it stops at the coded halt.
#[test]
fn the_second_reading_counts_the_parity_too() {
    let setting = setting(CoreSize::K4);
    let (_, all) = checkpoints(&setting, 1);
    let good = items(&all[1][0]);
    let bit = |character: usize| record(&good, 2).frames[character] & 1;
    let first = 6_000;
    let second = (1_000..4_000).map(|n| 6 * n + 6).find(|&c| c != first && bit(c) != bit(first)).unwrap();
    let mut bad = good.clone();
    if let Item::Record(record) = &mut bad[2] {
        record.frames[first] ^= 1;
        record.frames[second] ^= 1;
    }
    let loads = setting.at("Z$R") - setting.at("Z$Z");
    for wrong in [false, true] {
        let mut machine = emu704::Machine::power_on(emu704::Config::with_core(CoreSize::K4), 2);
        let mut mounts = mounted(&all[1]);
        machine.clear(&mut mounts);
        machine.load(&mut mounts, emu704::LoadKey::Tape);
        while machine.cpu.ic != loads {
            machine.step(&mut mounts, u64::MAX).unwrap();
        }
        if wrong {
            mounts.mount_memory(1, image(&bad), false).unwrap();
        }
        let stop = run(&mut machine, &mut mounts, super::support::PATIENCE);
        assert_eq!((stop.kind, stop.at == CALL + 1), (StopKind::Htr, !wrong), "{stop:?}");
        // the check in word 5 of the image
        assert!(!wrong || stop.at == 5, "{stop:?}");
    }
}

/// The front of a record, and from some word on an older one, left over, whose sum is the same because the program has only
/// exchanged words: the numbers at both ends differ, and it is not taken.
#[test]
fn a_front_and_an_end_of_two_records_are_not_taken() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 2);
    let newest = items(&all[2][1]);
    let good = record(&newest, 2);
    let words = words_of(good, Mode::Binary);
    // as if the number at the end were that of another record, and the word before it made up for it
    let end = words.len() - 2;
    let mut mixed = good.clone();
    let put = |record: &mut Record, n: usize, word: Word| {
        for (character, frame) in record.frames[6 * n..6 * n + 6].iter_mut().enumerate() {
            let six = (word.bits() >> (30 - 6 * character) & 0o77) as u8;
            *frame = six | if six.count_ones().is_multiple_of(2) { 0o100 } else { 0 };
        }
    };
    // word 10 of the image is eight words from the end
    let number = words[end - 6];
    assert_eq!(number, words[8], "the number at both ends");
    put(&mut mixed, end - 6, Word::new(number.bits() - 1));
    put(&mut mixed, end - 20, words[end - 20].add_logical(Word::new(1)));
    let mut bad = newest.clone();
    bad[2] = Item::Record(mixed);
    setting.assert_resumes(&[all[2][0].clone(), image(&bad)], 3, &[], 1, &states[0]);
}

/// A record that answers without a word is as good as a mark, so nothing depends on what blank tape gives.
#[test]
fn records_without_a_word_are_marks() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 3);
    let empty = |reel: &Vec<u8>| {
        let change = |item: Item| match item {
            Item::Mark => Item::Record(Record::new(Vec::new())),
            other => other,
        };
        items(reel).into_iter().map(change).collect::<Vec<_>>()
    };
    // the finder stops at two marks, and never reads what is behind them
    for reel in &all[3] {
        let two = items(reel).windows(2).position(|w| w == [Item::Mark, Item::Mark]).unwrap();
        assert!(two > 1);
    }
    let marks_only: Vec<Vec<u8>> = all[3]
        .iter()
        .map(|reel| {
            let mut all = empty(reel);
            all.retain(|item| !matches!(item, Item::Record(record) if record.frames.is_empty()));
            image(&all)
        })
        .collect();
    // without any mark, too, all are found
    setting.assert_resumes(&[marks_only[0].clone(), marks_only[1].clone()], 4, &[], 3, &states[2]);
}

/// Neither reel has a good finder. The finder as a deck of cards, by LOAD CARDS, shows the job and resumes.
#[test]
fn the_finder_from_cards() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 4);
    let spoiled = |reel: &Vec<u8>| {
        let mut bad = items(reel);
        bad[0] = flipped(record(&bad.clone(), 0), 600, 3);
        image(&bad)
    };
    let reels = [spoiled(&all[4][0]), spoiled(&all[4][1])];
    assert!(setting.cold_start(&reels, 1, &[]).is_none());
    let deck = assemble(&text("programs/finder.sap"));
    let words: BTreeMap<u16, Word> = deck.core_image().collect();
    let cards: Vec<_> = asm704::self_loading::deck(&words, deck.start())
        .unwrap()
        .into_iter()
        .map(|card| card.words)
        .collect();
    for (back, switches) in [(0, &[][..]), (1, &[6]), (3, &[5, 6])] {
        let mut machine = emu704::Machine::power_on(emu704::Config::with_core(CoreSize::K4), 8);
        let mut mounts = mounted(&reels);
        machine.put_cards(cards.clone());
        for switch in switches {
            machine.console.sense_switches[switch - 1] = true;
        }
        machine.clear(&mut mounts);
        machine.load(&mut mounts, emu704::LoadKey::Cards);
        let stop = run(&mut machine, &mut mounts, super::support::PATIENCE);
        assert_eq!(code(&machine, &stop), Some(6), "{stop:?}");
        let job = machine.core.peek(5);
        assert!(machine.cpu.ac.bits() & ((1 << 35) - 1) == job.magnitude() && job != Word::ZERO);
        machine.start(&mut mounts);
        let stop = run(&mut machine, &mut mounts, super::support::PATIENCE);
        assert!(setting.resumed(&machine, &stop), "{stop:?}");
        assert_eq!(setting.serial(&machine), 4 - back);
        assert!(setting.promised(&machine) == states[3 - back as usize]);
    }
}
