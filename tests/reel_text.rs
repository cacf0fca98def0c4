//! The canonical text of a reel: what it looks like, that it returns every byte, and what the reader of it refuses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use asm704::Word;
use asm704::media::tape::{Item, Mode, Record, TapeFormat, TapeImage, record_from_words};
use asm704::media::text;
use proptest::prelude::*;

fn text_of(bytes: &[u8], format: TapeFormat) -> String {
    text::to_string(&mut TapeImage::open_as(bytes.to_vec(), format).unwrap()).unwrap()
}

fn check(items: &[Item], format: TapeFormat, expected: &str) {
    let mut image = TapeImage::create(Vec::new(), format).unwrap();
    image.replace_tail(0, items).unwrap();
    let bytes = image.into_store();
    check_bytes(&bytes, format, expected);
}

fn check_bytes(bytes: &[u8], format: TapeFormat, expected: &str) {
    let text = text_of(bytes, format);
    assert_eq!(text, format!("704 reel text 1\nform {}\n{expected}", format.keyword()));
    assert_eq!(bytes_of(&text), bytes);
}

fn bytes_of(text: &str) -> Vec<u8> {
    text::undump(&mut text.as_bytes(), Vec::new(), None).unwrap().into_store()
}

fn words(text: &str, mode: Mode) -> Record {
    let words: Vec<Word> = text.split_whitespace().map(|w| w.parse().unwrap()).collect();
    record_from_words(&words, mode)
}

#[test]
fn words_are_octal_four_a_line_with_their_place() {
    let mut w = String::from("053400100000 070000100002 100001100001 070000100001 777777777777 ");
    w.push_str(&"0 ".repeat(20));
    w.push_str("1 1 1 1 1 1 1 412345654321");
    check(
        &[Item::Record(words(&w, Mode::Binary)), Item::Mark],
        TapeFormat::Simh,
        "\
record binary 33 words
  00000  +053400100000 +070000100002 +100001100001 +070000100001
  00004  -377777777777
  00005-00030  +000000000000
  00031  +000000000001 +000000000001 +000000000001 +000000000001
  00035  +000000000001 +000000000001 +000000000001 -012345654321
mark
",
    );
}

#[test]
fn bcd_records_are_core_codes_and_text() {
    check(
        &[Item::Record(words("222560626370 606060606060 000102030405 606060606060 606060606060", Mode::Bcd))],
        TapeFormat::P7b,
        "\
record bcd 5 words
  00000  222560626370 606060606060 000102030405 606060606060  ; BE STY      012345
  00004  606060606060
",
    );
}

#[test]
fn errors_gaps_and_odd_numbers_of_characters_are_told() {
    let mut bad = words("1 2", Mode::Binary);
    bad.frames[3] ^= 0o100;
    bad.frames[11] ^= 0o100;
    bad.error = true;
    // A and B in even parity, and a character that no core code gives (tape 00 is blank)
    let even = Record::new(vec![0o161, 0o162, 0o012, 0o017, 0, 0o003, 0o005]);
    check(
        &[Item::Record(bad), Item::Gap(8), Item::Record(even), Item::Record(words("0", Mode::Binary))],
        TapeFormat::Simh,
        "\
record binary 2 words error
  00000  +000000000001 +000000000002
  parity wrong at 00000.3 00001.5
gap 8
record even 7 characters
  00000  616212170003 05
record binary 1 word
  00000  +000000000000
",
    );
}

