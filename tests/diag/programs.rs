//! The table of the diagnostics, with what their operators do.

use asm704::Word;
use asm704::media::card::Card;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use emu704::io::crt::{Axis, Point};
use emu704::reels::Reels;
use emu704::{Machine, StopKind};

use super::bench::Diagnostic;

/// A program that needs no unit and no operator.
const CPU: Diagnostic =
    Diagnostic { name: "", prepare: |_, _| {}, stops: &[], inspect: |_, _| Ok(()), cycles: 1_000_000 };

/// One that needs a unit.
const UNIT: Diagnostic = Diagnostic { cycles: 5_000_000, ..CPU };

const JUST_START: fn(&mut Machine) = |_| {};

/// All diagnostics.
pub(crate) const ALL: &[Diagnostic] = &[
    Diagnostic { name: "fixed", ..CPU },
    Diagnostic { name: "muldiv", stops: &[(StopKind::DivideCheck, "HALT", JUST_START)], ..CPU },
    Diagnostic { name: "logic", ..CPU },
    Diagnostic { name: "shift", ..CPU },
    Diagnostic {
        name: "transf",
        stops: &[
            (StopKind::Hpr, "HALT1", JUST_START),
            (StopKind::Htr, "HALT2", JUST_START),
            (StopKind::Htr, "HALT3", JUST_START),
        ],
        ..CPU
    },
    Diagnostic { name: "index", ..CPU },
    Diagnostic { name: "float", stops: &[(StopKind::DivideCheck, "HALT", JUST_START)], ..CPU },
    Diagnostic { name: "sense", prepare: switches, ..CPU },
    Diagnostic { name: "trap", stops: &[(StopKind::Htr, "HALT", JUST_START)], ..CPU },
    Diagnostic { name: "tape", prepare: scratch_reel, ..UNIT },
    Diagnostic { name: "redund", prepare: bad_reel, ..UNIT },
    Diagnostic { name: "reelend", prepare: scratch_reel, cycles: 60_000_000, ..UNIT },
    Diagnostic {
        name: "inout",
        prepare: scratch_reel,
        stops: &[
            (StopKind::ReadWriteCheck, "STOP1", JUST_START),
            (StopKind::ReadWriteCheck, "STOP2", JUST_START),
            (StopKind::ReadWriteCheck, "STOP3", JUST_START),
            (StopKind::ReadWriteCheck, "STOP4", JUST_START),
        ],
        ..UNIT
    },
    Diagnostic { name: "drum", stops: &[(StopKind::ReadWriteCheck, "STOP1", JUST_START)], ..UNIT },
    Diagnostic { name: "reader", prepare: cards, ..UNIT },
    Diagnostic { name: "punch", stops: &[(StopKind::Hpr, "STOP1", punched_cards_to_the_reader)], ..UNIT },
    Diagnostic { name: "printr", inspect: paper, ..UNIT },
    Diagnostic { name: "plot", inspect: film, ..UNIT },
];

/// The diagnostic of a name.
pub(crate) fn find(name: &str) -> Diagnostic {
    *ALL.iter().find(|d| d.name == name).unwrap_or_else(|| panic!("no diagnostic {name}"))
}

fn switches(machine: &mut Machine, _: &mut Reels) {
    machine.console.sense_switches = [true, false, true, false, true, false];
}

fn scratch_reel(_: &mut Machine, mounts: &mut Reels) {
    mounts.mount_memory(1, Vec::new(), true).expect("a blank reel");
}

/// The reel that redund.sap describes, with or without what is wrong on it.
pub(crate) fn reel_of_redund(bad_check: bool, bad_parity: bool) -> Vec<u8> {
    // Zeros have odd parity by the seventh bit.
    let first = Record { frames: vec![0o100; 18], error: bad_check };
    let mut second = Record::new(vec![0o100; 12]);
    if bad_parity {
        second.frames[11] = 0;
    }
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).expect("an image");
    image.replace_tail(0, &[Item::Record(first), Item::Record(second)]).expect("two records");
    image.into_store()
}

fn bad_reel(_: &mut Machine, mounts: &mut Reels) {
    mounts.mount_memory(2, reel_of_redund(true, true), false).expect("a reel");
}

/// The card that reader.sap describes.
pub(crate) fn card_of_reader() -> [Word; 24] {
    let text = format!("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-{:34}+", "");
    Card::from_text(&text).expect("characters of the 704").words()
}

fn cards(machine: &mut Machine, _: &mut Reels) {
    machine.put_cards([card_of_reader(), [Word::new(0o123); 24], card_of_reader()]);
}

fn punched_cards_to_the_reader(machine: &mut Machine) {
    let cards = machine.take_punched();
    machine.put_cards(cards.into_iter().map(|card| card.words));
}

fn paper(machine: &mut Machine, _: &mut Reels) -> Result<(), String> {
    let left = "1234567890AJS.)=-+";
    let line = format!("{left:36}Z{:10}8", "");
    let expected = format!("\u{c}{line}\n\n{line:72}{line}\n");
    let text = machine.io.printer.tear_off();
    if text == expected { Ok(()) } else { Err(text) }
}

fn film(machine: &mut Machine, _: &mut Reels) -> Result<(), String> {
    let point = |x, y, bright, axis| Point { x, y, bright, axis };
    let corners = vec![
        point(0, 0, false, None),
        point(1023, 0, false, None),
        point(0, 1023, true, None),
        point(1023, 1023, true, None),
        point(0, 512, false, Some(Axis::X)),
        point(512, 0, false, Some(Axis::Y)),
    ];
    let line: Vec<Point> = (0..64).map(|n| point(16 * n, 16 * n, false, None)).collect();
    let frames: Vec<Vec<Point>> = machine.take_frames(true).into_iter().map(|frame| frame.points).collect();
    if frames == [corners, line] { Ok(()) } else { Err(format!("{frames:?}")) }
}
