//! A tape as a row of characters, 200 to the inch, that knows nothing of images: what is written covers what it covers. Arbitrary
//! programs of an operator are done on it and on a reel.

use asm704::media::tape::{Item, Record, Spacing, TapeFormat, TapeImage};
use emu704::media::{Media, OldRecording, Overwriting};
use emu704::reels::{Reels, ReelsThen};

use crate::common::Random;

const MARK: u8 = 0o017;

/// A character on the tape, and whether a record begins with it.
type Place = Option<(u8, bool)>;

#[derive(Clone)]
struct Tape {
    places: Vec<Place>,
    head: usize,
    ahead: usize,
    /// Something was written since the tape last went another way.
    writing: bool,
}

/// What a reader finds: characters, whether their beginning is missing, where they begin and end.
#[derive(Debug, PartialEq)]
struct Found {
    frames: Vec<u8>,
    remnant: bool,
    first: usize,
    end: usize,
}

impl Tape {
    fn erase(&mut self, from: usize, to: usize) {
        if self.places.len() < to {
            self.places.resize(to, None);
        }
        self.places[from..to].fill(None);
    }

    fn write(&mut self, item: &Item) {
        let head = self.head;
        let length = match item {
            Item::Record(record) => record.frames.len() + 150,
            Item::Mark => 810 + 1 + 150,
            Item::Gap(n) => *n as usize,
            Item::Note(_) => 0,
        };
        self.erase(head, head + length + self.ahead);
        match item {
            Item::Record(record) => {
                for (n, &frame) in record.frames.iter().enumerate() {
                    self.places[head + n] = Some((frame, n == 0));
                }
            }
            Item::Mark => self.places[head + 810] = Some((MARK, true)),
            Item::Gap(_) | Item::Note(_) => {}
        }
        self.head += length;
        self.writing = true;
    }

    /// What comes first from a place on.
    fn next(&self, from: usize) -> Option<Found> {
        let first = (from..self.places.len()).find(|&n| self.places[n].is_some())?;
        let end = (first..self.places.len()).find(|&n| self.places[n].is_none());
        let end = end.unwrap_or(self.places.len());
        let frames = self.places[first..end].iter().flatten().map(|(frame, _)| *frame).collect();
        Some(Found { frames, remnant: self.places[first].is_some_and(|(_, begins)| !begins), first, end })
    }

    /// An image tells places to four characters, and a gap in front of what lost its beginning; a mark has its whole gap.
    fn settle(&mut self) {
        if !std::mem::take(&mut self.writing) {
            return;
        }
        loop {
            let Some(found) = self.next(self.head) else { return };
            let distance = found.first - self.head;
            if found.remnant && (distance == 0 || !distance.is_multiple_of(4)) {
                self.places[found.first] = None;
                continue;
            }
            let wanted = if found.frames == [MARK] && !found.remnant {
                810 + distance.saturating_sub(810).next_multiple_of(4)
            } else {
                distance.next_multiple_of(4)
            };
            let more = std::iter::repeat_n(None, wanted - distance);
            self.places.splice(self.head..self.head, more);
            return;
        }
    }

    fn read(&mut self) -> Option<Item> {
        self.settle();
        let found = self.next(self.head)?;
        self.head = found.end + 150;
        Some(found.item())
    }

    fn backspace(&mut self) -> Option<Item> {
        self.settle();
        let end = (0..self.head).rev().find(|&n| self.places.get(n).is_some_and(Option::is_some))? + 1;
        let first = (0..end).rev().take_while(|&n| self.places[n].is_some()).last()?;
        let found = self.next(first)?;
        let item = found.item();
        self.head = if item == Item::Mark { first - 810 } else { first };
        Some(item)
    }
}

impl Found {
    fn item(&self) -> Item {
        if self.frames == [MARK] && !self.remnant {
            Item::Mark
        } else {
            Item::Record(Record { frames: self.frames.clone(), error: self.remnant })
        }
    }
}

/// Records and marks of an image with the places at which they begin.
fn laid_out(image: Vec<u8>) -> Vec<(usize, Item)> {
    let mut image = TapeImage::open_as(image, TapeFormat::Simh).unwrap();
    let mut at = 0;
    let mut all = Vec::new();
    for item in image.items(0) {
        let (_, item) = item.unwrap();
        match &item {
            Item::Gap(n) => {
                at += *n as usize;
            }
            Item::Note(_) => {}
            Item::Mark => {
                all.push((at + 810, item));
                at += 811 + 150;
            }
            Item::Record(record) => {
                let n = record.frames.len();
                all.push((at, item));
                at += n + 150;
            }
        }
    }
    all
}

