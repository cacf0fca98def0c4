//! The routine of forty words, within what it promises: registers and all of core, on one size of core, from a reel
//! that is whole.

use std::fmt::Write as _;

use asm704::Word;
use asm704::assemble::Output;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{Config, CoreSize, Machine, StopKind};

use super::support::{DUMP_CYCLES, cold_start, first_record, image_of_frames, reel};
use crate::common::{Random, assemble, put, run, symbol};

const CALL: u16 = 50;
const ORIGIN: u16 = 100;

fn program(core: CoreSize) -> Output {
    let mut source = format!("CHKCOR SYN {}\n", core.words());
    let _ = write!(source, "       ORG {CALL}\n       TSX CHKFTY,4\n       HTR *\n");
    let _ = write!(source, "       ORG {ORIGIN}\nCHKFTY LIB\n       END {CALL}\n");
    assemble(&source)
}

/// Registers and core without the routine's own words.
type State = ((u64, u64, [u16; 3]), Vec<Word>);

fn state(machine: &Machine) -> State {
    let mut words = machine.core.words()[..machine.core.size().words()].to_vec();
    words[usize::from(ORIGIN)..usize::from(ORIGIN) + 40].fill(Word::ZERO);
    let cpu = &machine.cpu;
    ((cpu.ac.bits(), cpu.mq.bits(), cpu.xr), words)
}

/// Both lives, from arbitrary registers and core; the machine of each, and the record.
fn lives(core: CoreSize, seed: u64) -> [Machine; 2] {
    let output = program(core);
    let mut machine = Machine::power_on(Config::with_core(core), Random(seed | 1).next());
    put(&mut machine, &output);
    machine.cpu.trapping = false;
    machine.set_start(CALL);
    let mut expected = state(&machine);
    expected.0.2[2] = CALL.wrapping_neg() & core.mask();
    let mut mounts = reel(Vec::new());
    let stop = run(&mut machine, &mut mounts, DUMP_CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, CALL + 1), "{stop:?}");
    assert!(state(&machine) == expected, "first life, {core}, seed {seed}");
    assert_eq!(first_record(&mut mounts).frames.len(), 6 * (core.words() + 5));
    let (mut second, mut mounts) = cold_start(core, mounts.bytes(1).unwrap(), seed, false);
    second.cpu.trapping = false;
    let stop = run(&mut second, &mut mounts, DUMP_CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, CALL + 1), "{stop:?}");
    assert!(state(&second) == expected, "second life, {core}, seed {seed}");
    [machine, second]
}

#[test]
fn everything_promised_comes_back() {
    for (core, seeds) in [(CoreSize::K4, 20), (CoreSize::K8, 8), (CoreSize::K32, 3)] {
        (0..seeds).for_each(|seed| drop(lives(core, seed)));
    }
}

/// Words of the routine, and the cycles of a dump and of a cold start of a core.
pub(crate) fn figures(core: CoreSize) -> (u16, u64, u64) {
    let [first, second] = lives(core, 1);
    (symbol(&program(core), "CHKFLN"), first.cycles(), second.cycles())
}

/// The least slack of the CPYs of a dump and of a cold start, in whole cycles.
pub(crate) fn least_slack() -> (u64, u64) {
    let all = [CoreSize::K4, CoreSize::K8, CoreSize::K32].map(|core| {
        lives(core, 1).map(|machine| {
            let slack = machine.io.slack().values().map(|s| s.least.0 / TICKS_PER_CYCLE);
            slack.min().unwrap()
        })
    });
    let least = |n: usize| all.iter().map(|both| both[n]).min().unwrap();
    (least(0), least(1))
}

#[test]
fn it_is_forty_words_and_keeps_its_deadlines() {
    assert_eq!(symbol(&program(CoreSize::K4), "CHKFLN"), 40);
    assert_eq!(least_slack(), (26, 28));
}

/// What it does not do, and the plain routine does: a wrong bit is not seen, half a record is not told from a whole one,
/// an indicator is lost.
#[test]
fn nothing_is_checked() {
    let core = CoreSize::K4;
    let output = program(core);
    let mut machine = Machine::new(Config::with_core(core));
    put(&mut machine, &output);
    machine.cpu.divide_check = true;
    machine.set_start(CALL);
    let mut mounts = reel(Vec::new());
    run(&mut machine, &mut mounts, DUMP_CYCLES);
    let good = first_record(&mut mounts).frames;
    // word 2000 with a wrong bit, and the parity wrong
    let mut frames = good.clone();
    frames[6 * (4 + 4095 - 2000)] ^= 1;
    let (mut second, mut mounts) = cold_start(core, image_of_frames(frames), 2, true);
    assert_eq!(run(&mut second, &mut mounts, DUMP_CYCLES).at, CALL + 1);
    assert_ne!(second.core.peek(2000), machine.core.peek(2000));
    assert!(second.cpu.tape_check, "the light is on, but nothing asks for it");
    assert!(!second.cpu.divide_check);
    // cut in word 2000: the end of record skips to word 4 of a cleared core
    let cut = good[..6 * (4 + 4095 - 2000)].to_vec();
    let (mut second, mut mounts) = cold_start(core, image_of_frames(cut), 2, true);
    let stop = run(&mut second, &mut mounts, DUMP_CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 4));
}
