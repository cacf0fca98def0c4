//! The job drums.sap, killed and resumed.

use asm704::Word;
use emu704::config::DrumCount;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

use super::support::{Place, fill_drums, reels};
use crate::common::{Random, assemble, machine_with, run, symbol, text};

use Place::{Drum, Tapes};

/// What the job computes, worked out without the machine.
pub(crate) fn signature() -> Word {
    let mut x: Vec<Word> = (1..=512).map(Word::new).collect();
    let mut y = x.clone();
    for _ in 0..20 {
        for (x, y) in x.iter_mut().zip(&mut y) {
            *x = x.add_logical(*y);
            *y = y.add_logical(*x);
        }
    }
    let mut sum = Word::ZERO;
    for (x, y) in x.into_iter().zip(y) {
        sum = sum.add_logical(sum).add_logical(x);
        sum = sum.add_logical(sum).add_logical(y);
    }
    sum
}

/// A machine of its own with these drums, where the operator puts the two stores.
struct Host {
    core: CoreSize,
    drums: u8,
    places: [Place; 2],
    seed: u64,
}

/// Runs for so many cycles, answering at STSTP1.
fn live(
    mut machine: Machine,
    mut mounts: Reels,
    host: &Host,
    asked: u16,
    cycles: u64,
) -> (Machine, Reels, Stop) {
    machine.console.sense_switches[0] = true;
    let until = machine.cycles() + cycles;
    let mut answers = host.places.iter();
    loop {
        let left = until.saturating_sub(machine.cycles());
        let stop = run(&mut machine, &mut mounts, left);
        if (stop.kind, stop.at) != (StopKind::Htr, asked) {
            return (machine, mounts, stop);
        }
        machine.cpu.mq = answers.next().unwrap().word();
        machine.start(&mut mounts);
    }
}

fn cold_start(host: &Host, bytes: Vec<u8>) -> (Machine, Reels) {
    let mut config = Config::with_core(host.core);
    config.drums = DrumCount::try_from(host.drums).unwrap();
    let mut machine = Machine::power_on(config, host.seed);
    fill_drums(&mut machine, host.seed);
    let mut mounts = reels(bytes);
    machine.clear(&mut mounts);
    machine.load(&mut mounts, LoadKey::Tape);
    (machine, mounts)
}

/// The job is killed at random moments, in its rounds, in a checkpoint or while its stores are put back. The operator
/// keeps a reel until another is whole, and each machine has other drums and a core of another size.
#[test]
fn the_job_survives_any_number_of_lives() {
    let job = assemble(&text("programs/drums.sap"));
    let (sum, asked) = (symbol(&job, "SUM"), symbol(&job, "STSTP1"));
    let end = symbol(&job, "GETXY") - 1;
    let places = [
        (8, [Drum(1, 0), Drum(2, 1024)]),
        (0, [Tapes(3), Tapes(5)]),
        (1, [Drum(1, 1536), Drum(1, 0)]),
        (0, [Tapes(9), Tapes(7)]),
        (4, [Drum(4, 100), Tapes(3)]),
    ];
    let (mut lives, mut cut) = (0, 0);
    for seed in 1..6 {
        let mut random = Random(seed * 77);
        let mut good: Option<Vec<u8>> = None;
        loop {
            lives += 1;
            let (drums, places) = places[random.below(5) as usize];
            let core = [CoreSize::K4, CoreSize::K8, CoreSize::K32][random.below(3) as usize];
            let host = Host { core, drums, places, seed: random.next() };
            let (machine, mounts) = match &good {
                Some(bytes) => cold_start(&host, bytes.clone()),
                None => (machine_with(&job, CoreSize::K4), reels(Vec::new())),
            };
            let cycles = 100_000 + random.below(1_900_000);
            let (mut machine, mut mounts, stop) = live(machine, mounts, &host, asked, cycles);
            if (stop.kind, stop.at) == (StopKind::Htr, end) {
                assert_eq!(machine.core.peek(sum), signature(), "seed {seed}");
                break;
            }
            assert_eq!(stop.kind, StopKind::Limit, "{stop:?}");
            machine.power_off(&mut mounts).unwrap();
            let reel = mounts.bytes(1).unwrap();
            drop((machine, mounts));

            // is that reel whole? If it stops coded, the one before is loaded again
            let (machine, mounts) = cold_start(&host, reel.clone());
            let (_, _, stop) = live(machine, mounts, &host, asked, 1_500_000);
            if stop.kind == StopKind::Limit || stop.at == end {
                good = Some(reel);
            } else {
                cut += 1;
                assert!(matches!(stop.kind, StopKind::Htr | StopKind::ReadWriteCheck), "{stop:?}");
            }
        }
    }
    assert!(lives > 15 && cut > 3, "{lives} lives, {cut} reels that were not whole");
}
