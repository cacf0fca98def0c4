//! Both lives: core, registers, and the stores on whatever the new machine has.

use emu704::{CoreSize, StopKind};

use super::support::{BLOCK, CYCLES, Job, Place, fill_drums, reels};
use crate::checkpoint::support::assert_same;
use crate::common::{assemble, machine_with, run, symbol};

use Place::{Drum, Tapes};

const STORES: [(Place, u16); 3] = [(Drum(1, 0), 5), (Drum(1, 1000), 3), (Drum(4, 2048 - 2 * BLOCK), 2)];

/// Where the second machine has the three stores, and its drums.
const SECOND: [(u8, [Place; 3]); 5] = [
    (8, [Drum(1, 0), Drum(1, 1000), Drum(4, 2048 - 2 * BLOCK)]),
    (8, [Drum(8, 7), Drum(1, 0), Drum(2, 2048 - 2 * BLOCK)]),
    (2, [Drum(2, 160), Drum(2, 0), Drum(1, 1)]),
    (1, [Drum(1, 100), Tapes(3), Drum(1, 1000)]),
    (0, [Tapes(5), Tapes(3), Tapes(9)]),
];

#[test]
fn everything_comes_back_with_the_stores() {
    for (seed, core, trapping) in
        [(1, CoreSize::K4, false), (2, CoreSize::K4, true), (3, CoreSize::K8, false)]
    {
        let job = Job::new(core, &STORES, trapping, "LIVES");
        let (bytes, machine, words) = job.checkpoint(seed, Vec::new());
        let expected = job.setting.promised(&machine);
        drop(machine);
        for (n, (drums, places)) in SECOND.iter().enumerate() {
            let (mut machine, mut mounts, stop) =
                job.second_life(core, *drums, bytes.clone(), seed + 10 * n as u64, places);
            assert!(job.setting.resumed(&machine, &stop), "{places:?}: {stop:?}");
            assert_same(&expected, &job.setting.promised(&machine), "second life", seed);
            assert_eq!(machine.tape_unit(1).place(), 0, "the reel is rewound");
            assert_eq!(job.read_all(&mut machine, &mut mounts), words, "{places:?}");
        }
    }
}

/// From one machine to the next and back to drums, a checkpoint in each.
#[test]
fn a_second_life_makes_a_checkpoint_of_its_own() {
    let job = Job::new(CoreSize::K4, &STORES, false, "AGAIN");
    let (mut bytes, _, words) = job.checkpoint(5, Vec::new());
    for (n, (drums, places)) in SECOND.iter().chain(&SECOND[..1]).enumerate() {
        let (mut machine, mut mounts, stop) = job.second_life(CoreSize::K4, *drums, bytes, n as u64, places);
        assert!(job.setting.resumed(&machine, &stop), "{stop:?}");
        assert_eq!(job.read_all(&mut machine, &mut mounts), words, "{places:?}");
        machine.cpu.trapping = false;
        machine.set_start(job.setting.call);
        let stop = run(&mut machine, &mut mounts, CYCLES);
        assert!(job.setting.resumed(&machine, &stop), "{stop:?}");
        assert_eq!(job.read_all(&mut machine, &mut mounts), words, "{places:?}");
        bytes = mounts.bytes(1).unwrap();
    }
}

#[test]
fn an_image_of_4k_takes_its_stores_to_8k() {
    let job = Job::new(CoreSize::K4, &STORES, false, "LARGER");
    let (bytes, machine, words) = job.checkpoint(6, Vec::new());
    let (cpu, core) = job.setting.promised(&machine);
    for (drums, places) in SECOND {
        let (mut machine, mut mounts, stop) = job.second_life(CoreSize::K8, drums, bytes.clone(), 7, &places);
        assert!(job.setting.resumed(&machine, &stop), "{stop:?}");
        let (second, larger) = job.setting.promised(&machine);
        assert_eq!((second.ac, second.mq), (cpu.ac, cpu.mq));
        assert_eq!((second.xr[0], second.xr[1]), (cpu.xr[0], cpu.xr[1]));
        assert_eq!(second.xr[2], job.setting.call.wrapping_neg() & 0o17777, "right in the larger core");
        assert_eq!(larger[..4096], core[..]);
        assert_eq!(job.read_all(&mut machine, &mut mounts), words);
    }
}

