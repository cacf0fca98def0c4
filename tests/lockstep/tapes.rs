//! Random reels and random programs between the copies: short words, wrong parity, records that overwrite the program
//! that reads them, copies too late, power that fails in the middle of a record.

use asm704::Word;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use emu704::config::UndefinedCodes;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};

use super::pair::{Pair, pick};
use super::random::{Flavour, instruction, seeds};
use crate::common::Random;

pub(super) const BASE: u16 = 0o100;
const BODY: u16 = 0o110;

/// A record of so many characters, in odd parity: words that are instructions as often as not.
fn record(random: &mut Random, characters: u64) -> Record {
    let mut frames = Vec::new();
    while (frames.len() as u64) < characters {
        let word = instruction(random, Flavour::Cpu, u64::from(BASE), 24).bits();
        frames.extend((0..6).rev().map(|n| {
            let code = (word >> (6 * n)) as u8 & 0o77;
            code | if code.count_ones() % 2 == 1 { 0 } else { 0o100 }
        }));
    }
    frames.truncate(characters as usize);
    if random.below(8) == 0 {
        let bad = random.below(characters) as usize;
        frames[bad] ^= 1;
    }
    Record { frames, error: random.below(8) == 0 }
}

pub(super) fn reel(random: &mut Random) -> Vec<u8> {
    let items: Vec<Item> = (0..random.below(8))
        .map(|_| match random.below(10) {
            0 => Item::Mark,
            1 => Item::Gap(1 + random.below(2_000) as u32),
            _ => {
                let words = 1 + random.below(20);
                let odd = random.below(6);
                let characters = pick(random, &[6 * words, 6 * words, 6 * words, 6 * words - odd]);
                Item::Record(record(random, characters))
            }
        })
        .collect();
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    image.replace_tail(0, &items).unwrap();
    image.into_store()
}

/// A loop of CPYs with something between them, to be left by the end of record.
pub(super) fn machine(random: &mut Random) -> Machine {
    let core = pick(random, &[CoreSize::K4, CoreSize::K8, CoreSize::K32]);
    let mut config = Config::with_core(core);
    config.undefined_codes = UndefinedCodes::Partial;
    config.figures.tape.tolerance.0 = pick(random, &[0, 0, 0, 50, 400]);
    let mut machine = Machine::new(config);
    let write = random.below(3) == 0;
    let select = if write { 0o076600000000 } else { 0o076200000000 };
    let unit = pick(random, &[0o221, 0o221, 0o201]);
    // Into the program itself, behind it, or over all of core.
    let to = pick(random, &[u64::from(BODY), 0o1000, 0o1000, 0]);
    let tag = random.below(2) << 15;
    let mut program = vec![
        select | unit,
        0o070000000000 | tag | to,
        0o002000000000 | u64::from(BODY),
        0o002000000000 | u64::from(BASE),
        pick(random, &[0o002000000000 | u64::from(BASE), 0o042000000000, 0o076200000000 | 0o333]),
        0o002000000000 | u64::from(BASE),
    ];
    program.resize(usize::from(BODY - BASE), 0o076100000000);
    for _ in 0..random.below(10) {
        program.push(instruction(random, Flavour::Cpu, u64::from(BASE), 24).bits());
    }
    // TIX or TRA to the CPY
    program.push(pick(random, &[0o200001100101, 0o002000000101]));
    program.push(0o002000000100);
    for (address, word) in (BASE..).zip(program) {
        machine.core.poke(address, Word::new(word));
    }
    machine.cpu.xr = std::array::from_fn(|_| random.below(100) as u16);
    machine.cpu.mq = Word::new(random.next());
    machine.set_start(BASE);
    machine
}

fn one(seed: u64) -> u64 {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 42);
    let random = &mut random;
    let what = format!("tape seed {seed}");
    let bytes = reel(random);
    let mut pair = Pair::new(machine(random), || {
        let mut mounts = Reels::new();
        mounts.mount_memory(1, bytes.clone(), true).unwrap();
        mounts
    });
    let limit = pick(random, &[3_000, 20_000, 60_000]);
    let piece = pick(random, &[60, 300, 5_000]);
    for _ in 0..6 {
        let stop = pair.run_in_pieces(limit, piece, random, &what);
        if matches!(
            stop.kind,
            StopKind::Limit | StopKind::Waiting | StopKind::ReaderEmpty | StopKind::Medium | StopKind::Host
        ) {
            break;
        }
        pair.start();
    }
    pair.power_off(&what);
    pair.fast.io.slack().values().map(|slack| slack.words).sum()
}

#[test]
fn random_tapes() {
    let words: u64 = seeds(1_000).map(one).sum();
    assert!(words > 2_000, "{words} words");
}
