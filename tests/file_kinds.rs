//! What a file is, for every kind and every place: small files that are made here.

mod reels;
mod sources;

use proptest::prelude::*;

use asm704::media::card::{Card, CardFormat, DeckItem, write_deck};
use asm704::media::file_kind::{FileKind, Foreign, Labels, Place, Recognised, what_is};
use asm704::media::tape::{TapeFormat, TapeImage};
use asm704::{Word, deck, self_loading};

const PLACES: [Place; 7] = [
    Place::Program,
    Place::Hopper,
    Place::TapeUnit,
    Place::Drum,
    Place::Source,
    Place::Disassembler,
    Place::Snapshot,
];

fn look(bytes: &[u8], place: Place) -> Recognised {
    what_is(&mut bytes.to_vec(), place, None).expect("bytes in memory")
}

fn named(bytes: &[u8], place: Place, ending: &str) -> FileKind {
    what_is(&mut bytes.to_vec(), place, Some(ending)).expect("bytes in memory").kind
}

fn kind(bytes: &[u8], place: Place) -> FileKind {
    look(bytes, place).kind
}

/// Why a place does not take the bytes.
fn refusal(bytes: &[u8], place: Place) -> String {
    look(bytes, place).refusal(place).unwrap_or_else(|| panic!("{place:?} takes {:?}", kind(bytes, place)))
}

/// A program of a few words as a deck that loads itself.
fn program() -> Vec<Card> {
    let words = ["050000000105", "040000000106", "000000000100"];
    let image = (0o100..).zip(words.map(|word| word.parse::<Word>().expect("a word"))).collect();
    let cards = self_loading::deck(&image, Some(0o100)).expect("a deck");
    cards.iter().map(|card| Card::from_words(&card.words)).collect()
}

fn as_deck(form: CardFormat) -> Vec<u8> {
    let items: Vec<DeckItem> = program().into_iter().map(DeckItem::Card).collect();
    write_deck(&items, form).expect("every card has a place")
}

#[test]
fn a_deck_is_a_deck_whatever_its_name() {
    let cbn = as_deck(CardFormat::Cbn);
    for ending in ["dck", "cbn", "bin", "tp", "tape", "xyz", "bcd"] {
        for place in [Place::Program, Place::Hopper, Place::Disassembler] {
            assert_eq!(named(&cbn, place, ending), FileKind::Deck(CardFormat::Cbn), "{ending} {place:?}");
        }
    }
    assert_eq!(kind(&cbn, Place::Program), FileKind::Deck(CardFormat::Cbn));
    let simh = as_deck(CardFormat::SimhBinary);
    for place in [Place::Program, Place::Hopper, Place::Disassembler, Place::TapeUnit] {
        assert_eq!(kind(&simh, place), FileKind::Deck(CardFormat::SimhBinary), "{place:?}");
    }
    assert!(refusal(&simh, Place::TapeUnit).contains("it goes into the card reader"));
}

/// Column binary is a reel in P7B as well.
#[test]
fn where_bytes_leave_two_readings_the_place_decides() {
    let cbn = as_deck(CardFormat::Cbn);
    let (deck, reel) = (FileKind::Deck(CardFormat::Cbn), FileKind::Reel(TapeFormat::P7b));
    for (place, taken, other) in
        [(Place::Hopper, &deck, &reel), (Place::TapeUnit, &reel, &deck), (Place::Program, &deck, &reel)]
    {
        let found = look(&cbn, place);
        assert_eq!((&found.kind, found.other.as_ref()), (taken, Some(other)), "{place:?}");
        let both = found.both(place).expect("two readings");
        assert!(
            both.contains("a deck in column binary") && both.contains("a reel in the form P7B"),
            "{both}"
        );
    }
    // a name can decide where the place does not, and only there
    assert_eq!(named(&cbn, Place::Program, "P7B"), reel);
    assert_eq!(named(&cbn, Place::Hopper, "p7b"), deck);
    assert_eq!(named(&cbn, Place::TapeUnit, "cbn"), reel);
    // a reel in SIMH's form is nothing else
    let tap = reels::tap(&[reels::binary(4)]);
    assert_eq!(look(&tap, Place::Program).other, None);
}