/// A word that a job has on drum 1, by its own instructions, is there in the second life.
#[test]
fn forty_two_is_on_the_drum_of_the_second_machine() {
    let job = assemble(
        "STOBLK SYN 256\nSTONUM SYN 1\n       ORG 100\n       TSX STOPEN,4\n       OCT 301\n       PZE 1,,8\n\
         \x20      WDR 1\n       LDA PLACE\n       CPY N\n       TSX CHKPNT,4\n\
         \x20      RDR 1\n       LDA PLACE\n       CPY GOT\n       HTR *\n\
         PLACE  PZE 1000\nN      PZE 42\nGOT    PZE 0\nSTOJOB BCD 1FORTY2\nCHKPNT LIB\nCHKSTO LIB\n       END 100\n",
    );
    let (stopped, got) = (100 + 10, symbol(&job, "GOT"));
    let mut machine = machine_with(&job, CoreSize::K4);
    let mut mounts = reels(Vec::new());
    let stop = run(&mut machine, &mut mounts, CYCLES);
    assert_eq!((stop.kind, stop.at, machine.core.peek(got).bits()), (StopKind::Htr, stopped, 42));

    let bytes = mounts.bytes(1).unwrap();
    let (mut machine, mut mounts) = crate::checkpoint::support::cold_start(CoreSize::K4, bytes, 6, true);
    fill_drums(&mut machine, 1);
    let stop = run(&mut machine, &mut mounts, CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&job, "STSTP1")));
    machine.start(&mut mounts);
    let stop = run(&mut machine, &mut mounts, CYCLES);
    assert_eq!((stop.kind, stop.at, machine.core.peek(got).bits()), (StopKind::Htr, stopped, 42));
}

/// The call is three subroutines deep; all of them return.
#[test]
fn a_call_three_deep_returns_to_all_of_its_callers() {
    let job = assemble(
        "STOBLK SYN 16\nSTONUM SYN 1\n       ORG 100\n       TSX STOPEN,4\n       OCT 301\n       PZE 1,,8\n\
         \x20      TSX A,4\n       HTR *\n\
         A      SXD LA,4\n       TSX B,4\n       CLA N\n       ADD N\n       LXD LA,4\n       TRA 1,4\n\
         B      SXD LB,4\n       TSX C,4\n       CLA N\n       ADD N\n       STO N\n       LXD LB,4\n       TRA 1,4\n\
         C      SXD LC,4\n       TSX CHKPNT,4\n       CLA N\n       ADD N\n       STO N\n       LXD LC,4\n       TRA 1,4\n\
         N      PZE 3\nLA     PZE 0\nLB     PZE 0\nLC     PZE 0\nSTOJOB BCD 1DEEP\nCHKPNT LIB\nCHKSTO LIB\n       END 100\n",
    );
    for core in [CoreSize::K4, CoreSize::K8] {
        let mut machine = machine_with(&job, core);
        let mut mounts = reels(Vec::new());
        let stop = run(&mut machine, &mut mounts, CYCLES);
        assert_eq!((stop.kind, stop.at, machine.cpu.ac.word().bits()), (StopKind::Htr, 104, 24));
        let bytes = mounts.bytes(1).unwrap();
        let (mut machine, mut mounts) = crate::checkpoint::support::cold_start(core, bytes, 8, true);
        run(&mut machine, &mut mounts, CYCLES);
        machine.start(&mut mounts);
        let stop = run(&mut machine, &mut mounts, CYCLES);
        assert_eq!((stop.kind, stop.at, machine.cpu.ac.word().bits()), (StopKind::Htr, 104, 24));
    }
}

/// A drum that the machine does not have never answers. The operator loads the reel again and says tapes.
#[test]
fn a_drum_that_is_not_there_is_waited_for_and_the_reel_loads_again() {
    let job = Job::new(CoreSize::K4, &[(Drum(1, 0), 4)], false, "NODRUM");
    let (bytes, machine, words) = job.checkpoint(5, Vec::new());
    let (_, mut mounts, stop) = job.second_life(CoreSize::K4, 0, bytes, 3, &[Drum(1, 0)]);
    assert_eq!(stop.kind, StopKind::Waiting, "{stop:?}");
    let bytes = mounts.bytes(1).unwrap();
    let (mut second, mut mounts, stop) = job.second_life(CoreSize::K4, 0, bytes, 3, &[Tapes(3)]);
    assert!(job.setting.resumed(&second, &stop), "{stop:?}");
    assert_same(&job.setting.promised(&machine), &job.setting.promised(&second), "tapes", 3);
    assert_eq!(job.read_all(&mut second, &mut mounts), words);
}
