//! WTS. UNVERIFIED: only its name and its addresses are known; it is taken to write the record of the tape that was
//! selected for writing before on a second tape.

use std::collections::BTreeMap;

use asm704::Word;
use asm704::media::tape::{Item, TapeError};
use emu704::StopKind;
use emu704::media::{Media, Reel};

use super::support::*;

const WTB_1: u64 = 0o076600000221;
const WTS_2: u64 = 0o076600000322;

/// A reel in memory; its places are numbers of items.
struct Items(Vec<Item>);

impl Reel for Items {
    fn read_forward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        Ok(self.0.get(at as usize).map(|item| (item.clone(), at + 1)))
    }
    fn read_backward(&mut self, at: u64) -> Result<Option<(Item, u64)>, TapeError> {
        Ok(at.checked_sub(1).map(|before| (self.0[before as usize].clone(), before)))
    }
    fn write(&mut self, at: u64, items: &[Item]) -> Result<u64, TapeError> {
        self.0.truncate(at as usize);
        self.0.extend_from_slice(items);
        Ok(self.0.len() as u64)
    }
    fn ring(&self) -> bool {
        true
    }
    fn label(&self) -> String {
        "a reel in memory".to_owned()
    }
}

struct Reels(BTreeMap<u8, Items>);

impl Reels {
    fn on(units: &[u8]) -> Reels {
        Reels(units.iter().map(|&unit| (unit, Items(Vec::new()))).collect())
    }
    /// The one record of a unit, and whether it is bad.
    fn record(&self, unit: u8) -> (Vec<u8>, bool) {
        match self.0[&unit].0.as_slice() {
            [Item::Record(record)] => (record.frames.clone(), record.error),
            other => panic!("tape {unit} has {other:?}"),
        }
    }
}

impl Media for Reels {
    fn reel(&mut self, unit: u8) -> Option<&mut dyn Reel> {
        self.0.get_mut(&unit).map(|reel| reel as &mut dyn Reel)
    }
}

const PROGRAM: [u64; 6] = [WTB_1, WTS_2, CPY | 0o100, CPY | 0o101, IOD, HTR];

#[test]
fn the_record_is_written_on_both_tapes() {
    let mut machine = machine(&PROGRAM);
    put(&mut machine, 0o100, &[0o010203040506, 0o770000000000]);
    let mut reels = Reels::on(&[1, 2]);
    let stop = machine.run(&mut reels, 1_000_000);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 5), "{stop:?}");
    // Odd parity: 1, 2, 4 have it, 3, 5, 6, 77 and 0 get the seventh bit.
    let frames = vec![0o1, 0o2, 0o103, 0o4, 0o105, 0o106, 0o177, 0o100, 0o100, 0o100, 0o100, 0o100];
    assert_eq!(reels.record(1), (frames.clone(), false));
    assert_eq!(reels.record(2), (frames, false));
}

#[test]
fn a_loss_of_power_leaves_the_same_on_both() {
    let mut machine = machine(&PROGRAM);
    machine.core.poke(0o100, Word::new(0o010203040506));
    let mut reels = Reels::on(&[1, 2]);
    // 64 ms from the select at the load point to the first free ring; four characters later.
    let stop = machine.run(&mut reels, (72 + 192_000 + 5 * 200) / 36);
    assert_eq!(stop.kind, StopKind::Limit);
    machine.power_off(&mut reels).unwrap();
    let (frames, error) = reels.record(1);
    assert!(error && !frames.is_empty() && frames.len() < 6);
    assert_eq!(reels.record(2), (frames, error));
}

#[test]
fn alone_it_waits_for_ever() {
    let mut machine = machine(&[WTS_2]);
    let stop = machine.run(&mut Reels::on(&[2]), 1_000);
    assert_eq!(stop.kind, StopKind::Waiting);
    let message = stop.message.unwrap();
    assert!(message.starts_with("WTS 2 at 00000: no tape is selected for writing"), "{message}");
}