#[test]
fn a_deck_as_words_and_a_core_image_are_told_from_source() {
    let cards: Vec<_> = {
        let image = [(0o100, "000000000100".parse::<Word>().unwrap())].into_iter().collect();
        self_loading::deck(&image, Some(0o100)).unwrap()
    };
    assert_eq!(kind(deck::to_words(&cards).as_bytes(), Place::Program), FileKind::Words);
    for image in [
        "00100 050000000104\n",
        "# start 00100\n00100 050000000104\n",
        "# a remark\n\n100 -0500\n",
        "100 1\r\n",
    ] {
        assert_eq!(kind(image.as_bytes(), Place::Program), FileKind::CoreImage, "{image:?}");
        assert_eq!(kind(image.as_bytes(), Place::Disassembler), FileKind::CoreImage, "{image:?}");
    }
    // 24 words short of one, or an address alone, are neither
    for text in ["000000000144 ".repeat(23), "00100\n".to_owned(), "00100 09\n".to_owned()] {
        assert_eq!(kind(text.as_bytes(), Place::Program), FileKind::Text, "{text:?}");
    }
}

#[test]
fn texts_of_this_project_are_known() {
    for (text, expected) in [
        ("704 reel text 1\nform tap\n", FileKind::ReelText),
        ("704 drum text 1\nform simh\n", FileKind::DrumText),
        ("{\"magic\":\"emu704 snapshot\",\"version\":3}", FileKind::Snapshot),
        ("{\n  \"magic\": \"emu704 snapshot\"\n}", FileKind::Snapshot),
        ("deck-edits = 1\nimage = \"p.cbn\"\n", FileKind::EditList),
        ("# of a deck\n\ndeck-edits=1\n", FileKind::EditList),
        ("program = \"heat.sap\"\n", FileKind::Job),
        ("# a job\n\n[tape]\n1 = \"reel.tap\"\n", FileKind::Job),
        ("[[operator]]\nat = 5\n", FileKind::Job),
    ] {
        for place in
            [Place::Program, Place::Hopper, Place::TapeUnit, Place::Drum, Place::Source, Place::Disassembler]
        {
            assert_eq!(kind(text.as_bytes(), place), expected, "{text:?} {place:?}");
            assert!(
                place == Place::Program || refusal(text.as_bytes(), place).starts_with("it is "),
                "{text:?}"
            );
        }
    }
    assert!(refusal(b"704 reel text 1\nform tap\n", Place::TapeUnit).contains("emu704 tape undump"));
    assert!(refusal(b"704 drum text 1\n", Place::Drum).contains("emu704 drum undump"));
}