#[test]
fn what_the_form_would_not_have_written_is_garbage() {
    // a record, a damaged length, a record again, the end of the medium, something behind it
    let tap = [
        &[1, 0, 0, 0, 0x40, 0, 1, 0, 0, 0][..],
        &[9, 9, 9],
        &[2, 0, 0, 0, 0x40, 0x40, 2, 0, 0, 0],
        &[0xff; 4],
        &[0; 40],
        &[1, 2, 3],
    ]
    .concat();
    check_bytes(
        &tap,
        TapeFormat::Simh,
        "\
record binary 1 character
  00000  00
garbage 3 bytes  ; offset 10: expected the length of a record, a mark or a gap, found 0x02090909
  09 09 09
record binary 2 characters
  00000  0000
end of medium
garbage 43 bytes  ; behind the end of the reel
  00 x 40
  01 02 03
",
    );
    // a mark with odd parity, and one peer's stray last byte
    check_bytes(
        &[0xcf, 0x81, 0x02, 0x43, 0x81],
        TapeFormat::P7b,
        "\
garbage 1 byte  ; read as a file mark
  cf
record binary 3 characters
  00000  010203
garbage 1 byte  ; the last byte repeats the first of the last record
  81
",
    );
    // a length of a private class, as later peers use them: not a record of this machine's
    check_bytes(
        &[2, 0, 0, 0x10, 0x40, 0x40, 2, 0, 0, 0x10, 2, 0, 0, 0, 0x40, 0x40, 2, 0, 0, 0],
        TapeFormat::Simh,
        "\
note 1 2 bytes  ; @@
  40 40
record binary 2 characters
  00000  0000
",
    );
    // half a gap, the last two bytes of one whose first two were written over, and a whole one
    check_bytes(
        &[0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0],
        TapeFormat::Simh,
        "garbage 6 bytes  ; read as a gap of 6 characters\n  ff ff fe ff ff ff\nmark\n",
    );
    // a pad byte that is not zero
    check_bytes(
        &[1, 0, 0, 0, 0x40, 7, 1, 0, 0, 0],
        TapeFormat::Simh,
        "garbage 10 bytes  ; read as a record of 1 characters\n  01 00 00 00 40 07 01 00 00 00\n",
    );
    check_bytes(&[], TapeFormat::Simh, "");
}

#[test]
fn another_form_can_be_made_of_it() {
    let text = "704 reel text 1\n# a comment\n\nform tap\nrecord binary 1 word ; another\n  00000 010203040506\ngap 4\nmark\nend of medium\n";
    let p7b = text::undump(&mut text.as_bytes(), Vec::new(), Some(TapeFormat::P7b)).unwrap().into_store();
    assert_eq!(p7b, [0x81, 0x02, 0x43, 0x04, 0x45, 0x46, 0x8f]);
}

fn refused(rest: &str) -> String {
    let text = format!("704 reel text 1\nform p7b\n{rest}");
    text::undump(&mut text.as_bytes(), Vec::new(), None).unwrap_err().to_string()
}

#[test]
fn wrong_text_is_refused_with_its_line() {
    let whole = |text: &str| text::undump(&mut text.as_bytes(), Vec::new(), None).unwrap_err().to_string();
    assert_eq!(
        whole(""),
        "line 1: expected `704 reel text 1`, the first line of the text of a reel, found an empty file"
    );
    assert_eq!(
        whole("hello"),
        "line 1: expected `704 reel text 1`, the first line of the text of a reel, found `hello`"
    );
    assert_eq!(
        whole("704 reel text 1\nform tape\n"),
        "line 2: expected `form tap`, p7b, e11, tpc or aws, found `form tape`"
    );
    assert_eq!(
        refused("recrod"),
        "line 3: expected `record`, `mark`, `gap`, `end of medium`, `note`, `marker` or `garbage`, found `recrod`"
    );
    assert_eq!(
        refused("record binary 2 words\n  00000  1\n"),
        "line 4: expected words of 12 octal digits, found `1`"
    );
    assert_eq!(
        refused("record binary 2 words\n  00001  000000000000\n"),
        "line 4: expected the place 00000 of the next word, found `00001 000000000000`"
    );
    assert_eq!(
        refused("record binary 2 words\n  00000  000000000000\nmark\n"),
        "line 3: expected 12 characters on the next lines, found 6"
    );
    assert_eq!(
        refused("record binary 9999999 words\n"),
        "line 3: expected at most 16777215 characters, found `record binary 9999999 words`"
    );
    assert_eq!(
        refused("record binary 1 word\n  00000-77777  000000000000\n"),
        "line 4: expected two places inside the record and one word, found `00000-77777 000000000000`"
    );
    assert_eq!(
        refused("record binary 1 word\n  parity wrong at 00001.0\n"),
        "line 4: expected places in the record, such as 00012.3, found `parity wrong at 00001.0`"
    );
    assert_eq!(
        refused("garbage 1 byte\n  0 x 2\n"),
        "line 4: expected bytes of two hexadecimal digits, or `00 x 64`, found `0 x 2`"
    );
    assert_eq!(refused("garbage 1 byte\n  00 x 2\n"), "line 4: expected 1 bytes of garbage, found 2");
    assert_eq!(
        refused("  00000\n"),
        "line 3: expected a line that begins an item, without blanks before it, found `00000`"
    );
}

