//! Reels among other files.

use asm704::media::file_kind::{FileKind, Foreign, Place};
use asm704::media::tape::Mode;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage, encode, frame};

use super::{kind, look, refusal};

/// Records of a reel with any bytes, in SIMH's form.
pub(super) fn raw_tap(records: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for record in records {
        let length = (record.len() as u32).to_le_bytes();
        bytes.extend(length);
        bytes.extend(*record);
        bytes.extend(&[0][..record.len() % 2]);
        bytes.extend(length);
    }
    bytes
}

/// A binary record of so many words.
pub(super) fn binary(words: usize) -> Item {
    let frames = (0..6 * words).map(|n| frame(n as u8 & 0o77, Mode::Binary)).collect();
    Item::Record(Record::new(frames))
}

pub(super) fn tap(items: &[Item]) -> Vec<u8> {
    in_form(TapeFormat::Simh, items)
}

fn in_form(form: TapeFormat, items: &[Item]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut previous = 0;
    for item in items {
        bytes.extend(encode(form, item, previous).expect("every form holds it"));
        previous = if let Item::Record(record) = item { record.frames.len() } else { 0 };
    }
    bytes
}

#[test]
fn a_reel_is_a_reel_whatever_its_name() {
    // records of an odd length tell E11 from SIMH
    let odd = Item::Record(Record::new((0..25).map(|n| frame(n, Mode::Binary)).collect()));
    for form in TapeFormat::ALL {
        let bytes = in_form(form, &[odd.clone(), binary(30), Item::Mark, binary(3)]);
        for place in [Place::Program, Place::TapeUnit, Place::Disassembler] {
            assert_eq!(kind(&bytes, place), FileKind::Reel(form), "{place:?}");
        }
        let told = refusal(&bytes, Place::Hopper);
        assert!(told.starts_with(&format!("it is a reel in the form {form}, expected a deck: ")), "{told}");
        assert!(told.contains("--tape N=FILE"), "{told}");
    }
}

/// Zeros look like marks: paper tape begins so.
#[test]
fn zeros_in_front_of_anything_are_no_reel() {
    let bare = |n: usize, rest: &[u8]| [&vec![0; n][..], rest].concat();
    // 64 marks were enough once
    for n in [4, 16, 256, 400, 4_000] {
        let tape = bare(n, b"\x01\x93\x15\x7f\x81\x02\xc0");
        assert_eq!(
            kind(&tape, Place::TapeUnit),
            if n < 8 { FileKind::Unknown } else { FileKind::Foreign(Foreign::PaperTape) },
            "{n}"
        );
        assert!(TapeImage::open(tape.clone()).is_err(), "{n}");
        assert!(TapeImage::open_damaged(tape).is_err(), "{n}");
        // the same in front of a whole record is a reel
        let reel = bare(n, &tap(&[binary(2)]));
        assert_eq!(kind(&reel, Place::TapeUnit), FileKind::Reel(TapeFormat::Simh), "{n}");
        // and marks alone, with gaps among them
        let marks = bare(n, &[0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        assert_eq!(kind(&marks, Place::TapeUnit), FileKind::Reel(TapeFormat::Simh), "{n}");
    }
    // more marks than a reel has room for
    assert!(TapeImage::open(vec![0; 9 << 20]).is_err());
}

#[test]
fn a_reel_that_is_cut_off_is_still_called_a_reel() {
    let cut = &tap(&[binary(30)])[..50];
    assert_eq!(kind(cut, Place::TapeUnit), FileKind::Reel(TapeFormat::Simh));
    let damaged = [&tap(&[binary(30)])[..], b"\x07\x07"].concat();
    assert_eq!(kind(&damaged, Place::TapeUnit), FileKind::Reel(TapeFormat::Simh));
    assert!(look(&damaged, Place::TapeUnit).how.contains("equal lengths"));
}