#[test]
fn what_is_not_for_a_704_is_called_by_its_name() {
    let ebcdic = b"\xc8\xc5\xd3\xd3\xd6\x6b\x40\xd6\xd7\xc5\xd9\xc1\xe3\xd6\xd9\x15".repeat(10);
    let leader = [&[0_u8; 40][..], b"\x81\x82\x03\x44\x95\x86\x17\x88\x99"].concat();
    let pdp8 = [&[0x80_u8; 20][..], &(0..120).map(|n| (n * 37 % 64) as u8).collect::<Vec<u8>>()].concat();
    let pdp1 = [0x80_u8, 0x92, 0xbf, 0x81].repeat(30);
    let words = [0x7e_u8, 0x80, 0x01, 0x02, 0x0f].repeat(40);
    let big = [&[0, 0, 0, 6, 1, 2, 4, 7, 8, 11, 0, 0, 0, 6][..]; 2].concat();
    let utf16: Vec<u8> = "\u{feff}       CLA X\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut tar = vec![b'x'; 600];
    tar[257..262].copy_from_slice(b"ustar");
    let kinds: [(&[u8], Foreign, &str); 20] = [
        (b"\x1f\x8b\x08\0\0\0", Foreign::Gzip, "gunzip"),
        (b"BZh91AY&SY\0\0", Foreign::Bzip2, "bunzip2"),
        (b"\xfd7zXZ\0\0", Foreign::Xz, "unxz"),
        (b"\x28\xb5\x2f\xfd\0", Foreign::Zstd, "unzstd"),
        (b"\x1f\x9d\x90", Foreign::Compress, "uncompress"),
        (b"PK\x03\x04\x14\0", Foreign::Zip, "unpack it"),
        (b"7z\xbc\xaf\x27\x1c", Foreign::SevenZip, "unpack it"),
        (&tar, Foreign::Tar, "unpack it"),
        (b"%PDF-1.7\n", Foreign::Pdf, "typed"),
        (b"\xff\xd8\xff\xe0", Foreign::Picture, "typed"),
        (b"\n<!DOCTYPE html><html>", Foreign::WebPage, "the server"),
        (b"MZ\x90\0\x03", Foreign::HostProgram, "cannot run it"),
        (&utf16, Foreign::Utf16, "iconv"),
        (&ebcdic, Foreign::EbcdicText, "conv=ascii"),
        (b"Gr\xfc\xdfe aus Frankfurt am Main\n", Foreign::OtherText, "iconv"),
        (&big, Foreign::BigEndian, "four bytes"),
        (&leader, Foreign::PaperTape, "no reader"),
        (&pdp1, Foreign::PaperTape, "no reader"),
        (&pdp8, Foreign::PaperTape, "no reader"),
        (&words, Foreign::Pdp10(5), "ADDRESS WORD"),
    ];
    for (bytes, expected, advice) in kinds {
        for place in PLACES {
            assert_eq!(kind(bytes, place), FileKind::Foreign(expected), "{place:?}");
            let told = refusal(bytes, place);
            assert!(
                told.starts_with(&format!("it is {expected}, expected ")) && told.contains(advice),
                "{place:?}: {told}"
            );
        }
    }
}

#[test]
fn disks_of_a_pdp_10_are_larger_than_drums() {
    let disk: Vec<u8> = (0..25_000_u32)
        .flat_map(|n| [n as u8, (n * 7 % 256) as u8, 0xc3, (n >> 3) as u8, n as u8 & 15, 0, 0, 0])
        .collect();
    assert_eq!(kind(&disk, Place::Program), FileKind::Foreign(Foreign::Pdp10(8)));
    let drum = &disk[..16_384];
    assert!(matches!(kind(drum, Place::Drum), FileKind::Drum(_)));
    assert!(matches!(kind(drum, Place::Program), FileKind::Drum(_)));
    assert!(refusal(drum, Place::Program).contains("--load drum"));
}

#[test]
fn a_file_of_nothing_or_of_zeros() {
    for place in PLACES {
        assert_eq!(kind(b"", place), FileKind::Empty, "{place:?}");
    }
    assert!(refusal(b"", Place::Program).contains("blank reel"));
    assert!(refusal(b"", Place::Hopper).contains("at least one card"));
    let zeros = [0; 320];
    assert_eq!(kind(&zeros, Place::TapeUnit), FileKind::Reel(TapeFormat::Simh));
    assert_eq!(kind(&zeros, Place::Hopper), FileKind::Deck(CardFormat::SimhBinary));
    assert_eq!(kind(&zeros, Place::Program), FileKind::Foreign(Foreign::Zeros));
    for byte in 0..=255 {
        for place in PLACES {
            let found = look(&[byte], place);
            assert!(found.refusal(place).is_none_or(|told| told.starts_with("it is ")), "{byte}");
        }
    }
}

