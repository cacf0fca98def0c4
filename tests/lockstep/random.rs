//! Random programs, most of which modify themselves: instructions, data and what they store lie in one another.

use std::time::{Duration, Instant};

use asm704::Word;
use asm704::isa::{Op, ROWS};
use emu704::config::UndefinedCodes;
use emu704::cpu::Ac;
use emu704::machine::Locations;
use emu704::media::NoMedia;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};

use super::pair::{Pair, pick};
use crate::common::Random;

/// What a random program is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Flavour {
    /// Any operation, units too, anywhere.
    Any,
    /// Of the CPU alone, no halts: runs for long.
    Cpu,
    /// Operations that follow one another in many programs, with one index register or none: the fast loop executes several of
    /// them at once.
    Usual,
    /// Any bits at all.
    Bits,
}

/// A random instruction whose address is near `base`.
pub(super) fn instruction(random: &mut Random, flavour: Flavour, base: u64, span: u64) -> Word {
    if matches!(flavour, Flavour::Bits) {
        return Word::new(random.next());
    }
    if matches!(flavour, Flavour::Usual) {
        return usual(random, base, span);
    }
    loop {
        let row = &ROWS[random.below(ROWS.len() as u64) as usize];
        let rare = matches!(
            row.op,
            Op::Htr
                | Op::Hpr
                | Op::Rds
                | Op::Wrs
                | Op::Bst
                | Op::Wef
                | Op::Rew
                | Op::Cpy
                | Op::Cad
                | Op::Etm
                | Op::Dvh
                | Op::Fdh
        );
        if rare && (matches!(flavour, Flavour::Cpu) || random.below(4) != 0) {
            continue;
        }
        let mut word = row.word.bits();
        if word & 0o77777 != 0 {
            // a sense instruction has its address
            return Word::new(word);
        }
        let further = random.below(1 << 15);
        let near = (base + random.below(span)) & 0o77777;
        word |= match row.op {
            Op::Als | Op::Ars | Op::Lls | Op::Lrs | Op::Lgl | Op::Rql => {
                pick(random, &[near, further & 0o77])
            }
            Op::Rds | Op::Wrs => {
                pick(random, &[0o30, 0o301, 0o302, 0o333, 0o361, 0o321, 0o341, 0o201, 0o221])
            }
            Op::Bst | Op::Wef | Op::Rew => pick(random, &[0o201, 0o221]),
            Op::Pse | Op::Mse => random.below(0o400),
            _ => near,
        };
        if word >> 33 & 3 != 0 {
            word |= pick(random, &[0, 1, 1, 2, 3, further]) << 18;
        }
        if random.below(3) == 0 {
            word |= pick(random, &[1, 2, 4, 1, 2, 4, 3, 5, 6, 7]) << 15;
        }
        return Word::new(word);
    }
}

/// A load, a store, a sum, a shift or a branch.
fn usual(random: &mut Random, base: u64, span: u64) -> Word {
    const OPS: [Op; 28] = [
        Op::Cla,
        Op::Cla,
        Op::Cal,
        Op::Ldq,
        Op::Add,
        Op::Sub,
        Op::Acl,
        Op::Ana,
        Op::Ora,
        Op::Sto,
        Op::Sto,
        Op::Stq,
        Op::Slw,
        Op::Stz,
        Op::Sta,
        Op::Fad,
        Op::Fsb,
        Op::Fmp,
        Op::Fdp,
        Op::Mpy,
        Op::Dvp,
        Op::Tze,
        Op::Tnz,
        Op::Tpl,
        Op::Tmi,
        Op::Tra,
        Op::Cas,
        Op::Tix,
    ];
    const SHIFTS: [Op; 6] = [Op::Als, Op::Ars, Op::Lls, Op::Lrs, Op::Lgl, Op::Rql];
    const OTHERS: [Op; 5] = [Op::Pxd, Op::Lxd, Op::Clm, Op::Ssp, Op::Tix];
    let word = |op: Op| op.row().word.bits();
    let near = (base + random.below(span)) & 0o77777;
    let tag = (random.below(3) / 2) << 15;
    Word::new(match random.below(8) {
        0 => word(pick(random, &SHIFTS)) | random.below(36),
        1 => match pick(random, &OTHERS) {
            Op::Lxd => word(Op::Lxd) | 1 << 15 | near,
            Op::Tix => word(Op::Tix) | 1 << 18 | 1 << 15 | near,
            op => word(op),
        },
        _ => match pick(random, &OPS) {
            Op::Tix => word(Op::Tix) | 1 << 18 | 1 << 15 | near,
            op => word(op) | tag | near,
        },
    })
}

