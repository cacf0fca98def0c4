//! Reels among other files.

use asm704::media::file_kind::{FileKind, Foreign, Place, what_is};
use asm704::media::tape::{self, Item, Mode, Record, Store, TapeFormat, TapeImage, encode, frame};

use super::{kind, look, named, refusal};

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

/// A text whose first two letters are a length that its lines agree with.
#[test]
fn what_its_beginning_tells_is_no_reel_by_chance() {
    // 0x227b characters, and a length of a record behind them, as TPC has it
    let as_tpc = |begin: &str| {
        let n = usize::from(u16::from_le_bytes([begin.as_bytes()[0], begin.as_bytes()[1]]));
        let n = n.next_multiple_of(2);
        let mut bytes = begin.as_bytes().to_vec();
        // of odd parity, except what is there
        bytes.resize(2 + n, b'1');
        bytes.extend_from_slice(b"\0\0");
        bytes
    };
    let plain = as_tpc("{\"1111");
    let form = tape::recognise(&mut plain.clone()).unwrap().0;
    assert_eq!(form, TapeFormat::Tpc, "no text: it ends with two zeros");
    for (begin, expected) in [
        ("{\"magic\":\"emu704 snapshot\"", FileKind::Snapshot),
        ("704 reel text 1\n", FileKind::ReelText),
        ("704 drum text 1\n", FileKind::DrumText),
        ("%PDF-1.4", FileKind::Foreign(Foreign::Pdf)),
    ] {
        let bytes = as_tpc(begin);
        let text = &bytes[..bytes.len() - 2];
        for bytes in [text, &bytes[..]] {
            let error = tape::recognise(&mut bytes.to_vec()).expect_err(begin).to_string();
            assert!(
                matches!(expected, FileKind::Foreign(_))
                    || TapeImage::open_as(bytes.to_vec(), TapeFormat::Tpc).is_ok()
            );
            assert!(error.contains("not an image of a tape: it is "), "{begin}: {error}");
            assert_eq!(kind(bytes, Place::TapeUnit), expected, "{begin}");
        }
    }
}

/// Whatever follows the end of a P7B reel, the records in front of it are a reel.
#[test]
fn what_stands_behind_a_p7b_reel_does_not_hide_it() {
    let record: Vec<u8> =
        (0..60).map(|n| if n == 0 { 0x80 | 0o13 } else { [0o13, 0o61, 0o7][n % 3] }).collect();
    let reel = record.repeat(20);
    for behind in [&[0; 8][..], b"\0\0\0\0\0\0\0\0hello", &[&[0; 20][..], &[0x11; 40]].concat(), b"\0a\0b\0c"]
    {
        let bytes = [&reel[..], behind].concat();
        assert_eq!(kind(&bytes, Place::TapeUnit), FileKind::Reel(TapeFormat::P7b), "{behind:?}");
        assert_eq!(named(&bytes, Place::Program, "p7b"), FileKind::Reel(TapeFormat::P7b), "{behind:?}");
    }
}

/// Three gigabytes of zeros; it counts those that are read.
#[derive(Default)]
struct Zeros(u64);
impl Store for Zeros {
    fn len(&mut self) -> std::io::Result<u64> {
        Ok(3 << 30)
    }
    fn read_at(&mut self, _at: u64, bytes: &mut [u8]) -> std::io::Result<usize> {
        bytes.fill(0);
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn write_at(&mut self, _at: u64, _bytes: &[u8]) -> std::io::Result<()> {
        Err(std::io::ErrorKind::PermissionDenied.into())
    }
    fn set_len(&mut self, _len: u64) -> std::io::Result<()> {
        Err(std::io::ErrorKind::PermissionDenied.into())
    }
}

#[test]
fn zeros_that_are_no_reel() {
    for n in [1, 2, 3, (8 << 20) + 4] {
        let zeros = vec![0; n];
        assert_eq!(kind(&zeros, Place::TapeUnit), FileKind::Foreign(Foreign::Zeros), "{n}");
    }
    // of three gigabytes some are enough
    for place in [Place::TapeUnit, Place::Program, Place::Hopper] {
        let mut zeros = Zeros::default();
        let found = what_is(&mut zeros, place, None).unwrap();
        assert_eq!(found.kind, FileKind::Foreign(Foreign::Zeros));
        assert!(zeros.0 < 40 << 20, "{} bytes read", zeros.0);
    }
}