/// A name, and what becomes of the byte at an offset.
type Wrong = (&'static str, fn(usize, u8) -> u8);

/// The holes are right, the rest is not: each way in which such decks are known to be wrong.
#[test]
fn decks_of_sap23_are_read_with_a_warning() {
    let right = as_deck(CardFormat::Cbn);
    let wrongs: [Wrong; 5] = [
        ("even parity, no bit 7", |_, byte| (byte ^ 0o100) & 0o177),
        ("odd parity, no bit 7", |_, byte| byte & 0o177),
        ("no parity, no bit 7", |_, byte| byte & 0o77),
        ("even parity", |_, byte| byte ^ 0o100),
        ("no parity", |n, byte| byte & 0o77 | if n.is_multiple_of(160) { 0o200 } else { 0 }),
    ];
    for (what, wrong) in wrongs {
        let bytes: Vec<u8> = right.iter().enumerate().map(|(n, &byte)| wrong(n, byte)).collect();
        let found = look(&bytes, Place::Hopper);
        assert_eq!(found.kind, FileKind::Deck(CardFormat::Cbn), "{what}");
        assert!(found.warning.expect(what).contains("sap23"), "{what}");
        let deck = asm704::media::card::read_deck(&bytes, None).expect(what);
        let cards: Vec<DeckItem> = program().into_iter().map(DeckItem::Card).collect();
        assert_eq!(deck, cards, "{what}");
    }
    // one wrong character is damage, not a way of writing
    let mut damaged = right;
    damaged[77] ^= 0o100;
    assert!(asm704::media::card::read_deck(&damaged, None).unwrap_err().to_string().contains("offset 77"));
}

#[test]
fn labels_of_nine_track_reels() {
    let mut ebcdic = vec![0x40_u8; 80];
    ebcdic[..4].copy_from_slice(&[0xe5, 0xd6, 0xd3, 0xf1]);
    let mut ascii = vec![b' '; 80];
    ascii[..4].copy_from_slice(b"VOL1");
    let plain: Vec<u8> = (0..=255).collect();
    let pdp10 = [0xff, 0x80, 0x01, 0x02, 0x0f].repeat(20);
    for (record, labels) in
        [(ebcdic, Labels::Ebcdic), (ascii, Labels::Ascii), (plain, Labels::None), (pdp10, Labels::Pdp10)]
    {
        let reel = reels::raw_tap(&[&record, &[0x81; 100]]);
        for place in PLACES {
            let found = kind(&reel, place);
            let labels = if labels == Labels::Pdp10 { Labels::None } else { labels };
            assert_eq!(found, FileKind::Foreign(Foreign::NineTrack(labels)), "{place:?}");
        }
        let alone = kind(&reels::raw_tap(&[&record]), Place::TapeUnit);
        assert_eq!(alone, FileKind::Foreign(Foreign::NineTrack(labels)));
    }
    assert!(refusal(&reels::raw_tap(&[&[0x81; 100]]), Place::Hopper).contains("seven tracks"));
}

/// The readers of decks and reels agree with the one answer, whatever the bytes.
fn agrees(bytes: &[u8]) {
    for place in PLACES {
        let found = look(bytes, place);
        assert!(found.refusal(place).is_none_or(|told| told.starts_with("it is ")));
    }
    if let Ok(mut image) = TapeImage::open(bytes.to_vec()) {
        assert!(bytes.is_empty() || kind(bytes, Place::TapeUnit) == FileKind::Reel(image.format()));
        image.form_defect().expect("bytes in memory");
    }
    if let FileKind::Deck(_) = kind(bytes, Place::Hopper) {
        let read = asm704::media::card::read_deck(bytes, None);
        assert!(!matches!(read, Err(asm704::media::card::DeckError::NotADeck { .. })), "{read:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_have_one_answer(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        agrees(&bytes);
    }

    #[test]
    fn damaged_files_have_one_answer(which in 0..4, at in 0..1000_usize, byte: u8, cut in 0..1000_usize) {
        let mut bytes = match which {
            0 => as_deck(CardFormat::Cbn),
            1 => as_deck(CardFormat::SimhBinary),
            2 => reels::tap(&[reels::binary(9), reels::binary(3)]),
            _ => b"START  CLA TWO\n       HTR START\n".to_vec(),
        };
        let at = at % bytes.len();
        bytes[at] = byte;
        agrees(&bytes);
        bytes.truncate(cut % bytes.len());
        agrees(&bytes);
    }
}
