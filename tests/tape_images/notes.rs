//! SIMH's extended form: what an image has beside the recording (the specification of 17 January 2022).

use asm704::media::tape::{Item, Note, Record, TapeFormat, TapeImage};
use asm704::media::text;

use super::{backward, bytes_of, forward, record};

fn word(word: u32) -> [u8; 4] {
    word.to_le_bytes()
}

/// A class with bytes, padded to an even number.
fn data(class: u32, bytes: &[u8]) -> Vec<u8> {
    let length = word(class << 28 | bytes.len() as u32);
    let pad: &[u8] = if bytes.len() % 2 == 1 { &[0] } else { &[] };
    [&length, bytes, pad, &length].concat()
}

fn two_words() -> Item {
    record(&[0o001, 0o002, 0o103, 0o004, 0o105, 0o106])
}

fn tap(item: &Item) -> Vec<u8> {
    bytes_of(TapeFormat::Simh, std::slice::from_ref(item))
}

fn check(bytes: &[u8], expected: &[Item]) {
    let mut image = TapeImage::open(bytes.to_vec()).unwrap();
    assert_eq!(image.format(), TapeFormat::Simh);
    assert_eq!(forward(&mut image).unwrap(), expected, "forward");
    assert_eq!(backward(&mut image).unwrap(), expected, "backward");
    let text = text::to_string(&mut image).unwrap();
    let again = text::undump(&mut text.as_bytes(), Vec::new(), None).unwrap();
    assert_eq!(again.into_store(), bytes, "{text}");
    if !expected.iter().any(|item| matches!(item, Item::Gap(_))) {
        assert!(!text.contains("garbage"), "{text}");
    }
}

#[test]
fn every_class_anywhere() {
    let label = Note::Description(b"SHARE reel 7".to_vec());
    let notes = [
        (data(0xe, b"SHARE reel 7"), label),
        (data(0xe, &[0xff, 0xd8, 0x80]), Note::Description(vec![0xff, 0xd8, 0x80])),
        (data(0xe, b""), Note::Description(Vec::new())),
        (data(1, &[0x80, 0, 0]), Note::Data { class: 1, bytes: vec![0x80, 0, 0] }),
        (data(6, b"abcd"), Note::Data { class: 6, bytes: b"abcd".to_vec() }),
        (data(9, b"x"), Note::Data { class: 9, bytes: b"x".to_vec() }),
        (data(0xd, b"xy"), Note::Data { class: 0xd, bytes: b"xy".to_vec() }),
        (word(0x7000_0000).to_vec(), Note::Marker(0x7000_0000)),
        (word(0x7fff_ffff).to_vec(), Note::Marker(0x7fff_ffff)),
        (word(0xf000_0001).to_vec(), Note::Marker(0xf000_0001)),
        (word(0xffff_0100).to_vec(), Note::Marker(0xffff_0100)),
        (word(0xfffd_ffff).to_vec(), Note::Marker(0xfffd_ffff)),
    ];
    let (one, mark) = (tap(&two_words()), word(0));
    for (bytes, note) in &notes {
        let note = Item::Note(note.clone());
        check(&[&bytes[..], &one, &mark].concat(), &[note.clone(), two_words(), Item::Mark]);
        check(
            &[&one, bytes, &bytes[..], &one, &mark, bytes].concat(),
            &[two_words(), note.clone(), note.clone(), two_words(), Item::Mark, note.clone()],
        );
    }
}

/// A marker in front of a gap looks, from behind, as half a gap behind a record.
#[test]
fn a_marker_in_front_of_a_gap_is_not_half_of_it() {
    let (one, gap) = (tap(&two_words()), word(0xffff_fffe));
    let marker = Item::Note(Note::Marker(0xffff_0100));
    check(
        &[&one[..], &word(0xffff_0100), &gap, &gap, &one].concat(),
        &[two_words(), marker, Item::Gap(8), two_words()],
    );
    // half a gap, from behind and from the front
    check(&[&one[..], &[0xff, 0xff], &gap, &one].concat(), &[two_words(), Item::Gap(6), two_words()]);
}

#[test]
fn a_bad_record_of_which_nothing_was_read() {
    let one = tap(&two_words());
    let nothing = || Item::Record(Record { frames: Vec::new(), error: true });
    let error = word(0x8000_0000);
    check(&[&one[..], &error, &error, &one].concat(), &[two_words(), nothing(), two_words()]);
    // the word alone, as some write it
    let mut image = TapeImage::open([&one[..], &error, &one].concat()).unwrap();
    assert_eq!(forward(&mut image).unwrap(), [two_words(), nothing(), two_words()]);
    assert_eq!(backward(&mut image).unwrap(), [two_words(), nothing(), two_words()]);
}

#[test]
fn notes_in_the_text() {
    let bytes =
        [data(0xe, b"REEL 7"), word(0x7000_0009).to_vec(), data(3, &[1, 2]), tap(&Item::Mark)].concat();
    let expected = "704 reel text 1\nform tap\nnote E 6 bytes  ; REEL 7\n  52 45 45 4c 20 37\n\
        marker 70000009  ; the private marker 70000009\nnote 3 2 bytes  ; private data of class 3, 2 bytes\n  01 02\nmark\n";
    assert_eq!(text::of_bytes(&bytes).unwrap(), expected);
    // another form has none
    let p7b = text::undump(&mut expected.as_bytes(), Vec::new(), Some(TapeFormat::P7b)).unwrap();
    assert_eq!(p7b.into_store(), [0x8f]);
}

#[test]
fn what_no_word_can_begin_is_refused() {
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    for note in [
        Note::Marker(0),
        Note::Marker(0xffff_fffe),
        Note::Marker(6),
        Note::Data { class: 0, bytes: vec![1] },
        Note::Data { class: 8, bytes: vec![1] },
    ] {
        assert!(image.write(0, &Item::Note(note)).is_err());
    }
    // a length that is not there again
    let cut = [&data(0xe, b"SHARE reel 7")[..12], &tap(&two_words())].concat();
    assert!(TapeImage::open(cut).is_err());
}

/// A unit at the load point writes behind the label.
#[test]
fn the_label_of_a_reel_outlives_its_recording() {
    let label = data(0xe, b"SCRATCH 3");
    let mut image = TapeImage::open([&label[..], &tap(&two_words())].concat()).unwrap();
    let place = image.writing_place(0).unwrap();
    assert_eq!(place, label.len() as u64);
    image.write(place, &Item::Mark).unwrap();
    assert_eq!(image.into_store(), [&label[..], &word(0)].concat());
}

/// At the load point a unit writes behind the notes that describe the reel; anywhere else where it stands, also in front of a note.
#[test]
fn where_a_unit_writes() {
    let note = Item::Note(Note::Description(b"REEL 7".to_vec()));
    let record = Item::Record(Record::new(vec![1; 6]));
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    image.replace_tail(0, &[note.clone(), record, note]).unwrap();
    let offsets: Vec<u64> = image.items(0).map(|item| item.unwrap().0).collect();
    assert_eq!(image.writing_place(0).unwrap(), offsets[1]);
    assert_eq!(image.writing_place(offsets[2]).unwrap(), offsets[2]);
}