impl Tape {
    fn laid_out(&self) -> Vec<(usize, Item)> {
        let mut tape = self.clone();
        tape.settle();
        let mut all = Vec::new();
        let mut from = 0;
        while let Some(found) = tape.next(from) {
            from = found.end;
            all.push((found.first, found.item()));
        }
        all
    }
}

/// The reel under test and where its unit stands.
struct Unit {
    reels: Reels,
    place: u64,
    over: Overwriting,
}

impl Unit {
    fn write(&mut self, item: &Item) {
        let reel = self.reels.reel(1).unwrap();
        self.place = reel.write_over(self.place, std::slice::from_ref(item), &self.over).unwrap().behind;
    }

    fn read(&mut self) -> Option<Item> {
        let mut place = self.place;
        loop {
            match self.reels.reel(1).unwrap().read_forward(place).unwrap()? {
                (Item::Gap(_), behind) => place = behind,
                (item, behind) => {
                    self.place = behind;
                    return Some(item);
                }
            }
        }
    }

    fn backspace(&mut self) -> Option<Item> {
        loop {
            let (item, start) = self.reels.reel(1).unwrap().read_backward(self.place).unwrap()?;
            self.place = start;
            if !matches!(item, Item::Gap(_)) {
                return Some(item);
            }
        }
    }

    fn rewind(&mut self) {
        self.reels.reel(1).unwrap().settle().unwrap();
        self.place = 0;
    }
}

fn record(random: &mut Random, longest: u64) -> Item {
    let n = 1 + random.below(longest);
    Item::Record(Record::new((0..n).map(|_| 1 + random.below(12) as u8).collect()))
}

fn assert_same(image: &[u8], tape: &Tape, told: &str) {
    let (found, expected) = (laid_out(image.to_vec()), tape.laid_out());
    if let Some((found, expected)) = found.iter().zip(&expected).find(|(found, expected)| found != expected) {
        panic!("{told}: found {}, expected {}", short(found), short(expected));
    }
    assert_eq!(found.len(), expected.len(), "{told}");
}

fn short((at, item): &(usize, Item)) -> String {
    match item {
        Item::Record(record) => format!("{} characters at {at}, error {}", record.frames.len(), record.error),
        other => format!("{other:?} at {at}"),
    }
}

/// What was on the reels at a time, and the image.
type Then = (ReelsThen, Vec<u8>);

fn one_operator(seed: u64, steps: usize, longest: u64) {
    let mut random = Random(seed * 2 + 1);
    let ahead = [0, 80, 13][random.below(3) as usize];
    let spacing = Spacing { gap: 150, mark_gap: 810, check: 4, ahead };
    let mut unit =
        Unit { reels: Reels::new(), place: 0, over: Overwriting { spacing, old: OldRecording::Keep } };
    unit.reels.remember();
    unit.reels.mount_memory(1, Vec::new(), true).unwrap();
    let mut tape = Tape { places: Vec::new(), head: 0, ahead: ahead as usize, writing: false };
    let mut earlier: Vec<Then> = Vec::new();
    for step in 0..steps {
        let told = format!("seed {seed}, step {step}");
        match random.below(20) {
            0 => {
                unit.rewind();
                tape.settle();
                tape.head = 0;
            }
            1..=4 => {
                let (found, expected) = (unit.backspace(), tape.backspace());
                assert_eq!(found, expected, "{told}");
                if expected.is_none() {
                    // the load point: blank tape in front of the first record is passed, too
                    unit.place = 0;
                    tape.head = 0;
                }
            }
            5..=10 => assert_eq!(unit.read(), tape.read(), "{told}"),
            11 => {
                unit.reels.settle().unwrap();
                tape.settle();
            }
            kind => {
                let item = match kind {
                    12 => Item::Mark,
                    13 => Item::Gap(180),
                    _ => record(&mut random, longest),
                };
                unit.write(&item);
                tape.write(&item);
            }
        }
        if random.below(16) == 0 {
            earlier.push((unit.reels.now(), unit.reels.bytes(1).unwrap()));
            assert_same(&unit.reels.bytes(1).unwrap(), &tape, &told);
        }
    }
    assert_same(&unit.reels.bytes(1).unwrap(), &tape, &format!("seed {seed}"));
    for (then, bytes) in earlier {
        let mut copies = unit.reels.copies_of(&then).unwrap();
        assert!(copies.bytes(1).unwrap() == bytes, "seed {seed}: going back to {then:?}");
    }
}

#[test]
fn a_reel_is_a_row_of_characters() {
    let operators = std::env::var("EMU704_OPERATORS").ok().and_then(|n| n.parse().ok()).unwrap_or(150);
    for seed in 0..operators {
        one_operator(seed, 120, 400);
        // records so long that what is left is not put behind them at every turn
        one_operator(seed + operators, 60, 30_000);
    }
}
