//! Docs/stores.md: its figures are worked out here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use asm704::Word;
use asm704::assemble::Output;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{CoreSize, LoadKey, Machine, StopKind};

use super::support::{CYCLES, Place, reels};
use crate::common::{assemble, machine_with, run, symbol, text};

fn assert_in_document(line: &str) {
    assert!(text("docs/stores.md").contains(line), "docs/stores.md lacks:\n{line}\n");
}

/// A job that has four whole logical drums: the calls of STOPEN, the checkpoint at 200, and at 202 each block of store 1
/// read and written, first to last, and then at 230 the last and the first written.
fn job(block: u16) -> Output {
    let mut source = format!("STOBLK SYN {block}\nSTONUM SYN 4\n       ORG 100\n");
    for store in 1..=4 {
        let _ = write!(
            source,
            "       TSX STOPEN,4\n       OCT 30{store}\n       PZE {store},,{}\n",
            2048 / block
        );
    }
    let last = 2048 / block - 1;
    let _ = write!(
        source,
        "       HTR *\n       ORG 200\n       TSX CHKPNT,4\n       HTR *\n\
         \x20      LXA ZERO,1\nLOOP   SXD R,1\n       SXD W,1\n       TSX STREAD,4\nR      PZE DATA\n       PZE 1\n\
         \x20      TSX STWRIT,4\nW      PZE DATA\n       PZE 1\n       TXI *+1,1,1\n       TXL LOOP,1,{last}\n       HTR *\n\
         \x20      ORG 230\n       TSX STWRIT,4\n       PZE DATA,,{last}\n       PZE 1\n       TSX STWRIT,4\n       PZE DATA\n       PZE 1\n\
         \x20      HTR *\nZERO   PZE 0\nSTOJOB BCD 1MEASUR\nCHKPNT LIB\nCHKSTO LIB\nDATA   BSS {block}\n       END 100\n"
    );
    assemble(&source)
}

struct Measured {
    words: u16,
    dump: u64,
    load: u64,
    drum_sweep: u64,
    tape_sweep: u64,
    two_writes: u64,
    slack: BTreeMap<&'static str, u64>,
}

/// From one halt to the next, in cycles.
fn part(machine: &mut Machine, mounts: &mut emu704::reels::Reels, from: u16, to: u16) -> u64 {
    machine.set_start(from);
    let begin = machine.cycles();
    let stop = run(machine, mounts, CYCLES);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, to), "{stop:?}");
    machine.cycles() - begin
}

fn measured(block: u16) -> Measured {
    let output = job(block);
    let at = |name: &str| symbol(&output, name);
    let mut slack = BTreeMap::<&'static str, u64>::new();
    let mut note = |machine: &Machine, names: &[(&'static str, u16)]| {
        for (name, place) in names {
            let seen = machine.io.slack()[place].least.0 / TICKS_PER_CYCLE;
            slack.entry(name).and_modify(|l| *l = seen.min(*l)).or_insert(seen);
        }
    };
    let copies = [("drum", at("S$CP"))];
    let writing = [("label out", at("S$X")), ("block out", at("S$Y")), ("sum out", at("S$Y") + 4)];
    let reading = [("label in", at("S$ZB")), ("block in", at("S$ZC")), ("sum in", at("S$ZC") + 5)];

    let plain = |open: bool, mounts: &mut emu704::reels::Reels| {
        let mut machine = machine_with(&output, CoreSize::K4);
        if open {
            part(&mut machine, mounts, 100, 112);
        }
        machine
    };
    // without STOPEN it is the plain routine
    let mut mounts = reels(Vec::new());
    let mut machine = plain(false, &mut mounts);
    let alone = part(&mut machine, &mut mounts, 200, 201);
    let mut mounts = reels(Vec::new());
    let mut machine = plain(true, &mut mounts);
    let dump = part(&mut machine, &mut mounts, 200, 201) - alone;
    let drum_sweep = part(&mut machine, &mut mounts, 202, 213);
    note(&machine, &copies);
    note(&machine, &writing);

    let bytes = mounts.bytes(1).unwrap();
    let second = |places: &[Place]| {
        let mut mounts = reels(bytes.clone());
        let mut machine = machine_with(&output, CoreSize::K4);
        machine.clear(&mut mounts);
        machine.load(&mut mounts, LoadKey::Tape);
        let begin = machine.cycles();
        let mut stop = run(&mut machine, &mut mounts, CYCLES);
        let mut asked = 0;
        for place in places {
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, at("STSTP1")), "{stop:?}");
            asked = asked.max(machine.cycles() - begin);
            machine.cpu.mq = place.word();
            machine.start(&mut mounts);
            stop = run(&mut machine, &mut mounts, CYCLES);
        }
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, 201), "{stop:?}");
        let cycles = machine.cycles() - begin;
        (machine, mounts, cycles, asked)
    };
    let (machine, _, cycles, asked) = second(&[1, 2, 3, 4].map(|drum| Place::Drum(drum, 0)));
    note(&machine, &reading);
    note(&machine, &copies);
    let load = cycles - asked;
    let (mut machine, mut mounts, _, _) = second(&[3, 5, 7, 9].map(Place::Tapes));
    let tape_sweep = part(&mut machine, &mut mounts, 202, 213);
    let two_writes = part(&mut machine, &mut mounts, 230, 236);
    assert_eq!(machine.core.peek(at("ZERO")), Word::ZERO);
    Measured { words: at("STOLEN"), dump, load, drum_sweep, tape_sweep, two_writes, slack }
}

fn seconds(cycles: u64) -> String {
    format!("{:.1} s", cycles as f64 * 12e-6)
}

#[test]
fn the_figures_of_the_stores() {
    for block in [128, 256, 512] {
        let m = measured(block);
        assert_in_document(&format!(
            "| {block} | {} | {} | {} | {} | {} |",
            seconds(m.dump),
            seconds(m.load),
            seconds(m.drum_sweep),
            seconds(m.tape_sweep),
            seconds(m.two_writes)
        ));
        assert_in_document(&format!("The routine has {} words and eight for each store", m.words - 4 * 8));
        let expected: Vec<String> = m.slack.iter().map(|(name, cycles)| format!("{name} {cycles}")).collect();
        assert_in_document(&format!(
            "Slack of the CPYs with blocks of {block}, in cycles: {}.",
            expected.join(", ")
        ));
    }
}

/// Every coded halt is in the table with its code, and in the listing.
#[test]
fn every_halt_of_the_stores_is_in_the_table() {
    let output = job(128);
    let (document, listing) = (text("docs/stores.md"), text("programs/lib/chksto.sap"));
    let image: BTreeMap<u16, Word> = output.core_image().collect();
    for n in 1..=6 {
        let name = format!("STSTP{n}");
        let code = image[&symbol(&output, &name)].decrement();
        assert!(document.contains(&format!("| `{name}` | {code} | ")), "{name} {code}");
        assert!(listing.contains(&format!("REM {name} {code} ")), "{name} {code}");
    }
}

/// The program that the page prints of a job's cards is one that assembles and runs.
#[test]
fn the_cards_of_the_page_are_a_job() {
    let document = text("docs/stores.md");
    let (_, cards) = document.split_once("```text\nSTOBLK").unwrap();
    let (cards, _) = cards.split_once("```").unwrap();
    let output = assemble(&format!("STOBLK{cards}"));
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = reels(Vec::new());
    let stop = run(&mut machine, &mut mounts, CYCLES);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    let kept = machine.drum(2).unwrap().unwrap()[512];
    assert_eq!((kept, machine.cpu.ac.word()), (Word::new(42), Word::new(42)));
}