fn any_format() -> impl Strategy<Value = TapeFormat> {
    prop::sample::select(TapeFormat::ALL.to_vec())
}

fn any_item() -> impl Strategy<Value = Item> {
    let mode = prop_oneof![Just(Mode::Binary), Just(Mode::Bcd)];
    let word = prop_oneof![Just(0), any::<u64>()];
    let record = (prop::collection::vec(word, 1..30), mode, any::<Option<u16>>(), any::<bool>()).prop_map(
        |(words, mode, damage, error)| {
            let words: Vec<Word> = words.into_iter().map(Word::new).collect();
            let mut record = record_from_words(&words, mode);
            if let Some(damage) = damage {
                let n = record.frames.len();
                record.frames.truncate(1 + usize::from(damage >> 8) % n);
                let n = record.frames.len();
                record.frames[usize::from(damage) % n] ^= 0o100;
            }
            record.error = error;
            record.frames.iter_mut().for_each(|frame| *frame = (*frame).max(1));
            Item::Record(record)
        },
    );
    prop_oneof![6 => record, 1 => Just(Item::Mark), 1 => (0..50u32).prop_map(Item::Gap)]
}

proptest! {
    #[test]
    fn reels_come_back(items in prop::collection::vec(any_item(), 0..10), format in any_format()) {
        let mut image = TapeImage::create(Vec::new(), format).unwrap();
        image.replace_tail(0, &items).unwrap();
        let bytes = image.into_store();
        let text = text_of(&bytes, format);
        prop_assert_eq!(bytes_of(&text), bytes);
    }

    #[test]
    fn damaged_reels_come_back(
        items in prop::collection::vec(any_item(), 1..10),
        format in any_format(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<Option<prop::sample::Index>>(),
        more in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let mut image = TapeImage::create(Vec::new(), format).unwrap();
        image.replace_tail(0, &items).unwrap();
        let mut bytes = image.into_store();
        if !bytes.is_empty() {
            for (place, byte) in damage {
                let n = bytes.len();
                bytes[place.index(n)] = byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
        }
        bytes.extend(more);
        let text = text_of(&bytes, format);
        prop_assert_eq!(bytes_of(&text), bytes);
    }

    #[test]
    fn any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..600), format in any_format()) {
        let text = text_of(&bytes, format);
        prop_assert_eq!(bytes_of(&text), bytes);
    }

    #[test]
    fn no_text_makes_it_panic(
        lines in prop::collection::vec(
            "(record (binary|bcd|even) [0-9]{1,3} (words|characters)( error)?|mark|gap [0-9]{1,4}|garbage [0-9]{1,2} bytes|end of medium|  0000[0-7](-0000[0-7])?  [0-7]{12}( [0-7]{1,12})?|  parity wrong at 0000[0-7]\\.[0-9]|  [0-9a-f]{2}( x [0-9]{1,3})?)",
            0..12,
        ),
        format in any_format(),
    ) {
        let text = format!("704 reel text 1\nform {}\n{}", format.keyword(), lines.join("\n"));
        let _ = text::undump(&mut text.as_bytes(), Vec::new(), None);
    }
}

/// Whatever a test has in its hands can be kept as a snapshot: bytes of no form, and a form that damage hides.
#[test]
fn what_is_no_reel_has_a_text() {
    for bytes in [&b"not a reel"[..], &[0x01], &[0xff, 0x13, 0, 0x80, 0x42], &[]] {
        let text = text::of_bytes(bytes).unwrap();
        assert_eq!(bytes_of(&text), bytes, "{text}");
    }
    let text = text::of_bytes_as(&[0x01, 0x82, 0x04], TapeFormat::P7b).unwrap();
    assert!(
        text.contains("form p7b\ngarbage 1 byte") && text.contains("record binary 2 characters"),
        "{text}"
    );
}
