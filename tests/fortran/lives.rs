//! A job with COMMON, tape statements and a subroutine, which is killed at any moment and resumed on any machine, many times.

use emu704::{CoreSize, StopKind};

use super::support::{CORES, Deck, Room, hopper, main_program, origins};
use crate::common::Random;

/// Each call of SUB writes ten words on tape 3, reads them back and adds them up: 10 times 1 + 2 + ... + 20. The reel is
/// never freed, so TPOUTP makes checkpoints, too. The array, I and SUM are in COMMON, from 77461 down.
const MAIN: &str = "\
ROOM   BSS 300
MAIN   TSX LARGER,4
       TSX Z,0
       TSX TPINIT,4
       STZ SUM
       CLA ONE
       STO I
LOOP   TSX SUB,4
       CLA I
       ADD ONE
       STO I
       SUB LIMIT
       TMI LOOP
       TSX PRTINT,4
       TSX SUM,0
DONE   HTR *
SUB    SXD X4,4
       TSX TPOUTP,4
       TSX N3,0
       LXA TEN,1
       CLA I
       STO SUM,1
       TIX *-1,1,1
       TSX TPWRIT,4
       TSX N3,0
       TSX A,0
       TSX M,0
       TSX TPINPT,4
       TSX N3,0
       TSX CHKPNT,4
       LXA TEN,1
       STZ SUM,1
       TIX *-1,1,1
       TSX TPREAD,4
       TSX N3,0
       TSX A,0
       TSX M,0
       TSX IEND,0
       LXA TEN,1
       CLA SUM
       ADD SUM,1
       TIX *-1,1,1
       STO SUM
       LXD X4,4
       TRA 1,4
ONE    PZE 0,0,1
LIMIT  PZE 0,0,21
N3     PZE 0,0,3
M      PZE 0,0,10
TEN    PZE 10
X4     PZE 0
IEND   PZE 0
I      EQU 32561
SUM    EQU 32560
A      EQU 32559
Z      EQU 32550
";
const NAMES: [&str; 8] = ["LARGER", "TPINIT", "TPOUTP", "TPWRIT", "TPINPT", "TPREAD", "CHKPNT", "PRTINT"];

#[test]
fn a_job_with_common_and_tapes_outlives_its_machines() {
    let decks = [main_program(&NAMES, MAIN), Deck::file("prtint"), Deck::file("tapstr")];
    let decks = decks.each_ref();
    let done = origins(&decks)[0] + decks[0].symbol("DONE");
    let mut random = Random(1957);
    let runs = if std::env::var_os("EMU704_EXHAUSTIVE").is_some() { 60 } else { 4 };
    let mut lives = 0;
    for run in 0..runs {
        let mut room = Room::load_cards(CoreSize::K4, hopper(CoreSize::K4, &decks), random.next());
        // until the first checkpoint is complete there is nothing to resume
        room.run_to(origins(&decks)[2] + decks[2].symbol("FTNRED"));
        let mut told = Vec::new();
        loop {
            let stop = room.run(random.below(4_000_000));
            lives += 1;
            if stop.kind != StopKind::Limit {
                assert_eq!((stop.kind, stop.at), (StopKind::Htr, done), "{run}: {told:?}");
                assert_eq!(room.paper().trim_start_matches('\n'), "002100\n", "{run}: {told:?}");
                break;
            }
            let reels = room.power_off();
            let core = CORES[random.below(3) as usize];
            told.push(core);
            room = Room::load_tape(core, &reels, random.next());
        }
    }
    assert!(lives > runs * 3, "{lives} lives in {runs} runs");
}
