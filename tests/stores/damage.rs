//! Store records that are damaged, missing, or of another checkpoint.

use asm704::Word;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use emu704::CoreSize;

use super::power::items;
use super::support::{BLOCK, CYCLES, Job, Place, reels};
use crate::checkpoint::support::{exhaustive, image_of};
use crate::common::{in_parallel, run};

const STORES: [(Place, u16); 2] = [(Place::Drum(1, 0), 2), (Place::Drum(2, 100), 1)];

fn records(bytes: Vec<u8>) -> Vec<Record> {
    items(&mut TapeImage::open(bytes).unwrap())
        .into_iter()
        .filter_map(|item| if let Item::Record(record) = item { Some(record) } else { None })
        .collect()
}

fn reel_of(records: &[Record]) -> Vec<u8> {
    let items: Vec<Item> = records.iter().cloned().map(Item::Record).collect();
    image_of(&items, TapeFormat::Simh)
}

/// The second life stops at the store record, and does not resume however often the operator presses START.
fn refused(job: &Job, bytes: Vec<u8>, what: &str) {
    let (mut machine, mut mounts, mut stop) = job.second_life(CoreSize::K4, 8, bytes, 4, &job.same_places());
    for _ in 0..3 {
        assert!(job.is_at(&stop, "STSTP3"), "{what}: {stop:?}");
        assert_eq!(Job::code(&machine, &stop), 13);
        machine.start(&mut mounts);
        stop = run(&mut machine, &mut mounts, CYCLES);
    }
}

#[test]
fn a_checkpoint_is_a_core_record_and_one_for_each_block() {
    let job = Job::new(CoreSize::K4, &STORES, false, "FORM");
    let all = records(job.checkpoint(3, Vec::new()).0);
    let lengths: Vec<usize> = all.iter().map(|r| r.frames.len() / 6).collect();
    let block = usize::from(BLOCK) + 5;
    assert_eq!(lengths, [4096 + 8, block, block, block]);
}

/// Every character of every store record: each of its seven bits wrong, and each of the six with the parity right.
#[test]
fn a_wrong_bit_in_a_store_record_is_never_resumed() {
    let job = Job::new(CoreSize::K4, &STORES, false, "BITS");
    let all = records(job.checkpoint(3, Vec::new()).0);
    let mut places = Vec::new();
    for (n, record) in all.iter().enumerate().skip(1) {
        for character in 0..record.frames.len() {
            places.extend((0..13).map(|way| (n, character, way)));
        }
    }
    if !exhaustive() {
        places = places.into_iter().step_by(11).collect();
    }
    in_parallel(&places, |&(record, character, way)| {
        let mut damaged = all.clone();
        damaged[record].frames[character] ^= if way < 7 { 1 << way } else { 0o100 | 1 << (way - 7) };
        refused(&job, reel_of(&damaged), &format!("record {record}, character {character}, {way}"));
    });
}

/// Store records of another checkpoint: of the job's own with the same number, of another job with the same core, in
/// another order, one of them missing, cut, or too long.
#[test]
fn the_stores_of_another_checkpoint_are_never_taken() {
    let job = Job::new(CoreSize::K4, &STORES, false, "ONE");
    let other = Job::new(CoreSize::K4, &STORES, false, "TWO");
    let one = records(job.checkpoint(3, Vec::new()).0);
    let same_number = records(job.checkpoint(4, Vec::new()).0);
    let other_job = records(other.checkpoint(3, Vec::new()).0);
    for (what, behind) in [("the same job", &same_number), ("another job", &other_job)] {
        let mixed: Vec<Record> = one[..1].iter().chain(&behind[1..]).cloned().collect();
        refused(&job, reel_of(&mixed), what);
        let last: Vec<Record> = one[..3].iter().chain(&behind[3..]).cloned().collect();
        refused(&job, reel_of(&last), what);
    }
    for order in [[0, 2, 1, 3], [0, 1, 3, 2], [0, 1, 1, 3], [0, 1, 2, 1]] {
        let wrong: Vec<Record> = order.iter().map(|&at| one[at].clone()).collect();
        refused(&job, reel_of(&wrong), &format!("order {order:?}"));
    }
    for missing in 1..4 {
        let mut fewer = one.clone();
        fewer.remove(missing);
        refused(&job, reel_of(&fewer), &format!("record {missing} is missing"));
    }
    for change in [-6, 6] {
        let mut wrong = one.clone();
        let length = wrong[2].frames.len().checked_add_signed(change).unwrap();
        let spare = wrong[3].frames[0];
        wrong[2].frames.resize(length, spare);
        refused(&job, reel_of(&wrong), &format!("{change} characters"));
    }
}

/// A word that no program of these tests uses.
const FREE: u16 = 3500;

/// The sum at the end of a core record.
fn sum(record: &Record) -> u64 {
    let last = &record.frames[record.frames.len() - 6..];
    last.iter().fold(0, |word, character| word << 6 | u64::from(character & 0o77))
}

/// What added to a word makes the sum that complements `second` the one that complements `first`.
fn difference(first: u64, second: u64) -> Word {
    let ones = (1 << 36) - 1;
    Word::new((second + ones - first) % ones)
}

/// The sums of two core records are the same, by a word of core that makes up for the rest; the number of the
/// checkpoint alone tells them apart, or the word of the job.
#[test]
fn number_and_job_tell_two_checkpoints_of_one_sum_apart() {
    let job = Job::new(CoreSize::K4, &STORES, false, "ONE");
    let other = Job::new(CoreSize::K4, &STORES, false, "TWO");
    let mut mounts = reels(Vec::new());
    let (mut first, _) = job.arbitrary(3, &mut mounts);
    run(&mut first, &mut mounts, CYCLES);
    let one = records(mounts.bytes(1).unwrap());

    // the same machine, once more
    let next = |word: Option<Word>| {
        let (mut machine, mut mounts) = (first.clone(), reels(Vec::new()));
        if let Some(word) = word {
            machine.core.poke(FREE, word);
        }
        machine.set_start(job.setting.call);
        run(&mut machine, &mut mounts, CYCLES);
        records(mounts.bytes(1).unwrap())
    };
    let free = first.core.peek(FREE);
    let second = next(Some(free.add_logical(difference(sum(&one[0]), sum(&next(None)[0])))));
    assert_eq!(sum(&one[0]), sum(&second[0]));
    let mixed: Vec<Record> = one[..1].iter().chain(&second[1..]).cloned().collect();
    refused(&job, reel_of(&mixed), "the next checkpoint");

    // another job, from the same state
    let another = |word: Option<Word>| {
        let mut mounts = reels(Vec::new());
        let (mut machine, _) = other.arbitrary(3, &mut mounts);
        if let Some(word) = word {
            machine.core.poke(FREE, word);
        }
        run(&mut machine, &mut mounts, CYCLES);
        records(mounts.bytes(1).unwrap())
    };
    let second = another(Some(free.add_logical(difference(sum(&one[0]), sum(&another(None)[0])))));
    assert_eq!(sum(&one[0]), sum(&second[0]));
    let mixed: Vec<Record> = one[..1].iter().chain(&second[1..]).cloned().collect();
    refused(&job, reel_of(&mixed), "another job");
}