pub(super) fn machine(random: &mut Random) -> (Machine, String) {
    let core = pick(random, &[CoreSize::K4, CoreSize::K8, CoreSize::K32]);
    let flavour = pick(
        random,
        &[Flavour::Any, Flavour::Cpu, Flavour::Cpu, Flavour::Usual, Flavour::Usual, Flavour::Bits],
    );
    let mut config = Config::with_core(core);
    if matches!(flavour, Flavour::Bits) || random.below(4) == 0 {
        config.undefined_codes = UndefinedCodes::Partial;
    }
    let mut machine = Machine::new(config);
    let span = pick(random, &[8, 24, 100]);
    // The end of core, where it begins again, is a place like any other.
    let base = pick(random, &[0, 0o100, core.words() as u64 - 5]);
    for at in 0..span {
        let word = match random.below(8) {
            0 => Word::new(random.next()),
            1 => Word::new(random.below(1 << 20)),
            _ => instruction(random, flavour, base, span),
        };
        machine.core.poke((base + at) as u16, word);
    }
    let cpu = &mut machine.cpu;
    cpu.ac = Ac::from_bits(random.next() & ((1 << 38) - 1));
    cpu.mq = Word::new(random.next());
    for xr in &mut cpu.xr {
        let further = random.below(1 << 15);
        *xr = (pick(random, &[further, further & 31, 1]) as u16) & core.mask();
    }
    cpu.ac_overflow = random.below(2) == 0;
    cpu.trapping = random.below(16) == 0;
    machine.set_start((base + random.below(span)) as u16);
    (machine, format!("{flavour:?} {core} {span} words from {base:05o}"))
}

/// A machine whose program runs for a while: few random ones do, and what looks on in the fast loop has something to see in those only.
pub(super) fn running(random: &mut Random) -> (Machine, String) {
    loop {
        let (machine, what) = machine(random);
        let mut runs = machine.clone();
        if runs.run(&mut NoMedia, 5_000).kind == StopKind::Limit && runs.instructions > 500 {
            return (machine, what);
        }
    }
}

pub(super) fn mounts() -> Reels {
    let mut mounts = Reels::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    mounts
}

fn one(seed: u64) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 40);
    let random = &mut random;
    let (machine, what) = machine(random);
    let what = format!("seed {seed}, {what}");
    let mut pair = Pair::new(machine, mounts);
    let limit = pick(random, &[300, 3_000, 20_000]);
    let mut stops = 0;
    while pair.fast.cycles() < limit && stops < 20 {
        let piece = pick(random, &[30, 200, 2_000]);
        let stop = pair.run_in_pieces(limit, piece, random, &what);
        match stop.kind {
            StopKind::Limit | StopKind::Waiting | StopKind::ReaderEmpty | StopKind::Medium => break,
            _ => {}
        }
        stops += 1;
        pair.start();
        if random.below(4) == 0 {
            // The operator changes a word by hand.
            let address = pair.fast.cpu.ic.wrapping_add(random.below(4) as u16);
            let word = instruction(random, Flavour::Cpu, u64::from(address), 8);
            pair.fast.core.poke(address, word);
            pair.plain.core.poke(address, word);
        }
    }
}

/// Breakpoints stop the fast loop where a look before every instruction stops the plain interpreter.
fn breaking(seed: u64) -> u32 {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 41);
    let random = &mut random;
    let (machine, what) = machine(random);
    let what = format!("seed {seed}, {what}, with breakpoints");
    let (start, mask) = (machine.cpu.ic, machine.core.size().mask());
    let mut pair = Pair::new(machine, mounts);
    let mut locations = Locations::default();
    let mut breaks = 0;
    for _ in 0..30 {
        let location = start.wrapping_add(random.below(20) as u16) & mask;
        if random.below(3) == 0 {
            locations.remove(location)
        } else {
            locations.insert(location)
        };
        let limit = pair.fast.cycles() + random.below(2_000);
        let ended = match pair.run_to(limit, &locations, &what) {
            None => {
                breaks += 1;
                assert!(locations.contains(pair.fast.cpu.ic), "{what}");
                pair.step(u64::MAX, &what)
            }
            stop => stop,
        };
        match ended.map(|stop| stop.kind) {
            None | Some(StopKind::Limit) => {}
            Some(StopKind::Waiting | StopKind::ReaderEmpty | StopKind::Medium) => break,
            Some(_) => pair.start(),
        }
    }
    breaks
}

#[test]
fn random_programs_with_breakpoints() {
    let breaks: u32 = seeds(300).map(breaking).sum();
    assert!(breaks > 1_000, "{breaks} breaks");
}

/// So many seeds, from the one of the environment, and more as long as a soak lasts.
pub(super) fn seeds(count: u64) -> impl Iterator<Item = u64> {
    let first: u64 = std::env::var("EMU704_SEED").map_or(0, |s| s.parse().unwrap());
    let soak = std::env::var("EMU704_SOAK").map_or(0, |s| s.parse().unwrap());
    let end = Instant::now() + Duration::from_secs(soak);
    (first..).take_while(move |seed| *seed < first + count || Instant::now() < end)
}

#[test]
fn random_programs() {
    seeds(2_000).for_each(one);
}
