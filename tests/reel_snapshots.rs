//! How a person tests the reels of a program: the example of docs/testing-reels.md.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use asm704::assemble::{Options, assemble};
use asm704::assert_reel_snapshot;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};

/// Writes the squares of 1 to 12 as a binary record on tape 5, a title as a BCD record, and a file mark.
const SQUARES: &str = "
       ORG 100
START  WTD 5            THE TITLE
       CPY TITLE
       CPY TITLE+1
       CPY TITLE+2
       WTB 5            THE SQUARES
       LXA TWELVE,1
LOOP   CPY SQUARE       EACH IS THE ONE BEFORE AND AN ODD NUMBER
       CLA SQUARE
       ADD ODD
       STO SQUARE
       CLA ODD
       ADD TWO
       STO ODD
       TIX LOOP,1,1
       WEF 5
       IOD
       HTR START
TITLE  BCD 3SQUARES OF 1 TO 12
TWO    PZE 2
TWELVE PZE 12
ODD    PZE 3
SQUARE PZE 1
       END START
";

#[test]
fn a_program_and_the_reel_it_writes() {
    let program = assemble(SQUARES, &Options::default());
    assert!(!program.is_flagged());

    let mut machine = Machine::new(Config::with_core(CoreSize::K4));
    for (address, word) in program.core_image() {
        machine.core.poke(address, word);
    }
    machine.set_start(program.start().unwrap());
    let mut reels = Reels::new();
    reels.mount_memory(5, Vec::new(), true).unwrap();
    machine.start(&mut reels);
    let stop = machine.run(&mut reels, 1_000_000);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");

    assert_reel_snapshot!("squares", reels.bytes(5).unwrap());
}

/// The reels that are kept in tapes/, by the text of each.
#[test]
fn the_reels_of_the_project() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tapes");
    let mut reels: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "md"))
        .collect();
    reels.sort();
    assert!(!reels.is_empty());
    for path in reels {
        let name = path.file_name().unwrap().to_str().unwrap().replace('.', "-");
        assert_reel_snapshot!(name, std::fs::read(&path).unwrap());
    }
}
