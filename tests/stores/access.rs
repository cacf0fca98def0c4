//! STREAD and STWRIT, and what STOPEN and the second life refuse.

use asm704::Word;
use asm704::assemble::{Options, assemble_with};
use emu704::{CoreSize, StopKind};

use super::support::{BLOCK, CYCLES, Job, Place, reels};
use crate::common::{Random, root, run};

use Place::{Drum, Tapes};

/// Blocks in any order on a pair of tapes, on drums, and a checkpoint in the middle of a pass.
#[test]
fn a_store_on_tape_reads_and_writes_any_block() {
    let stores = [(Tapes(3), 6), (Drum(1, 5), 3), (Tapes(6), 3)];
    let job = Job::new(CoreSize::K4, &stores, false, "ANY");
    for seed in 1..4 {
        let mut mounts = reels(Vec::new());
        let (mut machine, mut model) = job.arbitrary(seed, &mut mounts);
        let mut random = Random(seed);
        machine.cpu.trapping = false;
        for round in 0..60 {
            let store = random.below(3) as usize;
            let block = random.below(u64::from(stores[store].1)) as u16;
            let part = usize::from(block * BLOCK)..usize::from((block + 1) * BLOCK);
            if random.below(2) == 0 {
                let data: Vec<Word> = (0..BLOCK).map(|_| random.word()).collect();
                job.write(&mut machine, &mut mounts, store, block, &data);
                model[store][part].copy_from_slice(&data);
            } else {
                let found = job.read(&mut machine, &mut mounts, store, block);
                assert_eq!(found, model[store][part], "round {round}: store {store}, block {block}");
            }
            if round % 20 == 19 {
                machine.set_start(job.setting.call);
                let stop = run(&mut machine, &mut mounts, CYCLES);
                assert!(job.setting.resumed(&machine, &stop), "{stop:?}");
                let places = [Drum(8, 0), Tapes(4), Drum(7, 2048 - 3 * BLOCK)];
                let bytes = mounts.bytes(1).unwrap();
                let (mut second, mut others, stop) = job.second_life(CoreSize::K4, 8, bytes, seed, &places);
                assert!(job.setting.resumed(&second, &stop), "{stop:?}");
                assert_eq!(job.read_all(&mut second, &mut others), model, "round {round}");
            }
        }
        assert_eq!(job.read_all(&mut machine, &mut mounts), model);
    }
}

/// A tape that has never been written reads as zeros, for STOPEN writes them.
#[test]
fn a_store_on_tape_begins_with_zeros() {
    let job = Job::new(CoreSize::K4, &[(Tapes(3), 4)], false, "ZEROS");
    let mut mounts = reels(Vec::new());
    let mut machine = job.setting.arbitrary(4);
    machine.cpu.trapping = false;
    machine.set_start(100);
    assert_eq!(run(&mut machine, &mut mounts, CYCLES).at, 103);
    for block in [3, 0, 2] {
        assert_eq!(job.read(&mut machine, &mut mounts, 0, block), vec![Word::ZERO; usize::from(BLOCK)]);
    }
}

#[test]
fn a_store_or_block_that_is_not_there_is_refused() {
    let job = Job::new(CoreSize::K4, &[(Drum(1, 0), 4), (Drum(2, 0), 1)], false, "NONE");
    let mut mounts = reels(Vec::new());
    let (machine, _) = job.arbitrary(3, &mut mounts);
    for (store, block) in [(0, 4), (1, 1), (2, 0), (7, 0), (0, 2000)] {
        let mut machine = machine.clone();
        machine.cpu.trapping = false;
        let stop = job.refused(&mut machine, &mut mounts, store, block);
        assert!(job.is_at(&stop, "STSTP6"), "{store} {block}: {stop:?}");
        assert_eq!(Job::code(&machine, &stop), 16);
    }
}

/// Places that will not do, at STOPEN: STSTP2, and then STSTP1, until the operator has entered one that will.
#[test]
fn a_place_that_will_not_do_is_refused_by_stopen() {
    let end = 2048 - 4 * BLOCK;
    for bad in [
        Drum(1, end + 1), // goes beyond the drum
        Drum(2, end),     // where store 1 is
        Drum(2, end - 1),
        Drum(9, 0),
        Drum(0, 0),
        Tapes(1), // the checkpoint's own reel, and the other one of the strong routine
        Tapes(2),
        Tapes(10), // there is no tape 11
    ] {
        let job = Job::new(CoreSize::K4, &[(Drum(2, end + BLOCK), 3), (bad, 4)], false, "BAD");
        let mut machine = job.setting.arbitrary(4);
        machine.cpu.trapping = false;
        let mut mounts = reels(Vec::new());
        machine.set_start(100);
        let stop = run(&mut machine, &mut mounts, CYCLES);
        assert!(job.is_at(&stop, "STSTP2"), "{bad:?}: {stop:?}");
        assert_eq!(Job::code(&machine, &stop), 12);
        machine.start(&mut mounts);
        let stop = run(&mut machine, &mut mounts, CYCLES);
        assert!(job.is_at(&stop, "STSTP1"), "{bad:?}: {stop:?}");
        assert_eq!(Job::code(&machine, &stop), 11);
        assert_eq!((machine.cpu.ac.word().bits(), machine.cpu.mq), (2, bad.word()));
        machine.cpu.mq = Drum(2, end - 3 * BLOCK).word();
        machine.start(&mut mounts);
        let stop = run(&mut machine, &mut mounts, CYCLES);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, 106), "{bad:?}: {stop:?}");
    }
}

