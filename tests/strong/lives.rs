//! Whole jobs, killed and resumed, and where the promise ends.

use asm704::media::tape::{TapeFormat, TapeImage};
use emu704::reels::Reels as Mounts;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

use super::support::{PATIENCE, Reels, blank_reels, bytes, items};
use crate::common::{Random, assemble, put, run};

/// Where the promise ends: a program that keeps a complement other than the link of the call goes wrong on a machine of
/// another size, and is right on one of its own.
#[test]
fn a_program_outside_the_promise() {
    let source = "       ORG 50\n       TSX SUB,4\n       HTR *,,1\nSUB    SXD MINE,4\n       TSX CHKPNT,4\n       LXD MINE,4\n       TRA 1,4\nMINE   PZE 0\n       ORG 100\nCHKSTR LIB\n       END 50\n";
    let output = assemble(source);
    let mut machine = Machine::new(Config::with_core(CoreSize::K4));
    put(&mut machine, &output);
    machine.set_start(50);
    let mut mounts = blank_reels();
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 51));
    let reels = bytes(&mut mounts);
    let resumed = |core: CoreSize| {
        let mut machine = Machine::power_on(Config::with_core(core), 3);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, reels[0].clone(), true).unwrap();
        mounts.mount_memory(2, reels[1].clone(), true).unwrap();
        machine.clear(&mut mounts);
        machine.load(&mut mounts, LoadKey::Tape);
        run(&mut machine, &mut mounts, PATIENCE)
    };
    assert_eq!(resumed(CoreSize::K4).at, 51);
    // The complement of 50 in a core of 4,096 is 4,046: on 8,192 words the return goes 4,096 words too far, into zeros.
    let astray = resumed(CoreSize::K8);
    assert_eq!((astray.kind, astray.at), (StopKind::Htr, 4096 + 51));
}

/// A run that is killed and resumed again and again, on machines of any size, its reels changing their form between:
/// the answer is the undisturbed one.
#[test]
fn a_job_survives_any_number_of_lives_on_any_mixture_of_machines() {
    let output = assemble(&crate::common::text("programs/primes.sap"));
    let answer = |machine: &mut Machine| {
        let text = machine.io.printer.tear_off();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("CHKPNT")).collect();
        lines.join("\n")
    };
    let start = |core: CoreSize| {
        let mut machine = crate::common::machine_with(&output, core);
        machine.console.sense_switches[1] = true;
        machine
    };
    let mut machine = start(CoreSize::K4);
    machine.console.sense_switches[1] = false;
    let stop = run(&mut machine, &mut Mounts::new(), PATIENCE);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    let undisturbed = answer(&mut machine);
    // 2,262 primes below 20,000, the last 19,997 (any table of primes); the sum computed here
    let is_prime = |n: u32| n > 1 && (2..142).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
    let primes: Vec<u32> = (2..20_000).filter(|&n| is_prime(n)).collect();
    assert_eq!(primes.len(), 2262);
    let sum: u32 = primes.iter().sum();
    assert_eq!(
        undisturbed,
        format!("{:06} PRIMES, THE LAST {:06}, THEIR SUM {sum:012}", primes.len(), primes[primes.len() - 1])
    );

    let lives = if std::env::var_os("EMU704_EXHAUSTIVE").is_some() { 400 } else { 100 };
    let mut random = Random(1955);
    let mut reels: Reels = [Vec::new(), Vec::new()];
    let mut machine = start(CoreSize::K4);
    let mut mounts = blank_reels();
    let (mut ended, mut begun) = (0, 1);
    // resumes by core and by whether a reel was P7B, and those from tape 2 or with the dials swapped
    let mut mixture = std::collections::BTreeMap::<(usize, bool), u32>::new();
    let mut swaps = 0;
    for _ in 0..lives {
        let span = 300_000 + random.below(2_500_000);
        let until = machine.cycles() + span;
        let stop = machine.run(&mut mounts, until);
        if stop.kind == StopKind::Htr {
            machine.settle(&mut mounts).unwrap();
            assert_eq!(answer(&mut machine), undisturbed);
            ended += 1;
            machine = start(CoreSize::K4);
            mounts = blank_reels();
            reels = [Vec::new(), Vec::new()];
            begun += 1;
            continue;
        }
        assert_eq!(stop.kind, StopKind::Limit, "{stop:?}");
        machine.power_off(&mut mounts).unwrap();
        for (unit, reel) in (1..).zip(&mut reels) {
            let form = if random.below(2) == 0 { TapeFormat::Simh } else { TapeFormat::P7b };
            let mut image = TapeImage::create(Vec::new(), form).unwrap();
            let written = mounts.bytes(unit).unwrap();
            if !written.is_empty() {
                image.replace_tail(0, &items(&written)).unwrap();
            }
            *reel = image.into_store();
        }
        let core = [CoreSize::K4, CoreSize::K8, CoreSize::K32][random.below(3) as usize];
        let p7b = |reel: &Vec<u8>| TapeImage::open(reel.clone()).unwrap().format() == TapeFormat::P7b;
        let any_p7b = reels.iter().any(p7b);
        let mut resumed = None;
        for swapped in [false, true] {
            let mut next = Machine::power_on(Config::with_core(core), random.next());
            next.console.sense_switches[1] = true;
            let mut reels_on = Mounts::new();
            reels_on.mount_memory(1, reels[usize::from(swapped)].clone(), true).unwrap();
            reels_on.mount_memory(2, reels[usize::from(!swapped)].clone(), true).unwrap();
            next.clear(&mut reels_on);
            next.load(&mut reels_on, LoadKey::Tape);
            // until the finder has done its work: nothing but the program is at 64 and above
            let stop = next.run(&mut reels_on, 120_000_000.min(next.cycles() + 2_000_000));
            if stop.kind == StopKind::Limit || stop.kind == StopKind::Htr && stop.at > 0o400 {
                resumed = Some((next, reels_on));
                *mixture.entry((core.words(), any_p7b)).or_default() += 1;
                swaps += u32::from(swapped);
                break;
            }
        }
        if let Some(next) = resumed {
            (machine, mounts) = next;
        } else {
            // killed before the first checkpoint was whole
            machine = start(CoreSize::K4);
            mounts = blank_reels();
            begun += 1;
        }
    }
    println!(
        "{ended} of {begun} runs came to their end; resumes {mixture:?}, {swaps} with the dials swapped"
    );
    assert!(ended >= 2, "{ended} runs came to their end, {begun} were begun");
    assert_eq!(mixture.len(), 6, "all three machines, with .tap alone and with P7B: {mixture:?}");
}