/// In the second life, too; and the places of the first life that are not yet taken are free.
#[test]
fn the_second_life_refuses_a_place_that_will_not_do() {
    let stores = [(Drum(1, 0), 3), (Drum(2, 0), 3), (Drum(3, 0), 3)];
    let job = Job::new(CoreSize::K4, &stores, false, "SWAP");
    let (bytes, _, words) = job.checkpoint(5, Vec::new());
    let good = [Drum(2, 0), Drum(1, 0), Drum(1, 3 * BLOCK)];
    let (mut machine, mut mounts, stop) = job.second_life(CoreSize::K4, 8, bytes.clone(), 6, &good);
    assert!(job.setting.resumed(&machine, &stop), "{stop:?}");
    assert_eq!(job.read_all(&mut machine, &mut mounts), words);
    for bad in [
        [Tapes(3), Tapes(4), Drum(1, 0)],
        [Tapes(3), Tapes(3), Drum(1, 0)],
        [Drum(2, 0), Drum(2, 3 * BLOCK - 1), Drum(1, 0)],
    ] {
        let (machine, _, stop) = job.second_life(CoreSize::K4, 8, bytes.clone(), 6, &bad);
        assert!(job.is_at(&stop, "STSTP2"), "{bad:?}: {stop:?}");
        assert_eq!(machine.core.peek(stop.at).address(), stop.at + 1, "START leads on");
    }
}

/// TAPE CHECK at the call is untouched in the first life if the stores are on drums; a store on tape would lose it, and
/// so it stops.
#[test]
fn tape_check_at_the_call_is_kept_or_stops() {
    for (place, kept) in [(Drum(1, 0), true), (Tapes(3), false)] {
        let job = Job::new(CoreSize::K4, &[(place, 2)], false, "CHECK");
        let mut mounts = reels(Vec::new());
        let (mut machine, _) = job.arbitrary(5, &mut mounts);
        machine.cpu.tape_check = true;
        let mut stop = run(&mut machine, &mut mounts, CYCLES);
        if !kept {
            assert!(job.is_at(&stop, "STSTP5"), "{stop:?}");
            assert_eq!(Job::code(&machine, &stop), 15);
            machine.start(&mut mounts);
            stop = run(&mut machine, &mut mounts, CYCLES);
        }
        assert!(job.setting.resumed(&machine, &stop), "{stop:?}");
        assert_eq!(machine.cpu.tape_check, kept);
    }
}

/// A scratch reel with a wrong character: the job stops, START reads again, and once the reel reads well it goes on.
#[test]
fn a_bad_block_on_tape_stops_and_is_read_again() {
    let job = Job::new(CoreSize::K4, &[(Tapes(3), 3)], false, "BADTAP");
    let mut mounts = reels(Vec::new());
    let (mut machine, words) = job.arbitrary(5, &mut mounts);
    machine.cpu.trapping = false;
    let good: Vec<Vec<u8>> = [3, 4].iter().map(|&unit| mounts.bytes(unit).unwrap()).collect();
    for unit in [3, 4] {
        let mut bad = good[usize::from(unit) - 3].clone();
        bad[40] ^= 0o100;
        mounts.mount_memory(unit, bad, true).unwrap();
        machine.mount_at_load_point(unit);
    }
    for _ in 0..2 {
        let stop = job.refused(&mut machine, &mut mounts, 0, 0);
        assert!(job.is_at(&stop, "STSTP4"), "{stop:?}");
        assert_eq!(Job::code(&machine, &stop), 14);
    }
    for unit in [3, 4] {
        mounts.mount_memory(unit, good[usize::from(unit) - 3].clone(), true).unwrap();
        machine.mount_at_load_point(unit);
    }
    machine.start(&mut mounts);
    let stop = run(&mut machine, &mut mounts, CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 203), "{stop:?}");
    let found: Vec<Word> =
        (super::support::DATA..super::support::DATA + BLOCK).map(|at| machine.core.peek(at)).collect();
    assert_eq!(found, words[0][..usize::from(BLOCK)]);
}

/// With the strong routine, whose finder does not know store records, or with the forty words, a program is flagged
/// when it is assembled.
#[test]
fn the_stores_go_with_the_plain_routine_only() {
    let lib = root().join("programs/lib");
    for (routine, right) in [("CHKPNT", true), ("CHKSTR", false), ("CHKFTY", false)] {
        let source = format!(
            "STOBLK SYN 32\nSTONUM SYN 1\nCHKCOR SYN 4096\n       ORG 100\nSTOJOB BCD 1FLAGS\n{routine} LIB\nCHKSTO LIB\n       END 100\n"
        );
        let output =
            assemble_with(&source, &Options::default(), &mut |name| asm704::library::routine(&lib, name));
        let flagged: Vec<String> = output.diagnostics().map(|d| d.message.clone()).collect();
        assert_eq!(flagged.is_empty(), right, "{routine}: {flagged:?}");
        if !right {
            assert!(flagged.iter().any(|m| m.contains("CHKMAX") || m.contains("CHKPLC")), "{flagged:?}");
        }
    }
}
